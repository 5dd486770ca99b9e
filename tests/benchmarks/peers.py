"""A walk of this project against scikit-activeml and modAL on the same work.

    python tests/benchmarks/peers.py [--rows 20000] [--rounds 25] [--batch 20] [--model logistic_regression]
                                     [--tries 3] [--solver lbfgs]

A pool of four fifths of the rows, 20 labels at random to begin with, a batch a round, accuracy on the test fold after
each. One thread; CPU seconds in one process, the least of some tries taken in turn; quote the ratios. The peers are
called as is best for them: fitted once a round (`fit_clf=False`), whole arrays, and scikit-learn's newton-cg, which is
quicker here than the solver it takes by itself (`--solver lbfgs`). modAL 0.4.2 passes an argument that
scikit-learn has renamed, which one line here mends. Density is modAL's, which holds square matrices, so that 20,000
rows take it 6 GB: on 10,000 (`--density-rows`) for both. The ratio is the peer's seconds over ours; the scores are
means over the rounds.
"""

import argparse
import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import sklearn.utils
import work
from sklearn.ensemble import BaggingClassifier, ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES
from planner.pilot import PilotSettings, Run, Task, replay
from planner.pilot.ground import Ground

Walk = Callable[[], np.ndarray]
PAIRS = {  # ours: (strategy of scikit-activeml, what it is made with)
    "random": ("RandomSampling", {}),
    "least_confidence": ("UncertaintySampling", {"method": "least_confident"}),
    "margin": ("UncertaintySampling", {"method": "margin_sampling"}),
    "entropy": ("UncertaintySampling", {"method": "entropy"}),
    "query_by_committee": ("QueryByCommittee", {"method": "vote_entropy"}),
    "k_center": ("CoreSet", {}),
    "badge": ("Badge", {}),
    "clue": ("Clue", {}),
    "falcun": ("Falcun", {}),
}
MODAL = {"least_confidence": "uncertainty_sampling", "margin": "margin_sampling", "entropy": "entropy_sampling"}


def estimator(model: str, seed: int, solver: str) -> Any:
    if model == "extra_trees":
        return ExtraTreesClassifier(50, random_state=seed)
    return LogisticRegression(C=1.0, solver=solver, tol=1e-5, max_iter=5000)


class Work:
    """One pool, the same for all."""

    def __init__(self, task: Task, rounds: int, batch: int, solver: str) -> None:
        self.task, self.rounds, self.batch, self.solver = task, rounds, batch, solver
        self.run = Run("random", 0, 0, task.pool_size())
        ground = Ground(task, self.run, watched=False)
        self.X, self.y, self.seed = ground.X_pool, ground.y_pool, ground.model_seed
        self.X_test, self.y_test = task.X[ground.test], ground.y_test

    def ours(self, name: str) -> np.ndarray:
        sizes = 20 + self.batch * np.arange(self.rounds + 1)
        plain, replay.labels_at = replay.labels_at, lambda *_: sizes
        call, model = {name: STRATEGIES[name].call}, ESTIMATORS[self.task.model].call
        (trace,) = replay.simulate(self.task, call, model, [replace(self.run, strategy=name)])
        replay.labels_at = plain
        return METRICS["accuracy"].call(Outcome(trace.confusion))

    def score(self, model: Any) -> float:
        return float((model.predict(self.X_test) == self.y_test).mean())

    def activeml(self, name: str) -> np.ndarray:
        from skactiveml import pool
        from skactiveml.classifier import SklearnClassifier

        of, made_with = PAIRS[name]
        classes = list(range(self.task.n_classes))
        query = getattr(pool, of)(random_state=self.seed, **made_with)
        model = SklearnClassifier(estimator(self.task.model, self.seed, self.solver), classes=classes)
        y, scores = np.full(len(self.y), np.nan), []
        y[:20] = self.y[:20]
        for at in range(self.rounds + 1):
            model.fit(self.X, y)
            scores.append(self.score(model))
            if at == self.rounds:
                return np.array(scores)
            more: dict[str, Any] = {}
            if of == "QueryByCommittee":
                bagging = BaggingClassifier(
                    estimator(self.task.model, self.seed, self.solver), replay.MEMBERS, random_state=at
                )
                more = {"ensemble": SklearnClassifier(bagging, classes=classes), "fit_ensemble": True}
            elif of == "Clue":
                more = {"estimator": model, "fit_estimator": False}
            elif of in ("UncertaintySampling", "Badge", "Falcun"):
                more = {"clf": model, "fit_clf": False}
            picks = query.query(self.X, y, batch_size=self.batch, **more)
            y[picks] = self.y[picks]
        raise AssertionError

    def modal(self, name: str) -> np.ndarray:
        from modAL import uncertainty
        from modAL.density import information_density
        from modAL.models import ActiveLearner

        density = information_density(self.X, "euclidean") if name == "density_weighted" else None
        query = getattr(uncertainty, MODAL.get(name, "entropy_sampling"))
        left, labeled, scores = np.arange(20, len(self.y)), np.arange(20), []
        model = estimator(self.task.model, self.seed, self.solver)
        learner = ActiveLearner(model, query, X_training=self.X[labeled], y_training=self.y[labeled])
        for at in range(self.rounds + 1):
            scores.append(self.score(learner))
            if at == self.rounds:
                return np.array(scores)
            if density is None:
                picks, _ = learner.query(self.X[left], n_instances=self.batch)
            else:
                doubt = uncertainty.classifier_entropy(learner, self.X[left])
                picks = np.argsort(-doubt * density[left])[: self.batch]
            learner.teach(self.X[left[picks]], self.y[left[picks]])
            left = np.delete(left, picks)
        raise AssertionError


def mend_modal() -> None:
    """scikit-learn 1.6 renamed force_all_finite to ensure_all_finite."""
    for name in ("check_X_y", "check_array"):
        plain = getattr(sklearn.utils, name)

        @functools.wraps(plain)
        def mended(*given: Any, plain: Any = plain, **named: Any) -> Any:
            if "force_all_finite" in named:
                named["ensure_all_finite"] = named.pop("force_all_finite")
            return plain(*given, **named)

        setattr(sklearn.utils, name, mended)


def compare(label: str, ours: Walk, peer: Walk, tries: int) -> float:
    """The peer's seconds over ours, printed with the mean scores."""
    mine = theirs = np.inf
    with threadpool_limits(limits=1):
        for _ in range(tries):
            seconds, found = work.cpu(ours)
            mine = min(mine, seconds)
            seconds, other = work.cpu(peer)
            theirs = min(theirs, seconds)
    print(
        f"{label:36} {theirs:9.2f} {mine:9.2f} {theirs / mine:8.2f} {other.mean():9.4f} {found.mean():9.4f}", flush=True
    )
    return theirs / mine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--model", default="logistic_regression")
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--only", default="", help="strategies, comma-separated")
    parser.add_argument("--solver", choices=("newton-cg", "lbfgs"), default="newton-cg", help="of the peers' models")
    parser.add_argument("--density-rows", type=int, default=10_000)
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else [*PAIRS, "density_weighted"]

    def made(rows: int) -> Work:
        X, y = work.numbers(rows)
        settings = PilotSettings(strategies=tuple(PAIRS), model=given.model, first=20)
        return Work(
            replace(work.task_of(X, y, given.model, settings), landscape=None), given.rounds, given.batch, given.solver
        )

    one, ratios = made(given.rows), []
    print(f"{'peer and strategy':36} {'peer s':>9} {'ours s':>9} {'ratio':>8} {'peer':>9} {'ours':>9}")
    for name in PAIRS:
        if name in chosen:
            walks = functools.partial(one.ours, name), functools.partial(one.activeml, name)
            ratios.append(compare(f"scikit-activeml {name}", *walks, given.tries))
    if ratios:
        print(f"{'geometric mean over scikit-activeml':36} {'':19} {np.exp(np.log(ratios).mean()):8.2f}")
    try:
        mend_modal()
        import modAL  # noqa: F401
    except ImportError as missing:
        print(f"modAL is left out: {missing}. Install it with: pip install modAL-python.")
        return
    small = made(min(given.rows, given.density_rows))
    for name in (*MODAL, "density_weighted"):
        if name in chosen:
            on = small if name == "density_weighted" else one
            compare(f"modAL {name}", functools.partial(on.ours, name), functools.partial(on.modal, name), given.tries)


if __name__ == "__main__":
    main()
