"""The JSON of a plan keeps its contract: every key, in every verdict, and a reason for every number that is missing."""

import json
import math
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import handmade
import pytest
from jsonschema import Draft202012Validator

from planner.choices.values import VALUES
from planner.economics import Assumptions, evaluate
from planner.economics.worth import missing
from planner.exports import EXPORTS
from planner.exports.plan_json import plan_to_json
from planner.plan import Plan, Scenario, compare_scenarios, decide
from planner.report import write
from planner.settings import knobs

SCHEMA = json.loads((files("planner") / "data" / "plan.schema.json").read_text("utf-8"))
CASES: dict[str, dict[str, Any]] = {
    "as the first screen": {},
    "no value": {"value_per_point": None},
    "a typed target": {"value_per_point": None, "target": 0.92},
    "a target that no pool reaches": {"value_per_point": None, "target": 0.999},
    "free labels": {"cost_per_label": 0.0},
    "a rule": {"label_all": True},
    "worthless points": {"value_per_point": 1.0},
    "dear set-up": {"setup_cost": 40_000.0},
    "a cap of nothing": {"budget": 0.0},
    "a deadline": {"deadline": 2.0, "labels_per_week": 30_000.0, "weeks_per_round": 4.0},
    "labels paid already": {"count_paid_labels": True},
    "a value every year": {"per_year": True, "value_per_point": 1000.0},
}


def as_json(case: str) -> dict[str, Any]:
    return plan_to_json(decide(handmade.valuation(**CASES[case])))


def with_scenarios(*scenarios: Scenario, **asked: Any) -> dict[str, Any]:
    made = decide(handmade.valuation(**asked))
    report = write(made, None, compare_scenarios(made, scenarios))
    return dict(json.loads(EXPORTS["plan_json"].call(report)))


@pytest.mark.parametrize("chance", [None, 0.4])
def test_scenarios_keep_the_schema_too(chance: float | None) -> None:
    """With chances and without, of other amounts, of another currency, and of one that buys nothing."""
    others = (
        Scenario("Worthless", {"value_per_point": 1.0}, chance),
        Scenario("In euros", {"currency": "EUR"}),
        Scenario("A rule", {"label_all": True}),
    )
    for named in (others[:1], others):
        found = with_scenarios(*named)
        Draft202012Validator(SCHEMA).validate(found)
        assert [one["name"] for one in found["scenarios"]["outcomes"]] == ["Base", *(one.name for one in named)]
        for inner in walk(found["scenarios"]):
            assert ("why" in inner) == (None in inner.values())
    assert plan_to_json(decide(handmade.valuation()))["scenarios"]["outcomes"] == []


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_the_schema_is_itself_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_strict_everywhere() -> None:
    for one in walk(SCHEMA):
        if one.get("type") == "object" and "properties" in one:
            assert one["additionalProperties"] is False
            assert set(one["required"]) == set(one["properties"]) - {"why"}


@pytest.mark.parametrize("case", CASES)
def test_every_plan_keeps_the_schema(case: str) -> None:
    Draft202012Validator(SCHEMA).validate(as_json(case))


@pytest.mark.parametrize("case", CASES)
def test_ranges_are_in_order_and_finite(case: str) -> None:
    for one in walk(as_json(case)):
        known = [one[q] for q in ("p10", "p50", "p90") if one.get(q) is not None]
        assert known == sorted(known)
        assert all(math.isfinite(value) for value in one.values() if isinstance(value, float))


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_missing_says_why_in_a_sentence(case: str) -> None:
    for one in walk(as_json(case)):
        assert ("why" in one) == (None in one.values())
        assert len(one.get("why", "a sentence")) > 5


@pytest.mark.parametrize("model", VALUES)
def test_the_file_names_the_value_model_and_what_it_still_asks_for(model: str) -> None:
    """Without a single amount typed, every model says itself what it lacks, and no other model's amount."""
    asked = Assumptions(value_model=model)
    found = plan_to_json(decide(evaluate(handmade.forecast(), asked)))
    Draft202012Validator(SCHEMA).validate(found)
    assert found["value"]["model"] == model
    lacks = [one.title.lower() for one in knobs(Assumptions) if one.name in missing(asked)]
    whys = (found["value"]["why"], found["investment"]["why"], found["baselines"]["label_everything"]["roi"]["why"])
    assert all(name in why for name in lacks for why in whys) or model == "per_point"
    assert all(("value per point" in why) == (model == "per_point") for why in whys)


def test_the_schema_refuses_a_missing_key_a_strange_key_and_a_null_without_a_reason() -> None:
    check = Draft202012Validator(SCHEMA)
    good = as_json("no value")
    for broken in (
        {key: value for key, value in good.items() if key != "split"},
        {**good, "row": ["a customer's text"]},
        {**good, "exchange_rate": {"p10": None, "p50": 1.0, "p90": 2.0}},
        {**good, "exchange_rate": {"p10": 1.0, "p50": 1.0, "p90": 2.0, "why": "There is no reason."}},
    ):
        assert not check.is_valid(broken)


def test_the_curve_crosses_the_printed_target_at_the_printed_labels() -> None:
    """Read off the file alone, the way another program would."""
    for case in ("no value", "a typed target"):
        made = as_json(case)
        for one in made["strategies"].values():
            target, printed = one["labels_to_target"]["target"], one["labels_to_target"]["p50"]
            points = one["scores"]
            after = next(i for i, point in enumerate(points) if point["p50"] >= target)
            low, high = points[max(after - 1, 0)], points[after]
            assert low["labels_to_buy"] - 1 <= printed <= high["labels_to_buy"] + 1


def test_the_file_and_the_plan_say_the_same() -> None:
    made = decide(handmade.valuation())
    read = json.loads(EXPORTS["plan_json"].call(write(made)))
    assert read == plan_to_json(made)
    assert read["verdict"] == {"code": made.code, "sentence": made.sentence}
    assert read["recommended"]["labels_to_buy"]["buy"] == made.buy


def test_the_printed_sum_of_the_split_holds() -> None:
    made = as_json("as the first screen")
    split = made["split"]
    saved = made["strategies"][made["recommended"]["strategy"]]["savings"]["p50"]
    assert split["stopping"] + split["choosing"]["p50"] == pytest.approx(saved)


def test_a_plan_that_is_refused_has_every_key() -> None:
    for made in refused():
        read = plan_to_json(made)
        Draft202012Validator(SCHEMA).validate(read)
        assert read["verdict"]["code"] == "refused"
        assert read["baselines"]["label_everything"]["cost"]["p50"] == 49_000
        assert read["recommended"]["labels_to_buy"]["buy"] is None


def refused() -> list[Plan]:
    """Too steep, and with too few rows for anything but the class counts."""
    from dataclasses import replace

    from planner.economics import Assumptions, evaluate
    from planner.forecast import ForecastSettings, forecast

    steep = handmade.valuation()
    steep = replace(steep, forecast=replace(steep.forecast, refusal="steep"))
    pilot = replace(steep.forecast.pilot, traces=(), facts=handmade.facts(150, 150))
    tiny = forecast(pilot, ForecastSettings(pool_size=49_150))
    return [decide(steep), decide(evaluate(tiny, Assumptions()))]
