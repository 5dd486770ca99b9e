"""The Compare page: scenarios side by side, what moves the answer, where it stops paying, and when to stop."""

from dataclasses import replace
from typing import Any

import streamlit as st

from planner import charts, words
from planner.blocks import Table
from planner.economics.assumptions import Assumptions
from planner.economics.ranges import in_step
from planner.errors import BadSetting, PlannerError
from planner.forecast.carrying import Forecast
from planner.plan import joint, turning
from planner.plan.deciding import Plan
from planner.plan.scenarios import Comparison, Scenario, compare_scenarios
from planner.plan.sensitivity import Sensitivity, sensitivity
from planner.settings import knobs
from planner.ui import forms, grid_parts, parts, plan_tables, scenario_parts, session, store
from planner.ui.parts import md

BASELINE = [one for one in knobs(Assumptions) if one.name == "baseline"]


def show() -> None:
    """Draw the page."""
    shown = session.source()
    typed = session.typed_last(shown)
    grid_parts.take_click(shown.name)
    with parts.sheet():
        row = parts.context(shown.is_sample, shown.title)
        with row.container(width=250):
            typed = typed | forms.ask(BASELINE, typed, f"plan.{shown.name}")
        plan, wrong = session.current(typed)
        if plan is None:
            st.title("Nothing to compare yet", anchor=False)
            st.markdown(md(wrong))
            return
        found = sensitivity(plan, lambda items: _forecast(plan, items))
        _scenarios(plan, found, shown, typed)
        if found is not None:
            st.space("small")
            _sensitivity(plan, found, shown.name)
        if any(stop.labels_to_buy is not None for stop in plan.stops):
            st.space("small")
            _stopping(plan)
        _foot(plan)


def _forecast(plan: Plan, items: int) -> Forecast:
    made = plan.valuation.forecast
    return store.forecast_of(made.pilot.key, replace(made.settings, pool_size=items), made.pilot)


def _scenarios(plan: Plan, found: Sensitivity | None, shown: session.Source, typed: dict[str, Any]) -> None:
    """The finding, the table, and below it what changes the table."""
    finding, table = st.container(), st.container()
    cards = scenario_parts.edited(plan, shown.name)
    kept: list[Scenario] = []
    plans: dict[str, Plan] = {}
    for scenario in cards:
        try:
            plans[scenario.name] = session.plan_of(shown, typed | in_step(plan.valuation.assumptions, scenario.changes))
            kept.append(scenario)
        except PlannerError as wrong:
            table.error(md(f"{scenario.name}: {wrong}"), icon=":material/error:")
    comparison = _compared(plan, kept, plans, table)
    with finding:
        _finding(plan, comparison, found)
    with table:
        scenario_parts.table(comparison)


def _compared(plan: Plan, kept: list[Scenario], plans: dict[str, Plan], place: Any) -> Comparison:
    """The scenarios side by side; chances that cannot be are said, and the scenarios compared without them."""
    try:
        return compare_scenarios(plan, kept, lambda scenario: plans[scenario.name])
    except BadSetting as wrong:
        place.error(md(str(wrong)), icon=":material/error:")
        bare = [replace(one, chance=None) for one in kept]
        return compare_scenarios(plan, bare, lambda scenario: plans[scenario.name])


def _finding(plan: Plan, comparison: Comparison, found: Sensitivity | None) -> None:
    """The headline of the scenarios where there are any, of the sensitivity where there are none."""
    if comparison.headline:
        st.title(md(comparison.headline), anchor=False)
        st.markdown(md(comparison.lead))
    elif found is not None:
        st.title(md(turning.headline(found)), anchor=False)
        st.markdown(md(turning.better_off(found)))
    else:
        st.title("There is no number of labels to weigh yet", anchor=False)
        st.markdown(md(f"{plan.sentence.rstrip('.')}. {plan.lead}"))


def _sensitivity(plan: Plan, found: Sensitivity, source: str) -> None:
    palette = parts.palette()
    left, right = st.columns(2, gap="large")
    with left:
        st.header("What moves the answer", anchor=False)
        st.markdown(md(turning.movers_sentence(found)))
        if (drawing := charts.tornado(found, palette)) is not None:
            parts.chart(drawing)
    with right:
        st.header("Where it stops paying", anchor=False)
        if found.grid is not None:
            st.markdown(md(turning.grid_sentence(found)))
            grid_parts.grid(found, source)
        else:
            _without_grid(plan, found)
    st.caption(md(words.fixed(turning.HOW)))
    if said := joint.pairs_sentence(found):
        st.markdown(md(said))
        parts.behind_a_click("Two inputs together", lambda: _together(found))
    parts.behind_a_click("Numbers behind these pictures", lambda: _numbers(found))


def _together(found: Sensitivity) -> None:
    """The worst pairs, and a table of any two inputs."""
    _shown(joint.pairs_table(found))
    names = joint.movable(found)
    left, right = st.columns(2)
    first = left.selectbox("One input", names, 0, format_func=turning.title_of, key="joint.first")
    others = [name for name in names if name != first]
    second = right.selectbox("Another input", others, 0, format_func=turning.title_of, key="joint.second")
    if first and second:
        _shown(joint.pair_table(found, first, second))


def _without_grid(plan: Plan, found: Sensitivity) -> None:
    """Where no setup is paid: the price at which the plan turns, and what would make choosing pay."""
    st.markdown(md(turning.switch_sentence(found, "cost_per_label")))
    for change in plan.changes:
        st.markdown(md(parts.claim(change.finding, change.remedy)))
    if not plan.changes:
        st.markdown(f"{turning.subject(found)} pays no setup, so there is no setup cost to hold against the price.")


def _numbers(found: Sensitivity) -> None:
    _shown(turning.switches_table(found))
    if (grid := turning.grid_table(found)) is not None:
        _shown(grid)


def _shown(table: Table) -> None:
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)


def _stopping(plan: Plan) -> None:
    st.header("When to stop", anchor=False)
    drawing = charts.stopping(plan, parts.palette())
    st.markdown(md(plan.stopping))
    if drawing is not None:
        parts.chart(drawing)
    plan_tables.stops(plan)


def _foot(plan: Plan) -> None:
    pilot = plan.valuation.forecast.pilot
    st.space("small")
    st.caption(
        md(
            f"Computed {session.computed_at()}, seed {pilot.settings.seed}, data {pilot.facts.digest[:6]}. "
            "Prices and values are typed on the Plan page."
        )
    )
