"""How far the truth itself can be told: what two truths of a task, from some of its draws each, miss each other by.

A draw is another test set, another order of the pool and other picks. The truth that forecasts are held against is a
mean over all draws, and still off by its share of that luck: no forecast can be expected to come nearer than that.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from forecast_cases import Case, by_data_set, read_cases
from forecast_learning import SHORTS
from forecast_tables import WORTH_A_RANGE, times

Miss = Callable[[Case, Case, float], float]


def labels(one: Case, other: Case, short: float) -> float:
    """Doublings between the labels that margin takes."""
    return times(one.to_buy("margin", short), other.to_buy("margin", short))


def of_everything(one: Case, other: Case, short: float) -> float:
    """Points of all labels left between the savings against labeling everything."""
    apart = one.to_buy("margin", short) - other.to_buy("margin", short)
    return 100 * abs(apart) / (one.pool - one.labeled)


def of_random(one: Case, other: Case, short: float) -> float:
    """Points of the labels at random between the savings against them; nothing where those are hardly any."""
    at_random = [case.to_buy("random", short) for case in (one, other)]
    if min(at_random) < WORTH_A_RANGE:
        return float("nan")
    needed = [case.to_buy("margin", short) / many for case, many in zip((one, other), at_random, strict=True)]
    return 100 * abs(needed[0] - needed[1])


MISSES: dict[str, Miss] = {
    "labels by margin to {} points, doublings": labels,
    "saving against everything at {} points, %": of_everything,
    "saving against random at {} points, %": of_random,
}


def halves(jobs: Sequence[dict[str, Any]], metric: str, size: int) -> list[tuple[Case, Case, float]]:
    """(a case by the truth of every other draw, by that of the rest, the share of their difference that is left in the
    truth of all draws) of every task with two draws or more.
    """
    by_task: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for job in sorted(jobs, key=lambda job: job["draw"]):
        by_task[job["name"], job["model"]].append(job)
    found = []
    for some in by_task.values():
        first, rest = some[::2], some[1::2]
        pairs = [[case for case in read_cases(part, metric) if case.labeled == size] for part in (first, rest) if part]
        if len(pairs) == 2 and all(one and "margin" in one[0].active for one in pairs):
            left = np.sqrt((1 / len(some)) / (1 / len(first) + 1 / len(rest)))  # of the sd of a difference of two means
            found.append((pairs[0][0], pairs[1][0], float(left)))
    return found


def floor_lines(jobs: Sequence[dict[str, Any]], metric: str, size: int) -> list[str]:
    """A row a figure: what two truths miss each other by, and what that leaves for the truth of all draws."""
    some = halves(jobs, metric, size)
    cases = [one for one, _, _ in some]
    lines = [f"{'the truth itself':52} {'two halves':>10} {'left in all':>12}"]
    for short in SHORTS:
        for title, miss in MISSES.items():
            apart = [miss(one, other, short) for one, other, _ in some]
            left = [value * share for value, (_, _, share) in zip(apart, some, strict=True)]
            name = title.format(f"{100 * short:g}")
            lines.append(f"{name:52} {by_data_set(apart, cases):10.2f} {by_data_set(left, cases):12.2f}")
    return lines
