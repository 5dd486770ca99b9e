"""What every file is made of: headings, sentences, tables and charts, in reading order."""

from dataclasses import dataclass
from typing import Any

WIDTH = 960  # pixels of a chart in a file
EMPTY = ""  # not applicable is an empty cell


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the verdict."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Sentence:
    """Running text; **bold** marks what carries it."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of words under column heads; all but the first column are figures where `figures` is set."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture and what it shows in words."""

    drawing: Any  # an Altair chart
    finding: str


Block = Heading | Sentence | Table | Chart


def claim(finding: str, remedy: str) -> Sentence:
    """A finding with its first sentence in bold, and what to do about it."""
    first, stop, fact = finding.partition(". ")
    return Sentence(f"**{first}{stop.strip()}** {fact} {remedy}".replace("  ", " ").strip())
