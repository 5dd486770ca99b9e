"""Learning from rows without a label: scikit-learn's own methods, and both models on the same curve."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from making import task
from scipy.sparse import csr_array, issparse
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import LabelSpreading, SelfTrainingClassifier

from planner.choices.estimators import ESTIMATORS
from planner.choices.semi_supervised import CLAMPING, MOST_UNLABELED, NEIGHBORS, SEMI_SUPERVISED, Rows, with_guesses
from planner.choices.softmax import Softmax
from planner.choices.strategies import STRATEGIES
from planner.forecast import ForecastSettings, forecast
from planner.forecast.simulated import plain_curves, sentences
from planner.pilot import PilotSettings, Run, Task, run_pilot
from planner.pilot.models import fit
from planner.pilot.replay import Trace, simulate
from planner.pilot.saved import pilot_from_json, pilot_to_json
from planner.sample import make_sample
from planner.settings import knobs

RAW = load_digits()
X, Y = StandardScaler().fit_transform(RAW.data[:500]), RAW.target[:500]
METHODS = [name for name in SEMI_SUPERVISED if name != "none"]
LABELED, REST = slice(0, 60), slice(60, 400)


class FoldsStay(Task):
    """A task whose folds do not move with its labels."""

    def fold_of(self, repeat: int) -> np.ndarray:
        return task(X, Y, folds=3, repeats=1).fold_of(repeat)


def walk(method: str, *strategies: str, X: Any = X, size: int = 300, **settings: Any) -> tuple[Trace, ...]:
    of = task(X, Y, strategies=("margin",), folds=3, repeats=1, first=20, semi_supervised=method, **settings)
    calls = {name: STRATEGIES[name].call for name in strategies}
    return simulate(of, calls, ESTIMATORS["logistic_regression"].call, [Run(name, 0, 0, size) for name in strategies])


def learned(method: str, rows: Rows, confidence: float) -> tuple[Any, Any]:
    plain = Softmax().fit(rows.X, rows.y)
    return plain, fit(Softmax(), *with_guesses(SEMI_SUPERVISED[method].call, plain, rows, confidence))


def test_self_training_is_one_round_of_scikit_learns() -> None:
    known = np.concatenate([Y[LABELED], np.full(340, -1)])
    base = LogisticRegression(C=1.0, tol=1e-9, max_iter=10_000)
    theirs = SelfTrainingClassifier(base, threshold=0.9, max_iter=1).fit(X[:400], known)
    _, ours = learned("self_training", Rows(X[LABELED], Y[LABELED], X[REST]), 0.9)
    np.testing.assert_allclose(ours.predict_proba(X[400:]), theirs.predict_proba(X[400:]), atol=2e-4)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_label_spreading_gives_scikit_learns_labels_to_the_rows_it_is_sure_of(sparse: bool) -> None:
    features = csr_array(np.clip(X, 0, None)) if sparse else X
    known = np.concatenate([Y[LABELED], np.full(340, -1)])
    theirs = LabelSpreading(kernel="knn", n_neighbors=NEIGHBORS, alpha=CLAMPING).fit(features[:400], known)
    sure = theirs.label_distributions_[60:].max(axis=1) > 0.8
    rows = Rows(features[LABELED], Y[LABELED], features[REST])
    plain = Softmax().fit(rows.X, rows.y)
    got, labels = with_guesses(SEMI_SUPERVISED["label_spreading"].call, plain, rows, 0.8)
    assert issparse(got) == sparse
    assert 0 < sure.sum() < 340
    np.testing.assert_array_equal(labels, np.concatenate([Y[LABELED], theirs.transduction_[60:][sure]]))
    dense = got.toarray() if sparse else got
    kept = features[REST][np.flatnonzero(sure)]
    np.testing.assert_array_equal(dense[60:], kept.toarray() if sparse else kept)


@pytest.mark.parametrize("method", METHODS)
def test_with_a_confidence_nobody_reaches_it_is_the_plain_model(method: str) -> None:
    plain, ours = learned(method, Rows(X[LABELED], Y[LABELED], X[REST]), 1.0)
    np.testing.assert_allclose(ours.predict_proba(X[400:]), plain.predict_proba(X[400:]), atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_a_lower_confidence_lets_more_guesses_in(method: str) -> None:
    rows = Rows(X[LABELED], Y[LABELED], X[REST])
    plain = Softmax().fit(rows.X, rows.y)
    many = [len(with_guesses(SEMI_SUPERVISED[method].call, plain, rows, c)[1]) for c in (0.5, 0.7, 0.9, 0.99)]
    assert many == sorted(many, reverse=True)
    assert many[0] > many[-1] >= 60


@pytest.mark.parametrize("method", METHODS)
def test_the_plain_model_stands_on_the_same_curve(method: str) -> None:
    """Random labeling buys the same rows either way, so its plain counts are those of a replay without the method."""
    (alone,), (both,) = walk("none", "random"), walk(method, "random")
    assert alone.plain.size == 0
    np.testing.assert_array_equal(both.plain, alone.confusion)
    np.testing.assert_array_equal(both.picked, alone.picked)
    assert (both.confusion[:-1] != both.plain[:-1]).any()
    np.testing.assert_array_equal(both.confusion[-1], alone.confusion[-1])  # nothing is left without a label


@pytest.mark.parametrize("method", METHODS)
def test_with_all_labeled_every_strategy_has_the_same_score_and_runs_repeat(method: str) -> None:
    one, other = walk(method, "margin", "random"), walk(method, "margin", "random")
    np.testing.assert_array_equal(one[0].confusion[-1], one[1].confusion[-1])
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first.confusion, second.confusion)
        np.testing.assert_array_equal(first.picked, second.picked)


@pytest.mark.parametrize("method", METHODS)
def test_labels_of_the_pool_that_were_not_bought_are_never_used(method: str) -> None:
    """With other labels on rows that are bought last, nothing before the last anchor changes but the test."""
    (before,) = walk(method, "random")
    late = before.picked[before.anchors[-2] :]
    changed = Y.copy()
    changed[late] = (changed[late] + 1) % 10
    settings = task(X, Y, strategies=("margin",), folds=3, repeats=1, first=20, semi_supervised=method).settings
    fixed = FoldsStay(X, changed, np.arange(500), 10, False, "logistic_regression", settings)
    call = {"random": STRATEGIES["random"].call}
    (after,) = simulate(fixed, call, ESTIMATORS["logistic_regression"].call, [Run("random", 0, 0, 300)])
    np.testing.assert_array_equal(after.confusion[:-1], before.confusion[:-1])


def test_few_labels_gain_where_classes_lie_apart() -> None:
    """Ten labels a run on two rings, one in the other: what spreads along the rows beats the plain model on average."""
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 500)
    y = np.arange(500) % 2
    rings = np.column_stack([np.cos(angle), np.sin(angle)]) * (1 + 2 * y)[:, None] + rng.normal(0, 0.1, (500, 2))
    gains = []
    for start in range(6):
        some = np.random.default_rng(start).permutation(500)
        rows = Rows(rings[some[:10]], y[some[:10]], rings[some[10:300]])
        if len(set(rows.y.tolist())) < 2:
            continue
        forest = ESTIMATORS["extra_trees"].call
        plain = fit(forest(start, False), rows.X, rows.y)
        ours = fit(forest(start, False), *with_guesses(SEMI_SUPERVISED["label_spreading"].call, plain, rows, 0.9))
        gains.append(np.mean(ours.predict(rings[some[300:]]) == y[some[300:]])
                     - np.mean(plain.predict(rings[some[300:]]) == y[some[300:]]))  # fmt: skip
    assert np.mean(gains) > 0.05


def test_no_more_rows_without_a_label_are_learned_from_than_is_said() -> None:
    """Every guess lets a row in at a confidence of one half, so the sizes of the fits say how many there were."""
    sizes: list[int] = []

    class Counting(Softmax):
        def fit(self, X: Any, y: np.ndarray, sample_weight: np.ndarray | None = None) -> Softmax:
            sizes.append(len(y))
            return super().fit(X, y, sample_weight)

    rng = np.random.default_rng(0)
    y = rng.integers(2, size=8000)
    of = task(rng.normal(size=(8000, 3)) + 5 * y[:, None], y, folds=2, repeats=1, first=500, growth=3.0, confidence=0.5,
              semi_supervised="self_training")  # fmt: skip
    simulate(of, {"random": STRATEGIES["random"].call}, lambda *_: Counting(), [Run("random", 0, 0, 4000)])
    assert sizes == [500, 500 + MOST_UNLABELED, 1500, 1500 + MOST_UNLABELED, 4000]
    help_of = {one.name: one.help for one in knobs(PilotSettings)}
    assert f"up to {MOST_UNLABELED:,} of the pool" in help_of["semi_supervised"]


@pytest.mark.slow
def test_a_forecast_says_it_has_no_study_and_how_far_ahead_the_method_was() -> None:
    table = pd.DataFrame(RAW.data[:600, 20:44]).rename(columns=str).assign(label=RAW.target[:600])
    settings = PilotSettings(("margin",), "logistic_regression", semi_supervised="label_spreading", folds=3, repeats=1)
    pilot = run_pilot(make_sample(table, "label"), settings)
    reached = forecast(pilot, ForecastSettings(pool_size=5000))
    assert not any(reached.calibrated.values())
    plain = plain_curves(reached)
    assert set(plain) == {"random", "margin"}
    gain = float((reached.measured["margin"].mean - plain["margin"].mean).mean())
    (said,) = sentences(reached)
    assert f"smallest margin {abs(100 * gain):.1f} point" in said
    again = pilot_from_json(pilot_to_json(pilot))
    np.testing.assert_array_equal(again.traces[-1].plain, pilot.traces[-1].plain)
    assert plain_curves(forecast(pilot, ForecastSettings(pool_size=5000, metric="roc_auc"))) == {}
