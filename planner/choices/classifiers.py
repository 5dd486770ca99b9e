"""Classifiers that scikit-learn has and that a replay cannot use as they are: they break or warn on few labels.

What is fitted is scikit-learn's own; sparse rows stay sparse.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_array, issparse
from scipy.special import expit, logsumexp
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

PARTS = 3  # a calibration is learned on predictions for parts left out; more parts cost a fit each
SMOOTHING = 0.1  # of word counts: TF-IDF values are below 1, and a whole word more a class would drown them
SPREAD = 0.1  # of the largest variance, added to all: on few rows a column without any would decide alone
STEPS = 2000  # of the network's gradient descent, about; more fit the noise of small training sets
BATCH = 32


class Calibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A classifier whose probabilities are a sigmoid of what it says about rows that it was not trained on.

    Classes on fewer than PARTS rows cannot be left out: they keep the probability of the classifier as it is, and the
    others share the rest. Source: Platt 1999, one class against the rest.
    """

    classes_: np.ndarray  # (C,) those in the training rows

    def __init__(self, classifier: Any, seed: int = 0) -> None:
        self.classifier, self.seed = classifier, seed

    def fit(self, X: Any, y: np.ndarray) -> "Calibrated":
        """Fit rows of two classes or more."""
        self.classes_, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
        self._common = np.flatnonzero(counts >= PARTS)
        self._plain: Any = None
        self._sigmoid: Any = None
        if len(self._common) < len(counts):
            self._plain = clone(self.classifier).fit(X, y)
        if len(self._common) > 1:
            rows = np.flatnonzero(counts[codes] >= PARTS)
            parts = StratifiedKFold(PARTS, shuffle=True, random_state=self.seed)
            of_parts = CalibratedClassifierCV(clone(self.classifier), method="sigmoid", cv=parts, ensemble=False)
            self._sigmoid = of_parts.fit(X if len(rows) == len(y) else X[rows], y[rows])
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, (rows, C)."""
        if self._sigmoid is None:
            return np.asarray(self._plain.predict_proba(X))
        if self._plain is None:
            return np.asarray(self._sigmoid.predict_proba(X))
        P = np.array(self._plain.predict_proba(X))
        rest = P[:, self._common].sum(axis=1, keepdims=True)
        P[:, self._common] = rest * self._sigmoid.predict_proba(X)
        return np.asarray(P / P.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (rows,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class LinearSVM(LinearSVC):  # type: ignore[misc]
    """scikit-learn's LinearSVC with the rough probabilities that stand in until it is calibrated."""

    def predict_proba(self, X: Any) -> np.ndarray:
        """The sigmoid of each class's distance, made to sum to 1, (rows, C)."""
        far = self.decision_function(X)
        P = expit(np.column_stack([-far, far]) if far.ndim == 1 else far)
        return np.asarray(P / np.maximum(P.sum(axis=1, keepdims=True), 1e-12))


class NaiveBayes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Gaussian for dense rows; for sparse ones multinomial, but for columns that hold a number below 0 in training.

    Those, the standardised numbers beside a text, are Gaussian, and both beliefs are multiplied.
    """

    classes_: np.ndarray  # (C,) those in the training rows

    def fit(self, X: Any, y: np.ndarray) -> "NaiveBayes":
        """Fit rows of two classes or more."""
        self._counts: Any = None
        self._signed = np.arange(X.shape[1])
        if issparse(X):
            X = csr_array(X)
            self._signed = np.unique(X.indices[X.data < 0])
            if len(self._signed) < X.shape[1]:
                self._counts = MultinomialNB(alpha=SMOOTHING).fit(self._counted(X), y)
        self._gaussian: Any = GaussianNB(var_smoothing=SPREAD).fit(self._numbers(X), y) if len(self._signed) else None
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, (rows, C)."""
        if self._counts is None:
            return np.asarray(self._gaussian.predict_proba(self._numbers(X)))
        X = csr_array(X)
        logs = self._counts.predict_joint_log_proba(self._counted(X))
        if self._gaussian is not None:  # the share of each class is in the counts' belief already
            logs = logs + self._gaussian.predict_joint_log_proba(self._numbers(X)) - np.log(self._gaussian.class_prior_)
        return np.asarray(np.exp(logs - logsumexp(logs, axis=1, keepdims=True)))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (rows,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _counted(self, X: csr_array) -> csr_array:
        """The columns that count something; a number below 0 that training did not have counts nothing."""
        if len(self._signed):
            X = X[:, np.setdiff1d(np.arange(X.shape[1]), self._signed)]
        return X.maximum(0) if len(X.data) and X.data.min() < 0 else X

    def _numbers(self, X: Any) -> np.ndarray:
        return X[:, self._signed].toarray() if issparse(X) else np.asarray(X)


class NearestRows(KNeighborsClassifier):  # type: ignore[misc]
    """scikit-learn's nearest neighbors, all of them while there are fewer than asked for."""

    def __init__(self, most: int = 10) -> None:
        super().__init__(most, weights="distance")
        self.most = most

    def fit(self, X: Any, y: np.ndarray) -> "NearestRows":
        """Remember the rows."""
        self.n_neighbors = min(self.most, X.shape[0])
        super().fit(X, y)
        return self


class SmallNet(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """scikit-learn's multi-layer perceptron for a fixed number of steps, which asks for no convergence."""

    classes_: np.ndarray  # (C,) those in the training rows

    def __init__(self, hidden: int = 32, seed: int = 0) -> None:
        self.hidden, self.seed = hidden, seed

    def fit(self, X: Any, y: np.ndarray) -> "SmallNet":
        """Fit rows of two classes or more."""
        n = X.shape[0]
        self.classes_ = np.unique(y)
        self.net_ = MLPClassifier(
            (self.hidden,), alpha=1e-3, batch_size=min(BATCH, n), learning_rate_init=0.003, random_state=self.seed
        )
        for _ in range(passes(n)):
            self.net_.partial_fit(X, y, classes=self.classes_)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, (rows, C)."""
        return np.asarray(self.net_.predict_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (rows,)."""
        return np.asarray(self.net_.predict(X))


def passes(rows: int) -> int:
    """How often a network sees so many rows."""
    return int(np.clip(STEPS * BATCH // rows, 5, 150))
