"""The first chart as a picture: SVG to edit, PNG to paste."""

import html
import re
from typing import Any

import vl_convert

from planner.blocks import Chart
from planner.charts import LIGHT
from planner.exports.letters import in_letters
from planner.exports.menu import EXPORTS
from planner.report.writing import Report
from planner.settings import key

SHARP = 2.0  # pixels of the PNG a pixel of the chart, for slides and print


@EXPORTS.register("chart_svg", "The chart as a drawing (SVG)", suffix=".svg", mime="image/svg+xml", group="meeting")
def chart_svg(report: Report) -> bytes:
    """The learning curves with the stopping point, as a drawing to edit."""
    return drawn(report).encode()


@EXPORTS.register("chart_png", "The chart as a picture (PNG)", suffix=".png", mime="image/png", group="meeting")
def chart_png(report: Report) -> bytes:
    """The learning curves with the stopping point, as a picture to paste."""
    return bytes(vl_convert.svg_to_png(in_letters(drawn(report)), scale=SHARP))


def drawn(report: Report) -> str:
    """The first chart as SVG; what stands instead of it, in words, where the sample is too small for one."""
    chart = next((block for block in report.answer if isinstance(block, Chart)), None)
    return in_words(report.plan.sentence) if chart is None else svg_of(chart, background=LIGHT.paper, padding=16)


def svg_of(chart: Chart, **look: Any) -> str:
    """A chart as SVG, told in words for people who cannot see it."""
    spec = chart.drawing.properties(**look).to_dict()
    picture = _named(str(vl_convert.vegalite_to_svg(spec)), key(spec))
    start = picture.index(">", picture.index("<svg")) + 1
    return f"{picture[:start]}<title>{html.escape(chart.finding)}</title>{picture[start:]}"


def _named(picture: str, name: str) -> str:
    """Clips are numbered on and on while the program runs; here by what is drawn, so that a file is the same twice."""
    numbers = list(dict.fromkeys(re.findall(r'\bid="clip(\d+)"', picture)))
    return re.sub(r"\bclip(\d+)\b", lambda found: f"clip-{name}-{numbers.index(found[1])}", picture)


def in_words(sentence: str) -> str:
    """A picture of one sentence."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="120" viewBox="0 0 960 120">'
        f'<rect width="960" height="120" fill="{LIGHT.paper}"/><text x="24" y="66" font-size="20" fill="{LIGHT.ink}" '
        f'font-family="Liberation Sans, sans-serif">{html.escape(sentence)}</text></svg>'
    )
