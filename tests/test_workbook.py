"""The workbook: real formulas whose values are the plan's, held against an engine that knows nothing of the planner."""

import datetime
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import formulas
import handmade
import numpy as np
import openpyxl
import pytest

from planner.economics import Assumptions, evaluate
from planner.exports import EXPORTS
from planner.exports.ledger import LINES, cost_at, cost_lines, ledger
from planner.exports.log import safe
from planner.forecast import Forecast, ForecastSettings
from planner.plan import Plan, decide
from planner.report import write
from planner.settings import knobs

DAY = datetime.date(2026, 11, 21)
EVERYTHING: dict[str, Any] = {  # every cost term at once
    "cost_per_label": 0.5, "setup_cost": 700.0, "cost_per_round": 50.0, "value_per_point": 9000.0, "votes_per_label": 5,
    "annotator_error": 0.1, "votes_stop_early": True, "review_share": 0.1, "rework_share": 0.05, "hardness": 1.2,
    "fee_per_label": 0.1, "tool_fee": 300.0, "evaluation_labels": 200, "count_paid_labels": True, "people": 3.0,
    "items_per_hour": 30.0, "hours_per_week": 10.0, "value_per_week": 100.0, "hours_per_round": 1.5,
    "cost_per_hour": 42.0,
}  # fmt: skip
YEARLY: dict[str, Any] = {
    "price_table": "0=1.00, 500=0.60, 5000=0.40; minimum=300", "setup_cost": 9000.0, "value_per_point": 1200.0,
    "per_year": True, "todays_score": 0.8, "labels_per_week": 500.0, "value_per_week": 50.0,
}  # fmt: skip
PLAIN: dict[str, Any] = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}


def a_plan(asked: dict[str, Any], made: Forecast | None = None) -> Plan:
    return decide(evaluate(made or handmade.forecast(), Assumptions(**asked)))


def workbook(plan: Plan) -> bytes:
    return EXPORTS["workbook_xlsx"].call(write(plan, DAY))


def opened(data: bytes, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def named(book: Any, name: str) -> Any:
    (sheet, cell), *_ = book.defined_names[name].destinations
    return book[sheet][cell]


def line(book: Any, sheet: str, title: str) -> dict[str, Any]:
    """The cells of a line of a table, by the heads of its columns."""
    rows = list(book[sheet].iter_rows(values_only=True))
    head = next(row for row in rows if row[1] is not None)
    found = next(row for row in rows if row[0] == title)
    return dict(zip(head[1:], found[1:], strict=True))


class Engine:
    """The workbook as `formulas` calculates it: an engine written by other people."""

    def __init__(self, data: bytes, folder: Path) -> None:
        self.file = folder / "book.xlsx"
        self.file.write_bytes(data)
        self.model = formulas.ExcelModel().loads(str(self.file)).finish()

    def calculate(self, **inputs: Any) -> dict[str, Any]:
        """{sheet!cell: value} with some named cells changed."""
        book = opened(self.file.read_bytes())
        cells = {self.key(named(book, name)): value for name, value in inputs.items()}
        found = self.model.calculate(inputs=cells or None)
        return {str(key): node.value[0, 0] for key, node in found.items() if hasattr(node, "value")}

    def key(self, cell: Any) -> str:
        return f"'[book.xlsx]{cell.parent.title.upper()}'!{cell.coordinate}"


def agrees(got: Any, want: Any) -> bool:
    if isinstance(want, int | float):
        return bool(np.isclose(float(got), want, rtol=1e-6, atol=1e-6))
    return str(got) == str(want or "")


@pytest.mark.slow
@pytest.mark.parametrize("asked", [EVERYTHING, YEARLY], ids=["every cost term", "prices by volume, value every year"])
def test_another_engine_gets_every_number_the_file_shows(asked: dict[str, Any], tmp_path: Path) -> None:
    data = workbook(a_plan(asked))
    engine, written, shown = Engine(data, tmp_path), opened(data, values=False), opened(data)
    calculated = engine.calculate()
    cells = [cell for sheet in written for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(cells) > 200
    wrong = [
        (engine.key(cell), cell.value, calculated[engine.key(cell)], shown[cell.parent.title][cell.coordinate].value)
        for cell in cells
        if not agrees(calculated[engine.key(cell)], shown[cell.parent.title][cell.coordinate].value)
    ]
    assert wrong == []


@pytest.mark.slow
def test_another_price_in_the_sheet_is_another_price_in_the_planner(tmp_path: Path) -> None:
    plan = a_plan({**PLAIN, "cost_per_round": 40.0})
    data = workbook(plan)
    engine, shown = Engine(data, tmp_path), opened(data)
    name = plan.recommended.name if plan.recommended else ""
    dearer = {"cost_per_label": 2.5, "setup_cost": 1234.0, "value_per_point": 4000.0}
    calculated = engine.calculate(**dearer)
    valued = evaluate(plan.valuation.forecast, replace(plan.valuation.assumptions, **dearer))
    held = plan.valuation.best[name]  # the same labels as before
    rows = {row[0].value: row for row in shown["Options"].iter_rows()}
    column = [cell.value for cell in rows["Per option"]].index(plan.recommended.title if plan.recommended else "")
    cost = calculated[engine.key(rows["Cost in all"][column])]
    net = calculated[engine.key(rows["Net value over doing nothing, expected"][column])]
    assert cost == pytest.approx(valued.cost[name][held], abs=1e-6)
    assert net == pytest.approx(valued.net[name][:, held].mean(), rel=1e-6)


@pytest.mark.parametrize("asked", [PLAIN, EVERYTHING, YEARLY], ids=["plain", "every cost term", "yearly"])
def test_the_options_in_the_file_are_those_of_the_plan(asked: dict[str, Any]) -> None:
    plan = a_plan(asked)
    book = opened(workbook(plan))
    cost, saved = line(book, "Options", "Cost in all"), line(book, "Options", "Saved against labeling everything")
    benefit = {p: line(book, "Options", f"Net benefit over labeling everything, {t}") for p, t in ENDS.items()}
    net = {p: line(book, "Options", f"Net value over doing nothing, {t}") for p, t in ENDS.items()}
    for option in plan.options:
        assert cost[option.title] == pytest.approx(option.cost.p50)
        assert saved[option.title] == pytest.approx(option.savings.p50)
        if option.name != "random_to_same_score":  # it buys other labels in every draw
            for p in ENDS:
                assert benefit[p][option.title] == pytest.approx(getattr(option.net_benefit, p), abs=1e-6)
                assert net[p][option.title] == pytest.approx(getattr(option.net_value, p), abs=1e-6)


ENDS = {"p10": "1 in 10 is below", "p50": "middle", "p90": "1 in 10 is above"}


def test_the_return_in_the_file_is_that_of_the_plan() -> None:
    plan = a_plan(YEARLY)
    book, made = opened(workbook(plan)), plan.investment
    assert made is not None
    assert made.returns
    assert named(book, "irr").value == pytest.approx(made.returns[0])
    assert named(book, "payback_discounted").value == pytest.approx(made.discounted_payback)
    for name in ("npv", "payback", "return_on_cost"):
        assert named(book, name).value == pytest.approx(getattr(made, name))


def test_cost_lines_add_up_to_the_cost_of_the_option() -> None:
    for asked in (PLAIN, EVERYTHING, YEARLY):
        held = ledger(a_plan(asked))
        for one in held.entries:
            assert list(cost_lines(held, one)) == list(LINES)
            assert cost_at(held, one) == pytest.approx(one.option.cost.p50)


def test_every_amount_a_formula_reads_is_a_named_cell() -> None:
    book = opened(workbook(a_plan(EVERYTHING)), values=False)
    texts = [str(c.value) for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    used = {word for text in texts for word in re.findall(r"[a-z][a-z_0-9]+", re.sub(r"\"[^\"]*\"|'[^']*'", "", text))}
    assert used <= set(book.defined_names)
    amounts = {one.name for one in knobs(Assumptions)} & set(book.defined_names)
    assert {"cost_per_label", "setup_cost", "value_per_point", "discount_rate", "horizon"} <= amounts
    for name in amounts:
        typed = getattr(Assumptions(**EVERYTHING), name)
        assert named(book, name).value == (typed if typed is not None else None)


def test_a_cell_takes_what_the_planner_takes() -> None:
    book = opened(workbook(a_plan(YEARLY)), values=False)
    allowed = {str(one.sqref): one for one in book["Inputs"].data_validations.dataValidation}
    for one in (one for one in knobs(Assumptions) if one.name in book.defined_names):
        rule = allowed[named(book, one.name).coordinate]
        if one.kind is bool:
            assert rule.type == "list"
        else:
            last = max(row[0].value for row in book["Cash flows"].iter_rows() if isinstance(row[0].value, int))
            high = last if one.name == "horizon" else one.high
            assert (float(rule.formula1), float(rule.formula2)) == (one.low, high)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    made = handmade.forecast()
    evil = replace(made.pilot.facts, name="=cmd()|x.csv", classes=("=1+1", "+2", "@SUM(A1)"), label="-label")
    plan = a_plan(PLAIN, replace(made, pilot=replace(made.pilot, facts=evil)))
    written = opened(workbook(plan), values=False)
    texts = {c.value: c.data_type for s in written for row in s.iter_rows() for c in row if isinstance(c.value, str)}
    assert texts["Labeled rows of =1+1"] == "s"
    assert texts["=cmd()|x.csv"] == "s"
    ours = [v for v, kind in texts.items() if kind == "f"]
    assert not any("cmd" in v or v == "=1+1" for v in ours)
    log = EXPORTS["assumptions_csv"].call(write(plan, DAY)).decode()
    assert "'=cmd()|x.csv" in log
    assert safe("=1+1") == "'=1+1"
    assert safe("plain") == "plain"
    assert safe(-1.5) == -1.5


def test_the_file_names_no_person_place_or_moment() -> None:
    data = workbook(a_plan(PLAIN))
    assert data == workbook(a_plan(PLAIN))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        core, app = (parts.read(f"docProps/{name}.xml").decode() for name in ("core", "app"))
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "xl/calcChain.xml" not in parts.namelist()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "2026-11-21T00:00:00Z" in core
    assert "<Company></Company>" in app


def test_a_plan_without_value_or_advice_still_makes_a_workbook() -> None:
    made = handmade.forecast()
    refused = a_plan(PLAIN, replace(made, refusal="steep"))
    unvalued = a_plan({"cost_per_label": 2.0})
    assert refused.code == "refused"
    for plan in (refused, unvalued):
        book = opened(workbook(plan))
        assert "Cash flows" not in book.sheetnames
        assert line(book, "Options", "Cost in all")["Label everything"] == pytest.approx(
            49_000 * plan.valuation.assumptions.cost_per_label
        )


def test_the_curve_has_a_chart_that_excel_draws_itself() -> None:
    plan = a_plan(PLAIN)
    data = workbook(plan)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        charts = [name for name in parts.namelist() if re.match(r"xl/charts/chart\d+\.xml", name)]
        assert len(charts) == 2
        assert "Smallest margin, forecast" in parts.read(charts[0]).decode()
    rows = list(opened(data)["Curve"].iter_rows(values_only=True))
    last = max((row for row in rows if isinstance(row[0], int | float)), key=lambda row: row[0])
    assert last[0] == plan.valuation.forecast.pool_size
    assert last[3] == pytest.approx(float(np.median(plan.valuation.forecast.scores["random"][:, -1])))


def test_the_log_holds_every_setting_with_source_date_and_unit() -> None:
    plan = a_plan({**PLAIN, "ranges": "cost_per_label=0.5..2"})
    rows = list(opened(workbook(plan))["Assumptions"].iter_rows(min_row=3, values_only=True))
    by_title = {row[0]: row for row in rows}
    titles = {one.title for owner in (Assumptions, ForecastSettings) for one in knobs(owner)} - {"Ranges of amounts"}
    assert titles <= set(by_title)
    assert by_title["Cost per label"][1:7] == (1, 0.5, 2, "USD/label", "typed in", "2026-11-21")
    assert by_title["Tool fee"][5] == "default of the planner"
    assert by_title["Votes per label"][5].startswith("default of the planner; usual 1 to 9: ")
