"""Pilots in the background: a thread drains the traces, so the page answers while worker processes compute."""

import os
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic

from planner.duration import estimate_seconds
from planner.errors import PlannerError
from planner.pilot import FEWEST_LABELED, Pilot, gather, prepare, runs, traces
from planner.replay import Trace
from planner.sample import Sample
from planner.settings import key
from planner.task import PilotSettings, Task
from planner.workers import Workers

ENDED = ("done", "stopped", "failed")


def workers() -> Workers:
    """All cores; never this process itself, whose threads answer the page."""
    return Workers(max(2, os.cpu_count() or 2), polite=True)


@dataclass
class Job:
    """One pilot of one sample, from its first look at the clock to its last trace."""

    id: str
    upload: str  # the stored file it belongs to
    sample: Sample
    settings: PilotSettings
    state: str = "preparing"  # then "ready" | "running", then "done" | "stopped" | "failed"
    task: Task | None = None
    estimate: float = 0.0  # seconds
    total: int = 0  # runs
    done: list[Trace] = field(default_factory=list)
    started: float = 0.0
    pilot: Pilot | None = None
    wrong: str = ""  # the sentence of what went wrong
    wanted: bool = False  # run as soon as it is ready
    lock: Lock = field(default_factory=Lock)

    @property
    def repeats_done(self) -> int:
        """Whole repeats among the finished runs."""
        return len(self.done) * self.settings.repeats // self.total if self.total else 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED

    def seconds_left(self) -> float:
        """About how long the rest takes: by the estimate at first, by what was measured soon."""
        if len(self.done) < 3:
            return max(self.estimate - (monotonic() - self.started), 1.0)
        return (monotonic() - self.started) / len(self.done) * (self.total - len(self.done))

    def prepare(self) -> None:
        """Encode, pick the model and time it, in a thread."""
        Thread(target=self._prepare, name=f"prepare-{self.id}", daemon=True).start()

    def run(self) -> None:
        """Start the replay, or have it start as soon as it is prepared."""
        with self.lock:
            self.wanted = True
            if self.state != "ready":
                return
            self.state, self.started = "running", monotonic()
        Thread(target=self._drain, name=f"pilot-{self.id}", daemon=True).start()

    def stop(self) -> None:
        """Stop and keep the whole repeats; the worker processes finish the runs in hand and no more."""
        with self.lock:
            if self.ended:
                return
            self.state = "stopped"
        self._keep()

    def _prepare(self) -> None:
        try:
            if self.sample.facts.labeled < FEWEST_LABELED:
                # Too few rows to replay: an empty pilot still carries the class counts and the cost of everything.
                self.pilot, self.state = Pilot(self.sample.facts, self.settings, self.settings.model, "", ()), "done"
                return
            task = prepare(self.sample, self.settings)
            self.total = len(runs(task))
            self.estimate = estimate_seconds(task, workers())
            with self.lock:
                self.task = task
                self.state = "ready" if self.state == "preparing" else self.state
            if self.wanted:
                self.run()
        except PlannerError as wrong:
            self.wrong, self.state = str(wrong), "failed"
        except Exception as wrong:  # a thread has no other door: without this the page would wait for ever
            self.wrong, self.state = f"The pilot failed: {wrong}. Try another model or fewer columns.", "failed"
            raise

    def _drain(self) -> None:
        assert self.task is not None
        stream = traces(self.task, workers())
        try:
            for trace in stream:
                if self.state != "running":
                    break
                self.done.append(trace)
            with self.lock:
                finished = self.state == "running"
            if finished:
                self._keep()
                self.state = "done" if self.pilot else "failed"
        except Exception as wrong:  # see _prepare
            if self.state == "running":
                self.wrong, self.state = f"The pilot failed: {wrong}. Try another model or fewer columns.", "failed"
                raise
        finally:
            stream.close()

    def _keep(self) -> None:
        try:
            if self.task is None:
                raise PlannerError("The pilot was stopped before it began. Run it again when you like.")
            self.pilot = gather(self.sample.facts, self.task, list(self.done))
        except PlannerError as wrong:
            self.wrong = str(wrong)


def job_of(jobs: dict[str, Job], upload: str, sample: Sample, settings: PilotSettings) -> Job:
    """The job of a sample and settings, a new one if there is none, so a refresh or a second tab finds the same."""
    name = key(sample.facts.digest, settings)
    if name not in jobs:
        jobs[name] = Job(name, upload, sample, settings)
        jobs[name].prepare()
    return jobs[name]
