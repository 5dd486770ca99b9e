"""What is put into a workspace is there the next day, whoever else writes to it, or a sentence says why not."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from making import facts, known_pilot

from planner.economics import Assumptions, evaluate
from planner.errors import BadTable, PlannerError
from planner.exports.plan_json import plan_to_json
from planner.forecast import ForecastSettings, forecast
from planner.pilot import Pilot
from planner.pilot.saved import is_pilot, pilot_to_json, read_pilot, write_pilot
from planner.plan import PlanFile, Scenario, decide, read_plan, write_plan
from planner.workspace import rows as rows_of
from planner.workspace.file import WorkspaceError, default_place
from planner.workspace.kept import Decided, KeptSample
from planner.workspace.rows import Workspace
from planner.workspace.schema import HOLD, TABLES, VERSION

ROOT = Path(__file__).parents[1]
FILE = KeptSample("abc", "tickets.csv", b"text,label\nsecret words,billing\n" * 100)
SAID = Decided("label", {"id": "leave_out"}, {"legal": "merge"})
TYPED = {"pool_size": 9000, "cost_per_label": 0.35}
CARDS = {"one": Scenario("Labels at twice the price", {"cost_per_label": 0.7})}


@cache
def pilot() -> Pilot:
    made = read_pilot(write_pilot(known_pilot(lambda k: 0.3 * (k / 50.0) ** -0.3)))  # whole rows, as measured ones
    return replace(made, facts=replace(made.facts, name="tickets.csv"))


def head(made: Pilot) -> Pilot:
    return replace(made, traces=())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "workspace.sqlite"


def begun(place: Path, parts: int = 0) -> tuple[Workspace, str]:
    """A workspace with a pilot of which so many parts are done."""
    workspace = Workspace(place)
    plan = workspace.begin(FILE, SAID, ("job", head(pilot())), TYPED)
    a_part = len(pilot().traces) // 10
    workspace.prepared("job", head(pilot()), len(pilot().traces))
    for part in range(parts):
        workspace.add_traces("job", part * a_part, pilot().traces[part * a_part : (part + 1) * a_part])
    return workspace, plan


def again(workspace: Workspace) -> Workspace:
    """The same file, opened by the next process."""
    workspace.close()
    return Workspace(workspace.path)


def test_everything_a_pilot_needs_is_there_after_a_restart(place: Path) -> None:
    workspace, plan = begun(place, 10)
    workspace.end("job", "done")
    workspace.save(plan, TYPED, CARDS, ("active", "Buy about 900 more labels."))
    later = again(workspace)
    (kept,) = later.plans()
    assert (kept.id, kept.name, kept.sample, kept.rows, kept.labeled) == (plan, *["tickets.csv"] * 2, 1000, 1000)
    assert (kept.typed, kept.scenarios) == (TYPED, CARDS)
    assert (kept.code, kept.sentence) == ("active", "Buy about 900 more labels.")
    assert kept.can_open
    assert not kept.unfinished
    found = later.pilot("job")
    assert found is not None
    assert pilot_to_json(found) == pilot_to_json(pilot())
    assert later.sample("abc") == FILE
    progress = later.progress("job")
    assert progress is not None
    assert progress.decided == SAID
    assert progress.settings == pilot().settings


def test_a_pilot_broken_off_is_offered_with_its_finished_parts(place: Path) -> None:
    workspace, _ = begun(place, 7)
    later = again(workspace)
    (one,) = later.broken_off()
    assert (one.name, one.parts_done, one.parts, one.can_go_on) == ("tickets.csv", 7, 10, True)
    assert [trace.run for trace in later.finished("job")] == [
        trace.run for trace in pilot().traces[: 7 * 4]
    ]  # three cuts at random and margin
    later.end("job", "done")
    assert later.broken_off() == []


def test_only_whole_repeats_make_a_pilot(place: Path) -> None:
    workspace, plan = begun(place, 4)
    assert workspace.pilot("job") is None
    kept = workspace.plan(plan)
    assert kept is not None
    assert not kept.can_open
    later, _ = begun(place.with_name("other.sqlite"), 7)
    found = later.pilot("job")
    assert found is not None
    assert found.repeats == 1
    assert later.plans()[0].can_open


def test_parts_that_other_versions_computed_are_not_mixed_with_new_ones(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = begun(place, 3)
    monkeypatch.setattr(rows_of, "MADE_WITH", "planner 9.9.9")
    assert workspace.finished("job") == ()
    workspace.begin(FILE, SAID, ("job", head(pilot())), {})
    progress = workspace.progress("job")
    assert progress is not None
    assert progress.parts_done == 0


def test_the_same_pilot_begun_twice_is_one_plan(place: Path) -> None:
    workspace, plan = begun(place, 3)
    assert workspace.begin(FILE, SAID, ("job", head(pilot())), {}) == plan
    assert len(workspace.finished("job")) == len(pilot().traces) * 3 // 10


def test_a_plan_is_renamed_duplicated_deleted_and_brought_back(place: Path) -> None:
    workspace, plan = begun(place, 10)
    workspace.rename(plan, "Tickets in May")
    copy = workspace.duplicate(plan, "Tickets in June")
    workspace.save(copy, {**TYPED, "cost_per_label": 9.0}, {}, ("", ""))
    workspace.delete(plan)
    assert [one.name for one in workspace.plans()] == ["Tickets in June"]
    assert [one.name for one in workspace.deleted()] == ["Tickets in May"]
    workspace.bring_back(plan)
    assert {one.name: one.typed["cost_per_label"] for one in workspace.plans()} == {
        "Tickets in May": 0.35,
        "Tickets in June": 9.0,
    }


def test_the_sample_goes_from_the_disk_with_its_last_plan(place: Path) -> None:
    workspace, plan = begun(place, 10)
    copy = workspace.duplicate(plan, "copy")
    workspace.delete(plan)
    workspace.remove([plan])
    assert workspace.sample("abc") == FILE
    workspace.delete(copy)
    assert workspace.sample("abc") == FILE, "an hour is given to bring it back"
    workspace.remove([copy])
    assert workspace.sample("abc") is None
    assert workspace.pilot("job") is None
    on_disk = b"".join(one.read_bytes() for one in place.parent.iterdir())
    assert b"secret words" not in on_disk


def test_what_was_deleted_long_ago_is_gone_at_the_next_start(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, plan = begun(place)
    workspace.delete(plan)
    assert [one.id for one in again(workspace).deleted()] == [plan]
    monkeypatch.setattr(rows_of, "UNDO_SECONDS", -1.0)
    later = Workspace(place)
    assert later.deleted() == []
    assert later.sample("abc") is None


def test_of_plans_on_a_bundled_sample_the_last_five_stay(place: Path) -> None:
    workspace = Workspace(place)
    made = [workspace.add_bundled("Handwritten digits", "digits") for _ in range(3)]
    workspace.rename(made[0], "The one for Monday")
    made += [workspace.add_bundled("Handwritten digits", "digits") for _ in range(6)]
    assert {one.id for one in workspace.plans()} == {made[0], *made[-5:]}


def test_a_run_of_a_plan_that_was_deleted_meanwhile_is_let_go(place: Path) -> None:
    workspace, plan = begun(place, 1)
    workspace.remove([plan])
    workspace.add_traces("job", 3, pilot().traces[3:6])
    workspace.end("job", "done")
    assert workspace.plans() == []


WRITER = """
import sys
from pathlib import Path
from test_workspace import CARDS, SAID, FILE, TYPED, head, pilot
from planner.workspace.rows import Workspace

workspace, who = Workspace(Path(sys.argv[1])), sys.argv[2]
shared = workspace.begin(FILE, SAID, ("job", head(pilot())), TYPED)
workspace.prepared("job", head(pilot()), len(pilot().traces))
for k, trace in enumerate(pilot().traces):
    workspace.add_traces("job", k, [trace])
    made = workspace.duplicate(shared, f"{who} {k}")
    workspace.save(made, TYPED, CARDS, ("active", who))
workspace.end("job", "done")
"""


@pytest.mark.slow
def test_two_processes_write_to_one_workspace_and_nothing_is_lost(place: Path) -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": paths}
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(place), who], env=environment, stderr=subprocess.PIPE)
        for who in ("left", "right")
    ]
    for process in started:
        assert process.communicate(timeout=120)[1] == b""
    workspace = Workspace(place)
    runs = len(pilot().traces)
    names = {one.name for one in workspace.plans()}
    assert names == {"tickets.csv", *(f"{who} {k}" for who in ("left", "right") for k in range(runs))}
    found = workspace.pilot("job")
    assert found is not None
    assert pilot_to_json(found) == pilot_to_json(pilot())
    with closing(sqlite3.connect(place)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def made_by(place: Path, script: str) -> None:
    place.parent.mkdir(parents=True)
    with closing(sqlite3.connect(place)) as raw:
        raw.executescript(script)


def test_a_newer_workspace_is_refused_in_words_and_left_as_it_is(place: Path) -> None:
    made_by(place, f"{TABLES} INSERT INTO workspace VALUES ({VERSION + 1});")
    before = place.read_bytes()
    with pytest.raises(WorkspaceError, match=f"newer planner: it has version {VERSION + 1}.*Update the planner"):
        Workspace(place)
    assert place.read_bytes()[100:] == before[100:]  # the first 100 bytes are SQLite's own counters
    assert len(list(place.parent.glob("*.sqlite"))) == 1


def test_an_older_workspace_is_migrated_and_a_copy_of_it_stays(place: Path) -> None:
    older = (
        TABLES.removesuffix(HOLD)
        .replace("deleted REAL,", "deleted REAL")
        .replace("    scenarios TEXT NOT NULL DEFAULT '{}' -- JSON: {card: scenario}\n", "")
    )
    assert older.count("scenarios") == 0
    row = """
    INSERT INTO plan (id, name, typed, bundled, changed) VALUES ('p', 'Old', '{"setup_cost": 5.0}', 'digits', 1);"""
    made_by(place, f"{older} INSERT INTO workspace VALUES (0); {row}")
    workspace = Workspace(place)
    (kept,) = workspace.plans()
    assert (kept.name, kept.typed, kept.scenarios) == ("Old", {"setup_cost": 5.0}, {})
    workspace.save("p", {}, CARDS, ("", ""))
    assert again(workspace).plans()[0].scenarios == CARDS
    with closing(sqlite3.connect(place.with_name("workspace.version-0.sqlite"))) as copy:
        assert copy.execute("SELECT version FROM workspace").fetchone() == (0,)
        assert copy.execute("SELECT name FROM plan").fetchone() == ("Old",)
        assert "scenarios" not in str(copy.execute("SELECT sql FROM sqlite_master WHERE name = 'plan'").fetchone())


def scribble(place: Path) -> None:
    place.write_bytes(b"this was a workspace once" * 400)


def tear(place: Path) -> None:
    data = bytearray(place.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    place.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [scribble, tear])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(place: Path, harm: Callable[[Path], None]) -> None:
    begun(place, 3)[0].close()
    harm(place)
    harmed = place.read_bytes()
    workspace = Workspace(place)
    assert "damaged" in workspace.notice
    assert workspace.plans() == []
    (aside,) = place.parent.glob("workspace.damaged-*.sqlite")
    assert aside.read_bytes() == harmed
    assert aside.name in workspace.notice
    workspace.add_bundled("Handwritten digits", "digits")
    assert len(again(workspace).plans()) == 1


def test_a_file_of_another_program_is_never_touched(tmp_path: Path) -> None:
    notes, foreign = tmp_path / "notes.txt", tmp_path / "music.db"
    notes.write_text("buy milk", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"is no workspace\. It is left as it is"):
        Workspace(notes)
    assert notes.read_text(encoding="utf-8") == "buy milk"
    with closing(sqlite3.connect(foreign)) as raw:
        raw.executescript("CREATE TABLE song (name TEXT); INSERT INTO song VALUES ('one');")
    with pytest.raises(WorkspaceError, match="database of another program"):
        Workspace(foreign)
    with closing(sqlite3.connect(foreign)) as raw:
        assert raw.execute("SELECT name FROM song").fetchone() == ("one",)


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkspaceError, match=r"cannot be written.*Nothing will be kept.*--workspace FILE"):
        Workspace(tmp_path / "file" / "workspace.sqlite")


def test_a_file_that_another_program_holds_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace(place).close()
    monkeypatch.setattr("planner.workspace.file.PATIENCE", 0.1)
    with closing(sqlite3.connect(place, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(WorkspaceError, match="another program holds it"):
            Workspace(place)


def test_a_full_disk_is_said_and_what_was_kept_before_stays(place: Path) -> None:
    workspace, _ = begun(place, 2)
    pages = workspace._rows.execute("PRAGMA page_count").fetchone()[0]
    workspace._rows.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way to be full
    with pytest.raises(WorkspaceError, match=r"disk is full. Make room"):
        workspace.begin(replace(FILE, id="big", data=os.urandom(400_000)), SAID, ("big", head(pilot())), {})
    (one,) = again(workspace).broken_off()
    assert one.parts_done == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other people out of a person's folders by itself.")
def test_only_its_owner_may_read_the_file(place: Path) -> None:
    workspace, _ = begun(place, 1)
    for one in place.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    workspace.close()


def test_without_a_file_it_lives_in_memory() -> None:
    workspace = Workspace(None)
    made = workspace.add_bundled("Handwritten digits", "digits")
    assert [one.id for one in workspace.plans()] == [made]


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"HOME": "/home/ana", "XDG_DATA_HOME": ""}, "/home/ana/.local/share/planner/workspace.sqlite"),
        ("linux", {"HOME": "/home/ana", "XDG_DATA_HOME": "/data"}, "/data/planner/workspace.sqlite"),
        ("darwin", {"HOME": "/Users/ana"}, "/Users/ana/Library/Application Support/planner/workspace.sqlite"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/planner/workspace.sqlite"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="The homes above are spelled as elsewhere.")
def test_it_lies_where_the_system_keeps_a_persons_data(
    monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], expected: str
) -> None:
    monkeypatch.delenv("PLANNER_WORKSPACE")
    monkeypatch.setattr(sys, "platform", system)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_place() == Path(expected)


def saved(**changes: Any) -> PlanFile:
    made = PlanFile(
        pilot(), ForecastSettings(pool_size=20_000, draws=200), Assumptions(value_per_point=1000.0, setup_cost=800.0)
    )
    return replace(made, scenarios=tuple(CARDS.values()), name="Tickets in May", **changes)


def numbers(of: PlanFile) -> dict[str, Any]:
    return plan_to_json(decide(evaluate(forecast(of.pilot, of.reach), of.assumptions)))


def test_a_plan_file_brings_back_the_same_numbers_scenarios_and_name() -> None:
    data = write_plan(saved())
    back = read_plan(data)
    assert (back.reach, back.assumptions, back.name) == (saved().reach, saved().assumptions, "Tickets in May")
    assert back.scenarios == saved().scenarios
    assert numbers(back) == numbers(saved())
    assert is_pilot(data)


def test_a_pilot_file_is_a_plan_with_every_number_at_its_default() -> None:
    back = read_plan(write_pilot(pilot(), metric="macro_f1"))
    assert back.assumptions == Assumptions()
    assert back.reach == ForecastSettings(metric="macro_f1")
    assert back.scenarios == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"assumptions":{', b'"assumptions":7,"was":{', "damaged near its numbers"),
        (b'"scenarios":[', b'"scenarios":"none","was":[', "damaged near its scenarios"),
        (b'"scenarios":[', b'"scenarios":[3,', "damaged near its scenarios"),
        (b'"cost_per_label":1.0', b'"cost_per_label":-4', "cannot be below 0"),
    ],
)
def test_a_damaged_plan_file_is_refused_in_words(old: bytes, new: bytes, said: str) -> None:
    data = write_plan(saved(assumptions=Assumptions(cost_per_label=1.0)))
    assert old in data
    with pytest.raises(PlannerError, match=said):
        read_plan(data.replace(old, new))


def test_a_file_that_is_no_plan_is_refused_in_words() -> None:
    with pytest.raises(BadTable, match="no pilot of this planner"):
        read_plan(b'{"format": "recipe"}')


def test_the_rows_of_the_sample_are_not_in_the_facts_that_are_kept() -> None:
    assert b"secret words" not in write_plan(saved(pilot=replace(pilot(), facts=facts(1000))))
