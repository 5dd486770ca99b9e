"""Every setting as an option of the command, with its unit and its default."""

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from planner.errors import BadSetting
from planner.settings import Knob, knobs


class Parser(argparse.ArgumentParser):
    """Options in full only, and one sentence where argparse prints two lines."""

    def __init__(self, prog: str, description: str = "", add_help: bool = True, **_: Any) -> None:
        super().__init__(prog, description=description, add_help=add_help, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise the one sentence instead of printing and leaving."""
        sentence = message[0].upper() + message[1:].rstrip(".")
        raise BadSetting(f"{sentence}. See: {self.prog} --help.")


def options(parser: argparse.ArgumentParser, owner: type, only: Sequence[str] = ()) -> None:
    """One option for each setting of a settings class; what is not typed stays out of the result."""
    group = parser.add_argument_group((owner.__doc__ or "").strip().split("\n")[0].rstrip("."))
    for one in knobs(owner):
        if only and one.name not in only:
            continue
        if one.kind is bool:
            group.add_argument(
                one.option, dest=one.name, action="store_true", default=argparse.SUPPRESS, help=_escaped(one.help)
            )
        else:
            group.add_argument(
                one.option,
                dest=one.name,
                type=_typed(one),
                default=argparse.SUPPRESS,
                metavar=_metavar(one),
                help=_escaped(f"{one.help} {_facts(one)}"),
            )


def _metavar(one: Knob) -> str:
    if one.kind is tuple:
        return "A,B,..."
    return "NAME" if one.choices is not None else "N" if one.kind in (int, float) else "TEXT"


def _facts(one: Knob) -> str:
    """What stands in brackets after an option's help: unit, limits, known names, default."""
    parts = [f"in {one.unit}"] if one.unit else []
    parts += [f"one of {', '.join(one.choices)}"] if one.choices is not None else []
    default = ",".join(one.default) if one.kind is tuple else one.default
    parts += [] if default is None else [f"default {default}"]
    return f"({'; '.join(parts)})" if parts else ""


def _escaped(text: str) -> str:
    return text.replace("%", "%%").strip()


def _typed(one: Knob) -> Callable[[str], Any]:
    """How the text after an option becomes a value; what is no number is left for the setting to refuse."""

    def value(text: str) -> Any:
        if one.kind is tuple:
            return tuple(name.strip() for name in text.split(",") if name.strip())
        for kind in (int, float):
            if one.kind in (int, float):
                try:
                    return kind(text)
                except ValueError:
                    continue
        return text

    return value


OF_KIND = {  # columns whose kind a person names
    "text": "columns to read as free text, whatever they look like",
    "sentence": "columns of free text to read by meaning, not by words",
    "group": "the column that says which group a row belongs to: the worst group's accuracy is watched",
    "expert": "the column that marks rows to label first, for --start expert",
    "amount": "the column that holds what is at stake with each row, for --value-model amount_weighted",
    "leave_out": "columns the model must not see",
}
OF_SAMPLE = ("label", *OF_KIND, "image", "classes")


def sample_options(parser: argparse.ArgumentParser, required: bool) -> None:
    """Which column holds the labels, and how the others are read."""
    group = parser.add_argument_group("The sample")
    group.add_argument("--label", required=required, metavar="COLUMN", help="the column that holds the labels")
    for kind, help in OF_KIND.items():
        group.add_argument(f"--{kind.replace('_', '-')}", metavar="COLUMN,...", help=help)
    group.add_argument(
        "--image", metavar="COLUMN", help="the column that holds paths of images, from the table's folder"
    )
    group.add_argument("--classes", metavar="A,B,...", help="every class of the task, where the sample may lack some")


def jobs_option(parser: argparse.ArgumentParser) -> None:
    """How many processes work."""
    cores = os.cpu_count() or 1
    parser.add_argument(
        "--jobs",
        type=int,
        default=cores,
        metavar="J",
        help=f"processes that share the pilot (default {cores}, all cores)",
    )
    parser.add_argument(
        "--backend", default="loky", metavar="NAME", help="loky, processes of this machine, or dask (default loky)"
    )
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="of a Dask cluster that shares the pilot, as tcp://host:8786"
    )
