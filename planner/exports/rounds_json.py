"""Buying in rounds, the rules replayed in the pilot and the cases against choosing, as plain values."""

from dataclasses import asdict
from typing import Any

from planner.economics.batches import Information, one_or_more, orders, perfect_information
from planner.economics.evaluating import Interval
from planner.economics.figures import Figures
from planner.economics.schedule import NO_PACE, Round
from planner.economics.voting import voting
from planner.economics.worth import unvalued
from planner.plan.deciding import Plan
from planner.plan.stop_replay import ReplayedStop
from planner.report.knowing import narrowing
from planner.report.purchase import tried
from planner.report.stopped import replayed


def schedule_to_json(plan: Plan) -> dict[str, Any]:
    """The rounds of the purchase; weeks are from now, and null where nobody said how many labels a week come in."""
    found: dict[str, Any] = {
        "weeks": plan.schedule.weeks,
        "rounds": [_round(one) for one in plan.schedule.rounds],
    }
    return found if plan.schedule.weeks is not None else {**found, "why": plan.schedule.why or NO_PACE}


def rounds_as_decisions(plan: Plan) -> dict[str, Any]:
    """One order against several, the purchase in 1 to 8 rounds, and what would narrow the saving; empty without."""
    figures, found = Figures(plan.valuation), tried(plan)
    pair = one_or_more(figures, plan.strategy) if found and plan.strategy else None
    worth = perfect_information(figures)
    made: dict[str, Any] = {
        "orders": [asdict(one) for one in pair or ()],
        "if_needed": [asdict(one) for one in (orders(figures, plan.strategy) if pair and plan.strategy else ())],
        "batchings": [asdict(one) for one in found],
        "information": [_information(one) for one in narrowing(plan)],
        "perfect_information": worth,
    }
    return made if worth is not None else {**made, "why": unvalued(plan.valuation.assumptions)}


def votes_to_json(plan: Plan) -> dict[str, Any]:
    """What the typed error of one annotator comes to; null where none was typed."""
    found = voting(Figures(plan.valuation))
    if found is None:
        names = ("error", "typed", "best", "measured_score", "corrected_score")
        return {**dict.fromkeys(names), "why": "No error of annotators was typed."}
    made: dict[str, Any] = {
        "error": found.error,
        "typed": asdict(found.typed),
        "best": asdict(found.best),
        "measured_score": found.measured,
        "corrected_score": found.corrected,
    }
    return {**made, "why": found.why} if found.why else made


def _information(one: Information) -> dict[str, Any]:
    made = {"work": one.what, "cost": one.cost, "width_now": one.now, "width_then": one.then}
    return (
        made if one.then is not None else {**made, "why": "The price has no range, or one as narrow as that already."}
    )


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
    return [_stop(one, unvalued(plan.valuation.assumptions)) for one in replayed(plan)]


def _stop(one: ReplayedStop, unpriced: str) -> dict[str, Any]:
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
    why = one.why or (unpriced if one.regret is None else "")
    return {**found, "why": why} if why else found


def _interval(interval: Interval) -> dict[str, Any]:
    found = {"p10": interval.p10, "p50": interval.p50, "p90": interval.p90}
    return {**found, "why": interval.why or "Not forecast."} if None in found.values() else found
