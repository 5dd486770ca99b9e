"""Money: the published example and cases to the cent, and laws no price list may break."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import known_forecast

from planner.economics import Assumptions
from planner.economics.costs import cost_of, label_cost, rounds_for, votes_paid, weeks_for
from planner.economics.evaluating import annuity, evaluate, net_benefit, roi, target_of, to_target
from planner.errors import BadSetting
from planner.forecast.crossings import first_crossing

FORECAST = known_forecast()


def test_worked_example_of_the_article_to_the_cent():
    """20,000 labels at $2.50 against 8,000 and $10,000 of setup; 91% against 88%; a point worth $10,000."""
    asked = Assumptions(cost_per_label=2.50, setup_cost=10_000, value_per_point=10_000)
    everything = cost_of(asked, 20_000, 1, adaptive=False)
    active = cost_of(asked, 8_000, 1, adaptive=True)
    assert (everything, active) == (50_000.00, 30_000.00)
    benefit = net_benefit(everything - active, (0.91 - 0.88) * 100, 10_000)
    assert benefit == pytest.approx(50_000.00, abs=0.005)
    assert f"{roi(benefit, active):.1%}" == "166.7%"


def test_first_case_of_the_article_counts_its_5000_seed_labels():
    asked = Assumptions(cost_per_label=0.50, count_paid_labels=True)
    everything = cost_of(asked, 195_000, 1, False, labeled=5_000)
    active = cost_of(asked, 40_000, 5, True, labeled=5_000)
    assert (everything, active, everything - active) == (100_000.00, 22_500.00, 77_500.00)
    assert f"{(everything - active) / everything:.1%}" == "77.5%"


def test_second_case_of_the_article():
    asked = Assumptions(cost_per_label=5.0)
    everything, active = cost_of(asked, 50_000, 1, False), cost_of(asked, 12_000, 5, True)
    assert (everything, active) == (250_000.00, 60_000.00)
    assert f"{1 - active / everything:.1%}" == "76.0%"


def test_annuity_against_a_hand_made_table():
    """1 a year for three years at 10%: 1/1.1 + 1/1.21 + 1/1.331."""
    assert annuity(3, 0.10) == pytest.approx(0.9090909 + 0.8264463 + 0.7513148, abs=1e-6)
    assert annuity(3, 0.0) == 3


@pytest.mark.parametrize(
    ("n", "purchase", "rounds"),
    [(1000, 0, 0), (1000, 600, 1), (1000, 601, 2), (1000, 1560, 2), (1000, 1561, 3), (1000, 49_000, 5)],
)
def test_rounds_grow_the_labels_by_at_most_six_tenths(n, purchase, rounds):
    assert rounds_for(n, purchase) == rounds


def test_random_takes_one_round_and_pays_neither_setup_nor_rounds():
    asked = Assumptions(cost_per_label=2, setup_cost=100, cost_per_round=10)
    assert rounds_for(1000, 40_000, adaptive=False) == 1
    assert cost_of(asked, 300, 1, adaptive=False) == 600
    assert cost_of(asked, 300, 3, adaptive=True) == 600 + 100 + 30


def test_buying_nothing_costs_nothing():
    assert cost_of(Assumptions(setup_cost=100, cost_per_round=10), 0, 0, adaptive=True) == 0


def test_weeks_add_a_wait_for_each_round_of_choosing():
    asked = Assumptions(labels_per_week=500, weeks_per_round=0.5)
    assert weeks_for(asked, 1000, 4, adaptive=True) == 2 + 2
    assert weeks_for(asked, 1000, 1, adaptive=False) == 2
    assert weeks_for(Assumptions(), 1000, 1, adaptive=False) is None


def test_yearly_value_is_worth_its_annuity():
    once = evaluate(FORECAST, Assumptions(value_per_point=1000))
    yearly = evaluate(FORECAST, Assumptions(value_per_point=1000, per_year=True, horizon=3, discount_rate=0.1))
    assert yearly.point == pytest.approx(once.point * annuity(3, 0.1))


@given(st.floats(0.01, 20), st.floats(1.01, 10), st.floats(100, 50_000))
@settings(max_examples=60, deadline=None)
def test_dearer_labels_never_mean_more_labels(price, factor, value):
    cheap = evaluate(FORECAST, Assumptions(cost_per_label=price, value_per_point=value))
    dear = evaluate(FORECAST, Assumptions(cost_per_label=price * factor, value_per_point=value))
    for name in ("random", "margin"):
        assert dear.best[name] <= cheap.best[name]


@given(st.floats(0.01, 20), st.floats(0, 5000), st.floats(0, 500), st.floats(100, 50_000), st.floats(0.1, 100))
@settings(max_examples=60, deadline=None)
def test_multiplying_all_money_multiplies_net_value(price, setup, each_round, value, factor):
    one = evaluate(FORECAST, Assumptions(price, setup, each_round, value))
    many = evaluate(FORECAST, Assumptions(price * factor, setup * factor, each_round * factor, value * factor))
    for name in ("random", "margin"):
        np.testing.assert_allclose(many.net[name], one.net[name] * factor, rtol=1e-9, atol=1e-6 * factor)


def test_best_purchase_against_the_closed_form():
    """With every draw alike, net(x) = K (f(n) - f(n + s x)) - x peaks where n + s x = (K B c s)^(1 / (1 + c))."""
    value, price, s, n, N, rise = 5000.0, 1.0, 3.0, 1000, 50_000, 0.03
    found = evaluate(FORECAST, Assumptions(cost_per_label=price, value_per_point=value))
    K, c = 100 * value / price, 0.5
    B = rise / (n**-c - N**-c)
    wanted = ((K * B * c * s) ** (1 / (1 + c)) - n) / s
    assert found.purchases[found.best["margin"]] == pytest.approx(wanted, rel=0.06)  # the grid's own step


def test_budget_and_deadline_bound_every_purchase():
    asked = Assumptions(cost_per_label=2, value_per_point=50_000, budget=1000, labels_per_week=100, deadline=3)
    found = evaluate(FORECAST, asked)
    for name, position in found.best.items():
        assert found.cost[name][position] <= 1000
        assert found.purchases[position] / 100 <= 3


def test_a_budget_of_nothing_allows_no_purchase():
    assert evaluate(FORECAST, Assumptions(budget=0)).best == {}


@pytest.mark.parametrize("target", [None, 0.905, 0.915, 0.92])
@pytest.mark.parametrize("name", ["random", "margin"])
def test_the_curve_shown_crosses_the_printed_target_at_the_printed_labels(name, target):
    forecast = known_forecast(worth=(1.5, 6.0))
    asked = Assumptions(target=target)
    shown = np.median(forecast.scores[name], axis=0)
    crossing = first_crossing(shown[None], forecast.budgets, target_of(forecast, asked))[0] - 1000
    assert to_target(forecast, asked, name).p50 == pytest.approx(crossing)


def test_a_target_beyond_the_pool_is_null_with_a_why():
    found = to_target(FORECAST, Assumptions(target=0.99), "margin")
    assert (found.p10, found.p50, found.p90) == (None, None, None)
    assert found.why


def test_labels_to_target_are_ordered_and_inside_the_pool():
    found = to_target(known_forecast(worth=(0.5, 9.0)), Assumptions(), "margin")
    assert 0 <= found.p10 <= found.p50 <= found.p90 <= 49_000


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost_per_label": -1}, "Cost per label is -1; it cannot be below 0"),
        ({"value_per_point": float("nan")}, "Value per accuracy point must be a finite number"),
        ({"todays_score": 90}, "Score of today's process is 90; it cannot be above 1"),
    ],
)
def test_a_bad_amount_is_refused_in_words(changes, words):
    with pytest.raises(BadSetting, match=words.replace("'", ".")):
        Assumptions(**changes)


def test_every_cost_term_by_hand():
    """3 votes at $0.50, 10% reviewed, 20% reworked, $0.05 tool fee: 0.5 x 3 x 1.3 + 0.05 = $2.00 a label at random.

    Picked items take 1.2 times as long: 0.5 x 3 x 1.3 x 1.2 + 0.05 = $2.39. The tool costs $100 and 50 labels measure.
    """
    asked = Assumptions(
        cost_per_label=0.5, votes_per_label=3, review_share=0.1, rework_share=0.2, hardness=1.2, fee_per_label=0.05,
        tool_fee=100, evaluation_labels=50, setup_cost=500, cost_per_round=30,
    )  # fmt: skip
    assert label_cost(asked) == pytest.approx(2.0)
    assert label_cost(asked, adaptive=True) == pytest.approx(2.39)
    assert cost_of(asked, 1000, 1, adaptive=False) == pytest.approx(2000 + 100 + 50 * 2)
    assert cost_of(asked, 1000, 3, adaptive=True) == pytest.approx(2390 + 100 + 100 + 500 + 90)
    assert cost_of(asked, 0, 0, adaptive=True) == 0


def test_a_round_costs_its_computing_and_the_hours_of_people() -> None:
    """20 rounds of half an hour of computing at $1 come to $10; of two hours of people at $60, to $2,400."""
    asked = Assumptions(cost_per_label=0.0, cost_per_round=0.5, hours_per_round=2.0, cost_per_hour=60.0)
    assert cost_of(asked, 1000, 20, adaptive=True) == pytest.approx(10 + 2400)
    assert cost_of(asked, 1000, 1, adaptive=False) == 0
    made = evaluate(FORECAST, replace(asked, cost_per_label=1.0, value_per_point=3000.0))
    alike = evaluate(FORECAST, Assumptions(cost_per_label=1.0, cost_per_round=120.5, value_per_point=3000.0))
    assert made.best == alike.best
    np.testing.assert_allclose(made.net["margin"], alike.net["margin"])


def test_votes_that_stop_early_cost_what_they_take():
    """Two of three by people who err in 1 of 10 cases: 2 + 2 x .9 x .1 = 2.18 votes."""
    asked = Assumptions(cost_per_label=1.0, votes_per_label=3, annotator_error=0.1, votes_stop_early=True)
    assert votes_paid(asked) == pytest.approx(2.18)
    assert label_cost(asked) == pytest.approx(2.18)


def test_an_even_number_of_votes_is_refused():
    with pytest.raises(BadSetting, match="Votes per label is 2; an even number of votes can tie"):
        Assumptions(votes_per_label=2)


@given(st.floats(0.01, 10), st.floats(1, 3), st.integers(0, 5), st.floats(1, 5))
def test_a_dearer_label_never_means_more_work_is_bought(price, hardness, votes, factor):
    """Labels times hardness: the hours of labeling recommended."""
    terms = {"votes_per_label": 2 * votes + 1, "hardness": hardness, "value_per_point": 2000.0}
    cheap, dear = (evaluate(FORECAST, Assumptions(cost_per_label=p, **terms)) for p in (price, price * factor))
    for name in ("random", "margin"):
        assert dear.purchases[dear.best[name]] <= cheap.purchases[cheap.best[name]]
