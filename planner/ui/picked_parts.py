"""What the Evidence page shows of the picks: every repeat, the classes, the map, and the batches in a table."""

import streamlit as st

from planner import charts
from planner.blocks import Table
from planner.charts.evidence import repeats_finding
from planner.charts.map import Mapped, map_finding, map_note, map_table, mapped, picks_map
from planner.choices.strategies import STRATEGIES
from planner.forecast.monitored import Monitored
from planner.plan.deciding import Plan
from planner.report import picked, plotted
from planner.ui import example_parts, parts, session
from planner.ui.parts import md


def repeats_and_picks(plan: Plan, strategy: str, shown: session.Source) -> None:
    """Every repeat beside random labeling, and what one strategy picked."""
    forecast, palette = plan.valuation.forecast, parts.palette()
    bought = picked.bought_by(forecast)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Every repeat, not only the mean", anchor=False)
        st.markdown(md(repeats_finding(forecast, strategy)))
        parts.chart(charts.repeats(forecast, strategy, palette))
        parts.numbers_behind("Numbers behind the repeats", lambda: plotted.repeats_table(forecast, strategy))
    if bought:
        with right:
            one = _chosen(bought, strategy)
            parts.chart(charts.picks(one, forecast.pilot.settings.all_strategies, palette))
            st.caption("Filled: share among the first half of what was chosen. Hollow: share of the sample.")
            parts.numbers_behind("The classes picked, in numbers", lambda: plotted.shares_table(one))
        if (found := mapped(forecast.pilot, one.strategy)) is not None:
            _map(found)
        asked = plan.valuation.assumptions
        _table(picked.batches_table(one, asked.cost_per_label, asked.currency))
        st.caption(md(picked.HOW))
        example_parts.examples(shown, one.strategy)
    st.space("small")


def _chosen(bought: dict[str, Monitored], usual: str) -> Monitored:
    """The strategy whose picks are shown, chosen above the picture, with what they were in a sentence."""
    st.header(picked.TITLE, anchor=False)
    names = list(bought)
    name = st.selectbox(
        "Query strategy",
        names,
        names.index(usual) if usual in names else 0,
        format_func=lambda one: STRATEGIES[one].title,
        key="evidence.picked",
        label_visibility="collapsed",
    )
    st.markdown(md(picked.picked_sentence(bought[name])))
    return bought[name]


def _map(one: Mapped) -> None:
    """Where the picks lie among the rows."""
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        st.header("Where the picks lie", anchor=False)
        st.markdown(md(map_finding(one)))
        parts.chart(picks_map(one, parts.palette()))
    with right:
        st.space("small")
        _table(map_table(one))
        st.caption(md(map_note(one)))


def _table(table: Table) -> None:
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)
