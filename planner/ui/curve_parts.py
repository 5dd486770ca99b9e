"""The first chart as an input: a click on a line makes what that purchase costs the budget cap."""

from typing import Any

import streamlit as st

from planner import charts, words
from planner.charts.points import PICK, budget_of, with_points
from planner.choices.strategies import STRATEGIES
from planner.plan.deciding import Plan
from planner.ui import parts, session
from planner.ui.parts import md

HINT = "Click a point on a line to make it the budget, or type one under “A budget, a deadline or a target”."


def take_click(name: str) -> None:
    """Type the cost of a purchase that was clicked into the budget cap, before its input is drawn."""
    state = st.session_state
    picked = (state.get(_key(name)) or {}).get("selection", {}).get(PICK) or []
    if not picked or picked[0] == state.get(f"taken.{name}"):
        return
    state[f"taken.{name}"] = dict(picked[0])
    plan = session.current()[0]
    if plan is None:
        return
    strategy, labels = str(picked[0]["strategy"]), int(picked[0]["labels"])
    before = state[f"clicked.{name}"]["before"] if _clicked(name, plan) else plan.valuation.assumptions.budget
    budget = state[_cap(name)] = budget_of(plan, strategy, labels)
    state[f"clicked.{name}"] = {"strategy": strategy, "labels": labels, "budget": budget, "before": before}


def curves(plan: Plan, name: str) -> None:
    """The chart of a source, whose points can be clicked, and below it the budget that a click has made."""
    made = _clicked(name, plan)
    if made is None and f"clicked.{name}" in st.session_state:  # another cap was typed since
        _forget(name)
    drawing = with_points(charts.curves(plan, parts.palette()), plan, parts.palette())
    st.vega_lite_chart(
        drawing.to_dict(), theme=None, width="stretch", key=_key(name), selection_mode=[PICK], on_select="rerun"
    )
    if made is None:
        st.caption(HINT)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(md(_said(made, plan.valuation.assumptions.currency)), width="content")
        st.button("Take it back", key=f"unclick.{name}", icon=":material/undo:", type="tertiary",
                  on_click=_take_back, args=(name,))  # fmt: skip


def _said(made: dict[str, Any], currency: str) -> str:
    how = "drawn at random" if made["strategy"] == "random" else f"by {STRATEGIES[made['strategy']].title.lower()}"
    money = words.money(made["budget"], currency, None)
    return f"**The budget cap is {money} now:** the point you clicked, {words.plural(made['labels'], 'label')} {how}."


def _clicked(name: str, plan: Plan) -> dict[str, Any] | None:
    """What was clicked, while it still is the budget cap."""
    made: dict[str, Any] | None = st.session_state.get(f"clicked.{name}")
    return made if made is not None and made["budget"] == plan.valuation.assumptions.budget else None


def _take_back(name: str) -> None:
    """The budget cap as it was before the first click."""
    st.session_state[_cap(name)] = st.session_state[f"clicked.{name}"]["before"]
    _forget(name)


def _forget(name: str) -> None:
    """Begin with a chart on which nothing is picked, so that the same point can be clicked again."""
    state = st.session_state
    for one in ("clicked", "taken"):
        state.pop(f"{one}.{name}", None)
    state[f"curves.{name}"] = state.get(f"curves.{name}", 0) + 1


def _cap(name: str) -> str:
    return f"plan.{name}.budget"


def _key(name: str) -> str:
    return f"curve.{name}.{st.session_state.get(f'curves.{name}', 0)}"
