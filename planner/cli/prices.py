"""`planner prices`: typical prices of a label by kind of task, with their source, from a file that may be edited."""

from importlib.resources import files
from typing import Any

from planner import words
from planner.cli import ABOUT
from planner.cli.options import Parser
from planner.economics.assumptions import Assumptions
from planner.economics.prices import FILE, Price, as_typed, prices
from planner.errors import unknown


def run(arguments: list[str]) -> None:
    """Print every price, or those of the tasks that are named."""
    parser = Parser("planner prices", description=f"{ABOUT['prices'].capitalize()}.")
    known = list(dict.fromkeys(one.task for one in prices().values()))
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"only of {', '.join(known)}")
    tasks = parser.parse_args(arguments).tasks or known
    for task in tasks:
        if task not in known:
            raise unknown("task", task, known)
    for one in prices().values():
        if one.task in tasks:
            print("\n".join(_lines(one)))
    print(f"\nEdit them in {files('planner') / 'data' / FILE}. Your own quote, or twenty timed items, are better.")


def with_typical_price(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the typical price and its range where one is named and no price was typed."""
    if not given.get("price_source") or {"cost_per_label", "price_table"} & given.keys():
        return given
    filled = as_typed(given["price_source"], given.get("currency", Assumptions().currency))
    if not filled:
        return given
    spans = [str(filled["ranges"]), given.get("ranges", "")]
    return {**given, **filled, "ranges": ", ".join(span for span in spans if span)}


def _lines(one: Price) -> list[str]:
    low, likely, high = (words.money(value, one.currency, None) for value in (one.low, one.likely, one.high))
    return [
        f"{one.name}: {one.title}, {likely} for each {one.unit} ({low} to {high})",
        f"    {one.task}; {one.status}, {one.date}: {one.source}",
    ]
