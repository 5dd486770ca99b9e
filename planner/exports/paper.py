"""A page of paper drawn as SVG: text that wraps by the widths of its font, tables, rules, charts."""

import html
import re
from dataclasses import dataclass

INK, SOFT, HAIR, FILL, BLUE = "#0F1720", "#4C5560", "#DDD8CD", "#F5F2EB", "#0A5F94"
# Liberation Sans comes with the drawing library, so that a page looks the same on every computer.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Widths in thousandths of the size. Source: Adobe Font Metrics of Helvetica, which Liberation Sans keeps.
PLAIN = {
    278: " !,./:;I[\\]ft·", 355: '"', 556: "#$0123456789?L_abdeghnopqu€£¥–", 889: "%", 667: "&ABEKPSVXY", 191: "'",
    333: "()-`r", 389: "*", 584: "+<=>~−×", 1015: "@", 722: "CDHNRUw", 611: "FTZ", 778: "GOQ", 500: "Jcksvxyz",
    833: "Mm", 944: "W", 469: "^", 222: "ijl", 334: "{}", 260: "|", 365: "₹",
}  # fmt: skip
BOLD = {
    278: " ,./I\\ijl·", 333: "!()-:;[]`ft", 474: '"', 556: "#$0123456789J_aceksvxy€£¥–", 889: "%m",
    722: "&ABCDHKNRU", 238: "'", 389: "*r{}", 584: "+<=>^~−×", 611: "?FLTZbdghnopqu", 975: "@", 667: "EPSVXY",
    778: "GOQw", 833: "M", 944: "W", 500: "z", 280: "|", 365: "₹",
}  # fmt: skip
WIDTHS = [{sign: width for width, signs in table.items() for sign in signs} for table in (PLAIN, BOLD)]
for _widths in WIDTHS:
    _widths |= {"\u00a0": 278, "\u202f": 167}  # spaces at which no line ends
LATIN, WIDE = 667, 1000  # of letters not listed: most accented ones are narrower, Chinese ones fill a square

Word = tuple[str, bool]  # a word, and whether it is bold


@dataclass(frozen=True)
class Look:
    """How running text looks."""

    size: float  # points
    color: str = INK
    bold: bool = False
    leading: float = 1.32  # of the size

    @property
    def step(self) -> float:
        """From line to line."""
        return self.size * self.leading


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide a line is, in points."""
    table = WIDTHS[bold]
    return sum(table.get(sign, WIDE if ord(sign) > 0x2E7F else LATIN) for sign in text) * size / 1000


def wrapped(text: str, width: float, look: Look) -> list[list[Word]]:
    """Text with **bold** as lines no wider than `width`; what has no spaces is cut where it must be."""
    lines: list[list[Word]] = [[]]
    used, space = 0.0, width_of(" ", look.size)
    for word, bold in _words(text, look.bold):
        for piece in _pieces(word, width, look.size, bold):
            wide = width_of(piece, look.size, bold)
            if lines[-1] and used + space + wide > width:
                lines.append([])
                used = 0.0
            used += wide + (space if lines[-1] else 0.0)
            lines[-1].append((piece, bold))
    return [line for line in lines if line]


def _words(text: str, bold: bool) -> list[Word]:
    # A mark that keeps a minus with its number is not needed here: lines only end at plain spaces, never at those that
    # stand inside a number, as in 12 000 €.
    parts = " ".join(_split(text.replace("\u2060", ""))).split("**")
    found: list[Word] = []
    for k, part in enumerate(parts):
        glued = bool(found) and part[:1] not in ("", " ") and not parts[k - 1].endswith(" ")
        for position, word in enumerate(_split(part)):
            if glued and position == 0:  # a full stop after bold words stays with them
                found[-1] = (found[-1][0] + word, found[-1][1])
            else:
                found.append((word, bold or k % 2 == 1))
    return found


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[ \t\r\n]+", text) if word]


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_of(pieces[-1] + sign, size, bold) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


class Paper:
    """A page being drawn, from the top; every method gives the height it ends at."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []

    def line(self, at: tuple[float, float], words: list[Word], look: Look, right: bool = False) -> None:
        """One line of words; `right` ends there instead of beginning."""
        spans = []
        for k, (word, bold) in enumerate(words):
            text = html.escape(word if k == 0 else f" {word}")
            spans.append(f'<tspan font-weight="bold">{text}</tspan>' if bold else f"<tspan>{text}</tspan>")
        anchor = ' text-anchor="end"' if right else ""
        self.parts.append(
            f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" font-size="{look.size:.2f}" fill="{look.color}"{anchor} '
            f'xml:space="preserve">{"".join(spans)}</text>'
        )

    def paragraph(self, at: tuple[float, float], width: float, text: str, look: Look) -> float:
        """Running text from a top left corner."""
        x, y = at
        for words in wrapped(text, width, look):
            self.line((x, y + look.size), words, look)
            y += look.step
        return y

    def rule(self, x: float, y: float, width: float, color: str = HAIR) -> None:
        """A hairline."""
        self.parts.append(f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="0.6" fill="{color}"/>')

    def table(self, at: tuple[float, float], widths: list[float], rows: list[tuple[str, ...]], look: Look) -> float:
        """Rows of words, the first being heads; all but the first column end at the right."""
        x, y = at
        for number, row in enumerate(rows):
            own = Look(look.size, SOFT if number == 0 else look.color, number == 0)
            cells = [wrapped(cell, wide - 6, own) or [[]] for cell, wide in zip(row, widths, strict=True)]
            left = x
            for column, (lines, wide) in enumerate(zip(cells, widths, strict=True)):
                for k, words in enumerate(lines):
                    edge = left + wide - 3 if column else left
                    self.line((edge, y + own.size + 2.5 + k * own.step), words, own, right=column > 0)
                left += wide
            y += max(map(len, cells)) * own.step + 4
            self.rule(x, y - 0.6, sum(widths))
        return y

    def picture(self, at: tuple[float, float], width: float, drawing: str) -> float:
        """Another SVG at some width."""
        tall, wide = (float(re.search(rf'<svg[^>]*? {side}="([\d.]+)', drawing)[1]) for side in ("height", "width"))  # type: ignore[index]
        height = width * tall / wide
        inner = re.sub(r"<svg[^>]*>", "", drawing, count=1).rsplit("</svg>", 1)[0]
        self.parts.append(
            f'<svg x="{at[0]:.2f}" y="{at[1]:.2f}" width="{width:.2f}" height="{height:.2f}" '
            f'viewBox="0 0 {wide:g} {tall:g}">{inner}</svg>'
        )
        return at[1] + height

    def svg(self) -> str:
        """The page."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}" '
            f'font-family="{FONT}"><rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(self.parts)}</svg>'
        )
