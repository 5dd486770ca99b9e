"""What is measured on predictions: confusion counts, area under the ROC curve, agreement."""

import numpy as np

from planner.choices.strategies.beliefs import highest

# Ends of the bins of the largest probability: narrow where a bar for automation may stand.
BARS = np.array([0, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.98, 0.99,
                 0.995, 0.999, 1])  # fmt: skip
THOUSANDTHS = np.searchsorted(BARS[1:-1], np.arange(1001) / 1000, side="right")  # bins: every bar is a thousandth
ENDS = np.append(BARS[1:-1], np.inf)


def confusion_counts(truth: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Rows by true class and predicted class, (C, C)."""
    return np.bincount(truth * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


def amounts_by(truth: np.ndarray, predicted: np.ndarray, amounts: np.ndarray, n_classes: int) -> np.ndarray:
    """What is at stake with rows by true class and predicted class, (C, C)."""
    cells = np.bincount(truth * n_classes + predicted, weights=amounts, minlength=n_classes**2)
    return cells.reshape(n_classes, n_classes)


def significant(amounts: np.ndarray, digits: int = 4) -> np.ndarray:
    """Amounts from 0 up, rounded to so many significant digits."""
    step = 10.0 ** (np.floor(np.log10(np.where(amounts > 0, amounts, 1.0))) - digits + 1)
    return np.asarray(np.round(np.round(amounts / step) * step, 12))


def confidence_counts(truth: np.ndarray, predicted: np.ndarray, P: np.ndarray) -> np.ndarray:
    """Rows by true class, by largest probability in bins that end at BARS, and wrong or right, (C, bins, 2)."""
    shape = (P.shape[1], len(BARS) - 1, 2)
    cells = (truth * shape[1] + _bins(highest(P))) * 2 + (predicted == truth)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def _bins(p: np.ndarray) -> np.ndarray:
    """The bin of BARS each probability is in; a search for each takes several times as long."""
    found = THOUSANDTHS.take((p * 1000 - 1e-6).astype(int), mode="clip")  # or one less, where p is a bar
    return np.asarray(found + (p >= ENDS[found]))


def area_under_curve(truth: np.ndarray, P: np.ndarray) -> float:
    """One-against-rest area under the ROC curve, mean over the classes that `truth` holds; .5 if it holds one only."""
    counts = np.bincount(truth)
    present = np.flatnonzero(counts)
    if len(present) < 2:
        return 0.5
    is_class, ours = present[:, None] == truth, counts[present]
    # Bits of floats from 0 up are in the order of the floats, singles are sorted twice as quickly as doubles, and the
    # highest bit is free for a shift: beside the value, the lowest says whether a row is of the class.
    keys = np.ascontiguousarray(P.T[present], dtype=np.float32).view(np.int32)
    keys <<= 1
    keys |= is_class
    keys.sort(axis=1)
    places = (keys & 1) @ np.arange(len(truth), dtype=float)
    areas = (places - ours * (ours - 1) / 2) / (ours * (len(truth) - ours))
    for doubtful in np.flatnonzero(((keys[:, 1:] ^ keys[:, :-1]) == 1).any(axis=1)):  # a class meets another's value
        areas[doubtful] = _area(P[:, present[doubtful]], is_class[doubtful])
    return float(areas.mean())


def _area(column: np.ndarray, is_class: np.ndarray) -> float:
    """Chance that a row of the class has more than another; half a row counts where two are equal."""
    ours, others = np.sort(column[is_class]), np.sort(column[~is_class])
    below, to = others.searchsorted(ours, "left"), others.searchsorted(ours, "right")
    return float((below + to).sum()) / 2 / (len(ours) * len(others))


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


def f_change(before: np.ndarray, after: np.ndarray, n_classes: int, positive: int) -> float:
    """1 - F of one round's predictions against those of the round before; 0 when they are equal.

    Of the positive class where there are two: a rows both call positive, b and c only one does, 1 - 2a / (2a + b + c).
    With more classes the mean over those that either round names. Source: Altschuler, Bloodgood 2019.
    """
    both = confusion_counts(before, after, n_classes)
    named = both.sum(axis=0) + both.sum(axis=1)  # 2a + b + c of each class
    of = np.array([positive]) if n_classes == 2 else np.flatnonzero(named)
    agreed = 2 * both.diagonal()[of]
    # Where neither round names the positive class nothing has changed; 0/0 would say nothing.
    return float(1 - np.where(named[of] > 0, agreed / np.maximum(named[of], 1), 1.0).mean())
