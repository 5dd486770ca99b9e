"""What a person should know about the file before trusting a plan made from it: one function a finding."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner import words
from planner.choices.kinds import numbers_in
from planner.results import Finding
from planner.sample.columns import LOOKED_AT, Column, used
from planner.sample.leaks import leaks
from planner.sample.unseen import chance_of_unseen, none_classes

FEWEST_OF_A_CLASS = 5  # below this a stratified split into five folds loses the class
FEWEST_ALONE = 2  # one class on one row may be chance
MANY_COLUMNS = 1000
MOST_SHIFT = 0.6
REPEATED = 0.02
FORMULA = re.compile(r"\s*(=\S|[-+@][A-Za-z]+[(|])")
WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Evidence:
    """What the findings look at."""

    table: pd.DataFrame  # (rows, all columns)
    columns: tuple[Column, ...]
    label: str
    classes: tuple[str, ...]
    labels: np.ndarray  # (rows,) int codes into classes; -1 without a label
    groups: np.ndarray  # (rows,) int; rows with identical used columns share a number
    shift_auc: float | None  # how well labeled and unlabeled rows can be told apart

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


@CHECKS.append
def none_of_these(evidence: Evidence) -> Finding | None:
    """A class for whatever fits none of the others."""
    counts = np.bincount(evidence.labels[evidence.labeled], minlength=len(evidence.classes))
    found = none_classes(evidence.classes)
    if not found or not counts[found].sum():
        return None
    named = words.listing([f"'{evidence.classes[code]}'" for code in found])
    share = words.percent(counts[found].sum() / counts.sum())
    fact = f"Some rows fit no class. {named} {'has' if len(found) == 1 else 'have'} {share} of the labeled rows."
    remedy = "Look at them: what they share may be a class that is missing, and a model learns no mixture of leftovers."
    return Finding("none_of_these", fact, remedy, False)


@CHECKS.append
def unseen_class(evidence: Evidence) -> Finding | None:
    """Classes on one row, which say how many were not drawn at all."""
    counts = np.bincount(evidence.labels[evidence.labeled], minlength=len(evidence.classes))
    alone = int((counts == 1).sum())
    if alone < FEWEST_ALONE:
        return None
    rest = words.percent(chance_of_unseen(counts))
    fact = f"A class may be missing. {words.count(alone)} have one labeled row, so about {rest} of more rows are of "
    remedy = "Label more rows at random before you settle the list of classes, or search for the rare ones."
    return Finding("unseen_class", fact + "a class the sample lacks.", remedy, False)


@CHECKS.append
def class_spelling(evidence: Evidence) -> Finding | None:
    """Classes whose names differ in capitals only."""
    plain = pd.Series([name.casefold() for name in evidence.classes])
    alike = [evidence.classes[i] for i in np.flatnonzero(plain.duplicated(keep=False))]
    if not alike:
        return None
    fact = f"Some classes differ in capitals only. {words.listing(_quoted(alike[:4]))} count as {len(alike)} classes."
    return Finding("class_spelling", fact, "Merge them if they mean the same.", False)


@CHECKS.append
def id_column(evidence: Evidence) -> Finding | None:
    """Columns that name the row."""
    names = [column.name for column in evidence.columns if column.kind == "identifier"]
    if not names:
        return None
    fact = (
        f"{words.plural(len(names), 'column names', 'columns name')} the row. {_named(names)} differ from row to row."
    )
    fact = fact.replace(" differ from", " differs from") if len(names) == 1 else fact
    remedy = "Left out: a name says nothing about new rows. Change its kind if it is a measurement."
    return Finding("id_column", fact, remedy, True)


@CHECKS.append
def constant(evidence: Evidence) -> Finding | None:
    """Columns that hold one value or none."""
    names = [column.name for column in evidence.columns if column.kind == "constant"]
    if not names:
        return None
    count = words.plural(len(names), "column never changes", "columns never change")
    fact = f"{count}. Constant or empty: {_named(names)}."
    return Finding("constant", fact, "Left out.", True)


@CHECKS.append
def missing(evidence: Evidence) -> Finding | None:
    """Empty cells in columns a model learns from."""
    names = [column.name for column in used(evidence.columns)]
    gaps = evidence.table[names].isna().sum()
    gaps = gaps[gaps > 0]
    if gaps.empty:
        return None
    most = str(gaps.idxmax())
    share = words.percent(gaps.max() / len(evidence.table))
    cells = f"{words.plural(int(gaps.sum()), 'cell')} in {words.plural(len(gaps), 'column')}"
    fact = f"Some cells are missing. {cells}; most in '{most}' ({share})."
    remedy = "Kept: numbers take the median and a mark, categories a value of their own, texts count as empty."
    return Finding("missing", fact, remedy, True)


@CHECKS.append
def infinite(evidence: Evidence) -> Finding | None:
    """Infinity among numbers."""
    floats = evidence.table[[column.name for column in used(evidence.columns)]].select_dtypes("float")
    counts = np.isinf(floats.to_numpy(float, na_value=np.nan)).sum(axis=0)
    names = [str(name) for name in floats.columns[counts > 0]]
    if not names:
        return None
    fact = f"Some numbers are infinite. {words.plural(int(counts.sum()), 'cell')} in {_named(names)}."
    return Finding("infinite", fact, "Treated as missing.", True)


@CHECKS.append
def mixed_types(evidence: Evidence) -> Finding | None:
    """Columns in which some cells are numbers and others are words."""
    found = []
    for column in used(evidence.columns):
        cells = evidence.table[column.name]
        if column.kind in ("number", "category") and not pd.api.types.is_numeric_dtype(cells):
            written = cells.dropna().astype(object)
            if written.empty:
                continue
            numbers = float((~np.isnan(numbers_in(written.iloc[:: max(1, len(written) // LOOKED_AT)]))).mean())
            if (column.kind == "number" and numbers < 1) or (column.kind == "category" and numbers > 0.05):
                found.append(f"'{column.name}' ({words.percent(numbers, 0)} numbers, read as {column.kind})")
    if not found:
        return None
    fact = f"{words.plural(len(found), 'column mixes', 'columns mix')} numbers and words. {words.listing(found[:3])}."
    return Finding("mixed_types", fact, "Correct the kind if it was taken for the wrong one.", False)


@CHECKS.append
def formula(evidence: Evidence) -> Finding | None:
    """Cells that a spreadsheet would run."""
    names: list[str] = []
    count = 0
    for column in evidence.columns:
        cells = evidence.table[column.name]
        if not pd.api.types.is_numeric_dtype(cells):
            here = int(cells.map(_looks_like_formula, na_action="ignore").eq(True).sum())
            count += here
            names += [column.name] if here else []
    if not names:
        return None
    fact = f"Some cells look like formulas. {words.plural(count, 'cell')} in {_named(names)}."
    return Finding("formula", fact, "Read as text; nothing is ever run.", True)


@CHECKS.append
def many_columns(evidence: Evidence) -> Finding | None:
    """So many columns that chance patterns are likely."""
    count = len(used(evidence.columns))
    if count < MANY_COLUMNS:
        return None
    labeled = words.plural(int(evidence.labeled.sum()), "labeled row")
    fact = f"The table is very wide. {words.count(count)} columns for {labeled}."
    return Finding("many_columns", fact, "The pilot will be slow. Leave out columns that cannot matter.", False)


@CHECKS.append
def leak(evidence: Evidence) -> Finding | None:
    """One column that tells the label nearly by itself."""
    found = leaks(evidence.table[evidence.labeled], evidence.labels[evidence.labeled], evidence.columns)
    if not found:
        return None
    name, score = max(found.items(), key=lambda one: one[1])
    others = [other for other in found if other != name]
    more = f" So {'does' if len(others) == 1 else 'do'} {_named(others)}." if others else ""
    fact = f"One column gives the label away. '{name}' alone predicts {words.percent(score)} of the labels.{more}"
    return Finding(
        "leak", fact, "Leave it out if it is only known once a row is labeled; keep it if it is honest.", False
    )


@CHECKS.append
def duplicates(evidence: Evidence) -> Finding | None:
    """Labeled rows that repeat one another, and whether their labels agree."""
    rows = pd.DataFrame({"group": evidence.groups, "label": evidence.labels})[evidence.labeled]
    count = int(rows["group"].duplicated().sum())
    if not count:
        return None
    copied = rows[rows["group"].duplicated(keep=False)]
    torn = copied.groupby("group")["label"].nunique() > 1
    odd = int(copied["group"].isin(torn[torn].index).sum())
    told = f" {words.plural(odd, 'of these rows carries', 'of these rows carry')} different labels." if odd else ""
    share = words.percent(count / len(rows))
    again = words.plural(count, "labeled row repeats", "labeled rows repeat")
    fact = f"Some rows are identical. {again} another ({share}).{told}"
    remedy = "Kept in one fold, so that no model is tested on a row it has seen."
    return Finding("duplicates", fact, remedy + (" Look at the labels that disagree." if odd else ""), not odd)


@CHECKS.append
def repeated_text(evidence: Evidence) -> Finding | None:
    """Texts that are the same but for capitals, numbers and punctuation."""
    for column in used(evidence.columns):
        if column.kind not in ("text", "sentence"):
            continue
        texts = evidence.table.loc[evidence.labeled, column.name].dropna().astype(str)
        own = texts.drop_duplicates()
        plain = own.map(_plain)
        alike = int(plain[plain.ne("")].duplicated().sum())
        repeats = len(texts) - len(own) + alike
        # Identical rows are told of above; with other columns beside it, a text can repeat where the row does not.
        if repeats and repeats >= REPEATED * len(texts) and (alike or len(used(evidence.columns)) > 1):
            share = words.percent(repeats / len(texts))
            count = words.plural(repeats, "text repeats", "texts repeat")
            fact = f"Texts repeat in '{column.name}'. {count} another but for capitals, numbers and marks ({share})."
            remedy = "Keep one of each; repeats make the score look better than it is on new texts."
            return Finding("repeated_text", fact, remedy, False)
    return None


@CHECKS.append
def shift(evidence: Evidence) -> Finding | None:
    """A labeled part that does not look like the rest."""
    if evidence.shift_auc is None or evidence.shift_auc <= MOST_SHIFT:
        return None
    share = words.percent(evidence.shift_auc, 0)
    fact = f"The labeled rows are not a random draw. A model tells them from the unlabeled ones in {share} of pairs."
    remedy = "Label a random part of the rest and start again: every number here assumes a random sample."
    return Finding("shift", fact, remedy, False)


def _looks_like_formula(cell: object) -> bool:
    return isinstance(cell, str) and FORMULA.match(cell) is not None


def _plain(text: str) -> str:
    return " ".join(WORDS.findall(text.casefold()))


def _quoted(names: list[str]) -> list[str]:
    return [f"'{name}'" for name in names]


def _named(names: list[str]) -> str:
    some = _quoted(names[:3])
    return words.listing([*some, f"{words.count(len(names) - 3)} more"] if len(names) > 3 else some)
