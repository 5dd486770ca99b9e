"""Numbers for people, against what a careful person would write by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import words

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


@pytest.mark.parametrize(("value", "text"), [(2.6, "2.6"), (2.0, "2"), (12.4, "12"), (9.96, "10")])
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
