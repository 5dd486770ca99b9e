"""What a second worker process is worth: seconds on the clock of one process over those of two that are warm.

    python tests/benchmarks/workers.py [--only linear] [--repeats 2]

A forest pilot of about a minute and a linear one of about 20 s. The workers are started and have imported everything
before they are timed. Say what else the machine was doing: on busy cores no number here means anything.
"""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

import numpy as np
import work

from planner.pilot import PilotSettings, Task, Trace, traces
from planner.workers import Workers

CASES = {"forest": ("extra_trees", 2500, 1.8), "linear": ("logistic_regression", 20_000, 1.5)}


def same(one: Iterable[Trace], other: Iterable[Trace]) -> bool:
    return all(np.array_equal(a.picked, b.picked) for a, b in zip(one, other, strict=True))


def timed(task: Task, workers: Workers) -> tuple[float, list[Trace]]:
    started = perf_counter()
    done = list(traces(task, workers))
    return perf_counter() - started, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="forest or linear")
    parser.add_argument("--repeats", type=int, default=2)
    given = parser.parse_args()
    print(f"{'pilot':10} {'one s':>8} {'two s':>8} {'ratio':>7} {'target':>7} {'same picks':>11}")
    for name, (model, rows, target) in CASES.items():
        if name.startswith(given.only):
            X, y = work.numbers(rows)
            settings = PilotSettings(strategies=("margin", "entropy", "k_center"), model=model, repeats=given.repeats)
            task = work.task_of(X, y, model, settings)
            short = replace(task, settings=replace(settings, strategies=(), growth=3.0, repeats=1))
            timed(short, Workers(2))  # the workers start and import
            two, done = timed(task, Workers(2))
            one, alone = timed(task, Workers(1))
            print(
                f"{name:10} {one:8.1f} {two:8.1f} {one / two:7.2f} {target:7.1f} {same(alone, done)!s:>11}", flush=True
            )


if __name__ == "__main__":
    main()
