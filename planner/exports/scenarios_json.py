"""Scenarios side by side as plain values: what each comes to, and which plan is best on average by their chances."""

from typing import Any

from planner.economics.evaluating import Interval
from planner.plan.scenarios import Comparison, Outcome

NONE_NAMED = "No scenario was named."
NO_CHANCES = "No scenario has a chance, or one of them names no labels or has another currency."
NO_LABELS = "This scenario cannot say how many labels to buy."


def scenarios_to_json(beside: Comparison | None) -> dict[str, Any]:
    """The base first, then each scenario; the averages are null where no chance was typed."""
    nothing: dict[str, Any] = {"best_on_average": None, "advice_holds": None, "knowing": None}
    if beside is None or len(beside.outcomes) == 1:
        return {"outcomes": [], **nothing, "why": NONE_NAMED}
    chances = [None] * len(beside.outcomes) if beside.weighed is None else list(beside.weighed.chances)
    means = [None] * len(beside.outcomes) if beside.weighed is None else list(beside.weighed.expected)
    base = beside.outcomes[0]
    outcomes = [_outcome(one, base, *pair) for one, *pair in zip(beside.outcomes, chances, means, strict=True)]
    found = beside.weighed
    if found is None:
        return {"outcomes": outcomes, **nothing, "why": NO_CHANCES}
    return {
        "outcomes": outcomes,
        "best_on_average": found.names[found.best],
        "advice_holds": float(found.holds),
        "knowing": float(found.knowing),
    }


def _outcome(one: Outcome, base: Outcome, chance: float | None, mean: float | None) -> dict[str, Any]:
    option, better = one.option, one.better_off
    same = one.plan.valuation.assumptions.currency == base.plan.valuation.assumptions.currency
    known = better is not None and base.better_off is not None and same
    found = {
        "name": one.name,
        "chance": None if chance is None else float(chance),
        "code": one.plan.code,
        "strategy": one.plan.strategy,
        "labels_to_buy": one.plan.buy,
        "cost": _middle(option.cost if option else None),
        "score": _middle(option.score if option else None),
        "better_off": better,
        "difference": (better or 0.0) - (base.better_off or 0.0) if known else None,
        "on_average": None if mean is None else float(mean),
    }
    if None not in found.values():
        return found
    why = [NO_LABELS] if better is None else []
    why += ["Nothing is bought."] if one.plan.strategy is None and better is not None else []
    return {**found, "why": " ".join([*why, *([NO_CHANCES] if chance is None else [])])}


def _middle(interval: Interval | None) -> float | None:
    return None if interval is None else interval.p50
