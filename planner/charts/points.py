"""Points on the lines of the first chart to click: each is a purchase, with what it costs and the score it reaches."""

import math
from typing import Any

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.curves import lines_of
from planner.charts.look import Palette, rows, style
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.economics.costs import cost_of, rounds_for
from planner.plan.deciding import Plan

PICK = "picked"  # the selection; what is picked has a `strategy` and `labels` to buy
NEAR = "near"  # the point that the pointer is next to, which alone is seen
POINTS = 40  # on a line, so that a click is never far from one
CENTS = 100


def with_points(drawing: Drawing, plan: Plan, palette: Palette) -> Drawing:
    """The first chart with points on its lines, each seen when the pointer is near."""
    data = {"values": [row for name in lines_of(plan) for row in _rows(plan, name, palette)]}
    points = vega.Chart(data).mark_point(
        filled=True, size=90, stroke=palette.paper, strokeWidth=1.5, aria=False, cursor="pointer"
    )
    drawn = points.encode(
        x="x:Q",
        y="y:Q",
        color={"field": "color", "type": "nominal", "scale": None},
        opacity={"condition": {"param": NEAR, "empty": False, "value": 1}, "value": 0},
        tooltip=[
            vega.Tooltip("how:N", title="Picked"),
            vega.Tooltip("labels:Q", title="Labels to buy", format=","),
            vega.Tooltip("cost:N", title="Cost, all in"),
            vega.Tooltip("y:Q", title="Score", format=".1%"),
        ],
    )
    near = {"type": "point", "nearest": True, "on": "pointerover", "clear": "pointerout"}
    pick = {"type": "point", "nearest": True, "on": "click", "clear": False, "toggle": False}
    drawn = drawn.properties(
        params=[{"name": NEAR, "select": near}, {"name": PICK, "select": {**pick, "fields": ["strategy", "labels"]}}]
    )
    return drawing.properties(layer=[*drawing.spec["layer"], drawn.spec])


def budget_of(plan: Plan, strategy: str, labels: int) -> float:
    """What a purchase costs all in, up to the next cent: the budget cap that allows it and hardly more."""
    adaptive = bool(STRATEGIES[strategy].facts["adaptive"])
    rounds = rounds_for(plan.valuation.forecast.labeled, labels, adaptive, plan.valuation.assumptions.most_rounds)
    cost = cost_of(plan.valuation.assumptions, float(labels), rounds, adaptive)
    return math.ceil(CENTS * cost - 1e-6) / CENTS


def purchases_of(plan: Plan) -> list[int]:
    """Labels to buy at the points of a line, from the sample to the whole pool, in round numbers."""
    every = plan.valuation.forecast.purchases
    some = every[np.unique(np.linspace(0, len(every) - 1, POINTS).round().astype(int))]
    return sorted({min(round(float(f"{labels:.2g}")), int(every[-1])) for labels in some if labels >= 1})


def _rows(plan: Plan, strategy: str, palette: Palette) -> list[dict[str, Any]]:
    forecast, currency = plan.valuation.forecast, plan.valuation.assumptions.currency
    bought = purchases_of(plan)
    at = [float(forecast.labeled + labels) for labels in bought]
    look = style(strategy, forecast.pilot.settings.all_strategies, palette)
    found: list[dict[str, Any]] = rows(
        x=at,
        y=np.interp(at, forecast.budgets, forecast.middles[strategy]),
        labels=bought,
        cost=[words.money(budget_of(plan, strategy, labels), currency) for labels in bought],
        strategy=[strategy] * len(at),
        how=[STRATEGIES[strategy].title] * len(at),
        color=[look.color] * len(at),
    )["values"]
    return found
