"""`planner prices`: typical prices of a label by kind of task, with their source, from a file that may be edited."""

from importlib.resources import files

from planner import words
from planner.cli import ABOUT
from planner.cli.options import Parser
from planner.economics.prices import FILE, Price, prices
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


def _lines(one: Price) -> list[str]:
    low, likely, high = (words.money(value, one.currency, None) for value in (one.low, one.likely, one.high))
    return [
        f"{one.name}: {one.title}, {likely} for each {one.unit} ({low} to {high})",
        f"    {one.task}; {one.status}, {one.date}: {one.source}",
    ]
