"""Items invented where the model changes its mind, and the real ones nearest to them."""

from typing import Any

import numpy as np
from scipy.sparse import diags_array, issparse

from planner.choices.strategies.distances import BLOCK, products, square_norms
from planner.choices.strategies.pool import STRATEGIES, Pool

TOGETHER = 8  # invented rows at least that one look at a large pool serves
HALVINGS = 8  # of a segment: its crossing is then known to 1/256 of it


@STRATEGIES.register(
    "synthesis",
    "Invented between classes",
    source="Baum 1991; Wang, Hu, Yuan, Lu 2015",
    adaptive=True,
    needs="model",
    when="Dense numeric features in which a point between two items still makes sense.",
)
def synthesis(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """The items nearest to invented ones that lie where the model's answer turns, between labeled rows of two classes.

    For each of n random pairs of labeled rows of different classes the segment between them is halved 8 times towards
    the turn of the model's answer (left at its middle when the model gives both ends one answer). The nearest
    candidate not taken yet stands in for the invented point. At random while only one class has been found. On digits
    and on short texts it came out behind random labeling: what lies between two items there is nobody's item.
    """
    n = min(n, len(pool.candidates))
    pairs = _pairs(pool.labels, n, rng)
    if pairs is None:
        return np.asarray(rng.permutation(len(pool.candidates))[:n])
    first, second = pool.X[pool.labeled[pairs[0]]], pool.X[pool.labeled[pairs[1]]]
    invented = mixed(first, second, turning_points(pool.model, first, second))
    shuffled = rng.permutation(len(pool.candidates))  # the first of equals is a random one of them
    return np.asarray(shuffled[_stand_ins(pool.X[pool.candidates[shuffled]], invented)])


def mixed(first: Any, second: Any, share: np.ndarray) -> Any:
    """(1 - share) first + share second, row by row; sparse when they are."""
    if issparse(first):
        return (diags_array(1 - share) @ first + diags_array(share) @ second).tocsr()
    return np.asarray((1 - share)[:, None] * first + share[:, None] * second)


def turning_points(model: Any, first: Any, second: Any) -> np.ndarray:
    """How far from first to second, 0 to 1, the model's answer turns, (n,); one half where it does not."""
    low, high = np.zeros(first.shape[0]), np.ones(first.shape[0])
    if model is None:
        return np.full(len(low), 0.5)
    here, there = _answers(model, first), _answers(model, second)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = _answers(model, mixed(first, second, middle)) == here
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.asarray(np.where(here == there, 0.5, (low + high) / 2))


def _answers(model: Any, X: Any) -> np.ndarray:
    return np.asarray(np.argmax(model.predict_proba(X), axis=1))


def _pairs(labels: np.ndarray, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
    """n random rows and for each a random one of another class; None when there is one class or none."""
    if len(labels) == 0 or (labels == labels[0]).all():
        return None
    first = rng.integers(len(labels), size=n)
    second = np.empty(n, dtype=int)
    for code in dict.fromkeys(labels[first].tolist()):
        of = np.flatnonzero(labels[first] == code)
        second[of] = rng.choice(np.flatnonzero(labels != code), len(of))
    return first, second


def _stand_ins(X: Any, invented: Any) -> np.ndarray:
    """For each invented row in turn the nearest row of X that is not taken yet."""
    square = square_norms(X)
    taken = np.zeros(len(square), dtype=bool)
    picks = np.empty(invented.shape[0], dtype=int)
    step = max(TOGETHER, BLOCK // max(len(square), 1))
    for start in range(0, len(picks), step):
        apart = products(invented[start : start + step], X)
        apart *= -2
        apart += square
        for place, near in enumerate(apart):
            near[taken] = np.inf
            picks[start + place] = pick = int(near.argmin())
            taken[pick] = True
    return picks
