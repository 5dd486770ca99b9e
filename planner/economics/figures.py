"""The numbers behind a decision, each computed once: options, chances, exchange rate, gains. No words."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from planner.choices.stopping import NEXT_BATCH
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import (
    cost_of,
    delay_cost,
    fixed_cost,
    label_cost,
    labels_cost,
    labels_in_week,
    round_cost,
    rounds_for,
    weeks_for,
)
from planner.economics.evaluating import Interval, Valuation, best_purchases, evaluate, quantiles, target_of, to_target
from planner.economics.worth import years
from planner.forecast.backtest import Backtest, backtests, worst
from planner.forecast.carrying import STEEP, Forecast
from planner.forecast.crossings import at_labels

GREEN, AMBER = 4, 16  # times the sample
FEWEST_ITEMS = 500  # a pool this small costs less to label than to plan
REDUNDANT = 0.30  # share of rows with a near-duplicate
NOTHING = Interval(None, None, None, "The sample cannot carry this forecast.")


@dataclass(frozen=True)
class Gain:
    """What the next labels add to the score (0-1), chosen and at random."""

    labels: int
    active: Interval
    random: Interval


class Figures:
    """Every number a verdict, a doubt or a table of one Valuation may ask for."""

    def __init__(self, valuation: Valuation) -> None:
        self.valuation = valuation
        self.forecast: Forecast = valuation.forecast
        self.assumptions: Assumptions = valuation.assumptions
        self.facts = self.forecast.pilot.facts
        self.n, self.N = self.forecast.labeled, self.forecast.pool_size
        self.left = self.N - self.n
        self.price = label_cost(self.assumptions)  # of one finished label bought at random
        self.point = valuation.point

    # --- what can be recommended -------------------------------------------------------------------------------

    @cached_property
    def active(self) -> str | None:
        """The best strategy that chooses and may be recommended; None when there is none."""
        names = [name for name in self.valuation.best if STRATEGIES[name].facts["adaptive"] and self.may(name)]
        return max(names, key=lambda name: self.worth(name), default=None)

    @cached_property
    def chooser(self) -> str | None:
        """The strategy whose exchange rate and next gains are shown, even where no purchase is within reach."""
        names = [n for n in self.forecast.exchange if STRATEGIES[n].facts["adaptive"] and self.may(n)]
        return self.active or max(names, key=lambda n: float(np.median(self.forecast.exchange[n])), default=None)

    def may(self, name: str) -> bool:
        """Whether a strategy may be recommended: studied on other data, or ahead in this pilot."""
        return self.forecast.calibrated[name] or self.forecast.ahead[name]

    def best(self, name: str | None) -> float:
        """x_o: the labels to buy at an option's best purchase; 0 where nothing is allowed."""
        if name is None or name not in self.valuation.best:
            return 0.0
        position = self.valuation.best[name]
        x = float(self.valuation.purchases[position])
        if self.point is None:  # the crossing lies between this budget and the one before
            middle = self.to_target(name).p50
            before = float(self.valuation.purchases[position - 1])
            return middle if middle is not None and before < middle <= x else x
        return x

    def rounds(self, name: str) -> int:
        """Rounds an option's best purchase takes."""
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        return rounds_for(self.n, self.best(name), adaptive, self.assumptions.most_rounds)

    def own_cost(self, name: str) -> float:
        """Cost of an option at its best purchase, labels already paid left out."""
        return cost_of(self.assumptions, self.best(name), self.rounds(name), bool(STRATEGIES[name].facts["adaptive"]))

    def own_delay(self, name: str) -> float:
        """What waiting for an option's best purchase costs."""
        adaptive = bool(STRATEGIES[name].facts["adaptive"])
        return delay_cost(self.assumptions, self.best(name), self.rounds(name), adaptive)

    def score_at_best(self, name: str) -> np.ndarray:
        """Score of an option at its best purchase, (D,)."""
        return np.asarray(self.forecast.scores[name][:, 0] + self.gain(name, self.best(name)))

    def worth(self, name: str | None) -> float:
        """Expected net value of an option at its best purchase; unvalued: minus its cost and delay."""
        if name is None or name not in self.valuation.best:
            return -np.inf
        if self.point is None:
            return -self.own_cost(name) - self.own_delay(name)
        return float(self.valuation.net[name][:, self.valuation.best[name]].mean())

    @cached_property
    def cost_of_everything(self) -> float:
        """Cost of label everything: the rest at random in one round."""
        return cost_of(self.assumptions, self.left, 1, False, self.n)

    @cached_property
    def cost_left(self) -> float:
        """What the labels not bought yet would cost."""
        return cost_of(self.assumptions, self.left, 1, False)

    @cached_property
    def delay_of_everything(self) -> float:
        """What waiting for label everything costs."""
        return delay_cost(self.assumptions, self.left, 1, False)

    @cached_property
    def worth_of_everything(self) -> float:
        """Expected net value of label everything over stopping at the sample; unvalued: minus its cost and delay."""
        return self.value_of_everything - self.cost_left - self.delay_of_everything

    @cached_property
    def value_of_everything(self) -> float:
        """What label everything is expected to add in value to stopping at the sample; unvalued: 0."""
        if self.point is None:
            return 0.0
        worth = self.valuation.worth
        return float((worth(self.forecast.score_all) - worth(self.forecast.score_now)).mean())

    @cached_property
    def everything_allowed(self) -> bool:
        """Whether label everything keeps to the budget cap and the deadline."""
        asked, weeks = self.assumptions, weeks_for(self.assumptions, self.left, 1, False)
        late = asked.deadline is not None and weeks is not None and weeks > asked.deadline
        return not late and (asked.budget is None or self.cost_left <= asked.budget)

    @cached_property
    def gain_of_everything(self) -> np.ndarray:
        """Score with everything labeled minus the score now, (D,)."""
        return np.asarray(self.forecast.score_all - self.forecast.score_now)

    @cached_property
    def steep(self) -> bool:
        """Whether the forecast gain from here is over 5 points."""
        return bool(len(self.forecast.score_all)) and float(np.median(self.gain_of_everything)) > STEEP

    # --- active learning against random --------------------------------------------------------------------------

    @cached_property
    def exchange(self) -> np.ndarray:
        """Random labels one chosen label is worth, (D,); empty without a strategy."""
        return self.forecast.exchange[self.chooser] if self.chooser else np.empty(0)

    @cached_property
    def choosing(self) -> np.ndarray:
        """S2 (D,): what random to the same score costs, minus what the active option costs at its best purchase."""
        if self.active is None:
            return np.empty(0)
        x = self.best(self.active)
        same_score = np.minimum(self.exchange * x, self.left)
        paid = labels_cost(self.assumptions, same_score) + fixed_cost(self.assumptions)
        return np.asarray(paid - self.own_cost(self.active))

    @cached_property
    def choosing_and_waiting(self) -> np.ndarray:
        """S2 and what it is worth to have the labels sooner than random to the same score, (D,); less where later."""
        if self.active is None:
            return np.empty(0)
        same_score = np.minimum(self.exchange * self.best(self.active), self.left)
        each = delay_cost(self.assumptions, 1.0, 1, False)  # at random, waiting is in proportion to the labels
        return np.asarray(self.choosing + same_score * each - self.own_delay(self.active))

    @cached_property
    def chance_against_random(self) -> float | None:
        """Chance that choosing beats buying at random to the same score."""
        return float((self.choosing_and_waiting > 0).mean()) if len(self.choosing) else None

    @cached_property
    def weeks_in_rounds(self) -> float | None:
        """Weeks the best active purchase takes when the deadline is left out; None where nobody asked."""
        asked = self.assumptions
        if asked.deadline is None or labels_in_week(asked) is None or not self.forecast.scores:
            return None
        unhurried = Figures(evaluate(self.forecast, replace(asked, deadline=None)))
        if unhurried.active is None:
            return None
        x = unhurried.best(unhurried.active)
        return weeks_for(asked, x, rounds_for(self.n, x, most=asked.most_rounds), True)

    # --- next batches ----------------------------------------------------------------------------------------------

    @cached_property
    def next_batch(self) -> int:
        """Labels of the next batch: 56% of those there are."""
        return int(min(round(NEXT_BATCH * self.n), self.left))

    def gain(self, name: str, labels: float) -> np.ndarray:
        """What so many labels of a strategy add to the score, (D,)."""
        scores, budgets = self.forecast.scores[name], self.forecast.budgets
        at = np.full((len(scores), 1), self.n + labels)
        return np.asarray(at_labels(scores, budgets, at)[:, 0] - scores[:, 0])

    @cached_property
    def next_gain(self) -> np.ndarray:
        """What the next batch adds to the score, (D,), by the best strategy there is."""
        return self.gain(self.chooser or "random", self.next_batch)

    @cached_property
    def next_cost(self) -> float:
        """Price and round cost of the next batch."""
        labels = labels_cost(self.assumptions, self.next_batch, adaptive=self.chooser is not None)
        return float(labels) + (round_cost(self.assumptions) if self.chooser else 0.0)

    @cached_property
    def next_chance(self) -> float | None:
        """Chance that the next batch pays, as often as such chances came true; None without a value per point."""
        if self.point is None or not self.forecast.scores or self.next_batch == 0:
            return None
        now = self.forecast.scores[self.chooser or "random"][:, 0]
        gained = self.valuation.worth(now + self.next_gain) - self.valuation.worth(now)
        return self.forecast.learned.next_batch.chance(float((gained > self.next_cost).mean()))

    @cached_property
    def break_even(self) -> float | None:
        """Value per point, as it is typed, at which the next batch breaks even in expectation."""
        if not self.forecast.scores or self.next_batch == 0 or self.next_gain.mean() <= 0:
            return None
        yearly = float(years(self.assumptions))
        return self.next_cost / (100 * float(self.next_gain.mean())) / yearly

    @cached_property
    def gains(self) -> tuple[Gain, ...]:
        """Expected gain of the next 500, 1,000 and 2,000 labels."""
        if not self.forecast.scores:
            return ()
        name = self.chooser or "random"
        return tuple(
            Gain(m, quantiles(self.gain(name, m)), quantiles(self.gain("random", m)))
            for m in (500, 1000, 2000)
            if m <= self.left
        )

    # --- reach -------------------------------------------------------------------------------------------------------

    def horizon(self, name: str | None, purchase: float) -> float:
        """How many times the sample a purchase reaches in random labels, at most the pool."""
        rate = float(np.median(self.forecast.exchange[name])) if name in self.forecast.exchange else 1.0
        return min(self.n + rate * purchase, self.N) / self.n

    def light(self, horizon: float) -> str:
        """Green to 4 times the sample, amber to 16, red beyond or while the curve is steep."""
        if horizon > AMBER or self.steep:
            return "red"
        return "green" if horizon <= GREEN else "amber"

    @cached_property
    def target(self) -> float | None:
        """The printed target score."""
        return target_of(self.forecast, self.assumptions) if len(self.forecast.score_all) else None

    @cached_property
    def counts_labels(self) -> bool:
        """Whether the sample is large enough for numbers of labels."""
        return self.forecast.refusal not in ("too_few", "curves_only", "no_label_counts") and bool(self.forecast.scores)

    def to_target(self, name: str) -> Interval:
        """Labels to buy by a strategy until the target is reached."""
        return to_target(self.forecast, self.assumptions, name) if self.counts_labels else NOTHING

    def target_chance(self, name: str) -> float:
        """Share of draws in which a strategy reaches the target within the pool."""
        if self.assumptions.target is None or not self.forecast.scores:
            return 1.0 if self.forecast.scores else 0.0
        return float((self.forecast.scores[name][:, -1] >= self.assumptions.target).mean())

    @cached_property
    def backtests(self) -> tuple[Backtest, ...]:
        """The last half and the last three quarters of the sample, forecast from the rest."""
        return backtests(self.forecast)

    @cached_property
    def backtest(self) -> Backtest | None:
        """The one that a verdict is softened by."""
        return worst(self.backtests)

    def best_purchase(self, name: str) -> Interval:
        """10-90% of the per-draw best purchase of an option; unvalued, of the labels to the target."""
        if self.point is None:
            return self.to_target(name)
        return best_purchases(self.valuation, name)
