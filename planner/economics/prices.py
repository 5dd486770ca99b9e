"""Typical prices of a label by kind of task, from one plain file that may be edited, and a price from timed items."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files

from planner.errors import BadSetting, BadTable

FILE = "prices.csv"  # in planner/data
COLUMNS = ("name", "task", "title", "unit", "low", "likely", "high", "currency", "source", "date", "status")


@dataclass(frozen=True)
class Price:
    """What a label of some kind usually costs."""

    name: str  # lower snake case
    task: str  # "text" | "image" | "box" | "mask" | "document" | "audio", or any other word
    title: str
    unit: str  # what is labeled
    low: float  # [currency/label]
    likely: float
    high: float
    currency: str
    source: str
    date: str  # of the source
    status: str  # how good the source is: "asking price", "historic", ...


@lru_cache(maxsize=1)
def prices() -> Mapping[str, Price]:
    """{name: price} of the file that comes with the program. Raises BadTable where an edit broke it."""
    return read_prices((files("planner") / "data" / FILE).read_text("utf-8-sig"))


def read_prices(text: str) -> Mapping[str, Price]:
    """{name: price} of a table with the columns of COLUMNS. Raises BadTable."""
    rows = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise BadTable(f"The price list {FILE} has no column '{missing[0]}'. Its columns are {', '.join(COLUMNS)}.")
    found = (_price(row, line) for line, row in enumerate(rows, start=2))
    return {price.name: price for price in found}


def _price(row: dict[str, str | None], line: int) -> Price:
    given = {field.name: (row[field.name] or "").strip() for field in fields(Price)}
    try:
        low, likely, high = (float(given[name]) for name in ("low", "likely", "high"))
    except ValueError:
        low = likely = high = math.nan
    if not 0 <= low <= likely <= high < math.inf:
        raise BadTable(
            f"Line {line} of the price list {FILE} has the prices '{given['low']}', '{given['likely']}', "
            f"'{given['high']}'; they must be numbers from 0 up: low, likely, high."
        )
    words = {name: given[name] for name in COLUMNS if name not in ("low", "likely", "high")}
    return Price(**words, low=low, likely=likely, high=high)


@dataclass(frozen=True)
class Citation:
    """Where a price of a label comes from."""

    source: str
    date: str  # of the source; empty where it is of today


def cited(source: str, price: float, currency: str) -> Citation | None:
    """The source of a price as the log cites it: that of a typical price by its name, or a person's own words.

    None where nothing was said. A price that is not the typical one any more says so.
    """
    named, typical = source.strip(), prices().get(source.strip())
    if typical is None:
        return Citation(named, "") if named else None
    whole = f"{typical.title.lower()}, {typical.status}, {typical.source}"
    if typical.currency == currency and math.isclose(price, typical.likely):
        return Citation(f"typical price of {whole}", typical.date)
    return Citation(f"typed in, in place of {typical.likely:g} {typical.currency} for {whole} ({typical.date})", "")


def as_typed(source: str, currency: str) -> dict[str, str | float]:
    """A typical price and its range as the settings they fill; {} for a source that is none. Raises BadSetting."""
    typical = prices().get(source.strip())
    if typical is None:
        return {}
    if typical.currency != currency:
        raise BadSetting(
            f"The typical price of {typical.title.lower()} is in {typical.currency} and your plan in {currency}. "
            "Convert it and type the cost per label."
        )
    return {"cost_per_label": typical.likely, "ranges": f"cost_per_label={typical.low!r}..{typical.high!r}"}


def price_from_time(minutes: float, items: float, wage: float, overhead: float = 0.0) -> float:
    """Price of a label from so many minutes for so many items, an hourly wage and overhead as a share of it.

    Twenty of your own items are the best source there is. Raises BadSetting for what is no amount.
    """
    for title, value, least in (("Minutes", minutes, 0.0), ("Wage", wage, 0.0), ("Overhead", overhead, 0.0)):
        if not least <= value < math.inf:
            raise BadSetting(f"{title} is {value:g}; it must be a number from 0 up.")
    if not 0 < items < math.inf:
        raise BadSetting(f"{items:g} items were timed; time at least one.")
    return wage * (1 + overhead) * minutes / 60 / items


def yearly_value_per_point(decisions: float, cost_of_mistake: float) -> float:
    """What 0.01 of accuracy is worth a year: a hundredth of the decisions, no longer wrong."""
    return 0.01 * decisions * cost_of_mistake
