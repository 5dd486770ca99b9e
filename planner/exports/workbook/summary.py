"""The first sheet: the verdict, the numbers that follow the inputs, and the options side by side."""

from planner.exports.ledger import Ledger
from planner.exports.workbook.book import Book, Cell
from planner.exports.workbook.cash import ANSWERS, FIRST_ANSWER
from planner.exports.workbook.cash import SHEET as CASH
from planner.exports.workbook.options import Places
from planner.report.writing import data_line, foot

SHEET = "Summary"
HEADS = ("Option", "Labels to buy", "Cost", "Score", "Saved", "Net benefit", "Net value over doing nothing", "ROI")
CHART_ROWS = 24
LINES = (
    ("labels", "count"), ("cost", "money"), ("score_p50", "percent"), ("savings", "money"), ("benefit_p50", "money"),
    ("net_p50", "money"), ("roi", "percent"),
)  # fmt: skip


def summary_sheet(book: Book, held: Ledger, places: Places) -> None:
    """Write the sheet."""
    plan, sheet = book.plan, book.sheets[SHEET]
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(HEADS) - 1, 17)
    book.text(Cell(SHEET, 0, 0), data_line(plan), "lead")
    broad = len(HEADS) - 1
    book.broad(1, plan.sentence, "title", (SHEET, broad, 30))
    book.broad(2, _bare(f"{plan.lead} {plan.split}".strip()), "wrapped", (SHEET, broad, 48))
    said = (
        "The sentences are those of the day the file was made. The amounts below follow the sheet Inputs; labels and "
        "scores are the forecast and stay."
    )
    book.broad(3, said, "note", (SHEET, broad, 32))
    row = _options(book, held, places, 5)
    if "Cash flows" in book.sheets:
        row = _return(book, row + 1)
    for chart in book.charts:
        book.insert(Cell(SHEET, row + 1, 0), chart)
        row += CHART_ROWS
    book.text(Cell(SHEET, row + 1, 0), foot(plan), "lead")


def _options(book: Book, held: Ledger, places: Places, row: int) -> int:
    book.heads(SHEET, row, HEADS)
    for k, one in enumerate(held.entries, start=row + 1):
        name, marked = one.option.name, one is held.recommended
        book.text(Cell(SHEET, k, 0), one.option.title, bold=marked)
        for column, (line, kind) in enumerate(LINES, start=1):
            if (name, line) in places.cells:
                book.link(Cell(SHEET, k, column), places.of(name, line), kind, marked)
    return row + len(held.entries) + 1


def _return(book: Book, row: int) -> int:
    """The recommended option as an investment."""
    book.text(Cell(SHEET, row, 0), "Against doing nothing, score and cost each at their middle", "section")
    for k, (title, kind) in enumerate(ANSWERS):
        book.text(Cell(SHEET, row + 1 + k, 0), title)
        book.link(Cell(SHEET, row + 1 + k, 1), Cell(CASH, FIRST_ANSWER + k, 1), kind, True)
    return row + 1 + len(ANSWERS)


def _bare(text: str) -> str:
    return text.replace("**", "").replace("\u2060", "")
