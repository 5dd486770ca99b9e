"""Doubtful items in crowded places."""

from typing import Any

import numpy as np

from planner.choices.strategies.distances import products, square_norms
from planner.choices.strategies.pool import STRATEGIES, Pool, top
from planner.choices.strategies.uncertainty import entropy_score

LANDMARKS = 1000  # rows that neighbors are looked for among
NEIGHBORS = 20


@STRATEGIES.register(
    "neighbor_density",
    "Doubtful with near neighbors",
    source="Settles, Craven 2008; similarity after Danka, Horvath 2018",
    adaptive=True,
    needs="probabilities",
    when="As for doubtful and typical, when typical means a crowded spot rather than the middle of the data.",
)
def neighbor_density(
    pool: Pool, n: int, rng: np.random.Generator, beta: float = 1.0, neighbors: int = NEIGHBORS
) -> np.ndarray:
    """Items that the model doubts and that have others close by.

    Entropy times (mean of 1 / (1 + Euclidean distance) over the 20 nearest candidates)^beta. They are looked for among
    1,000 candidates drawn at random; with all of them as neighbors it is the information density of modAL.
    """
    X = pool.X[pool.candidates]
    among = rng.permutation(X.shape[0])[:LANDMARKS]
    density = closeness(X, among, neighbors)
    return top(entropy_score(pool.probabilities()) * density**beta, n, rng)


def closeness(X: Any, among: np.ndarray, neighbors: int) -> np.ndarray:
    """Mean of 1 / (1 + distance) of each row of X to the nearest of the rows `among`, itself left out, (n,)."""
    neighbors = min(neighbors, len(among) - 1)
    if neighbors < 1:
        return np.ones(X.shape[0])
    A = X[among]
    square, found = square_norms(A), np.empty(X.shape[0])
    for start in range(0, len(found), 1024):
        here = np.arange(start, min(start + 1024, len(found)))
        B = X[here]
        distance = square_norms(B)[:, None] + square[None, :] - 2 * products(B, A)
        distance[here[:, None] == among[None, :]] = np.inf
        near = np.partition(distance, neighbors - 1, axis=1)[:, :neighbors]
        found[here] = (1 / (1 + np.sqrt(np.maximum(near, 0)))).mean(axis=1)
    return found
