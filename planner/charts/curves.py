"""The chart of the first screen: what was measured, what is forecast, and where to stop."""

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.frame import Frame, band, frame_of, labels_axis, labels_scale
from planner.charts.look import (
    TEXT,
    Layers,
    Palette,
    Style,
    finish,
    on_paper,
    only_wide,
    rows,
    score_axis,
    style,
    words_at,
)
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.economics.options import Option
from planner.forecast.carrying import Forecast
from planner.forecast.replayed import Measured
from planner.plan.deciding import Plan

LINE = 2.75  # pixels of a line that carries the answer
LETTER = 8.4  # pixels of a letter of the key label, on average


def curves(plan: Plan, palette: Palette) -> Drawing:
    """Score against training labels, measured and forecast, with the stopping point and its range."""
    forecast = plan.valuation.forecast
    shown = lines_of(plan)
    frame = frame_of(forecast, shown, palette)
    layers: Layers = [_measured_ground(frame)]
    layers += [_band(forecast, name, _style(plan, name, palette)) for name in shown]
    layers += [_line(forecast, name, _style(plan, name, palette)) for name in shown]
    layers += measured_line(forecast.fitted, frame.left, _style(plan, "random", palette))[1:]
    layers += _everything(plan, frame)
    layers += [*_target(plan, frame), *_same_score(plan, frame), *_stop(plan, frame)]
    first, *others = layers
    first = first.encode(
        x=vega.X("x:Q", scale=labels_scale(frame), axis=labels_axis(plan, frame)),
        y=vega.Y(
            "y:Q",
            scale=vega.Scale(domain=[frame.low, frame.high], nice=False),
            axis=score_axis(palette, frame.low, frame.high),
        ),
    )
    return finish(vega.layer(first, *others), palette, curves_finding(plan))


def curves_finding(plan: Plan) -> str:
    """What the first chart shows, in words."""
    forecast = plan.valuation.forecast
    name = forecast.metric_name
    low, mid, high = (float(q) for q in np.quantile(forecast.score_all, [0.1, 0.5, 0.9]))
    now = words.percent(float(np.median(forecast.score_now)))
    text = (
        f"Learning curves. {plan.sentence.rstrip('.')}. At the {words.count(forecast.budgets[0])} labels of the sample "
        f"the model has {now} {name}; with everything labeled {words.percent(mid)}, "
        f"{words.between(words.percent(low), words.percent(high))}."
    )
    range_, score = plan.labels_to_buy, _score(plan)
    if plan.buy is None or range_.p10 is None or range_.p90 is None or score is None:
        return text
    between = words.between(words.about(range_.p10), words.about(range_.p90))
    return f"{text} Stopping after buying about {words.about(plan.buy)} ({between}) gives {words.percent(score)}."


def strategy_words(strategy: str) -> str:
    """A strategy as a chart writes it."""
    return "Random labeling" if strategy == "random" else f"{STRATEGIES[strategy].title} (active learning)"


def measured_line(measured: Measured, left: float, look: Style) -> Layers:
    """A replay with a mark at each training-set size that was measured."""
    keep = measured.labels >= left
    data = rows(x=measured.labels[keep], y=measured.mean[keep])
    line = (
        vega.Chart(data)
        .mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=2.25, clip=True)
        .encode(x="x:Q", y="y:Q")
    )
    marks = (
        vega.Chart(data)
        .mark_point(filled=True, shape=look.shape, color=look.color, opacity=1, size=52, clip=True)
        .encode(
            x="x:Q",
            y="y:Q",
            tooltip=[vega.Tooltip("x:Q", title="Labels", format=","), vega.Tooltip("y:Q", title="Score", format=".1%")],
        )
    )
    return [line, marks]


def lines_of(plan: Plan) -> list[str]:
    """Random and the one strategy that matters, random first so that it lies below."""
    best = [name for name in plan.valuation.best if name != "random" and name in plan.valuation.forecast.scores]
    scores = plan.valuation.forecast.scores
    if plan.strategy in scores and plan.strategy != "random":
        return ["random", str(plan.strategy)]
    if not best:
        best = [name for name in scores if name != "random"]
    return ["random", max(best, key=lambda name: float(scores[name].mean()))] if best else ["random"]


def _style(plan: Plan, strategy: str, palette: Palette) -> Style:
    return style(strategy, plan.valuation.forecast.pilot.settings.all_strategies, palette)


def _measured_ground(frame: Frame) -> Drawing:
    p = frame.palette
    ground = (
        vega.Chart(rows(x=[frame.left], x2=[frame.sample], y=[frame.low], y2=[frame.high]))
        .mark_rect(color=p.ink, opacity=0.05)
        .encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")
    )
    top = frame.height(0.965)
    measured = words_at(
        frame.sample, top, "Measured", p.soft, align="right", dx=-6,
        **({} if frame.share(frame.sample) > 0.25 else {"opacity": only_wide()}),
    )  # fmt: skip
    forecast = words_at(frame.sample, top, "Forecast", p.soft, dx=6)
    return vega.layer(ground, measured, forecast)


def _band(forecast: Forecast, strategy: str, look: Style) -> Drawing:
    low, high = band(forecast, strategy)
    opacity = 0.10 if strategy == "random" else 0.17
    return (
        vega.Chart(rows(x=forecast.budgets, y=low, y2=high))
        .mark_area(color=look.color, opacity=opacity, clip=True)
        .encode(x="x:Q", y="y:Q", y2="y2:Q")
    )


def _line(forecast: Forecast, strategy: str, look: Style) -> Drawing:
    middle, budgets = forecast.middles[strategy], forecast.budgets
    width = 2.25 if strategy == "random" else LINE
    if strategy == "random":  # through the marks runs the curve that is carried on, so that nothing jumps at the sample
        labels, scores = forecast.trend[:, :-1]
        budgets, middle = np.append(labels, budgets), np.append(scores, middle)
    return (
        vega.Chart(rows(x=budgets, y=middle))
        .mark_line(color=look.color, strokeDash=list(look.dash), strokeWidth=width, clip=True)
        .encode(x="x:Q", y="y:Q")
    )


def _everything(plan: Plan, frame: Frame) -> Layers:
    p, score = frame.palette, float(np.median(plan.valuation.forecast.score_all))
    rule = (
        vega.Chart(rows(x=[frame.sample, frame.pool], y=[score, score]))
        .mark_line(color=p.ink, strokeDash=[2, 3], strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q")
    )
    end = (
        vega.Chart(rows(x=[frame.pool], y=[score]))
        .mark_point(shape="square", filled=True, color=p.ink, size=80, opacity=1)
        .encode(x="x:Q", y="y:Q")
    )
    label = f"Label everything: {words.percent(score)}"
    return [rule, end, on_paper(frame.pool, score, label, (p.ink, p), align="right", dx=-8, dy=-14, fontWeight=600)]


def _target(plan: Plan, frame: Frame) -> Layers:
    """The score to reach, when the plan was made by target."""
    if plan.target is None or plan.valuation.point is not None:
        return []
    if not frame.low < plan.target < frame.high:
        return []
    p = frame.palette
    rule = vega.Chart(rows(x=[frame.left, frame.pool], y=[plan.target] * 2)).mark_line(color=p.rule, strokeWidth=1)
    label = on_paper(
        frame.left, plan.target, f"Target {words.percent(plan.target)}", (p.soft, p), dx=6, dy=-10, baseline="bottom"
    )
    return [rule.encode(x="x:Q", y="y:Q"), label]


def _same_score(plan: Plan, frame: Frame) -> Layers:
    """A hollow diamond where random labeling reaches the score of the stop, and the bridge between them."""
    option = _option(plan, "random_to_same_score")
    stop, score = plan.buy, _score(plan)
    if option is None or plan.code not in ("active", "stop_early") or plan.strategy == "random" or not stop:
        return []
    more = option.labels_to_buy.p50
    if more is None or score is None or frame.sample + more > frame.pool:
        return []
    look = _style(plan, "random", frame.palette)
    x = frame.sample + more
    bridge = vega.Chart(rows(x=[frame.sample + stop, x], y=[score, score])).mark_line(color=look.color, strokeWidth=1.5)
    diamond = vega.Chart(rows(x=[x], y=[score])).mark_point(
        shape="diamond", filled=True, fill=frame.palette.paper, stroke=look.color, strokeWidth=1.75, size=80, opacity=1
    )
    label = [f"Random labeling: {words.about(more)}", f"for the same {plan.valuation.forecast.metric_name}"]
    right = frame.share(x) > 0.72
    place = {"align": "right", "dx": -2} if right else {"align": "left", "dx": 4}
    text = on_paper(x, score, label, (look.color, frame.palette), dy=44, fontWeight=600, opacity=only_wide(), **place)
    return [bridge.encode(x="x:Q", y="y:Q"), diamond.encode(x="x:Q", y="y:Q"), text]


def _stop(plan: Plan, frame: Frame) -> Layers:
    """The stopping point, its drop line, its words, and its 8 in 10 range on the axis."""
    score = _score(plan)
    if plan.buy is None or score is None:
        return []
    p = frame.palette
    x = min(frame.sample + plan.buy, frame.pool)
    color = _style(plan, plan.strategy, p).color if plan.strategy else p.ink
    drop = vega.Chart(rows(x=[x, x], y=[frame.low, score])).mark_line(color=p.ink, strokeWidth=1.5)
    mark = vega.Chart(rows(x=[x], y=[score])).mark_point(
        shape="circle", filled=True, fill=color, stroke=p.paper, strokeWidth=2, size=190, opacity=1
    )
    layers: Layers = [drop.encode(x="x:Q", y="y:Q"), *_range(plan, frame, color), mark.encode(x="x:Q", y="y:Q")]
    return layers + _stop_words(plan, frame, (x, color))


def _stop_words(plan: Plan, frame: Frame, at: tuple[float, str]) -> Layers:
    x, color = at
    score, cost = _score(plan), plan.recommended.cost.p50 if plan.recommended else None
    share = frame.share(x)
    far = share > 0.62
    place = {"align": "right", "dx": -9} if far else {"align": "left", "dx": 9}
    paid = "" if cost is None else f", {words.money(cost, plan.valuation.assumptions.currency)} all in"
    facts = f"{words.percent(score or 0)} {plan.valuation.forecast.metric_name}{paid}"
    long, short = _stop_label(plan)
    room = share if far else 1 - share
    title = vega.ExprRef(f"width * {room:.3f} < {LETTER * len(long):.0f} ? {short!r} : {long!r}")
    bold = {"fontSize": 15, "fontWeight": 600, **place}
    y = frame.height(0.40)
    return [
        on_paper(x, y, title, (color, frame.palette), **bold),
        on_paper(x, y, facts, (frame.palette.ink, frame.palette), dy=19, opacity=only_wide(), **place),
    ]


def _stop_label(plan: Plan) -> tuple[str, str]:
    buy = plan.buy or 0
    if plan.code == "label_all":
        return "Label everything", "Label everything"
    if buy == 0:
        return "Stop at the labels you have", "Stop here"
    who = "Random labeling" if plan.strategy == "random" else "Active learning" if plan.strategy else "Labels"
    return f"{who}: buy about {words.about(buy)}, then stop", f"Buy about {words.about(buy)}"


def _range(plan: Plan, frame: Frame, color: str) -> Layers:
    buy = plan.labels_to_buy
    if buy.p10 is None or buy.p90 is None or plan.code == "label_all" or buy.p90 <= buy.p10:
        return []
    ends = [min(frame.sample + b, frame.pool) for b in (buy.p10, buy.p90)]
    y = frame.height(0.022)
    bar = vega.Chart(rows(x=ends[:1], x2=ends[1:], y=[y])).mark_rule(color=color, strokeWidth=8, opacity=0.8)
    label = f"8 in 10 times between {words.about(buy.p10)} and {words.about(buy.p90)}"
    far = frame.share(ends[1]) > 0.62
    x, place = (ends[0], {"align": "right", "dx": -8}) if far else (ends[1], {"dx": 8})
    text = on_paper(x, y, label, (color, frame.palette), fontSize=TEXT, opacity=only_wide(), **place)
    return [bar.encode(x="x:Q", x2="x2:Q", y="y:Q"), text]


def _score(plan: Plan) -> float | None:
    """The score where the plan says to stop."""
    return plan.recommended.score.p50 if plan.recommended else None


def _option(plan: Plan, name: str) -> Option | None:
    return next((option for option in plan.options if option.name == name), None)
