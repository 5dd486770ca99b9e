"""Where amounts come from: a person's own words for each, and what others publish as usual."""

from dataclasses import dataclass
from functools import lru_cache

from planner import words
from planner.errors import BadSetting

HOW = "Write it as amount=words; amount=words, such as setup_cost=quote of 3 May; hardness=20 items timed."


@dataclass(frozen=True)
class Usual:
    """What others found or ask for, and who."""

    low: float
    high: float
    source: str  # with its date


# Published figures of the cost terms; a price of a label has a list of its own.
USUAL = {
    "cost_per_round": Usual(0.04, 0.50, "USD for half an hour of EC2 m7g.large or g5.xlarge, June 2026; people on top"),
    "hardness": Usual(
        1.0, 1.3, "a range of the planner; Settles, Craven, Friedland 2008 found that items differ in time"
    ),
    "votes_per_label": Usual(1, 9, "AWS allowed 1 to 9 and Google advised 5 at most, list prices to 2024"),
    "review_share": Usual(0.0, 0.4, "gigabpo, undated: checks and add-ons come to 10 to 40% of the price"),
    "rework_share": Usual(0.0, 0.3, "theneuralbase, undated: 20 to 30% of labels sent back; weak source"),
    "fee_per_label": Usual(0.0, 0.10, "Labelbox Starter: $0.10 for each labeled row, undated"),
}


def cited_usual(name: str) -> str:
    """What is usual for an amount and who says so; empty where nothing is published."""
    usual = USUAL.get(name)
    if usual is None:
        return ""
    return f"usual {words.number(usual.low)} to {words.number(usual.high)}: {usual.source}"


@lru_cache(maxsize=64)
def own_sources(text: str) -> dict[str, str]:
    """{amount: where it comes from} as typed: setup_cost=quote of 3 May; hardness=20 items timed. Raises BadSetting."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, said = (piece.strip() for piece in part.partition("="))
        if not equals or not said:
            raise BadSetting(f"'{part}' names no source of an amount. {HOW}")
        found[name.replace("-", "_")] = said
    return found
