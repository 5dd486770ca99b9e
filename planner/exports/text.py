"""Files to read as text: the memo a terminal prints, and the note on method."""

import re
import textwrap
from collections.abc import Iterable

from planner.blocks import Block, Chart, Heading, Sentence, Table
from planner.exports.menu import EXPORTS
from planner.report.writing import Report

WIDTH = 100  # characters of a terminal line


@EXPORTS.register("memo_txt", "The answer as plain text", suffix=".txt", mime="text/plain", group="meeting")
def memo_txt(report: Report) -> bytes:
    """The verdict, its numbers, the reasons to doubt it and the options, as a terminal shows them."""
    return text_of(report.answer).encode() + b"\n"


@EXPORTS.register(
    "method_md", "A note on data, settings and method (Markdown)", suffix=".md", mime="text/markdown", group="ml"
)
def method_md(report: Report) -> bytes:
    """The answer and everything it rests on, to go beside a budget request."""
    blocks = (*report.answer, *report.details)
    return "\n".join(line for block in blocks for line in _markdown(block)).strip().encode() + b"\n"


def text_of(blocks: Iterable[Block]) -> str:
    """Blocks as a terminal shows them."""
    return "\n".join(line for block in blocks for line in _plain(block)).strip()


def _plain(block: Block) -> Iterable[str]:
    if isinstance(block, Heading):
        yield from ("", *_wrapped(block.text))
        yield ("=" if block.level == 1 else "-") * min(len(block.text), WIDTH)
    elif isinstance(block, Sentence):
        yield from (*_wrapped(_bare(block.text)), "")
    elif isinstance(block, Table) and block.rows:
        yield from ("", *_wrapped(block.title), *_aligned(block), "")


def _aligned(table: Table) -> Iterable[str]:
    """Columns padded with spaces, figures to the right; columns that are empty throughout are left out."""
    rows = [tuple(_bare(cell) for cell in row) for row in (table.columns, *table.rows)]
    kept = [at for at in range(len(table.columns)) if any(row[at] for row in rows[1:])]
    widths = {at: max(len(row[at].replace("\u2060", "")) for row in rows) for at in kept}
    for number, row in enumerate(rows):
        cells = [
            " " * (widths[at] - len(row[at])) + row[at] if table.figures and at else row[at].ljust(widths[at])
            for at in kept
        ]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "-" * (sum(widths.values()) + 2 * (len(kept) - 1))


def _markdown(block: Block) -> Iterable[str]:
    if isinstance(block, Heading):
        yield from (f"{'#' * block.level} {_escaped(block.text)}", "")
    elif isinstance(block, Sentence):
        yield from (_escaped(block.text), "")
    elif isinstance(block, Chart):
        yield from (f"*{_escaped(block.finding)}*", "")
    elif block.rows:
        right = ["---:" if block.figures and at else "---" for at in range(len(block.columns))]
        yield from (f"## {_escaped(block.title)}", "", _row(block.columns), _row(right))
        yield from (*(_row(row) for row in block.rows), "")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Text whose characters mean themselves in Markdown, bold kept."""
    return re.sub(r"([\\`_\[\]<>|#$])", r"\\\1", text.replace("\n", " "))


def _bare(text: str) -> str:
    return text.replace("**", "").replace("\u2060", "")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
