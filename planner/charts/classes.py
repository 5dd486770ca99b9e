"""Charts of the classes: how many rows each has, and how often a strategy picked it."""

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.look import Palette, finish, quantity_axis, rows, style
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.forecast.monitored import Monitored
from planner.sample.reading import Facts

FEW = 5  # rows of a class below which nothing can be told about it
MOST_CLASSES = 20  # bars that still read as a picture
MOST_PICKED = 10  # pairs of dots


def classes(facts: Facts, palette: Palette) -> Drawing:
    """Labeled rows a class, the largest first; a class too small is told in words and colour."""
    order = np.argsort(-facts.counts, kind="stable")
    shown = order[:MOST_CLASSES] if len(order) > MOST_CLASSES + 1 else order
    names = [facts.classes[i] for i in shown]
    counts = [int(facts.counts[i]) for i in shown]
    texts = [f"{words.count(c)}, too few" if c < FEW else words.count(c) for c in counts]
    if len(shown) < len(order):
        names.append(f"{len(order) - len(shown)} smaller classes")
        counts.append(int(facts.counts[order[len(shown) :]].sum()))
        texts.append(f"{words.count(counts[-1])} together")
    data = rows(name=names, count=counts, text=texts, few=[text.endswith("few") for text in texts])
    color = vega.condition("datum.few", vega.value(palette.lines[1]), vega.value(palette.lines[0]))
    axis = vega.Axis(title=None, domain=False, ticks=False, labelLimit=150, labelPadding=6)
    # A quarter of the width is kept for the count behind the longest bar.
    x = vega.X("count:Q", axis=None, scale=vega.Scale(domain=[0, max(counts) * 1.35]))
    base = vega.Chart(data).encode(y=vega.Y("name:N", sort=None, axis=axis), x=x)
    bars = base.mark_bar(height=13, cornerRadiusEnd=2).encode(color=color)
    labels = base.mark_text(align="left", dx=6, fontSize=13, color=palette.ink).encode(text="text:N")
    return finish(vega.layer(bars, labels), palette, classes_finding(facts), 25 * len(names))


def classes_finding(facts: Facts) -> str:
    """How the labels are spread, in words."""
    most, least = int(facts.counts.argmax()), int(facts.counts.argmin())
    return (
        f"{words.plural(len(facts.classes), 'class', 'classes')} in {words.plural(facts.labeled, 'labeled row')}: "
        f"the largest is {facts.classes[most]} with {words.count(facts.counts[most])}, "
        f"the smallest {facts.classes[least]} with {words.count(facts.counts[least])}."
    )


def picks(one: Monitored, strategies: tuple[str, ...], palette: Palette) -> Drawing:
    """Share of each class among what a strategy picked first, against its share in the sample.

    Of more than ten classes those whose share changed most; `strategies` are all of the pilot, for the colour.
    """
    pool, picked = one.pool, one.early_shares
    order = np.argsort(-np.abs(picked - pool), kind="stable")[:MOST_PICKED]
    order = order[np.argsort(-pool[order], kind="stable")]
    names = [one.classes[i] for i in order]
    look = style(one.strategy, strategies, palette)
    data = rows(name=names, x=picked[order], x2=pool[order])
    y = vega.Y(
        "name:N", sort=None, axis=vega.Axis(title=None, domain=False, ticks=False, labelLimit=150, labelPadding=6)
    )
    scale = vega.Scale(domain=[0, float(max(picked[order].max(), pool[order].max())) * 1.12], nice=False)
    axis = quantity_axis(palette, format=".0%", title="Share of the rows", tickCount=5)
    base = vega.Chart(data).encode(y=y)
    bridge = base.mark_rule(color=palette.rule, strokeWidth=1.5).encode(
        x=vega.X("x:Q", scale=scale, axis=axis), x2="x2:Q"
    )
    hollow = base.mark_point(shape="circle", filled=True, fill=palette.paper, stroke=palette.soft, size=70, opacity=1)
    full = base.mark_point(shape="circle", filled=True, color=look.color, size=70, opacity=1)
    layers = [bridge, hollow.encode(x="x2:Q"), full.encode(x="x:Q")]
    height = 40 + 28 * len(names)
    return finish(vega.layer(*layers), palette, picks_finding(one), height)


def picks_finding(one: Monitored) -> str:
    """Which classes a strategy sought out and which it left, in words."""
    pool, picked = one.pool, one.early_shares
    most, least = int((picked - pool).argmax()), int((picked - pool).argmin())
    return (
        f"{STRATEGIES[one.strategy].title} picked more of “{one.classes[most]}” ({words.percent(picked[most])} of its "
        f"picks, {words.percent(pool[most])} of the sample) and less of “{one.classes[least]}” "
        f"({words.percent(picked[least])}, {words.percent(pool[least])})."
    )
