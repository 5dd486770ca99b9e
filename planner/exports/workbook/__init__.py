"""The plan as an Excel workbook whose numbers follow its inputs."""

from planner.exports.ledger import ledger
from planner.exports.log import assumptions_of
from planner.exports.menu import EXPORTS
from planner.exports.workbook.book import Book
from planner.exports.workbook.cash import cash_sheet
from planner.exports.workbook.inputs import inputs_sheet
from planner.exports.workbook.options import options_sheet
from planner.exports.workbook.scenarios import scenarios_sheet
from planner.exports.workbook.summary import summary_sheet
from planner.exports.workbook.tables import curve_sheet, log_sheet, risk_sheet
from planner.report.writing import Report

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = ("Summary", "Inputs", "Options", "Cash flows", "Scenarios", "Curve", "Risk", "Assumptions")


@EXPORTS.register("workbook_xlsx", "A workbook with live formulas (Excel)", suffix=".xlsx", mime=MIME, group="finance")
def workbook_xlsx(report: Report) -> bytes:
    """Inputs, cost lines, cash flows, scenarios and the curve: change a price and the sheets answer."""
    held = ledger(report.plan)
    book = Book(report.plan, report.on)
    for name in SHEETS:
        if name not in ("Cash flows", "Scenarios") or (held.recommended is not None and held.valued):
            book.sheet(name)
    inputs_sheet(book, held)
    places = options_sheet(book, held)
    if "Cash flows" in book.sheets:
        cash_sheet(book, held, places)
        scenarios_sheet(book, held, places)
    curve_sheet(book)
    risk_sheet(book)
    log_sheet(book, assumptions_of(report))
    summary_sheet(book, held, places)
    return book.bytes()
