"""When not to use active learning: each case, with and without it, and the figure that decided it."""

from dataclasses import replace
from typing import Any

import pytest
from making import known_forecast

from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.plan import decide
from planner.plan.cases import CASES, Case, cases

USUAL: dict[str, Any] = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}


def case(code: str, about: dict[str, Any] | None = None, **changes: Any) -> Case:
    forecast = known_forecast(**(about or {}))
    found = cases(Figures(evaluate(forecast, Assumptions(**{**USUAL, **changes}))))
    return next(one for one in found if one.code == code)


# code: (what makes it apply, what the figure must then name)
APPLY: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "few_items": ({"n": 300, "N": 450}, {}, "450 items"),
    "nearly_free": ({}, {"cost_per_label": 0.05}, "one point is worth $5,000"),
    "all_by_rule": ({}, {"label_all": True}, "everything must be labeled"),
    "redundant": ({"near_duplicates": 0.42}, {}, "42% of the labeled rows"),
    "deadline": ({}, {"deadline": 2.0, "labels_per_week": 50_000, "weeks_per_round": 1.5}, "in 2 weeks"),
    "waiting": ({}, {"value_per_week": 5000.0, "labels_per_week": 100_000, "weeks_per_round": 2.0}, "more"),
    "setup": ({"worth": (1.1, 1.1)}, {"setup_cost": 8000.0}, "$8,000"),
    "no_better": ({"worth": (1.2, 1.2)}, {"hardness": 1.3}, "1.3 times as long"),
}


@pytest.mark.parametrize("code", APPLY)
def test_each_case_applies_where_it_should_and_names_its_figure(code: str) -> None:
    about, changes, said = APPLY[code]
    found = case(code, about, **changes)
    assert found.applies
    assert said in found.figure
    assert not case(code).applies


def test_every_case_is_held() -> None:
    assert set(CASES) - set(APPLY) == {"cold"}  # needs a model that learned nothing: below


def test_a_model_that_learned_nothing_is_the_cold_case() -> None:
    forecast = replace(known_forecast(), refusal="not_above_constant")
    found = cases(Figures(evaluate(forecast, Assumptions(**USUAL))))
    cold = next(one for one in found if one.code == "cold")
    assert cold.applies
    assert "50.0%" in cold.figure
    assert found[0].applies


def test_cases_that_apply_come_first_and_every_figure_is_a_sentence() -> None:
    found = decide(evaluate(known_forecast(near_duplicates=0.5), Assumptions(**USUAL, label_all=True))).cases
    assert len(found) == len(CASES)
    assert [one.applies for one in found] == sorted((one.applies for one in found), reverse=True)
    assert sum(one.applies for one in found) >= 2
    assert all((one.figure.endswith(".") and one.figure[0].isupper()) or one.figure[0].isdigit() for one in found)


def test_the_cases_that_are_rules_agree_with_the_verdict() -> None:
    for code, verdict in (("few_items", "label_all"), ("nearly_free", "label_all"), ("all_by_rule", "label_all"),
                          ("redundant", "does_not_pay"), ("deadline", "does_not_pay")):  # fmt: skip
        about, changes, _ = APPLY[code]
        assert decide(evaluate(known_forecast(**about), Assumptions(**{**USUAL, **changes}))).code == verdict, code


@pytest.mark.parametrize(
    ("about", "changes"),
    [
        ({"worth": (2.0, 9.0)}, {"setup_cost": 20_000.0}),
        ({"worth": (1.5, 3.0), "rise": 0.01}, {"setup_cost": 3000.0, "value_per_point": 8000.0}),
        ({}, {"value_per_week": 20_000.0, "labels_per_week": 100_000.0, "weeks_per_round": 4.0}),
        ({}, {"value_per_point": None, "setup_cost": 20_000.0}),
    ],
)
def test_whenever_active_learning_does_not_pay_a_case_says_why(about: dict[str, Any], changes: dict[str, Any]) -> None:
    found = decide(evaluate(known_forecast(**about), Assumptions(**{**USUAL, **changes})))
    assert found.code == "does_not_pay"
    assert found.cases[0].applies


def test_a_sample_that_carries_no_forecast_names_no_saving() -> None:
    forecast = replace(known_forecast(), refusal="no_label_counts")
    found = {one.code: one for one in cases(Figures(evaluate(forecast, Assumptions(**USUAL))))}
    for code in ("setup", "no_better"):
        assert not found[code].applies
        assert "cannot say" in found[code].figure


def test_what_was_not_said_is_named() -> None:
    assert case("deadline").figure == "No deadline was given."
    assert "how many labels a week" in case("deadline", deadline=3.0).figure
    assert "how many labels a week" in case("waiting", value_per_week=100.0).figure
