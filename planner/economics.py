"""Room 4: a Forecast and Assumptions become a Valuation: cost and net value of every option at every budget."""

from dataclasses import dataclass

import numpy as np

from planner.forecast import Forecast
from planner.results import Result
from planner.settings import Settings, knob


@dataclass(frozen=True)
class Assumptions(Settings):
    """What labels cost and what a better score is worth."""

    cost_per_label: float = knob(
        1.0, "Price of one label, checks and rework included.", title="Cost per label", unit="currency/label", low=0, high=1e6, main=True
    )
    setup_cost: float = knob(
        0.0, "One-time cost of running active learning: tools and people. Labeling at random does not pay it.",
        title="Setup cost", unit="currency", low=0, high=1e12, main=True,
    )
    cost_per_round: float = knob(
        0.0, "Cost of each round of active learning: retraining, and the people who run it.",
        title="Cost per round", unit="currency/round", low=0, high=1e9, main=True,
    )
    value_per_point: float | None = knob(
        None, "What 0.01 more of the score is worth to you, once. Leave it empty to plan by target alone.",
        title="Value per accuracy point", unit="currency/point", low=0, high=1e12, main=True,
    )
    per_year: bool = knob(
        False, "The value per point comes every year of the horizon, not once.", title="Value comes every year"
    )
    horizon: float = knob(3.0, "Years the value lasts, if it comes every year.", title="Horizon", unit="years", low=0.1, high=50)
    discount_rate: float = knob(
        0.10, "What a year of waiting takes off money, as a share.", title="Discount rate", unit="1/year", low=0, high=1
    )
    todays_score: float | None = knob(
        None, "Score of today's process, 0 to 1. Empty: the score at the labels you have, so doing nothing is stopping at the sample.",
        title="Score of today's process", unit="0 to 1", low=0, high=1,
    )
    budget: float | None = knob(None, "The most that may be spent on labels, setup and rounds.", title="Budget cap", unit="currency", low=0, high=1e12)
    target: float | None = knob(
        None, "The score you need, 0 to 1. Empty: the score with everything labeled minus the points below.",
        title="Target score", unit="0 to 1", low=0, high=1,
    )
    give_up: float = knob(
        1.0, "How far below the score with everything labeled is good enough, when no target is typed.",
        title="Points given up", unit="points", low=0, high=20,
    )
    deadline: float | None = knob(None, "Weeks until the labels must be there.", title="Weeks to the deadline", unit="weeks", low=0, high=1000)
    labels_per_week: float | None = knob(
        None, "Labels all your labelers together finish in a week.", title="Labels per week", unit="labels/week", low=1, high=1e9
    )
    weeks_per_round: float = knob(
        0.5, "Waiting time each round adds: retraining, choosing, handing out.", title="Weeks per round", unit="weeks/round", low=0, high=100
    )
    label_all: bool = knob(False, "A rule says that every item must be labeled.", title="Everything must be labeled")
    count_paid_labels: bool = knob(False, "Add the price of labels you already have to every option that uses labels.", title="Count labels already paid")
    currency: str = knob("USD", "Three-letter code of the one currency all amounts are in.", title="Currency")


@dataclass(frozen=True)
class Interval:
    """An 8 in 10 range and its middle; a quantile that cannot be given is None and `why` says so."""

    p10: float | None
    p50: float | None
    p90: float | None
    why: str = ""


@dataclass(frozen=True)
class Option:
    """One thing the person could do, valued."""

    name: str  # "do_nothing" | "stop_at_sample" | "label_everything" | "random_to_same_score" | a strategy
    title: str  # as a table row
    labels_to_buy: Interval
    rounds: int
    cost: Interval
    score: Interval
    savings: Interval  # against label everything
    net_benefit: Interval  # against label everything: savings + gain in value
    net_value: Interval  # against do nothing: value minus cost
    roi: Interval  # net benefit / cost, 1.0 = 100%
    weeks: float | None  # None without labels per week
    calibrated: bool


@dataclass(frozen=True, eq=False)
class Valuation(Result):
    """Cost and expected net value of every option at every budget, and each option at its own best purchase."""

    forecast: Forecast
    assumptions: Assumptions
    purchases: np.ndarray  # (B,) labels to buy = budgets - n
    cost: dict[str, np.ndarray]  # {strategy: (B,)} currency; cost[s][0] = 0 for no purchase
    net: dict[str, np.ndarray]  # {strategy: (D, B)} present value over stopping at the sample minus cost; {} without a value
    allowed: dict[str, np.ndarray]  # {strategy: (B,) bool} within budget and deadline
    best: dict[str, int]  # {strategy: position in purchases of its best purchase above 0}; missing when none is allowed
