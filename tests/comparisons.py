"""Replays made by hand: curves of several strategies over the same folds, with noise that is known."""

from collections.abc import Sequence

import numpy as np

from planner.forecast.replayed import Measured

LABELS = np.array([50.0, 100, 200, 400, 800])
REPEATS, FOLDS = 2, 5


def measured(folds: np.ndarray, labels: np.ndarray = LABELS, repeats: int = REPEATS) -> Measured:
    """Scores (R x F, K) as a Measured."""
    mean = folds.mean(axis=0)
    by_repeat = folds.reshape(repeats, -1, folds.shape[1]).mean(axis=1)
    return Measured(labels, mean, mean, mean, by_repeat, folds)


def curve(labels: np.ndarray = LABELS) -> np.ndarray:
    """Random labeling without luck: 0.95 - 0.9 labels^-0.4."""
    return 0.95 - 0.9 * np.asarray(labels) ** -0.4


def replays(gains: dict[str, float], noise: float = 0.004, seed: int = 0) -> dict[str, Measured]:
    """Random labeling and strategies that are ahead by known gains, each fold with its own luck."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.02, (REPEATS * FOLDS, 1))
    return {
        name: measured(curve() + shared + gain + rng.normal(0, noise, (REPEATS * FOLDS, 1)))
        for name, gain in {"random": 0.0, **gains}.items()
    }


def flat(levels: Sequence[float]) -> Measured:
    """Folds whose curves are level lines."""
    return measured(np.repeat(np.array(levels)[:, None], len(LABELS), axis=1))
