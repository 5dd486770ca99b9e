"""What the forecast is judged by: pilots drawn from a pool, and the truth of that pool walked from the same rows.

A job is one data set, one model and one draw. A fifth of the rows is the test; the others, in an order of the draw's
own, are the pool, and the first n of them the pilot of n rows. The truth of random labeling is that order; a strategy
goes on from the pilot's rows, re-ranking all others every time the labels have grown by a quarter, until it owns
six tenths of the pool; with everything labeled all agree.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES
from planner.forecast.replayed import Measured, constant_score, level_sd, measure, measure_random, outcome
from planner.pilot.ground import Fitted, Ground
from planner.pilot.models import estimator_of
from planner.pilot.replay import Walk, simulate
from planner.pilot.running import Pilot, prepare, runs, shared
from planner.pilot.task import PilotSettings, Run, Task
from planner.pilot.trace import Trace
from planner.sample.reading import make_sample

MOST_ROWS = 25_000  # of a data set, test rows included
SIZES = (500, 1000, 2000, 4000)
MARGIN, OTHERS = "margin", ("k_center", "badge")  # uncertainty; spread; both at once
OTHER_SIZES = (1000, 2000)  # where the other strategies go on from
COLD = 50  # a start without a sample
STEP = 2 ** (1 / 3)
WITH_PILOTS = 5  # draws that pilots are taken from; those after only make the truth surer
UNTIL = 0.6  # share of the pool after which a strategy has nothing left to choose that matters
SCORES = ("accuracy", "macro_f1", "balanced_accuracy")


@dataclass(frozen=True)
class Job:
    """One data set, model and draw."""

    name: str
    model: str
    draw: int

    @property
    def title(self) -> str:
        """Its name among the kept results."""
        return f"{self.name}-{self.model}-{self.draw}"


def run_job(folder: Path, job: Job) -> dict[str, Any]:
    """The truth and the pilots of one job, as plain values."""
    table = pd.read_parquet(folder / f"{job.name}.parquet")
    table = table.sample(min(MOST_ROWS, len(table)), random_state=0).reset_index(drop=True)
    settings = PilotSettings(strategies=(MARGIN, *OTHERS), model=job.model)
    task = replace(prepare(make_sample(table, "label"), replace(settings, cuts=1)), landscape=None)
    with threadpool_limits(limits=1):
        pool = task.pool_size()
        walk = Run("random", *divmod(job.draw, settings.folds), pool)
        ground = Ground(task, walk, watched=False)
        truth = list(walk_truth(task, ground, walk))
        sizes = [size for size in SIZES if size <= pool / 2 and job.draw < WITH_PILOTS]
        pilots = [look(table.iloc[ground.rows[:size]], settings) for size in sizes]
    facts = {"pool": pool, "test": len(ground.test), "classes": task.n_classes, "text": task.text}
    return {"name": job.name, "model": job.model, "draw": job.draw, **facts, "truth": truth, "pilots": pilots}


def walk_truth(task: Task, ground: Ground, walk: Run) -> Iterator[dict[str, Any]]:
    """Every path through the pool: random labeling, and each strategy from each start."""
    pool = len(ground.rows)
    everything = path(task, ground, walk, np.array([pool]))
    grid = sizes_between(COLD, pool)
    yield told("random", 0, grid, [*path(task, ground, walk, grid[:-1]), *everything])
    starts = [(MARGIN, start) for start in (COLD, *SIZES)]
    first = walk.repeat == walk.fold == 0
    starts += [(other, start) for other in OTHERS for start in ((COLD, *OTHER_SIZES) if first else OTHER_SIZES)]
    for strategy, start in starts:
        if start <= pool / 2 and STRATEGIES[strategy].facts["adaptive"]:
            grid = sizes_between(start, pool)
            grid = np.array([*grid[grid <= UNTIL * pool], pool])
            found = path(task, ground, replace(walk, strategy=strategy), grid[:-1])
            yield told(strategy, start, grid, [*found, *everything])


def sizes_between(start: int, pool: int) -> np.ndarray:
    """Training-set sizes from a start to the pool; every start's sizes hold those of the next, 500 doubling."""
    steps = np.arange(-20, 40)
    every = np.unique([COLD, *np.round(SIZES[0] * STEP**steps).astype(int)])
    return np.array([*every[(every >= start) & (every < 0.93 * pool)], pool])


def path(task: Task, ground: Ground, run: Run, sizes: np.ndarray) -> list[Fitted]:
    """The models along one path; it begins with the first rows of the pool's order."""
    walk = Walk(ground, STRATEGIES[run.strategy].call, estimator_of(task), run)
    labeled, model, found = np.arange(sizes[0]), None, []
    walk.labels.ask(labeled)
    for position, size in enumerate(sizes):
        fitted = walk.fitted(labeled, model)
        model = fitted.model
        found.append(replace(fitted, model=None))
        if position + 1 == len(sizes):
            break
        if run.baseline:
            labeled = np.arange(sizes[position + 1])
            walk.labels.ask(labeled[size:])
        else:
            labeled = walk.query(model, labeled, int(sizes[position + 1] - size))
    return found


def told(strategy: str, start: int, labels: np.ndarray, found: list[Fitted]) -> dict[str, Any]:
    """A path as plain values."""
    counts = Outcome(np.array([one.confusion for one in found]))
    said = np.array([one.stop.argmax(axis=1) for one in found])
    return {
        "strategy": strategy,
        "start": start,
        "labels": labels.tolist(),
        **{name: rounded(METRICS[name].call(counts)) for name in SCORES},
        "changed": rounded((said[1:] != said[:-1]).mean(axis=1)),  # of the predictions for 500 rows of the pool
        "sure": rounded(np.array([one.stop.max(axis=1).mean() for one in found])),
    }


def look(table: pd.DataFrame, settings: PilotSettings) -> dict[str, Any]:
    """The pilot of these rows: what a forecast reads, as plain values."""
    sample = make_sample(table.reset_index(drop=True), "label")
    task = replace(prepare(sample, settings), landscape=None)
    walked = [run for run in runs(task) if run.pool_size == task.pool_size()]
    folds = [list(some) for _, some in groupby(walked, lambda run: (run.repeat, run.fold))]
    chosen = {name: STRATEGIES[name].call for name in settings.all_strategies}
    traces = tuple(trace for fold in folds for trace in simulate(task, chosen, estimator_of(task), fold))
    pilot = Pilot(sample.facts, settings, task.model, "", traces, shared(task))
    return {
        "size": len(table),
        "classes": len(sample.facts.classes),
        "constant": {name: round(constant_score(pilot, name), 5) for name in SCORES},
        "curves": [said(pilot, strategy, name) for strategy in settings.all_strategies for name in SCORES],
        "at_random": [said_at_random(pilot, name) for name in SCORES],
    }


def said(pilot: Pilot, strategy: str, metric: str) -> dict[str, Any]:
    """A strategy's replay in one metric."""
    found = replayed(measure(pilot, strategy, metric), pilot, pilot.traces_of(strategy), metric)
    return {"strategy": strategy, "metric": metric, **found}


def said_at_random(pilot: Pilot, metric: str) -> dict[str, Any]:
    """Random labeling in all its cuts, in one metric."""
    return {"metric": metric, **replayed(measure_random(pilot, metric), pilot, pilot.at_random, metric)}


def replayed(measured: Measured, pilot: Pilot, traces: Sequence[Trace], metric: str) -> dict[str, Any]:
    """A replay as plain values."""
    tested = level_sd(outcome(pilot, traces, metric), metric, pilot.facts.labeled)
    folds = [rounded(fold) for fold in measured.folds]
    return {"labels": measured.labels.tolist(), "folds": folds, "sd": rounded(tested)}


def rounded(values: np.ndarray) -> list[float]:
    """Values to the precision that is kept."""
    return [round(float(value), 5) for value in values]


class Kept:
    """A job run once and kept in a file: a travelling thing, for workers."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache

    def __call__(self, job: Job) -> dict[str, Any]:
        file = self.cache / f"{job.title}.json"
        if not file.exists():
            found = run_job(self.folder, job)
            part = file.with_suffix(".part")
            part.write_text(json.dumps(found))
            part.replace(file)  # whole or not at all: a run that is broken off leaves no half file
        return json.loads(file.read_text())
