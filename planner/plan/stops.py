"""The stopping rules on the recommended path: when each fires, and which is first."""

from dataclasses import dataclass, replace

import numpy as np

from planner import words
from planner.choices.stopping import RULES, Path
from planner.choices.strategies import STRATEGIES
from planner.economics.costs import labels_in_week, rounds_for, weeks_for
from planner.economics.figures import Figures
from planner.economics.worth import unvalued


@dataclass(frozen=True)
class Stop:
    """One stopping rule and when it fires on the recommended path."""

    rule: str  # a name of choices.stopping.RULES
    title: str
    labels_to_buy: float | None  # None: never within the pool
    fires: bool  # True for the one that fires first
    reason: str


def says_labels(figures: Figures) -> bool:
    """Whether numbers of labels may be named at all."""
    return figures.forecast.refusal is None


def stops(figures: Figures, option: str | None) -> tuple[Stop, ...]:
    """Every rule on the path of the recommended option; the one with the fewest labels fires first."""
    if not says_labels(figures) or not figures.forecast.scores:
        why = "The sample cannot carry this."
        return tuple(Stop(rule, choice.title, None, False, why) for rule, choice in RULES.items())
    name = option if option in figures.forecast.scores else figures.active or "random"
    path = path_of(figures, str(name))
    fired = {rule: choice.call(path) for rule, choice in RULES.items()}
    found = [
        Stop(rule, RULES[rule].title, at, False, _fired(rule) if at is not None else _unfired(figures, rule))
        for rule, at in fired.items()
    ]
    reached = [stop for stop in found if stop.labels_to_buy is not None]
    first = min(reached, key=lambda stop: stop.labels_to_buy or 0.0, default=None)
    return tuple(replace(stop, fires=stop is first) for stop in found)


def path_of(figures: Figures, name: str) -> Path:
    """A strategy's way through the pool, for the stopping rules."""
    asked, purchases = figures.assumptions, figures.valuation.purchases
    adaptive = bool(STRATEGIES[name].facts["adaptive"])
    weeks = [weeks_for(asked, x, rounds_for(figures.n, x, adaptive, asked.most_rounds), adaptive) for x in purchases]
    return Path(
        figures.n,
        purchases,
        figures.forecast.middles[name],
        figures.valuation.cost[name],
        figures.valuation.net[name].mean(axis=0) if figures.point is not None else None,
        figures.to_target(name).p50,
        asked.budget,
        None if weeks[0] is None else np.array(weeks, dtype=float),
        asked.deadline,
    )


def stopping_sentence(found: tuple[Stop, ...], buy: float | None) -> str:
    """Which rule fires first, and why the plan may buy on."""
    first = next((stop for stop in found if stop.fires), None)
    if first is None or first.labels_to_buy is None or buy is None:
        return "No stopping rule can be read off this sample." if buy is None else "No rule fires within the pool."
    at = words.about(first.labels_to_buy)
    when = f"after about {at} labels" if first.labels_to_buy >= 1 else "with the labels you have"
    said = f"**{first.title}** fires first, {when}."
    value = next((stop for stop in found if stop.rule == "marginal_value"), None)
    if value is not None and value.labels_to_buy is not None and value.labels_to_buy >= buy > first.labels_to_buy:
        return f"{said} The plan buys on: up to about {words.about(buy)} the labels are worth more than they cost."
    return said


def _fired(rule: str) -> str:
    return words.fixed(RULES[rule].summary)


def _unfired(figures: Figures, rule: str) -> str:
    asked = figures.assumptions
    given, given_as = (
        {"budget": asked.budget, "deadline": asked.deadline},
        {"budget": "budget cap", "deadline": "deadline"},
    )
    if rule == "marginal_value" and figures.point is None:
        return unvalued(asked)
    if rule in given and given[rule] is None:
        return f"No {given_as[rule]} was given."
    if rule == "deadline" and labels_in_week(asked) is None:
        return "Nobody said how many labels a week come in."
    return "It does not fire within the pool."
