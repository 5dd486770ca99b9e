"""Room 3: a Pilot becomes a Forecast: draws of the score at every budget up to the pool."""

from dataclasses import dataclass

import numpy as np

from planner.choices.metrics import METRICS
from planner.pilot import Pilot
from planner.results import Result
from planner.settings import Settings, knob


@dataclass(frozen=True)
class ForecastSettings(Settings):
    """How far the pilot is carried, and in which metric."""

    pool_size: int | None = knob(
        None,
        "Every item the model could be trained on, the labeled rows included. Without it: all rows of the file, if some are unlabeled.",
        title="Items in all",
        unit="items",
        low=2,
        high=1_000_000_000,
        main=True,
    )
    metric: str = knob("accuracy", "The score that is forecast and valued.", title="Metric", choices=METRICS, main=True)
    draws: int = knob(1000, "Possible futures drawn; every range is read off them.", title="Draws", low=200, high=20_000)


@dataclass(frozen=True, eq=False)
class Measured(Result):
    """A strategy's replay in one metric, averaged over repeats and folds."""

    labels: np.ndarray  # (K,) anchors
    mean: np.ndarray  # (K,) score 0-1
    low: np.ndarray  # (K,) 10% of the mean
    high: np.ndarray  # (K,) 90% of the mean
    repeats: np.ndarray  # (R, K) mean over folds of each repeat


@dataclass(frozen=True, eq=False)
class Forecast(Result):
    """D draws of the score at B budgets for random labeling and each strategy, all from one set of draws."""

    pilot: Pilot
    settings: ForecastSettings
    pool_size: int  # N
    refusal: str | None  # "too_few" | "curves_only" | "not_above_constant" | "steep" | None: why labels cannot be forecast
    budgets: np.ndarray  # (B,) training labels in all, from n to N
    scores: dict[str, np.ndarray]  # {strategy: (D, B)} 0-1, non-decreasing along B; {} when refused before any forecast
    score_now: np.ndarray  # (D,) at the n labels
    score_all: np.ndarray  # (D,) with everything labeled
    exchange: dict[str, np.ndarray]  # {strategy: (D,)} random labels one chosen label is worth; random is all ones
    calibrated: dict[str, bool]  # {strategy: whether its intervals were learned on other data}
    ahead: dict[str, bool]  # {strategy: whether a paired interval in the pilot puts it ahead of random}
    measured: dict[str, Measured]  # {strategy: its replay inside the full training pool}
