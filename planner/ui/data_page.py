"""The Data page: nothing yet, a file understood, a file that cannot be used, or a pilot that is running."""

from typing import Any

import streamlit as st

from planner import charts, words
from planner.choices.estimators import ESTIMATORS
from planner.errors import PlannerError
from planner.forecast.carrying import ForecastSettings
from planner.pilot.running import FEWEST_LABELED
from planner.pilot.task import GROUPS, PilotSettings
from planner.report import plotted
from planner.sample.reading import Sample
from planner.sample.tables import MOST_BYTES
from planner.settings import knobs
from planner.ui import data_parts, forms, keeping, parts, session, store, workspace_parts
from planner.ui.jobs import Job, Wish, job_of
from planner.ui.parts import md

TYPES = ["csv", "tsv", "txt", "parquet", "xlsx", "jsonl", "json", "zip"]


def show() -> None:
    """Draw the page in the state it is in."""
    with parts.sheet():
        _bring_back()
        upload, job = session.upload(), session.job()
        if job is not None and job.wanted and job.pilot is not None and f"opened.{job.id}" not in st.session_state:
            _open(job)
            st.rerun()
        if job is None or not job.under_way:
            workspace_parts.notices()
            workspace_parts.broken_off()
        if upload is None:
            _empty()
        elif job is not None and job.wanted and job.state in ("preparing", "ready", "running"):
            _running(upload, job)
        else:
            _understood(upload)


def _bring_back() -> None:
    """The file of a plan that was opened from the workspace, read again when its page is."""
    state = st.session_state
    wanted = state.get("job")
    if wanted is None or wanted in store.jobs():
        return
    try:
        with st.spinner("Reading the file again"):
            state["upload"] = keeping.bring(wanted).upload
    except PlannerError as wrong:
        state["bad_file"] = str(wrong)
        state["job"] = state["upload"] = None


def _empty() -> None:
    st.title("Bring a labeled sample", anchor=False)
    st.markdown(
        "A table with one row per item and one column with the label. 1,000 labeled rows are the least that carries "
        "a number of labels; 2,000 are comfortable. Rows without a label are fine: they are the part you have not paid "
        "for yet. Draw the labeled rows at random from everything there is. "
        "Images come as a ZIP with a folder for each class."
    )
    _uploader()
    st.markdown(md(f"Nothing leaves this computer. {workspace_parts.promise()}"))
    if st.button("Open the sample instead", key="open_sample", icon=":material/science:"):
        session.open_source(session.FIRST)
        st.session_state["go_to"] = "plan"
        st.rerun()


def _uploader() -> None:
    """Take a file. The uploader forgets it when the page is left, so it is read and kept at once."""
    given = st.file_uploader("Your file", type=TYPES, key="file", max_upload_size=MOST_BYTES // 1024**2)
    if given is None or st.session_state.get("taken") == given.file_id:
        _complain()
        return
    st.session_state["taken"] = given.file_id
    try:
        with st.spinner("Reading the file"):
            kept = store.add(given.getvalue(), given.name)
    except PlannerError as wrong:
        st.session_state["bad_file"] = f"**{given.name}** cannot be used. {wrong}"
        _complain()
        return
    st.session_state.pop("bad_file", None)
    st.session_state["upload"] = kept.id
    st.session_state.pop("job", None)
    st.rerun()


def _complain() -> None:
    if wrong := st.session_state.get("bad_file"):
        st.error(md(wrong), icon=":material/error:")


def _understood(upload: store.Upload) -> None:
    right = parts.context(False, f"{upload.name}, read at {upload.read_at}")
    right.button("Other file", key="other_file", type="tertiary", icon=":material/upload:", on_click=_forget)
    try:
        sample = keeping.sample_of(upload)
    except PlannerError as wrong:
        data_parts.cannot_be_used(upload, str(wrong))
        return
    facts = sample.facts
    left = facts.rows - facts.labeled
    more = f", {words.count(left)} to go" if left else ""
    st.title(md(f"Ready to run: {words.plural(facts.labeled, 'labeled row')}{more}"), anchor=False)
    st.markdown(_decisions(sample))
    columns, side = st.columns([1.8, 1], gap="large")
    with columns:
        data_parts.label_column(upload)
        data_parts.columns(upload, sample)
        data_parts.findings(upload, sample)
    with side:
        st.header("Classes in the labels", anchor=False)
        parts.chart(charts.classes(facts, parts.palette()))
        parts.numbers_behind("The classes as a table", lambda: plotted.classes_table(facts))
        st.header("The pilot", anchor=False)
        _pilot(upload, sample)


def _decisions(sample: Sample) -> str:
    aside = sum(one.set_aside for one in sample.facts.findings)
    mine = len(sample.facts.findings) - aside
    if not aside and not mine:
        return "Check what was understood. Nothing odd was found."
    taken = f"{words.plural(aside, 'thing was', 'things were')} dealt with for you" if aside else ""
    asks = f"{mine} {'needs' if mine == 1 else 'need'} your decision" if mine else ""
    return f"Check what was understood. {'; '.join(part for part in (taken, asks) if part)}."


def _forget() -> None:
    for name in ("upload", "job", "taken", "bad_file"):
        st.session_state.pop(name, None)


def _pilot(upload: store.Upload, sample: Sample) -> None:
    with st.container(border=True):
        if sample.facts.rows == sample.facts.labeled:
            _ask_pool(upload)
        place = st.container()
        typed = forms.ask_in_groups(PilotSettings, GROUPS, _settings_of(session.job()), "pilot")
        if warning := str(ESTIMATORS[typed["model"]].facts["warning"]):
            st.warning(md(warning), icon=":material/warning:")
        try:
            settings = PilotSettings(**typed)
        except PlannerError as wrong:
            place.error(md(str(wrong)), icon=":material/error:")
            return
        with place:
            _run_box(upload, sample, settings)


def _settings_of(job: Job | None) -> dict[str, Any]:
    """The settings of the pilot this session watches, so that a refresh does not ask for another one."""
    if job is None:
        return {}
    return {one.name: getattr(job.settings, one.name) for one in knobs(PilotSettings)}


def _ask_pool(upload: store.Upload) -> None:
    """Every row has a label, so only the person knows how many items there are."""
    known = [one for one in knobs(ForecastSettings) if one.name == "pool_size"]
    start = {"pool_size": upload.pool_size}
    upload.pool_size = forms.ask(known, start, f"data.{upload.id}")["pool_size"]


def _run_box(upload: store.Upload, sample: Sample, settings: PilotSettings) -> None:
    job = job_of(store.jobs(), Wish(upload.id, sample, settings), store.workspace())
    _estimate(job.id)
    if job.state in ("done", "stopped") and job.pilot is not None:
        st.button("See the plan", key="see_plan", type="primary", on_click=_open, args=(job,), width="stretch")
        if job.state == "stopped":
            st.button("Run all repeats", key="again", on_click=_again, args=(job,), width="stretch")
    elif job.state in ("failed", "stopped"):
        st.error(md(job.wrong), icon=":material/error:")
        st.button("Try again", key="again", type="primary", on_click=_again, args=(job,), width="stretch")
    else:
        st.button(
            "Run the pilot", key="run", type="primary", icon=":material/play_arrow:", on_click=keeping.run, args=(job,),
            width="stretch",
        )  # fmt: skip
        st.caption(md(workspace_parts.promise()))


def _estimate(job_id: str) -> None:
    job = store.jobs()[job_id]

    @st.fragment(run_every=0.5 if job.state == "preparing" else None)
    def box() -> None:
        state = job.state  # read once: it may change while the box is drawn
        if state == "preparing":
            st.markdown("Timing the model on this computer …")
        elif job.task is not None:
            st.markdown(f"About **{words.seconds(job.estimate)}** on this computer")
            st.markdown(md(data_parts.pilot_words(job)))
        elif job.sample.facts.labeled < FEWEST_LABELED:
            st.markdown(
                f"Under {FEWEST_LABELED} labeled rows a replay tells nothing, so none is run. "
                "The plan shows what labeling everything costs."
            )
        if state != st.session_state.get(f"seen.{job.id}"):
            before = st.session_state.get(f"seen.{job.id}")
            st.session_state[f"seen.{job.id}"] = state
            if before is not None:
                st.rerun()

    with st.container():  # what the box draws later must not take the place of what stands below it
        box()


def _again(job: Job) -> None:
    store.jobs().pop(job.id, None)
    keeping.run(job_of(store.jobs(), Wish(job.upload, job.sample, job.settings), store.workspace()))


def _open(job: Job) -> None:
    keeping.open_job(job)
    st.session_state["go_to"] = "plan"


def _running(upload: store.Upload, job: Job) -> None:
    parts.context(False, f"{upload.name}, read at {upload.read_at}")

    @st.fragment(run_every=0.7)
    def panel() -> None:
        if job.ended:
            st.rerun()
        _progress(job)

    panel()


def _progress(job: Job) -> None:
    whole = words.plural(job.settings.repeats, "repeat")
    st.title(
        f"Simulating: {job.repeats_done} of {whole} {'is' if job.settings.repeats == 1 else 'are'} done", anchor=False
    )
    left, right = st.columns([2.75, 1], gap="large")
    with right.container(border=True):
        st.subheader("The run", anchor=False)
        for line in data_parts.steps(job):
            st.markdown(line)
        kept = words.plural(job.repeats_done, "repeat")
        label = f"Stop and keep {kept}" if job.repeats_done else "Stop; no repeat is whole yet"
        if st.button(label, key="stop", icon=":material/stop_circle:", width="stretch"):
            job.stop()
            st.rerun()
    with right:
        st.subheader("Meanwhile", anchor=False)
        st.markdown(
            "You can read the other pages or close this tab; the run goes on as long as the planner does. "
            + ("Finished parts are kept, so that it can be continued after a break." if keeping.place() else "")
        )
        if job.not_kept:
            st.markdown(md(job.not_kept))
    with left:
        share = len(job.done) / job.total if job.total else 0.0
        st.progress(min(share, 1.0), text=data_parts.progress_words(job))
        drawing = charts.growing(list(job.done), job.settings.all_strategies, "accuracy", parts.palette())
        if drawing is not None:
            parts.chart(drawing)
            parts.numbers_behind("Scores so far", lambda: plotted.growing_table(list(job.done), "accuracy"))
            st.markdown(
                "Thin lines are single runs, thick lines their mean. They will still move: no verdict until the end."
            )
