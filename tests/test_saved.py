"""A pilot that was saved is the pilot that was run, and nothing of the rows is in the file."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from planner.economics import Assumptions, evaluate
from planner.errors import BadSetting, BadTable, PlannerError
from planner.exports.plan_json import plan_to_json
from planner.forecast import ForecastSettings, forecast
from planner.pilot import Pilot, PilotSettings, run_pilot
from planner.pilot.saved import is_pilot, metric_of, pilot_from_json, pilot_to_json, read_pilot, write_pilot
from planner.plan import decide
from planner.sample import Sample, make_sample
from planner.workers import Workers

QUICK = PilotSettings(
    strategies=("margin", "k_center"), model="logistic_regression", folds=2, repeats=1, first=40, growth=2.0
)
RUN_FACTS = ("seconds", "created", "jobs")


@cache
def sample() -> Sample:
    """Breast cancer with a column of words that must never travel."""
    table = load_breast_cancer(as_frame=True).frame.rename(columns={"target": "outcome"})
    table["outcome"] = np.where(table["outcome"] == 1, "benign", "malignant")
    table["ward"] = np.where(table.index % 3 == 0, "secret-north", "secret-south")
    return make_sample(pd.DataFrame(table), "outcome", None, "cases.csv")


@cache
def pilot() -> Pilot:
    return run_pilot(sample(), QUICK)


def answer(made: Pilot) -> dict[str, Any]:
    reached = forecast(made, ForecastSettings(pool_size=20_000, draws=200))
    return plan_to_json(decide(evaluate(reached, Assumptions(value_per_point=1000.0))))


def without_run_facts(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not any(fact in key for fact in RUN_FACTS)}
        return {key: without_run_facts(item) for key, item in kept.items()}
    return [without_run_facts(item) for item in value] if isinstance(value, list) else value


def test_a_pilot_comes_back_as_it_was() -> None:
    again = read_pilot(write_pilot(pilot()))
    assert pilot_to_json(again) == pilot_to_json(read_pilot(write_pilot(again)))
    for trace, back in zip(pilot().traces, again.traces, strict=True):
        assert trace.run == back.run
        for name in ("anchors", "confusion", "log_loss", "auc", "kappa", "pool_entropy", "picked"):
            np.testing.assert_array_equal(getattr(trace, name), getattr(back, name))
    assert again.settings == pilot().settings
    assert (again.model, again.model_reason) == (pilot().model, pilot().model_reason)
    assert again.key == pilot().key


def test_a_plan_from_the_file_is_the_plan_from_the_run() -> None:
    assert answer(read_pilot(write_pilot(pilot()))) == answer(pilot())


def test_a_pilot_without_a_replay_is_kept_too() -> None:
    few = replace(pilot(), traces=())
    assert answer(read_pilot(write_pilot(few))) == answer(few)


@pytest.mark.slow
def test_the_file_is_the_same_for_any_number_of_workers() -> None:
    shared = run_pilot(sample(), QUICK, Workers(2))
    one, two = (json.loads(write_pilot(made, jobs=jobs)) for made, jobs in ((pilot(), 1), (shared, 2)))
    assert one != two
    assert json.dumps(without_run_facts(one)) == json.dumps(without_run_facts(two))


def test_no_row_path_or_host_is_in_the_file() -> None:
    text = write_pilot(pilot(), created="2026-01-01", jobs=1).decode()
    assert "secret" not in text
    assert "/" not in json.dumps(without_run_facts(json.loads(text))["facts"]["name"])


def test_confusion_is_kept_by_its_cells() -> None:
    counts = pilot().traces[0].confusion[0]
    cells = np.array(pilot_to_json(pilot())["traces"][0]["confusion"][0]).reshape(-1, 3)
    assert {(t, p): c for t, p, c in cells} == {(t, p): counts[t, p] for t, p in np.argwhere(counts)}


def test_the_metric_that_was_asked_for_travels_along() -> None:
    assert metric_of(write_pilot(pilot(), metric="macro_f1")) == "macro_f1"
    assert metric_of(write_pilot(pilot())) == "accuracy"


def test_a_table_is_not_taken_for_a_pilot() -> None:
    assert is_pilot(write_pilot(pilot()))
    assert not is_pilot(b'{"text": "a row", "label": "good"}\n{"text": "another", "label": "bad"}\n')
    assert not is_pilot(b"text,label\nplanner pilot,good\n")


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a lost key": lambda saved: saved["facts"].pop("labeled"),
    "a word for a number": lambda saved: saved["facts"].update(labeled="many"),
    "a curve too short": lambda saved: saved["traces"][0]["kappa"].pop(),
    "a curve that is not finite": lambda saved: saved["traces"][0].update(auc=[None] * 5),
    "an anchor out of order": lambda saved: saved["traces"][0]["anchors"].reverse(),
    "a class that is not there": lambda saved: saved["traces"][0].update(confusion=[[7, 7, 1]] * 5),
    "a count below zero": lambda saved: saved["traces"][0].update(confusion=[[0, 0, -1]] * 5),
    "a strategy that was not run": lambda saved: saved["traces"][0]["run"].update(strategy="entropy"),
    "traces that are no list": lambda saved: saved.update(traces=7),
    "facts that are a list": lambda saved: saved.update(facts=[1]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_in_a_sentence(damage: str) -> None:
    saved = json.loads(write_pilot(pilot()))
    DAMAGES[damage](saved)
    with pytest.raises(BadTable, match=r"The pilot file is damaged near .*\. Run the pilot again\."):
        pilot_from_json(saved)


def test_a_setting_out_of_range_is_told_by_its_own_sentence() -> None:
    saved = json.loads(write_pilot(pilot()))
    saved["settings"]["folds"] = 1
    with pytest.raises(BadSetting, match="Folds is 1"):
        pilot_from_json(saved)


@pytest.mark.parametrize("cut", [30, 300, -1])
def test_a_file_that_is_broken_off_is_told_in_a_sentence(cut: int) -> None:
    with pytest.raises(BadTable, match="broken off or not JSON"):
        read_pilot(write_pilot(pilot())[:cut])


def test_another_programs_file_and_a_newer_one_are_told_apart() -> None:
    with pytest.raises(BadTable, match="is no pilot"):
        pilot_from_json({"format": "something else"})
    with pytest.raises(BadTable, match="schema 2; this version reads schema 1"):
        pilot_from_json({**pilot_to_json(pilot()), "schema": 2})
    for foreign in (b"[]", b"7", b'"planner pilot"', b"null"):
        with pytest.raises(PlannerError):
            read_pilot(foreign)


def test_walks_through_a_part_of_the_rows_that_old_files_hold_are_left_out():
    saved = pilot_to_json(pilot())
    (whole, *_), size = saved["traces"], pilot().traces[0].run.pool_size
    part = {**whole, "run": {**whole["run"], "strategy": "margin", "pool_size": size // 2}}
    found = pilot_from_json({**saved, "traces": [part, *saved["traces"]]})
    assert [trace.run for trace in found.traces] == [trace.run for trace in pilot().traces]
