"""Scenarios: the same sample under other amounts, decided anew and laid side by side with the base."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner import words
from planner.blocks import EMPTY, Table
from planner.choices.baselines import BASELINES
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import Interval, evaluate
from planner.economics.options import Option
from planner.economics.ranges import in_step
from planner.errors import BadSetting, unknown
from planner.forecast.carrying import ForecastSettings, forecast
from planner.plan.deciding import Plan, decide
from planner.plan.held import Held, Standing, held_plan, medians
from planner.plan.weighing import Weighed, weigh, weighed_sentence
from planner.settings import Knob, knobs

MOST = 4  # side by side, the base among them
BASE, HEAD = "Base", "Scenario"  # heads of the first two columns
ALWAYS = ("cost_per_label", "setup_cost")  # shown even where no scenario changes them
NUMBERS = {2: "both", 3: "all three", 4: "all four"}
ADVICE = {
    "active": "Choose, then stop",
    "stop_early": "Stop early",
    "does_not_pay": "At random",
    "enough": "Stop here",
    "label_all": "Label everything",
    "refused": "Cannot be told",
}


@dataclass(frozen=True)
class Scenario:
    """A name, and the inputs that are not those of the base."""

    name: str
    changes: Mapping[str, Any]  # {setting of Assumptions or ForecastSettings: value}
    chance: float | None = None  # 0-1, that it comes true instead of the base; None: nobody said


def as_values(one: Scenario) -> dict[str, Any]:
    """A scenario as what JSON knows."""
    found: dict[str, Any] = {"name": one.name, "changes": dict(one.changes)}
    return found if one.chance is None else {**found, "chance": one.chance}


Make = Callable[[Scenario], Plan]


@dataclass(frozen=True)
class Outcome:
    """What one scenario comes to."""

    name: str
    plan: Plan
    option: Option | None  # None where no labels can be named
    better_off: float | None  # [currency] than the baseline, expected; None likewise


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, the base first."""

    outcomes: tuple[Outcome, ...]
    headline: str  # whether the advice holds, without a full stop
    lead: str
    table: Table
    weighed: Weighed | None = None  # where a scenario has a chance


def inputs() -> dict[str, Knob]:
    """Everything a scenario may change, by name."""
    return {one.name: one for owner in (Assumptions, ForecastSettings) for one in knobs(owner) if one.name != "draws"}


def suggestions(base: Plan) -> tuple[Scenario, ...]:
    """Scenarios people ask about, from the amounts of the base."""
    asked, items = base.valuation.assumptions, base.valuation.forecast.pool_size
    found = [Scenario("Labels at half the price", {"cost_per_label": asked.cost_per_label / 2})]
    found.append(Scenario("Labels at twice the price", {"cost_per_label": asked.cost_per_label * 2}))
    if asked.setup_cost > 0:
        found.append(Scenario("Tool already in place", {"setup_cost": 0.0}))
    if asked.votes_per_label == 1:
        found.append(Scenario("Three people per label", {"votes_per_label": 3}))
    if asked.value_per_point and asked.value_model == "per_point":
        found.append(Scenario("A point is worth half", {"value_per_point": asked.value_per_point / 2}))
    return (*found, Scenario("Twice the items", {"pool_size": items * 2}))


def priced_at(base: Plan, price: float, setup: float) -> Scenario:
    """The scenario of a cell of the break-even grid: a price of a label and a setup cost [currency]."""
    currency = base.valuation.assumptions.currency
    name = f"{words.money(price, currency, None)} a label, {words.money(setup, currency, None)} setup"
    return Scenario(name, {"cost_per_label": price, "setup_cost": setup})


def scenario_plan(base: Plan, scenario: Scenario) -> Plan:
    """The plan of a scenario, decided anew. Raises PlannerError for an input or a value that makes no sense."""
    reach, asked = base.valuation.forecast.settings, base.valuation.assumptions
    known = inputs()
    for name in scenario.changes:
        if name not in known:
            raise unknown("input", name, known)
    of_reach = {one.name for one in knobs(ForecastSettings)}
    changes = in_step(asked, scenario.changes)
    further = replace(reach, **{name: value for name, value in changes.items() if name in of_reach})
    priced = replace(asked, **{name: value for name, value in changes.items() if name not in of_reach})
    made = base.valuation.forecast
    return decide(evaluate(made if further == reach else forecast(made.pilot, further), priced))


def compare_scenarios(base: Plan, scenarios: Sequence[Scenario], make: Make | None = None) -> Comparison:
    """The base and up to three scenarios; `make` may be a cache of their plans. Raises PlannerError."""
    if len(scenarios) >= MOST:
        raise BadSetting(f"{len(scenarios)} scenarios beside the base are too many to read. Keep {MOST - 1} at most.")
    make = make or (lambda scenario: scenario_plan(base, scenario))
    outcomes = (_outcome(BASE, base), *(_outcome(one.name, make(one)) for one in scenarios))
    plans, names = [one.plan for one in outcomes], [one.name for one in outcomes]
    chances = [None, *(one.chance for one in scenarios)]
    found = weigh(names, plans, [_held(plan) for plan in plans], chances)
    lead = " ".join(part for part in (_lead(outcomes), weighed_sentence(found, base) if found else "") if part)
    return Comparison(outcomes, _headline(outcomes), lead, _table(outcomes), found)


def _held(plan: Plan) -> Held | None:
    """What a plan buys, everything included; None where no labels can be named."""
    if plan.code == "label_all" and plan.valuation.forecast.scores and plan.buy is not None:
        return Held("random", plan.buy, True)
    return held_plan(plan)


def _outcome(name: str, plan: Plan) -> Outcome:
    held = _held(plan)
    if held is None:
        return Outcome(name, plan, plan.recommended, None)
    asked = medians(plan.valuation.assumptions)
    better = Standing(plan.valuation.forecast, held).better_off(asked)
    return Outcome(name, plan, plan.recommended, round(better, 6) + 0.0)  # no minus before a zero


def _headline(outcomes: Sequence[Outcome]) -> str:
    base = outcomes[0].plan.code
    turned = [one.name for one in outcomes if one.plan.code != base]
    if not turned:
        return f"The advice holds in {NUMBERS.get(len(outcomes), 'the base')} scenarios" if len(outcomes) > 1 else ""
    if len(turned) == 1:
        return f"The advice changes with {_small(turned[0])}"
    return f"The advice changes in {len(turned)} of {len(outcomes)} scenarios"


def _lead(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) == 1:
        return ""
    base = outcomes[0].plan.code
    said = [
        f"With **{_small(one.name)}**: {_small(one.plan.sentence).rstrip('.')}."
        for one in outcomes
        if one.plan.code != base
    ]
    valued = [one for one in outcomes if one.better_off is not None]
    return " ".join([*said, _thinnest(valued, bool(said))] if valued else said)


def _thinnest(valued: Sequence[Outcome], turned: bool) -> str:
    """Where the margin over the baseline is thinnest, or lost."""
    least = min(valued, key=lambda one: one.better_off or 0.0)
    asked = least.plan.valuation.assumptions
    than, better = BASELINES[asked.baseline].facts["instead"], least.better_off or 0.0
    amount = words.money(abs(better), asked.currency)
    where = "in the **base**" if least.name == BASE else f"with **{_small(least.name)}**"
    if better < 0:
        return f"The plan is worse than {than} {where}: you would be {amount} worse off."
    beats = "" if turned else f"The plan beats {than} in each of them. "
    if better == 0:
        return f"The plan is {than} itself {where}."
    return f"{beats}The margin is thinnest {where}, where you are still {amount} better off."


def _table(outcomes: Sequence[Outcome]) -> Table:
    rows = [(title, *cells) for title, cells in (*_typed(outcomes), *_results(outcomes)) if any(cells)]
    return Table("Scenarios side by side", (HEAD, *(one.name for one in outcomes)), tuple(rows), figures=True)


def _typed(outcomes: Sequence[Outcome]) -> list[tuple[str, list[str]]]:
    """The inputs that differ, and those that everybody asks for."""
    found = []
    for name, one in inputs().items():
        values = [_value(outcome.plan, name) for outcome in outcomes]
        if name in ALWAYS or any(value != values[0] for value in values):
            cells = [_words(one, value, o.plan) for o, value in zip(outcomes, values, strict=True)]
            found.append((one.title, cells))
    return found


def _value(plan: Plan, name: str) -> Any:
    settings = plan.valuation.forecast.settings
    return getattr(settings, name) if hasattr(settings, name) else getattr(plan.valuation.assumptions, name)


def _words(one: Knob, value: Any, plan: Plan) -> str:
    """An input as it was typed."""
    if value is None:
        return words.count(plan.valuation.forecast.pool_size) if one.name == "pool_size" else "not given"
    if one.kind is bool:
        return "yes" if value else "no"
    if one.choices is not None:
        return str(one.choices[value].title)
    if one.unit.startswith("currency"):
        return words.money(value, plan.valuation.assumptions.currency, None)
    return words.count(value) if one.kind is int else words.number(value) if one.kind is float else str(value)


def _results(outcomes: Sequence[Outcome]) -> list[tuple[str, list[str]]]:
    metrics = {one.plan.valuation.forecast.metric_name for one in outcomes}
    metric = metrics.pop() if len(metrics) == 1 else "score"
    than = BASELINES[outcomes[0].plan.valuation.assumptions.baseline]
    balance = (
        "Better off, on balance" if than.name == "label_everything" else f"Better off than {than.facts['instead']}"
    )
    advice = [ADVICE[one.plan.code] for one in outcomes]
    found = [("Advice", advice)] if len(set(advice)) > 1 else []
    return [
        *found,
        ("Labels to buy", [_labels(one) for one in outcomes]),
        ("Cost, all in", [_money(one, one.option.cost) if one.option else EMPTY for one in outcomes]),
        (f"{metric[:1].upper()}{metric[1:]} when you stop", [_score(one) for one in outcomes]),
        ("Saved against labeling everything", [_money(o, o.option.savings) if o.option else EMPTY for o in outcomes]),
        (f"**{balance}**", [f"**{text}**" if (text := _better(one)) else EMPTY for one in outcomes]),
        ("Difference to base", _differences(outcomes)),
    ]


def _labels(one: Outcome) -> str:
    if one.plan.buy is None:
        return EMPTY
    return words.count(one.plan.buy) if one.plan.code == "label_all" else words.about(one.plan.buy)


def _score(one: Outcome) -> str:
    return EMPTY if one.option is None or one.option.score.p50 is None else words.percent(one.option.score.p50)


def _money(one: Outcome, amount: Interval) -> str:
    return EMPTY if amount.p50 is None else words.money(amount.p50, one.plan.valuation.assumptions.currency)


def _better(one: Outcome) -> str:
    return EMPTY if one.better_off is None else words.money(one.better_off, one.plan.valuation.assumptions.currency)


def _differences(outcomes: Sequence[Outcome]) -> list[str]:
    """What each scenario adds to the base or takes from it; nothing where the currencies differ."""
    base = outcomes[0]
    currency = base.plan.valuation.assumptions.currency
    found = [EMPTY]
    for one in outcomes[1:]:
        same = one.plan.valuation.assumptions.currency == currency
        if base.better_off is None or one.better_off is None or not same:
            found.append(EMPTY)
            continue
        more = one.better_off - base.better_off
        found.append(words.gain(words.money(more, currency), more))
    return found


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
