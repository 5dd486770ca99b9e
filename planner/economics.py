"""Room 4: a Forecast and Assumptions become a Valuation: cost and net value of every option at every budget."""

import math
from dataclasses import dataclass

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.forecast import Forecast, first_crossing
from planner.results import Result
from planner.settings import Settings, knob

MOST_ROUNDS = 5
ROUND_GROWTH = 1.6  # a larger batch loses accuracy: its picks are ranked by a model that has gone stale


@dataclass(frozen=True)
class Assumptions(Settings):
    """What labels cost and what a better score is worth."""

    cost_per_label: float = knob(
        1.0,
        "Price of one label, checks and rework included.",
        title="Cost per label",
        unit="currency/label",
        low=0,
        high=1e6,
        main=True,
    )
    setup_cost: float = knob(
        0.0,
        "One-time cost of running active learning: tools and people. Labeling at random does not pay it.",
        title="Setup cost",
        unit="currency",
        low=0,
        high=1e12,
        main=True,
    )
    cost_per_round: float = knob(
        0.0,
        "Cost of each round of active learning: retraining, and the people who run it.",
        title="Cost per round",
        unit="currency/round",
        low=0,
        high=1e9,
        main=True,
    )
    value_per_point: float | None = knob(
        None,
        "What 0.01 more of the score is worth to you, once. Leave it empty to plan by target alone.",
        title="Value per accuracy point",
        unit="currency/point",
        low=0,
        high=1e12,
        main=True,
    )
    per_year: bool = knob(
        False, "The value per point comes every year of the horizon, not once.", title="Value comes every year"
    )
    horizon: float = knob(
        3.0, "Years the value lasts, if it comes every year.", title="Horizon", unit="years", low=0.1, high=50
    )
    discount_rate: float = knob(
        0.10, "What a year of waiting takes off money, as a share.", title="Discount rate", unit="1/year", low=0, high=1
    )
    todays_score: float | None = knob(
        None,
        "Score of today's process, 0 to 1. Empty: the score at the labels you have, so that doing nothing is stopping "
        "at the sample.",
        title="Score of today's process",
        unit="0 to 1",
        low=0,
        high=1,
    )
    budget: float | None = knob(
        None,
        "The most that may be spent on labels, setup and rounds.",
        title="Budget cap",
        unit="currency",
        low=0,
        high=1e12,
    )
    target: float | None = knob(
        None,
        "The score you need, 0 to 1. Empty: the score with everything labeled minus the points given up.",
        title="Target score",
        unit="0 to 1",
        low=0,
        high=1,
    )
    give_up: float = knob(
        1.0,
        "How far below the score with everything labeled is good enough, when no target is typed.",
        title="Points given up",
        unit="points",
        low=0,
        high=20,
    )
    deadline: float | None = knob(
        None, "Weeks until the labels must be there.", title="Weeks to the deadline", unit="weeks", low=0, high=1000
    )
    labels_per_week: float | None = knob(
        None,
        "Labels all your labelers together finish in a week.",
        title="Labels per week",
        unit="labels/week",
        low=1,
        high=1e9,
    )
    weeks_per_round: float = knob(
        0.5,
        "Waiting time each round adds: retraining, choosing, handing out.",
        title="Weeks per round",
        unit="weeks/round",
        low=0,
        high=100,
    )
    label_all: bool = knob(False, "A rule says that every item must be labeled.", title="Everything must be labeled")
    count_paid_labels: bool = knob(
        False,
        "Add the price of labels you already have to every option that uses labels.",
        title="Count labels already paid",
    )
    currency: str = knob("USD", "Three-letter code of the one currency all amounts are in.", title="Currency")


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
    net: dict[str, np.ndarray]  # {strategy: (D, B)} present value over stopping at the sample, minus cost; {} unvalued
    allowed: dict[str, np.ndarray]  # {strategy: (B,) bool} a purchase above 0 within budget and deadline
    best: dict[str, int]  # {strategy: position in purchases of its best purchase}; missing where none is allowed

    @property
    def point(self) -> float | None:
        """Present value of 0.01 of the score, or None."""
        return present_value_per_point(self.assumptions)


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
    """What 0.01 of the score is worth today, or None when no value was given."""
    if assumptions.value_per_point is None:
        return None
    yearly = annuity(assumptions.horizon, assumptions.discount_rate) if assumptions.per_year else 1.0
    return assumptions.value_per_point * yearly


def rounds_for(n: int, purchase: float, adaptive: bool = True) -> int:
    """Rounds a purchase takes: none larger than x1.6 of what is labeled by then, five at most; random takes one."""
    if purchase <= 0:
        return 0
    if not adaptive or n <= 0:
        return 1
    return min(MOST_ROUNDS, max(1, math.ceil(math.log((n + purchase) / n) / math.log(ROUND_GROWTH) - 1e-9)))


def cost_of(assumptions: Assumptions, purchase: float, rounds: int, adaptive: bool, labeled: int = 0) -> float:
    """All cost terms of buying so many labels: labels, and for an adaptive option setup and rounds.

    Labels already paid (`labeled`) count only when the assumptions say so.
    """
    paid = labeled if assumptions.count_paid_labels else 0
    labels = (purchase + paid) * assumptions.cost_per_label
    if purchase <= 0 or not adaptive:
        return labels
    return labels + assumptions.setup_cost + rounds * assumptions.cost_per_round


def net_benefit(savings: float, gain_in_points: float, value_per_point: float) -> float:
    """Savings against a baseline plus what the gain over it is worth."""
    return savings + gain_in_points * value_per_point


def roi(benefit: float, cost: float) -> float | None:
    """Net benefit over cost, 1.0 = 100%; None when nothing is spent."""
    return benefit / cost if cost > 0 else None


def weeks_for(assumptions: Assumptions, purchase: float, rounds: int, adaptive: bool) -> float | None:
    """Weeks until so many labels are there, or None when labels per week were not given."""
    if assumptions.labels_per_week is None:
        return None
    waiting = rounds * assumptions.weeks_per_round if adaptive else 0.0
    return purchase / assumptions.labels_per_week + waiting


def evaluate(forecast: Forecast, assumptions: Assumptions | None = None) -> Valuation:
    """Price every strategy at every budget and find each one's best purchase above 0."""
    assumptions = assumptions or Assumptions()
    purchases, point = forecast.purchases, present_value_per_point(assumptions)
    cost, net, allowed, best = {}, {}, {}, {}
    for name, scores in forecast.scores.items():
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        cost[name] = costs(forecast.labeled, purchases, assumptions, adaptive)
        allowed[name] = _allowed(forecast.labeled, purchases, cost[name], assumptions, adaptive)
        if point is not None:
            net[name] = 100 * point * (scores - scores[:, :1]) - (cost[name] - cost[name][0])
        if allowed[name].any():
            best[name] = _best(name, forecast, assumptions, net.get(name), allowed[name])
    return Valuation(forecast, assumptions, purchases, cost, net, allowed, best)


def costs(n: int, purchases: np.ndarray, assumptions: Assumptions, adaptive: bool) -> np.ndarray:
    """cost_of each purchase, (B,), with the rounds it takes."""
    return np.array([cost_of(assumptions, x, rounds_for(n, x, adaptive), adaptive, n) for x in purchases])


def _allowed(n: int, purchases: np.ndarray, cost: np.ndarray, assumptions: Assumptions, adaptive: bool) -> np.ndarray:
    allowed = purchases > 0
    if assumptions.budget is not None:
        allowed &= cost - cost[0] <= assumptions.budget
    if assumptions.deadline is not None and assumptions.labels_per_week is not None:
        weeks = [weeks_for(assumptions, x, rounds_for(n, x, adaptive), adaptive) or 0.0 for x in purchases]
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


def to_target(forecast: Forecast, assumptions: Assumptions, strategy: str) -> Interval:
    """Labels to buy until the target is reached.

    A typed target is read off every draw. The default one, so many points below everything labeled, is taken per draw;
    its range on ln(x + 100) is the one that held on other data sets, about the crossing of the median curve, so that
    the curve on screen crosses the printed target at the printed labels.
    """
    scores, budgets, n = forecast.scores[strategy], forecast.budgets, forecast.labeled
    crossing = first_crossing(np.median(scores, axis=0)[None], budgets, target_of(forecast, assumptions))
    middle = max(float(crossing[0]) - n, 0.0)
    if assumptions.target is not None:
        found = quantiles(np.maximum(first_crossing(scores, budgets, assumptions.target) - n, 0))
        return Interval(found.p10, middle if math.isfinite(middle) else None, found.p90, found.why)
    draws = first_crossing(scores, budgets, scores[:, -1] - assumptions.give_up / 100) - n
    half = _label_half_width(draws, n, strategy, forecast.calibrated[strategy])
    most = float(budgets[-1] - n)
    low, high = ((middle + 100) * math.exp(sign * half) - 100 for sign in (-1, 1))
    return Interval(min(max(low, 0.0), most), middle, min(high, most))


def _label_half_width(draws: np.ndarray, n: int, strategy: str, calibrated: bool) -> float:
    """Half-width of the 80% range of ln(x + 100): q sqrt(sd^2 + s0^2), learned at 1,000 and 2,000 rows."""
    small = n <= 1414  # the nearer of the two by ratio
    q, least = (0.75 if small else 1.16, 0.4) if strategy == "random" else (0.95 if small else 1.08, 0.3)
    low, high = np.quantile(np.log(np.maximum(draws, 0) + 100), [0.1, 0.9])
    half = q * math.hypot((high - low) / 2.563, least)
    return half if calibrated else 1.3 * half


def target_of(forecast: Forecast, assumptions: Assumptions) -> float:
    """The target score as printed: typed, or the median score with everything labeled minus the points given up."""
    if assumptions.target is not None:
        return assumptions.target
    return max(0.0, float(np.median(forecast.score_all)) - assumptions.give_up / 100)
