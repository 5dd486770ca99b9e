"""Amounts a person is not sure of: low, likely and high, and the draws between them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from planner.economics.assumptions import Assumptions
from planner.economics.price_table import at_first_price
from planner.errors import BadSetting, unknown
from planner.settings import Knob, key, knobs

MARK = ".."  # between the two ends, as in 0.3..0.9


# Amounts that are no money.
SHARES = ("hardness", "hours_per_round", "review_share", "rework_share", "horizon", "decisions_per_year",
          "seconds_per_review", "conversion_per_point")  # fmt: skip
CAPS = ("budget",)  # a limit is chosen, not guessed


def uncertain() -> dict[str, Knob]:
    """The amounts that can have a range, by name."""
    money = {one.name: one for one in knobs(Assumptions) if one.unit.startswith("currency") or one.name in SHARES}
    return {name: one for name, one in money.items() if name not in CAPS}


def ranges_of(assumptions: Assumptions) -> dict[str, tuple[float, float]]:
    """{amount: (low, high)} as typed: cost_per_label=0.3..0.9, setup_cost=200..2000.

    The likely value is the amount itself and lies between the two. Raises BadSetting or UnknownChoice.
    """
    known, found = uncertain(), {}
    for part in filter(None, (part.strip() for part in assumptions.ranges.split(","))):
        name, _, ends = (text.strip() for text in part.partition("="))
        name = name.replace("-", "_")
        if name not in known:
            raise unknown("amount", name, known)
        if name == "cost_per_label" and assumptions.price_table.strip():
            raise BadSetting(
                "The cost per label has a range and a price table as well. Leave one out: the table says the price."
            )
        found[name] = _checked(known[name], getattr(assumptions, name), ends, part)
    return found


def _checked(one: Knob, likely: float | None, ends: str, part: str) -> tuple[float, float]:
    low_text, mark, high_text = ends.partition(MARK)
    try:
        low, high = float(low_text), float(high_text)
    except ValueError:
        low = high = np.nan
    if not mark or not np.isfinite([low, high]).all():
        raise BadSetting(
            f"'{part}' is no range. Write it as amount=low{MARK}high, such as cost_per_label=0.3{MARK}0.9."
        )
    if likely is None:
        raise BadSetting(f"{one.title} has a range but no value. Type the likely value as well.")
    if not low <= likely <= high:
        raise BadSetting(f"{one.title} is {likely:,g}, outside its range of {low:,g} to {high:,g}. Widen the range.")
    if (one.low is not None and low < one.low) or (one.high is not None and high > one.high):
        raise BadSetting(f"The range of {one.title.lower()} must stay between {one.low:,g} and {one.high:,g}.")
    return low, high


def with_ranges(assumptions: Assumptions, ranges: dict[str, tuple[float, float]]) -> Assumptions:
    """The assumptions with these ranges, written as they would be typed."""
    typed = (f"{name}={float(low)!r}{MARK}{float(high)!r}" for name, (low, high) in ranges.items())
    return replace(assumptions, ranges=", ".join(typed))


def in_step(assumptions: Assumptions, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Other inputs, with what hangs on them: the range of a changed amount, and the price table of a changed price.

    A range moves in proportion with its amount, and by as much as it where that was 0. Raises BadSetting.
    """
    found, known = dict(changes), uncertain()
    if assumptions.price_table.strip() and "cost_per_label" in changes and "price_table" not in changes:
        found["price_table"] = at_first_price(assumptions.price_table, changes["cost_per_label"])
    ranges = ranges_of(assumptions)
    if "ranges" not in changes and any(name in changes for name in ranges):
        now = {name: changes.get(name, getattr(assumptions, name)) for name in ranges}
        kept = [name for name in ranges if now[name] is not None]
        moved = {name: _moved(known[name], getattr(assumptions, name), now[name], ranges[name]) for name in kept}
        found["ranges"] = with_ranges(assumptions, moved).ranges
    return found


def _moved(one: Knob, was: float, now: float, ends: tuple[float, float]) -> tuple[float, float]:
    """A range about another likely value, within the limits of the setting."""
    low, high = (end * now / was if was else end + now for end in ends)
    least, most = (-np.inf if one.low is None else one.low), (np.inf if one.high is None else one.high)
    return float(max(low, least)), float(min(high, most))


def quantile(low: float, likely: float, high: float, share: float | np.ndarray) -> np.ndarray:
    """The quantile of a triangular distribution: nothing below low or above high, likely the most likely.

    Source: van Hauwermeiren, Vose, Vanden Bossche 2012, A Compendium of Distributions.
    """
    if high <= low:
        return np.full(np.shape(share), likely)
    share, turn = np.asarray(share, dtype=float), (likely - low) / (high - low)
    below = low + np.sqrt(share * (high - low) * (likely - low))
    above = high - np.sqrt((1 - share) * (high - low) * (high - likely))
    return np.asarray(np.where(share <= turn, below, above))


def drawn(assumptions: Assumptions, draws: int, seed: int) -> dict[str, np.ndarray]:
    """{amount: (draws,)} for every amount with a range, its stream by its name alone; the same on any day."""
    found = {}
    for name, (low, high) in ranges_of(assumptions).items():
        rng = np.random.default_rng([seed, 3, int(key(name), 16)])
        found[name] = quantile(low, getattr(assumptions, name), high, rng.random(draws))
    return found
