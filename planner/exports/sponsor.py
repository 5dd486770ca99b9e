"""One page for whoever signs: as PDF, and as HTML that needs nothing else."""

from dataclasses import replace

import vl_convert

from planner.exports.brief import Brief, brief
from planner.exports.letters import NOTE, all_in_letters, in_letters
from planner.exports.menu import EXPORTS
from planner.exports.paper import INK, SOFT, Look, Paper
from planner.exports.pictures import svg_of
from planner.exports.sponsor_page import page
from planner.exports.steady import steady_pdf
from planner.report.writing import Report

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 40.0  # A4 in points
INNER = WIDTH - 2 * MARGIN
GAP = 16.0
PICTURE = (790, 270)  # pixels, so that its words come out near nine points
SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68)  # of all sizes, until the page holds everything
OPTION_COLUMNS = (0.28, 0.12, 0.12, 0.1, 0.16, 0.22)


@EXPORTS.register(
    "sponsor_pdf", "One page for the sponsor (PDF)", suffix=".pdf", mime="application/pdf", group="meeting"
)
def sponsor_pdf(report: Report) -> bytes:
    """Decision, options, cost, range, payback, risks, timeline and what stands behind it, on one sheet of paper."""
    return steady_pdf(bytes(vl_convert.svg_to_pdf(sheet(readable(brief(report))))))


@EXPORTS.register("sponsor_html", "One page for the sponsor (HTML)", suffix=".html", mime="text/html", group="meeting")
def sponsor_html(report: Report) -> bytes:
    """The same page for a mail or a wiki: one file that asks nothing of the network."""
    return page(brief(report)).encode()


def readable(shown: Brief) -> Brief:
    """The page in letters that this computer can draw, which says so where they are not the names' own."""
    made = replace(all_in_letters(replace(shown, chart=None)), chart=shown.chart)
    drawn = "" if shown.chart is None else str(shown.chart.drawing.spec)
    changed = made != shown or in_letters(drawn) != drawn
    return replace(made, foot=f"{made.foot} {NOTE}") if changed else made


def sheet(shown: Brief) -> str:
    """The page as SVG, in the largest size that fits."""
    for scale in SCALES:
        paper = Paper(WIDTH, HEIGHT)
        if Sheet(paper, shown, scale).draw() <= HEIGHT - MARGIN or scale == SCALES[-1]:
            break
    return paper.svg()


class Sheet:
    """One try at the page."""

    def __init__(self, paper: Paper, shown: Brief, scale: float) -> None:
        self.paper, self.shown, self.scale = paper, shown, scale
        self.text = Look(9 * scale)
        self.small = Look(8 * scale, SOFT)
        self.head = Look(10.5 * scale, INK, True)

    def draw(self) -> float:
        """Draw everything; gives where it ends."""
        y = self._top(MARGIN)
        y = self._numbers(y + 10 * self.scale)
        y = self._options(y + 12 * self.scale)
        y = self._picture_and_risks(y + 12 * self.scale)
        y = self._roadmap(y + 12 * self.scale)
        y = self._behind(y + 10 * self.scale)
        self.paper.rule(MARGIN, y + 4, INNER)
        return self.paper.paragraph((MARGIN, y + 8), INNER, self.shown.foot, Look(7.5 * self.scale, SOFT))

    def _top(self, y: float) -> float:
        y = self.paper.paragraph((MARGIN, y), INNER, self.shown.data, self.small)
        y = self.paper.paragraph((MARGIN, y + 2), INNER, self.shown.title, Look(20 * self.scale, INK, True, 1.2))
        y = self.paper.paragraph((MARGIN, y + 4), INNER, self.shown.asked, Look(11 * self.scale))
        return self.paper.paragraph((MARGIN, y + 2), INNER, self.shown.reason, self.text)

    def _numbers(self, y: float) -> float:
        wide = (INNER - GAP * (len(self.shown.numbers) - 1)) / max(len(self.shown.numbers), 1)
        self.paper.rule(MARGIN, y, INNER)
        ends = []
        for k, number in enumerate(self.shown.numbers):
            x = MARGIN + k * (wide + GAP)
            end = self.paper.paragraph((x, y + 6), wide, number.title, self.small)
            end = self.paper.paragraph((x, end + 1), wide, number.value, Look(16 * self.scale, INK, True, 1.2))
            ends.append(self.paper.paragraph((x, end), wide, number.range, self.small))
        self.paper.rule(MARGIN, max(ends) + 3, INNER)
        return max(ends) + 3

    def _options(self, y: float) -> float:
        y = self.paper.paragraph((MARGIN, y), INNER, self.shown.options.title, self.head)
        widths = [INNER * share for share in OPTION_COLUMNS]
        rows = [self.shown.options.columns, *self.shown.options.rows]
        return self.paper.table((MARGIN, y + 1), widths, rows, Look(8.5 * self.scale))

    def _picture_and_risks(self, y: float) -> float:
        if self.shown.chart is not None:
            picture = in_letters(svg_of(self.shown.chart, width=PICTURE[0], height=PICTURE[1] * self.scale))
            y = self.paper.picture((MARGIN, y), INNER, picture) + 8 * self.scale
        y = self.paper.paragraph((MARGIN, y), INNER, "The three biggest risks", self.head)
        wide = (INNER - GAP * (len(self.shown.risks) - 1)) / max(len(self.shown.risks), 1)
        ends = [y]
        for k, risk in enumerate(self.shown.risks):
            x = MARGIN + k * (wide + GAP)
            ends.append(self.paper.paragraph((x, y + 3), wide, risk, Look(8.5 * self.scale)))
        return max(ends)

    def _roadmap(self, y: float) -> float:
        y = self.paper.paragraph((MARGIN, y), INNER, "The next weeks", self.head) + 2
        wide = (INNER - 3 * GAP) / 4
        ends = []
        for k, phase in enumerate(self.shown.phases):
            x = MARGIN + k * (wide + GAP)
            self.paper.rule(x, y, wide, "#0A6AA6")
            end = self.paper.paragraph((x, y + 4), wide, f"**{phase.name}**, {phase.when}", self.text)
            ends.append(self.paper.paragraph((x, end + 1), wide, phase.what, Look(8.5 * self.scale)))
        return self._timeline(max(ends) + 8 * self.scale)

    def _timeline(self, y: float) -> float:
        table = self.shown.timeline
        if table is None or len(table.rows) < 2:  # one round is told by the roadmap
            return y
        widths = [INNER / len(table.columns)] * len(table.columns)
        return self.paper.table((MARGIN, y), widths, [table.columns, *table.rows], Look(8.5 * self.scale))

    def _behind(self, y: float) -> float:
        wide = (INNER - GAP) / 2
        texts = (self.shown.measured, self.shown.assumed)
        looks = Look(8.5 * self.scale)
        return max(
            self.paper.paragraph((MARGIN + k * (wide + GAP), y), wide, text, looks) for k, text in enumerate(texts)
        )
