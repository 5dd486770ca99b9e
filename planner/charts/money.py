"""Charts of money: what choosing labels leaves or costs at other prices than the one typed."""

import numpy as np

from planner import words
from planner.blocks import Table
from planner.charts import vega
from planner.charts.look import Layers, Palette, finish, money_label, on_paper, only_wide, quantity_axis, rows
from planner.charts.vega import Drawing, Spec
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import prices_paid
from planner.economics.options import Option
from planner.plan.deciding import Plan

SHARES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)  # of the price typed, in a table


def cost_by_price(plan: Plan, palette: Palette) -> Drawing | None:
    """Cost of choosing labels and of buying at random to the same score, by price; None without such a pair."""
    pair = _pair(plan)
    if pair is None:
        return None
    chosen, random = pair
    asked = plan.valuation.assumptions
    crossing = even_price(plan)
    end = max(2.2 * asked.cost_per_label, 1.0 if not asked.cost_per_label else 0.0, 1.6 * min(crossing or 0, 1e3))
    end = min(end, 12 * asked.cost_per_label) if asked.cost_per_label else end
    lines = {name: _line(option, asked, end) for name, option in (("a", chosen), ("r", random))}
    top = max(line[1] for line in lines.values()) * 1.06 or 1.0
    active, rival = palette.lines[0], palette.lines[1]
    loses = min(crossing if crossing is not None else end, end)
    layers: Layers = [
        vega.Chart(rows(x=[0.0], x2=[loses], y=[0.0], y2=[top])).mark_rect(color=palette.loses, opacity=0.45),
        _drawn(lines["r"], end, rival, [7, 4]),
        _drawn(lines["a"], end, active, [1, 0]),
        vega.Chart(rows(x=[asked.cost_per_label] * 2, y=[0.0, top])).mark_line(color=palette.ink, strokeWidth=1.5),
    ]
    layers[0] = layers[0].encode(
        x=vega.X("x:Q", scale=vega.Scale(domain=[0, end], nice=False), axis=price_axis(plan, palette)),
        x2="x2:Q",
        y=vega.Y("y:Q", scale=vega.Scale(domain=[0, top], nice=False), axis=_money_axis(plan, palette)),
        y2="y2:Q",
    )
    layers[3] = layers[3].encode(x="x:Q", y="y:Q")
    layers += _words(plan, (end, top), lines, palette)
    return finish(vega.layer(*layers), palette, cost_by_price_finding(plan))


def cost_by_price_finding(plan: Plan) -> str:
    """At which price choosing labels costs as much as buying at random to the same score, in words."""
    asked, crossing = plan.valuation.assumptions, even_price(plan)
    said = words.money(asked.cost_per_label, asked.currency, digits=None)
    if crossing is None:
        return "Choosing the labels costs more than buying at random to the same score at every price."
    return (
        "In the middle of the forecast, choosing the labels and buying at random to the same score cost the same at "
        f"about {words.money(crossing, asked.currency)} per label; you said {said}."
    )


def costs_table(plan: Plan) -> Table | None:
    """Cost of choosing labels and of buying at random to the same score at prices about the one typed."""
    pair, asked = _pair(plan), plan.valuation.assumptions
    if pair is None:
        return None
    prices = about(asked.cost_per_label or 1.0, even_price(plan))
    terms = [_terms(option, asked) for option in pair]
    rows = tuple(
        (
            words.money(price, asked.currency),
            *(words.money(fixed + each * price, asked.currency) for fixed, each in terms),
        )
        for price in prices
    )
    columns = ("Cost per label", *(f"{option.title} costs" for option in pair))
    return Table("What the same score costs, by price", columns, rows, figures=True)


def about(price: float, crossing: float | None) -> list[float]:
    """Prices from a quarter of one to twice it, and the one at which two lines cross."""
    return sorted({*(price * share for share in SHARES), *([crossing] if crossing else [])})


def even_price(plan: Plan) -> float | None:
    """Price per label at which the two cost the same, in the middle of the draws; None when they never do."""
    pair = _pair(plan)
    if pair is None:
        return None
    asked = plan.valuation.assumptions
    (fixed_a, each_a), (fixed_r, each_r) = (_terms(option, asked) for option in pair)
    return (fixed_a - fixed_r) / (each_r - each_a) if each_r > each_a else None


def _pair(plan: Plan) -> tuple[Option, Option] | None:
    options = {option.name: option for option in plan.options}
    random = options.get("random_to_same_score")
    chosen = [o for o in plan.options if o.name in STRATEGIES and STRATEGIES[o.name].facts["adaptive"]]
    chosen = [o for o in chosen if o.labels_to_buy.p50 and o.cost.p50 is not None]
    if random is None or random.labels_to_buy.p50 is None or random.cost.p50 is None or not chosen:
        return None
    # The rival was worked out for the strategy whose score it reaches.
    return min(chosen, key=lambda o: abs((o.score.p50 or 0) - (random.score.p50 or 0))), random


def _terms(option: Option, asked: Assumptions) -> tuple[float, float]:
    """(cost that does not depend on the price of a label, how often the price is paid)."""
    labels, cost = option.labels_to_buy.p50 or 0.0, option.cost.p50 or 0.0
    adaptive = option.name in STRATEGIES and bool(STRATEGIES[option.name].facts["adaptive"])
    paid = float(prices_paid(asked, np.array([labels]), adaptive)[0])
    return cost - paid * asked.cost_per_label, paid


def _line(option: Option, asked: Assumptions, end: float) -> tuple[float, float]:
    fixed, each = _terms(option, asked)
    return fixed, fixed + each * end


def _drawn(line: tuple[float, float], end: float, color: str, dash: list[int]) -> Drawing:
    chart = vega.Chart(rows(x=[0.0, end], y=list(line)))
    return chart.mark_line(color=color, strokeDash=dash, strokeWidth=2.75, clip=True).encode(x="x:Q", y="y:Q")


def price_axis(plan: Plan, palette: Palette) -> Spec:
    """The axis of prices."""
    amount = money_label(plan.valuation.assumptions.currency, "format(datum.value, ',.2f')")
    ticks = {"tickCount": vega.ExprRef("width < 480 ? 3 : 6"), "labelExpr": amount}
    return quantity_axis(palette, title="Cost per label", labelFlush=True, **ticks)


def _money_axis(plan: Plan, palette: Palette) -> Spec:
    return vega.Axis(
        title=None, grid=True, gridColor=palette.grid, domain=False, ticks=False, tickCount=5, labelPadding=6,
        labelExpr=money_label(plan.valuation.assumptions.currency, "format(datum.value, ',.0f')"),
    )  # fmt: skip


def _words(plan: Plan, corner: tuple[float, float], lines: dict[str, tuple[float, float]], palette: Palette) -> Layers:
    end, top = corner
    asked, crossing = plan.valuation.assumptions, even_price(plan)
    said = f"You: {words.money(asked.cost_per_label, asked.currency, digits=None)}"
    above, below = ("r", "a") if lines["r"][1] > lines["a"][1] else ("a", "r")
    names = {"r": ("Random, to the same score", palette.lines[1]), "a": ("Active learning, all in", palette.lines[0])}
    found: Layers = []
    # Lines rise, so words above one end at it and words below one begin at it.
    for name, share, align, dy in ((above, 0.86, "right", -16), (below, 0.66, "left", 20)):
        text, color = names[name]
        y = lines[name][0] + share * (lines[name][1] - lines[name][0])
        look = {"align": align, "dy": dy, "fontWeight": 600, "opacity": only_wide()}
        found.append(on_paper(share * end, y, text, (color, palette), **look))
    found.append(on_paper(asked.cost_per_label, top, said, (palette.ink, palette), dx=8, dy=14, fontWeight=600))
    if crossing is not None and 0 < crossing < end:
        y = lines["a"][0] + crossing / end * (lines["a"][1] - lines["a"][0])
        mark = vega.Chart(rows(x=[crossing], y=[y])).mark_point(
            shape="circle", filled=True, fill=palette.lines[0], stroke=palette.paper, strokeWidth=2, size=190, opacity=1
        )
        label = f"Even at about {words.money(crossing, asked.currency)} per label"
        far = crossing > 0.6 * end
        place = {"align": "right", "dx": -4} if far else {"dx": 4}
        look = {"dy": -26 if far else 26, "fontSize": 15, "fontWeight": 600, **place}
        named = on_paper(crossing, y, label, (palette.ink, palette), **look)
        found += [mark.encode(x="x:Q", y="y:Q"), named]
    return found
