"""What following the forecast costs: labels bought plus K times the score lost, beside simple rules and the best stop.

The walk is the true one, re-ranked each time the labels have grown by a quarter; a rule may stop at those steps only,
so nothing is interpolated. Score is lost against the best on the walk. A rule that looks again after every round weighs
its draws by how many predictions the round changed, which says how much the score has moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from forecast_cases import Case, by_data_set
from forecast_chances import PRICES, STRATEGY
from forecast_learning import Forecasted

from planner.forecast.crossings import at_labels

TEMPER = 0.3  # rounds of one walk repeat one another: of each, three tenths count as news


@dataclass(frozen=True)
class Moved:
    """What a share of changed predictions says of the gain of a round: slope x share, sd base + more x share."""

    slope: float
    base: float
    more: float


@dataclass(frozen=True, eq=False)
class Walk:
    """A case as a rule meets it."""

    labels: np.ndarray  # (K,) owned at each step, the last everything
    scores: np.ndarray  # (K,) true scores
    changed: np.ndarray  # (K-1,) share of predictions each round changed
    draws: np.ndarray  # (D, K) forecast scores at the steps

    def total(self, step: int, price: float) -> float:
        """Labels bought by a step plus what the score still short of the best is worth."""
        return float(self.labels[step] - self.labels[0] + price * (self.scores.max() - self.scores[step]))


def walk_of(one: Forecasted, strategy: str = STRATEGY) -> Walk:
    """The walk of a case and its forecast there."""
    curve = one.case.active[strategy]
    return Walk(curve.labels, curve.scores, one.case.changed[strategy], drawn_at(one, strategy, curve.labels))


def drawn_at(one: Forecasted, strategy: str, labels: np.ndarray) -> np.ndarray:
    """Forecast scores of a strategy at labels (K,), (D, K)."""
    scores = one.carried.scores[strategy]
    return at_labels(scores, one.budgets, np.repeat(labels[None], len(scores), axis=0))


def moved(cases: Sequence[Case], strategy: str = STRATEGY) -> Moved:
    """Learned from the rounds of cases: how far the score moves with the share of predictions that change."""
    shares, gains, weights = [], [], []
    for case in cases:
        curve = case.active[strategy]
        shares.append(case.changed[strategy][:-1])
        gains.append(np.diff(curve.scores)[:-1])
        weights.append(np.full(len(shares[-1]), 1 / max(len(shares[-1]), 1)))
    x, y, w = np.concatenate(shares), np.concatenate(gains), np.concatenate(weights)
    slope = float((w * x * y).sum() / (w * x * x).sum())
    left = np.abs(y - slope * x) * np.sqrt(np.pi / 2)  # mean |normal| is sd sqrt(2 / pi)
    more, base = np.linalg.lstsq(np.sqrt(w)[:, None] * np.c_[x, np.ones(len(x))], np.sqrt(w) * left, rcond=None)[0]
    return Moved(slope, max(float(base), 0.001), max(float(more), 0.0))


def once(walk: Walk, price: float) -> int:
    """Buy what the forecast at the sample says, and stop."""
    return int((price * walk.draws - walk.labels).mean(axis=0).argmax())


def in_rounds(walk: Walk, price: float, known: Moved) -> int:
    """Buy a step at a time while any further purchase pays in the mean of the draws, weighed by what was seen."""
    weight = np.zeros(len(walk.draws))
    for step in range(len(walk.labels) - 1):
        if step:
            share = walk.changed[step - 1]
            sd = known.base + known.more * share
            gained = walk.draws[:, step] - walk.draws[:, step - 1]
            weight -= TEMPER * 0.5 * ((known.slope * share - gained) / sd) ** 2
        chance = np.exp(weight - weight.max())
        net = chance @ (price * (walk.draws - walk.draws[:, [step]])) / chance.sum() - (walk.labels - walk.labels[step])
        if net[step + 1 :].max() <= 0:
            return step
    return len(walk.labels) - 1


def fixed(walks: Sequence[Walk], weights: np.ndarray, price: float) -> float:
    """The one purchase that does best over other data sets."""
    amounts = np.array([0, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12_000])
    totals = [weights @ [walk.total(_step(walk, amount), price) for walk in walks] for amount in amounts]
    return float(amounts[int(np.argmin(totals))])


def _step(walk: Walk, amount: float) -> int:
    return int(np.abs(walk.labels - walk.labels[0] - amount).argmin())


def totals(found: Sequence[Forecasted], price: float) -> dict[str, np.ndarray]:
    """{rule: (cases,) total} of cases of one size; what rules learn comes from other data sets."""
    walks = [walk_of(one) for one in found]
    groups = np.array([one.case.group for one in found])
    stops: dict[str, list[int]] = {
        name: [] for name in ("forecast, once", "forecast, in rounds", "best fixed purchase")
    }
    for walk, group in zip(walks, groups, strict=True):
        others = np.flatnonzero(groups != group)
        known = moved([found[k].case for k in others])
        weights = np.array([1 / (groups == groups[k]).sum() for k in others])
        stops["forecast, once"].append(once(walk, price))
        stops["forecast, in rounds"].append(in_rounds(walk, price, known))
        stops["best fixed purchase"].append(_step(walk, fixed([walks[k] for k in others], weights, price)))
    rules = {
        name: [walk.total(step, price) for walk, step in zip(walks, some, strict=True)] for name, some in stops.items()
    }
    rules["label everything"] = [walk.total(len(walk.labels) - 1, price) for walk in walks]
    rules["stop now"] = [walk.total(0, price) for walk in walks]
    rules["best stop in hindsight"] = [min(walk.total(k, price) for k in range(len(walk.labels))) for walk in walks]
    return {name: np.array(some) for name, some in rules.items()}


def policy_table(found: Sequence[Forecasted]) -> str:
    """Mean totals by rule and price."""
    lines = [f"{'labels + K x score lost':24}" + "".join(f"{f'K={price:,.0f}':>16}" for price in PRICES)]
    by_price = {price: totals(found, price) for price in PRICES}
    cases = [one.case for one in found]
    best = {price: by_data_set(by_price[price]["best stop in hindsight"], cases) for price in PRICES}
    for rule in by_price[PRICES[0]]:
        means = {price: by_data_set(by_price[price][rule], cases) for price in PRICES}
        cells = [f"{means[price]:,.0f} ({means[price] / max(best[price], 1):.2f})" for price in PRICES]
        lines.append(f"{rule:24}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)
