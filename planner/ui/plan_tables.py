"""The tables of the Plan page: numbers as they are, and how each column is worded."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from planner import words
from planner.economics.evaluating import Interval
from planner.economics.options import CERTAIN
from planner.plan.deciding import Plan
from planner.report.outlook import net_table, risk_table
from planner.ui import parts
from planner.ui.parts import Figure, behind_a_click, md

Form = Callable[[float], str]

SHOWN = 10  # rows of the table behind the chart


def figures(frame: pd.DataFrame, forms: dict[str, Form], alt: str, bold: int | None = None) -> None:
    """A memo table: figures stay numbers, so that they stand at the right, and are worded one by one."""
    worded = {name: _figures(frame[name], form, bold) for name, form in forms.items() if name in frame.columns}
    # Words that depend on the row would be a call of the Styler each, and a page has three tables to draw at a price.
    style = frame.assign(**worded).style.format(dict.fromkeys(worded, lambda figure: figure.words), na_rep="")
    st.table(style, border="horizontal", hide_index=True, alt=alt)


def _figures(values: "pd.Series[float]", form: Form, bold: int | None) -> "pd.Series[Any]":
    """The numbers of a column with their words; what is not applicable stays empty."""
    made = [
        Figure(value, "" if np.isnan(value) else _bold(md(form(value)), k == bold)) for k, value in enumerate(values)
    ]
    return pd.Series(made, values.index, dtype=object)


def options(plan: Plan) -> None:
    """Every option, the recommended one in bold, in the middle of its range."""
    frame, bold = _options(plan, lambda interval: interval.p50)
    # A purchase that nobody forecast is not rounded like a forecast.
    known = {float(option.labels_to_buy.p50 or 0) for option in plan.options if option.name in CERTAIN}
    forms = _forms(plan) | {"Labels to buy": lambda labels: (words.count if labels in known else words.about)(labels)}
    figures(frame, forms, "Every option with its labels, cost, score and value.", bold)
    st.caption(
        "In the middle of the 8 in 10 ranges. Saved, net benefit and ROI are against labeling everything; net value is "
        "against doing nothing."
        if "Net value" in frame
        else "In the middle of the 8 in 10 ranges, saved against labeling everything. Give a value per point to see "
        "the net benefit, the ROI and the net value of each."
    )
    behind_a_click("The same options with their ranges", lambda: _ranges(plan))


def _ranges(plan: Plan) -> None:
    for title, pick in (
        ("Low end, 1 in 10 is below", lambda i: i.p10),
        ("High end, 1 in 10 is above", lambda i: i.p90),
    ):
        st.markdown(f"**{title}**")
        ends, _ = _options(plan, pick)
        figures(ends, _forms(plan), f"Every option: {title}.")


def _options(plan: Plan, pick: Callable[[Interval], float | None]) -> tuple[pd.DataFrame, int | None]:
    rows, bold = [], None
    for place, option in enumerate(plan.options):
        chosen = plan.recommended is not None and option.name == plan.recommended.name
        bold = place if chosen else bold
        title = option.title if option.calibrated else f"{option.title} (not calibrated)"
        rows.append(
            {
                "Option": f"**{md(title)}**" if chosen else md(title),
                "Labels to buy": pick(option.labels_to_buy),
                "Weeks": option.weeks or None,
                "Cost": pick(option.cost),
                "Score": pick(option.score),
                "Saved": pick(option.savings),
                "Net benefit": pick(option.net_benefit),
                "ROI": pick(option.roi),
                "Net value": pick(option.net_value),
            }
        )
    frame = pd.DataFrame(rows)
    figured = [name for name in frame.columns if name != "Option"]
    frame[figured] = frame[figured].astype(float)
    # Without a value per point nobody can say a net benefit: no column, rather than an empty one.
    return frame.dropna(axis="columns", how="all"), bold


def _forms(plan: Plan) -> dict[str, Form]:
    def cash(value: float) -> str:
        return words.money(value, plan.valuation.assumptions.currency)

    money = dict.fromkeys(("Cost", "Saved", "Net benefit", "Net value"), cash)
    return {
        "Labels to buy": words.about,
        "Weeks": words.times,
        "Score": words.percent,
        "ROI": lambda x: words.percent(x, 0),
        **money,
    }


def stops(plan: Plan) -> None:
    """Each stopping rule, where it fires, and why."""
    frame = pd.DataFrame(
        {
            "Rule": f"**{stop.title}**" if stop.fires else stop.title,
            "Would stop at": stop.labels_to_buy,
            "Because": md(stop.reason),
        }
        for stop in plan.stops
    )
    frame["Would stop at"] = frame["Would stop at"].astype(float)
    figures(frame, {"Would stop at": words.about}, "Stopping rules, how many labels to buy until each fires, and why.")


def risks(plan: Plan) -> None:
    """What every option leaves in 20,000 futures, the recommended one in bold."""
    found = risk_table(plan)
    chosen = plan.recommended.name if plan.recommended is not None else ""
    bold = next((place for place, one in enumerate(plan.risks) if one.option == chosen), None)
    frame = pd.DataFrame(
        {
            "Option": [md(row[0]) for row in found.rows],
            "1 in 10 is below": [one.npv.p10 for one in plan.risks],
            "Middle": [one.npv.p50 for one in plan.risks],
            "1 in 10 is above": [one.npv.p90 for one in plan.risks],
            "Chance of loss": [one.chance_of_loss for one in plan.risks],
            "Mean regret": [one.regret for one in plan.risks],
        }
    )

    def cash(value: float) -> str:
        return words.money(value, plan.valuation.assumptions.currency)

    forms: dict[str, Form] = dict.fromkeys(("1 in 10 is below", "Middle", "1 in 10 is above", "Mean regret"), cash)
    figures(frame, forms | {"Chance of loss": lambda chance: words.percent(chance, 0)}, found.title, bold)
    st.caption(
        f"{found.title}. Mean regret: what the option leaves less, on average, than the one that turns out best."
    )
    nets = net_table(plan)
    parts.table([dict(zip(nets.columns, row, strict=True)) for row in nets.rows], nets.title)
    st.caption(f"{nets.title}. The highest of each in bold, where it is among these purchases.")


def gains(plan: Plan) -> None:
    """What the next labels add, chosen and at random."""
    rows = [
        {
            "Next labels": float(gain.labels),
            "Chosen, points": gain.active.p50,
            "Chosen, 8 in 10": _points_range(gain.active),
            "At random, points": gain.random.p50,
            "At random, 8 in 10": _points_range(gain.random),
        }
        for gain in plan.gains
    ]
    forms = {"Next labels": words.count, "Chosen, points": _plus, "At random, points": _plus}
    figures(pd.DataFrame(rows), forms, "Expected gain of the next labels in points, chosen and at random.")


def behind(plan: Plan, names: list[str]) -> None:
    """The numbers behind the first chart: score by labels for each line drawn."""
    forecast = plan.valuation.forecast
    places = np.unique(np.linspace(0, len(forecast.budgets) - 1, SHOWN).round().astype(int))
    columns: dict[str, Any] = {
        "Labels in all": forecast.budgets[places].astype(float),
        "Labels to buy": forecast.purchases[places].astype(float),
    }
    forms: dict[str, Form] = {"Labels in all": words.count, "Labels to buy": words.count}
    for name in names:
        title = next((o.title for o in plan.options if o.name == name), name)
        low, middle, high = np.quantile(forecast.scores[name][:, places], [0.1, 0.5, 0.9], axis=0)
        for head, values in ((f"{title}, low", low), ("middle", middle), ("high", high)):
            head = head if head.startswith(title) else f"{title}, {head}"
            columns[head], forms[head] = values, words.percent
    figures(pd.DataFrame(columns), forms, "Score by labels, with 8 in 10 ranges.")


def _points_range(interval: Interval) -> str:
    if interval.p10 is None or interval.p90 is None:
        return ""
    return f"{_plus(interval.p10)} to {_plus(interval.p90)}"


def _plus(value: float) -> str:
    return words.gain(words.points(value).split()[0], value)


def _bold(text: str, bold: bool) -> str:
    return f"**{text}**" if bold else text
