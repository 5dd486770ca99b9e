"""Curves read both ways: the score at a number of labels, and the labels at a score."""

import numpy as np


def at_labels(scores: np.ndarray, budgets: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Scores (D, L), never falling, read at labels (D, L), linear between budgets in log labels."""
    if len(budgets) == 1:
        return np.repeat(scores, labels.shape[1], axis=1)
    logs, wanted = np.log(budgets), np.log(np.clip(labels, budgets[0], budgets[-1]))
    right = np.clip(np.searchsorted(logs, wanted), 1, len(logs) - 1)
    share = (wanted - logs[right - 1]) / (logs[right] - logs[right - 1])
    rows = np.arange(len(scores))[:, None]
    low, high = scores[rows, right - 1], scores[rows, right]
    return np.asarray(np.clip(low * (1 - share) + high * share, low, high))  # or rounding lets a flat stretch fall


def first_crossing(scores: np.ndarray, budgets: np.ndarray, score: float | np.ndarray) -> np.ndarray:
    """Labels at which each row of scores (D, B) first reaches `score`, (D,); inf where it never does."""
    wanted = np.broadcast_to(np.asarray(score, dtype=float), len(scores))[:, None]
    reached = scores >= wanted - 1e-12
    first = reached.argmax(axis=1)
    rows = np.arange(len(scores))
    before = np.maximum(first - 1, 0)
    low, high = scores[rows, before], scores[rows, first]
    rise = np.where(high > low, high - low, 1)
    share = np.where(first > 0, np.clip((wanted[:, 0] - low) / rise, 0, 1), 1)
    logs = np.log(budgets)
    crossing = np.exp(logs[before] + share * (logs[first] - logs[before]))
    return np.asarray(np.where(reached.any(axis=1), crossing, np.inf))
