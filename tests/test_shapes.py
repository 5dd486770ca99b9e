"""Flat, dipping and peaking curves: named when they are there, hardly ever when they are not."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from making import lucky_replay
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from planner.forecast.replayed import Measured
from planner.forecast.shapes import shape_of
from planner.pilot.task import labels_at

SEEDS = 150
BY_LUCK = 12  # 5 of 100 and two binomial spreads
Score = Callable[[np.ndarray], np.ndarray]


def named(score: Score, n: int = 1000) -> Counter[str]:
    """How often each shape is named over the seeds."""
    shapes = [shape_of(lucky_replay(score, seed, n)) for seed in range(SEEDS)]
    return Counter(shape.name if shape else "none" for shape in shapes)


def power(level: float, gain: float, rate: float) -> Score:
    return lambda k: 1 - level - gain * (k / 50) ** -rate


def peak(depth: float) -> Score:
    """Ten points up from 50 to 800 labels, `depth` points down again around 220."""
    return lambda k: 0.78 + 0.10 * np.log(k / 50) / np.log(16) - depth * np.exp(-0.5 * (np.log(k / 220) / 0.3) ** 2)


def dip(depth: float) -> Score:
    """85% up to 150 labels, less from there on."""
    return lambda k: np.where(k <= 150, 0.85, 0.85 - depth)


@pytest.mark.parametrize("curve", [power(0.05, 0.3, 0.5), power(0.1, 0.05, 1.2), power(0.02, 0.4, 0.15)])
def test_a_curve_that_rises_as_it_should_is_hardly_ever_called_anything(curve: Score) -> None:
    assert named(curve)["none"] >= SEEDS - BY_LUCK


@pytest.mark.parametrize("level", [0.6, 0.8, 0.95])
def test_a_flat_curve_is_called_flat_and_hardly_ever_falling(level: float) -> None:
    """Flat at nine in ten, for a rise of luck is measured in one of ten; a fall in at most 5 of 100."""
    found = named(lambda k: np.full(len(k), level))
    assert found["dipping"] + found["peaking"] <= BY_LUCK
    assert found["flat"] >= 0.8 * SEEDS


@pytest.mark.parametrize(("curve", "name"), [(dip(0.06), "dipping"), (peak(0.12), "peaking")])
def test_a_dip_and_a_peak_are_found_and_told_apart(curve: Score, name: str) -> None:
    assert named(curve)[name] >= 0.9 * SEEDS


def test_the_known_peak_of_discriminant_analysis_is_found_where_labels_reach_the_columns() -> None:
    """With 225 columns its error peaks at 225 labels, where the covariance is just invertible.

    Source: Loog, Viering 2022, on peaking.
    """
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 1000)
    X = rng.normal(0, 1, (1000, 225)) + 0.3 * np.where(y, 1, -1)[:, None] * (np.arange(225) < 50)
    labels, folds = labels_at(50, 1.35, 800), []
    for rows in rng.permutation(1000).reshape(5, -1):
        pool = rng.permutation(np.setdiff1d(np.arange(1000), rows))
        models = [LinearDiscriminantAnalysis().fit(X[pool[:k]], y[pool[:k]]) for k in labels]
        folds.append([model.score(X[rows], y[rows]) for model in models])
    every = np.array(folds)
    mean = every.mean(axis=0)
    shape = shape_of(Measured(labels, mean, mean, mean, mean[None], every))
    assert shape is not None
    assert (shape.name, shape.end) == ("peaking", 225)


def test_more_rows_find_smaller_falls() -> None:
    assert named(dip(0.03), 1000)["dipping"] < named(dip(0.03), 2000)["dipping"] < named(dip(0.03), 4000)["dipping"]


def test_where_the_curve_fell_and_how_far_is_said() -> None:
    """The generated curve falls by 10 points after 150 labels; its last anchor before is at 123."""
    shape = shape_of(lucky_replay(dip(0.10), 1, 4000))
    assert shape is not None
    assert shape.start <= 150 < shape.end
    assert shape.change == pytest.approx(-0.10, abs=0.03)
    assert shape.regained <= 0.03
    back = shape_of(lucky_replay(peak(0.20), 1, 4000))
    assert back is not None
    assert 50 <= back.start < 220
    assert back.end == pytest.approx(220, rel=0.36)  # one step of the replay
    assert back.regained > -0.5 * back.change


def test_the_same_replay_has_the_same_shape_and_one_fold_has_none() -> None:
    made = lucky_replay(dip(0.06), 3)
    one, other = shape_of(made), shape_of(made)
    assert one is not None
    assert other is not None
    assert (one.name, one.start, one.end) == (other.name, other.start, other.end)
    alone = Measured(made.labels, made.mean, made.low, made.high, made.mean[None], made.mean[None])
    assert shape_of(alone) is None
