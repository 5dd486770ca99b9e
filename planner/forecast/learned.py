"""What other data sets taught: one file of constants, with the scripts, the data sets and the dates that made them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

WIDER = 1.3  # how much wider a range without a study is drawn
FEWEST = 500  # rows of the smallest samples studied
MOST_LIFT = 0.7  # of ln factor: twice
LEAST_ERROR = 0.005  # below this an error says nothing about how hard a task is


@dataclass(frozen=True)
class Rate:
    """Exchange rate of a strategy: ln s ~ N(at_15 + slope ln(error / .15) + replay l, sd^2).

    The error is that at the sample; l is ln s inside the replay, which runs out of rows and so tells only a part.
    """

    at_15: float
    slope: float
    replay: float
    sd: float

    def centre(self, error: float, replayed: float) -> float:
        """Mean of ln s at an error, for a strategy whose replay gave so much."""
        return self.at_15 + self.slope * float(np.log(max(error, LEAST_ERROR) / 0.15)) + self.replay * replayed


@dataclass(frozen=True)
class Lift:
    """How much more there was to gain than fitted curves say: ln factor = own[family] + slope ln(rows / 1,000)."""

    own: Mapping[str, float]
    slope: float

    def factor(self, family: str, rows: int) -> float:
        """The factor on every gain beyond the sample; samples larger than any studied are left alone."""
        own = self.own.get(family, self.own["unknown"])
        return float(np.exp(np.clip(own + self.slope * np.log(max(rows, FEWEST) / 1000), 0, MOST_LIFT)))


@dataclass(frozen=True)
class Width:
    """Half-width of the 80% range that held on other data sets: scale sqrt(sd^2 + least^2), sd of the draws."""

    scale: float
    least: float

    def half(self, sd: float | np.ndarray) -> np.ndarray:
        """Half-widths for sds."""
        return np.asarray(self.scale * np.hypot(sd, self.least))


@dataclass(frozen=True)
class Learned:
    """Everything a forecast in one metric takes from other data sets."""

    data_sets: int
    rates: Mapping[str, tuple[float, float]]  # {family of models: (mean, sd) of ln rate of its power laws}
    exchange: Mapping[str, Rate]  # {strategy with a study of its own: its rate; "": of any other}
    lift: Lift
    score: Mapping[int, Width]  # {rows of the sample: of the score with everything labeled}
    random_labels: Mapping[int, Width]  # likewise, of ln(labels to buy + 100) at random
    active_labels: Mapping[int, Width]
    calibrated: bool = True  # whether the study was of this metric

    def rate_prior(self, family: str) -> tuple[float, float]:
        """Mean and sd of ln rate of a family, of all together for one without a study."""
        return self.rates.get(family, self.rates["unknown"])


def nearest(widths: Mapping[int, Width], rows: int) -> Width:
    """The width learned at the size nearest by ratio."""
    return widths[min(widths, key=lambda size: abs(float(np.log(rows / size))))]


def learned_from(saved: Mapping[str, Any], data_sets: int, calibrated: bool = True) -> Learned:
    """The constants of one metric as they are stored."""

    def widths(name: str) -> dict[int, Width]:
        return {int(size): Width(*pair) for size, pair in saved["widths"][name].items()}

    return Learned(
        data_sets,
        {family: (float(pair[0]), float(pair[1])) for family, pair in saved["rates"].items()},
        {name: Rate(*three) for name, three in saved["exchange"].items()},
        Lift({family: float(one) for family, one in saved["lift"]["own"].items()}, float(saved["lift"]["slope"])),
        widths("score"),
        widths("random_labels"),
        widths("active_labels"),
        calibrated,
    )


@lru_cache
def stored() -> Mapping[str, Any]:
    """The file: `curves` for the mixture of families, `forecasts` for everything else."""
    found: Mapping[str, Any] = json.loads((files("planner") / "data" / "learned.json").read_text("utf-8"))
    return found


@lru_cache
def learned(metric: str) -> Learned:
    """The constants of a metric; those of accuracy, marked so, for one without a study."""
    forecasts = stored()["forecasts"]
    count, own = len(forecasts["data_sets"]), forecasts["metrics"].get(metric)
    return learned_from(own or forecasts["metrics"]["accuracy"], count, calibrated=own is not None)
