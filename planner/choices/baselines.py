"""Baselines: what a person would do instead, against which a plan is held."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.registry import Registry

Score = float | np.ndarray  # 0-1, one number or (D,)


@dataclass(frozen=True)
class Grounds:
    """What a plan leaves to be compared with: labels, and scores in every draw."""

    left: float  # labels that everything still takes
    same: float  # labels at random that reach the plan's score, expected
    own: Score  # where the plan stops, 0-1
    now: Score  # at the labels there are
    all: Score  # with everything labeled
    today: float | None  # score of today's process, where it was typed


@dataclass(frozen=True)
class Rival:
    """A baseline as a purchase at random, in one round, and the score it leads to."""

    labels: float  # to buy
    score: Score
    trains: bool  # whether the labels already paid are used


BaselineOf = Callable[[Grounds], Rival]
BASELINES: Registry[BaselineOf] = Registry("baseline")


@BASELINES.register("do_nothing", "Do nothing", instead="doing nothing")
def do_nothing(grounds: Grounds) -> Rival:
    """Keep today's process; where its score was not typed, that of the labels there are."""
    return Rival(0.0, grounds.now if grounds.today is None else grounds.today, False)


@BASELINES.register("stop_at_sample", "Stop at the sample", instead="stopping at the sample")
def stop_at_sample(grounds: Grounds) -> Rival:
    """Train on the labels there are and buy none."""
    return Rival(0.0, grounds.now, True)


@BASELINES.register("label_everything", "Label everything", instead="labeling everything")
def label_everything(grounds: Grounds) -> Rival:
    """Buy every label that is left, at random and in one round."""
    return Rival(grounds.left, grounds.all, True)


@BASELINES.register("random_to_same_score", "Random to the same score", instead="buying at random to the same score")
def random_to_same_score(grounds: Grounds) -> Rival:
    """Buy as many labels at random as reach the plan's score."""
    return Rival(grounds.same, grounds.own, True)
