"""Metrics: how good a model is, read off confusion counts, so that the choice can be made after the pilot."""

from collections.abc import Callable

import numpy as np

from planner.registry import Registry

Metric = Callable[[np.ndarray], np.ndarray]  # (..., C, C) counts by true class and predicted class -> (...) score 0-1
METRICS: Registry[Metric] = Registry("metric")


@METRICS.register("accuracy", "Accuracy", calibrated=True)
def accuracy(confusion: np.ndarray) -> np.ndarray:
    """Share of rows whose class is predicted right."""
    return _share(_hits(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


@METRICS.register("balanced_accuracy", "Balanced accuracy", source="Brodersen et al. 2010", calibrated=False)
def balanced_accuracy(confusion: np.ndarray) -> np.ndarray:
    """Mean over the classes of the share of a class's rows that are found."""
    rows = confusion.sum(axis=-1)
    return _mean(_share(_hits(confusion), rows), rows > 0)


@METRICS.register("macro_f1", "Macro F1", source="van Rijsbergen 1979, averaged over classes", calibrated=False)
def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Mean over the classes of 2 x hits / (rows of the class + rows given the class)."""
    size = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return _mean(_share(2 * _hits(confusion), size), size > 0)


def _hits(confusion: np.ndarray) -> np.ndarray:
    return np.asarray(np.diagonal(confusion, axis1=-2, axis2=-1))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0))


def _mean(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Mean over the last axis of the values that are present: a class with no row says nothing."""
    return np.asarray((values * present).sum(axis=-1) / np.maximum(present.sum(axis=-1), 1))
