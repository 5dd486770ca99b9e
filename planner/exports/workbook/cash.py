"""The sheet of cash flows: the recommended option against doing nothing, with present value, return and payback."""

from dataclasses import dataclass

import numpy as np

from planner.choices.values import VALUES
from planner.economics.figures import Figures
from planner.economics.finance import HIGHEST_RATE, LOWEST_RATE, CashFlows, level_income
from planner.economics.investment import CHEAPER, NO_RATE, ONCE
from planner.economics.worth import is_yearly
from planner.exports.ledger import Entry, Ledger, cost_at, units, waiting_at
from planner.exports.workbook.book import Book, Cell
from planner.exports.workbook.inputs import years_shown
from planner.exports.workbook.options import Places

SHEET = "Cash flows"
HEADS = (
    "Year", "Paid at (years from today)", "Share of a year", "Cost", "Value", "Cash flow", "Discounted", "Total so far",
    "Total so far, discounted", "Paid back at", "Paid back at, discounted",
)  # fmt: skip
NEVER = "Never within the horizon."
FREE = "nothing is spent"
WHOLE = "needs whole years"
ON_COST = (
    f'IF(cost_over_nothing>0,(value_over_nothing*present_value_of_1-cost_over_nothing)/cost_over_nothing,"{FREE}")'
)
FIRST_ANSWER = 8  # row
ANSWERS = (
    ("Net present value", "money"),
    ("Yearly return (IRR)", "percent"),
    ("Payback, years", "decimal"),
    ("Payback, years, discounted", "decimal"),
    ("Return on cost", "percent"),
)
TOP = 17  # row of the table's heads


@dataclass(frozen=True)
class Row:
    """One line of the table as it is now."""

    year: float
    at: float
    share: float
    cost: float
    value: float


def cash_sheet(book: Book, held: Ledger, places: Places) -> None:
    """Write the sheet."""
    one = held.known("do_nothing")[0]
    sheet = book.sheets[SHEET]
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(HEADS) - 1, 16)
    book.text(Cell(SHEET, 0, 0), f"{one.option.title}, against doing nothing", "section")
    book.text(
        Cell(SHEET, 1, 0), "In the middle of the forecast. What is paid comes first, labels being bought now.", "lead"
    )
    rows = _rows(held, one)
    _driver(book, held, one, places)
    _answers(book, held, rows)
    book.heads(SHEET, TOP, HEADS)
    for k, row in enumerate(rows):
        _line(book, held, rows, k, row)


def _driver(book: Book, held: Ledger, one: Entry, places: Places) -> None:
    """What the score is worth a year, or once."""
    own, least = places.of(one.option.name, "score_p50"), places.of("do_nothing", "score_p50")
    book.text(Cell(SHEET, 3, 0), "Value over doing nothing, a year or once")
    if held.per_point:
        book.formula(Cell(SHEET, 3, 1), f"100*({own.name}-{least.name})*value_per_point", _worth(held, one), "money")
    else:
        book.value(Cell(SHEET, 3, 1), _worth(held, one), "money")
    book.name("value_over_nothing", Cell(SHEET, 3, 1))
    book.text(Cell(SHEET, 4, 0), "Cost over doing nothing, today")
    spent, free = places.of(one.option.name, "cost"), places.of("do_nothing", "cost")
    book.formula(Cell(SHEET, 4, 1), f"{spent.name}-{free.name}", _spent(held, one), "money")
    book.name("cost_over_nothing", Cell(SHEET, 4, 1))
    book.text(Cell(SHEET, 5, 0), "With waiting, where a week has a value")
    late = [places.of(name, "waiting").name for name in (one.option.name, "do_nothing")]
    book.formula(Cell(SHEET, 5, 1), f"cost_over_nothing+{late[0]}-{late[1]}", _paid(held, one), "money")
    book.name("paid_at_first", Cell(SHEET, 5, 1))


def _worth(held: Ledger, one: Entry) -> float:
    nothing = held.of("do_nothing")
    figures = Figures(held.plan.valuation)
    ends = [float(units(figures, np.array(each.option.score.p50))) for each in (one, nothing) if each]
    return (ends[0] - ends[1]) * held.unit


def _spent(held: Ledger, one: Entry) -> float:
    nothing = held.of("do_nothing")
    return cost_at(held, one) - (cost_at(held, nothing) if nothing else 0.0)


def _paid(held: Ledger, one: Entry) -> float:
    """What goes out today: the cost, and what waiting longer takes off."""
    nothing = held.of("do_nothing")
    return _spent(held, one) + waiting_at(held, one) - (waiting_at(held, nothing) if nothing else 0.0)


def _rows(held: Ledger, one: Entry) -> list[Row]:
    """Today, with value that comes once, and a line for each year; those beyond the horizon hold nothing."""
    asked, worth = held.asked, _worth(held, one)
    yearly = is_yearly(asked)
    found = [Row(0, 0.0, 0.0, -_paid(held, one), 0.0 if yearly else worth)]
    income = level_income(worth, asked.horizon, asked.discount_rate)
    shares = level_income(1.0, asked.horizon, asked.discount_rate).amounts
    for k in range(years_shown(asked.horizon)):
        inside = k < len(income.years)
        at = float(income.years[k]) if inside else asked.horizon
        share = float(shares[k]) if inside and yearly else 0.0
        found.append(Row(k + 1, at, share, 0.0, worth * share))
    return found


def _line(book: Book, held: Ledger, rows: list[Row], k: int, row: Row) -> None:
    r = TOP + 1 + k
    cell = [Cell(SHEET, r, column) for column in range(len(HEADS))]
    flows, later, total, discounted = _totals(held, rows)
    yearly = _yearly(held)
    book.value(cell[0], row.year, "count")
    if k == 0:
        book.value(cell[1], 0.0, "number")
        book.value(cell[2], 0.0, "number")
        book.formula(cell[3], "-paid_at_first", row.cost, "money")
        book.formula(cell[4], f"IF({yearly},0,value_over_nothing)", row.value, "money")
    else:
        year = cell[0].here
        part = f"(horizon-{year}+1)"
        grown = f"IF(discount_rate=0,{part},((1+discount_rate)^{part}-1)/discount_rate)"
        book.formula(cell[1], f"MIN({year},horizon)", row.at, "number")
        book.formula(
            cell[2], f"IF({yearly},IF({year}<=horizon,1,IF({year}-1<horizon,{grown},0)),0)", row.share, "number"
        )
        book.value(cell[3], 0.0, "money")
        book.formula(cell[4], f"{cell[2].here}*value_over_nothing", row.value, "money")
    book.formula(cell[5], f"{cell[3].here}+{cell[4].here}", flows[k], "money", bold=True)
    book.formula(cell[6], f"{cell[5].here}/(1+discount_rate)^{cell[1].here}", later[k], "money")
    for column, amount, running in ((7, 5, total), (8, 6, discounted)):
        before = Cell(SHEET, r - 1, column).here
        own = cell[amount].here
        book.formula(cell[column], own if k == 0 else f"{before}+{own}", running[k], "money")
        if k > 0:
            _paid_back(book, cell, column, rows, running, k)


def _paid_back(book: Book, cell: list[Cell], column: int, rows: list[Row], running: np.ndarray, k: int) -> None:
    now, own_time = cell[column], cell[1]
    before, time = Cell(SHEET, now.row - 1, column).here, Cell(SHEET, now.row - 1, 1).here
    formula = f'IF(AND({now.here}>=0,{before}<0),{time}+({own_time.here}-{time})*-{before}/({now.here}-{before}),"")'
    covered = running[k] >= 0 and running[k - 1] < 0
    value = _crossing(rows, running, k) if covered else None
    book.formula(cell[column + 2], formula, value, "decimal")


def _crossing(rows: list[Row], running: np.ndarray, k: int) -> float:
    start, end = rows[k - 1].at, rows[k].at
    return float(start + (end - start) * -running[k - 1] / (running[k] - running[k - 1]))


def _totals(held: Ledger, rows: list[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(cash flow, discounted, total so far, total so far discounted) of every line."""
    made = CashFlows(np.array([row.at for row in rows]), np.array([row.cost + row.value for row in rows]))
    later = made.amounts * (1.0 + held.asked.discount_rate) ** -made.years
    return made.amounts, later, np.cumsum(made.amounts), np.cumsum(later)


def _yearly(held: Ledger) -> str:
    """Whether value comes every year, as a formula."""
    return "TRUE" if VALUES[held.asked.value_model].facts["yearly"] else "per_year"


def _answers(book: Book, held: Ledger, rows: list[Row]) -> None:
    """NPV, IRR, payback, return on cost, each beside the planner's own number when the file was made."""
    made, r = held.plan.investment, (TOP + 2, TOP + 1 + len(rows))
    assert made is not None  # an option is recommended
    book.heads(SHEET, FIRST_ANSWER - 1, ("Answer", "Follows the inputs", "When the file was made"))
    returns = made.returns[0] if made.returns else made.returns_why
    late = made.payback_why or NEVER
    paid, later = _said(made.payback, late), _said(made.discounted_payback, late)
    on_cost = _said(made.return_on_cost, FREE)
    answers = (
        ("npv", f"SUM(G{r[0]}:G{r[1]})", made.npv, made.npv),
        ("irr", _irr(held, r), _whole(held, returns), returns),
        ("payback", _payback(held, "HJ", r), paid, paid),
        ("payback_discounted", _payback(held, "IK", r), later, later),
        ("return_on_cost", ON_COST, on_cost, on_cost),
    )
    for k, ((name, formula, now, then), (title, kind)) in enumerate(zip(answers, ANSWERS, strict=True)):
        at = Cell(SHEET, FIRST_ANSWER + k, 1)
        book.text(Cell(SHEET, at.row, 0), title, bold=True)
        book.formula(at, formula, now, kind, bold=True)
        book.value(Cell(SHEET, at.row, 2), then, kind)
        book.name(name, at)
    book.text(
        Cell(SHEET, FIRST_ANSWER + 6, 0),
        "Today's amounts are not discounted; Excel's NPV() alone would discount them.",
        "lead",
    )


def _irr(held: Ledger, r: tuple[int, int]) -> str:
    """The rate at which the flows come to nothing, within what the planner calls a rate, or why there is none."""
    guess = f"MAX(0.1,-F{r[0] + 1}/F{r[0]}-1)"
    rate = f"IRR(F{r[0]}:F{r[1]},{guess})"
    inside = f'IF(AND({rate}>={LOWEST_RATE},{rate}<={HIGHEST_RATE}),{rate},"{NO_RATE}")'
    known = f'IF(INT(horizon)=horizon,IFERROR({inside},"{NO_RATE}"),"{WHOLE}")'
    return f'IF(paid_at_first<=0,"{CHEAPER}",IF({_yearly(held)},{known},"{ONCE}"))'


def _whole(held: Ledger, returns: float | str) -> float | str:
    """A rate as the formula gives it: Excel's IRR knows whole years only."""
    whole = held.asked.horizon == int(held.asked.horizon)
    return returns if whole or returns in (CHEAPER, ONCE) else WHOLE


def _payback(held: Ledger, columns: str, r: tuple[int, int]) -> str:
    total, paid = (f"{column}{r[0]}:{column}{r[1]}" for column in columns)
    later = f'IF(COUNT({paid})=0,"{NEVER}",MIN({paid}))'
    once = f'IF(INDEX({total},1)>=0,0,"{NEVER}")'
    return f'IF(paid_at_first<=0,"{CHEAPER}",IF({_yearly(held)},{later},{once}))'


def _said(number: float | None, why: str) -> float | str:
    return why if number is None else number
