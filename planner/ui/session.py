"""How far this session has come: whose data, which pilot, which numbers, and the plan they give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from planner.assumptions import Assumptions
from planner.bundled import BUNDLED
from planner.economics import evaluate
from planner.errors import PlannerError
from planner.forecast import ForecastSettings
from planner.pilot import Pilot
from planner.plan import Plan, decide
from planner.scenarios import Scenario
from planner.settings import key, knobs
from planner.ui import store
from planner.ui.board import Board
from planner.ui.jobs import Job

FIRST = "digits"
SHOWN = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}  # the prices of the first screen


@dataclass(frozen=True)
class Source:
    """What the plan is made from: a bundled sample or a finished pilot of the person's own."""

    name: str  # a name of BUNDLED, or a job's id
    title: str
    is_sample: bool
    pilot: Pilot
    pool_size: int | None  # to begin with


def restore() -> None:
    """Take the file and the pilot named in the address into a fresh session, and keep the address up to date."""
    state, asked = st.session_state, st.query_params
    if "source" not in state:
        state["source"] = FIRST
        if (job := store.jobs().get(asked.get("job", ""))) is not None:
            state["job"], state["upload"] = job.id, job.upload
            if job.pilot is not None:
                state["source"] = job.id
        elif asked.get("data", "") in store.uploads():
            state["upload"] = asked["data"]
        elif asked.get("data", "") in BUNDLED:
            state["source"] = asked["data"]
        if asked.get("board", "") in store.boards():
            state["board"] = asked["board"]
    for name, value in _address().items():
        if value is None:
            asked.pop(name, None)
        elif asked.get(name) != value:
            asked[name] = value


def _address() -> dict[str, str | None]:
    state = st.session_state
    job, source = state.get("job"), state["source"]
    data = None if job else state.get("upload") or (source if source in BUNDLED and source != FIRST else None)
    return {"job": job, "data": data, "board": state.get("board")}


def source() -> Source:
    """What the pages show now."""
    name = st.session_state["source"]
    job = store.jobs().get(name)
    if job is not None and job.pilot is not None:
        facts, brought = job.pilot.facts, store.uploads().get(job.upload)
        typed = brought.pool_size if brought else None
        return Source(name, facts.name, False, job.pilot, facts.rows if facts.rows > facts.labeled else typed)
    name = name if name in BUNDLED else FIRST
    entry = BUNDLED[name]
    return Source(name, entry.title, True, store.bundled_pilot(name), entry.pool_size)


def start_with(shown: Source) -> dict[str, Any]:
    """The numbers the inputs begin with."""
    return {**(SHOWN if shown.is_sample else {}), "pool_size": shown.pool_size}


def upload() -> store.Upload | None:
    """The file this session looks at, if any."""
    return store.uploads().get(st.session_state.get("upload", ""))


def job() -> Job | None:
    """The pilot this session watches, if any."""
    return store.jobs().get(st.session_state.get("job", ""))


def open_source(name: str) -> None:
    """Show another sample or pilot on every page."""
    st.session_state["source"] = name
    if name in BUNDLED:
        st.session_state.pop("job", None)


def board() -> Board:
    """The scenarios of this session; a board is named in the address once something stands on it."""
    return store.boards().get(st.session_state.get("board", "")) or Board()


def add_scenario(source: str, scenario: Scenario) -> None:
    """Put a scenario on this session's board."""
    kept = board()
    kept.add(source, scenario)
    store.keep(kept)
    st.session_state["board"] = kept.id


def typed_last(shown: Source) -> dict[str, Any]:
    """The numbers typed last for what is shown, on whichever page."""
    return dict(st.session_state.get(f"typed.{shown.name}", start_with(shown)))


def plan_of(shown: Source, typed: dict[str, Any]) -> Plan:
    """The plan for what was typed. Raises PlannerError for a value that makes no sense."""
    of_reach = {one.name for one in knobs(ForecastSettings)}
    reach = ForecastSettings(**{name: value for name, value in typed.items() if name in of_reach})
    asked = Assumptions(**{name: value for name, value in typed.items() if name not in of_reach})
    made = store.forecast_of(shown.pilot.key, reach, shown.pilot)
    return store.kept_plan(key(shown.pilot.key, reach, asked), lambda: decide(evaluate(made, asked)))


def measured(shown: Source) -> Plan:
    """The plan of a pool that is the sample itself: what was measured, while the size of the pool is not known."""
    return plan_of(shown, {"pool_size": shown.pilot.facts.labeled})


def current(typed: dict[str, Any] | None = None) -> tuple[Plan | None, str]:
    """(the plan, what is wrong with what was typed): a bad value keeps the last good plan.

    Pages without inputs show the plan of the numbers typed last.
    """
    shown, state = source(), st.session_state
    good, last = f"good.{shown.name}", f"typed.{shown.name}"
    typed = typed if typed is not None else state.get(last, start_with(shown))
    try:
        made = plan_of(shown, typed)
    except PlannerError as wrong:
        kept = state.get(good)
        return (plan_of(shown, kept) if kept else None), str(wrong)
    if state.get(good) != typed:
        state[f"computed.{shown.name}"] = datetime.now().strftime("%H:%M")
    state[good] = state[last] = dict(typed)
    return made, ""


def computed_at() -> str:
    """When the numbers shown were worked out."""
    return str(st.session_state.get(f"computed.{source().name}", datetime.now().strftime("%H:%M")))
