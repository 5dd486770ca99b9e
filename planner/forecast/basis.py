"""What a forecast reads of a pilot in one metric: the replays, the class of model, and what was learned of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import stands_for
from planner.forecast.learned import Learned, learned
from planner.forecast.replayed import IN_TEN, Measured, is_ahead, measure, measure_random
from planner.pilot.running import Pilot
from planner.results import Result

TWO_CLASSES = "linear, two classes"


@dataclass(frozen=True, eq=False)
class Basis(Result):
    """The replays of a pilot in one metric, with what was learned elsewhere about such replays."""

    labeled: int  # n
    family: str  # class of the model, whose curves are alike
    classes: int  # of the labels
    random: Measured  # random labeling in all its cuts: what its curve is fitted to
    measured: Mapping[str, Measured]  # {strategy: its replay}, random among them, all in the same cuts
    studies: Mapping[str, str]  # {strategy: the one whose study holds for it}; "" for one without
    learned: Learned
    usual: bool = True  # labels as they are, and a model of them alone, as in the studies

    @property
    def kind(self) -> str:
        """The family, and of linear ones those that part two classes: they have few weights, and are done sooner."""
        return TWO_CLASSES if self.family == "linear" and self.classes == 2 else self.family

    @property
    def error(self) -> float:
        """Error of random labeling at the whole training pool."""
        return 1 - float(self.random.mean[-1])

    @property
    def calibrated(self) -> dict[str, bool]:
        """{strategy: whether its ranges were learned on other data}."""
        known = self.usual and self.learned.calibrated
        return {name: known and bool(self.studies[name]) for name in self.measured}

    @property
    def level_sd(self) -> float:
        """How far the score at the full training pool may be off because n rows were tested, one sd."""
        return max(float(self.random.mean[-1] - self.random.low[-1]) / IN_TEN, 1 / (4 * self.labeled))

    def is_ahead(self, name: str) -> bool:
        """Whether a paired range of the pilot puts a strategy ahead of margin, or margin ahead of random."""
        other = "margin" if "margin" in self.measured and name != "margin" else "random"
        return name != other and is_ahead(self.measured[name], self.measured[other])


def basis_of(pilot: Pilot, metric: str, positive: str = "") -> Basis:
    """The basis of a pilot that has traces. Raises BadSetting; see measure."""
    names, known = pilot.settings.all_strategies, learned(metric)
    measured = {name: measure(pilot, name, metric, positive=positive) for name in names}
    studies = {name: study_of(name, pilot, known) for name in names}
    n, classes = pilot.facts.labeled, len(pilot.facts.classes)
    random = measure_random(pilot, metric, positive=positive)
    return Basis(n, family_of(pilot), classes, random, measured, studies, known, pilot.settings.usual)


def family_of(pilot: Pilot) -> str:
    """The class of model whose learning-curve prior applies."""
    family = str(ESTIMATORS[pilot.model].facts["family"])
    return "text" if family == "linear" and "text" in pilot.facts.kind else family


def study_of(strategy: str, pilot: Pilot, known: Learned) -> str:
    """The strategy with a study that picks the same items here, under any name; none where picks are diluted."""
    if strategy == "random":
        return strategy
    asked, same = pilot.settings, stands_for(strategy, pilot.holds)
    return same if same in known.exchange and asked.random_share == asked.relabel == 0 else ""
