"""Values made by hand for the tests: pilots whose true curve is known, forecasts whose every number is."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from scipy.stats import norm

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import Outcome
from planner.forecast.carrying import Forecast, ForecastSettings
from planner.forecast.drawing import active_scores, budget_grid
from planner.forecast.replayed import IN_TEN, Measured, measure
from planner.pilot.models import fit, probabilities
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot, runs, shared
from planner.pilot.scoring import area_under_curve, confusion_counts
from planner.pilot.task import PilotSettings, Run, Task, labels_at
from planner.sample import Facts


def facts(n: int = 1000, classes: int = 2, **changes: object) -> Facts:
    counts = np.full(classes, n // classes)
    counts[0] += n - counts.sum()
    names = tuple(f"class {i}" for i in range(classes))
    made = Facts("made", "0" * 12, n, n, names, counts, "numbers", "label", (), (), 0.0, None)
    return replace(made, **changes)


def task(X: np.ndarray, y: np.ndarray, **changes: object) -> Task:
    """A task of distinct rows; `changes` names fields of Task or of its settings."""
    known = {field.name for field in fields(PilotSettings)}
    settings = PilotSettings(**{name: value for name, value in changes.items() if name in known - {"model"}})
    made = Task(X, y, np.arange(len(y)), int(y.max()) + 1, False, "logistic_regression", settings)
    return replace(made, **{name: value for name, value in changes.items() if name not in known - {"model"}})


def trained(X: Any, labeled: np.ndarray, labels: np.ndarray, n_classes: int) -> dict[str, Any]:
    """What a pool says of models that were really trained on its labels: the fields of Pool by these names."""

    def fitted(on: np.ndarray, y: np.ndarray) -> Any:
        return fit(ESTIMATORS["logistic_regression"].call(0, False), X[on], y)

    def refit(extra: np.ndarray, more: np.ndarray, rows: np.ndarray) -> np.ndarray:
        model = fitted(np.concatenate([labeled, extra]), np.concatenate([labels, more]))
        return probabilities(model, X[rows], n_classes)

    model = fitted(labeled, labels) if len(labeled) else None
    return {"model": model, "refit": refit}


def judged(truth: np.ndarray, P: np.ndarray, groups: np.ndarray | None = None, **meaning: object) -> Outcome:
    """What a pilot keeps of predicted probabilities, and what a mistake means: `positive`, `costs`."""
    C = P.shape[1]
    groups = np.zeros(len(truth), dtype=int) if groups is None else groups
    each = [confusion_counts(truth[groups == g], P.argmax(axis=1)[groups == g], C) for g in range(groups.max() + 1)]
    right = np.clip(P[np.arange(len(P)), truth], 1e-15, 1)
    made = Outcome(
        np.sum(each, axis=0),
        -np.log(right).mean(),
        np.array(area_under_curve(truth, P)),
        np.array(each),
        0,
        1 - np.eye(C),
    )
    return replace(made, **meaning)


def known_pilot(
    error: Callable[[np.ndarray], np.ndarray],
    n: int = 1000,
    strategies: tuple[str, ...] = ("random", "margin"),
    worth: float = 3.0,
    seed: int = 0,
    **about: object,
) -> Pilot:
    """A pilot of a two-class task whose error at k random labels is `error(k)`, measured without luck of the fold.

    A strategy's k labels do as well as `worth` x k random ones inside its pool.
    """
    rng = np.random.default_rng(seed)
    settings = PilotSettings(strategies=strategies)
    size = n - n // settings.folds
    shell = task(np.zeros((n, 1)), np.arange(n) % 2, strategies=strategies)

    def trace(run: Run) -> Trace:
        anchors = labels_at(settings.first, settings.growth, run.pool_size)
        reached = anchors if run.strategy == "random" else np.minimum(anchors * worth, run.pool_size)
        wrong = error(reached.astype(float)) * (n - size) + rng.normal(0, 0.3, len(anchors))
        half = np.clip(wrong, 0, n - size) / 2
        rest = (n - size) / 2 - half
        confusion = np.stack([np.stack([rest, half], -1), np.stack([half, rest], -1)], -2)
        nothing = np.zeros(len(anchors))
        return Trace(run, anchors, confusion, nothing, nothing, nothing, nothing, np.arange(run.pool_size), 0.0)

    traces = tuple(trace(replace(run, pool_size=min(run.pool_size, size))) for run in runs(shell))
    return Pilot(facts(n, **about), settings, "logistic_regression", "", traces, shared(shell))


def lucky_replay(
    score: Callable[[np.ndarray], np.ndarray], seed: int, n: int = 1000, repeats: int = 2, folds: int = 5
) -> Measured:
    """A replay whose expected score at k labels is `score(k)`, with the luck of real folds.

    A row is right where its own ease and the luck of that model exceed a bar, so that the same hard rows are wrong at
    every anchor and in both repeats; the luck of which rows trained is shared by the rows of a fold.
    """
    rng = np.random.default_rng([seed, 7])
    labels = labels_at(50, 1.35, n - n // folds)
    bar, ease = norm.ppf(score(labels.astype(float))), rng.normal(0, np.sqrt(0.8), n)
    found = []
    for _ in range(repeats):
        for rows in rng.permutation(n).reshape(folds, -1):
            luck = rng.normal(0, 0.08, len(labels)) * np.sqrt(50 / labels)
            own = rng.normal(0, np.sqrt(0.2), (len(rows), len(labels)))
            found.append((ease[rows][:, None] + own < bar + luck).mean(axis=0))
    every = np.array(found)
    mean = every.mean(axis=0)
    half = IN_TEN * np.sqrt(mean * (1 - mean) / n)
    by_repeat = every.reshape(repeats, folds, -1).mean(axis=1)
    return Measured(labels, mean, mean - half, mean + half, by_repeat, every)


def power(level: float, gain: float, rate: float, size: float = 800.0) -> Callable[[np.ndarray], np.ndarray]:
    """error(k) = level + gain ((k / size)^-rate - 1), at most one half."""
    return lambda k: np.minimum(level + gain * ((np.asarray(k, dtype=float) / size) ** -rate - 1), 0.5)


def known_forecast(
    n: int = 1000,
    N: int = 50_000,
    rise: float = 0.03,
    worth: tuple[float, float] = (3.0, 3.0),
    level: float = 0.9,
    draws: int = 200,
    **about: object,
) -> Forecast:
    """A forecast in which the random score rises by `rise` from n to N, as n^-1/2, in every draw.

    One chosen label is worth from worth[0] to worth[1] random ones over the draws.
    """
    pilot = known_pilot(lambda k: np.full(len(k), 1 - level), n, **about)
    budgets = budget_grid(n, N)
    share = (1 - (budgets / n) ** -0.5) / (1 - (N / n) ** -0.5) if n < N else np.zeros(1)
    random = np.repeat((level + rise * share)[None, :], draws, axis=0)
    exchange = {"random": np.ones(draws), "margin": np.linspace(*worth, draws)}
    scores = {name: active_scores(random, budgets, n, rate) for name, rate in exchange.items()}
    return Forecast(
        pilot,
        ForecastSettings(pool_size=N),
        N,
        None,
        budgets,
        scores,
        random[:, 0],
        random[:, -1],
        exchange,
        {"random": True, "margin": True},
        {"random": False, "margin": True},
        {name: measure(pilot, name, "accuracy") for name in exchange},
        np.array([[n], [level]], dtype=float),
    )
