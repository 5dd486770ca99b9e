"""Scenarios as they are typed after the command: "Dear labels: cost_per_label=4; setup_cost=0; chance=0.3"."""

import argparse
import math
from typing import Any

from planner.errors import BadSetting, unknown
from planner.plan.scenarios import MOST, Scenario, inputs
from planner.settings import Knob

CHANCE = "chance"
HOW = "Write it as 'Name: input=value; input=value; chance=0.3'."
TRUE, FALSE = ("yes", "true", "1"), ("no", "false", "0")


def scenario_option(parser: argparse.ArgumentParser) -> None:
    """Scenarios beside the plan, one option each."""
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="TEXT",
        help=f"other inputs to hold beside the plan, up to {MOST - 1} times: 'Dear labels: cost_per_label=4; "
        "setup_cost=0; chance=0.3'. With chances the plan that is best on average over the scenarios is named; the "
        "base has what is left of 1",
    )


def read_scenario(text: str) -> Scenario:
    """One scenario as it was typed. Raises BadSetting or UnknownChoice."""
    name, colon, rest = text.partition(":")
    if not colon or not name.strip():
        raise BadSetting(f"The scenario '{text}' has no name. {HOW}")
    known, changes, chance = inputs(), {}, None
    for part in filter(None, (part.strip() for part in rest.split(";"))):
        field, equals, value = (piece.strip() for piece in part.partition("="))
        field = field.replace("-", "_")
        if not equals:
            raise BadSetting(f"'{part}' in the scenario '{name.strip()}' changes nothing. {HOW}")
        if field == CHANCE:
            chance = _chance(name.strip(), value)
            continue
        if field not in known:
            raise unknown("input", field, [*known, CHANCE])
        changes[field] = _typed(known[field], value)
    return Scenario(name.strip(), changes, chance)


def _chance(name: str, text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = math.nan
    if not 0 <= chance <= 1:
        raise BadSetting(f"The chance of the scenario '{name}' is '{text}'; it must be a number from 0 to 1.")
    return chance


def _typed(one: Knob, text: str) -> Any:
    """A value as its setting takes it; what is none is left for the setting to refuse."""
    if one.optional and text.lower() in ("", "none"):
        return None
    if one.kind is bool and text.lower() in (*TRUE, *FALSE):
        return text.lower() in TRUE
    if one.kind not in (int, float):
        return text
    try:
        return one.kind(text)
    except ValueError:
        return text
