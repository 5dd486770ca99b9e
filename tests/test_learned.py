"""What other data sets taught: the file says where it comes from, and its rules do what they say."""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from making import known_pilot, power

from planner.choices.metrics import METRICS
from planner.choices.strategies import STRATEGIES
from planner.exports.trust_json import learned_on
from planner.forecast import ForecastSettings, forecast
from planner.forecast.basis import TWO_CLASSES, basis_of
from planner.forecast.drawing import lifted
from planner.forecast.learned import Lift, Rate, Surety, Width, Widths, learned, stored
from planner.plan.trust import studied

STUDIED = tuple(stored()["forecasts"]["metrics"])


def test_all_that_was_learned_is_in_one_file_that_says_what_made_it():
    assert [one.name for one in files("planner").joinpath("data").iterdir() if one.name.endswith("learned.json")]
    for part in ("curves", "forecasts"):
        saved = stored()[part]
        assert saved["made_by"].startswith("tests/benchmarks/")
        assert date.fromisoformat(saved["date"]) <= date(2100, 1, 1)
        assert len(set(saved["data_sets"])) == len(saved["data_sets"]) > 25
    json.dumps(stored())


@pytest.mark.parametrize("metric", STUDIED)
def test_every_study_names_strategies_and_metrics_that_exist_and_draws_ranges_that_are_some_width(metric):
    known = learned(metric)
    assert METRICS[metric]
    assert known.calibrated
    assert all(name == "" or STRATEGIES[name] for name in known.exchange)
    assert all(rate.sd > 0 for rate in known.exchange.values())
    assert set(known.labels) == {"random", *known.exchange}
    for widths in (known.score, *known.labels.values()):
        assert all(width.half(0.01) > 0 for width in widths.sizes.values())
        assert set(widths.classes) <= set(known.rates)
        assert all(factor > 0 for factor in widths.classes.values())


def test_a_metric_nobody_studied_takes_the_constants_of_accuracy_and_is_marked():
    assert learned("roc_auc").exchange == learned("accuracy").exchange
    assert not learned("roc_auc").calibrated


def test_the_worth_of_a_label_by_hand():
    """At an error of 15% the logarithm of the ratio is nought: ln s is at_15 and what the replay adds."""
    rate = Rate(at_15=1.0, slope=-0.5, replay=0.25, size=-0.2, sd=0.6)
    assert rate.centre(0.15, 0.4, 1000) == pytest.approx(1.1)
    assert rate.centre(0.60, 0.0, 1000) == pytest.approx(1.0 - 0.5 * np.log(4))
    assert rate.centre(0.0, 0.0, 1000) == rate.centre(0.005, 0.0, 1000)
    assert rate.centre(0.15, 0.0, 2000) == pytest.approx(1.0 - 0.2 * np.log(2))
    assert rate.centre(0.15, 0.0, 90_000) == rate.centre(0.15, 0.0, 4000), "no study goes further"


def test_a_chance_by_hand():
    """Even draws under a level of ln 3 are 3 to 1; a slope of 2 squares the odds; nothing is surer than 1 in 100."""
    assert Surety(0.0, 1.0).chance(0.3) == pytest.approx(0.3)
    assert Surety(float(np.log(3)), 1.0).chance(0.5) == pytest.approx(0.75)
    assert Surety(0.0, 2.0).chance(0.75) == pytest.approx(0.9)
    assert (Surety(0.5, 1.2).chance(0.0), Surety(0.5, 1.2).chance(1.0)) == (0.01, 0.99)
    ladder = [Surety(0.5, 1.2).chance(share) for share in np.linspace(0, 1, 21)]
    assert ladder == sorted(ladder)


def test_a_width_by_hand_and_the_size_it_was_learned_at():
    """Sides of 3 and 4 make 5, twice that 10; 1,400 rows are nearer to 1,000 than to 2,000 by ratio, 1,450 are not."""
    assert Width(2.0, 3.0).half(4.0) == pytest.approx(10.0)
    widths = Widths({1000: Width(1.0, 0.5), 2000: Width(2.0, 0.5)}, {"linear": 1.0, "trees": 1.5})
    assert widths.at(1400, "linear") == Width(1.0, 0.5)
    assert widths.at(1450, "linear") == widths.at(90_000, "linear") == Width(2.0, 0.5)


def test_a_class_of_model_has_a_width_of_its_own_and_one_without_a_study_the_widest():
    widths = Widths({1000: Width(2.0, 0.5)}, {"linear": 0.9, "trees": 1.5})
    assert widths.at(1000, "linear").scale == pytest.approx(1.8)
    assert widths.at(1000, "trees").half(0.0) == pytest.approx(1.5)
    assert widths.at(1000, "unknown") == widths.at(1000, "trees")
    assert Widths({1000: Width(2.0, 0.5)}, {}).at(1000, "trees") == Width(2.0, 0.5)


def test_a_lift_shrinks_with_rows_and_never_more_than_halves_or_doubles_a_gain():
    lift = Lift({"text": 0.4, "unknown": -0.1}, -0.3, -0.05)
    factors = [lift.factor("text", rows, 0.15) for rows in (100, 500, 1000, 2000, 4000, 1_000_000)]
    assert factors == sorted(factors, reverse=True)
    assert factors[0] == factors[1]  # nothing smaller than 500 was studied
    assert factors[-1] == factors[-2]  # and nothing larger than 4,000
    assert lift.factor("text", 1000, 0.15) == pytest.approx(np.exp(0.4))
    assert lift.factor("text", 1000, 0.3) == pytest.approx(np.exp(0.4 - 0.05 * np.log(2)))
    assert lift.factor("trees", 1000, 0.15) == pytest.approx(np.exp(-0.1))
    assert Lift({"unknown": 9.0}, 0.0, 0.0).factor("text", 1000, 0.15) == pytest.approx(np.exp(0.7))
    assert Lift({"unknown": -9.0}, 0.0, 0.0).factor("text", 1000, 0.15) == pytest.approx(np.exp(-0.7))


def test_a_linear_model_of_two_classes_is_a_kind_of_its_own():
    two = basis_of(known_pilot(power(0.15, 0.05, 0.6)), "accuracy")
    assert (two.family, two.classes) == ("linear", 2)
    assert two.kind == TWO_CLASSES
    assert replace(two, classes=3).kind == "linear"
    assert replace(two, family="trees").kind == "trees"
    factors = [one.learned.lift.factor(one.kind, 1000, 0.15) for one in (two, replace(two, classes=3))]
    assert factors[0] < factors[1]  # it has fewer weights to learn


def test_a_lift_multiplies_what_is_gained_and_leaves_the_score_at_the_sample():
    basis = basis_of(known_pilot(power(0.15, 0.05, 0.6)), "accuracy")
    scores = np.array([[0.80, 0.82, 0.85], [0.70, 0.70, 0.71]])
    factor = basis.learned.lift.factor(basis.kind, 1000, basis.error)
    found = lifted(basis, scores)
    assert found[:, 0] == pytest.approx(scores[:, 0])
    assert found[:, 1:] - found[:, :1] == pytest.approx(factor * (scores[:, 1:] - scores[:, :1]))


@pytest.mark.parametrize(
    ("asked", "said", "count"),
    [
        ({}, "learned on 29 public data sets", 29),
        ({"metric": "macro_f1"}, "learned on 29 public data sets", 29),
        ({"metric": "recall"}, "No study stands behind these ranges", 0),
        ({"curve": "mixture"}, "No study stands behind these ranges", 0),
    ],
)
def test_every_door_says_on_how_many_data_sets_a_range_was_learned(asked, said, count):
    found = forecast(known_pilot(power(0.15, 0.05, 0.6)), ForecastSettings(pool_size=20_000, **asked))
    assert said in studied(found)
    assert learned_on(found) == count == (len(stored()["forecasts"]["data_sets"]) if count else 0)


def test_a_sample_too_small_for_a_forecast_is_told_nothing_of_ranges():
    few = known_pilot(power(0.15, 0.05, 0.6), 150)
    assert studied(forecast(replace(few, traces=()), ForecastSettings(pool_size=20_000))) == ""
