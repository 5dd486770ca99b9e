"""One widget per setting, made from its declaration: title, help, unit, menu. No default or limit stands here."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from planner.choices.strategies import STRATEGIES
from planner.choices.strategies.ideas import by_idea, idea_of
from planner.settings import Knob, knobs
from planner.words import SYMBOLS

STEPS = {  # what one click adds
    "currency/label": 0.1,
    "currency/round": 50.0,
    "currency/point": 500.0,
    "currency": 500.0,
    "currency/week": 100.0,
    "items/hour": 5.0,
    "hours/week": 5.0,
    "items": 1000,
    "labels": 10,
    "labels/week": 100.0,
    "0 to 1": 0.01,
    "1/year": 0.01,
    "ratio": 0.05,
}


def ask(asked: Iterable[Knob], start: Mapping[str, Any], prefix: str, currency: str = "USD") -> dict[str, Any]:
    """What the person typed for each setting, unchecked: the Settings class checks it."""
    return {one.name: _widget(one, start.get(one.name, one.default), f"{prefix}.{one.name}", currency) for one in asked}


def ask_in_groups(owner: type, groups: Mapping[str, str], start: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The main settings of a class, then a closed part for each group of the others, which says what it is about."""
    every = knobs(owner)
    typed = ask([one for one in every if one.main], start, prefix)
    last = next(reversed(groups))
    for group, about in groups.items():
        with st.expander(group, type="compact"):
            st.caption(about)
            here = [one for one in every if not one.main and (one.group or last) == group]
            typed |= ask(here, start, prefix)
    return typed


def typed_before(knobs: Iterable[Knob], start: Mapping[str, Any], prefix: str, currency: str = "USD") -> dict[str, Any]:
    """What ask() would give, without drawing an input: what was typed while they were drawn, else where they start."""
    del currency
    return {one.name: st.session_state.get(f"{prefix}.{one.name}", start.get(one.name, one.default)) for one in knobs}


def label_of(one: Knob, currency: str = "USD") -> str:
    """A setting's title with its unit, as it stands above the input."""
    unit = SYMBOLS.get(currency, currency) if one.unit.startswith("currency") else one.unit
    return one.title if unit in ("", "items", one.title.lower()) else f"{one.title} ({unit})"


def help_of(one: Knob) -> str:
    """What a setting means, and of each choice on its menu when it helps, where the menu knows."""
    choices = [(one.choices or {})[name] for name in names_of(one)]
    whens = [(choice.title, choice.facts.get("when", "")) for choice in choices]
    said = "".join(f"\n- **{title}**: {when}" for title, when in whens if when)
    return (one.help + ("\n" + said if said else "")).replace("$", "\\$")


def names_of(one: Knob) -> list[str]:
    """The menu of a setting in the order it is read: forty strategies stand together by idea."""
    return by_idea() if one.choices is STRATEGIES else list(one.choices or {})


def title_of(one: Knob, name: str) -> str:
    """How a choice is called on its menu."""
    if one.choices is None:
        return name
    title = str(one.choices[name].title)
    return f"{idea_of(name)}: {title}" if one.choices is STRATEGIES else title


def _widget(one: Knob, value: Any, key: str, currency: str) -> Any:
    label, text = label_of(one, currency), help_of(one)
    if one.kind is tuple:
        chosen = st.multiselect(
            label,
            names_of(one),
            list(value),
            format_func=lambda n: title_of(one, n),
            key=key,
            help=text,
            persist_state="session",
        )
        return tuple(chosen)
    if one.choices is not None:
        names = names_of(one)
        place = names.index(value) if value in names else 0
        return st.selectbox(
            label, names, place, format_func=lambda n: title_of(one, n), key=key, help=text, persist_state="session"
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
