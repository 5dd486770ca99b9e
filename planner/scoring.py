"""What is measured on predictions: confusion counts, area under the ROC curve, agreement."""

import numpy as np
from scipy.stats import rankdata


def confusion_counts(truth: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Rows by true class and predicted class, (C, C)."""
    return np.bincount(truth * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


def area_under_curve(truth: np.ndarray, P: np.ndarray) -> float:
    """One-against-rest area under the ROC curve, mean over the classes that `truth` holds; .5 if it holds one only."""
    present = np.unique(truth)
    if len(present) < 2:
        return 0.5
    ranks = rankdata(P[:, present], axis=0)
    is_class = truth[:, None] == present[None, :]
    positives = is_class.sum(axis=0)
    above = (ranks * is_class).sum(axis=0) - positives * (positives + 1) / 2
    return float((above / (positives * (len(truth) - positives))).mean())


def kappa(before: np.ndarray | None, after: np.ndarray) -> float:
    """Cohen's kappa between two rounds' predictions; 1 when they are equal, 0 without a round before."""
    if before is None:
        return 0.0
    agree = float((before == after).mean())
    size = int(max(before.max(), after.max())) + 1
    by_chance = (
        float((np.bincount(before, minlength=size) * np.bincount(after, minlength=size)).sum()) / len(after) ** 2
    )
    return 1.0 if agree == 1 else (agree - by_chance) / (1 - by_chance)
