"""The judge of forecasts is judged: it finds rates, worths and widths that were put in, and knows the best stop."""

import sys
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

sys.path.append(str(Path(__file__).parent / "benchmarks"))

from forecast import kept
from forecast_cases import Case, Curve, between, by_data_set, read_cases, smooth
from forecast_chances import logit_line
from forecast_learning import own_rate, quantile_by_group, regression, rules, scales, worth, worth_at_targets
from forecast_policies import Moved, Walk, in_rounds, once
from forecast_runs import COLD, SIZES, sizes_between

from planner.forecast.learned import stored
from planner.forecast.replayed import Measured

N = 20_000
GRID = np.geomspace(50, N, 200)


def curve(labels: np.ndarray, rate: float = 0.5) -> Curve:
    return Curve(labels, 1 - (0.1 + labels**-rate))


def case(worth_of_one: float, name: str = "made", n: int = 1000) -> Case:
    """A case whose strategy's labels are worth so many random ones."""
    random = curve(GRID)
    bought = np.geomspace(1, N - n, 80)
    reached = np.minimum(n + worth_of_one * bought, N)
    active = Curve(np.concatenate([[n], n + bought]), np.concatenate([[random.at(n)], random.at(reached)]))
    facts = (name, "logistic_regression", 0, "accuracy", n, N, 0.5, 2, False)
    nothing = Measured(*(np.empty(0) for _ in fields(Measured)))
    return Case(*facts, nothing, {}, random, {"margin": active})


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_the_rate_of_a_power_law_is_found(rate):
    assert own_rate(curve(GRID, rate), 800) == pytest.approx(rate, rel=0.03)


def test_a_curve_that_hardly_moves_has_no_rate():
    assert own_rate(Curve(GRID, np.full(len(GRID), 0.9)), 800) is None


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0, 8.0])
def test_the_worth_of_a_label_is_found(true):
    assert worth(case(true), "margin") == pytest.approx(np.log(true), abs=0.03)


def test_labels_to_buy_and_their_worth_agree():
    """x at random labels is x / s chosen ones: what a saving of 1 - 1/s means."""
    one = case(4.0)
    assert one.to_buy("margin", 0.01) == pytest.approx(one.to_buy("random", 0.01) / 4, rel=0.02)


def test_a_regression_that_fits_has_no_spread_left():
    seen = [(case(2.0, f"set {k}"), np.array([1.0, 0.1 * k, 0.0, 0.0]), 1.0 + 0.0 * k) for k in range(8)]
    assert regression(seen)[0] == pytest.approx(1.0, abs=1e-6)
    assert regression(seen)[-1] == pytest.approx(0.0, abs=1e-6)


def test_labels_at_the_targets_are_worth_what_the_whole_way_says_where_it_is_one_rate():
    assert worth_at_targets(case(4.0), "margin") == pytest.approx([np.log(4)] * 2, rel=0.02)


def test_chances_that_came_true_too_often_are_learned_as_a_logistic_regression_would():
    rng = np.random.default_rng(0)
    shares = rng.uniform(0.05, 0.95, 20_000)
    logit = np.log(shares / (1 - shares))
    true = rng.random(20_000) < 1 / (1 + np.exp(-(0.5 + 1.3 * logit)))
    peer = LogisticRegression(C=np.inf).fit(logit[:, None], true)
    assert logit_line(shares, true, np.ones(20_000)) == pytest.approx([*peer.intercept_, *peer.coef_[0]], abs=2e-3)


def test_chances_without_a_study_stay_as_they_are():
    assert logit_line(np.array([0.5]), np.array([True]), np.array([0.0])) == pytest.approx([0.0, 1.0])


def test_four_fifths_of_many_normal_misses_lie_within_the_learned_scale():
    rng = np.random.default_rng(0)
    cases = [case(2.0, f"set {k}") for k in range(2000)]
    found = quantile_by_group(np.abs(rng.standard_normal(2000)).tolist(), cases)
    assert found == pytest.approx(norm.ppf(0.9), abs=0.06)


def test_the_width_of_a_class_of_model_is_found_beside_that_of_all():
    """Trees miss three times as far as linear models: four fifths of either lie within what is learned."""
    rng = np.random.default_rng(0)
    some = [SimpleNamespace(case=replace(case(2.0, f"set {k}"), model=model)) for k in range(2000)
            for model in ("logistic_regression", "extra_trees")]  # fmt: skip
    missed = {id(one): rng.standard_normal() * (3 if one.case.model == "extra_trees" else 1) for one in some}
    found = scales(some, lambda one: [(missed[id(one)], 1.0)], 0.0)
    width = found["sizes"]["1000"][0]
    assert width * found["classes"]["linear"] == pytest.approx(norm.ppf(0.9), rel=0.06)
    assert width * found["classes"]["trees"] == pytest.approx(3 * norm.ppf(0.9), rel=0.06)


def test_a_class_with_few_data_sets_says_little_of_its_own_width():
    some = [SimpleNamespace(case=case(2.0, f"set {k}")) for k in range(50)]
    some.append(SimpleNamespace(case=replace(case(2.0, "set 50"), model="extra_trees")))
    found = scales(some, lambda one: [(9.0 if one.case.model == "extra_trees" else 1.0, 1.0)], 0.0)
    assert found["classes"]["trees"] == pytest.approx(9 ** (1 / 6)), "one set against five that it is worth"


def test_a_data_set_counts_once_however_many_pilots_it_has():
    cases = [case(2.0, "a"), case(2.0, "a"), case(2.0, "a"), case(2.0, "b")]
    assert by_data_set([1.0, 1.0, 1.0, 3.0], cases) == 2.0
    assert by_data_set([1.0, float("nan"), 1.0, float("nan")], cases) == 1.0


def test_a_smoothed_truth_never_falls_and_leaves_a_rising_one_alone():
    rng = np.random.default_rng(1)
    rising = curve(GRID).scores
    assert smooth(GRID, rising).scores == pytest.approx(rising)
    assert (np.diff(smooth(GRID, rising + rng.normal(0, 0.01, len(GRID))).scores) >= 0).all()


def test_the_sizes_of_a_later_start_are_among_those_of_an_earlier_one():
    for earlier, later in zip((COLD, *SIZES), SIZES, strict=False):
        assert set(sizes_between(later, N)) <= set(sizes_between(earlier, N))
    assert sizes_between(1000, N)[0] == 1000


def walk(draws: np.ndarray) -> Walk:
    labels = np.array([1000, 1250, 1560, 1950, 2440, 10_000], dtype=float)
    return Walk(labels, draws.mean(axis=0), np.full(5, 0.05), draws)


def test_a_forecast_that_is_sure_and_right_stops_where_hindsight_would():
    labels = np.array([1000, 1250, 1560, 1950, 2440, 10_000], dtype=float)
    one = walk(np.repeat((1 - 3 * labels**-0.5)[None], 20, axis=0))
    for price in (1e3, 1e4, 1e5, 1e6):
        best = min(range(6), key=lambda step: one.total(step, price))
        assert once(one, price) == best
        assert in_rounds(one, price, Moved(1.0, 10.0, 10.0)) == best  # what it sees says next to nothing


def test_nothing_is_bought_where_nothing_is_gained():
    flat = walk(np.full((20, 6), 0.8))
    assert once(flat, 1e6) == in_rounds(flat, 1e6, Moved(0.1, 0.01, 0.1)) == 0


def test_the_kept_results_hold_whole_truths_of_every_kind_of_model():
    results = kept()
    assert {job["model"] for job in results} >= {"logistic_regression", "extra_trees"}
    assert len({job["name"] for job in results}) >= 27
    cases = read_cases(results, "accuracy")
    assert all(0 <= one.score_now <= one.score_all <= 1 for one in cases)
    assert all((np.diff(one.active["margin"].scores) >= 0).all() for one in cases)


def test_the_stored_rules_are_those_of_the_kept_results():
    """Rates and exchange, which take seconds; `--learn` rebuilds the whole file."""
    found, saved = rules(read_cases(kept(), "accuracy")), stored()["forecasts"]["metrics"]["accuracy"]
    assert found["rates"] == saved["rates"]
    assert found["exchange"] == saved["exchange"]


def test_the_truth_of_a_strategy_begins_at_random_labeling_and_never_falls():
    """Made by hand: a dip below the start is the start, and the end pools with what lies above it."""
    random = Curve(np.array([500.0, 1000, 4000]), np.array([0.7, 0.8, 0.9]))
    found = between(random, np.array([1000, 1500, 2000, 3000, 4000]), np.array([0.75, 0.78, 0.84, 0.94, 0.88]))
    assert found.scores == pytest.approx([0.8, 0.8, 0.84, 0.92, 0.92])
    assert found.first(0.795) == 1000  # the sample is there already
