"""The models: scikit-learn's own where they are fitted, and unbroken where a replay has only a few labels."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from planner.choices.classifiers import PARTS, SMOOTHING, SPREAD, Calibrated, LinearSVM, NaiveBayes, SmallNet, passes
from planner.choices.estimators import ESTIMATORS
from planner.choices.softmax import Softmax
from planner.pilot.models import fit, probabilities

DIGITS = load_digits()
X, Y = StandardScaler().fit_transform(DIGITS.data[:600]), DIGITS.target[:600]
TRAIN, TEST = slice(0, 200), slice(200, 600)
MODELS = [name for name in ESTIMATORS if name != "auto"]
WORDS = csr_array(np.random.default_rng(0).poisson(0.3, size=(300, 40)).astype(float))
TOPIC = (WORDS[:, :5].sum(axis=1) > WORDS[:, 5:10].sum(axis=1)).astype(int)


def same(ours: Any, theirs: Any, rows: Any) -> None:
    np.testing.assert_allclose(ours.predict_proba(rows), theirs.predict_proba(rows), atol=1e-10)


# --- peers: scikit-learn's own ----------------------------------------------------------------------------------------


def test_the_linear_svm_is_the_calibrated_one_of_scikit_learn() -> None:
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=3)
    theirs = CalibratedClassifierCV(LinearSVC(C=0.1, dual=False), method="sigmoid", cv=parts, ensemble=False)
    ours = ESTIMATORS["linear_svm"].call(3, False)
    same(ours.fit(X[TRAIN], Y[TRAIN]), theirs.fit(X[TRAIN], Y[TRAIN]), X[TEST])


def test_naive_bayes_is_gaussian_on_dense_rows_and_multinomial_on_counts() -> None:
    ours = ESTIMATORS["naive_bayes"]
    gaussian = GaussianNB(var_smoothing=SPREAD).fit(X[TRAIN], Y[TRAIN])
    same(ours.call(0, False).fit(X[TRAIN], Y[TRAIN]), gaussian, X[TEST])
    counts = MultinomialNB(alpha=SMOOTHING).fit(WORDS[:200], TOPIC[:200])
    same(ours.call(0, True).fit(WORDS[:200], TOPIC[:200]), counts, WORDS[200:])


def test_the_forest_and_the_neighbors_are_scikit_learns() -> None:
    forest = RandomForestClassifier(50, random_state=9).fit(X[TRAIN], Y[TRAIN])
    same(ESTIMATORS["random_forest"].call(9, False).fit(X[TRAIN], Y[TRAIN]), forest, X[TEST])
    near = KNeighborsClassifier(10, weights="distance")
    for rows, labels in ((X, Y), (WORDS, TOPIC)):
        ours = ESTIMATORS["k_nearest"].call(0, False).fit(rows[:200], labels[:200])
        same(ours, near.fit(rows[:200], labels[:200]), rows[200:])


def test_the_neural_net_does_as_scikit_learns_after_the_same_number_of_steps() -> None:
    """The order in which rows pass differs, so the two agree as two seeds do."""
    theirs = MLPClassifier((32,), alpha=1e-3, batch_size=32, learning_rate_init=0.003, random_state=5)
    theirs.set_params(max_iter=passes(200), n_iter_no_change=10_000)
    with pytest.warns(ConvergenceWarning):  # the warning that a fixed number of steps is there to avoid
        theirs.fit(X[TRAIN], Y[TRAIN])
    ours, other = (model.predict_proba(X[TEST]) for model in (SmallNet(32, 5).fit(X[TRAIN], Y[TRAIN]), theirs))
    assert (ours.argmax(axis=1) == other.argmax(axis=1)).mean() > 0.95
    assert np.abs(ours - other).mean() < 0.01


# --- naive Bayes on text beside numbers -------------------------------------------------------------------------------


def test_numbers_beside_a_text_add_what_gaussian_naive_bayes_says_of_them() -> None:
    """Worked by hand: posterior in proportion to the multinomial's posterior times the Gaussian likelihoods."""
    numbers = np.random.default_rng(1).normal(size=(300, 2)) + TOPIC[:, None]
    both = csr_array(np.hstack([WORDS.toarray(), numbers]))
    counts = MultinomialNB(alpha=SMOOTHING).fit(WORDS[:200], TOPIC[:200]).predict_proba(WORDS[200:])
    normal = GaussianNB(var_smoothing=SPREAD, priors=[0.5, 0.5]).fit(numbers[:200], TOPIC[:200])
    likely = counts * normal.predict_proba(numbers[200:])
    ours = NaiveBayes().fit(both[:200], TOPIC[:200]).predict_proba(both[200:])
    np.testing.assert_allclose(ours, likely / likely.sum(axis=1, keepdims=True), atol=1e-10)


def test_a_number_below_0_that_training_did_not_have_counts_nothing() -> None:
    model = NaiveBayes().fit(WORDS[:200], TOPIC[:200])
    odd = WORDS[200:201].toarray()
    odd[0, 3] = 0.0
    there = odd.copy()
    there[0, 3] = -2.0
    np.testing.assert_array_equal(model.predict_proba(csr_array(there)), model.predict_proba(csr_array(odd)))


# --- few labels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("calibrated", [False, True], ids=["as it is", "calibrated"])
@pytest.mark.parametrize("name", MODELS)
def test_a_model_lives_with_any_labels_and_gives_every_class_a_probability(
    name: str, calibrated: bool, sparse: bool
) -> None:
    """One row a class, a class on one row, two classes of five found, one class only: never a crash or a warning."""
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(60, 7)) * (rng.random((60, 7)) < 0.6)
    for labels in ([0, 1], [0, 1, 2, 3], [0] * 9 + [3], [1, 1, 4, 4, 4, 4], [2, 2, 2], [0, 0, 1, 1, 1, 1, 4]):
        y, features = np.array(labels), csr_array(rows) if sparse else rows
        made = ESTIMATORS[name].call(1, False)
        model = fit(Calibrated(made, 1) if calibrated else made, features[: len(y)], y)
        P = probabilities(model, features, 5)
        assert P.shape == (60, 5)
        np.testing.assert_allclose(P.sum(axis=1), 1)
        assert (P >= 0).all()
        assert not P[:, ~np.isin(np.arange(5), y)].any()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_beats_the_largest_class_on_a_few_dozen_labels(name: str) -> None:
    model = ESTIMATORS[name].call(2, False).fit(X[:80], Y[:80])
    right = probabilities(model, X[TEST], 10).argmax(axis=1) == Y[TEST]
    assert right.mean() > np.bincount(Y[TEST]).max() / len(Y[TEST]) + 0.2


def test_sparse_rows_stay_sparse() -> None:
    """A wide table of words never becomes an array: making one would take 8 GB here."""
    rng = np.random.default_rng(3)
    cells = (rng.integers(size, size=4000, dtype=np.int32) for size in (200, 5_000_000))
    wide = csr_array((np.ones(4000), tuple(cells)), shape=(200, 5_000_000))
    labels = np.arange(200) % 2
    for name in ("linear_svm", "naive_bayes", "k_nearest"):
        model = ESTIMATORS[name].call(0, True).fit(wide[:50], labels[:50])
        assert model.predict_proba(wide[50:]).shape == (150, 2)


# --- calibration ------------------------------------------------------------------------------------------------------


def test_a_calibrated_model_is_scikit_learns_sigmoid_on_parts_left_out() -> None:
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=8)
    theirs = CalibratedClassifierCV(Softmax(), method="sigmoid", cv=parts, ensemble=False)
    same(Calibrated(Softmax(), 8).fit(X[TRAIN], Y[TRAIN]), theirs.fit(X[TRAIN], Y[TRAIN]), X[TEST])


def test_a_class_too_small_to_be_left_out_keeps_its_probability_and_the_others_share_the_rest() -> None:
    rows = np.concatenate([np.flatnonzero(Y < 3)[:90], np.flatnonzero(Y == 7)[: PARTS - 1]])
    ours = Calibrated(Softmax(), 0).fit(X[rows], Y[rows])
    plain = Softmax().fit(X[rows], Y[rows])
    P, as_it_is = ours.predict_proba(X[TEST]), plain.predict_proba(X[TEST])
    np.testing.assert_allclose(P[:, 3], as_it_is[:, 3], atol=1e-9)
    common = Calibrated(Softmax(), 0).fit(X[rows[:90]], Y[rows[:90]]).predict_proba(X[TEST])
    np.testing.assert_allclose(P[:, :3], common * (1 - P[:, 3:]), atol=1e-9)


def test_calibration_mends_the_probabilities_of_a_model_that_is_too_sure() -> None:
    """Naive Bayes counts columns that say the same as many; the log loss of its sigmoid must be far below its own."""

    def loss(model: Any) -> float:
        P = model.fit(X[TRAIN], Y[TRAIN]).predict_proba(X[TEST])
        return float(-np.log(np.clip(P[np.arange(400), Y[TEST]], 1e-15, 1)).mean())

    gaussian = GaussianNB()
    assert loss(Calibrated(gaussian)) < 0.6 * loss(gaussian)


def test_a_rough_svm_says_what_it_would_call_each_row() -> None:
    model = LinearSVM(dual=False).fit(X[TRAIN], Y[TRAIN])
    np.testing.assert_array_equal(model.classes_[model.predict_proba(X[TEST]).argmax(axis=1)], model.predict(X[TEST]))


def test_a_model_that_needs_a_warning_has_one_sentence() -> None:
    assert ESTIMATORS["neural_net"].facts["warning"].endswith(".")
    assert "1,000 labels" in ESTIMATORS["neural_net"].facts["warning"]
    assert not ESTIMATORS["logistic_regression"].facts["warning"]
