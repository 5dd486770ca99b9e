"""The break-even grid as an input: a click on a cell makes its price and setup cost a scenario."""

import streamlit as st

from planner import charts
from planner.charts.grid import CELL, PICK
from planner.plan.scenarios import MOST, priced_at
from planner.plan.sensitivity import Sensitivity
from planner.ui import parts, session

HINT = "Click a cell to lay its price and setup cost beside the base."
FULL = f"{MOST} scenarios stand side by side already. Delete one, then click a cell."


def take_click(source: str) -> None:
    """Put the cell that was clicked on the board, in the place of the one clicked before."""
    state = st.session_state
    picked = (state.get(_key(source)) or {}).get("selection", {}).get(PICK) or []
    if not picked or picked[0] == state.get(f"cell.{source}"):
        return
    state[f"cell.{source}"] = dict(picked[0])
    plan, amounts = session.current()[0], [picked[0].get(name) for name in CELL]
    if plan is None or None in amounts:
        return
    price, setup = amounts
    asked = plan.valuation.assumptions
    if (price, setup) != (asked.cost_per_label, asked.setup_cost):  # the base has a column already
        session.put_scenario(source, priced_at(plan, price, setup), f"card.{source}")


def grid(found: Sensitivity, source: str) -> None:
    """The grid, and below it what a click does."""
    drawing = charts.grid(found, parts.palette())
    if drawing is None:
        return
    st.vega_lite_chart(
        drawing.to_dict(), theme=None, width="stretch", key=_key(source), selection_mode=[PICK], on_select="rerun"
    )
    board = session.board()
    free = not board.full(source) or st.session_state.get(f"card.{source}") in board.of(source)
    st.caption(HINT if free else FULL)


def _key(source: str) -> str:
    return f"grid.{source}"
