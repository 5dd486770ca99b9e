"""The expert column: rows that somebody who knows the data would label first."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner import words
from planner.choices.kinds import as_text
from planner.errors import BadTable
from planner.sample.columns import Column

NO = ("0", "false", "no", "n", "f", "off", "-")  # anything else marks a row; so does no empty cell


def experts_of(table: pd.DataFrame, columns: Sequence[Column]) -> np.ndarray:
    """Whether the column called expert marks each row, (rows,) bool; (0,) without one. Raises BadTable."""
    named = [column.name for column in columns if column.kind == "expert"]
    if not named:
        return np.empty(0, dtype=bool)
    if len(named) > 1:
        quoted = [f"'{name}'" for name in named]
        raise BadTable(
            f"{words.listing(quoted)} are all called rows to label first; one column can be. Choose another kind for "
            "the others."
        )
    cells = as_text(table[named[0]])
    marked = (cells.notna() & ~cells.str.casefold().isin(NO)).to_numpy(bool)
    if not marked.any():
        raise BadTable(
            f"The expert column '{named[0]}' marks no labeled row. Write yes or 1 beside rows to label first, or "
            "choose another kind for it."
        )
    return marked
