"""What would change the answer: laws of swings and switching values, and numbers a person can redo on paper."""

from dataclasses import replace
from typing import Any

import handmade
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import known_forecast

from planner import words
from planner.choices.baselines import BASELINES
from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.exports.plan_json import plan_to_json
from planner.forecast import Forecast
from planner.plan import Plan, Scenario, compare_scenarios, decide, turning
from planner.plan.held import Held, Standing, held_plan, medians, varied
from planner.plan.joint import movable, pair_table, pairs, pairs_sentence, pairs_table
from planner.plan.sensitivity import (
    CURVE,
    POOL,
    RATE,
    break_even_grid,
    sensitivity,
    span_of,
    switching_value,
    tornado,
)
from planner.plan.turning import switch_sentence
from planner.report import write
from planner.settings import knobs

PRICED: dict[str, Any] = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}
FORECAST = known_forecast(worth=(2.0, 4.0))
MONEY = [one.name for one in knobs(Assumptions) if one.kind is float and one.unit.startswith("currency")]


def reach(items: int) -> Forecast:
    """Another pool at the rise per label of the first: the curve is the same, the pool ends elsewhere."""
    share = (1 - (items / 1000) ** -0.5) / (1 - 50**-0.5)
    return known_forecast(N=items, rise=0.03 * share, worth=(2.0, 4.0))


def plan(known: Forecast = FORECAST, **asked: Any) -> Plan:
    return decide(evaluate(known, Assumptions(**{**PRICED, **asked})))


PLAN = plan()


def standing(made: Plan) -> Standing:
    held = held_plan(made)
    assert held is not None
    return Standing(made.valuation.forecast, held)


def test_the_held_plan_is_what_the_plan_buys() -> None:
    made = plan()
    assert made.code == "active"
    assert held_plan(made) == Held("margin", made.buy, True)


def test_better_off_is_the_sum_on_paper() -> None:
    """49,000 labels at $1, against x labels, $500 and what the points given up are worth."""
    made = plan()
    x = float(made.buy or 0)
    lost = float(np.mean(FORECAST.score_all - Figures(made.valuation).score_at_best("margin")))
    wanted = 49_000 - (x + 500) - 100 * 5000 * lost
    assert standing(made).better_off(made.valuation.assumptions) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("baseline", "score"), [("do_nothing", "now"), ("stop_at_sample", "now"), ("label_everything", "all")]
)
def test_better_off_against_a_baseline_is_the_option_tables_difference(baseline: str, score: str) -> None:
    """The two net values of the option table, over doing nothing, subtracted: their draws differ by a constant cost."""
    made = plan(baseline=baseline)
    rows = {option.name: option for option in made.options}
    own, rival = rows["margin"], rows[baseline]
    scores = Figures(made.valuation).score_at_best("margin")
    other = FORECAST.score_now if score == "now" else FORECAST.score_all
    wanted = rival.cost.p50 - own.cost.p50 + 100 * 5000 * float(np.mean(scores - other))
    assert standing(made).better_off(made.valuation.assumptions) == pytest.approx(wanted, abs=1e-6)


def test_against_random_to_the_same_score_only_cost_counts() -> None:
    made = plan(baseline="random_to_same_score")
    x = float(made.buy or 0)
    wanted = np.minimum(FORECAST.exchange["margin"] * x, 49_000).mean() - (x + 500)
    assert standing(made).better_off(made.valuation.assumptions) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("baseline", list(BASELINES))
def test_doubling_all_money_doubles_all_swings(baseline: str) -> None:
    one = plan(baseline=baseline, cost_per_round=50, fee_per_label=0.1, tool_fee=30)
    asked = one.valuation.assumptions
    doubled = {name: 2 * value for name in MONEY if (value := getattr(asked, name)) is not None}
    two = replace(one, valuation=replace(one.valuation, assumptions=replace(asked, **doubled)))
    before = {swing.name: swing for swing in tornado(one, reach)}
    after = {swing.name: swing for swing in tornado(two, reach)}
    assert before.keys() == after.keys()
    for name, swing in before.items():
        assert after[name].low == pytest.approx(2 * swing.low, abs=1e-6)
        assert after[name].high == pytest.approx(2 * swing.high, abs=1e-6)


@pytest.mark.parametrize("name", ["discount_rate", "horizon", "give_up", "weeks_per_round"])
def test_an_input_that_cannot_matter_has_no_swing_and_turns_nothing(name: str) -> None:
    made = plan()  # the value comes once, no target is typed, nobody waits
    swings = {swing.name: swing.width for swing in tornado(made, reach)}
    assert swings[name] == 0
    assert switching_value(made, name) is None


def test_the_widest_swing_comes_first() -> None:
    widths = [swing.width for swing in tornado(plan(), reach)]
    assert widths == sorted(widths, reverse=True)


def test_a_swing_along_a_straight_line_is_its_slope_times_the_range() -> None:
    """Each dollar of price costs x labels here and 49,000 there.

    A tenth of the triangle 0.5, 1, 2 lies below 0.5 + sqrt(.1 x 1.5 x .5), a tenth above 2 - sqrt(.1 x 1.5 x 1).
    """
    made = plan(ranges="cost_per_label=0.5..2")
    swing = next(one for one in tornado(made, reach) if one.name == "cost_per_label")
    low, high = 0.5 + 0.075**0.5, 2 - 0.15**0.5
    assert swing.inputs == ("$0.77", "$1.61")
    assert not swing.usual
    assert swing.high - swing.low == pytest.approx((high - low) * (49_000 - float(made.buy or 0)))
    usual = next(one for one in tornado(plan(), reach) if one.name == "cost_per_label")
    assert usual.inputs == ("$0.50", "$2.00")  # half to double


def test_an_amount_with_a_range_stands_at_the_middle_of_its_triangle() -> None:
    """0..1 with a likely 0 has its median at 1 - 1/sqrt(2). Source: the triangular distribution."""
    asked = medians(Assumptions(setup_cost=0, ranges="setup_cost=0..1"))
    assert asked.setup_cost == pytest.approx(1 - 0.5**0.5)
    assert asked.ranges == ""


@given(
    st.sampled_from(["cost_per_label", "setup_cost", "cost_per_round", "value_per_point", "fee_per_label", "hardness",
                     "tool_fee", "horizon", "discount_rate", "review_share"]),
    st.sampled_from(list(BASELINES)),
    st.floats(0.05, 5), st.floats(0, 3000), st.floats(500, 20_000), st.booleans(),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_switching_value_typed_again_leaves_nothing_to_a_cent(
    name: str, baseline: str, price: float, setup: float, value: float, per_year: bool
) -> None:
    typed = {"cost_per_label": price, "setup_cost": setup, "value_per_point": value, "per_year": per_year}
    asked = replace(PLAN.valuation.assumptions, baseline=baseline, **typed)
    made = replace(PLAN, valuation=replace(PLAN.valuation, assumptions=asked))
    held = held_plan(made)
    at = switching_value(made, name)
    if at is not None and held is not None:
        again = replace(made.valuation.assumptions, **{name: at})
        assert Standing(FORECAST, held).better_off(again) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("baseline", list(BASELINES))
@pytest.mark.parametrize("table", ["", "0=1.2, 3000=0.4; minimum=200"])
def test_a_switching_value_typed_into_a_scenario_leaves_the_plan_nothing(baseline: str, table: str) -> None:
    """Through the front door: each value as the scenario's input, the plan of the base held while it comes true."""
    made = plan(baseline=baseline, price_table=table, cost_per_round=40.0, fee_per_label=0.05, evaluation_labels=30,
                value_per_week=80.0, labels_per_week=400.0, per_year=True)  # fmt: skip
    found = sensitivity(made, reach)
    assert found is not None
    turned = {name: at for name, at in found.switches.items() if at is not None and name not in (POOL, RATE)}
    assert len(turned) >= 2
    for name, at in turned.items():
        weighed = compare_scenarios(made, [Scenario("At the switch", {name: at}, 0.5)]).weighed
        assert weighed is not None
        assert weighed.worth[0, 1] == pytest.approx(0, abs=0.01), name


@pytest.mark.parametrize("name", ["cost_per_label", "setup_cost", "value_per_point", "hardness", "tool_fee"])
@pytest.mark.parametrize("baseline", list(BASELINES))
def test_never_within_its_range_means_one_sign_throughout(name: str, baseline: str) -> None:
    made = plan(baseline=baseline)
    if switching_value(made, name) is None:
        one = next(one for one in knobs(Assumptions) if one.name == name)
        values = np.linspace(one.low or 0, one.high or 1, 50)
        found = [
            standing(made).better_off(replace(made.valuation.assumptions, **{name: float(value)})) for value in values
        ]
        assert min(found) >= -1e-6 or max(found) <= 1e-6


def test_the_price_at_which_active_learning_pays_on_paper() -> None:
    """Price p leaves 49,000 p - x p - 500 - worth: 0 at (500 + worth) / (49,000 - x)."""
    made = plan()
    x = float(made.buy or 0)
    worth = 100 * 5000 * float(np.mean(FORECAST.score_all - Figures(made.valuation).score_at_best("margin")))
    wanted = (500 + worth) / (49_000 - x)
    assert switching_value(made, "cost_per_label") == pytest.approx(wanted)
    found = sensitivity(made, reach)
    assert found is not None
    assert turning.headline(found) == f"Active learning pays while a label costs more than {words.money(wanted)}"


def test_the_exchange_rate_at_which_choosing_pays_on_paper() -> None:
    """Against random to the same score, s x labels at $1 cost what x labels and $500 cost: s = 1 + 500 / x."""
    made = plan(baseline="random_to_same_score")
    assert switching_value(made, RATE) == pytest.approx(1 + 500 / float(made.buy or 0), rel=1e-6)


def test_the_pool_at_which_stopping_early_pays_lies_between_the_pools_around_it() -> None:
    made = plan(cost_per_label=1.0, setup_cost=30_000.0, value_per_point=2000.0)
    held = held_plan(replace(made, code="active", strategy="margin", buy=2000.0))
    assert held is not None
    made = replace(made, code="active", strategy="margin", buy=2000.0)
    at = switching_value(made, POOL, reach)
    assert at is not None
    sides = [Standing(reach(items), held).better_off(made.valuation.assumptions) for items in (12_500, 50_000)]
    assert sides[0] < 0 < sides[1]
    near = Standing(reach(round(at)), held).better_off(made.valuation.assumptions)
    assert abs(near) < 0.02 * abs(sides[1] - sides[0])


@pytest.mark.parametrize("setup", [0.0, 500.0, 777.0, 20_000.0])
@pytest.mark.parametrize("price", [0.37, 1.0, 40.0])
def test_the_grids_own_cell_is_the_plans_number(price: float, setup: float) -> None:
    made = replace(plan(cost_per_label=price, setup_cost=setup), code="active", strategy="margin", buy=900.0)
    grid = break_even_grid(made)
    assert grid is not None
    assert (grid.prices[grid.own[1]], grid.setups[grid.own[0]]) == (price, setup)
    assert grid.cells.shape == (5, 5)
    assert grid.cells[grid.own] == pytest.approx(standing(made).better_off(made.valuation.assumptions))
    assert (np.diff(grid.cells, axis=0) < 0).all(), "setup costs"


def test_the_grid_reaches_the_price_at_which_the_plan_turns() -> None:
    made = plan()
    grid, at = break_even_grid(made), switching_value(made, "cost_per_label")
    assert grid is not None
    assert at is not None
    assert grid.prices[0] <= at
    assert grid.cells[grid.own[0], 0] <= 0


def test_no_grid_where_setup_is_not_paid() -> None:
    made = plan(setup_cost=40_000.0)
    assert made.strategy == "random"
    assert break_even_grid(made) is None
    assert RATE not in {swing.name for swing in tornado(made, reach)}


def test_a_refused_plan_has_no_sensitivity() -> None:
    refused = decide(evaluate(replace(FORECAST, refusal="steep"), Assumptions(**PRICED)))
    assert refused.code == "refused"
    assert sensitivity(refused) is None
    assert tornado(refused) == ()
    assert switching_value(refused, "cost_per_label") is None


def test_a_plan_to_label_everything_names_what_would_turn_it() -> None:
    made = plan(cost_per_label=0.005, setup_cost=200.0, value_per_point=300.0)
    assert made.code == "label_all"
    found = sensitivity(made, reach)
    assert found is not None
    assert not found.held.advised
    assert found.held.labels < 49_000
    assert "would pay" in turning.headline(found)


def test_without_a_value_the_saving_is_what_swings() -> None:
    made = replace(plan(value_per_point=None), code="active", strategy="margin", buy=900.0)
    assert standing(made).better_off(made.valuation.assumptions) == 49_000 - 900 - 500
    assert CURVE not in {swing.name for swing in tornado(made, reach)}
    found = sensitivity(made, reach)
    assert found is not None
    assert "saves" in turning.better_off(found)


def test_the_sentences_name_the_three_widest_and_what_turns() -> None:
    found = sensitivity(plan(), reach)
    assert found is not None
    said = turning.movers_sentence(found)
    titles = [swing.title.lower() for swing in found.swings[:3]]
    places = [said.lower().index(title) for title in titles]
    assert places == sorted(places)
    assert "Nothing within these ranges turns the advice" in said
    turned = sensitivity(plan(ranges="setup_cost=0..90000"), reach)
    assert turned is not None
    assert "setup_cost" in [swing.name for swing in turning.turners(turned)]
    assert "**setup cost**" in turning.movers_sentence(turned)


def test_every_number_of_the_table_is_the_sensitivitys() -> None:
    found = sensitivity(plan(), reach)
    assert found is not None
    table = turning.switches_table(found)
    row = next(row for row in table.rows if row[0] == "Setup cost")
    assert row[1:3] == ("$500", "$250 to $1,000")
    assert "never within its range" in {row[-1] for row in table.rows}


@pytest.mark.parametrize("asked", [{}, {"baseline": "do_nothing"}, {"setup_cost": 40_000.0}])
def test_the_file_for_programs_says_the_same(asked: dict[str, Any]) -> None:
    made = decide(handmade.valuation(**asked))
    found, read = sensitivity(made), plan_to_json(made)["sensitivity"]
    assert found is not None
    assert (read["baseline"], read["better_off"]) == (made.valuation.assumptions.baseline, found.base)
    assert {one["input"]: one["value"] for one in read["switching_values"]} == found.switches


def test_the_report_says_what_would_turn_the_advice() -> None:
    made = decide(handmade.valuation())
    found = sensitivity(made)
    assert found is not None
    said = " ".join(str(getattr(block, "text", "")) for block in write(made).details)
    assert turning.movers_sentence(found) in said
    assert turning.headline(found) in said


# --- two inputs together ----------------------------------------------------------------------------------------------

RANGED = "cost_per_label=0.5..2, value_per_point=1000..9000, setup_cost=100..3000"


def by_names(made: Plan) -> dict[frozenset[str], Any]:
    found = sensitivity(made, reach)
    assert found is not None
    return {frozenset(pair.names): pair for pair in pairs(found)}


def test_a_pair_is_the_plan_with_both_inputs_at_their_worse_ends() -> None:
    made = plan(ranges=RANGED)
    pair = by_names(made)[frozenset({"cost_per_label", "value_per_point"})]
    asked, held = medians(made.valuation.assumptions), standing(made)
    spans = {name: span_of(made.valuation.assumptions, name, 0.0) for name in ("cost_per_label", "value_per_point")}
    ends = [(price, value) for price in spans["cost_per_label"] for value in spans["value_per_point"]]
    outcomes = {end: held.better_off(varied(asked, cost_per_label=end[0], value_per_point=end[1])) for end in ends}
    alone = [min((held.better_off(varied(asked, **{name: end})), end) for end in span)
             for name, span in spans.items()]  # fmt: skip
    assert pair.both == pytest.approx(outcomes[alone[0][1], alone[1][1]])
    assert sorted(pair.alone) == pytest.approx(sorted(amount for amount, _ in alone))


def test_two_costs_that_add_up_hurt_by_their_sum() -> None:
    made = plan(cost_per_round=50.0, ranges="setup_cost=500..2000, cost_per_round=50..400")
    found = sensitivity(made, reach)
    assert found is not None
    pair = by_names(made)[frozenset({"setup_cost", "cost_per_round"})]
    assert found.base - pair.both == pytest.approx(sum(found.base - amount for amount in pair.alone))


def test_two_inputs_that_turn_the_advice_only_together_come_first_and_are_said() -> None:
    made = plan(baseline="random_to_same_score")
    base = standing(made).better_off(medians(made.valuation.assumptions))
    assert base > 0
    most = 0.6 * base  # of what each can take away at most: both take away more than all of it
    wide = 1 / (1 - 0.1**0.5)  # of a range that begins at its likely value, so that nine tenths of the draws are within
    spans = f"setup_cost=500..{500 + most * wide}, cost_per_round=0..{most * wide / made.rounds}"
    asked = replace(made.valuation.assumptions, ranges=spans, target=None)
    held = decide(evaluate(FORECAST, asked))
    found = sensitivity(held, reach)
    assert found is not None
    first = next(pair for pair in pairs(found) if set(pair.names) == {"setup_cost", "cost_per_round"})
    assert (min(first.alone) > 0 > first.both) == first.turns
    together = [pair.turns for pair in pairs(found)]
    assert together == sorted(together, reverse=True)
    assert ("where neither does alone" in pairs_sentence(found)) == any(together)


@pytest.mark.parametrize("baseline", BASELINES)
def test_what_turns_together_turns_with_neither_alone(baseline: str) -> None:
    made = plan(baseline=baseline, ranges=RANGED)
    found = sensitivity(made, reach)
    assert found is not None
    sign = 1 if found.base >= 0 else -1
    for pair in pairs(found):
        assert pair.turns == (sign * pair.both < 0 and min(sign * amount for amount in pair.alone) >= 0)
        assert sign * pair.both <= sign * found.base + 1e-6


def test_the_table_of_two_inputs_holds_the_plan_in_its_middle_and_the_pair_in_a_corner() -> None:
    made = plan(ranges=RANGED)
    found = sensitivity(made, reach)
    assert found is not None
    assert {"cost_per_label", "value_per_point", RATE} <= set(movable(found))
    table = pair_table(found, "setup_cost", "value_per_point")
    assert table.rows[2][3] == f"**{words.money(found.base, 'USD')}**"
    pair = by_names(made)[frozenset({"setup_cost", "value_per_point"})]
    corners = {table.rows[row][column] for row in (0, 4) for column in (1, 5)}
    assert words.money(pair.both, "USD") in corners
    assert all(len(row) == len(table.columns) for row in (*table.rows, *pairs_table(found).rows[:0]))


def test_a_price_of_nothing_turns_no_plan_that_stops_at_the_sample():
    """Nothing is bought and everything is saved: 0 at a price of 0 is where all come to the same, and no turn."""
    stopped = plan(value_per_point=None, target=0.5, setup_cost=0.0)
    assert stopped.code == "enough"
    assert switching_value(stopped, "cost_per_label") is None
    assert switch_sentence(sensitivity(stopped), "cost_per_label") == (
        "Cost per label never turns the advice within its range."
    )
