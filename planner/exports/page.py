"""The page to hand on: one HTML file that needs nothing else."""

import html
import re
from collections.abc import Iterable

from planner.blocks import Block, Heading, Sentence, Table
from planner.exports.menu import EXPORTS
from planner.exports.pictures import svg_of
from planner.report.writing import Report

FEW_COLUMNS = 3  # more than these take the whole width
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # no script, no picture, no font from anywhere
STYLE = """
:root { color-scheme: light; }
body { background: #FBFAF7; color: #0F1720; font: 16px/1.5 "Source Sans 3", "Source Sans Pro", "Liberation Sans",
  Arial, sans-serif; margin: 0; }
main { max-width: 1000px; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2 { font-family: "Source Serif 4", "Source Serif Pro", Georgia, serif; font-weight: 600; line-height: 1.2; }
h1 { font-size: 2.25rem; margin: .25rem 0 1rem; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .75rem; }
p { max-width: 46rem; margin: 0 0 .75rem; }
p:first-child, footer { color: #4C5560; }
.scroll + p { margin-top: .75rem; }
figure { margin: 1.5rem 0; overflow-x: auto; }
figure svg { width: 100%; min-width: 40rem; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
.narrow { max-width: 46rem; }
caption { text-align: left; font: 600 1.25rem/1.3 "Source Serif 4", Georgia, serif; margin: 2rem 0 .5rem; }
th, td { border-bottom: 1px solid #E6E1D7; padding: .4rem .9rem .4rem 0; text-align: left; vertical-align: top; }
th { background: #F5F2EB; color: #4C5560; font-weight: 600; }
.figures td + td, .figures th + th { text-align: right; padding: .4rem 0 .4rem .9rem; white-space: nowrap; }
@media print { body { background: #fff; } h2, caption { break-after: avoid; } tr, figure { break-inside: avoid; } }
"""


@EXPORTS.register("report_html", "The report as one page (HTML)", suffix=".html", mime="text/html", group="ml")
def report_html(report: Report) -> bytes:
    """The whole report as one file that opens anywhere, prints well and asks nothing of the network."""
    return page_of(report.plan.sentence, [*report.answer, *report.details])


def page_of(title: str, given: Iterable[Block]) -> bytes:
    """Blocks as one page; a sentence at their end is its foot."""
    *blocks, foot = given
    body = "\n".join(part for block in blocks for part in _html(block))
    last = f"<footer>{marked(foot.text)}</footer>" if isinstance(foot, Sentence) else ""
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n{last}\n</main>\n</body>\n</html>\n"
    )
    return page.encode()


def _html(block: Block) -> Iterable[str]:
    if isinstance(block, Heading):
        yield f"<h{block.level}>{marked(block.text)}</h{block.level}>"
    elif isinstance(block, Sentence):
        yield f"<p>{marked(block.text)}</p>"
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        finding = escaped(block.finding)
        yield f'<figure role="img" aria-label="{finding}">{svg_of(block)}</figure>'


def _table(table: Table) -> Iterable[str]:
    if not table.rows:
        return
    kinds = ("figures" if table.figures else "words", "wide" if len(table.columns) > FEW_COLUMNS else "narrow")
    yield f'<div class="scroll"><table class="{" ".join(kinds)}"><caption>{escaped(table.title)}</caption>'
    yield f"<thead>{_row(table.columns, '<th scope=col>', '</th>')}</thead><tbody>"
    yield from (_row(row, "<td>", "</td>") for row in table.rows)
    yield "</tbody></table></div>"


def _row(cells: Iterable[str], opening: str, closing: str) -> str:
    return f"<tr>{''.join(opening + marked(cell) + closing for cell in cells)}</tr>"


def escaped(text: str) -> str:
    """Text whose characters mean themselves in HTML."""
    return html.escape(text)


def marked(text: str) -> str:
    """Escaped, with **bold** kept."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped(text))
