"""What each strategy is for, held so that a random picker fails it: examples worked by hand, oracles, properties."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from making import task, trained
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import MonteCarloEER, uncertainty_scores
from skactiveml.stream.budgetmanager import VariableUncertaintyBudgetManager
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import (
    STRATEGIES,
    Pool,
    Strategy,
    consensus_entropy_score,
    entropy_score,
    margin_score,
    stands_for,
    vote_entropy_score,
)
from planner.choices.strategies.bandits import _Dealt, _learned
from planner.choices.strategies.clusters import MOST_GROUPS, k_means_groups
from planner.choices.strategies.density import closeness
from planner.choices.strategies.distances import distances_of, draw_apart, mean_to_nearest
from planner.choices.strategies.expected import reductions
from planner.choices.strategies.hybrid import inlier_weight
from planner.choices.strategies.streams import decisions
from planner.pilot import Run, Task
from planner.pilot.models import probabilities
from planner.pilot.replay import Trace, simulate

Check = Callable[[Strategy], None]
CHECKS: list[tuple[str, Check]] = []
SEEDS = range(20)


def shows(*names: str) -> Callable[[Check], Check]:
    """The check holds for these strategies and for no random picker."""

    def put(check: Check) -> Check:
        CHECKS.extend((name, check) for name in names)
        return check

    return put


def refuse(*_: Any) -> Any:
    raise AssertionError("this was not needed")


def a_pool(X: Any, labeled: int = 1, P: Any = None, committee: Any = None, labels: Any = None, **more: Any) -> Pool:
    """A pool whose first rows are labeled and whose other rows, the candidates, have these probabilities."""
    rows = X if isinstance(X, csr_array) else np.array(X, dtype=float)
    return Pool(
        rows,
        np.arange(labeled),
        np.zeros(labeled, dtype=int) if labels is None else np.array(labels),
        np.arange(labeled, rows.shape[0]),
        refuse if P is None else lambda: np.array(P, dtype=float),
        refuse if committee is None else lambda _: np.array(committee, dtype=float),
        **more,
    )


def five(**seen: Any) -> Pool:
    """One labeled row and five candidates without features."""
    return a_pool(np.zeros((6, 1)), **seen)


def line(*places: float, **seen: Any) -> Pool:
    """A label at 0 and candidates at these places of a line."""
    return a_pool([[0], *([place] for place in places)], **seen)


def two_classes(margin_scores: list[float]) -> np.ndarray:
    """Probabilities of two classes with these margin scores."""
    first = 1 - np.array(margin_scores) / 2
    return np.column_stack([first, 1 - first])


def always(call: Strategy, pool: Pool, expected: list[int]) -> None:
    """Whatever the generator, the picks are these, in this order."""
    for seed in SEEDS:
        assert call(pool, len(expected), np.random.default_rng(seed)).tolist() == expected


def frequencies(call: Strategy, pool: Pool, draws: int = 3000) -> np.ndarray:
    """How often each candidate is the first pick."""
    rng = np.random.default_rng(1)
    return np.bincount([call(pool, 1, rng)[0] for _ in range(draws)], minlength=len(pool.candidates)) / draws


# --- doubt ------------------------------------------------------------------------------------------------------------

BELIEFS = [[0.49, 0.48, 0.03], [0.44, 0.28, 0.28], [0.435, 0.365, 0.2], [0.9, 0.05, 0.05], [0.7, 0.2, 0.1]]
# margin .01, .16, .07; not the most likely class .51, .56, .565; entropy .807, 1.074, 1.052


@shows("margin")
def margin_looks_at_the_two_most_likely(call: Strategy) -> None:
    always(call, five(P=BELIEFS), [0, 2, 1, 4, 3])


@shows("least_confidence")
def least_confidence_looks_at_the_most_likely(call: Strategy) -> None:
    always(call, five(P=BELIEFS), [2, 1, 0, 4, 3])


@shows("entropy")
def entropy_looks_at_all(call: Strategy) -> None:
    always(call, five(P=BELIEFS), [1, 2, 0, 4, 3])


@shows("expected_model_change")
def gradient_by_hand(call: Strategy) -> None:
    """|p - e| is .7071 twice at one half, .1414 and 1.2728 (.2546 expected) at .9: times sqrt(|x|^2 + 1).

    3.61 at (3, 4), 2.56 at length 10, 1 at length 1, .25 at length 0, and 0 where the model is sure.
    """
    half, most = [0.5, 0.5], [0.9, 0.1]
    X = [[0, 0], [0, 0], [3, 4], [0, 100], [1, 0], [10, 0]]
    always(call, a_pool(X, P=[most, half, [1, 0], half, most]), [1, 4, 3, 0, 2])


# --- committees -------------------------------------------------------------------------------------------------------

SPLIT = np.array([[[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]], [[1, 0]] * 4 + [[0, 1]]])
SOFT = np.stack([np.array([[0.5, 0.5]] * 5), *SPLIT, np.array([[0.9, 0.1]] * 5), np.array([[1, 0]] * 5)], axis=1)
# Rows: all unsure; split 3 to 2; split 4 to 1; all nearly sure; all sure.
# Consensus entropy .693, .673, .500, .325, 0; mean KL 0, .673, .500, 0, 0; max KL 0, ln 2.5, ln 5, 0, 0.


@shows("consensus_entropy")
def shared_doubt_by_hand(call: Strategy) -> None:
    always(call, five(committee=SOFT), [0, 1, 2, 3, 4])


@shows("mean_kl")
def mean_divergence_by_hand(call: Strategy) -> None:
    always(call, five(committee=SOFT), [1, 2])


@shows("max_kl")
def largest_divergence_by_hand(call: Strategy) -> None:
    always(call, five(committee=SOFT), [2, 1])


VOTES = np.eye(3)[np.array([[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 1, 1, 2], [0, 0, 0, 1, 2]]).T]


@shows("query_by_committee")
def vote_entropy_by_hand(call: Strategy) -> None:
    """Votes 5; 4, 1; 3, 2; 2, 2, 1; 3, 1, 1: entropies 0, .500, .673, 1.055, .950."""
    always(call, five(committee=VOTES), [3, 4, 2, 1, 0])


@shows("variation_ratio")
def votes_against_the_majority_by_hand(call: Strategy) -> None:
    """Against the majority 0, .2, .4, .6, .4: the two of .4 come in any order."""
    found = {tuple(call(five(committee=VOTES), 5, np.random.default_rng(seed)).tolist()) for seed in SEEDS}
    assert found == {(3, 2, 4, 1, 0), (3, 4, 2, 1, 0)}


@shows("query_by_committee", "variation_ratio")
def among_equal_votes_the_mean_belief_decides(call: Strategy) -> None:
    """Every row splits the votes 3 to 2; members as sure as .55 give a mean belief of .51, those of .95 one of .59."""
    sure = np.array([0.95, 0.55, 0.75, 0.65, 0.85])
    for_first = np.array([sure, sure, sure, 1 - sure, 1 - sure])
    always(call, five(committee=np.stack([for_first, 1 - for_first], axis=2)), [1, 3, 2, 4, 0])


# --- spread -----------------------------------------------------------------------------------------------------------


@shows("k_center")
def farthest_by_hand(call: Strategy) -> None:
    """From 0 the farthest is 10, then 5 with 5 to either side, then 2."""
    always(call, line(1, 2, 5, 9, 10), [4, 2, 1])


@shows("k_means_plus_plus")
def chances_grow_with_the_square_of_the_distance(call: Strategy) -> None:
    expected = np.array([1, 4, 9, 16, 0]) / 30
    np.testing.assert_allclose(frequencies(call, line(1, 2, 3, 4, 0)), expected, atol=0.03)


def blobs(P: np.ndarray | None = None) -> Pool:
    """Ten tight groups of 30 rows far apart, candidate i in group i // 30; one more group is labeled."""
    rng = np.random.default_rng(0)
    centers = np.vstack([np.zeros((1, 12)), 100 * np.eye(12)[:10]])
    return a_pool(np.repeat(centers, 30, axis=0) + rng.normal(0, 0.01, (330, 12)), 30, P)


@shows("k_means", "k_means_plus_plus", "k_center")
def a_batch_has_one_of_each_tight_group(call: Strategy) -> None:
    for seed in SEEDS:
        assert set(call(blobs(), 10, np.random.default_rng(seed)) // 30) == set(range(10))


@shows("badge", "balanced", "ranked_batch", "clue", "margin_k_means")
def a_batch_has_one_of_each_tight_group_that_is_doubted_alike(call: Strategy) -> None:
    unsure = np.full((300, 2), 0.5) + np.array([[1e-3, -1e-3]])
    for seed in SEEDS:
        assert set(call(blobs(unsure), 10, np.random.default_rng(seed)) // 30) == set(range(10))


@shows("clue")
def groups_form_where_the_model_doubts(call: Strategy) -> None:
    P = np.where(np.arange(300)[:, None] < 150, [[0.5, 0.5]], [[1.0, 0.0]])
    for seed in SEEDS:
        assert set(call(blobs(P), 5, np.random.default_rng(seed)) // 30) == set(range(5))


@shows("margin_k_means")
def groups_form_among_the_smallest_margins(call: Strategy) -> None:
    """Ten rows of each of the first five groups are doubted most: just the fifty on the short list of a batch of 5."""
    rows = np.arange(300)
    P = two_classes(np.where((rows < 150) & (rows % 30 < 10), 0.6, 0.5).tolist())
    for seed in SEEDS:
        picks = call(blobs(P), 5, np.random.default_rng(seed))
        assert set(picks // 30) == set(range(5))
        assert (picks % 30 < 10).all()


@shows("margin_k_means")
def margins_count_even_when_everything_is_on_the_short_list(call: Strategy) -> None:
    """Ten groups of five rows, five of them doubted: a tenth of the pool is asked for, so the list leaves none out."""
    pool = blobs(two_classes([1.0] * 150 + [0.0] * 150))
    some = np.arange(300)[np.arange(300) % 30 < 5]
    P = pool.probabilities()[some]
    pool = replace(pool, candidates=pool.candidates[some], probabilities=lambda: P)
    for seed in SEEDS:
        assert set(call(pool, 5, np.random.default_rng(seed)) // 5) == set(range(5))


@shows("k_means")
def the_middle_of_each_group_by_hand(call: Strategy) -> None:
    """Means 2 and 102 of 0, 2, 4 and 100, 106, 100: the nearest rows are 2 and either 100."""
    for seed in SEEDS:
        picks = set(call(line(0, 2, 4, 100, 106, 100), 2, np.random.default_rng(seed)).tolist())
        assert picks in ({1, 3}, {1, 5})


@shows("typiclust")
def the_most_typical_of_the_largest_groups_without_a_label(call: Strategy) -> None:
    """Thirteen rows around 1e5 and nine around 3e5, denser inside; the nine around 0 have a label already.

    The four at 5e5 are few and come last: the second has its two nearest at 2 and 3.
    """
    steps = [0, 2, 5, 9, 14, 20, 27]
    nine, thirteen = ([s * sign for s in steps[:k] for sign in (1, -1)][1:] for k in (5, 7))
    places = [*(1 + p for p in nine), *(3e5 + p for p in nine), *(1e5 + p for p in thirteen)]
    always(call, line(*places), [18, 9])
    always(call, line(*places, *(5e5 + p for p in (0, 2, 5, 9))), [18, 9, 32])


# --- doubt and something else -----------------------------------------------------------------------------------------


@shows("density_weighted")
def density_by_hand(call: Strategy) -> None:
    """Mean cosines .4 three times, .2 and -.4; the model is sure of the first row."""
    X = [[0, 1], [1, 0], [1, 0], [2, 0], [0, 1], [-1, 0]]
    found = {
        tuple(call(a_pool(X, P=[[1, 0]] + [[0.5, 0.5]] * 4), 5, np.random.default_rng(seed)).tolist()) for seed in SEEDS
    }
    assert found == {(1, 2, 3, 4, 0), (2, 1, 3, 4, 0)}


@shows("density_weighted")
def density_against_every_pair(call: Strategy) -> None:
    rng = np.random.default_rng(3)
    X, P = rng.normal(0.7, 1, size=(80, 6)), rng.dirichlet(np.ones(4), 75)
    similarity = (1 + cosine_similarity(X[5:])).mean(axis=1) / 2
    always(call, a_pool(X, 5, P), np.argsort(-entropy_score(P) * similarity).tolist())


@shows("neighbor_density")
def near_neighbors_against_every_pair(call: Strategy) -> None:
    rng = np.random.default_rng(3)
    X, P = rng.normal(size=(65, 3)), rng.dirichlet(np.ones(4), 60)
    near = np.sort(1 / (1 + cdist(X[5:], X[5:])), axis=1)[:, ::-1]
    density = near[:, 1:21].mean(axis=1)  # the first is the row itself
    always(call, a_pool(X, 5, P), np.argsort(-entropy_score(P) * density).tolist())


def test_with_all_as_neighbors_the_density_is_that_of_modal() -> None:
    """Its information density is the mean of 1 / (1 + distance) to every row, the row itself included."""
    X = np.random.default_rng(3).normal(size=(50, 3))
    theirs = (1 / (1 + cdist(X, X))).mean(axis=1)
    np.testing.assert_allclose((49 * closeness(X, np.arange(50), 49) + 1) / 50, theirs)


@pytest.mark.parametrize("name", ["density_weighted", "neighbor_density"])
def test_beta_says_how_much_density_counts(name: str) -> None:
    rng = np.random.default_rng(3)
    X, P = rng.normal(size=(65, 3)), rng.dirichlet(np.ones(4), 60)
    call = STRATEGIES[name].call
    always(partial(call, beta=0.0), a_pool(X, 5, P), np.argsort(-entropy_score(P)).tolist())
    doubt_only = set(np.argsort(-entropy_score(P))[:10])
    common = [len(doubt_only & set(call(a_pool(X, 5, P), 10, np.random.default_rng(0), beta=b))) for b in (1.0, 20.0)]
    assert common[0] > common[1]


@shows("anomaly_aware")
def outliers_are_left_alone(call: Strategy) -> None:
    """The model doubts the five rows far out most of all."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(41, 3))
    X[-5:] *= 20
    P = two_classes([0.5] * 35 + [0.7] * 5)
    assert set(np.argsort(-margin_score(P))[:5]) == set(range(35, 40))
    for seed in SEEDS:
        assert call(a_pool(X, P=P), 10, np.random.default_rng(seed)).max() < 35


@shows("balanced")
def half_doubt_half_distance_by_hand(call: Strategy) -> None:
    """Doubt + distance, both scaled: 1, 1, .2, 1.4, 1.3; then 1, 1.4, 1, .3 without the row at 10; then doubt alone."""
    always(call, line(1, 2, 3, 10, 11, P=two_classes([1, 0.9, 0, 0.5, 0.3])), [3, 1, 0, 4, 2])


@shows("ranked_batch")
def ranked_batch_against_all_distances(call: Strategy) -> None:
    rng = np.random.default_rng(5)
    X, P = rng.normal(size=(60, 4)), rng.dirichlet(np.ones(3), 40)
    known, expected = list(range(20)), []
    for _ in range(15):
        left = [row for row in range(20, 60) if row not in known]
        share = len(left) / 60
        similar = 1 / (1 + cdist(X[left], X[known]).min(axis=1))
        score = share * (1 - similar) + (1 - share) * (1 - P[np.array(left) - 20].max(axis=1))
        known.append(left[int(score.argmax())])
        expected.append(known[-1] - 20)
    always(call, a_pool(X, 20, P), expected)


@shows("rare_class")
def rare_classes_by_hand(call: Strategy) -> None:
    """Labels 8, 1, 0: scores 1/9, 1/2, 1/2, .31, .82. A second row of class 1 counts 1/3, then the doubtful row .18."""
    P = [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0.5, 0.5, 0], [0.2, 0, 0.8]]
    pool = a_pool(np.zeros((14, 1)), 9, P, labels=[0] * 8 + [1])
    found = {tuple(call(pool, 5, np.random.default_rng(seed)).tolist()) for seed in SEEDS}
    assert found == {(4, 1, 2, 3, 0), (4, 2, 1, 3, 0)}
    # Labels 0, 1, 5: a row of class 1 scores 1/2, one of .45 class 0 and .55 class 2 scores .45 + .55 / 6 = .54.
    P = [[0, 1, 0], [0.45, 0, 0.55], [0, 0, 1], [0, 0, 1], [0, 0, 1]]
    always(call, a_pool(np.zeros((11, 1)), 6, P, labels=[1] + [2] * 5), [1, 0])


@shows("rare_class")
def more_rare_rows_than_their_share_and_of_every_rare_class(call: Strategy) -> None:
    classes = np.repeat([0, 1, 2], [160, 20, 20])
    P = 0.7 * np.eye(3)[classes] + 0.1
    pool = a_pool(np.zeros((240, 1)), 40, P, labels=[0] * 34 + [1] * 3 + [2] * 3)
    for seed in SEEDS:
        counts = np.bincount(classes[call(pool, 20, np.random.default_rng(seed))], minlength=3)
        assert counts.tolist() == [0, 10, 10]


# --- doubt in batches -------------------------------------------------------------------------------------------------


@shows("power_margin")
def chances_are_the_margin_scores(call: Strategy) -> None:
    found = frequencies(call, five(P=two_classes([1, 0.5, 0.25, 0.25, 0])))
    np.testing.assert_allclose(found, [0.5, 0.25, 0.125, 0.125, 0], atol=0.03)
    assert found[-1] == 0


@shows("falcun")
def chances_of_the_first_are_the_tenth_power(call: Strategy) -> None:
    """Twice the margin scores 1, .9, .8, .5, 0 to the tenth power, whose sum is 1.457 after the first is 1."""
    expected = [0.686, 0.239, 0.074, 0.001, 0]
    np.testing.assert_allclose(frequencies(call, five(P=two_classes([1, 0.9, 0.8, 0.5, 0]))), expected, atol=0.03)


@shows("falcun")
def beliefs_of_a_batch_differ(call: Strategy) -> None:
    """Three groups of equal belief and equal doubt: after one of each, nothing is apart; so each comes once."""
    P = np.repeat([[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.3, 0.3, 0.4]], 10, axis=0)
    pool = a_pool(np.zeros((31, 1)), P=P)
    once = [set(call(pool, 3, np.random.default_rng(seed)) // 10) == {0, 1, 2} for seed in SEEDS]
    assert np.mean(once) > 0.9


@shows("badge")
def badge_against_gradients_written_out(call: Strategy) -> None:
    rng = np.random.default_rng(6)
    X, P = rng.normal(size=(50, 4)), rng.dirichlet(np.ones(3), 49)
    errors = P - np.eye(3)[P.argmax(axis=1)]
    G = (errors[:, :, None] * X[1:, None, :]).reshape(49, -1)
    square = cdist(G, G, "sqeuclidean")
    first, draws = int((G**2).sum(axis=1).argmax()), 4000
    picks = np.array([call(a_pool(X, P=P), 3, np.random.default_rng(seed)) for seed in range(draws)])
    assert (picks[:, 0] == first).all()
    second = square[first] / square[first].sum()
    after = np.minimum(square[first], square)  # after each second pick
    third = second @ (after / after.sum(axis=1, keepdims=True))
    for place, chance in ((1, second), (2, third)):
        share = np.bincount(picks[:, place], minlength=49) / draws
        assert (np.abs(share - chance) <= 4.5 * np.sqrt(chance * (1 - chance) / draws) + 1e-12).all()


# --- doubt by other rules ---------------------------------------------------------------------------------------------


@shows("below_confidence")
def the_unsure_come_in_any_order_and_the_surer_in_theirs(call: Strategy) -> None:
    """Under .7 are .6, .65 and .5; then .8, then .9."""
    P = [[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.8, 0.2], [0.5, 0.5]]
    found = [call(five(P=P), 5, np.random.default_rng(seed)).tolist() for seed in range(60)]
    assert {tuple(picks[3:]) for picks in found} == {(3, 0)}
    assert len({tuple(picks[:3]) for picks in found}) == 6


@shows("softmax_margin")
def chances_are_the_softmax_of_ten_margins(call: Strategy) -> None:
    """exp of 10, 9, 8, 7 and 5, over their sum."""
    found = frequencies(call, five(P=two_classes([1, 0.9, 0.8, 0.7, 0.5])))
    np.testing.assert_allclose(found, [0.641, 0.236, 0.087, 0.032, 0.004], atol=0.03)


@shows("mixed_committee")
def votes_of_three_models_by_hand(call: Strategy) -> None:
    """Votes 3; 2, 1; 1, 1, 1; 3; 2, 1. Among equal ones those who believe .6 come before those who believe .9."""
    votes = np.array([[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 2, 0, 1]])
    sure = np.array([0.9, 0.9, 0.9, 0.6, 0.6])[None, :, None]
    beliefs = np.where(np.eye(3)[votes] == 1, sure, (1 - sure) / 2)
    always(call, five(architectures=lambda: beliefs), [2, 4, 1, 3, 0])


@shows("expected_error_reduction")
def expected_doubt_against_scikit_activeml(call: Strategy) -> None:
    rng = np.random.default_rng(8)
    X, labels = rng.normal(size=(21, 3)), np.arange(9) % 3

    def exact(rows: np.ndarray, y: np.ndarray) -> LogisticRegression:
        return LogisticRegression(tol=1e-9, max_iter=2000).fit(X[rows], y)

    @cache
    def with_answer(extra: int, answer: int) -> LogisticRegression:
        return exact(np.append(np.arange(9), extra), np.append(labels, answer))

    def refit(extra: np.ndarray, answers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.asarray(with_answer(int(extra[0]), int(answers[0])).predict_proba(X[rows]))

    model = SklearnClassifier(LogisticRegression(tol=1e-9, max_iter=2000), classes=[0, 1, 2])
    y = np.concatenate([labels, np.full(12, np.nan)])
    peer = MonteCarloEER(method="log_loss", random_state=0)
    utility = peer.query(X, y, model, batch_size=1, X_eval=X[9:], return_utilities=True)[1][0, 9:]
    P = exact(np.arange(9), labels).predict_proba(X[9:])
    always(call, a_pool(X, 9, P, labels=labels, refit=refit), np.argsort(-utility).tolist())


@shows("expected_error_reduction")
def doubt_falls_more_than_by_any_label_when_few_of_many_are_tried(call: Strategy) -> None:
    """150 candidates of which 20 are tried; the picks are held to the reductions of all."""
    rng = np.random.default_rng(2)
    X = np.vstack([rng.normal(size=(12, 2)), rng.normal(size=(150, 2)) * [1.5, 1.5]])
    labels = (X[:12, 0] > 0).astype(int)
    models = trained(X, np.arange(12), labels, 2)
    P = probabilities(models["model"], X[12:], 2)
    pool = a_pool(X, 12, P, labels=labels, **models)
    fall = reductions(pool, np.arange(150), np.arange(150))
    for seed in range(5):
        picked = fall[call(pool, 15, np.random.default_rng(seed))]
        assert picked.mean() > fall.mean() + 0.75 * fall.std()


IMPORTANT = {"linear": SimpleNamespace(coef_=np.array([[3.0, 0], [-3, 0]])),
             "trees": SimpleNamespace(feature_importances_=np.array([1.0, 0.0]))}  # fmt: skip


@shows("importance_weighted")
def what_differs_where_the_model_looks_comes_first(call: Strategy) -> None:
    """Features count 2 and 0: distances 0, 0, 4, 2, 0; then, with the third row picked, the fourth is 2 away.

    The same doubt for all; with a tenth of it, .4 is left of the 4 and the row at 2 comes first.
    """
    X = [[0, 0], [0, 5], [0, 4], [2, 0], [1, 0], [0, 1]]
    even, uneven = two_classes([0.5] * 5), two_classes([0.5, 0.5, 0.05, 0.5, 0.5])
    for model in IMPORTANT.values():
        always(call, a_pool(X, P=even, model=model), [2, 3])
        always(call, a_pool(X, P=uneven, model=model), [3, 2])
        sparse = a_pool(csr_array(np.array(X, dtype=float)), P=even, model=model)
        always(call, sparse, [2, 3])
    always(call, a_pool(X, P=even), [0])  # a model that says nothing: all features count alike


# --- what is at stake -------------------------------------------------------------------------------------------------


@shows("cost_sensitive")
def expected_costs_against_scikit_activeml(call: Strategy) -> None:
    rng = np.random.default_rng(4)
    P, costs = rng.dirichlet(np.ones(4), 40), rng.uniform(0, 9, (4, 4)) * (1 - np.eye(4))
    utility = uncertainty_scores(P, cost_matrix=costs, method="margin_sampling")
    always(call, a_pool(np.zeros((41, 1)), P=P, costs=costs), np.argsort(-utility).tolist())


@shows("cost_sensitive")
def dear_mistakes_move_the_boundary_by_hand(call: Strategy) -> None:
    """Missing class 1 costs 9, so the answers cost the same at P(1) = .1. They are 4, 1, 0, .5 and 8 apart."""
    P = [[0.5, 0.5], [0.8, 0.2], [0.9, 0.1], [0.95, 0.05], [0.1, 0.9]]
    always(call, five(P=P, costs=np.array([[0, 1], [9, 0]])), [2, 3, 1, 0, 4])


@shows("worst_group")
def the_group_that_fares_worst_gets_more_but_not_all(call: Strategy) -> None:
    rng = np.random.default_rng(0)
    doubt = np.concatenate([rng.uniform(0, 0.8, 100), rng.uniform(0.2, 0.9, 40)])
    groups = np.repeat([0, 0, 1], [1, 100, 40])
    pool = a_pool(np.zeros((141, 1)), P=two_classes(doubt.tolist()), groups=groups)

    def of_worst(strategy: Strategy, seed: int) -> int:
        return int((strategy(pool, 20, np.random.default_rng(seed)) >= 100).sum())

    for seed in SEEDS:
        assert of_worst(STRATEGIES["margin"].call, seed) < of_worst(call, seed) < 20


@shows("worst_group")
def half_for_all_and_half_by_expected_error_by_hand(call: Strategy) -> None:
    """Mean doubts .8, .5 and .21. Three rows go by doubt; three are shared as .59 to .29, so 2 and 1."""
    doubt = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.99, 0.98, 0.97, *[0.0] * 11]
    groups = np.repeat([0, 0, 1, 2], [1, 3, 3, 14])  # the first row is labeled
    always(call, a_pool(np.zeros((21, 1)), P=two_classes(doubt), groups=groups), [6, 7, 8, 0, 1, 3])


# --- one at a time, invented, mixed -----------------------------------------------------------------------------------


@shows("stream")
def doubtful_items_are_bought_without_looking_ahead(call: Strategy) -> None:
    """300 items pass by in the order drawn first; what the last 100 are is not known to the 200 before."""
    rng = np.random.default_rng(1)
    P = rng.dirichlet([1, 1], 300)
    doubts = []
    for seed in SEEDS:
        order = np.random.default_rng(seed).permutation(300)
        other = P.copy()
        other[order[200:]] = rng.dirichlet([1, 1], 100)
        one, two = (call(a_pool(np.zeros((301, 1)), P=seen), 60, np.random.default_rng(seed)) for seen in (P, other))
        early = set(order[:200].tolist())
        assert early & set(one.tolist()) == early & set(two.tolist())
        doubts.append(margin_score(P)[one].mean())
    assert np.mean(doubts) > margin_score(P).mean() + 0.1


def test_the_stream_decides_as_that_of_scikit_activeml() -> None:
    confidence = np.random.default_rng(3).uniform(0.3, 1, 2000)
    ours = list(decisions(confidence, 0.1, 1.0))
    manager, theirs, thresholds = VariableUncertaintyBudgetManager(budget=0.1), [], []
    for sure in confidence:
        bought = manager.query_by_utility(np.array([1 - sure]))
        manager.update(np.zeros((1, 1)), bought)
        theirs.append(len(bought) == 1)
        thresholds.append(manager.theta_)
    assert [wanted for wanted, _ in ours] == theirs
    np.testing.assert_allclose([threshold for _, threshold in ours], thresholds)
    assert 0.05 < np.mean(theirs) < 0.11


def test_the_threshold_of_the_stream_lives_on() -> None:
    P = two_classes(np.linspace(0, 1, 200).tolist())
    pool = a_pool(np.zeros((201, 1)), P=P)
    STRATEGIES["stream"].call(pool, 40, np.random.default_rng(0))
    first = pool.kept["threshold"]
    STRATEGIES["stream"].call(pool, 40, np.random.default_rng(0))
    assert first < 1
    assert pool.kept["threshold"] != first


class Step:
    """A model that answers 1 from a place on, and 0 before."""

    def __init__(self, place: float) -> None:
        self.place = place

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return np.eye(2)[(X[:, 0] >= self.place).astype(int)]


@shows("synthesis")
def nearest_to_where_the_answer_turns_by_hand(call: Strategy) -> None:
    """Labels at -4 and 4, the answer turns at 1: the candidates lie .1, .2, 1, 2 and 4 from there."""
    pool = a_pool([[-4], [4], [0.9], [1.2], [2], [3], [-3]], 2, labels=[0, 1], model=Step(1))
    always(call, pool, [0, 1, 2, 3, 4])
    # A model that gives both the same answer says nothing: the middle, 0, is nearest to .9.
    always(call, replace(pool, model=Step(9)), [0, 1, 2])
    always(call, replace(pool, model=Step(-3)), [4, 0, 1, 2, 3])


@shows("synthesis")
def invented_items_lie_between_the_classes(call: Strategy) -> None:
    rng = np.random.default_rng(7)
    X = rng.uniform(-1, 1, (330, 3))
    labels = (X[:30, 0] > 0).astype(int)
    models = trained(X, np.arange(30), labels, 2)
    doubt = margin_score(probabilities(models["model"], X[30:], 2))
    for rows in (X, csr_array(X)):
        pool = a_pool(rows, 30, labels=labels, **models)
        for seed in range(5):
            assert doubt[call(pool, 20, np.random.default_rng(seed))].mean() > doubt.mean() + doubt.std()


@shows("bandit")
def the_arm_that_finds_mistakes_gets_more_of_the_picks(call: Strategy) -> None:
    """The model is wrong about the 200 rows it doubts and right about the other 400, which lie farther out."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(630, 2))
    X[230:] *= 5
    P = two_classes([0.9] * 200 + [0.1] * 400)
    truth = np.concatenate([np.zeros(30, dtype=int), np.repeat([1, 0], [200, 400])])
    shares = []
    for seed in range(5):
        labeled, kept, draw, found = np.arange(30), {}, np.random.default_rng(seed), []
        for _ in range(5):
            rest = np.setdiff1d(np.arange(630), labeled)
            seen = Pool(X, labeled, truth[labeled], rest, partial(P.__getitem__, rest - 30), refuse, kept=kept)
            picks = rest[call(seen, 30, draw)]
            found.append((picks < 230).mean())
            labeled = np.concatenate([labeled, picks])
        shares.append(found)
    first, last = np.mean(shares, axis=0)[[0, -1]]
    assert last > first + 0.2


def test_the_weights_of_the_bandit_by_hand() -> None:
    """Four arms at .25 each. Two of margin's three picks were mistakes: its weight is e^(.2 / 4 x 2 / .25), by 1."""
    pool = a_pool(np.zeros((9, 1)), 5, labels=[0, 1, 1, 0, 0])
    rows, guessed = np.array([1, 2, 3, 4, 8]), np.array([0, 0, 0, 0, 0])
    arms = np.array([1, 1, 1, 0, 2])  # the last one is not labeled
    pool.kept["dealt"] = _Dealt(rows, arms, guessed, np.zeros(4), np.full(4, 0.25))
    np.testing.assert_allclose(_learned(pool), np.array([0, 0.4, 0, 0]) - 0.4)


# --- the tests --------------------------------------------------------------------------------------------------------

IDS = [f"{name}-{check.__name__}" for name, check in CHECKS]


@pytest.mark.parametrize(("name", "check"), CHECKS, ids=IDS)
def test_a_strategy_does_what_it_is_for(name: str, check: Check) -> None:
    check(STRATEGIES[name].call)


@pytest.mark.parametrize("check", dict.fromkeys(check for _, check in CHECKS), ids=lambda check: check.__name__)
def test_a_random_picker_fails_each_check(check: Check) -> None:
    with pytest.raises(AssertionError):
        check(STRATEGIES["random"].call)


def test_every_strategy_that_chooses_has_a_check() -> None:
    assert {name for name, _ in CHECKS} == {name for name in STRATEGIES if STRATEGIES[name].facts["adaptive"]}


ADAPTIVE = [name for name in STRATEGIES if name != "random"]


def odd_pools() -> dict[str, Pool]:
    """Pools as they come in practice: copies, empty rows, huge numbers, sure models, classes nobody has found."""
    rng = np.random.default_rng(0)
    X, P = rng.normal(size=(100, 5)), rng.dirichlet(np.ones(3), 80)
    members, labels = rng.dirichlet(np.ones(3), (5, 80)), rng.integers(3, size=20)
    plain = with_models(a_pool(X, 20, P, members, labels), 3)
    wide = np.zeros((80, 26))
    wide[:, [3, 7]] = rng.dirichlet(np.ones(2), 80)
    sparse = csr_array(np.where(rng.random((100, 40)) < 0.03, 1.0, 0.0))
    sure, every = np.eye(3)[P.argmax(axis=1)], np.full((80, 3), 1 / 3)
    pools = {
        "copies": replace(plain, X=X[np.arange(100) % 4]),
        "empty rows": replace(plain, X=sparse),
        "huge numbers": replace(plain, X=1e6 + X),
        "sure": replace(plain, probabilities=sure.copy, committee=lambda _: np.array([sure] * 5)),
        "no idea": replace(plain, probabilities=every.copy, committee=lambda _: np.array([every] * 5)),
        "two of 26 classes found": replace(
            plain, labels=rng.choice([3, 7], 20), probabilities=wide.copy, committee=lambda _: np.array([wide] * 5)
        ),
        "one class": replace(
            plain,
            labels=np.zeros(20, dtype=int),
            probabilities=lambda: np.ones((80, 1)),
            committee=lambda _: np.ones((5, 80, 1)),
        ),
        "no feature": replace(plain, X=np.zeros((100, 0))),
        "nothing labeled": replace(plain, labeled=plain.labeled[:0], labels=plain.labels[:0]),
    }
    made = {name: with_models(pool, pool.probabilities().shape[1]) for name, pool in pools.items()}
    return made | {"huge numbers": replace(made["huge numbers"], refit=plain.refit)}  # fits at that scale take seconds


def with_models(pool: Pool, n_classes: int) -> Pool:
    """The pool with models that were trained on its labels, and nothing kept from a batch before."""
    models = trained(pool.X, pool.labeled, pool.labels, n_classes)
    return replace(pool, **models, architectures=lambda: pool.committee(np.random.default_rng(0))[:3], kept={})


@pytest.mark.parametrize("pool", odd_pools().values(), ids=odd_pools())
@pytest.mark.parametrize("name", ADAPTIVE)
def test_an_odd_pool_gives_a_whole_batch(name: str, pool: Pool) -> None:
    for n in (1, 10, 79):
        picks = STRATEGIES[name].call(pool, n, np.random.default_rng(n))
        assert len(set(picks.tolist())) == n
        assert 0 <= picks.min() <= picks.max() < 80


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_batch_larger_than_the_pool_is_the_pool(name: str) -> None:
    picks = STRATEGIES[name].call(odd_pools()["copies"], 500, np.random.default_rng(0))
    assert sorted(picks.tolist()) == list(range(80))


class Refusing(csr_array):
    """Sparse features that may be multiplied and cut but not made dense, but for one row at a time."""

    def toarray(self, *args: Any, **settings: Any) -> np.ndarray:
        assert self.shape[1] != 777 or self.shape[0] == 1, "the features were made dense"
        return np.asarray(super().toarray(*args, **settings))


@pytest.mark.parametrize("name", STRATEGIES)
def test_sparse_features_stay_sparse_and_give_the_picks_of_dense_ones(name: str) -> None:
    rng = np.random.default_rng(2)
    X = np.where(rng.random((200, 777)) < 0.02, rng.random((200, 777)), 0.0)
    P, members = rng.dirichlet(np.ones(4), 150), rng.dirichlet(np.ones(4), (5, 150))
    dense = a_pool(X, 50, P, members, rng.integers(4, size=50))
    one, other = (
        STRATEGIES[name].call(pool, 30, np.random.default_rng(4)).tolist()
        for pool in (with_models(dense, 4), replace(with_models(replace(dense, X=csr_array(X)), 4), X=Refusing(X)))
    )
    assert one == other


# --- the same under another name --------------------------------------------------------------------------------------


def beliefs_of_trees(n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """(what a forest believes of 300 rows, what five parts of it believe)."""
    X, y = make_classification(400, 8, n_informative=5, n_classes=n_classes, random_state=1)
    model = ESTIMATORS["extra_trees"].call(0, False).fit(X[:100], y[:100])
    return model.predict_proba(X[100:]), model.members(X[100:], 5)


def test_every_declared_equality_is_one_the_task_knows() -> None:
    known = task(np.zeros((4, 1)), np.arange(4) % 2, own_committee=True).holds
    assert known == {"two_classes", "equal_costs", "no_groups", "own_committee"}
    declared = {(name, fact, other) for name in STRATEGIES for fact, other in STRATEGIES[name].facts["same_as"].items()}
    assert {fact for _, fact, _ in declared} == known
    assert declared == set(EQUAL)


EQUAL = [
    ("least_confidence", "two_classes", "margin"),
    ("entropy", "two_classes", "margin"),
    ("variation_ratio", "two_classes", "query_by_committee"),
    ("cost_sensitive", "equal_costs", "margin"),
    ("worst_group", "no_groups", "margin"),
    ("consensus_entropy", "own_committee", "entropy"),
]


@pytest.mark.parametrize(("name", "fact", "other"), EQUAL, ids=[f"{name}-{fact}" for name, fact, _ in EQUAL])
def test_strategies_declared_equal_pick_items_of_equal_score(name: str, fact: str, other: str) -> None:
    """The picks of one, scored by the other, are the other's own, whatever the order among equals."""
    P, members = beliefs_of_trees(2 if fact == "two_classes" else 4)
    groups = np.zeros(301, dtype=int)
    scores = {"margin": margin_score(P), "entropy": entropy_score(P), "query_by_committee": vote_entropy_score(members)}
    for costs in (None, 5 * (1 - np.eye(P.shape[1]))):
        pool = a_pool(np.zeros((301, 1)), P=P, committee=members, costs=costs, groups=groups)
        for n in (1, 20, 150):
            one, two = (STRATEGIES[some].call(pool, n, np.random.default_rng(n)) for some in (name, other))
            np.testing.assert_allclose(np.sort(scores[other][one]), np.sort(scores[other][two]), atol=1e-9)


def test_a_strategy_no_menu_has_stands_for_itself() -> None:
    """As in a worker process, when a person's own script registered it."""
    assert stands_for("my_own", {"two_classes"}) == "my_own"
    assert stands_for("entropy", {"two_classes"}) == stands_for("consensus_entropy", {"own_committee", "two_classes"})


# --- in a replay ------------------------------------------------------------------------------------------------------


def a_task(n_classes: int) -> Task:
    X, y = make_classification(300, 6, n_informative=5, n_redundant=0, n_classes=n_classes, random_state=2)
    return task(X, y, folds=2, repeats=1, first=30, growth=2.0)


def walked(of: Task, strategy: Strategy, model: str = "logistic_regression", name: str = "probe") -> Trace:
    return simulate(of, {name: strategy}, ESTIMATORS[model].call, [Run(name, 0, 0, 150)])[0]


def test_the_committee_of_kinds_is_three_models_of_their_own() -> None:
    """Logistic regression as in the pilot, the naive Bayes of the menu, and fifty grown trees."""
    of, seen = a_task(3), []

    def probe(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        rows, y = np.sort(pool.labeled), pool.labels[np.argsort(pool.labeled)]
        linear, bayes, trees = pool.architectures()
        X = pool.X[pool.candidates]
        by_hand = ESTIMATORS["naive_bayes"].call(0, False).fit(pool.X[rows], y)
        np.testing.assert_allclose(bayes, by_hand.predict_proba(X), atol=1e-9)
        np.testing.assert_allclose(linear, pool.probabilities(), atol=1e-3)
        assert set(np.unique(np.round(trees * 50, 9) % 1)) == {0.0}  # votes of fifty grown trees
        seen.append(len(rows))
        return rng.permutation(len(pool.candidates))[:n]

    walked(of, probe)
    assert seen == [30, 60]


def test_trying_an_answer_trains_the_model_of_the_pilot_with_it() -> None:
    of, seen = a_task(3), []

    def probe(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        tried, rows = pool.candidates[[4]], pool.candidates[:9]
        by_hand = ESTIMATORS["logistic_regression"].call(0, False)
        by_hand.fit(pool.X[np.concatenate([pool.labeled, tried])], np.concatenate([pool.labels, [2]]))
        found = pool.refit(tried, np.array([2]), rows)
        np.testing.assert_allclose(found, by_hand.predict_proba(pool.X[rows]), atol=1e-3)
        assert np.abs(found - pool.probabilities()[:9]).max() > 0.001
        seen.append(len(rows))
        return rng.permutation(len(pool.candidates))[:n]

    walked(of, probe)
    assert seen == [9, 9]


def test_costs_and_groups_of_the_task_reach_the_strategies() -> None:
    costs = np.array([[0, 1, 1], [20, 0, 1], [20, 1, 0.0]])
    groups = np.random.default_rng(0).integers(3, size=300)
    plain, margin = a_task(3), STRATEGIES["margin"].call
    for name, changed in {"cost_sensitive": {"costs": costs}, "worst_group": {"groups": groups, "n_groups": 3}}.items():
        call, of = STRATEGIES[name].call, replace(plain, **changed)
        assert stands_for(name, plain.holds) == "margin"
        assert stands_for(name, of.holds) == name
        assert walked(plain, call).picked.tolist() == walked(plain, margin).picked.tolist()
        assert walked(of, call).picked.tolist() != walked(of, margin).picked.tolist()


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_forest_is_its_own_committee_so_that_shared_doubt_is_its_entropy(n_classes: int) -> None:
    """Both strategies are shown every pool: their scores agree, and the picks but for the order among equals."""
    of, seen = a_task(n_classes).with_model("extra_trees", ""), []

    def probe(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        ours = consensus_entropy_score(pool.committee(rng))
        np.testing.assert_allclose(ours, entropy_score(pool.probabilities()), atol=1e-9)
        seen.append(n)
        return rng.permutation(len(pool.candidates))[:n]

    walked(of, probe, "extra_trees")
    assert seen == [30, 60]
    assert stands_for("consensus_entropy", of.holds) == stands_for("entropy", of.holds)
    linear = of.with_model("logistic_regression", "")
    assert stands_for("consensus_entropy", linear.holds) == "consensus_entropy"


# --- the tools under them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [5, 40])
def test_groups_are_as_tight_as_those_of_scikit_learn(k: int) -> None:
    rng = np.random.default_rng(1)
    X, weights = rng.normal(size=(600, 5)), rng.random(600)
    ours = [k_means_groups(X, k, np.random.default_rng(seed), weights).distance @ weights for seed in range(5)]
    theirs = [KMeans(k, n_init=1, random_state=seed).fit(X, sample_weight=weights).inertia_ for seed in range(5)]
    assert np.mean(ours) < 1.05 * np.mean(theirs)


def test_groups_far_from_the_origin_are_those_around_it() -> None:
    """In single precision alone, rows a thousand away would be as near to one another as it can tell."""
    X = np.random.default_rng(1).normal(size=(600, 5))
    near, far = (k_means_groups(X + shift, 8, np.random.default_rng(2)) for shift in (0, 2.0**10))
    assert far.of.tolist() == near.of.tolist()


def test_the_most_central_rows_are_the_nearest_to_each_mean() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(600, 5))
    groups = k_means_groups(X, 30, rng)
    apart = cdist(X, np.array([X[groups.of == group].mean(axis=0) for group in range(30)]), "sqeuclidean")
    own = apart[np.arange(600), groups.of]
    nearest = {int(np.flatnonzero(groups.of == group)[own[groups.of == group].argmin()]) for group in range(30)}
    picks = groups.central(30, rng)
    assert set(picks.tolist()) == nearest
    assert (np.diff(groups.sizes[groups.of[picks]]) <= 0).all()
    assert set(groups.central(12, rng).tolist()) <= nearest


def test_a_group_is_the_nearest_center_and_there_are_no_more_than_distinct_rows() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(7, 3))[np.arange(300) % 7]
    groups = k_means_groups(X, 50, rng)
    assert len(groups.sizes) == 7
    np.testing.assert_allclose(groups.distance, 0, atol=1e-12)
    assert len({(of, row) for of, row in zip(groups.of.tolist(), np.arange(300) % 7, strict=True)}) == 7


def test_groups_of_a_large_pool_are_found_on_a_part_of_it_and_hold_all() -> None:
    rng = np.random.default_rng(1)
    groups = k_means_groups(rng.normal(size=(12_000, 2)), 2000, rng)
    assert len(groups.of) == 12_000
    assert 0.9 * MOST_GROUPS < len(groups.sizes) <= MOST_GROUPS


def test_central_rows_come_group_by_group() -> None:
    """Groups 0 to 4 and 10 to 12, means 2 and 11: the middles, the larger group's first, then the seconds."""
    X = np.array([[0], [1], [2], [3], [4], [10], [11], [12]], dtype=float) * [[1.0]]
    picks = k_means_groups(X, 2, np.random.default_rng(0)).central(4, np.random.default_rng(0)).tolist()
    assert picks[:2] == [2, 6]
    assert picks[2] in (1, 3)
    assert picks[3] in (5, 7)


def test_mean_distance_to_the_nearest_by_hand() -> None:
    X = np.array([[0.0], [1], [3], [7]])
    found = mean_to_nearest(X, np.array([0, 2]), np.arange(4), 2)
    assert found == pytest.approx([(1 + 3) / 2, (2 + 3) / 2])
    assert mean_to_nearest(X, np.array([1]), np.array([1]), 5).tolist() == [0]


def test_weight_of_outliers_by_hand() -> None:
    """Median 3, absolute deviations 2, 1, 0, 1, 10 with median 1."""
    expected = [1, 1, 1, 1 / (1 + 1 / 1.4826), 1 / (1 + 10 / 1.4826)]
    np.testing.assert_allclose(inlier_weight(np.array([1.0, 2, 3, 4, 13])), expected)
    np.testing.assert_allclose(inlier_weight(np.array([2.0, 2, 2, 2, 12])), [1, 1, 1, 1, 1 / 6])  # mean deviation 2
    assert inlier_weight(np.full(4, 2.0)).tolist() == [1] * 4


def test_nothing_is_drawn_twice_even_among_copies() -> None:
    picks = draw_apart(np.zeros(6), 6, distances_of(np.zeros((6, 1))), np.random.default_rng(0))
    assert sorted(picks.tolist()) == list(range(6))
