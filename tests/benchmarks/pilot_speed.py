"""How much of a pilot's time is training models: pilot seconds over the seconds of its fits, in one run.

    python tests/benchmarks/pilot_speed.py FOLDER [ROWS]

FOLDER holds Parquet or CSV files with a column `label`. Everything runs in this process, one thread, so that the two
times are comparable; 1.0 would be a pilot that does nothing but fit.
"""

import os
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from planner.pilot import PilotSettings, gather, prepare, replay, runs, traces  # noqa: E402 - after the threads are settled
from planner.sample import make_sample, read_table  # noqa: E402
from planner.workers import Workers  # noqa: E402

SEED = 1


def main(folder: str, rows: int) -> None:
    """One line a file: seconds in all, seconds of the fits, their ratio."""
    print(f"{'file':32} {'model':22} {'runs':>5} {'fits':>6} {'pilot s':>8} {'fit s':>8} {'ratio':>6}")
    for path in sorted(path for path in Path(folder).iterdir() if path.suffix in (".parquet", ".csv")):
        table = read_table(path.read_bytes(), path.name)
        table = table.sample(min(rows, len(table)), random_state=SEED)
        print(one(make_sample(table, "label", None, path.name)), flush=True)


def one(sample: Any) -> str:
    """The line of one sample."""
    spent, fits, plain = 0.0, 0, replay.fit

    def timed(*given: Any, **named: Any) -> Any:
        nonlocal spent, fits
        started = process_time()
        model = plain(*given, **named)
        spent, fits = spent + process_time() - started, fits + 1
        return model

    task = prepare(sample, PilotSettings())
    replay.fit = timed
    started = process_time()
    pilot = gather(sample.facts, task, traces(task, Workers(1)))
    seconds = process_time() - started
    replay.fit = plain
    count = len(runs(task))
    return (
        f"{sample.facts.name:32} {pilot.model:22} {count:5} {fits:6} {seconds:8.1f} {spent:8.1f} {seconds / spent:6.2f}"
    )


if __name__ == "__main__":
    began = perf_counter()
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
    print(f"{perf_counter() - began:.0f} s on the clock")
