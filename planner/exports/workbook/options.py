"""The sheet of options: what the forecast holds of each, and its cost lines and worth as formulas of the inputs."""

from dataclasses import dataclass
from functools import partial

from planner.economics.evaluating import Interval
from planner.economics.worth import unvalued
from planner.exports.ledger import LINES, Entry, Ledger, cost_at, cost_lines, waiting_at, weeks_at
from planner.exports.workbook.book import Book, Cell
from planner.exports.workbook.inputs import billed_formula

SHEET = "Options"
QUANTILES = (("p10", "1 in 10 is below"), ("p50", "middle"), ("p90", "1 in 10 is above"))
# Cells of one option, by line: {labels} and so on are its own; the names are those of the inputs.
COSTS = {
    "Labels at the quoted price": "{billed}*cost_per_label",
    "Further votes": "{billed}*cost_per_label*(votes_paid-1)",
    "Review": "{billed}*cost_per_label*votes_paid*review_share",
    "Rework": "{billed}*cost_per_label*votes_paid*rework_share",
    "Hardness of picked items": "{picks}*{billed}*cost_per_label*prices_per_label*(hardness-1)",
    "Tool fee per label": "{labels}*fee_per_label",
    "Labels for measuring": "IF({labels}>0,evaluation_labels*price_of_a_label,0)",
    "Tool fee": "IF({labels}>0,tool_fee,0)",
    "Setup": "IF({labels}>0,{picks}*setup_cost,0)",
    "Rounds": "IF({labels}>0,{picks}*{rounds}*(cost_per_round+hours_per_round*cost_per_hour),0)",
    "Labels already paid": "{trains}*paid_before",
}
PACE = "IF({picks}=1,pace_of_picked,pace_at_random)"
WEEKS = f'IF({PACE}>0,{{labels}}/{PACE}+{{picks}}*{{rounds}}*weeks_per_round,"")'
WAITING = "IF(ISNUMBER({weeks}),{weeks}*value_per_week,0)"


@dataclass(frozen=True)
class Places:
    """Where each number of each option stands."""

    cells: dict[tuple[str, str], Cell]  # {(option, line): cell}

    def of(self, option: str, line: str) -> Cell:
        """The cell of a line of an option."""
        return self.cells[option, line]


class Column:
    """One option being written, line after line."""

    def __init__(self, book: Book, held: Ledger, one: Entry, column: int) -> None:
        self.book, self.held, self.one, self.column = book, held, one, column
        self.cells: dict[str, Cell] = {}
        self.marked = held.recommended is one

    def at(self, line: str, row: int) -> Cell:
        """The cell of a line."""
        self.cells[line] = Cell(SHEET, row, self.column)
        return self.cells[line]

    def put(self, line: str, row: int, value: object, kind: str) -> None:
        """A number that the forecast holds."""
        self.book.value(self.at(line, row), value, kind)

    def work(self, line: str, row: int, formula: str, value: object, kind: str = "money") -> None:
        """A number that follows the inputs."""
        own = {name: cell.here for name, cell in self.cells.items()}
        self.book.formula(self.at(line, row), formula.format(**own), value, kind, bold=self.marked)


def options_sheet(book: Book, held: Ledger) -> Places:
    """Write the sheet; gives where everything stands."""
    sheet = book.sheets[SHEET]
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(held.entries), 17)
    sheet.freeze_panes(4, 1)
    book.text(Cell(SHEET, 0, 0), "Options", "section")
    book.text(
        Cell(SHEET, 1, 0), "Labels, rounds and scores are the forecast and stay; money follows the inputs.", "lead"
    )
    book.heads(SHEET, 3, ("Per option", *(one.option.title for one in held.entries)))
    columns = [Column(book, held, one, k) for k, one in enumerate(held.entries, start=1)]
    row = 4
    for part in (_bought, _costs, partial(_scores, columns), _worth):
        row = part(book, held, columns, row) if not isinstance(part, partial) else part(row)
    return Places({(c.one.option.name, line): cell for c in columns for line, cell in c.cells.items()})


def _title(book: Book, row: int, text: str, kind: str = "wrapped") -> None:
    book.text(Cell(SHEET, row, 0), text, kind)


def _bought(book: Book, held: Ledger, columns: list[Column], row: int) -> int:
    lines = (
        ("labels", "Labels to buy", "number"),
        ("rounds", "Rounds", "count"),
        ("picks", "Picks its items: 1, at random: 0", "count"),
        ("trains", "Uses the labels already paid: 1", "count"),
    )
    for k, (_, title, _) in enumerate(lines):
        _title(book, row + k, title)
    _title(book, row + len(lines), "Labels billed at the first price")
    for one in columns:
        entry = one.one
        picks = float(entry.adaptive and entry.labels > 0)
        for k, value in enumerate((entry.labels, entry.rounds, picks, float(entry.trains))):
            one.put(lines[k][0], row + k, value, lines[k][2])
        billed = billed_formula(held, one.cells["labels"].here)
        price = held.asked.cost_per_label
        quoted = cost_lines(held, entry)[LINES[0]]
        one.work("billed", row + len(lines), billed, quoted / price if price else 0.0, "number")
    return row + len(lines) + 2


def _costs(book: Book, held: Ledger, columns: list[Column], row: int) -> int:
    _title(book, row, "Cost", "section")
    for k, line in enumerate(LINES, start=row + 1):
        _title(book, k, line)
    last = row + len(LINES)
    for shift, title in enumerate(("Cost in all", "Weeks", "Cost of waiting", "Saved against labeling everything")):
        _title(book, last + 1 + shift, title)
    for one in columns:
        amounts = cost_lines(held, one.one)
        for k, line in enumerate(LINES, start=row + 1):
            one.work(line, k, COSTS[line], amounts[line])
        ends = one.cells[LINES[0]].here, one.cells[LINES[-1]].here
        one.work("cost", last + 1, f"SUM({ends[0]}:{ends[1]})", cost_at(held, one.one))
        one.work("weeks", last + 2, WEEKS, weeks_at(held, one.one), "decimal")
        one.work("waiting", last + 3, WAITING, waiting_at(held, one.one))
    everything = next(one for one in columns if one.one.option.name == "label_everything")
    for one in columns:
        saved = cost_at(held, everything.one) - cost_at(held, one.one)
        one.work("savings", last + 4, f"{everything.cells['cost'].here}-{{cost}}", saved)
    return last + 6


def _scores(columns: list[Column], row: int) -> int:
    """The score of each option, and what it is over the two baselines, in units of value."""
    book, held = columns[0].book, columns[0].held
    _title(book, row, f"{held.plan.valuation.forecast.metric_name.capitalize()} where it stops", "section")
    for k, (_, title) in enumerate(QUANTILES, start=row + 1):
        _title(book, k, f"Score, {title}")
    for one in columns:
        for k, (name, _) in enumerate(QUANTILES, start=row + 1):
            one.put(f"score_{name}", k, getattr(one.one.option.score, name), "percent")
    row += len(QUANTILES) + 1
    return _units(book, held, columns, row) if held.valued else row + 1


def _units(book: Book, held: Ledger, columns: list[Column], row: int) -> int:
    unit = "Points" if held.per_point else "Value (a year, where it comes every year)"
    for against, over in (("everything", "labeling everything"), ("nothing", "doing nothing")):
        for name, title in (*QUANTILES, ("mean", "expected")):
            _title(book, row, f"{unit} over {over}, {title}")
            for one in columns:
                one.put(f"{against}_{name}", row, _over(one.one, against, name), "number")
            row += 1
    return row + 1


def _over(one: Entry, against: str, name: str) -> float | None:
    if name == "mean":
        return one.mean_over_everything if against == "everything" else one.mean
    interval: Interval = one.over_everything if against == "everything" else one.over_nothing
    return getattr(interval, name)  # type: ignore[no-any-return]


def _worth(book: Book, held: Ledger, columns: list[Column], row: int) -> int:
    if not held.valued:
        _title(book, row, f"{unvalued(held.plan.valuation.assumptions)} Nothing is said of worth.", "note")
        return row + 1
    unit = "value_per_point*" if held.per_point else ""
    everything = next(one for one in columns if one.one.option.name == "label_everything")
    waits = everything.cells["waiting"].here
    _title(book, row, "Worth", "section")
    row += 1
    for name, title in (*QUANTILES, ("mean", "expected")):
        _title(book, row, f"Net benefit over labeling everything, {title}")
        _title(book, row + 5, f"Net value over doing nothing, {title}")
        for one in columns:
            value = _worths(held, one.one, everything.one, name)
            if value is None:
                continue
            gain = f"{{everything_{name}}}*{unit}present_value_of_1"
            one.work(f"benefit_{name}", row, f"{{savings}}+{gain}+{waits}-{{waiting}}", value[0])
            gain = f"{{nothing_{name}}}*{unit}present_value_of_1"
            one.work(f"net_{name}", row + 5, f"{gain}-{{cost}}-{{waiting}}", value[1])
        row += 1
    _title(book, row, "ROI: net benefit over cost, middle")
    for one in columns:
        benefit = _worths(held, one.one, everything.one, "p50")
        spent = cost_at(held, one.one)
        if benefit is not None:
            roi = benefit[0] / spent if spent > 0 else "nothing is spent"
            one.work("roi", row, 'IF({cost}>0,{benefit_p50}/{cost},"nothing is spent")', roi, "percent")
    return row + 6


def _worths(held: Ledger, one: Entry, everything: Entry, name: str) -> tuple[float, float] | None:
    """(net benefit, net value) as it is now; None where the purchase itself is drawn."""
    over = [_over(one, against, name) for against in ("everything", "nothing")]
    if one.drawn or None in over:
        return None
    worth = [float(units or 0.0) * held.unit * held.years for units in over]
    spent, late = cost_at(held, one), waiting_at(held, one)
    saved = cost_at(held, everything) - spent
    return saved + worth[0] + waiting_at(held, everything) - late, worth[1] - spent - late
