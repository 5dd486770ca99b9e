"""A side room: random learning curves that no power law describes, found by a test and named."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from planner.forecast.replayed import Measured
from planner.results import Result

SURE = 0.95  # a fall is named when luck makes one in fewer than 5 of 100 curves that never fall
FLAT = 0.05  # a curve that ranges over less is flat, in score. Source: Yan and others 2025 (LCDB 1.1)
SMALLEST_FALL = 0.005  # a smaller fall decides nothing, in score
RECOVERED = 0.5  # share of a fall that must be made good for it to be a peak
DRAWS = 4000  # the bar of the test is read to a third of a percent


@dataclass(frozen=True, eq=False)
class Shape(Result):
    """What a random learning curve does that no power law does: fall, fall and come back, or not move at all."""

    name: str  # "flat" | "dipping" | "peaking"
    start: int  # labels from which the score fell; of a flat curve the first anchor
    end: int  # labels at which it was lowest after that; of a flat curve the last anchor
    change: float  # score at `end` minus score at `start`
    last: int  # labels at the last anchor
    regained: float  # score there minus score at `end`


def shape_of(random: Measured) -> Shape | None:
    """The shape of a random replay where the forecast knows none like it; None where it rises as it should.

    Dipping: with more labels the score fell and stayed down. Peaking: it fell and came back, a peak of the error, as
    where the labels just reach the number of columns. Sources: Loog, Viering 2022; Nakkiran 2019. A fall is named only
    when the largest between any two anchors is beyond luck. Flat: the curve ranges over less than 5 points and no rise
    is measured. Of 360 replays of models on generated data that never fall and of 127 pilots of linear models and trees
    on 29 real data sets none was said to fall; 12 were flat, most of them where one class has most rows.
    """
    folds, labels, tested = random.folds, random.labels, len(random.folds) // len(random.repeats)
    if tested < 2 or len(labels) < 3:
        return None
    mean = folds.mean(axis=0)
    found = _largest_fall(folds, tested)
    if found is not None:
        start, end = found
        change, regained = float(mean[end] - mean[start]), float(mean[-1] - mean[end])
        name = "peaking" if regained >= -RECOVERED * change else "dipping"
        return Shape(name, int(labels[start]), int(labels[end]), change, int(labels[-1]), regained)
    return _flat(folds, labels, tested)


def _flat(folds: np.ndarray, labels: np.ndarray, tested: int) -> Shape | None:
    """A curve whose line over ln labels neither rises by 5 points nor is known to rise at all."""
    logs = np.log(labels) - np.log(labels).mean()
    rises = (folds @ logs) / (logs @ logs) * float(np.ptp(logs))  # (F,) of each fold, from the first anchor to the last
    least = rises.mean() - student.ppf(0.9, len(rises) - 1) * np.sqrt(rises.var(ddof=1) / tested)
    if least > 0 or abs(rises.mean()) >= FLAT:
        return None
    return Shape("flat", int(labels[0]), int(labels[-1]), float(rises.mean()), int(labels[-1]), 0.0)


def _largest_fall(folds: np.ndarray, tested: int) -> tuple[int, int] | None:
    """Positions of the anchors (from, lowest after) of the fall of scores (F, K) that is clearest, if beyond luck.

    Anchors are compared within each fold. Repeats test the same rows again, so the variance of a mean is that of one
    repeat's folds, `tested` of them: on generated replays of three kinds the true one was a half to three quarters of
    that. No spread counts as less than the usual one, for few folds make some pair look steadier than it is.
    """
    first, last = np.triu_indices(folds.shape[1], 1)
    differences = folds[:, first] - folds[:, last]  # (F, pairs), over 0 where the score fell
    fallen = differences.mean(axis=0)
    centred = differences - fallen
    variance = centred.var(axis=0, ddof=1)
    spread = np.maximum(np.sqrt(np.maximum(variance, np.median(variance)) / tested), 1e-9)
    worst = int((fallen / spread).argmax())
    clear = fallen[worst] / spread[worst]
    if fallen[worst] < SMALLEST_FALL or clear <= student.ppf(SURE, len(folds) - 1):  # short of the bar for one pair
        return None
    if clear <= _bar(centred / spread, tested):
        return None
    start = int(first[worst])
    return start, start + 1 + int(folds[:, start + 1 :].mean(axis=0).argmin())


def _bar(centred: np.ndarray, tested: int) -> float:
    """The largest fall, in spreads, that luck exceeds in 5 of 100 flat curves whose folds (F, pairs) scatter as these.

    By multivariate t draws that keep what the pairs share. Source: Chernozhukov, Chetverikov, Kato 2013.
    """
    left = len(centred) - 1
    rng = np.random.default_rng(0)  # a fixed stream: the same pilot always has the same shape
    weights = rng.standard_normal((DRAWS, left + 1)) * np.sqrt(left / rng.chisquare(left, (DRAWS, 1)))
    largest = (weights @ centred).max(axis=1) / np.sqrt(left * tested)
    return float(np.quantile(largest, SURE))
