"""Buying in rounds: pace, waiting, calendar, how many rounds, one order or five, and what would narrow the saving."""

import itertools
import math
from dataclasses import replace

import altair
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import known_forecast

from planner import words
from planner.blocks import Sentence, Table
from planner.charts import DARK, LIGHT, Palette
from planner.charts.calendar import calendar, calendar_finding
from planner.economics import Assumptions, evaluate
from planner.economics.batches import (
    LOSS,
    LOSS_AT,
    batch_loss,
    batchings,
    best_batching,
    first_order,
    information,
    needs,
    one_or_more,
    order_sizes,
    order_up_to,
    orders,
    perfect_information,
)
from planner.economics.costs import cost_of, delay_cost, labeling_hours, labels_in_week, rounds_for, weeks_for
from planner.economics.figures import Figures
from planner.economics.risk import expected_net
from planner.economics.schedule import schedule
from planner.forecast.carrying import labels_needed
from planner.plan import Plan, decide
from planner.report.knowing import information_sentence
from planner.report.purchase import calendar_sentence, purchase_blocks

FORECAST = known_forecast(worth=(1.5, 9.0))
USUAL = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}
PACE = {"labels_per_week": 500.0, "weeks_per_round": 1.0}


def figures(**changes: object) -> Figures:
    return Figures(evaluate(FORECAST, Assumptions(**{**USUAL, **changes})))


def plan(**changes: object) -> Plan:
    return decide(figures(**changes).valuation)


# --- pace and waiting ------------------------------------------------------------------------------------------------


def test_labels_a_week_are_people_times_items_times_hours() -> None:
    asked = Assumptions(people=3, items_per_hour=40, hours_per_week=20)
    assert labels_in_week(asked) == 2400
    assert weeks_for(asked, 4800, 1, False) == 2
    assert labels_in_week(replace(asked, hours_per_week=None)) is None


def test_work_in_a_label_slows_people_and_a_typed_pace_wins() -> None:
    asked = Assumptions(people=3, items_per_hour=40, hours_per_week=20, votes_per_label=3, hardness=1.25)
    assert labels_in_week(asked) == 800
    assert labels_in_week(asked, adaptive=True) == 640
    typed = replace(asked, labels_per_week=1000)
    assert labels_in_week(typed) == 1000  # finished labels, whatever goes into one
    assert labels_in_week(typed, adaptive=True) == 800  # picked items still take longer


def test_waiting_costs_its_weeks_and_nothing_where_they_are_unknown() -> None:
    asked = Assumptions(labels_per_week=100, weeks_per_round=0.5, value_per_week=2000)
    assert delay_cost(asked, 300, 4, True) == 2000 * (3 + 2)
    assert delay_cost(asked, 300, 1, False) == 2000 * 3
    assert delay_cost(replace(asked, labels_per_week=None), 300, 4, True) == 0
    assert delay_cost(replace(asked, value_per_week=None), 300, 4, True) == 0


def test_waiting_is_in_the_net_value_and_in_no_cost() -> None:
    without, waited = plan(**PACE), plan(**PACE, value_per_week=100.0)
    for one, other in zip(without.options, waited.options, strict=True):
        if one.name == "label_everything":
            assert one.cost == other.cost
            assert one.net_value.p50 is not None
            assert other.net_value.p50 is not None
            assert one.net_value.p50 - other.net_value.p50 == pytest.approx(100 * 49_000 / 500)


def test_a_dear_week_turns_the_advice_against_rounds() -> None:
    """Active learning is sequential: where labels come fast and rounds slowly, waiting can cost more than it saves."""
    fast = {"labels_per_week": 100_000.0, "weeks_per_round": 4.0}
    assert plan(**fast).code == "active"
    dear = plan(**fast, value_per_week=20_000.0)
    assert dear.code == "does_not_pay"
    assert "waiting for them" in dear.lead or "of waiting" in dear.lead


def test_the_printed_balance_counts_the_waiting() -> None:
    found = plan(**PACE, value_per_week=1000.0)
    assert "Being done sooner is worth $" in found.lead


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 30), st.floats(0, 30))
def test_a_later_deadline_is_never_worse(weeks: float, more: float) -> None:
    def best(deadline: float) -> float:
        found = figures(**PACE, deadline=deadline)
        return max(0.0, found.worth(found.active), found.worth("random"))

    assert best(weeks + more) >= best(weeks) - 1e-9


# --- the calendar ----------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(100, 5000), st.floats(1, 50_000), st.integers(1, 8), st.floats(0, 1e5))
def test_orders_add_up_to_the_purchase(n: int, purchase: float, rounds: int, first: float) -> None:
    sizes = order_sizes(n, purchase, rounds, first)
    assert sum(sizes) == math.floor(purchase + 0.5)
    assert len(sizes) <= rounds
    assert all(size >= 1 for size in sizes)


def test_orders_by_hand() -> None:
    # 1,000 labels, 2,600 to buy, the first order wanted at 5,000: cut to 600, then growth of 1.5 to 2,400 and 3,600.
    assert order_sizes(1000, 2600, 3, 5000) == (600, 800, 1200)
    assert order_sizes(1000, 1000, 2, 300) == (300, 700)
    assert order_sizes(1000, 1000, 2, 0) == (250, 750)  # a quarter at least
    assert order_sizes(1000, 1500, 2, 0) == (563, 937)  # 1,562.5 x 1.6 = 2,500
    assert order_sizes(1000, 3, 5, 100) == (1, 1, 1)  # none holds less than a label
    assert order_sizes(1000, 500, 1, 100) == (500,)
    assert order_sizes(1000, 0, 1, 100) == ()


@pytest.mark.parametrize(
    "changes",
    [{}, {"cost_per_round": 70.0}, {"value_per_point": None, "target": 0.92}, {"label_all": True}, {"setup_cost": 9e4}],
)
def test_the_calendar_adds_up_to_the_plan(changes: dict[str, object]) -> None:
    found = plan(**PACE, tool_fee=40.0, **changes)
    rounds = found.schedule.rounds
    option = found.recommended
    assert option is not None
    assert found.buy is not None
    assert sum(one.labels for one in rounds) == math.floor(found.buy + 0.5)
    assert len(rounds) == option.rounds
    rounding = abs(found.buy - math.floor(found.buy + 0.5))  # labels are bought whole
    assert sum(one.cost for one in rounds) == pytest.approx(option.cost.p50, abs=2 * rounding + 1e-6)
    assert found.schedule.weeks == pytest.approx(option.weeks, abs=rounding)
    assert rounds[-1].labels_in_all == 1000 + sum(one.labels for one in rounds)
    for before, after in itertools.pairwise(rounds):
        assert before.ends is not None
        assert after.starts is not None
        assert after.starts == pytest.approx(before.ends + 1.0)
        assert (after.score.p50 or 0) >= (before.score.p50 or 0)


def test_the_last_round_ends_at_the_score_of_the_plan() -> None:
    found = plan()
    assert found.recommended is not None
    assert found.schedule.rounds[-1].score.p50 == pytest.approx(found.recommended.score.p50, abs=1e-6)


def test_no_calendar_where_nothing_is_bought_and_no_weeks_where_no_pace_is_known() -> None:
    assert schedule(figures(), "stop_at_sample").rounds == ()
    assert schedule(figures(), None).why.startswith("The sample cannot say")
    unknown = plan().schedule
    assert unknown.weeks is None
    assert unknown.rounds[0].ends is None
    assert "labels a week" in unknown.why


# --- how many rounds -------------------------------------------------------------------------------------------------


def test_the_loss_of_a_batch_is_the_measured_one() -> None:
    assert [batch_loss(ratio) for ratio in LOSS_AT] == pytest.approx(list(LOSS))
    assert batch_loss(1.1) == 0
    assert batch_loss(60) == max(LOSS)
    assert batch_loss(1.8, 4) == pytest.approx(0.0007)
    assert batch_loss(math.sqrt(1.6 * 3.0)) == pytest.approx((0.0012 + 0.0038) / 2)  # halfway in the ratio


def test_total_of_a_batching_by_hand() -> None:
    found = figures(cost_per_round=100.0, value_per_week=200.0, **PACE)
    assert found.active is not None
    x = found.best(found.active)
    two = batchings(found, found.active)[1]
    growth = math.sqrt((1000 + x) / 1000)
    assert two.lost == pytest.approx(batch_loss(growth, 2))
    assert two.total == pytest.approx(x + 500 + 2 * 100 + 200 * (x / 500 + 2) + 100 * 5000 * two.lost)
    assert two.largest == pytest.approx(1000 * growth * (growth - 1))


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 2000), st.floats(0, 2000), st.floats(0, 3000))
def test_dearer_rounds_or_weeks_never_mean_more_rounds(each: float, more: float, week: float) -> None:
    def best(**changes: float) -> int:
        # A typed target holds the purchase: only the price of its rounds changes.
        found = figures(**PACE, value_per_point=None, target=0.925, **changes)
        one = best_batching(batchings(found, "margin"))
        return 0 if one is None else one.rounds

    usual = best(cost_per_round=each, value_per_week=week)
    assert best(cost_per_round=each + more, value_per_week=week) <= usual
    assert best(cost_per_round=each, value_per_week=week + more) <= usual


@settings(max_examples=12, deadline=None)
@given(st.floats(0, 5000), st.floats(0, 50_000), st.booleans())
def test_dearer_setup_or_rounds_never_move_the_choice_to_more_rounds(low: float, more: float, of_setup: bool) -> None:
    name = "setup_cost" if of_setup else "cost_per_round"
    assert plan(**{name: low + more}).rounds <= plan(**{name: low}).rounds


def test_without_a_value_what_is_lost_is_bought_again() -> None:
    found = figures(value_per_point=None, target=0.92)
    assert found.active is not None
    one, *_, last = batchings(found, found.active)
    assert one.lost_worth > 0
    assert last.lost_worth < one.lost_worth


# --- first order, one or five ----------------------------------------------------------------------------------------


def test_the_first_order_is_the_median_need_without_a_penalty() -> None:
    assert order_up_to(np.array([5.0, 1, 3, 9, 7]), 1.0) == 5
    assert order_up_to(np.array([5.0, 1, np.inf]), 1.0) == 5


def test_the_first_order_against_the_closed_form() -> None:
    """Need exponential with mean m: penalty x e^(-q/m) / m is the price at q = m ln(penalty / (m x price))."""
    mean, penalty, price = 500.0, 4000.0, 2.0
    need = -mean * np.log(1 - (np.arange(20_000) + 0.5) / 20_000)
    assert order_up_to(need, price, penalty) == pytest.approx(mean * math.log(penalty / (mean * price)), rel=0.01)
    assert order_up_to(need, price, penalty=900.0) == pytest.approx(
        0, abs=0.1
    )  # under m x price no label earns its keep


def test_one_order_against_five_by_hand() -> None:
    found = figures()
    assert found.active is not None
    pair = one_or_more(found, found.active)
    assert pair is not None
    one, five = pair
    x = math.floor(found.best(found.active) + 0.5)
    need = needs(found, found.active)
    assert one.labels == x
    assert one.cost == pytest.approx(500 + x)
    assert one.overshoot == pytest.approx(np.mean(x > 1.25 * need))
    assert one.short == five.short == pytest.approx(np.mean(need > x))
    sizes = order_sizes(1000, x, 5, order_up_to(need, 1.0))
    bought = np.array([next(t for t in np.cumsum(sizes) if t >= wanted or t == x) for wanted in need])
    assert five.labels == pytest.approx(bought.mean())
    assert five.cost == pytest.approx(500 + bought.mean())  # rounds cost nothing here
    assert five.overshoot == pytest.approx(np.mean(bought > 1.25 * need))


def test_a_purchase_is_scheduled_in_five_orders_unless_another_number_is_set() -> None:
    assert len(orders(figures(), "margin")) == 5
    for most in (2, 3, 8):
        assert len(orders(figures(most_rounds=most), "margin")) == most
    assert orders(figures(most_rounds=1), "margin") == ()


@settings(max_examples=12, deadline=None)
@given(st.floats(500, 50_000), st.floats(0, 300), st.floats(0, 200), st.integers(2, 9))
def test_orders_cost_in_expectation_what_the_comparison_says(value: float, each: float, week: float, most: int) -> None:
    """Each order's cost times the chance that it is placed, added up; and every draw by itself, added up by hand."""
    found = figures(**PACE, value_per_point=value, cost_per_round=each, value_per_week=week, most_rounds=most)
    made, pair = orders(found, "margin"), one_or_more(found, "margin")
    assert pair is not None
    assert [one.chance for one in made] == sorted((one.chance for one in made), reverse=True)
    assert sum(one.chance * one.cost for one in made) == pytest.approx(pair[1].cost)
    assert sum(one.chance * one.labels for one in made) == pytest.approx(pair[1].labels)
    asked, need, paid = found.assumptions, needs(found, "margin"), []
    for wanted in need:
        bought = rounds = 0
        for one in made:
            if not bought or wanted > bought:
                bought, rounds = bought + one.labels, rounds + 1
        paid.append(cost_of(asked, bought, rounds, True) + delay_cost(asked, bought, rounds, True))
    assert pair[1].cost == pytest.approx(np.mean(paid))


@settings(max_examples=200, deadline=None)
@given(st.integers(100, 5000), st.integers(2, 60_000), st.floats(0, 1e5), st.integers(1, 20))
def test_no_order_makes_the_labels_over_sixteen_tenths_where_the_rounds_suffice(
    n: int, purchase: int, first: float, most: int
) -> None:
    rounds = rounds_for(n, purchase, most=most)
    sizes = order_sizes(n, purchase, rounds, first)
    assert rounds == min(most, rounds_for(n, purchase, most=99))
    if rounds == rounds_for(n, purchase, most=99):
        before = n + np.cumsum([0, *sizes[:-1]])
        assert (before + sizes <= 1.6 * before + 1.7).all()  # labels are whole: two roundings


def test_a_purchase_takes_no_more_rounds_than_are_allowed_and_pays_no_more_of_them() -> None:
    for most in (1, 2, 3, 5, 9):
        made = plan(value_per_point=20_000.0, cost_per_round=10.0, most_rounds=most)
        assert made.rounds == len(made.schedule.rounds) <= most
        assert made.recommended is not None
        x = made.buy or 0.0
        assert made.recommended.cost.p50 == pytest.approx(x + 500 + 10 * made.rounds)


def test_what_missing_a_launch_bar_costs_sizes_the_first_order() -> None:
    """Mahmood et al.'s rule: the least price x q + (value + penalty) x P(need > q), tried at every need."""
    bar = {"value_model": "launch_bar", "launch_bar": 0.91, "launch_value": 3000.0, "launch_penalty": 500.0}
    found = figures(**bar, value_per_point=None)
    need = labels_needed(FORECAST, "margin", 0.91)
    tried = [0.0, *sorted(need[np.isfinite(need)])]
    wanted = min(tried, key=lambda q: q + 3500 * np.mean(need > q))
    assert first_order(found, "margin") == pytest.approx(wanted)
    free = figures(**{**bar, "launch_value": 0.0, "launch_penalty": 0.0}, value_per_point=None)
    assert first_order(free, "margin") == 0  # nothing is lost by missing it


def test_the_words_claim_no_need_that_the_first_order_exceeds() -> None:
    small = plan(value_per_point=3000.0)
    first, need = small.schedule.rounds[0].labels, small.schedule.first or 0.0
    assert ("no more than what half" in calendar_sentence(small)) == (
        first <= need + 1 and len(small.schedule.rounds) > 1
    )


@settings(max_examples=10, deadline=None)
@given(st.floats(500, 50_000))
def test_orders_that_stop_when_it_is_enough_never_buy_more(value: float) -> None:
    found = figures(value_per_point=value)
    pair = one_or_more(found, "margin")
    if pair is not None:
        one, five = pair
        assert five.labels <= one.labels + 1e-9
        assert five.overshoot <= one.overshoot + 1e-9


def test_five_orders_overshoot_little_where_one_safe_order_does() -> None:
    """A purchase that covers the need in nine of ten futures buys half too much; five orders a quarter at most."""
    need = np.exp(np.random.default_rng(0).normal(7.5, 0.6, 4000))
    safe = float(np.quantile(need, 0.9))
    met = need[need <= safe]
    reached = np.cumsum(order_sizes(1000, safe, 5, order_up_to(need, 1.0)))
    bought = reached[np.searchsorted(reached, met)]
    assert np.mean(safe / met) >= 1.5
    assert np.median(bought / met) <= 1.3


# --- what would narrow the saving ------------------------------------------------------------------------------------


def test_doubling_the_sample_narrows_and_timing_needs_a_range() -> None:
    found = figures()
    assert found.active is not None
    double, timed = information(found, found.active)
    assert double.then is not None
    assert double.then == pytest.approx(0.77 * double.now)
    assert double.cost == 1000
    assert timed.cost == 20
    assert timed.then is None
    ranged = figures(ranges="cost_per_label=0.3..4")
    wider, timed = information(ranged, "margin")
    assert wider.now > double.now
    assert timed.then is not None
    assert double.now <= timed.then < wider.now


def test_timing_does_not_narrow_what_is_narrower_already() -> None:
    _, timed = information(figures(ranges="cost_per_label=0.99..1.01"), "margin")
    assert timed.then is None


def test_the_futures_of_every_option_wait_as_the_plan_does() -> None:
    """With certain amounts the mean future is the expected net value, and waiting is in both."""
    dated = {**PACE, "value_per_week": 300.0}
    found = figures(**dated)
    nets = expected_net(found)
    for name, net in found.valuation.net.items():
        assert nets[name] == pytest.approx(net.mean(axis=0))
    late = {one.option: one.npv.p50 for one in plan(**dated).risks}
    soon = {one.option: one.npv.p50 for one in plan(**PACE).risks}
    assert soon["label_everything"] - late["label_everything"] == pytest.approx(300 * 49_000 / 500)


def test_a_week_of_unsure_worth_is_drawn() -> None:
    found = plan(**PACE, value_per_week=300.0, ranges="value_per_week=100..900")
    assert all(np.isfinite(one.npv.p50) for one in found.risks)


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_calendar_is_drawn_with_a_bar_a_round(palette: Palette) -> None:
    found = plan(**PACE, deadline=20.0, value_per_point=20_000.0)
    drawing = calendar(found, palette)
    assert drawing is not None
    altair.LayerChart.from_dict(drawing.to_dict())  # raises where the schema of Vega-Lite is broken
    bars = drawing.spec["layer"][1]["data"]["values"]
    assert [(bar["x"], bar["x2"]) for bar in bars] == [(one.starts, one.ends) for one in found.schedule.rounds]
    assert drawing.description == calendar_finding(found)
    assert calendar(plan(), palette) is None  # no pace, no weeks


def test_the_words_name_the_numbers_of_the_plan() -> None:
    found = plan(**PACE, value_per_point=20_000.0, value_per_week=50.0)
    said = " ".join(one.text for one in purchase_blocks(found) if isinstance(one, Sentence))
    assert f"{sum(one.labels for one in found.schedule.rounds):,} labels in {found.rounds} orders" in said
    assert "labeling everything would take 98 weeks" in said  # 49,000 at 500 a week
    assert "for labeling everything it would cost $4,900" in said
    tables = {one.title: one for one in purchase_blocks(found) if isinstance(one, Table)}
    assert len(tables["The rounds of the purchase"].rows) == found.rounds
    assert not list(purchase_blocks(plan(value_per_point=1.0)))  # nothing is bought


def test_the_hours_left_for_other_work_by_hand() -> None:
    """49,000 labels at random, x picked ones that take 1.2 times as long: 40 an hour; an hour is worth 40 prices."""
    found = plan(items_per_hour=40.0, hardness=1.2)
    x = found.buy or 0.0
    hours = (49_000 - 1.2 * x) / 40
    assert labeling_hours(found.valuation.assumptions, x, True) == pytest.approx(1.2 * x / 40)
    said = calendar_sentence(found)
    assert f"about {words.about(hours)} hours of labeling for other work, worth {words.money(40 * hours)}" in said
    assert "hours of labeling" not in calendar_sentence(plan())


def test_a_week_without_a_pace_is_said_not_to_count() -> None:
    said = calendar_sentence(plan(value_per_week=50.0))
    assert "The value of a week is not counted" in said


def test_the_investment_waits_as_its_option_does() -> None:
    """Present value over doing nothing is the option's net value, waiting included."""
    found = plan(**PACE, value_per_week=300.0)
    assert found.investment is not None
    assert found.recommended is not None
    assert found.recommended.net_value.p50 is not None
    assert found.investment.npv == pytest.approx(found.recommended.net_value.p50, rel=0.02)
    without = plan(**PACE).investment
    assert without is not None
    assert without.npv is not None
    assert found.investment.npv is not None
    assert without.npv > found.investment.npv


def test_perfect_information_by_hand() -> None:
    """The mean over draws of the best net value in each, minus the best mean, summed one draw at a time."""
    found = figures(setup_cost=2000.0)
    names = ("random", "margin")
    nets = [np.where(found.valuation.purchases > 0, found.valuation.net[name], 0.0) for name in names]
    per_draw = [max(net[draw].max() for net in nets) for draw in range(len(nets[0]))]
    at_best = max(net.mean(axis=0).max() for net in nets)
    assert perfect_information(found) == pytest.approx(np.mean(per_draw) - at_best)


def test_knowing_what_is_certain_anyway_is_worth_nothing() -> None:
    sure = Figures(evaluate(known_forecast(worth=(2.0, 2.0)), Assumptions(value_per_point=5000.0)))
    assert perfect_information(sure) == pytest.approx(0, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1e4), st.floats(0, 1e5))
def test_knowledge_is_never_worth_less_than_nothing(setup: float, value: float) -> None:
    found = Figures(evaluate(FORECAST, Assumptions(setup_cost=setup, value_per_point=value)))
    worth = perfect_information(found)
    assert worth is not None
    assert worth >= -1e-6


def test_what_would_narrow_the_saving_is_said_where_the_plan_does_not_choose_yet() -> None:
    undecided = decide(evaluate(known_forecast(worth=(0.5, 4.0)), Assumptions(**{**USUAL, "setup_cost": 2000.0})))
    assert undecided.code in ("stop_early", "does_not_pay")
    assert "Doubling the sample" in information_sentence(undecided)
