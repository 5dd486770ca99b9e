"""What a forecast is asked and what was true: cases read off the kept runs of forecast_runs.py.

The truth of a data set and model is the mean over draws, made never to fall by isotonic regression: a single path
carries the noise of its own picks. A strategy's begins where that of random labeling is, and is told the same end: with
nothing bought and with everything labeled they are the same model. A pilot is forecast from its own numbers alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from planner.choices.estimators import ESTIMATORS
from planner.forecast.replayed import IN_TEN, Measured, repeats_variance

# Data sets whose sentences overlap or are alike count as one.
ALIKE = {
    "mr_polarity": "movie reviews",
    "sst2": "movie reviews",
    "airline_tweets": "tweets",
    "tweet_hate": "tweets",
    "tweet_offensive": "tweets",
    "tweet_sentiment3": "tweets",
}
FOLDS = 5  # of a repeat
GOES_ON = (500, 1000, 2000)  # labels whose gain is forecast


@dataclass(frozen=True, eq=False)
class Curve:
    """Scores (K,) at labels (K,), the last being everything."""

    labels: np.ndarray
    scores: np.ndarray

    def at(self, labels: float | np.ndarray) -> np.ndarray:
        """Scores, linear in log labels."""
        return np.interp(np.log(np.maximum(labels, 1)), np.log(self.labels), self.scores)

    def first(self, score: float) -> float:
        """Labels at which it first reaches a score; the last where it never does."""
        hit = np.flatnonzero(self.scores >= score - 1e-12)
        if not len(hit) or hit[0] == 0:
            return float(self.labels[0] if len(hit) else self.labels[-1])
        low, high = self.scores[hit[0] - 1 : hit[0] + 1]
        a, b = np.log(self.labels[hit[0] - 1 : hit[0] + 1])
        return float(np.exp(a + (score - low) / (high - low) * (b - a)))


@dataclass(frozen=True, eq=False)
class Case:
    """One pilot in one metric, and what was true of its pool."""

    name: str
    model: str
    draw: int
    metric: str
    labeled: int  # n
    pool: int  # N
    constant: float  # score of the constant prediction
    classes: int
    text: bool
    at_random: Measured  # random labeling of the pilot in all its cuts
    replay: dict[str, Measured]
    random: Curve  # the truth of random labeling
    active: dict[str, Curve]  # {strategy: the truth from this sample on}
    changed: dict[str, np.ndarray] = field(default_factory=dict)  # {strategy: (K-1,) share of predictions that changed}

    @property
    def group(self) -> str:
        """What counts as one data set."""
        return ALIKE.get(self.name, self.name)

    @property
    def family(self) -> str:
        """The class of model whose curves are alike."""
        family = str(ESTIMATORS[self.model].facts["family"])
        return "text" if self.text and family == "linear" else family

    @cached_property
    def score_all(self) -> float:
        """Score with everything labeled."""
        return float(self.random.scores[-1])

    @cached_property
    def score_now(self) -> float:
        """Score at the sample."""
        return float(self.random.at(self.labeled))

    def to_buy(self, strategy: str, short: float) -> float:
        """Labels to buy beyond the sample to come within `short` of everything labeled."""
        curve = self.random if strategy == "random" else self.active[strategy]
        return max(curve.first(self.score_all - short) - self.labeled, 0.0)

    def gain(self, strategy: str, labels: float) -> float:
        """What so many labels more add to the score."""
        curve = self.random if strategy == "random" else self.active[strategy]
        return float(curve.at(self.labeled + labels) - curve.at(self.labeled))


def read_cases(jobs: Sequence[dict[str, Any]], metric: str) -> list[Case]:
    """Every pilot of the kept jobs, with its truth."""
    paths = mean_paths(jobs, metric)
    return [case for job in jobs for case in _cases_of(job, metric, paths[job["name"], job["model"]])]


def mean_paths(jobs: Iterable[dict[str, Any]], metric: str) -> dict[tuple[str, str], dict[tuple[str, int], list]]:
    """{(data set, model): {(strategy, start): [labels, mean scores, mean share changed]}} over draws."""
    found: dict[tuple[str, str], dict[tuple[str, int], list]] = defaultdict(lambda: defaultdict(list))
    for job in jobs:
        for path in job["truth"]:
            found[job["name"], job["model"]][path["strategy"], path["start"]].append(path)
    return {task: {key: _mean(some, metric) for key, some in by_path.items()} for task, by_path in found.items()}


def _mean(paths: list[dict[str, Any]], metric: str) -> list:
    """Draws differ by a row or two in their pools, so all but the last anchor are common."""
    short = min(len(path["labels"]) for path in paths)
    labels = np.array([*paths[0]["labels"][: short - 1], min(path["labels"][-1] for path in paths)], dtype=float)
    scores = np.mean([[*path[metric][: short - 1], path[metric][-1]] for path in paths], axis=0)
    changed = np.mean([path["changed"][: short - 1] for path in paths], axis=0)
    return [labels, scores, changed]


def _cases_of(job: dict[str, Any], metric: str, paths: dict[tuple[str, int], list]) -> list[Case]:
    random = smooth(*paths["random", 0][:2])
    cases = []
    for pilot in job["pilots"]:
        n = pilot["size"]
        active, changed = {}, {}
        for (strategy, start), (labels, scores, moved) in paths.items():
            if strategy != "random" and start == n:
                active[strategy] = between(random, labels, scores)
                changed[strategy] = moved
        curves = {one["strategy"]: measured(one) for one in pilot["curves"] if one["metric"] == metric}
        task = (job["name"], job["model"], job["draw"], metric, n, job["pool"])
        facts = (pilot["constant"][metric], pilot["classes"], job["text"])
        orders = next(measured(one) for one in pilot["at_random"] if one["metric"] == metric)
        cases.append(Case(*task, *facts, orders, curves, random, active, changed))
    return cases


def smooth(labels: np.ndarray, scores: np.ndarray) -> Curve:
    """The nearest curve that never falls."""
    return Curve(np.asarray(labels, dtype=float), IsotonicRegression().fit_transform(labels, scores))


def between(random: Curve, labels: np.ndarray, scores: np.ndarray) -> Curve:
    """The nearest curve of a strategy that never falls, from where random labeling is to where that ends."""
    start = random.at(labels[0])
    onward = IsotonicRegression(y_min=start).fit_transform(labels[1:], [*scores[1:-1], random.scores[-1]])
    return Curve(np.asarray(labels, dtype=float), np.array([start, *onward]))


def measured(curve: dict[str, Any]) -> Measured:
    """A kept replay as the forecast reads it."""
    folds = np.array(curve["folds"])
    half = IN_TEN * np.sqrt(np.array(curve["sd"]) ** 2 + repeats_variance(folds))
    mean = folds.mean(axis=0)
    repeats = folds.reshape(-1, FOLDS, folds.shape[1]).mean(axis=1)
    return Measured(
        np.array(curve["labels"]), mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1), repeats, folds
    )


def by_data_set(values: Sequence[float], cases: Sequence[Case]) -> float:
    """Mean in which each data set counts the same; empty values count for nothing."""
    found: dict[str, list[float]] = defaultdict(list)
    for value, case in zip(values, cases, strict=True):
        if np.isfinite(value):
            found[case.group].append(float(value))
    return float(np.mean([np.mean(some) for some in found.values()])) if found else float("nan")
