"""The chart of a "does not pay": what the best purchase leaves at other prices, chosen or at random."""

import numpy as np

from planner import words
from planner.blocks import Table
from planner.charts import vega
from planner.charts.look import Layers, Palette, finish, money_label, on_paper, only_wide, quantity_axis, rows
from planner.charts.money import about, cost_by_price, costs_table, price_axis
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.economics.costs import prices_paid
from planner.plan.deciding import Plan

PRICES = 60  # points of a line


def price_switch(plan: Plan, palette: Palette) -> Drawing | None:
    """Expected net value of the best purchase by price, chosen and at random; without a value per point, the costs."""
    asked, active = plan.valuation.assumptions, rival(plan)
    if active is None or asked.cost_per_label <= 0:
        return cost_by_price(plan, palette)
    end = 2.2 * asked.cost_per_label
    crossing = even_worth(plan)
    if crossing is not None and crossing > end / 1.15:
        end = 1.15 * crossing
    prices = np.linspace(0.04 * end, end, PRICES)
    lines = {name: worth(plan, name, prices) for name in (active, "random")}
    values = np.concatenate(list(lines.values()))
    room = 0.08 * float(values.max() - values.min()) + 1e-9
    low, high = float(values.min()) - room, float(values.max()) + room
    behind = lines[active] < lines["random"]
    layers: Layers = [_ground(prices, behind, (low, high), palette)]
    layers += [_rule([0.0, end], [0.0, 0.0], palette.rule, 1.0)]
    for name, color, dash in (("random", palette.lines[1], [7, 4]), (active, palette.lines[0], [1, 0])):
        line = vega.Chart(rows(x=prices, y=lines[name])).mark_line(color=color, strokeDash=dash, strokeWidth=2.75)
        layers.append(line.encode(x="x:Q", y="y:Q"))
    layers.append(_rule([asked.cost_per_label] * 2, [low, high], palette.ink, 1.5))
    layers += _words(plan, (prices, lines[active], lines["random"]), (low, high), palette)
    amount = money_label(asked.currency, "format(abs(datum.value), ',.0f')")
    money = {"labelExpr": f"(datum.value < 0 ? '−' : '') + {amount}"}
    layers[0] = layers[0].encode(
        x=vega.X("x:Q", scale={"domain": [0, end], "nice": False}, axis=price_axis(plan, palette)),
        y=vega.Y("y:Q", scale={"domain": [low, high], "nice": False}, axis={**_money_axis(palette), **money}),
    )
    return finish(vega.layer(*layers), palette, price_switch_finding(plan))


def price_switch_finding(plan: Plan) -> str:
    """What the best purchase leaves at the price typed, chosen and at random, in words."""
    asked, active = plan.valuation.assumptions, rival(plan)
    assert active is not None
    chosen, random = (float(worth(plan, name, np.array([asked.cost_per_label]))[0]) for name in (active, "random"))
    currency, crossing = asked.currency, even_worth(plan)
    even = "" if crossing is None else f" The two are even at about {words.money(crossing, currency)}."
    return (
        f"At {words.money(asked.cost_per_label, currency, None)} per label the best purchase at random leaves about "
        f"{words.money(random, currency)}, the best chosen one about {words.money(chosen, currency)}.{even}"
    )


def switch_table(plan: Plan) -> Table | None:
    """What choosing and buying at random leave at prices about the one typed; what they cost, without a value."""
    asked, active = plan.valuation.assumptions, rival(plan)
    if active is None or asked.cost_per_label <= 0:
        return costs_table(plan)
    prices = about(asked.cost_per_label, even_worth(plan))
    lines = [worth(plan, name, np.array(prices)) for name in (active, "random")]
    rows = tuple(
        (words.money(price, asked.currency), *(words.money(float(line[k]), asked.currency) for line in lines))
        for k, price in enumerate(prices)
    )
    columns = ("Cost per label", *(f"{STRATEGIES[name].title} leaves" for name in (active, "random")))
    return Table("What the best purchase leaves, by price", columns, rows, figures=True)


def rival(plan: Plan) -> str | None:
    """The strategy whose best purchase leaves most at the price typed; None without a value per point."""
    valuation = plan.valuation
    known = [name for name in valuation.best if name in valuation.net and STRATEGIES[name].facts["adaptive"]]
    may = [name for name in known if valuation.forecast.calibrated[name] or valuation.forecast.ahead[name]]
    price = np.array([valuation.assumptions.cost_per_label])
    if "random" not in valuation.best or "random" not in valuation.net:
        return None
    return max(may, key=lambda name: float(worth(plan, name, price)[0]), default=None)


def worth(plan: Plan, strategy: str, prices: np.ndarray) -> np.ndarray:
    """Expected net value of a strategy's best purchase above 0 at each price, (P,), in the currency."""
    valuation = plan.valuation
    bought, cost = valuation.purchases, valuation.cost[strategy] - valuation.cost[strategy][0]
    gain = valuation.net[strategy].mean(axis=0) + cost
    adaptive = bool(STRATEGIES[strategy].facts["adaptive"])
    paid = prices_paid(valuation.assumptions, bought, adaptive)
    fixed = cost - valuation.assumptions.cost_per_label * paid
    left = (gain - fixed)[None, :] - prices[:, None] * paid[None, :]
    return np.asarray(np.where(bought > 0, left, -np.inf).max(axis=1))


def loss_of_choosing(plan: Plan) -> float | None:
    """How much less the best chosen purchase leaves than the best one at random, at the price typed."""
    active, price = rival(plan), np.array([plan.valuation.assumptions.cost_per_label])
    return None if active is None else float((worth(plan, "random", price) - worth(plan, active, price))[0])


def even_worth(plan: Plan) -> float | None:
    """The price nearest to the one typed at which choosing and random leave the same; None up to twelve times it."""
    active, price = rival(plan), plan.valuation.assumptions.cost_per_label
    if active is None or price <= 0:
        return None
    prices = price * np.geomspace(1 / 12, 12, 400)
    ahead = worth(plan, active, prices) - worth(plan, "random", prices)
    turns = np.flatnonzero(np.diff(np.sign(ahead)) != 0)
    if not len(turns):
        return None
    return float(min(prices[turns], key=lambda p: abs(np.log(p / price))))


def _ground(prices: np.ndarray, behind: np.ndarray, ends: tuple[float, float], palette: Palette) -> Drawing:
    """The prices at which random leaves more, in the tint of what does not pay."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], behind, [False]]).astype(int)))
    starts = [0.0 if at == 0 else float(prices[at]) for at in edges[::2]]
    stops = [float(prices[min(at, len(prices) - 1)]) for at in edges[1::2]]
    low, high = ends
    data = rows(x=starts, x2=stops, y=[low] * len(starts), y2=[high] * len(starts))
    ground = vega.Chart(data).mark_rect(color=palette.loses, opacity=0.45)
    return ground.encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")


def _rule(x: list[float], y: list[float], color: str, width: float) -> Drawing:
    return vega.Chart(rows(x=x, y=y)).mark_line(color=color, strokeWidth=width).encode(x="x:Q", y="y:Q")


def _money_axis(palette: Palette) -> vega.Spec:
    axis = quantity_axis(palette, title=None, tickCount=5, labelPadding=6)
    return {**axis, "grid": True, "gridColor": palette.grid, "domain": False, "ticks": False}


def _words(
    plan: Plan, lines: tuple[np.ndarray, np.ndarray, np.ndarray], ends: tuple[float, float], palette: Palette
) -> Layers:
    prices, active, random = lines
    asked, high = plan.valuation.assumptions, ends[1]
    said = f"You: {words.money(asked.cost_per_label, asked.currency, digits=None)}"
    found: Layers = [on_paper(asked.cost_per_label, high, said, (palette.ink, palette), dx=8, dy=14, fontWeight=600)]
    at = int(0.78 * len(prices))
    over = random[at] > active[at]
    named = (
        ("At random", random[at], palette.lines[1], over),
        ("Active learning", active[at], palette.lines[0], not over),
    )
    for name, y, color, above in named:
        # Lines fall, so words above one begin at it and words below one end at it.
        place = {"dy": -18, "align": "left"} if above else {"dy": 20, "align": "right"}
        look = {"fontWeight": 600, "opacity": only_wide(), **place}
        text = on_paper(float(prices[at]), float(y), f"{name}, net value", (color, palette), **look)
        found.append(text)
    crossing = even_worth(plan)
    if crossing is not None and prices[0] < crossing < prices[-1]:
        y = float(np.interp(crossing, prices, active))
        mark = vega.Chart(rows(x=[crossing], y=[y])).mark_point(
            shape="circle", filled=True, fill=palette.lines[0], stroke=palette.paper, strokeWidth=2, size=190, opacity=1
        )
        label = f"Even at about {words.money(crossing, asked.currency)} per label"
        far = crossing > 0.6 * prices[-1]
        place = {"align": "right", "dx": -6} if far else {"dx": 6}
        bold = {"dy": -26, "fontSize": 15, "fontWeight": 600, **place}
        found += [mark.encode(x="x:Q", y="y:Q"), on_paper(crossing, y, label, (palette.ink, palette), **bold)]
    return found
