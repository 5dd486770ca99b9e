"""When to stop: a dot a rule where it fires, and its 8 in 10 range."""

from planner import words
from planner.charts import vega
from planner.charts.look import NARROW, TEXT, Layers, Palette, finish, quantity_axis, rows, two_lines
from planner.charts.vega import Drawing
from planner.plan.deciding import Plan
from planner.plan.stopping import Fires, fires, first_sentence

ROW = 44
BEND = 100  # labels below which the axis is about even, and above which it goes by ratio


def stopping(plan: Plan, palette: Palette) -> Drawing | None:
    """Where each rule fires; filled is the one that fires first. None where none does."""
    found = fires(plan)
    if not found:
        return None
    left = float(plan.valuation.forecast.pool_size - plan.valuation.forecast.labeled)
    high = min(left, 1.25 * max(_end(one, left) for one in found)) or 1.0
    ticks = [0.0, *(m * 10.0**d for d in range(1, 10) for m in ((1,) if high > 5000 else (1, 2, 5)))]
    scale = vega.Scale(type="symlog", constant=BEND, domain=[0, 2.2 * high], nice=False)
    axis = quantity_axis(
        palette,
        title="Labels bought (log scale)",
        values=[tick for tick in ticks if tick <= high and (tick == 0 or tick >= BEND)],
        labelExpr=f"width < {NARROW} && datum.value > 0 && datum.value < 500 ? '' : format(datum.value, ',.0f')",
    )
    lines = {one.stop.title: two_lines(one.stop.title) for one in found}
    names = vega.Axis(
        title=None, domain=False, ticks=False, labelPadding=8, labelLimit=150, labelExpr=f"{lines}[datum.value]"
    )
    ranges = vega.Chart(_ranges(found, left)).mark_rule(strokeWidth=3.5)
    color = vega.condition("datum.first", vega.value(palette.lines[0]), vega.value(palette.rule))
    layers: Layers = [
        ranges.encode(
            x=vega.X("x:Q", scale=scale, axis=axis), x2="x2:Q", y=vega.Y("name:N", sort=None, axis=names), color=color
        ),
        *_dots(found, palette),
        _texts(found, left, palette),
    ]
    return finish(vega.layer(*layers), palette, stopping_finding(plan, found), ROW * len(found) + 60)


def stopping_finding(plan: Plan, found: tuple[Fires, ...]) -> str:
    """Which rule fires first, where, and how far apart the rules are, in words."""
    return f"{plan.stopping} {first_sentence(found)}".replace("**", "")


def _end(one: Fires, left: float) -> float:
    return max(one.stop.labels_to_buy or 0.0, left if one.over_draws.p90 is None else one.over_draws.p90)


def _ranges(found: tuple[Fires, ...], left: float) -> vega.Spec:
    return rows(
        name=[one.stop.title for one in found],
        x=[left if one.over_draws.p10 is None else one.over_draws.p10 for one in found],
        x2=[left if one.over_draws.p90 is None else one.over_draws.p90 for one in found],
        first=[one.stop.fires for one in found],
    )


def _dots(found: tuple[Fires, ...], palette: Palette) -> Layers:
    """Filled for the first, hollow for the others."""
    drawn: Layers = []
    for first in (False, True):
        some = [one for one in found if one.stop.fires == first]
        if some:
            data = rows(name=[one.stop.title for one in some], x=[one.stop.labels_to_buy for one in some])
            fill, stroke = (palette.lines[0], palette.paper) if first else (palette.paper, palette.soft)
            mark = vega.Chart(data).mark_point(
                shape="circle", filled=True, fill=fill, stroke=stroke, strokeWidth=2, size=120, opacity=1
            )
            drawn.append(mark.encode(x="x:Q", y=vega.Y("name:N", sort=None)))
    return drawn


def _texts(found: tuple[Fires, ...], left: float, palette: Palette) -> Drawing:
    data = rows(
        name=[one.stop.title for one in found],
        x=[_end(one, left) for one in found],
        text=[words.about(one.stop.labels_to_buy or 0.0) for one in found],
    )
    text = vega.Chart(data).mark_text(align="left", dx=12, fontSize=TEXT, color=palette.ink)
    return text.encode(x="x:Q", y=vega.Y("name:N", sort=None), text="text:N")
