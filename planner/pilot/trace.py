"""What one run of a pilot leaves behind."""

from dataclasses import dataclass, field

import numpy as np

from planner.pilot.task import Run
from planner.results import Result


def nothing() -> np.ndarray:
    """What stands where a trace has nothing to say, (0,)."""
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Trace(Result):
    """What one run measured at each of its K anchors: any metric and stopping rule is read off later."""

    run: Run
    anchors: np.ndarray  # (K,) labels
    confusion: np.ndarray  # (K, C, C) test rows by true class and predicted class
    log_loss: np.ndarray  # (K,) nats, on the test fold
    auc: np.ndarray  # (K,) one against rest, mean over the classes in the test fold; .5 where undefined
    kappa: np.ndarray  # (K,) Cohen's kappa of stop-set predictions with the anchor before; 0 at the first
    pool_entropy: np.ndarray  # (K,) mean of H / ln C over the stop set, 0-1
    picked: np.ndarray  # (anchors[-1],) rows of the sample, in the order they were labeled
    seconds: float  # run fact, not part of the result
    by_group: np.ndarray = field(default_factory=nothing)  # (K, G, C, C) confusion in each group; (0,) without groups
    unconverged: int = 0  # fits that stopped short of their optimum, committee members among them
    # Of the K - 1 batches after the first labels; (0,) each in further cuts and in old files. See monitoring.watch.
    picked_classes: np.ndarray = field(default_factory=nothing)  # (K-1, C) rows bought of each class
    distance: np.ndarray = field(default_factory=nothing)  # (K-1,) to the nearest labeled row; 1 is the pool's mean
    outliers: np.ndarray = field(default_factory=nothing)  # (K-1,) share of the batch
    still_wrong: np.ndarray = field(default_factory=nothing)  # (K-1, 2) [wrong by the next model, looked at] rows
    clusters: np.ndarray = field(default_factory=nothing)  # (K,) share of the pool's clusters with a labeled row
    # (0,) each where nothing of the kind was asked for: annotators, unlabeled rows to learn from, votes a label.
    confusion_clean: np.ndarray = field(default_factory=nothing)  # (K, C, C) against the sample's own labels
    plain: np.ndarray = field(default_factory=nothing)  # (K, C, C) by a model that learned from labels alone
    votes: np.ndarray = field(default_factory=nothing)  # (K,) votes paid so far; (0,) with one vote a label
    seen: np.ndarray = field(default_factory=nothing)  # (K,) classes among the labels bought; (0,) in old files
    # What the stopping rules watch on the stop set; (0,) each in old files. See steadiness.Steadiness.
    changed: np.ndarray = field(default_factory=nothing)  # (K,) share predicted otherwise than before; 1 at the first
    delta_f: np.ndarray = field(default_factory=nothing)  # (K,) see scoring.f_change; 1 at the first
    confidence: np.ndarray = field(default_factory=nothing)  # (K,) mean largest probability
    batch_entropy: np.ndarray = field(default_factory=nothing)  # (K-1,) largest H / ln C in each batch, before buying
    # What value models read, see scoring.confidence_counts; (0,) each in old files, and where nothing of it was asked.
    by_confidence: np.ndarray = field(default_factory=nothing)  # (K, C, 20, 2) test rows; (K, 20, 2) in files of before
    costed: np.ndarray = field(default_factory=nothing)  # (K, C, C) confusion if the class of lowest cost is named
    at_stake: np.ndarray = field(default_factory=nothing)  # (K, C, C) amounts of the test rows; (0,) without a column
