"""Numbers for people, against what a careful person would write by hand."""

import io
import math
import re
from dataclasses import replace

import handmade
import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner import __version__, words
from planner.blocks import Table
from planner.charts import LIGHT, curves
from planner.charts.grid import signed
from planner.economics import Assumptions, evaluate
from planner.errors import PlannerError
from planner.exports import EXPORTS
from planner.plan import decide
from planner.report import write
from planner.report.promises import HOW, promises_sentence, promises_table

MINUS = "\u2212\u2060"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (33_333.0, 3, "$33,300"),
        (33_350.0, 3, "$33,400"),
        (0.0, 3, "$0"),
        (0.35, None, "$0.35"),
        (2.5, None, "$2.50"),
        (2500.0, None, "$2,500"),
        (2500.25, None, "$2,500.25"),
        (-1234.0, 3, f"{MINUS}$1,230"),
        (1_234_567.0, 3, "$1,230,000"),
    ],
)
def test_money(value: float, digits: int | None, text: str) -> None:
    assert words.money(value, "USD", digits) == text


def test_money_in_other_currencies() -> None:
    assert words.money(1200, "EUR") == "€1,200"
    assert words.money(1200, "CHF") == "CHF 1,200"


@pytest.mark.parametrize(("value", "text"), [(1713, "1,700"), (1750, "1,800"), (96, "96"), (4, "4"), (0, "0")])
def test_a_forecast_number_of_labels_has_two_digits(value: float, text: str) -> None:
    assert words.about(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.9125, "91.3%"), (0.9124, "91.2%"), (1.0, "100.0%"), (0.285, "28.5%")])
def test_percent_rounds_half_up(value: float, text: str) -> None:
    assert words.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "1 point"), (0.005, "0.5 points"), (-0.02, f"{MINUS}2 points"), (0.0, "0 points")]
)
def test_points(value: float, text: str) -> None:
    assert words.points(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.6, "2.6"), (2.0, "2"), (12.4, "12"), (9.96, "10"), (3700, "3,700")])
def test_times(value: float, text: str) -> None:
    assert words.times(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.2, "1 s"), (8, "8 s"), (60, "1 min"), (110, "1 min 50 s"), (7500, "2 h 5 min")]
)
def test_seconds(value: float, text: str) -> None:
    assert words.seconds(value) == text


def test_plural_and_listing() -> None:
    assert [words.plural(n, "row") for n in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]
    assert words.plural(2, "class", "classes") == "2 classes"
    assert [words.listing(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]


def test_a_range_always_reads_the_same() -> None:
    assert words.between("$1", "$2") == "8 in 10: $1 to $2"


@given(st.floats(1e-9, 1e12), st.integers(1, 6))
def test_rounding_to_digits_moves_a_number_by_at_most_half_a_step(value: float, digits: int) -> None:
    step = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    assert abs(words.significant(value, digits) - value) <= step * (0.5 + 1e-6)


@given(st.floats(-1e9, 1e9))
def test_a_negative_amount_reads_like_the_positive_one_behind_a_minus(value: float) -> None:
    text = words.money(abs(value))
    assert words.money(-abs(value)) in (text, MINUS + text)


@given(st.floats(0, 1))
def test_no_printed_number_has_a_scale_of_its_own(value: float) -> None:
    assert "e" not in words.percent(value)
    assert "nan" not in words.money(value * 1e9)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.0332, 3, "$0.033"), (0.05, 3, "$0.05"), (0.00213, 3, "$0.0021"), (0.035, None, "$0.035"), (0.3, None, "$0.30"),
     (1.125, None, "$1.125"), (0.0, 3, "$0")],
)  # fmt: skip
def test_prices_of_a_few_cents_keep_what_tells_them_apart(value: float, digits: int | None, text: str) -> None:
    assert words.money(value, "USD", digits) == text


# --- as other places write it -----------------------------------------------------------------------------------------

PLACES = [name for name in words.LOCALES if name != "en"]
LIKE = {"de_ch": "de_CH", "en_in": "en_IN", "pt_br": "pt_BR"}  # as the peer names them


@pytest.mark.parametrize("place", words.LOCALES)
@pytest.mark.parametrize("value", [0.5, 7.25, 999.0, 12_345.5, 123_456.75, 1_234_567.5, 98_765_432.25])
def test_every_locale_writes_numbers_as_the_peer_does(place: str, value: float) -> None:
    with words.spoken(place):
        like = LIKE.get(place, place)
        assert words.number(value, 12) == format_decimal(value, locale=like)
        assert words.count(math.floor(value)) == format_decimal(math.floor(value), locale=like)
        assert words.percent(0.125) == format_percent(0.125, locale=like, decimal_quantization=False)


@pytest.mark.parametrize("place", words.LOCALES)
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP"])
def test_every_locale_puts_the_currency_where_the_peer_does(place: str, currency: str) -> None:
    """Signs differ (US$ in London), places do not: before or after, with a space or without."""
    peer = format_currency(1_234_567.5, currency, locale=LIKE.get(place, place))
    with words.spoken(place):
        before, after = words.affixes(currency)
        number = words.decimal(1_234_567.5, 2)
    assert peer.endswith(number) == bool(before)
    assert (words.HARD in before + after) == any(sign in peer.replace(number, "") for sign in (words.HARD, "\u202f"))


def test_lakhs_and_crores_as_india_writes_them() -> None:
    with words.spoken("en_in"):
        assert [words.count(10.0**power) for power in (3, 4, 5, 6, 7, 9)] == [
            "1,000", "10,000", "1,00,000", "10,00,000", "1,00,00,000", "1,00,00,00,000",
        ]  # fmt: skip
        assert words.money(-250_000, "INR") == f"{MINUS}₹2,50,000"


def test_yen_and_won_have_no_smaller_coin() -> None:
    assert words.money(50, "JPY") == "¥50"
    assert words.money(2.5, "JPY", None) == "¥2.50"  # a price of a label may be less than one all the same


@pytest.mark.parametrize("place", PLACES)
@given(value=st.floats(-1e12, 1e12, allow_nan=False), digits=st.integers(0, 6))
def test_another_place_writes_the_same_number(place: str, value: float, digits: int) -> None:
    plain = words.decimal(value, digits)
    with words.spoken(place):
        signs = words.locale()
        assert words.decimal(value, digits).replace(signs.group, "").replace(signs.decimal, ".") == plain.replace(
            ",", ""
        )


@pytest.mark.parametrize(
    ("code", "place"),
    [("de-DE", "de"), ("de-CH", "de_ch"), ("de-AT", "de"), ("pt-BR", "pt_br"), ("pt", "pt_br"), ("en-IN", "en_in"),
     ("en-US", "en"), ("ja-JP", "en"), ("", "en"), (None, "en"), ("sv", "sv")],
)  # fmt: skip
def test_the_browsers_language_names_the_place(code: str | None, place: str) -> None:
    assert words.nearest(code) == place


def test_a_place_is_spoken_for_its_block_only() -> None:
    with words.spoken("de"), words.spoken("fr"):
        pass
    assert words.count(1000) == "1,000"


def test_a_locale_is_named_as_people_write_it_or_refused_with_a_hint() -> None:
    assert Assumptions(locale="en-IN").locale == "en_in"
    with pytest.raises(PlannerError, match="klingon"):
        Assumptions(locale="klingon")


def german() -> object:
    asked = replace(handmade.valuation().assumptions, locale="de", currency="EUR")
    return decide(evaluate(handmade.forecast(), asked))


def test_screens_and_files_of_a_german_plan_write_german_numbers_and_its_data_stay_plain() -> None:
    report = write(german())
    memo = EXPORTS["memo_txt"].call(report).decode()
    assert "1.000 labeled rows of 50.000 items" in memo
    assert "\u00a0€" in memo
    assert "$" not in memo
    assert "€1" not in memo
    table = EXPORTS["curves_csv"].call(report).decode()
    assert all(len(line.split(",")) == len(table.splitlines()[0].split(",")) for line in table.splitlines())
    assert "50.000" not in table
    assert words.locale() == words.LOCALES["en"]


def test_pictures_of_a_german_plan_write_german_numbers() -> None:
    plan = german()
    with words.spoken("de"):
        drawn = curves(plan, LIGHT).to_dict()
    assert drawn["config"]["locale"]["number"]["decimal"] == ","
    assert "50.000" in str(drawn)
    assert "locale" not in curves(plan, LIGHT).to_dict()["config"]
    assert "50,0\u00a0%" not in EXPORTS["chart_svg"].call(write(handmade.plan())).decode()
    picture = EXPORTS["chart_svg"].call(write(plan)).decode()
    assert "50.000" in picture
    assert "\u00a0%" in picture


@pytest.mark.parametrize(
    ("place", "currency", "form"),
    [("de", "EUR", '#,##0"\u00a0€"'), ("en", "EUR", '"€"#,##0'), ("en_in", "INR", '[>=100000]"₹"##\\,##\\,##0')],
)
def test_excel_puts_the_currency_where_the_place_does_and_keeps_plain_numbers(
    place: str, currency: str, form: str
) -> None:
    asked = replace(handmade.valuation().assumptions, locale=place, currency=currency)
    book = load_workbook(io.BytesIO(EXPORTS["workbook_xlsx"].call(write(decide(evaluate(handmade.forecast(), asked))))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(form in str(cell.number_format) for cell in cells)
    assert all(not isinstance(cell.value, str) for cell in cells if form in str(cell.number_format)
               and cell.data_type != "f")  # fmt: skip


@pytest.mark.parametrize("typed", ["euro", "$", "", "E1R"])
def test_a_currency_that_is_no_code_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(PlannerError, match="three-letter code, such as EUR"):
        Assumptions(currency=typed)


def test_a_code_may_be_typed_in_small_letters() -> None:
    assert Assumptions(currency=" eur").currency == "EUR"


ENGLISH = re.compile(r"(?<![\d.,])(?:[1-9]\d{0,2}(?:,\d{3})+|\d+\.\d{1,2})(?!\d)|\d%")


def english(text: str) -> list[str]:
    """Numbers written as in English, the version of the planner left out."""
    return [text[max(hit.start() - 40, 0) : hit.end() + 10] for hit in ENGLISH.finditer(text.replace(__version__, ""))]


@pytest.mark.parametrize("about", [{}, {"setup_cost": 40_000.0}, {"value_per_point": None, "target": 0.925}])
def test_no_word_of_a_german_plan_writes_a_number_as_english_does(about: dict[str, object]) -> None:
    """Fixed sentences too: what batches lose, what rules watch, what articles promise, how inputs were moved."""
    asked = replace(handmade.valuation().assumptions, locale="de", currency="EUR", labels_per_week=300.0,
                    value_per_week=99.5, annotator_error=0.15, ranges="setup_cost=200..90000", **about)  # fmt: skip
    plan = decide(evaluate(handmade.forecast(), asked))
    report = write(plan)
    blocks = [*report.answer, *report.details]
    said = [str(getattr(block, "text", "")) for block in blocks]
    said += [cell for block in blocks if isinstance(block, Table) for row in block.rows for cell in row]
    said += [EXPORTS["memo_txt"].call(report).decode()]
    with words.spoken("de"):
        said += [promises_sentence(plan), words.fixed(HOW)]
        table = promises_table(plan)
        said += [] if table is None else [cell for row in table.rows for cell in row]
    assert len(said) > 50
    found = [hit for text in said for hit in english(text) if "cost_per_label=" not in text and ".." not in text]
    assert not found


def test_a_fixed_sentence_is_written_as_the_place_does() -> None:
    sentence = "Under 1,000 rows, or 12,345.67 of them, 0.5 points in 12% of 3 cases."
    assert words.fixed(sentence) == sentence
    with words.spoken("de"):
        assert words.fixed(sentence) == ("Under 1.000 rows, or 12.345,67 of them, 0,5 points in 12\u00a0% of 3 cases.")
    with words.spoken("en_in"):
        assert words.fixed("1,234,567 rows") == "12,34,567 rows"


# --- nothing has no sign ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", words.LOCALES)
@given(value=st.one_of(st.floats(-1, 1), st.floats(-1e-6, 1e-6), st.just(-0.0)), digits=st.integers(0, 3))
def test_what_rounds_to_nothing_has_no_sign_in_any_place(place: str, value: float, digits: int) -> None:
    """A minus or a plus stands before a number of which at least one digit is not 0."""
    with words.spoken(place):
        written = [
            *(words.money(value, currency, shown) for currency in ("USD", "EUR", "JPY") for shown in (None, 3)),
            words.count(value), words.decimal(value, digits), words.number(value), words.percent(value, digits),
            words.rate(value), words.points(value), words.times(value), signed(value, "USD"),
            words.gain(words.points(value), value), words.gain(words.money(value), value),
        ]  # fmt: skip
    for text in written:
        if any(sign in text for sign in "-+\u2212") and "e-" not in text:
            assert any(digit in text for digit in "123456789"), text


def test_nothing_is_written_alike_whether_it_was_rounded_or_not() -> None:
    assert [words.money(value) for value in (0.0, -0.0, 1e-9, -1e-9)] == ["$0"] * 4
    assert [words.gain(words.money(value), value) for value in (-2.5, 0.0, 2.5)] == [f"{MINUS}$2.50", "$0", "+$2.50"]
