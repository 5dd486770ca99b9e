"""`planner prices`: typical prices of a label by kind of task, with their source, from a file that may be edited."""

from argparse import Namespace
from importlib.resources import files
from typing import Any

from planner import words
from planner.cli import ABOUT
from planner.cli.options import Parser
from planner.economics.assumptions import Assumptions
from planner.economics.batches import TIMED_ITEMS
from planner.economics.prices import FILE, Price, as_typed, price_from_time, prices
from planner.errors import BadSetting, unknown

TIMED = {
    "items": ("items", f"how many of your own items were timed, {TIMED_ITEMS} if left out"),
    "minutes": ("minutes", "how long they took: prints the price of a label as options of `planner plan`"),
    "wage": ("currency/hour", "what an hour of the person costs"),
    "overhead": ("0 to 1", "overhead on the wage"),
}


def run(arguments: list[str]) -> None:
    """Print every price, or those of the tasks that are named."""
    parser = Parser("planner prices", description=f"{ABOUT['prices'].capitalize()}.")
    known = list(dict.fromkeys(one.task for one in prices().values()))
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"only of {', '.join(known)}")
    for name, (unit, about) in TIMED.items():
        parser.add_argument(f"--{name}", type=float, metavar="N", help=f"{about} (in {unit})")
    given = parser.parse_args(arguments)
    if given.minutes is not None or given.wage is not None:
        print(_timed(given))
        return
    tasks = given.tasks or known
    for task in tasks:
        if task not in known:
            raise unknown("task", task, known)
    for one in prices().values():
        if one.task in tasks:
            print("\n".join(_lines(one)))
    print(f"\nEdit them in {files('planner') / 'data' / FILE}. Your own quote, or twenty timed items, are better.")


def _timed(given: Namespace) -> str:
    """What a label costs by the clock."""
    if given.minutes is None or given.wage is None:
        raise BadSetting("A price from timed items needs both --minutes and --wage. Name them, and --items if not 20.")
    items, overhead = given.items or TIMED_ITEMS, given.overhead or 0.0
    price = price_from_time(given.minutes, items, given.wage, overhead)
    how = f"{items:g} items in {given.minutes:g} minutes at {given.wage:g} an hour, overhead {100 * overhead:g}%"
    pace = 60 * items / max(given.minutes, 1e-9)
    return f"--cost-per-label {price:.4g} --items-per-hour {pace:.4g} --price-source '{how}'"


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
