"""The critical-difference picture: mean ranks over data sets, with a bar over those that cannot be told apart.

Source: Demsar 2006.
"""

from planner import words
from planner.charts import vega
from planner.charts.look import Layers, Palette, finish, rows, style, words_at
from planner.charts.vega import Drawing
from planner.choices.strategies import STRATEGIES
from planner.forecast.ranking import Ranking

ROW = 26  # pixels a name or a bar takes
MARGIN = 0.55  # of the axis, left free on each side for the names


def critical_differences(ranking: Ranking, palette: Palette) -> Drawing:
    """Mean ranks on a line, the best at the left, with bars over strategies within the critical difference."""
    k, bars = len(ranking.strategies), len(ranking.groups)
    free = MARGIN * (k - 1)
    first = -(0.6 + 0.4 * bars)  # height of the first name, below the bars
    bottom = first - (k + 1) // 2 + 0.4
    axis = vega.Chart(rows(x=[1.0], x2=[float(k)], y=[0.0])).mark_rule(color=palette.rule, strokeWidth=1.5)
    axis = axis.encode(
        x=vega.X("x:Q", scale=vega.Scale(domain=[1 - free, k + free], nice=False), axis=None),
        x2="x2:Q",
        y=vega.Y("y:Q", scale=vega.Scale(domain=[bottom, 1.7], nice=False), axis=None),
    )
    layers: Layers = [axis, *_ticks(k, palette), *_critical(ranking, palette)]
    layers += _names(ranking, first, palette)
    layers += _bars(ranking, palette)
    height = round(ROW * (1.7 - bottom))
    return finish(vega.layer(*layers), palette, ranks_finding(ranking), height)


def ranks_finding(ranking: Ranking) -> str:
    """The mean ranks and what they do not tell apart, in words."""
    order = sorted(zip(ranking.mean_ranks, ranking.strategies, strict=True))
    named = words.listing([f"{STRATEGIES[name].title} {words.decimal(mean, 2)}" for mean, name in order])
    groups = [words.listing([STRATEGIES[name].title for name in group]) for group in ranking.groups]
    told = f"Not told apart: {'; '.join(groups)}." if groups else "All are told apart."
    return (
        f"Mean ranks over {len(ranking.names)} data sets, 1 is best: {named}. "
        f"Critical difference {words.decimal(ranking.critical_difference, 2)}. {told}"
    )


def _line(points: list[tuple[float, float]], color: str, width: float) -> Drawing:
    xs, ys = (list(axis) for axis in zip(*points, strict=True))
    line = vega.Chart(rows(x=xs, y=ys, at=list(range(len(xs)))))
    return line.mark_line(color=color, strokeWidth=width).encode(x="x:Q", y="y:Q", order="at:Q")


def _ticks(k: int, palette: Palette) -> Layers:
    found: Layers = []
    for at in range(1, k + 1):
        found.append(_line([(at, 0), (at, 0.18)], palette.rule, 1.5))
        found.append(words_at(at, 0.5, str(at), palette.soft, align="center"))
    return found


def _critical(ranking: Ranking, palette: Palette) -> Layers:
    """The critical difference as a length above the axis, from its best end."""
    length = min(ranking.critical_difference, len(ranking.strategies) - 1.0)
    more = "+" if length < ranking.critical_difference else ""  # longer than the axis is
    ends = [_line([(x, 1.0), (x, 1.24)], palette.ink, 1.5) for x in (1.0, 1 + length)]
    text = (
        f"Critical difference {words.decimal(ranking.critical_difference, 2)}{', longer than the axis' if more else ''}"
    )
    return [
        _line([(1.0, 1.12), (1 + length, 1.12)], palette.ink, 1.5),
        *ends,
        words_at(1.0, 1.5, text, palette.ink, align="left"),
    ]


def _names(ranking: Ranking, first: float, palette: Palette) -> Layers:
    """Each name beside its line: the better half at the left, the others at the right, so that no lines cross."""
    order = sorted(zip(ranking.mean_ranks, ranking.strategies, strict=True))
    k = len(order)
    half = (k + 1) // 2
    found: Layers = []
    for place, (mean, name) in enumerate(order):
        left = place < half
        y = first - (place if left else k - 1 - place)
        edge = 1 - 0.04 * (k - 1) if left else k + 0.04 * (k - 1)
        look = style(name, ranking.strategies, palette)
        found.append(_line([(float(mean), 0), (float(mean), y), (edge, y)], look.color, 1.5))
        text = f"{STRATEGIES[name].title} {words.decimal(mean, 2)}"
        side = {"align": "right", "dx": -6} if left else {"align": "left", "dx": 6}
        found.append(words_at(edge, y, text, look.color, fontWeight=600, **side))
        mark = vega.Chart(rows(x=[float(mean)], y=[0.0]))
        mark = mark.mark_point(shape=look.shape, filled=True, color=look.color, size=60, opacity=1)
        found.append(mark.encode(x="x:Q", y="y:Q"))
    return found


def _bars(ranking: Ranking, palette: Palette) -> Layers:
    """A thick bar below the axis for each group that is not told apart."""
    ranks = dict(zip(ranking.strategies, ranking.mean_ranks, strict=True))
    spill = 0.015 * (len(ranks) - 1)
    return [
        _line([(float(ranks[group[0]]) - spill, -0.4 * (at + 1)), (float(ranks[group[-1]]) + spill, -0.4 * (at + 1))],
              palette.ink, 5)
        for at, group in enumerate(ranking.groups)
    ]  # fmt: skip
