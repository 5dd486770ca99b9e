"""How often a pilot says that a strategy differs from random labeling when it is random labeling under another name.

    python tests/benchmarks/null_pilots.py [PILOTS] [ROWS]

Each pilot replays a fresh sample of a known task, with two strategies that are as good as random labeling:
`random_again` draws anew in every fold; `one_order` goes through the sample's rows in one order that has nothing to do
with the task, so that all folds buy the same rows, as strategies that follow the data do. At the level of .05 an honest
test is wrong in at most 5% of pilots for both; the plain paired t over folds forgets what folds share.
"""

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - after the threads are settled
import pandas as pd  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402

from planner.choices.strategies import STRATEGIES, Pool  # noqa: E402
from planner.forecast.comparison import SURE, areas, best_of_pilot, corrected_t_test, held_out_ratio  # noqa: E402
from planner.forecast.replayed import measure  # noqa: E402
from planner.pilot import PilotSettings, run_pilot  # noqa: E402
from planner.sample import make_sample  # noqa: E402

LEVEL = 0.05
NULLS = ("random_again", "one_order")
random = STRATEGIES["random"]
STRATEGIES.register("random_again", "Random labeling again", **random.facts)(random.call)


@STRATEGIES.register("one_order", "One order", **random.facts)
def one_order(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Rows by the last digits of their features."""
    del rng
    digits = np.modf(np.abs(pool.X[pool.candidates]).sum(axis=1) * 1e6)[0]
    return np.argsort(digits)[:n]


def main(pilots: int, rows: int) -> None:
    """A line a strategy: the share of pilots in which each test cries wolf, and in which one is named the best."""
    settings = PilotSettings(strategies=NULLS, model="logistic_regression")
    said = np.array([one(seed, rows, settings) for seed in range(pilots)]).mean(axis=0)
    print(f"{pilots} pilots of {rows} rows, {settings.folds} folds, {settings.repeats} repeats, no true difference")
    for name, (corrected, plain, named) in zip(NULLS, said, strict=True):
        print(f"{name:13} plain t rejects at .05: {plain:.1%}; corrected: {corrected:.1%}; a best named: {named:.1%}")


def one(seed: int, rows: int, settings: PilotSettings) -> list[tuple[bool, bool, bool]]:
    """For each strategy: whether the corrected test rejects, whether the plain one does, whether a best is named."""
    X, y = make_classification(rows, 10, n_informative=5, class_sep=0.8, flip_y=0.05, random_state=seed)
    table = pd.DataFrame(X, columns=[f"x{at}" for at in range(X.shape[1])]).assign(label=[f"class {c}" for c in y])
    pilot = run_pilot(make_sample(table, "label", None, "null"), settings)
    measured = {name: measure(pilot, name, "accuracy") for name in settings.all_strategies}
    found = []
    for name in NULLS:
        pair = {"random": measured["random"], name: measured[name]}
        difference = areas(pair[name]) - areas(pair["random"])
        tests = [corrected_t_test(difference, ratio) < LEVEL for ratio in (held_out_ratio(pair["random"]), 0.0)]
        found.append((tests[0], tests[1], best_of_pilot(pair).chance >= SURE))
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 400)
