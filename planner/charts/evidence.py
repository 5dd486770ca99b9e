"""Charts of what was measured: replays, their repeats, the back-test."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.curves import measured_line
from planner.charts.look import (
    Layers,
    Palette,
    Style,
    finish,
    on_paper,
    quantity_axis,
    rows,
    score_axis,
    style,
    words_at,
)
from planner.charts.vega import Drawing
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES
from planner.forecast.backtest import Backtest
from planner.forecast.carrying import Forecast
from planner.forecast.replayed import Measured
from planner.forecast.simulated import classes_seen as seen
from planner.forecast.simulated import clean_curves, plain_curves
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.plan.trust import backtest_sentence

FEWEST_CLASSES = 2  # that are always found
THIN = {
    "plain": "Thin lines: the same labels, with a model that learned from them alone.",
    "clean": "Thin lines: the same models, scored against the sample's own labels.",
}


def replay(forecast: Forecast, palette: Palette) -> Drawing:
    """Active learning replayed from its first labels, a line and an 8 in 10 band a strategy."""
    strategies = forecast.pilot.settings.all_strategies
    looks = {name: style(name, strategies, palette) for name in strategies}
    measured = forecast.measured
    low = min(float(one.mean[min(1, len(one.mean) - 1)]) for one in measured.values())
    high = max(float(one.high.max()) for one in measured.values())
    layers: Layers = []
    for name, one in measured.items():
        band = vega.Chart(rows(x=one.labels, y=one.low, y2=one.high))
        layers.append(
            band.mark_area(color=looks[name].color, opacity=0.1, clip=True).encode(x="x:Q", y="y:Q", y2="y2:Q")
        )
    beside = _beside(forecast)
    high = max([high, *(float(one.mean.max()) for one in beside.values())])
    layers += [_thin(one.labels, one.mean, looks[name]) for name, one in beside.items()]
    for name, one in measured.items():
        layers += measured_line(one, 0, looks[name])
    end = float(max(one.labels[-1] for one in measured.values()))
    box = (0.0, end, *_room(low, high))
    order = sorted(measured, key=lambda name: -_area(forecast, name))
    layers += _key({name: looks[name] for name in order}, box, palette)
    layers[0] = _with_axes(layers[0], box, palette, "Labels bought from the sample")
    return finish(vega.layer(*layers), palette, replay_finding(forecast), 340)


def replay_finding(forecast: Forecast) -> str:
    """What the replay shows, in words."""
    last = int(next(iter(forecast.measured.values())).labels[-1])
    names = sorted(forecast.measured, key=lambda name: -_area(forecast, name))
    scores = [f"{STRATEGIES[name].title} {words.percent(_middle(forecast, name))}" for name in names]
    half = words.count(_half(forecast))
    said = f"Replay on the sample up to {words.count(last)} labels. With {half} labels: {words.listing(scores)}."
    thin = THIN["plain" if plain_curves(forecast) else "clean"]
    return f"{said} {thin}" if _beside(forecast) else said


def _beside(forecast: Forecast) -> dict[str, Measured]:
    """The same labels with a plain model, or scored against the truth, where one of them was something else."""
    return plain_curves(forecast) or (clean_curves(forecast) if forecast.pilot.settings.noisy else {})


def classes_seen(pilot: Pilot, palette: Palette) -> Drawing | None:
    """How many classes are among the labels bought, a line a strategy; None where the first labels hold all of them.

    None as well with two classes, and for an old file.
    """
    strategies, many = pilot.settings.all_strategies, len(pilot.facts.classes)
    found = {name: seen(pilot, name) for name in strategies if many > FEWEST_CLASSES}
    if not found or any(not len(labels) for labels, _ in found.values()):
        return None
    looks = {name: style(name, strategies, palette) for name in found}
    end = max(float(labels[min(int(np.searchsorted(mean, many)), len(labels) - 1)]) for labels, mean in found.values())
    start = min(float(labels[0]) for labels, _ in found.values())
    low = min(float(mean[0]) for _, mean in found.values())
    if low >= many - 1e-9:
        return None
    box = (start, max(end, 2 * start), max(0.0, low - 0.3 * (many - low) - 0.5), many + 0.1)
    layers: Layers = []
    for name, (labels, mean) in found.items():
        line = vega.Chart(rows(x=labels, y=mean))
        line = line.mark_line(color=looks[name].color, strokeDash=list(looks[name].dash), strokeWidth=2.25, clip=True)
        layers.append(line.encode(x="x:Q", y="y:Q"))
    layers += _key({name: looks[name] for name in reversed(found)}, box, palette)
    left, right, bottom, top = box
    ticks = sorted({round(tick) for tick in np.linspace(math.ceil(bottom), many, 5)})
    axis = vega.Axis(values=ticks, format="d", title=None, grid=True, gridColor=palette.grid, domain=False, ticks=False)
    labels_axis = _labels_axis(palette, "Labels bought from the sample")
    layers[0] = layers[0].encode(
        x=vega.X("x:Q", scale=vega.Scale(domain=[left, right], nice=False), axis=labels_axis),
        y=vega.Y("y:Q", scale=vega.Scale(domain=[bottom, top], nice=False), axis=axis),
    )
    return finish(vega.layer(*layers), palette, classes_seen_finding(pilot), 260)


def classes_seen_finding(pilot: Pilot) -> str:
    """When every class has been found, in words."""
    many, said = len(pilot.facts.classes), []
    for name in pilot.settings.all_strategies:
        labels, mean = seen(pilot, name)
        whole = np.flatnonzero(mean >= many - 1e-9)
        when = f"from {words.count(labels[whole[0]])} labels on" if len(whole) else "at the end of some runs only"
        said.append(f"{STRATEGIES[name].title.lower()} {when}")
    first, mean = seen(pilot, "random")
    start = f"{words.count(first[0])} random labels hold {mean[0]:.1f} of {words.count(many)} classes on average."
    return f"{start} All of them are found by {words.listing(said)}."


def repeats(forecast: Forecast, strategy: str, palette: Palette) -> Drawing:
    """Every repeat of random labeling and of one strategy as a thin line."""
    strategies = forecast.pilot.settings.all_strategies
    names = ["random", strategy] if strategy != "random" else ["random"]
    looks = {name: style(name, strategies, palette) for name in names}
    shown = {name: forecast.measured[name] for name in names}
    low = min(float(one.repeats[:, min(1, len(one.labels) - 1)].min()) for one in shown.values())
    high = max(float(one.repeats.max()) for one in shown.values())
    box = (0.0, float(shown["random"].labels[-1]), *_room(low, high))
    layers: Layers = [_thin(one.labels, line, looks[name]) for name, one in shown.items() for line in one.repeats]
    layers += _key({name: looks[name] for name in reversed(names)}, box, palette)
    layers[0] = _with_axes(layers[0], box, palette, "Labels bought from the sample")
    return finish(vega.layer(*layers), palette, repeats_finding(forecast, strategy), 340)


def repeats_finding(forecast: Forecast, strategy: str) -> str:
    """In how many repeats a strategy was ahead of random labeling, in words."""
    ours, theirs = forecast.measured[strategy].repeats, forecast.measured["random"].repeats
    ahead = int((ours.mean(axis=1) > theirs.mean(axis=1)).sum())
    whole = words.plural(len(ours), "repeat")
    return f"{STRATEGIES[strategy].title} is ahead of random labeling, over the whole replay, in {ahead} of {whole}."


def growing(traces: Iterable[Trace], strategies: tuple[str, ...], metric: str, palette: Palette) -> Drawing | None:
    """The curves of a pilot that is still running: a thin line a run, the mean of each strategy so far."""
    lines: dict[str, list[Trace]] = {}
    traces = list(traces)
    largest = max((trace.run.pool_size for trace in traces), default=0)
    for trace in traces:
        if trace.run.pool_size == largest:
            lines.setdefault(trace.run.strategy, []).append(trace)
    if not lines:
        return None
    score = METRICS[metric].call
    scores = {name: np.array([score(Outcome(trace.confusion)) for trace in some]) for name, some in lines.items()}
    # The axis moves in steps of ten points only, so that the picture does not jump while it fills.
    low = np.floor(min(float(one[:, 0].min()) for one in scores.values()) * 10) / 10
    high = min(1.0, np.ceil(max(float(one.max()) for one in scores.values()) * 10) / 10)
    end = float(lines[next(iter(lines))][0].anchors[-1])
    box = (0.0, end, float(low), float(high))
    layers: Layers = []
    for name, some in lines.items():
        look = style(name, strategies, palette)
        layers += [_thin(one.anchors, line, look) for one, line in zip(some, scores[name], strict=True)]
        mean = vega.Chart(rows(x=some[0].anchors, y=scores[name].mean(axis=0)))
        layers.append(
            mean.mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=2.75).encode(x="x:Q", y="y:Q")
        )
    layers += _key({name: style(name, strategies, palette) for name in lines}, box, palette)
    layers[0] = _with_axes(layers[0], box, palette, "Labels bought from the sample")
    done = words.plural(sum(len(some) for some in lines.values()), "curve")
    return finish(vega.layer(*layers), palette, f"The replay so far: {done}. They will still move.", 370)


def backtest(test: Backtest, measured: Measured, palette: Palette) -> Drawing:
    """A forecast from the first labels of the pilot beside what was measured later."""
    look = style("random", ("random",), palette)
    seen = measured.labels <= test.shown
    start = min(1, int(seen.sum()) - 1)
    low = min(float(measured.mean[start]), float(test.p5.min()))
    box = (0.0, float(test.hidden), *_room(low, max(float(test.p95.max()), float(test.measured.max()))))
    at = np.append(test.shown, test.labels)
    band = [np.append(measured.mean[seen][-1], edge) for edge in (test.p5, test.p50, test.p95)]
    layers: Layers = [
        vega.Chart(rows(x=[box[0]], x2=[test.shown], y=[box[2]], y2=[box[3]]))
        .mark_rect(color=palette.ink, opacity=0.05)
        .encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q"),
        vega.Chart(rows(x=at, y=band[0], y2=band[2]))
        .mark_area(color=look.color, opacity=0.17)
        .encode(x="x:Q", y="y:Q", y2="y2:Q"),
        vega.Chart(rows(x=at, y=band[1]))
        .mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=2.25)
        .encode(x="x:Q", y="y:Q"),
        *measured_line(replace(measured, **{f: getattr(measured, f)[seen] for f in ("labels", "mean")}), 0, look),
        _diamonds(test.labels, test.measured, palette.ink),
        words_at(test.shown, box[3], "Shown", palette.soft, align="right", dx=-6, dy=12),
        words_at(test.shown, box[3], "Hidden", palette.soft, dx=6, dy=12),
    ]
    layers += _two_words(test, look, box, palette)
    layers[0] = _with_axes(layers[0], box, palette, "Labels bought at random from the sample")
    return finish(vega.layer(*layers), palette, backtest_sentence(test), 340)


def _labels_axis(palette: Palette, title: str) -> vega.Spec:
    return quantity_axis(
        palette, title=title, tickCount=vega.ExprRef("width < 480 ? 3 : 6"), format=",d", labelFlush=True
    )


def _with_axes(layer: Drawing, box: tuple[float, float, float, float], palette: Palette, title: str) -> Drawing:
    left, right, low, high = box
    axis = _labels_axis(palette, title)
    return layer.encode(
        x=vega.X("x:Q", scale=vega.Scale(domain=[left, right], nice=False), axis=axis),
        y=vega.Y("y:Q", scale=vega.Scale(domain=[low, high], nice=False), axis=score_axis(palette, low, high)),
    )


def _room(low: float, high: float) -> tuple[float, float]:
    pad = 0.05 * (high - low) + 0.001
    return max(0.0, low - pad), min(1.0, high + pad)


def _key(looks: dict[str, Style], box: tuple[float, float, float, float], palette: Palette) -> Layers:
    """The names of the lines, each in its own colour beside a piece of its line, in the free lower right corner."""
    left, right, low, high = box
    layers: Layers = []
    x0, x1, x2 = (left + share * (right - left) for share in (0.46, 0.54, 0.56))
    for row, (name, look) in enumerate(reversed(looks.items())):
        y = low + (0.07 + 0.075 * row) * (high - low)
        piece = vega.Chart(rows(x=[x0, x1], y=[y, y]))
        line = piece.mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=2.5).encode(x="x:Q", y="y:Q")
        mark = vega.Chart(rows(x=[(x0 + x1) / 2], y=[y]))
        mark = mark.mark_point(filled=True, shape=look.shape, color=look.color, opacity=1, size=52)
        text = on_paper(x2, y, STRATEGIES[name].title, (look.color, palette), fontWeight=600)
        layers += [line, mark.encode(x="x:Q", y="y:Q"), text]
    return layers


def _thin(labels: np.ndarray, scores: np.ndarray, look: Style) -> Drawing:
    line = vega.Chart(rows(x=labels, y=scores))
    return line.mark_line(
        color=look.color, strokeDash=list(look.dash), strokeWidth=1.1, opacity=0.75, clip=True
    ).encode(x="x:Q", y="y:Q")


def _diamonds(labels: Iterable[float], scores: Iterable[float], color: str) -> Drawing:
    marks = vega.Chart(rows(x=list(labels), y=list(scores))).mark_point(
        shape="diamond", filled=True, color=color, size=75, opacity=1
    )
    return marks.encode(x="x:Q", y="y:Q")


def _two_words(test: Backtest, look: Style, box: tuple[float, float, float, float], palette: Palette) -> Layers:
    _, right, low, high = box
    x0, x1, x2 = (share * right for share in (0.5, 0.57, 0.59))
    top, bottom = (low + share * (high - low) for share in (0.16, 0.08))
    piece = vega.Chart(rows(x=[x0, x1], y=[bottom, bottom]))
    forecast = f"Forecast from {words.count(test.shown)}"
    return [
        _diamonds([(x0 + x1) / 2], [top], palette.ink),
        piece.mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=2.25).encode(x="x:Q", y="y:Q"),
        on_paper(x2, top, "Really measured", (palette.ink, palette), fontWeight=600),
        on_paper(x2, bottom, forecast, (look.color, palette), fontWeight=600),
    ]


def _half(forecast: Forecast) -> float:
    labels = next(iter(forecast.measured.values())).labels
    return float(labels[np.abs(labels - labels[-1] / 2).argmin()])


def _middle(forecast: Forecast, strategy: str) -> float:
    one = forecast.measured[strategy]
    return float(one.mean[np.abs(one.labels - _half(forecast)).argmin()])


def _area(forecast: Forecast, strategy: str) -> float:
    return float(forecast.measured[strategy].mean.mean())
