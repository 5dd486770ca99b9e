"""What a finance reader asks of money over time: present value, rates of return, payback."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

LOWEST_RATE, HIGHEST_RATE = -0.99, 10.0  # a year; returns beyond are said as "none"


@dataclass(frozen=True, eq=False)
class CashFlows:
    """Money by the year it moves, relative to a baseline: negative is paid, positive is received."""

    years: np.ndarray  # (T,) ascending; 0 is today
    amounts: np.ndarray  # (..., T) currency


def level_income(amount: float | np.ndarray, horizon: float, rate: float) -> CashFlows:
    """`amount` a year at the end of each year up to the horizon; the last part of a year pays its share at its end.

    The share is the one whose present value at `rate` agrees with annuity(horizon, rate).
    """
    whole = int(np.floor(horizon + 1e-9))
    years = np.arange(1, whole + 1, dtype=float)
    shares = np.ones(whole)
    part = horizon - whole
    if part > 1e-9:
        years = np.append(years, horizon)
        shares = np.append(shares, part if rate == 0 else np.expm1(part * np.log1p(rate)) / rate)
    return CashFlows(years, np.asarray(amount, dtype=float)[..., None] * shares)


def npv(flows: CashFlows, rate: float) -> np.ndarray:
    """Present value, (...): each amount over (1 + rate)^years; today's undiscounted. `rate` above -1.

    Source: Brealey, Myers, Allen, Principles of Corporate Finance, chapter 2.
    """
    return np.asarray((flows.amounts * (1.0 + rate) ** -flows.years).sum(axis=-1))


def irr(flows: CashFlows) -> tuple[float, ...]:
    """Every rate between -99% and 1,000% a year at which the present value is 0, ascending; () where there is none.

    Amounts (T,). By Descartes' rule there are at most as many as changes of sign; with several, none is "the" return.
    """
    keep = flows.amounts != 0
    years, amounts = flows.years[keep], flows.amounts[keep]
    low, high = 1 / (1 + HIGHEST_RATE), 1 / (1 + LOWEST_RATE)
    factors = _roots(amounts, years, low, high)
    return tuple(sorted(float(1 / factor - 1) for factor in factors))


def payback(flows: CashFlows, rate: float = 0.0) -> float | None:
    """Years until what has come in covers what was paid, each year's amount spread evenly over the year; None: never.

    Amounts (T,). With a rate, of discounted amounts. 0 where nothing is out of pocket at the start.
    """
    worths = flows.amounts * (1.0 + rate) ** -flows.years
    total = np.cumsum(worths)
    # What is left of amounts that cancel to the last digits is 0: it is paid back at that very date.
    total[np.abs(total) <= 1e-13 * np.cumsum(np.abs(worths))] = 0.0
    if not len(total) or total[0] >= 0:
        return 0.0
    covered = np.flatnonzero(total >= 0)
    if not len(covered):
        return None
    last = int(covered[0])
    missing, came = -total[last - 1], total[last] - total[last - 1]
    start = flows.years[last - 1]
    return float(start + (flows.years[last] - start) * missing / came)


def return_on_cost(value: float, cost: float) -> float | None:
    """(present value of value - present value of cost) / present value of cost; None when nothing is spent.

    Source: Forrester Total Economic Impact: benefits less costs, by costs.
    """
    return (value - cost) / cost if cost > 0 else None


def _roots(amounts: np.ndarray, powers: np.ndarray, low: float, high: float) -> list[float]:
    """Roots of sum of amount x^power between low and high, each once.

    Between two neighboring roots of the derivative the sum is monotone and crosses 0 at most once; the derivative has
    a term less, so this ends.
    """
    changes = int((np.sign(amounts[1:]) != np.sign(amounts[:-1])).sum())
    if changes == 0:
        return []
    powers = powers - powers[0]  # dividing by x^power moves no root
    turns = [] if changes == 1 else _roots(amounts[1:] * powers[1:], powers[1:] - 1, low, high)
    return _crossings(amounts, powers, [low, *turns, high])


def _crossings(amounts: np.ndarray, powers: np.ndarray, ends: list[float]) -> list[float]:
    """Where the sum, monotone between neighboring ends, is 0, each place once."""

    def total(x: float) -> float:
        terms = amounts * x**powers
        # What is left of terms that cancel to the last digits is 0: the sum touches it there without crossing.
        return 0.0 if abs(terms.sum()) <= 1e-13 * np.abs(terms).sum() else float(terms.sum())

    values = [total(x) for x in ends]
    found = [x for x, value in zip(ends, values, strict=True) if value == 0]
    for (a, at_a), (b, at_b) in pairwise(zip(ends, values, strict=True)):
        if at_a * at_b < 0:
            found.append(float(brentq(total, a, b, xtol=1e-15, rtol=1e-14)))
    return sorted(set(found))
