"""Numbers for people, as their place writes them. Nothing else in the project turns a number into words."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

MINUS = "\u2212\u2060"  # a minus that never breaks off from its number
SMALLEST = 1e-290  # below it the step of a last digit is no number any more
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "KRW": "₩", "PLN": "zł", "SEK": "kr",
           "BRL": "R$", "UAH": "₴", "TRY": "₺", "ILS": "₪"}  # fmt: skip
NO_CENTS = ("JPY", "KRW")  # currencies without a smaller coin
HARD, NARROW = "\u00a0", "\u202f"  # spaces at which no line breaks


@dataclass(frozen=True)
class Locale:
    """How one place writes numbers and money."""

    title: str
    decimal: str = "."
    group: str = ","
    lakhs: bool = False  # 12,34,567: pairs of digits beyond the first thousand
    last: bool = False  # the currency stands after the amount
    gap: str = ""  # between the amount and the currency's sign
    percent: str = "%"  # with the space before it

    def written(self, number: str) -> str:
        """A number as Python writes it, "1,234,567.5", in the signs of the place."""
        whole, point, part = number.partition(".")
        if self.lakhs and len(whole) >= 7:
            rest, last = whole[:-4].replace(",", ""), whole[-3:]
            pairs = [rest[max(end - 2, 0) : end] for end in range(len(rest), 0, -2)]
            whole = ",".join([*reversed(pairs), last])
        return whole.replace(",", self.group) + (self.decimal + part if point else "")

    @property
    def of_charts(self) -> dict[str, Any]:
        """The same for Vega, whose pictures write numbers themselves."""
        grouping = [3, *([2] * 6 if self.lakhs else [3])]
        number = {"decimal": self.decimal, "thousands": self.group, "grouping": grouping, "currency": ["", ""]}
        return {"number": number | {"percent": self.percent}}


# Source: Unicode CLDR 47, decimal and currency patterns; a test holds every one against Babel.
LOCALES = {
    "en": Locale("English: 1,234,567.50"),
    "en_in": Locale("India: 12,34,567.50", lakhs=True),
    "de": Locale("German: 1.234.567,50", ",", ".", last=True, gap=HARD, percent=f"{HARD}%"),
    "de_ch": Locale("Switzerland: 1’234’567.50", ".", "’", gap=HARD),
    "fr": Locale("French: 1 234 567,50", ",", NARROW, last=True, gap=HARD, percent=f"{HARD}%"),
    "es": Locale("Spanish: 1.234.567,50", ",", ".", last=True, gap=HARD, percent=f"{HARD}%"),
    "it": Locale("Italian: 1.234.567,50", ",", ".", last=True, gap=HARD),
    "nl": Locale("Dutch: 1.234.567,50", ",", ".", gap=HARD),
    "pt_br": Locale("Brazil: 1.234.567,50", ",", ".", gap=HARD),
    "sv": Locale("Swedish: 1 234 567,50", ",", HARD, last=True, gap=HARD, percent=f"{HARD}%"),
    "pl": Locale("Polish: 1 234 567,50", ",", HARD, last=True, gap=HARD),
}
USUAL = "en"
ENGLISH = re.compile(r"\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b|\b\d+\.\d+\b")
_chosen: ContextVar[str] = ContextVar("locale", default=USUAL)


def speak(locale: str) -> None:
    """Write every number from here on as a place does: for a screen, which is drawn from top to bottom."""
    _chosen.set(locale)


def nearest(code: str | None) -> str:
    """The place whose numbers come nearest to a language code, such as de-AT or pt-BR; English where none does."""
    wanted = (code or "").lower().replace("-", "_")
    language = wanted.partition("_")[0]
    known = (wanted, language, *(name for name in LOCALES if name.startswith(f"{language}_")))
    return next((name for name in known if name in LOCALES), USUAL)


@contextmanager
def spoken(locale: str) -> Iterator[None]:
    """Write every number in this block as a place does."""
    before = _chosen.set(locale)
    try:
        yield
    finally:
        _chosen.reset(before)


def locale() -> Locale:
    """How numbers are written here."""
    return LOCALES[_chosen.get()]


def code() -> str:
    """The name of how numbers are written here."""
    return _chosen.get()


def affixes(currency: str) -> tuple[str, str]:
    """What stands before an amount and what after it; one of the two is empty."""
    place, symbol = locale(), SYMBOLS.get(currency, currency)
    if place.last:
        return "", f"{place.gap}{symbol}"
    gap = place.gap or ("" if currency in SYMBOLS else " ")
    return f"{symbol}{gap}", ""


def fixed(sentence: str) -> str:
    """A sentence whose numbers stand in it as English writes them, in the signs of the place: 1,000, 0.5, 12%.

    For words that never change, and for nothing that `words` wrote already. What shows how something is typed, as
    price=0.50, stays as it is typed.
    """
    if code() == USUAL or "=" in sentence:
        return sentence
    said = ENGLISH.sub(lambda found: locale().written(found.group()), sentence)
    return re.sub(r"(?<=\d)%", locale().percent, said)


def significant(value: float, digits: int) -> float:
    """`value` rounded half up to so many significant digits."""
    if not math.isfinite(value):
        return value
    if abs(value) < SMALLEST:
        return 0.0
    step = last_step(value, digits)
    return math.copysign(math.floor(abs(value) / step + 0.5) * step, value)


def last_step(value: float, digits: int) -> float:
    """What the last of so many significant digits of `value` stands for: 100 for 33,300 at three."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 1.0


def money(value: float, currency: str = "USD", digits: int | None = 3) -> str:
    """An amount: a forecast to three significant digits, or (`digits=None`) as it was typed."""
    amount = abs(value if digits is None else significant(value, digits))
    broken = amount != math.floor(amount)
    cents = broken and (digits is None or amount < 100) if currency in NO_CENTS else _has_cents(amount, digits)
    number = _cents(amount, digits) if cents else f"{amount:,.0f}"
    sign = MINUS if value < 0 and float(number.replace(",", "")) else ""
    before, after = affixes(currency)
    number = number if float(number.replace(",", "")) else "0"  # a thousandth of a cent is nothing, as 0 is written
    return f"{sign}{before}{locale().written(number)}{after}"


def _has_cents(amount: float, digits: int | None) -> bool:
    """Whether an amount is small, or was typed with a fraction."""
    return (digits is None and amount != math.floor(amount)) or 0 < amount < 100


def _cents(amount: float, digits: int | None) -> str:
    """Two decimals; more where a price of less than ten cents, or one as it was typed, would lose by it."""
    small = 1 - math.floor(math.log10(amount)) if 1e-6 < amount < 0.1 else 2
    text = f"{amount:,.{max(small, 4 if digits is None else 2)}f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def count(value: float) -> str:
    """A whole number as it is: 12,345."""
    return _signed(f"{math.floor(value + 0.5):,}")


def decimal(value: float, digits: int) -> str:
    """A number with so many decimals: 0.25."""
    return _signed(f"{value:,.{digits}f}")


def number(value: float, digits: int = 6) -> str:
    """A number as it was typed, to so many significant digits: 12,345.5."""
    text = f"{value:,.{digits}g}"
    return text if "e" in text else _signed(text)


def _signed(text: str) -> str:
    """A number as Python writes it in the signs of the place; what rounds to 0 has no minus."""
    if not text.startswith("-"):
        return locale().written(text)
    return f"{'-' if text.strip('-0.,') else ''}{locale().written(text[1:])}"


def about(value: float) -> str:
    """A forecast number of labels, to the two digits its interval supports: 1,700."""
    return count(significant(value, 2))


def percent(value: float, digits: int = 1) -> str:
    """A score between 0 and 1 as a percentage."""
    return f"{_signed(f'{_half_up(value * 100, digits):,.{digits}f}')}{locale().percent}"


def rate(value: float) -> str:
    """A share as it was typed, in percent: 10%, 3.5%."""
    return f"{number(100 * value)}{locale().percent}"


def points(value: float) -> str:
    """A difference of scores (0-1) in points: "0.5 points", "1 point"."""
    rounded = _half_up(abs(value) * 100, 1)
    text = f"{rounded:.1f}".removesuffix(".0")
    sign = MINUS if value < 0 and rounded else ""
    return f"{sign}{locale().written(text)} {'point' if text == '1' else 'points'}"


def gain(text: str, value: float) -> str:
    """A difference that was put into words, with a plus before what is more; what rounds to 0 has none."""
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def times(value: float) -> str:
    """A ratio: "2.6", "12", "3,700"."""
    return _signed(f"{value:,.0f}" if value >= 9.95 else f"{_half_up(value, 1):.1f}".removesuffix(".0"))


def between(low: str, high: str) -> str:
    """An 8 in 10 range, as every screen and file writes it."""
    return f"8 in 10: {low} to {high}"


def plural(value: float, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 row", "2,000 rows"."""
    return f"{count(value)} {one if round(value) == 1 else many or one + 's'}"


def seconds(value: float) -> str:
    """A duration to plan by: "8 s", "1 min 50 s", "2 h 5 min"."""
    whole = max(1, round(value))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def listing(names: list[str]) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _half_up(value: float, digits: int) -> float:
    scale = 10**digits
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9) / scale, value)
