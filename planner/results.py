"""What was found: values whose arrays cannot be changed after birth, so caches and threads may share them."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np


def _freeze(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, dict):
        for item in value.values():
            _freeze(item)


class Result:
    """Base of every frozen dataclass that a step returns; makes its arrays read-only."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            _freeze(getattr(self, field.name))


@dataclass(frozen=True)
class Finding:
    """Something about the file that a person should know; never an error."""

    code: str  # lower snake case: id_column, leak, duplicates, small_class, repeated_text, shift, ...
    finding: str  # a bold claim, then the fact with a number
    remedy: str  # what was done, or what to do
    set_aside: bool  # True: dealt with already; False: the person decides
