"""What may go wrong with the money: every option under the forecast's draws and the ranges of the amounts, together."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import SimpleNamespace
from typing import cast

import numpy as np

from planner.choices.baselines import BASELINES
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import cost_of, costs, delay_cost, fixed_cost, labels_cost, rounds_for
from planner.economics.evaluating import Interval, quantiles
from planner.economics.figures import Figures
from planner.economics.ranges import drawn, ranges_of
from planner.economics.worth import values, worth, years

DRAWS = 20_000  # leaves a tenth of a percent on a chance of 2%


@dataclass(frozen=True)
class Risk:
    """One option under 20,000 futures, against doing nothing."""

    option: str
    npv: Interval  # [currency] present value of its value minus its cost
    mean: float  # [currency]
    chance_of_loss: float  # that the present value is below 0
    chance_missed: float | None  # that a typed target is not reached; None without one
    regret: float  # [currency] expected, against the option that turns out best


def risks(figures: Figures, draws: int = DRAWS) -> tuple[Risk, ...]:
    """The baselines, then random and every strategy at its best purchase; () where money or labels are unknown.

    Futures pair each forecast draw with draws of the amounts that have a range. Same seed, same numbers.
    """
    if figures.point is None or not figures.counts_labels:
        return ()
    futures = Futures(figures, draws)
    names = (*BASELINES, *figures.valuation.best)
    worths = {name: futures.worth(name) for name in names if futures.knows(name)}
    best = np.max(list(worths.values()), axis=0)
    target = figures.assumptions.target
    return tuple(
        Risk(
            name,
            quantiles(worth),
            float(worth.mean()),
            float((worth < 0).mean()),
            None if target is None else float((futures.score(name) < target).mean()),
            float((best - worth).mean()),
        )
        for name, worth in worths.items()
    )


class Futures:
    """Draws of the score paired with draws of the amounts."""

    def __init__(self, figures: Figures, draws: int) -> None:
        self.figures = figures
        self.of = np.arange(draws) % len(figures.forecast.score_all)  # the forecast draw behind each future
        values = {field.name: getattr(figures.assumptions, field.name) for field in fields(Assumptions)}
        values |= drawn(figures.assumptions, draws, figures.forecast.pilot.settings.seed)
        # Arrays stand where numbers do: the cost functions are plain arithmetic and give an array back.
        self.asked = cast(Assumptions, SimpleNamespace(**values))
        today = figures.assumptions.todays_score
        self.base = figures.forecast.score_now if today is None else np.full(len(figures.forecast.score_now), today)

    def knows(self, name: str) -> bool:
        """Whether an option exists on this plan."""
        return name != "random_to_same_score" or self.figures.active is not None

    def score(self, name: str) -> np.ndarray:
        """Score of an option in each future."""
        return np.asarray(self._score(name)[self.of])

    def worth(self, name: str) -> np.ndarray:
        """Present value of an option over doing nothing, minus its cost and its waiting, in each future."""
        if name == "do_nothing":
            return np.zeros(len(self.of))
        gain = self._value(self._score(name)) - self.value_of_nothing
        return np.asarray(gain - self._cost(name) - self._delay(name))

    def _delay(self, name: str) -> np.ndarray | float:
        """What waiting for an option's labels costs."""
        figures = self.figures
        if name in ("stop_at_sample", "label_everything"):
            return delay_cost(self.asked, 0.0 if name == "stop_at_sample" else figures.left, 1, False)
        if name == "random_to_same_score":
            bought = np.minimum(figures.exchange * figures.best(figures.active), figures.left)[self.of]
            return bought * delay_cost(self.asked, 1.0, 1, False)
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        return delay_cost(self.asked, figures.best(name), figures.rounds(name), adaptive)

    @cached_property
    def value_of_nothing(self) -> np.ndarray:
        """Value of today's process in each future."""
        return self._value(self.base)

    def _value(self, score: np.ndarray) -> np.ndarray:
        """Present value of a score (D,) in each future, up to a constant."""
        return worth(score[self.of], self.asked, self.figures.forecast)

    def _score(self, name: str) -> np.ndarray:
        figures = self.figures
        known: dict[str, Callable[[], np.ndarray]] = {
            "do_nothing": lambda: self.base,
            "stop_at_sample": lambda: figures.forecast.score_now,
            "label_everything": lambda: figures.forecast.score_all,
            "random_to_same_score": lambda: figures.score_at_best(str(figures.active)),
        }
        return known[name]() if name in known else figures.score_at_best(name)

    def _cost(self, name: str) -> np.ndarray | float:
        figures = self.figures
        paid = figures.n
        if name == "stop_at_sample":
            return cost_of(self.asked, 0.0, 0, False, paid)
        if name == "label_everything":
            return cost_of(self.asked, figures.left, 1, False, paid)
        if name == "random_to_same_score":
            bought = np.minimum(figures.exchange * figures.best(figures.active), figures.left)[self.of]
            before = labels_cost(self.asked, paid) if self.asked.count_paid_labels else 0.0
            return np.asarray(labels_cost(self.asked, bought) + before + fixed_cost(self.asked))
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        return cost_of(self.asked, figures.best(name), figures.rounds(name), adaptive, paid)


def expected_net(figures: Figures, draws: int = DRAWS) -> dict[str, np.ndarray]:
    """{strategy: (B,)} expected net value over stopping at the sample at every budget, ranges included.

    Amounts are drawn apart from one another and from the score, so the mean of a product is the product of the means.
    """
    ends = ranges_of(figures.assumptions)
    means = {name: (low + getattr(figures.assumptions, name) + high) / 3 for name, (low, high) in ends.items()}
    asked = replace(figures.assumptions, ranges="", **means)
    futures, bought = Futures(figures, draws).asked, figures.valuation.purchases
    yearly = float(np.mean(years(futures)))
    found = {}
    for name, scores in figures.forecast.scores.items():
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        cost = costs(figures.n, bought, asked, adaptive)
        value = values(scores, asked, figures.forecast).mean(axis=0) * yearly
        rounds = np.array([rounds_for(figures.n, x, adaptive, asked.most_rounds) for x in bought])
        each, wait = (float(np.mean(delay_cost(futures, *one, adaptive))) for one in ((1.0, 0), (0.0, 1)))
        found[name] = value - value[0] - (cost - cost[0]) - (each * bought + wait * rounds)
    return found
