"""What a workspace gives and takes: small values, no rows of SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.pilot.task import PilotSettings
from planner.plan.scenarios import Scenario

RUNNING, STOPPED, DONE = "running", "stopped", "done"
Cards = Mapping[str, Scenario]  # {card: scenario}, in the order they are shown


@dataclass(frozen=True)
class Decided:
    """What a person said of the columns of a file: with the file it makes the sample again."""

    label: str | None
    kinds: Mapping[str, str] = field(default_factory=dict)
    small: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptSample:
    """An uploaded file."""

    id: str
    name: str
    data: bytes


@dataclass(frozen=True)
class KeptPilot:
    """How far a pilot has come, and what it takes to go on."""

    id: str
    sample: str | None  # the file it needs; None where it came without
    decided: Decided
    settings: PilotSettings
    name: str
    parts: int  # folds times repeats
    parts_done: int
    state: str  # RUNNING | STOPPED | DONE; running may mean broken off

    @property
    def can_go_on(self) -> bool:
        """Whether there is more to run, and the file to run it on."""
        return self.state != DONE and self.sample is not None


@dataclass(frozen=True)
class KeptPlan:
    """One line of the list of plans, with what it takes to open it."""

    id: str
    name: str
    pilot: str | None
    bundled: str  # name of the sample that comes with the program; empty for the person's own
    sample: str  # name of the file; empty for a bundled sample
    rows: int
    labeled: int
    typed: Mapping[str, Any]
    scenarios: Cards
    code: str  # of the verdict; empty until the plan was seen
    sentence: str
    changed: float  # seconds since 1970
    parts: int
    parts_done: int
    repeats: int
    state: str
    elsewhere: bool = False  # whether another process runs its pilot now

    @property
    def can_open(self) -> bool:
        """Whether a whole repeat, or a bundled pilot, is there to plan with."""
        return bool(self.bundled) or self.state == DONE or self.parts_done * self.repeats >= self.parts

    @property
    def unfinished(self) -> bool:
        """Whether parts of the pilot are still to run."""
        return not self.bundled and self.state != DONE
