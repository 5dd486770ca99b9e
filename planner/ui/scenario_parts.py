"""The scenarios of the Compare page: their table, and what adds, changes and removes them."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from planner import words
from planner.errors import PlannerError
from planner.plan.deciding import Plan
from planner.plan.scenarios import (
    MOST,
    Comparison,
    Scenario,
    compare_scenarios,
    inputs,
    scenario_plan,
    suggestions,
)
from planner.ui import forms, session
from planner.ui.board import Board
from planner.ui.parts import md

EMPTY = "My own scenario"
NOT_HERE = ("metric", "positive", "currency", "baseline", "ranges")  # they change what is compared, not how it goes


def table(comparison: Comparison) -> None:
    """The columns side by side, figures at the right."""
    if len(comparison.outcomes) == 1:  # the base alone stands on the Plan page
        return
    head, *names = comparison.table.columns
    frame = pd.DataFrame({head: [md(row[0]) for row in comparison.table.rows]})
    style_of: dict[str, list[str]] = {}
    for column, name in enumerate(names, start=1):
        # A number stands at the right; each one here is the place of its words.
        frame[md(name)] = [float(place) for place in range(len(frame))]
        style_of[md(name)] = [md(row[column]) for row in comparison.table.rows]
    style = frame.style
    for name, texts in style_of.items():
        style = style.format(lambda place, texts=texts: texts[int(place)], subset=[name])
    st.table(style, border="horizontal", hide_index=True, alt=f"{comparison.table.title}. {comparison.headline}")


def side_by_side(plan: Plan, scenarios: Sequence[Scenario]) -> Comparison | None:
    """Scenarios beside the plan for a file; without those that make no sense, which the Compare page says."""
    made: dict[str, Plan] = {}
    for one in scenarios:
        with suppress(PlannerError):
            made[one.name] = scenario_plan(plan, one)
    kept = [one for one in scenarios if one.name in made]
    with suppress(PlannerError), words.spoken(plan.valuation.assumptions.locale):
        return compare_scenarios(plan, kept, lambda one: made[one.name]) if kept else None
    return None


def edited(plan: Plan, source: str) -> list[Scenario]:
    """The scenarios as they stand after what was typed into them just now, with the buttons below the table."""
    board = session.board()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _adding(board, plan, source)
        if board.can_undo(source):
            st.button("Undo last change", icon=":material/undo:", type="tertiary", on_click=board.undo, args=(source,))
        if not board.of(source):
            st.caption(f"Up to {MOST - 1} beside the base: another price, no setup, more items.")
        if board.full(source):
            st.caption(f"{MOST} side by side, the base among them, are the most that can be read.")
    if board.of(source):
        _changing(board, plan, source)
    return list(board.of(source).values())


def _changing(board: Board, plan: Plan, source: str) -> None:
    """Every scenario's name and inputs side by side, behind a click."""
    # The label stays as it is: another one would be another box, closed, and what was typed into it lost.
    box = st.expander("Change the scenarios", type="compact", key=f"open.scenarios.{source}", on_change="rerun")
    if not box.open:
        return
    with box:
        columns = st.columns(MOST - 1, gap="medium")
        for column, (card, scenario) in zip(columns, list(board.of(source).items()), strict=False):
            with column:
                _card(board, (source, card), scenario, plan)


def _adding(board: Board, plan: Plan, source: str) -> None:
    """A menu of scenarios people ask about, and an empty one."""
    menu = {one.name: one for one in (*suggestions(plan), Scenario(EMPTY, {}))}
    key = f"add.{source}"
    st.menu_button(
        "Add a scenario", [md(name) for name in menu], key=key, icon=":material/add:",
        disabled=board.full(source), on_click=_added, args=(source, key, menu),
    )  # fmt: skip


def _added(source: str, key: str, menu: dict[str, Scenario]) -> None:
    chosen = str(st.session_state[key])
    session.add_scenario(source, next(one for name, one in menu.items() if md(name) == chosen))


def _card(board: Board, place: tuple[str, str], scenario: Scenario, plan: Plan) -> None:
    """One scenario: its name, what is different in it, and the buttons that copy and remove it."""
    source, card = place
    prefix = f"scenario.{card}.{board.version}"
    name = st.text_input("Name", scenario.name, key=f"{prefix}.name", max_chars=40)
    known = {key: one for key, one in inputs().items() if key not in NOT_HERE}
    chosen = st.multiselect(
        "What is different", list(known), [key for key in scenario.changes if key in known],
        format_func=lambda key: known[key].title, key=f"{prefix}.changes",
    )  # fmt: skip
    start = {key: _base(plan, key) for key in chosen} | dict(scenario.changes)
    typed = forms.ask([known[key] for key in chosen], start, prefix, plan.valuation.assumptions.currency)
    share = st.number_input(
        "How likely it is (%)", 0.0, 100.0, None if scenario.chance is None else 100 * scenario.chance, 5.0, "%.10g",
        key=f"{prefix}.chance", placeholder="not said", help="The base has what is left of 100%.",
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button("Duplicate", key=f"{prefix}.duplicate", icon=":material/content_copy:", type="tertiary",
                  on_click=board.duplicate, args=place, disabled=board.full(source))  # fmt: skip
        st.button("Delete", key=f"{prefix}.delete", icon=":material/delete:", type="tertiary",
                  on_click=board.delete, args=place)  # fmt: skip
    board.change(source, card, Scenario(name.strip() or scenario.name, typed, None if share is None else share / 100))


def _base(plan: Plan, key: str) -> Any:
    settings = plan.valuation.forecast.settings
    return getattr(settings, key) if hasattr(settings, key) else getattr(plan.valuation.assumptions, key)
