"""What stands beside the money inputs: which of them a value model asks for, and three ways to find an amount."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from planner import words
from planner.choices.metrics import METRICS
from planner.choices.values import VALUES
from planner.economics.assumptions import Assumptions
from planner.economics.prices import price_from_time, prices, yearly_value_per_point
from planner.economics.rates import RATES
from planner.settings import Knob, knobs
from planner.ui import forms
from planner.ui.parts import behind_a_click, md

USUAL = "per_point"
PRICE = "cost_per_label"


def of_value() -> tuple[str, ...]:
    """Settings that some value model asks for."""
    return tuple(dict.fromkeys(name for one in VALUES.values() for name in one.facts["asks"]))


def asked_by(model: str) -> tuple[str, ...]:
    """Settings that one value model asks for."""
    return tuple(VALUES[model].facts["asks"])


def value_model(prefix: str) -> str:
    """The value model chosen on this page."""
    return str(st.session_state.get(f"{prefix}.value_model", USUAL))


def without_value(asked: Iterable[Knob], model: str) -> list[Knob]:
    """The settings that ask_value leaves out: all that are not about value, and the usual model's lesser ones."""
    kept = [name for name in asked_by(model) if name != "value_per_point"] if model == USUAL else []
    return [one for one in asked if one.name != "value_model" and (one.name not in of_value() or one.name in kept)]


def ask_value(start: Mapping[str, Any], prefix: str, currency: str) -> dict[str, Any]:
    """The value model, and below it what it asks for and nothing else."""
    by_name = {one.name: one for one in knobs(Assumptions)}
    typed = forms.ask([by_name["value_model"]], start, prefix, currency)
    model = VALUES[typed["value_model"]]
    if model.name == USUAL:  # its other settings wait behind a click
        return typed | forms.ask([by_name["value_per_point"]], start, prefix, currency)
    said = " The class is that of recall and precision, under More assumptions." if model.facts["one_class"] else ""
    st.caption(md(model.summary + said))
    return typed | forms.ask([by_name[name] for name in model.facts["asks"]], start, prefix, currency)


def fill(prefix: str, amounts: Mapping[str, Any]) -> None:
    """Put amounts into the inputs, as if they had been typed."""
    for name, value in amounts.items():
        st.session_state[f"{prefix}.{name}"] = value


def helpers(prefix: str, currency: str, metric: str) -> None:
    """Closed parts: the value from two questions, a typical price, a price from timed items, usual rates."""
    behind_a_click("Work out the value from two questions", lambda: _two_questions(prefix, currency, metric))
    behind_a_click("Typical prices of a label", lambda: _typical(prefix, currency))
    behind_a_click("Time 20 of your own items", lambda: _timed(prefix, currency))
    behind_a_click("Usual discount rates", lambda: _rates(prefix))


def _two_questions(prefix: str, currency: str, metric: str) -> None:
    if metric != "accuracy":
        name = METRICS[metric].title.lower()
        st.caption(
            f"A point of accuracy is a hundredth of all decisions. Your metric is {name}; choose accuracy first."
        )
        return
    decisions = st.number_input(
        "How many decisions a year?", value=None, min_value=0.0, step=1000.0, format="%.10g",
        key=f"help.{prefix}.q.decisions", placeholder="such as 100000", persist_state="session",
    )  # fmt: skip
    mistake = st.number_input(
        f"What does one wrong one cost? ({words.SYMBOLS.get(currency, currency)})", value=None, min_value=0.0, step=1.0,
        format="%.10g", key=f"help.{prefix}.q.mistake", placeholder="such as 2", persist_state="session",
    )  # fmt: skip
    if decisions is None or mistake is None:
        st.caption("One point of accuracy is a hundredth of the decisions, no longer wrong.")
        return
    value = yearly_value_per_point(decisions, mistake)
    st.markdown(md(f"A point of accuracy is worth **{words.money(value, currency)}** a year."))
    amounts = {"value_model": USUAL, "value_per_point": value, "per_year": True}
    st.button("Use this value", key=f"help.{prefix}.q.use", on_click=fill, args=(prefix, amounts))


def _typical(prefix: str, currency: str) -> None:
    known = prices()
    name = st.selectbox(
        "Typical prices", list(known), None, format_func=lambda one: known[one].title, key=f"help.{prefix}.p.kind",
        placeholder="Choose a kind of label", persist_state="session",
    )  # fmt: skip
    if name is None:
        st.caption("Asking prices from published lists, each with its source. Your own quote is better.")
        return
    price = known[name]
    low, likely, high = (words.money(value, price.currency, None) for value in (price.low, price.likely, price.high))
    st.markdown(md(f"**{likely}** for each {price.unit}, from {low} to {high}."))
    st.caption(md(f"{price.source}; {price.date}; {price.status}."))
    if price.currency != currency:
        st.caption(f"The price is in {price.currency} and your plan in {currency}: convert it and type it yourself.")
        return
    amounts = _priced(prefix, price.likely, f"{PRICE}={price.low!r}..{price.high!r}") | {"price_source": name}
    st.button("Use this price and its range", key=f"help.{prefix}.p.use", on_click=fill, args=(prefix, amounts))


def _rates(prefix: str) -> None:
    name = st.selectbox(
        "Usual discount rates", list(RATES), None, format_func=lambda one: RATES[one].title,
        key=f"help.{prefix}.r.kind", placeholder="Choose whose", persist_state="session",
    )  # fmt: skip
    if name is None:
        st.caption("Rates that others use for value that comes every year. Your own cost of capital is better.")
        return
    rate = RATES[name]
    st.markdown(md(f"**{words.rate(rate.rate)}** a year. {rate.source}."))
    amounts = {"discount_rate": rate.rate} | ({} if rate.horizon is None else {"horizon": rate.horizon})
    st.button("Use this rate", key=f"help.{prefix}.r.use", on_click=fill, args=(prefix, amounts))


def _timed(prefix: str, currency: str) -> None:
    st.caption("Label 20 of your own items, look at the clock, and the price is no longer a guess.")
    symbol = words.SYMBOLS.get(currency, currency)
    asked = (
        ("items", "Items", 20.0),
        ("minutes", "Minutes they took", None),
        ("wage", f"Cost of an hour ({symbol})", None),
        ("overhead", "Overhead on the wage (%)", 25.0),
    )
    given = {
        name: st.number_input(
            label, value=start, min_value=1.0 if name == "items" else 0.0, step=1.0, format="%.10g",
            key=f"help.{prefix}.t.{name}", placeholder="not given", persist_state="session",
        )
        for name, label, start in asked
    }  # fmt: skip
    if any(value is None for value in given.values()):
        return
    price = price_from_time(given["minutes"], given["items"], given["wage"], given["overhead"] / 100)
    st.markdown(md(f"A label costs about **{words.money(price, currency)}**."))
    amounts = _priced(prefix, float(f"{price:.4g}"), "") | {
        "items_per_hour": 60 * given["items"] / max(given["minutes"], 1e-9),
        "price_source": f"{given['items']:g} items timed: {given['minutes']:g} minutes at {given['wage']:g} an hour, "
        f"overhead {given['overhead']:g}%",
    }
    st.button("Use this price", key=f"help.{prefix}.t.use", on_click=fill, args=(prefix, amounts))


def _priced(prefix: str, price: float, span: str) -> dict[str, Any]:
    """A new price with its range, instead of an earlier range or price table."""
    typed = str(st.session_state.get(f"{prefix}.ranges", ""))
    others = [part.strip() for part in typed.split(",") if part.strip() and not part.strip().startswith(PRICE)]
    return {PRICE: price, "ranges": ", ".join([*([span] if span else []), *others]), "price_table": ""}
