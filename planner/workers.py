"""Who computes: the only module that knows joblib."""

import multiprocessing
import os
import warnings
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import joblib

POLITE = 19  # as far as worker processes can stand back
Job = TypeVar("Job")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Workers:
    """How many processes share the work, and by which joblib backend."""

    n_jobs: int = 1
    backend: str = "loky"
    polite: bool = False  # the processes let the page and other programs go first


def each(call: Callable[[Job], Done], jobs: Iterable[Job], workers: Workers) -> Generator[Done, None, None]:
    """Results in the order of `jobs`, as they become ready. Closing the generator cancels what has not started."""
    if workers.n_jobs == 1:
        yield from map(call, jobs)
        return
    # joblib warns about tasks cancelled by an early close, which here is the person's wish.
    warnings.filterwarnings("ignore", message=".*tasks.*(cancelled|still processing).*")
    work = partial(_giving_way, call) if workers.polite else call
    context: Any = joblib.parallel_config(backend=workers.backend, inner_max_num_threads=1)
    with context:
        results = joblib.Parallel(n_jobs=workers.n_jobs, return_as="generator")(
            joblib.delayed(work)(job) for job in jobs
        )
    yield from results


def _giving_way(call: Callable[[Job], Done], job: Job) -> Done:
    """The call, in a process that has stood back."""
    if hasattr(os, "nice") and multiprocessing.parent_process() is not None and os.nice(0) < POLITE:
        os.nice(POLITE - os.nice(0))
    return call(job)


def end_all() -> None:
    """End every worker process now, whatever it is doing: for a program that has been told to stop."""
    from joblib.externals.loky import reusable_executor

    executor = reusable_executor._executor
    # Loky's own shutdown leaves the ending to a thread, which a process that is ending does not wait for.
    for process in list(executor._processes.values()) if executor is not None else ():
        process.terminate()
