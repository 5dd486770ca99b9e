"""What the runs of one fold share: which rows they choose from, which rows test them, and what a model scores there."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.pilot.annotators import Answers
from planner.pilot.models import probabilities
from planner.pilot.scoring import amounts_by, area_under_curve, confidence_counts, confusion_counts
from planner.pilot.task import Run, Task
from planner.pilot.trace import nothing

STOP_SET = 500  # rows whose predictions are watched; kappa moves by under .01 with more


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model, what it scored on the test fold and what it believes about the stop set; see Trace."""

    model: Any
    stop: np.ndarray
    confusion: np.ndarray
    log_loss: float
    auc: float
    by_group: np.ndarray
    clean: np.ndarray
    plain: np.ndarray
    by_confidence: np.ndarray
    costed: np.ndarray
    at_stake: np.ndarray


class Ground:
    """What the runs of one fold in pools of one size share: which rows they choose from and are tested on."""

    def __init__(self, task: Task, run: Run, watched: bool) -> None:
        fold, seed = task.fold_of(run.split), task.settings.seed
        rng = np.random.default_rng([seed, run.split, run.fold])  # no strategy in it: paired
        # Where rows are asked about again, batches hold labels and not rows: they are left unwatched.
        self.task, self.landscape = task, task.landscape if watched and not task.settings.relabel else None
        self.rows = rng.permutation(np.flatnonzero(fold != run.fold))[: run.pool_size]
        self.test = np.flatnonzero(fold == run.fold)
        self.model_seed = int(rng.integers(2**31))
        self.stop = np.sort(rng.permutation(len(self.rows))[:STOP_SET])
        given, answers = task.given(run.repeat), task.answers(run.repeat)
        self.X_pool, self.y_pool, self.y_test = task.X[self.rows], given[self.rows], given[self.test]
        self.truth = task.labels[self.test]
        self.marked = task.experts[self.rows] if len(task.experts) else np.zeros(len(self.rows), dtype=bool)
        self.answers = None if answers is None else Answers(answers.labels[self.rows], answers.votes[self.rows])
        self.X_watched = task.X[np.concatenate([self.test, self.rows[self.stop]])]  # predicted at every anchor
        self.groups = task.groups[self.rows] if task.n_groups else np.zeros(len(self.rows), dtype=int)

    def judge(self, model: Any, plain: Any) -> Fitted:
        """What a model scores on the test fold; `plain` is the one that learned from labels alone."""
        classes = self.task.n_classes
        watched = probabilities(model, self.X_watched, classes)
        P, truth = watched[: len(self.test)], self.y_test
        predicted, right = P.argmax(axis=1), P.ravel().take(np.arange(len(P)) * classes + truth)
        log_loss = float(-np.log(np.clip(right, 1e-15, 1)).mean())
        group_of = self.task.groups[self.test] if self.task.n_groups else nothing()
        by_group = [
            confusion_counts(truth[group_of == group], predicted[group_of == group], classes)
            for group in range(self.task.n_groups)
        ]
        counts = alone = confusion_counts(truth, predicted, classes)
        if plain is not model:
            said = probabilities(plain, self.X_watched[: len(P)], classes).argmax(axis=1)
            alone = confusion_counts(truth, said, classes)
        clean = counts if self.answers is None else confusion_counts(self.truth, predicted, classes)
        auc = area_under_curve(truth, P)
        costed = counts
        if self.task.costs is not None and self.task.settings.costs.strip():
            costed = confusion_counts(truth, (P @ self.task.costs).argmin(axis=1), classes)
        sure, stake = confidence_counts(truth, predicted, P), nothing()
        if len(self.task.amounts):  # by the sample's own labels: money is lost by what a row is, not what it is called
            stake = amounts_by(self.truth, predicted, self.task.amounts[self.test], classes)
        return Fitted(
            model, watched[len(P) :], counts, log_loss, auc, np.array(by_group), clean, alone, sure, costed, stake
        )
