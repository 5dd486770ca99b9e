"""Pieces that several pages draw: the sheet, the context row, charts, claims in thirds, tables, the foot."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from planner.blocks import Table
from planner.charts import DARK, LIGHT, Palette
from planner.charts.vega import Drawing

WIDTH = 1160
# Stars of bold, a sign, up to four letters or signs of a currency, the digits, a unit as short.
FIGURE = re.compile(r"\**[\u2212+\u00b1-]?\u2060?[^\d\s]{0,4}\s?\d[\d.,\u2019\u00a0\u202f]*\s?[^\d\s]{0,4}\**")
TAGS = {True: ("Sample data", ":material/science:"), False: ("Your data", ":material/description:")}


def md(text: str) -> str:
    """Plain words as Markdown that shows them as they are; **bold** stays."""
    for sign in ("$", "~", "`", "[", "<"):
        text = text.replace(sign, "\\" + sign)
    return text.replace(":material", "\\:material")


def sheet() -> Any:
    """The centred sheet a page is drawn on."""
    return st.container(horizontal=True, horizontal_alignment="center").container(width=WIDTH)


def palette() -> Palette:
    """The colours of the theme the reader has chosen."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def logo() -> None:
    """The wordmark, in the ink of the theme."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.logo((Path(__file__).parent / "assets" / f"logo-{theme}.svg").read_text(encoding="utf-8"), size="large")


def context(is_sample: bool, line: str) -> Any:
    """The row above a title: whose data this is. Gives the place for a button at its right."""
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    left = row.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
    text, icon = TAGS[is_sample]
    left.badge(text, icon=icon, color="blue")
    left.markdown(md(line), width="content")
    return row


def chart(drawing: Drawing) -> None:
    """A chart; its `description`, what it shows in words, becomes its accessible name."""
    st.vega_lite_chart(drawing.to_dict(), theme=None, width="stretch")


def behind_a_click(title: str, draw: Callable[[], None]) -> None:
    """Details that are drawn once they are opened: most readers never do, and every price change draws the page."""
    with st.expander(title, type="compact", key=f"open.{title}", on_change="rerun") as box:
        if box.open:
            draw()


def thirds(claims: Sequence[tuple[str, str]]) -> None:
    """Claims in three columns: what is found, with its first sentence bold, and what to do."""
    for row in range(0, len(claims), 3):
        for column, (finding, remedy) in zip(st.columns(3, gap="medium"), claims[row : row + 3], strict=False):
            column.markdown(md(claim(finding, remedy)))


def claim(finding: str, remedy: str) -> str:
    """A finding with its first sentence in bold, then what to do."""
    head, stop, fact = finding.partition(". ")
    bold = f"**{head}{stop.strip()}**" if stop else f"**{finding}**"
    return " ".join(part for part in (bold, fact, remedy) if part)


class Figure(float):
    """A number that knows the words it is shown in."""

    words: str

    def __new__(cls, value: float, words: str) -> "Figure":
        """The number, which stays itself."""
        made = super().__new__(cls, value)
        made.words = words
        return made


def table(rows: Iterable[dict[str, str]], alt: str, figures: bool = True) -> None:
    """A memo table, columns of figures at the right unless they are names; what is not applicable is an empty cell."""
    frame = pd.DataFrame(list(rows)).fillna("")
    shown = frame.map(md)
    amounts = [name for name in frame.columns if figures and _all_figures(frame[name])]
    for name in amounts:
        # What stands at the right is a number; these are the places of their words.
        places = [Figure(place, text) if text else np.nan for place, text in enumerate(shown[name])]
        shown[name] = pd.Series(places, shown.index, dtype=object)
    drawn: Any = shown
    if amounts:
        drawn = shown.style.format(dict.fromkeys(amounts, lambda figure: figure.words), na_rep="")
    st.table(drawn, border="horizontal", hide_index=True, alt=alt)


def numbers_behind(title: str, made: Callable[[], Table | Iterable[Table]]) -> None:
    """The table under a chart, or the tables, behind a click."""

    def draw() -> None:
        found = made()
        for one in [found] if isinstance(found, Table) else found:
            table([dict(zip(one.columns, row, strict=True)) for row in one.rows], one.title)

    behind_a_click(title, draw)


def _all_figures(cells: "pd.Series[str]") -> bool:
    """Whether a column holds figures and nothing else: $1,100, 97.8%, 1.390 €, +0.5."""
    some = [cell for cell in cells if cell]
    return bool(some) and all(FIGURE.fullmatch(cell) for cell in some)
