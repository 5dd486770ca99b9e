"""Room 1: a table and the name of its label column become a checked Sample."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.results import Result


@dataclass(frozen=True)
class Column:
    """One column as it was understood."""

    name: str
    kind: str  # a name of choices.kinds.KINDS, or "label"
    used: bool
    note: str  # what it holds, in a few words: "0 to 48,200; 212 missing"


@dataclass(frozen=True)
class Finding:
    """Something about the file that a person should know; never an error."""

    code: str  # lower snake case: id_column, leak, duplicates, small_class, repeated_text, shift, ...
    finding: str  # a bold claim, then the fact with a number
    remedy: str  # what was done, or what to do
    set_aside: bool  # True: dealt with already; False: the person decides


@dataclass(frozen=True)
class Facts(Result):
    """All that later rooms may know of the sample. No row of data."""

    name: str  # what people call it: the file's name without its folder
    digest: str  # 12 hex digits of the rows and the columns' kinds
    rows: int  # rows of the file
    labeled: int  # n
    classes: tuple[str, ...]  # (C,) sorted
    counts: np.ndarray  # (C,) labeled rows a class
    kind: str  # "numbers" | "mixed" | "text" | "text and table" | "embedding"
    label: str  # name of the label column
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]
    near_duplicates: float  # share of labeled rows with a near-duplicate, 0-1
    shift_auc: float | None  # how well labeled and unlabeled rows can be told apart, 0.5-1; None without unlabeled rows


@dataclass(frozen=True, eq=False)
class Sample(Result):
    """A labeled part and an unlabeled part of one table, ready for a pilot."""

    features: pd.DataFrame  # (n, columns) the used columns of labeled rows, raw
    labels: np.ndarray  # (n,) int codes into facts.classes
    unlabeled: pd.DataFrame  # (u, columns) the same columns of rows without a label
    groups: np.ndarray  # (n,) int; rows with identical features share a number
    facts: Facts
