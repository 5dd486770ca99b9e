"""The same numbers as other people's code: scikit-activeml and SciPy for strategies, scikit-learn for metrics.

Two peers are not asked because they are wrong: scikit-activeml's BADGE (it may pick an item twice) and ALiPy's
density weight (it prefers outliers).
"""

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import skactiveml.pool as peer
from making import judged
from scipy.stats import entropy as scipy_entropy
from skactiveml.classifier import SklearnClassifier
from sklearn import metrics
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import scale

from planner.choices.metrics import METRICS
from planner.choices.strategies import (
    STRATEGIES,
    Pool,
    consensus_entropy_score,
    entropy_score,
    least_confidence_score,
    margin_score,
    max_kl_score,
    mean_kl_score,
    variation_ratio_score,
    vote_entropy_score,
)
from planner.pilot.scoring import area_under_curve, kappa

START, BATCH = 100, 20


@cache
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(features, labels, an order of the rows)."""
    X, y = load_digits(return_X_y=True)
    return scale(X), y, np.random.default_rng(2).permutation(len(y))


@cache
def pool() -> Pool:
    """Digits with 100 labels, a converged model, and a committee of five on resamples."""
    X, y, order = digits()
    labeled, candidates = order[:START], np.sort(order[START:])
    P = converged(labeled).predict_proba(X[candidates])
    rng = np.random.default_rng(4)
    # Each member keeps one row of every class, so that all know the ten classes.
    one_each = np.array([labeled[np.flatnonzero(y[labeled] == c)[0]] for c in range(10)])
    members = [np.concatenate([one_each, rng.choice(labeled, START)]) for _ in range(5)]
    votes = np.array([converged(rows).predict_proba(X[candidates]) for rows in members])
    return Pool(X, labeled, y[labeled], candidates, lambda: P, lambda _: votes)


def converged(rows: np.ndarray) -> LogisticRegression:
    """A fit so exact that picks do not hang on where a solver stopped."""
    X, y, _ = digits()
    return LogisticRegression(tol=1e-8, max_iter=5000, solver="newton-cg").fit(X[rows], y[rows])


SCORES: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "margin": (margin_score, "margin_sampling"),
    "least_confidence": (least_confidence_score, "least_confident"),
    "entropy": (entropy_score, "entropy"),
}


@pytest.mark.parametrize("name", SCORES)
def test_uncertainty_scores_are_those_of_scikit_activeml(name: str) -> None:
    ours, theirs = SCORES[name]
    P = pool().probabilities()
    np.testing.assert_allclose(ours(P), peer.uncertainty_scores(P, method=theirs), atol=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_uncertainty_picks_are_those_of_scikit_activeml(name: str) -> None:
    P = pool().probabilities()
    theirs = np.argsort(-peer.uncertainty_scores(P, method=SCORES[name][1]), kind="stable")[:BATCH]
    ours = STRATEGIES[name].call(pool(), BATCH, np.random.default_rng(0))
    assert ours.tolist() == theirs.tolist()


def test_vote_entropy_is_that_of_scikit_activeml() -> None:
    committee = pool().committee(np.random.default_rng(0))
    votes = committee.argmax(axis=2).T
    theirs = peer.vote_entropy(votes, classes=np.arange(10))
    np.testing.assert_allclose(vote_entropy_score(committee), theirs, atol=1e-9)


def test_committee_picks_have_the_highest_vote_entropy_there_is() -> None:
    committee = pool().committee(np.random.default_rng(0))
    theirs = peer.vote_entropy(committee.argmax(axis=2).T, classes=np.arange(10))
    ours = STRATEGIES["query_by_committee"].call(pool(), BATCH, np.random.default_rng(0))
    np.testing.assert_allclose(np.sort(theirs[ours]), np.sort(theirs)[-BATCH:], atol=1e-9)


def test_divergence_of_a_committee_is_that_of_scikit_activeml_and_the_information_of_bald() -> None:
    """The peer clips at 1e-7; its average overwrites what it is given, hence the copies."""
    committee = pool().committee(np.random.default_rng(0))
    found = mean_kl_score(committee)
    np.testing.assert_allclose(found, peer.average_kl_divergence(committee.copy()), atol=1e-5)
    np.testing.assert_allclose(found, consensus_entropy_score(committee) - entropy_score(committee).mean(axis=0))
    assert STRATEGIES["mean_kl"].call(pool(), 1, np.random.default_rng(0))[0] == found.argmax()
    np.testing.assert_allclose(found, peer.batch_bald(committee.copy(), 1)[0], atol=1e-5)


def test_variation_ratio_is_that_of_scikit_activeml() -> None:
    committee = pool().committee(np.random.default_rng(0))
    theirs = peer.variation_ratios(committee.argmax(axis=2).T)
    np.testing.assert_allclose(variation_ratio_score(committee), theirs, atol=1e-12)
    picks = STRATEGIES["variation_ratio"].call(pool(), BATCH, np.random.default_rng(0))
    np.testing.assert_allclose(np.sort(theirs[picks]), np.sort(theirs)[-BATCH:], atol=1e-12)


def test_shared_doubt_and_largest_divergence_are_those_of_scipy() -> None:
    committee = pool().committee(np.random.default_rng(0))
    mean = committee.mean(axis=0)
    np.testing.assert_allclose(consensus_entropy_score(committee), scipy_entropy(mean, axis=1))
    each = [scipy_entropy(member, mean, axis=1) for member in committee]
    np.testing.assert_allclose(max_kl_score(committee), np.max(each, axis=0), atol=1e-12)
    for name, theirs in {"consensus_entropy": scipy_entropy(mean, axis=1), "max_kl": np.max(each, axis=0)}.items():
        ours = STRATEGIES[name].call(pool(), BATCH, np.random.default_rng(0))
        assert ours.tolist() == np.argsort(-theirs, kind="stable")[:BATCH].tolist()


def test_falcun_draws_with_the_chances_of_scikit_activeml() -> None:
    """Three of eight rows: whatever the peer picked, its chances of the next one are how often ours comes next."""
    X, y, order = digits()
    labeled, rows = order[:START], order[START : START + 8]
    model = SklearnClassifier(LogisticRegression(C=1e-3), classes=np.arange(10)).fit(X[labeled], y[labeled])
    P = model.predict_proba(X[rows])
    small = Pool(X, labeled, y[labeled], rows, lambda: P.copy(), lambda _: P[None])
    rng = np.random.default_rng(0)
    ours = np.array([STRATEGIES["falcun"].call(small, 3, rng) for _ in range(5000)])
    tested = set()
    for seed in range(10):
        picks, chances = peer.Falcun(random_state=seed).query(
            X[rows], np.full(8, np.nan), model, fit_clf=False, batch_size=3, return_utilities=True
        )
        for place in range(3):
            alike = ours[(ours[:, :place] == picks[:place]).all(axis=1), place]
            if len(alike) > 200:
                share = np.bincount(alike, minlength=8) / len(alike)
                np.testing.assert_allclose(share, np.nan_to_num(chances[place]), atol=2 / np.sqrt(len(alike)))
                tested.add((place, *picks[:place]))
    assert {place for place, *_ in tested} == {0, 1, 2}


def test_k_center_picks_are_those_of_scikit_activeml() -> None:
    X, y, _ = digits()
    known = np.full(len(y), np.nan)
    known[pool().labeled] = pool().labels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, _ = peer.k_greedy_center(X, known, batch_size=BATCH, random_state=0)
    ours = pool().candidates[STRATEGIES["k_center"].call(pool(), BATCH, np.random.default_rng(0))]
    assert ours.tolist() == np.asarray(theirs).tolist()


def predictions() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(truth, predicted, probabilities) with errors, five classes of very different size."""
    rng = np.random.default_rng(8)
    truth = rng.choice(5, size=400, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    P = rng.dirichlet(np.full(5, 0.6), size=400) + 0.7 * np.eye(5)[truth] * rng.random(400)[:, None]
    P /= P.sum(axis=1, keepdims=True)
    return truth, P.argmax(axis=1), P


GROUP = np.arange(400) % 3
DEAR = np.array([[0, 2, 2, 2, 9], [1, 0, 1, 1, 1], [4, 1, 0, 1, 1], [1, 1, 1, 0, 1], [3, 3, 3, 3, 0]], dtype=float)


def cost_avoided(truth: np.ndarray, predicted: np.ndarray, _: np.ndarray) -> float:
    paid = sum(DEAR[true, guess] for true, guess in zip(truth, predicted, strict=True))
    return float(1 - paid / (9 * len(truth)))


SKLEARN: dict[str, Callable[..., Any]] = {
    "accuracy": lambda truth, predicted, _: metrics.accuracy_score(truth, predicted),
    "balanced_accuracy": lambda truth, predicted, _: metrics.balanced_accuracy_score(truth, predicted),
    "macro_f1": lambda truth, predicted, _: metrics.f1_score(truth, predicted, average="macro"),
    "recall": lambda truth, predicted, _: metrics.recall_score(truth == 2, predicted == 2),
    "precision": lambda truth, predicted, _: metrics.precision_score(truth == 2, predicted == 2),
    "roc_auc": lambda truth, _, P: metrics.roc_auc_score(truth, P, multi_class="ovr", average="macro"),
    "log_loss": lambda truth, _, P: np.exp(-metrics.log_loss(truth, P)),
    "expected_cost": cost_avoided,
    "worst_group": lambda truth, predicted, _: min(
        metrics.accuracy_score(truth[group == GROUP], predicted[group == GROUP]) for group in range(3)
    ),
}


@pytest.mark.parametrize("name", METRICS)
def test_metrics_are_those_of_scikit_learn(name: str) -> None:
    truth, predicted, P = predictions()
    ours = METRICS[name].call(judged(truth, P, GROUP, positive=2, costs=DEAR))
    assert float(ours) == pytest.approx(SKLEARN[name](truth, predicted, P), abs=1e-9)


@pytest.mark.parametrize("name", METRICS)
def test_a_class_that_is_nowhere_changes_no_metric(name: str) -> None:
    truth, _, P = predictions()
    wider = np.hstack([P, np.zeros((len(P), 4))])
    few, many = (METRICS[name].call(judged(truth, one, GROUP, positive=2)) for one in (P, wider))
    assert float(few) == pytest.approx(float(many))


def test_agreement_of_two_rounds_is_the_kappa_of_scikit_learn() -> None:
    truth, predicted, _ = predictions()
    assert kappa(truth, predicted) == pytest.approx(metrics.cohen_kappa_score(truth, predicted))
    assert kappa(truth, truth) == 1


def test_area_under_curve_is_the_one_against_rest_of_scikit_learn() -> None:
    truth, _, P = predictions()
    theirs = metrics.roc_auc_score(truth, P, multi_class="ovr", average="macro")
    assert area_under_curve(truth, P) == pytest.approx(theirs)
    ties = np.round(P, 1)
    ties[:, 0] += 1 - ties.sum(axis=1)
    each = [metrics.roc_auc_score(truth == c, ties[:, c]) for c in range(5)]
    assert area_under_curve(truth, ties) == pytest.approx(np.mean(each))


def test_area_under_curve_tells_beliefs_apart_that_single_precision_cannot() -> None:
    """Sure beliefs of two classes, a step of double precision apart, the class's own above the other's."""
    truth = np.arange(200) % 2
    sure = 1 - 1e-12 * np.arange(1, 201)[::-1]
    P = np.column_stack([1 - sure, sure])
    assert area_under_curve(truth, P) == pytest.approx(metrics.roc_auc_score(truth, sure))
    assert area_under_curve(truth, P) != 0.5
