"""The mixture of curve families: it finds curves it was not told, holds what it says, and never forecasts a rise."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.choices.families import FAMILIES
from planner.forecast.learned import stored
from planner.forecast.mixture import (
    DRIFTS,
    FLOORS,
    RATES,
    Evidence,
    Mixture,
    draw_curves,
    evidence,
    prior_of,
)
from planner.pilot.task import labels_at

LABELS = labels_at(50, 1.35, 1600).astype(float)
AHEAD = 1600 * np.array([1.0, 2, 4, 8, 16, 32])


def drawn(labels, mean, variance, model_class="unknown", draws=2000, seed=0) -> Mixture:
    found = evidence(labels, mean, variance)
    return draw_curves(int(labels[-1]), found, prior_of(model_class), draws, np.random.default_rng(seed))


def power(level: float, floor: float, rate: float):
    return lambda labels: level * (floor + (1 - floor) * (labels / 1600) ** -rate)


def width(curve: Mixture, labels: np.ndarray) -> np.ndarray:
    low, high = np.quantile(curve.error(labels), [0.1, 0.9], axis=0)
    return high - low


@pytest.mark.parametrize(("level", "floor", "rate"), [(0.15, 0.45, 0.6), (0.25, 0.6, 0.4), (0.2, 0, 0.3)])
def test_a_power_law_that_made_the_points_is_found(level, floor, rate):
    """The level to a hundredth; the decline ahead at 16 times the labels to a quarter, and inside the 80% band."""
    truth = power(level, floor, rate)
    found = drawn(LABELS, truth(LABELS), np.zeros(len(LABELS))).error(AHEAD)
    low, middle, high = np.quantile(found, [0.1, 0.5, 0.9], axis=0)
    assert middle[0] == pytest.approx(level, rel=0.01)
    assert middle[4] == pytest.approx(truth(AHEAD[4]), abs=0.25 * (level - truth(AHEAD[4])))
    assert low[4] <= truth(AHEAD[4]) <= high[4]


def test_a_flat_curve_stays_flat():
    curve = drawn(LABELS, np.full(len(LABELS), 0.2), np.full(len(LABELS), 0.002**2))
    assert np.median(curve.error(AHEAD), axis=0) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_one_at_the_labels_where_it_is_known_and_falls_to_nothing(family):
    choice = FAMILIES[family]
    z = np.geomspace(0.05, 1e12, 60)[None, :]
    for shift in choice.facts["shifts"]:
        found = choice.call(z, RATES[:, None], np.array([[shift]]))
        assert (np.diff(found, axis=1) < 0).all()
        assert found[:, -1].max() < 0.5
        np.testing.assert_allclose(choice.call(np.ones((1, 1)), RATES[:, None], np.array([[shift]])), 1)


def test_ranges_widen_with_distance():
    curve = drawn(LABELS, power(0.2, 0.5, 0.5)(LABELS), np.full(len(LABELS), 0.003**2))
    assert (np.diff(width(curve, AHEAD)) > 0).all()


def test_ranges_narrow_with_repeats_and_with_anchors():
    truth = power(0.2, 0.5, 0.5)
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 1, (60, len(LABELS)))

    def mean_width(labels: np.ndarray, sd: float) -> float:
        kept = np.isin(LABELS, labels)
        made = [drawn(labels, truth(labels) + sd * row[kept], np.full(len(labels), sd**2), draws=400) for row in noise]
        return float(np.mean([width(curve, AHEAD[[3]])[0] for curve in made]))

    few, many = mean_width(LABELS, 0.012), mean_width(LABELS, 0.004)
    assert many < few
    assert many < mean_width(LABELS[-4:], 0.004)


@pytest.mark.slow
def test_bands_hold_curves_drawn_from_the_prior_as_often_as_they_say():
    """Over 300 curves whose seen slope drifts and whose slope ahead varies as the prior says: within binomial error."""
    rng, prior = np.random.default_rng(5), prior_of("unknown")
    weight, noise = np.exp(prior.log_weights()), np.full(len(LABELS), 0.003**2)
    back = np.log(1600 / LABELS)
    least, most = np.minimum.outer(back, back), np.maximum.outer(back, back)
    drift = np.linalg.cholesky(least**2 * (3 * most - least) / 6 + 1e-10 * np.eye(len(back)))
    held = []
    while len(held) < 300:
        size = rng.choice(len(DRIFTS), p=weight.sum(axis=1) / weight.sum())
        one = np.zeros_like(weight)
        known = Evidence(np.where(np.arange(len(DRIFTS))[:, None] == size, 0, -np.inf) + one, one + 0.2, one)
        truth = draw_curves(1600, known, prior, 1, rng)
        seen = truth.error(LABELS)[0] + DRIFTS[size] * 0.2 * drift @ rng.standard_normal(len(back))
        if seen.max() > 0.95 or seen.min() < 0.01:
            continue  # the clip at 1 is not part of the model
        found = drawn(LABELS, seen + rng.normal(0, 0.003, len(back)), noise, seed=len(held)).error(AHEAD[[3]])
        low, lowest, highest, high = np.quantile(found, [0.05, 0.1, 0.9, 0.95])
        at = truth.error(AHEAD[[3]])[0, 0]
        held.append([lowest <= at <= highest, low <= at <= high])
    shares = np.mean(held, axis=0)
    assert abs(shares[0] - 0.8) <= 3 * np.sqrt(0.8 * 0.2 / 300)
    assert abs(shares[1] - 0.9) <= 3 * np.sqrt(0.9 * 0.1 / 300)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=14),
    st.floats(0, 0.05),
    st.sampled_from(["linear", "trees", "boosting", "unknown", "text"]),
)
def test_draws_are_errors_that_never_rise_whatever_was_measured(errors, sd, model_class):
    labels = np.round(50 * 1.35 ** np.arange(len(errors)))
    curve = drawn(labels, np.array(errors), np.full(len(errors), sd**2), model_class, draws=200)
    found = curve.error(np.geomspace(50, 1e9, 100))
    assert found.min() >= 0
    assert found.max() <= 1
    assert (np.diff(found, axis=1) <= 1e-12).all()


def test_the_same_anchors_give_the_same_draws():
    mean = power(0.2, 0.5, 0.5)(LABELS)
    one, other = (drawn(LABELS, mean, np.full(len(LABELS), 1e-5)).error(AHEAD) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_every_prior_is_a_distribution():
    for name in ("linear", "trees", "boosting", "unknown"):
        weight = np.exp(prior_of(name).log_weights())
        assert weight.sum() == pytest.approx(1, abs=0.01)  # stored to three decimals


def test_the_constants_say_what_made_them():
    learned = stored()["curves"]
    assert learned["made_by"].startswith("tests/benchmarks/curves.py")
    assert len(learned["data_sets"]) > 50
    assert learned["date"]
    json.dumps(learned)
    assert FLOORS[0] == 0
