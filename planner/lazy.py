"""Public names of a package, each loaded when it is first asked for.

So a room can be imported from by its name, and whoever needs one small module of it waits for no other.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def on_demand(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """A `__getattr__` for `package`: `names` says which of its modules holds which public names."""
    home = {name: module for module, held in names.items() for name in held}

    def find(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return find
