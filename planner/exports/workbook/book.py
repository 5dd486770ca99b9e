"""A workbook being written: sheets by name, cell styles by what a number is, formulas with the value they have now."""

from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from planner import __version__, words
from planner.plan.deciding import Plan

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
UNDATED = date(2000, 1, 1)  # of a report without a date; never the clock, so that the same report is the same bytes
INK, SOFT, HAIR, FILL, TYPED = "#0F1720", "#4C5560", "#E6E1D7", "#F5F2EB", "#FFF9E0"
LONGEST = 32_000  # characters of a cell; Excel takes 32,767


def _money(currency: str, cents: str) -> str:
    """The number format of an amount: Excel writes separators as its reader's computer does, we place the currency."""
    before, after = (f'"{part}"'.replace('""', "") for part in (s.replace('"', "") for s in words.affixes(currency)))
    one = f"{before}#,##0{cents}{after}"
    if words.locale().lakhs:
        pairs = (f"{before}##\\,##\\,##\\,##0{cents}{after}", f"{before}##\\,##\\,##0{cents}{after}")
        return f"[>=10000000]{pairs[0]};[>=100000]{pairs[1]};{one}"
    return f"{one};-{one};{one}"


@dataclass(frozen=True)
class Cell:
    """A place on a sheet, as other formulas name it."""

    sheet: str
    row: int
    column: int

    @property
    def here(self) -> str:
        """Its address on its own sheet."""
        return str(xl_rowcol_to_cell(self.row, self.column))

    @property
    def name(self) -> str:
        """Its address from another sheet."""
        return f"'{self.sheet}'!{xl_rowcol_to_cell(self.row, self.column, row_abs=True, col_abs=True)}"


class Book:
    """One workbook."""

    def __init__(self, plan: Plan, on: date | None) -> None:
        self.plan = plan
        self.currency = plan.valuation.assumptions.currency
        self._file = BytesIO()
        self.file = xlsxwriter.Workbook(self._file, SAFE)
        # Neither a person nor a computer is named.
        self.file.set_properties(
            {"title": "Labeling plan", "author": "", "comments": f"Planner {__version__}",
             "created": datetime.combine(on or UNDATED, time())}
        )  # fmt: skip
        self.file.set_calc_mode("auto")
        self.sheets: dict[str, Any] = {}
        self._styles: dict[tuple[str, bool, bool], Any] = {}
        self._now: dict[Cell, Any] = {}
        self.charts: list[Any] = []  # drawn, not placed yet

    def sheet(self, name: str) -> None:
        """Add an empty sheet."""
        made = self.file.add_worksheet(name)
        made.hide_gridlines(2)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        self.sheets[name] = made

    def style(self, kind: str, bold: bool = False, typed: bool = False) -> Any:
        """The style of a kind of cell; `typed` marks cells a person may change."""
        key = (kind, bold, typed)
        if key not in self._styles:
            look: dict[str, Any] = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
            look |= self._looks().get(kind, {})
            look |= {"bold": True} if bold else {}
            look |= {"bg_color": TYPED, "font_color": "#0A5F94", "border": 1, "border_color": HAIR} if typed else {}
            self._styles[key] = self.file.add_format(look)
        return self._styles[key]

    def _looks(self) -> dict[str, dict[str, Any]]:
        cents = "" if self.currency in words.NO_CENTS else ".00"
        return {
            "title": {"font_size": 18, "bold": True, "font_name": "Cambria", "text_wrap": True},
            "section": {"font_size": 13, "bold": True, "font_name": "Cambria"},
            "head": {"bold": True, "font_color": SOFT, "bg_color": FILL, "bottom": 1, "bottom_color": HAIR,
                     "text_wrap": True, "align": "right"},
            "head_left": {"bold": True, "font_color": SOFT, "bg_color": FILL, "bottom": 1, "bottom_color": HAIR,
                          "text_wrap": True},
            "note": {"font_color": SOFT, "text_wrap": True},
            "lead": {"font_color": SOFT},
            "wrapped": {"text_wrap": True},
            "answer": {"align": "right", "text_wrap": True},
            "money": {"num_format": _money(self.currency, "")},
            "price": {"num_format": _money(self.currency, cents)},
            "count": {"num_format": "#,##0"},
            "percent": {"num_format": "0.0%"},
            "number": {"num_format": "#,##0.####"},
            "decimal": {"num_format": "#,##0.00"},
        }  # fmt: skip

    def text(self, at: Cell, words: str, kind: str = "wrapped", bold: bool = False) -> None:
        """Words as words, whatever they look like."""
        self.sheets[at.sheet].write_string(at.row, at.column, words[:LONGEST], self.style(kind, bold))

    def value(self, at: Cell, value: Any, kind: str, typed: bool = False) -> None:
        """A number, a yes or no, words, or nothing."""
        sheet, look = self.sheets[at.sheet], self.style(kind, typed=typed)
        self._now[at] = value
        if value is None:
            sheet.write_blank(at.row, at.column, None, look)
        elif isinstance(value, bool):
            sheet.write_boolean(at.row, at.column, value, look)
        elif isinstance(value, str):
            sheet.write_string(at.row, at.column, value[:LONGEST], look)
        else:
            sheet.write_number(at.row, at.column, float(value), look)

    def formula(
        self, at: Cell, formula: str, value: Any, kind: str, *, bold: bool = False, typed: bool = False
    ) -> None:
        """A formula and the value it has now, for readers that do not calculate."""
        known = self._now[at] = "" if value is None else value
        self.sheets[at.sheet].write_formula(at.row, at.column, f"={formula}", self.style(kind, bold, typed), known)

    def link(self, at: Cell, other: Cell, kind: str, bold: bool = False) -> None:
        """What another cell says; nothing where it says nothing."""
        if self._now.get(other) is not None:
            self.formula(at, other.name, self._now[other], kind, bold=bold)

    def heads(self, sheet: str, row: int, titles: tuple[str, ...]) -> None:
        """The heads of a table: the first to the left, figures to the right."""
        for column, title in enumerate(titles):
            self.text(Cell(sheet, row, column), title, "head_left" if column == 0 else "head")

    def broad(self, row: int, text: str, kind: str, look: tuple[str, int, float]) -> None:
        """Words over several columns of (sheet, last column), in a row so high."""
        sheet, last, height = look
        self.sheets[sheet].merge_range(row, 0, row, last, "")
        self.sheets[sheet].set_row(row, height)
        self.text(Cell(sheet, row, 0), text, kind)

    def insert(self, at: Cell, chart: Any) -> None:
        """Place a chart, told in words for people who cannot see it."""
        said = {"description": f"Learning curves: {self.plan.sentence}"}
        self.sheets[at.sheet].insert_chart(at.row, at.column, chart, said)

    def name(self, name: str, at: Cell) -> None:
        """Give a cell a name that formulas can use."""
        self.file.define_name(name, f"={at.name}")

    def bytes(self) -> bytes:
        """The file."""
        self.sheets["Summary"].activate()
        self.file.close()
        return self._file.getvalue()
