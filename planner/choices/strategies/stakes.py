"""Doubt that counts what is at stake: what a mistake costs, and whom it hits."""

import numpy as np

from planner.choices.strategies.pool import STRATEGIES, Pool, top
from planner.choices.strategies.uncertainty import least_confidence_score, margin_score


def cost_margin_score(probabilities: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """-(second least - least) of the expected costs P C of the answers, (n,); costs[i, j] of answer j when it is i."""
    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities))
    two = np.partition(probabilities @ costs, 1, axis=1)[:, :2]
    return np.asarray(two[:, 0] - two[:, 1])


@STRATEGIES.register(
    "cost_sensitive",
    "Dear mistakes",
    source="after Margineantu 2005",
    adaptive=True,
    needs="probabilities",
    same_as={"equal_costs": "margin"},
    when="Some mistakes cost much more than others, and you have said what each costs.",
)
def cost_sensitive(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items where the two cheapest answers cost nearly the same, by the costs of mistakes in the settings.

    The least difference between the two smallest expected costs, sum_i p_i cost(i, answer). When every mistake costs
    the same it is the smallest margin exactly, and its runs are shared.
    """
    P = pool.probabilities()
    costs = 1 - np.eye(P.shape[1]) if pool.costs is None else pool.costs
    return top(cost_margin_score(P, costs), n, rng)


@STRATEGIES.register(
    "worst_group",
    "Groups that fare worst",
    source="after Abernethy and others 2022",
    adaptive=True,
    needs="probabilities",
    same_as={"no_groups": "margin"},
    when="A group column is named, and the group served worst matters beside the average.",
)
def worst_group(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Half the batch where the model doubts most, half from the groups in which it expects most errors.

    The expected error of a group is the mean of 1 - P(most likely class) over its candidates. The second half is
    shared in proportion to how far that lies above the lowest of any group, and within a group goes to the smallest
    margins. Without a group column it is the smallest margin exactly, and its runs are shared.
    """
    P = pool.probabilities()
    ranked = top(margin_score(P), len(P), rng)
    group = pool.groups[pool.candidates[ranked]] if len(pool.groups) else np.zeros(len(ranked), dtype=int)
    for_all = n - n // 2
    extra = _shared_out(n // 2, _excess(group, least_confidence_score(P)[ranked]))
    taken = np.arange(len(ranked)) < for_all
    for one in np.flatnonzero(extra):
        taken[np.flatnonzero((group == one) & ~taken)[: extra[one]]] = True
    missing = min(n, len(ranked)) - int(taken.sum())  # of groups that have fewer items left than their share
    taken[np.flatnonzero(~taken)[:missing]] = True
    return np.asarray(ranked[taken])


def _excess(group: np.ndarray, error: np.ndarray) -> np.ndarray:
    """How far the mean error of each group lies above the lowest, (G,); 0 for a group without a row."""
    counts = np.bincount(group)
    means = np.bincount(group, weights=error) / np.maximum(counts, 1)
    return np.asarray(np.where(counts > 0, means - means[counts > 0].min(), 0.0))


def _shared_out(n: int, shares: np.ndarray) -> np.ndarray:
    """n in whole parts by these shares, the largest remainders first, (G,); nothing when no share is above 0."""
    if shares.sum() <= 0:
        return np.zeros(len(shares), dtype=int)
    exact = n * shares / shares.sum()
    parts: np.ndarray = np.floor(exact).astype(int)
    parts[np.argsort(parts - exact, kind="stable")[: n - parts.sum()]] += 1
    return parts
