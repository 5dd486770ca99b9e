"""A plan as an investment: cash flows against a baseline, present value, rates of return and payback."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.economics.assumptions import Assumptions
from planner.economics.finance import CashFlows, irr, level_income, npv, payback, return_on_cost
from planner.economics.options import Option
from planner.economics.worth import is_valued, is_yearly, unvalued, years

Value = Callable[[float], float]  # score 0-1 -> currency a year, or once

CHEAPER = "Cheaper from day one: no investment to return."
ONCE = "The value comes once, at once: there is no time for a rate of return."
NO_RATE = "No yearly return makes the two equal."
SEVERAL = "Several rates make the two equal; none of them is the return."


@dataclass(frozen=True)
class Investment:
    """What an option costs and brings more than a baseline, in the middle of the forecast."""

    option: str
    baseline: str
    flows: CashFlows | None  # option minus baseline, today and by the year; None without a value
    npv: float | None  # [currency]
    returns: tuple[float, ...]  # every yearly rate at which the present value is 0
    returns_why: str  # why there is no rate, or that there are several
    payback: float | None  # [years]
    discounted_payback: float | None  # [years]
    payback_why: str
    return_on_cost: float | None  # (value - cost) / cost in present values, over doing nothing
    adjusted_npv: float | None = None  # [currency] with benefits lower and costs higher by the risk adjustment
    adjusted_return: float | None = None  # return on cost likewise


def invest(
    option: Option, baseline: Option, nothing: Option, asked: Assumptions, value_of: Value | None = None
) -> Investment:
    """An option against a baseline; `nothing` is the option of doing nothing, whose score value is counted from.

    `value_of` is the value of a score a year, or once; a value per point unless said. What waiting longer than the
    baseline costs, where a week has a value, is taken off today.
    """
    valued = is_valued(asked)
    if not valued or any(_unknown(one) for one in (option, baseline, nothing)):
        why = unvalued(asked) if not valued else option.score.why or baseline.score.why
        return Investment(option.name, baseline.name, None, None, (), why, None, None, why, None)
    value_of = value_of or (lambda score: 100 * score * (asked.value_per_point or 0.0))
    own, other, least = (value_of(_middle(one.score.p50)) for one in (option, baseline, nothing))
    spent = _middle(option.cost.p50) - _middle(baseline.cost.p50)
    later = ((option.weeks or 0.0) - (baseline.weeks or 0.0)) * (asked.value_per_week or 0.0)
    flows = _flows(spent + later, own - other, asked)
    value = (own - least) * float(years(asked))
    more, cost, share = (own - other) * float(years(asked)), _middle(option.cost.p50), asked.risk_adjustment
    returns, why = returns_of(flows, asked)
    pays = payback(flows), payback(flows, asked.discount_rate)
    never = "Never within the horizon." if pays[0] is None else CHEAPER if flows.amounts[0] >= 0 else ""
    return Investment(
        option.name, baseline.name, flows, float(npv(flows, asked.discount_rate)), returns, why,
        *(pays if flows.amounts[0] < 0 else (None, None)), never, return_on_cost(value, cost),
        sum(adjusted(part, share) for part in (-spent, -later, more)),
        return_on_cost(adjusted(value, share), -adjusted(-cost, share)),
    )  # fmt: skip


def adjusted(benefit: float, share: float) -> float:
    """A benefit made lower, or a cost (below 0) made higher, by a share of it.

    Source: Forrester Total Economic Impact: risk-adjusted benefits and costs beside the unadjusted ones.
    """
    return benefit - share * abs(benefit)


def _flows(spent: float, worth: float, asked: Assumptions) -> CashFlows:
    """Costs today, and what the difference in score is worth: every year to the horizon, or once, today."""
    if not is_yearly(asked):
        return CashFlows(np.zeros(2), np.array([-spent, worth]))
    income = level_income(worth, asked.horizon, asked.discount_rate)
    return CashFlows(np.concatenate([[0.0], income.years]), np.concatenate([[-spent], income.amounts]))


def returns_of(flows: CashFlows, asked: Assumptions) -> tuple[tuple[float, ...], str]:
    """(every yearly return, why there is none or more than one) of a plan less its baseline."""
    if flows.amounts[0] >= 0:
        return (), CHEAPER
    if not is_yearly(asked):
        return (), ONCE
    found = irr(flows)
    return found, (SEVERAL if len(found) > 1 else "") if found else NO_RATE


def _unknown(option: Option) -> bool:
    return option.score.p50 is None or option.cost.p50 is None


def _middle(value: float | None) -> float:
    return 0.0 if value is None else value
