"""The axes of the first chart: training labels from the pilot to the pool, with what they cost, and the score."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from planner import words
from planner.charts import vega
from planner.charts.look import MIDDLING, NARROW, Palette, quantity_axis
from planner.charts.vega import Spec
from planner.economics.costs import labels_cost
from planner.forecast.carrying import Forecast
from planner.plan.deciding import Plan

FAR = 12  # a pool this many times the sample is drawn on a logarithmic axis, or the sample is a sliver


@dataclass(frozen=True)
class Frame:
    """Where the axes run, and whose colours they wear."""

    palette: Palette
    left: float  # labels at the left end
    sample: float  # n
    pool: float  # N
    low: float  # score at the bottom
    high: float  # score at the top
    log: bool

    def share(self, labels: float) -> float:
        """How far along the axis `labels` lies, 0-1."""
        if self.log:
            return math.log(labels / self.left) / math.log(self.pool / self.left)
        return (labels - self.left) / (self.pool - self.left)

    def height(self, share: float) -> float:
        """The score at a share of the chart's height."""
        return self.low + share * (self.high - self.low)


def frame_of(forecast: Forecast, shown: list[str], palette: Palette) -> Frame:
    """The frame that holds what was measured and the bands of the strategies shown."""
    n, pool = float(forecast.budgets[0]), float(forecast.pool_size)
    log = pool > FAR * n
    measured = forecast.fitted
    second = min(1, len(measured.labels) - 1)
    top = max(float(band(forecast, name)[1].max()) for name in shown)
    low, high = float(measured.mean[second]), max(top, float(measured.mean.max()))
    pad = 0.06 * (high - low) + 0.001
    # A sixth of the height stays free below the curves for the bar of the 8 in 10 range.
    # Above them there is room for the words Measured and Forecast, even where the band reaches 100%.
    low, high = max(0.0, low - 2.5 * pad), high + 2.5 * pad
    left = 0.93 * float(measured.labels[second]) if log else 0.0  # room for the whole first mark
    return Frame(palette, left, n, pool, low, high, log)


@lru_cache(maxsize=16)
def band(forecast: Forecast, strategy: str) -> np.ndarray:
    """The low and the high end of 8 in 10 scores at every budget, (2, B); the same at every price."""
    return np.asarray(np.quantile(forecast.scores[strategy], [0.1, 0.9], axis=0))


def labels_scale(frame: Frame) -> Spec:
    """Labels along the axis, by their logarithm where the pool is far."""
    domain = [frame.left, frame.pool]
    return vega.Scale(type="log", domain=domain, nice=False) if frame.log else vega.Scale(domain=domain, nice=False)


def labels_axis(plan: Plan, frame: Frame) -> Spec:
    """Two lines a tick: labels in all, and what those beyond the sample cost."""
    asked, ticks = plan.valuation.assumptions, _ticks(frame)
    second = [words.money(float(labels_cost(asked, max(x - frame.sample, 0.0))), asked.currency) for x in ticks]
    lines = {
        f"{tick:.0f}": [words.count(tick), money if tick > frame.sample else ""]
        for tick, money in zip(ticks, second, strict=True)
    }
    few = [tick for position, tick in enumerate(ticks) if not _crowded(position, ticks, frame)]
    some = [tick for tick in ticks if not _close(tick, frame)]
    sample = words.count(frame.sample)
    steps = " (log scale)" if frame.log else ""
    return quantity_axis(
        frame.palette,
        title=[f"Training labels in all{steps}", f"and what those beyond your {sample} cost"],
        values=ticks,
        labelExpr=f"width < {NARROW} && indexof({few}, datum.value) < 0 || "
        f"width < {MIDDLING} && indexof({some}, datum.value) < 0 ? '' : {lines}['' + datum.value]",
        labelFlush=True,
        labelOverlap=False,
    )


def _ticks(frame: Frame) -> list[float]:
    if not frame.log:
        step = 10.0 ** math.floor(math.log10(frame.pool / 2))
        step = next(s for s in (step / 2, step, 2 * step, 5 * step) if frame.pool / s <= 6)
        inside = list(np.arange(0, frame.pool - 0.6 * step, step))
    else:
        decades = range(math.floor(math.log10(frame.left)), math.ceil(math.log10(frame.pool)) + 1)
        nice = [m * 10.0**d for d in decades for m in (1, 2, 5)]
        inside = [t for t in nice if frame.left <= t and frame.share(t) < 0.94]
        inside = [t for t in inside if abs(t - frame.sample) > 0.3 * frame.sample]
        inside = sorted([*inside, frame.sample])
    return [float(t) for t in (*inside, frame.pool)]


def _close(tick: float, frame: Frame) -> bool:
    """Whether a tick's words would touch those of the sample or of the pool in a chart of half a page."""
    if tick in (frame.sample, frame.pool) or not frame.log:
        return False
    return abs(frame.share(tick) - frame.share(frame.sample)) < 0.09 or frame.share(tick) > 0.82


def _crowded(position: int, ticks: list[float], frame: Frame) -> bool:
    """Whether a tick's words give way on a phone: the ends and the sample stay, others a fifth of the width apart."""
    tick = ticks[position]
    fixed = (frame.sample, frame.pool) if frame.log else (0.0, frame.pool)
    if tick in fixed:
        return False
    if not frame.log:
        return position % 2 == 1 or frame.share(tick) > 0.8
    near = any(abs(frame.share(tick) - frame.share(other)) < 0.3 for other in fixed)
    return near or not math.log10(tick).is_integer()
