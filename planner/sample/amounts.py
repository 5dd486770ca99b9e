"""The amount column: what is at stake with each row."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner import words
from planner.choices.kinds import numbers_in
from planner.errors import BadTable
from planner.sample.columns import Column


def amounts_of(table: pd.DataFrame, columns: Sequence[Column]) -> np.ndarray:
    """What each row is worth, (rows,) from 0 up, by the column called an amount; (0,) without one. Raises BadTable."""
    named = [column.name for column in columns if column.kind == "amount"]
    if not named:
        return np.empty(0)
    if len(named) > 1:
        quoted = [f"'{name}'" for name in named]
        raise BadTable(
            f"{words.listing(quoted)} are all called amounts; one column can be. Choose another kind for the others."
        )
    amounts = numbers_in(table[named[0]])
    wrong = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))
    if len(wrong):
        cell = table[named[0]].iloc[wrong[0]]
        raise BadTable(
            f"The amount column '{named[0]}' has {words.plural(len(wrong), 'labeled row')} without an amount from 0 "
            f"up, such as '{cell}'. Fill them in, or choose another kind for the column."
        )
    if not amounts.any():
        raise BadTable(f"Every amount in column '{named[0]}' is 0, so nothing is at stake. Choose another column.")
    return amounts
