"""What all runs of a pilot share: the settings, the encoded sample and how it is cut."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.mistakes import equal_mistakes
from planner.monitoring import Landscape
from planner.settings import Settings, knob

NO_GROUPS = np.empty(0, dtype=int)


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
        "The model trained on the labels. auto picks logistic regression or extra trees inside the training folds.",
        title="Model",
        choices=ESTIMATORS,
        main=True,
    )
    folds: int = knob(
        5, "Parts the sample is cut into; each is the test once a repeat.", title="Folds", unit="folds", low=2, high=20
    )
    repeats: int = knob(2, "How often the cutting is done anew.", title="Repeats", unit="repeats", low=1, high=50)
    first: int = knob(
        50, "Labels bought at random before a strategy chooses.", title="First labels", unit="labels", low=10, high=1000
    )
    random_share: float = knob(
        0.0,
        "Part of every batch that is picked at random, whatever the strategy: a guard against its blind spots.",
        title="Random share",
        unit="0 to 1",
        low=0.0,
        high=1.0,
    )
    costs: str = knob(
        "",
        "What each mistake costs, as true>predicted=cost, comma-separated: spam>ham=5, *>spam=2. Others cost 1.",
        title="Costs of mistakes",
    )
    growth: float = knob(
        1.35,
        "How much larger each training set is than the one before.",
        title="Growth",
        unit="ratio",
        low=1.05,
        high=3.0,
    )
    seed: int = knob(7, "Same seed, same numbers.", title="Seed", low=0, high=2**31 - 1)

    @property
    def all_strategies(self) -> tuple[str, ...]:
        """The strategies to run, random first."""
        return ("random", *(name for name in dict.fromkeys(self.strategies) if name != "random"))


@dataclass(frozen=True)
class Run:
    """One walk of one strategy: the unit of work, of progress and of failure."""

    strategy: str
    repeat: int
    fold: int
    pool_size: int  # items the strategy could choose from


@dataclass(frozen=True, eq=False)
class Task:
    """What all runs of a pilot share."""

    X: Any  # (n, d) encoded features, dense or CSR
    labels: np.ndarray  # (n,) class codes
    same: np.ndarray  # (n,) rows with equal features share a number
    n_classes: int
    text: bool
    model: str
    settings: PilotSettings
    reason: str = ""  # why this model
    groups: np.ndarray = field(default_factory=lambda: NO_GROUPS)  # (n,) codes of the group column; (0,) without one
    n_groups: int = 0
    landscape: Landscape | None = None  # what picks are held against; None leaves them unwatched
    costs: np.ndarray | None = None  # (C, C) cost by true class and predicted class; None when all mistakes cost 1
    own_committee: bool = False  # whether the model's parts are the committee, so that their mean is the model

    def with_model(self, model: str, reason: str) -> "Task":
        """The same task with the model settled."""
        made = ESTIMATORS[model].call(self.settings.seed, self.text)
        return replace(self, model=model, reason=reason, own_committee=hasattr(made, "members"))

    @property
    def holds(self) -> frozenset[str]:
        """What makes strategies the same on this task, as their `same_as` names it."""
        holds = {
            "two_classes": self.n_classes == 2,
            "equal_costs": self.costs is None or equal_mistakes(self.costs),
            "no_groups": self.n_groups == 0,
            "own_committee": self.own_committee,
        }
        return frozenset(name for name, true in holds.items() if true)

    def fold_of(self, repeat: int) -> np.ndarray:
        """The fold each row is tested in, (n,): classes spread evenly, equal rows together."""
        rng = np.random.default_rng([self.settings.seed, repeat])
        _, one = np.unique(self.same, return_index=True)
        shuffled = rng.permutation(len(one))
        by_class = shuffled[np.argsort(self.labels[one[shuffled]], kind="stable")]
        fold_of_group = np.empty(len(one), dtype=int)
        fold_of_group[by_class] = np.arange(len(one)) % self.settings.folds
        return fold_of_group[np.unique(self.same, return_inverse=True)[1]]

    def pool_size(self) -> int:
        """Rows every training pool has, the smallest over repeats and folds."""
        folds = (np.bincount(self.fold_of(repeat)) for repeat in range(self.settings.repeats))
        return len(self.labels) - int(max(counts.max() for counts in folds))


def labels_at(first: int, growth: float, end: int) -> np.ndarray:
    """Training-set sizes from `first` by `growth` to `end`, (K,); the last step is never a sliver."""
    sizes = [min(first, end)]
    while sizes[-1] * growth < 0.92 * end:
        sizes.append(round(sizes[-1] * growth))
    if sizes[-1] < end:
        sizes.append(end)
    return np.array(sizes)
