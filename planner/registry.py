"""A menu: names to choices, each a function with the facts a screen, the command and the laws need."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from planner.errors import unknown

Call = TypeVar("Call", bound=Callable[..., Any])


@dataclass(frozen=True)
class Choice(Generic[Call]):
    """One entry of a menu."""

    name: str  # lower snake case
    title: str  # what a person reads
    summary: str  # one plain sentence, from the first line of the docstring
    call: Call
    source: str = ""  # where the method was published
    facts: Mapping[str, Any] = field(default_factory=dict)  # what other rooms need to know, such as adaptive=True


class Registry(Mapping[str, Choice[Call]]):
    """Choices by name. Asking for a name it lacks raises UnknownChoice with a hint."""

    def __init__(self, what: str, **usual: Any) -> None:
        self.what = what
        self.usual = usual  # facts of a choice that does not say otherwise
        self._choices: dict[str, Choice[Call]] = {}

    def register(self, name: str, title: str, source: str = "", **facts: Any) -> Callable[[Call], Call]:
        """Decorator that puts a function on the menu; a second one of the same name replaces the first."""

        def put(call: Call) -> Call:
            summary = (call.__doc__ or "").strip().split("\n", 1)[0]
            self._choices[name] = Choice(name, title, summary, call, source, {**self.usual, **facts})
            return call

        return put

    def __getitem__(self, name: str) -> Choice[Call]:
        found = self._choices.get(name.replace("-", "_"))
        if found is None:
            raise unknown(self.what, name, self._choices)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.replace("-", "_") in self._choices

    def __iter__(self) -> Iterator[str]:
        return iter(self._choices)

    def __len__(self) -> int:
        return len(self._choices)
