"""How numbers are written: the menu of the places that `words` knows."""

from collections.abc import Callable

from planner.registry import Registry
from planner.words import LOCALES as PLACES
from planner.words import Locale

LOCALES: Registry[Callable[[], Locale]] = Registry("locale")


def _put(name: str, place: Locale) -> None:
    def written() -> Locale:
        return place

    written.__doc__ = f"Numbers and money as in {place.title}."
    LOCALES.register(name, place.title, source="Unicode CLDR 47")(written)


for _name, _place in PLACES.items():
    _put(_name, _place)
