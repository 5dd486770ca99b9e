"""Models as a replay meets them: fitted on what is labeled so far, with a column for every class of the task."""

from functools import partial
from typing import Any

import numpy as np

from planner.choices.classifiers import Calibrated
from planner.choices.estimators import ESTIMATORS, Estimator
from planner.pilot.task import Task
from planner.workers import one_thread


class _Constant:
    """The model of a training set that holds one class only."""

    def __init__(self, only: int) -> None:
        self.classes_ = np.array([only])

    def predict_proba(self, X: Any) -> np.ndarray:
        return np.ones((X.shape[0], 1))


def fit(model: Any, X: Any, y: np.ndarray, before: Any = None, counts: np.ndarray | None = None) -> Any:
    """The fitted model, or the constant one when only one class has been found.

    `before` is a fitted model of the same kind to begin from, for models that can; `counts` says how often each row is
    there.
    """
    if (y == y[0]).all():
        return _Constant(int(y[0]))
    if not hasattr(model, "start_from"):
        return model.fit(X, y) if counts is None else model.fit(X[_repeated(counts)], y[_repeated(counts)])
    if hasattr(before, "start_from"):
        model.start_from(before)
    return model.fit(X, y, counts)


def _repeated(counts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


KINDS = ("logistic_regression", "naive_bayes", "extra_trees")  # that reason differently, no two of a family


def of_each_kind(seed: int, text: bool) -> list[Any]:
    """An unfitted model of each kind."""
    return [ESTIMATORS[name].call(seed, text) for name in KINDS]


def converged(model: Any) -> bool:
    """Whether the fit reached its optimum; models that seek none always did."""
    return bool(getattr(model, "converged_", True))


def estimator_of(task: Task) -> Estimator:
    """The task's model as an unfitted classifier, calibrated if that is asked for and it is not by itself."""
    chosen = ESTIMATORS[task.model]
    plain = not task.settings.calibrated or chosen.facts["calibrated"]
    return chosen.call if plain else partial(_calibrated, chosen.call)


def _calibrated(estimator: Estimator, seed: int, text: bool) -> Any:
    return Calibrated(estimator(seed, text), seed)


def probabilities(model: Any, X: Any, n_classes: int) -> np.ndarray:
    """Predicted probabilities with a column for every class of the task, found yet or not, (rows, C)."""
    return with_all_classes(model, np.asarray(model.predict_proba(X)), n_classes)


def with_all_classes(model: Any, P: np.ndarray, n_classes: int) -> np.ndarray:
    """Probabilities of the classes a model knows, (..., known), with 0 for those it does not, (..., C)."""
    if len(model.classes_) == n_classes:
        return P
    wide = np.zeros((*P.shape[:-1], n_classes))
    wide[..., model.classes_] = P
    return wide


def choose_model(task: Task) -> tuple[str, str]:
    """(model, reason): logistic regression, or extra trees where they are clearly ahead inside the training folds.

    Clearly is two standard errors of the paired difference: the simpler model is quicker by ten and forecasts better,
    so a difference that may be luck does not unseat it.
    """
    if task.text:
        return "logistic_regression", "Logistic regression on words, the usual model for text of this size."
    simple, trees = "logistic_regression", "extra_trees"
    with one_thread():
        right = np.concatenate(
            [_right_inside(task, fold, (simple, trees)) for fold in range(task.settings.folds)], axis=1
        )
    ahead = right[1] - right[0]
    clear = ahead.mean() > 2 * ahead.std(ddof=1) / np.sqrt(len(ahead))
    best, other = (1, 0) if clear else (0, 1)
    names, scores = (simple, trees), right.mean(axis=1)
    than = "not clearly worse than" if not clear and scores[1] > scores[0] else "ahead of"
    return names[best], (
        f"{ESTIMATORS[names[best]].title}, {than} {ESTIMATORS[names[other]].title.lower()} inside the training folds: "
        f"{scores[best]:.1%} against {scores[other]:.1%} right."
    )


def _right_inside(task: Task, fold: int, models: tuple[str, ...]) -> np.ndarray:
    """Which rows each model gets right, (models, rows), trained on three quarters of one training fold."""
    rng = np.random.default_rng([task.settings.seed, 0, fold])
    rows, given = rng.permutation(np.flatnonzero(task.fold_of(0) != fold)), task.given(0)
    train, test = np.sort(rows[: len(rows) * 3 // 4]), rows[len(rows) * 3 // 4 :]
    fitted = [fit(ESTIMATORS[name].call(task.settings.seed, False), task.X[train], given[train]) for name in models]
    predicted = [probabilities(model, task.X[test], task.n_classes).argmax(axis=1) for model in fitted]
    return np.array([guess == given[test] for guess in predicted], dtype=float)
