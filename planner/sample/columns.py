"""Columns as they are understood: which kind each one is, and all of them as one matrix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack, issparse

from planner import words
from planner.choices.kinds import KINDS, UNSPACED, as_dates, as_numbers, as_vectors, is_list, numbers_in

LEAVE_OUT = "leave_out"
NO_NUMBER, NO_DATE = "no number", "no date"
LOOKED_AT = 1000  # rows of a column that settle what its words are
MOSTLY = 0.95  # share of cells that must read as a number or a date
EVERY_ROW = 0.95  # share of rows with a value of their own from which on it names the row
FEWEST_ROWS = 30  # with fewer, different numbers in every row are chance
LARGE = 10**12  # different whole numbers of this size are identifiers, not amounts
FEWEST_DIMENSIONS = 8
FEW_VALUES = 10
YEARS = range(1900, 2101)  # written without a comma
WIDEST_DENSE = 500  # columns of categories up to which a dense matrix is quicker
MOST_CELLS = 60_000_000  # dense float64: 480 MB
NUMBERED = re.compile(r"(.*?)[_\-. ]?(\d+)")
NAMES_THE_ROW = re.compile(
    r"(?i)(.*[_\-. ])?(id|uuid|guid|key|index|row|rownum|row[_ ]?(id|number))|unnamed: \d+|column 1|.*[a-z]I[Dd]"
)
TOKEN = re.compile(r"[!-~]+")  # one word of ASCII


@dataclass(frozen=True)
class Column:
    """One column as it was understood."""

    name: str
    kind: str  # a name of choices.kinds.KINDS, or "label"
    used: bool
    note: str  # what it holds, in a few words: "0 to 48,200; 212 missing"


def describe(table: pd.DataFrame, label: str, kinds: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Every column with its kind, guessed where `kinds` does not say: a name of KINDS, or "leave_out"."""
    kinds = {name: kind if kind == LEAVE_OUT else KINDS[kind].name for name, kind in (kinds or {}).items()}
    groups = _dimensions(table.drop(columns=label))
    described = []
    for place, column in table.items():
        name, cells = str(place), _Cells(column)
        asked = kinds.get(name)
        if name == label:
            described.append(Column(name, "label", True, _label_note(cells)))
            continue
        kind = asked if asked and asked != LEAVE_OUT else "embedding" if name in groups else _guess(cells)
        note = f"one of {groups[name]} dimensions" if kind == "embedding" and name in groups else _note(cells, kind)
        note = f"left out by you; {note}" if asked == LEAVE_OUT else note
        described.append(Column(name, kind, KINDS[kind].facts["model_input"] and asked != LEAVE_OUT, note))
    return tuple(described)


def kind_of_data(columns: tuple[Column, ...]) -> str:
    """ "numbers", "mixed", "text", "text and table" or "embedding": what the used columns are together."""
    kinds = {column.kind for column in used(columns)}
    if "sentence" in kinds:  # dense, as ready-made vectors are
        return "embedding" if kinds <= {"sentence", "embedding"} else "mixed"
    if "text" in kinds:
        return "text" if kinds == {"text"} else "text and table"
    return {frozenset({"number"}): "numbers", frozenset({"embedding"}): "embedding"}.get(frozenset(kinds), "mixed")


def used(columns: tuple[Column, ...]) -> list[Column]:
    """The columns a model may learn from."""
    return [column for column in columns if column.used and column.kind != "label"]


def matrix(table: pd.DataFrame, columns: tuple[Column, ...]) -> Any:
    """(rows, d) float64: the used columns, encoded over all rows given. CSR with text or very many categories."""
    blocks = []
    for kind in KINDS:
        names = [column.name for column in used(columns) if column.kind == kind]
        if names:
            blocks.append(KINDS[kind].call(table[names]))
    sparse = sum(block.shape[1] for block in blocks if issparse(block))
    width = sum(block.shape[1] for block in blocks)
    text = any(column.kind == "text" for column in used(columns))
    if not text and sparse <= WIDEST_DENSE and (not sparse or width * len(table) <= MOST_CELLS):
        return np.hstack([block.toarray() if issparse(block) else block for block in blocks])
    return csr_array(hstack([csr_array(block) for block in blocks], format="csr", dtype=float))


class _Cells:
    """One column, with what is asked of it more than once."""

    def __init__(self, cells: pd.Series) -> None:
        self.cells = cells
        self.name = str(cells.name)
        self.rows = len(cells)
        self.numeric = isinstance(cells.dtype, np.dtype) and cells.dtype.kind in "iuf"

    @cached_property
    def present(self) -> pd.Series:
        return self.cells.dropna()

    @cached_property
    def amounts(self) -> np.ndarray:
        """The numbers that are there, finite."""
        values = numbers_in(self.cells)
        found: np.ndarray = values[np.isfinite(values)]
        return found

    @cached_property
    def missing(self) -> int:
        return self.rows - (len(self.amounts) if self.numeric else len(self.present))

    @cached_property
    def some(self) -> list[str]:
        """Up to 1,000 cells from all over the column, as text."""
        step = max(1, len(self.present) // LOOKED_AT)
        return [str(cell) for cell in self.present.iloc[::step]]

    @cached_property
    def lists(self) -> bool:
        return not self.numeric and bool(len(self.present)) and is_list(self.present.iloc[0])

    @cached_property
    def distinct(self) -> int:
        if self.numeric:
            return len(pd.unique(self.amounts))
        try:
            return int(self.present.nunique())
        except TypeError:  # lists and the like have no hash
            return int(self.present.map(str).nunique())


def _guess(cells: _Cells) -> str:
    """The kind a column is taken for."""
    if cells.lists:
        return "embedding"
    if cells.distinct == 0 or (cells.distinct == 1 and not cells.missing):
        return "constant"
    if cells.numeric:
        return "identifier" if _counts_rows(cells) else "number"
    dtype = cells.cells.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype) or isinstance(dtype, pd.PeriodDtype):
        return "date"
    if pd.api.types.is_bool_dtype(dtype) or set(cells.some) <= {"True", "False"}:
        return "category"
    if _mostly(numbers_in(pd.Series(cells.some, dtype=object))):
        return "identifier" if _counts_rows(cells) else "number"
    if _mostly(as_dates(pd.Series(cells.some, dtype=object)).to_numpy()):
        return "date"
    return _kind_of_words(cells)


def _kind_of_words(cells: _Cells) -> str:
    some = cells.some
    length = _words_a_cell(some)
    own = cells.distinct / len(cells.present)
    tokens = sum(TOKEN.fullmatch(cell.strip()) is not None for cell in some) / len(some)
    if tokens > MOSTLY:
        return "identifier" if own >= EVERY_ROW and cells.rows >= FEWEST_ROWS else "category"
    return "text" if own > 0.5 or (length >= 3 and own > 0.2) or (length >= 8 and cells.distinct > 50) else "category"


def _mostly(found: np.ndarray) -> bool:
    return len(found) > 0 and 1 - pd.isna(found).mean() >= MOSTLY


def _counts_rows(cells: _Cells) -> bool:
    """Whether whole numbers name the rows: one of its own each, and a name, a range or an order that says so."""
    values = cells.amounts
    if len(values) < FEWEST_ROWS or cells.distinct < EVERY_ROW * len(values) or (values != np.floor(values)).any():
        return False
    if NAMES_THE_ROW.fullmatch(cells.name) or np.abs(values).min() >= LARGE:
        return True
    steps = np.diff(values)
    whole = cells.distinct == len(values)
    return bool(whole and (np.ptp(values) < 1.5 * len(values) or (steps > 0).all() or (steps < 0).all()))


def _dimensions(table: pd.DataFrame) -> dict[str, int]:
    """{column: how many dimensions its group has} of numbers named alike and numbered on: e0, e1, e2, ..."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for name, dtype in table.dtypes.items():
        found = NUMBERED.fullmatch(str(name))
        if found and isinstance(dtype, np.dtype) and dtype.kind in "iuf":
            groups.setdefault(found[1], []).append((int(found[2]), str(name)))
    dimensions: dict[str, int] = {}
    for group in groups.values():
        places = {place for place, _ in group}
        if len(group) >= FEWEST_DIMENSIONS and max(places) - min(places) < 1.2 * len(group):
            names = [name for _, name in group]
            if _nearly_continuous(table[names]):
                dimensions |= dict.fromkeys(names, len(names))
    return dimensions


def _nearly_continuous(columns: pd.DataFrame) -> bool:
    """Coordinates of an embedding hardly repeat; pixels, scores and counts named alike do."""
    step = max(1, len(columns) // LOOKED_AT)
    values = as_numbers(columns.iloc[::step, :100])
    distinct = np.median([len(np.unique(column[~np.isnan(column)])) for column in values.T])
    fractions = bool((values[~np.isnan(values)] % 1 != 0).any())
    return bool(distinct >= 0.25 * len(values) and (fractions or distinct > 128))


def _label_note(cells: _Cells) -> str:
    without = f"; {words.plural(cells.missing, 'row')} without a label" if cells.missing else ""
    return f"{words.plural(cells.distinct, 'class', 'classes')}{without}"


def _note(cells: _Cells, kind: str) -> str:
    """What a column of this kind holds."""
    missing = f"; {words.count(cells.missing)} missing" if cells.missing else ""
    if cells.missing == cells.rows:
        return "empty"
    if kind == "constant":
        return "the same value everywhere" if cells.distinct == 1 else words.plural(cells.distinct, "value")
    if kind == "identifier":
        return f"{words.count(cells.distinct)} different values in {words.plural(cells.rows, 'row')}{missing}"
    if kind in ("text", "sentence"):
        length = words.plural(max(1, _words_a_cell(cells.some)), "word")
        return f"{words.plural(cells.distinct, 'text')}, about {length} each{missing}"
    if kind == "date":
        return _date_note(cells) + missing
    if kind == "embedding" and cells.lists:
        return f"vectors of {words.plural(as_vectors(cells.present.iloc[:20]).shape[1], 'number')}{missing}"
    if kind in ("number", "embedding"):
        return _number_note(cells)
    return f"{words.plural(cells.distinct, 'value')}{missing}"


def _number_note(cells: _Cells) -> str:
    values = cells.amounts
    if not len(values):
        return NO_NUMBER
    missing = f"; {words.count(cells.rows - len(values))} missing" if len(values) < cells.rows else ""
    few = cells.distinct <= FEW_VALUES and (values == np.floor(values)).all()
    what = f"{words.plural(cells.distinct, 'whole number')}, " if few else ""
    return f"{what}{_amount(values.min())} to {_amount(values.max())}{missing}"


def _date_note(cells: _Cells) -> str:
    dates = as_dates(cells.present).dropna()
    return f"{dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}" if len(dates) else NO_DATE


def _amount(value: float) -> str:
    if value in YEARS:
        return str(int(value))
    if value == np.floor(value) and abs(value) < LARGE:
        return words.count(value)
    return f"{words.significant(value, 3):,.10g}"


def _words_a_cell(cells: list[str]) -> float:
    """Words in the middle cell; two characters count as a word where no spaces are set."""
    lengths = [max(len(cell.split()), len(UNSPACED.findall(cell)) / 2) for cell in cells]
    return float(np.median(lengths)) if lengths else 0.0
