"""The report: the same sentences and numbers as the plan, in files that need nothing else."""

import csv
import io
import re
from html.parser import HTMLParser

import handmade
import pytest

from planner import words
from planner.blocks import Chart, Heading, Sentence, Table
from planner.economics import Assumptions
from planner.exports import EXPORTS
from planner.pilot import PilotSettings
from planner.plan import Plan, decide
from planner.report import write
from planner.report.details import setting_words
from planner.settings import knobs

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Reader(HTMLParser):
    """Checks that tags close, and collects words and what the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "xlink:href", "srcset")]
        self.fetched += [tag] if tag in ("script", "iframe", "object", "embed", "form") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def a_plan(**assumed: float | None) -> Plan:
    return decide(handmade.valuation(**assumed))


def page(plan: Plan) -> tuple[str, Reader]:
    text = EXPORTS["report_html"].call(write(plan)).decode()
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return text, reader


def test_the_page_is_whole_small_and_asks_nothing_of_the_network() -> None:
    text, reader = page(a_plan())
    assert len(text.encode()) < 1_000_000
    assert reader.fetched == []
    assert not re.search(r"url\((?!#)|@import|//[a-z0-9.-]+\.[a-z]{2,}", text.replace("http://www.w3.org/", ""))
    assert text.count("<svg") == 2  # the curves and the classes picked
    assert text.count("<h1>") == 1


def test_the_page_says_what_the_plan_says() -> None:
    plan = a_plan()
    said = " ".join(" ".join(page(plan)[1].words).split())
    assert plan.sentence in said
    for doubt in plan.doubts:
        assert doubt.remedy in said
        assert doubt.finding.split(". ")[0] in said
    for stop in plan.stops:
        assert stop.title in said
    for option in plan.options:
        assert option.title in said
    facts = plan.valuation.forecast.pilot.facts
    assert facts.digest in said
    assert "seed 7" in said


def test_every_setting_stands_in_the_report_with_its_value() -> None:
    plan = a_plan(cost_per_label=0.35)
    table = next(b for b in write(plan).details if isinstance(b, Table) and b.title == "Assumptions and settings")
    shown = {row[0]: row[1:] for row in table.rows}
    assert {one.title for owner in (Assumptions, PilotSettings) for one in knobs(owner)} <= set(shown)
    assert shown["Cost per label"] == ("$0.35", "USD/label")
    assert shown["Folds"] == ("5", "folds")
    assert shown["Budget cap"] == ("not given", "USD")
    assert shown["Value comes every year"][0] == "no"


def test_a_setting_is_shown_as_it_was_typed() -> None:
    by_name = {one.name: one for owner in (Assumptions, PilotSettings) for one in knobs(owner)}
    assert setting_words(by_name["setup_cost"], 12_345.0, "EUR") == "€12,345"
    assert setting_words(by_name["strategies"], ("random", "margin"), "USD") == "Random labeling and Smallest margin"
    assert setting_words(by_name["first"], 1000, "USD") == "1,000"
    assert setting_words(by_name["seed"], 123_456, "USD") == "123456"
    assert setting_words(by_name["discount_rate"], 0.1, "USD") == "0.1"


def test_names_from_a_file_cannot_become_code_in_the_page_or_the_note() -> None:
    from dataclasses import replace

    plan = a_plan()
    pilot = plan.valuation.forecast.pilot
    facts = replace(pilot.facts, name='<script>alert(1)</script> & "co".csv', label="[a](http://x.y) | b")
    forecast = replace(plan.valuation.forecast, pilot=replace(pilot, facts=facts))
    plan = replace(plan, valuation=replace(plan.valuation, forecast=forecast))
    text, reader = page(plan)
    assert reader.fetched == []
    assert "<script" not in text
    assert '<script>alert(1)</script> & "co".csv' in "".join(reader.words)
    note = EXPORTS["method_md"].call(write(plan)).decode()
    assert r"\[a\](http://x.y) \| b" in note


def test_the_memo_is_plain_text_of_even_width() -> None:
    memo = EXPORTS["memo_txt"].call(write(a_plan())).decode()
    assert "**" not in memo
    assert "<" not in memo
    assert "\u2060" not in memo
    table = memo[memo.index("The options") :].splitlines()[2:]
    assert len(table[0]) >= max(len(line) for line in table[1:] if line)


def test_the_note_holds_the_whole_report() -> None:
    report = write(a_plan())
    note = EXPORTS["method_md"].call(report).decode()
    for block in (*report.answer, *report.details):
        title = block.text if isinstance(block, Heading) else block.title if isinstance(block, Table) else ""
        assert title.replace("#", r"\#") in note
    assert note.startswith("tickets.csv")
    rows = [line for line in note.splitlines() if line.startswith("|")]
    assert len({line.replace(r"\|", "").count("|") for line in rows}) <= 8


def test_the_curves_as_a_table_are_those_of_the_forecast() -> None:
    plan = a_plan()
    forecast = plan.valuation.forecast
    rows = list(csv.DictReader(io.StringIO(EXPORTS["curves_csv"].call(write(plan)).decode())))
    last = [row for row in rows if row["strategy"] == "random" and row["part"] == "forecast"][-1]
    assert int(last["labels"]) == forecast.pool_size
    assert int(last["labels_to_buy"]) == forecast.pool_size - forecast.labeled
    first = next(row for row in rows if row["strategy"] == "margin" and row["part"] == "measured")
    assert float(first["p50"]) == pytest.approx(forecast.measured["margin"].mean[0])
    assert all(float(row["p10"]) <= float(row["p50"]) <= float(row["p90"]) for row in rows)


def test_the_verdict_comes_before_the_numbers_the_picture_and_the_doubts() -> None:
    answer = write(a_plan()).answer
    kinds = [type(block) for block in answer]
    assert kinds[:3] == [Sentence, Heading, Sentence]
    assert kinds.index(Heading) < kinds.index(Table) < kinds.index(Chart)


def test_a_refused_plan_still_shows_what_is_known() -> None:
    from dataclasses import replace

    steep = handmade.valuation()
    plan = decide(replace(steep, forecast=replace(steep.forecast, refusal="steep")))
    said = " ".join(" ".join(page(plan)[1].words).split())
    assert plan.code == "refused"
    assert "Score at the labels you have" in said
    assert words.money(49_000) in said
    for name, choice in EXPORTS.items():
        assert choice.call(write(plan)), name
