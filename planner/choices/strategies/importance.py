"""Doubt in the features that the model goes by."""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import issparse

from planner.choices.strategies.distances import distance_to_labeled, distances_of
from planner.choices.strategies.pool import STRATEGIES, Pool
from planner.choices.strategies.uncertainty import margin_score


def importances(model: Any, width: int) -> np.ndarray:
    """How much each feature counts in a fitted model, mean 1, (width,); 1 each where the model does not say."""
    if hasattr(model, "coef_"):
        found = np.abs(np.atleast_2d(np.asarray(model.coef_, dtype=float))).mean(axis=0)
    else:
        found = np.asarray(getattr(model, "feature_importances_", np.ones(width)), dtype=float)
    return found / found.mean() if found.shape == (width,) and found.sum() > 0 else np.ones(width)


@STRATEGIES.register(
    "importance_weighted",
    "Doubtful and new where it counts",
    source="after Settles, Craven 2008; distances weighted by the model",
    adaptive=True,
    needs="model",
    when="Tables with many columns of which few matter.",
)
def importance_weighted(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items the model doubts that are unlike everything labeled or picked in the features it goes by.

    One after the other: the largest margin score times distance to the nearest labeled or picked row, each feature
    multiplied by its importance: the mean |coefficient| over classes of a linear model, the impurity importance of
    trees, 1 for models that give neither.
    """
    weights = importances(pool.model, pool.X.shape[1])
    shuffled = rng.permutation(len(pool.candidates))  # the first of equals is a random one of them
    X = _weighted(pool.X[pool.candidates[shuffled]], weights)
    known = replace(pool, X=_weighted(pool.X[pool.labeled], weights), labeled=np.arange(len(pool.labeled)))
    doubt, distances = margin_score(pool.probabilities())[shuffled], distances_of(X)
    nearest = distance_to_labeled(known, X)
    nearest[np.isinf(nearest)] = 1.0  # nothing is labeled: doubt comes first
    picks = np.empty(min(n, len(shuffled)), dtype=int)
    free = np.ones(len(shuffled), dtype=bool)
    for position in range(len(picks)):
        picks[position] = pick = int(np.where(free, doubt * np.sqrt(nearest), -1).argmax())
        free[pick] = False
        np.minimum(nearest, distances(pick), out=nearest)
    return shuffled[picks]


def _weighted(rows: Any, weights: np.ndarray) -> Any:
    """Rows that were copied out of the pool, each column multiplied by its weight."""
    if issparse(rows):
        return rows.multiply(weights).tocsr()
    rows *= weights
    return rows
