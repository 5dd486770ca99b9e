"""Metrics: how good a model is, read off what a pilot keeps, so that the choice can be made after the pilot.

All run from 0 to 1, higher is better; a metric that people know in another direction says so in its fact `own`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planner.registry import Registry


def _nothing() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was measured on test rows, in any leading shape (...), and what a mistake means."""

    confusion: np.ndarray  # (..., C, C) rows by true class and predicted class
    log_loss: np.ndarray = field(default_factory=_nothing)  # (...) nats
    auc: np.ndarray = field(default_factory=_nothing)  # (...) area under the ROC curve, mean over classes
    by_group: np.ndarray = field(default_factory=_nothing)  # (..., G, C, C) the confusion in each group
    positive: int = 0  # the class that recall and precision are about
    costs: np.ndarray = field(default_factory=_nothing)  # (C, C) cost by true class and predicted class


Metric = Callable[[Outcome], np.ndarray]  # -> (...) score 0-1
METRICS: Registry[Metric] = Registry("metric", needs="", own=None)


@METRICS.register("accuracy", "Accuracy")
def accuracy(outcome: Outcome) -> np.ndarray:
    """Share of rows whose class is predicted right."""
    return _accuracy(outcome.confusion)


@METRICS.register("balanced_accuracy", "Balanced accuracy", source="Brodersen et al. 2010")
def balanced_accuracy(outcome: Outcome) -> np.ndarray:
    """Mean over the classes of the share of a class's rows that are found."""
    rows = outcome.confusion.sum(axis=-1)
    return _mean(_share(_hits(outcome.confusion), rows), rows > 0)


@METRICS.register("macro_f1", "Macro F1", source="van Rijsbergen 1979, averaged over classes")
def macro_f1(outcome: Outcome) -> np.ndarray:
    """Mean over the classes of 2 x hits / (rows of the class + rows given the class)."""
    size = outcome.confusion.sum(axis=-1) + outcome.confusion.sum(axis=-2)
    return _mean(_share(2 * _hits(outcome.confusion), size), size > 0)


@METRICS.register("recall", "Recall of one class", source="Kent et al. 1955", needs="positive")
def recall(outcome: Outcome) -> np.ndarray:
    """Share of the chosen class's rows that are found."""
    hits = outcome.confusion[..., outcome.positive, outcome.positive]
    return _share(hits, outcome.confusion[..., outcome.positive, :].sum(axis=-1))


@METRICS.register("precision", "Precision of one class", source="Kent et al. 1955", needs="positive")
def precision(outcome: Outcome) -> np.ndarray:
    """Share of the rows given the chosen class that are of it; 0 while no row is given it."""
    hits = outcome.confusion[..., outcome.positive, outcome.positive]
    return _share(hits, outcome.confusion[..., :, outcome.positive].sum(axis=-1))


@METRICS.register("roc_auc", "Area under the ROC curve", source="Hanley, McNeil 1982")
def roc_auc(outcome: Outcome) -> np.ndarray:
    """Chance that a row of a class is ranked above a row of the others, mean over the classes."""
    return np.asarray(outcome.auc, dtype=float)


@METRICS.register(
    "log_loss",
    "Belief in the right class (log loss)",
    source="Good 1952",
    own=("log loss", lambda score, _: -np.log(max(score, 1e-15))),
)
def log_loss(outcome: Outcome) -> np.ndarray:
    """Typical probability the model gives to the right class: exp(-log loss)."""
    return np.asarray(np.exp(-np.asarray(outcome.log_loss, dtype=float)))


@METRICS.register(
    "expected_cost",
    "Cost of mistakes avoided",
    source="Elkan 2001",
    needs="costs",
    own=("expected cost of a decision", lambda score, worst: (1 - score) * worst),
)
def expected_cost(outcome: Outcome) -> np.ndarray:
    """Mean cost of a decision by the costs of mistakes, as 1 - cost / dearest mistake."""
    total = (outcome.confusion * outcome.costs).sum(axis=(-2, -1))
    return 1 - _share(total, outcome.confusion.sum(axis=(-2, -1)) * outcome.costs.max())


@METRICS.register("worst_group", "Accuracy in the worst group", source="Sagawa et al. 2020", needs="groups")
def worst_group(outcome: Outcome) -> np.ndarray:
    """Share of rows predicted right in the group where it is lowest."""
    tested = outcome.by_group.sum(axis=(-2, -1)) > 0
    return np.asarray(np.where(tested, _accuracy(outcome.by_group), 1.0).min(axis=-1))


def _accuracy(confusion: np.ndarray) -> np.ndarray:
    return _share(_hits(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def _hits(confusion: np.ndarray) -> np.ndarray:
    return np.asarray(np.diagonal(confusion, axis1=-2, axis2=-1))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0))


def _mean(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Mean over the last axis of the values that are present: a class with no row says nothing."""
    return np.asarray((values * present).sum(axis=-1) / np.maximum(present.sum(axis=-1), 1))
