"""Who computes changes no number: one process, several, a cluster, and a cluster that loses a worker."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from making import task
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from planner.errors import BadSetting, PlannerError
from planner.pilot.running import PilotSettings, traces
from planner.workers import Workers, each

SETTINGS = PilotSettings(strategies=("margin", "k_center"), repeats=2, folds=3)
NUMBERS = ("anchors", "confusion", "log_loss", "auc", "kappa", "pool_entropy", "picked")


@pytest.fixture
def cluster():
    """A Dask cluster of two worker processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as started:
        yield started


@pytest.fixture
def digits():
    raw = load_digits()
    made = task(StandardScaler().fit_transform(raw.data[:600]), raw.target[:600])
    return replace(made, settings=SETTINGS)


def same(one, other) -> bool:
    return len(one) == len(other) and all(
        a.run == b.run and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in NUMBERS)
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.slow
def test_a_cluster_gives_the_same_numbers(cluster, digits):
    assert same(list(traces(digits)), list(traces(digits, Workers(2, "dask", scheduler=cluster.scheduler_address))))


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_in_mid_pilot_gives_the_same_numbers(cluster, digits):
    alone = list(traces(digits))
    started = traces(digits, Workers(2, "dask", scheduler=cluster.scheduler_address))
    done = [next(started)]  # the first fold is back: the others are under way or wait
    lost = next(worker.process.pid for worker in cluster.workers.values())
    os.kill(lost, signal.SIGKILL)
    done += started
    assert same(alone, done)
    assert lost not in {worker.process.pid for worker in cluster.workers.values()}


@pytest.mark.slow
def test_closing_early_leaves_the_cluster_ready_for_the_next_pilot(cluster, digits):
    workers = Workers(2, "dask", scheduler=cluster.scheduler_address)
    started = traces(digits, workers)
    next(started)
    started.close()
    assert list(each(abs, [-1, -2, -3], workers)) == [1, 2, 3]


@pytest.mark.slow
def test_a_worker_of_several_threads_does_one_job_at_a_time():
    """The limit on numerical threads is a process's: two walks in one would lift it for each other."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=4, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as one:
        spans = list(each(span, range(4), Workers(4, "dask", scheduler=one.scheduler_address)))
    spans.sort()
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def span(_: int) -> tuple[float, float]:
    started = time.monotonic()
    threading.Event().wait(0.05)
    return started, time.monotonic()


def test_a_scheduler_that_does_not_answer_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("planner.workers.SECONDS_TO_ANSWER", 0.5)
    with pytest.raises(PlannerError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:9'.* dask scheduler"):
        next(each(abs, [1], Workers(1, "dask", scheduler="tcp://127.0.0.1:9")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"backend": "spark"}, "No backend is named 'spark'. Known: loky, dask."),
        ({"backend": "dask"}, "Add: --scheduler ADDRESS."),
        ({"scheduler": "tcp://host:8786"}, "Add: --backend dask."),
    ],
)
def test_workers_that_cannot_be_are_refused_in_a_sentence(given, said):
    with pytest.raises(BadSetting) as refused:
        Workers(2, **given)
    assert said in str(refused.value)


def test_nothing_of_dask_is_loaded_unless_a_cluster_is_asked_for():
    code = "import sys, planner.pilot, planner.workers; print('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
