"""Room 2: a Sample becomes a Pilot: active learning replayed on labels already paid for."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.errors import PlannerError
from planner.replay import Run, Task, Trace, choose_model, labels_at, simulate, time_of_a_fit
from planner.results import Result
from planner.sample import Facts, Sample, encode
from planner.settings import Settings, key, knob
from planner.workers import Workers, each

FEWEST_LABELED = 200  # below this a test fold holds fewer than 40 rows: nothing can be told from a replay
SMALLEST_NESTED = 300  # smaller pools cost a third of the fits and contribute no point to any curve


@dataclass(frozen=True)
class PilotSettings(Settings):
    """How the replay is done."""

    strategies: tuple[str, ...] = knob(
        ("random", "margin", "k_center"),
        "Ways to choose which item is labeled next. Random labeling is always run as the baseline.",
        title="Query strategies",
        choices=STRATEGIES,
        main=True,
    )
    model: str = knob(
        "auto",
        "The model trained on the labels. auto picks logistic regression or extra trees inside the training folds.",
        title="Model",
        choices=ESTIMATORS,
        main=True,
    )
    folds: int = knob(
        5, "Parts the sample is cut into; each is the test once a repeat.", title="Folds", unit="folds", low=2, high=20
    )
    repeats: int = knob(2, "How often the cutting is done anew.", title="Repeats", unit="repeats", low=1, high=50)
    first: int = knob(
        50, "Labels bought at random before a strategy chooses.", title="First labels", unit="labels", low=10, high=1000
    )
    growth: float = knob(
        1.35,
        "How much larger each training set is than the one before.",
        title="Growth",
        unit="ratio",
        low=1.05,
        high=3.0,
    )
    seed: int = knob(7, "Same seed, same numbers.", title="Seed", low=0, high=2**31 - 1)

    @property
    def all_strategies(self) -> tuple[str, ...]:
        """The strategies to run, random first."""
        return ("random", *(name for name in dict.fromkeys(self.strategies) if name != "random"))


@dataclass(frozen=True, eq=False)
class Pilot(Result):
    """All traces of a sample under one setting."""

    facts: Facts
    settings: PilotSettings
    model: str  # the estimator that was used, auto resolved
    model_reason: str  # why, in a sentence; empty when the person chose
    traces: tuple[Trace, ...]  # in the order of runs()

    @property
    def key(self) -> str:
        """A name for these results."""
        return key(self.facts.digest, self.settings, self.model, len(self.traces))

    @property
    def repeats(self) -> int:
        """How many whole repeats it holds."""
        return len({trace.run.repeat for trace in self.traces})


def prepare(sample: Sample, settings: PilotSettings | None = None) -> Task:
    """Everything the runs share: encoded features, splits and the model."""
    settings = settings or PilotSettings()
    X = encode(sample)[: sample.facts.labeled]
    text = "text" in sample.facts.kind
    task = Task(X, sample.labels, sample.groups, len(sample.facts.classes), text, "", settings.growth, settings.first,
                settings.folds, settings.seed)  # fmt: skip
    if settings.model != "auto":
        return task.with_model(settings.model, "")
    if sample.facts.labeled < FEWEST_LABELED:
        return task.with_model("logistic_regression", "")
    return task.with_model(*choose_model(task))


def runs(task: Task, settings: PilotSettings) -> list[Run]:
    """Every run of a pilot, whole repeats one after the other, so that a cancelled pilot keeps the finished ones.

    None at all below 200 labeled rows: the facts are then all there is to say.
    """
    if len(task.labels) < FEWEST_LABELED:
        return []
    largest = task.pool_size(settings.repeats)
    nested = [m for m in (largest // 4, largest // 2) if m >= SMALLEST_NESTED]
    return [
        Run(strategy, repeat, fold, size)
        for repeat in range(settings.repeats)
        for fold in range(settings.folds)
        for strategy in settings.all_strategies
        for size in ([largest] if not STRATEGIES[strategy].facts["adaptive"] else [*nested, largest])
    ]


def traces(task: Task, settings: PilotSettings, workers: Workers | None = None) -> Generator[Trace, None, None]:
    """The traces in the order of runs(), as they become ready; close it to cancel."""
    chosen = {name: STRATEGIES[name].call for name in settings.all_strategies}
    call = partial(simulate, task, chosen, ESTIMATORS[task.model].call)
    return each(call, runs(task, settings), workers or Workers())


def gather(facts: Facts, settings: PilotSettings, task: Task, done: Iterable[Trace]) -> Pilot:
    """A Pilot of the whole repeats among the finished traces. Raises PlannerError when not one is whole."""
    done = tuple(done)
    a_repeat = len(runs(task, settings)) // settings.repeats
    whole = len(done) // a_repeat if a_repeat else 0
    if whole == 0 and a_repeat:
        raise PlannerError(
            f"The pilot was stopped after {len(done):,} of {a_repeat:,} runs of the first repeat. "
            "Let at least one repeat finish."
        )
    return Pilot(facts, settings, task.model, task.reason, done[: whole * a_repeat])


def run_pilot(sample: Sample, settings: PilotSettings | None = None, workers: Workers | None = None) -> Pilot:
    """Replay active learning on the sample: prepare, all traces, gather."""
    settings = settings or PilotSettings()
    task = prepare(sample, settings)
    return gather(sample.facts, settings, task, traces(task, settings, workers))


def estimate_seconds(task: Task, settings: PilotSettings, workers: Workers | None = None) -> float:
    """About how long traces() will take, from timing a small and a large fit of the model on this sample."""
    workers = workers or Workers()
    estimator = ESTIMATORS[task.model].call
    largest = task.pool_size(settings.repeats)
    small, large = (time_of_a_fit(task, estimator, size) for size in (min(settings.first, largest), largest))
    seconds = 0.0
    for run in runs(task, settings):
        fits = 6 if STRATEGIES[run.strategy].facts["needs"] == "committee" else 1
        sizes = labels_at(settings.first, settings.growth, run.pool_size)
        seconds += fits * float(np.sum(small + (large - small) * sizes / largest))
    starting = 3.0 if workers.n_jobs > 1 else 0.0  # worker processes import scikit-learn first
    return starting + seconds / workers.n_jobs
