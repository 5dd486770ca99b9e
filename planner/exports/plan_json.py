"""A plan as plain values, key by key as the schema in planner/data says; a number that is not there has its why."""

import math
from typing import Any

import numpy as np

from planner import __version__
from planner.choices.baselines import BASELINES
from planner.choices.values import VALUES
from planner.economics.evaluating import Interval
from planner.economics.figures import Figures
from planner.economics.investment import Investment
from planner.economics.options import Option
from planner.economics.risk import Risk, expected_net
from planner.economics.worth import is_yearly, unvalued
from planner.exports.rounds_json import (
    cases_to_json,
    replayed_to_json,
    rounds_as_decisions,
    schedule_to_json,
    votes_to_json,
)
from planner.exports.scenarios_json import scenarios_to_json
from planner.exports.solved_json import reach_to_json
from planner.exports.trust_json import backtests_to_json, learned_on, sample_size_to_json
from planner.forecast.comparison import SURE, Best
from planner.plan.deciding import Plan
from planner.plan.joint import pairs
from planner.plan.scenarios import Comparison
from planner.plan.sensitivity import sensitivity
from planner.plan.turning import never_turns
from planner.report.compared import best_sentence, of_forecast

SCHEMA = 1
REFUSED = "The sample cannot carry this number."


def plan_to_json(plan: Plan, beside: Comparison | None = None) -> dict[str, Any]:
    """The plan for other programs, with its scenarios: no rows, no NaN, no Infinity."""
    forecast = plan.valuation.forecast
    pilot = forecast.pilot
    return {
        "schema": SCHEMA,
        "planner": __version__,
        "seed": pilot.settings.seed,
        "data": _data(plan),
        "pool_size": forecast.pool_size,
        "currency": plan.valuation.assumptions.currency,
        "value": _value(plan),
        "strategies": {name: _strategy(plan, name) for name in pilot.settings.all_strategies},
        "recommended": _recommended(plan),
        "best_of_pilot": _best_of_pilot(plan),
        "exchange_rate": _interval(plan.exchange),
        "gain_next": [
            {"labels": gain.labels, "active": _interval(gain.active), "random": _interval(gain.random)}
            for gain in plan.gains
        ],
        "next_batch": _next_batch(plan),
        "split": _with_why(
            {"stopping": plan.stopping_saves, "choosing": _interval(plan.choosing_saves)}, _refusal(plan)
        ),
        "horizon": _with_why({"h": plan.horizon, "light": plan.light or None}, _refusal(plan)),
        "learned_on": learned_on(forecast),
        "backtests": backtests_to_json(plan),
        "sample_size": sample_size_to_json(plan),
        "baselines": {name: _baseline(_option(plan, name)) for name in BASELINES},
        "risk": {one.option: _risk(one) for one in plan.risks},
        "net_by_budget": _net_by_budget(plan),
        "investment": _invested(plan, plan.investment),
        "investment_over_baseline": _invested(plan, plan.over_baseline),
        "verdict": {"code": plan.code, "sentence": plan.sentence},
        "doubts": [{"code": d.code, "finding": d.finding, "remedy": d.remedy} for d in plan.doubts],
        "sensitivity": _sensitivity(plan),
        "stopping": [
            _with_why(
                {"rule": s.rule, "labels_to_buy": s.labels_to_buy, "fires": s.fires, "reason": s.reason}, s.reason
            )
            for s in plan.stops
        ],
        "reach": reach_to_json(plan),
        "stopping_in_pilot": replayed_to_json(plan),
        "schedule": schedule_to_json(plan),
        "rounds": rounds_as_decisions(plan),
        "votes": votes_to_json(plan),
        "cases": cases_to_json(plan),
        "scenarios": scenarios_to_json(beside),
    }


def _value(plan: Plan) -> dict[str, Any]:
    """How a better score is valued: the model, what it read, and what the next point is worth."""
    asked = plan.valuation.assumptions
    model = VALUES[asked.value_model]
    found = {
        "model": model.name,
        "title": model.title,
        "source": model.source,
        "yearly": is_yearly(asked),
        "point": plan.valuation.point,
        "sentence": plan.valued,
    }
    terms = {name: value for name in model.facts["asks"] if (value := getattr(asked, name)) is not None}
    return _with_why({**found, "terms": terms}, unvalued(asked))


def _risk(one: Risk) -> dict[str, Any]:
    found = {"npv": _interval(one.npv), "mean": one.mean, "chance_of_loss": one.chance_of_loss, "regret": one.regret}
    why = "No target score was typed."
    return _with_why({**found, "chance_target_missed": one.chance_missed}, why)


def _net_by_budget(plan: Plan) -> list[dict[str, Any]]:
    """What every strategy is expected to leave over stopping at the sample at every budget; [] without a value."""
    if not plan.risks:
        return []
    bought = [int(x) for x in plan.valuation.purchases]
    nets = expected_net(Figures(plan.valuation)).items()
    return [{"strategy": name, "labels_to_buy": bought, "expected_net_value": net.tolist()} for name, net in nets]


def _invested(plan: Plan, made: Investment | None) -> dict[str, Any]:
    found = {
        "baseline": made.baseline if made else None,
        "npv": made.npv if made else None,
        "returns": list(made.returns) if made else [],
        "payback_years": made.payback if made else None,
        "discounted_payback_years": made.discounted_payback if made else None,
        "return_on_cost": made.return_on_cost if made else None,
        "risk_adjusted_npv": made.adjusted_npv if made else None,
        "risk_adjusted_return_on_cost": made.adjusted_return if made else None,
    }
    if made is None:
        same = "The baseline is doing nothing, or the recommended option itself."
        return _with_why(found, _refusal(plan) if plan.investment is None else same)
    return _with_why(found, made.returns_why or made.payback_why or "Never within the horizon once discounted.")


def _sensitivity(plan: Plan) -> dict[str, Any]:
    found, baseline = sensitivity(plan), plan.valuation.assumptions.baseline
    if found is None:
        nothing: dict[str, Any] = {"baseline": baseline, "better_off": None, "swings": [], "switching_values": []}
        nothing["pairs"] = []
        return _with_why(nothing, _refusal(plan))
    return {
        "baseline": baseline,
        "better_off": found.base,
        "swings": [{"input": one.name, "at_low": one.low, "at_high": one.high} for one in found.swings],
        "switching_values": [
            _with_why({"input": name, "value": at}, never_turns(name)) for name, at in found.switches.items()
        ],
        "pairs": [
            {"inputs": list(pair.names), "alone": list(pair.alone), "both": pair.both, "turns": pair.turns}
            for pair in pairs(found)
        ],
    }


def _data(plan: Plan) -> dict[str, Any]:
    forecast = plan.valuation.forecast
    facts = forecast.pilot.facts
    found = {
        "digest": facts.digest,
        "rows": facts.rows,
        "labeled": facts.labeled,
        "classes": len(facts.classes),
        "kind": facts.kind,
        "metric": forecast.settings.metric,
        "model": forecast.pilot.model if forecast.pilot.traces else None,
    }
    return _with_why(found, "The sample is too small for a pilot, so no model was trained.")


def _strategy(plan: Plan, name: str) -> dict[str, Any]:
    forecast, option = plan.valuation.forecast, _option(plan, name)
    scores = forecast.scores.get(name)
    chance = plan.target_chance.get(name) if scores is not None else None
    target = {"target": plan.target, **_interval(plan.labels_to_target[name]), "chance": chance}
    return {
        "scores": [] if scores is None else _scores(forecast.budgets, scores, forecast.labeled),
        "score_all": _interval(_quantiles(forecast.score_all)),
        "labels_to_target": _with_why(target, target.get("why") or _refusal(plan)),
        "cost": _interval(option.cost),
        "savings": {"baseline": "label_everything", **_interval(option.savings)},
        "net_benefit": _interval(option.net_benefit),
        "roi": _interval(option.roi),
        "calibrated": forecast.calibrated[name],
    }


def _scores(budgets: np.ndarray, scores: np.ndarray, labeled: int) -> list[dict[str, Any]]:
    low, middle, high = np.quantile(scores, [0.1, 0.5, 0.9], axis=0)
    return [
        {"labels": int(b), "labels_to_buy": int(b) - labeled, "p10": float(p10), "p50": float(p50), "p90": float(p90)}
        for b, p10, p50, p90 in zip(budgets, low, middle, high, strict=True)
    ]


def _recommended(plan: Plan) -> dict[str, Any]:
    option, why = plan.recommended, _refusal(plan)
    nothing = Interval(None, None, None, why)
    bought = _with_why({**_interval(plan.labels_to_buy), "buy": plan.buy}, plan.labels_to_buy.why or why)
    found = {
        "strategy": plan.strategy,
        "labels_to_buy": bought,
        "rounds": None if option is None else plan.rounds,
        "cost": _interval(option.cost if option else nothing),
        "score": _interval(option.score if option else nothing),
        "chance_against_random": plan.chance_against_random,
    }
    return _with_why(found, why if plan.code == "refused" else _missing(plan))


def _best_of_pilot(plan: Plan) -> dict[str, Any]:
    comparison = of_forecast(plan.valuation.forecast)
    if comparison is not None:
        return best_to_json(comparison.best)
    nothing: dict[str, Any] = {
        "strategy": None,
        "chance": None,
        "sure": False,
        "bar": SURE,
        "chances": {},
        "sentence": None,
    }
    return _with_why(nothing, "Nothing but random labeling was replayed, so there is nothing to compare.")


def best_to_json(best: Best) -> dict[str, Any]:
    """Which strategy to use by the pilot and how sure that is, as plain values."""
    return {
        "strategy": best.strategy,
        "chance": best.chance,
        "sure": best.sure,
        "bar": SURE,
        "chances": best.chances,
        "sentence": best_sentence(best).replace("**", ""),
    }


def _missing(plan: Plan) -> str:
    """Why a plan that was not refused has no strategy or no chance."""
    why = ["Nothing is bought."] if plan.strategy is None else []
    if plan.chance_against_random is None:
        why.append("No strategy was compared with random labeling.")
    return " ".join(why)


def _next_batch(plan: Plan) -> dict[str, Any]:
    found = {"chance": plan.next_chance, "break_even_value_per_point": plan.break_even}
    if plan.break_even is None:
        why = _refusal(plan) if plan.code == "refused" else "No further label is expected to add to the score."
    else:
        why = unvalued(plan.valuation.assumptions)
    return _with_why(found, why)


def _baseline(option: Option) -> dict[str, Any]:
    return {
        "labels_to_buy": _interval(option.labels_to_buy),
        "cost": _interval(option.cost),
        "score": _interval(option.score),
        "savings": {"baseline": "label_everything", **_interval(option.savings)},
        "net_benefit": _interval(option.net_benefit),
        "net_value": _interval(option.net_value),
        "roi": _interval(option.roi),
    }


def _option(plan: Plan, name: str) -> Option:
    return next(option for option in plan.options if option.name == name)


def _refusal(plan: Plan) -> str:
    return plan.sentence if plan.code == "refused" else REFUSED


def _quantiles(draws: np.ndarray) -> Interval:
    if not len(draws):
        return Interval(None, None, None, REFUSED)
    low, middle, high = (float(q) for q in np.quantile(draws, [0.1, 0.5, 0.9]))
    return Interval(low, middle, high)


def _interval(interval: Interval) -> dict[str, Any]:
    return _with_why({"p10": interval.p10, "p50": interval.p50, "p90": interval.p90}, interval.why or REFUSED)


def _with_why(values: dict[str, Any], why: str) -> dict[str, Any]:
    """`values` with what is no finite number made null, and, where a value is null, the reason under "why"."""
    plain = {key: _finite(value) for key, value in values.items() if key != "why"}
    return {**plain, "why": why} if None in plain.values() else plain


def _finite(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
