"""One widget per setting, made from its declaration: title, help, unit, menu. No default or limit stands here."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from planner.settings import Knob
from planner.words import SYMBOLS

STEPS = {  # what one click adds
    "currency/label": 0.1,
    "currency/round": 50.0,
    "currency/point": 500.0,
    "currency": 500.0,
    "items": 1000,
    "labels": 10,
    "labels/week": 100.0,
    "0 to 1": 0.01,
    "1/year": 0.01,
    "ratio": 0.05,
}


def ask(knobs: Iterable[Knob], start: Mapping[str, Any], prefix: str, currency: str = "USD") -> dict[str, Any]:
    """What the person typed for each setting, unchecked: the Settings class checks it."""
    return {one.name: _widget(one, start.get(one.name, one.default), f"{prefix}.{one.name}", currency) for one in knobs}


def label_of(one: Knob, currency: str = "USD") -> str:
    """A setting's title with its unit, as it stands above the input."""
    unit = SYMBOLS.get(currency, currency) if one.unit.startswith("currency") else one.unit
    return one.title if unit in ("", "items", one.title.lower()) else f"{one.title} ({unit})"


def _widget(one: Knob, value: Any, key: str, currency: str) -> Any:
    label, text = label_of(one, currency), one.help.replace("$", "\\$")
    if one.kind is tuple:
        names = list(one.choices or {})
        chosen = st.multiselect(
            label, names, list(value), format_func=lambda n: _title(one, n), key=key, help=text, persist_state="session"
        )
        return tuple(chosen)
    if one.choices is not None:
        names = list(one.choices)
        place = names.index(value) if value in names else 0
        return st.selectbox(
            label, names, place, format_func=lambda n: _title(one, n), key=key, help=text, persist_state="session"
        )
    if one.kind is bool:
        return st.checkbox(label, value, key=key, help=text, persist_state="session")
    if one.kind is str:
        return st.text_input(label, value, key=key, help=text, persist_state="session")
    return _number(one, value, key, (label, text))


def _number(one: Knob, value: Any, key: str, words: tuple[str, str]) -> Any:
    label, text = words
    step = STEPS.get(one.unit, 1)
    whole = one.kind is int
    return st.number_input(
        label,
        value=value if value is None or whole else float(value),
        step=int(step) if whole else float(step),
        format="%d" if whole else "%.10g",  # never rounded differently from how it was typed
        key=key,
        help=text,
        placeholder="not given" if one.optional else None,
        persist_state="session",
    )


def _title(one: Knob, name: str) -> str:
    return str(one.choices[name].title) if one.choices is not None else name
