"""Pieces of the Workspace page that other pages show too: what is kept where, and what can be continued."""

import streamlit as st

from planner import words
from planner.ui import keeping, store
from planner.ui.parts import md
from planner.workspace.kept import KeptPilot


def promise() -> str:
    """Where the file will lie once a pilot runs on it, and how it goes away again."""
    where = keeping.place()
    if not where:
        return "The file stays in memory and is forgotten when the planner ends."
    return f"Once a pilot runs, its file is kept on this computer in {where}; delete it on the Workspace page."


def notices() -> None:
    """What went wrong with keeping, if anything did."""
    for said in (store.workspace().notice, st.session_state.get("not_kept")):
        if said:
            st.warning(md(said), icon=":material/save:")


def broken_off() -> None:
    """Pilots that a closed or crashed planner left unfinished, each with a button that continues it."""
    for one in store.workspace().broken_off()[:3]:
        job = store.jobs().get(one.id)
        if job is None or not job.under_way:
            _offer(one)


def _offer(one: KeptPilot) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(md(f"The pilot of **{one.name}** was broken off ({parts_words(one.parts_done, one.parts)})."))
        st.button(
            "Continue the pilot", key=f"continue.{one.id}", type="primary", icon=":material/play_arrow:",
            on_click=keeping.go_on, args=(one.id,),
        )  # fmt: skip


def parts_words(done: int, parts: int) -> str:
    """How far a pilot has come."""
    return f"{done} of {words.plural(parts, 'part')} done"
