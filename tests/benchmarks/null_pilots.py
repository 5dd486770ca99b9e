"""How often a pilot says that a strategy differs from random labeling when it is random labeling under another name.

    python tests/benchmarks/null_pilots.py [PILOTS] [ROWS]

Each pilot replays a fresh sample of a known task. At the level of .05 an honest test is wrong in at most 5% of pilots;
the plain paired t over folds forgets that folds share training rows.
"""

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - after the threads are settled
import pandas as pd  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402

from planner.choices.strategies import STRATEGIES  # noqa: E402
from planner.comparison import SURE, areas, best_of_pilot, corrected_t_test, held_out_ratio  # noqa: E402
from planner.pilot import run_pilot  # noqa: E402
from planner.replayed import measure  # noqa: E402
from planner.sample import make_sample  # noqa: E402
from planner.task import PilotSettings  # noqa: E402

LEVEL = 0.05
random = STRATEGIES["random"]
STRATEGIES.register("random_again", "Random labeling again", **random.facts)(random.call)


def main(pilots: int, rows: int) -> None:
    """One line: the share of pilots in which each test cries wolf, and in which the pilot names a best strategy."""
    settings = PilotSettings(strategies=("random_again",), model="logistic_regression")
    said = np.array([one(seed, rows, settings) for seed in range(pilots)])
    corrected, plain, named = said.mean(axis=0)
    print(f"{pilots} pilots of {rows} rows, {settings.folds} folds, {settings.repeats} repeats, no true difference")
    print(f"plain paired t rejects at .05: {plain:.1%}; corrected: {corrected:.1%}; one is named best: {named:.1%}")


def one(seed: int, rows: int, settings: PilotSettings) -> tuple[bool, bool, bool]:
    """Whether the corrected test rejects, whether the plain one does, and whether one of the two is named the best."""
    X, y = make_classification(rows, 10, n_informative=5, class_sep=0.8, flip_y=0.05, random_state=seed)
    table = pd.DataFrame(X, columns=[f"x{at}" for at in range(X.shape[1])]).assign(label=[f"class {c}" for c in y])
    pilot = run_pilot(make_sample(table, "label", None, "null"), settings)
    measured = {name: measure(pilot, name, "accuracy") for name in settings.all_strategies}
    difference = areas(measured["random_again"]) - areas(measured["random"])
    ratio = held_out_ratio(measured["random"])
    tests = [corrected_t_test(difference, one) < LEVEL for one in (ratio, 0.0)]
    return tests[0], tests[1], best_of_pilot(measured).chance >= SURE


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 400)
