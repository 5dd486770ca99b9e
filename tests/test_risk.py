"""Risk and return of a plan: closed forms, hand-made investments, and the same numbers every time."""

from dataclasses import replace

import numpy as np
import pytest
from making import known_forecast
from scipy.stats import norm

from planner import words
from planner.choices.baselines import BASELINES
from planner.economics import Assumptions
from planner.economics.evaluating import Interval, evaluate, exactly
from planner.economics.figures import Figures
from planner.economics.finance import CashFlows, npv
from planner.economics.investment import CHEAPER, NO_RATE, ONCE, SEVERAL, invest, returns_of
from planner.economics.options import options
from planner.economics.risk import expected_net, risks
from planner.economics.worth import unvalued
from planner.exports.plan_json import plan_to_json
from planner.plan import decide
from planner.report.outlook import net_table

PRICED = Assumptions(cost_per_label=0.5, setup_cost=500.0, cost_per_round=50.0, value_per_point=2000.0)
FORECAST = known_forecast(worth=(1.5, 4.0), draws=1000)


def figures(asked: Assumptions = PRICED, forecast=FORECAST) -> Figures:
    return Figures(evaluate(forecast, asked))


def by_name(found) -> dict:
    return {one.option: one for one in found}


def test_every_option_has_its_risk_and_doing_nothing_has_none() -> None:
    found = by_name(risks(figures()))
    assert set(found) == {*BASELINES, "random", "margin"}
    nothing = found["do_nothing"]
    assert nothing.npv == exactly(0.0)
    assert nothing.chance_of_loss == 0


def test_same_seed_same_numbers_to_the_cent() -> None:
    asked = replace(PRICED, ranges="cost_per_label=0.2..1.5, value_per_point=500..5000")
    assert risks(figures(asked)) == risks(figures(asked))


def test_without_ranges_the_mean_is_the_expected_net_value_of_the_valuation() -> None:
    made = figures()
    found = by_name(risks(made))
    for name in ("random", "margin"):
        assert found[name].mean == pytest.approx(made.worth(name), rel=1e-6)
    assert expected_net(made)["margin"] == pytest.approx(made.valuation.net["margin"].mean(axis=0))


def test_every_strategy_at_every_budget_is_in_the_file_and_at_some_in_the_report() -> None:
    """The numbers behind the benchmark are shown: without ranges they are the means of the valuation."""
    made = decide(evaluate(FORECAST, PRICED))
    shown = {one["strategy"]: one for one in plan_to_json(made)["net_by_budget"]}
    assert set(shown) == {"random", "margin"}
    for name, one in shown.items():
        assert one["expected_net_value"] == pytest.approx(made.valuation.net[name].mean(axis=0))
        assert one["labels_to_buy"] == made.valuation.purchases.tolist()
    table = net_table(made)
    own = next(row for row in table.rows if row[0] == words.count(made.buy or 0.0))
    at = made.valuation.best["margin"]
    column = table.columns.index("Smallest margin")
    assert own[column] == f"**{words.money(float(made.valuation.net['margin'][:, at].mean()))}**"
    assert plan_to_json(decide(evaluate(FORECAST, Assumptions())))["net_by_budget"] == []


def test_the_mean_over_ranges_is_that_of_the_means() -> None:
    """A triangle's mean is a third of the sum of its corners; drawn amounts agree with it within sampling error."""
    asked = replace(PRICED, ranges="cost_per_label=0.2..1.4, value_per_point=1000..6000, hardness=1..1.3")
    made = figures(asked)
    at_best = made.valuation.best["margin"]
    drawn_mean = by_name(risks(made, 200_000))["margin"].mean
    assert expected_net(made)["margin"][at_best] == pytest.approx(drawn_mean, rel=0.01)


def test_the_chance_that_a_target_is_missed_has_its_closed_form() -> None:
    """Scores at the purchase are normal with known mean and deviation; the share below the target is Phi."""
    rng = np.random.default_rng(3)
    middle, sd, target = 0.93, 0.01, 0.925
    shift = rng.normal(0, sd, 4000)
    flat = {name: np.full((4000, len(FORECAST.budgets)), middle) + shift[:, None] for name in FORECAST.scores}
    made = replace(
        FORECAST, scores=flat, score_now=middle + shift, score_all=middle + shift,
        exchange={"random": np.ones(4000), "margin": np.full(4000, 2.0)},
    )  # fmt: skip
    found = by_name(risks(figures(replace(PRICED, target=target), made)))
    assert found["label_everything"].chance_missed == pytest.approx(norm.cdf((target - middle) / sd), abs=0.02)


def test_the_best_option_of_every_future_has_no_regret_and_others_have_theirs() -> None:
    found = risks(figures())
    assert min(one.regret for one in found) >= 0
    best = max(found, key=lambda one: one.mean)
    assert all(one.regret - best.regret == pytest.approx(best.mean - one.mean, abs=1e-6) for one in found)


def test_doubling_all_money_doubles_every_figure() -> None:
    asked = replace(PRICED, ranges="cost_per_label=0.2..1.5, value_per_point=500..5000")
    twice = Assumptions(
        cost_per_label=1.0, setup_cost=1000.0, cost_per_round=100.0, value_per_point=4000.0,
        ranges="cost_per_label=0.4..3.0, value_per_point=1000..10000",
    )  # fmt: skip
    for one, other in zip(risks(figures(asked)), risks(figures(twice)), strict=True):
        assert other.mean == pytest.approx(2 * one.mean)
        assert other.regret == pytest.approx(2 * one.regret)
        assert other.chance_of_loss == one.chance_of_loss


def test_without_a_value_there_is_no_risk_to_name() -> None:
    assert risks(figures(replace(PRICED, value_per_point=None))) == ()


def option_of(name: str, cost: float, score: float):
    found = {one.name: one for one in options(figures())}
    return replace(found["margin"], name=name, cost=exactly(cost), score=exactly(score))


def test_an_investment_by_hand() -> None:
    """$10,000 more today for 2 points at $3,000 a year over 3 years at 10%: 6,000 x 2.48685 - 10,000 = 4,921."""
    asked = Assumptions(value_per_point=3000.0, per_year=True, horizon=3.0, discount_rate=0.10)
    made = invest(option_of("a", 12_000, 0.92), option_of("b", 2_000, 0.90), option_of("n", 0, 0.90), asked)
    assert made.npv == pytest.approx(4921.11, abs=0.01)
    assert made.payback == pytest.approx(10_000 / 6_000)
    assert made.discounted_payback is not None
    assert made.discounted_payback > made.payback
    assert len(made.returns) == 1
    assert float(npv(made.flows, made.returns[0])) == pytest.approx(0, abs=1e-6)
    assert made.return_on_cost == pytest.approx((6000 * 2.4868520 - 12_000) / 12_000, abs=1e-6)


def test_the_risk_adjusted_present_value_by_hand() -> None:
    """Benefits of $14,921.11 at 80%, $10,000 of cost at 120%: -$63.11. Against everything, the saving is a benefit."""
    asked = Assumptions(value_per_point=3000.0, per_year=True, horizon=3.0, discount_rate=0.10)
    made = invest(option_of("a", 12_000, 0.92), option_of("b", 2_000, 0.90), option_of("n", 0, 0.90), asked)
    assert made.adjusted_npv == pytest.approx(0.8 * 14_921.11 - 1.2 * 10_000, abs=0.01)
    assert made.adjusted_return == pytest.approx((0.8 * 14_921.11 - 1.2 * 12_000) / (1.2 * 12_000), abs=1e-6)
    cheaper = invest(option_of("a", 2_000, 0.90), option_of("b", 12_000, 0.92), option_of("n", 0, 0.90), asked)
    assert cheaper.adjusted_npv == pytest.approx(0.8 * 10_000 - 1.2 * 14_921.11, abs=0.01)
    plain = replace(asked, risk_adjustment=0.0)
    same = invest(option_of("a", 12_000, 0.92), option_of("b", 2_000, 0.90), option_of("n", 0, 0.90), plain)
    assert (same.adjusted_npv, same.adjusted_return) == pytest.approx((same.npv, same.return_on_cost))


def test_an_option_that_costs_less_is_no_investment() -> None:
    asked = Assumptions(value_per_point=3000.0, per_year=True)
    made = invest(option_of("a", 1_000, 0.92), option_of("b", 2_000, 0.90), option_of("n", 0, 0.90), asked)
    assert (made.returns, made.returns_why, made.payback, made.payback_why) == ((), CHEAPER, None, CHEAPER)


def test_value_that_comes_once_has_no_rate_of_return() -> None:
    asked = Assumptions(value_per_point=3000.0)
    made = invest(option_of("a", 3_000, 0.92), option_of("b", 2_000, 0.90), option_of("n", 0, 0.90), asked)
    assert (made.npv, made.returns, made.returns_why) == (pytest.approx(5000), (), ONCE)


def test_a_return_that_is_none_one_or_several_has_its_sentence() -> None:
    """The textbook's mine, -4,000, +25,000, -25,000, returns 25% and 400%; money that only goes out returns nothing."""
    asked, years = Assumptions(value_per_point=1.0, per_year=True), np.arange(3.0)
    several, why = returns_of(CashFlows(years, np.array([-4000.0, 25_000.0, -25_000.0])), asked)
    assert (several, why) == (pytest.approx((0.25, 4.0)), SEVERAL)
    assert returns_of(CashFlows(years, np.array([-100.0, 0.0, 121.0])), asked) == (pytest.approx((0.1,)), "")
    assert returns_of(CashFlows(years, np.array([-100.0, -1.0, 0.0])), asked) == ((), NO_RATE)
    assert returns_of(CashFlows(years, np.zeros(3)), asked) == ((), CHEAPER)


def test_without_a_value_nothing_is_an_investment() -> None:
    made = invest(option_of("a", 1, 0.9), option_of("b", 2, 0.9), option_of("n", 0, 0.9), Assumptions())
    assert (made.npv, made.returns_why) == (None, unvalued(Assumptions()))
    none = replace(option_of("a", 1, 0.9), score=Interval(None, None, None, "Not known."))
    unknown = invest(none, option_of("b", 2, 0.9), option_of("n", 0, 0.9), Assumptions(value_per_point=1.0))
    assert unknown.returns_why == "Not known."


@pytest.mark.parametrize("baseline", BASELINES)
def test_the_return_over_the_baseline_that_was_picked_is_of_the_difference(baseline: str) -> None:
    """Present value over a baseline is that over doing nothing, less the baseline's own over doing nothing."""
    asked = replace(PRICED, baseline=baseline, per_year=True, value_per_point=9000.0)
    made = decide(evaluate(FORECAST, asked))
    over = made.over_baseline
    assert made.recommended is not None
    assert (over is None) == (baseline in ("do_nothing", made.recommended.name))
    if over is None:
        return
    options = {one.name: one for one in made.options}
    others = invest(options[baseline], options["do_nothing"], options["do_nothing"], asked)
    assert over.baseline == baseline
    assert made.investment is not None
    assert over.npv == pytest.approx((made.investment.npv or 0.0) - (others.npv or 0.0), rel=1e-9, abs=0.01)
    cheaper = (made.recommended.cost.p50 or 0.0) <= (options[baseline].cost.p50 or 0.0)
    assert (over.returns_why == CHEAPER) == cheaper
