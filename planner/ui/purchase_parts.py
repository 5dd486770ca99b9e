"""What the Plan page says of buying in rounds, of rules that watch the model, and of the cases against choosing."""

import streamlit as st

from planner import words
from planner.blocks import Table
from planner.charts.calendar import calendar
from planner.plan.deciding import Plan
from planner.report import against, knowing, purchase, stopped
from planner.report.votes import votes_sentence
from planner.ui import parts
from planner.ui.parts import md


def rounds(plan: Plan) -> None:
    """The calendar of the purchase, and behind a click how many rounds are best and what would narrow the saving."""
    if not plan.schedule.rounds:
        return
    st.space("small")
    st.header(purchase.TITLE, anchor=False)
    st.markdown(md(purchase.calendar_sentence(plan)))
    drawing = calendar(plan, parts.palette())
    if drawing is not None:
        parts.chart(drawing)
    if said := votes_sentence(plan):
        st.markdown(md(said))
    parts.behind_a_click("Round by round", lambda: _table(purchase.rounds_table(plan)))
    if purchase.tried(plan):
        parts.behind_a_click("How many rounds, one order or several", lambda: _more(plan))


def _more(plan: Plan) -> None:
    found = purchase.tried(plan)
    st.markdown(md(purchase.batching_sentence(plan, found)))
    _table(purchase.batching_table(plan, found))
    st.caption(md(words.fixed(purchase.HOW_LOST)))
    st.markdown(md(purchase.orders_sentence(plan)))
    if (several := purchase.orders_table(plan)) is not None:
        _table(several)
    st.markdown(md(knowing.information_sentence(plan)))


def watching(plan: Plan) -> None:
    """Behind a click: the rules that watch the model, as they would have gone in the pilot."""
    if plan.valuation.forecast.measured:
        parts.behind_a_click(stopped.TITLE, lambda: _watching(plan))


def _watching(plan: Plan) -> None:
    found = stopped.replayed(plan)
    st.markdown(md(stopped.advice(plan, found)))
    full = stopped.stopped_table(plan, found)  # its last column of words would be a thread on a phone
    parts.table([dict(zip(full.columns[:-1], row[:-1], strict=True)) for row in full.rows], full.title)
    st.markdown("\n".join(f"- {md(f'{row[0]}: {row[-1]}')}" for row in full.rows))
    st.caption(md(stopped.HOW))


def cases(plan: Plan) -> None:
    """Behind a click: when not to use active learning, and whether that is here."""
    if plan.cases:
        parts.behind_a_click(against.TITLE, lambda: _cases(plan))


def _cases(plan: Plan) -> None:
    st.markdown(md(against.cases_sentence(plan)))
    _table(against.cases_table(plan))


def _table(table: Table) -> None:
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)
