"""Strategies beside random labeling: laws, hand-made numbers, and how often the tests cry wolf."""

from dataclasses import replace

import comparisons
import handmade
import numpy as np
import pytest
from comparisons import curve, flat, measured, replays
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from scipy.stats import ttest_rel

from planner.forecast.comparison import (
    SURE,
    areas,
    best_of_pilot,
    compare,
    compare_measured,
    corrected_error,
    corrected_interval,
    corrected_t_test,
    held_out_ratio,
    holm,
)
from planner.forecast.replayed import exchange_of_folds, measure, replay_exchange

OURS = [0.83, 0.84, 0.82, 0.86, 0.85, 0.83, 0.84, 0.88, 0.81, 0.84]
THEIRS = [0.82, 0.82, 0.83, 0.84, 0.84, 0.81, 0.84, 0.85, 0.80, 0.83]


def test_the_area_is_the_trapezoid_over_labels_by_the_length_of_the_budget() -> None:
    """By hand: (50 x .5 + 100 x .65) / 150 = .6 for scores .4, .6, .7 at 50, 100, 200 labels."""
    folds = np.tile([0.4, 0.6, 0.7], (4, 1))
    assert areas(measured(folds, np.array([50, 100, 200]))) == pytest.approx([0.6] * 4)


def test_a_single_anchor_is_its_own_area() -> None:
    assert areas(measured(np.full((4, 1), 0.7), np.array([50]))) == pytest.approx([0.7] * 4)


def test_the_corrected_t_is_the_formula_of_nadeau_and_bengio() -> None:
    """J = 10 folds, four training folds for each test fold: t = mean / sqrt((1 / 10 + 1 / 4) variance), 9 degrees."""
    difference = np.array(OURS) - np.array(THEIRS)
    mean = sum(difference) / 10
    variance = sum((one - mean) ** 2 for one in difference) / 9
    t = mean / ((1 / 10 + 1 / 4) * variance) ** 0.5
    assert corrected_t_test(difference, 0.25) == pytest.approx(2 * (1 - student.cdf(t, 9)))
    assert held_out_ratio(flat(OURS)) == 0.25


def test_without_shared_rows_it_is_the_paired_t_test() -> None:
    assert corrected_t_test(np.array(OURS) - np.array(THEIRS), 0.0) == pytest.approx(ttest_rel(OURS, THEIRS).pvalue)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30), st.floats(0, 1))
def test_the_corrected_error_is_never_below_the_plain_one(found: list[float], ratio: float) -> None:
    difference = np.array(found)
    assert corrected_error(difference, ratio) >= difference.std(ddof=1) / np.sqrt(len(found)) - 1e-15


def test_a_strategy_beside_itself_differs_by_nothing() -> None:
    random = replays({})["random"]
    (row,) = compare_measured({"random": random, "margin": random}, "accuracy").rows
    assert (row.gain, row.p, row.adjusted_p, row.efficiency, row.won) == (0, 1, 1, 1, 0.5)
    assert row.standing == "open"


def test_swapping_the_pair_turns_the_sign() -> None:
    made = replays({"margin": 0.01})
    (there,) = compare_measured(made, "accuracy").rows
    (back,) = compare_measured({"random": made["margin"], "margin": made["random"]}, "accuracy").rows
    assert (back.gain, back.gain_low, back.gain_high) == pytest.approx((-there.gain, -there.gain_high, -there.gain_low))
    assert (back.p, back.won) == pytest.approx((there.p, 1 - there.won))


def test_a_constant_on_all_scores_changes_no_difference() -> None:
    made = replays({"margin": 0.006, "entropy": -0.004})
    raised = {name: replace(one, folds=one.folds + 0.03, mean=one.mean + 0.03) for name, one in made.items()}
    for one, other in zip(
        compare_measured(made, "accuracy").rows, compare_measured(raised, "accuracy").rows, strict=True
    ):
        assert (other.gain, other.gain_low, other.p) == pytest.approx((one.gain, one.gain_low, one.p))
        assert (other.efficiency, other.won) == pytest.approx((one.efficiency, one.won))


def test_the_same_margin_in_every_fold_is_certain() -> None:
    made = replays({})
    ahead = replace(made["random"], folds=made["random"].folds + 0.01)
    (row,) = compare_measured({**made, "margin": ahead}, "accuracy").rows
    assert (row.gain, row.won) == pytest.approx((0.01, 1))
    assert row.p < 1e-9
    assert row.standing == "ahead"


def test_behind_is_said_as_plainly_as_ahead() -> None:
    rows = compare_measured(replays({"margin": 0.02, "entropy": -0.02}), "accuracy").rows
    assert {row.strategy: row.standing for row in rows} == {"margin": "ahead", "entropy": "behind"}


def test_holm_by_hand() -> None:
    """Holm 1979: .01 x 4 = .04; .02 x 3 = .06; .03 x 2 = .06; .04 stays above the one before it."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_is_never_below_the_raw_p(raw: list[float]) -> None:
    adjusted = holm(raw)
    assert all(one >= p and one <= 1 for one, p in zip(adjusted, raw, strict=True))
    by_raw = [one for _, one in sorted(zip(raw, adjusted, strict=True))]
    assert by_raw == sorted(by_raw)


def test_the_corrected_t_cries_wolf_as_often_as_it_says_and_the_plain_one_far_more_often() -> None:
    """Folds that share rows: differences of equal correlation n_test / n, no true difference, 4,000 pilots."""
    rng = np.random.default_rng(0)
    shared = 1 / comparisons.FOLDS
    common = rng.normal(size=(4000, 1)) * np.sqrt(shared)
    differences = common + rng.normal(size=(4000, 10)) * np.sqrt(1 - shared)
    corrected = np.mean([corrected_t_test(one, 0.25) < 0.05 for one in differences])
    plain = np.mean([corrected_t_test(one, 0.0) < 0.05 for one in differences])
    assert abs(corrected - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4000)
    assert plain > 4 * 0.05


def test_the_interval_is_where_the_test_turns() -> None:
    difference = np.array(OURS) - np.array(THEIRS)
    for end in corrected_interval(difference, 0.25, inside=0.8):
        assert corrected_t_test(difference - end, 0.25) == pytest.approx(0.2)


@pytest.mark.parametrize("worth", [0.5, 1.0, 2.5])
def test_labels_worth_so_many_random_ones_are_found_to_be(worth: float) -> None:
    """A curve that k labels carry as far as worth x k random ones; read by straight lines between close anchors."""
    labels = np.round(np.geomspace(50, 2000, 60))
    random = measured(np.tile(curve(labels), (10, 1)), labels)
    chosen = measured(np.tile(curve(labels * worth), (10, 1)), labels)
    (row,) = compare_measured({"random": random, "margin": chosen}, "accuracy").rows
    assert row.efficiency == pytest.approx(worth, rel=0.01)


def test_the_exchange_of_the_forecast_is_the_mean_over_folds() -> None:
    made = replays({"margin": 0.01})
    folds = exchange_of_folds(made["margin"], made["random"])
    assert replay_exchange(made["margin"], made["random"]) == pytest.approx(
        (folds.mean(), folds.std(ddof=1) / np.sqrt(10))
    )


def test_a_replay_too_short_to_read_labels_off_says_nothing_of_them() -> None:
    labels = np.array([50.0, 67, 80])
    made = {name: measured(np.tile([0.5, 0.6, 0.7], (10, 1)), labels) for name in ("random", "margin")}
    (row,) = compare_measured(made, "accuracy").rows
    assert (row.efficiency, row.efficiency_low, row.efficiency_high) == (None, None, None)


def test_the_best_of_two_is_as_sure_as_the_corrected_t() -> None:
    """The correlated t posterior: the chance that the mean difference is above 0 is 1 - p / 2."""
    for seed in range(4):
        made = replays({"margin": 0.003}, noise=0.008, seed=seed)
        (row,) = compare_measured(made, "accuracy").rows
        chance = best_of_pilot(made).chances["margin"]
        assert chance == pytest.approx(1 - row.p / 2 if row.gain > 0 else row.p / 2, abs=0.02)


def test_chances_sum_to_one_and_do_not_depend_on_the_order() -> None:
    made = replays({"margin": 0.002, "entropy": 0.001, "k_center": 0.0, "badge": 0.002})
    best = best_of_pilot(made)
    turned = best_of_pilot(dict(reversed(made.items())))
    assert sum(best.chances.values()) == pytest.approx(1)
    assert best.chances == turned.chances
    assert best.strategy == turned.strategy == max(best.chances, key=lambda name: best.chances[name])


def test_equal_strategies_share_the_chance() -> None:
    made = replays({"margin": 0.02})
    best = best_of_pilot({**made, "entropy": made["margin"]})
    assert best.chances["margin"] == pytest.approx(best.chances["entropy"], abs=1e-12)
    assert not best.sure


def test_a_clear_winner_is_named_and_a_close_race_is_not() -> None:
    clear = best_of_pilot(replays({"margin": 0.03, "entropy": 0.0}))
    assert (clear.strategy, clear.sure) == ("margin", True)
    assert clear.chance >= SURE
    close = best_of_pilot(replays({"margin": 0.0, "entropy": 0.0, "badge": 0.0}, noise=0.01))
    assert not close.sure


def test_luck_that_strategies_share_makes_no_one_less_sure() -> None:
    """Every fold moves by its own luck, the same for all: the chances stay."""
    made = replays({"margin": 0.002, "entropy": 0.001})
    luck = np.random.default_rng(5).normal(0, 0.05, (10, 1))
    moved = {name: replace(one, folds=one.folds + luck) for name, one in made.items()}
    before, after = best_of_pilot(made).chances, best_of_pilot(moved).chances
    for name, chance in before.items():
        assert after[name] == pytest.approx(chance, abs=0.01)


def test_a_pilot_is_compared_as_its_replays_are() -> None:
    pilot = handmade.forecast().pilot
    names = pilot.settings.all_strategies
    by_hand = compare_measured({name: measure(pilot, name, "accuracy") for name in names}, "accuracy")
    found = compare(pilot, "accuracy")
    assert [(row.strategy, row.gain) for row in found.rows] == [(row.strategy, row.gain) for row in by_hand.rows]
    assert found.rows[0].gain == pytest.approx(handmade.AHEAD["margin"], abs=0.003)  # scores are whole rows of 200
    assert found.folds == pilot.settings.folds * pilot.settings.repeats
