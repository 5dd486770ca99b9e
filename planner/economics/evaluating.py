"""Room 4: a Forecast and Assumptions become a Valuation: cost and net value of every option at every budget."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import costs, delays, labels_in_week, rounds_for, weeks_for
from planner.economics.worth import is_valued, point_of, with_amounts, worth
from planner.forecast.carrying import Forecast
from planner.forecast.crossings import first_crossing
from planner.forecast.drawing import labels_within
from planner.forecast.learned import WIDER
from planner.results import Result

Score = float | np.ndarray  # 0-1


@dataclass(frozen=True)
class Interval:
    """An 8 in 10 range and its middle; a quantile that cannot be given is None and `why` says so."""

    p10: float | None
    p50: float | None
    p90: float | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Valuation(Result):
    """Cost and expected net value of every option at every budget, and each option at its own best purchase."""

    forecast: Forecast
    assumptions: Assumptions
    purchases: np.ndarray  # (B,) labels to buy = budgets - n
    cost: dict[str, np.ndarray]  # {strategy: (B,)} currency; nothing for no purchase
    net: dict[str, np.ndarray]  # {strategy: (D, B)} value over stopping at the sample minus cost and delay; {} unvalued
    allowed: dict[str, np.ndarray]  # {strategy: (B,) bool} a purchase above 0 within budget and deadline
    best: dict[str, int]  # {strategy: position in purchases of its best purchase}; missing where none is allowed

    @cached_property
    def point(self) -> float | None:
        """Present value of the next 0.01 of the score, or None where value is not known."""
        if self.assumptions.value_model == "per_point":
            return present_value_per_point(self.assumptions)
        return point_of(self.assumptions, self.forecast)

    def worth(self, scores: Score) -> np.ndarray:
        """Present value of scores (...), up to a constant: only differences mean something."""
        return worth(np.asarray(scores), self.assumptions, self.forecast)


def quantiles(draws: np.ndarray) -> Interval:
    """The 10, 50 and 90% quantiles of draws (D,); one that falls on an infinite draw is None."""
    if not len(draws):
        return Interval(None, None, None, "There is no forecast.")
    found = np.quantile(draws, [0.1, 0.5, 0.9], method="inverted_cdf" if np.isinf(draws).any() else "linear")
    low, middle, high = (float(q) if math.isfinite(q) else None for q in found)
    why = "" if high is not None else "Not reached within the pool in enough of the draws."
    return Interval(low, middle, high, why)


def exactly(value: float) -> Interval:
    """A certain number as an interval."""
    return Interval(value, value, value)


def annuity(years: float, rate: float) -> float:
    """Present value of 1 a year for so many years, paid at year ends; `years` when the rate is 0."""
    return years if rate == 0 else -math.expm1(-years * math.log1p(rate)) / rate


def present_value_per_point(assumptions: Assumptions) -> float | None:
    """What 0.01 of the score is worth today where every point is worth the same, or None when no value was given."""
    if assumptions.value_per_point is None:
        return None
    yearly = annuity(assumptions.horizon, assumptions.discount_rate) if assumptions.per_year else 1.0
    return assumptions.value_per_point * yearly


def net_benefit(savings: float, gain_in_points: float, value_per_point: float) -> float:
    """Savings against a baseline plus what the gain over it is worth."""
    return savings + gain_in_points * value_per_point


def roi(benefit: float, cost: float) -> float | None:
    """Net benefit over cost, 1.0 = 100%; None when nothing is spent."""
    return benefit / cost if cost > 0 else None


def evaluate(forecast: Forecast, assumptions: Assumptions | None = None) -> Valuation:
    """Price every strategy at every budget and find each one's best purchase above 0."""
    assumptions = with_amounts(assumptions or Assumptions(), forecast)
    purchases, valued = forecast.purchases, is_valued(assumptions)
    cost, net, allowed, best = {}, {}, {}, {}
    for name, scores in forecast.scores.items():
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        cost[name] = costs(forecast.labeled, purchases, assumptions, adaptive)
        allowed[name] = _allowed(forecast.labeled, purchases, cost[name], assumptions, adaptive)
        if valued:
            late = delays(forecast.labeled, purchases, assumptions, adaptive)
            value = worth(scores, assumptions, forecast)
            net[name] = value - value[:, :1] - (cost[name] - cost[name][0]) - late
        if allowed[name].any():
            best[name] = _best(name, forecast, assumptions, net.get(name), allowed[name])
    return Valuation(forecast, assumptions, purchases, cost, net, allowed, best)


def _allowed(n: int, purchases: np.ndarray, cost: np.ndarray, assumptions: Assumptions, adaptive: bool) -> np.ndarray:
    allowed = purchases > 0
    if assumptions.budget is not None:
        allowed &= cost - cost[0] <= assumptions.budget
    if assumptions.deadline is not None and labels_in_week(assumptions) is not None:
        weeks = [
            weeks_for(assumptions, x, rounds_for(n, x, adaptive, assumptions.most_rounds), adaptive) or 0.0
            for x in purchases
        ]
        allowed &= np.array(weeks) <= assumptions.deadline
    return allowed


def _best(name: str, forecast: Forecast, assumptions: Assumptions, net: np.ndarray | None, allowed: np.ndarray) -> int:
    """Position of the highest mean net value; unvalued: of the fewest labels that reach the target."""
    if net is not None:
        return int(np.where(allowed, net.mean(axis=0), -np.inf).argmax())
    middle = to_target(forecast, assumptions, name).p50
    enough = allowed & (forecast.purchases >= (np.inf if middle is None else middle - 1e-9))
    positions = np.flatnonzero(enough if enough.any() else allowed)
    return int(positions[0] if enough.any() else positions[-1])


def best_purchases(valuation: Valuation, name: str) -> Interval:
    """10-90% of the per-draw best purchase of an option; with a launch bar, of the labels at which it is reached."""
    forecast, asked = valuation.forecast, valuation.assumptions
    if not VALUES[asked.value_model].facts["smooth"]:  # a draw that never gets there would best buy nothing
        crossing = first_crossing(forecast.scores[name], forecast.budgets, float(asked.launch_bar or 0.0))
        return quantiles(np.maximum(crossing - forecast.labeled, 0))
    allowed = valuation.allowed[name] | (valuation.purchases == 0)
    positions = np.where(allowed, valuation.net[name], -np.inf).argmax(axis=1)
    return quantiles(valuation.purchases[positions])


def to_target(forecast: Forecast, assumptions: Assumptions, strategy: str) -> Interval:
    """Labels to buy until the target is reached.

    A typed target is read off every draw. The default one, so many points below everything labeled, is taken per draw;
    its range on ln(x + 100) is the one that held on other data sets, about the crossing of the median curve, so that
    the curve on screen crosses the printed target at the printed labels.
    """
    key = (strategy, assumptions.target, assumptions.give_up)
    if key not in forecast.to_targets:
        forecast.to_targets[key] = _to_target(forecast, assumptions, strategy)
    return cast(Interval, forecast.to_targets[key])


def _to_target(forecast: Forecast, assumptions: Assumptions, strategy: str) -> Interval:
    scores, budgets, n = forecast.scores[strategy], forecast.budgets, forecast.labeled
    if assumptions.target is not None:
        crossing = first_crossing(forecast.middles[strategy][None], budgets, assumptions.target)
        middle = max(float(crossing[0]) - n, 0.0)
        found = quantiles(np.maximum(first_crossing(scores, budgets, assumptions.target) - n, 0))
        return Interval(found.p10, middle if math.isfinite(middle) else None, found.p90, found.why)
    wider = 1.0 if forecast.calibrated[strategy] else WIDER
    within = labels_within(scores, budgets, assumptions.give_up / 100, forecast.label_width(strategy), wider)
    return Interval(*within)


def target_of(forecast: Forecast, assumptions: Assumptions) -> float:
    """The target score as printed: typed, or the median score with everything labeled minus the points given up."""
    if assumptions.target is not None:
        return assumptions.target
    return max(0.0, float(np.median(forecast.score_all)) - assumptions.give_up / 100)
