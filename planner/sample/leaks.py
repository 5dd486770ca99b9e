"""Columns that give the label away: single columns, without a model, against held-out rows."""

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier

from planner.choices.kinds import LARGEST, as_dates, as_numbers, as_text
from planner.sample.columns import Column, used

SURE = 0.98  # share of labels one column must predict
FEWEST_ROWS = 50
MOST_ROWS = 5000
MOST_CELLS = 5_000_000
FOLDS = 3
CUT = 0.9  # of the errors of always naming the largest class, so many must go
ORDERED = 0.95  # share of neighbours by value with the same label; a column that predicts .98 is above


def leaks(table: pd.DataFrame, labels: np.ndarray, columns: tuple[Column, ...]) -> dict[str, float]:
    """{column: share of the labels it predicts} for each number, date or category that predicts nearly all."""
    most_rows = min(MOST_ROWS, MOST_CELLS // table.shape[1])
    rows = np.sort(np.random.default_rng(0).permutation(len(labels))[:most_rows])
    labels = np.unique(labels[rows], return_inverse=True)[1]
    counts = np.bincount(labels)
    most = counts.max() / len(labels)
    if len(labels) < FEWEST_ROWS:
        return {}
    enough = max(SURE, 1 - (1 - CUT) * (1 - most))
    table = table.iloc[rows]
    found = {}
    for column in used(columns):
        if column.kind == "category":
            found[column.name] = _lookup(table[column.name], labels)
    for name, values in _orderly(table, labels, columns).items():
        found[name] = _tree(values, labels)
    return {name: score for name, score in found.items() if score >= enough}


def _lookup(cells: pd.Series, labels: np.ndarray) -> float:
    """Share of held-out labels predicted by the commonest label of the same value."""
    values = pd.factorize(as_text(cells))[0] + 1  # 0 is missing
    right = 0
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(values):
        seen = np.zeros((values.max() + 1, labels.max() + 1))
        np.add.at(seen, (values[train], labels[train]), 1.0)
        seen += np.bincount(labels[train], minlength=seen.shape[1]) / (2 * len(labels))  # decides for values not seen
        right += int((seen.argmax(axis=1)[values[test]] == labels[test]).sum())
    return right / len(labels)


def _orderly(table: pd.DataFrame, labels: np.ndarray, columns: tuple[Column, ...]) -> dict[str, np.ndarray]:
    """{column: values} of the numbers and dates that, in order of value, keep equal labels together."""
    numbers = [column.name for column in used(columns) if column.kind == "number"]
    dates = [column.name for column in used(columns) if column.kind == "date"]
    values = np.hstack([as_numbers(table[numbers]), *(_days(table[name]) for name in dates)])
    lowest = np.nanmin(np.where(np.isnan(values), np.inf, values), axis=0, initial=LARGEST)
    values = np.where(np.isnan(values), lowest - 1.0 - abs(lowest), values)  # being missing can give the label away too
    ordered = labels[np.argsort(values, axis=0, kind="stable")]
    together = (ordered[1:] == ordered[:-1]).mean(axis=0)
    return {name: values[:, j] for j, name in enumerate(numbers + dates) if together[j] >= ORDERED}


def _days(cells: pd.Series) -> np.ndarray:
    dates = as_dates(cells)
    days: np.ndarray = ((dates - dates.min()).dt.total_seconds() / 86_400).to_numpy(float)[:, None]
    return days


def _tree(values: np.ndarray, labels: np.ndarray) -> float:
    """Share of held-out labels predicted by a few cuts."""
    tree = DecisionTreeClassifier(max_leaf_nodes=max(8, 2 * (labels.max() + 1)), random_state=0)
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    return float(np.mean(cross_val_score(tree, values[:, None], labels, cv=folds)))
