"""Items that differ from one another and from what is labeled; no model is asked."""

import numpy as np

from planner.choices.strategies.clusters import MOST_GROUPS, k_means_groups, ranks_within
from planner.choices.strategies.distances import (
    Distances,
    among,
    distance_kept,
    draw_apart,
    farthest,
    keep_distance,
    mean_to_nearest,
)
from planner.choices.strategies.pool import STRATEGIES, Pool

NEIGHBORS = 20  # rows around an item that say how typical it is, as published
MOST_NEIGHBORS = 1000  # rows of a group that are searched for them
SMALL = 5  # rows of a group that counts as stray


@STRATEGIES.register(
    "k_center",
    "Farthest from labeled",
    source="Sener, Savarese 2018",
    adaptive=True,
    needs="features",
    when="Rare corners of the data must be covered, and rows far out are real.",
)
def k_center(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items farthest from everything labeled so far, one after the other, so that a batch spreads out."""
    shuffled = rng.permutation(len(pool.candidates))  # the first of several farthest rows is a random one of them
    rows = pool.candidates[shuffled]
    nearest = distance_kept(pool, rows)
    picks = farthest(nearest, min(n, len(rows)), Distances(*among(pool, rows)))
    keep_distance(pool, rows, nearest, picks)
    return np.asarray(shuffled[picks])


@STRATEGIES.register(
    "k_means_plus_plus",
    "Spread out by chance",
    source="Arthur, Vassilvitskii 2007",
    adaptive=True,
    needs="features",
    when="The pool has many distinct parts and few outliers.",
)
def k_means_plus_plus(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items drawn by chance, likelier the farther they are from everything labeled or drawn before.

    The chance is in proportion to the squared distance, as k-means++ draws its seeds.
    """
    nearest = distance_kept(pool, pool.candidates)
    return draw_apart(nearest, min(n, len(nearest)), Distances(*among(pool, pool.candidates)), rng)


@STRATEGIES.register(
    "k_means",
    "Group centers",
    source="Yuan, Lin, Boyd-Graber 2020",
    adaptive=True,
    needs="features",
    when="Batches are large and the pool falls into groups.",
)
def k_means(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """The most central item of each of as many groups as the batch has items."""
    return k_means_groups(pool.X, n, rng, among=pool.candidates).central(n, rng)


@STRATEGIES.register(
    "typiclust",
    "Typical items",
    source="Hacohen, Dekel, Weinshall 2022",
    adaptive=True,
    needs="features",
    when="The first labels, before the model's doubt means anything.",
)
def typiclust(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """The most typical item of each large group that has no label yet; meant for the first labels.

    Labels plus batch make as many groups by k-means (at most 500). The next pick is from the group with the fewest
    labels and picks, the largest of those, with five rows or fewer last; it is the row of the least mean distance to
    the 20 nearest of its group, or to half of it.
    """
    groups = k_means_groups(pool.X, min(len(pool.labeled) + n, MOST_GROUPS), rng)
    of, sizes = groups.of[pool.candidates], groups.sizes
    stray = np.zeros(len(of))  # mean distance to neighbors: the less, the more typical
    by_group = np.argsort(of, kind="stable")
    for here in np.split(by_group, np.flatnonzero(np.diff(of[by_group])) + 1):
        rows = pool.candidates[here]
        among = rows if len(rows) <= MOST_NEIGHBORS else rng.choice(rows, MOST_NEIGHBORS, replace=False)
        stray[here] = mean_to_nearest(pool.X, rows, among, min(NEIGHBORS, len(rows) // 2))
    labels = np.bincount(groups.of[pool.labeled], minlength=len(sizes))
    turn = labels[of] + ranks_within(of, stray, rng)
    shuffled = rng.permutation(len(of))
    keys = (-sizes[of], sizes[of] <= SMALL, turn)
    return shuffled[np.lexsort(tuple(key[shuffled] for key in keys))[:n]]
