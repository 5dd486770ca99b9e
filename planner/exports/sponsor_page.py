"""The sponsor's page as HTML."""

from collections.abc import Iterable

from planner.blocks import Table
from planner.exports.brief import Brief
from planner.exports.page import POLICY, escaped, marked
from planner.exports.pictures import svg_of

STYLE = """
:root { color-scheme: light; }
body { background: #FBFAF7; color: #0F1720; font: 15px/1.45 "Source Sans 3", "Source Sans Pro", "Liberation Sans",
  Arial, sans-serif; margin: 0; }
main { max-width: 960px; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1, h2 { font-family: "Source Serif 4", "Source Serif Pro", Georgia, serif; font-weight: 600; line-height: 1.2; }
h1 { font-size: 2.1rem; margin: .2rem 0 .6rem; }
h2 { font-size: 1.2rem; margin: 1.6rem 0 .4rem; }
p { margin: 0 0 .6rem; }
.data, .numbers dt, .numbers .range, footer, th { color: #4C5560; }
.asked { font-size: 1.15rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem; margin: 1.2rem 0;
  border: solid #DDD8CD; border-width: 1px 0; padding: .8rem 0; }
.numbers dd { margin: 0; }
.numbers .value { font-size: 1.6rem; font-weight: 600; line-height: 1.25; }
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.5rem; }
.four { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1.25rem; }
.four > div { border-top: 2px solid #0A6AA6; padding-top: .4rem; }
figure { margin: 1.2rem 0 0; }
figure svg { width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #E6E1D7; padding: .3rem 0 .3rem .9rem; text-align: right; vertical-align: top;
  white-space: nowrap; }
th { background: #F5F2EB; font-weight: 600; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
footer { border-top: 1px solid #DDD8CD; margin-top: 1.2rem; padding-top: .5rem; font-size: .85rem; }
@media (max-width: 720px) { .three, .four { grid-template-columns: 1fr; } }
@page { size: A4; margin: 10mm 13mm; }
@media print { html { font-size: 11px; } body { background: #fff; font-size: 10.5px; line-height: 1.35; }
  main { max-width: none; padding: 0; } h2 { margin: .9rem 0 .3rem; } .numbers { margin: .7rem 0; padding: .5rem 0; }
  figure { margin: .6rem 0 0; } figure svg { height: 54mm; } p { margin: 0 0 .35rem; } footer { margin-top: .6rem; } }
"""


def page(shown: Brief) -> str:
    """The whole page."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escaped(shown.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_body(shown))
        + "\n</main>\n</body>\n</html>\n"
    )


def _body(shown: Brief) -> Iterable[str]:
    yield f'<p class="data">{escaped(shown.data)}</p>'
    yield f"<h1>{escaped(shown.title)}</h1>"
    yield f'<p class="asked">{marked(shown.asked)}</p>'
    yield f"<p>{marked(shown.reason)}</p>"
    yield '<dl class="numbers">'
    for number in shown.numbers:
        yield f'<div><dt>{escaped(number.title)}</dt><dd class="value">{escaped(number.value)}</dd>'
        yield f'<dd class="range">{escaped(number.range)}</dd></div>'
    yield "</dl>"
    yield from _table(shown.options)
    if shown.chart is not None:
        said = escaped(shown.chart.finding)
        yield f'<figure role="img" aria-label="{said}">{svg_of(shown.chart, width=920, height=300)}</figure>'
    yield '<h2>The three biggest risks</h2><div class="three">'
    yield from (f"<p>{marked(risk)}</p>" for risk in shown.risks)
    yield '</div><h2>The next weeks</h2><div class="four">'
    for phase in shown.phases:
        head = f"<strong>{escaped(phase.name)}</strong>, {escaped(phase.when)}"
        yield f"<div><p>{head}</p><p>{escaped(phase.what)}</p></div>"
    yield "</div>"
    if shown.timeline is not None and len(shown.timeline.rows) > 1:
        yield from _table(shown.timeline)
    yield f"<h2>What stands behind it</h2><p>{marked(shown.measured)}</p><p>{marked(shown.assumed)}</p>"
    yield f"<footer>{escaped(shown.foot)}</footer>"


def _table(table: Table) -> Iterable[str]:
    yield f'<h2>{escaped(table.title)}</h2><div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{escaped(cell)}</th>' for cell in table.columns)
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{marked(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div>"
