"""The stored pilots are what the code computes, and the first screen says what it promises."""

import numpy as np
import pytest
from make_bundled import computed

from planner.economics import Assumptions, evaluate
from planner.forecast import ForecastSettings, forecast
from planner.forecast.replayed import measure
from planner.pilot import PilotSettings
from planner.pilot.bundled import BUNDLED, stored_pilot
from planner.plan import Plan, decide
from planner.workers import Workers

FIRST_SCREEN = Assumptions(cost_per_label=1.0, setup_cost=500, value_per_point=5000)


def first_screen(name: str, assumptions: Assumptions = FIRST_SCREEN) -> Plan:
    reach = ForecastSettings(pool_size=BUNDLED[name].pool_size)
    return decide(evaluate(forecast(stored_pilot(name), reach), assumptions))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BUNDLED))
def test_the_stored_pilot_is_what_the_code_computes(name):
    """Run whole and compared: facts, runs and sizes exactly, curves to the width of one machine's rounding.

    Another processor may sum in another order and so break a tie differently; a curve then moves by a row or two.
    """
    stored, anew = stored_pilot(name), computed(name, Workers(2))
    assert stored.settings == anew.settings == PilotSettings()
    assert (stored.model, stored.model_reason) == (anew.model, anew.model_reason)
    assert (stored.facts.digest, stored.facts.classes) == (anew.facts.digest, anew.facts.classes)
    assert [trace.run for trace in stored.traces] == [trace.run for trace in anew.traces]
    for strategy in stored.settings.all_strategies:
        one, other = measure(stored, strategy, "accuracy"), measure(anew, strategy, "accuracy")
        np.testing.assert_array_equal(one.labels, other.labels)
        np.testing.assert_allclose(one.mean, other.mean, atol=0.005)


def test_the_first_screen_is_active_and_amber_with_about_a_thousand_labels():
    """What the product promises of the digits at these prices; its own figure is 1,100, from another engine."""
    plan = first_screen("digits")
    assert (plan.code, plan.strategy, plan.light) == ("active", "margin", "amber")
    assert 600 <= plan.buy <= 1800


def test_at_the_prices_of_the_published_example_the_digits_do_not_pay():
    prices = Assumptions(cost_per_label=2.5, setup_cost=10_000, value_per_point=10_000)
    assert first_screen("digits", prices).code == "does_not_pay"


def test_the_second_sample_is_too_small_and_says_what_would_help():
    plan = first_screen("breast_cancer")
    assert plan.code == "refused"
    assert "Label 431 more rows drawn at random" in plan.lead
    assert "Measured today" in plan.lead


def test_a_stored_pilot_holds_no_row_of_data():
    """The digits have 64 pixels a row: no number of a row may stand in the file, only positions and counts."""
    facts = stored_pilot("digits").facts
    assert facts.rows == facts.labeled == 1000
    assert all(isinstance(column.note, str) and len(column.note) < 80 for column in facts.columns)
