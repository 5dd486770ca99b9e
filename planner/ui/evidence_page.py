"""The Evidence page: what was measured, how a forecast of it did, what was picked, and what cannot be known."""

import streamlit as st

from planner import charts, words
from planner.blocks import claim
from planner.charts.evidence import classes_seen_finding, replay_finding
from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.forecast.simulated import sentences
from planner.plan.deciding import Plan
from planner.plan.trust import SHAPES, backtest_sentence, held, larger_sample, studied
from planner.report import plotted
from planner.report.checked import SIZES_HOW, sizes_table
from planner.report.compared import HOW, against_table, best_sentence, cuts_sentence, of_forecast, shared_sentence
from planner.report.writing import data_line
from planner.ui import parts, picked_parts, record_parts, session
from planner.ui.parts import md

MISSES = (
    "On other data sets a forecast to 4 times the sample typically missed by 0.5 points, by 2.5 points in the worst "
    "tenth; to 16 times by 1 point, by 6 points in the worst tenth."
)
BOTH_HIDDEN = "The last half of the sample, and then its last three quarters, were"


def show() -> None:
    """Draw the page."""
    shown = session.source()
    plan = session.current()[0] or session.measured(shown)
    with parts.sheet():
        line = data_line(plan)
        parts.context(
            shown.is_sample, line.replace(shown.pilot.facts.name, shown.title, 1) if shown.is_sample else line
        )
        st.title("Why believe it, and how far", anchor=False)
        st.markdown(md(f"{_lead(plan)} {studied(plan.valuation.forecast)}"))
        if not plan.valuation.forecast.measured:
            parts.chart(charts.classes(shown.pilot.facts, parts.palette()))
            parts.numbers_behind("The classes as a table", lambda: plotted.classes_table(shown.pilot.facts))
            return
        _measured(plan)
        _against_random(plan)
        picked_parts.repeats_and_picks(plan, _strategy(plan), shown)
        _seen(plan)
        record_parts.promises(plan)
        _model(plan)
        _unknown(plan)
        record_parts.record()


def _lead(plan: Plan) -> str:
    test = plan.backtest
    if test is None:
        return f"The sample is too small to hide a part of it and forecast that part. {words.fixed(MISSES)}"
    parts_hidden = "The last half of the sample was" if len(plan.backtests) == 1 else BOTH_HIDDEN
    which = " at worst" if len(plan.backtests) > 1 else ""
    return (
        f"{parts_hidden} hidden and forecast from the rest. **The forecast missed by "
        f"{words.points(abs(test.miss))}{which} {held(test)}.** {words.fixed(MISSES)}"
    )


def _measured(plan: Plan) -> None:
    forecast, palette = plan.valuation.forecast, parts.palette()
    if plan.backtests:
        st.header("A forecast you can check", anchor=False)
        for test, column in zip(plan.backtests, st.columns(2, gap="large"), strict=False):
            with column:
                st.markdown(md(backtest_sentence(test)))
                parts.chart(charts.backtest(test, forecast.measured["random"], palette))
        st.caption("Bands are drawn to hold the truth in 9 of 10 cases.")
        parts.numbers_behind("Numbers behind the back-tests", lambda: map(plotted.backtest_table, plan.backtests))
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Active learning from scratch", anchor=False)
        st.markdown(md(replay_finding(forecast)))
        parts.chart(charts.replay(forecast, palette))
        parts.numbers_behind("Numbers behind the replay", lambda: plotted.replay_table(forecast))
        for doubt in plan.doubts:
            if doubt.code in SHAPES:
                st.markdown(md(claim(doubt.finding, doubt.remedy).text))
    with right:
        _larger_sample(plan)
    for said in sentences(forecast):
        st.markdown(md(said))
    st.space("small")


def _larger_sample(plan: Plan) -> None:
    """How big the sample should be: what 2 and 4 times the rows would tell."""
    table = sizes_table(plan)
    if table is None:
        return
    st.header("How big should my sample be", anchor=False)
    st.markdown(md(larger_sample(plan.valuation.forecast)))
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)
    st.caption(md(SIZES_HOW))


def _seen(plan: Plan) -> None:
    """Whether strategies find every class, where there are enough of them to miss one."""
    pilot = plan.valuation.forecast.pilot
    drawing = charts.classes_seen(pilot, parts.palette())
    if drawing is None:
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Classes seen against labels", anchor=False)
        st.markdown(md(classes_seen_finding(pilot)))
    with right:
        parts.chart(drawing)
        parts.numbers_behind("Classes seen, in numbers", lambda: plotted.seen_table(pilot))
    st.space("small")


def _against_random(plan: Plan) -> None:
    comparison = of_forecast(plan.valuation.forecast)
    if comparison is None:
        return
    table = against_table(comparison)
    st.header(table.title, anchor=False)
    st.markdown(md(best_sentence(comparison.best)))
    parts.table([dict(zip(table.columns, row, strict=True)) for row in table.rows], table.title)
    st.caption(md(HOW.replace("**Strategies.** ", "")))
    st.space("small")


def _strategy(plan: Plan) -> str:
    """The strategy the page looks at closely."""
    names = [name for name in charts.lines_of(plan) if name != "random"] if plan.valuation.forecast.scores else []
    others = [name for name in plan.valuation.forecast.pilot.settings.all_strategies if name != "random"]
    return (names or others or ["random"])[0]


def _model(plan: Plan) -> None:
    pilot = plan.valuation.forecast.pilot
    settings = pilot.settings
    st.header("What was run", anchor=False)
    chosen = words.fixed(pilot.model_reason) or f"{ESTIMATORS[pilot.model].title}, chosen by you."
    names = words.listing([STRATEGIES[name].title.lower() for name in settings.all_strategies])
    kept = words.plural(pilot.repeats, "repeat")
    st.markdown(
        md(
            f"{chosen} {kept} of {settings.folds} folds with {names}; every "
            f"labeled row was tested, identical rows in one fold, and all strategies of a repeat shared the split, the "
            f"first labels and the model's seed. {cuts_sentence(pilot)}Seed {settings.seed}. "
            f"{shared_sentence(pilot.shared)}"
        )
    )
    st.space("small")


def _unknown(plan: Plan) -> None:
    n = words.count(plan.valuation.forecast.labeled)
    model = ESTIMATORS[plan.valuation.forecast.pilot.model].title.lower()
    st.header("What this cannot know", anchor=False)
    parts.thirds(
        [
            (f"Whether tomorrow looks like your sample. If the {n} rows were not drawn at random, the curve is about a "
             "different pool.", ""),
            ("How your people will label. Hard items take longer and are mislabeled more often; picked items are hard "
             "ones.", ""),
            (f"Another model. All of this holds for {model} on these columns. A larger model may need fewer labels, or "
             "more.", ""),
        ]
    )  # fmt: skip
