"""The Plan page: the answer first, then its numbers, its picture, the reasons to doubt it, and the options."""

from dataclasses import replace
from typing import Any

import streamlit as st

from planner import charts, words
from planner.choices.metrics import METRICS
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import Interval
from planner.economics.options import Option
from planner.forecast.carrying import ForecastSettings
from planner.forecast.replayed import metrics_for
from planner.pilot.bundled import BUNDLED
from planner.plan.deciding import Plan
from planner.plan.trust import studied, would_tell
from planner.registry import Choice
from planner.report import plotted
from planner.report.outlook import return_sentence, risk_sentence
from planner.report.solved import solved_sentences
from planner.report.writing import data_line
from planner.sample.reading import Facts
from planner.settings import Knob, knobs
from planner.ui import curve_parts, forms, money_parts, parts, plan_tables, purchase_parts, session, undo_parts
from planner.ui.parts import md

COLORS = {
    "go": ("green", ":material/check_circle:"),
    "green": ("green", ":material/visibility:"),
    "undecided": ("yellow", ":material/contrast:"),
    "amber": ("yellow", ":material/visibility:"),
    "does not pay": ("orange", ":material/do_not_disturb_on:"),
    "red": ("orange", ":material/visibility:"),
}
TOO_FAR = "Too far to say"
LIMITS_TITLE = "A budget, a deadline or a target"
LIMITS = ("budget", "target", "target_confidence", "give_up", "deadline", "labels_per_week")


def show() -> None:
    """Draw the page."""
    shown = session.source()
    curve_parts.take_click(shown.name)
    with parts.sheet():
        place = st.container()
        answer, side = st.columns([2.75, 1], gap="large")
        with side.container(border=True):
            typed, before = _inputs(shown), session.good(shown)
            plan, wrong = session.current(typed)
            undo_parts.remember(shown, before)
            undo_parts.buttons(shown, typed)
            if wrong and plan is not None:
                st.error(md(wrong), icon=":material/error:")
                st.caption("The page still shows the numbers before this.")
        with place:
            _context(shown, plan)
        with answer:
            if plan is None:
                _without_pool(session.measured(shown), wrong)
                return
            _answer(plan, shown.name)
        st.space("small")
        _details(plan)
        _foot(plan, shown)


def _context(shown: session.Source, plan: Plan | None) -> None:
    line = data_line(plan) if plan else shown.title
    if shown.is_sample:
        line = line.replace(shown.pilot.facts.name, shown.title, 1)
    right = parts.context(shown.is_sample, line).container(horizontal=True, width="content", gap="small")
    others = [name for name in BUNDLED if name != shown.bundled] if shown.is_sample else [session.FIRST]
    for name in others:
        label = f"See {BUNDLED[name].title.lower()}" if shown.is_sample else "Back to the sample"
        right.button(label, key=f"open_{name}", on_click=session.open_source, args=(name,), type="tertiary")
    label = "Use my data" if shown.is_sample else "My data"
    if right.button(label, key="use_my_data", type="primary", icon=":material/upload:"):
        st.session_state["go_to"] = "data"
        st.rerun()


def _inputs(shown: session.Source) -> dict[str, Any]:
    st.subheader("Your numbers", anchor=False)
    start, prefix = session.start_with(shown), f"plan.{shown.name}"
    currency = str(st.session_state.get(f"{prefix}.currency", "USD")).upper()
    known = [*knobs(Assumptions), *(_narrowed(one, shown.pilot.facts) for one in knobs(ForecastSettings))]
    asked = money_parts.without_value(known, money_parts.value_model(prefix))
    costs = {one.name for one in knobs(Assumptions)}
    typed = forms.ask([one for one in asked if one.main and one.name in costs], start, prefix, currency)
    typed |= money_parts.ask_value(start, prefix, currency)
    typed |= forms.ask([one for one in asked if one.main and one.name not in costs], start, prefix, currency)
    money_parts.helpers(prefix, currency, typed["metric"])
    lesser = [one for one in asked if not one.main]
    # Some thirty inputs that most readers never open would be drawn again with every price.
    for title, key, wanted in ((LIMITS_TITLE, "open.limits", True), ("More assumptions", "open.assumptions", False)):
        here = [one for one in lesser if (one.name in LIMITS) == wanted]
        with st.expander(title, type="compact", key=key, on_change="rerun") as box:
            typed |= (forms.ask if box.open else forms.typed_before)(here, start, prefix, currency)
    return typed


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _narrowed(one: Knob, facts: Facts) -> Knob:
    """The setting with the menu that this sample allows."""
    if one.name == "metric":
        return replace(one, choices={name: METRICS[name] for name in metrics_for(facts)})
    if one.name == "positive":
        rarest = facts.classes[int(facts.counts.argmin())]
        names = {"": f"The rarest: {rarest}"} | {name: name for name in facts.classes}
        return replace(one, choices={name: Choice(name, title, "", str) for name, title in names.items()})
    return one


def _answer(plan: Plan, source: str) -> None:
    st.title(md(plan.sentence.rstrip(".")), anchor=False)
    st.markdown(md(f"{plan.lead} {plan.split}".strip()))
    for sentence in solved_sentences(plan):
        st.markdown(md(sentence))
    if plan.valued:
        st.caption(md(plan.valued))
    if plan.badges:
        with st.container(horizontal=True, gap="small"):
            for badge in plan.badges:
                color, icon = COLORS.get(badge.state, ("gray", None))
                st.badge(badge.text, icon=icon, color=color)
    for column, (label, value, below) in zip(st.columns(3), _numbers(plan), strict=False):
        column.metric(md(label), value, delta=below or None, delta_color="off", delta_arrow="off")
    st.space("xxsmall")
    _picture(plan, source)


def _without_pool(plan: Plan, wrong: str) -> None:
    """What the pilot measured, while the size of the pool is not known."""
    st.title("One number is missing: how many items are there in all?", anchor=False)
    st.markdown(md(wrong))
    metric = _first_upper(plan.valuation.forecast.metric_name)
    label, value, below = _score(f"{metric} today", _option(plan, "stop_at_sample").score)
    st.metric(label, value, delta=below or None, delta_color="off", delta_arrow="off")
    if plan.valuation.forecast.measured:
        parts.chart(charts.replay(plan.valuation.forecast, parts.palette()))
        parts.numbers_behind("Numbers behind the replay", lambda: plotted.replay_table(plan.valuation.forecast))


def _numbers(plan: Plan) -> list[tuple[str, str, str]]:
    """Three (label, value, what stands below it)."""
    name = _first_upper(plan.valuation.forecast.metric_name)
    currency = plan.valuation.assumptions.currency
    option, everything = plan.recommended, _option(plan, "label_everything")
    if option is None or plan.buy is None:
        now = _option(plan, "stop_at_sample").score
        facts = plan.valuation.forecast.pilot.facts
        return [
            _score(f"{name} today", now),
            ("Labeling everything costs", _mid(everything.cost, currency), words.plural(_left(plan), "label")),
            ("Labeled rows", words.count(facts.labeled), words.plural(len(facts.classes), "class", "classes")),
        ]
    bought = plan.labels_to_buy
    labels = ("Labels to buy", words.about(plan.buy), _range(bought, words.about))
    if plan.code == "label_all":
        asked = plan.valuation.assumptions
        each = f"{words.money(asked.cost_per_label, currency, None)} a label"
        each = "by your price table" if asked.price_table else each
        costs = ("Labeling everything costs", _mid(option.cost, currency), each)
        return [
            ("Labels to buy", words.count(plan.buy), "all that are left"),
            costs,
            _score(f"{name} then", option.score),
        ]
    saved = ("Saved against labeling everything", *_money(option.savings, currency))
    if plan.light == "red" and plan.horizon is not None:
        saved = (saved[0], TOO_FAR, would_tell(plan.valuation.forecast, plan.horizon))
    if plan.code == "does_not_pay" and (loss := charts.loss_of_choosing(plan)) is not None and loss > 0:
        saved = ("Choosing them would cost you", words.money(loss, currency), "net value, in the mean of the draws")
    return [labels, saved, _score(f"{name} when you stop", option.score)]


def _picture(plan: Plan, source: str) -> None:
    forecast, palette = plan.valuation.forecast, parts.palette()
    if plan.code == "does_not_pay" and (drawing := charts.price_switch(plan, palette)) is not None:
        parts.chart(drawing)
        parts.numbers_behind("The prices as a table", lambda: charts.switch_table(plan) or ())
        parts.behind_a_click("The curves behind it", lambda: curve_parts.curves(plan, source))
    elif forecast.scores:
        curve_parts.curves(plan, source)
    elif forecast.measured:
        parts.chart(charts.replay(forecast, palette))
        parts.numbers_behind("Numbers behind the replay", lambda: plotted.replay_table(forecast))
    else:
        parts.chart(charts.classes(forecast.pilot.facts, palette))
        parts.numbers_behind("The classes as a table", lambda: plotted.classes_table(forecast.pilot.facts))
    if forecast.scores:
        parts.behind_a_click("Numbers behind this chart", lambda: plan_tables.behind(plan, charts.lines_of(plan)))


def _details(plan: Plan) -> None:
    if plan.changes:
        st.header("What would change this", anchor=False)
        parts.thirds([(one.finding, one.remedy) for one in plan.changes])
        st.space("small")
    if plan.doubts:
        st.header("Reasons to doubt", anchor=False)
        parts.thirds([(one.finding, one.remedy) for one in plan.doubts[:3]])
        if len(plan.doubts) > 3:
            title = f"{words.plural(len(plan.doubts) - 3, 'more reason')} to doubt"
            parts.behind_a_click(title, lambda: parts.thirds([(one.finding, one.remedy) for one in plan.doubts[3:]]))
        st.space("small")
    st.header("The options, side by side", anchor=False)
    plan_tables.options(plan)
    if plan.risks and plan.recommended is not None:
        st.space("small")
        st.header("Risk and return", anchor=False)
        st.markdown(md(risk_sentence(plan)))
        for made in (plan.investment, plan.over_baseline):
            if made is not None:
                st.markdown(md(return_sentence(made, plan)))
        parts.behind_a_click("Every option in 20,000 futures", lambda: plan_tables.risks(plan))
    purchase_parts.rounds(plan)
    if plan.gains and plan.code != "refused":
        _next_and_stop(plan)
    purchase_parts.watching(plan)
    purchase_parts.cases(plan)


def _next_and_stop(plan: Plan) -> None:
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("What the next labels bring", anchor=False)
        st.markdown(md(_worth(plan)))
        plan_tables.gains(plan)
    with right:
        st.header("When to stop", anchor=False)
        st.markdown(md(plan.stopping))
        plan_tables.stops(plan)


def _worth(plan: Plan) -> str:
    """What a chosen label is worth, whether the next batch pays, and at which value it would."""
    said = []
    rate = plan.exchange
    if rate.p50 is not None and rate.p10 is not None and rate.p90 is not None:
        between = words.between(words.times(rate.p10), words.times(rate.p90))
        said.append(f"One chosen label is worth about **{words.times(rate.p50)}** random ones ({between}).")
    batch = words.plural(plan.next_batch, "label")
    if plan.next_chance is not None:
        chance = round(100 * plan.next_chance)
        said.append(f"The chance that the next batch of {batch} pays is about {chance} in 100.")
    if plan.break_even is not None:
        money = words.money(plan.break_even, plan.valuation.assumptions.currency)
        said.append(f"It breaks even at a value of {money} per point.")
    return " ".join(said)


def _foot(plan: Plan, shown: session.Source) -> None:
    facts, seed = plan.valuation.forecast.pilot.facts, plan.valuation.forecast.pilot.settings.seed
    paid = plan.valuation.assumptions.count_paid_labels
    sunk = "counted in every option that uses labels" if paid else "already paid and in no option's cost"
    note = f" {BUNDLED[shown.bundled].note}" if shown.is_sample else ""
    st.space("small")
    st.caption(
        md(
            f"Computed {session.computed_at()}, seed {seed}, data {facts.digest[:6]}. "
            f"The {words.plural(facts.labeled, 'label')} you have are {sunk}. {studied(plan.valuation.forecast)}{note}"
        )
    )


def _option(plan: Plan, name: str) -> Option:
    return next(option for option in plan.options if option.name == name)


def _left(plan: Plan) -> float:
    forecast = plan.valuation.forecast
    return forecast.pool_size - forecast.labeled


def _mid(interval: Interval, currency: str) -> str:
    return "" if interval.p50 is None else words.money(interval.p50, currency)


def _money(interval: Interval, currency: str) -> tuple[str, str]:
    return _mid(interval, currency), _range(interval, lambda x: words.money(x, currency), "set by your prices")


def _score(label: str, interval: Interval) -> tuple[str, str, str]:
    if interval.p50 is None:
        return label, "Cannot be told", interval.why
    return label, words.percent(interval.p50), _range(interval, words.percent)


def _range(interval: Interval, form: Any, alone: str = "the same in every forecast") -> str:
    if interval.p10 is None or interval.p90 is None:
        return interval.why
    low, high = form(interval.p10), form(interval.p90)
    return words.between(low, high) if low != high else alone
