"""Scenarios side by side: each is the plan of its own inputs, and the words say what the numbers say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from making import known_forecast

from planner import words
from planner.economics import Assumptions, evaluate
from planner.economics.price_table import price_table
from planner.economics.ranges import ranges_of, uncertain
from planner.errors import BadSetting, BadTable, PlannerError, UnknownChoice
from planner.plan import Plan, PlanFile, decide, read_plan, write_plan
from planner.plan.scenarios import BASE, Scenario, compare_scenarios, scenario_plan, suggestions

PRICED: dict[str, Any] = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}
FORECAST = known_forecast(worth=(2.0, 4.0))


def plan(**asked: Any) -> Plan:
    return decide(evaluate(FORECAST, Assumptions(**{**PRICED, **asked})))


BASIS = plan()


def rows(comparison: Any) -> dict[str, list[str]]:
    return {row[0].strip("*"): [cell.strip("*") for cell in row[1:]] for row in comparison.table.rows}


def test_a_scenario_is_the_plan_of_its_inputs() -> None:
    one = scenario_plan(BASIS, Scenario("Dear labels", {"cost_per_label": 3.0}))
    other = plan(cost_per_label=3.0)
    assert (one.buy, one.code, one.lead) == (other.buy, other.code, other.lead)


def test_a_scenario_without_changes_is_the_base() -> None:
    found = compare_scenarios(BASIS, [Scenario("Same", {})])
    assert found.headline == "The advice holds in both scenarios"
    for name, cells in rows(found).items():
        if name != "Difference to base":
            assert cells[0] == cells[1]
    assert rows(found)["Difference to base"] == ["", "$0"]


def test_only_inputs_that_differ_are_shown_beside_price_and_setup() -> None:
    found = rows(compare_scenarios(BASIS, [Scenario("Harder", {"hardness": 1.3})]))
    assert found["Hardness of picked items"] == ["1", "1.3"]
    assert found["Cost per label"] == ["$1.00", "$1.00"] or found["Cost per label"] == ["$1", "$1"]
    assert "Tool fee" not in found
    assert "Advice" not in found


def test_the_difference_is_what_the_two_columns_differ_by() -> None:
    """No setup cost and the same purchase: $500 more."""
    found = compare_scenarios(BASIS, [Scenario("Tool in place", {"setup_cost": 0.0})])
    base, other = found.outcomes
    assert base.plan.buy == other.plan.buy
    assert rows(found)["Difference to base"][1] == "+$500"


def test_saved_and_cost_are_the_options_own() -> None:
    found = compare_scenarios(BASIS, [Scenario("Dear", {"cost_per_label": 4.0})])
    for outcome, cost, saved in zip(
        found.outcomes, rows(found)["Cost, all in"], rows(found)["Saved against labeling everything"], strict=True
    ):
        option = outcome.plan.recommended
        assert option is not None
        assert (cost, saved) == (words.money(option.cost.p50 or 0), words.money(option.savings.p50 or 0))


def test_the_thinnest_margin_is_named() -> None:
    found = compare_scenarios(
        BASIS, [Scenario("Cheap labels", {"cost_per_label": 0.5}), Scenario("Dear labels", {"cost_per_label": 2.0})]
    )
    assert found.headline == "The advice holds in all three scenarios"
    least = min(found.outcomes, key=lambda one: one.better_off or 0)
    assert least.name == "Cheap labels"
    assert f"**cheap labels**, where you are still {words.money(least.better_off or 0)} better off" in found.lead


def test_advice_that_changes_is_said_with_its_verdict() -> None:
    found = compare_scenarios(BASIS, [Scenario("Costly setup", {"setup_cost": 40_000.0})])
    assert found.headline == "The advice changes with costly setup"
    assert "Active learning does not pay here" in found.outcomes[1].plan.sentence
    assert "active learning does not pay here" in found.lead
    assert rows(found)["Advice"] == ["Choose, then stop", "At random"]


def test_a_scenario_to_label_everything_is_as_good_as_labeling_everything() -> None:
    found = compare_scenarios(BASIS, [Scenario("A rule", {"label_all": True})])
    assert found.outcomes[1].better_off == pytest.approx(0, abs=1e-6)
    assert rows(found)["Labels to buy"][1] == "49,000"


def test_a_refused_base_still_has_a_table() -> None:
    refused = decide(evaluate(replace(FORECAST, refusal="steep"), Assumptions(**PRICED)))
    found = compare_scenarios(refused, [Scenario("Dear", {"cost_per_label": 4.0})], lambda _: refused)
    assert [one.better_off for one in found.outcomes] == [None, None]
    assert rows(found)["Setup cost"] == ["$500", "$500"]


def test_a_fifth_column_is_refused_in_words() -> None:
    with pytest.raises(BadSetting, match="Keep 3 at most"):
        compare_scenarios(BASIS, [Scenario(str(k), {}) for k in range(4)])


def test_a_change_of_something_unknown_is_refused_with_a_hint() -> None:
    with pytest.raises(UnknownChoice, match="Did you mean 'setup_cost'"):
        scenario_plan(BASIS, Scenario("Typo", {"setup_costs": 1.0}))


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(PlannerError, match="cannot be below 0"):
        scenario_plan(BASIS, Scenario("Negative", {"cost_per_label": -1.0}))


def test_another_pool_is_forecast_again() -> None:
    made = scenario_plan(BASIS, Scenario("Twice", {"pool_size": 100_000}))
    assert made.valuation.forecast.pool_size == 100_000
    assert made.valuation.forecast.pilot is BASIS.valuation.forecast.pilot


def test_every_suggestion_changes_something_and_can_be_planned() -> None:
    asked = BASIS.valuation.assumptions
    for one in suggestions(BASIS):
        assert one.changes
        assert all(getattr(asked, name, None) != value for name, value in one.changes.items())
        assert scenario_plan(BASIS, one).sentence


def test_the_base_stands_first() -> None:
    assert compare_scenarios(BASIS, []).outcomes[0].name == BASE


# --- scenarios with chances -------------------------------------------------------------------------------------------

DEAR = Scenario("Dear labels", {"cost_per_label": 4.0}, 0.3)
WORTHLESS = Scenario("A point is worth little", {"value_per_point": 300.0}, 0.2)


def test_each_plan_under_its_own_scenario_is_what_it_leaves() -> None:
    found = compare_scenarios(BASIS, [DEAR, WORTHLESS])
    assert found.weighed is not None
    own = [one.better_off for one in found.outcomes]
    assert list(np.diag(found.weighed.worth)) == pytest.approx(own)
    assert found.weighed.chances == pytest.approx([0.5, 0.3, 0.2])


def test_the_expected_value_is_the_mean_by_hand() -> None:
    weighed = compare_scenarios(BASIS, [DEAR, WORTHLESS]).weighed
    assert weighed is not None
    for row, mean in zip(weighed.worth, weighed.expected, strict=True):
        assert mean == pytest.approx(0.5 * row[0] + 0.3 * row[1] + 0.2 * row[2])
    best_of_each = 0.5 * weighed.worth[:, 0].max() + 0.3 * weighed.worth[:, 1].max() + 0.2 * weighed.worth[:, 2].max()
    assert weighed.knowing == pytest.approx(best_of_each - max(weighed.expected))


def test_knowing_which_of_two_equal_scenarios_comes_is_worth_nothing() -> None:
    weighed = compare_scenarios(BASIS, [Scenario("Same", {}, 0.4)]).weighed
    assert weighed is not None
    assert weighed.knowing == 0
    assert weighed.holds == pytest.approx(1)


def test_without_a_chance_nothing_is_weighed_and_with_one_the_lead_says_so() -> None:
    assert compare_scenarios(BASIS, [replace(DEAR, chance=None)]).weighed is None
    lead = compare_scenarios(BASIS, [DEAR]).lead
    assert "(base 70% and dear labels 30%)" in lead


def test_chances_beyond_all_of_them_are_refused() -> None:
    with pytest.raises(BadSetting, match="add up to 120%"):
        compare_scenarios(BASIS, [replace(DEAR, chance=0.7), replace(WORTHLESS, chance=0.5)])


def test_a_plan_made_for_more_items_buys_no_more_than_there_are() -> None:
    small = Scenario("All of a small pool", {"pool_size": 1500, "label_all": True}, 0.5)
    weighed = compare_scenarios(BASIS, [small, Scenario("Everything", {"label_all": True}, 0.2)]).weighed
    assert weighed is not None
    assert weighed.worth[2, 1] == pytest.approx(weighed.worth[1, 1])


def test_a_file_keeps_the_chance_of_a_scenario() -> None:
    saved = PlanFile(FORECAST.pilot, FORECAST.settings, BASIS.valuation.assumptions, (DEAR, replace(DEAR, chance=None)))
    assert read_plan(write_plan(saved)).scenarios == saved.scenarios
    broken = write_plan(saved).replace(b'"chance":0.3', b'"chance":3')
    with pytest.raises(BadTable):
        read_plan(broken)


def test_a_range_and_a_price_table_follow_their_amount_into_a_scenario() -> None:
    """Twice a price of 1 between .5 and 3 is 2 between 1 and 6; half a table that begins at 1 begins at .5."""
    ranged = plan(ranges="cost_per_label=0.5..3, setup_cost=100..900")
    twice = scenario_plan(ranged, Scenario("Twice", {"cost_per_label": 2.0})).valuation.assumptions
    assert ranges_of(twice) == {"cost_per_label": (1.0, 6.0), "setup_cost": (100.0, 900.0)}
    tabled = plan(price_table="0=1, 1000=0.8; minimum=50")
    half = scenario_plan(tabled, Scenario("Half", {"cost_per_label": 0.5})).valuation.assumptions
    assert price_table(half.price_table) == ((0.0, 1000.0), (0.5, 0.4), 50.0)
    assert half.cost_per_label == 0.5


def test_a_range_stays_within_the_limits_of_its_setting_and_goes_where_its_amount_goes() -> None:
    """Hardness goes from 1 to 1.3; an amount of 0 has no proportion, so its range moves by as much as it does."""
    hard = plan(hardness=1.1, ranges="hardness=1..1.3")
    low, high = ranges_of(scenario_plan(hard, Scenario("Harder", {"hardness": 1.3})).valuation.assumptions)["hardness"]
    assert (low, high) == (
        pytest.approx(1.3 / 1.1),
        pytest.approx(min(1.3 * 1.3 / 1.1, float(uncertain()["hardness"].high or 9))),
    )
    free = plan(setup_cost=0.0, ranges="setup_cost=0..400")
    paid = scenario_plan(free, Scenario("Paid", {"setup_cost": 300.0})).valuation.assumptions
    assert ranges_of(paid) == {"setup_cost": (300.0, 700.0)}
    without = scenario_plan(plan(ranges="value_per_point=1000..9000"), Scenario("No value", {"value_per_point": None}))
    assert without.valuation.assumptions.ranges == ""
