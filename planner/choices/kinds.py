"""Kinds of column: how the columns of one kind become numbers that a model can learn from."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from planner.registry import Registry
from planner.sentences import sentence_vectors

Encoder = Callable[[pd.DataFrame], Any]  # (rows, columns of one kind) -> (rows, width) float64, dense or CSR
KINDS: Registry[Encoder] = Registry("kind of column")

FEWEST_PER_VALUE = 5  # a value on fewer rows cannot be learned in five folds
MOST_WORDS = 20_000  # keeps a text column of any size in memory; the words beyond are on a handful of rows each
MEANING = 1 / 8  # deviation of a sentence vector's 256 columns; at 1 logistic regression overfits, by 2 to 6 points
LARGEST = 1e100  # larger numbers would overflow when they are squared

DATE = re.compile(
    r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[ -][A-Za-z]{3,9}[ ,-]+\d{4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4})([T ,]+\d{1,2}:\d{2}.*)?\s*"
)
MONTH_FIRST = re.compile(r"\s*\d{1,2}[-/.](1[3-9]|2\d|3[01])[-/.]\d{4}")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # Thai, Japanese, Chinese: no spaces between words
WHOLE = re.compile(r"[+-]?\d+\.0+")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
AMOUNT_SIGNS = r"^\s*([-+]?)\s*[$€£]?\s*(.*?)\s*%?\s*$"


@KINDS.register("number", "Number", model_input=True)
def number(columns: pd.DataFrame) -> np.ndarray:
    """Standardised; a missing value becomes the median, and a 0/1 column says which were missing."""
    values = as_numbers(columns)
    missing = np.isnan(values)
    found: np.ndarray = np.hstack([_standardised(values, missing), missing[:, missing.any(axis=0)].astype(float)])
    return found


@KINDS.register("category", "Category", model_input=True)
def category(columns: pd.DataFrame) -> csr_array:
    """One 0/1 column a value; values on fewer than 5 rows count together, and missing is a value of its own."""
    return _side_by_side([_one_hot(columns[name]) for name in columns])


@KINDS.register("text", "Free text", model_input=True, source="Salton, Buckley 1988")
def text(columns: pd.DataFrame) -> csr_array:
    """Words weighted by how rare they are (TF-IDF), each column on its own, rows of length one."""
    return _side_by_side([_tfidf(columns[name]) for name in columns])


@KINDS.register("sentence", "Free text, by meaning", model_input=True, source="Wieting, Bansal, Gimpel, Livescu 2016")
def sentence(columns: pd.DataFrame) -> np.ndarray:
    """Each text as the average vector of its words, 256 numbers, by the optional package wordllama.

    On six public text sets with logistic regression it is ahead of TF-IDF at 100 labels on all (by 2 to 20 points) and
    behind at 1,600 on three (by 1 to 15): for few labels, and where meaning matters more than single telling words.
    """
    vectors = np.hstack([sentence_vectors(_texts(columns[name])) for name in columns])
    return MEANING * _standardised(vectors, np.isnan(vectors))


@KINDS.register("embedding", "Embedding", model_input=True)
def embedding(columns: pd.DataFrame) -> np.ndarray:
    """Ready-made vectors, as a list in each cell or spread over many columns: dense, standardised."""
    blocks = [as_vectors(columns[name]) if _is_lists(columns[name]) else None for name in columns]
    flat = [name for name, block in zip(columns, blocks, strict=True) if block is None]
    values = np.hstack([as_numbers(columns[flat]), *(block for block in blocks if block is not None)])
    return _standardised(values, np.isnan(values))


@KINDS.register("date", "Date", model_input=True)
def date(columns: pd.DataFrame) -> np.ndarray:
    """Year, month, weekday and days since the first date, as numbers."""
    found: np.ndarray = number(pd.concat([_calendar(columns[name]) for name in columns], axis=1))
    return found


@KINDS.register("identifier", "Identifier", model_input=False)
def identifier(columns: pd.DataFrame) -> np.ndarray:
    """A name for the row, which says nothing about other rows: left out."""
    return np.empty((len(columns), 0))


@KINDS.register("constant", "Constant", model_input=False)
def constant(columns: pd.DataFrame) -> np.ndarray:
    """The same value everywhere: left out."""
    return np.empty((len(columns), 0))


@KINDS.register("group", "Group to watch", model_input=False)
def group(columns: pd.DataFrame) -> np.ndarray:
    """Says which group a row belongs to: the score of the worst group is watched, the model never sees it."""
    return np.empty((len(columns), 0))


@KINDS.register("expert", "Rows to label first", model_input=False)
def expert(columns: pd.DataFrame) -> np.ndarray:
    """Marks rows that an expert would label first: a pilot can start with them, the model never sees the marks."""
    return np.empty((len(columns), 0))


@KINDS.register("amount", "Amount at stake", model_input=False)
def amount(columns: pd.DataFrame) -> np.ndarray:
    """What is lost with a row that is missed: mistakes can be weighed by it, the model never sees it."""
    return np.empty((len(columns), 0))


def as_numbers(columns: pd.DataFrame) -> np.ndarray:
    """(rows, columns) floats; NaN where a cell is missing, infinite or not a number."""
    if all(isinstance(dtype, np.dtype) and dtype.kind in "iufb" for dtype in columns.dtypes):
        values = columns.to_numpy(float, copy=True)
    else:
        values = np.column_stack([numbers_in(columns[name]) for name in columns])
    values[np.isinf(values)] = np.nan
    clipped: np.ndarray = np.clip(values, -LARGEST, LARGEST)
    return clipped


def numbers_in(cells: pd.Series) -> np.ndarray:
    """One column as floats, infinity kept. Reads 1,200 and 12% and 1,5 and $3 where the whole column allows it."""
    if pd.api.types.is_numeric_dtype(cells):
        values: np.ndarray = cells.to_numpy(float, na_value=np.nan)
        return values
    if pd.api.types.is_timedelta64_dtype(cells):
        return np.asarray(cells.dt.total_seconds(), dtype=float)
    if pd.api.types.is_datetime64_any_dtype(cells):
        return np.full(len(cells), np.nan)
    plain = cells.astype(object)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(float, na_value=np.nan)
    odd = np.isnan(values) & plain.notna().to_numpy()
    if odd.any():
        values = values.copy()
        values[odd] = _amounts(plain[odd].astype(str))
    return values


def as_dates(cells: pd.Series) -> pd.Series:
    """One column as dates without a time zone; NaT where a cell is missing or no date."""
    if isinstance(cells.dtype, pd.PeriodDtype):
        cells = cells.dt.to_timestamp()
    if not pd.api.types.is_datetime64_any_dtype(cells):
        written = cells.map(str, na_action="ignore").astype(object)
        written = written.where(written.map(_is_date, na_action="ignore") == True)  # noqa: E712 - missing stays missing
        year_first = written.str.match(r"\s*\d{4}", na=True).astype(bool)
        day_first = not written.map(MONTH_FIRST.match, na_action="ignore").notna().any()
        # Parsed apart, for with day first pandas takes 2024-03-01 for the third of January.
        parts = [(written[year_first], False), (written[~year_first], day_first)]
        cells = pd.concat([_parsed(part, first) for part, first in parts]).sort_index()
    local: pd.Series = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
    return local


def _parsed(written: pd.Series, day_first: bool) -> pd.Series:
    return pd.to_datetime(written, format="mixed", dayfirst=day_first, errors="coerce", utc=True).astype(
        "datetime64[us, UTC]"
    )


def as_text(cells: pd.Series) -> pd.Series:
    """One column as words: stripped, 1.0 written 1, NaN where a cell is missing or blank."""
    try:
        codes, values = pd.factorize(cells)
    except TypeError:  # lists and the like have no hash
        codes, values = pd.factorize(cells.map(str, na_action="ignore"))
    words = np.array([_word(value) for value in values] + [None], dtype=object)  # the last is for code -1, missing
    return pd.Series(words[codes], index=cells.index, dtype=object)


def as_vectors(cells: pd.Series) -> np.ndarray:
    """(rows, width) floats of a list column; a row of another width than most is NaN throughout."""
    vectors = [_vector(cell) for cell in cells]
    lengths = pd.Series([len(vector) for vector in vectors if len(vector)])
    width = int(lengths.mode().iloc[0]) if len(lengths) else 0
    nothing = np.full(width, np.nan)
    return np.array([vector if len(vector) == width else nothing for vector in vectors]).reshape(len(cells), width)


def is_list(cell: Any) -> bool:
    """Whether a cell holds a vector, as a list or written out: [0.1, 0.2]."""
    if isinstance(cell, list | tuple | np.ndarray):
        return True
    return isinstance(cell, str) and cell.lstrip()[:1] == "[" and len(_vector(cell)) > 1


def _is_lists(cells: pd.Series) -> bool:
    first = cells.first_valid_index() if not pd.api.types.is_numeric_dtype(cells) else None
    return first is not None and is_list(cells.loc[first])


def _vector(cell: Any) -> np.ndarray:
    try:
        found = np.asarray(json.loads(cell) if isinstance(cell, str) else cell, dtype=float)
    except (ValueError, TypeError):
        found = np.array([])
    return found if found.ndim == 1 else np.array([])


def _word(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    word = (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).strip()
    return (word.split(".")[0] if WHOLE.fullmatch(word) else word) or None


def _is_date(cell: str) -> bool:
    return DATE.fullmatch(cell) is not None


def _amounts(odd: pd.Series) -> np.ndarray:
    """Numbers in cells that are none as they stand; commas are thousands only when every comma can be."""
    bare = odd.str.replace(AMOUNT_SIGNS, r"\1\2", regex=True)
    with_comma = bare[bare.str.contains(",", regex=False)]
    thousands = all(THOUSANDS.fullmatch(cell) for cell in with_comma)
    bare = bare.str.replace(",", "" if thousands else ".", regex=False)
    found: np.ndarray = pd.to_numeric(bare.astype(object), errors="coerce").to_numpy(float, na_value=np.nan)
    return found


def _standardised(values: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Mean 0 and deviation 1 a column, missing cells at the median; a column without any value becomes 0."""
    whole = ~missing.any(axis=0)
    middle = np.zeros(values.shape[1])
    for j in np.flatnonzero(~whole & ~missing.all(axis=0)):
        middle[j] = np.median(values[~missing[:, j], j])
    filled = np.where(missing, middle, values)
    centered: np.ndarray = filled - filled.mean(axis=0)
    spread = centered.std(axis=0)
    return centered / np.where(spread > 0, spread, 1.0)


def _one_hot(cells: pd.Series) -> csr_array:
    codes, values = pd.factorize(as_text(cells), sort=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    common = counts >= FEWEST_PER_VALUE
    place = np.append(np.where(common, np.cumsum(common) - 1, common.sum()), common.sum() + 1)  # common, rare, missing
    used, position = np.unique(place[codes], return_inverse=True)
    rows = len(codes)
    return csr_array((np.ones(rows), position, np.arange(rows + 1)), shape=(rows, len(used)))


def _tfidf(cells: pd.Series) -> csr_array:
    texts = _texts(cells)
    sample = "".join(texts[:: max(1, len(texts) // 1000)])
    unspaced = len(UNSPACED.findall(sample)) > 0.3 * len(sample)
    # Chinese, Japanese and Thai set no spaces, so single characters and pairs stand in for words.
    pairs = {"analyzer": "char", "ngram_range": (1, 2)} if unspaced else {}
    counts = _counts(texts, CountVectorizer(min_df=2, **pairs))
    if counts is None:
        return csr_array((len(texts), 0), dtype=float)
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts.astype(float)))


def _texts(cells: pd.Series) -> list[str]:
    """Every cell as text, empty where it is missing."""
    found: list[str] = cells.astype(object).where(cells.notna(), "").astype(str).tolist()
    return found


def _counts(texts: list[str], vectorizer: CountVectorizer) -> csr_array | None:
    try:
        counts = csr_array(vectorizer.fit_transform(texts))
    except ValueError:  # not one word is on two rows
        return None
    # CountVectorizer(max_features=...) breaks ties in an order that differs between processors; a stable sort does not.
    often = np.argsort(-counts.sum(axis=0), kind="stable")[:MOST_WORDS]
    return counts[:, np.sort(often)]


def _calendar(cells: pd.Series) -> pd.DataFrame:
    dates = as_dates(cells)
    days = (dates - dates.min()).dt.total_seconds() / 86_400
    parts = {"year": dates.dt.year, "month": dates.dt.month, "weekday": dates.dt.day_of_week, "days": days}
    return pd.DataFrame({f"{cells.name} {part}": values.astype(float) for part, values in parts.items()})


def _side_by_side(blocks: list[csr_array]) -> csr_array:
    return csr_array(hstack(blocks, format="csr", dtype=float))
