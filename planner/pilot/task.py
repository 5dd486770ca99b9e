"""What all runs of a pilot share: the settings, the encoded sample and how it is cut."""

from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

import numpy as np

from planner.choices.estimators import ESTIMATORS
from planner.choices.semi_supervised import SEMI_SUPERVISED
from planner.choices.strategies import STRATEGIES
from planner.choices.strategies.starts import STARTS
from planner.errors import BadSetting
from planner.pilot.annotators import Answers, answers
from planner.pilot.mistakes import equal_mistakes
from planner.pilot.monitoring import Landscape
from planner.settings import Settings, knob

NO_GROUPS = np.empty(0, dtype=int)
APART = 50  # splits of one cut and those of the next: the most repeats
GROUPS = {  # of settings, each with what it is about
    "Model": "What is trained on the labels, and whether it also learns from rows without one.",
    "Start": "Which rows get the first labels, before there is a model to ask.",
    "Labels that are wrong": "Annotators who err: the pilot is replayed with their labels, and scored against them.",
    "Replay": "How often and how finely the pilot is walked; what mistakes cost.",
}


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
    calibrated: bool = knob(
        False,
        "Make the model's probabilities a sigmoid of what it says about labeled rows left out of training, in three "
        "parts; classes under three rows keep the plain ones. About four times the fits.",
        title="Calibrated probabilities",
        group="Model",
    )
    semi_supervised: str = knob(
        "none",
        "Whether the model also learns from rows without a label, up to 2,000 of the pool. About twice the fits; the "
        "plain model is scored beside it.",
        title="Learning from unlabeled rows",
        choices=SEMI_SUPERVISED,
        group="Model",
    )
    confidence: float = knob(
        0.9,
        "A row without a label is learned from where its guessed class is believed in by more than this.",
        title="Confidence of a guessed label",
        unit="0 to 1",
        low=0.5,
        high=1.0,
        group="Model",
    )
    start: str = knob(
        "random",
        "How the first labels are chosen. Random labeling, the baseline, always starts at random.",
        title="Cold start",
        choices=STARTS,
        group="Start",
    )
    first: int = knob(
        50,
        "Labels bought before a strategy chooses.",
        title="First labels",
        unit="labels",
        low=10,
        high=1000,
        group="Start",
    )
    error_rate: float = knob(
        0.0,
        "Chance that an annotator gives a row another label than the sample has, any other class being as likely.",
        title="Error rate of an annotator",
        unit="0 to 1",
        low=0.0,
        high=0.5,
        group="Labels that are wrong",
    )
    confusions: str = knob(
        "",
        "Chance that a row of one class is labeled as another, as true>given=chance, comma-separated: spam>ham=0.1. "
        "A class named here errs in these ways only.",
        title="Confusions",
        group="Labels that are wrong",
    )
    votes: int = knob(
        1,
        "Annotators asked for each label, an odd number; the most frequent answer counts.",
        title="Votes a label",
        unit="votes",
        low=1,
        high=11,
        group="Labels that are wrong",
    )
    early_stop: bool = knob(
        False,
        "Ask no further annotator once the answer is decided.",
        title="Stop voting once decided",
        group="Labels that are wrong",
    )
    relabel: float = knob(
        0.0,
        "Part of every batch's labels spent on asking again about labeled rows that a model trained on other rows "
        "would label otherwise. Random labeling, the baseline, never asks again. Three fits more a batch.",
        title="Asking again",
        unit="0 to 1",
        low=0.0,
        high=0.9,
        group="Labels that are wrong",
    )
    folds: int = knob(
        5,
        "Parts the sample is cut into; each is the test once a repeat.",
        title="Folds",
        unit="folds",
        low=2,
        high=20,
        group="Replay",
    )
    repeats: int = knob(
        2, "How often the cutting is done anew.", title="Repeats", unit="repeats", low=1, high=50, group="Replay"
    )
    cuts: int = knob(
        3,
        "How often random labeling is replayed in each repeat, with cuts of its own. Its curve is what is carried to "
        "the pool, and which rows came first is much of what that misses by.",
        title="Cuts at random",
        unit="cuts",
        low=1,
        high=50,
        group="Replay",
    )
    random_share: float = knob(
        0.0,
        "Part of every batch that is picked at random, whatever the strategy: a guard against its blind spots.",
        title="Random share",
        unit="0 to 1",
        low=0.0,
        high=1.0,
        group="Replay",
    )
    costs: str = knob(
        "",
        "What each mistake costs, as true>predicted=cost, comma-separated: spam>ham=5, *>spam=2. Others cost 1.",
        title="Costs of mistakes",
        group="Replay",
    )
    growth: float = knob(
        1.35,
        "How much larger each training set is than the one before.",
        title="Growth",
        unit="ratio",
        low=1.05,
        high=3.0,
        group="Replay",
    )
    seed: int = knob(7, "Same seed, same numbers.", title="Seed", low=0, high=2**31 - 1, group="Replay")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.votes % 2 == 0:
            near = f"{self.votes - 1} or {self.votes + 1}"
            raise BadSetting(f"Votes a label is {self.votes}; an even number can end in a tie. Use {near}.")

    @property
    def noisy(self) -> bool:
        """Whether labels are made wrong."""
        return self.error_rate > 0 or bool(self.confusions.strip())

    @property
    def annotated(self) -> bool:
        """Whether labels come from simulated annotators and not straight from the sample."""
        return self.noisy or self.votes > 1 or self.relabel > 0

    @property
    def usual(self) -> bool:
        """Whether labels are as they are and the model learns from them alone, as in the studies behind forecasts."""
        return not self.noisy and self.semi_supervised == "none"

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
    cut: int = 0  # of the rows into folds: 0 is the repeat's own, which all strategies share

    @property
    def split(self) -> int:
        """The number of its cut among those of all repeats."""
        return self.repeat + APART * self.cut

    @property
    def baseline(self) -> bool:
        """Whether it is plain random labeling, which nothing is done to."""
        return self.strategy == "random"


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
    errors: np.ndarray | None = None  # (C, C) chance of each label for a row of each class; None without annotators
    experts: np.ndarray = field(default_factory=lambda: NO_GROUPS)  # (n,) bool, rows an expert marked; (0,) if none
    amounts: np.ndarray = field(default_factory=lambda: NO_GROUPS)  # (n,) at stake with each row; (0,) without a column
    own_committee: bool = False  # whether the model's parts are the committee, so that their mean is the model

    def with_model(self, model: str, reason: str) -> "Task":
        """The same task with the model settled."""
        made = ESTIMATORS[model].call(self.settings.seed, self.text)
        own = hasattr(made, "members") and not self.settings.calibrated  # a sigmoid of their mean is not their mean
        return replace(self, model=model, reason=reason, own_committee=own)

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

    def answers(self, repeat: int) -> Answers | None:
        """What annotators say about every row in a repeat, whoever asks; None where the sample's labels are used."""
        if self.errors is None:
            return None
        rng = np.random.default_rng([self.settings.seed, repeat, crc32(b"annotators")])
        return answers(self.labels, self.errors, self.settings.votes, self.settings.early_stop, rng)

    def given(self, repeat: int) -> np.ndarray:
        """The label that every row gets in a repeat, (n,)."""
        said = self.answers(repeat)
        return self.labels if said is None else said.labels[:, 0]

    def fold_of(self, split: int) -> np.ndarray:
        """The fold each row is tested in, (n,): classes spread evenly, equal rows together."""
        rng = np.random.default_rng([self.settings.seed, split])
        _, one = np.unique(self.same, return_index=True)
        shuffled = rng.permutation(len(one))
        by_class = shuffled[np.argsort(self.labels[one[shuffled]], kind="stable")]
        fold_of_group = np.empty(len(one), dtype=int)
        fold_of_group[by_class] = np.arange(len(one)) % self.settings.folds
        return fold_of_group[np.unique(self.same, return_inverse=True)[1]]

    def pool_size(self) -> int:
        """Rows every training pool has, the smallest over repeats, cuts and folds."""
        repeats, cuts = range(self.settings.repeats), range(self.settings.cuts)
        splits = (Run("random", repeat, 0, 0, cut).split for repeat in repeats for cut in cuts)
        return len(self.labels) - int(max(np.bincount(self.fold_of(split)).max() for split in splits))


def labels_at(first: int, growth: float, end: int) -> np.ndarray:
    """Training-set sizes from `first` by `growth` to `end`, (K,); the last step is never a sliver."""
    sizes = [min(first, end)]
    while sizes[-1] * growth < 0.92 * end:
        sizes.append(round(sizes[-1] * growth))
    if sizes[-1] < end:
        sizes.append(end)
    return np.array(sizes)
