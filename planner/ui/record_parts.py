"""What the Evidence page holds against others: the promises of articles, and forecasts of the bundled samples."""

import streamlit as st

from planner import words
from planner.blocks import Table
from planner.pilot.bundled import BUNDLED
from planner.plan.deciding import Plan
from planner.report.promises import HOW, TITLE, promises_sentence, promises_table, record_sentence, record_table
from planner.ui import parts, session, store
from planner.ui.parts import md


def promises(plan: Plan) -> None:
    """The three promises of the articles beside this sample's own figures."""
    table = promises_table(plan)
    if table is None:
        return
    st.header(TITLE, anchor=False)
    st.markdown(md(promises_sentence(plan)))
    _table(table)
    st.caption(words.fixed(HOW))
    st.space("small")


def record() -> None:
    """Behind a click: every back-test of the samples that come with the program."""
    parts.behind_a_click("How forecasts did on the samples that come with the program", _record)


def _record() -> None:
    plans = {entry.title: _plan(name) for name, entry in BUNDLED.items()}
    st.markdown(md(record_sentence(plans)))
    _table(record_table(plans))


def _plan(name: str) -> Plan:
    entry = BUNDLED[name]
    shown = session.Source(name, entry.title, True, store.bundled_pilot(name), entry.pool_size, name)
    return session.plan_of(shown, {"pool_size": entry.pool_size})


def _table(table: Table) -> None:
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)
