"""One walk of a strategy over a pool whose labels are known: the work inside a pilot."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any
from zlib import crc32

import numpy as np
from scipy.stats import rankdata
from threadpoolctl import threadpool_limits

from planner.choices.estimators import ESTIMATORS, Estimator
from planner.choices.strategies import Pool, Strategy, entropy_score
from planner.results import Result

MEMBERS = 5  # of a committee; three is the least at which votes can split, more cost a fit each
STOP_SET = 500  # rows whose predictions are watched; kappa moves by under .01 with more


@dataclass(frozen=True)
class Run:
    """One walk of one strategy: the unit of work, of progress and of failure."""

    strategy: str
    repeat: int
    fold: int
    pool_size: int  # items the strategy could choose from


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


@dataclass(frozen=True, eq=False)
class Task:
    """What all runs of a pilot share."""

    X: Any  # (n, d) encoded features, dense or CSR
    labels: np.ndarray  # (n,) class codes
    groups: np.ndarray  # (n,) rows with equal features share a number
    n_classes: int
    text: bool
    model: str
    growth: float
    first: int
    folds: int
    seed: int
    reason: str = ""  # why this model

    def with_model(self, model: str, reason: str) -> "Task":
        """The same task with the model settled."""
        return replace(self, model=model, reason=reason)

    def fold_of(self, repeat: int) -> np.ndarray:
        """The fold each row is tested in, (n,): classes spread evenly, equal rows together."""
        rng = np.random.default_rng([self.seed, repeat])
        _, one = np.unique(self.groups, return_index=True)
        shuffled = rng.permutation(len(one))
        by_class = shuffled[np.argsort(self.labels[one[shuffled]], kind="stable")]
        fold_of_group = np.empty(len(one), dtype=int)
        fold_of_group[by_class] = np.arange(len(one)) % self.folds
        return fold_of_group[np.unique(self.groups, return_inverse=True)[1]]

    def pool_size(self, repeats: int) -> int:
        """Rows every training pool has, the smallest over repeats and folds."""
        largest = max(np.bincount(self.fold_of(repeat), minlength=self.folds).max() for repeat in range(repeats))
        return len(self.labels) - int(largest)


def labels_at(first: int, growth: float, end: int) -> np.ndarray:
    """Training-set sizes from `first` by `growth` to `end`, (K,); the last step is never a sliver."""
    sizes = [min(first, end)]
    while sizes[-1] * growth < 0.92 * end:
        sizes.append(round(sizes[-1] * growth))
    if sizes[-1] < end:
        sizes.append(end)
    return np.array(sizes)


def simulate(task: Task, strategies: dict[str, Strategy], estimator: Estimator, run: Run) -> Trace:
    """Walk one strategy through one pool, testing on the held-out fold at every anchor. Pure."""
    with threadpool_limits(limits=1):  # one thread sums in one order: same numbers on any number of workers
        return _Walk(task, strategies[run.strategy], estimator, run).trace()


class _Walk:
    """The state of one run while it goes on."""

    def __init__(self, task: Task, strategy: Strategy, estimator: Estimator, run: Run) -> None:
        self.started = perf_counter()
        self.task, self.strategy, self.estimator, self.run = task, strategy, estimator, run
        fold = task.fold_of(run.repeat)
        rng = np.random.default_rng([task.seed, run.repeat, run.fold])  # shared by all strategies: paired
        self.rows = rng.permutation(np.flatnonzero(fold != run.fold))[: run.pool_size]
        self.test = np.flatnonzero(fold == run.fold)
        self.model_seed = int(rng.integers(2**31))
        self.stop = np.sort(rng.permutation(len(self.rows))[:STOP_SET])
        self.query_rng = np.random.default_rng(
            [task.seed, run.repeat, run.fold, run.pool_size, crc32(run.strategy.encode())]
        )
        self.X_pool, self.y_pool = task.X[self.rows], task.labels[self.rows]
        self.X_test, self.y_test = task.X[self.test], task.labels[self.test]
        self.X_stop = self.X_pool[self.stop]

    def trace(self) -> Trace:
        anchors = labels_at(self.task.first, self.task.growth, len(self.rows))
        labeled = np.arange(anchors[0])
        found: list[tuple[Any, ...]] = []
        before = None
        for position, size in enumerate(anchors):
            model = self.fit(np.sort(labeled), self.model_seed)
            stop = probabilities(model, self.X_stop, self.task.n_classes)
            found.append((*self.score(model), kappa(before, stop.argmax(axis=1)), self.spread(stop)))
            before = stop.argmax(axis=1)
            if position + 1 < len(anchors):
                labeled = self.query(model, labeled, int(anchors[position + 1] - size))
        confusion, log_loss, auc, agreement, spread = (np.array(column) for column in zip(*found, strict=True))
        return Trace(
            self.run,
            anchors,
            confusion,
            np.round(log_loss, 6),
            np.round(auc, 6),
            np.round(agreement, 6),
            np.round(spread, 6),
            self.rows[labeled],
            perf_counter() - self.started,
        )

    def fit(self, positions: np.ndarray, seed: int) -> Any:
        # The rows come sorted, so that the same set gives the same model whatever order it was bought in.
        return fit(self.estimator(seed, self.task.text), self.X_pool[positions], self.y_pool[positions])

    def query(self, model: Any, labeled: np.ndarray, n: int) -> np.ndarray:
        """The labeled positions after the strategy bought n more."""
        candidates = np.setdiff1d(np.arange(len(self.rows)), labeled, assume_unique=True)
        if n == len(candidates):
            return np.concatenate([labeled, candidates])
        X = self.X_pool[candidates]
        classes = self.task.n_classes

        def committee(rng: np.random.Generator) -> np.ndarray:
            members = (rng.choice(labeled, len(labeled)) for _ in range(MEMBERS))
            models = [self.fit(np.sort(rows), int(rng.integers(2**31))) for rows in members]
            return np.array([probabilities(one, X, classes) for one in models])

        pool = Pool(self.X_pool, labeled, self.y_pool[labeled], candidates, lambda: probabilities(model, X, classes),
                    committee)  # fmt: skip
        return np.concatenate([labeled, candidates[self.strategy(pool, n, self.query_rng)]])

    def score(self, model: Any) -> tuple[np.ndarray, float, float]:
        P = probabilities(model, self.X_test, self.task.n_classes)
        counts = confusion_counts(self.y_test, P.argmax(axis=1), self.task.n_classes)
        right = P[np.arange(len(P)), self.y_test]
        return counts, float(-np.log(np.clip(right, 1e-15, 1)).mean()), area_under_curve(self.y_test, P)

    def spread(self, P: np.ndarray) -> float:
        return float(entropy_score(P).mean() / np.log(max(self.task.n_classes, 2)))


class _Constant:
    """The model of a training set that holds one class only."""

    def __init__(self, only: int) -> None:
        self.classes_ = np.array([only])

    def predict_proba(self, X: Any) -> np.ndarray:
        return np.ones((X.shape[0], 1))


def fit(model: Any, X: Any, y: np.ndarray) -> Any:
    """The fitted model, or the constant one when only one class has been found."""
    if len(np.unique(y)) == 1:
        return _Constant(int(y[0]))
    return model.fit(X, y)


def probabilities(model: Any, X: Any, n_classes: int) -> np.ndarray:
    """Predicted probabilities with a column for every class of the task, found yet or not, (rows, C)."""
    P = np.zeros((X.shape[0], n_classes))
    P[:, model.classes_] = model.predict_proba(X)
    return P


def confusion_counts(truth: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Rows by true class and predicted class, (C, C)."""
    return np.bincount(truth * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


def area_under_curve(truth: np.ndarray, P: np.ndarray) -> float:
    """One-against-rest area under the ROC curve, mean over the classes that `truth` holds; .5 if it holds one only."""
    present = np.unique(truth)
    if len(present) < 2:
        return 0.5
    ranks = rankdata(P[:, present], axis=0)
    is_class = truth[:, None] == present[None, :]
    positives = is_class.sum(axis=0)
    above = (ranks * is_class).sum(axis=0) - positives * (positives + 1) / 2
    return float((above / (positives * (len(truth) - positives))).mean())


def kappa(before: np.ndarray | None, after: np.ndarray) -> float:
    """Cohen's kappa between two rounds' predictions; 1 when they are equal, 0 without a round before."""
    if before is None:
        return 0.0
    agree = float((before == after).mean())
    size = int(max(before.max(), after.max())) + 1
    by_chance = (
        float((np.bincount(before, minlength=size) * np.bincount(after, minlength=size)).sum()) / len(after) ** 2
    )
    return 1.0 if agree == 1 else (agree - by_chance) / (1 - by_chance)


def choose_model(task: Task) -> tuple[str, str]:
    """(model, reason): logistic regression, or extra trees where they are clearly ahead inside the training folds.

    Clearly is two standard errors of the paired difference: the simpler model is quicker by ten and forecasts better,
    so a difference that may be luck does not unseat it.
    """
    if task.text:
        return "logistic_regression", "Logistic regression on words, the usual model for text of this size."
    simple, trees = "logistic_regression", "extra_trees"
    with threadpool_limits(limits=1):
        right = np.concatenate([_right_inside(task, fold, (simple, trees)) for fold in range(task.folds)], axis=1)
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
    rng = np.random.default_rng([task.seed, 0, fold])
    rows = rng.permutation(np.flatnonzero(task.fold_of(0) != fold))
    train, test = np.sort(rows[: len(rows) * 3 // 4]), rows[len(rows) * 3 // 4 :]
    fitted = [fit(ESTIMATORS[name].call(task.seed, False), task.X[train], task.labels[train]) for name in models]
    predicted = [probabilities(model, task.X[test], task.n_classes).argmax(axis=1) for model in fitted]
    return np.array([guess == task.labels[test] for guess in predicted], dtype=float)


def time_of_a_fit(task: Task, estimator: Estimator, size: int) -> float:
    """Seconds of one anchor: a fit on `size` rows and a prediction of the whole sample."""
    rows = np.random.default_rng(task.seed).permutation(len(task.labels))[:size]
    started = perf_counter()
    with threadpool_limits(limits=1):
        model = fit(estimator(task.seed, task.text), task.X[np.sort(rows)], task.labels[np.sort(rows)])
        probabilities(model, task.X, task.n_classes)
    return perf_counter() - started
