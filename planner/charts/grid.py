"""The break-even grid: price against setup cost, what pays tinted blue, where you are framed."""

import math

from planner import words
from planner.charts import vega
from planner.charts.look import TEXT, Palette, finish, rows
from planner.charts.vega import Drawing
from planner.plan.sensitivity import Sensitivity
from planner.plan.turning import grid_sentence

ROW = 56  # pixels of a row of cells
PICK = "cell"  # the selection; what is picked has the amounts of its price and setup cost
CELL = ("cost_per_label", "setup_cost")


def grid(found: Sensitivity, palette: Palette) -> Drawing | None:
    """What the held plan leaves over its baseline at five prices and five setup costs; None where no setup is paid."""
    made = found.grid
    if made is None:
        return None
    currency = found.asked.currency
    prices = [words.money(float(price), currency, None) for price in made.prices]
    setups = [words.money(float(setup), currency, None) for setup in made.setups]
    cells = [(row, column) for row in range(len(setups)) for column in range(len(prices))]
    amounts = [float(made.cells[cell]) for cell in cells]
    data = rows(
        price=[prices[column] for _, column in cells],
        setup=[setups[row] for row, _ in cells],
        text=[signed(amount, currency) for amount in amounts],
        pays=[amount >= 0 for amount in amounts],
        here=[cell == made.own for cell in cells],
        cost_per_label=[float(made.prices[column]) for _, column in cells],
        setup_cost=[float(made.setups[row]) for row, _ in cells],
    )
    axis = {"domain": False, "ticks": False, "labelPadding": 6}
    x = vega.X("price:N", sort=None, axis=vega.Axis(title="Cost per label", titleAnchor="start", labelAngle=0, **axis))
    upright = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleBaseline": "bottom"}
    y = vega.Y("setup:N", sort=None, axis=vega.Axis(title="Setup cost", titleX=-60, titleY=-8, **upright, **axis))
    tint = vega.condition("datum.pays", vega.value(palette.pays), vega.value(palette.loses))
    base = vega.Chart(data)
    pick = {"type": "point", "on": "click", "clear": False, "toggle": False, "fields": list(CELL)}
    tiles = base.mark_rect(stroke=palette.paper, strokeWidth=3, cursor="pointer").encode(x=x, y=y, color=tint)
    tiles = tiles.properties(params=[{"name": PICK, "select": pick}])
    here = rows(price=[prices[made.own[1]]], setup=[setups[made.own[0]]])
    place = {"x": vega.X("price:N", sort=None), "y": vega.Y("setup:N", sort=None)}
    frame = vega.Chart(here).mark_rect(filled=False, stroke=palette.ink, strokeWidth=2, cornerRadius=2)
    text = base.mark_text(fontSize=TEXT, color=palette.ink)
    drawing = vega.layer(tiles, frame.encode(**place), text.encode(**place, text="text:N"))
    finished = finish(drawing, palette, grid_finding(found), ROW * len(setups) + 60)
    return finished.properties(padding={"left": 0, "right": 4, "top": 26, "bottom": 6})


def grid_finding(found: Sensitivity) -> str:
    """From which price on it pays, and at how many of the cells, in words."""
    made = found.grid
    pays = 0 if made is None else int((made.cells >= 0).sum())
    count = 0 if made is None else made.cells.size
    return f"{grid_sentence(found)} It pays in {pays} of the {count} cells.".replace("**", "")


def signed(amount: float, currency: str) -> str:
    """An amount that fits a cell: +$23k, −$751."""
    size = abs(amount)
    scale, letter = (1e6, "m") if size >= 999_500 else (1e3, "k") if size >= 995 else (1.0, "")
    number = words.significant(size / scale, 2) if letter else math.floor(size + 0.5)
    text = words.decimal(number, 1 if letter and number < 9.95 and round(number, 1) % 1 else 0)
    before, after = words.affixes(currency)
    sign = "" if not number else words.MINUS if amount < 0 else "+"
    return f"{sign}{before}{text}{letter}{after}"
