"""Stopping rules: when to stop buying, read off the path the plan recommends."""

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
    return None if path.budget is None else _last(path, path.cost - path.cost[0] <= path.budget)


@RULES.register("deadline", "Deadline reached")
def deadline(path: Path) -> float | None:
    """The next labels would come after the deadline."""
    if path.deadline is None or path.weeks is None:
        return None
    return _last(path, path.weeks <= path.deadline)


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


def _last(path: Path, within: np.ndarray) -> float | None:
    """The last purchase within a limit; None when the whole pool is."""
    return None if within.all() else float(path.purchases[max(int(within.sum()) - 1, 0)])
