"""What outlives a page refresh: uploaded tables, samples, jobs and forecasts in this process; the rest on the disk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st

from planner.forecast.carrying import Forecast, ForecastSettings
from planner.pilot.running import Pilot
from planner.plan.deciding import Plan
from planner.sample.reading import Sample
from planner.ui.board import Board
from planner.ui.jobs import Job
from planner.workspace.file import WorkspaceError, default_place
from planner.workspace.rows import Workspace

KEPT = 8  # uploads at once; the oldest goes first
BOARDS = 64  # scenarios of so many sessions


@dataclass
class Upload:
    """A file as it was read, and what the person decided about it."""

    id: str
    name: str
    table: pd.DataFrame
    data: bytes  # the file itself until the workspace has it, which is once a pilot runs on it
    read_at: str
    label: str | None = None
    kinds: dict[str, str] = field(default_factory=dict)  # corrections: {column: kind or "leave_out"}
    small: dict[str, str] = field(default_factory=dict)  # {class: "merge" | "leave_out" | "keep"}
    pool_size: int | None = None  # items in all, where the file does not say
    sample: Sample | None = None
    made_of: Any = None  # the decisions `sample` was made with


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """Where pilots and plans are kept; opened when it is first asked for, which the first screen does not."""
    try:
        return Workspace(default_place())
    except WorkspaceError as wrong:
        made = Workspace(None)  # everything works until the planner ends
        made.notice = str(wrong)
        return made


@st.cache_resource(show_spinner=False, max_entries=16)
def kept_pilot(name: str, parts: int) -> Pilot | None:
    """A pilot of the workspace with so many finished parts; None while no repeat is whole."""
    del parts  # it is part of the name that Streamlit keeps it by
    return workspace().pilot(name)


@st.cache_resource(show_spinner=False)
def uploads() -> dict[str, Upload]:
    """Uploaded files by id."""
    return {}


@st.cache_resource(show_spinner=False)
def jobs() -> dict[str, Job]:
    """Pilots by id, running and finished."""
    return {}


@st.cache_resource(show_spinner=False)
def boards() -> dict[str, Board]:
    """Scenarios by the board they stand on."""
    return {}


def keep(board: Board) -> None:
    """Let a board outlive its session; of very many the oldest goes first."""
    kept = boards()
    kept[board.id] = board
    while len(kept) > BOARDS:
        kept.pop(next(iter(kept)))


def identity_of(data: bytes, name: str) -> str:
    """The id of a file: the same bytes under the same name are the same upload."""
    return sha256(name.encode() + b"\0" + data).hexdigest()[:12]


def add(data: bytes, name: str) -> Upload:
    """Read a file and keep it. Raises PlannerError for one that holds no table."""
    from planner.sample.reading import guess_label
    from planner.sample.tables import read_table

    identity = identity_of(data, name)
    kept = uploads()
    if identity not in kept:
        table = read_table(data, name)
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)))
        now = datetime.now().strftime("%H:%M")
        kept[identity] = Upload(identity, name, table, data, now, guess_label(table))
    elif not kept[identity].data:  # the workspace had it, and may have deleted it since
        kept[identity].data = data
    return kept[identity]


@st.cache_resource(show_spinner=False)
def bundled_pilot(name: str) -> Pilot:
    """The stored pilot of a bundled sample."""
    from planner.pilot.bundled import stored_pilot

    return stored_pilot(name)


@st.cache_resource(show_spinner=False, max_entries=32)
def forecast_of(key: str, settings: ForecastSettings, _pilot: Pilot) -> Forecast:
    """The forecast of a pilot, made once per pilot and settings."""
    del key  # Streamlit keeps it by this; a pilot itself is too large to compare
    from planner.forecast.carrying import forecast

    return forecast(_pilot, settings)


@st.cache_resource(show_spinner=False, max_entries=64)
def kept_plan(key: str, _make: Callable[[], Plan]) -> Plan:
    """A plan by the name of everything it was made of."""
    del key  # as in forecast_of
    return _make()
