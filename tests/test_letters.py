"""Names in any script: drawn as they are where there is a font, else in Latin letters and said so; and no clock."""

import datetime
import io
import re
from dataclasses import replace
from zipfile import ZipFile

import handmade
import pypdf
import pytest
import vl_convert

from planner.economics import Assumptions, evaluate
from planner.exports import EXPORTS
from planner.exports.brief import brief
from planner.exports.letters import NOTE, NOWHERE, drawable, in_letters
from planner.exports.sponsor import sheet
from planner.exports.steady import steady_pdf
from planner.plan import decide
from planner.report.writing import Report, write

DAY = datetime.date(2026, 11, 21)
NAMES = {  # what a file may be called, and its sound in Latin letters
    "客户投诉": "KeHuTouSu",
    "отзывы": "otzyvy",
    "レビュー": "rebiyu",
    "고객": "GoGaeg",
    "شكاوى": "shkwa",
}


def report_on(name: str) -> Report:
    forecast = handmade.forecast()
    pilot = replace(forecast.pilot, facts=replace(forecast.pilot.facts, name=name))
    asked = Assumptions(cost_per_label=1.0, setup_cost=500.0, value_per_point=5000.0)
    return write(decide(evaluate(replace(forecast, pilot=pilot), asked)), DAY)


def text_of(report: Report) -> str:
    page = pypdf.PdfReader(io.BytesIO(EXPORTS["sponsor_pdf"].call(report))).pages[0]
    return " ".join(page.extract_text().split())


@pytest.mark.slow  # a PDF takes a second or two
@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_another_script_is_never_a_row_of_boxes(name: str) -> None:
    text = text_of(report_on(f"{name}.csv"))
    if all(drawable(sign) for sign in name):
        assert NOTE not in text
    else:
        assert NAMES[name].lower() in text.lower()
        assert NOTE in text


def test_what_no_font_draws_is_written_in_latin_letters() -> None:
    for name, sound in NAMES.items():
        if not any(drawable(sign) for sign in name):
            assert in_letters(name).lower() == sound.lower()
    assert in_letters(f"a{NOWHERE}b") == "a?b"
    assert not drawable(NOWHERE)


def test_letters_of_the_drawing_librarys_own_font_stay_as_they_are() -> None:
    for text in ("Übergrößenträger", "€ − £", "Łódź", "Ελλάδα", "отзывы", "plain"):
        assert in_letters(text) == text


def test_a_page_without_other_letters_has_no_word_about_them() -> None:
    assert NOTE not in text_of(report_on("tickets.csv"))


@pytest.mark.slow
def test_an_ordered_pdf_is_the_same_page() -> None:
    """Read by pypdf: the same words at the same places, the same fonts, every object where the table says."""
    drawn = bytes(vl_convert.svg_to_pdf(sheet(brief(report_on("tickets.csv")))))
    pages = [pypdf.PdfReader(io.BytesIO(data), strict=True).pages[0] for data in (drawn, steady_pdf(drawn))]
    contents = [page.get_contents().get_data() for page in pages]
    assert contents[0] == contents[1]
    assert pages[0].extract_text() == pages[1].extract_text()
    fonts = [{str(name): font["/BaseFont"] for name, font in page["/Resources"]["/Font"].items()} for page in pages]
    assert fonts[0] == fonts[1]
    assert steady_pdf(steady_pdf(drawn)) == steady_pdf(drawn)
    assert steady_pdf(b"%PDF-1.7 of another make") == b"%PDF-1.7 of another make"


def dates_in(data: bytes) -> tuple[set[tuple[int, ...]], set[str]]:
    """(dates of all members, dates written in them) of an Office file and those inside it."""
    moments, written = set(), set()
    with ZipFile(io.BytesIO(data)) as file:
        for member in file.infolist():
            moments.add(member.date_time)
            content = file.read(member)
            if member.filename.endswith(".xlsx"):
                inner, said = dates_in(content)
                moments, written = moments | inner, written | said
            written |= set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", content.decode("latin-1")))
    return moments, written


def test_no_clock_is_in_the_slide() -> None:
    moments, written = dates_in(EXPORTS["slide_pptx"].call(report_on("tickets.csv")))
    assert moments == {(1980, 1, 1, 0, 0, 0)}
    assert written == {"2026-11-21T00:00:00Z"}
