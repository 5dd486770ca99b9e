"""Sheets that are looked at, not calculated: the curve with its chart, simulated risk, the assumptions log."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from planner import words
from planner.charts.look import LIGHT, style
from planner.choices.strategies import STRATEGIES
from planner.economics.risk import DRAWS
from planner.exports.log import Assumption
from planner.exports.workbook.book import Book, Cell
from planner.plan.sensitivity import sensitivity
from planner.plan.turning import switches_table
from planner.report.outlook import risk_sentence

QUANTILES = ("p10", "p50", "p90")
DASHES = ("solid", "dash", "square_dot", "dash_dot")
MARKERS = {"circle": "circle", "diamond": "diamond", "square": "square", "triangle-up": "triangle"}


def curve_sheet(book: Book) -> None:
    """Measured and forecast scores of every strategy by number of labels, with a native chart."""
    name, forecast = "Curve", book.plan.valuation.forecast
    sheet = book.sheets[name]
    sheet.set_column(0, 1, 14)
    book.text(Cell(name, 0, 0), "Learning curves", "section")
    if not forecast.measured:
        book.text(Cell(name, 1, 0), book.plan.sentence, "lead")
        return
    strategies = [one for one in forecast.pilot.settings.all_strategies if one in forecast.measured]
    heads = ("Labels", "Labels to buy", *(f"{STRATEGIES[one].title}, {q}" for one in strategies for q in QUANTILES))
    sheet.set_column(2, len(heads), 17)
    book.text(Cell(name, 1, 0), "Measured in the pilot, in the mean, lowest and highest of its repeats' range", "lead")
    book.heads(name, 2, heads)
    last = _measured(book, strategies, 3)
    first = last + 4
    if forecast.scores:
        book.text(Cell(name, first - 2, 0), "Forecast: middle and 8 in 10 range, held in this file", "lead")
        book.heads(name, first - 1, heads)
    end = _forecast(book, strategies, first) if forecast.scores else first
    book.charts = [_chart(book, strategies, (3, last), (first, end)) for _ in range(2)]
    book.insert(Cell(name, 2, len(heads) + 1), book.charts.pop())


def _measured(book: Book, strategies: list[str], row: int) -> int:
    forecast = book.plan.valuation.forecast
    labels = forecast.measured[strategies[0]].labels
    for k, at in enumerate(labels):
        book.value(Cell("Curve", row + k, 0), float(at), "count")
        for s, strategy in enumerate(strategies):
            one = forecast.measured[strategy]
            here = np.flatnonzero(one.labels == at)
            for q, values in enumerate((one.low, one.mean, one.high)):
                if len(here):
                    book.value(Cell("Curve", row + k, 2 + 3 * s + q), float(values[here[0]]), "percent")
    return row + len(labels) - 1


def _forecast(book: Book, strategies: list[str], row: int) -> int:
    forecast = book.plan.valuation.forecast
    for k, budget in enumerate(forecast.budgets):
        book.value(Cell("Curve", row + k, 0), float(budget), "count")
        book.value(Cell("Curve", row + k, 1), float(budget - forecast.labeled), "count")
    for s, strategy in enumerate(strategies):
        if strategy not in forecast.scores:
            continue
        for q, values in enumerate(np.quantile(forecast.scores[strategy], [0.1, 0.5, 0.9], axis=0)):
            for k, value in enumerate(values):
                book.value(Cell("Curve", row + k, 2 + 3 * s + q), float(value), "percent")
    return row + len(forecast.budgets) - 1


def _chart(book: Book, strategies: list[str], measured: tuple[int, int], forecast: tuple[int, int]) -> Any:
    """Marks where it was measured, lines where it was forecast, in the colours of every other chart."""
    made = book.plan.valuation.forecast
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for s, strategy in enumerate(strategies):
        look = style(strategy, tuple(strategies), LIGHT)
        dash = DASHES[1] if strategy == "random" else DASHES[0]
        column, title = 3 + 3 * s, STRATEGIES[strategy].title
        marker = {"type": MARKERS.get(look.shape, "circle"), "size": 6, "fill": {"color": look.color}}
        chart.add_series(
            _series(f"{title}, measured", measured, column, {"color": look.color, "dash_type": dash}, marker)
        )
        if strategy in made.scores:
            line = {"color": look.color, "width": 2, "dash_type": dash}
            chart.add_series(_series(f"{title}, forecast", forecast, column, line, {"type": "none"}))
    chart.set_title({"name": "Score by number of labels", "name_font": {"size": 13}})
    log = made.pool_size > 12 * made.labeled
    chart.set_x_axis({"name": "Training labels in all", "num_format": "#,##0", "log_base": 10 if log else None,
                      "min": float(made.measured[strategies[0]].labels[0]), "max": float(made.pool_size),
                      "major_gridlines": {"visible": False}})  # fmt: skip
    chart.set_y_axis({"name": made.metric_name, "num_format": "0%", "major_gridlines": {"visible": True,
                      "line": {"color": LIGHT.grid}}, **_span(book, strategies)})  # fmt: skip
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 460})
    return chart


def _span(book: Book, strategies: list[str]) -> dict[str, float]:
    """An axis of scores from just below the lowest to just above the highest."""
    made = book.plan.valuation.forecast
    middles = [made.measured[one].mean for one in strategies]
    middles += [np.median(made.scores[one], axis=0) for one in strategies if one in made.scores]
    low, high = (float(pick([one_of(m) for m in middles])) for pick, one_of in ((min, np.min), (max, np.max)))
    return {"min": max(0.0, np.floor(20 * low) / 20), "max": min(1.0, np.ceil(20 * high + 1e-9) / 20)}


def _series(
    title: str, rows: tuple[int, int], column: int, line: dict[str, object], marker: dict[str, object]
) -> dict[str, object]:
    return {
        "name": title,
        "categories": ["Curve", rows[0], 0, rows[1], 0],
        "values": ["Curve", rows[0], column, rows[1], column],
        "line": line,
        "marker": marker,
    }


def risk_sheet(book: Book) -> None:
    """What may go wrong: simulated when the file was made, and fixed."""
    name, plan = "Risk", book.plan
    sheet = book.sheets[name]
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 6, 20)
    book.text(Cell(name, 0, 0), "Risk", "section")
    row = 2
    if plan.risks:
        said = (
            f"Simulated in {words.count(DRAWS)} futures when the file was made; these numbers do not follow the inputs."
        )
        book.text(Cell(name, 1, 0), said, "lead")
        titles = {one.name: one.title for one in plan.options}
        heads = ("Present value over doing nothing", "1 in 10 is below", "Middle", "1 in 10 is above", "Mean",
                 "Chance of loss", "Mean regret")  # fmt: skip
        book.heads(name, row, heads)
        for k, one in enumerate(plan.risks, start=row + 1):
            book.text(Cell(name, k, 0), titles.get(one.option, one.option))
            amounts = (one.npv.p10, one.npv.p50, one.npv.p90, one.mean)
            for column, value in enumerate(amounts, start=1):
                book.value(Cell(name, k, column), value, "money")
            book.value(Cell(name, k, 5), one.chance_of_loss, "percent")
            book.value(Cell(name, k, 6), one.regret, "money")
        row += len(plan.risks) + 2
        book.broad(row, _bare(risk_sentence(plan)), "wrapped", (name, 6, 50))
        row += 2
    else:
        book.text(
            Cell(name, 1, 0),
            "A better score has no price yet, or the sample is too small: nothing was simulated.",
            "lead",
        )
    _switches(book, row)


def _switches(book: Book, row: int) -> None:
    found = sensitivity(book.plan)
    if found is None:
        return
    table = switches_table(found)
    book.text(Cell("Risk", row, 0), table.title, "section")
    book.heads("Risk", row + 1, table.columns)
    for k, cells in enumerate(table.rows, start=row + 2):
        for column, cell in enumerate(cells):
            book.text(Cell("Risk", k, column), _bare(cell), "wrapped" if column == 0 else "answer")


def log_sheet(book: Book, log: Iterable[Assumption]) -> None:
    """Every assumption with its range, unit, source and date."""
    name = "Assumptions"
    sheet = book.sheets[name]
    for column, width in enumerate((38, 22, 12, 12, 18, 30, 12, 90)):
        sheet.set_column(column, column, width)
    book.text(Cell(name, 0, 0), "Assumptions log", "section")
    heads = ("Assumption", "Value", "Low", "High", "Unit", "Source", "Date", "What it is")
    for column, title in enumerate(heads):
        book.text(Cell(name, 2, column), title, "head" if 0 < column < 4 else "head_left")
    sheet.freeze_panes(3, 1)
    for row, one in enumerate(log, start=3):
        book.text(Cell(name, row, 0), one.title)
        book.value(Cell(name, row, 1), "not given" if one.value is None else one.value, _kind(one))
        for column, value in ((2, one.low), (3, one.high)):
            if value is not None:
                book.value(Cell(name, row, column), value, _kind(one))
        for column, text in ((4, one.unit), (5, one.source), (6, one.date), (7, words.fixed(one.help))):
            book.text(Cell(name, row, column), text, "note")


def _kind(one: Assumption) -> str:
    if isinstance(one.value, str | bool) or one.value is None:
        return "answer"
    return "percent" if one.unit == "0 to 1" and one.owner == "measured" else "number"


def _bare(text: str) -> str:
    return text.replace("**", "").replace("\u2060", "")
