"""What a purchase of labels costs and how long it takes: every cost term of the definitions."""

import math
from typing import Any

import numpy as np

from planner.economics.assumptions import Assumptions
from planner.economics.cost_assumptions import MOST_ROUNDS
from planner.economics.price_table import labels_at_first_price
from planner.economics.quality import expected_votes

ROUND_GROWTH = 1.6  # a larger batch loses accuracy: its picks are ranked by a model that has gone stale


def votes_paid(assumptions: Assumptions) -> float:
    """Votes paid for a label, on average."""
    if not assumptions.votes_stop_early:
        return float(assumptions.votes_per_label)
    return expected_votes(assumptions.votes_per_label, 1 - assumptions.annotator_error)


def prices_per_label(assumptions: Assumptions, adaptive: bool) -> float:
    """How often the price of a label is paid for one finished label: votes, review, rework and hardness."""
    worked = 1 + assumptions.review_share + assumptions.rework_share
    return votes_paid(assumptions) * worked * (assumptions.hardness if adaptive else 1.0)


def label_cost(assumptions: Assumptions, adaptive: bool = False) -> float:
    """Cost of one finished label, the tool's fee included."""
    return assumptions.cost_per_label * prices_per_label(assumptions, adaptive) + assumptions.fee_per_label


def labels_cost(assumptions: Assumptions, purchase: float | np.ndarray, adaptive: bool = False) -> Any:
    """Cost of so many finished labels in one order, the tool's fee included: by the price table where there is one."""
    if not assumptions.price_table:
        return purchase * label_cost(assumptions, adaptive)
    billed = labels_at_first_price(assumptions.price_table, purchase)
    each = assumptions.cost_per_label * prices_per_label(assumptions, adaptive)
    return billed * each + purchase * assumptions.fee_per_label


def prices_paid(assumptions: Assumptions, purchase: np.ndarray, adaptive: bool) -> np.ndarray:
    """How often the price of a label is paid in all for each purchase, (B,): what a change of the price multiplies."""
    measuring = assumptions.evaluation_labels * prices_per_label(assumptions, False)
    billed = labels_at_first_price(assumptions.price_table, purchase) if assumptions.price_table else purchase
    return np.asarray(np.where(purchase > 0, billed * prices_per_label(assumptions, adaptive) + measuring, 0.0))


def fixed_cost(assumptions: Assumptions) -> float:
    """What every purchase pays once: the tool, and the labels for measuring."""
    return assumptions.tool_fee + assumptions.evaluation_labels * label_cost(assumptions)


def round_cost(assumptions: Assumptions) -> float:
    """Cost of one round of active learning: computing and the hours of people."""
    return assumptions.cost_per_round + assumptions.hours_per_round * assumptions.cost_per_hour


def rounds_for(n: int, purchase: float, adaptive: bool = True, most: int = MOST_ROUNDS) -> int:
    """Rounds a purchase takes: none larger than x1.6 of what is labeled by then, `most` of them; random takes one."""
    if purchase <= 0:
        return 0
    if not adaptive or n <= 0:
        return 1
    return min(most, max(1, math.ceil(math.log((n + purchase) / n) / math.log(ROUND_GROWTH) - 1e-9)))


def cost_of(assumptions: Assumptions, purchase: float, rounds: int, adaptive: bool, labeled: int = 0) -> float:
    """All cost terms of buying so many labels: labels, tool, measuring, and for an adaptive option setup and rounds.

    Labels already paid (`labeled`) count only when the assumptions say so.
    """
    paid = labels_cost(assumptions, labeled) if assumptions.count_paid_labels else 0.0
    if purchase <= 0:
        return float(paid)
    spent: float = paid + labels_cost(assumptions, purchase, adaptive) + fixed_cost(assumptions)
    return spent + assumptions.setup_cost + rounds * round_cost(assumptions) if adaptive else spent


def labels_in_week(assumptions: Assumptions, adaptive: bool = False) -> float | None:
    """Finished labels a week: as typed, or people x items an hour x hours over the work in a label; None if unknown.

    A typed number of labels a week wins. Items that active learning picks take longer by their hardness.
    """
    asked = assumptions
    if asked.labels_per_week is not None:
        return asked.labels_per_week / (asked.hardness if adaptive else 1.0)
    if asked.people is None or asked.items_per_hour is None or asked.hours_per_week is None:
        return None
    return asked.people * asked.items_per_hour * asked.hours_per_week / prices_per_label(asked, adaptive)


def labeling_hours(assumptions: Assumptions, purchase: float, adaptive: bool) -> float | None:
    """Hours of people that so many finished labels take; None where nobody said how many items an hour."""
    if assumptions.items_per_hour is None:
        return None
    return purchase * prices_per_label(assumptions, adaptive) / assumptions.items_per_hour


def weeks_for(assumptions: Assumptions, purchase: float, rounds: int, adaptive: bool) -> float | None:
    """Weeks until so many labels are there, or None when nobody said how fast labels come."""
    pace = labels_in_week(assumptions, adaptive)
    if pace is None:
        return None
    waiting = rounds * assumptions.weeks_per_round if adaptive else 0.0
    return purchase / pace + waiting


def delay_cost(assumptions: Assumptions, purchase: float, rounds: int, adaptive: bool) -> float:
    """What waiting for so many labels costs; 0 where nobody said what a week is worth or how fast labels come.

    No part of an option's cost: it is value that comes later.
    """
    if assumptions.value_per_week is None:
        return 0.0
    weeks = weeks_for(assumptions, purchase, rounds, adaptive)
    return 0.0 if weeks is None else weeks * assumptions.value_per_week


def costs(n: int, purchases: np.ndarray, assumptions: Assumptions, adaptive: bool) -> np.ndarray:
    """cost_of each purchase, (B,), with the rounds it takes."""
    rounds = (rounds_for(n, x, adaptive, assumptions.most_rounds) for x in purchases)
    return np.array([cost_of(assumptions, x, each, adaptive, n) for x, each in zip(purchases, rounds, strict=True)])


def delays(n: int, purchases: np.ndarray, assumptions: Assumptions, adaptive: bool) -> np.ndarray:
    """delay_cost of each purchase, (B,), in the rounds it takes."""
    rounds = (rounds_for(n, x, adaptive, assumptions.most_rounds) for x in purchases)
    return np.array([delay_cost(assumptions, x, each, adaptive) for x, each in zip(purchases, rounds, strict=True)])
