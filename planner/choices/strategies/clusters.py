"""Groups of rows that lie together, by k-means with sparse rows kept sparse and any number of copies allowed.

scikit-learn's k-means warns when it is asked for more groups than there are distinct rows; here there are then fewer
groups, and nothing to warn of.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csc_array, issparse

from planner.choices.strategies.distances import distances_of, draw_apart, products, square_norms

MOST_GROUPS = 500
MOST_ROWS = 10_000  # centers of larger pools are found on so many rows drawn at random
ROUNDS = 12  # the picks hardly change after; most pools settle earlier
BLOCK = 4096  # rows at a time, which bounds the memory on large pools
SETTLED = 1e-3  # share of rows that still change group at the end


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group each row is in and how far from its center."""

    of: np.ndarray  # (n,) group of each row, 0..k-1, none of them empty
    distance: np.ndarray  # (n,) squared distance to the center

    @property
    def sizes(self) -> np.ndarray:
        """Rows of each group, (k,)."""
        return np.bincount(self.of)

    def central(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """n different rows: the one nearest to each center, large groups first, then the second nearest, and so on."""
        # The two rows of a pair are equally far from their center but for rounding: single precision calls it a tie.
        distance, sizes = self.distance.astype(np.float32), self.sizes
        near = np.arange(len(distance))
        if n <= len(sizes):  # only the nearest to each center may be among the n
            least = np.full(len(sizes), np.inf, dtype=np.float32)
            np.minimum.at(least, self.of, distance)
            near = np.flatnonzero(distance <= least[self.of])
        rank = ranks_within(self.of[near], distance[near], rng)
        shuffled = rng.permutation(len(rank))
        last = int(np.cumsum(np.bincount(rank)).searchsorted(n))
        shuffled = shuffled[rank[shuffled] <= last]  # only those that may be among the n are put in order
        order = np.lexsort((-sizes[self.of[near[shuffled]]], rank[shuffled]))
        return np.asarray(near[shuffled[order[:n]]])


def ranks_within(of: np.ndarray, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Place of each row in its group, from 0 for the smallest value, (n,); ties are broken at random."""
    shuffled = rng.permutation(len(of))
    order = shuffled[np.lexsort((values[shuffled], of[shuffled]))]
    sizes = np.bincount(of)
    ranks = np.empty(len(of), dtype=int)
    ranks[order] = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ranks


def k_means_groups(
    X: Any, k: int, rng: np.random.Generator, weights: np.ndarray | None = None, among: np.ndarray | None = None
) -> Groups:
    """At most k groups of the rows of X, fewer when there are fewer distinct rows or when k is over MOST_GROUPS.

    `weights`, none below 0, say how much each row pulls its center. Seeds are drawn far apart (k-means++). With
    `among`, positions in X, the rows are those, and never all copied out of X at once.
    """
    among = np.arange(X.shape[0]) if among is None else among
    n = len(among)
    weights = np.ones(n) if weights is None or not weights.any() else weights + 1e-9 * weights.max()
    chosen = np.sort(rng.choice(n, MOST_ROWS, replace=False)) if n > MOST_ROWS else np.arange(n)
    centers = _centers(X[among[chosen]], weights[chosen], min(k, MOST_GROUPS, len(chosen)), rng)
    of, distance = np.empty(n, dtype=int), np.empty(n)
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        here = X[among[block]]
        of[block], least = _nearest(here, centers)
        distance[block] = np.maximum(least + square_norms(here), 0)
    return Groups(_renumbered(of), distance)


def _centers(rows: Any, pull: np.ndarray, k: int, rng: np.random.Generator) -> Any:
    """At most k centers of some rows, (k, d), from seeds drawn far apart (k-means++) by Lloyd's rounds."""
    # Around their middle, no group moves by what single precision rounds off; a column a row is the quicker way round.
    middle = 0 if issparse(rows) else np.round(rows.mean(axis=0))  # whole, so that equal distances stay equal
    quick = rows if issparse(rows) else (rows - middle).astype(np.float32, order="F")
    centers = rows[draw_apart(np.full(len(pull), np.inf), k, distances_of(rows), rng, pull)]
    before = np.full(len(pull), -1)
    for _ in range(ROUNDS):
        of, _ = _nearest(quick, (centers - middle).astype(quick.dtype))
        if (of != before).mean() <= SETTLED:
            break
        before = of
        centers = _means(rows, of, pull)
    return centers


def _nearest(X: Any, centers: Any) -> tuple[np.ndarray, np.ndarray]:
    """(nearest center, squared distance to it less the squared length of the row) of each row."""
    square, doubled = square_norms(centers)[:, None].astype(centers.dtype), -2 * centers
    of, least = np.empty(X.shape[0], dtype=int), np.empty(X.shape[0])
    for start in range(0, X.shape[0], BLOCK):
        block = slice(start, start + BLOCK)
        # A center a row: the least of each column is found several times as quickly as that of each row.
        apart = products(doubled, X[block])
        apart += square
        least[block] = apart.min(axis=0)
        center, row = divmod(np.flatnonzero(apart == least[block]), apart.shape[1])
        of[block][row[::-1]] = center[::-1]  # the first of equals, written last
    return of, least


def _means(X: Any, of: np.ndarray, pull: np.ndarray) -> Any:
    """Weighted mean of the rows of each group that has any, (k, d), sparse when X is."""
    group = _renumbered(of)
    share = pull / np.bincount(group, weights=pull)[group]
    ends = np.arange(len(group) + 1)  # a column holds one share, in the row of its group
    return csc_array((share, group, ends), shape=(group.max() + 1, len(group))) @ X


def _renumbered(of: np.ndarray) -> np.ndarray:
    """Groups numbered from 0 in their order, those without rows left out; np.unique would sort all rows for it."""
    return np.asarray((np.cumsum(np.bincount(of) > 0) - 1)[of])
