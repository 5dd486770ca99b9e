"""Numbers for people. Nothing else in the project turns a number into words."""

import math

MINUS = "\u2212\u2060"  # a minus that never breaks off from its number
SMALLEST = 1e-290  # below it the step of a last digit is no number any more
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}


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
    cents = (digits is None and amount != math.floor(amount)) or 0 < amount < 100
    symbol = SYMBOLS.get(currency, f"{currency} ")
    number = _cents(amount, digits) if cents else f"{amount:,.0f}"
    return f"{MINUS}{symbol}{number}" if value < 0 and float(number.replace(",", "")) else f"{symbol}{number}"


def _cents(amount: float, digits: int | None) -> str:
    """Two decimals; more where a price of less than ten cents, or one as it was typed, would lose by it."""
    small = 1 - math.floor(math.log10(amount)) if 1e-6 < amount < 0.1 else 2
    text = f"{amount:,.{max(small, 4 if digits is None else 2)}f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def count(value: float) -> str:
    """A whole number as it is: 12,345."""
    return f"{math.floor(value + 0.5):,}"


def about(value: float) -> str:
    """A forecast number of labels, to the two digits its interval supports: 1,700."""
    return count(significant(value, 2))


def percent(value: float, digits: int = 1) -> str:
    """A score between 0 and 1 as a percentage."""
    return f"{_half_up(value * 100, digits):.{digits}f}%"


def points(value: float) -> str:
    """A difference of scores (0-1) in points: "0.5 points", "1 point"."""
    number = _half_up(abs(value) * 100, 1)
    text = f"{number:.1f}".removesuffix(".0")
    sign = MINUS if value < 0 and number else ""
    return f"{sign}{text} {'point' if text == '1' else 'points'}"


def times(value: float) -> str:
    """A ratio: "2.6", "12"."""
    return f"{value:.0f}" if value >= 9.95 else f"{_half_up(value, 1):.1f}".removesuffix(".0")


def between(low: str, high: str) -> str:
    """An 8 in 10 range, as every screen and file writes it."""
    return f"8 in 10: {low} to {high}"


def plural(number: float, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 row", "2,000 rows"."""
    return f"{count(number)} {one if round(number) == 1 else many or one + 's'}"


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
