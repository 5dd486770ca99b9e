"""The map of the picks: the rows of a sample by their two principal components, those bought first against the rest."""

from dataclasses import dataclass

import numpy as np

from planner import words
from planner.blocks import Table
from planner.charts import vega
from planner.charts.look import Layers, Palette, finish, on_paper, rows, style
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.pilot.monitoring import SIDE
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.results import Result

FIELDS = 12  # of a side: small enough to follow the rows, large enough that most hold some
MOST_GREY = 1500  # rows that are drawn as the pool
STEPS = 6  # rows of the table
ALIKE = 0.05  # of the fields; two counts nearer than this are about the same


@dataclass(frozen=True, eq=False)
class Mapped(Result):
    """One replay of a strategy on the map, and random labeling of the same fold beside it."""

    strategy: str
    strategies: tuple[str, ...]  # all of the pilot
    pool: np.ndarray  # (m, 2) places of everything that could be picked
    picked: np.ndarray  # (m, 2) places in the order the strategy bought them
    at_random: np.ndarray  # (m, 2) the same for random labeling
    anchors: np.ndarray  # (K,) labels bought after each batch
    share: float  # of the spread of the rows that the map holds

    @property
    def early(self) -> tuple[int, int, int]:
        """Where the first labels, the early and the later half of what was chosen in the first half end, as counts."""
        first, last = int(self.anchors[0]), int(self.anchors[-1])
        half = int(self.anchors[np.searchsorted(self.anchors, (first + last) / 2, side="right") - 1])
        half = half if half > first else int(self.anchors[min(1, len(self.anchors) - 1)])
        return first, (first + half) // 2, half

    def touched(self, labels: int) -> tuple[int, int]:
        """Fields of the map that hold one of the first `labels` picks: of the strategy, and of random labeling."""
        return fields(self.picked[:labels]), fields(self.at_random[:labels])


def fields(places: np.ndarray) -> int:
    """How many of the 144 fields of the map hold a place."""
    column = np.minimum(places * FIELDS // SIDE, FIELDS - 1)
    return len(np.unique(column, axis=0))


def mapped(pilot: Pilot, strategy: str) -> Mapped | None:
    """The first replay of a strategy in the largest pool; None where the pilot has no map or no such replay."""
    if pilot.plane is None or not len(pilot.plane.places):
        return None
    one, beside = _first(pilot, strategy), _first(pilot, "random")
    if one is None or beside is None or len(one.anchors) < 2:
        return None
    places = pilot.plane.places
    pool = places[np.unique(one.picked)]
    every = pilot.settings.all_strategies
    return Mapped(strategy, every, pool, places[one.picked], places[beside.picked], one.anchors, pilot.plane.share)


def picks_map(one: Mapped, palette: Palette) -> Drawing:
    """The pool in grey; of what was chosen in the first half the earlier picks filled, the later ones hollow."""
    look = style(one.strategy, one.strategies, palette)
    first, middle, half = one.early
    grey = one.pool[:: max(1, -(-len(one.pool) // MOST_GREY))]
    early, late = one.picked[first:middle], one.picked[middle:half]
    layers: Layers = [
        _dots(grey, fill=palette.rule, opacity=0.6, size=16),
        _dots(late, fill=palette.paper, stroke=look.color, strokeWidth=1.5, size=38),
        _dots(early, fill=look.color, stroke=palette.paper, strokeWidth=0.75, size=48),
    ]
    layers += _key(one, look.color, palette)
    axis = vega.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    x = vega.Scale(domain=[-0.02 * SIDE, 1.02 * SIDE], nice=False)
    y = vega.Scale(domain=[-0.14 * SIDE, 1.02 * SIDE], nice=False)  # room for the key below the rows
    layers[0] = layers[0].encode(x=vega.X("x:Q", scale=x, axis=axis), y=vega.Y("y:Q", scale=y, axis=axis))
    return finish(vega.layer(*layers), palette, map_finding(one), 380)


def map_finding(one: Mapped) -> str:
    """Whether the early picks keep to a part of the rows or spread farther than a random draw, in words."""
    half = one.early[-1]
    ours, theirs = one.touched(half)
    held, title = fields(one.pool), STRATEGIES[one.strategy].title.lower()
    if one.strategy == "random":
        return f"{words.count(half)} random labels touch {ours} of the {held} fields of the map that hold rows."
    if abs(ours - theirs) < max(ALIKE * held, 1):
        said = "They lie about as wide as a random draw."
    elif ours < theirs:
        said = "They keep to a part of the rows, where the model is in doubt."
    else:
        said = "They reach farther out than a random draw."
    return (
        f"The first {words.count(half)} labels by {title} touch {ours} of the {held} fields of the map that hold rows; "
        f"as many at random touch {theirs}. {said}"
    )


def map_table(one: Mapped) -> Table:
    """Fields touched after some of the batches, by the strategy and at random."""
    places = np.unique(np.linspace(0, len(one.anchors) - 1, min(STEPS, len(one.anchors))).round().astype(int))
    found = [(int(one.anchors[k]), *one.touched(int(one.anchors[k]))) for k in places]
    heads = ("Labels", f"Fields touched, {STRATEGIES[one.strategy].title.lower()}", "Fields touched, at random")
    return Table("Fields of the map that hold a label", heads, tuple(tuple(map(words.count, row)) for row in found))


def map_note(one: Mapped) -> str:
    """What the picture is and what it leaves out."""
    return (
        f"The first replay of the pilot. Two principal components hold {words.percent(one.share, 0)} of the spread of "
        "the rows, so rows that lie together here may still differ. Rows far out stand on the edge; a field is a "
        f"{FIELDS}th of each side. The first {words.count(one.anchors[0])} labels, before there was a model, are grey."
    )


def _first(pilot: Pilot, strategy: str) -> Trace | None:
    """The run of the first repeat and fold."""
    return next((one for one in pilot.traces_of(strategy) if (one.run.repeat, one.run.fold) == (0, 0)), None)


def _dots(places: np.ndarray, **look: object) -> Drawing:
    mark = {"shape": "circle", "filled": True, "opacity": 1, "aria": False, **look}
    return vega.Chart(rows(x=places[:, 0], y=places[:, 1])).mark_point(**mark).encode(x="x:Q", y="y:Q")


def _key(one: Mapped, color: str, palette: Palette) -> Layers:
    """What the three kinds of marks are, in a row below the rows."""
    first, middle, half = one.early
    said = (f"First {words.count(middle - first)} picks", f"Next {words.count(half - middle)}", "Other rows")
    looks: tuple[dict[str, object], ...] = (
        {"fill": color, "size": 60},
        {"fill": palette.paper, "stroke": color, "strokeWidth": 1.5, "size": 48},
        {"fill": palette.rule, "size": 30},
    )
    inks = (color, color, palette.soft)
    layers: Layers = []
    for at, text, look, ink in zip((0.02, 0.33, 0.56), said, looks, inks, strict=True):
        spot = np.array([[at * SIDE, -0.09 * SIDE]])
        layers.append(_dots(spot, **look))
        layers.append(on_paper(spot[0, 0], spot[0, 1], text, (ink, palette), dx=9))
    return layers
