"""Room 2: a Sample becomes a Pilot: active learning replayed on labels already paid for."""

from collections.abc import Container, Generator, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

import numpy as np

from planner.choices.kinds import KINDS
from planner.choices.strategies import STRATEGIES, stands_for
from planner.errors import BadSetting, PlannerError
from planner.pilot.annotators import confusion_of
from planner.pilot.mistakes import costs_of, equal_mistakes
from planner.pilot.models import choose_model, estimator_of
from planner.pilot.monitoring import Plane, survey
from planner.pilot.replay import Trace, simulate
from planner.pilot.task import PilotSettings, Run, Task
from planner.results import Result
from planner.sample.reading import Facts, Sample, encode
from planner.settings import key
from planner.workers import Workers, each

FEWEST_LABELED = 200  # below this a test fold holds fewer than 40 rows: nothing can be told from a replay


@dataclass(frozen=True, eq=False)
class Pilot(Result):
    """All traces of a sample under one setting."""

    facts: Facts
    settings: PilotSettings
    model: str  # the estimator that was used, auto resolved
    model_reason: str  # why, in a sentence; empty when the person chose
    traces: tuple[Trace, ...]  # in the order of runs()
    shared: dict[str, str] = field(default_factory=dict)  # {strategy: the one whose runs stand for it}
    plane: Plane | None = None  # where the rows lie; None in old files and where nothing was replayed

    @property
    def key(self) -> str:
        """A name for these results."""
        return key(self.facts.digest, self.settings, self.model, len(self.traces))

    @property
    def holds(self) -> frozenset[str]:
        """What makes strategies the same whatever the model, as far as the facts tell; see Task.holds."""
        equal = equal_mistakes(costs_of(self.settings.costs, self.facts.classes))
        holds = {"two_classes": len(self.facts.classes) == 2, "equal_costs": equal, "no_groups": not self.facts.groups}
        return frozenset(name for name, true in holds.items() if true)

    @property
    def repeats(self) -> int:
        """How many whole repeats it holds."""
        return len({trace.run.repeat for trace in self.traces})

    def traces_of(self, strategy: str) -> tuple[Trace, ...]:
        """The runs of a strategy, or of the one that picks the same items here, with the luck that all share."""
        walked = self.shared.get(strategy, strategy)
        return tuple(trace for trace in self.traces if trace.run.strategy == walked and trace.run.cut == 0)

    @property
    def at_random(self) -> tuple[Trace, ...]:
        """The runs of random labeling, those of one cut after those of another."""
        found = (trace for trace in self.traces if trace.run.baseline)
        return tuple(sorted(found, key=lambda trace: trace.run.cut))


def prepare(sample: Sample, settings: PilotSettings | None = None) -> Task:
    """Everything the runs share: encoded features, splits and the model."""
    settings = settings or PilotSettings()
    X = encode(sample)[: sample.facts.labeled]
    text = "text" in sample.facts.kind
    facts = sample.facts
    task = Task(
        X, sample.labels, sample.same, len(facts.classes), text, "", settings,
        groups=sample.groups, n_groups=len(facts.groups), costs=costs_of(settings.costs, facts.classes),
        errors=_errors(settings, facts), experts=_experts(sample, settings),
        amounts=sample.amounts,
    )  # fmt: skip
    if facts.labeled >= FEWEST_LABELED:
        task = replace(task, landscape=survey(X, settings.seed))
    if settings.model != "auto":
        return task.with_model(settings.model, "")
    if facts.labeled < FEWEST_LABELED:
        return task.with_model("logistic_regression", "")
    return task.with_model(*choose_model(task))


def _errors(settings: PilotSettings, facts: Facts) -> np.ndarray | None:
    """How annotators err, if any are asked for."""
    return confusion_of(settings.error_rate, settings.confusions, facts.classes) if settings.annotated else None


def _experts(sample: Sample, settings: PilotSettings) -> np.ndarray:
    if settings.start == "expert" and not len(sample.experts):
        raise BadSetting(
            "The cold start is expert, but no column marks the rows an expert would label first. Name one with "
            f"--expert, call it '{KINDS['expert'].title}' on the Data page, or choose another start."
        )
    return sample.experts


def runs(task: Task) -> list[Run]:
    """Every run of a pilot, whole repeats one after the other, so that a cancelled pilot keeps the finished ones.

    None at all below 200 labeled rows: the facts are then all there is to say.
    """
    if len(task.labels) < FEWEST_LABELED:
        return []
    size, equal = task.pool_size(), shared(task)
    return [
        Run(strategy, repeat, fold, size, cut)
        for repeat in range(task.settings.repeats)
        for fold in range(task.settings.folds)
        for strategy in task.settings.all_strategies
        if strategy not in equal
        for cut in range(task.settings.cuts if strategy == "random" else 1)
    ]


def shared(task: Task) -> dict[str, str]:
    """{strategy: the one walked in its place} for strategies that pick the same items on this task."""
    walked: dict[str, str] = {}
    equal = {}
    for name in task.settings.all_strategies:
        same = walked.setdefault(stands_for(name, task.holds), name)
        if same != name:
            equal[name] = same
    return equal


def traces(task: Task, workers: Workers | None = None, done: Container[Run] = ()) -> Generator[Trace, None, None]:
    """The traces in the order of runs(), as they become ready; close it to cancel.

    Folds whose runs are all `done` are left out: no fold knows of another, so a pilot that was broken off goes on.
    """
    chosen = {name: STRATEGIES[name].call for name in task.settings.all_strategies}
    call = partial(simulate, task, chosen, estimator_of(task))
    folds = [tuple(some) for _, some in groupby(runs(task), lambda run: (run.repeat, run.fold))]
    left = [fold for fold in folds if not all(run in done for run in fold)]
    ready = each(call, left, workers or Workers())
    try:
        for some in ready:
            yield from some
    finally:
        ready.close()


def gather(facts: Facts, task: Task, done: Iterable[Trace]) -> Pilot:
    """A Pilot of the whole repeats among the finished traces. Raises PlannerError when not one is whole."""
    done = tuple(done)
    a_repeat = len(runs(task)) // task.settings.repeats
    whole = len(done) // a_repeat if a_repeat else 0
    if whole == 0 and a_repeat:
        raise PlannerError(
            f"The pilot was stopped after {len(done):,} of {a_repeat:,} runs of the first repeat. "
            "Let at least one repeat finish."
        )
    return replace(shell(facts, task), traces=done[: whole * a_repeat])


def shell(facts: Facts, task: Task) -> Pilot:
    """A Pilot without its traces: all that is settled before the first run."""
    plane = None if task.landscape is None else task.landscape.plane
    return Pilot(facts, task.settings, task.model, task.reason, (), shared(task), plane)


def run_pilot(sample: Sample, settings: PilotSettings | None = None, workers: Workers | None = None) -> Pilot:
    """Replay active learning on the sample: prepare, all traces, gather."""
    task = prepare(sample, settings)
    return gather(sample.facts, task, traces(task, workers))
