"""How every chart looks: the palette of each theme, the marks of each strategy, and `finish`, which sets the rest."""

import math
from dataclasses import dataclass
from typing import Any

from planner import words
from planner.charts import vega
from planner.charts.vega import Drawing, Spec

FONT = '"Source Sans", "Liberation Sans", sans-serif'
TEXT = 13
NARROW = 480  # pixels of a phone; below it a chart shows fewer ticks and fewer words
MIDDLING = 640  # pixels of a chart beside a column; below it ticks that would touch give way


Layers = list[Drawing]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; every mark keeps 3:1 and every word 4.5:1 on `paper`."""

    lines: tuple[str, str, str, str]  # active learning, random, third and fourth strategy
    ink: str
    soft: str
    rule: str
    grid: str
    paper: str
    pays: str
    loses: str


LIGHT = Palette(
    ("#0A6AA6", "#B84A00", "#00735A", "#A8487C"),
    "#0F1720", "#4C5560", "#8A8F96", "#E9E5DC", "#FBFAF7", "#D6E6F0", "#F6DDCB",
)  # fmt: skip
DARK = Palette(
    ("#56B4E9", "#F2955B", "#3DBE97", "#E08FBD"),
    "#E9E6DF", "#B7BFC9", "#8A949F", "#252C36", "#14181E", "#1B3C50", "#4A2D1A",
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How one strategy is told apart without colour: dash of its line, shape of its marks."""

    color: str
    dash: tuple[int, ...]
    shape: str


_DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (7, 4), (2, 3), (10, 3, 2, 3))
_SHAPES = ("circle", "diamond", "square", "triangle-up")
_LATER = ((14, 4), (4, 2, 1, 2), (1, 4), (8, 2))  # a fifth strategy and on: a colour again, with another dash


def style(strategy: str, strategies: tuple[str, ...], palette: Palette) -> Style:
    """The style of a strategy, the same on every chart of a pilot that ran `strategies`."""
    if strategy == "random":
        return Style(palette.lines[1], _DASHES[1], _SHAPES[1])
    position = [name for name in strategies if name != "random"].index(strategy)
    slots = (0, 2, 3)
    slot = slots[position % 3]
    again, turn = divmod(max(position - 3, 0), 4)
    dash = _DASHES[slot] if position < 3 else tuple(step + 3 * again for step in _LATER[turn])
    return Style(palette.lines[slot], dash, _SHAPES[slot])


def rows(**columns: Any) -> Spec:
    """Inline data of a layer, from columns of equal length."""
    names = list(columns)
    plain = [[float(cell) if hasattr(cell, "dtype") else cell for cell in columns[name]] for name in names]
    return {"values": [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]}


def words_at(x: float, y: float, words: Any, color: str, **mark: Any) -> Drawing:
    """Words written on the chart at a point of its axes."""
    mark = {"align": "left", "baseline": "middle", "fontSize": TEXT, **mark}
    text = vega.Chart(rows(x=[x], y=[y])).mark_text(text=words, color=color, lineHeight=17, **mark)
    return text.encode(x="x:Q", y="y:Q")


def on_paper(x: float, y: float, words: Any, colors: tuple[str, Palette], **mark: Any) -> Drawing:
    """Words that cross a band or a line, with a stroke of paper below them."""
    color, palette = colors
    below = words_at(x, y, words, palette.paper, stroke=palette.paper, strokeWidth=4, strokeJoin="round", **mark)
    return vega.layer(below, words_at(x, y, words, color, **mark))


def only_wide(value: float = 1.0) -> Spec:
    """An opacity that hides what does not fit a phone."""
    return vega.ExprRef(f"width < {NARROW} ? 0 : {value}")


def two_lines(title: str) -> list[str]:
    """A name as one line or two about as long, so that it leaves room on a phone."""
    if len(title) <= 14:
        return [title]
    parts = title.split(" ")
    cuts = [(" ".join(parts[:k]), " ".join(parts[k:])) for k in range(1, len(parts))]
    return list(min(cuts, key=lambda cut: max(map(len, cut)))) if cuts else [title]


def quantity_axis(palette: Palette, **settings: Any) -> Spec:
    """A horizontal axis: a rule, ticks, no grid."""
    return vega.Axis(
        grid=False, domainColor=palette.rule, tickColor=palette.rule, tickSize=5, titleAnchor="start", **settings
    )


def score_axis(palette: Palette, low: float, high: float) -> Spec:
    """A vertical axis of percentages up to 100%: hairlines, no rule, no title."""
    steps = [m * 10.0**d for d in (-3, -2, -1) for m in (1, 2, 5)]
    step = next((one for one in steps if (high - low) / one <= 6), 0.5)
    ticks = [n * step for n in range(math.ceil(low / step), math.floor(min(high, 1.0) / step + 1e-9) + 1)]
    return vega.Axis(
        format=".0%" if step >= 0.0099 else ".1%",
        values=[round(tick, 4) for tick in ticks],
        title=None,
        grid=True,
        gridColor=palette.grid,
        domain=False,
        ticks=False,
        labelPadding=6,
    )


def money_label(currency: str, amount: str) -> str:
    """A Vega expression for an amount of money, from one for its number."""
    before, after = (repr(part) if part else "" for part in words.affixes(currency))
    return " + ".join(part for part in (before, amount, after) if part)


def finish(chart: Drawing, palette: Palette, description: str, height: int = 370) -> Drawing:
    """The chart with the look of the house, and the finding in words for people who cannot see it."""
    return chart.properties(
        width="container",
        height=height,
        description=description,
        background="transparent",
        padding={"left": 0, "right": 4, "top": 6, "bottom": 6},
        autosize={"type": "fit-x", "contains": "padding"},
        config={
            "font": FONT,
            "view": {"stroke": None},
            "text": {"font": FONT},
            "legend": {"disable": True},
            "axis": {
                "labelFontSize": TEXT,
                "titleFontSize": TEXT,
                "titleFontWeight": "normal",
                "labelColor": palette.soft,
                "titleColor": palette.soft,
                "titlePadding": 10,
                "labelLineHeight": 17,
            },
            **({} if words.code() == words.USUAL else {"locale": words.locale().of_charts}),
        },
    )
