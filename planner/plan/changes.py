"""What would turn a "does not pay": another deadline, setup cost, price or pool."""

from dataclasses import replace

import numpy as np

from planner import words
from planner.economics.evaluating import Valuation, evaluate
from planner.economics.figures import Figures
from planner.economics.price_table import at_first_price
from planner.forecast.carrying import forecast
from planner.plan.checks import Doubt
from planner.plan.verdicts import Verdict, pronounce


def changes(figures: Figures, verdict: Verdict) -> tuple[Doubt, ...]:
    """What would make active learning pay: another deadline, setup cost, price or pool."""
    if verdict.rule == "deadline":
        return (_later(figures),)
    if figures.active is None or verdict.rule:
        return ()
    return tuple(
        change for change in (_cheaper_setup(figures), _dearer_labels(figures), _larger_pool(figures)) if change
    )


def _later(figures: Figures) -> Doubt:
    weeks = words.times(figures.weeks_in_rounds or 0.0)
    return Doubt(
        "deadline",
        f"The deadline is later than you typed. Choosing in rounds takes {weeks} weeks; you said "
        f"{words.times(figures.assumptions.deadline or 0.0)}.",
        "Shorter rounds help as well: retrain overnight and hand out the next batch in the morning.",
    )


def _cheaper_setup(figures: Figures) -> Doubt | None:
    setup, asked = paying_setup(figures), figures.assumptions
    if setup is None or setup >= asked.setup_cost:
        return None
    return Doubt(
        "setup_cost",
        "Setup is cheaper than you typed. It would pay from a setup cost of "
        f"{words.money(setup, asked.currency)} down; you said {words.money(asked.setup_cost, asked.currency, None)}.",
        "If your tool picks items already, set the setup cost to 0 and read this page again.",
    )


def _dearer_labels(figures: Figures) -> Doubt | None:
    price, asked = paying_price(figures.valuation), figures.assumptions
    if price is None:
        return None
    return Doubt(
        "cost_per_label",
        f"A label costs more than you typed. It would pay from {words.money(price, asked.currency)} per label; "
        f"you said {words.money(asked.cost_per_label, asked.currency, None)}.",
        "Count second readers, experts and rework; time twenty items to find out.",
    )


def _larger_pool(figures: Figures) -> Doubt | None:
    items = paying_pool(figures.valuation)
    if items is None:
        return None
    return Doubt(
        "pool_size",
        f"There are more items than you typed. It would pay from about {words.about(items)}; you said "
        f"{words.count(figures.N)}.",
        "Count the items of the next years as well.",
    )


def paying_setup(figures: Figures) -> float | None:
    """Setup cost below which choosing would be advised at the same purchase; None where no setup is low enough."""
    if figures.active is None:
        return None
    setup = figures.assumptions.setup_cost
    likely = setup + float(np.quantile(figures.choosing_and_waiting, 0.2))  # it then beats random in 8 of 10 draws
    better = setup + figures.worth(figures.active) - figures.worth("random")  # and is worth more than random's best
    edge = min(likely, better)
    return edge if edge >= 0 else None


def paying_price(valuation: Valuation) -> float | None:
    """The lowest cost per label above today's at which active learning would be advised; None up to 50 times it."""
    asked = valuation.assumptions
    for factor in np.geomspace(1.1, 50, 24):
        price = asked.cost_per_label * float(factor)
        table = at_first_price(asked.price_table, price) if asked.price_table else ""
        dearer = replace(asked, cost_per_label=price, price_table=table)
        if asked.cost_per_label > 0 and pronounce(Figures(evaluate(valuation.forecast, dearer))).code == "active":
            return dearer.cost_per_label
    return None


def paying_pool(valuation: Valuation) -> int | None:
    """The smallest of 2, 4, 8 and 16 times the pool at which active learning would be advised; None if at none."""
    forecasted = valuation.forecast
    for factor in (2, 4, 8, 16):
        items = forecasted.pool_size * factor
        # 200 draws place an 8 in 10 chance within 3 points, and this is one of many numbers behind a slider.
        larger = replace(forecasted.settings, pool_size=items, draws=200)
        reached = forecast(forecasted.pilot, larger)
        if pronounce(Figures(evaluate(reached, valuation.assumptions))).code == "active":
            return items
    return None
