"""The chance that the next batch pays: what the draws say of it, what was true, and what is learned from the two."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.forecast.crossings import at_labels

if TYPE_CHECKING:
    from forecast_learning import Forecasted

PRICES = (1e4, 3e4, 1e5, 3e5, 1e6)  # K: labels that all of the score is worth
STRATEGY = "margin"
STEPS = 2  # of the walk: labels grow by 1.59
SURE = 4.0  # a share of the draws counts as at most this many nats from even
ROUNDS = 50


def chances(one: "Forecasted") -> Iterator[tuple[float, bool]]:
    """(share of the draws in which the next batch pays, whether it truly paid) at every price."""
    curve = one.case.active[STRATEGY]
    step = min(STEPS, len(curve.labels) - 1)
    bought, gained = curve.labels[step] - curve.labels[0], curve.scores[step] - curve.scores[0]
    scores = one.carried.scores[STRATEGY]
    ends = at_labels(scores, one.budgets, np.repeat(curve.labels[None, [0, step]], len(scores), axis=0))
    for price in PRICES:
        yield float((price * (ends[:, 1] - ends[:, 0]) > bought).mean()), bool(price * gained > bought)


def surety(found: Sequence["Forecasted"]) -> list[float]:
    """[level, slope] of the logit of the truth on that of the draws; every data set counts the same."""
    studied = [one for one in found if STRATEGY in one.case.active]
    pairs = [(one.case.group, *pair) for one in studied for pair in chances(one)]
    often = Counter(group for group, _, _ in pairs)
    weight = np.array([len(PRICES) / often[group] for group, _, _ in pairs])
    return logit_line(np.array([share for _, share, _ in pairs]), np.array([true for *_, true in pairs]), weight)


def logit_line(shares: np.ndarray, true: np.ndarray, weight: np.ndarray) -> list[float]:
    """[level, slope] by Newton's method, with a little ridge: as if one data set said level 0 and slope 1."""
    x = np.clip(np.log((shares + 1e-9) / (1 - shares + 1e-9)), -SURE, SURE)
    X, b, prior = np.c_[np.ones(len(x)), x], np.array([0.0, 1.0]), np.array([0.0, 1.0])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-X @ b))
        bent = X.T @ ((weight * p * (1 - p))[:, None] * X) + np.eye(2)
        b = b - np.linalg.solve(bent, X.T @ (weight * (p - true)) + (b - prior))
    return [float(one) for one in b]
