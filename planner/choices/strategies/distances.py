"""Distances between rows, dense or sparse, in memory that grows with the rows and never with their square."""

from typing import Any

import numpy as np
from scipy.sparse import issparse

from planner.choices.strategies.pool import Pool

BLOCK = 2**18  # distances held at once, 2 MB: they stay in the cache, and memory does not grow with the pool
CHUNK = 2**12  # rows at a time
STRETCH = 128  # chances summed together where one position is drawn
SHORTLIST = 256  # rows looked at together for the next picks: their distances to each other are few and cheap
EACH = 8  # of them for each pick to come: more never spared a round among 16,000 normal rows of 3 to 200 columns


def square_norms(X: Any) -> np.ndarray:
    """Squared length of each row, (n,)."""
    squares = X.multiply(X).sum(axis=1) if issparse(X) else np.einsum("ij,ij->i", X, X)
    return np.asarray(squares, dtype=float).ravel()


def products(X: Any, Y: Any) -> np.ndarray:
    """Inner products of the rows of X with the rows of Y, (n, m), dense."""
    made = X @ Y.T
    return np.asarray(made.toarray() if issparse(made) else made)


class Distances:
    """Squared distances between rows of X: all of them, or those at `rows`, which come in an order of their own.

    Nothing is copied out of X: products with all of it cost less than picking out most of its rows.
    """

    def __init__(self, X: Any, rows: np.ndarray | None = None, square: np.ndarray | None = None) -> None:
        self.X, self.rows = X, rows
        self.squares = square_norms(X) if square is None else square  # of all of X

    @property
    def square(self) -> np.ndarray:
        """Squared length of each row, (n,)."""
        return self.squares if self.rows is None else self.squares[self.rows]

    def crossed(self, some: np.ndarray, others: np.ndarray | slice) -> np.ndarray:
        """-2 times the inner products of rows of X with rows of X, (some, others)."""
        everything = isinstance(others, slice) and others == slice(None)  # cutting sparse rows copies them
        return products(-2 * self.X[some], self.X if everything else self.X[others])

    def apart(self, some: np.ndarray, others: np.ndarray | slice) -> np.ndarray:
        """Squared distance of rows of X to rows of X, (some, others)."""
        apart = self.crossed(some, others)
        apart += self.squares[some][:, None]
        apart += self.squares[others][None, :]
        return np.asarray(np.maximum(apart, 0, out=apart))

    def between(self, some: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Squared distance of each of some rows to each of others, (some, others)."""
        return self.apart(self._at(some), self._at(others))

    def __call__(self, row: int) -> np.ndarray:
        """Squared distance of every row to one, (n,)."""
        apart = self.apart(self._at(np.array([row])), slice(None))[0]
        return np.asarray(apart if self.rows is None else apart[self.rows])

    @property
    def dear(self) -> bool:
        """Whether a product with all rows costs much more than one with a few of them: sparse rows have no BLAS."""
        return bool(issparse(self.X))

    def bring_some(self, nearest: np.ndarray, some: np.ndarray, rows: np.ndarray) -> None:
        """Lower `nearest`, (n,), at `some` only, to the distance of the nearest of `rows` where that is less."""
        step = BLOCK // len(some)
        for start in range(0, len(rows), step):
            apart = self.between(some, rows[start : start + step])
            nearest[some] = np.minimum(nearest[some], apart.min(axis=1))

    def bring(self, nearest: np.ndarray, rows: np.ndarray) -> None:
        """Lower `nearest`, (n,), to the distance of the nearest of `rows` where that is less."""
        found, rows = np.empty(self.X.shape[0]), self._at(rows)
        for start in range(0, len(found), CHUNK):
            here = slice(start, start + CHUNK)
            found[here] = np.inf
            for first in range(0, len(rows), BLOCK // CHUNK):
                to = rows[first : first + BLOCK // CHUNK]
                apart = self.crossed(to, here)
                apart += self.squares[to][:, None]
                np.minimum(found[here], apart.min(axis=0), out=found[here])
            found[here] += self.squares[here]
        np.maximum(found, 0, out=found)
        np.minimum(nearest, found if self.rows is None else found[self.rows], out=nearest)

    def _at(self, some: np.ndarray) -> np.ndarray:
        return some if self.rows is None else self.rows[some]


class GradientDistances(Distances):
    """Squared distances between the products a x' of the rows of A and X, none of which is built."""

    def __init__(self, A: np.ndarray, X: Any, rows: np.ndarray | None = None, square: np.ndarray | None = None) -> None:
        super().__init__(X, rows, square)
        self.A = A
        self.squares = self.squares * square_norms(A)

    def crossed(self, some: np.ndarray, others: np.ndarray | slice) -> np.ndarray:
        """-2 (a.a')(x.x'), (some, others)."""
        apart = super().crossed(some, others)
        apart *= self.A[some] @ self.A[others].T
        return apart


def among(pool: Pool, rows: np.ndarray) -> tuple[Any, np.ndarray | None, np.ndarray]:
    """(X, positions in it or None for all of it, squared lengths of its rows) for distances between rows of a pool."""
    square = squares_kept(pool)
    if 2 * len(rows) > len(square) and not issparse(pool.X):
        return pool.X, rows, square
    return pool.X[rows], None, square[rows]


def squares_kept(pool: Pool) -> np.ndarray:
    """Squared length of each row of the pool, (m,), found once in a run."""
    if "square" not in pool.kept:
        pool.kept["square"] = square_norms(pool.X)
    return np.asarray(pool.kept["square"])


def distances_of(X: Any) -> Distances:
    """Position of a row of X -> squared distance of every row of X to it."""
    return Distances(X)


def distance_to_labeled(pool: Pool, X: Any) -> np.ndarray:
    """Squared distance of each row of X to the nearest labeled row of the pool, (n,); infinite without one."""
    return _distance_to(pool.X, pool.labeled, X, np.arange(X.shape[0]))


def _distance_to(others: Any, labeled: np.ndarray, X: Any, rows: np.ndarray) -> np.ndarray:
    """Squared distance of rows of X to the nearest of `labeled` among the others, (rows,)."""
    nearest = np.full(len(rows), np.inf)
    for start in range(0, len(rows) if len(labeled) else 0, CHUNK):
        here = X[rows[start : start + CHUNK]]
        least = np.full(here.shape[0], np.inf)
        for first in range(0, len(labeled), BLOCK // CHUNK):
            L = others[labeled[first : first + BLOCK // CHUNK]]
            apart = products(-2 * L, here)
            apart += square_norms(L)[:, None]
            np.minimum(least, apart.min(axis=0), out=least)
        nearest[start : start + CHUNK] = np.maximum(least + square_norms(here), 0)
    return nearest


def distance_kept(pool: Pool, rows: np.ndarray) -> np.ndarray:
    """Squared distance of rows of the pool to the nearest labeled one, (n,), from what the batches before have kept.

    Only rows that were labeled since are compared with. `keep_distance` spares the comparison with a strategy's own.
    """
    size = pool.X.shape[0]
    nearest, counted = pool.kept.get("nearest", np.full(size, np.inf)), pool.kept.get("counted", np.zeros(size, bool))
    if counted[pool.candidates].any():  # picks that were not labeled after all
        nearest, counted = np.full(size, np.inf), np.zeros(size, bool)
    new = pool.labeled[~counted[pool.labeled]]
    if len(new):
        to_new = _distance_to(pool.X, new, pool.X, pool.candidates)
        nearest[pool.candidates] = np.minimum(nearest[pool.candidates], to_new)
    counted[new] = True
    pool.kept["nearest"], pool.kept["counted"] = nearest, counted
    return np.asarray(nearest[rows])


def keep_distance(pool: Pool, rows: np.ndarray, nearest: np.ndarray, picks: np.ndarray) -> None:
    """Keep for the next batch what `rows` are from the nearest labeled or picked row, when all `picks` get labels."""
    pool.kept["nearest"][rows] = nearest
    pool.kept["counted"][rows[picks]] = True


def farthest(nearest: np.ndarray, n: int, distances: Distances) -> np.ndarray:
    """n positions one after the other, each the farthest from what is there and from those before, (n,).

    `nearest` holds the squared distances to what is there and is brought down to the picks. Distances only fall, so
    picks among the farthest few are right for as long as one of them is farther than all the others were: then all
    rows are brought down to a block of picks in one product, many times quicker than row by row.
    """
    picks = np.empty(n, dtype=int)
    done = 0
    while done < n:
        short, bound = _largest(nearest, min(SHORTLIST, EACH * (n - done)))
        local, apart = nearest[short], distances.between(short, short)
        new: list[int] = []
        while done + len(new) < n:
            best = int(local.argmax())
            if new and (local[best] < bound or local[best] == -np.inf):
                break
            new.append(best)
            np.minimum(local, apart[best], out=local)
            local[new[-1]] = -np.inf  # never picked twice, even when the rest are copies
        block = short[new]
        picks[done : done + len(block)] = block
        done += len(block)
        distances.bring(nearest, block)
        nearest[block] = -np.inf
    return picks


def _largest(values: np.ndarray, count: int) -> tuple[np.ndarray, float]:
    """(positions of the largest in rising order, the largest of the rest)."""
    if len(values) <= count:
        return np.arange(len(values)), -np.inf
    order = np.argpartition(values, len(values) - count - 1)
    cut = len(values) - count
    return np.sort(order[cut:]), float(values[order[cut - 1]])


def mean_to_nearest(X: Any, rows: np.ndarray, among: np.ndarray, neighbors: int) -> np.ndarray:
    """Mean distance of each of `rows` to its nearest ones in `among`, itself left out, (len(rows),)."""
    neighbors = min(neighbors, len(among) - 1)
    if neighbors < 1:
        return np.zeros(len(rows))
    A = X[among]
    square, found = square_norms(A), np.empty(len(rows))
    for start in range(0, len(rows), 1024):
        here = rows[start : start + 1024]
        B = X[here]
        distance = square_norms(B)[:, None] + square[None, :] - 2 * products(B, A)
        distance[here[:, None] == among[None, :]] = np.inf
        near = np.partition(distance, neighbors - 1, axis=1)[:, :neighbors]
        found[start : start + 1024] = np.sqrt(np.maximum(near, 0)).mean(axis=1)
    return found


def draw_apart(
    nearest: np.ndarray, n: int, distances: Distances, rng: np.random.Generator, weights: np.ndarray | None = None
) -> np.ndarray:
    """n positions, each drawn with a chance in proportion to its squared distance to the nearest one drawn before.

    `nearest` holds the squared distances to what is there already, infinite where there is nothing and negative for a
    row that is taken. No position is drawn twice: when only copies are left, any of them follows. Distances only fall,
    so a row drawn by its earlier chance and kept with the share of it that is left has been drawn by its chance now:
    a block of rows is drawn at once, and where distances are dear the other rows keep their earlier chances until half
    of the draws are lost by it.
    """
    left = nearest.copy()
    picks = np.empty(n, dtype=int)
    done = told = 0  # picks, and how many of them all rows have been brought down to
    while done < n:
        some = drawn(_chance(left, weights), 1 if np.isinf(left).any() else min(SHORTLIST, 2 * (n - done)), rng)
        before = np.maximum(left[some], 0)
        distances.bring_some(left, some, picks[told:done])
        keep = rng.random(len(some)) * before
        new, looked = _still_drawn(some, left[some], distances.between(some, some), keep, n - done, told == done)
        block = some[new]
        picks[done : done + len(block)] = block
        done += len(block)
        if not distances.dear or 2 * len(new) <= looked or np.isinf(left).any():
            distances.bring(left, picks[told:done])
            told = done
        left[block] = -1
    return picks


def _still_drawn(
    some: np.ndarray, local: np.ndarray, apart: np.ndarray, keep: np.ndarray, most: int, first: bool
) -> tuple[list[int], int]:
    """(places in `some` that are picked, how many were looked at): those still farther than `keep`, one by one.

    `local` is how far each is from what is there, `apart` from the others; with `first` the first of them is picked.
    """
    new: list[int] = []
    for place in range(len(some)):
        if (new or not first) and not (local[place] > 0 and keep[place] < local[place]):
            continue
        new.append(place)
        local = np.minimum(local, apart[place])
        local[some == some[place]] = -1
        if len(new) == most:
            return new, place + 1
    return new, len(some)


def drawn(chance: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Positions drawn by chance, with replacement."""
    summed = np.cumsum(chance)
    found = np.searchsorted(summed, rng.random(count) * summed[-1], side="right")
    over = found == len(chance)  # by rounding
    return np.asarray(np.where(over, np.flatnonzero(chance)[-1], found) if over.any() else found)


def one_drawn(chance: np.ndarray, rng: np.random.Generator) -> int:
    """A position drawn by chance: first its stretch, then it. A running sum over all takes several times as long."""
    stretch = STRETCH * int(drawn(np.add.reduceat(chance, np.arange(0, len(chance), STRETCH)), 1, rng)[0])
    return stretch + int(drawn(chance[stretch : stretch + STRETCH], 1, rng)[0])


def _chance(left: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    free = left >= 0
    far = np.isinf(left) if np.isinf(left).any() else np.where(free, left, 0.0)
    chance = far if weights is None else far * weights
    return chance if chance.sum() > 0 else free.astype(float)
