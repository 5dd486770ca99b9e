"""The held plan: the same labels, picked the same way, under other amounts, beside what would be done otherwise."""

from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from planner.choices.baselines import BASELINES, Grounds, Rival
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import cost_of, delay_cost, rounds_for
from planner.economics.figures import Figures
from planner.economics.ranges import quantile, ranges_of
from planner.economics.worth import is_valued as is_valued
from planner.economics.worth import worth
from planner.forecast.carrying import Forecast
from planner.forecast.crossings import at_labels
from planner.plan.deciding import Plan


@dataclass(frozen=True)
class Held:
    """A purchase that stays as it is while an amount changes."""

    strategy: str  # a strategy, or "random"
    labels: float  # to buy; 0: stop at the sample
    advised: bool  # False: the plan is to label everything, and this is the best purchase short of that

    @property
    def adaptive(self) -> bool:
        """Whether setup and rounds are paid."""
        return self.labels > 0 and bool(STRATEGIES[self.strategy].facts["adaptive"])


def held_plan(plan: Plan) -> Held | None:
    """What a plan buys; for a plan to label everything the best purchase short of that; None without a forecast."""
    figures = Figures(plan.valuation)
    if not figures.counts_labels or figures.forecast.refusal is not None or plan.buy is None:
        return None
    if plan.code != "label_all":
        return Held(plan.strategy or "random", plan.buy, True)
    names = [name for name in ("random", figures.active) if name in plan.valuation.best]
    best = max((str(name) for name in names), key=figures.worth, default=None)
    return None if best is None or figures.left == 0 else Held(best, figures.best(best), False)


def medians(assumptions: Assumptions) -> Assumptions:
    """The assumptions with every amount that has a range at the middle of it."""
    found = {
        name: float(quantile(low, getattr(assumptions, name), high, 0.5))
        for name, (low, high) in ranges_of(assumptions).items()
    }
    return varied(replace(assumptions, ranges=""), **found)


def varied(asked: Assumptions, **amounts: float) -> Assumptions:
    """The assumptions with other amounts, unchecked: checking costs more than everything else here."""
    made = copy(asked)
    for name, value in amounts.items():
        object.__setattr__(made, name, float(value))
    return made


class Standing:
    """A held plan on a forecast: what it leaves over its baseline, in expectation, at any amounts."""

    def __init__(self, forecast: Forecast, held: Held, rate: float | None = None) -> None:
        """`rate` replaces the drawn exchange rate by one number."""
        self.forecast, self.held, self.n = forecast, held, forecast.labeled
        self.left = float(forecast.pool_size - forecast.labeled)
        drawn = forecast.exchange[held.strategy] if held.labels else np.ones(1)
        self.rate = drawn if rate is None else np.full(len(forecast.score_all), rate)
        self.own = self._own(rate)
        self.same = np.minimum(self.rate * held.labels, self.left)

    def _own(self, rate: float | None) -> np.ndarray:
        """Score where the plan stops, (D,)."""
        forecast, x = self.forecast, self.held.labels
        if rate is None:
            scores, reached = forecast.scores[self.held.strategy], self.n + x
        else:
            scores, reached = forecast.scores["random"], min(self.n + rate * x, forecast.pool_size)
            reached = forecast.pool_size if x >= self.left else reached
        return np.asarray(at_labels(scores, forecast.budgets, np.full((len(scores), 1), reached))[:, 0])

    def rival(self, asked: Assumptions) -> Rival:
        """The baseline as a purchase, with its score in every draw."""
        made = self.forecast
        same = float(self.same.mean())
        grounds = Grounds(self.left, same, self.own, made.score_now, made.score_all, asked.todays_score)
        return BASELINES[asked.baseline].call(grounds)

    def gains(self, asked: Assumptions) -> np.ndarray:
        """Score over the baseline's in each draw, (D,)."""
        return np.asarray(self.own - self.rival(asked).score)

    def values(self, asked: Assumptions) -> np.ndarray:
        """Present value of the score over the baseline's in each draw, (D,); 0 where no value was given."""
        if not is_valued(asked):
            return np.zeros(len(self.own))
        other = np.asarray(self.rival(asked).score)
        return np.asarray(worth(self.own, asked, self.forecast) - worth(other, asked, self.forecast))

    def better_off(self, asked: Assumptions, value: float | None = None) -> float:
        """Expected net present value over the baseline, in the currency; unvalued, what the plan saves.

        `value` replaces the expected present value of the score over the baseline's.
        """
        rival, held = self.rival(asked), self.held
        saved = cost_of(asked, rival.labels, 1, False, self.n if rival.trains else 0) - self.cost(asked)
        if not is_valued(asked):
            return saved
        waiting = delay_cost(asked, held.labels, self.rounds(asked), held.adaptive) - delay_cost(
            asked, rival.labels, 1, False
        )
        return saved + (float(self.values(asked).mean()) if value is None else value) - waiting

    def rounds(self, asked: Assumptions) -> int:
        """Rounds the plan is bought in."""
        return rounds_for(self.n, self.held.labels, self.held.adaptive, asked.most_rounds)

    def cost(self, asked: Assumptions) -> float:
        """What the plan costs."""
        return cost_of(asked, self.held.labels, self.rounds(asked), self.held.adaptive, self.n)
