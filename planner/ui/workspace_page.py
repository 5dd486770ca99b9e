"""The Workspace page: every plan that is kept, what can be continued, and a plan brought as a file."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from planner import words
from planner.errors import PlannerError
from planner.ui import keeping, parts, session, store, workspace_parts
from planner.ui.parts import md
from planner.workspace.kept import KeptPlan

SHOWN = 10  # plans in view before the others wait behind a click
MOST_BYTES = 100 * 1024**2  # of a plan file


def show() -> None:
    """Draw the page."""
    plans = store.workspace().plans()
    with parts.sheet():
        some = "Your plan" if len(plans) == 1 else f"Your {words.plural(len(plans), 'plan')}"
        st.title(some if plans else "No plan is kept yet", anchor=False)
        st.markdown(md(_where(bool(plans))))
        workspace_parts.notices()
        _deleted()
        workspace_parts.broken_off()
        for plan in plans[:SHOWN]:
            _row(plan)
        if len(plans) > SHOWN:
            parts.behind_a_click(f"{words.plural(len(plans) - SHOWN, 'older plan')}", lambda: _rows(plans[SHOWN:]))
        st.space("small")
        _open_file()


def _where(some: bool) -> str:
    where = keeping.place()
    if not where:
        return "Plans stay in memory and are forgotten when the planner ends. Save those you need on Take along."
    if not some:
        return (
            "Run a pilot on your data, or change a number on the Plan page: the plan is then kept on this computer in "
            f"{where}. Nothing leaves this computer."
        )
    return (
        f"Kept on this computer in {where}, with their pilots, scenarios and the files they rest on. "
        "A file goes with its last plan. Nothing leaves this computer."
    )


def _rows(plans: Sequence[KeptPlan]) -> None:
    for plan in plans:
        _row(plan)


def _row(plan: KeptPlan) -> None:
    """One plan: what it is, what it says, and what can be done with it."""
    with st.container(border=True):
        left, middle, right = st.columns([1.1, 1.25, 1.4], gap="medium", vertical_alignment="center")
        with left:
            if st.session_state.get("renaming") == plan.id:
                key = f"name.{plan.id}"
                st.text_input(
                    "New name",
                    plan.name,
                    key=key,
                    max_chars=60,
                    on_change=keeping.attempt,
                    args=(_renamed, plan.id, key),
                )
            else:
                st.markdown(md(f"**{plan.name}**  \n{_about(plan)}"))
        middle.markdown(md(_said(plan)))
        with right.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="right"):
            _actions(plan)


def _actions(plan: KeptPlan) -> None:
    """Open or go on, then rename, duplicate and delete."""
    job = store.jobs().get(plan.pilot or "")
    if job is not None and job.under_way:
        st.button("See it run", key=f"watch.{plan.id}", on_click=_watch, args=(job.id,))
    elif plan.unfinished and not plan.elsewhere:
        st.button("Continue", key=f"go_on.{plan.id}", on_click=keeping.go_on, args=(plan.pilot,), wrap=False)
    if plan.can_open:
        st.button("Open", key=f"open.{plan.id}", on_click=keeping.attempt, args=(_open, plan.id), wrap=False)
    for name, call in (("Rename", _rename), ("Duplicate", _duplicate), ("Delete", _delete)):
        st.button(
            name, key=f"{name.lower()}.{plan.id}", type="tertiary", on_click=keeping.attempt, args=(call, plan),
            wrap=False, help=f"{name} {plan.name}",
        )  # fmt: skip


def _about(plan: KeptPlan) -> str:
    when = _when(plan.changed)
    if plan.bundled:
        return f"On the sample data, {when}"
    some = f"{words.count(plan.labeled)} of {words.count(plan.rows)} rows labeled"
    rows = some if plan.rows > plan.labeled else words.plural(plan.rows, "labeled row")
    named = "" if plan.sample == plan.name else f"{plan.sample}, "
    return f"{named}{rows}, {when}"


def _when(changed: float) -> str:
    then, now = datetime.fromtimestamp(changed), datetime.now()
    if then.date() == now.date():
        return f"today {then:%H:%M}"
    return f"{then.day} {then:%b} {then:%H:%M}" if then.year == now.year else f"{then.day} {then:%b %Y}"


def _said(plan: KeptPlan) -> str:
    """The verdict in short, or how far the pilot has come."""
    job = store.jobs().get(plan.pilot or "")
    if plan.unfinished and job is not None and job.under_way:
        return f"Its pilot is running: {workspace_parts.parts_words(plan.parts_done, plan.parts)}."
    if plan.unfinished and plan.elsewhere:
        done = workspace_parts.parts_words(plan.parts_done, plan.parts)
        return f"Another planner on this computer is running its pilot: {done}."
    if plan.unfinished and not plan.sentence:
        return f"Its pilot is not finished: {workspace_parts.parts_words(plan.parts_done, plan.parts)}."
    return f"{plan.sentence}." if plan.sentence else "Its pilot is done; the plan was not opened yet."


def _open(plan: str) -> None:
    if session.open_plan(plan):
        st.session_state["go_to"] = "plan"


def _watch(job: str) -> None:
    st.session_state["job"], st.session_state["upload"] = job, store.jobs()[job].upload
    st.session_state["go_to"] = "data"


def _rename(plan: KeptPlan) -> None:
    """Ask for a name; a second click asks no longer."""
    st.session_state["renaming"] = None if st.session_state.get("renaming") == plan.id else plan.id


def _renamed(plan: str, key: str) -> None:
    name = str(st.session_state[key]).strip()
    st.session_state.pop("renaming", None)
    if name:
        store.workspace().rename(plan, name)


def _duplicate(plan: KeptPlan) -> None:
    taken = {one.name for one in store.workspace().plans()}
    names = (f"{plan.name}, copy {k}" if k > 1 else f"{plan.name}, copy" for k in range(1, len(taken) + 2))
    store.workspace().duplicate(plan.id, next(name for name in names if name not in taken))


def _delete(plan: KeptPlan) -> None:
    home = store.workspace()
    home.delete(plan.id)
    job = store.jobs().get(plan.pilot or "")
    if job is not None and job.under_way and not any(one.pilot == plan.pilot for one in home.plans()):
        job.stop()
    if st.session_state["source"] == plan.id:
        session.open_source(session.FIRST)
        st.session_state["upload"] = None


def _deleted() -> None:
    """What was deleted within the hour, to be brought back or to be gone at once."""
    deleted = store.workspace().deleted()
    if not deleted:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        more = f" and {words.plural(len(deleted) - 1, 'other')}" if len(deleted) > 1 else ""
        st.markdown(md(f"**{deleted[0].name}**{more} deleted; can be brought back for an hour."), width="stretch")
        st.button(
            "Undo", key="undo_delete", icon=":material/undo:", on_click=keeping.attempt, args=(_undo, deleted[0].id)
        )
        st.button(
            "Delete for good", key="delete_for_good", type="tertiary", on_click=keeping.attempt,
            args=(_remove, [one.id for one in deleted]),
        )  # fmt: skip


def _undo(plan: str) -> None:
    store.workspace().bring_back(plan)


def _remove(plans: list[str]) -> None:
    store.workspace().remove(plans)


def _open_file() -> None:
    """Take a plan file. The uploader forgets it when the page is left, so it is read at once."""
    st.header("Open a plan", anchor=False)
    st.markdown(
        "A plan saved on Take along, or a file of `planner pilot`: it holds the pilot, every number and the scenarios, "
        "and no row of the sample."
    )
    given = st.file_uploader("Plan file", type=["json"], key="plan_file", max_upload_size=MOST_BYTES // 1024**2)
    if given is None or st.session_state.get("plan_taken") == given.file_id:
        if wrong := st.session_state.get("bad_plan"):
            st.error(md(wrong), icon=":material/error:")
        return
    st.session_state["plan_taken"] = given.file_id
    st.session_state.pop("bad_plan", None)
    try:
        keeping.open_file(given.getvalue(), given.name)
        st.session_state["go_to"] = "plan"
    except PlannerError as wrong:
        st.session_state["bad_plan"] = f"**{given.name}** cannot be opened. {wrong}"
    st.rerun()
