"""The work that the speed benchmarks have in common: samples made by rule, tasks on them, and one thread."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from collections.abc import Callable  # noqa: E402 - after the threads are settled
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from time import process_time  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from scipy.sparse import csr_array  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.feature_extraction.text import TfidfTransformer  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from planner.pilot import PilotSettings, Task, prepare  # noqa: E402
from planner.pilot.monitoring import survey  # noqa: E402
from planner.sample import make_sample, read_table  # noqa: E402

VOCABULARY = 20_000


def numbers(rows: int, columns: int = 50, classes: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Standardised columns, 20 of them informative."""
    X, y = make_classification(
        rows, columns, n_informative=min(20, columns // 2), n_classes=classes, random_state=0, shuffle=True
    )
    return StandardScaler().fit_transform(X), y


def documents(rows: int, words: int = VOCABULARY, classes: int = 5) -> tuple[csr_array, np.ndarray]:
    """TF-IDF rows of some 35 words each, by Zipf's law; a third of the words lean to a class."""
    rng = np.random.default_rng(0)
    lean = np.exp(rng.normal(0, 0.8, (classes, words)) * (rng.random(words) < 0.3))
    chances = lean / np.arange(1, words + 1) ** 1.05
    y, lengths = rng.integers(classes, size=rows), rng.poisson(40, rows) + 5
    found = [rng.choice(words, lengths[i], p=chances[y[i]] / chances[y[i]].sum()) for i in range(rows)]
    place = np.repeat(np.arange(rows), lengths)
    counts = csr_array((np.ones(len(place)), (place, np.concatenate(found))), shape=(rows, words))
    counts.sum_duplicates()
    in_two = np.flatnonzero(np.bincount(counts.indices, minlength=words) >= 2)
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, in_two])), y


def task_of(X: Any, y: np.ndarray, model: str, settings: PilotSettings) -> Task:
    """A task on rows that are encoded already, its picks watched as in any pilot."""
    text = isinstance(X, csr_array)
    task = Task(X, y, np.arange(len(y)), int(y.max()) + 1, text, model, settings).with_model(model, "")
    return replace(task, landscape=survey(X, settings.seed))


def task_from_file(path: str, label: str, rows: int, settings: PilotSettings) -> Task:
    """The task of a table in a file."""
    table = read_table(Path(path).read_bytes(), Path(path).name)
    table = table.sample(min(rows, len(table)), random_state=0)
    return prepare(make_sample(table, label, None, Path(path).name), settings)


def cpu(call: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """(seconds of this process, what the call gave)."""
    started = process_time()
    found = call(*given)
    return process_time() - started, found
