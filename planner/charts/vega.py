"""Vega-Lite, written directly: a page is drawn again at every click, and Altair's checks cost a second a chart.

The names are Altair's, so whoever knows it can read every chart; the tests hold each one against Altair's schema.
"""

from dataclasses import dataclass
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name, never fetched
TYPES = {"Q": "quantitative", "N": "nominal"}
SECOND = ("x2", "y2")  # these take the type of the first channel

Spec = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """A chart, a layer or a group of layers; every method gives a new one."""

    spec: Spec

    def encode(self, **channels: Any) -> "Drawing":
        """The same marks with columns, or fixed values, behind channels such as x, y2, color, tooltip."""
        if "layer" in self.spec:  # the first layer carries the axes of its group
            first, *others = self.spec["layer"]
            return Drawing({**self.spec, "layer": [Drawing(first).encode(**channels).spec, *others]})
        found = {name: _channel(name, value) for name, value in channels.items()}
        return Drawing({**self.spec, "encoding": {**self.spec.get("encoding", {}), **found}})

    def properties(self, **facts: Any) -> "Drawing":
        """The same chart with another width, height, description or other property."""
        return Drawing({**self.spec, **facts})

    @property
    def description(self) -> str:
        """What the chart shows, in words."""
        return str(self.spec.get("description", ""))

    def to_dict(self) -> Spec:
        """The whole chart as Vega-Lite."""
        return {"$schema": SCHEMA, **self.spec}

    def mark_line(self, **look: Any) -> "Drawing":
        """A line through the rows."""
        return self._mark("line", look)

    def mark_area(self, **look: Any) -> "Drawing":
        """The area between y and y2."""
        return self._mark("area", look)

    def mark_rect(self, **look: Any) -> "Drawing":
        """A rectangle."""
        return self._mark("rect", look)

    def mark_rule(self, **look: Any) -> "Drawing":
        """A straight rule."""
        return self._mark("rule", look)

    def mark_point(self, **look: Any) -> "Drawing":
        """A mark a row."""
        return self._mark("point", look)

    def mark_bar(self, **look: Any) -> "Drawing":
        """A bar a row."""
        return self._mark("bar", look)

    def mark_text(self, **look: Any) -> "Drawing":
        """Words a row."""
        return self._mark("text", look)

    def _mark(self, kind: str, look: Spec) -> "Drawing":
        return Drawing({**self.spec, "mark": {"type": kind, **look}})


def Chart(data: Spec) -> Drawing:  # noqa: N802
    """A chart of inline rows, to be given a mark."""
    return Drawing({"data": data})


def layer(*layers: Drawing) -> Drawing:
    """Layers on top of one another, the first at the bottom."""
    return Drawing({"layer": [one.spec for one in layers]})


def X(column: str, **facts: Any) -> Spec:  # noqa: N802
    """A column as a channel, with its scale, axis or sort; the same for every channel."""
    return {**_column(column), **facts}


Y = Tooltip = X


def Axis(**facts: Any) -> Spec:  # noqa: N802
    """An axis."""
    return facts


Scale = AutoSizeParams = Axis


def ExprRef(expression: str) -> Spec:  # noqa: N802
    """A value worked out where the chart is drawn, such as from its width."""
    return {"expr": expression}


def value(fixed: Any) -> Spec:
    """A fixed value for a channel."""
    return {"value": fixed}


def condition(test: str, yes: Spec, no: Spec) -> Spec:
    """One value where an expression holds for a row, another elsewhere."""
    return {"condition": {"test": test, **yes}, **no}


def _column(name: str) -> Spec:
    field, _, kind = name.partition(":")
    return {"field": field, "type": TYPES[kind]}


def _channel(name: str, given: Any) -> Any:
    if isinstance(given, list):
        return given
    found = _column(given) if isinstance(given, str) else given
    return {"field": found["field"]} if name in SECOND else found
