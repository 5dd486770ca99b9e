"""A pilot that one process runs is not offered to another, and is as soon as that one has ended, however it did."""

import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep, time

import pytest
from test_resume import SAID, SETTINGS, begin, file, sample, wait
from test_workspace import begun

from planner.ui.jobs import ELSEWHERE, Wish, job_of
from planner.workspace.hold import SILENCE, living, me
from planner.workspace.kept import RUNNING
from planner.workspace.rows import Workspace
from planner.workspace.schema import HOLD, TABLES

ROOT = Path(__file__).parents[1]
HOLDER = """
import sys
from pathlib import Path
from planner.workspace.rows import Workspace
print(Workspace(Path(sys.argv[1])).hold(sys.argv[2]), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite"


class Other:
    """Another planner that holds a pilot until it is ended."""

    def __init__(self, place: Path, pilot: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(place), pilot], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline().decode().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def others() -> Iterator[list[Other]]:
    found: list[Other] = []
    yield found
    for one in found:
        one.kill()


def silent(place: Path, seconds: float) -> None:
    """The last sign of life of every holder was so long ago."""
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("UPDATE hold SET beat = ?", (time() - seconds,))
        raw.commit()


def test_a_pilot_that_another_process_runs_is_not_offered_until_it_was_killed(place: Path, others: list[Other]) -> None:
    home, _ = begun(place, 4)
    others.append(Other(place, "job"))
    assert others[0].said == "True"
    assert home.broken_off() == []
    assert home.plans()[0].elsewhere
    assert not home.hold("job")
    others[0].kill()
    assert [one.id for one in home.broken_off()] == ["job"]
    assert not home.plans()[0].elsewhere
    assert home.hold("job")


def test_a_process_that_has_long_been_silent_has_lost_its_hold(place: Path, others: list[Other]) -> None:
    home, _ = begun(place, 4)
    others.append(Other(place, "job"))
    silent(place, SILENCE + 1)
    assert [one.id for one in home.broken_off()] == ["job"]
    assert home.hold("job")


def test_ones_own_hold_keeps_nothing_from_oneself_and_others_out(place: Path, others: list[Other]) -> None:
    home, _ = begun(place, 4)
    assert home.hold("job")
    assert home.hold("job")
    assert [one.id for one in home.broken_off()] == ["job"]
    others.append(Other(place, "job"))
    assert others[0].said == "False"
    home.let_go("job")
    others.append(Other(place, "job"))
    assert others[1].said == "True"


def test_a_process_of_another_computer_is_judged_by_its_heartbeat_alone() -> None:
    assert living("anothers-1-x", time())
    assert not living("anothers-1-x", time() - SILENCE - 1)
    assert living(me(), time())
    assert platform.node() not in me()


def test_a_deleted_pilot_takes_its_hold_along(place: Path) -> None:
    home, plan = begun(place, 4)
    home.hold("job")
    home.remove([plan])
    with closing(sqlite3.connect(place)) as raw:
        assert raw.execute("SELECT COUNT(*) FROM hold").fetchone() == (0,)
    assert home.hold("job"), "nothing to hold, and nothing wrong"


def test_a_workspace_of_before_gets_the_table_and_keeps_its_pilots(place: Path) -> None:
    with closing(sqlite3.connect(place)) as raw:
        raw.executescript(f"{TABLES.removesuffix(HOLD)} INSERT INTO workspace VALUES (1);")
    home, _ = begun(place, 2)
    assert home.hold("job")
    assert place.with_name("workspace.version-1.sqlite").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no question whether a process lives.")
def test_a_second_planner_says_that_the_pilot_runs_elsewhere_and_leaves_it_alone(
    place: Path, others: list[Other]
) -> None:
    home = Workspace(place)
    job = job_of({}, Wish("tickets", sample(), SETTINGS), home)
    home.begin(file(), SAID, (job.id, job.shell()), {})
    others.append(Other(place, job.id))
    job.run()
    while not job.ended:
        sleep(0.02)
    assert (job.state, job.wrong) == ("failed", ELSEWHERE)
    progress = home.progress(job.id)
    assert progress is not None
    assert (progress.state, progress.parts_done) == (RUNNING, 0)
    others[0].kill()
    wait(begin(home))
    assert not home.held_elsewhere(job.id)
    with closing(sqlite3.connect(place)) as raw:
        assert raw.execute("SELECT COUNT(*) FROM hold").fetchone() == (0,), "it is let go of at the end"
