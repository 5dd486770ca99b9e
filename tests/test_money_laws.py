"""Laws of money over the whole plan: double it and every amount doubles; dearer labels never mean more work."""

from typing import Any

import handmade
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import known_forecast

from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES
from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.economics.finance import CashFlows, irr, level_income, npv, payback
from planner.economics.investment import NO_RATE, invest
from planner.errors import BadSetting
from planner.exports.plan_json import plan_to_json
from planner.plan import Plan, Scenario, compare_scenarios, decide
from planner.plan.verdicts import pronounce
from planner.settings import knobs

FORECASTS = {worth: known_forecast(worth=worth) for worth in ((1.5, 9.0), (0.7, 3.0), (2.0, 4.0))}
MONEY = [one.name for one in knobs(Assumptions) if one.unit.startswith("currency")]
# What is money in the plan's JSON, by key; p10, p50 and p90 are where these hold them, and a budget is what was typed.
AMOUNTS = {
    "cost", "savings", "net_benefit", "net_value", "npv", "mean", "regret", "better_off", "at_low", "at_high", "alone",
    "both", "stopping", "choosing", "break_even_value_per_point", "point", "round_cost", "waiting", "lost_worth",
    "total", "width_now", "width_then", "perfect_information", "budget", "difference",
    "on_average", "knowing", "risk_adjusted_npv", "expected_net_value",
}  # fmt: skip
WORDS = {"sentence", "sentences", "figure", "finding", "remedy", "reason", "why", "source"}
USUAL: dict[str, Any] = {
    "cost_per_label": 0.8, "setup_cost": 400.0, "cost_per_round": 60.0, "fee_per_label": 0.1, "tool_fee": 90.0,
    "evaluation_labels": 50, "value_per_point": 4000.0, "value_per_week": 30.0, "labels_per_week": 400.0,
    "budget": 5000.0, "target": 0.915,
}  # fmt: skip


def plan(worth: tuple[float, float] = (1.5, 9.0), **asked: Any) -> Plan:
    return decide(evaluate(FORECASTS[worth], Assumptions(**{**USUAL, **asked})))


def compared(one: Any, two: Any, times: float, at: tuple[str, ...] = ()) -> int:
    """Every number of two plans: amounts are multiplied, all else is the same; gives how many amounts there were."""
    if isinstance(one, dict):
        assert one.keys() == two.keys()
        return sum(compared(one[key], two[key], times, (*at, key)) for key in one if key not in WORDS)
    if isinstance(one, list):
        assert len(one) == len(two)
        return sum(compared(a, b, times, at) for a, b in zip(one, two, strict=True))
    if not isinstance(one, int | float) or isinstance(one, bool):
        assert one == two
        return 0
    held = next((key for key in reversed(at) if key not in ("p10", "p50", "p90", "baseline")), "")
    is_money = held in AMOUNTS or (at[-1] in MONEY and "terms" in at)
    assert two == pytest.approx(times * one if is_money else one, rel=1e-6, abs=1e-6 * times), at
    return int(is_money and one != 0)


def with_money(times: float) -> dict[str, Any]:
    return {name: times * value for name, value in USUAL.items() if name in MONEY}


@pytest.mark.parametrize("times", [2.0, 0.5, 1000.0])
def test_doubling_all_money_doubles_every_amount_of_the_plan_and_nothing_else(times: float) -> None:
    one, many = plan_to_json(plan()), plan_to_json(plan(**with_money(times)))
    for made in (one, many):  # their values are in the unit of their inputs
        made["sensitivity"].pop("switching_values")
    assert compared(one, many, times) > 100


def tabled(times: float, currency: str) -> dict[str, Any]:
    """A price table with a smallest order, and ranges, as they are typed at so many times the money."""
    table = f"0={0.8 * times!r}, 2000={0.5 * times!r}; minimum=300"
    spans = f"setup_cost={100 * times!r}..{900 * times!r}, value_per_point={3e3 * times!r}..{6e3 * times!r}"
    return {**with_money(times), "price_table": table, "ranges": f"{spans}, hardness=1..1.4", "currency": currency}


@pytest.mark.parametrize("times", [2.0, 0.01])
@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY"])
def test_so_it_does_with_a_price_table_a_smallest_order_ranges_and_scenarios(currency: str, times: float) -> None:
    found = []
    for factor in (1.0, times):
        made = plan(**tabled(factor, currency))
        other = Scenario("No setup, dear labels", {"setup_cost": 0.0, "cost_per_label": 2.0 * factor}, 0.25)
        found.append(plan_to_json(made, compare_scenarios(made, [other])))
        found[-1]["sensitivity"].pop("switching_values")
    assert compared(*found, times) > 200


def test_so_it_does_with_a_pilot_that_keeps_what_rules_watch() -> None:
    asked = [Assumptions(cost_per_label=20.0 * t, setup_cost=90.0 * t, value_per_point=500.0 * t) for t in (1.0, 3.0)]
    one, many = (plan_to_json(decide(evaluate(handmade.forecast(), one))) for one in asked)
    regrets = [[rule["regret"] for rule in made["stopping_in_pilot"]] for made in (one, many)]
    assert any(regrets[0])
    assert regrets[1] == [None if regret is None else pytest.approx(3 * regret) for regret in regrets[0]]


@pytest.mark.parametrize("times", [2.0, 100.0])
def test_doubling_all_money_doubles_every_switching_value_of_money(times: float) -> None:
    one, many = (plan_to_json(made)["sensitivity"]["switching_values"] for made in (plan(), plan(**with_money(times))))
    by_name = {each["input"]: each["value"] for each in many}
    found = [each for each in one if each["value"] is not None]
    assert len(found) >= 3
    for each in found:
        factor = times if each["input"] in MONEY else 1.0
        assert by_name[each["input"]] == pytest.approx(factor * each["value"], rel=1e-5)


def work(found: Figures, hardness: float) -> float:
    """Labels times hardness that the verdict says to buy: the hours of labeling."""
    option = pronounce(found).option
    if option in (None, "stop_at_sample"):
        return 0.0
    if option == "label_everything":
        return float(found.left)
    return found.best(option) * (hardness if STRATEGIES[str(option)].facts["adaptive"] else 1.0)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORECASTS)), st.floats(0.02, 10), st.floats(1.0, 8.0), st.floats(0, 4000),
    st.floats(200, 40_000), st.floats(1.0, 1.5),
)  # fmt: skip
def test_a_dearer_label_never_raises_the_work_that_is_recommended(
    worth: tuple[float, float], price: float, factor: float, setup: float, value: float, hardness: float
) -> None:
    """Over the whole verdict, which may move from choosing to random, to everything or to stopping."""
    terms = {"setup_cost": setup, "value_per_point": value, "hardness": hardness}
    cheap, dear = (
        Figures(evaluate(FORECASTS[worth], Assumptions(cost_per_label=one, **terms))) for one in (price, price * factor)
    )
    assert work(dear, hardness) <= work(cheap, hardness) + 1e-6


SMALL = {
    N: known_forecast(N=N, worth=(1.5, 9.0), rise=rise) for N, rise in ((1500, 0.004), (5000, 0.01), (50_000, 0.03))
}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(SMALL)), st.floats(0.05, 10), st.floats(0, 3000), st.floats(0, 300), st.floats(100, 20_000),
    st.floats(0, 30_000), st.booleans(),
)  # fmt: skip
def test_dearer_setup_or_rounds_never_move_the_verdict_to_more_rounds(
    N: int, price: float, setup: float, each: float, value: float, more: float, of_setup: bool
) -> None:
    """But by the rule that labels are nearly free beside the setup, which then says to label everything at once."""
    cheap = {"cost_per_label": price, "setup_cost": setup, "cost_per_round": each, "value_per_point": value}
    name = "setup_cost" if of_setup else "cost_per_round"
    found = []
    for asked in (cheap, {**cheap, name: cheap[name] + more}):
        figures = Figures(evaluate(SMALL[N], Assumptions(**asked)))
        verdict = pronounce(figures)
        bought = verdict.option in figures.valuation.best
        rounds = figures.rounds(str(verdict.option)) if bought else int(verdict.option == "label_everything")
        found.append((rounds, verdict.rule))
    assert found[1][0] <= found[0][0] or (found[1] == (1, "nearly_free") and of_setup)


# --- every edge of the returns has a sentence -------------------------------------------------------------------------


def option_of(made: Plan, name: str) -> Any:
    return next(one for one in made.options if one.name == name)


def test_money_that_is_all_zero_is_no_investment_and_says_so() -> None:
    made = decide(evaluate(FORECASTS[1.5, 9.0], Assumptions(cost_per_label=0.0, value_per_point=0.0)))
    assert made.investment is not None
    assert made.investment.npv == pytest.approx(0)
    assert made.investment.returns == ()
    assert made.investment.returns_why.endswith(".")


def test_money_that_only_goes_out_has_no_return_and_says_so() -> None:
    made = plan(value_per_point=0.0, per_year=True, value_per_week=None)
    nothing, everything = (option_of(made, name) for name in ("do_nothing", "label_everything"))
    found = invest(everything, nothing, nothing, made.valuation.assumptions)
    assert found.returns == ()
    assert found.returns_why == NO_RATE
    assert found.payback is None
    assert found.payback_why == "Never within the horizon."


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"horizon": 0.0}, "Horizon is 0; it cannot be below 0.1"), ({"discount_rate": -0.99}, "Discount rate is -0.99")],
)
def test_a_horizon_of_nothing_and_a_rate_below_zero_are_refused_in_a_sentence(
    changes: dict[str, float], said: str
) -> None:
    with pytest.raises(BadSetting, match=said):
        Assumptions(**changes)


def test_the_functions_themselves_stand_at_the_edges() -> None:
    """A horizon of 0 brings nothing; money is discounted and its return found down to -99% a year."""
    nothing = level_income(100.0, 0.0, 0.1)
    assert float(npv(nothing, 0.1)) == 0
    assert payback(nothing) == 0
    lost = CashFlows(np.array([0.0, 1.0]), np.array([-100.0, 2.0]))
    assert float(npv(lost, -0.99)) == pytest.approx(100)
    assert irr(lost) == pytest.approx((-0.98,))


@pytest.mark.parametrize("name", VALUES)
def test_a_value_model_without_its_amounts_says_what_it_lacks_wherever_money_is_missing(name: str) -> None:
    made = decide(evaluate(FORECASTS[2.0, 4.0], Assumptions(value_model=name)))
    assert made.investment is not None
    assert made.investment.npv is None
    assert VALUES[name].title in made.investment.returns_why or name == "per_point"
