"""Charts of the classes: how many rows each has, and how often a strategy picked it."""

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.look import Palette, finish, quantity_axis, rows, style
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.pilot import Pilot
from planner.sample import Facts

FEW = 5  # rows of a class below which nothing can be told about it
MOST_CLASSES = 20  # bars that still read as a picture


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


def picked_shares(pilot: Pilot, labels: np.ndarray, strategy: str) -> np.ndarray:
    """Share of each class among the first half of what a strategy chose, its random start left out, (C,)."""
    size = max(trace.run.pool_size for trace in pilot.traces)
    counts = np.zeros(len(pilot.facts.classes))
    for trace in pilot.traces_of(strategy):
        if trace.run.pool_size == size:
            first = int(trace.anchors[0])
            chosen = trace.picked[first : first + (len(trace.picked) - first) // 2]
            counts += np.bincount(labels[chosen], minlength=len(counts))
    return np.asarray(counts / max(counts.sum(), 1))


def picks(pilot: Pilot, labels: np.ndarray, strategy: str, palette: Palette) -> Drawing:
    """Share of each class among what a strategy picked first, against its share in the sample."""
    pool = pilot.facts.counts / pilot.facts.counts.sum()
    picked = picked_shares(pilot, labels, strategy)
    order = np.argsort(-np.abs(picked - pool), kind="stable")[:MOST_CLASSES]
    order = order[np.argsort(-pool[order], kind="stable")]
    names = [pilot.facts.classes[i] for i in order]
    look = style(strategy, pilot.settings.all_strategies, palette)
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
    return finish(vega.layer(*layers), palette, picks_finding(pilot, labels, strategy), height)


def picks_finding(pilot: Pilot, labels: np.ndarray, strategy: str) -> str:
    """Which classes a strategy sought out and which it left, in words."""
    pool = pilot.facts.counts / pilot.facts.counts.sum()
    change = picked_shares(pilot, labels, strategy) - pool
    most, least = int(change.argmax()), int(change.argmin())
    title, names = STRATEGIES[strategy].title, pilot.facts.classes
    return (
        f"{title} picked more of “{names[most]}” ({words.percent(pool[most] + change[most])} of its picks, "
        f"{words.percent(pool[most])} of the sample) and less of “{names[least]}” "
        f"({words.percent(pool[least] + change[least])}, {words.percent(pool[least])})."
    )
