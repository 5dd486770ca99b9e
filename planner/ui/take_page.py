"""The Take along page: the page for the sponsor as it will look, and every file, made when it is asked for."""

from datetime import date
from functools import partial

import streamlit as st

from planner import charts
from planner.exports import EXPORTS
from planner.exports.brief import Brief, brief
from planner.exports.menu import GROUPS
from planner.plan.deciding import Plan
from planner.plan.file import write_plan
from planner.plan.scenarios import Scenario
from planner.report.writing import write
from planner.ui import keeping, parts, scenario_parts, session
from planner.ui.parts import md

# In the order people reach for them within a group.
ICONS = {
    ".pdf": "picture_as_pdf", ".html": "public", ".pptx": "slideshow", ".xlsx": "table_chart", ".md": "article",
    ".png": "image", ".svg": "draw", ".csv": "table_rows", ".txt": "notes", ".json": "data_object",
}  # fmt: skip
WORDS = 300  # pixels of the words beside a button
SHOWN = (0, 2, 3, 4)  # columns of the options: what is left out waits for the paper, which is wider


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
        left, right = st.columns([1.15, 1], gap="large")
        with left.container(border=True):
            _preview(plan)
        with left:
            _save(shown)
        with right:
            for group, title in GROUPS.items():
                st.subheader(title, anchor=False)
                for name in _of_group(group):
                    _row(name, plan, pilot.facts.name, tuple(session.board().of(shown.name).values()))


def _of_group(group: str) -> list[str]:
    """The files of a group, those people ask for first before the others."""
    names = [name for name, choice in EXPORTS.items() if choice.facts["group"] == group]
    known = list(ICONS)
    return sorted(names, key=lambda name: known.index(str(EXPORTS[name].facts["suffix"])))


def _preview(plan: Plan) -> None:
    """The page for the sponsor, in the colours of the screen."""
    page = brief(write(plan))
    st.caption("One page for the sponsor, preview")
    st.header(md(page.title), anchor=False)
    st.markdown(md(page.asked))
    st.markdown(md(page.reason))
    _options(page)
    if page.chart is not None and plan.valuation.forecast.scores:
        parts.chart(charts.curves(plan, parts.palette()))
    st.markdown(md("**Would change our mind:** " + " ".join(page.risks)))
    st.markdown(md(f"{page.measured} {page.assumed}"))


def _options(page: Brief) -> None:
    """The options as on the page."""
    rows = [{page.options.columns[at]: row[at] for at in SHOWN} for row in page.options.rows]
    parts.table(rows, "The options: cost, score and net value or saving, the recommended one in bold")


def _save(shown: session.Source) -> None:
    """The plan itself as a file, to be opened on another computer or priced in the terminal."""
    saved = keeping.plan_file(shown)
    if saved is None:
        return
    st.subheader("The plan itself", anchor=False)
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


def _row(name: str, plan: Plan, data: str, scenarios: tuple[Scenario, ...]) -> None:
    choice = EXPORTS[name]
    suffix = str(choice.facts["suffix"])
    stem = data.rsplit(".", 1)[0] or "plan"
    file = f"{stem}-{name.removesuffix('_' + suffix.strip('.'))}{suffix}".replace("_", "-").replace(" ", "-")
    # Where a half page is narrow the button goes below its words, so that a file's name is never cut.
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(md(f"**{choice.title}**  \n{choice.summary}"), width=WORDS)
        st.download_button(
            file,
            partial(_bytes, name, plan, scenarios),
            file_name=file,
            mime=str(choice.facts["mime"]),
            key=f"take_{name}",
            on_click="ignore",
            icon=f":material/{ICONS[suffix]}:",
            help=f"Download {file}",
            wrap=False,
        )


def _bytes(name: str, plan: Plan, scenarios: tuple[Scenario, ...]) -> bytes:
    return EXPORTS[name].call(write(plan, date.today(), scenario_parts.side_by_side(plan, scenarios)))
