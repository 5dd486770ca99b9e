"""Query strategies: which items of the pool to label next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import issparse

from planner.registry import Registry

Probabilities = Callable[[], np.ndarray]
Committee = Callable[[np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Pool:
    """What a strategy may see: every feature row, the labels bought so far, and the model trained on them."""

    X: Any  # (m, d) features of the pool, dense or CSR
    labeled: np.ndarray  # (k,) positions in X, in the order they were bought
    labels: np.ndarray  # (k,) their class codes
    candidates: np.ndarray  # (m - k,) positions in X without a label
    probabilities: Probabilities  # () -> (m - k, C) of the current model, rows as in `candidates`
    committee: Committee  # (rng) -> (M, m - k, C) of models trained on resamples of the labeled rows


ALL_PRODUCTS = 4096  # rows; their inner products take 128 MB

Strategy = Callable[[Pool, int, np.random.Generator], np.ndarray]
STRATEGIES: Registry[Strategy] = Registry("query strategy")


def top(scores: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Positions of the n largest scores, (n,); ties are broken at random."""
    shuffled = rng.permutation(len(scores))
    order = np.argsort(-scores[shuffled], kind="stable")
    return shuffled[order[:n]]


def least_confidence_score(probabilities: np.ndarray) -> np.ndarray:
    """1 - P(most likely class), (n,)."""
    return np.asarray(1 - probabilities.max(axis=1))


def margin_score(probabilities: np.ndarray) -> np.ndarray:
    """1 - (P(most likely class) - P(second)), (n,)."""
    if probabilities.shape[1] < 2:
        return np.ones(len(probabilities))
    two = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1 - (two[:, 1] - two[:, 0]))


def entropy_score(probabilities: np.ndarray) -> np.ndarray:
    """-sum p ln p over the last axis, with 0 ln 0 = 0."""
    logs = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    return np.asarray(-(probabilities * logs).sum(axis=-1))


def vote_entropy_score(committee: np.ndarray) -> np.ndarray:
    """Entropy of the members' votes, (n,), from probabilities (M, n, C)."""
    votes = np.eye(committee.shape[2])[committee.argmax(axis=2)]
    return entropy_score(votes.mean(axis=0))


@STRATEGIES.register("random", "Random labeling", adaptive=False, needs="nothing")
def random(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Any item, each as likely as the other: the baseline."""
    return rng.permutation(len(pool.candidates))[:n]


@STRATEGIES.register(
    "least_confidence",
    "Least confidence",
    source="Lewis, Gale 1994",
    adaptive=True,
    needs="probabilities",
)
def least_confidence(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items whose most likely class the model is least sure of."""
    return top(least_confidence_score(pool.probabilities()), n, rng)


@STRATEGIES.register(
    "margin", "Smallest margin", source="Scheffer, Decomain, Wrobel 2001", adaptive=True, needs="probabilities"
)
def margin(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items where the two most likely classes are closest."""
    return top(margin_score(pool.probabilities()), n, rng)


@STRATEGIES.register("entropy", "Highest entropy", source="Settles 2009", adaptive=True, needs="probabilities")
def entropy(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items over whose classes the model's belief is most spread out."""
    return top(entropy_score(pool.probabilities()), n, rng)


@STRATEGIES.register(
    "k_center", "Farthest from labeled", source="Sener, Savarese 2018", adaptive=True, needs="features"
)
def k_center(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items farthest from everything labeled so far, one after the other, so that a batch spreads out."""
    # In a random order the first of several farthest rows is a random one of them.
    shuffled = rng.permutation(len(pool.candidates))
    X = pool.X[pool.candidates[shuffled]]
    square = _square_norms(X)
    nearest = _distance_to_labeled(pool, X, square)
    product = _products(X)
    picks = np.empty(min(n, len(shuffled)), dtype=int)
    for position in range(len(picks)):
        pick = int(nearest.argmax())
        picks[position] = pick
        np.minimum(nearest, np.maximum(square + square[pick] - 2 * product(pick), 0), out=nearest)
        nearest[pick] = -np.inf  # never picked twice, even when the rest are copies
    return shuffled[picks]


@STRATEGIES.register(
    "query_by_committee",
    "Committee disagreement",
    source="Seung, Opper, Sompolinsky 1992; vote entropy by Dagan, Engelson 1995",
    adaptive=True,
    needs="committee",
)
def query_by_committee(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which five models, each trained on a resample of the labels, vote most differently."""
    committee = pool.committee(rng)
    # Five votes give few distinct entropies: among equals, the one whose mean belief is most spread out goes first.
    votes, spread = vote_entropy_score(committee), entropy_score(committee.mean(axis=0))
    shuffled = rng.permutation(len(votes))
    return shuffled[np.lexsort((-spread[shuffled], -np.round(votes[shuffled], 9)))[:n]]


def _square_norms(X: Any) -> np.ndarray:
    squares = X.multiply(X).sum(axis=1) if issparse(X) else (X**2).sum(axis=1)
    return np.asarray(squares, dtype=float).ravel()


def _products(X: Any) -> Callable[[int], np.ndarray]:
    """Row -> its inner products with every row of X; all at once where they fit into memory."""
    if X.shape[0] <= ALL_PRODUCTS:
        every = _dense(X @ X.T)
        return lambda row: np.asarray(every[row])
    return lambda row: _dense(X @ X[[row]].T).ravel()


def _dense(products: Any) -> np.ndarray:
    return np.asarray(products.toarray() if issparse(products) else products)


def _distance_to_labeled(pool: Pool, X: Any, square: np.ndarray) -> np.ndarray:
    """Squared distance of each candidate to its nearest labeled row, (m - k,)."""
    nearest = np.full(len(square), np.inf)
    for start in range(0, len(pool.labeled), 256):  # blocks bound the memory on large pools
        L = pool.X[pool.labeled[start : start + 256]]
        distance = square[:, None] + _square_norms(L)[None, :] - 2 * _dense(X @ L.T)
        np.minimum(nearest, np.maximum(distance, 0).min(axis=1), out=nearest)
    return nearest
