"""What this session puts into the workspace: pilots when they start, plans as their numbers change."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from planner.errors import PlannerError
from planner.pilot.bundled import BUNDLED
from planner.plan.file import PlanFile, read_plan
from planner.plan.scenarios import Scenario
from planner.sample.reading import Sample, drop_class, make_sample, merge_classes
from planner.ui import session, store
from planner.ui.board import Cards
from planner.ui.jobs import Job, Wish, job_of
from planner.workspace.file import WorkspaceError, short
from planner.workspace.kept import Decided, KeptSample


def place() -> str:
    """Where things are kept, as a person reads it; empty where nothing can be."""
    path = store.workspace().path
    return short(path) if path is not None else ""


def sample_of(upload: store.Upload) -> Sample:
    """The sample as decided so far, made again only when a decision changed. Raises PlannerError."""
    decided = (upload.label, tuple(sorted(upload.kinds.items())), tuple(sorted(upload.small.items())))
    if upload.sample is None or upload.made_of != decided:
        with st.spinner("Looking at the columns"):
            table, label = upload.table, upload.label
            merged = [name for name, what in upload.small.items() if what == "merge"]
            for name in [name for name, what in upload.small.items() if what == "leave_out"]:
                table = drop_class(table, str(label), name)
            if merged:
                table = merge_classes(table, str(label), merged, "Other")
            upload.sample = make_sample(table, label, upload.kinds, upload.name)
            upload.made_of = decided
    return upload.sample


def sample_behind(name: str) -> Sample | None:
    """The sample of a plan or job: as it is in memory, or of the file that is kept. Raises PlannerError."""
    kept = store.workspace().plan(name)
    job = store.jobs().get(name if kept is None else kept.pilot or "")
    if job is not None:
        return job.sample
    progress = store.workspace().progress(kept.pilot) if kept is not None and kept.pilot else None
    file = store.workspace().sample(progress.sample) if progress is not None and progress.sample else None
    if progress is None or file is None:
        return None
    upload, said = store.add(file.data, file.name), progress.decided
    upload.label, upload.kinds, upload.small = said.label, dict(said.kinds), dict(said.small)
    return sample_of(upload)


def attempt(act: Callable[..., Any], *given: Any) -> Any:
    """What an act on the workspace gives; None where it cannot be done, which the pages then say."""
    state = st.session_state
    try:
        found = act(*given)
    except PlannerError as wrong:
        state["not_kept"] = str(wrong)
        return None
    state.pop("not_kept", None)
    return found


def begin(job: Job) -> None:
    """Keep a pilot, its file and a plan for it, from the moment it starts; if that cannot be, say so and go on."""
    try:
        _begin(job)
    except WorkspaceError as wrong:
        st.session_state["not_kept"] = str(wrong)


def _begin(job: Job) -> str:
    """The plan of a pilot, which is kept from now on."""
    home, upload = store.workspace(), store.uploads().get(job.upload)
    if upload is None:
        raise WorkspaceError(f"The file {job.sample.facts.name} was closed meanwhile. Bring it again to keep its plan.")
    if home.progress(job.id) is None:  # new, or deleted for good meanwhile
        job.kept = 0
    typed = {} if upload.pool_size is None else {"pool_size": upload.pool_size}
    decided = Decided(upload.label, dict(upload.kinds), dict(upload.small))
    if not upload.data and home.sample(upload.id) is None:
        raise WorkspaceError(f"The file {upload.name} was deleted from the workspace. Bring it again to keep its plan.")
    plan = home.begin(KeptSample(upload.id, upload.name, upload.data), decided, (job.id, job.shell()), typed)
    upload.data = b""  # the workspace has it now, and one copy is enough
    st.session_state[f"plan_of.{job.id}"] = plan
    job.home = home
    job.write()
    return plan


def open_job(job: Job) -> None:
    """Show the plan of a finished pilot on every page."""
    state = st.session_state
    begin(job)
    state["job"], state["upload"], state[f"opened.{job.id}"] = job.id, job.upload, True
    plan = state.get(f"plan_of.{job.id}")
    if plan is None or not attempt(session.open_plan, plan):
        session.open_source(job.id)


def bring(pilot: str) -> Job:
    """The job of a kept pilot, on its file read again. Raises PlannerError where the file does not make it any more."""
    if pilot in store.jobs():
        return store.jobs()[pilot]
    home = store.workspace()
    progress = home.progress(pilot)
    kept = home.sample(progress.sample) if progress and progress.sample else None
    if progress is None or kept is None:
        raise PlannerError("The file of this pilot is not kept any more. Bring it again on the Data page.")
    upload = store.add(kept.data, kept.name)
    said = progress.decided
    upload.label, upload.kinds, upload.small = said.label, dict(said.kinds), dict(said.small)
    return job_of(store.jobs(), Wish(upload.id, sample_of(upload), progress.settings), home)


def go_on(pilot: str) -> None:
    """Run the rest of a pilot that was broken off or stopped."""
    try:
        job = bring(pilot)
        if job.ended and job.state != "done":
            store.jobs().pop(pilot)
            job = job_of(store.jobs(), Wish(job.upload, job.sample, job.settings), store.workspace())
    except PlannerError as wrong:
        st.session_state["not_kept"] = str(wrong)
        return
    run(job)
    st.session_state["go_to"] = "data"


def run(job: Job) -> None:
    """Start a pilot and watch it."""
    state = st.session_state
    state["job"], state["upload"] = job.id, job.upload
    state.pop(f"opened.{job.id}", None)
    begin(job)
    job.run()


def save() -> None:
    """Keep the numbers and scenarios of what is shown, if they changed since the last time."""
    state = st.session_state
    shown = session.source()
    typed = state.get(f"good.{shown.name}")
    if typed is None:
        return
    now, name = (dict(typed), dict(session.board().of(shown.name))), f"saved.{shown.name}"
    before, plan = state.get(name), session.plan_id()
    if before is None and ((shown.name in BUNDLED and not now[1]) or _is_kept(plan)):
        state[name] = now  # as it came
    elif before != now:
        try:
            _put(shown, *now)
            state[name] = now
            state.pop("not_kept", None)
        except WorkspaceError as wrong:
            state["not_kept"] = str(wrong)


def _is_kept(plan: str | None) -> bool:
    """Whether the workspace knows what a plan comes to."""
    kept = store.workspace().plan(plan) if plan else None
    return kept is not None and bool(kept.code)


def _put(shown: session.Source, typed: dict[str, Any], cards: Cards) -> None:
    """Write the plan that is shown; one that could not be kept when it began is kept now. Raises WorkspaceError."""
    home, state = store.workspace(), st.session_state
    plan = session.plan_id()
    if plan is None or home.plan(plan) is None:
        if shown.name in BUNDLED:
            plan = state[f"plan_of.{shown.name}"] = home.add_bundled(shown.title, shown.bundled)
        elif shown.name in store.jobs():
            plan = _begin(store.jobs()[shown.name])
        else:
            return
    made = session.plan_of(shown, typed)
    home.save(plan, typed, cards, (made.code, made.sentence.rstrip(".")))


def plan_file(shown: session.Source) -> PlanFile | None:
    """What is shown as one file; None while what was typed makes no plan."""
    plan, _ = session.current()
    if plan is None:
        return None
    made = plan.valuation
    scenarios = tuple(session.board().of(shown.name).values())
    return PlanFile(shown.pilot, made.forecast.settings, made.assumptions, scenarios, shown.title)


def open_file(data: bytes, name: str) -> None:
    """Take a plan that came as a file into the workspace and show it. Raises PlannerError."""
    brought = read_plan(data)
    cards: dict[str, Scenario] = {f"card{k}": one for k, one in enumerate(brought.scenarios)}
    title = brought.name or brought.pilot.facts.name or name
    session.open_plan(store.workspace().add_plan(title, brought.pilot, brought.typed, cards))
