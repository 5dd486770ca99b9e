"""What may be set: each setting is declared once, and the API check, the command, the widgets and the docs read it."""

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from planner.errors import BadSetting


@dataclass(frozen=True)
class Knob:
    """One setting as a person meets it."""

    name: str
    kind: type  # int, float, bool, str, or tuple for a list of names
    optional: bool  # None is allowed and means "not given"
    default: Any
    title: str
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, Any] | None = None  # the menu its names come from
    main: bool = False  # shown first; the others wait behind one click
    group: str = ""  # the heading it waits behind, if its class has several

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")


def knob(
    default: Any,
    help: str,
    *,
    title: str,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: Mapping[str, Any] | None = None,
    main: bool = False,
    group: str = "",
) -> Any:
    """Declare a setting of a Settings class: its default, help, unit and limits."""
    facts = {"help": help, "title": title, "unit": unit, "low": low, "high": high, "choices": choices, "main": main}
    return dataclasses.field(default=default, metadata={**facts, "group": group})


def knobs(settings: type) -> tuple[Knob, ...]:
    """Every setting a Settings class declares, in the order it declares them."""
    return _declared(settings)


@cache  # a page asks for them at every click, and each asking would read all annotations anew
def _declared(settings: type) -> tuple[Knob, ...]:
    hints = typing.get_type_hints(settings)
    return tuple(
        Knob(field.name, *_kind(hints[field.name]), default=field.default, **field.metadata)
        for field in dataclasses.fields(settings)
    )


def _kind(hint: Any) -> tuple[type, bool]:
    """(type, optional) of an annotation such as `float | None` or `tuple[str, ...]`."""
    if isinstance(hint, types.UnionType):
        return next(part for part in hint.__args__ if part is not type(None)), True
    return typing.get_origin(hint) or hint, False


class Settings:
    """Base of the frozen dataclasses a person fills in: a value that exists is a value that is valid."""

    def __post_init__(self) -> None:
        for one in knobs(type(self)):
            object.__setattr__(self, one.name, _checked(one, getattr(self, one.name)))


def _checked(one: Knob, value: Any) -> Any:
    if value is None and one.optional:
        return None
    if one.kind is tuple:
        names = (value,) if isinstance(value, str) else tuple(value)
        return tuple(one.choices[name].name for name in names) if one.choices is not None else names
    if one.choices is not None:
        return one.choices[str(value)].name
    if one.kind in (int, float):
        return _number(one, value)
    if not isinstance(value, one.kind):
        raise BadSetting(f"{one.title} must be a {one.kind.__name__}, not {value!r}. {one.help}")
    return value


def _number(one: Knob, value: Any) -> float | int:
    try:
        number = one.kind(value)
        exact = number == value
    except (TypeError, ValueError, OverflowError):
        raise BadSetting(f"{one.title} must be a number, not {value!r}. {one.help}") from None
    if not exact or isinstance(value, bool) or not math.isfinite(number):
        whole = "a whole number" if one.kind is int else "a finite number"
        raise BadSetting(f"{one.title} must be {whole}, not {value!r}. {one.help}")
    unit = "" if one.unit.startswith("currency") or one.unit == "0 to 1" else f" {one.unit}".rstrip()
    if one.low is not None and number < one.low:
        raise BadSetting(f"{one.title} is {value:,g}; it cannot be below {one.low:,}{unit}. {one.help}")
    if one.high is not None and number > one.high:
        raise BadSetting(f"{one.title} is {value:,g}; it cannot be above {one.high:,}{unit}. {one.help}")
    return typing.cast("float | int", number)


def key(*parts: Any) -> str:
    """A short name for a combination of values, the same on every machine and day."""
    return sha256("\x1f".join(repr(part) for part in parts).encode()).hexdigest()[:12]
