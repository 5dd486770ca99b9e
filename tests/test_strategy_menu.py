"""What people read about the ways to choose: in the command, the README and the form, and what was shared."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from making import known_forecast

from planner.choices.strategies import STRATEGIES
from planner.cli import main
from planner.economics import evaluate
from planner.pilot import PilotSettings
from planner.plan import decide
from planner.report import write
from planner.report.compared import shared_sentence
from planner.settings import knobs
from planner.ui.forms import help_of

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_command_lists_every_strategy_with_all_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strategies"]) == 0
    listed = " ".join(capsys.readouterr().out.split())
    for name, choice in STRATEGIES.items():
        assert f"{name}: {choice.title} {choice.summary} When: {choice.facts['when']}" in listed
        assert choice.source in listed


def test_the_command_lists_only_what_is_named_and_says_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strategies", "k-center"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("k_center: ")
    assert "margin" not in listed
    assert main(["strategies", "k_centre"]) == 2
    assert "Did you mean 'k_center'?" in capsys.readouterr().err


def test_the_readme_says_of_every_strategy_what_it_does_and_when_it_helps() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", README, re.MULTILINE)
    assert rows == [
        (name, choice.summary, choice.facts["when"], choice.source or "–") for name, choice in STRATEGIES.items()
    ]


def test_the_form_says_of_every_strategy_when_it_helps() -> None:
    (menu,) = (one for one in knobs(PilotSettings) if one.name == "strategies")
    assert help_of(menu).startswith(menu.help)
    for choice in STRATEGIES.values():
        assert f"- **{choice.title}**: {choice.facts['when']}" in help_of(menu)
    (folds,) = (one for one in knobs(PilotSettings) if one.name == "folds")
    assert help_of(folds) == folds.help


def test_strategies_that_pick_the_same_items_are_named_together() -> None:
    assert shared_sentence({}) == ""
    assert shared_sentence({"entropy": "margin", "mean_kl": "max_kl", "least_confidence": "margin"}) == (
        "Smallest margin, highest entropy and least confidence pick the same items here; they were run once. "
        "Committee divergence, largest and committee divergence, mean pick the same items here; they were run once."
    )


def test_the_report_says_what_was_run_once() -> None:
    forecast = known_forecast()
    sentence = "Smallest margin and highest entropy pick the same items here; they were run once."
    for shared in ({}, {"entropy": "margin"}):
        told = replace(forecast, pilot=replace(forecast.pilot, shared=shared))
        said = [getattr(block, "text", "") for block in write(decide(evaluate(told))).details]
        assert (sentence in said) == bool(shared)
