"""One walk of a strategy over a pool whose labels are known: the work inside a pilot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from zlib import crc32

import numpy as np
from threadpoolctl import threadpool_limits

from planner.choices.estimators import Estimator
from planner.choices.strategies import Pool, Strategy, entropy_score, stands_for
from planner.models import fit, probabilities
from planner.results import Result
from planner.scoring import area_under_curve, confusion_counts, kappa
from planner.task import Run, Task, labels_at

MEMBERS = 5  # of a committee; three is the least at which votes can split, more cost a fit each
STOP_SET = 500  # rows whose predictions are watched; kappa moves by under .01 with more


def _nothing() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Trace(Result):
    """What one run measured at each of its K anchors: any metric and stopping rule is read off later."""

    run: Run
    anchors: np.ndarray  # (K,) labels
    confusion: np.ndarray  # (K, C, C) test rows by true class and predicted class
    log_loss: np.ndarray  # (K,) nats, on the test fold
    auc: np.ndarray  # (K,) one against rest, mean over the classes in the test fold; .5 where undefined
    kappa: np.ndarray  # (K,) Cohen's kappa of stop-set predictions with the anchor before; 0 at the first
    pool_entropy: np.ndarray  # (K,) mean of H / ln C over the stop set, 0-1
    picked: np.ndarray  # (anchors[-1],) rows of the sample, in the order they were labeled
    seconds: float  # run fact, not part of the result
    by_group: np.ndarray = field(default_factory=_nothing)  # (K, G, C, C) confusion in each group; (0,) without groups


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A model and what it scored on the test fold."""

    model: Any
    confusion: np.ndarray
    log_loss: float
    auc: float
    by_group: np.ndarray


Shared = dict[bytes, _Fitted]  # by the labeled rows


def simulate(
    task: Task, strategies: dict[str, Strategy], estimator: Estimator, runs: Sequence[Run]
) -> tuple[Trace, ...]:
    """Walk the runs of one repeat and fold, testing on the held-out fold at every anchor. Pure.

    All of them start with the same labels and end with the whole pool: those two fits are made once.
    """
    shared: Shared = {}
    with threadpool_limits(limits=1):  # one thread sums in one order: same numbers on any number of workers
        return tuple(_Walk(task, strategies[run.strategy], estimator, run).trace(shared) for run in runs)


class _Walk:
    """The state of one run while it goes on."""

    def __init__(self, task: Task, strategy: Strategy, estimator: Estimator, run: Run) -> None:
        self.started = perf_counter()
        self.task, self.strategy, self.estimator, self.run = task, strategy, estimator, run
        fold, seed = task.fold_of(run.repeat), task.settings.seed
        rng = np.random.default_rng([seed, run.repeat, run.fold])  # shared by all strategies: paired
        self.rows = rng.permutation(np.flatnonzero(fold != run.fold))[: run.pool_size]
        self.test = np.flatnonzero(fold == run.fold)
        self.model_seed = int(rng.integers(2**31))
        self.stop = np.sort(rng.permutation(len(self.rows))[:STOP_SET])
        self.query_rng = np.random.default_rng(
            [seed, run.repeat, run.fold, run.pool_size, crc32(stands_for(run.strategy, task.n_classes).encode())]
        )
        self.X_pool, self.y_pool = task.X[self.rows], task.labels[self.rows]
        self.X_test, self.y_test = task.X[self.test], task.labels[self.test]
        self.X_stop = self.X_pool[self.stop]
        self.kept: dict[str, Any] = {}

    def trace(self, shared: Shared) -> Trace:
        anchors = labels_at(self.task.settings.first, self.task.settings.growth, len(self.rows))
        labeled = np.arange(anchors[0])
        found: list[tuple[Any, ...]] = []
        before = None
        for position, size in enumerate(anchors):
            last = position + 1 == len(anchors)
            fitted = self.once(labeled, shared) if position == 0 or last else self.fitted(labeled)
            stop = probabilities(fitted.model, self.X_stop, self.task.n_classes)
            agreement = kappa(before, stop.argmax(axis=1))
            found.append((fitted.confusion, fitted.log_loss, fitted.auc, agreement, self.spread(stop), fitted.by_group))
            before = stop.argmax(axis=1)
            if not last:
                labeled = self.query(fitted.model, labeled, int(anchors[position + 1] - size))
        confusion, log_loss, auc, agreements, spread, by_group = (np.array(one) for one in zip(*found, strict=True))
        return Trace(
            self.run,
            anchors,
            confusion,
            np.round(log_loss, 6),
            np.round(auc, 6),
            np.round(agreements, 6),
            np.round(spread, 6),
            self.rows[labeled],
            perf_counter() - self.started,
            by_group if self.task.n_groups else _nothing(),
        )

    def once(self, labeled: np.ndarray, shared: Shared) -> _Fitted:
        """The fit on these rows, made by whichever run of the fold comes to it first."""
        name = np.sort(self.rows[labeled]).tobytes()
        if name not in shared:
            shared[name] = self.fitted(labeled)
        return shared[name]

    def fitted(self, labeled: np.ndarray) -> _Fitted:
        # The rows come sorted, so that the same set gives the same model whatever order it was bought in.
        positions = labeled[np.argsort(self.rows[labeled])]
        model = self.fit(self.X_pool[positions], self.y_pool[positions], self.model_seed)
        classes = self.task.n_classes
        P = probabilities(model, self.X_test, classes)
        predicted, right = P.argmax(axis=1), P[np.arange(len(P)), self.y_test]
        log_loss = float(-np.log(np.clip(right, 1e-15, 1)).mean())
        group_of = self.task.groups[self.test] if self.task.n_groups else _nothing()
        by_group = [
            confusion_counts(self.y_test[group_of == group], predicted[group_of == group], classes)
            for group in range(self.task.n_groups)
        ]
        counts = confusion_counts(self.y_test, predicted, classes)
        return _Fitted(model, counts, log_loss, area_under_curve(self.y_test, P), np.array(by_group))

    def fit(self, X: Any, y: np.ndarray, seed: int) -> Any:
        return fit(self.estimator(seed, self.task.text), X, y)

    def query(self, model: Any, labeled: np.ndarray, n: int) -> np.ndarray:
        """The labeled positions after n more were bought: the strategy's picks, then the random share."""
        candidates = np.setdiff1d(np.arange(len(self.rows)), labeled, assume_unique=True)
        if n == len(candidates):
            return np.concatenate([labeled, candidates])
        at_random = round(self.task.settings.random_share * n)
        picks = np.empty(0, dtype=int)
        if n > at_random:
            picks = self.strategy(self.pool(model, labeled, candidates), n - at_random, self.query_rng)
        rest = np.setdiff1d(np.arange(len(candidates)), picks)
        picks = np.concatenate([picks, self.query_rng.permutation(rest)[:at_random]])
        return np.concatenate([labeled, candidates[picks]])

    def pool(self, model: Any, labeled: np.ndarray, candidates: np.ndarray) -> Pool:
        """What the strategy may see."""
        X, classes = self.X_pool[candidates], self.task.n_classes

        def committee(rng: np.random.Generator) -> np.ndarray:
            members = (np.sort(rng.choice(labeled, len(labeled))) for _ in range(MEMBERS))
            models = [self.fit(self.X_pool[rows], self.y_pool[rows], int(rng.integers(2**31))) for rows in members]
            return np.array([probabilities(one, X, classes) for one in models])

        def refit(extra: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
            on = np.concatenate([labeled, extra])
            y = np.concatenate([self.y_pool[labeled], labels])
            return probabilities(self.fit(self.X_pool[on], y, self.model_seed), self.X_pool[rows], classes)

        return Pool(
            self.X_pool,
            labeled,
            self.y_pool[labeled],
            candidates,
            lambda: probabilities(model, X, classes),
            committee,
            kept=self.kept,
            model=model,
            refit=refit,
            groups=self.task.groups[self.rows] if self.task.n_groups else np.zeros(len(self.rows), dtype=int),
        )

    def spread(self, P: np.ndarray) -> float:
        return float(entropy_score(P).mean() / np.log(max(self.task.n_classes, 2)))
