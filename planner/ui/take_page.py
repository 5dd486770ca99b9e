"""The Take along page: the plan as files, each made when it is asked for."""

from functools import partial

import streamlit as st

from planner.exports import EXPORTS
from planner.plan import Plan
from planner.plan_file import write_plan
from planner.report import write
from planner.ui import keeping, parts, session
from planner.ui.parts import md


def show() -> None:
    """Draw the page."""
    shown = session.source()
    plan, wrong = session.current()
    with parts.sheet():
        parts.context(shown.is_sample, shown.title)
        st.title("Take it to the meeting", anchor=False)
        if plan is None:
            st.markdown(md(wrong))
            return
        pilot = plan.valuation.forecast.pilot
        st.markdown(
            md(
                f"Every file is made from the same plan and shows the same numbers: computed {session.computed_at()}, "
                f"seed {pilot.settings.seed}, data {pilot.facts.digest[:6]}. No row of the sample is in any of them."
            )
        )
        left, right = st.columns([1.1, 1], gap="large")
        with left.container(border=True):
            st.caption("What they say")
            st.header(md(plan.sentence), anchor=False)
            st.markdown(md(plan.lead))
            for doubt in plan.doubts[:3]:
                st.markdown(md(parts.claim(doubt.finding, doubt.remedy)))
        with left:
            _save(shown)
        with right:
            for name in EXPORTS:
                _row(name, plan, pilot.facts.name)


def _save(shown: session.Source) -> None:
    """The plan itself as a file, to be opened on another computer or priced in the terminal."""
    saved = keeping.plan_file(shown)
    if saved is None:
        return
    st.header("The plan itself", anchor=False)
    st.markdown(
        "The pilot, every number typed and the scenarios in one file, without a row of the sample. Open it on the "
        "Workspace page of any computer, or price it with `planner plan FILE`."
    )
    stem = saved.pilot.facts.name.rsplit(".", 1)[0] or "plan"
    st.download_button(
        "Save this plan",
        partial(write_plan, saved),
        file_name=f"{stem}.plan.json".replace(" ", "-"),
        mime="application/json",
        key="save_plan",
        on_click="ignore",
        icon=":material/save:",
    )


def _row(name: str, plan: Plan, data: str) -> None:
    choice = EXPORTS[name]
    suffix = str(choice.facts["suffix"])
    stem = data.rsplit(".", 1)[0] or "plan"
    file = f"{stem}-{name.removesuffix('_' + suffix.strip('.'))}{suffix}".replace("_", "-").replace(" ", "-")
    text, button = st.columns([1.35, 1], vertical_alignment="center")
    text.markdown(md(f"**{choice.title}**  \n{choice.summary}"))
    with button:
        st.download_button(
            file,
            partial(_bytes, name, plan),
            file_name=file,
            mime=str(choice.facts["mime"]),
            key=f"take_{name}",
            on_click="ignore",
            icon=":material/download:",
            help=f"Download {file}",
            wrap=False,
        )


def _bytes(name: str, plan: Plan) -> bytes:
    return EXPORTS[name].call(write(plan))
