"""`planner strategies`: the ways to choose, what each does, when it helps and where it was published."""

from collections.abc import Iterator
from textwrap import fill

from planner.choices.strategies import STRATEGIES
from planner.cli import ABOUT
from planner.cli.options import Parser
from planner.registry import Choice

WIDTH = 100


def run(words: list[str]) -> None:
    """Print every strategy, or those that are named."""
    parser = Parser("planner strategies", description=f"{ABOUT['strategies'].capitalize()}.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all if left out")
    names = parser.parse_args(words).names or list(STRATEGIES)
    print("\n\n".join("\n".join(_lines(STRATEGIES[name])) for name in names))


def _lines(choice: Choice) -> Iterator[str]:  # type: ignore[type-arg]  # of whatever it calls
    yield f"{choice.name}: {choice.title}"
    yield _indented(choice.summary)
    yield _indented(f"When: {choice.facts['when']}")
    if choice.source:
        yield _indented(f"Source: {choice.source}.")


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
