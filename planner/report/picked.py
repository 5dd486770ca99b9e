"""What was picked, in words: one sentence, a table with a row a batch, and the picture of the classes."""

import numpy as np

from planner import words
from planner.blocks import EMPTY, WIDTH, Block, Chart, Heading, Sentence, Table
from planner.charts import LIGHT, picks
from planner.choices.strategies import STRATEGIES
from planner.forecast.carrying import Forecast
from planner.forecast.monitored import Monitored, monitored
from planner.pilot.running import Pilot

TITLE = "What was picked"
LITTLE = 0.02  # a change of a class's share below which it is about the pool's
MOST_ROWS = 12  # batches of a table that is still read
MOST_EXAMPLES = 8  # rows that are shown in their own words
HOW = (
    "Means over the runs in the largest pool. Distance is that to the nearest labeled row, 1 being the mean of all "
    "items left; an outlier lies far from its 10 nearest rows; still wrong is the share of a batch that the model "
    "trained on it gets wrong. The last batch is whatever was left."
)


def bought_by(forecast: Forecast) -> dict[str, Monitored]:
    """{strategy: what it bought} of every strategy whose batches were kept."""
    found = {name: monitored(forecast.pilot, name, measured) for name, measured in forecast.measured.items()}
    return {name: one for name, one in found.items() if one is not None}


def picked_blocks(one: Monitored, forecast: Forecast, price: float, currency: str) -> tuple[Block, ...]:
    """Everything a file says of what a strategy bought."""
    drawing = picks(one, forecast.pilot.settings.all_strategies, LIGHT)
    return (
        Heading(TITLE),
        Sentence(picked_sentence(one)),
        Chart(drawing.properties(width=WIDTH), drawing.description),
        batches_table(one, price, currency),
        Sentence(HOW),
    )


def first_picked(pilot: Pilot, strategy: str, most: int = MOST_EXAMPLES) -> list[tuple[int, float]]:
    """(row, mean place) of the labeled rows that a strategy bought first, over its runs in the largest pool.

    A place is the share of the pool bought before it. Rows that stood among the first labels of half of their runs,
    which no strategy chose, are left out.
    """
    traces = [trace for trace in pilot.traces_of(strategy) if len(trace.anchors) > 1]
    place, chosen, seen = (np.zeros(pilot.facts.labeled) for _ in range(3))
    for trace in traces:
        first, order = int(trace.anchors[0]), trace.picked
        seen[order] += 1
        chosen[order[first:]] += 1
        place[order[first:]] += np.arange(first, len(order)) / len(order)
    rows = np.flatnonzero((chosen > 0) & (2 * chosen >= seen))
    mean = place[rows] / chosen[rows]
    return [(int(rows[k]), float(mean[k])) for k in np.argsort(mean, kind="stable")[:most]]


def picked_sentence(one: Monitored) -> str:
    """Classes, outliers, hard picks and clusters of the first half of what a strategy chose."""
    title = STRATEGIES[one.strategy].title
    facts = [
        f"{words.percent(float(one.over(one.outliers, one.early)))} of its picks were outliers "
        f"({words.percent(one.pool_outliers)} of the pool)"
    ]
    wrong = float(one.over(one.still_wrong, one.early))
    if wrong > 0:
        facts.append(f"the model trained on them still got {words.percent(wrong)} wrong")
    last = int(np.flatnonzero(one.early)[-1])
    touched = words.percent(float(one.clusters[last]), 0)
    facts.append(f"{touched} of the pool's clusters held a label after {words.count(one.anchors[last + 1])}")
    return f"**{title} bought {_classes(one)}.** In the first half of what it chose, {'; '.join(facts)}."


def _classes(one: Monitored) -> str:
    """Which classes were sought out and which were left, with both shares."""
    change = one.early_shares - one.pool
    most, least = int(change.argmax()), int(change.argmin())
    if max(change[most], -change[least]) < LITTLE:
        return "the classes about as the pool holds them"
    more = f"{words.times(float(one.early_shares[most] / one.pool[most]))} times as many of “{one.classes[most]}”"
    return (
        f"{more} as the pool holds ({_both(one.early_shares, one.pool, most)}) "
        f"and less of “{one.classes[least]}” ({_both(one.early_shares, one.pool, least)})"
    )


def _both(shares: np.ndarray, pool: np.ndarray, code: int) -> str:
    return f"{words.percent(float(shares[code]))} of its picks, {words.percent(float(pool[code]))} of the pool"


def batches_table(one: Monitored, price: float, currency: str) -> Table:
    """A row a batch, at most twelve of them, evenly spaced."""
    columns = ("Labels", "Bought", "Class furthest from the pool", "Distance", "Outliers", "Still wrong",
               "Clusters touched", "Gain, points", "Cost per point")  # fmt: skip
    shown = np.unique(np.linspace(0, len(one.bought) - 1, min(MOST_ROWS, len(one.bought))).round().astype(int))
    cost = one.cost_per_point(price)
    rows = tuple(
        (
            words.count(one.anchors[k + 1]),
            words.count(one.bought[k]),
            _furthest(one, int(k)),
            words.decimal(float(one.distance[k]), 2),
            words.percent(float(one.outliers[k])),
            words.percent(float(one.still_wrong[k])) if np.isfinite(one.still_wrong[k]) else EMPTY,
            words.percent(float(one.clusters[k]), 0),
            words.points(float(one.gain[k])).split(" ")[0],
            words.money(float(cost[k]), currency) if np.isfinite(cost[k]) else EMPTY,
        )
        for k in shown
    )
    return Table(f"Batch by batch, {STRATEGIES[one.strategy].title.lower()}", columns, rows, figures=True)


def _furthest(one: Monitored, k: int) -> str:
    code = int(np.abs(one.shares[k] - one.pool).argmax())
    return (
        f"{one.classes[code]}: {words.percent(float(one.shares[k, code]), 0)}, "
        f"pool {words.percent(float(one.pool[code]), 0)}"
    )
