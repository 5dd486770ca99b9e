"""Letters a page can be drawn with: where a computer has no font for a script, Latin letters and a word about it."""

import unicodedata
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from anyascii import anyascii

from planner.exports.paper import FONT

NOTE = (
    "This computer has no font for some of the names, so they are written in Latin letters here. The HTML page and the "
    "workbook have them as they are; a font such as Noto Sans brings them to this page too."
)
NOWHERE = "\U000f1234"  # a sign of no script, which every font draws as it draws what it lacks
UNSEEN = ("Cc", "Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")  # spaces, joiners, and marks, which go with their letter
UNKNOWN = "?"  # for what has no Latin letters either

Any_ = TypeVar("Any_")


def in_letters(text: str) -> str:
    """The same text with Latin letters for those that no font of this computer draws: never an empty box."""
    if text.isascii():
        return text
    runs = ((drawn, "".join(signs)) for drawn, signs in groupby(text, drawable))
    return "".join(run if drawn else anyascii(run) or UNKNOWN for drawn, run in runs)


def all_in_letters(value: Any_) -> Any_:
    """A value with every text inside it in letters that can be drawn."""
    found: Any = value
    if isinstance(value, str):
        found = in_letters(value)
    elif isinstance(value, tuple):
        found = tuple(all_in_letters(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{one.name: all_in_letters(getattr(value, one.name)) for one in fields(value)})
    return found  # type: ignore[no-any-return]


@lru_cache(maxsize=4096)
def drawable(sign: str) -> bool:
    """Whether a font of this computer, or of the drawing library, has a sign; marks go with their letter."""
    return sign.isascii() or unicodedata.category(sign) in UNSEEN or _picture(sign) != _picture(NOWHERE)


@lru_cache(maxsize=4096)
def _picture(sign: str) -> bytes:
    import vl_convert

    return bytes(
        vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="40">'
            f'<text x="6" y="30" font-size="24" font-family="{FONT}">{sign}</text></svg>'
        )
    )
