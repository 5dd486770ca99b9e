"""Stopping rules: when to stop buying, read off the path the plan recommends, or off a model while labels come in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.registry import Registry

PLATEAU = 0.005  # half a point: what a sample of 1,000 to 2,000 rows can just tell apart
NEXT_BATCH = 0.56  # of the labels so far: the round the plans of other data sets were judged on


@dataclass(frozen=True)
class Path:
    """The recommended strategy's way through the pool, and what was asked of it."""

    labeled: int  # n
    purchases: np.ndarray  # (B,) labels to buy, from 0
    score: np.ndarray  # (B,) median score, 0-1
    cost: np.ndarray  # (B,) currency
    net: np.ndarray | None  # (B,) expected net value over stopping at the sample; None without a value per point
    to_target: float | None  # labels to buy until the target is reached in half of the draws
    budget: float | None  # currency
    weeks: np.ndarray | None  # (B,) None without labels per week
    deadline: float | None  # weeks


StoppingRule = Callable[[Path], float | None]  # labels to buy at which the rule fires; None: never within the pool
RULES: Registry[StoppingRule] = Registry("stopping rule")


@RULES.register("budget", "Budget spent")
def budget(path: Path) -> float | None:
    """The next labels would cost more than the budget cap."""
    return None if path.budget is None else _within(path, path.cost - path.cost[0] <= path.budget)


@RULES.register("deadline", "Deadline reached")
def deadline(path: Path) -> float | None:
    """The next labels would come after the deadline."""
    if path.deadline is None or path.weeks is None:
        return None
    return _within(path, path.weeks <= path.deadline)


@RULES.register("target", "Target reached")
def target(path: Path) -> float | None:
    """The score has reached the target in half of the draws."""
    return path.to_target


@RULES.register("plateau", "Plateau")
def plateau(path: Path) -> float | None:
    """The next batch of 56% more labels adds less than half a point."""
    labels = path.labeled + path.purchases
    ahead = np.interp(np.log(labels * (1 + NEXT_BATCH)), np.log(labels), path.score)
    flat = np.flatnonzero(ahead - path.score < PLATEAU)
    return float(path.purchases[flat[0]]) if len(flat) else None


@RULES.register("marginal_value", "Value below cost")
def marginal_value(path: Path) -> float | None:
    """No further purchase is expected to earn more than it costs."""
    return None if path.net is None else float(path.purchases[int(path.net.argmax())])


def _within(path: Path, within: np.ndarray) -> float | None:
    """The last purchase within a limit; None when the whole pool is."""
    return None if within.all() else float(path.purchases[max(int(within.sum()) - 1, 0)])


WINDOW = 3  # models looked back on


@dataclass(frozen=True)
class Watched:
    """One run as somebody sees it who labels batch after batch: what its K models say, and what they score."""

    labels: np.ndarray  # (K,)
    score: np.ndarray  # (K,) 0-1, on held-out rows
    kappa: np.ndarray  # (K,) Cohen's kappa with the model before, on rows set aside; the first says nothing
    pool_entropy: np.ndarray  # (K,) mean of H / ln C over those rows
    changed: np.ndarray  # (K,) share of them predicted otherwise than before; 1 at the first
    delta_f: np.ndarray  # (K,) 1 - F of the predictions against those before; 1 at the first
    confidence: np.ndarray  # (K,) mean largest probability over them
    batch_entropy: np.ndarray  # (K,) largest H / ln C in the batch about to be bought; 1 where none is
    target: float | None = None  # score to reach
    labels_per_unit: float | None = None  # K = 100 v / c: labels that a score of 1.0 is worth
    spent: np.ndarray | None = None  # (K,) currency, on the labels by then
    budget: float | None = None  # currency


# Where a rule says stop, (K,) bool. looser: what a change of the threshold does that makes it stop sooner, +1 up or
# -1 down; needs: the field of Watched it cannot do without.
WatchRule = Callable[[Watched, float], np.ndarray]
WATCH_RULES: Registry[WatchRule] = Registry("rule that watches the model", threshold=0.0, looser=1, needs="score")


def first_stop(rule: str, watched: Watched, threshold: float | None = None) -> int | None:
    """The first anchor at which a rule says stop; None where it never does."""
    chosen = WATCH_RULES[rule]
    fires = np.flatnonzero(chosen.call(watched, chosen.facts["threshold"] if threshold is None else threshold))
    return int(fires[0]) if len(fires) else None


@WATCH_RULES.register(
    "stabilizing_predictions",
    "Stabilizing predictions",
    source="Bloodgood, Vijay-Shanker 2009",
    threshold=0.99,
    looser=-1,
    needs="kappa",
)
def stabilizing_predictions(watched: Watched, threshold: float) -> np.ndarray:
    """The last three models agree with the ones before: kappa of 0.99 on average."""
    return _seen(watched, WINDOW) & (_last(watched.kappa) >= threshold - 1e-12)


@WATCH_RULES.register(
    "overall_uncertainty", "Overall uncertainty", source="Zhu, Wang, Hovy 2008", threshold=0.05, needs="pool_entropy"
)
def overall_uncertainty(watched: Watched, threshold: float) -> np.ndarray:
    """The model is sure of the pool: its mean entropy is below 5% of the most there can be."""
    return np.asarray(watched.pool_entropy < threshold)


@WATCH_RULES.register(
    "max_confidence", "Max confidence", source="Zhu, Hovy 2007", threshold=0.001, needs="batch_entropy"
)
def max_confidence(watched: Watched, threshold: float) -> np.ndarray:
    """The model is sure of every item it would buy next: each entropy is below 0.1% of the most there can be."""
    return np.asarray(watched.batch_entropy < threshold)


@WATCH_RULES.register(
    "classification_change", "Classification change", source="Zhu, Wang, Hovy 2008", threshold=0.0, needs="changed"
)
def classification_change(watched: Watched, threshold: float) -> np.ndarray:
    """No prediction has changed since the last batch."""
    return _seen(watched, 1) & (watched.changed <= threshold)


@WATCH_RULES.register("delta_f", "Delta F", source="Altschuler, Bloodgood 2019", threshold=0.05, needs="delta_f")
def delta_f(watched: Watched, threshold: float) -> np.ndarray:
    """Each of the last three batches changed the F-score of the predictions by less than 0.05."""
    return _seen(watched, WINDOW) & (_last(watched.delta_f, worst=True) < threshold)


@WATCH_RULES.register(
    "performance_convergence",
    "Performance convergence",
    source="Laws, Schuetze 2008",
    threshold=5e-5,
    needs="confidence",
)
def performance_convergence(watched: Watched, threshold: float) -> np.ndarray:
    """The score the model expects of itself is at a new high, and rises by under 0.005 points for ten labels.

    Expected F of the winning classes, 2 tp / (2 tp + fp + fn), is the mean largest probability: each row gives p to tp
    and 1 - p to fp and fn. The published window of ten batches of ten labels is three of these larger ones.
    """
    value, labels = watched.confidence, watched.labels
    rise = np.diff(_last(value), prepend=np.nan) / (np.diff(_last(labels), prepend=np.nan) / 10)
    highest = np.maximum.accumulate(np.concatenate([[-np.inf], value[:-1]]))
    return np.asarray(_seen(watched, WINDOW) & (value > highest) & (rise > 0) & (rise < threshold))


@WATCH_RULES.register("budget", "Budget spent", threshold=0.0)
def budget_spent(watched: Watched, threshold: float) -> np.ndarray:
    """The next batch would cost more than the budget cap."""
    if watched.budget is None or watched.spent is None:
        return np.zeros(len(watched.labels), dtype=bool)
    after = np.append(watched.spent[1:], -np.inf)  # nothing is bought after the last
    return np.asarray(after * (1 + threshold) > watched.budget)


@WATCH_RULES.register("target", "Target reached", threshold=0.0)
def target_reached(watched: Watched, threshold: float) -> np.ndarray:
    """The score measured on held-out rows has reached the target."""
    none = np.zeros(len(watched.labels), dtype=bool)
    return none if watched.target is None else np.asarray(watched.score >= watched.target - threshold)


@WATCH_RULES.register("plateau", "Plateau", threshold=PLATEAU)
def plateau_seen(watched: Watched, threshold: float) -> np.ndarray:
    """The last 56% more labels added less than half a point, as measured on held-out rows."""
    before = watched.labels / (1 + NEXT_BATCH)
    earlier = np.interp(np.log(before), np.log(watched.labels), watched.score)
    return np.asarray((before >= watched.labels[0]) & (watched.score - earlier < threshold))


@WATCH_RULES.register("marginal_value", "Value below cost", threshold=1.0)
def marginal_value_seen(watched: Watched, threshold: float) -> np.ndarray:
    """The last batch earned less than its labels cost, as measured on held-out rows."""
    if watched.labels_per_unit is None:
        return np.zeros(len(watched.labels), dtype=bool)
    earned = np.concatenate([[np.inf], watched.labels_per_unit * np.diff(watched.score)])
    return np.asarray(earned < threshold * np.diff(watched.labels, prepend=0))


def _seen(watched: Watched, batches: int) -> np.ndarray:
    """Whether so many batches were bought by then, (K,)."""
    return np.arange(len(watched.labels)) >= batches


def _last(values: np.ndarray, worst: bool = False) -> np.ndarray:
    """Mean, or largest, of the last three values up to each, (K,); the first two look back on fewer."""
    parts = (values[max(k - WINDOW + 1, 0) : k + 1] for k in range(len(values)))
    return np.array([part.max() if worst else part.mean() for part in parts])
