"""The sentences a person gets when something can be put right: one base class, three kinds a caller can act on."""

from collections.abc import Iterable
from difflib import get_close_matches


class PlannerError(ValueError):
    """Anything a person can fix. The message names the thing, the value found and what to do."""


class BadTable(PlannerError):
    """The uploaded file cannot be used as it is."""


class BadSetting(PlannerError):
    """A typed value is outside what makes sense."""


class UnknownChoice(PlannerError):
    """A name that no menu has."""


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownChoice:
    """The error for a name that is not among `known`, with the nearest one as a hint."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return UnknownChoice(f"No {what} is named '{name}'.{hint} Known: {', '.join(names)}.")
