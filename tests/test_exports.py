"""Documents to take along: each is opened by a reader of its own kind and says what the plan says."""

import csv
import datetime
import io
import re
import struct
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import handmade
import pptx
import pypdf
import pytest

from planner import words
from planner.economics import Assumptions, evaluate
from planner.exports import EXPORTS
from planner.exports.brief import brief
from planner.exports.log import COLUMNS, assumptions_of
from planner.exports.menu import GROUPS
from planner.exports.paper import BOLD, PLAIN, Look, Paper, width_of, wrapped
from planner.exports.sponsor import HEIGHT, MARGIN, SCALES, WIDTH, Sheet
from planner.plan import decide
from planner.plan.sensitivity import switching_value
from planner.report.writing import Report, foot, write

DAY = datetime.date(2026, 11, 21)
PHASES = ("Assess", "Pilot", "Scale", "Integrate")


def a_report(**asked: Any) -> Report:
    given = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0, **asked}
    return write(decide(evaluate(handmade.forecast(), Assumptions(**given))), DAY)


def refused() -> Report:
    made = replace(handmade.forecast(), refusal="steep")
    return write(decide(evaluate(made, Assumptions(cost_per_label=1.0, value_per_point=5000.0))), DAY)


REPORTS = {
    "once": a_report,
    "yearly with a calendar": lambda: a_report(
        value_per_point=900.0, per_year=True, labels_per_week=300.0, cost_per_round=80.0, todays_score=0.8
    ),
    "without a value": lambda: a_report(value_per_point=None),
    "enough": lambda: a_report(value_per_point=1.0),
    "label everything": lambda: a_report(label_all=True),
    "refused": refused,
}


@cache
def report_of(kind: str) -> Report:
    return REPORTS[kind]()


@cache
def made(name: str, report: Report) -> bytes:
    return EXPORTS[name].call(report)


def pdf(report: Report) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made("sponsor_pdf", report)))


def flat(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def pdf_text(report: Report) -> str:
    return flat(pdf(report).pages[0].extract_text())


def html_text(report: Report) -> str:
    page = made("sponsor_html", report).decode()
    return flat(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)))


@pytest.mark.slow  # a PDF takes a second or two
@pytest.mark.parametrize("kind", REPORTS)
def test_the_sponsors_page_is_one_page_on_a4_for_every_verdict(kind: str) -> None:
    report = report_of(kind)
    found = pdf(report)
    assert len(found.pages) == 1
    assert [float(side) for side in found.pages[0].mediabox[2:]] == [595.28, 841.89]
    text = pdf_text(report)
    for words_said in (report.plan.sentence, "Decision asked", "The options", "biggest risks", *PHASES, "Measured",
                       "Assumed", flat(foot(report.plan))):  # fmt: skip
        assert words_said.removesuffix(".") in text, words_said


@pytest.mark.parametrize("kind", REPORTS)
def test_nothing_is_drawn_beyond_the_paper(kind: str) -> None:
    shown = brief(report_of(kind))
    ends = [Sheet(Paper(WIDTH, HEIGHT), shown, scale).draw() for scale in (SCALES[0], SCALES[-1])]
    assert ends[1] < ends[0]
    assert ends[1] <= HEIGHT - MARGIN


@pytest.mark.parametrize("name", ["sponsor_pdf", "sponsor_html"])
def test_the_page_names_decision_money_options_risks_and_data(name: str) -> None:
    report = report_of("yearly with a calendar")
    plan, text = report.plan, {"sponsor_pdf": pdf_text, "sponsor_html": html_text}[name](report)
    assert plan.recommended is not None
    assert plan.recommended.cost.p50 is not None
    assert f"approve {words.money(plan.recommended.cost.p50)}" in text
    for title in ("Do nothing", "Label everything", "Random to the same score", plan.recommended.title):
        assert title in text
    assert words.percent(plan.recommended.score.p50 or 0.0) in text
    assert "month" in text
    assert plan.valuation.forecast.pilot.facts.digest in text
    assert "2026-11-21" in text
    assert "weeks" in text
    price = switching_value(plan, "cost_per_label")
    if "Cost per label." in text and price is not None:
        assert f"turns the advice at about {words.money(price)}" in text


def test_the_numbers_on_the_page_are_those_of_the_plan() -> None:
    report = report_of("once")
    plan, shown = report.plan, brief(report)
    own = plan.recommended
    assert own is not None
    figures = {one.title: one for one in shown.numbers}
    assert figures["Cost, all in"].value == words.money(own.cost.p50 or 0.0)
    net = figures["Net value over doing nothing"]
    assert net.value == words.money(own.net_value.p50 or 0.0)
    assert net.range == words.between(words.money(own.net_value.p10 or 0.0), words.money(own.net_value.p90 or 0.0))
    marked = [row for row in shown.options.rows if row[0].startswith("**")]
    assert [row[0] for row in marked] == [f"**{own.title}**"]
    assert len(shown.risks) == 3
    assert [phase.name for phase in shown.phases] == list(PHASES)


def test_the_sponsors_html_asks_nothing_of_the_network_and_runs_nothing() -> None:
    page = made("sponsor_html", report_of("once")).decode()
    assert len(page.encode()) < 1_000_000
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<iframe|<link|<img|src=|@import|url\((?!#)", page)
    assert not re.search(r"//[a-z0-9.-]+\.[a-z]{2,}", page.replace("http://www.w3.org/", ""))
    assert page.count("<svg") == 1
    assert page.count("<h1>") == 1
    assert "default-src 'none'" in made("report_html", report_of("once")).decode()


def test_names_from_a_file_stay_words_in_every_document() -> None:
    forecast = handmade.forecast()
    evil = '<script>alert(1)</script> & "co".csv'
    facts = replace(forecast.pilot.facts, name=evil)
    valued = evaluate(
        replace(forecast, pilot=replace(forecast.pilot, facts=facts)), Assumptions(value_per_point=5000.0)
    )
    report = write(decide(valued), DAY)
    assert "<script" not in made("sponsor_html", report).decode()
    assert evil in pdf_text(report)
    slide = pptx.Presentation(io.BytesIO(made("slide_pptx", report))).slides[0]
    assert any(evil in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_signs_of_money_and_minus_are_drawn_as_such() -> None:
    text = pdf_text(a_report(currency="EUR", value_per_point=1000.0))
    assert "€" in text
    assert "\u2212€" in text  # labeling everything loses money here
    assert "$" not in text


def test_lines_are_no_wider_than_their_column() -> None:
    look = Look(9)
    text = "**Ünïcode** words, 漢字漢字漢字漢字漢字漢字漢字漢字 and averyveryverylongwordwithoutanyspaceinit **bold**."
    lines = wrapped(text, 80, look)
    widths = [sum(width_of(word, 9, bold) for word, bold in line) + 2.5 * (len(line) - 1) for line in lines]
    assert max(widths) <= 80.01
    assert "".join(word for line in lines for word, _ in line) == text.replace("**", "").replace(" ", "")
    assert [word for line in lines for word, bold in line if bold] == ["Ünïcode", "bold."]


def test_no_line_ends_inside_a_number() -> None:
    """French thousands stand apart by a narrow space, German amounts from their sign by a hard one."""
    text = "From 10\u202f000\u202f000\u00a0€ to 20\u202f000\u202f000\u00a0€ better off, whatever comes."
    for width in range(90, 200, 5):
        pieces = [word for line in wrapped(text, width, Look(9)) for word, _ in line]
        assert "10\u202f000\u202f000\u00a0€" in pieces


def test_the_widths_of_letters_are_told_once_each() -> None:
    for table in (PLAIN, BOLD):
        signs = "".join(table.values())
        assert len(signs) == len(set(signs))
        assert {chr(code) for code in range(32, 127)} <= set(signs)


def test_pictures_are_pictures_of_the_curve() -> None:
    report = report_of("once")
    drawing = ElementTree.fromstring(made("chart_svg", report).decode())
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Active learning" in "".join(drawing.itertext())
    picture = made("chart_png", report)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    wide, tall = struct.unpack(">II", picture[16:24])
    assert wide == pytest.approx(2 * float(drawing.get("width", "0")), abs=2)
    assert tall == pytest.approx(2 * float(drawing.get("height", "0")), abs=2)


def test_without_a_replay_the_picture_says_the_verdict() -> None:
    report = report_of("once")
    bare = replace(report, answer=())
    assert report.plan.sentence in "".join(ElementTree.fromstring(made("chart_svg", bare).decode()).itertext())
    assert made("chart_png", bare)[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "name", ["chart_svg", "chart_png", "sponsor_html", "sponsor_pdf", "slide_pptx", "report_html", "assumptions_csv"]
)
def test_the_same_report_is_the_same_file(name: str) -> None:
    report = report_of("once")
    assert EXPORTS[name].call(report) == EXPORTS[name].call(report)


def test_the_slide_has_words_and_a_chart_that_can_be_edited() -> None:
    report = report_of("once")
    plan = report.plan
    show = pptx.Presentation(io.BytesIO(made("slide_pptx", report)))
    assert len(show.slides) == 1
    assert show.core_properties.author == ""
    slide = show.slides[0]
    assert slide.shapes.title.text_frame.text == plan.sentence.rstrip(".") + "."
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    names = [series.name for series in chart.plots[0].series]
    assert names == ["Random labeling, measured", "Random labeling, forecast", "Smallest margin, measured",
                     "Smallest margin, forecast"]  # fmt: skip
    measured = plan.valuation.forecast.measured["random"]
    assert list(chart.plots[0].series[0].values) == pytest.approx(list(measured.mean))
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    assert table.cell(0, 0).text == "Option"
    for shape in slide.shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= show.slide_width
        assert shape.top + shape.height <= show.slide_height


def test_a_refused_plan_makes_every_document_and_asks_for_no_money() -> None:
    report = report_of("refused")
    assert "no budget yet" in html_text(report)
    assert "approve" not in html_text(report)
    for name in EXPORTS:
        assert len(made(name, report)) > 100, name


def test_every_file_belongs_to_a_group_of_readers() -> None:
    assert {str(choice.facts["group"]) for choice in EXPORTS.values()} == set(GROUPS)


def test_a_name_that_says_only_its_end_means_the_file_it_always_meant() -> None:
    first: dict[str, str] = {}
    for name, choice in EXPORTS.items():
        first.setdefault(str(choice.facts["suffix"]), name)
    assert (first[".html"], first[".csv"], first[".json"]) == ("report_html", "curves_csv", "plan_json")


def test_the_log_as_a_table_is_the_log() -> None:
    report = a_report(ranges="cost_per_label=0.5..2")
    rows = list(csv.DictReader(io.StringIO(made("assumptions_csv", report).decode())))
    log = assumptions_of(report)
    assert tuple(rows[0]) == COLUMNS
    assert [row["assumption"] for row in rows] == [one.title for one in log]
    price = next(row for row in rows if row["name"] == "cost_per_label")
    assert (price["low"], price["value"], price["high"], price["unit"]) == ("0.5", "1.0", "2.0", "USD/label")
    assert all(row["meaning"] and row["source"] and row["date"] == "2026-11-21" for row in rows)
