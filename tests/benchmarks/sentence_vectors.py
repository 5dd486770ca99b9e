"""What sentence vectors are worth beside counted words: accuracy of logistic regression on both, in one run.

    python tests/benchmarks/sentence_vectors.py FILE...

Each file is a table with the columns `text` and `label`. 2,000 rows are drawn; 400 are the test, four times over.
"""

import os
import sys
from pathlib import Path
from time import process_time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - after the threads are settled
import pandas as pd  # noqa: E402

from planner.choices.estimators import ESTIMATORS  # noqa: E402
from planner.choices.kinds import KINDS  # noqa: E402
from planner.sample import read_table  # noqa: E402

ROWS, TEST, REPEATS = 2000, 400, 4
SIZES = (100, 400, ROWS - TEST)


def main(paths: list[str]) -> None:
    """One line a file and kind: seconds to encode, and the mean accuracy at each number of labels."""
    print(f"{'file':24} {'kind':9} {'s':>6} " + " ".join(f"{size:>7,}" for size in SIZES))
    for path in map(Path, paths):
        table = read_table(path.read_bytes(), path.name).sample(ROWS, random_state=0).reset_index(drop=True)
        for kind in ("text", "sentence"):
            started = process_time()
            X = KINDS[kind].call(table[["text"]])
            spent = process_time() - started
            scores = " ".join(f"{accuracy(X, table['label'], kind, size):7.3f}" for size in SIZES)
            print(f"{path.stem:24} {kind:9} {spent:6.2f} {scores}", flush=True)


def accuracy(X: object, labels: pd.Series, kind: str, size: int) -> float:
    """Mean share of test rows that are right with `size` labels."""
    y, right = labels.astype(str).to_numpy(), []
    for repeat in range(REPEATS):
        order = np.random.default_rng(repeat).permutation(ROWS)
        train, test = order[:size], order[ROWS - TEST :]
        model = ESTIMATORS["logistic_regression"].call(repeat, kind == "text").fit(X[train], y[train])
        right.append(model.score(X[test], y[test]))
    return float(np.mean(right))


if __name__ == "__main__":
    main(sys.argv[1:])
