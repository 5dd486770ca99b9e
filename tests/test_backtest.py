"""The back-test: parts of the sample that were hidden, forecast and compared, in points and in labels."""

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from making import known_forecast, known_pilot, power

from planner.economics import Assumptions, evaluate
from planner.exports.plan_json import plan_to_json
from planner.forecast import ForecastSettings, forecast
from planner.forecast.backtest import FAR, Backtest, backtests, worst
from planner.forecast.replayed import measure_random
from planner.plan import decide
from planner.plan.trust import backtest_sentence, how_far_off

TO = ForecastSettings(pool_size=20_000)
STRAIGHT = power(0.15, 0.05, 0.6)


def turning(k: np.ndarray) -> np.ndarray:
    """An error that turns where the first half of 800 labels cannot know it: 30% to 450 labels, 10% at 800."""
    return np.where(k <= 450, 0.30, 0.30 - 0.2 * (k - 450) / 350)


def made(p5: float, p50: float, p95: float, measured: float) -> Backtest:
    return Backtest(400, 800, np.array([800.0]), *(np.array([value]) for value in (measured, p5, p50, p95)))


def test_the_last_half_and_the_last_three_quarters_are_hidden():
    """Of 800 labels trained on, the anchors nearest to 400 and to 200 are 410 and 225."""
    half, quarter = backtests(forecast(known_pilot(STRAIGHT), TO))
    assert [(test.shown, test.hidden) for test in (half, quarter)] == [(410, 800), (225, 800)]
    assert half.labels.min() > 410
    assert quarter.labels.min() > 225


def test_what_was_measured_is_the_replay_of_the_whole_sample():
    found = forecast(known_pilot(STRAIGHT), TO)
    whole = measure_random(found.pilot, "accuracy")
    for test in backtests(found):
        np.testing.assert_array_equal(test.measured, whole.mean[whole.labels > test.shown])


def test_nothing_hidden_reaches_the_forecast():
    """Two curves that part after 410 labels are forecast alike from there."""
    same, parted = (
        backtests(forecast(known_pilot(lambda k, far=far: np.where(k <= 410, STRAIGHT(k), far)), TO))
        for far in (0.30, 0.05)
    )
    np.testing.assert_allclose(same[0].p50, parted[0].p50, atol=1e-9)
    assert same[0].miss > parted[0].miss + 0.2


def test_a_power_law_is_held_and_a_curve_that_turns_is_missed():
    half, _ = backtests(forecast(known_pilot(STRAIGHT), TO))
    assert not half.missed
    assert abs(half.miss) < 0.015
    turned = worst(backtests(forecast(known_pilot(turning), TO)))
    assert turned is not None
    assert turned.missed
    assert not turned.held
    assert turned.miss < -0.05


@pytest.mark.parametrize(
    ("range_of", "measured", "held", "missed"),
    [
        ((0.80, 0.85, 0.90), 0.85 + FAR - 0.001, True, False),
        ((0.80, 0.85, 0.90), 0.85 + FAR + 0.001, True, True),
        ((0.84, 0.85, 0.86), 0.862, False, True),
        ((0.84, 0.85, 0.86), 0.86, True, False),
    ],
)
def test_a_miss_is_one_of_over_two_points_or_outside_the_range(range_of, measured, held, missed):
    test = made(*range_of, measured)
    assert (test.held, test.missed) == (held, missed)


def test_the_one_that_missed_is_judged_by_even_if_another_is_further_off():
    inside, outside = made(0.80, 0.85, 0.90, 0.865), made(0.845, 0.85, 0.855, 0.86)
    assert abs(inside.miss) > abs(outside.miss)
    assert worst((inside, outside)) is outside
    assert worst(()) is None


def test_labels_are_told_from_a_thousand_shown_rows_on_and_come_near_what_the_replay_took():
    """A chosen label is worth 3 random ones in the replay: what it took is told to a step, and lies in the range."""
    small, large = (backtests(forecast(known_pilot(STRAIGHT, n), TO)) for n in (1000, 4000))
    assert [test.in_labels for test in small] == [None, None]
    for test in large:
        assert test.in_labels is not None
        assert test.in_labels.strategy == "margin"
        third = (test.hidden - test.shown) / 3, (1.35 * test.hidden - test.shown) / 3  # exact to a step of the replay
        assert 0.9 * third[0] <= test.in_labels.measured <= 1.1 * third[1]
        assert test.in_labels.p10 < test.in_labels.p50 < test.in_labels.p90
        assert test.in_labels.p10 < test.in_labels.measured < test.in_labels.p90
        assert "In labels: smallest margin took" in backtest_sentence(test)


def test_a_pilot_without_margin_has_no_miss_in_labels():
    found = backtests(forecast(known_pilot(STRAIGHT, 4000, strategies=("k_center",)), TO))
    assert [test.in_labels for test in found] == [None, None]


def test_a_sample_too_small_to_hide_a_part_of_has_no_back_test():
    assert backtests(forecast(known_pilot(STRAIGHT, 150), TO)) == ()


@pytest.mark.parametrize("share", [0.5, 0.25])
def test_either_part_softens_the_verdict_and_is_named(share):
    """The curve turns late, which both parts miss; or early, which only the longer one can miss."""
    late, early = turning, lambda k: np.where(k <= 260, 0.14, 0.10)
    found = replace(known_forecast(), pilot=known_pilot(late if share == 0.5 else early))
    tests = backtests(found)
    assert [test.missed for test in tests] == [share == 0.5, True]
    plan = decide(evaluate(found, Assumptions(cost_per_label=1.0, setup_cost=500.0, value_per_point=5000.0)))
    assert (plan.code, plan.rule) == ("stop_early", "backtest_missed")
    assert plan.backtest is worst(tests)
    doubt = next(doubt for doubt in plan.doubts if doubt.code == "backtest_missed")
    assert how_far_off(plan.backtest) in doubt.finding


def test_the_words_say_which_way_and_why_it_is_too_much():
    far = "From 400 labels it was 3 points too high at 800, more than 2 points."
    assert how_far_off(made(0.80, 0.85, 0.90, 0.82)) == far
    assert how_far_off(made(0.84, 0.85, 0.86, 0.865)).endswith("1.5 points too low at 800, outside its range.")
    assert "and its range held." in backtest_sentence(made(0.80, 0.85, 0.90, 0.82))


def test_the_json_holds_every_miss_in_points_and_in_labels():
    """From a pilot of 4,000 rows both parts are counted in labels; the schema holds what is said and what is not."""
    for n, counted in ((4000, True), (1000, False)):
        found = replace(known_forecast(n), pilot=known_pilot(STRAIGHT, n))
        plan = decide(evaluate(found, Assumptions(cost_per_label=1.0, value_per_point=5000.0)))
        made_of = plan_to_json(plan)
        Draft202012Validator(json.loads((files("planner") / "data" / "plan.schema.json").read_text())).validate(made_of)
        for test, one in zip(plan.backtests, made_of["backtests"], strict=True):
            assert one["miss"] == pytest.approx(one["forecast"]["p50"] - one["measured"])
            assert (one["held"], one["softens"]) == (test.held, test.missed)
            assert (one["labels_to_score"] is not None) == counted
            assert not counted or one["labels_to_score"]["measured"] == test.in_labels.measured
        halves = made_of["sample_size"]["half_widths"]
        assert [one["rows"] for one in halves] == [n, 2 * n, 4 * n]
        assert made_of["sample_size"]["rows_needed"] is None
