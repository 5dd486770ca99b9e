"""Pieces that several pages draw: the sheet, the context row, charts, claims in thirds, tables, the foot."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.charts import DARK, LIGHT, Palette
from planner.charts.vega import Drawing

WIDTH = 1160
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


def table(rows: Iterable[dict[str, str]], alt: str) -> None:
    """A memo table of words; what is not applicable is an empty cell."""
    frame = pd.DataFrame([{name: md(cell) for name, cell in row.items()} for row in rows])
    st.table(frame, border="horizontal", hide_index=True, alt=alt)
