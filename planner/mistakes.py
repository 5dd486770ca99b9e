"""What each mistake costs, as a person writes it: spam>ham=5, ham>spam=1."""

from collections.abc import Sequence

import numpy as np

from planner.errors import BadSetting, unknown

ANY = "*"
USUAL = 1.0  # cost of a mistake that is not named


def costs_of(text: str, classes: Sequence[str]) -> np.ndarray:
    """(C, C) cost by true class and predicted class, 0 on the diagonal. Raises BadSetting or UnknownChoice.

    Written true>predicted=cost, comma-separated; * stands for every class; a later entry wins.
    """
    costs = USUAL * (1 - np.eye(len(classes)))
    for part in filter(None, (part.strip() for part in text.split(","))):
        pair, _, amount = part.rpartition("=")
        true, arrow, predicted = (name.strip() for name in pair.partition(">"))
        if not arrow:
            raise BadSetting(f"'{part}' is no cost of a mistake. Write it as true>predicted=cost, such as spam>ham=5.")
        for row in _named(true, classes):
            for column in _named(predicted, classes):
                costs[row, column] = _amount(amount, part)
    np.fill_diagonal(costs, 0)
    if costs.max() <= 0:
        raise BadSetting("Every mistake costs 0, so no decision could be better than another. Give one a cost above 0.")
    return costs


def equal_mistakes(costs: np.ndarray) -> bool:
    """Whether every mistake costs the same."""
    return bool((costs == costs.max() * (1 - np.eye(len(costs)))).all())


def _named(name: str, classes: Sequence[str]) -> range:
    if name == ANY:
        return range(len(classes))
    if name not in classes:
        raise unknown("class", name, classes)
    place = list(classes).index(name)
    return range(place, place + 1)


def _amount(text: str, part: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = np.nan
    if not 0 <= amount < 1e12:
        raise BadSetting(f"The cost in '{part}' is '{text.strip()}'; it must be a number from 0 up.")
    return amount
