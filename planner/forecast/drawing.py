"""Draws of the score at every budget: the random curve carried on, and each strategy by its exchange rate."""

from dataclasses import dataclass

import numpy as np

from planner.forecast.basis import Basis
from planner.forecast.crossings import at_labels, first_crossing
from planner.forecast.curves import CURVES, Drawn
from planner.forecast.exchange import exchange_draws
from planner.forecast.learned import WIDER, Width
from planner.forecast.replayed import IN_TEN
from planner.results import Result

BUDGETS = 160


@dataclass(frozen=True, eq=False)
class Carried(Result):
    """A basis carried to a pool: D draws at B budgets, all from one set of draws."""

    curve: Drawn  # of the error of random labeling, as fitted
    scores: dict[str, np.ndarray]  # {strategy: (D, B)} 0-1, non-decreasing along B
    exchange: dict[str, np.ndarray]  # {strategy: (D,)} random labels one chosen label is worth; random is all ones


def carry(basis: Basis, budgets: np.ndarray, curve: str, draws: int, rng: np.random.Generator) -> Carried:
    """Draw the score of every strategy at `budgets` (B,), from n to N."""
    random = basis.random
    fitted = CURVES[curve].call(random.labels, 1 - random.folds, basis.family, basis.learned, draws, rng)
    at_random = _random_scores(basis, fitted, budgets, curve, rng)
    exchange = exchange_draws(basis, rng.standard_normal(draws))
    scores = {name: active_scores(at_random, budgets, basis.labeled, exchange[name]) for name in basis.measured}
    return Carried(fitted, scores, exchange)


def budget_grid(n: int, N: int) -> np.ndarray:
    """Training labels in all at which everything is forecast, (B,): n, then purchases growing evenly in ratio to N."""
    if n == N:
        return np.array([n], dtype=float)
    first = min(10, N - n)
    return np.unique(np.concatenate([[n], n + np.round(np.geomspace(first, N - n, BUDGETS))])).astype(float)


def active_scores(random: np.ndarray, budgets: np.ndarray, n: int, exchange: np.ndarray) -> np.ndarray:
    """Score draws (D, B) when each label bought is worth `exchange` (D,) random ones; flat beyond the pool."""
    reached = np.minimum(n + exchange[:, None] * (budgets - n)[None, :], budgets[-1])
    reached[:, -1] = budgets[-1]  # with everything labeled it no longer matters who chose
    return at_labels(random, budgets, reached)


def _random_scores(basis: Basis, curve: Drawn, budgets: np.ndarray, name: str, rng: np.random.Generator) -> np.ndarray:
    """Score draws of random labeling, (D, B), stretched about their median to the range that held on other data.

    The stretch grows from none at the sample (where the range is the test's own) to the full one at the pool.
    """
    n = basis.labeled
    level = rng.standard_normal(len(curve.level)) * basis.level_sd
    scores = 1 - (curve.error(budgets) + level[:, None])
    scores = lifted(basis, scores)
    low, median, high = np.quantile(scores, [0.1, 0.5, 0.9], axis=0)
    sd = np.maximum((high - low) / (2 * IN_TEN), 1e-6)
    far = np.log(budgets / n) / np.log(budgets[-1] / n) if len(budgets) > 1 else np.zeros(1)
    stretch = 1 + far * (basis.learned.score.at(n, basis.family).half(sd) / (IN_TEN * sd) - 1)
    studied = basis.calibrated["random"] and CURVES[name].facts["calibrated"]
    scores = median + (scores - median) * np.maximum(stretch, 1e-3) * (1.0 if studied else WIDER)
    return np.asarray(np.clip(np.maximum.accumulate(scores, axis=1), 0, 1))


def lifted(basis: Basis, scores: np.ndarray) -> np.ndarray:
    """Scores (D, B) with what is gained beyond the first budget lifted by what curves of the kind had more to give."""
    factor = basis.learned.lift.factor(basis.kind, basis.labeled, basis.error)
    return np.asarray(scores[:, :1] + factor * (scores - scores[:, :1]))


def crossings(scores: np.ndarray, budgets: np.ndarray, short: float) -> np.ndarray:
    """Labels to buy at which each draw of scores (D, B) comes within `short` of its own score with everything, (D,)."""
    return np.asarray(first_crossing(scores, budgets, scores[:, -1] - short) - budgets[0])


def labels_within(
    scores: np.ndarray, budgets: np.ndarray, short: float, width: Width, wider: float = 1.0
) -> tuple[float, float, float]:
    """Labels to buy to come within `short` of everything labeled: the middle and an 80% range, as (low, middle, high).

    The middle is where the median curve (of scores (D, B)) crosses the median of the score with everything less
    `short`, so that the curve on screen crosses the printed target at the printed labels. The range, on ln(x + 100) of
    the crossings draw by draw, is the one that held on other data sets.
    """
    n, most = budgets[0], float(budgets[-1] - budgets[0])
    target = max(0.0, float(np.median(scores[:, -1])) - short)
    middle = max(float(first_crossing(np.median(scores, axis=0)[None], budgets, target)[0] - n), 0.0)
    draws = np.maximum(crossings(scores, budgets, short), 0)
    low, high = np.quantile(np.log(draws + 100), [0.1, 0.9])
    half = wider * float(width.half((high - low) / (2 * IN_TEN)))
    low, high = ((middle + 100) * np.exp(sign * half) - 100 for sign in (-1, 1))
    return float(min(max(low, 0.0), most)), middle, float(min(high, most))
