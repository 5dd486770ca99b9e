"""A side room: random learning curves that no power law describes, found by a test and named."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from planner.forecast.comparison import corrected_interval, held_out_ratio
from planner.forecast.replayed import Measured
from planner.results import Result

SURE = 0.95  # a fall or a flat curve is named when luck makes one in fewer than 5 of 100 pilots
FLAT = 0.05  # a curve that ranges over less is flat, in score. Source: Yan and others 2025 (LCDB 1.1)
SMALLEST_FALL = 0.005  # a fall that decides nothing is not named, in score
RECOVERED = 0.5  # share of a fall that must be made good for it to be a peak
DRAWS = 4000  # the bar of the test is read to a third of a percent


@dataclass(frozen=True, eq=False)
class Shape(Result):
    """What a random learning curve does that no power law does: fall, fall and recover, or not move at all."""

    name: str  # "flat" | "dipping" | "peaking"
    start: int  # labels from which the score fell; of a flat curve the first anchor
    end: int  # labels at which it was lowest since; of a flat curve the last anchor
    change: float  # score at `end` minus score at `start`
    back: int  # labels at the last anchor
    regained: float  # score there minus score at `end`


def shape_of(random: Measured) -> Shape | None:
    """The shape of a random replay where it is none that the forecast knows; None where it rises as it should.

    Dipping: with more labels the score fell and stayed down. Peaking: it fell and came back, a peak of the error, as
    where the labels just reach the number of columns. Sources: Loog, Viering 2022 (dipping and peaking); Nakkiran 2019
    (more data can hurt). A fall is named only if the largest one over all pairs of anchors is beyond luck, folds paired.
    Flat: the whole curve ranges over less than 5 points and no rise is measured.
    """
    folds, labels = random.folds, random.labels
    if len(folds) < 2 or len(labels) < 3:
        return None
    ratio = held_out_ratio(random)
    fall = _largest_fall(folds, ratio)
    if fall is not None:
        start, end = fall
        change = float(folds[:, end].mean() - folds[:, start].mean())
        regained = float(folds[:, -1].mean() - folds[:, end].mean())
        name = "peaking" if regained >= -RECOVERED * change else "dipping"
        return Shape(name, int(labels[start]), int(labels[end]), change, int(labels[-1]), regained)
    low, _ = corrected_interval(folds[:, -1] - folds[:, 0], ratio, inside=2 * SURE - 1)
    if low <= 0 and float(np.ptp(random.mean)) < FLAT:
        change = float(random.mean[-1] - random.mean[0])
        return Shape("flat", int(labels[0]), int(labels[-1]), change, int(labels[-1]), 0.0)
    return None


def _largest_fall(folds: np.ndarray, ratio: float) -> tuple[int, int] | None:
    """Positions of the anchors (from, to) between which scores (F, K) fell furthest for their spread, if beyond luck.

    The bar is that of the largest of all such falls on a flat curve whose folds scatter as these do. The spread is the
    corrected one of Nadeau, Bengio 2003, for training sets that share rows.
    """
    J, K = folds.shape
    first, last = np.triu_indices(K, 1)
    differences = folds[:, first] - folds[:, last]  # (J, pairs), over 0 where the score fell
    mean = differences.mean(axis=0)
    centred = differences - mean
    variance = centred.var(axis=0, ddof=1)
    # Ten folds make some pair look steadier than it is, so no spread counts as less than the usual one.
    error = np.sqrt((1 / J + ratio) * np.maximum(variance, np.median(variance)))
    if not error.any():
        error = np.full_like(error, 1e-12)
    error = np.maximum(error, 1e-12)
    fallen = mean / error
    worst = int(fallen.argmax())
    if mean[worst] < SMALLEST_FALL or fallen[worst] <= _bar(centred, error, ratio):
        return None
    start = int(first[worst])
    lowest = start + 1 + int(folds[:, start + 1 :].mean(axis=0).argmin())
    return start, lowest


def _bar(centred: np.ndarray, error: np.ndarray, ratio: float) -> float:
    """The fall, in its own spreads, that luck alone exceeds in 5 of 100 flat curves."""
    J = len(centred)
    rng = np.random.default_rng(0)  # a fixed stream: the same pilot always has the same shape
    weights = rng.standard_normal((DRAWS, J)) * np.sqrt((J - 1) / rng.chisquare(J - 1, (DRAWS, 1)))
    drawn = np.sqrt((1 / J + ratio) / (J - 1)) * weights @ centred / error
    single = float(student.ppf(SURE, J - 1))
    return max(float(np.quantile(drawn.max(axis=1), SURE)), single)
