"""A pilot whose process is killed goes on from its finished parts and ends in the numbers of one left alone."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.pilot import PilotSettings, prepare, run_pilot, runs, traces
from planner.pilot.saved import pilot_to_json
from planner.sample import Sample, make_sample
from planner.ui.jobs import Job, Wish, job_of
from planner.workspace.kept import Decided, KeptSample
from planner.workspace.rows import Workspace

ROOT = Path(__file__).parents[1]
SETTINGS = PilotSettings(strategies=("margin",), model="logistic_regression", folds=5, repeats=2, growth=1.2)
SAID = Decided("topic")


def file(rows: int = 700) -> KeptSample:
    """Three classes that overlap, told by eight numbers."""
    rng = np.random.default_rng(11)
    y = rng.integers(0, 3, rows)
    table = pd.DataFrame(rng.normal(size=(rows, 8)) + np.eye(8)[y], columns=[f"x{k}" for k in range(8)])
    out = io.StringIO()
    table.assign(topic=np.array(["billing", "login", "returns"])[y]).to_csv(out, index=False)
    return KeptSample("tickets", "tickets.csv", out.getvalue().encode())


def sample() -> Sample:
    return make_sample(pd.read_csv(io.BytesIO(file().data)), "topic", None, "tickets.csv")


def begin(workspace: Workspace) -> Job:
    """What the Run button does, or Continue where some parts are there."""
    job = job_of({}, Wish("tickets", sample(), SETTINGS), workspace)
    workspace.begin(file(), SAID, (job.id, job.shell()), {})
    job.run()
    return job


def wait(job: Job, seconds: float = 240.0) -> None:
    end = time.monotonic() + seconds
    while not job.ended:
        assert time.monotonic() < end, job.state
        time.sleep(0.05)
    assert job.state == "done", job.wrong


def measured(made: Any) -> dict[str, Any]:
    """The pilot but for how long its runs took."""
    found = pilot_to_json(made)
    return {**found, "traces": [{**one, "seconds": 0} for one in found["traces"]]}


def test_folds_that_are_done_are_not_run_again_and_the_rest_is_the_same() -> None:
    task = prepare(sample(), PilotSettings(strategies=("margin",), model="logistic_regression", folds=2, repeats=2))
    every = list(traces(task))
    a_fold = len(runs(task)) // 4
    rest = list(traces(task, done={one.run for one in every[: 2 * a_fold]}))
    assert [one.run for one in rest] == [one.run for one in every[2 * a_fold :]]
    for one, same in zip(rest, every[2 * a_fold :], strict=True):
        np.testing.assert_array_equal(one.confusion, same.confusion)
        np.testing.assert_array_equal(one.picked, same.picked)
    assert list(traces(task, done={one.run for one in every})) == []


PROCESS = """
import sys
from pathlib import Path
from test_resume import begin, wait
from planner.workspace.rows import Workspace

wait(begin(Workspace(Path(sys.argv[1]))))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL.")
def test_a_pilot_killed_in_the_middle_goes_on_and_gives_the_same_numbers(tmp_path: Path) -> None:
    place = tmp_path / "workspace.sqlite"
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    process = subprocess.Popen([sys.executable, "-c", PROCESS, str(place)], env={**os.environ, **paths},
                               start_new_session=True)  # fmt: skip
    try:
        watcher, end = Workspace(place), time.monotonic() + 240
        while not (watcher.plans() and watcher.plans()[0].parts_done >= 3):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        assert watcher.broken_off() == [], "it runs"
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its worker processes, which had no time to be told
    (left,) = watcher.broken_off()
    assert 3 <= left.parts_done < left.parts == 10
    watcher.close()

    home = Workspace(place)
    assert home.notice == ""
    job = begin(home)
    assert len(job.done) >= 3, "the finished parts were taken over"
    wait(job)
    assert job.resumed == left.parts_done * len(job.done) // 10
    assert home.broken_off() == []
    (plan,) = home.plans()
    assert (plan.state, plan.parts_done) == ("done", 10)
    alone = measured(run_pilot(sample(), SETTINGS))
    assert measured(job.pilot) == alone
    assert measured(home.pilot(job.id)) == alone


@pytest.mark.slow
def test_a_stopped_pilot_keeps_its_whole_repeats_and_goes_on_when_asked(tmp_path: Path) -> None:
    home = Workspace(tmp_path / "workspace.sqlite")
    job = begin(home)
    while len(job.done) * 10 < job.total * 6 or not job.total:
        time.sleep(0.02)
        assert not job.ended
    job.stop()
    found = home.pilot(job.id)
    assert found is not None
    assert found.repeats == 1
    assert home.plans()[0].can_open
    assert home.broken_off() == [], "it was stopped, not broken off"
    later = begin(home)
    wait(later)
    assert measured(home.pilot(job.id)) == measured(run_pilot(sample(), SETTINGS))
