"""Distances between rows, dense or sparse, in memory that grows with the rows and never with their square."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse

from planner.choices.strategies.pool import Pool

BLOCK = 2**21  # distances held at once, 16 MB: bounds the memory on large pools

Distances = Callable[[int], np.ndarray]  # position of a row -> squared distance of every row to it, (n,)


def square_norms(X: Any) -> np.ndarray:
    """Squared length of each row, (n,)."""
    squares = X.multiply(X).sum(axis=1) if issparse(X) else np.einsum("ij,ij->i", X, X)
    return np.asarray(squares, dtype=float).ravel()


def products(X: Any, Y: Any) -> np.ndarray:
    """Inner products of the rows of X with the rows of Y, (n, m), dense."""
    made = X @ Y.T
    return np.asarray(made.toarray() if issparse(made) else made)


def row_products(X: Any, row: int) -> np.ndarray:
    """Inner products of every row of X with one of them, (n,)."""
    one = X[[row]].toarray().ravel() if issparse(X) else X[row]
    return np.asarray(X @ one)


def distances_of(X: Any) -> Distances:
    """Position of a row of X -> squared distance of every row of X to it."""
    square = square_norms(X)
    return lambda row: np.asarray(np.maximum(square + square[row] - 2 * row_products(X, row), 0))


def distance_to_labeled(pool: Pool, X: Any) -> np.ndarray:
    """Squared distance of each row of X to the nearest labeled row of the pool, (n,); infinite without one."""
    square = square_norms(X)
    nearest = np.full(len(square), np.inf)
    step = max(16, BLOCK // max(len(square), 1))
    for start in range(0, len(pool.labeled), step):
        L = pool.X[pool.labeled[start : start + step]]
        apart = products(X, L)
        apart *= -2
        apart += square_norms(L)
        np.minimum(nearest, apart.min(axis=1), out=nearest)
    return np.asarray(np.maximum(nearest + square, 0))


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
    row that is taken. No position is drawn twice: when only copies are left, any of them follows.
    """
    left = nearest.copy()
    picks = np.empty(n, dtype=int)
    for position in range(n):
        chance = _chance(left, weights)
        picks[position] = pick = rng.choice(len(left), p=chance / chance.sum())
        np.minimum(left, distances(pick), out=left)
        left[pick] = -1
    return picks


def _chance(left: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    free = left >= 0
    far = np.isinf(left) if np.isinf(left).any() else np.where(free, left, 0.0)
    chance = far if weights is None else far * weights
    return chance if chance.sum() > 0 else free.astype(float)
