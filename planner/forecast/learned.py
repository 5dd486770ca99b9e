"""What other data sets taught: one file of constants, with the scripts, the data sets and the dates that made them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

WIDER = 1.3  # how much wider a range without a study is drawn
FEWEST, MOST = 500, 4000  # rows of the smallest and largest samples studied
MOST_LIFT = 0.7  # of ln factor: half to twice
SELDOM = 0.01  # rarer than this nothing was seen often enough to say
LEAST_ERROR = 0.005  # below this an error says nothing about how hard a task is


@dataclass(frozen=True)
class Rate:
    """Exchange rate of a strategy: ln s ~ N(at_15 + slope ln(error / .15) + replay l + size ln(rows / 1,000), sd^2).

    The error is that at the sample; l is ln s inside the replay, which runs out of rows and so tells only a part. The
    more rows are owned, the less a chosen one is worth.
    """

    at_15: float
    slope: float
    replay: float
    size: float
    sd: float

    def centre(self, error: float, replayed: float, rows: int) -> float:
        """Mean of ln s at an error, for a strategy whose replay gave so much on a sample of so many rows."""
        hard, many = np.log(max(error, LEAST_ERROR) / 0.15), np.log(np.clip(rows, FEWEST, MOST) / 1000)
        return float(self.at_15 + self.slope * hard + self.replay * replayed + self.size * many)


@dataclass(frozen=True)
class Lift:
    """How much more or less there was to gain than fitted curves say.

    ln factor = own[kind] + size ln(rows / 1,000) + error ln(error / .15), with the error at the sample.
    """

    own: Mapping[str, float]
    size: float
    error: float

    def factor(self, kind: str, rows: int, error: float) -> float:
        """The factor on every gain beyond the sample, for a kind of model; between half and twice."""
        many, hard = np.log(np.clip(rows, FEWEST, MOST) / 1000), np.log(max(error, LEAST_ERROR) / 0.15)
        ln = self.own.get(kind, self.own["unknown"]) + self.size * many + self.error * hard
        return float(np.exp(np.clip(ln, -MOST_LIFT, MOST_LIFT)))


@dataclass(frozen=True)
class Surety:
    """How often it came true when draws gave a chance: logit = level + slope logit(share of the draws).

    Platt 1999, Probabilistic Outputs for Support Vector Machines, section 2.1, with the draws' logit as the score.
    """

    level: float
    slope: float

    def chance(self, share: float) -> float:
        """The chance that something comes true which holds in a share of the draws; never nearer to sure than 1%."""
        within = float(np.clip(share, SELDOM / 2, 1 - SELDOM / 2))
        said = 1 / (1 + np.exp(-(self.level + self.slope * np.log(within / (1 - within)))))
        return float(np.clip(said, SELDOM, 1 - SELDOM))


@dataclass(frozen=True)
class Width:
    """Half-width of the 80% range that held on other data sets: scale sqrt(sd^2 + least^2), sd of the draws."""

    scale: float
    least: float

    def half(self, sd: float | np.ndarray) -> np.ndarray:
        """Half-widths for sds."""
        return np.asarray(self.scale * np.hypot(sd, self.least))


@dataclass(frozen=True)
class Widths:
    """The widths of one quantity: by the rows of the sample, and how much wider or narrower for a class of model."""

    sizes: Mapping[int, Width]
    classes: Mapping[str, float]  # {family: factor}

    def at(self, rows: int, family: str) -> Width:
        """The width learned at the size nearest by ratio; a class without a study is drawn like the widest."""
        width = self.sizes[min(self.sizes, key=lambda size: abs(float(np.log(rows / size))))]
        factor = self.classes.get(family, max(self.classes.values(), default=1.0))
        return Width(factor * width.scale, width.least)


@dataclass(frozen=True)
class Learned:
    """Everything a forecast in one metric takes from other data sets."""

    data_sets: int
    rates: Mapping[str, tuple[float, float]]  # {family of models: (mean, sd) of ln rate of its power laws}
    exchange: Mapping[str, Rate]  # {strategy with a study of its own: its rate; "": of any other}
    lift: Lift
    score: Widths  # of the score with everything labeled
    labels: Mapping[str, Widths]  # {strategy: of ln(labels to buy + 100)}; "": of any other
    next_batch: Surety  # of the chance that the next batch pays
    calibrated: bool = True  # whether the study was of this metric

    def rate_prior(self, family: str) -> tuple[float, float]:
        """Mean and sd of ln rate of a family, of all together for one without a study."""
        return self.rates.get(family, self.rates["unknown"])


def learned_from(saved: Mapping[str, Any], data_sets: int, calibrated: bool = True) -> Learned:
    """The constants of one metric as they are stored."""

    def widths(found: Mapping[str, Any]) -> Widths:
        return Widths({int(size): Width(*pair) for size, pair in found["sizes"].items()}, dict(found["classes"]))

    return Learned(
        data_sets,
        {family: (float(pair[0]), float(pair[1])) for family, pair in saved["rates"].items()},
        {name: Rate(*five) for name, five in saved["exchange"].items()},
        Lift(dict(saved["lift"]["own"]), float(saved["lift"]["size"]), float(saved["lift"]["error"])),
        widths(saved["widths"]["score"]),
        {name: widths(found) for name, found in saved["widths"]["labels"].items()},
        Surety(*saved["next_batch"]),
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
