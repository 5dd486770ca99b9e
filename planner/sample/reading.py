"""Room 1: a table and the name of its label column become a checked Sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from planner import words
from planner.choices.kinds import KINDS, as_text
from planner.errors import BadTable, unknown
from planner.results import Finding as Finding
from planner.results import Result
from planner.sample.amounts import amounts_of
from planner.sample.columns import NO_DATE, NO_NUMBER, describe, kind_of_data, matrix, used
from planner.sample.columns import Column as Column
from planner.sample.delimited import unique_names
from planner.sample.experts import experts_of
from planner.sample.findings import Evidence, look
from planner.sample.groups import counts_of, groups_of
from planner.sample.likeness import digest, near_duplicates, row_codes, shift_auc
from planner.sample.tables import findings_of, kinds_of, read_table
from planner.sentences import check_installed

LABEL_NAMES = ("label", "labels", "target", "class", "y", "category", "sentiment", "outcome", "topic", "intent", "tag")
SURELY = 3  # a column named label is the label, whatever it holds
MOST_CLASSES = 200  # of a column that is guessed to be the label
FEW_CLASSES = 20
FEWEST_ROWS = 20  # with fewer, many classes may still be classes


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
    unseen: tuple[str, ...] = ()  # classes of the task without a labeled row
    groups: tuple[str, ...] = ()  # (G,) values of the group column, sorted; () without one
    group_counts: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=int))  # (G, C) labeled rows


@dataclass(frozen=True, eq=False)
class Sample(Result):
    """A labeled part and an unlabeled part of one table, ready for a pilot."""

    features: pd.DataFrame  # (n, columns) the used columns of labeled rows, raw
    labels: np.ndarray  # (n,) int codes into facts.classes
    unlabeled: pd.DataFrame  # (u, columns) the same columns of rows without a label
    same: np.ndarray  # (n,) int; rows with identical features share a number
    facts: Facts
    groups: np.ndarray  # (n,) int codes into facts.groups; (0,) without a group column
    experts: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=bool))  # (n,) bool, rows to label first; (0,)
    amounts: np.ndarray = field(default_factory=lambda: np.empty(0))  # (n,) at stake with each row; (0,) without any


def read_sample(
    data: bytes,
    label: str | None = None,
    kinds: Mapping[str, str] | None = None,
    name: str = "",
    classes: Sequence[str] = (),
) -> Sample:
    """The Sample in the bytes of a file; see read_table and make_sample."""
    return make_sample(read_table(data, name), label, kinds, name, classes)


def make_sample(
    table: pd.DataFrame,
    label: str | None = None,
    kinds: Mapping[str, str] | None = None,
    name: str = "",
    classes: Sequence[str] = (),
) -> Sample:
    """A checked Sample: what each column is, which rows have a label, what is odd.

    `kinds` corrects guesses: {column: a name of KINDS or "leave_out"}; `classes` names classes of the task that the
    sample may lack, beside those a categorical label column declares. Rows without a label are kept as the part not
    labeled yet. Raises BadTable when no pilot could ever run on the table.
    """
    found, kinds, table = findings_of(table), {**kinds_of(table), **(kinds or {})}, _tidy(table)
    label = _label(table, label)
    for column in kinds:
        _known(table, column)
    names_of_classes, codes = _classes(table[label], label)
    unseen = _unseen(table[label], classes, names_of_classes)
    columns = describe(table, label, kinds)
    _check_kinds(columns)
    names = [column.name for column in used(columns)]
    if not names:
        raise BadTable(_nothing_left(columns))
    rows, labeled = row_codes(table[names]), codes >= 0
    alike = np.unique(rows, return_inverse=True)[1]
    features, unlabeled = (table.loc[part, names].reset_index(drop=True) for part in (labeled, ~labeled))
    same = np.unique(alike[labeled], return_inverse=True)[1]
    shift = shift_auc(features, unlabeled, columns)
    evidence = Evidence(table, columns, label, names_of_classes, codes, alike, shift)
    groups, group_of = groups_of(table[labeled], columns)
    experts, amounts = experts_of(table[labeled], columns), amounts_of(table[labeled], columns)
    described = [f"{column.name}\x1e{column.kind}\x1e{column.used}" for column in columns]
    held = [rows[labeled], codes[labeled], rows[~labeled], *(marks for marks in (experts, amounts) if len(marks))]
    facts = Facts(
        name=name,
        digest=digest([label, *names_of_classes, *unseen, *described], held),
        rows=len(table),
        labeled=int(labeled.sum()),
        classes=names_of_classes,
        counts=np.bincount(codes[labeled], minlength=len(names_of_classes)),
        kind=kind_of_data(columns),
        label=label,
        columns=columns,
        findings=found + look(evidence),
        near_duplicates=near_duplicates(features, columns, same),
        shift_auc=shift,
        unseen=unseen,
        groups=groups,
        group_counts=counts_of(group_of, codes[labeled], (len(groups), len(names_of_classes))),
    )
    return Sample(features, codes[labeled], unlabeled, same, facts, group_of, experts, amounts)


def encode(sample: Sample) -> Any:
    """(n + u, d) float64: the sample as a model takes it, labeled rows first, fitted on all rows and on no label.

    A dense array for numbers, embeddings and few categories; a csr_array for text and very many categories.
    """
    parts = [part for part in (sample.features, sample.unlabeled) if len(part)]
    X = matrix(pd.concat(parts, ignore_index=True), sample.facts.columns)
    if not X.shape[1]:
        raise BadTable("Nothing is left to learn from: no word stands in two rows. Add columns that describe the rows.")
    return X


def guess_label(table: pd.DataFrame) -> str | None:
    """The column that looks most like the label: by its name, then by few values, then by standing last."""
    ranked = []
    for place, column in enumerate(table.columns):
        cells = table[column]
        rank = _rank_of_name(str(column))
        distinct = _distinct_values(cells)
        few = 2 <= distinct <= min(MOST_CLASSES, max(2, len(table) // 2))
        if rank < SURELY and (not few or (rank == 0 and _is_measured(cells))):
            continue
        ranked.append((rank, distinct <= FEW_CLASSES, place, str(column)))
    return max(ranked)[-1] if ranked else None


def merge_classes(table: pd.DataFrame, label: str, names: Sequence[str], into: str) -> pd.DataFrame:
    """The table with the classes `names` renamed to `into`; rows without a label stay without."""
    found = _named_classes(table, label, names)
    return table.assign(**{label: found.where(~found.isin(names), into)})


def drop_class(table: pd.DataFrame, label: str, name: str) -> pd.DataFrame:
    """The table without the rows of one class."""
    return table[_named_classes(table, label, [name]) != name].reset_index(drop=True)


def _named_classes(table: pd.DataFrame, label: str, names: Sequence[str]) -> pd.Series:
    _known(table, label)
    found = as_text(table[label])
    for name in names:
        if name not in set(found):
            raise unknown("class", name, sorted(set(found.dropna())))
    return found


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Rows numbered from 0, names as text and each once, blank cells missing."""
    table = table.reset_index(drop=True)
    table.attrs = {}  # else pandas copies them with every selection
    table.columns = pd.Index(unique_names(table.columns))
    blank: dict[str, pd.Series] = {}
    for name, dtype in table.dtypes.items():
        if pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype):
            empty = table[name].map(_is_blank).to_numpy(bool)
            if empty.any():
                blank[str(name)] = table[name].mask(empty)
    return table.assign(**blank) if blank else table


def _is_blank(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _label(table: pd.DataFrame, label: str | None) -> str:
    if label is None:
        label = guess_label(table)
        if label is None:
            raise BadTable(f"No column looks like a label. Say which one it is: {_columns(table)}.")
        return label
    _known(table, label)
    return label


def _known(table: pd.DataFrame, column: str) -> None:
    if column not in table.columns:
        near = get_close_matches(column, list(table.columns), n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise BadTable(f"The file has no column '{column}'.{hint} Its columns: {_columns(table)}.")


def _columns(table: pd.DataFrame) -> str:
    first = ", ".join(table.columns[:20])
    return f"{first} and {words.count(table.shape[1] - 20)} more" if table.shape[1] > 20 else first


def _classes(cells: pd.Series, label: str) -> tuple[tuple[str, ...], np.ndarray]:
    """(names, (rows,) codes with -1 for no label). Raises BadTable for what cannot be a label."""
    named = as_text(cells)
    classes = sorted(set(named.dropna()))
    if all(_is_number(name) for name in classes):
        classes.sort(key=float)
    labeled = int(named.notna().sum())
    if labeled == 0:
        raise BadTable(f"No row has a label: the column '{label}' is empty. Label a few hundred rows first.")
    if len(classes) == 1:
        raise BadTable(
            f"The label column '{label}' holds one class, '{classes[0]}', in {words.plural(labeled, 'labeled row')}. "
            "At least two are needed; choose another label column or add rows of another class."
        )
    if len(classes) == labeled or (labeled >= FEWEST_ROWS and len(classes) > labeled / 2):
        raise BadTable(
            f"The label column '{label}' has {words.count(len(classes))} different values in "
            f"{words.plural(labeled, 'labeled row')}: it looks like an identifier or a measurement, not a class. "
            "Choose another label column."
        )
    codes = pd.Categorical(named, categories=classes).codes.astype(int)
    return tuple(classes), codes


def _unseen(cells: pd.Series, named: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    """Classes of the task that no row has: named by the person, or declared by a categorical column."""
    declared = cells.cat.categories if isinstance(cells.dtype, pd.CategoricalDtype) else ()
    known = as_text(pd.Series([*declared, *named], dtype=object)).dropna()
    return tuple(dict.fromkeys(name for name in known if name not in found))


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _check_kinds(columns: tuple[Column, ...]) -> None:
    """Raises PlannerError for a column that cannot be what a person calls it, as a number that holds none."""
    if any(column.used and column.kind == "sentence" for column in columns):
        check_installed()  # told now and not when the pilot starts
    for column in columns:
        if column.used and column.note in (NO_NUMBER, NO_DATE):
            kind = KINDS[column.kind].title.lower()
            raise BadTable(
                f"Column '{column.name}' cannot be read as {kind}: it holds {column.note}. Choose another kind."
            )


def _nothing_left(columns: tuple[Column, ...]) -> str:
    out = [f"'{column.name}' ({column.kind}: {column.note})" for column in columns if column.kind != "label"]
    more = f" and {words.count(len(out) - 5)} more" if len(out) > 5 else ""
    return (
        f"No column is left to learn from. Left out: {', '.join(out[:5])}{more}. "
        "Correct the kind of a column, or add columns that describe the rows."
    )


def _rank_of_name(name: str) -> int:
    """SURELY for label, 2 for its synonyms, 1 for names built from them, 0 for others."""
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in LABEL_NAMES:
        return SURELY if plain in LABEL_NAMES[:2] else 2
    return int(plain.rsplit("_", 1)[-1] in LABEL_NAMES[:4] or plain.split("_", 1)[0] in LABEL_NAMES[:4])


def _distinct_values(cells: pd.Series) -> int:
    try:
        return int(cells.nunique())
    except TypeError:  # lists and the like have no hash
        return 0


def _is_measured(cells: pd.Series) -> bool:
    """Whether a column holds fractions or long texts, which no label does."""
    if pd.api.types.is_float_dtype(cells.dtype):
        return bool((cells.dropna() % 1 != 0).any())
    return not pd.api.types.is_numeric_dtype(cells.dtype) and cells.dropna().head(200).map(str).str.len().mean() > 40
