"""The group column: whose score is watched beside everybody's."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner import words
from planner.choices.kinds import as_text
from planner.errors import BadTable
from planner.sample.columns import Column

MOST_GROUPS = 50  # more cannot each be tested in a sample of any usual size
MISSING = "missing"


def counts_of(groups: np.ndarray, labels: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Labeled rows by group and class, (G, C)."""
    counts = np.zeros(shape, dtype=int)
    np.add.at(counts, (groups, labels[: len(groups)]), 1)
    return counts


def groups_of(table: pd.DataFrame, columns: Sequence[Column]) -> tuple[tuple[str, ...], np.ndarray]:
    """(names (G,) sorted, codes (rows,)) of the column called a group; ((), (0,)) without one. Raises BadTable."""
    named = [column.name for column in columns if column.kind == "group"]
    if not named:
        return (), np.empty(0, dtype=int)
    if len(named) > 1:
        quoted = [f"'{name}'" for name in named]
        raise BadTable(
            f"{words.listing(quoted)} are all called groups; one column can be. Choose another kind for the others."
        )
    cells = as_text(table[named[0]]).fillna(MISSING)
    names = sorted(set(cells))
    if not 2 <= len(names) <= MOST_GROUPS:
        raise BadTable(
            f"The group column '{named[0]}' has {words.plural(len(names), 'value')}; from 2 to {MOST_GROUPS} groups "
            "can be watched. Choose another column, or merge values."
        )
    return tuple(names), pd.Categorical(cells, categories=names).codes.astype(int)
