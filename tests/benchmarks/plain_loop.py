"""A pilot against the loop one would write by hand: vectorised numpy around scikit-learn, no trick in it.

    python tests/benchmarks/plain_loop.py [--only NAME] [--splits 2] [--file DATA --label COLUMN] [--solver lbfgs]

The same rows, batches, strategies and settings of the model; one thread; seconds of CPU in one process, so that only
ratios are quoted. The loop fits logistic regression or 50 extra trees from nothing at every anchor and predicts the
test rows and the candidates; its committees are five bagged fits. Its solver is newton-cg at tol 1e-5, which a person
has to know to ask for; `--solver lbfgs` is the one that scikit-learn takes by itself, at the same tolerance. `rest` is
what a strategy costs the pilot beside fits, predictions and the cut of the rows, which a fold's runs share and the loop
is given, over its loop's time. Strategies that are the same by construction are run once where `sharing` is on, as a
pilot does.
Scores differ where a close call falls differently, and where picks are drawn by chance. They are held
against the same loop converged (tol 1e-9, not timed); `plain tol` is what becomes of the loop itself at 1e-5. `overlap`
is the share of equal labels, the mean over anchors.
"""

# ruff: noqa: ARG002 - every way of choosing is given the same
import argparse
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import work
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES, stands_for
from planner.pilot import ground as grounds
from planner.pilot import replay
from planner.pilot.ground import Ground
from planner.pilot.running import shared
from planner.pilot.task import PilotSettings, Run, Task, labels_at

SIX = ("random", "least_confidence", "margin", "entropy", "k_center", "badge")
FIVE = SIX[:5]
COMMITTEES = ("random", "query_by_committee", "mean_kl", "consensus_entropy")
MEMBERS = 5


@dataclass(frozen=True)
class Case:
    """What is compared, and how much of the loop's time the pilot may take."""

    model: str
    strategies: tuple[str, ...]
    target: float
    rows: int = 20_000
    classes: int = 5
    text: bool = False
    sharing: bool = True


CASES = {
    "linear, 20,000 x 50": Case("logistic_regression", SIX, 0.4),
    "sparse text, 10,000": Case("logistic_regression", SIX, 0.15, 10_000, text=True),
    "forest, five classes": Case("extra_trees", FIVE, 0.95, 4000, sharing=False),
    "forest, two classes": Case("extra_trees", FIVE, 0.7, 4000, 2),
    "committees, linear": Case("logistic_regression", COMMITTEES, 0.5, 10_000),
    "committees, forest": Case("extra_trees", COMMITTEES, 0.5, 2000),
}  # fmt: skip


class Loop:
    """One strategy over one pool, as a careful person writes it down."""

    def __init__(self, task: Task, run: Run, solver: str = "newton-cg", tolerance: float = 1e-5) -> None:
        self.task, self.run, self.solver, self.tolerance = task, run, solver, tolerance
        ground = Ground(task, run, watched=False)  # which rows, in which order: not timed
        self.X, self.y, self.X_test, self.y_test = ground.X_pool, ground.y_pool, task.X[ground.test], ground.y_test
        self.rows, self.seed = ground.rows, ground.model_seed
        name = stands_for(run.strategy, task.holds)  # the stream of the pilot, so that chance falls alike
        stream = [task.settings.seed, run.repeat, run.fold, run.pool_size, crc32(name.encode())]
        self.rng = np.random.default_rng(stream)

    def walk(self) -> tuple[np.ndarray, np.ndarray]:
        """(accuracy at each anchor, rows of the sample as they were labeled)."""
        settings = self.task.settings
        anchors = labels_at(settings.first, settings.growth, len(self.rows))
        labeled, scores = np.arange(anchors[0]), []
        for position, size in enumerate(anchors):
            model = self.fit(np.sort(labeled))
            scores.append((model.predict(self.X_test) == self.y_test).mean())
            if position + 1 < len(anchors):
                candidates = np.setdiff1d(np.arange(len(self.rows)), labeled, assume_unique=True)
                n = int(anchors[position + 1] - size)
                picks = (
                    getattr(self, self.run.strategy)(model, labeled, candidates, n)
                    if n < len(candidates)
                    else slice(None)
                )
                labeled = np.concatenate([labeled, candidates[picks]])
        return np.array(scores), self.rows[labeled]

    def fit(self, rows: np.ndarray) -> Any:
        if self.task.model == "extra_trees":
            return ExtraTreesClassifier(50, random_state=self.seed).fit(self.X[rows], self.y[rows])
        C = 10.0 if self.task.text else 1.0
        return LogisticRegression(C=C, solver=self.solver, tol=self.tolerance, max_iter=5000).fit(
            self.X[rows], self.y[rows]
        )

    def beliefs(self, model: Any, rows: np.ndarray) -> np.ndarray:
        P = np.zeros((len(rows), self.task.n_classes))
        P[:, model.classes_] = model.predict_proba(self.X[rows])
        return P

    def largest(self, scores: np.ndarray, n: int) -> np.ndarray:
        order = self.rng.permutation(len(scores))
        return order[np.argpartition(-scores[order], n - 1)[:n]]

    def random(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        return self.rng.permutation(len(candidates))[:n]

    def least_confidence(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        return self.largest(1 - self.beliefs(model, candidates).max(axis=1), n)

    def margin(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        two = np.partition(self.beliefs(model, candidates), -2, axis=1)[:, -2:]
        return self.largest(two[:, 0] - two[:, 1], n)

    def entropy(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        return self.largest(entropy(self.beliefs(model, candidates)), n)

    def k_center(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        X = self.X[candidates]
        squares = square(X)
        nearest = np.full(len(candidates), np.inf)
        for start in range(0, len(labeled), 256):
            L = self.X[labeled[start : start + 256]]
            nearest = np.minimum(nearest, (squares[:, None] + square(L) - 2 * dense(X @ L.T)).min(axis=1))
        picks = []
        for _ in range(n):
            picks.append(int(nearest.argmax()))
            nearest = np.minimum(nearest, squares + squares[picks[-1]] - 2 * products(X, picks[-1]))
            nearest[picks[-1]] = -np.inf
        return np.array(picks)

    def badge(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        X, A = self.X[candidates], self.beliefs(model, candidates)
        A[np.arange(len(A)), A.argmax(axis=1)] -= 1
        squares = square(X) * square(A)
        picks, nearest = [int(squares.argmax())], np.full(len(A), np.inf)
        while True:
            last = picks[-1]
            apart = squares + squares[last] - 2 * products(X, last) * (A @ A[last])
            nearest = np.minimum(nearest, np.maximum(apart, 0))
            nearest[picks] = 0
            if len(picks) == n:
                return np.array(picks)
            picks.append(int(self.rng.choice(len(A), p=nearest / nearest.sum())))

    def committee(self, labeled: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        beliefs = []
        for _ in range(MEMBERS):
            rows = np.sort(self.rng.choice(labeled, len(labeled)))
            self.rng.integers(2**31)
            beliefs.append(self.beliefs(self.fit(rows), candidates))
        return np.array(beliefs)

    def query_by_committee(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        members = self.committee(labeled, candidates)
        votes = np.eye(self.task.n_classes)[members.argmax(axis=2)].mean(axis=0)
        return self.largest(entropy(votes) + 1e-6 * entropy(members.mean(axis=0)), n)

    def consensus_entropy(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        return self.largest(entropy(self.committee(labeled, candidates).mean(axis=0)), n)

    def mean_kl(self, model: Any, labeled: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
        members = self.committee(labeled, candidates)
        return self.largest(entropy(members.mean(axis=0)) - entropy(members).mean(axis=0), n)


def entropy(P: np.ndarray) -> np.ndarray:
    return -(P * np.log(np.where(P > 0, P, 1))).sum(axis=-1)


def square(X: Any) -> np.ndarray:
    return np.asarray(X.multiply(X).sum(axis=1)).ravel() if hasattr(X, "multiply") else np.einsum("ij,ij->i", X, X)


def dense(X: Any) -> np.ndarray:
    return X.toarray() if hasattr(X, "toarray") else X


def products(X: Any, row: int) -> np.ndarray:
    return X @ dense(X[[row]]).ravel()


# Which rows are chosen from and tested is settled before the loop is timed, and once for all strategies of a pilot.
# To pick the rows out is part of a fit and of a prediction in the loop, and so it is here.
TIMED = ((replay.Walk, "fit"), (replay.Walk, "believed"), (grounds, "probabilities"), (replay, "Ground"))


class Meter:
    """Seconds inside what the loop is timed for or given: fits, predictions and the cut of the rows."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.plain: dict[tuple[Any, str], Any] = {place: getattr(*place) for place in TIMED}

    def __enter__(self) -> "Meter":
        for (owner, name), plain in self.plain.items():
            setattr(owner, name, self.timed(plain))
        return self

    def __exit__(self, *_: Any) -> None:
        for (owner, name), plain in self.plain.items():
            setattr(owner, name, plain)

    def timed(self, call: Any) -> Any:
        def measured(*given: Any, **named: Any) -> Any:
            started = work.process_time()
            found = call(*given, **named)
            self.spent += work.process_time() - started
            return found

        return measured


def compare(case: Case, task: Task, splits: int, solver: str) -> tuple[float, list[tuple[Any, ...]]]:
    """(pilot over plain loops, lines of the table)."""
    chosen = {name: STRATEGIES[name].call for name in case.strategies}
    estimator = ESTIMATORS[task.model].call
    size, equal = task.pool_size(), shared(task) if case.sharing else {}
    ours, plain, lines = 0.0, dict.fromkeys(case.strategies, 0.0), {}
    rest, alone = dict.fromkeys(case.strategies, 0.0), dict.fromkeys(case.strategies, 0.0)
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in case.strategies}
    for split in range(splits):
        runs = [Run(name, split // task.settings.folds, split % task.settings.folds, size) for name in case.strategies]
        seconds, traces = work.cpu(
            replay.simulate, task, chosen, estimator, [r for r in runs if r.strategy not in equal]
        )
        ours += seconds
        by_name = {trace.run.strategy: trace for trace in traces}
        for run in runs:
            with threadpool_limits(limits=1):
                seconds, loose = work.cpu(Loop(task, run, solver).walk)
                exact = Loop(task, run, tolerance=1e-9).walk() if case.model == "logistic_regression" else loose
            plain[run.strategy] += seconds
            trace = by_name[equal.get(run.strategy, run.strategy)]
            mine = METRICS["accuracy"].call(Outcome(trace.confusion)), trace.picked
            found[run.strategy].append(
                (*agreement(mine, exact, trace.anchors), *agreement(loose, exact, trace.anchors))
            )
            with Meter() as meter:
                seconds, _ = work.cpu(replay.simulate, task, chosen, estimator, [run])
            rest[run.strategy], alone[run.strategy] = (
                rest[run.strategy] + seconds - meter.spent,
                alone[run.strategy] + seconds,
            )
    for name in case.strategies:
        agreed = np.mean(found[name], axis=0)
        lines[name] = (name, plain[name], alone[name] / plain[name], rest[name] / plain[name], *agreed)
    return ours / sum(plain.values()), list(lines.values())


def agreement(one: Any, other: Any, anchors: np.ndarray) -> tuple[float, float]:
    """(mean difference of the scores, share of equal labels) of two (scores, rows in order), over anchors."""
    same = [len(np.intersect1d(one[1][:k], other[1][:k])) / k for k in anchors[1:-1]]
    return float((one[0] - other[0]).mean()), float(np.mean(same))


def task_for(case: Case, file: str, label: str) -> Task:
    settings = PilotSettings(strategies=case.strategies, model=case.model)
    if file and case.text:
        return work.task_from_file(file, label, case.rows, settings)
    X, y = work.documents(case.rows) if case.text else work.numbers(case.rows, classes=case.classes)
    return work.task_of(X, y, case.model, settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name begins so")
    parser.add_argument("--splits", type=int, default=2, help="folds walked; a default pilot has ten")
    parser.add_argument("--file", default="", help="a table of documents for the text case")
    parser.add_argument("--label", default="label")
    parser.add_argument("--solver", choices=("newton-cg", "lbfgs"), default="newton-cg")
    given = parser.parse_args()
    for name, case in CASES.items():
        if name.startswith(given.only):
            ratio, lines = compare(case, task_for(case, given.file, given.label), given.splits, given.solver)
            print(f"\n{name}, {case.model}, {given.solver}: pilot / plain loops = {ratio:.2f} (target {case.target})")
            print(f"  {'':49} {'pilot':>17} {'plain tol':>17}")
            print(
                f"  {'strategy':20} {'loop s':>8} {'alone/loop':>10} {'rest':>8}" + 2 * f" {'score':>8} {'overlap':>8}"
            )
            for line in lines:
                print("  {:20} {:8.2f} {:10.2f} {:8.3f} {:+8.4f} {:8.3f} {:+8.4f} {:8.3f}".format(*line), flush=True)


if __name__ == "__main__":
    main()
