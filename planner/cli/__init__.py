"""The door for terminals: files in, files out, every setting an option."""

import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from planner import __version__
from planner.cli.options import OF_KIND, Parser, jobs_option, options, sample_options
from planner.errors import BadSetting, PlannerError

if TYPE_CHECKING:  # the rooms take seconds to import, and `planner --help` should not wait for them
    from planner.pilot.running import Pilot
    from planner.pilot.task import PilotSettings
    from planner.sample.reading import Sample
    from planner.workers import Workers

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ABOUT = {
    "app": "open the planner in the browser (also without any word)",
    "pilot": "replay active learning on a labeled sample and keep what it measured",
    "compare": "hold ways of choosing against random labeling, on one data set or over several",
    "strategies": "list the ways to choose, with what each does, when it helps and its source",
    "prices": "list typical prices of a label by kind of task, with their source",
    "plan": "say how many labels to buy, how to pick them and whether that pays",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code: 0 done, 2 bad input with one sentence on stderr."""
    # One thread a process, set before numpy loads: on a busy machine more of them only wait for one another.
    for name in THREADS:
        os.environ.setdefault(name, "1")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without a minus sign gets a question mark
    words = _with_command(list(sys.argv[1:] if arguments is None else arguments))
    try:
        COMMANDS[words[0]](words[1:])
    except PlannerError as wrong:
        print(f"planner: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("planner: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def _with_command(words: list[str]) -> list[str]:
    """The arguments with their command first and every option spelled with hyphens."""
    words = [_hyphens(word) if word.startswith("--") else word for word in words]
    if words and words[0] in COMMANDS:
        return words
    if words and (words[0] in ("-h", "--help", "--version") or not words[0].startswith("-")):
        return ["", *words]
    return ["app", *words]


def _hyphens(word: str) -> str:
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value


def _top(words: list[str]) -> None:
    parser = Parser("planner", description="Plan a labeling budget on your own data. Nothing leaves this computer.")
    parser.add_argument("--version", action="version", version=f"planner {__version__}")
    commands = parser.add_subparsers(metavar="command", title="commands", required=True)
    for name, about in ABOUT.items():
        commands.add_parser(name, help=about, add_help=False)
    parser.parse_args(words)


def _app(words: list[str]) -> None:
    parser = Parser("planner app", description=f"{ABOUT['app'].capitalize()}.")
    parser.add_argument("--port", type=int, metavar="P", help="port on 127.0.0.1; a free one near 8501 if left out")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument(
        "--workspace",
        metavar="FILE",
        help="where plans are kept; planner/workspace.sqlite in your data folder if left out",
    )
    given = parser.parse_args(words)
    if given.port is not None and not 1 <= given.port <= 65535:
        raise BadSetting(f"The port is {given.port}; ports run from 1 to 65535. Leave it out to get a free one.")
    from planner.ui.server import serve

    serve(given.port, not given.no_browser, given.workspace)


def _pilot(words: list[str]) -> None:
    from planner.forecast.carrying import ForecastSettings
    from planner.pilot.saved import write_pilot
    from planner.pilot.task import PilotSettings

    parser = Parser("planner pilot", description=f"{ABOUT['pilot'].capitalize()}; the file holds none of its rows.")
    parser.add_argument("data", metavar="DATA", help="CSV, TSV, Parquet, Excel, JSON lines, or a ZIP of images")
    sample_options(parser, required=True)
    options(parser, PilotSettings)
    options(parser, ForecastSettings, only=("metric",))
    jobs_option(parser)
    parser.add_argument("--out", required=True, metavar="FILE", help="where the pilot is written, as JSON")
    given = vars(parser.parse_args(words))
    _can_write(given["out"])
    settings, metric = _settings(PilotSettings, given), _settings(ForecastSettings, given).metric
    workers, started = _workers(given), perf_counter()
    pilot = _run(_read_sample(given), settings, workers)
    seconds = round(perf_counter() - started, 3)
    _write(given["out"], write_pilot(pilot, metric=metric, jobs=given["jobs"], seconds=seconds))


def _plan(words: list[str]) -> None:
    from planner.cli.plan import run

    run(words)


def _strategies(words: list[str]) -> None:
    from planner.cli.strategies import run

    run(words)


def _compare(words: list[str]) -> None:
    from planner.cli.compare import run

    run(words)


def _prices(words: list[str]) -> None:
    from planner.cli.prices import run

    run(words)


def _settings(owner: type, given: dict[str, Any]) -> Any:
    from planner.settings import knobs

    return owner(**{one.name: given[one.name] for one in knobs(owner) if one.name in given})


def _workers(given: dict[str, Any]) -> "Workers":
    from planner.workers import Workers

    if given["jobs"] < 1:
        raise BadSetting(
            f"--jobs is {given['jobs']}; at least one process has to do the work. Leave it out to use all cores."
        )
    return Workers(given["jobs"], given["backend"], scheduler=given["scheduler"])


def _read_sample(given: dict[str, Any], data: bytes | None = None) -> "Sample":
    from planner.sample.images import with_images
    from planner.sample.reading import make_sample
    from planner.sample.tables import read_table

    if given["label"] is None:
        raise BadSetting(
            "A table needs --label COLUMN, the column that holds the labels. Only a pilot file does without."
        )
    kinds = {column: kind for kind in OF_KIND for column in _names(given[kind])}
    path = Path(given["data"])
    table = read_table(_read(given["data"]) if data is None else data, path.name)
    if given["image"] is not None:
        table = with_images(table, given["image"], lambda name: (path.parent / name).read_bytes())
    return make_sample(table, given["label"], kinds, path.name, _names(given["classes"]))


def _names(listed: str | None) -> list[str]:
    return [name.strip() for name in (listed or "").split(",") if name.strip()]


def _run(sample: "Sample", settings: "PilotSettings", workers: "Workers") -> "Pilot":
    """A pilot with its progress on stderr, when somebody is looking."""
    from planner import words
    from planner.pilot.running import gather, prepare, runs, traces

    task = prepare(sample, settings)
    total, done, started = len(runs(task)), [], perf_counter()
    watched = sys.stderr.isatty()
    for trace in traces(task, workers):
        done.append(trace)
        left = (perf_counter() - started) / len(done) * (total - len(done))
        if watched:
            print(f"\r{len(done)} of {total} runs, about {words.seconds(left)} left   ", end="", file=sys.stderr)
    if watched:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    return gather(sample.facts, task, done)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        raise PlannerError(
            f"The file '{path}' cannot be read: {wrong.strerror or wrong}. Check its name and place."
        ) from None


def _can_write(path: str | None) -> None:
    """Say that a file cannot be written before the minutes of a pilot, not after."""
    if path is not None and (Path(path).is_dir() or not os.access(Path(path).parent, os.W_OK)):
        raise PlannerError(f"The file '{path}' cannot be written there. Name a file in a folder you may write to.")


def _write(path: str, data: bytes) -> None:
    try:
        Path(path).write_bytes(data)
    except OSError as wrong:
        raise PlannerError(
            f"The file '{path}' cannot be written: {wrong.strerror or wrong}. Name another place."
        ) from None


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "": _top,
    "app": _app,
    "pilot": _pilot,
    "compare": _compare,
    "strategies": _strategies,
    "prices": _prices,
    "plan": _plan,
}
