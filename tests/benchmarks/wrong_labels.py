"""What wrong labels, cold starts, unlabeled rows and calibration do to the score of margin and of random labeling.

python tests/benchmarks/wrong_labels.py sample_data/digits.csv sample_data/support_messages.csv [--label label]

A line a data set and setting: seconds of processor time, then for each strategy the score measured and the score
against the sample's own labels at 50, about 220 and all labels of the training pool.
"""

import argparse
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from planner import PilotSettings, read_sample, run_pilot
from planner.forecast.replayed import as_if, measure

LABELS = (50, 220, np.inf)
SETTINGS: tuple[dict[str, Any], ...] = (
    {}, {"error_rate": 0.1}, {"error_rate": 0.2}, {"error_rate": 0.2, "votes": 3, "early_stop": True},
    {"error_rate": 0.2, "relabel": 0.2}, {"start": "k_means"}, {"start": "typiclust"},
    {"semi_supervised": "self_training"}, {"semi_supervised": "label_spreading"}, {"calibrated": True},
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--label", default="label")
    given = parser.parse_args()
    for path in given.data:
        sample = read_sample(path.read_bytes(), given.label)
        for settings in SETTINGS:
            started = process_time()
            pilot = run_pilot(sample, PilotSettings(("margin",), "logistic_regression", **settings))
            seconds = process_time() - started
            truth = as_if(pilot, "confusion_clean", "accuracy") or pilot
            said = []
            for strategy in ("random", "margin"):
                measured, real = (measure(one, strategy, "accuracy") for one in (pilot, truth))
                at = [int(np.abs(measured.labels - labels).argmin()) for labels in LABELS]
                scores = [f"{measured.labels[k]}: {measured.mean[k]:.1%} / {real.mean[k]:.1%}" for k in at]
                said.append(f"{strategy} {', '.join(scores)}")
            print(f"{path.stem} {settings} {seconds:.1f} s | {' | '.join(said)}", flush=True)


if __name__ == "__main__":
    main()
