"""Buying in rounds, the rules replayed in the pilot and the cases against choosing, as plain values."""

from typing import Any

from planner.economics.evaluating import Interval
from planner.economics.schedule import NO_PACE, Round
from planner.plan.deciding import Plan
from planner.plan.stop_replay import ReplayedStop
from planner.report.stopped import replayed

UNVALUED = "No value per point was given."


def schedule_to_json(plan: Plan) -> dict[str, Any]:
    """The rounds of the purchase; weeks are from now, and null where nobody said how many labels a week come in."""
    found: dict[str, Any] = {
        "weeks": plan.schedule.weeks,
        "rounds": [_round(one) for one in plan.schedule.rounds],
    }
    return found if plan.schedule.weeks is not None else {**found, "why": plan.schedule.why or NO_PACE}


def _round(one: Round) -> dict[str, Any]:
    found = {
        "round": one.number,
        "labels_to_buy": one.labels,
        "labels": one.labels_in_all,
        "starts_week": one.starts,
        "ends_week": one.ends,
        "cost": one.cost,
        "score": _interval(one.score),
    }
    return found if one.ends is not None else {**found, "why": NO_PACE}


def cases_to_json(plan: Plan) -> list[dict[str, Any]]:
    """When not to use active learning: each case, whether it applies, and the figure that decided it."""
    return [
        {"case": case.code, "title": case.title, "applies": case.applies, "figure": case.figure} for case in plan.cases
    ]


def replayed_to_json(plan: Plan) -> list[dict[str, Any]]:
    """Where each rule that watches the model would have stopped in the pilot."""
    return [_stop(one) for one in replayed(plan)]


def _stop(one: ReplayedStop) -> dict[str, Any]:
    found = {
        "rule": one.rule,
        "runs": one.runs,
        "stopped": one.fired,
        "labels_low": one.low,
        "labels_median": one.middle,
        "labels_high": one.high,
        "score": one.score,
        "regret": one.regret,
    }
    why = one.why or (UNVALUED if one.regret is None else "")
    return {**found, "why": why} if why else found


def _interval(interval: Interval) -> dict[str, Any]:
    found = {"p10": interval.p10, "p50": interval.p50, "p90": interval.p90}
    return {**found, "why": interval.why or "Not forecast."} if None in found.values() else found
