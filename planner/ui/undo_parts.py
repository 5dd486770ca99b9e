"""Numbers as they were: the last change taken back, one input or all of them as they were to begin with."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from planner import words
from planner.economics.assumptions import Assumptions
from planner.forecast.carrying import ForecastSettings
from planner.settings import Knob, knobs
from planner.ui import money_parts, session
from planner.ui.parts import md

REMEMBERED = 50  # changes that can be taken back
ALL = "All of them"


def remember(shown: session.Source, before: Mapping[str, Any] | None) -> None:
    """Keep the good numbers that were there before this page was drawn, if they are others now."""
    state, past = st.session_state, _past(shown.name)
    undone = state.pop(f"undone.{shown.name}", False)
    if before is not None and not undone and before != session.good(shown):
        past.append(dict(before))
        del past[:-REMEMBERED]


def buttons(shown: session.Source, typed: Mapping[str, Any]) -> None:
    """What takes changes back, where there are any."""
    changed = _changed(shown, typed)
    good = session.good(shown)
    if not changed and not _past(shown.name):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Undo last change", key=f"undo.{shown.name}", icon=":material/undo:", type="tertiary",
            disabled=not _past(shown.name) and typed == good, on_click=_undo, args=(shown.name, dict(typed)),
        )  # fmt: skip
        if changed:
            _menu(shown, changed, typed)


def _menu(shown: session.Source, changed: list[tuple[Knob, Any]], typed: Mapping[str, Any]) -> None:
    """Every changed input with what it began with, and all of them."""
    menu = {f"{one.title}: {_said(one, was, typed)}": {one.name: was} for one, was in changed}
    if len(changed) > 1:
        menu[ALL] = {one.name: was for one, was in changed}
    st.menu_button(
        "Reset", [md(name) for name in menu], key=f"reset.{shown.name}", icon=":material/restart_alt:",
        type="tertiary", on_click=_reset, args=(shown.name, menu),
    )  # fmt: skip


def _past(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = st.session_state.setdefault(f"past.{name}", [])
    return found


def _changed(shown: session.Source, typed: Mapping[str, Any]) -> list[tuple[Knob, Any]]:
    """(setting, what it began with) of every input that is not as it was to begin with."""
    start = session.start_with(shown)
    every = [*knobs(Assumptions), *knobs(ForecastSettings)]
    began = [(one, start.get(one.name, one.default)) for one in every if one.name in typed]
    return [(one, was) for one, was in began if typed[one.name] != was]


def _said(one: Knob, value: Any, typed: Mapping[str, Any]) -> str:
    """A value as the menu writes it."""
    if value in (None, ""):
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if one.choices is not None and value in one.choices:
        return str(one.choices[value].title)
    if one.unit.startswith("currency"):
        return words.money(value, str(typed.get("currency", "USD")), None)
    return words.number(value) if isinstance(value, (int, float)) else str(value)


def _undo(name: str, typed: Mapping[str, Any]) -> None:
    """The last good numbers in place of bad ones; else those before them."""
    state, past = st.session_state, _past(name)
    good = state.get(f"good.{name}", {})
    if typed == good:
        good = past.pop()
    state[f"undone.{name}"] = True
    money_parts.fill(f"plan.{name}", good)


def _reset(name: str, menu: Mapping[str, Mapping[str, Any]]) -> None:
    chosen = str(st.session_state[f"reset.{name}"])
    money_parts.fill(f"plan.{name}", next(began for said, began in menu.items() if md(said) == chosen))
