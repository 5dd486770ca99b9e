"""Room 2: a Sample becomes a Pilot: active learning replayed on labels already paid for."""

from dataclasses import dataclass

import numpy as np

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.results import Result
from planner.sample import Facts
from planner.settings import Settings, key, knob


@dataclass(frozen=True)
class PilotSettings(Settings):
    """How the replay is done."""

    strategies: tuple[str, ...] = knob(
        ("random", "margin", "k_center"),
        "Ways to choose which item is labeled next. Random labeling is always run as the baseline.",
        title="Query strategies",
        choices=STRATEGIES,
        main=True,
    )
    model: str = knob(
        "auto",
        "The model that is trained on the labels. auto picks logistic regression or extra trees inside the training folds.",
        title="Model",
        choices=ESTIMATORS,
        main=True,
    )
    folds: int = knob(5, "Parts the sample is cut into; each is the test once a repeat.", title="Folds", low=2, high=20)
    repeats: int = knob(
        2, "How often the cutting is done anew.", title="Repeats", low=1, high=50
    )
    first: int = knob(50, "Labels bought at random before a strategy chooses.", title="First labels", unit="labels", low=10, high=1000)
    growth: float = knob(
        1.35, "How much larger each training set is than the one before.", title="Growth", unit="ratio", low=1.05, high=3.0
    )
    seed: int = knob(7, "Same seed, same numbers.", title="Seed", low=0, high=2**31 - 1)


@dataclass(frozen=True)
class Run:
    """One walk of one strategy: the unit of work, of progress and of failure."""

    strategy: str
    repeat: int
    fold: int
    pool_size: int  # items the strategy could choose from


@dataclass(frozen=True, eq=False)
class Trace(Result):
    """What one run measured at each of its K anchors, enough to read off any metric and stopping rule later."""

    run: Run
    anchors: np.ndarray  # (K,) labels
    confusion: np.ndarray  # (K, C, C) test rows by true class and predicted class
    log_loss: np.ndarray  # (K,) nats, on the test fold
    auc: np.ndarray  # (K,) one-against-rest, mean over the classes in the test fold; .5 where undefined
    kappa: np.ndarray  # (K,) Cohen's kappa of stop-set predictions with the anchor before; 0 at the first
    pool_entropy: np.ndarray  # (K,) mean of H / ln C over the stop set, 0-1
    picked: np.ndarray  # (anchors[-1],) rows of the sample, in the order they were labeled
    seconds: float  # run fact, not part of the result


@dataclass(frozen=True, eq=False)
class Pilot(Result):
    """All traces of a sample under one setting."""

    facts: Facts
    settings: PilotSettings
    model: str  # the estimator that was used, auto resolved
    model_reason: str  # why, in a sentence; empty when the person chose
    traces: tuple[Trace, ...]  # in the order of runs()

    @property
    def key(self) -> str:
        """A name for these results."""
        return key(self.facts.digest, self.settings, self.model, len(self.traces))
