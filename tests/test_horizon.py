"""The horizon light: its borders, and that every door shows the same."""

import pytest
from making import known_forecast, known_pilot, power

from planner.economics import Assumptions, evaluate
from planner.exports.plan_json import plan_to_json
from planner.forecast import ForecastSettings, forecast
from planner.plan import Plan, decide
from planner.plan.trust import would_tell
from planner.report import write

BORDERS = [(2000, "green"), (4000, "green"), (4001, "amber"), (16_000, "amber"), (16_001, "red"), (50_000, "red")]


def plan(n: int = 1000, N: int = 50_000, rise: float = 0.03, **asked: object) -> Plan:
    known = known_forecast(n=n, N=N, rise=rise)
    return decide(evaluate(known, Assumptions(**{"cost_per_label": 1.0, "value_per_point": 5000.0, **asked})))


def in_the_report(found: Plan) -> str:
    return " ".join(block.text for block in write(found).answer if hasattr(block, "text"))


@pytest.mark.parametrize(("N", "light"), BORDERS)
def test_label_everything_reaches_to_the_pool(N, light):
    """h = N / n, of 1,000 rows: green to 4, amber to 16, red beyond."""
    found = plan(N=N, label_all=True)
    assert found.horizon == N / 1000
    assert found.light == light


@pytest.mark.parametrize(("N", "light"), BORDERS)
def test_page_command_and_json_say_the_same(N, light):
    """Page and command show the badges of the plan, the command by the report."""
    found = plan(N=N, label_all=True)
    assert plan_to_json(found)["horizon"] == {"h": N / 1000, "light": light}
    badge = next(badge for badge in found.badges if badge.subject == "Horizon")
    assert badge.state == light
    assert badge.text in in_the_report(found)


def test_a_purchase_reaches_as_far_as_its_random_equivalent():
    """h = (n + s x) / n with s = 3."""
    found = plan(setup_cost=500.0)
    assert found.strategy == "margin"
    assert found.horizon == pytest.approx((1000 + 3 * found.buy) / 1000)


def test_nothing_bought_stays_within_the_sample():
    found = plan(value_per_point=1.0)
    assert (found.code, found.horizon, found.light) == ("enough", 1.0, "green")
    assert "Horizon: green, within the sample" in in_the_report(found)


@pytest.mark.parametrize(("rise", "light"), [(0.0499, "green"), (0.0501, "red")])
def test_it_is_red_while_more_than_five_points_are_still_to_come(rise, light):
    assert plan(N=2000, rise=rise, label_all=True).light == light


def test_a_refused_plan_has_no_light_and_says_why():
    steep = forecast(known_pilot(power(0.40, 0.38, 0.15)), ForecastSettings(pool_size=20_000))
    found = plan_to_json(decide(evaluate(steep, Assumptions(cost_per_label=1.0))))["horizon"]
    assert (found["h"], found["light"]) == (None, None)
    assert len(found["why"]) > 5


def test_a_reach_just_past_a_border_is_not_printed_as_the_border():
    badge = plan(N=4001, label_all=True).badges[-1]
    assert badge.text == "Horizon: amber, over 4 times the sample"
    assert plan(N=4000, label_all=True).badges[-1].text == "Horizon: green, 4 times the sample"


def test_a_red_plan_says_how_many_more_rows_would_bring_it_within_reach():
    """20 times 1,000 rows is 16 times 1,250.

    Eight points to come as n^-1/2 from 1,000 to 50,000 are five at 2,180 labels: 8 (2.18^-1/2 - .141) / .859 = 5.
    """
    assert would_tell(known_forecast(), 20.0) == "about 250 more labels would tell"
    assert would_tell(known_forecast(rise=0.08), 2.0) == "about 1,200 more labels would tell"
