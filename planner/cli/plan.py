"""`planner plan`: the answer at your prices, from a stored pilot or plan, or from data by way of a new pilot."""

from datetime import date
from pathlib import Path
from typing import Any

from planner import words
from planner.cli import ABOUT, _can_write, _read, _read_sample, _run, _settings, _workers, _write
from planner.cli.options import OF_SAMPLE, Parser, jobs_option, options, sample_options
from planner.cli.prices import with_typical_price
from planner.cli.scenarios import read_scenario, scenario_option
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import evaluate
from planner.errors import BadSetting
from planner.exports import EXPORTS
from planner.forecast.carrying import ForecastSettings, forecast, pool_size_of
from planner.pilot.saved import is_pilot
from planner.pilot.task import PilotSettings
from planner.plan.deciding import Plan, decide
from planner.plan.file import read_plan
from planner.plan.scenarios import Scenario, compare_scenarios
from planner.report.writing import write
from planner.settings import knobs


def run(arguments: list[str]) -> None:
    """Print the plan that the words of the command ask for, and write its files."""
    parser = Parser("planner plan", description=f"{ABOUT['plan'].capitalize()}.")
    parser.add_argument("data", metavar="PILOT_OR_DATA", help="a file of `planner pilot`, a saved plan, or a table")
    sample_options(parser, required=False)
    for owner in (ForecastSettings, Assumptions, PilotSettings):
        options(parser, owner)
    scenario_option(parser)
    jobs_option(parser)
    parser.add_argument("--out", metavar="FILE", help="also write the plan there, as JSON")
    parser.add_argument("--report", metavar="FILE", help="also write a report there; the end of its name says which")
    parser.add_argument("--json", action="store_true", help="print the plan as JSON instead of a memo")
    given = vars(parser.parse_args(arguments))
    for target in (given["out"], given["report"]):
        _can_write(target)
    kind, given = _report_kind(given["report"]), with_typical_price(given)
    asked = tuple(read_scenario(text) for text in given["scenario"])
    plan, saved = _plan_of(given)
    with words.spoken(plan.valuation.assumptions.locale):
        beside = compare_scenarios(plan, asked or saved) if asked or saved else None
    report = write(plan, date.today(), beside)
    if given["out"]:
        _write(given["out"], EXPORTS["plan_json"].call(report))
    if given["report"]:
        _write(given["report"], EXPORTS[kind].call(report))
    print(EXPORTS["plan_json" if given["json"] else "memo_txt"].call(report).decode().rstrip())


def _plan_of(given: dict[str, Any]) -> tuple[Plan, tuple[Scenario, ...]]:
    """The plan from a stored pilot or plan, or from data by way of a new pilot; and the scenarios saved with it."""
    reach, assumptions = _settings(ForecastSettings, given), _settings(Assumptions, given)
    data = _read(given["data"])
    scenarios: tuple[Scenario, ...] = ()
    asked = [one.option for one in knobs(PilotSettings) if one.name in given]
    asked += [f"--{name.replace('_', '-')}" for name in OF_SAMPLE if given[name] is not None]
    if is_pilot(data):
        if asked:
            raise BadSetting(f"{asked[0]} was settled when the pilot was run. Leave it out, or give the data instead.")
        saved = read_plan(data)
        pilot, every, scenarios = saved.pilot, {**saved.typed, **given}, saved.scenarios
        # What is typed here goes before what was saved.
        reach, assumptions = _settings(ForecastSettings, every), _settings(Assumptions, every)
    else:
        settings, workers = _settings(PilotSettings, given), _workers(given)
        sample = _read_sample(given, data)
        pool_size_of(sample.facts, reach)  # a pool that cannot be is said before the pilot, not after it
        pilot = _run(sample, settings, workers)
    return decide(evaluate(forecast(pilot, reach), assumptions)), scenarios


def _report_kind(target: str | None) -> str:
    """The export that a report's suffix names."""
    if target is None:
        return ""
    suffixes = dict.fromkeys(str(choice.facts["suffix"]) for choice in EXPORTS.values())
    suffix, stem = Path(target).suffix.lower(), Path(target).stem.lower().replace("-", "_")
    if suffix not in suffixes:
        raise BadSetting(f"The report is named '{Path(target).name}'; its end must be one of {', '.join(suffixes)}.")
    names = [name for name, choice in EXPORTS.items() if choice.facts["suffix"] == suffix]
    # Two files may share a suffix: tickets-picks.csv is called after one of them, any other name means the first.
    meant = [name for name in names if stem.endswith((name, name.rpartition("_")[0]))]
    return (meant or names)[0]
