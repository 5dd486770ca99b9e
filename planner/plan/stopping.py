"""When each stopping rule fires over the draws of the forecast, not only in its middle."""

from dataclasses import dataclass, replace

import numpy as np

from planner import words
from planner.choices.stopping import RULES
from planner.economics.evaluating import Interval, quantiles
from planner.economics.figures import Figures
from planner.forecast.carrying import labels_needed
from planner.plan.deciding import Plan
from planner.plan.stops import Stop, path_of

DRAWS = 200  # place an 8 in 10 range within a few hundredths of its width


@dataclass(frozen=True)
class Fires:
    """A stopping rule with the 8 in 10 range of where it fires."""

    stop: Stop
    over_draws: Interval  # labels to buy; an end is None where it is never within the pool

    @property
    def certain(self) -> bool:
        """Whether it fires at the same number of labels whatever the forecast does."""
        return self.over_draws.p10 == self.over_draws.p90 and self.over_draws.p10 is not None


def fires(plan: Plan) -> tuple[Fires, ...]:
    """The rules that fire within the pool on the plan's path, the earliest first; () where no labels can be named."""
    figures = Figures(plan.valuation)
    reached = [stop for stop in plan.stops if stop.labels_to_buy is not None]
    if not reached or not figures.forecast.scores:
        return ()
    known = plan.strategy if plan.strategy in figures.forecast.scores else figures.active or "random"
    spread = over_draws(figures, str(known), [stop.rule for stop in reached])
    found = [Fires(stop, spread[stop.rule]) for stop in reached]
    return tuple(sorted(found, key=lambda one: one.stop.labels_to_buy or 0.0))


def over_draws(figures: Figures, name: str, rules: list[str]) -> dict[str, Interval]:
    """{rule: labels to buy at which it fires}, each rule applied to the curve of one draw after the other."""
    middle, scores = path_of(figures, name), figures.forecast.scores[name]
    draws = np.unique(np.linspace(0, len(scores) - 1, DRAWS).astype(int))
    net = figures.valuation.net.get(name)
    wanted = figures.target if figures.target is not None else np.inf
    asked = figures.assumptions
    # The default target is so many points below everything labeled in each draw, as the plan itself reads it.
    target = wanted if asked.target is not None else scores[:, -1] - asked.give_up / 100
    to_target = labels_needed(figures.forecast, name, target)
    fired: dict[str, list[float]] = {rule: [] for rule in rules}
    for draw in draws:
        crossing = float(to_target[draw])
        path = replace(
            middle,
            score=scores[draw],
            net=None if net is None else net[draw],
            to_target=crossing if np.isfinite(crossing) else None,
        )
        for rule in rules:
            at = RULES[rule].call(path)
            fired[rule].append(np.inf if at is None else at)
    return {rule: quantiles(np.array(values)) for rule, values in fired.items()}


def first_sentence(found: tuple[Fires, ...]) -> str:
    """How many rules fire within the pool, and how far apart the first and the last are."""
    if not found:
        return "No stopping rule fires within the pool."
    first = found[0]
    if len(found) == 1:
        return f"One rule fires within the pool: **{first.stop.title}**, at about {_at(first)}."
    last = found[-1]
    many = f"{words.plural(len(found), 'rule')} fire within the pool"
    return f"{many}, from **{first.stop.title}** at about {_at(first)} to {last.stop.title} at about {_at(last)}."


def _at(one: Fires) -> str:
    return words.about(one.stop.labels_to_buy or 0.0)
