"""Pieces of the Data page: the label column, the columns as understood, the findings, the words of a run."""

from time import monotonic

import pandas as pd
import streamlit as st

from planner import words
from planner.choices.estimators import ESTIMATORS
from planner.choices.kinds import KINDS
from planner.choices.strategies import STRATEGIES
from planner.sample.reading import Finding, Sample, guess_label
from planner.ui import parts, store
from planner.ui.jobs import Job
from planner.ui.parts import md

REMEDIES = {"merge": "Merge into Other", "leave_out": "Leave it out", "keep": "Keep, I will label more"}
SMALL_CLASS = "small_class"  # the finding that the remedies answer
FEW = 5  # labeled rows of a class below which its remedies are offered
FIRST_ROWS = 4
MOST_ROWS = 12  # columns in view before the table of columns scrolls
MOST_SHOWN = 6  # columns of the file's first rows


def label_column(upload: store.Upload) -> None:
    """Which column is the label; another one starts over."""
    names = [str(name) for name in upload.table.columns]
    place = names.index(upload.label) if upload.label in names else None
    key = f"label.{upload.id}"
    chosen = st.selectbox("Label column", names, place, key=key, persist_state="session", placeholder="Choose a column")
    if chosen != upload.label:
        _use(upload, chosen)
        st.rerun()


def _use(upload: store.Upload, label: str | None) -> None:
    upload.label, upload.small = label, {}
    upload.kinds.pop(label or "", None)
    st.session_state.pop("job", None)


def columns(upload: store.Upload, sample: Sample) -> None:
    """Every column with its kind and whether it is used, both to be corrected."""
    st.header("Columns", anchor=False)
    titles = {name: choice.title for name, choice in KINDS.items()}
    shown = [one for one in sample.facts.columns if one.kind != "label"]
    frame = pd.DataFrame(
        {
            "Column": [one.name for one in shown],
            "Kind": [titles[one.kind] for one in shown],
            "Use": [one.used for one in shown],
            "What it holds": [one.note for one in shown],
        }
    )
    key = f"columns.{upload.id}.{abs(hash((upload.label, tuple(sorted(upload.kinds.items())))))}"
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=["Column", "What it holds"],
        width="stretch",
        height=min(37 + 35 * len(frame), 37 + 35 * MOST_ROWS),
        alt="Columns with their kind, whether they are used, and what they hold.",
        column_config={
            "Column": st.column_config.TextColumn(width="medium"),
            "Kind": st.column_config.SelectboxColumn(options=list(titles.values()), required=True, width=160),
            "Use": st.column_config.CheckboxColumn(width="small"),
            "What it holds": st.column_config.TextColumn(width="large"),
        },
    )
    changed = _corrections(frame, edited)
    if changed:
        upload.kinds |= changed
        st.session_state.pop("job", None)
        st.rerun()


def _corrections(frame: pd.DataFrame, edited: pd.DataFrame) -> dict[str, str]:
    """What the person changed: {column: kind or "leave_out"}."""
    names = {choice.title: name for name, choice in KINDS.items()}
    found = {}
    for before, after in zip(frame.to_dict("records"), edited.to_dict("records"), strict=True):
        if before["Use"] and not after["Use"]:
            found[before["Column"]] = "leave_out"
        elif before["Kind"] != after["Kind"]:
            found[before["Column"]] = names[after["Kind"]]
        elif after["Use"] and not before["Use"]:
            kind = names[after["Kind"]]
            found[before["Column"]] = kind if KINDS[kind].facts["model_input"] else "category"
    return found


def findings(upload: store.Upload, sample: Sample) -> None:
    """What is odd about the file: decisions first, then what was dealt with."""
    facts = sample.facts
    small = [name for name, n in zip(facts.classes, facts.counts, strict=True) if n < FEW]
    if not facts.findings and not upload.small:
        return
    st.header("Found in the file", anchor=False)
    about = [finding for finding in facts.findings if finding.code == SMALL_CLASS]
    if small or upload.small:
        _small_classes(upload, small, about)
    for finding in sorted(facts.findings, key=lambda one: one.set_aside):
        if finding not in about:
            _finding(finding)


def _finding(finding: Finding) -> None:
    text = md(parts.claim(finding.finding, finding.remedy))
    badge = ":gray-badge[:material/check: Set aside]" if finding.set_aside else ":orange-badge[:material/priority_high: Your decision]"  # fmt: skip # noqa: E501
    st.markdown(f"{badge} {text}")


def _small_classes(upload: store.Upload, small: list[str], about: list[Finding]) -> None:
    """Merge, leave out or keep: one choice for each class that is too small to split."""
    names = list(dict.fromkeys([*upload.small, *small]))
    with st.container(border=True):
        for finding in about:
            _finding(finding)
        for name in names[:8]:
            now = upload.small.get(name, "keep")
            chosen = st.radio(
                md(f"Class “{name}”"),
                list(REMEDIES),
                list(REMEDIES).index(now),
                format_func=REMEDIES.__getitem__,
                horizontal=True,
                key=f"small.{upload.id}.{name}",
                persist_state="session",
            )
            if chosen != now:
                upload.small[name] = str(chosen)
                st.session_state.pop("job", None)
                st.rerun()
        if len(names) > 8:
            st.caption(f"{len(names) - 8} more classes are as small; they are kept as they are.")


def cannot_be_used(upload: store.Upload, wrong: str) -> None:
    """The file with this label column cannot be planned with: why, the repair in one click, the first rows in view."""
    corrected = "Undo a correction, or pick another label column" if upload.kinds else "Pick another label column"
    st.title(corrected if upload.label else "Which column is the label?", anchor=False)
    st.error(md(wrong), icon=":material/error:")
    left, right = st.columns([1, 2], gap="large")
    with left:
        if upload.kinds:  # the table of columns, where a kind is chosen, cannot be shown without a sample
            st.button("Undo my corrections", key="undo_kinds", type="primary", on_click=upload.kinds.clear)
        label_column(upload)
        likely = guess_label(upload.table)
        if likely is not None and likely != upload.label:
            values = upload.table[likely].nunique()
            st.markdown(md(f"Likely: **{likely}**, {words.plural(values, 'value')}."))
            st.button(f"Use {likely}", key="use_likely", type="primary", on_click=_repair, args=(upload, likely))
    with right:
        rows, width = upload.table.shape
        st.markdown(
            md(f"**What the file holds:** {upload.name}, {words.plural(rows, 'row')}, {words.plural(width, 'column')}")
        )
        first = upload.table.iloc[:FIRST_ROWS, :MOST_SHOWN].astype("string").fillna("")
        st.table(
            first.map(lambda cell: md(str(cell)[:40])),
            border="horizontal",
            hide_index=True,
            alt="The first rows of the file.",
        )


def _repair(upload: store.Upload, label: str) -> None:
    _use(upload, label)
    st.session_state[f"label.{upload.id}"] = label


def pilot_words(job: Job) -> str:
    """What the pilot will do, in two sentences."""
    names = words.listing([STRATEGIES[name].title.lower() for name in job.settings.all_strategies])
    model = ESTIMATORS[job.task.model].title.lower() if job.task else "a model"
    return (
        f"{words.plural(job.settings.repeats, 'repeat')} of {names}, with {model}. "
        "You can stop it at any time and keep the whole repeats."
    )


def steps(job: Job) -> list[str]:
    """The run as a list: done, under way, still to come."""
    done, now, later = ":material/check:", ":material/pending:", ":material/radio_button_unchecked:"
    if job.task is None:
        return [f"{done} File checked", f"{now} Choosing the model", f"{later} Curves", f"{later} Forecast and verdict"]
    took = f", {words.seconds(monotonic() - job.started)} so far" if job.started else ""
    model = ESTIMATORS[job.task.model].title
    return [f"{done} File checked", f"{done} {model}", f"{now} Curves{took}", f"{later} Forecast and verdict"]


def progress_words(job: Job) -> str:
    """How many runs are done and how long the rest takes."""
    if not job.total:
        return "Choosing the model and timing it"
    return f"{len(job.done)} of {words.plural(job.total, 'run')}, about {words.seconds(job.seconds_left())} left"
