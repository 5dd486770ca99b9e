"""Hold the replay against an independent simulator: python tests/benchmarks/pool_curves.py DATA [--only NAME,NAME].

DATA is a folder with sets/NAME.parquet (target column `label`) and pool_curves.parquet: accuracy of random labeling and
of margin sampling along a whole pool, measured by another program with its own encoders, splits and solver. For every
task the same pool is walked here, and the gain of margin over random in area under the curve (labels on a linear axis,
from the first anchor to the whole pool; in points of accuracy) is printed beside the other program's, with the spread
of a seed and whether the two agree within half a point. The gain on a log axis stands beside them.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES
from planner.pilot import PilotSettings, Run, Task, prepare
from planner.pilot.replay import Trace, simulate
from planner.sample import make_sample
from planner.workers import Workers, each

TASKS = (
    "hotel_cancel,letter_recognition,dry_bean,magic_gamma,adult_income,airline_tweets,clickbait_headlines,sst2,"
    "stackoverflow20,sdss_objects,cardio_disease,reuters_r8"
)
LINEAR = ("logistic_regression", "tfidf_logistic_regression")
WITHIN = 0.5  # points
SEEDS = 3


def area(labels: np.ndarray, scores: np.ndarray, log: bool = False) -> float:
    """Mean score over the labels, each label counting the same, or each doubling."""
    x = np.log(labels) if log else np.asarray(labels, dtype=float)
    return float(np.trapezoid(scores, x) / (x[-1] - x[0]))


def gain(curves: dict[str, tuple[np.ndarray, np.ndarray]], log: bool = False) -> float:
    """Area of margin minus area of random, in points."""
    return 100 * (area(*curves["margin"], log) - area(*curves["random"], log))


def theirs(curves: pd.DataFrame) -> list[dict[str, tuple[np.ndarray, np.ndarray]]]:
    """The curves of each seed of the other program."""
    seeds = []
    for _, one in curves.groupby("seed"):
        by_strategy = {name: some.sort_values("n_labels") for name, some in one.groupby("strategy")}
        seeds.append({name: (c.n_labels.to_numpy(), c.accuracy.to_numpy()) for name, c in by_strategy.items()})
    return seeds


def ours(table: pd.DataFrame, pool_size: int) -> list[dict[str, tuple[np.ndarray, np.ndarray]]]:
    """The same walk here, one seed a fold."""
    rows = min(len(table), round(pool_size * 1.25))
    settings = PilotSettings(strategies=("margin",), model="logistic_regression", repeats=1)
    task = prepare(make_sample(table.sample(rows, random_state=0), "label"), settings)
    size = min(pool_size, task.pool_size())
    seeds = [[Run(name, 0, fold, size) for name in settings.all_strategies] for fold in range(SEEDS)]
    walked = each(Walk(task), seeds, Workers(2))
    return [{trace.run.strategy: curve(trace) for trace in traces} for traces in walked]


class Walk:
    """The walk of one fold, as a thing that travels to a worker."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def __call__(self, runs: list[Run]) -> tuple[Trace, ...]:
        strategies = {run.strategy: STRATEGIES[run.strategy].call for run in runs}
        return simulate(self.task, strategies, ESTIMATORS[self.task.model].call, runs)


def curve(trace: Trace) -> tuple[np.ndarray, np.ndarray]:
    """Labels and accuracy of a run."""
    return trace.anchors, METRICS["accuracy"].call(Outcome(trace.confusion))


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--only", default=TASKS)
    given = asked.parse_args()
    curves = pd.read_parquet(given.data / "pool_curves.parquet")
    agree = []
    print(
        f"{'task':22} {'pool':>7} {'theirs':>8} {'sd':>6} {'ours':>8} {'sd':>6} {'apart':>7}   log axis: theirs, ours"
    )
    for name in given.only.split(","):
        part = curves[(curves.dataset == name) & curves.model.isin(LINEAR)]
        other = theirs(part)
        mine = ours(pd.read_parquet(given.data / "sets" / f"{name}.parquet"), int(part.pool_size.max()))
        spread = [np.array([gain(one) for one in some]) for some in (other, mine)]
        logs = [np.mean([gain(one, log=True) for one in some]) for some in (other, mine)]
        apart = spread[1].mean() - spread[0].mean()
        agree.append(abs(apart) <= WITHIN)
        print(
            f"{name:22} {int(part.pool_size.max()):7,} {spread[0].mean():8.2f} {spread[0].std(ddof=1):6.2f} "
            f"{spread[1].mean():8.2f} {spread[1].std(ddof=1):6.2f} {apart:7.2f}   {logs[0]:7.2f} {logs[1]:7.2f}",
            flush=True,
        )
    print(f"{sum(agree)} of {len(agree)} agree within {WITHIN} points")


if __name__ == "__main__":
    main()
