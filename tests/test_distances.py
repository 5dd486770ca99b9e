"""Distances in blocks against the same thing row by row."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist

from planner.choices.strategies import STRATEGIES, Pool
from planner.choices.strategies.distances import (
    Distances,
    GradientDistances,
    distance_to_labeled,
    distances_of,
    draw_apart,
    farthest,
    one_drawn,
)


def rows(n: int = 900, d: int = 3, seed: int = 0) -> np.ndarray:
    """Few columns, so that a pick brings many others near: the hard case for picks made together."""
    return np.random.default_rng(seed).normal(size=(n, d))


def pool(X, labeled: np.ndarray, **more) -> Pool:
    candidates = np.setdiff1d(np.arange(X.shape[0]), labeled)
    return Pool(X, labeled, np.zeros(len(labeled), dtype=int), candidates, lambda: None, lambda _: None, **more)


def one_by_one(nearest: np.ndarray, n: int, apart: np.ndarray) -> list[int]:
    nearest, picks = nearest.copy(), []
    for _ in range(n):
        picks.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, apart[picks[-1]])
        nearest[picks[-1]] = -np.inf
    return picks


@pytest.mark.parametrize("d", [1, 2, 20])
@pytest.mark.parametrize("n", [1, 300, 890])
def test_farthest_rows_found_in_blocks_are_those_found_one_by_one(d, n):
    X = rows(d=d)
    apart = cdist(X, X, "sqeuclidean")
    nearest = apart[:, :10].min(axis=1)
    left = nearest.copy()
    assert farthest(left, n, distances_of(X)).tolist() == one_by_one(nearest, n, apart)


def test_farthest_rows_lower_the_distances_to_those_picked():
    X = rows()
    apart = cdist(X, X, "sqeuclidean")
    nearest = apart[:, :10].min(axis=1)
    picks = farthest(nearest, 200, distances_of(X))
    others = np.setdiff1d(np.arange(len(X)), picks)
    expected = np.minimum(apart[:, :10].min(axis=1), apart[:, picks].min(axis=1))
    np.testing.assert_allclose(nearest[others], expected[others], atol=1e-9)


def test_copies_are_picked_once_each():
    X = np.zeros((400, 2))
    assert sorted(farthest(np.zeros(400), 400, distances_of(X)).tolist()) == list(range(400))


@pytest.mark.parametrize("made", [np.asarray, csr_array])
def test_distances_are_those_of_scipy(made):
    X = rows(200) * (rows(200, seed=1) > 0)
    apart = cdist(X, X, "sqeuclidean")
    of = distances_of(made(X))
    np.testing.assert_allclose(of(7), apart[7], atol=1e-9)
    np.testing.assert_allclose(
        of.between(np.array([1, 5]), np.array([3, 4, 5])), apart[[1, 5]][:, [3, 4, 5]], atol=1e-9
    )
    nearest = np.full(200, np.inf)
    of.bring(nearest, np.arange(30))
    np.testing.assert_allclose(nearest, apart[:30].min(axis=0), atol=1e-9)


@pytest.mark.parametrize("made", [np.asarray, csr_array])
def test_distances_between_rows_that_are_not_copied_out_are_those_of_the_copies(made):
    X, some = made(rows(200, 6)), np.random.default_rng(3).permutation(200)[:150]
    there, copied = Distances(X, some), Distances(X[some])
    np.testing.assert_allclose(there(7), copied(7), atol=1e-12)
    np.testing.assert_allclose(there.square, copied.square)
    np.testing.assert_allclose(
        there.between(some[:9] % 150, np.arange(40)), copied.between(some[:9] % 150, np.arange(40))
    )
    nearest, expected = np.full(150, np.inf), np.full(150, np.inf)
    there.bring(nearest, np.arange(100))
    copied.bring(expected, np.arange(100))
    np.testing.assert_allclose(nearest, expected, atol=1e-12)
    assert farthest(nearest, 40, there).tolist() == farthest(expected, 40, copied).tolist()


def test_distances_of_gradients_are_those_of_the_products_themselves():
    A, X = rows(60, 4), rows(60, 5, 1)
    built = np.einsum("ia,ib->iab", A, X).reshape(60, -1)
    of = GradientDistances(A, X)
    np.testing.assert_allclose(of(3), cdist(built[[3]], built, "sqeuclidean")[0], atol=1e-9)
    np.testing.assert_allclose(of.square, (built**2).sum(axis=1))
    some = np.random.default_rng(3).permutation(60)[:40]
    there = GradientDistances(A, X, some, (X**2).sum(axis=1))
    np.testing.assert_allclose(there(3), cdist(built[some[[3]]], built[some], "sqeuclidean")[0], atol=1e-9)
    np.testing.assert_allclose(there.square, (built[some] ** 2).sum(axis=1))


def test_one_position_is_drawn_by_its_chance() -> None:
    """Over stretches of which some hold nothing: the counts against the chances, within 4.5 standard errors."""
    rng, draws = np.random.default_rng(0), 20_000
    chance = np.where(rng.random(500) < 0.1, rng.random(500), 0.0)
    chance[128:256] = 0
    counts = np.bincount([one_drawn(chance, rng) for _ in range(draws)], minlength=500) / draws
    expected = chance / chance.sum()
    assert (np.abs(counts - expected) <= 4.5 * np.sqrt(expected * (1 - expected) / draws)).all()
    assert one_drawn(np.array([0.0, 2.0]), rng) == 1


@pytest.mark.parametrize("made", [np.asarray, csr_array])
def test_rows_drawn_in_blocks_follow_the_law_of_rows_drawn_one_by_one(made):
    """The chance of each ordered triple of picks after the first, by hand: D^2 over its sum, three times."""
    X, draws = rows(5, 2), 20_000
    apart = cdist(X, X, "sqeuclidean")
    expected = np.zeros((5, 5, 5))
    first = apart[0]
    for i, j, k in permutations(range(1, 5), 3):
        second = np.minimum(first, apart[i])
        third = np.minimum(second, apart[j])
        expected[i, j, k] = first[i] / first.sum() * second[j] / second.sum() * third[k] / third.sum()
    counts = np.zeros((5, 5, 5))
    nearest = first.copy()
    nearest[0] = -1
    of = distances_of(made(X))
    for seed in range(draws):
        counts[tuple(draw_apart(nearest, 3, of, np.random.default_rng(seed)))] += 1
    spread = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(counts / draws - expected) <= 4.5 * spread + 1e-12).all()


@pytest.mark.parametrize("n", [3, 300, 880])
def test_rows_drawn_while_others_keep_an_earlier_chance_are_distinct_and_far_apart(n):
    """Sparse rows are brought down late: the picks are still spread as those of the dense rows, and never twice."""
    X = rows(d=20) * (rows(d=20, seed=1) > 0)
    nearest, spread = cdist(X, X[:10], "sqeuclidean").min(axis=1), {}
    for made in (np.asarray, csr_array):
        found = []
        for seed in range(5):
            picks = draw_apart(nearest, n, distances_of(made(X)), np.random.default_rng(seed))
            assert len(set(picks.tolist())) == n
            found.append(nearest[picks].mean())
        spread[made] = np.mean(found), np.std(found) / np.sqrt(5)
    (dense, sd), (sparse, other) = spread.values()
    assert abs(dense - sparse) <= 4.5 * np.hypot(sd, other) + 1e-9


@pytest.mark.parametrize("made", [np.asarray, csr_array])
@pytest.mark.parametrize("name", ["k_center", "k_means_plus_plus"])
def test_distances_kept_from_batch_to_batch_change_no_pick(name, made):
    X, kept = made(rows()), {}
    labeled = np.arange(10)
    for batch in range(4):
        with_memory = STRATEGIES[name].call(pool(X, labeled, kept=kept), 60, np.random.default_rng(batch))
        fresh = pool(X, labeled)
        assert with_memory.tolist() == STRATEGIES[name].call(fresh, 60, np.random.default_rng(batch)).tolist()
        extra = np.setdiff1d(np.arange(len(fresh.candidates)), with_memory)[:7]  # bought for another reason
        labeled = np.concatenate([labeled, fresh.candidates[with_memory], fresh.candidates[extra]])


def test_picks_that_were_not_labeled_after_all_are_forgotten():
    X, kept = rows(), {}
    before = pool(X, np.arange(10), kept=kept)
    STRATEGIES["k_center"].call(before, 60, np.random.default_rng(0))
    after = replace(before, labeled=np.arange(20), candidates=np.arange(20, 900))
    again = STRATEGIES["k_center"].call(after, 60, np.random.default_rng(1))
    fresh = STRATEGIES["k_center"].call(replace(after, kept={}), 60, np.random.default_rng(1))
    assert again.tolist() == fresh.tolist()


def test_distance_to_labeled_is_scipys():
    X = rows()
    one = pool(X, np.arange(300))
    np.testing.assert_allclose(
        distance_to_labeled(one, X[300:]), cdist(X[300:], X[:300], "sqeuclidean").min(axis=1), atol=1e-9
    )
