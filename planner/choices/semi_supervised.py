"""Learning from rows without a label: labels that a model, or the lie of the rows, gives to some of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, issparse, vstack
from sklearn.semi_supervised import LabelSpreading

from planner.registry import Registry

MOST_UNLABELED = 2000  # rows without a label, drawn at random: all of a large pool would cost a fit on all of it
NEIGHBORS = 7  # of a row, whose labels it takes up
CLAMPING = 0.2  # share of a row's belief that comes from its neighbors, even where it has a label


@dataclass(frozen=True)
class Rows:
    """What a model is trained with."""

    X: Any  # (k, d) features of the labeled rows, dense or CSR
    y: np.ndarray  # (k,) their labels
    unlabeled: Any  # (u, d) features of rows without a label


# (plain fitted model, rows) -> (C,) classes and (u, C) belief in each, of the unlabeled rows
Guess = Callable[[Any, Rows], tuple[np.ndarray, np.ndarray]]
SEMI_SUPERVISED: Registry[Guess] = Registry("semi-supervised method", unlabeled=True)


@SEMI_SUPERVISED.register("none", "Labeled rows only", unlabeled=False)
def none(plain: Any, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The model learns from labels alone."""
    return plain.classes_, np.zeros((rows.unlabeled.shape[0], len(plain.classes_)))


@SEMI_SUPERVISED.register("self_training", "Self-training", source="Yarowsky 1995")
def self_training(plain: Any, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The model's own guesses on rows it is sure of count as labels, and it is trained once more."""
    return plain.classes_, np.asarray(plain.predict_proba(rows.unlabeled))


@SEMI_SUPERVISED.register("label_spreading", "Label spreading", source="Zhou and others 2004")
def label_spreading(plain: Any, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Labels spread to the nearest rows and on from there; where they agree they count as labels for the model."""
    together = _stacked(rows.X, rows.unlabeled)
    known = np.concatenate([rows.y, np.full(rows.unlabeled.shape[0], -1)])
    spread = LabelSpreading(kernel="knn", n_neighbors=min(NEIGHBORS, together.shape[0] - 1), alpha=CLAMPING)
    spread.fit(together, known)
    return plain.classes_, np.asarray(spread.label_distributions_)[len(rows.y) :]


def with_guesses(guess: Guess, plain: Any, rows: Rows, confidence: float) -> tuple[Any, np.ndarray]:
    """(features, labels) of the labeled rows and of those whose guessed class is believed in by more than that."""
    classes, belief = guess(plain, rows)
    sure = np.flatnonzero(belief.max(axis=1) > confidence)
    labels = np.concatenate([rows.y, classes[belief[sure].argmax(axis=1)]])
    return _stacked(rows.X, rows.unlabeled[sure]), labels


def _stacked(X: Any, more: Any) -> Any:
    return csr_array(vstack([X, more], format="csr")) if issparse(X) else np.concatenate([X, more])
