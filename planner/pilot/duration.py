"""How long a pilot will take, from one walk of random labeling in which every strategy is asked as well."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from time import perf_counter
from typing import Any

import numpy as np

from planner.choices.strategies import STRATEGIES, Pool, Strategy
from planner.pilot.models import estimator_of
from planner.pilot.replay import simulate
from planner.pilot.running import runs
from planner.pilot.task import Run, Task, labels_at
from planner.workers import Workers

WALKING = 2.0  # seconds after which the walk is broken off and the rest is extrapolated
ASKING = 2.5  # seconds for all strategies together
ASKING_ONE = 0.5  # and for one of them
STARTING = 3.0  # seconds in which worker processes import scikit-learn
STEEPEST = 1.5  # power of the labels by which a time may grow beyond what was timed
MORE_TO_ASK_AGAIN = 3  # fits a batch, where doubted labels are asked about again
MODELS = ("committee", "architectures", "refit")  # strategies whose time goes into models and not into the pool


@dataclass(frozen=True)
class Times:
    """Seconds at some numbers of labels."""

    labels: Sequence[float]
    seconds: Sequence[float]

    def at(self, labels: np.ndarray) -> np.ndarray:
        """Seconds at other numbers of labels: a power law between those timed, and beyond them."""
        if not self.labels:
            return np.zeros(len(labels))
        x, y = np.log(self.labels), np.log(np.maximum(self.seconds, 1e-6))
        power = float(np.clip(np.polyfit(x[-3:], y[-3:], 1)[0], 0, STEEPEST)) if len(x) > 1 else 1.0
        asked = np.log(labels)
        return np.asarray(np.exp(np.interp(asked, x, y) + power * np.maximum(asked - x[-1], 0)))


class _Enough(Exception):
    """The walk has taken long enough."""


class _Asking:
    """Random labeling that times what happened since it was asked last, and how long every strategy takes."""

    def __init__(self, strategies: dict[str, Strategy]) -> None:
        self.strategies = strategies
        self.kept: dict[str, dict[str, Any]] = {name: {} for name in strategies}
        self.labels: list[float] = []
        self.fits: list[float] = []
        self.asked: dict[str, Times] = {name: Times([], []) for name in strategies}
        self.since = perf_counter()

    def __call__(self, pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        self.labels.append(len(pool.labeled))
        self.fits.append(perf_counter() - self.since)
        for name in self.strategies:
            self.ask(name, pool, n)
        if sum(self.fits) > WALKING:
            raise _Enough
        self.since = perf_counter()
        return rng.permutation(len(pool.candidates))[:n]

    def ask(self, name: str, pool: Pool, n: int) -> None:
        """Time one strategy, unless it or all of them have had their seconds."""
        one = self.asked[name]
        if sum(one.seconds) > ASKING_ONE or sum(sum(other.seconds) for other in self.asked.values()) > ASKING:
            return
        started = perf_counter()
        self.strategies[name](replace(pool, kept=self.kept[name]), n, np.random.default_rng(n))
        self.asked[name] = Times([*one.labels, len(pool.labeled)], [*one.seconds, perf_counter() - started])


def estimate_seconds(task: Task, workers: Workers | None = None) -> float:
    """About how long the traces of a task will take; finding out takes a few seconds at most."""
    workers, settings, planned = workers or Workers(), task.settings, runs(task)
    if not planned:
        return 0.0
    fold = [run for run in planned if (run.repeat, run.fold) == (0, 0)]
    fits, asked = _timed(task, fold)
    seconds = seconds_of(task, fold, fits, asked)
    folds = ceil(settings.repeats * settings.folds / workers.n_jobs)
    return (STARTING if workers.n_jobs > 1 else 0.0) + folds * seconds


def seconds_of(task: Task, fold: Sequence[Run], fits: Times, asked: dict[str, Times]) -> float:
    """Seconds of the runs of one fold, from those of a fit and of a question to each strategy at some labels."""
    shared = sum(_shared_fits(task, fits, size) for size, _ in {(run.pool_size, run.cut) for run in fold})
    return shared + sum(_own(task, run, fits, asked[run.strategy]) for run in fold)


def _timed(task: Task, fold: list[Run]) -> tuple[Times, dict[str, Times]]:
    """(seconds of a fit with its scores, seconds of a question to each strategy) in the largest pool."""
    size = max(run.pool_size for run in fold)
    settings = replace(task.settings, random_share=0.0)
    asking = _Asking({run.strategy: STRATEGIES[run.strategy].call for run in fold})
    try:
        simulate(replace(task, settings=settings), {"random": asking}, estimator_of(task), [Run("random", 0, 0, size)])
    except _Enough:
        return Times(asking.labels, asking.fits), asking.asked
    # Nobody is asked about the last batch, which is all that is left: the last fits come together.
    last = labels_at(settings.first, settings.growth, size)[len(asking.fits) :]
    rest = Times(asking.labels, asking.fits).at(last) if asking.fits else np.ones(len(last))
    rest *= (perf_counter() - asking.since) / rest.sum()
    return Times([*asking.labels, *last], [*asking.fits, *rest]), asking.asked


def _shared_fits(task: Task, fits: Times, size: int) -> float:
    """The first and the last fit of a cut, which all its runs share."""
    sizes = labels_at(task.settings.first, task.settings.growth, size)
    return float(fits.at(sizes[[0, -1]]).sum()) if len(sizes) > 1 else float(fits.at(sizes).sum())


def _own(task: Task, run: Run, fits: Times, asked: Times) -> float:
    """The other fits of a run, and its questions to the strategy."""
    sizes = labels_at(task.settings.first, task.settings.growth, run.pool_size)
    of_questions = sizes[:-2]
    left = np.ones(len(of_questions))
    if STRATEGIES[run.strategy].facts["needs"] not in MODELS:
        left = (run.pool_size - of_questions) / (task.pool_size() - of_questions)
    each = 1 + (MORE_TO_ASK_AGAIN if task.settings.relabel and not run.baseline else 0)
    return float(each * fits.at(sizes[1:-1]).sum() + (left * asked.at(of_questions)).sum())
