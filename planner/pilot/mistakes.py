"""What each mistake costs, as a person writes it: spam>ham=5, ham>spam=1."""

from collections.abc import Sequence

import numpy as np

from planner.errors import BadSetting
from planner.pilot.pairs import written

USUAL = 1.0  # cost of a mistake that is not named


def costs_of(text: str, classes: Sequence[str]) -> np.ndarray:
    """(C, C) cost by true class and predicted class, 0 on the diagonal. Raises BadSetting or UnknownChoice.

    Written true>predicted=cost, comma-separated; * stands for every class; a later entry wins.
    """
    costs = USUAL * (1 - np.eye(len(classes)))
    for entry in written(text, classes, "cost of a mistake", "true>predicted=cost", "spam>ham=5"):
        costs[entry.cells] = entry.amount
    np.fill_diagonal(costs, 0)
    if costs.max() <= 0:
        raise BadSetting("Every mistake costs 0, so no decision could be better than another. Give one a cost above 0.")
    return costs


def equal_mistakes(costs: np.ndarray) -> bool:
    """Whether every mistake costs the same."""
    return bool((costs == costs.max() * (1 - np.eye(len(costs)))).all())
