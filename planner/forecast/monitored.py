"""What a strategy bought in a pilot, batch by batch, as means over its runs."""

from dataclasses import dataclass

import numpy as np

from planner.forecast.replayed import Measured
from planner.pilot.running import Pilot
from planner.results import Result

FEWEST_WATCHED = 10  # rows over all runs below which a share of still wrong ones says nothing


@dataclass(frozen=True, eq=False)
class Monitored(Result):
    """The K - 1 batches of one strategy after its random first labels, inside the largest pool."""

    strategy: str
    classes: tuple[str, ...]
    pool: np.ndarray  # (C,) share of each class in the sample
    anchors: np.ndarray  # (K,) labels before the first batch and after each
    shares: np.ndarray  # (K-1, C) share of each class in the batch
    distance: np.ndarray  # (K-1,) to the nearest labeled row; 1 is the mean of all items left
    outliers: np.ndarray  # (K-1,) share of the batch
    still_wrong: np.ndarray  # (K-1,) share that the next model gets wrong; NaN where too few rows were looked at
    clusters: np.ndarray  # (K-1,) share of the pool's clusters with a labeled row after the batch
    gain: np.ndarray  # (K-1,) score after the batch less the score before it

    @property
    def bought(self) -> np.ndarray:
        """Labels of each batch, (K-1,)."""
        return np.diff(self.anchors)

    @property
    def early(self) -> np.ndarray:
        """Which batches lie in the first half of what was chosen, (K-1,) bool, one at least.

        Later the pool runs out, and whoever chooses has to buy what it left before.
        """
        half = (self.anchors[0] + self.anchors[-1]) / 2
        return np.asarray((self.anchors[1:] <= half) | (np.arange(len(self.bought)) == 0))

    @property
    def early_shares(self) -> np.ndarray:
        """Share of each class in the first half of what was chosen, (C,)."""
        return np.asarray(self.over(self.shares, self.early))

    @property
    def pool_outliers(self) -> float:
        """Share of outliers among all that could be chosen."""
        return float(self.over(self.outliers, np.ones(len(self.bought), dtype=bool)))

    def over(self, values: np.ndarray, batches: np.ndarray) -> np.ndarray:
        """The mean of a share over some of the batches, each label counting alike; NaN batches left out."""
        batches = batches & np.isfinite(values.reshape(len(values), -1)).all(axis=1)
        weight = self.bought * batches
        return np.asarray(np.nan if not weight.any() else np.average(values[batches], axis=0, weights=weight[batches]))

    def cost_per_point(self, price: float) -> np.ndarray:
        """What a point of score cost in each batch at a price a label, (K-1,); NaN where the score did not rise."""
        rose = self.gain > 0
        return np.asarray(np.divide(price * self.bought, 100 * self.gain, out=np.full(len(rose), np.nan), where=rose))


def monitored(pilot: Pilot, strategy: str, measured: Measured) -> Monitored | None:
    """What a strategy bought, with the gains of its replay in a metric; None in a pilot file that did not keep it."""
    traces = [trace for trace in pilot.traces_of(strategy) if trace.clusters.size]
    if not traces or len(traces[0].anchors) < 2:
        return None
    counts = np.sum([trace.picked_classes for trace in traces], axis=0)
    wrong, asked = np.sum([trace.still_wrong for trace in traces], axis=0).T
    return Monitored(
        strategy,
        pilot.facts.classes,
        pilot.facts.counts / pilot.facts.counts.sum(),
        traces[0].anchors,
        counts / counts.sum(axis=1, keepdims=True),
        np.mean([trace.distance for trace in traces], axis=0),
        np.mean([trace.outliers for trace in traces], axis=0),
        np.divide(wrong, asked, out=np.full(len(wrong), np.nan), where=asked >= FEWEST_WATCHED),
        np.mean([trace.clusters for trace in traces], axis=0)[1:],
        np.diff(measured.mean),
    )
