"""The project's own softmax regression against scikit-learn's, and against the conditions of its optimum."""

import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from planner.choices.estimators import ESTIMATORS
from planner.choices.softmax import Softmax

EXACT = 1e-10


def dense(classes: int, n: int = 400, d: int = 20):
    return make_classification(n, d, n_informative=8, n_classes=classes, class_sep=0.8, random_state=classes)


def words(n: int = 300, d: int = 2000, classes: int = 4):
    """Sparse rows of length one, words by Zipf's law, a third of them tilted to a class."""
    rng = np.random.default_rng(3)
    y = rng.integers(classes, size=n)
    tilt = np.exp(rng.normal(0, 1, (classes, d)) * (rng.random(d) < 0.3))
    chances = tilt / np.arange(1, d + 1)
    counts = np.array([rng.multinomial(30, chances[one] / chances[one].sum()) for one in y])
    return csr_array(TfidfTransformer().fit_transform(csr_matrix(counts))), y


SAMPLES = {
    "two classes": (*dense(2), 1.0),
    "five classes": (*dense(5), 1.0),
    "sparse text": (*words(), 10.0),
    "two classes of sparse text": (words()[0], (words()[1] > 1).astype(int), 10.0),
    "more columns than rows": (*dense(3, 60, 300), 0.1),
}


def gradient(model: Softmax, X, y: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Of (sum of w log-loss + |coef|^2 / (2 C)) / sum of w, by coef and intercept, from the model's probabilities."""
    weights = np.ones(len(y)) if weights is None else weights
    rest = (model.predict_proba(X) - (y[:, None] == model.classes_)) * weights[:, None]
    rest = rest[:, -len(model.coef_) :]  # of two classes the second one's alone
    by_coef = np.asarray(X.T @ rest).T + model.coef_ / model.C
    return np.column_stack([by_coef, rest.sum(axis=0)]) / weights.sum()


@pytest.mark.parametrize("name", SAMPLES)
def test_probabilities_are_those_of_scikit_learn(name):
    X, y, C = SAMPLES[name]
    ours = Softmax(C, EXACT).fit(X, y)
    peer = LogisticRegression(C=C, solver="newton-cg", tol=EXACT, max_iter=2000).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), peer.predict_proba(X), atol=1e-6)
    assert ours.coef_.shape == peer.coef_.shape
    assert ours.intercept_.shape == peer.intercept_.shape
    np.testing.assert_array_equal(ours.classes_, peer.classes_)
    np.testing.assert_allclose(ours.coef_, peer.coef_, atol=1e-4)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_gradient_is_zero_at_the_solution_and_it_says_so(name):
    X, y, C = SAMPLES[name]
    model = Softmax(C).fit(X, y)
    assert model.converged_
    assert np.abs(gradient(model, X, y)).max() <= 1.1e-7


@pytest.mark.parametrize("name", SAMPLES)
def test_starting_from_fewer_rows_ends_where_starting_from_nothing_does(name):
    X, y, C = SAMPLES[name]
    before = Softmax(C).fit(X[:40], y[:40])
    warm, cold = Softmax(C, EXACT).start_from(before).fit(X, y), Softmax(C, EXACT).fit(X, y)
    np.testing.assert_allclose(warm.predict_proba(X), cold.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("first", [(0, 1), (1, 3), (0, 2, 4)])
@pytest.mark.parametrize("then", [(0, 1), (1, 2, 3), (0, 1, 2, 3, 4)])
def test_classes_may_come_and_go_between_one_fit_and_the_next(first, then):
    X, y, _ = SAMPLES["five classes"]
    before = Softmax().fit(X[np.isin(y, first)], y[np.isin(y, first)])
    rows = np.isin(y, then)
    warm, cold = (model.fit(X[rows], y[rows]) for model in (Softmax(1, EXACT).start_from(before), Softmax(1, EXACT)))
    assert warm.classes_.tolist() == list(then)
    np.testing.assert_allclose(warm.predict_proba(X), cold.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("name", ["five classes", "sparse text"])
def test_a_row_that_weighs_two_is_a_row_that_stands_there_twice(name):
    X, y, C = SAMPLES[name]
    drawn = np.random.default_rng(0).choice(200, 200)
    rows, counts = np.unique(drawn, return_counts=True)
    weighted, repeated = Softmax(C, EXACT).fit(X[rows], y[rows], counts), Softmax(C, EXACT).fit(X[drawn], y[drawn])
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), atol=1e-6)
    peer = LogisticRegression(C=C, solver="newton-cg", tol=EXACT, max_iter=2000).fit(X[rows], y[rows], counts)
    np.testing.assert_allclose(weighted.predict_proba(X), peer.predict_proba(X), atol=1e-6)


def test_columns_twice_as_long_with_a_quarter_of_c_give_the_same_model():
    """|w|^2 / C is the same for w / 2 and C / 4."""
    X, y, _ = SAMPLES["five classes"]
    one, other = Softmax(1.0, EXACT).fit(X, y), Softmax(0.25, EXACT).fit(2 * X, y)
    np.testing.assert_allclose(one.predict_proba(X), other.predict_proba(2 * X), atol=1e-6)


def test_every_row_twice_with_half_of_c_gives_the_same_model():
    X, y, _ = SAMPLES["five classes"]
    one, other = Softmax(1.0, EXACT).fit(X, y), Softmax(0.5, EXACT).fit(np.tile(X, (2, 1)), np.tile(y, 2))
    np.testing.assert_allclose(one.predict_proba(X), other.predict_proba(X), atol=1e-6)


def test_sparse_rows_and_the_same_rows_dense_give_the_same_model():
    X, y, C = SAMPLES["sparse text"]
    sparse, wide = Softmax(C, EXACT).fit(X, y), Softmax(C, EXACT).fit(X.toarray(), y)
    np.testing.assert_allclose(sparse.predict_proba(X), wide.predict_proba(X.toarray()), atol=1e-6)


def test_a_word_that_no_training_row_has_weighs_nothing():
    X, y, C = SAMPLES["sparse text"]
    model = Softmax(C).fit(X[:20], y[:20])
    absent = np.asarray(X[:20].sum(axis=0)).ravel() == 0
    assert absent.sum() > 1000
    assert not model.coef_[:, absent].any()


def test_probabilities_sum_to_one_however_far_a_row_lies():
    X, y, _ = SAMPLES["five classes"]
    for classes in (2, 5):
        P = Softmax().fit(X[y < classes], y[y < classes]).predict_proba(1e4 * X)
        assert np.isfinite(P).all()
        np.testing.assert_allclose(P.sum(axis=1), 1)


def test_the_same_rows_give_the_same_bits_wherever_they_lie_in_memory():
    X, y, _ = SAMPLES["five classes"]
    shifted = np.empty(X.size + 1)[1:].reshape(X.shape)
    shifted[:] = X
    assert np.array_equal(Softmax().fit(X, y).coef_, Softmax().fit(shifted, y).coef_)


def test_a_fit_out_of_reach_says_that_it_did_not_converge():
    X, y, _ = SAMPLES["five classes"]
    assert not Softmax(1.0, 1e-30).fit(X, y).converged_


def test_scikit_learn_can_copy_and_wrap_it():
    X, y, _ = SAMPLES["five classes"]
    wrapped = CalibratedClassifierCV(Softmax(0.5), cv=3).fit(X, y)
    peer = CalibratedClassifierCV(LogisticRegression(C=0.5, tol=1e-8, max_iter=1000), cv=3).fit(X, y)
    np.testing.assert_allclose(wrapped.predict_proba(X), peer.predict_proba(X), atol=1e-3)
    assert clone(Softmax(0.5)).get_params() == Softmax(0.5).get_params()


@pytest.mark.parametrize(("text", "C"), [(False, 1.0), (True, 10.0)])
def test_logistic_regression_on_the_menu_is_this_one(text, C):
    model = ESTIMATORS["logistic_regression"].call(1, text)
    assert isinstance(model, Softmax)
    assert model.C == C
