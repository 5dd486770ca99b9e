"""What the traces of a pilot say in one metric: score matrices, bands and paired comparisons."""

from dataclasses import dataclass

import numpy as np

from planner.choices.metrics import METRICS
from planner.pilot import Pilot
from planner.results import Result

IN_TEN = 1.2816  # normal quantile that leaves 10% on each side


@dataclass(frozen=True, eq=False)
class Measured(Result):
    """A strategy's replay in one metric, averaged over repeats and folds."""

    labels: np.ndarray  # (K,) anchors
    mean: np.ndarray  # (K,) score 0-1
    low: np.ndarray  # (K,) 10% of the mean
    high: np.ndarray  # (K,) 90% of the mean
    repeats: np.ndarray  # (R, K) mean over folds of each repeat
    folds: np.ndarray  # (R x F, K) score of each fold, moved so that their mean is the pooled score


def measure(pilot: Pilot, strategy: str, metric: str, pool_size: int | None = None) -> Measured:
    """The replay of one strategy inside one pool (the full training pool unless said)."""
    traces = [t for t in pilot.traces if t.run.strategy == strategy]
    size = pool_size or max(t.run.pool_size for t in traces)
    traces = [t for t in traces if t.run.pool_size == size]
    score = METRICS[metric].call
    confusion = np.array([t.confusion for t in traces])  # (R x F, K, C, C)
    by_repeat = confusion.reshape(pilot.repeats, -1, *confusion.shape[1:])
    # Macro scores of a single fold miss its rare classes, so folds are pooled before a repeat is scored.
    repeats = score(by_repeat.sum(axis=1))
    folds = score(confusion)
    mean = repeats.mean(axis=0)
    folds = folds + (mean - folds.mean(axis=0))
    half = IN_TEN * np.sqrt(level_sd(confusion, metric, pilot.facts.labeled) ** 2 + repeats_variance(folds))
    return Measured(traces[0].anchors, mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1), repeats, folds)


def repeats_variance(folds: np.ndarray) -> np.ndarray:
    """Variance of the mean over folds that comes from which rows trained, (K,)."""
    if len(folds) < 2:
        return np.zeros(folds.shape[1])
    centred = folds - folds.mean(axis=1, keepdims=True)
    return np.asarray(centred.var(axis=0, ddof=1) / len(folds))


def level_sd(confusion: np.ndarray, metric: str, n: int) -> np.ndarray:
    """Standard deviation of the score from having tested on n rows only, (K,).

    Binomial for accuracy; for other metrics by resampling the pooled confusion counts.
    """
    pooled = confusion.sum(axis=0)  # (K, C, C)
    if metric == "accuracy":
        score = METRICS[metric].call(pooled)
        return np.asarray(np.sqrt(np.maximum(score * (1 - score), 1 / n) / n))
    rng = np.random.default_rng(0)  # a fixed stream: the same pilot always has the same band
    shares = pooled.reshape(len(pooled), -1) / pooled[0].sum()
    resampled = np.array([rng.multinomial(n, share, size=200) for share in shares])  # (K, 200, C x C)
    return np.asarray(METRICS[metric].call(resampled.reshape(*resampled.shape[:2], *pooled.shape[1:])).std(axis=1))


def constant_score(pilot: Pilot, metric: str) -> float:
    """Score of always predicting the largest class."""
    counts = pilot.facts.counts
    confusion = np.zeros((len(counts), len(counts)))
    confusion[:, int(np.argmax(counts))] = counts
    return float(METRICS[metric].call(confusion))


def is_ahead(better: Measured, other: Measured) -> bool:
    """Whether the paired 80% interval of the difference in area under the curve lies above zero.

    Folds share training rows, so their variance is raised as in Nadeau, Bengio 2003.
    """
    difference = (better.folds - other.folds).mean(axis=1)
    if len(difference) < 2:
        return False
    per_repeat = len(difference) // len(better.repeats)
    raised = 1 / len(difference) + 1 / max(per_repeat - 1, 1)
    return bool(difference.mean() > IN_TEN * np.sqrt(raised * difference.var(ddof=1)))


def replay_exchange(chosen: Measured, random: Measured) -> tuple[float, float]:
    """(mean, standard error) of ln(random labels with the same score / labels) of a replayed strategy."""
    ratio = exchange_of_folds(chosen, random)
    if not len(ratio):
        return 0.0, 1.0
    return float(ratio.mean()), float(ratio.std(ddof=1) / np.sqrt(len(ratio))) if len(ratio) > 1 else 1.0


def exchange_of_folds(chosen: Measured, random: Measured) -> np.ndarray:
    """ln(random labels with the same score / labels) of each fold, (F,); (0,) where the replay is too short.

    Read at 90 labels to 40% of the pool: later the pool runs out and hides the difference.
    """
    level = np.maximum.accumulate(random.mean)
    rising = np.concatenate([[True], np.diff(level) > 0])
    inside = (chosen.labels >= 90) & (chosen.labels <= 0.4 * chosen.labels[-1])
    if inside.sum() < 1 or rising.sum() < 2:
        return np.empty(0)
    logs = np.log(random.labels[rising])
    same = np.interp(chosen.folds[:, inside] + 0.0, level[rising], logs)  # (F, k) ln labels of random, same score
    base = np.interp(random.folds[:, inside], level[rising], logs)
    return np.asarray((same - base).mean(axis=1))  # paired: the luck of a fold is in both
