"""Sums and maxima over the classes of a row, for the few classes there are: numpy reduces a short last axis slowly.

The numbers are those of numpy, to the bit.
"""

from collections.abc import Callable

import numpy as np

FEW = 32  # columns up to which it is quicker to go by columns
IN_ORDER = 8  # columns below which numpy adds one after the other, as columns are added here
BLOCK = 2048  # rows at a time: they stay in the cache


def highest(P: np.ndarray) -> np.ndarray:
    """The largest value of each row, (n,)."""
    if P.shape[1] > FEW:
        return np.asarray(P.max(axis=1))
    return np.asarray(np.ascontiguousarray(P.T).max(axis=0))


def lead(P: np.ndarray) -> np.ndarray:
    """The largest value of each row less the second largest, (n,); of two columns or more."""
    found = np.empty(len(P))
    for start in range(0, len(P), BLOCK):
        columns = np.ascontiguousarray(P[start : start + BLOCK].T)
        first, second = np.maximum(columns[0], columns[1]), np.minimum(columns[0], columns[1])
        for column in columns[2:]:
            np.maximum(second, np.minimum(first, column), out=second)
            np.maximum(first, column, out=first)
        np.subtract(first, second, out=found[start : start + BLOCK])
    return found


def summed(A: np.ndarray) -> np.ndarray:
    """The sum over the last axis."""
    if A.ndim != 2 or A.shape[1] >= IN_ORDER:
        return np.asarray(A.sum(axis=-1))
    return np.asarray(np.ascontiguousarray(A.T).sum(axis=0))


def in_blocks(score: Callable[..., np.ndarray], *beside: np.ndarray) -> np.ndarray:
    """The score of each row from arrays with as many rows each, (n,), in blocks that stay in the cache."""
    found = np.empty(len(beside[0]))
    for start in range(0, len(found), BLOCK):
        here = slice(start, start + BLOCK)
        found[here] = score(*(one[here] for one in beside))
    return found
