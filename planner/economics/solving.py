"""What a budget, a deadline or a target comes to: the purchase that goes farthest, or how near one gets. No words."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import cost_of, labels_in_week, rounds_for, weeks_for
from planner.economics.evaluating import Interval, quantiles
from planner.economics.figures import NOTHING, Figures
from planner.forecast.crossings import first_crossing

NO_PACE = "Give the labels a week, or people, items an hour and hours a week, to see how far the deadline goes."
CENT = 1e-9  # of an amount: a purchase that costs the budget to the cent is within it


@dataclass(frozen=True)
class Way:
    """One purchase, and what it costs, takes and reaches."""

    strategy: str
    labels: int  # to buy
    rounds: int
    cost: float  # currency
    weeks: float | None  # None where nobody said how fast labels come
    score: Interval  # where the forecast is refused, without numbers
    chance: float | None = None  # that a typed target is reached
    sure: float | None = None  # the score reached with the confidence asked for


@dataclass(frozen=True)
class Limits:
    """How far a budget cap, a deadline, or both go."""

    budget: float | None
    deadline: float | None  # weeks
    way: Way | None  # the purchase within them that reaches most; None: not even one label
    ends: str  # what ends it: "budget" | "deadline" | "pool"; "" where nothing is bought
    least: float  # currency: what the smallest purchase costs, everything that is paid once included
    why: str = ""  # why a deadline could not be held


@dataclass(frozen=True)
class Goal:
    """What a target score takes, at a confidence, within the limits."""

    target: float
    confidence: float  # share of forecasts in which the target must be reached
    way: Way | None  # the cheapest; None: not within reach
    nearest: Way | None  # then: the purchase within the limits that is sure of the highest score
    beyond: Way | None  # and the cheapest one with the limits lifted; None where the pool ends before
    why: str = ""  # why nothing can be said


@dataclass(frozen=True)
class Solved:
    """The answers to what was asked for; None where it was not asked."""

    limits: Limits | None = None
    goal: Goal | None = None


def solve(figures: Figures) -> Solved:
    """What the budget cap and the deadline reach, and what the target takes."""
    asked = figures.assumptions
    limited = asked.budget is not None or asked.deadline is not None
    return Solved(
        limits_reach(figures) if limited else None,
        None if asked.target is None else target_takes(figures, asked.target, asked.target_confidence),
    )


def limits_reach(figures: Figures) -> Limits:
    """The purchase within budget cap and deadline whose middle score is highest, of equals the cheapest."""
    asked = figures.assumptions
    why = NO_PACE if asked.deadline is not None and labels_in_week(asked) is None else ""
    least = cost_of(asked, 1.0, 1, False)
    if why and asked.budget is None:
        return Limits(None, asked.deadline, None, "", least, why)
    ways = [way for name in _names(figures) if (way := _farthest(figures, name)) is not None]
    best = max(ways, key=lambda way: (way.score.p50 or 0.0, -way.cost), default=None)
    ends = "" if best is None else _ends(figures, best)
    return Limits(asked.budget, asked.deadline, best, ends, least, why)


def target_takes(figures: Figures, target: float, confidence: float) -> Goal:
    """The cheapest purchase that reaches a score in so many of the forecasts, within budget cap and deadline."""
    if not _forecast(figures):
        return Goal(target, confidence, None, None, None, "The sample cannot carry a forecast.")
    found = [way for name in _names(figures) if (way := _to(figures, name, target, confidence)) is not None]
    within = [way for way in found if _allowed(figures.assumptions, way)]
    cheapest = min(within, key=_order, default=None)
    if cheapest is not None:
        return Goal(target, confidence, cheapest, None, None)
    ends = [_farthest(figures, name) or _way(figures, name, 0) for name in _names(figures)]
    nearest = max(ends, key=lambda way: (way.sure or 0.0, -way.cost))
    return Goal(target, confidence, None, nearest, min(found, key=_order, default=None))


def _order(way: Way) -> tuple[float, float]:
    return way.cost, way.weeks or 0.0


def _names(figures: Figures) -> list[str]:
    """Random labeling, and the strategies that may be recommended; without a forecast only random labeling."""
    if not _forecast(figures):
        return ["random"]
    return [name for name in figures.forecast.scores if name == "random" or figures.may(name)]


def _forecast(figures: Figures) -> bool:
    return figures.counts_labels and figures.forecast.refusal is None


def _way(figures: Figures, name: str, labels: int) -> Way:
    asked, way = figures.assumptions, _bare(figures, name, labels)
    if not _forecast(figures):
        return way
    score = figures.forecast.scores[name][:, 0] + figures.gain(name, labels)
    chance = None if asked.target is None else float((score >= asked.target - 1e-12).mean())
    return replace(way, score=quantiles(score), chance=chance, sure=reached_by(score, asked.target_confidence))


def reached_by(score: np.ndarray, confidence: float) -> float:
    """The highest score that at least so large a share of the draws (D,) reaches."""
    needed = max(math.ceil(confidence * len(score) - 1e-9), 1)
    return float(np.sort(score)[len(score) - needed])


def _allowed(asked: Assumptions, way: Way) -> bool:
    """Whether a purchase keeps to the budget cap and the deadline; the deadline where the pace is known."""
    dear = asked.budget is not None and way.cost > asked.budget * (1 + CENT)
    late = asked.deadline is not None and way.weeks is not None and way.weeks > asked.deadline + CENT
    return not (dear or late)


def _farthest(figures: Figures, name: str) -> Way | None:
    """The largest purchase of a strategy within the limits; None where one label is too many.

    Neither cost nor weeks ever fall as labels are added, so halving finds it.
    """
    most = _last(lambda labels: _allowed(figures.assumptions, _bare(figures, name, labels)), int(figures.left))
    return _way(figures, name, most) if most else None


def _bare(figures: Figures, name: str, labels: int) -> Way:
    """A purchase with its cost and weeks alone."""
    asked, adaptive = figures.assumptions, bool(STRATEGIES[name].facts["adaptive"])
    rounds = rounds_for(figures.n, labels, adaptive, asked.most_rounds)
    cost, weeks = cost_of(asked, labels, rounds, adaptive), weeks_for(asked, labels, rounds, adaptive)
    return Way(name, labels, rounds, cost, weeks, NOTHING)


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The largest number from 1 to `most` for which a claim that ends once still holds; 0: for none."""
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _to(figures: Figures, name: str, target: float, confidence: float) -> Way | None:
    """The fewest labels of a strategy that reach a score in so many of the draws; None where the pool ends before."""
    crossing = first_crossing(figures.forecast.scores[name], figures.forecast.budgets, target)
    need = np.sort(np.maximum(crossing - figures.n, 0.0))[max(math.ceil(confidence * len(crossing) - 1e-9), 1) - 1]
    if not math.isfinite(need):
        return None
    return _way(figures, name, min(math.ceil(need - 1e-6), int(figures.left)))


def _ends(figures: Figures, way: Way) -> str:
    """What keeps the next label from being bought."""
    if way.labels >= figures.left:
        return "pool"
    more = _bare(figures, way.strategy, way.labels + 1)
    return "budget" if not _allowed(replace(figures.assumptions, deadline=None), more) else "deadline"
