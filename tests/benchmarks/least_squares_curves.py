"""Random curves extrapolated by least squares: the methods that the forecast's mixture is held against.

Every family is fitted by variable projection: a grid over its rate and shift, and at each point the floor a >= 0 and
scale b >= 0 of a + b g(n) in closed form. Anchors weigh as their labels. `mixture` is the mean of eight families, each
weighted by the inverse of its squared error when fitted to the first half of the labels and asked about the second.
"""

from collections.abc import Callable

import numpy as np

FAMILIES = ("pow2", "pow3", "pow4", "mmf4", "wbl4", "exp3", "ilog2", "log2")  # names as in the LCDB
EPSILON = 1e-6  # a family that met the second half exactly does not get all of the weight


def basis(family: str, size: float) -> Callable[[np.ndarray], np.ndarray]:
    """g of a family at every point of its grid: labels (K,) to (G, K)."""
    rate, shift = np.geomspace(0.03, 3, 60)[:, None], np.zeros((1, 1))
    if family == "exp3":
        speed = np.geomspace(0.05, 50, 80)[:, None]
        return lambda n: np.exp(-speed * n / size)
    if family == "ilog2":
        return lambda n: 1 / np.log(n)[None]
    if family == "log2":
        return lambda n: -np.log(n)[None]
    if family in ("pow4", "mmf4", "wbl4"):
        rates = np.geomspace(0.05, 5, 45)
        shifts = np.geomspace(4, 8 * size, 16)
        if family == "pow4":
            shifts = np.concatenate([[-24.0, -16.0, -8.0, 0.0], np.geomspace(4, 4 * size, 12)])
        rate, shift = (part.ravel()[:, None] for part in np.meshgrid(rates, shifts))
    if family == "mmf4":
        return lambda n: 1 / (1 + (n / shift) ** rate)
    if family == "wbl4":
        return lambda n: np.exp(-((n / shift) ** rate))
    return lambda n: ((n + shift) / (size + shift)) ** -rate


def fit(family: str, labels: np.ndarray, errors: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Errors at `ahead` (H,) from errors (K,) at `labels` (K,)."""
    g = basis(family, labels[-1])
    at, w = g(labels), labels / labels[-1]
    sum_w, sum_g, sum_gg = w.sum(), at @ w, (at**2) @ w
    sum_e, sum_ge = w @ errors, at @ (w * errors)
    through_zero = np.maximum(sum_ge / np.maximum(sum_gg, 1e-300), 0)
    determinant = sum_w * sum_gg - sum_g**2
    scale = (sum_w * sum_ge - sum_g * sum_e) / np.where(determinant > 1e-14 * sum_w * sum_gg, determinant, np.inf)
    floor = (sum_e - scale * sum_g) / sum_w
    below = (floor < 0) | (family == "pow2")
    floor, scale = np.where(below, 0, floor), np.where(below, through_zero, scale)
    rising = scale <= 0
    floor, scale = np.where(rising, max(sum_e / sum_w, 0), floor), np.where(rising, 0, scale)
    best = int((((errors - floor[:, None] - scale[:, None] * at) ** 2) @ w).argmin())
    return np.asarray(np.clip(floor[best] + scale[best] * g(ahead)[best], 0, 1))


def every(labels: np.ndarray, errors: np.ndarray, ahead: np.ndarray) -> dict[str, np.ndarray]:
    """Errors at `ahead` (H,) by last value, each family, and their back-test weighted mixture."""
    found = {family: fit(family, labels, errors, ahead) for family in FAMILIES}
    seen = labels <= labels[-1] / 2
    weights = {}
    for family in FAMILIES:
        missed = fit(family, labels[seen], errors[seen], labels[~seen]) - errors[~seen]
        weights[family] = 1 / (float((missed**2).mean()) + EPSILON)
    total = sum(weights.values())
    found["mixture"] = sum((weights[family] / total * found[family] for family in FAMILIES), np.zeros(len(ahead)))
    return {"last value": np.full(len(ahead), errors[-1]), **found}
