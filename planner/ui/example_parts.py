"""The rows a strategy picked first, in their own words: shown on this screen only, never written to a file."""

from typing import Any

import pandas as pd
import streamlit as st

from planner import words
from planner.choices.strategies import STRATEGIES
from planner.errors import PlannerError
from planner.pilot.bundled import BUNDLED
from planner.pilot.running import Pilot
from planner.report.picked import first_picked
from planner.sample.reading import Sample
from planner.ui import keeping, parts, session
from planner.ui.parts import md

LONGEST = 240  # characters of a row
UNUSUAL = 3  # columns that are farthest from the usual
GONE = "The rows are not on this computer any more. Bring the file again on the Data page to read them here."


@st.cache_resource(show_spinner=False, max_entries=2)
def _bundled(name: str) -> Sample:
    return BUNDLED[name].sample()


def examples(shown: session.Source, strategy: str) -> None:
    """Behind a click: what the first picks were."""
    title = f"The rows {STRATEGIES[strategy].title.lower()} picked first"
    parts.behind_a_click(title, lambda: _draw(shown, strategy, title))


def _draw(shown: session.Source, strategy: str, title: str) -> None:
    try:
        with st.spinner("Reading the file again"):
            sample = _sample(shown)
    except PlannerError as wrong:
        st.markdown(md(str(wrong)))
        return
    found = first_picked(shown.pilot, strategy)
    if sample is None or not found:
        st.markdown(GONE)
        return
    parts.table([_row(sample, shown.pilot, one) for one in found], title, figures=False)
    st.caption(
        "Bought first on average over the runs, the first labels left out; place is the share of the pool that was "
        "bought before. Numbers far from the usual are named with how far. These rows stay on this screen."
    )


def _sample(shown: session.Source) -> Sample | None:
    """The rows behind a pilot, where they are at hand."""
    sample = _bundled(shown.bundled) if shown.bundled else keeping.sample_behind(shown.name)
    return sample if sample is not None and sample.facts.digest == shown.pilot.facts.digest else None


def _row(sample: Sample, pilot: Pilot, found: tuple[int, float]) -> dict[str, str]:
    row, place = found
    return {
        "Class": pilot.facts.classes[int(sample.labels[row])],
        "In its own words": in_words(sample.features, row),
        "Place": words.percent(place, 0),
    }


def in_words(features: pd.DataFrame, row: int) -> str:
    """A row as a person reads it: its texts and categories, and of its numbers those farthest from the usual."""
    own: pd.Series[Any] = features.iloc[row]
    numeric = features.select_dtypes("number")
    said = [" ".join(str(own[name]).split()) for name in features.columns.difference(numeric.columns, sort=False)]
    away = ((numeric.iloc[row] - numeric.mean()) / numeric.std().where(lambda spread: spread > 0)).dropna()
    for name in away.abs().sort_values(ascending=False, kind="stable").index[:UNUSUAL]:
        value, usual = words.number(float(own[name]), 3), words.number(float(numeric[name].mean()), 3)
        said.append(f"{name} {value} (usually {usual})")
    text = "; ".join(part for part in said if part and part != "nan")
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
