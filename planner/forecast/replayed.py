"""What the traces of a pilot say in one metric: score matrices, bands and paired comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.choices.metrics import METRICS, Outcome
from planner.errors import BadSetting, unknown
from planner.pilot.mistakes import costs_of
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.pilot.trace import nothing
from planner.results import Result
from planner.sample.reading import Facts

OF_NO_COUNTS = ("roc_auc", "log_loss")  # no counts to resample
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


def measure(pilot: Pilot, strategy: str, metric: str, *, positive: str = "") -> Measured:
    """The replay of one strategy.

    `positive` is the class that recall and precision are about, the rarest unless said. Raises BadSetting when the
    pilot lacks what the metric needs.
    """
    return _measured(pilot, pilot.traces_of(strategy), metric, positive)


def measure_random(pilot: Pilot, metric: str, *, positive: str = "") -> Measured:
    """Random labeling in all its cuts, each counting as one more repeat.

    Raises BadSetting; see measure.
    """
    return _measured(pilot, pilot.at_random, metric, positive)


def _measured(pilot: Pilot, traces: tuple[Trace, ...], metric: str, positive: str) -> Measured:
    score, of_folds = METRICS[metric].call, outcome(pilot, traces, metric, positive)
    # Macro scores of a single fold miss its rare classes, so folds are pooled before a repeat is scored.
    repeats = score(pooled(of_folds, len({trace.run.split for trace in traces})))
    folds = score(of_folds)
    mean = repeats.mean(axis=0)
    folds = folds + (mean - folds.mean(axis=0))
    half = IN_TEN * np.sqrt(level_sd(of_folds, metric, pilot.facts.labeled) ** 2 + repeats_variance(folds))
    return Measured(traces[0].anchors, mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1), repeats, folds)


def outcome(pilot: Pilot, traces: Sequence[Trace], metric: str, positive: str = "") -> Outcome:
    """What traces of equal anchors measured, leading shape (traces, K). Raises BadSetting; see measure."""
    facts, needs = pilot.facts, METRICS[metric].facts["needs"]
    if needs == "groups" and not facts.groups:
        raise BadSetting(
            f"{METRICS[metric].title} needs a group column. Call one column a group, or choose another metric."
        )
    # With costs in the pilot, the cost of a decision is that of the best decision, not of the likeliest class.
    costed = needs == "costs" and len(traces) > 0 and all(t.costed.size for t in traces)
    return Outcome(
        np.array([t.costed if costed else t.confusion for t in traces]),
        np.array([t.log_loss for t in traces]),
        np.array([t.auc for t in traces]),
        np.array([t.by_group for t in traces]),
        positive_class(facts, positive),
        costs_of(pilot.settings.costs, facts.classes),
    )


def as_if(pilot: Pilot, field: str, metric: str) -> Pilot | None:
    """The pilot with other counts in the place of those it was scored by: `confusion_clean` or `plain` of its traces.

    None where it has none, or where the metric reads more than counts.
    """
    needs_more = metric in OF_NO_COUNTS or METRICS[metric].facts["needs"] == "groups"
    if needs_more or not pilot.traces or not all(getattr(trace, field).size for trace in pilot.traces):
        return None
    others = (replace(trace, confusion=getattr(trace, field), costed=nothing()) for trace in pilot.traces)
    return replace(pilot, traces=tuple(others))


def worst_cost(pilot: Pilot) -> float:
    """Cost of the dearest mistake."""
    return float(costs_of(pilot.settings.costs, pilot.facts.classes).max())


def positive_class(facts: Facts, name: str) -> int:
    """The code of a class, of the rarest one without a name. Raises UnknownChoice."""
    if not name:
        return int(np.argmin(facts.counts))
    if name not in facts.classes:
        raise unknown("class", name, facts.classes)
    return facts.classes.index(name)


def metrics_for(facts: Facts) -> tuple[str, ...]:
    """The metrics that a sample can be judged by."""
    return tuple(name for name, one in METRICS.items() if one.facts["needs"] != "groups" or facts.groups)


def pooled(of_folds: Outcome, repeats: int) -> Outcome:
    """The folds of each repeat taken together, leading shape (repeats, K): every labeled row tested once."""

    def together(values: np.ndarray, mean: bool) -> np.ndarray:
        if not values.size:
            return values
        by_repeat = values.reshape(repeats, -1, *values.shape[1:])
        return np.asarray(by_repeat.mean(axis=1) if mean else by_repeat.sum(axis=1))

    return replace(
        of_folds,
        confusion=together(of_folds.confusion, mean=False),
        log_loss=together(of_folds.log_loss, mean=True),
        auc=together(of_folds.auc, mean=True),
        by_group=together(of_folds.by_group, mean=False),
    )


def repeats_variance(folds: np.ndarray) -> np.ndarray:
    """Variance of the mean over folds that comes from which rows trained, (K,)."""
    if len(folds) < 2:
        return np.zeros(folds.shape[1])
    centred = folds - folds.mean(axis=1, keepdims=True)
    return np.asarray(centred.var(axis=0, ddof=1) / len(folds))


def level_sd(of_folds: Outcome, metric: str, n: int) -> np.ndarray:
    """Standard deviation of the score from having tested on n rows only, (K,).

    Binomial for accuracy; the spread between folds for what is no count; for other metrics by resampling the counts.
    """
    score = METRICS[metric].call
    all_folds = pooled(of_folds, 1)
    if metric == "accuracy":
        right = score(all_folds)[0]
        return np.asarray(np.sqrt(np.maximum(right * (1 - right), 1 / n) / n))
    if metric in OF_NO_COUNTS:
        folds = score(of_folds)
        return np.asarray(folds.std(axis=0, ddof=min(1, len(folds) - 1)) / np.sqrt(len(folds)))
    groups = METRICS[metric].facts["needs"] == "groups"
    counts = (all_folds.by_group if groups else all_folds.confusion)[0]  # (K, G, C, C) or (K, C, C)
    rng = np.random.default_rng(0)  # a fixed stream: the same pilot always has the same band
    shares = counts.reshape(len(counts), -1) / counts[0].sum()
    resampled = np.array([rng.multinomial(n, share, size=200) for share in shares])  # (K, 200, cells)
    resampled = resampled.reshape(*resampled.shape[:2], *counts.shape[1:])
    again = replace(all_folds, by_group=resampled) if groups else replace(all_folds, confusion=resampled)
    return np.asarray(score(again).std(axis=1))


def constant_score(pilot: Pilot, metric: str, positive: str = "") -> float:
    """Score of always predicting the largest class, with the shares of the classes as probabilities."""
    facts = pilot.facts
    largest = int(np.argmax(facts.counts))
    guessed = np.zeros((len(facts.groups) + 1, *2 * (len(facts.counts),)))
    guessed[:, :, largest] = np.vstack([facts.counts, *facts.group_counts])
    shares = facts.counts[facts.counts > 0] / facts.counts.sum()
    entropy = -(shares * np.log(shares)).sum()
    constant = replace(
        outcome(pilot, (), metric, positive),
        confusion=guessed[0],
        log_loss=entropy,
        auc=np.array(0.5),
        by_group=guessed[1:],
    )
    return float(METRICS[metric].call(constant))


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
