"""A side room: the forecast held against labels it was not shown."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from planner.forecast.basis import Basis, basis_of
from planner.forecast.carrying import Forecast
from planner.forecast.crossings import first_crossing
from planner.forecast.curves import CURVES, Drawn
from planner.forecast.drawing import lifted
from planner.forecast.exchange import exchange_draws
from planner.forecast.learned import WIDER
from planner.forecast.replayed import Measured, repeats_variance
from planner.results import Result

CHOOSER = "margin"  # the strategy with the longest study
SHOWN = (0.5, 0.25)  # shares of the sample that are shown; the last half and the last three quarters are hidden
FEWEST_ANCHORS = 4  # a power law has three parameters
FEWEST_FOR_LABELS = 1000  # rows in the part that is shown
FAR = 0.02  # a miss of more than two points softens the verdict, wherever it lies
IN_NINE = 1.40  # the range that holds 9 in 10 is that much wider than the calibrated one, which holds 8
BEYOND = 64  # times the labels shown at which a score that is not reached yet is out of reach


@dataclass(frozen=True, eq=False)
class LabelsMissed(Result):
    """Labels a strategy takes from the score at the labels shown to the score of the whole sample."""

    strategy: str
    measured: float  # in the replay
    p10: float
    p50: float
    p90: float  # inf where such a score is out of reach


@dataclass(frozen=True, eq=False)
class Backtest(Result):
    """The random curve forecast from a first part of the sample, beside what was measured in the rest of it."""

    shown: int  # labels the forecast saw
    hidden: int  # labels it was asked about
    labels: np.ndarray  # (K,) hidden anchors
    measured: np.ndarray  # (K,) scores there, 0-1
    p5: np.ndarray  # (K,)
    p50: np.ndarray  # (K,)
    p95: np.ndarray  # (K,)
    in_labels: LabelsMissed | None = None  # None where fewer than 1,000 rows are shown, or margin was not replayed

    @property
    def miss(self) -> float:
        """Forecast minus measured at `hidden`, in score."""
        return float(self.p50[-1] - self.measured[-1])

    @property
    def held(self) -> bool:
        """Whether the 9 in 10 range held at `hidden`."""
        return bool(self.p5[-1] <= self.measured[-1] <= self.p95[-1])

    @property
    def missed(self) -> bool:
        """Whether it was far enough off to soften a verdict: outside its range, or by more than two points."""
        return not self.held or abs(self.miss) > FAR


@lru_cache(maxsize=8)  # asked for again at every change of a price
def backtests(forecast: Forecast) -> tuple[Backtest, ...]:
    """Forecast the last half of the sample from the first, and the last three quarters from the first quarter.

    What was measured is the cross-validated score of the whole sample on the same test folds, so the ranges hold what
    the curve may do, not the luck of the test. Left out where too few anchors are there to be shown.

    On 525 pilots of 1,000 to 4,000 rows from 29 data sets a sixth missed; their forecasts of the score with everything
    labeled were off by 2.6 points in the mean, those of the others by 1.1, and the 8 in 10 range held 71 and 86 of 100.
    """
    if not forecast.pilot.traces:
        return ()
    settings = forecast.settings
    basis = basis_of(forecast.pilot, settings.metric, settings.positive)
    return tests_of(basis, settings.curve, settings.draws, forecast.pilot.settings.seed)


def tests_of(basis: Basis, curve: str, draws: int, seed: int) -> tuple[Backtest, ...]:
    """The same of a basis that has margin's replay or not, by a learning curve and so many draws."""
    labels = basis.random.labels
    found = []
    for share in SHOWN:
        seen = int(np.abs(np.log(labels / (share * labels[-1]))).argmin()) + 1  # to the anchor nearest by ratio
        if FEWEST_ANCHORS <= seen < len(labels):
            rng = np.random.default_rng([seed, 2, seen])
            found.append(_backtest(basis, _part(basis, seen, round(share * basis.labeled)), curve, draws, rng))
    return tuple(found)


def _backtest(basis: Basis, part: Basis, curve: str, draws: int, rng: np.random.Generator) -> Backtest:
    random, seen = basis.random, len(part.random.labels)
    known, errors = part.random.labels, 1 - part.random.folds
    drawn = CURVES[curve].call(known, errors, basis.family, basis.learned, draws, rng)
    labels = random.labels[seen:]
    scores = lifted(part, 1 - drawn.error(random.labels[seen - 1 :]))[:, 1:]
    middle = np.median(scores, axis=0)
    noise = repeats_variance(random.folds)
    sd = np.sqrt(scores.var(axis=0) + noise[seen:] + noise[seen - 1])
    wider = 1.0 if basis.calibrated["random"] and CURVES[curve].facts["calibrated"] else WIDER
    half = IN_NINE * wider * basis.learned.score.at(part.labeled, basis.family).half(sd)
    low, high = np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
    missed = _in_labels(basis, part, drawn, rng) if part.labeled >= FEWEST_FOR_LABELS else None
    return Backtest(int(known[-1]), int(labels[-1]), labels, random.mean[seen:], low, middle, high, missed)


def _part(basis: Basis, seen: int, rows: int) -> Basis:
    """The basis as it is when only so many anchors and rows are known."""

    def cut(one: Measured) -> Measured:
        return Measured(*(getattr(one, field.name)[..., :seen] for field in fields(Measured)))

    measured = {name: cut(one) for name, one in basis.measured.items() if name in ("random", CHOOSER)}
    studies = {name: basis.studies[name] for name in measured}
    return replace(basis, labeled=rows, random=cut(basis.random), measured=measured, studies=studies)


def _in_labels(whole: Basis, part: Basis, drawn: Drawn, rng: np.random.Generator) -> LabelsMissed | None:
    """The miss in labels of margin sampling, whose exchange rate was learned on other data.

    In the replay margin starts from its own first labels, so what it took is counted from where it had the score that
    random labeling has at the labels shown.
    """
    if CHOOSER not in whole.measured:
        return None
    random, chosen = whole.measured["random"], whole.measured[CHOOSER]
    shown, last = (float(one.measured["random"].labels[-1]) for one in (part, whole))
    start, end = float(part.measured["random"].mean[-1]), float(random.mean[-1])
    risen = np.maximum.accumulate(chosen.mean)[None]
    took = [min(float(first_crossing(risen, chosen.labels, score)[0]), last) for score in (start, end)]
    grid = np.geomspace(shown, BEYOND * shown, 200)
    at_random = first_crossing(lifted(part, 1 - drawn.error(grid)), grid, end) - shown
    worth = exchange_draws(part, rng.standard_normal(len(at_random)))[CHOOSER]
    p10, p50, p90 = np.quantile(at_random / worth, [0.1, 0.5, 0.9], method="nearest")  # some are out of reach: inf
    return LabelsMissed(CHOOSER, max(took[1] - took[0], 0.0), float(p10), float(p50), float(p90))


def worst(tests: tuple[Backtest, ...]) -> Backtest | None:
    """The one to be judged by: of those that missed, if any did, the one that is furthest off."""
    return max(tests, key=lambda test: (test.missed, abs(test.miss)), default=None)
