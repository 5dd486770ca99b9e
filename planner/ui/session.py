"""How far this session has come: whose data, which pilot, which numbers, and the plan they give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st

from planner import words
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import evaluate
from planner.errors import PlannerError
from planner.forecast.carrying import ForecastSettings
from planner.pilot.bundled import BUNDLED
from planner.pilot.running import Pilot
from planner.plan.deciding import Plan, decide
from planner.plan.scenarios import Scenario
from planner.settings import key, knobs
from planner.ui import store
from planner.ui.board import Board
from planner.ui.jobs import Job

FIRST = "digits"
SHOWN = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}  # the prices of the first screen


@dataclass(frozen=True)
class Source:
    """What the plan is made from: a bundled sample or a pilot of the person's own."""

    name: str  # a name of BUNDLED, a plan of the workspace, or a job's id where that could not keep it
    title: str
    is_sample: bool
    pilot: Pilot
    pool_size: int | None  # to begin with
    bundled: str = ""  # the name of BUNDLED it rests on
    typed: Mapping[str, Any] = field(default_factory=dict)  # the numbers of a kept plan


def restore() -> None:
    """Take the plan, the file or the pilot named in the address into a fresh session."""
    state, asked = st.session_state, st.query_params
    if "source" in state:
        return
    state["source"] = FIRST
    if asked.get("board", "") in store.boards():
        state["board"] = asked["board"]
    if "plan" in asked and open_plan(asked["plan"]):
        return
    if (job := store.jobs().get(asked.get("job", ""))) is not None:
        state["job"], state["upload"] = job.id, job.upload
        if job.pilot is not None:
            state["source"] = job.id
    elif asked.get("data", "") in store.uploads():
        state["upload"] = asked["data"]
    elif asked.get("data", "") in BUNDLED:
        state["source"] = asked["data"]


def show_address() -> None:
    """Keep in the address what a refresh has to find again."""
    asked = st.query_params
    for name, value in _address().items():
        if value is None:
            asked.pop(name, None)
        elif asked.get(name) != value:
            asked[name] = value


def _address() -> dict[str, str | None]:
    state = st.session_state
    job, source = state.get("job"), state["source"]
    plan = plan_id()
    watched = None if plan and not _under_way(job) else job
    data = None if job or plan else state.get("upload") or (source if source in BUNDLED and source != FIRST else None)
    return {"plan": plan, "job": watched, "data": data, "board": state.get("board")}


def _under_way(name: str | None) -> bool:
    job = store.jobs().get(name or "")
    return job is not None and job.under_way


def plan_id() -> str | None:
    """The plan of the workspace that this session fills in, if any."""
    name = st.session_state["source"]
    return st.session_state.get(f"plan_of.{name}") if name in BUNDLED or name in store.jobs() else name


def open_plan(plan: str) -> bool:
    """Show a plan of the workspace on every page, with its numbers and scenarios; False where it cannot be yet.

    Raises PlannerError for a pilot that this version cannot read.
    """
    state = st.session_state
    kept = store.workspace().plan(plan)
    if kept is None or _of_plan(plan) is None:
        return False
    if kept.scenarios and not board().of(plan):
        filled = board()
        filled.kept[plan] = kept.scenarios
        store.keep(filled)
        state["board"] = filled.id
    state["source"] = plan
    progress = store.workspace().progress(kept.pilot) if kept.pilot else None
    state["upload"] = progress.sample if progress else None
    state["job"] = kept.pilot if progress and progress.sample else None
    if kept.pilot:
        state[f"opened.{kept.pilot}"] = True
    return True


def source() -> Source:
    """What the pages show now."""
    name = st.session_state["source"]
    if name not in BUNDLED:
        found = _of_job(store.jobs()[name]) if name in store.jobs() else _of_plan(name)
        if found is not None:
            return found
        name = st.session_state["source"] = FIRST  # deleted in another window
    entry = BUNDLED[name]
    return Source(name, entry.title, True, store.bundled_pilot(name), entry.pool_size, name)


def _of_job(job: Job) -> Source | None:
    if job.pilot is None:
        return None
    facts, brought = job.pilot.facts, store.uploads().get(job.upload)
    typed = brought.pool_size if brought else None
    return Source(job.id, facts.name, False, job.pilot, facts.rows if facts.rows > facts.labeled else typed)


def _of_plan(name: str) -> Source | None:
    kept = store.workspace().plan(name)
    if kept is None:
        return None
    known = {one.name for owner in (Assumptions, ForecastSettings) for one in knobs(owner)}
    # As they were when the plan was opened: what an input begins with may not change while it is drawn.
    typed = st.session_state.setdefault(f"start.{name}", {one: v for one, v in kept.typed.items() if one in known})
    if kept.bundled in BUNDLED:
        entry, pilot = BUNDLED[kept.bundled], store.bundled_pilot(kept.bundled)
        return Source(name, kept.name, True, pilot, entry.pool_size, kept.bundled, typed)
    pilot = store.kept_pilot(kept.pilot or "", kept.parts_done) if kept.can_open else None
    if pilot is None:
        return None
    rows = pilot.facts.rows if pilot.facts.rows > pilot.facts.labeled else None
    return Source(name, kept.name, False, pilot, rows, "", typed)


def start_with(shown: Source) -> dict[str, Any]:
    """The numbers the inputs begin with."""
    place = words.nearest(getattr(st.context, "locale", None))  # as the browser writes, until another is chosen
    return {**(SHOWN if shown.is_sample else {}), "locale": place, "pool_size": shown.pool_size, **shown.typed}


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


def put_scenario(source: str, scenario: Scenario, place: str) -> None:
    """Put a scenario where the last one put under this name stands, or on the board beside the others."""
    card, kept = st.session_state.get(place, ""), board()
    if card in kept.of(source):
        kept.change(source, card, scenario)
        kept.version += 1  # its inputs are drawn anew
        return
    before = set(kept.of(source))
    add_scenario(source, scenario)
    st.session_state[place] = next(iter(set(board().of(source)) - before), "")


def typed_last(shown: Source) -> dict[str, Any]:
    """The numbers typed last for what is shown, on whichever page."""
    return dict(st.session_state.get(f"typed.{shown.name}", start_with(shown)))


def good(shown: Source) -> Mapping[str, Any] | None:
    """The numbers of the plan that is shown; None before there was one."""
    found: Mapping[str, Any] | None = st.session_state.get(f"good.{shown.name}")
    return found


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
    written_as(typed)
    try:
        made = plan_of(shown, typed)
    except PlannerError as wrong:
        kept = state.get(good)
        return (plan_of(shown, kept) if kept else None), str(wrong)
    if state.get(good) != typed:
        state[f"computed.{shown.name}"] = datetime.now().strftime("%H:%M")
    state[good] = state[last] = dict(typed)
    return made, ""


def written_as(typed: Mapping[str, Any]) -> None:
    """Write the numbers of this page as what was typed says, from here on."""
    place = str(typed.get("locale", words.USUAL))
    words.speak(place if place in words.LOCALES else words.USUAL)


def computed_at() -> str:
    """When the numbers shown were worked out."""
    return str(st.session_state.get(f"computed.{source().name}", datetime.now().strftime("%H:%M")))
