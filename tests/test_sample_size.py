"""How big the sample should be: what is promised of more rows is what more rows give."""

import re
from dataclasses import replace

import numpy as np
import pytest
from making import known_forecast, known_pilot, power

from planner import words
from planner.economics import Assumptions, evaluate
from planner.forecast import ForecastSettings, forecast
from planner.forecast.carrying import STEEP
from planner.forecast.replayed import metrics_for
from planner.forecast.sample_size import rows_needed, sample_sizes
from planner.pilot.bundled import stored_pilot
from planner.plan import decide
from planner.plan.trust import larger_sample
from planner.report.checked import sizes_table

TO = ForecastSettings(pool_size=50_000)
CURVES = [power(0.15, 0.08, 0.6), power(0.25, 0.10, 0.4), power(0.08, 0.05, 0.9)]
PRICED = Assumptions(cost_per_label=1.0, setup_cost=500.0, value_per_point=5000.0)


def half(draws: np.ndarray) -> float:
    low, high = np.quantile(draws, [0.1, 0.9])
    return float(high - low) / 2


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("n", [600, 1000, 2000])
def test_the_range_of_the_score_narrows_with_rows(curve, n):
    sizes = sample_sizes(forecast(known_pilot(curve, n), TO))
    assert [one.rows for one in sizes] == [n, 2 * n, 4 * n]
    assert sizes[2].score < 0.85 * sizes[0].score


@pytest.mark.parametrize("curve", CURVES[:2])
def test_the_range_of_the_labels_narrows_with_four_times_the_rows(curve):
    here, _, four = sample_sizes(forecast(known_pilot(curve), TO))
    assert four.labels < here.labels


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("n", [1000, 2000])
def test_a_sample_that_really_is_larger_is_about_as_narrow_as_was_promised(curve, n):
    """Within a factor of 1.4: the luck of the pilot is another."""
    promised = sample_sizes(forecast(known_pilot(curve, n), TO))
    for one in promised[1:]:
        real = half(forecast(known_pilot(curve, one.rows), TO).score_all)
        assert 1 / 1.4 < one.score / real < 1.4


def test_the_first_row_is_the_range_on_the_screen():
    found = forecast(known_pilot(CURVES[0]), TO)
    assert sample_sizes(found)[0].score == pytest.approx(half(found.score_all))


def test_a_sample_under_500_rows_is_held_against_one_that_can_be_planned_with():
    assert [one.rows for one in sample_sizes(forecast(known_pilot(CURVES[0], 300), TO))] == [300, 1000, 2000]


def test_no_size_beyond_the_pool_is_offered():
    found = forecast(known_pilot(CURVES[0]), ForecastSettings(pool_size=3000))
    assert [one.rows for one in sample_sizes(found)] == [1000, 2000]
    assert (
        sizes_table(decide(evaluate(forecast(known_pilot(CURVES[0]), ForecastSettings(pool_size=1500)), PRICED)))
        is None
    )
    assert sample_sizes(forecast(known_pilot(CURVES[0], 150), TO)) == ()


def test_the_sentence_says_both_sizes_beside_today():
    found = forecast(known_pilot(CURVES[0]), TO)
    now, twice, four = (f"±{words.times(100 * one.score)}" for one in sample_sizes(found))
    said = larger_sample(found)
    assert said.startswith(
        f"With 2,000 rows the range of accuracy with everything labeled would be about {twice} points"
    )
    assert f"instead of {now}, with 4,000 rows {four}" in said


def test_a_steep_pilot_is_told_the_rows_at_which_five_points_are_left():
    steep = forecast(known_pilot(power(0.40, 0.38, 0.15)), ForecastSettings(pool_size=20_000))
    needed = rows_needed(steep)
    at = int(np.flatnonzero(steep.budgets == needed)[0])
    left = np.median(steep.score_all[:, None] - steep.scores["random"], axis=0)
    assert left[at] <= STEEP < left[at - 1]
    plan = decide(evaluate(steep, PRICED))
    assert plan.sentence == f"Too far to say: about {words.about(needed - 1000)} more labels would tell"
    assert f"Label about {words.about(needed - 1000)} more at random" in plan.lead
    assert "embeddings" in plan.lead


def test_a_model_that_learned_nothing_is_told_rows_only_where_the_forecast_has_some():
    nothing = forecast(known_pilot(lambda k: np.full(len(k), 0.47)), ForecastSettings(pool_size=20_000))
    assert rows_needed(nothing) is None
    rising = forecast(known_pilot(lambda k: 0.5 - 0.016 * np.log(k / 50)), ForecastSettings(pool_size=20_000))
    assert rising.refusal == "not_above_constant"
    needed = rows_needed(rising)
    assert needed is not None
    assert np.interp(needed, rising.budgets, rising.middles["random"]) >= 0.55 - 1e-9
    assert f"about {words.about(needed - 1000)} more rows would do" in decide(evaluate(rising, PRICED)).lead


def test_a_small_sample_is_told_a_thousand_rows_and_what_they_would_tell():
    small = forecast(known_pilot(CURVES[0], 700), TO)
    assert rows_needed(small) == 1000
    lead = decide(evaluate(small, PRICED)).lead
    assert "Label 300 more rows drawn at random, then the plan can be made. With 1,400 rows the range of " in lead


def test_a_pool_too_small_for_any_plan_is_not_told_to_label_more_than_it_has():
    small = forecast(known_pilot(CURVES[0], 300), ForecastSettings(pool_size=900))
    assert rows_needed(small) is None
    lead = decide(evaluate(small, replace(PRICED, cost_per_label=100.0))).lead
    assert "No sample of 900 items in all can: a plan takes more than 1,000." in lead
    assert "Label " not in lead


@pytest.mark.parametrize("metric", metrics_for(stored_pilot("digits").facts))
def test_every_metric_has_ranges_that_narrow(metric):
    found = forecast(stored_pilot("digits"), ForecastSettings(pool_size=50_000, metric=metric))
    widths = [one.score for one in sample_sizes(found)]
    assert len(widths) == 3
    assert 0 < widths[2] < widths[0]


def test_text_that_is_learned_too_slowly_is_pointed_to_its_meaning():
    steep = forecast(known_pilot(power(0.40, 0.38, 0.15)), ForecastSettings(pool_size=20_000))
    texts = replace(steep, pilot=replace(steep.pilot, facts=replace(steep.pilot.facts, kind="text")))
    assert "text read by its meaning" in decide(evaluate(texts, PRICED)).lead


def test_a_plan_that_stands_needs_no_more_rows():
    assert rows_needed(known_forecast()) is None


def test_a_sample_that_leaves_nothing_to_buy_is_not_promised_a_range_of_nought():
    """On a plateau four times the rows are within a point of everything: there is no range to narrow."""
    found = forecast(known_pilot(power(0.05, 0.012, 0.8)), TO)
    assert sample_sizes(found)[-1].labels < 1 < sample_sizes(found)[0].labels
    said = larger_sample(found)
    assert not re.search(r"±0(?![.\d])", said)
    assert "hardly be a label left to buy" in said
