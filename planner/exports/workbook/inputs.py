"""The sheet of inputs: every amount as a named cell, with its range, unit and meaning."""

import math
from math import comb
from typing import Any

from planner import words
from planner.choices.values import VALUES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import labels_cost, labels_in_week, prices_per_label, votes_paid
from planner.economics.price_table import price_table
from planner.economics.quality import MOST_VOTES
from planner.economics.ranges import ranges_of
from planner.exports.ledger import Ledger
from planner.exports.workbook.book import Book, Cell
from planner.forecast.carrying import ForecastSettings
from planner.settings import Knob, knobs

SHEET = "Inputs"
WORDS = ("ranges", "price_table", "mistake_costs", "class_shares", "value_model", "baseline", "currency",
         "price_source", "sources")  # fmt: skip
# What a formula of this workbook reads; the others shaped the forecast or the advice, which stay.
LIVE = (
    "cost_per_label", "setup_cost", "cost_per_round", "hours_per_round", "cost_per_hour",
    "value_per_point", "per_year", "horizon", "discount_rate",
    "labels_per_week", "people", "items_per_hour", "hours_per_week", "value_per_week", "weeks_per_round",
    "count_paid_labels", "votes_per_label", "annotator_error", "votes_stop_early", "review_share", "rework_share",
    "hardness", "fee_per_label", "tool_fee", "evaluation_labels",
)  # fmt: skip
FEWEST_YEARS = 10  # lines of the cash flows, so that a longer horizon can be tried
ENDLESS = 1e15  # labels beyond the last price
KINDS = {"1/year": "percent", "0 to 1": "number", "votes/label": "count", "labels": "count"}
HEADS = ("Input", "Value", "Unit", "Low", "High", "Cell name", "What it is")


def inputs_sheet(book: Book, held: Ledger) -> None:
    """Write the sheet."""
    sheet = book.sheets[SHEET]
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 4, 14)
    sheet.set_column(5, 5, 22)
    sheet.set_column(6, 6, 90)
    book.text(Cell(SHEET, 0, 0), "Inputs", "section")
    book.text(
        Cell(SHEET, 1, 0),
        "Change a yellow cell: costs, cash flows and scenarios follow. The forecast and the labels to buy stay.",
        "lead",
    )
    book.heads(SHEET, 3, HEADS)
    sheet.freeze_panes(4, 1)
    row = 4
    for one in (one for one in knobs(Assumptions) if one.name in LIVE):
        if one.name == "value_per_point" and not held.per_point:
            continue
        _input(book, one, row, True)
        row += 1
    row = _worked_out(book, held, _tiers(book, _fixed(book, held, row + 1) + 1) + 1)
    _votes(book, row + 1)


def _input(book: Book, one: Knob, row: int, live: bool) -> None:
    asked = book.plan.valuation.assumptions
    value = getattr(asked, one.name)
    kind = _kind(one)
    low, high = ranges_of(asked).get(one.name, (None, None))
    at = Cell(SHEET, row, 1)
    book.text(Cell(SHEET, row, 0), one.title)
    book.value(at, value, kind, typed=live)
    book.text(Cell(SHEET, row, 2), one.unit.replace("currency", book.currency), "note")
    book.value(Cell(SHEET, row, 3), low, kind)
    book.value(Cell(SHEET, row, 4), high, kind)
    book.text(Cell(SHEET, row, 6), words.fixed(one.help), "note")
    if live:
        book.text(Cell(SHEET, row, 5), one.name, "note")
        book.name(one.name, at)
        book.sheets[SHEET].data_validation(row, 1, row, 1, _allowed(book, one))


def _allowed(book: Book, one: Knob) -> dict[str, Any]:
    """What may be typed into a cell: what the planner takes as well."""
    if one.kind is bool:
        return {"validate": "list", "source": ["TRUE", "FALSE"]}
    high = years_shown(book.plan.valuation.assumptions.horizon) if one.name == "horizon" else one.high
    said = f"{one.title}: from {words.number(one.low or 0.0, 12)} to {words.number(high or 0.0, 12)}."
    limits = {"criteria": "between", "minimum": one.low, "maximum": high}
    return {"validate": "decimal", **limits, "error_title": "Out of range", "error_message": said}


def years_shown(horizon: float) -> int:
    """Years the cash flows have a line for."""
    return max(FEWEST_YEARS, math.ceil(horizon - 1e-9))


def _kind(one: Knob) -> str:
    if one.unit.startswith("currency"):
        return "price"
    return KINDS.get(one.unit, "number") if one.kind in (int, float) else "answer"


def _fixed(book: Book, held: Ledger, row: int) -> int:
    """Inputs that shaped the forecast and the advice."""
    plan = book.plan
    book.text(
        Cell(SHEET, row, 0), "What shaped the forecast and the advice; run the planner again to change it", "section"
    )
    row += 1
    for one in knobs(Assumptions):
        if one.name in LIVE or (one.name in WORDS and getattr(held.asked, one.name) == ""):
            continue
        _input(book, one, row, False)
        row += 1
    facts = (
        ("Labeled rows", held.labeled, "labels_paid", "labels", "Labels of the sample, already paid."),
        ("Items in all", plan.valuation.forecast.pool_size, "items_in_all", "items", _help("pool_size")),
    )
    for title, value, name, unit, note in facts:
        book.text(Cell(SHEET, row, 0), title)
        book.value(Cell(SHEET, row, 1), value, "count")
        book.text(Cell(SHEET, row, 2), unit, "note")
        book.text(Cell(SHEET, row, 5), name, "note")
        book.text(Cell(SHEET, row, 6), note, "note")
        book.name(name, Cell(SHEET, row, 1))
        row += 1
    return row


def _help(name: str) -> str:
    return next(one.help for one in knobs(ForecastSettings) if one.name == name)


def _tiers(book: Book, row: int) -> int:
    """The price table, each price as a share of the first, so that a new cost per label moves them all."""
    text = book.plan.valuation.assumptions.price_table
    if not text:
        return row
    starts, prices, least = price_table(text)
    book.heads(SHEET, row, ("Price table: from label", "To label", "Share of the first price"))
    for k, (start, price) in enumerate(zip(starts, prices, strict=True), start=1):
        end = starts[k] if k < len(starts) else ENDLESS
        book.value(Cell(SHEET, row + k, 0), start, "count", typed=True)
        book.value(Cell(SHEET, row + k, 1), end, "count", typed=True)
        book.value(Cell(SHEET, row + k, 2), price / prices[0] if prices[0] else 0.0, "number", typed=True)
        for column, name in enumerate(("tier_from", "tier_to", "tier_share")):
            book.name(f"{name}_{k}", Cell(SHEET, row + k, column))
    row += len(starts) + 1
    book.text(Cell(SHEET, row, 0), "Smallest order")
    book.value(Cell(SHEET, row, 1), least, "count", typed=True)
    book.name("smallest_order", Cell(SHEET, row, 1))
    return row + 1


def billed_formula(held: Ledger, labels: str) -> str:
    """Labels at the first price that cost as much as `labels`, a cell, in one order of the price table."""
    if not held.asked.price_table:
        return labels
    ordered = f"MAX({labels},smallest_order)"
    tiers = range(1, len(price_table(held.asked.price_table)[0]) + 1)
    parts = [f"tier_share_{k}*MAX(0,MIN({ordered},tier_to_{k})-tier_from_{k})" for k in tiers]
    return f"IF({labels}>0,{'+'.join(parts)},0)"


def _worked_out(book: Book, held: Ledger, row: int) -> int:
    """What several sheets need of the inputs, worked out once."""
    asked = held.asked
    book.text(Cell(SHEET, row, 0), "Worked out from the inputs", "section")
    work = "votes_paid*(1+review_share+rework_share)"
    pace = "IF(ISNUMBER(labels_per_week),labels_per_week{own},people*items_per_hour*hours_per_week/({work}))"
    annuity = "IF(discount_rate=0,horizon,(1-(1+discount_rate)^(-horizon))/discount_rate)"
    before = billed_formula(held, "labels_paid")
    random, chosen = (labels_in_week(asked, adaptive) or 0.0 for adaptive in (False, True))
    always = VALUES[asked.value_model].facts["yearly"]
    yearly = annuity if always else f"IF(per_year,{annuity},1)"
    lines = (
        ("Votes paid for a label", "votes_paid", "IF(votes_stop_early,votes_when_settled,votes_per_label)",
         votes_paid(asked), "number"),
        ("Prices paid for a label", "prices_per_label", work, prices_per_label(asked, False), "number"),
        ("Cost of a label at random", "price_of_a_label", "cost_per_label*prices_per_label+fee_per_label",
         asked.cost_per_label * prices_per_label(asked, False) + asked.fee_per_label, "price"),
        ("Labels a week at random", "pace_at_random", pace.format(own="", work="prices_per_label"), random, "number"),
        ("Labels a week, picked items", "pace_of_picked",
         pace.format(own="/hardness", work="prices_per_label*hardness"), chosen, "number"),
        ("Cost of the labels already paid", "paid_before",
         f"IF(count_paid_labels,({before})*cost_per_label*prices_per_label+labels_paid*fee_per_label,0)",
         float(labels_cost(asked, held.labeled)) if asked.count_paid_labels else 0.0, "money"),
        ("Present value of 1 a year", "present_value_of_1", yearly, held.years, "number"),
    )  # fmt: skip
    for k, (title, name, formula, value, kind) in enumerate(lines, start=row + 1):
        book.text(Cell(SHEET, k, 0), title)
        book.formula(Cell(SHEET, k, 1), formula, value, kind)
        book.text(Cell(SHEET, k, 5), name, "note")
        book.name(name, Cell(SHEET, k, 1))
    return row + len(lines) + 1


def _votes(book: Book, row: int) -> None:
    """Votes paid when voting stops once the majority is settled: one row a number of votes against."""
    asked = book.plan.valuation.assumptions
    need, wrong = asked.votes_per_label // 2 + 1, asked.annotator_error
    book.text(Cell(SHEET, row, 0), "Votes when voting stops once it is settled", "section")
    book.heads(SHEET, row + 1, ("Votes against the majority", "Share of votes paid"))
    first = row + 2
    total = 0.0
    for k in range(MOST_VOTES // 2 + 1):
        at, own = Cell(SHEET, first + k, 1), Cell(SHEET, first + k, 0).here
        book.value(Cell(SHEET, first + k, 0), k, "count")
        n = "(INT(votes_per_label/2)+1)"

        def power(base: str, own: str = own) -> str:
            return f"IF({own}=0,1,({base})^{own})"

        value = 0.0
        if k < need:
            value = (
                (need + k) * comb(need + k - 1, k) * ((1 - wrong) ** need * wrong**k + wrong**need * (1 - wrong) ** k)
            )
        formula = (
            f"IF({own}<{n},({n}+{own})*FACT({n}+{own}-1)/FACT({own})/FACT({n}-1)*((1-annotator_error)^{n}*{power('annotator_error')}"
            f"+annotator_error^{n}*{power('1-annotator_error')}),0)"
        )
        book.formula(at, formula, value, "number")
        total += value
    last = first + MOST_VOTES // 2
    book.text(Cell(SHEET, last + 1, 0), "Votes paid on average")
    book.formula(Cell(SHEET, last + 1, 1), f"SUM(B{first + 1}:B{last + 1})", total, "number")
    book.name("votes_when_settled", Cell(SHEET, last + 1, 1))
