"""A side room: the forecast held against labels it was not shown."""

from dataclasses import dataclass, replace

import numpy as np

from planner.forecast.carrying import curve_of
from planner.forecast.replayed import IN_TEN, Measured, measure
from planner.pilot.running import Pilot
from planner.results import Result

FEWEST_ANCHORS = 4  # a power law has three parameters


@dataclass(frozen=True, eq=False)
class Backtest(Result):
    """The random curve forecast from its first half, beside what was measured in the second."""

    shown: int  # labels the forecast saw
    hidden: int  # labels it was asked about
    labels: np.ndarray  # (K,) hidden anchors
    measured: np.ndarray  # (K,) scores there, 0-1
    p10: np.ndarray  # (K,)
    p50: np.ndarray  # (K,)
    p90: np.ndarray  # (K,)
    miss: float  # forecast minus measured at `hidden`, in score
    held: bool  # the range held at `hidden`


def backtest(pilot: Pilot, metric: str = "accuracy", positive: str = "", curve: str = "power_law") -> Backtest | None:
    """Forecast the second half of the pilot from the first; None when too few anchors are left to see.

    Both halves are tested on the same rows, so the range holds what the curve may do, not the luck of the test.
    """
    if not pilot.traces:
        return None
    whole = measure(pilot, "random", metric, positive=positive)
    shown = whole.labels <= 0.55 * whole.labels[-1]
    if shown.sum() < FEWEST_ANCHORS:
        return None
    part = replace(whole, **{name: getattr(whole, name)[..., shown] for name in _BY_ANCHOR})
    labels = whole.labels[~shown]
    draws = 1 - curve_of(pilot, part, 1000, curve).error(labels)
    p10, p50, p90 = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    noise = IN_TEN * (_noise(whole)[~shown] + _noise(part)[-1])
    half = np.sqrt(((p90 - p10) / 2) ** 2 + noise**2)
    measured = whole.mean[~shown]
    miss = float(p50[-1] - measured[-1])
    return Backtest(
        int(part.labels[-1]),
        int(labels[-1]),
        labels,
        measured,
        np.clip(p50 - half, 0, 1),
        p50,
        np.clip(p50 + half, 0, 1),
        miss,
        abs(miss) <= float(half[-1]),
    )


_BY_ANCHOR = tuple(name for name in Measured.__dataclass_fields__)


def _noise(measured: Measured) -> np.ndarray:
    """Sd of the mean over folds at each anchor from which rows trained, (K,)."""
    centred = measured.folds - measured.folds.mean(axis=1, keepdims=True)
    return np.asarray(centred.std(axis=0, ddof=1) / np.sqrt(len(measured.folds)))
