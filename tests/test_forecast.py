"""The forecast: it finds curves it was not told, widens where it must, and refuses where it should."""

from dataclasses import replace

import numpy as np
import pytest
from making import facts, known_forecast, known_pilot, power

from planner.errors import BadSetting
from planner.forecast.carrying import ForecastSettings, forecast, labels_needed, pool_size_of
from planner.forecast.crossings import at_labels, first_crossing
from planner.forecast.curves import CURVES
from planner.forecast.drawing import active_scores, budget_grid
from planner.forecast.posterior import fit_curve
from planner.forecast.replayed import is_ahead, measure, replay_exchange
from planner.pilot.task import labels_at

TO = ForecastSettings(pool_size=20_000)
UNKNOWN = (float(np.log(0.5)), 1.0)  # what is known of the rate of a model nobody studied


def spread(draws: np.ndarray) -> float:
    low, high = np.quantile(draws, [0.1, 0.9])
    return float(high - low)


def noisy_errors(rng: np.random.Generator, level: float, gain: float, rate: float, folds: int = 10):
    labels = labels_at(50, 1.35, 1600)
    return labels, power(level, gain, rate, 1600)(labels) + rng.normal(0, 0.012, (folds, len(labels)))


@pytest.mark.parametrize(("level", "gain", "rate"), [(0.15, 0.08, 0.6), (0.25, 0.1, 0.4), (0.08, 0.05, 0.9)])
def test_the_posterior_finds_the_curve_that_made_the_points(level, gain, rate):
    labels, errors = noisy_errors(np.random.default_rng(1), level, gain, rate)
    curve = fit_curve(labels, errors, UNKNOWN, 2000, np.random.default_rng(2))
    truth = float(power(level, gain, rate, 1600)(np.array([16_000.0]))[0])
    assert np.median(curve.error(np.array([16_000]))) == pytest.approx(truth, abs=0.02)


def test_intervals_hold_known_curves_about_as_often_as_they_say():
    """80% ranges over 150 drawn curves whose rates follow the prior: between 70 and 92% within binomial error."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(150):
        rate = float(np.clip(np.exp(rng.normal(np.log(0.5), 1.0)), 0.03, 2.5))
        level = rng.uniform(0.1, 0.3)
        gain = rng.uniform(0.2, 0.7) * level
        labels, errors = noisy_errors(rng, level, gain, rate)
        curve = fit_curve(labels, errors, UNKNOWN, 400, rng)
        low, high = np.quantile(curve.error(np.array([12_800])), [0.1, 0.9])
        held += low <= power(level, gain, rate, 1600)(np.array([12_800.0]))[0] <= high
    assert 0.70 <= held / 150 <= 0.92


def test_ranges_widen_with_distance_and_narrow_with_folds():
    rng = np.random.default_rng(1)
    labels, errors = noisy_errors(rng, 0.2, 0.1, 0.5, folds=40)
    many = fit_curve(labels, errors, UNKNOWN, 4000, np.random.default_rng(2)).error(np.array([2000, 8000, 64_000]))
    few = fit_curve(labels, errors[:5], UNKNOWN, 4000, np.random.default_rng(2)).error(np.array([2000]))
    assert spread(many[:, 0]) < spread(many[:, 1]) < spread(many[:, 2])
    assert spread(many[:, 0]) < spread(few[:, 0])


def test_the_forecast_of_a_known_pilot_holds_its_truth():
    truth = power(0.12, 0.04, 0.6)
    found = forecast(known_pilot(truth), TO)
    low, high = np.quantile(found.score_all, [0.1, 0.9])
    assert low <= 1 - truth(np.array([20_000.0]))[0] <= high


def test_scores_never_fall_with_labels_and_stay_scores():
    found = forecast(known_pilot(power(0.12, 0.04, 0.6), strategies=("margin", "k_center")), TO)
    for scores in found.scores.values():
        assert (np.diff(scores, axis=1) >= 0).all()
        assert scores.min() >= 0
        assert scores.max() <= 1
        np.testing.assert_array_equal(scores[:, -1], found.score_all)


def test_the_same_pilot_gives_the_same_numbers():
    pilot = known_pilot(power(0.12, 0.04, 0.6))
    for one, other in zip(forecast(pilot, TO).scores.values(), forecast(pilot, TO).scores.values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_one_label_worth_one_random_label_is_random_labeling():
    known = known_forecast()
    random = known.scores["random"]
    np.testing.assert_allclose(active_scores(random, known.budgets, 1000, np.ones(len(random))), random, atol=1e-12)


def test_a_label_worth_two_reaches_at_500_what_random_reaches_at_1000():
    known = known_forecast()
    random, twice = known.scores["random"], np.full(len(known.scores["random"]), 2.0)
    budgets = np.unique(np.concatenate([known.budgets, [1500.0, 2000.0]]))
    spread_out = at_labels(random, known.budgets, np.repeat(budgets[None], len(random), axis=0))
    found = active_scores(spread_out, budgets, 1000, twice)
    np.testing.assert_allclose(found[:, budgets == 1500.0], spread_out[:, budgets == 2000.0], rtol=1e-9)


def test_labels_needed_by_hand():
    """0.5 at 100 labels, 0.7 at 400: 0.6 lies halfway in log labels, at 200."""
    scores, budgets = np.array([[0.5, 0.7], [0.5, 0.55]]), np.array([100.0, 400.0])
    assert first_crossing(scores, budgets, 0.6).tolist() == pytest.approx([200.0, np.inf])
    assert first_crossing(scores, budgets, np.array([0.5, 0.55])).tolist() == pytest.approx([100.0, 400.0])


def test_labels_needed_grow_with_the_score_asked_for():
    known = known_forecast(worth=(1.0, 5.0))
    needed = [labels_needed(known, "margin", score) for score in (0.89, 0.905, 0.92)]
    assert (needed[0] == 0).all()
    assert (needed[0] <= needed[1]).all()
    assert (needed[1] < needed[2]).all()


def test_easier_problems_have_a_higher_exchange_rate():
    """A study by another engine, on walks of its own: ln s = ln 3.72 - .67 ln(e / .15), known to a factor of 1.3."""
    at_15 = forecast(known_pilot(lambda k: np.full(len(k), 0.15)), TO)
    at_30 = forecast(known_pilot(lambda k: np.full(len(k), 0.30)), TO)
    easier, harder = (float(np.median(one.exchange["margin"])) for one in (at_15, at_30))
    assert 3.72 / 1.3 < easier < 3.72 * 1.3
    assert easier / harder == pytest.approx(2**0.67, rel=0.1)


def test_a_strategy_without_a_study_follows_its_own_replay_and_says_so():
    def worth(of_typiclust: float) -> float:
        pilot = known_pilot(power(0.15, 0.05, 0.6), strategies=("margin", "typiclust"), worth=of_typiclust)
        found = forecast(pilot, TO)
        assert found.calibrated == {"random": True, "margin": True, "typiclust": False}
        return float(np.median(found.exchange["typiclust"]))

    assert worth(1.2) < worth(2.0) < worth(4.0)


@pytest.mark.parametrize("metric", ["macro_f1", "balanced_accuracy"])
def test_metrics_with_a_study_say_so(metric):
    found = forecast(known_pilot(power(0.15, 0.05, 0.6)), replace(TO, metric=metric))
    assert all(found.calibrated.values())


def test_a_metric_without_a_study_is_drawn_wider_everywhere():
    pilot = known_pilot(power(0.15, 0.05, 0.6))
    accuracy, other = forecast(pilot, TO), forecast(pilot, replace(TO, metric="recall"))
    assert not any(other.calibrated.values())
    assert spread(np.log(other.exchange["margin"])) == pytest.approx(1.3 * spread(np.log(accuracy.exchange["margin"])))
    assert spread(other.score_all) > spread(accuracy.score_all)


def test_on_two_classes_three_strategies_are_margin_under_other_names():
    two = forecast(known_pilot(power(0.15, 0.05, 0.6), strategies=("entropy", "least_confidence")), TO)
    assert two.calibrated["entropy"]
    assert two.calibrated["least_confidence"]


@pytest.mark.parametrize(
    ("n", "refusal", "has_scores"),
    [(300, "curves_only", False), (700, "no_label_counts", True), (1000, None, True)],
)
def test_what_a_sample_of_each_size_can_say(n, refusal, has_scores):
    found = forecast(known_pilot(power(0.15, 0.03, 0.6, 0.8 * n), n), TO)
    assert found.refusal == refusal
    assert bool(found.scores) == has_scores
    assert len(found.score_now) > 0


def test_a_model_no_better_than_the_largest_class_is_refused():
    pilot = known_pilot(lambda k: np.full(len(k), 0.47))
    assert forecast(pilot, TO).refusal == "not_above_constant"


def test_a_curve_still_climbing_by_more_than_five_points_is_refused():
    assert forecast(known_pilot(power(0.40, 0.38, 0.15)), TO).refusal == "steep"


def test_the_pool_is_typed_or_the_whole_file_and_never_below_the_sample():
    assert pool_size_of(facts(1000, rows=8000), ForecastSettings()) == 8000
    with pytest.raises(BadSetting, match=r"Give the pool size: every item you could label"):
        pool_size_of(facts(1000), ForecastSettings())
    with pytest.raises(BadSetting, match=r"The pool size is 999, but the sample alone has 1,000 labeled rows"):
        pool_size_of(facts(1000), ForecastSettings(pool_size=999))


def test_budgets_run_from_the_sample_to_the_pool():
    for n, N in ((1000, 50_000), (1000, 1003), (1000, 1000)):
        grid = budget_grid(n, N)
        assert (grid[0], grid[-1]) == (n, N)
        assert (np.diff(grid) > 0).all()


def test_a_strategy_that_is_always_ahead_is_said_to_be_and_random_is_not():
    pilot = known_pilot(power(0.2, 0.1, 0.6), worth=3.0)
    margin, random = measure(pilot, "margin", "accuracy"), measure(pilot, "random", "accuracy")
    assert is_ahead(margin, random)
    assert not is_ahead(random, margin)
    assert not is_ahead(random, random)


def test_the_replayed_exchange_rate_is_the_one_that_made_the_pilot():
    pilot = known_pilot(power(0.2, 0.1, 0.6), worth=2.0)
    found, error = replay_exchange(measure(pilot, "margin", "accuracy"), measure(pilot, "random", "accuracy"))
    assert np.exp(found) == pytest.approx(2.0, rel=0.1)
    assert error < 0.1


@pytest.mark.parametrize("curve", CURVES)
def test_every_curve_holds_a_known_pilot_and_says_whether_labels_were_learned_with_it(curve):
    truth = power(0.15, 0.05, 0.5)
    made = forecast(known_pilot(truth), ForecastSettings(pool_size=10_000, curve=curve))
    low, high = np.quantile(made.score_all, [0.05, 0.95])
    assert low <= 1 - truth(np.array([10_000.0]))[0] <= high
    assert (np.diff(made.scores["random"], axis=1) >= 0).all()
    assert made.calibrated["margin"] == CURVES[curve].facts["calibrated"]
