"""Where the rules that watch a model would have stopped in the pilot, what the score was there, and what that cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.choices.stopping import WATCH_RULES, Watched, first_stop
from planner.economics.costs import fixed_cost, label_cost, labels_cost
from planner.economics.figures import Figures
from planner.pilot.trace import Trace

# Labels that a score of 1.0 is worth, K = 100 v / c, at which one rule takes over from another: least regret over eight
# published data sets with linear, forest and neural models (Pullar-Strecker, Dost, Frank, Wicker 2022).
STOP_AT_ONCE, ONE_RULE, BOTH_RULES = 1e3, 1e5, 3e5


@dataclass(frozen=True)
class ReplayedStop:
    """One rule over the runs of the pilot."""

    rule: str  # a name of choices.stopping.WATCH_RULES
    title: str
    summary: str
    fired: int  # runs in which it said stop before all was labeled
    runs: int
    low: float | None  # labels at its earliest stop
    middle: float | None  # and at its median one
    high: float | None
    score: float | None  # 0-1, of the mean curve where it stopped, median over the runs in which it did
    regret: float | None  # currency: what the median run lost against the best stop in hindsight; None unvalued
    why: str  # why it never fired, or cannot be told; empty otherwise


def worth_in_labels(figures: Figures) -> float | None:
    """K = 100 v / c: chosen labels that a score of 1.0 is worth; None without a value per point or a price."""
    price = label_cost(figures.assumptions, adaptive=True)
    return None if figures.point is None or price <= 0 else 100 * figures.point / price


def replay_stops(figures: Figures, strategy: str) -> tuple[ReplayedStop, ...]:
    """Every rule on a strategy's runs in the full training pool; () without a pilot.

    Runs that never stop label their whole pool. The best stop in hindsight and all regrets are read off the mean
    curve, so that the luck of one fold is no regret: the labels' price plus what the missing score is worth.
    """
    measured = figures.forecast.measured.get(strategy)
    if measured is None:
        return ()
    traces = figures.forecast.pilot.traces_of(strategy)
    lost = None
    if figures.point is not None:
        spent = np.asarray(labels_cost(figures.assumptions, measured.labels, adaptive=True))
        total = spent - figures.valuation.worth(measured.mean)
        lost = total - total.min()
    return tuple(
        _replayed(rule, _watched(figures, traces, measured.folds), measured.mean, lost) for rule in WATCH_RULES
    )


def _watched(figures: Figures, traces: Sequence[Trace], folds: np.ndarray) -> tuple[Watched, ...]:
    asked = figures.assumptions
    worth, once = worth_in_labels(figures), fixed_cost(asked) + asked.setup_cost
    return tuple(
        Watched(
            trace.anchors.astype(float), score, trace.kappa, trace.pool_entropy, trace.changed, trace.delta_f,
            trace.confidence, np.append(trace.batch_entropy, 1.0) if trace.changed.size else trace.batch_entropy,
            asked.target, worth, once + np.asarray(labels_cost(asked, trace.anchors.astype(float), adaptive=True)),
            asked.budget,
        )
        for trace, score in zip(traces, folds, strict=True)
    )  # fmt: skip


def _replayed(rule: str, runs: Sequence[Watched], mean: np.ndarray, lost: np.ndarray | None) -> ReplayedStop:
    chosen, end = WATCH_RULES[rule], len(mean) - 1
    missing = _missing(rule, runs)
    if missing:
        return ReplayedStop(rule, chosen.title, chosen.summary, 0, len(runs), None, None, None, None, None, missing)
    found = [first_stop(rule, one) for one in runs]
    stops = np.array([at for at in found if at is not None and at < end], dtype=int)
    regret = None
    if lost is not None:
        regret = float(np.median([lost[end if at is None else at] for at in found]))
    if not len(stops):
        why = "It never said stop before everything was labeled."
        return ReplayedStop(rule, chosen.title, chosen.summary, 0, len(runs), None, None, None, None, regret, why)
    labels = np.sort(runs[0].labels[stops])
    middle = float(labels[(len(labels) - 1) // 2])
    score = float(np.median(mean[stops]))
    return ReplayedStop(
        rule, chosen.title, chosen.summary, len(stops), len(runs), float(labels[0]), middle, float(labels[-1]), score,
        regret, "",
    )  # fmt: skip


def _missing(rule: str, runs: Sequence[Watched]) -> str:
    """Why a rule cannot be replayed; empty where it can."""
    if getattr(runs[0], WATCH_RULES[rule].facts["needs"]).size == 0:
        return "The pilot was stored by a version that did not keep this. Run it again."
    if rule == "budget" and runs[0].budget is None:
        return "No budget cap was given."
    if rule == "target" and runs[0].target is None:
        return "No target was typed."
    if rule == "marginal_value" and runs[0].labels_per_unit is None:
        return "A better score has no price yet."
    return ""


def advised_rules(worth: float | None) -> tuple[str, ...]:
    """The rules that lost least where a score of 1.0 is worth so many labels; with two, the later one counts."""
    if worth is None or worth < STOP_AT_ONCE:
        return ()
    if worth < ONE_RULE:
        return ("stabilizing_predictions",)
    return ("stabilizing_predictions", "overall_uncertainty") if worth <= BOTH_RULES else ("overall_uncertainty",)
