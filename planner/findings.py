"""What a person should know about the file before trusting a plan made from it: one function a finding."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner import words
from planner.columns import Column, used
from planner.tables import Finding

FEWEST_OF_A_CLASS = 5  # below this a stratified split into five folds loses the class


@dataclass(frozen=True)
class Evidence:
    """What the findings look at."""

    table: pd.DataFrame  # (rows, all columns)
    columns: tuple[Column, ...]
    label: str
    classes: tuple[str, ...]
    labels: np.ndarray  # (rows,) int codes into classes; -1 without a label
    groups: np.ndarray  # (rows,) int; rows with identical used columns share a number

    @property
    def labeled(self) -> np.ndarray:
        """(rows,) bool."""
        found: np.ndarray = self.labels >= 0
        return found


Check = Callable[[Evidence], Finding | None]
CHECKS: list[Check] = []


def look(evidence: Evidence) -> tuple[Finding, ...]:
    """Everything that was found, in the order of the checks below."""
    return tuple(found for check in CHECKS if (found := check(evidence)) is not None)


@CHECKS.append
def small_class(evidence: Evidence) -> Finding | None:
    """Classes on so few rows that a fold may miss them."""
    counts = np.bincount(evidence.labels[evidence.labeled], minlength=len(evidence.classes))
    small = [(name, count) for name, count in zip(evidence.classes, counts, strict=True) if count < FEWEST_OF_A_CLASS]
    if not small:
        return None
    named = words.listing([f"'{name}' ({words.plural(count, 'row')})" for name, count in small[:3]])
    more = f" and {words.count(len(small) - 3)} more" if len(small) > 3 else ""
    fact = f"{words.plural(len(small), 'class is', 'classes are')} too small to measure. Under 5 rows: {named}{more}."
    return Finding("small_class", fact, "Merge with a class like it, leave it out, or keep it as it is.", False)
