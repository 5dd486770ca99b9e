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
from planner.models import converged, fit, of_each_kind, probabilities, with_all_classes
from planner.monitoring import Walked, watch
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
    unconverged: int = 0  # fits that stopped short of their optimum, committee members among them
    # Of the K - 1 batches after the first labels; (0,) each in nested pools and in old files. See monitoring.watch.
    picked_classes: np.ndarray = field(default_factory=_nothing)  # (K-1, C) rows bought of each class
    distance: np.ndarray = field(default_factory=_nothing)  # (K-1,) to the nearest labeled row; 1 is the pool's mean
    outliers: np.ndarray = field(default_factory=_nothing)  # (K-1,) share of the batch
    still_wrong: np.ndarray = field(default_factory=_nothing)  # (K-1, 2) [wrong by the next model, looked at] rows
    clusters: np.ndarray = field(default_factory=_nothing)  # (K,) share of the pool's clusters with a labeled row


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A model, what it scored on the test fold and what it believes about the stop set."""

    model: Any
    stop: np.ndarray
    confusion: np.ndarray
    log_loss: float
    auc: float
    by_group: np.ndarray


Shared = dict[tuple[int, bytes], _Fitted]  # by the pool size, which the stop set comes from, and the labeled rows


def simulate(
    task: Task, strategies: dict[str, Strategy], estimator: Estimator, runs: Sequence[Run]
) -> tuple[Trace, ...]:
    """Walk the runs of one repeat and fold, testing on the held-out fold at every anchor. Pure.

    All of them start with the same labels and end with the whole pool: those two fits are made once.
    """
    shared: Shared = {}
    grounds: dict[int, _Ground] = {}
    largest = max((run.pool_size for run in runs), default=0)  # nested pools only say how a curve depends on the pool
    with threadpool_limits(limits=1):  # one thread sums in one order: same numbers on any number of workers
        walked = []
        for run in runs:
            if run.pool_size not in grounds:
                grounds[run.pool_size] = _Ground(task, run, watched=run.pool_size == largest)
            walk = _Walk(grounds[run.pool_size], strategies[run.strategy], estimator, run)
            walked.append(walk.trace(shared))
        return tuple(walked)


class _Ground:
    """What the runs of one fold in pools of one size share: which rows they choose from and are tested on."""

    def __init__(self, task: Task, run: Run, watched: bool) -> None:
        fold, seed = task.fold_of(run.repeat), task.settings.seed
        rng = np.random.default_rng([seed, run.repeat, run.fold])  # no strategy in it: paired
        self.task, self.landscape = task, task.landscape if watched else None
        self.rows = rng.permutation(np.flatnonzero(fold != run.fold))[: run.pool_size]
        self.test = np.flatnonzero(fold == run.fold)
        self.model_seed = int(rng.integers(2**31))
        self.stop = np.sort(rng.permutation(len(self.rows))[:STOP_SET])
        self.X_pool, self.y_pool, self.y_test = task.X[self.rows], task.labels[self.rows], task.labels[self.test]
        self.X_watched = task.X[np.concatenate([self.test, self.rows[self.stop]])]  # predicted at every anchor
        self.groups = task.groups[self.rows] if task.n_groups else np.zeros(len(self.rows), dtype=int)


class _Walk:
    """The state of one run while it goes on."""

    def __init__(self, ground: _Ground, strategy: Strategy, estimator: Estimator, run: Run) -> None:
        self.started = perf_counter()
        self.ground, self.task, self.rows = ground, ground.task, ground.rows
        self.strategy, self.estimator, self.run = strategy, estimator, run
        settled = stands_for(run.strategy, self.task.holds)
        self.query_rng = np.random.default_rng(
            [self.task.settings.seed, run.repeat, run.fold, run.pool_size, crc32(settled.encode())]
        )
        self.unconverged = 0
        self.kept: dict[str, Any] = {}

    def trace(self, shared: Shared) -> Trace:
        anchors = labels_at(self.task.settings.first, self.task.settings.growth, len(self.rows))
        labeled = np.arange(anchors[0])
        found: list[tuple[Any, ...]] = []
        said: list[np.ndarray] = []  # of the stop set
        before = model = None
        for position, size in enumerate(anchors):
            last = position + 1 == len(anchors)
            # What all runs share starts from nothing, since no run's model may be in another's numbers.
            fitted = self.once(labeled, shared) if position == 0 or last else self.fitted(labeled, model)
            model, stop = fitted.model, fitted.stop.argmax(axis=1)
            self.unconverged += not converged(model)
            spread = self.spread(fitted.stop)
            found.append((fitted.confusion, fitted.log_loss, fitted.auc, kappa(before, stop), spread, fitted.by_group))
            before = stop
            said.append(stop)
            if not last:
                labeled = self.query(model, labeled, int(anchors[position + 1] - size))
        confusion, log_loss, auc, agreements, spreads, by_group = (np.array(one) for one in zip(*found, strict=True))
        return Trace(
            self.run,
            anchors,
            confusion,
            np.round(log_loss, 6),
            np.round(auc, 6),
            np.round(agreements, 6),
            np.round(spreads, 6),
            self.rows[labeled],
            perf_counter() - self.started,
            by_group if self.task.n_groups else _nothing(),
            self.unconverged,
            **self.bought(anchors, labeled, np.array(said)),
        )

    def bought(self, anchors: np.ndarray, order: np.ndarray, said: np.ndarray) -> dict[str, np.ndarray]:
        """What the batches held, beside the pool."""
        ground = self.ground
        if ground.landscape is None:
            return {}
        walked = Walked(ground.X_pool, ground.y_pool, self.rows, order, anchors, ground.stop, said, self.task.n_classes)
        return watch(ground.landscape, walked)

    def once(self, labeled: np.ndarray, shared: Shared) -> _Fitted:
        """The fit on these rows, made by whichever run of the fold comes to it first."""
        name = (len(self.rows), np.sort(self.rows[labeled]).tobytes())
        if name not in shared:
            shared[name] = self.fitted(labeled)
        return shared[name]

    def fitted(self, labeled: np.ndarray, before: Any = None) -> _Fitted:
        # The rows come sorted, so that the same set gives the same model whatever order it was bought in.
        ground, classes = self.ground, self.task.n_classes
        model = self.fit(labeled[np.argsort(self.rows[labeled])], ground.model_seed, before)
        watched = probabilities(model, ground.X_watched, classes)
        P, truth = watched[: len(ground.test)], ground.y_test
        predicted, right = P.argmax(axis=1), P[np.arange(len(P)), truth]
        log_loss = float(-np.log(np.clip(right, 1e-15, 1)).mean())
        group_of = self.task.groups[ground.test] if self.task.n_groups else _nothing()
        by_group = [
            confusion_counts(truth[group_of == group], predicted[group_of == group], classes)
            for group in range(self.task.n_groups)
        ]
        counts = confusion_counts(truth, predicted, classes)
        return _Fitted(model, watched[len(P) :], counts, log_loss, area_under_curve(truth, P), np.array(by_group))

    def fit(self, positions: np.ndarray, seed: int, before: Any = None, counts: np.ndarray | None = None) -> Any:
        unfitted = self.estimator(seed, self.task.text)
        return fit(unfitted, self.ground.X_pool[positions], self.ground.y_pool[positions], before, counts)

    def query(self, model: Any, labeled: np.ndarray, n: int) -> np.ndarray:
        """The labeled positions after n more were bought: the strategy's picks, then the random share."""
        free = np.ones(len(self.rows), dtype=bool)
        free[labeled] = False
        candidates = np.flatnonzero(free)
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
        X, y, classes = self.ground.X_pool, self.ground.y_pool, self.task.n_classes

        def refit(extra: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
            on = np.concatenate([labeled, extra])
            new = self.estimator(self.ground.model_seed, self.task.text)
            return probabilities(fit(new, X[on], np.concatenate([y[labeled], labels]), model), X[rows], classes)

        return Pool(
            X,
            labeled,
            y[labeled],
            candidates,
            lambda: self.believed(model, candidates),
            lambda rng: self.committee(model, labeled, candidates, rng),
            kept=self.kept,
            model=model,
            refit=refit,
            groups=self.ground.groups,
            costs=self.task.costs,
            architectures=lambda: self.architectures(labeled, candidates),
        )

    def believed(self, model: Any, rows: np.ndarray) -> np.ndarray:
        """What a model believes about rows of the pool, (rows, C)."""
        X, classes = self.ground.X_pool, self.task.n_classes
        if hasattr(model, "coef_") and 2 * len(rows) > X.shape[0]:  # products cost less than copying the rows out
            return np.asarray(probabilities(model, X, classes)[rows])
        return probabilities(model, X[rows], classes)

    def architectures(self, labeled: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """What a model of each kind believes about the candidates, (M, candidates, C)."""
        X, y, rows = self.ground.X_pool, self.ground.y_pool, np.sort(labeled)
        models = (fit(one, X[rows], y[rows]) for one in of_each_kind(X, self.ground.model_seed, self.task.text))
        return np.array([self.believed(one, candidates) for one in models])

    def committee(
        self, model: Any, labeled: np.ndarray, candidates: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """What each member believes about the candidates, (M, candidates, C): parts of the model if it has any."""
        if hasattr(model, "members"):
            parts: np.ndarray = model.members(self.ground.X_pool[candidates], MEMBERS)
            return with_all_classes(model, parts, self.task.n_classes)
        beliefs = np.empty((MEMBERS, len(candidates), self.task.n_classes))
        for member in range(MEMBERS):
            rows, counts = np.unique(rng.choice(labeled, len(labeled)), return_counts=True)
            one = self.fit(rows, int(rng.integers(2**31)), model, counts)
            self.unconverged += not converged(one)
            beliefs[member] = self.believed(one, candidates)
        return beliefs

    def spread(self, P: np.ndarray) -> float:
        return float(entropy_score(P).mean() / np.log(max(self.task.n_classes, 2)))
