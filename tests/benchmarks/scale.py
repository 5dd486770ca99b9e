"""How the cost of a query grows with the pool: seconds and peak memory of one batch of each strategy.

    python tests/benchmarks/scale.py [--only margin,k_center] [--rows 1000,10000,50000,200000]

Rows at 50 dense columns; columns at 2,000 dense rows; sparse columns at 5,000 rows of 35 words each. A batch of 100
with 500 labels and five classes, by logistic regression; one thread, CPU seconds, the least of half a second of tries.
Memory is the most that Python and numpy hold at once in the query, the features included, over the features alone: it
has to stay under 3 at 200,000 rows. An exponent is the slope of log seconds over log size in the upper half of the
sizes, by least squares: 1 is in proportion, 2 would be quadratic.
"""

import argparse
import tracemalloc
from typing import Any

import numpy as np
import work
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from planner.choices.softmax import Softmax
from planner.choices.strategies import STRATEGIES, Pool
from planner.pilot.models import probabilities

LABELS, BATCH, CLASSES = 500, 100, 5
WORDS = 35
ENOUGH = 0.5  # seconds of tries


def dense(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(rows, columns)) * np.linspace(2, 0.2, columns)


def sparse(rows: int, columns: int) -> csr_array:
    rng = np.random.default_rng(0)
    place = np.minimum(rng.zipf(1.2, rows * WORDS), columns) - 1
    made = csr_array((rng.random(rows * WORDS), (np.repeat(np.arange(rows), WORDS), place)), shape=(rows, columns))
    made.sum_duplicates()
    return made


def pool_of(X: Any) -> Pool:
    """A pool in which the first rows are labeled, with everything that a strategy may ask for."""
    rng = np.random.default_rng(1)
    labels = rng.integers(CLASSES, size=LABELS)
    labels[:CLASSES] = np.arange(CLASSES)
    labeled, candidates = np.arange(LABELS), np.arange(LABELS, X.shape[0])
    model = Softmax().fit(X[labeled], labels)

    def committee(of: np.random.Generator) -> np.ndarray:
        beliefs = np.empty((5, len(candidates), CLASSES))
        for member in range(5):
            rows = of.choice(labeled, LABELS)
            fitted = Softmax().start_from(model).fit(X[rows], labels[rows])
            beliefs[member] = probabilities(fitted, X, CLASSES)[candidates]
        return beliefs

    def refit(extra: np.ndarray, more: np.ndarray, rows: np.ndarray) -> np.ndarray:
        on, y = np.concatenate([labeled, extra]), np.concatenate([labels, more])
        return probabilities(Softmax().start_from(model).fit(X[on], y), X[rows], CLASSES)

    return Pool(
        X,
        labeled,
        labels,
        candidates,
        lambda: probabilities(model, X, CLASSES)[candidates],
        committee,
        model=model,
        refit=refit,
        groups=rng.integers(3, size=X.shape[0]),
        architectures=lambda: committee(np.random.default_rng(2)),
    )


def measure(name: str, X: Any) -> tuple[float, float]:
    """(CPU seconds of a batch, memory over that of the features)."""
    size = X.data.nbytes + X.indices.nbytes + X.indptr.nbytes if isinstance(X, csr_array) else X.nbytes
    pool = pool_of(X)
    seconds, spent = np.inf, 0.0
    with threadpool_limits(limits=1):
        while spent < ENOUGH:  # a single short try says more about the machine
            once, _ = work.cpu(STRATEGIES[name].call, pool, BATCH, np.random.default_rng(3))
            pool.kept.clear()
            seconds, spent = min(seconds, once), spent + once
        tracemalloc.start()
        STRATEGIES[name].call(pool, BATCH, np.random.default_rng(3))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return seconds, 1 + peak / size


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Slope of log seconds over log size in the upper half of the sizes; nan for one size."""
    half = len(sizes) // 2 - (len(sizes) == 3)
    if len(sizes) < 2:
        return np.nan
    return float(np.polyfit(np.log(sizes[half:]), np.log(seconds[half:]), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="strategies, comma-separated")
    parser.add_argument("--rows", default="1000,10000,50000,200000")
    parser.add_argument("--columns", default="10,100,1000,10000")
    parser.add_argument("--words", default="10000,100000,1000000", help="sparse columns")
    given = parser.parse_args()
    names = given.only.split(",") if given.only else list(STRATEGIES)
    sweeps = {
        "rows, 50 dense columns": (given.rows, lambda size: dense(size, 50)),
        "dense columns, 2,000 rows": (given.columns, lambda size: dense(2000, size)),
        "sparse columns, 5,000 rows": (given.words, lambda size: sparse(5000, size)),
    }
    for title, (text, make) in sweeps.items():
        sizes = [int(one) for one in text.split(",") if one]
        made = [make(size) for size in sizes]
        if not sizes:
            continue
        print(f"\n{title}: CPU seconds, and memory over that of the features")
        print(f"{'strategy':26}" + "".join(f"{size:>17,}" for size in sizes) + f"{'exponent':>10}")
        for name in names:
            measured = [measure(name, X) for X in made]
            cells = "".join(f"{seconds:10.4f} {memory:5.2f}x" for seconds, memory in measured)
            print(f"{name:26}{cells}{exponent(sizes, [one for one, _ in measured]):10.2f}", flush=True)


if __name__ == "__main__":
    main()
