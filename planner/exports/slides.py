"""One slide with editable words and a chart PowerPoint draws itself: offered where the extra `slides` is installed."""

from datetime import datetime, time
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import numpy as np

from planner.charts.look import LIGHT, style
from planner.choices.strategies import STRATEGIES
from planner.exports.brief import Brief, brief
from planner.exports.menu import EXPORTS
from planner.exports.sponsor import OPTION_COLUMNS
from planner.exports.steady import steady
from planner.exports.workbook.book import UNDATED
from planner.report.writing import Report

MIME = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, TALL, EDGE = 13.333, 7.5, 0.6  # inches
POINTS = 40  # of a forecast line: enough for a smooth one, few enough to edit
FAR = 12  # times the sample, from where labels are shown by their logarithm


def slide_pptx(report: Report) -> bytes:
    """The decision, its numbers, the options and the curve on one slide, all of it editable."""
    from pptx import Presentation
    from pptx.util import Inches

    shown, made = brief(report), Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(TALL)
    slide = made.slides.add_slide(made.slide_layouts[5])  # a title and nothing else
    about = made.core_properties
    about.title, about.author, about.last_modified_by = shown.title, "", ""
    about.created = about.modified = datetime.combine(report.on or UNDATED, time())
    _title(slide, shown)
    _write(slide, (EDGE, 1.35, WIDE - 2 * EDGE, 0.8), [(shown.asked, 18), (shown.reason, 13)])
    each = (WIDE - 2 * EDGE) / max(len(shown.numbers), 1)
    for k, number in enumerate(shown.numbers):
        lines = [(number.title, 11), (f"**{number.value}**", 24), (number.range, 11)]
        _write(slide, (EDGE + k * each, 2.3, each, 1.0), lines)
    half = (WIDE - 2 * EDGE) * 0.55
    if report.plan.valuation.forecast.measured:
        _chart(slide, report, (EDGE, 3.45, half, 3.5))
    left = EDGE + half + 0.3
    _table(slide, shown, (left, 3.5, WIDE - EDGE - left, 1.8))
    _write(slide, (left, 5.75, WIDE - EDGE - left, 1.3), [(risk, 10) for risk in shown.risks])
    _write(slide, (EDGE, 7.05, WIDE - 2 * EDGE, 0.3), [(f"{shown.data} {shown.foot}", 9)])
    out = BytesIO()
    made.save(out)
    return steady(out.getvalue(), report.on or UNDATED)


if find_spec("pptx") is not None:
    EXPORTS.register("slide_pptx", "A slide to edit (PowerPoint)", suffix=".pptx", mime=MIME, group="meeting")(
        slide_pptx
    )


def _title(slide: Any, shown: Brief) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(x) for x in (EDGE, 0.45, WIDE - 2 * EDGE, 0.8))
    title.text_frame.text = shown.title
    title.text_frame.word_wrap = True
    line = title.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT
    line.font.size, line.font.bold, line.font.color.rgb = Pt(32), True, _rgb(LIGHT.ink)


def _write(slide: Any, place: tuple[float, float, float, float], lines: list[tuple[str, int]]) -> None:
    """Lines of words with **bold**, each with its size in points."""
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(*(Inches(x) for x in place)).text_frame
    frame.word_wrap = True
    for k, (text, size) in enumerate(lines):
        line = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        for position, words in enumerate(text.replace("\u2060", "").split("**")):
            run = line.add_run()
            run.text = words
            run.font.size, run.font.bold = Pt(size), position % 2 == 1
            run.font.color.rgb = _rgb(LIGHT.ink if position % 2 or size > 11 else LIGHT.soft)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color.removeprefix("#"))


def _table(slide: Any, shown: Brief, place: tuple[float, float, float, float]) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    rows = [shown.options.columns, *shown.options.rows]
    table = slide.shapes.add_table(len(rows), len(rows[0]), *(Inches(x) for x in place)).table
    table.first_row, table.horz_banding = True, False
    for column, share in zip(table.columns, OPTION_COLUMNS, strict=True):
        column.width = Inches(share * place[2])
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            cell = table.cell(r, c)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.margin_left = cell.margin_right = Inches(0.05)
            cell.text = words.replace("**", "").replace("\u2060", "")
            line = cell.text_frame.paragraphs[0]
            line.alignment = PP_ALIGN.RIGHT if c else PP_ALIGN.LEFT
            line.font.size, line.font.bold = Pt(9), r == 0 or words.startswith("**")
            line.font.color.rgb = _rgb(LIGHT.soft if r == 0 else LIGHT.ink)
            cell.fill.background()


def _chart(slide: Any, report: Report, place: tuple[float, float, float, float]) -> None:
    """The curves as a chart with its numbers inside: marks where measured, lines where forecast."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    lines = _lines(report)
    data = XyChartData()
    for name, labels, scores, _, _ in lines:
        series = data.add_series(name)
        for x, y in zip(labels, scores, strict=True):
            series.add_data_point(float(x), float(y))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES, *(Inches(x) for x in place), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"Learning curves. {report.plan.sentence}")
    chart = frame.chart
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.color.rgb = Pt(10), _rgb(LIGHT.soft)
    for series, (_, _, _, look, measured) in zip(chart.plots[0].series, lines, strict=True):
        _series(series, look, measured)
    _axes(chart, report, lines)


def _series(series: Any, look: Any, measured: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.smooth = False
    series.format.line.color.rgb = _rgb(look.color)
    series.format.line.width = Pt(1 if measured else 2.25)
    if look.dash != (1, 0):
        series.format.line.dash_style = MSO_LINE.DASH
    series.marker.style = XL_MARKER_STYLE.CIRCLE if measured else XL_MARKER_STYLE.NONE
    if measured:
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(look.color)


def _axes(chart: Any, report: Report, lines: list[tuple[str, Any, Any, Any, bool]]) -> None:
    from pptx.util import Pt

    forecast = report.plan.valuation.forecast
    x, y = chart.category_axis, chart.value_axis
    x.has_major_gridlines, x.has_title = False, True
    x.axis_title.text_frame.text = "Training labels in all"
    x.axis_title.text_frame.paragraphs[0].font.size = Pt(10)
    x.tick_labels.number_format, x.tick_labels.number_format_is_linked = "#,##0", False
    y.tick_labels.number_format, y.tick_labels.number_format_is_linked = "0%", False
    y.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)
    low, high = min(float(np.min(one[2])) for one in lines), max(float(np.max(one[2])) for one in lines)
    y.minimum_scale, y.maximum_scale = (
        max(0.0, float(np.floor(20 * low) / 20)),
        min(1.0, float(np.ceil(20 * high) / 20)),
    )
    x.maximum_scale = float(forecast.pool_size)
    if forecast.pool_size > FAR * forecast.labeled:
        scaling = x._element.find(_named("scaling"))
        scaling.insert(0, scaling.makeelement(_named("logBase"), {"val": "10"}))
        x.minimum_scale = float(10 ** np.floor(np.log10(min(float(np.min(one[1])) for one in lines))))


def _named(tag: str) -> str:
    return "{http://schemas.openxmlformats.org/drawingml/2006/chart}" + tag


def _lines(report: Report) -> list[tuple[str, Any, Any, Any, bool]]:
    """(name, labels, scores, look, whether measured) of random labeling and of what is recommended."""
    plan, forecast = report.plan, report.plan.valuation.forecast
    every = forecast.pilot.settings.all_strategies
    wanted = [name for name in every if name in ("random", plan.strategy)]
    found = []
    for name in wanted if len(wanted) > 1 else list(forecast.measured)[:2]:
        look, title = style(name, every, LIGHT), STRATEGIES[name].title
        one = forecast.measured[name]
        found.append((f"{title}, measured", one.labels, one.mean, look, True))
        if name in forecast.scores:
            at = np.unique(np.linspace(0, len(forecast.budgets) - 1, POINTS).round().astype(int))
            middle = np.median(forecast.scores[name], axis=0)
            found.append((f"{title}, forecast", forecast.budgets[at], middle[at], look, False))
    return found
