"""The Compare page, walked without a browser: its finding, its scenarios, and its answers on awkward plans."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import open_page, plan_of, texts, title

from planner.charts.grid import PICK
from planner.pilot.bundled import BUNDLED
from planner.plan import turning
from planner.plan.scenarios import Scenario, compare_scenarios, suggestions
from planner.plan.sensitivity import sensitivity
from planner.ui.board import Board
from planner.ui.grid_parts import FULL
from planner.ui.session import SHOWN

ROOT = Path(__file__).parents[1]
MENU = "add.digits"


@pytest.fixture
def compare() -> AppTest:
    return open_page(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run(), "compare")


def add(at: AppTest, name: str) -> AppTest:
    at.menu_button(key=MENU).click(name).run()
    assert not at.exception
    return at


def columns(at: AppTest) -> list[str]:
    """The heads of the table of scenarios; none without one."""
    return [name for table in at.table if "Base" in table.value.columns for name in table.value.columns[1:]]


def press(at: AppTest, label: str) -> AppTest:
    next(one for one in at.button if one.label == label).click().run()
    assert not at.exception
    return at


def opened(at: AppTest) -> AppTest:
    """The editors of the scenarios, opened as a click would; a run of AppTest closes them again."""
    at.session_state["open.scenarios.digits"] = True
    at.run()
    assert not at.exception
    return at


def test_without_scenarios_the_page_is_headed_by_the_price_that_turns_it(compare: AppTest) -> None:
    found = sensitivity(plan_of())
    assert found is not None
    assert title(compare).replace("\\", "") == turning.headline(found)
    said = texts(compare)
    assert turning.movers_sentence(found) in said
    assert turning.grid_sentence(found) in said
    assert plan_of().stopping in said
    assert columns(compare) == []


def test_scenarios_stand_side_by_side_and_the_title_says_whether_the_advice_holds(compare: AppTest) -> None:
    base = plan_of()
    wanted = compare_scenarios(base, suggestions(base)[:2])
    for one in suggestions(base)[:2]:
        add(compare, one.name)
    assert title(compare) == wanted.headline
    assert columns(compare) == ["Base", *(one.name for one in suggestions(base)[:2])]
    assert wanted.lead in texts(compare)


def test_a_change_can_be_taken_back_and_four_columns_are_the_most(compare: AppTest) -> None:
    for _ in range(3):
        add(compare, "My own scenario")
    assert columns(compare) == ["Base", "My own scenario", "My own scenario 2", "My own scenario 3"]
    assert compare.menu_button(key=MENU).disabled
    press(compare, "Undo last change")
    assert columns(compare) == ["Base", "My own scenario", "My own scenario 2"]


@pytest.mark.slow
def test_a_scenario_is_renamed_changed_duplicated_and_deleted(compare: AppTest) -> None:
    add(compare, "Tool already in place")
    opened(compare)
    next(one for one in compare.text_input if one.label == "Name").set_value("Free <b>tool</b>")
    opened(compare)
    assert columns(compare)[1].replace("\\", "") == "Free <b>tool</b>"
    next(one for one in compare.number_input if one.key.startswith("scenario.")).set_value(12_000.0)
    opened(compare)
    wanted = compare_scenarios(plan_of(), [Scenario("Free <b>tool</b>", {"setup_cost": 12_000.0})])
    assert title(compare).replace("\\", "") == wanted.headline
    press(opened(compare), "Duplicate")
    assert len(columns(compare)) == 3
    press(opened(compare), "Delete")
    assert len(columns(compare)) == 2
    press(compare, "Undo last change")
    assert len(columns(compare)) == 3


def test_scenarios_outlive_a_refresh(compare: AppTest) -> None:
    add(compare, "Twice the items")
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["board"] = compare.query_params["board"]
    again.run()
    assert columns(open_page(again, "compare")) == ["Base", "Twice the items"]


def test_the_baseline_is_chosen_here_and_holds_on_the_plan_page(compare: AppTest) -> None:
    compare.selectbox(key="plan.digits.baseline").select("do_nothing").run()
    found = sensitivity(plan_of(baseline="do_nothing"))
    assert found is not None
    assert title(compare).replace("\\", "") == turning.headline(found)
    open_page(compare, "plan")
    compare.session_state["open.assumptions"] = True
    compare.run()
    assert compare.selectbox(key="plan.digits.baseline").value == "do_nothing"


def test_a_scenario_that_makes_no_sense_gets_a_sentence_and_leaves_the_others(compare: AppTest) -> None:
    add(compare, "Tool already in place")
    opened(compare)
    next(one for one in compare.number_input if one.key.startswith("scenario.")).set_value(-1.0)
    opened(compare)
    assert "cannot be below 0" in compare.error[0].value.replace("\\", "")
    assert columns(compare) == []


def test_a_refused_sample_says_so_and_draws_nothing_it_cannot_know() -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.button(key="open_breast_cancer").click().run()
    open_page(at, "compare")
    assert title(at) == "There is no number of labels to weigh yet"
    assert plan_of("breast_cancer").sentence.rstrip(".") in texts(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        {"cost_per_label": 2.5, "setup_cost": 10_000.0, "value_per_point": 10_000.0},
        {"label_all": True},
        {"cost_per_label": 200.0},
        {"value_per_point": None},
    ],
    ids=["does not pay", "label all", "enough", "unvalued"],
)
def test_every_verdict_has_a_page(asked: dict[str, Any]) -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.session_state["typed.digits"] = {**SHOWN, "pool_size": BUNDLED["digits"].pool_size, **asked}
    open_page(at, "compare")
    found = sensitivity(plan_of(**asked))
    assert found is not None
    assert title(at).replace("\\", "") == turning.headline(found)
    assert turning.movers_sentence(found) in texts(at)


def test_no_two_columns_have_the_same_name() -> None:
    board = Board()
    for name in ("Base", "Cheap", "cheap"):
        board.add("digits", Scenario(name, {}))
    names = [scenario.name for scenario in board.of("digits").values()]
    assert len({name.lower() for name in (*names, "base")}) == 4
    first = next(iter(board.of("digits")))
    board.change("digits", first, Scenario("*cheap*", {}))
    assert board.of("digits")[first].name == "cheap 3"


def test_what_is_undone_is_what_was_there_before() -> None:
    board = Board()
    board.add("digits", Scenario("One", {"setup_cost": 1.0}))
    before = board.of("digits")
    board.delete("digits", next(iter(before)))
    board.add("other", Scenario("Elsewhere", {}))
    board.undo("digits")
    assert board.of("digits") == before
    assert len(board.of("other")) == 1
    assert not board.can_undo("nowhere")


def click_cell(at: AppTest, price: float, setup: float) -> AppTest:
    """What the browser says when a cell of the break-even grid is clicked."""
    at.session_state["grid.digits"] = {"selection": {PICK: [{"cost_per_label": price, "setup_cost": setup}]}}
    at.run()
    assert not at.exception
    return at


def test_a_cell_that_is_clicked_is_a_scenario_and_the_next_one_takes_its_place(compare: AppTest) -> None:
    click_cell(compare, 2.0, 200.0)
    assert columns(compare) == ["Base", "\\$2.00 a label, \\$200 setup"]
    (table,) = (one.value for one in compare.table if "Base" in one.value.columns)
    assert {"Cost per label", "Setup cost"} <= set(table["Scenario"])
    click_cell(compare, 5.0, 0.0)
    assert columns(compare) == ["Base", "\\$5.00 a label, \\$0 setup"]
    press(compare, "Undo last change")
    assert columns(compare) == ["Base", "\\$2.00 a label, \\$200 setup"]


def test_the_cell_of_the_base_and_a_full_board_take_no_click(compare: AppTest) -> None:
    click_cell(compare, 1.0, 500.0)
    assert columns(compare) == []
    for name in ("Labels at half the price", "Tool already in place", "Twice the items"):
        add(compare, name)
    before = columns(compare)
    click_cell(compare, 2.0, 200.0)
    assert columns(compare) == before
    assert FULL in texts(compare)


def test_chances_that_add_up_to_more_than_everything_are_said_and_the_page_stands(compare: AppTest) -> None:
    at = opened(add(add(compare, "Labels at half the price"), "Labels at twice the price"))
    for _ in range(2):
        empty = [one for one in at.number_input if one.label == "How likely it is (%)" and one.value is None]
        empty[0].set_value(70.0).run()
        at = opened(at)
    assert any("add up to 140%" in one.value for one in at.error)
    assert len(columns(at)) == 3
    assert "By their chances" not in texts(at)
