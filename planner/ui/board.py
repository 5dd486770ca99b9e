"""The scenarios of a session: a pile of cards that remembers what each change replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import uuid4

from planner.plan.scenarios import BASE, HEAD, MOST, Scenario

REMEMBERED = 50  # changes that can be undone

Cards = Mapping[str, Scenario]  # {card: scenario}, in the order they are shown


@dataclass
class Board:
    """Scenarios by the data they belong to, with everything that was there before."""

    id: str = field(default_factory=lambda: uuid4().hex[:12])
    kept: dict[str, Cards] = field(default_factory=dict)  # {source: its cards}
    past: list[tuple[str, Cards]] = field(default_factory=list)  # what each change replaced
    version: int = 0  # grows with every undo, so that inputs are drawn anew

    def of(self, source: str) -> Cards:
        """The cards of one source."""
        return self.kept.get(source, {})

    def full(self, source: str) -> bool:
        """Whether no further column fits beside the base."""
        return len(self.of(source)) >= MOST - 1

    def add(self, source: str, scenario: Scenario) -> None:
        """A new card at the end, under a name that no other has."""
        if not self.full(source):
            named = replace(scenario, name=self._free(source, scenario.name))
            self._put(source, {**self.of(source), uuid4().hex[:8]: named})

    def change(self, source: str, card: str, scenario: Scenario) -> None:
        """Another name or other inputs for a card."""
        named = replace(scenario, name=self._free(source, scenario.name, card))
        if card in self.of(source) and self.of(source)[card] != named:
            self._put(source, {**self.of(source), card: named})

    def duplicate(self, source: str, card: str) -> None:
        """The same once more, to be changed."""
        if card in self.of(source):
            self.add(source, self.of(source)[card])

    def delete(self, source: str, card: str) -> None:
        """Take a card away."""
        self._put(source, {one: scenario for one, scenario in self.of(source).items() if one != card})

    def undo(self, source: str) -> None:
        """Take back the last change to the cards of a source."""
        places = [k for k, (of, _) in enumerate(self.past) if of == source]
        if places:
            self.kept[source] = self.past.pop(places[-1])[1]
            self.version += 1

    def can_undo(self, source: str) -> bool:
        """Whether there is a change to take back."""
        return any(of == source for of, _ in self.past)

    def _put(self, source: str, cards: Cards) -> None:
        self.past = [*self.past[1 - REMEMBERED :], (source, self.of(source))]
        self.kept[source] = cards

    def _free(self, source: str, name: str, card: str = "") -> str:
        """The name, or with a number behind it where another column has it."""
        plain = name.replace("*", "").strip() or "Scenario"  # stars would be read as bold
        taken = {BASE.lower(), HEAD.lower()}
        taken |= {scenario.name.lower() for one, scenario in self.of(source).items() if one != card}
        names = [plain, *(f"{plain} {k}" for k in range(2, MOST + 3))]
        return next(one for one in names if one.lower() not in taken)
