"""The Workspace page without a browser: what was done yesterday is there, and what is deleted can be brought back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import open_page, plan_of, texts, tickets, title, upload, wait

from planner import words
from planner.cli import main
from planner.pilot.bundled import stored_pilot
from planner.plan import PlanFile, Scenario, write_plan
from planner.ui import store
from planner.ui.board import Board
from planner.workspace.rows import Workspace

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty workspace for one test, in a planner that has just been started."""
    path = tmp_path / "workspace.sqlite"
    restart()
    monkeypatch.setenv("PLANNER_WORKSPACE", str(path))
    yield path
    restart()


def restart() -> None:
    """What is left of a planner when its process ends: the file."""
    for job in store.jobs().values():
        if not job.ended:
            job.stop()
    store.workspace().close()
    for kept in (store.workspace, store.jobs, store.uploads, store.boards, store.kept_pilot):
        kept.clear()


def start(**address: str) -> AppTest:
    """A fresh tab at an address."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def button(at: AppTest, start: str) -> Any:
    return next(one for one in at.button if str(one.key).startswith(start))


def run_pilot(at: AppTest, name: str = "mine.csv", repeats: int = 1) -> AppTest:
    upload(at, tickets(), name)
    at.multiselect(key="pilot.strategies").set_value(["random", "margin"])
    at.number_input(key="pilot.repeats").set_value(repeats)
    at.number_input(key="pilot.folds").set_value(2).run()
    wait(at, lambda at: any(one.key == "run" for one in at.button))
    at.button(key="run").click().run()
    wait(at, lambda at: bool(at.metric))
    return open_page(at, "plan")


def address_of(at: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()}


def test_an_empty_workspace_says_where_plans_will_be_kept(place: Path) -> None:
    at = open_page(start(), "workspace")
    assert title(at) == "No plan is kept yet"
    assert str(place) in texts(at)


def test_the_first_screen_opens_no_workspace(place: Path) -> None:
    start()
    assert not place.exists()


def test_where_a_file_is_kept_is_said_before_a_pilot_runs(place: Path) -> None:
    at = open_page(start(), "data")
    assert f"kept on this computer in {place}; delete it on the Workspace page" in texts(at)
    upload(at, tickets())
    assert f"kept on this computer in {place}; delete it on the Workspace page" in texts(at)
    assert Workspace(place).plans() == []


@pytest.mark.slow
@pytest.mark.usefixtures("place")
def test_a_plan_with_its_numbers_scenarios_and_file_is_there_the_next_day() -> None:
    at = run_pilot(start())
    plan = address_of(at)["plan"]
    at.number_input(key=f"plan.{plan}.cost_per_label").set_value(3.5).run()
    said, numbers = title(at), [one.value for one in at.metric]
    restart()
    for later in (start(plan=plan), open_page(start(), "workspace")):
        if not later.metric:
            assert title(later) == "Your plan"
            assert said in texts(later)
            later.button(key=f"open.{plan}").click().run()
            open_page(later, "plan")
        assert later.number_input(key=f"plan.{plan}.cost_per_label").value == 3.5
        assert (title(later), [one.value for one in later.metric]) == (said, numbers)
        open_page(later, "data")
        assert title(later) == "Ready to run: 240 labeled rows, 60 to go"
        assert later.number_input(key="pilot.repeats").value == 1, "the settings of this pilot"
        assert any(one.key == "see_plan" for one in later.button), "nothing has to be run again"
        restart()


def test_numbers_typed_on_the_sample_data_are_there_after_a_refresh(place: Path) -> None:
    at = start()
    assert "plan" not in address_of(at)
    at.number_input(key="plan.digits.cost_per_label").set_value(0.2).run()
    address = address_of(at)
    restart()
    later = start(**address)
    assert title(later) == plan_of(cost_per_label=0.2).sentence.rstrip(".")
    assert "Sample data" in texts(later)
    assert [one.bundled for one in Workspace(place).plans()] == ["digits"]


@pytest.mark.usefixtures("place")
def test_scenarios_are_kept_with_their_plan() -> None:
    at = start()
    open_page(at, "compare")
    at.session_state["board"] = board_with(Scenario("Labels at half the price", {"cost_per_label": 0.5}))
    at.run()
    assert not at.exception
    address = address_of(at)
    restart()
    later = open_page(start(plan=address["plan"]), "compare")
    assert "Labels at half the price" in str([table.value for table in later.table])


def board_with(scenario: Scenario) -> str:
    board = Board()
    board.add("digits", scenario)
    store.keep(board)
    return board.id


def test_a_pilot_broken_off_can_be_continued_on_either_page(place: Path) -> None:
    run_pilot(start(), repeats=2)
    home = Workspace(place)
    (plan,) = home.plans()
    with home._change() as rows:  # as the file is left by a process that was killed
        rows.execute("UPDATE pilot SET state = 'running'")
        rows.execute("DELETE FROM trace WHERE place >= (SELECT total * 3 / 4 FROM pilot)")
    whole = home.pilot(str(plan.pilot))
    home.close()
    assert whole is not None
    restart()
    at = open_page(start(), "data")
    assert "The pilot of **mine.csv** was broken off (3 of 4 parts done)" in texts(at)
    open_page(at, "workspace")
    button(at, "continue.").click().run()
    open_page(at, "data")
    wait(at, lambda at: bool(at.metric))
    (plan,) = Workspace(place).plans()
    assert (plan.state, plan.parts_done) == ("done", 4)


def test_a_plan_is_renamed_duplicated_deleted_and_brought_back(place: Path) -> None:
    at = start()
    at.number_input(key="plan.digits.cost_per_label").set_value(0.2).run()
    open_page(at, "workspace")
    button(at, "rename.").click().run()
    at.text_input[0].set_value("For Monday").run()
    assert "**For Monday**" in texts(at)
    button(at, "duplicate.").click().run()
    assert title(at) == "Your 2 plans"
    assert "**For Monday, copy**" in texts(at)
    button(at, "delete.").click().run()
    assert title(at) == "Your plan"
    at.button(key="undo_delete").click().run()
    assert title(at) == "Your 2 plans"
    button(at, "delete.").click().run()
    at.button(key="delete_for_good").click().run()
    assert title(at) == "Your plan"
    assert Workspace(place).deleted() == []


def test_two_tabs_on_one_plan_do_not_undo_one_another(place: Path) -> None:
    one = start()
    one.number_input(key="plan.digits.cost_per_label").set_value(0.2).run()
    plan = address_of(one)["plan"]
    other = start(plan=plan)
    other.number_input(key=f"plan.{plan}.setup_cost").set_value(900.0).run()
    open_page(one, "glossary")  # a tab that changes nothing writes nothing
    kept = Workspace(place).plan(plan)
    assert kept is not None
    assert (kept.typed["cost_per_label"], kept.typed["setup_cost"]) == (0.2, 900.0)


def test_a_plan_deleted_in_another_window_gives_way_to_the_sample(place: Path) -> None:
    at = start()
    at.number_input(key="plan.digits.cost_per_label").set_value(0.2).run()
    plan = address_of(at)["plan"]
    later = start(plan=plan)
    Workspace(place).delete(plan)
    later.run()
    assert title(later) == plan_of().sentence.rstrip(".")


@pytest.mark.usefixtures("place")
def test_a_saved_plan_opens_with_the_same_numbers_here_and_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = plan_of(cost_per_label=0.2)
    file = PlanFile(
        stored_pilot("digits"), made.valuation.forecast.settings, made.valuation.assumptions, (), "For Monday"
    )
    at = open_page(start(), "workspace")
    at.file_uploader(key="plan_file").upload("digits.plan.json", write_plan(file), "application/json").run()
    open_page(at, "plan")
    assert title(at) == made.sentence.rstrip(".")
    assert at.number_input(key=f"plan.{address_of(at)['plan']}.cost_per_label").value == 0.2
    open_page(at, "workspace")
    assert "**For Monday**" in texts(at)
    path = tmp_path / "digits.plan.json"
    path.write_bytes(write_plan(file))
    assert main(["plan", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"]["sentence"] == made.sentence
    assert main(["plan", str(path), "--json", "--cost-per-label", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"]["sentence"] == plan_of().sentence


def test_a_file_that_is_no_plan_gets_a_sentence(place: Path) -> None:
    at = open_page(start(), "workspace")
    at.file_uploader(key="plan_file").upload("recipe.json", b'{"eggs": 3}', "application/json").run()
    assert "**recipe.json** cannot be opened" in at.error[0].value
    assert Workspace(place).plans() == []


def test_a_pilot_that_a_newer_planner_kept_is_said_and_no_page_is_lost(place: Path) -> None:
    home = Workspace(place)
    plan = home.add_plan("From tomorrow", stored_pilot("digits"), {}, {})
    with home._change() as rows:
        rows.execute("UPDATE pilot SET head = replace(head, '\"schema\": 1', '\"schema\": 9')")
    at = open_page(start(), "workspace")
    at.button(key=f"open.{plan}").click().run()
    assert "has schema 9" in at.warning[0].value
    assert title(start(plan=plan)) == plan_of().sentence.rstrip(".")


def test_what_cannot_be_written_is_said_on_the_page(place: Path) -> None:
    at = start()
    at.number_input(key="plan.digits.cost_per_label").set_value(0.2).run()
    open_page(at, "workspace")
    store.workspace()._rows.execute("PRAGMA query_only = ON")  # as when the disk was remounted to be read only
    button(at, "delete.").click().run()
    assert not at.exception
    assert "cannot be written" in at.warning[0].value
    assert len(Workspace(place).plans()) == 1


def unwritable(place: Path) -> None:
    place.mkdir()


def foreign(place: Path) -> None:
    place.write_bytes(b"SQLite format 3\0" + b"x" * 4096)


@pytest.mark.parametrize(("spoil", "said"), [(unwritable, "cannot be written"), (foreign, "was damaged")])
def test_the_app_works_where_nothing_can_be_kept_and_says_so(
    place: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(place)
    at = run_pilot(start())
    assert at.metric[1].value == words.money(60)
    open_page(at, "workspace")
    assert title(at) == "Your plan"
    assert said in at.warning[0].value.replace("\\", "")


@pytest.mark.usefixtures("place")
def test_a_full_disk_lets_the_pilot_end_in_its_plan() -> None:
    at = open_page(start(), "data")
    home = store.workspace()
    pages = home._rows.execute("PRAGMA page_count").fetchone()[0]
    home._rows.execute(f"PRAGMA max_page_count = {pages}")
    run_pilot(at)
    assert at.metric[1].value == words.money(60)
    open_page(at, "workspace")
    assert "disk is full" in at.warning[0].value
    assert home.plans() == []
    home._rows.execute("PRAGMA max_page_count = 1000000")
    open_page(at, "plan")
    assert len(home.plans()) == 1, "it is kept as soon as there is room"
    open_page(at, "workspace")
    assert not at.warning


def test_of_fifty_plans_the_ten_newest_are_in_view(place: Path) -> None:
    home = Workspace(place)
    for k in range(50):
        home.add_plan(f"plan {k}", stored_pilot("digits"), {}, {})
    at = open_page(start(), "workspace")
    assert title(at) == "Your 50 plans"
    assert len([one for one in at.button if str(one.key).startswith("open.")]) == 10
