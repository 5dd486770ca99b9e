"""Value models: what a score is worth in money, a year or once; every one reads the same forecast.

Only differences between two scores are ever used, so a model may leave out whatever no score changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from planner.registry import Registry

COUNTED = ("accuracy", "balanced_accuracy", "macro_f1", "recall", "expected_cost")  # scores that mistakes can follow


class Rates(Protocol):
    """What a model that reaches some scores (...) does with the decisions of production, each (...)."""

    def cost(self, scores: np.ndarray) -> np.ndarray:
        """Mean cost of a decision, in mistakes that cost 1."""

    def flagged(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are given the class that is looked for."""

    def missed(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are of that class and not given it."""

    def missed_at_stake(self, scores: np.ndarray) -> np.ndarray:
        """The same, each item as heavy as what is at stake with it over the mean of the class."""

    def false_alarms(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are given that class and are not of it."""

    def automated(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(share of all items decided without a person, share of all items decided so and wrong)."""


@dataclass(frozen=True)
class Terms:
    """What a value model reads: the settings by name, and what models do with production's decisions."""

    asked: Any  # Assumptions, or the same names holding an array of draws each
    rates: Rates | None = None  # for models that need more than the score


ValueModel = Callable[[np.ndarray, Terms], np.ndarray]  # scores (...) 0-1 -> (...) currency a year, or once
# asks: the settings it reads, those without a default must be given; yearly: its value comes every year, whatever the
# switch says; rates: it needs to know which mistakes are made; metrics: the scores it can read, () for any;
# rising: more score is never worth less; smooth: the next point is worth about as much as the one after;
# one_class: it looks for one class, the one that recall would be about.
VALUES: Registry[ValueModel] = Registry(
    "value model", asks=(), yearly=False, rates=False, metrics=(), rising=True, smooth=True, one_class=False
)


@VALUES.register("per_point", "Per point of the score", asks=("value_per_point", "per_year"))
def per_point(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """Every 0.01 of the score above today's is worth the same."""
    return np.asarray(100 * terms.asked.value_per_point * scores)


@VALUES.register(
    "per_mistake", "Cost of mistakes", asks=("decisions_per_year", "cost_per_mistake"), yearly=True,
    metrics=("accuracy",),
)  # fmt: skip
def per_mistake(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """Every wrong decision costs the same: decisions a year x share that is wrong x cost of one."""
    return np.asarray(-terms.asked.decisions_per_year * (1 - scores) * terms.asked.cost_per_mistake)


@VALUES.register(
    "cost_matrix", "Costs by kind of mistake", source="Elkan 2001", yearly=True, rates=True, metrics=COUNTED,
    rising=False, asks=("decisions_per_year", "cost_per_mistake", "mistake_costs", "class_shares"),
)  # fmt: skip
def cost_matrix(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """Each kind of mistake has its own cost, weighted by how often its class comes in production."""
    a_mistake = terms.asked.decisions_per_year * terms.asked.cost_per_mistake
    return np.asarray(-a_mistake * _rates(terms).cost(scores))


@VALUES.register(
    "automation", "Automation above a bar", source="Chow 1970", yearly=True, rates=True,
    metrics=("accuracy",), rising=False,
    asks=("decisions_per_year", "cost_by_hand", "cost_per_mistake", "confidence_bar", "class_shares"),
)  # fmt: skip
def automation(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """Decisions the model is sure enough of save a person's work; the wrong ones among them cost a mistake."""
    asked = terms.asked
    decided, wrong = _rates(terms).automated(scores)
    return np.asarray(asked.decisions_per_year * (decided * asked.cost_by_hand - wrong * asked.cost_per_mistake))


@VALUES.register(
    "triage", "Effort of looking through", yearly=True, rates=True, metrics=COUNTED, rising=False, one_class=True,
    asks=("decisions_per_year", "seconds_per_review", "wage", "cost_per_miss", "class_shares"),
)  # fmt: skip
def triage(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """People look at every item given one class; each takes seconds of wage, each item missed does harm."""
    asked, rates = terms.asked, _rates(terms)
    hours = asked.decisions_per_year * rates.flagged(scores) * asked.seconds_per_review / 3600
    return np.asarray(-hours * asked.wage - asked.decisions_per_year * rates.missed(scores) * asked.cost_per_miss)


@VALUES.register(
    "amount_weighted", "Amounts at stake", source="Bahnsen et al. 2013", yearly=True, rates=True, metrics=COUNTED,
    rising=False, one_class=True,
    asks=("decisions_per_year", "mean_amount", "cost_per_false_alarm", "class_shares"),
)  # fmt: skip
def amount_weighted(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """An item of one class that is missed loses its amount; a false alarm costs looking into it.

    Where a column of the sample says what is at stake with each row, dear items count for what they are.
    """
    asked, rates = terms.asked, _rates(terms)
    lost = rates.missed_at_stake(scores) * asked.mean_amount + rates.false_alarms(scores) * asked.cost_per_false_alarm
    return np.asarray(-asked.decisions_per_year * lost)


@VALUES.register("conversion", "Conversion", yearly=True, asks=("decisions_per_year", "conversion_per_point", "margin"))
def conversion(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """A point of score raises conversion by a share of a point: the weakest link, so give it a wide range."""
    asked = terms.asked
    return np.asarray(asked.decisions_per_year * asked.conversion_per_point * scores * asked.margin)


@VALUES.register(
    "launch_bar", "Launch bar", source="Mahmood et al. 2022", smooth=False,
    asks=("launch_bar", "launch_value", "launch_penalty", "per_year"),
)  # fmt: skip
def launch_bar(scores: np.ndarray, terms: Terms) -> np.ndarray:
    """Nothing below the bar but a penalty for missing it; the whole value from the bar on."""
    reached = np.asarray(scores) >= terms.asked.launch_bar
    return np.asarray(np.where(reached, terms.asked.launch_value, -terms.asked.launch_penalty), dtype=float)


def _rates(terms: Terms) -> Rates:
    if terms.rates is None:
        raise TypeError("This value model needs the rates of production.")
    return terms.rates
