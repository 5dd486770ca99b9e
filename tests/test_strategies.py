"""What each strategy is for, held so that a random picker fails it: examples worked by hand, oracles, properties."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.metrics.pairwise import cosine_similarity

from planner.choices.strategies import STRATEGIES, Pool, Strategy, entropy_score, margin_score
from planner.choices.strategies.clusters import MOST_GROUPS, k_means_groups
from planner.choices.strategies.distances import distances_of, draw_apart, mean_to_nearest
from planner.choices.strategies.hybrid import inlier_weight

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


def a_pool(X: Any, labeled: int = 1, P: Any = None, committee: Any = None, labels: Any = None) -> Pool:
    """A pool whose first rows are labeled and whose other rows, the candidates, have these probabilities."""
    rows = X if isinstance(X, csr_array) else np.array(X, dtype=float)
    return Pool(
        rows,
        np.arange(labeled),
        np.zeros(labeled, dtype=int) if labels is None else np.array(labels),
        np.arange(labeled, rows.shape[0]),
        refuse if P is None else lambda: np.array(P, dtype=float),
        refuse if committee is None else lambda _: np.array(committee, dtype=float),
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
    members = rng.dirichlet(np.ones(3), (5, 80))
    plain = a_pool(X, 20, P, members, rng.integers(3, size=20))
    wide = np.zeros((80, 26))
    wide[:, [3, 7]] = rng.dirichlet(np.ones(2), 80)
    sparse = csr_array(np.where(rng.random((100, 40)) < 0.03, 1.0, 0.0))
    sure, every = np.eye(3)[P.argmax(axis=1)], np.full((80, 3), 1 / 3)
    return {
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
        for pool in (dense, replace(dense, X=Refusing(X)))
    )
    assert one == other


# --- the tools under them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [5, 40])
def test_groups_are_as_tight_as_those_of_scikit_learn(k: int) -> None:
    rng = np.random.default_rng(1)
    X, weights = rng.normal(size=(600, 5)), rng.random(600)
    ours = [k_means_groups(X, k, np.random.default_rng(seed), weights).distance @ weights for seed in range(5)]
    theirs = [KMeans(k, n_init=1, random_state=seed).fit(X, sample_weight=weights).inertia_ for seed in range(5)]
    assert np.mean(ours) < 1.05 * np.mean(theirs)


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
