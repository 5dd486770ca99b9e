"""Who computes: the only module that knows joblib, Dask and the threads of BLAS."""

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeVar

import joblib
from threadpoolctl import ThreadpoolController

from planner.errors import BadSetting, PlannerError

BACKENDS = ("loky", "dask")
SECONDS_TO_ANSWER = 15  # that a scheduler is given
POLITE = 19  # as far as worker processes can stand back
Job = TypeVar("Job")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Workers:
    """How many processes share the work, and whose they are."""

    n_jobs: int = 1  # of a Dask cluster all workers share it
    backend: str = "loky"  # processes of this machine, or dask
    polite: bool = False  # the processes let the page and other programs go first
    scheduler: str = ""  # address of the Dask scheduler, as tcp://host:8786

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise BadSetting(f"No backend is named '{self.backend}'. Known: {', '.join(BACKENDS)}.")
        if self.backend == "dask" and not self.scheduler:
            raise BadSetting("A Dask cluster is reached by the address of its scheduler. Add: --scheduler ADDRESS.")
        if self.scheduler and self.backend != "dask":
            raise BadSetting(f"The scheduler '{self.scheduler}' is Dask's. Add: --backend dask.")


def one_thread() -> AbstractContextManager[Any]:
    """While it lasts, every library for numbers works on one thread."""
    limited: AbstractContextManager[Any] = _libraries(len(sys.modules)).limit(limits=1)
    return limited


@lru_cache(maxsize=1)
def _libraries(modules: int) -> ThreadpoolController:
    """The libraries loaded, looked for again when a module has come: the search takes as long as many small fits."""
    del modules
    return ThreadpoolController()


def each(call: Callable[[Job], Done], jobs: Iterable[Job], workers: Workers) -> Generator[Done, None, None]:
    """Results in the order of `jobs`, as they become ready. Closing the generator cancels what has not started."""
    if workers.backend == "dask":
        yield from _on_cluster(call, jobs, workers.scheduler)
        return
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


def _on_cluster(call: Callable[[Job], Done], jobs: Iterable[Job], scheduler: str) -> Generator[Done, None, None]:
    """The same on a Dask cluster. What a worker had in hand when it was lost is done again by another."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise PlannerError("Dask is not installed. Install it with: pip install 'planner[dask]'.") from None
    # The data are sent once and not with every job; Dask warns of their size all the same.
    warnings.filterwarnings("ignore", message="Sending large graph.*")
    try:
        client = Client(scheduler, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as silent:
        raise PlannerError(
            f"No Dask scheduler answers at '{scheduler}' ({type(silent).__name__}). "
            "Start one with: dask scheduler; and give the address that it prints."
        ) from None
    futures = []
    try:
        # Held by a task, not scattered: a task is made anew when the worker that held its result is lost.
        held = client.submit(_itself, call, pure=False)
        futures = [client.submit(_alone, held, job, pure=False) for job in jobs]
        for future in futures:
            yield future.result()
    except KilledWorker:
        raise PlannerError(
            "The same piece of the pilot ended several workers of the cluster, most likely for want of memory. "
            "Give the workers more, or plan on fewer rows."
        ) from None
    finally:
        client.cancel(futures)
        client.close()


def _itself(call: Callable[[Job], Done]) -> Callable[[Job], Done]:
    return call


_ONE_AT_A_TIME = threading.Lock()  # the limit on numerical threads holds for a whole process


def _alone(call: Callable[[Job], Done], job: Job) -> Done:
    """The call, in a worker that may have several threads."""
    with _ONE_AT_A_TIME:
        return call(job)


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
