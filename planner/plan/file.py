"""A plan as one file and back: the pilot, every number typed and the scenarios, without a row of the sample."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.economics.assumptions import Assumptions
from planner.errors import BadTable
from planner.forecast.carrying import ForecastSettings
from planner.pilot.running import Pilot
from planner.pilot.saved import metric_of, read_pilot, write_pilot
from planner.plan.scenarios import Scenario, as_values, inputs
from planner.settings import knobs

DAMAGED = "The plan file is damaged near its {}. Save the plan again."


@dataclass(frozen=True)
class PlanFile:
    """What a plan is made from: the same values make the same plan on any computer."""

    pilot: Pilot
    reach: ForecastSettings = field(default_factory=ForecastSettings)
    assumptions: Assumptions = field(default_factory=Assumptions)
    scenarios: tuple[Scenario, ...] = ()
    name: str = ""

    @property
    def typed(self) -> dict[str, Any]:
        """Every number of the reach and the assumptions by its name."""
        return {**_values(self.reach), **_values(self.assumptions)}


def write_plan(saved: PlanFile) -> bytes:
    """The file: a pilot file, which it can be used as, with what was typed at its end."""
    return write_pilot(
        saved.pilot,
        metric=saved.reach.metric,
        name=saved.name,
        reach=_values(saved.reach),
        assumptions=_values(saved.assumptions),
        scenarios=[as_values(one) for one in saved.scenarios],
    )


def read_plan(data: bytes) -> PlanFile:
    """The plan in a file of write_plan, or a pilot file with every number at its default.

    Raises PlannerError for a broken, foreign or newer one. Numbers younger than the file have their defaults.
    """
    pilot = read_pilot(data)
    saved = json.loads(data)
    reach = replace(_settings(ForecastSettings, saved.get("reach", {})), metric=metric_of(data))
    scenarios = tuple(_scenario(one) for one in _listed(saved.get("scenarios", []), "scenarios"))
    assumptions = _settings(Assumptions, saved.get("assumptions", {}))
    return PlanFile(pilot, reach, assumptions, scenarios, str(saved.get("name", "")))


def _values(settings: Any) -> dict[str, Any]:
    return {one.name: getattr(settings, one.name) for one in knobs(settings.__class__)}


def _settings(owner: Any, given: Any) -> Any:
    if not isinstance(given, Mapping):
        raise BadTable(DAMAGED.format("numbers"))
    known = {one.name for one in knobs(owner)}
    return owner(**{name: value for name, value in given.items() if name in known})


def _listed(given: Any, what: str) -> list[Any]:
    if not isinstance(given, list):
        raise BadTable(DAMAGED.format(what))
    return given


def _scenario(given: Any) -> Scenario:
    if not isinstance(given, Mapping) or not isinstance(given.get("changes"), Mapping):
        raise BadTable(DAMAGED.format("scenarios"))
    known, chance = inputs(), given.get("chance")
    if not (chance is None or (isinstance(chance, int | float) and 0 <= chance <= 1)):
        raise BadTable(DAMAGED.format("scenarios"))
    changes = {name: value for name, value in given["changes"].items() if name in known}
    return Scenario(str(given.get("name", "")), changes, chance)
