"""A number for pairs of classes, as a person writes it: spam>ham=5, *>spam=2."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.errors import BadSetting, unknown

ANY = "*"


@dataclass(frozen=True)
class Entry:
    """One number and the pairs it is about."""

    text: str
    cells: Any  # index into a (C, C) array
    amount: float  # finite


def written(text: str, classes: Sequence[str], what: str, form: str, example: str) -> Iterator[Entry]:
    """The entries of a text, in its order, comma-separated; * stands for every class.

    `what`, `form` and `example` are for the sentences of BadSetting. Raises UnknownChoice for a class that is none.
    """
    for part in filter(None, (part.strip() for part in text.split(","))):
        pair, _, amount = part.rpartition("=")
        one, arrow, other = (name.strip() for name in pair.partition(">"))
        if not arrow:
            raise BadSetting(f"'{part}' is no {what}. Write it as {form}, such as {example}.")
        cells = np.ix_(_named(one, classes), _named(other, classes))
        yield Entry(part, cells, _amount(amount, part, form.rpartition("=")[2]))


def _named(name: str, classes: Sequence[str]) -> list[int]:
    if name == ANY:
        return list(range(len(classes)))
    if name not in classes:
        raise unknown("class", name, classes)
    return [list(classes).index(name)]


def _amount(text: str, part: str, number: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = np.nan
    if not 0 <= amount < 1e12:
        raise BadSetting(f"The {number} in '{part}' is '{text.strip()}'; it must be a number from 0 up.")
    return amount
