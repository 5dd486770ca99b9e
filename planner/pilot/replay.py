"""One walk of a strategy over a pool whose labels are known: the work inside a pilot."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any
from zlib import crc32

import numpy as np

from planner.choices.estimators import Estimator
from planner.choices.semi_supervised import MOST_UNLABELED, SEMI_SUPERVISED, Rows, with_guesses
from planner.choices.strategies import Pool, Strategy, stands_for
from planner.choices.strategies.starts import STARTS
from planner.pilot.ground import Fitted, Ground
from planner.pilot.labeling import Labels
from planner.pilot.models import converged, fit, of_each_kind, probabilities, with_all_classes
from planner.pilot.monitoring import Walked, watch
from planner.pilot.scoring import significant
from planner.pilot.steadiness import Steadiness
from planner.pilot.task import Run, Task, labels_at
from planner.pilot.trace import Trace as Trace
from planner.pilot.trace import nothing
from planner.workers import one_thread

MEMBERS = 5  # of a committee; three is the least at which votes can split, more cost a fit each


Shared = dict[tuple[int, int, bytes], Fitted]  # by the cut, the pool size (both settle the stop set) and the labels


def simulate(
    task: Task, strategies: dict[str, Strategy], estimator: Estimator, runs: Sequence[Run]
) -> tuple[Trace, ...]:
    """Walk the runs of one repeat and fold, testing on the held-out fold at every anchor. Pure.

    All of one cut start with the same labels and end with the whole pool: those two fits are made once.
    """
    shared: Shared = {}
    grounds: dict[tuple[int, int], Ground] = {}
    with one_thread():  # one thread sums in one order: same numbers on any number of workers
        walked = []
        for run in runs:
            where = (run.split, run.pool_size)
            if where not in grounds:
                # What batches hold is shown of walks that can be held against one another.
                grounds[where] = Ground(task, run, watched=run.cut == 0)
            walk = Walk(grounds[where], strategies[run.strategy], estimator, run)
            walked.append(walk.trace(shared))
        return tuple(walked)


class Walk:
    """The state of one run while it goes on."""

    def __init__(self, ground: Ground, strategy: Strategy, estimator: Estimator, run: Run) -> None:
        self.started = perf_counter()
        self.ground, self.task, self.rows = ground, ground.task, ground.rows
        self.strategy, self.estimator, self.run = strategy, estimator, run
        settled = stands_for(run.strategy, self.task.holds)
        self.query_rng = np.random.default_rng(
            [self.task.settings.seed, run.split, run.fold, run.pool_size, crc32(settled.encode())]
        )
        self.unlabeled = bool(SEMI_SUPERVISED[self.task.settings.semi_supervised].facts["unlabeled"])
        self.labels = Labels(ground.y_pool, ground.answers)
        self.unconverged = 0
        self.kept: dict[str, Any] = {}

    def trace(self, shared: Shared) -> Trace:
        """The walk from the first labels to the whole pool; `shared` holds the fits that others made before."""
        anchors = labels_at(self.task.settings.first, self.task.settings.growth, len(self.rows))
        labeled = self.first(int(anchors[0]))
        self.labels.ask(labeled)
        found: list[Fitted] = []
        seen: list[int] = []
        said: list[np.ndarray] = []  # of the stop set
        steady, model = Steadiness(self.task.n_classes, int(np.bincount(self.task.labels).argmin())), None
        for position, size in enumerate(anchors):
            before = labeled
            last = position + 1 == len(anchors)
            # What all runs share starts from nothing, since no run's model may be in another's numbers.
            fitted = self.once(labeled, shared) if position == 0 or last else self.fitted(labeled, model)
            model = fitted.model
            self.unconverged += not converged(model)
            found.append(fitted)
            steady.look(fitted.stop)
            seen.append(len(np.unique(self.labels.y[labeled])))
            said.append(fitted.stop.argmax(axis=1))
            if not last:
                labeled = self.query(model, labeled, int(anchors[position + 1] - size))
                new = labeled[len(before) :]
                steady.bought(self.believed(model, new) if len(new) else np.empty((0, self.task.n_classes)))
        return Trace(
            self.run,
            anchors,
            np.array([one.confusion for one in found]),
            np.round([one.log_loss for one in found], 6),
            np.round([one.auc for one in found], 6),
            picked=self.rows[self.labels.asked],
            seconds=perf_counter() - self.started,
            by_group=np.array([one.by_group for one in found]) if self.task.n_groups else nothing(),
            unconverged=self.unconverged,
            seen=np.array(seen),
            by_confidence=np.array([one.by_confidence for one in found]),
            **steady.fields(),
            **self.beside(anchors, found),
            **self.bought(anchors, labeled, np.array(said)),
        )

    def beside(self, anchors: np.ndarray, found: Sequence[Fitted]) -> dict[str, np.ndarray]:
        """What only some settings ask for."""
        settings, kept = self.task.settings, {}
        if settings.annotated:
            kept["confusion_clean"] = np.array([one.clean for one in found])
        if settings.votes > 1:
            kept["votes"] = self.labels.votes(anchors)
        if settings.costs.strip():
            kept["costed"] = np.array([one.costed for one in found])
        if len(self.task.amounts):  # four digits are all a value model needs, and no row's amount to the cent
            kept["at_stake"] = np.array([significant(one.at_stake) for one in found])
        if self.unlabeled:
            kept["plain"] = np.array([one.plain for one in found])
        return kept

    def first(self, n: int) -> np.ndarray:
        """The first n positions, the same for all strategies of a fold; random labeling begins at random."""
        settings, run = self.task.settings, self.run
        start = STARTS["random" if run.baseline else settings.start].call
        rng = np.random.default_rng([settings.seed, run.split, run.fold, run.pool_size, crc32(b"start")])
        return start(self.ground.X_pool, self.ground.marked, n, rng)

    def bought(self, anchors: np.ndarray, order: np.ndarray, said: np.ndarray) -> dict[str, np.ndarray]:
        """What the batches held, beside the pool."""
        ground = self.ground
        if ground.landscape is None:
            return {}
        walked = Walked(ground.X_pool, ground.y_pool, self.rows, order, anchors, ground.stop, said, self.task.n_classes)
        return watch(ground.landscape, walked)

    def once(self, labeled: np.ndarray, shared: Shared) -> Fitted:
        """The fit on these rows, made by whichever run of the fold comes to it first."""
        order = labeled[np.argsort(self.rows[labeled])]
        name = (self.run.split, len(self.rows), self.rows[order].tobytes() + self.labels.y[order].tobytes())
        if name not in shared:
            shared[name] = self.fitted(labeled)
        return shared[name]

    def fitted(self, labeled: np.ndarray, before: Any = None) -> Fitted:
        """The model of these labels, judged; `before` is one to begin from."""
        return self.ground.judge(*self.models(labeled, before))

    def models(self, labeled: np.ndarray, before: Any) -> tuple[Any, Any]:
        """(the model of these labels, the one that learned from labels alone); mostly they are the same."""
        # The rows come sorted, so that the same set gives the same model whatever order it was bought in.
        positions, seed = labeled[np.argsort(self.rows[labeled])], self.ground.model_seed
        plain = self.fit(positions, seed, before)
        free = self.free(labeled) if self.unlabeled else labeled[:0]
        if not len(free) or len(plain.classes_) < 2:
            return plain, plain
        few = np.sort(np.random.default_rng([seed, len(labeled)]).permutation(free)[:MOST_UNLABELED])
        X, settings = self.ground.X_pool, self.task.settings
        rows = Rows(X[positions], self.labels.y[positions], X[few])
        X, y = with_guesses(SEMI_SUPERVISED[settings.semi_supervised].call, plain, rows, settings.confidence)
        return fit(self.estimator(seed, self.task.text), X, y, plain), plain

    def fit(self, positions: np.ndarray, seed: int, before: Any = None, counts: np.ndarray | None = None) -> Any:
        """A model of the rows at these positions of the pool; see planner.pilot.models.fit."""
        unfitted = self.estimator(seed, self.task.text)
        return fit(unfitted, self.ground.X_pool[positions], self.labels.y[positions], before, counts)

    def free(self, labeled: np.ndarray) -> np.ndarray:
        """Positions without a label, ascending."""
        free = np.ones(len(self.rows), dtype=bool)
        free[labeled] = False
        return np.flatnonzero(free)

    def query(self, model: Any, labeled: np.ndarray, n: int) -> np.ndarray:
        """The labeled positions after n more were bought: the strategy's picks, then the random share."""
        n -= self.ask_again(n)
        candidates = self.free(labeled)
        if n == len(candidates):
            self.labels.ask(candidates)
            return np.concatenate([labeled, candidates])
        at_random = round(self.task.settings.random_share * n)
        picks = np.empty(0, dtype=int)
        if n > at_random:
            picks = self.strategy(self.pool(model, labeled, candidates), n - at_random, self.query_rng)
        if at_random:
            rest = np.setdiff1d(np.arange(len(candidates)), picks)
            picks = np.concatenate([picks, self.query_rng.permutation(rest)[:at_random]])
        self.labels.ask(candidates[picks])
        return np.concatenate([labeled, candidates[picks]])

    def ask_again(self, n: int) -> int:
        """Spend the share of n labels that is for doubted rows; says how many that took."""
        share = 0 if self.run.baseline else round(self.task.settings.relabel * n)
        if not share:
            return 0
        seed = self.ground.model_seed
        again = self.labels.doubted(share, lambda rows: self.fit(rows, seed), self.believed, self.query_rng)
        self.labels.ask(again)
        return len(again)

    def pool(self, model: Any, labeled: np.ndarray, candidates: np.ndarray) -> Pool:
        """What the strategy may see."""
        X, y, classes = self.ground.X_pool, self.labels.y, self.task.n_classes

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
            return np.asarray(probabilities(model, X, classes).take(rows, axis=0))
        return probabilities(model, X[rows], classes)

    def architectures(self, labeled: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """What a model of each kind believes about the candidates, (M, candidates, C)."""
        X, y, rows = self.ground.X_pool, self.labels.y, np.sort(labeled)
        models = (fit(one, X[rows], y[rows]) for one in of_each_kind(self.ground.model_seed, self.task.text))
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
