"""Usual discount rates and horizons, each with whom it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """A discount rate as somebody publishes it."""

    name: str  # lower snake case
    title: str
    rate: float  # 1/year
    horizon: float | None  # years that go with it; None: yours to choose
    source: str


RATES = {
    one.name: one
    for one in (
        Rate("tei", "Total Economic Impact studies", 0.10, 3.0, "Forrester, Total Economic Impact: 10% over 3 years"),
        Rate("green_book", "UK public sector", 0.035, None, "HM Treasury, The Green Book: 3.5% a year"),
    )
}


def cited_rate(rate: float) -> str:
    """Whose usual rate this is; empty where it is nobody's here."""
    return next((one.source for one in RATES.values() if one.rate == rate), "")
