"""Pilots in the background: a thread drains the traces, so the page answers while worker processes compute."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic

from planner.errors import PlannerError
from planner.pilot.duration import estimate_seconds
from planner.pilot.replay import Trace
from planner.pilot.running import FEWEST_LABELED, Pilot, gather, prepare, runs, shell, traces
from planner.pilot.task import PilotSettings, Task
from planner.sample.reading import Sample
from planner.settings import key
from planner.workers import Workers
from planner.workspace.file import WorkspaceError
from planner.workspace.hold import BEAT
from planner.workspace.kept import DONE, STOPPED
from planner.workspace.rows import Workspace

# Worker processes are shared, and closing one pilot's stream ends them under another's feet: so one after the other.
ONE_AT_A_TIME = Lock()
ELSEWHERE = (
    "Another planner on this computer is running this pilot. Watch it there; once it has ended or was stopped, its "
    "parts are found here."
)
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
    home: Workspace | None = None  # where finished parts are kept
    resumed: int = 0  # runs that an earlier process finished
    kept: int = 0  # runs that the workspace has
    not_kept: str = ""  # the sentence of why the last part is not in it
    writing: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)  # set when this process needs no hold on it any more

    @property
    def parts(self) -> int:
        """Folds of all repeats: what is finished and kept as one."""
        return self.settings.folds * self.settings.repeats

    @property
    def under_way(self) -> bool:
        """Whether it runs, or will as soon as it is prepared."""
        return self.wanted and not self.ended

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
        left, measured = self.total - len(self.done), len(self.done) - self.resumed
        if measured < 3:
            share = left / self.total if self.total else 1.0
            return max(self.estimate * share - (monotonic() - self.started), 1.0)
        return (monotonic() - self.started) / measured * left

    def prepare(self) -> None:
        """Encode, pick the model and time it, in a thread."""
        Thread(target=self._prepare, name=f"prepare-{self.id}", daemon=True).start()

    def run(self) -> None:
        """Start the replay, or have it start as soon as it is prepared; not while another process runs it."""
        if not self._held():
            self.wrong, self.state = ELSEWHERE, "failed"
            return
        with self.lock:
            if not self.wanted:
                Thread(target=self._beat, name=f"beat-{self.id}", daemon=True).start()
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
        self.write()
        self._let_go()

    def shell(self) -> Pilot:
        """The pilot without its runs, as far as it is settled."""
        if self.task is None:
            return Pilot(self.sample.facts, self.settings, self.settings.model, "", ())
        return shell(self.sample.facts, self.task)

    def write(self, state: str = "") -> None:
        """Put into the workspace the parts finished since the last time, and how the pilot stands or will at once."""
        if self.home is None:
            return
        with self.writing:
            try:
                self._write(self.home, state or self.state)
                self.not_kept = ""
            except WorkspaceError as wrong:  # the pilot goes on: its plan can be seen and saved as a file
                self.not_kept = str(wrong)

    def _write(self, home: Workspace, state: str) -> None:
        whole = len(self.done) // (self.total // self.parts) * (self.total // self.parts) if self.total else 0
        if home.held_elsewhere(self.id):
            return
        if self.kept == 0:
            home.prepared(self.id, self.shell(), self.total)
        if whole > self.kept:
            home.add_traces(self.id, self.kept, self.done[self.kept : whole])
            self.kept = whole
        if state in ENDED:
            home.end(self.id, DONE if state == "done" else STOPPED)

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
        with ONE_AT_A_TIME:
            if self.state == "running":
                self.started = monotonic()
                self._run_all()

    def _run_all(self) -> None:
        assert self.task is not None
        try:
            self._stream()
        finally:
            self._let_go()

    def _held(self) -> bool:
        """Whether this process may run the pilot; yes where the workspace cannot say."""
        try:
            return self.home is None or self.home.hold(self.id)
        except WorkspaceError:
            return True

    def _beat(self) -> None:
        """Say from time to time that this process is still at it."""
        while not self.over.wait(BEAT) and not self.ended:
            self._held()
        self._let_go()

    def _let_go(self) -> None:
        self.over.set()
        with suppress(WorkspaceError):
            if self.home is not None:
                self.home.let_go(self.id)

    def _stream(self) -> None:
        assert self.task is not None
        stream = traces(self.task, workers(), {trace.run for trace in self.done})
        self.write()
        try:
            for trace in stream:
                if self.state != "running":
                    break
                self.done.append(trace)
                if len(self.done) % (self.total // self.parts) == 0:
                    self.write()
            with self.lock:
                finished = self.state == "running"
            if finished:
                self._keep()
                ended = "done" if self.pilot else "failed"
                self.write(ended)
                self.state = ended
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


@dataclass(frozen=True)
class Wish:
    """What a pilot is asked for: of which upload, which sample, under which settings."""

    upload: str
    sample: Sample
    settings: PilotSettings

    @property
    def name(self) -> str:
        """The same for the same rows and settings, in every tab and process."""
        return key(self.sample.facts.digest, self.settings)


def job_of(jobs: dict[str, Job], wish: Wish, home: Workspace | None = None) -> Job:
    """The job of a wish, a new one if there is none, so a refresh or a second tab finds the same.

    A new one takes from the workspace what an earlier process finished.
    """
    if wish.name not in jobs:
        made = Job(wish.name, wish.upload, wish.sample, wish.settings, home=home)
        before = home.progress(wish.name) if home is not None else None
        if home is not None and before is not None:
            made.done = list(home.finished(wish.name))
            made.resumed = made.kept = len(made.done)
            if before.state == DONE and (pilot := home.pilot(wish.name)) is not None:
                made.pilot, made.state = pilot, "done"
        jobs[wish.name] = made
        if not made.ended:
            made.prepare()
    return jobs[wish.name]
