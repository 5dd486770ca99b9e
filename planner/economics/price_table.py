"""Prices that fall with volume, and a smallest order, as a person writes them: 0=0.50, 5000=0.40; minimum=1000."""

from functools import lru_cache

import numpy as np

from planner.errors import BadSetting

HOW = "Write it as 0=0.50, 5000=0.40; minimum=1000: from how many labels on each of the next ones costs how much."


@lru_cache(maxsize=64)
def price_table(text: str) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """(labels from which each price holds, prices, smallest order in labels). Raises BadSetting."""
    found: list[tuple[float, float]] = []
    least = 0.0
    for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        name, _, amount = (piece.strip() for piece in part.partition("="))
        if name == "minimum":
            least = _number(amount, part)
        else:
            found.append((_number(name, part), _number(amount, part)))
    starts, prices = tuple(start for start, _ in found), tuple(price for _, price in found)
    if not found or starts[0] != 0:
        raise BadSetting(f"The price table '{text}' does not begin at 0 labels. {HOW}")
    for k in range(1, len(found)):
        if starts[k] <= starts[k - 1]:
            raise BadSetting(
                f"In the price table {starts[k]:g} comes after {starts[k - 1]:g} labels. Sort it by labels."
            )
        if prices[k] > prices[k - 1]:
            raise BadSetting(
                f"The price table rises from {prices[k - 1]:g} to {prices[k]:g} at {starts[k]:g} labels; a larger "
                "order never costs more a label. Check the two prices."
            )
    return starts, prices, least


def first_price(text: str) -> float:
    """Price of a label before any discount."""
    return price_table(text)[1][0]


def at_first_price(text: str, price: float) -> str:
    """The same table with all prices moved in proportion, so that the first is `price`."""
    starts, prices, least = price_table(text)
    factor = price / prices[0] if prices[0] else 0.0
    rows = ", ".join(f"{start!r}={value * factor!r}" for start, value in zip(starts, prices, strict=True))
    return f"{rows}; minimum={least!r}"


def labels_at_first_price(text: str, labels: float | np.ndarray) -> float | np.ndarray:
    """How many labels at the first price cost as much as `labels` in one order of the table; 0 for no label."""
    starts, prices, least = price_table(text)
    if prices[0] == 0:
        return labels * 0.0
    ordered = np.where(np.asarray(labels) > 0, np.maximum(labels, least), 0.0)
    ends = (*starts[1:], np.inf)
    spent = sum(
        (
            price * np.clip(ordered - start, 0, end - start)
            for start, end, price in zip(starts, ends, prices, strict=True)
        ),
        start=np.zeros(np.shape(ordered)),
    )
    equal = spent / prices[0]
    return float(equal) if np.ndim(labels) == 0 else np.asarray(equal)


def _number(text: str, part: str) -> float:
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        value = np.nan
    if not 0 <= value < 1e12:
        raise BadSetting(f"'{part}' is no line of a price table. {HOW}")
    return value
