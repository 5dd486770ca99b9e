"""What a query strategy is, what it may see, and the one that looks at nothing."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.registry import Registry

Probabilities = Callable[[], np.ndarray]
Committee = Callable[[np.random.Generator], np.ndarray]
Refit = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
Architectures = Callable[[], np.ndarray]


def _no_refit(*_: np.ndarray) -> np.ndarray:
    raise LookupError("this pool was made without a way to train anew")


def _no_architectures() -> np.ndarray:
    raise LookupError("this pool was made without models of other kinds")


@dataclass(frozen=True)
class Pool:
    """What a strategy may see: every feature row, the labels bought so far, and the model trained on them."""

    X: Any  # (m, d) features of the pool, dense or CSR
    labeled: np.ndarray  # (k,) positions in X, in the order they were bought
    labels: np.ndarray  # (k,) their class codes
    candidates: np.ndarray  # (m - k,) positions in X without a label
    probabilities: Probabilities  # () -> (m - k, C) of the current model, rows as in `candidates`
    committee: Committee  # (rng) -> (M, m - k, C) of models trained on resamples of the labeled rows
    kept: dict[str, Any] = field(default_factory=dict)  # what a strategy left for its next batch in the same run
    model: Any = None  # the current model, fitted
    refit: Refit = _no_refit  # (positions, labels, rows) -> (rows, C) of a model trained on these labels too
    groups: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))  # (m,) codes of the group column
    costs: np.ndarray | None = None  # (C, C) cost by true class and predicted class; None when all mistakes cost 1
    architectures: Architectures = _no_architectures  # () -> (M, m - k, C) of models of different kinds


Strategy = Callable[[Pool, int, np.random.Generator], np.ndarray]
# adaptive: looks at the labels bought so far; needs: what of the pool it asks for; when: when it helps, in a sentence;
# same_as: {what holds on a task: the strategy that then picks the same items}, see Task.holds.
STRATEGIES: Registry[Strategy] = Registry("query strategy", adaptive=True, needs="model", when="", same_as={})


def top(scores: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Positions of the n largest scores, (n,); ties are broken at random."""
    shuffled = rng.permutation(len(scores))
    if 0 < n < len(scores):  # only those that may be among the n are put in order
        enough = scores >= np.partition(scores, len(scores) - n)[len(scores) - n]
        shuffled = shuffled[enough[shuffled]]
    order = np.argsort(-scores[shuffled], kind="stable")
    return np.asarray(shuffled[order[:n]])


def scaled(values: np.ndarray) -> np.ndarray:
    """The values moved and stretched to run from 0 to 1; all 0 when they are equal."""
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low)) if high > low else np.zeros(len(values))


def stands_for(name: str, holds: Collection[str]) -> str:
    """The strategy that picks the same items as `name` on a task of which this holds, itself if none does."""
    # A strategy registered in a person's own script is not on the menu of a worker process.
    same_as = STRATEGIES[name].facts["same_as"] if name in STRATEGIES else {}
    for condition, other in same_as.items():
        if condition in holds:
            return stands_for(other, holds)
    return name


@STRATEGIES.register(
    "random",
    "Random labeling",
    adaptive=False,
    needs="nothing",
    when="Always the baseline; the right choice where nothing is gained by choosing.",
)
def random(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Any item, each as likely as the other: the baseline."""
    return rng.permutation(len(pool.candidates))[:n]
