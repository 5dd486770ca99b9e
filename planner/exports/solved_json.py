"""What a budget, a deadline or a target comes to, as plain values; null where it was not asked for, with the reason."""

from typing import Any

from planner.economics.evaluating import Interval
from planner.economics.solving import Way
from planner.plan.deciding import Plan
from planner.report.solved import solved_sentences

NO_LIMIT = "No budget cap and no deadline were given."
NO_TARGET = "No target score was typed."
WITHIN = "It is within reach."


def reach_to_json(plan: Plan) -> dict[str, Any]:
    """The answers, with the sentences a person reads."""
    said = [sentence.replace("**", "") for sentence in solved_sentences(plan)]
    return {"sentences": said, "limits": _limits(plan), "target": _target(plan)}


def _limits(plan: Plan) -> dict[str, Any]:
    limits = plan.solved.limits
    found: dict[str, Any] = {
        "budget": limits.budget if limits else None,
        "deadline": limits.deadline if limits else None,
        "within_reach": None if limits is None else limits.way is not None,
        "ends": limits.ends or None if limits else None,
        "purchase": _way(limits.way if limits else None, "No label can be bought." if limits else NO_LIMIT),
    }
    why = NO_LIMIT if limits is None else limits.why or "Only one limit was given, or nothing can be bought."
    return _with_why(found, why)


def _target(plan: Plan) -> dict[str, Any]:
    goal = plan.solved.goal
    found: dict[str, Any] = {
        "target": goal.target if goal else None,
        "confidence": goal.confidence if goal else None,
        "within_reach": None if goal is None or goal.why else goal.way is not None,
        "purchase": _way(goal.way if goal else None, _why(plan, "Not within reach.")),
        "nearest": _way(goal.nearest if goal else None, _why(plan, WITHIN)),
        "without_limits": _way(goal.beyond if goal else None, _why(plan, _beyond(plan))),
    }
    return _with_why(found, _why(plan, WITHIN))


def _beyond(plan: Plan) -> str:
    goal = plan.solved.goal
    return (
        WITHIN if goal is not None and goal.way is not None else "The pool ends before the target is reached so surely."
    )


def _why(plan: Plan, otherwise: str) -> str:
    goal = plan.solved.goal
    return NO_TARGET if goal is None else goal.why or otherwise


def _way(way: Way | None, why: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "strategy": way.strategy if way else None,
        "labels_to_buy": way.labels if way else None,
        "rounds": way.rounds if way else None,
        "cost": way.cost if way else None,
        "weeks": way.weeks if way else None,
        "score": _interval(way.score, "The sample cannot carry a forecast.") if way else _interval(None, why),
        "chance": way.chance if way else None,
        "sure": way.sure if way else None,
    }
    return _with_why(found, why if way is None else "Nobody said how fast labels come, or no target was typed.")


def _interval(score: Interval | None, why: str) -> dict[str, Any]:
    found = {"p10": score.p10, "p50": score.p50, "p90": score.p90} if score else {"p10": None, "p50": None, "p90": None}
    return _with_why(found, why)


def _with_why(values: dict[str, Any], why: str) -> dict[str, Any]:
    return {**values, "why": why} if None in values.values() else values
