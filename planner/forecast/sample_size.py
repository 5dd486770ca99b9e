"""A side room: how narrow the ranges would be with a larger sample, had it turned out as forecast."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from planner.forecast.basis import Basis, basis_of
from planner.forecast.carrying import ABOVE_CONSTANT, FEWEST_FOR_LABELS, STEEP, Forecast
from planner.forecast.crossings import first_crossing
from planner.forecast.drawing import Carried, budget_grid, carry, labels_within
from planner.forecast.learned import WIDER
from planner.forecast.replayed import Measured, constant_score
from planner.pilot.task import labels_at
from planner.results import Result

CHOOSER = "margin"  # the strategy with the longest study
SHORT = 0.01  # labels are counted to within a point of the score with everything labeled
DRAWS = 400  # the same ones at every size, so that their luck is in all of them alike


@dataclass(frozen=True, eq=False)
class SampleSize(Result):
    """How well a sample of so many rows would tell. Half-widths of 8 in 10 ranges."""

    rows: int
    score: float  # of the score with everything labeled
    labels: float  # of the labels to buy beyond those rows, to within a point of it


@lru_cache(maxsize=8)  # asked for again at every change of a price
def sample_sizes(forecast: Forecast) -> tuple[SampleSize, ...]:
    """The sample there is and ones of 2 and 4 times the rows, as far as the pool has them; () without a replay.

    The larger sample is the forecast's own: its replay follows the median curve to the end of its longer training pool,
    with the variance between folds and that of the level divided by the growth. It is carried to the pool as any pilot
    of so many rows is, and all is scaled so that the first is the range on screen.
    A sample under 500 rows is held against 1,000 and 2,000.

    On 100 pilots of 500 to 2,000 rows the range promised of twice the rows was within a factor of 1.4 of the one that
    the pilot of twice the rows gave in 95 and more, and in the median at .95 to 1.03 of it.
    """
    if not forecast.pilot.traces:
        return ()
    n, N, curve = forecast.labeled, forecast.pool_size, forecast.settings.curve
    basis = _shortened(basis_of(forecast.pilot, forecast.settings.metric, forecast.settings.positive))
    seed, first = [forecast.pilot.settings.seed, 3], max(2 * n, FEWEST_FOR_LABELS)
    here = carry(basis, budget_grid(n, N), curve, DRAWS, np.random.default_rng(seed))
    found = []
    for rows in (n, first, 2 * first):
        if rows >= N:
            break
        larger = _larger(basis, here, rows / n, forecast)
        carried = carry(larger, budget_grid(rows, N), curve, DRAWS, np.random.default_rng(seed))
        found.append(SampleSize(rows, _half(carried.scores["random"][:, -1]), _half(_to_within(carried, rows, N))))
    return _as_shown(forecast, here, found)


def rows_needed(forecast: Forecast) -> int | None:
    """Rows at which the reason that a pilot was refused for would be gone; None where none below the pool is known."""
    if forecast.refusal in ("too_few", "curves_only", "no_label_counts"):
        return FEWEST_FOR_LABELS if forecast.pool_size > FEWEST_FOR_LABELS else None
    if forecast.refusal == "steep":
        return rows_until_flatter(forecast)
    if forecast.refusal == "not_above_constant":
        bar = constant_score(forecast.pilot, forecast.settings.metric, forecast.settings.positive) + ABOVE_CONSTANT
        done = forecast.middles["random"] >= bar
        return int(forecast.budgets[done.argmax()]) if done.any() else None
    return None


def rows_until_flatter(forecast: Forecast) -> int:
    """Rows at which half of the forecasts leave a gain of 5 points at most."""
    left = np.median(forecast.score_all[:, None] - forecast.scores["random"], axis=0)
    return int(forecast.budgets[np.argmax(left <= STEEP)])


def _shortened(basis: Basis) -> Basis:
    """Random labeling and the strategy with a study, as nothing else is asked for."""
    names = [name for name in ("random", CHOOSER) if name in basis.measured]
    return replace(
        basis,
        measured={name: basis.measured[name] for name in names},
        studies={name: basis.studies[name] for name in names},
    )


def _larger(basis: Basis, here: Carried, growth: float, forecast: Forecast) -> Basis:
    """The basis that `growth` times the rows would give if the median curve were true."""
    asked, random = forecast.pilot.settings, basis.measured["random"]
    labels = labels_at(asked.first, asked.growth, round(float(random.labels[-1]) * growth))
    same = np.abs(np.log(labels / growth)[:, None] - np.log(random.labels)[None, :]).argmin(axis=1)

    def larger(one: Measured, worth: np.ndarray) -> Measured:
        reached = np.minimum(labels * worth[same], labels[-1])
        middle = np.clip(1 - np.median(here.curve.error(reached), axis=0), 0, 1)
        return _stretched(one, labels, middle, same)

    return replace(
        basis,
        labeled=round(basis.labeled * growth),
        random=larger(basis.random, np.ones(len(random.labels))),
        measured={name: larger(one, _worth(one, random)) for name, one in basis.measured.items()},
    )


def _worth(one: Measured, random: Measured) -> np.ndarray:
    """Random labels with the same score as each of a replay's, as a multiple of these, (K,)."""
    if one is random:
        return np.ones(len(one.labels))
    risen = np.maximum.accumulate(random.mean) + 1e-12 * np.arange(len(random.mean))
    return np.asarray(np.exp(np.interp(one.mean, risen, np.log(random.labels))) / one.labels)


def _stretched(one: Measured, labels: np.ndarray, middle: np.ndarray, same: np.ndarray) -> Measured:
    """A replay to more labels that scatters around `middle` as this one did at the same share of its training pool."""
    calmer = np.sqrt(one.labels[-1] / labels[-1])
    half = calmer * (one.mean - one.low)[same]
    folds, repeats = (calmer * (each - one.mean)[:, same] for each in (one.folds, one.repeats))
    return Measured(labels, middle, middle - half, middle + half, middle + repeats, middle + folds)


def _to_within(carried: Carried, rows: int, N: int) -> np.ndarray:
    """Labels to buy beyond `rows` to come within a point of everything labeled, (D,)."""
    budgets, scores = budget_grid(rows, N), carried.scores[CHOOSER if CHOOSER in carried.scores else "random"]
    return first_crossing(scores, budgets, scores[:, -1] - SHORT) - rows


def _half(draws: np.ndarray) -> float:
    low, high = np.quantile(draws, [0.1, 0.9])
    return float(high - low) / 2


def _as_shown(forecast: Forecast, here: Carried, found: list[SampleSize]) -> tuple[SampleSize, ...]:
    """Half-widths scaled so that those of the sample there is are the ones on screen, whatever it can carry."""
    n, N = forecast.labeled, forecast.pool_size
    if not found:
        return ()
    name = CHOOSER if CHOOSER in here.scores else "random"
    wider = 1.0 if forecast.calibrated[name] else WIDER
    low, _, high = labels_within(here.scores[name], budget_grid(n, N), SHORT, forecast.label_width(name), wider)
    shown = _half(forecast.score_all) if len(forecast.score_all) else found[0].score
    of_score = shown / found[0].score if found[0].score else 1.0
    of_labels = (high - low) / 2 / found[0].labels if found[0].labels else 1.0
    return tuple(SampleSize(one.rows, one.score * of_score, one.labels * of_labels) for one in found)
