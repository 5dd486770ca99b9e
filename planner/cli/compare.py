"""`planner compare`: strategies held against random labeling, on one data set or over several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner import words
from planner.choices.strategies import STRATEGIES
from planner.cli import ABOUT, _can_write, _read, _read_sample, _run, _settings, _workers, _write
from planner.cli.options import Parser, jobs_option, options, sample_options
from planner.economics.assumptions import Assumptions
from planner.errors import BadSetting, PlannerError
from planner.exports.comparisons import COMPARISON_FILES
from planner.exports.text import text_of
from planner.forecast.carrying import ForecastSettings
from planner.forecast.comparison import compare
from planner.forecast.ranking import FEWEST_SETS, rank
from planner.pilot.running import FEWEST_LABELED, Pilot
from planner.pilot.saved import is_pilot, metric_of, read_pilot
from planner.pilot.task import PilotSettings
from planner.report.compared import Compared, one_set_only
from planner.sample.reading import Facts, Sample
from planner.settings import knobs

Source = Pilot | Sample  # a stored replay, or a table that is still to be replayed


def run(arguments: list[str]) -> None:
    """Compare what the words of the command name, print the tables and write the file."""
    parser = Parser("planner compare", description=f"{ABOUT['compare'].capitalize()}.")
    parser.add_argument("data", nargs="+", metavar="DATA", help="labeled tables, or files of `planner pilot`")
    sample_options(parser, required=False)
    options(parser, PilotSettings)
    options(parser, ForecastSettings, only=("metric",))
    options(parser, Assumptions, only=("locale",))
    jobs_option(parser)
    suffixes = ", ".join(str(choice.facts["suffix"]) for choice in COMPARISON_FILES.values())
    parser.add_argument("--out", metavar="FILE", help=f"also write it there; {suffixes} says as what")
    given = vars(parser.parse_args(arguments))
    with words.spoken(_settings(Assumptions, given).locale):
        _run_all(given)


def _run_all(given: dict[str, Any]) -> None:
    """Compare what was asked for and say it, in the numbers of the place."""
    _can_write(given["out"])
    kind = _kind(given)
    metric, sources = _sources(given)
    settings, workers = _settings(PilotSettings, given), _workers(given)
    _checked(sources, settings)
    pilots = [one if isinstance(one, Pilot) else _run(one, settings, workers) for one in sources.values()]
    comparisons = tuple(compare(pilot, metric) for pilot in pilots)
    names = tuple(sources)
    compared = Compared(names, comparisons, rank(names, comparisons) if len(names) >= FEWEST_SETS else None)
    if given["out"]:
        _write(given["out"], COMPARISON_FILES[kind].call(compared))
    print(text_of(compared.blocks()))


def _kind(given: dict[str, Any]) -> str:
    """What the file to write holds, by the end of its name."""
    if given["out"] is None:
        return ""
    kinds = {str(choice.facts["suffix"]): name for name, choice in COMPARISON_FILES.items()}
    suffix = Path(given["out"]).suffix.lower()
    if suffix not in kinds:
        raise BadSetting(f"The file is named '{Path(given['out']).name}'; its end must be one of {', '.join(kinds)}.")
    if suffix == ".svg" and len(given["data"]) < FEWEST_SETS:
        raise BadSetting(one_set_only(1))
    return kinds[suffix]


def _sources(given: dict[str, Any]) -> tuple[str, dict[str, Source]]:
    """(metric, {name of the data set: its pilot or sample}), all read before the first replay."""
    asked = [one.option for one in knobs(PilotSettings) if one.name in given]
    found: dict[str, Source] = {}
    metrics: dict[str, str] = {}
    for path in given["data"]:
        data = _read(path)
        source: Source = read_pilot(data) if is_pilot(data) else _read_sample({**given, "data": path}, data)
        if is_pilot(data):
            metrics[metric_of(data)] = path
        found[_name(source.facts, found)] = source
    if asked and all(isinstance(one, Pilot) for one in found.values()):
        raise BadSetting(f"{asked[0]} was settled when the pilots were run. Leave it out, or give the data instead.")
    if "metric" not in given and len(metrics) > 1:
        raise BadSetting(f"The pilots were run for {' and '.join(metrics)}. Say which one to compare with --metric.")
    asked_metric = {"metric": next(iter(metrics))} if metrics and "metric" not in given else given
    return _settings(ForecastSettings, asked_metric).metric, found


def _name(facts: Facts, taken: dict[str, Source]) -> str:
    """The name of a data set, counted where another has it. Raises for one that is there already."""
    for name, other in taken.items():
        if (other.facts.digest, other.facts.label) == (facts.digest, facts.label):
            raise PlannerError(
                f"{facts.name} holds the same rows as {name}, and each data set counts once. Leave one of them out."
            )
    same = sum(other.facts.name == facts.name for other in taken.values())
    return f"{facts.name} ({same + 1})" if same else facts.name


def _checked(sources: dict[str, Source], settings: PilotSettings) -> None:
    """Raise for data that no comparison can come of, before minutes are spent on the rest."""
    strategies = {
        name: (one.settings if isinstance(one, Pilot) else settings).all_strategies for name, one in sources.items()
    }
    first = next(iter(strategies))
    if len(strategies[first]) == 1:
        raise PlannerError(
            f"{first} has only random labeling to compare. Name a strategy, such as --strategies margin; known: "
            f"{', '.join(STRATEGIES)}."
        )
    for name, theirs in strategies.items():
        if set(theirs) != set(strategies[first]):
            raise PlannerError(
                f"{name} has {_listed(theirs)}, {first} has {_listed(strategies[first])}. "
                "Run the pilots with the same strategies to compare them."
            )
    for name, one in sources.items():
        if one.facts.labeled < FEWEST_LABELED:
            raise PlannerError(
                f"{name} has {one.facts.labeled:,} labeled rows; a replay needs {FEWEST_LABELED}. "
                "Leave it out, or label more of it."
            )


def _listed(strategies: Sequence[str]) -> str:
    return ", ".join(strategies)
