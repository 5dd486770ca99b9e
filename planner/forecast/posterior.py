"""The random learning curve behind noisy anchors: a power law with a prior on its rate, as draws."""

from dataclasses import dataclass

import numpy as np

from planner.results import Result

RATES = np.geomspace(0.03, 2.5, 60)
TEMPER = 0.5  # neighbouring anchors share most of their training rows: half of them counts as news
MISFIT = 0.006  # how far a real curve strays from any power law, in score
WINDOW = 0.2  # anchors below this share of the training pool belong to another regime
SMALLEST = 90  # labels; the first steps from 50 are dominated by which rows came first


@dataclass(frozen=True, eq=False)
class Curve(Result):
    """Draws of error(k) = level + gain ((k / size)^-rate - 1), non-increasing in k."""

    size: int  # labels at which `level` holds: the training pool
    level: np.ndarray  # (D,) error at `size`, 0-1
    gain: np.ndarray  # (D,) error above the asymptote at `size`, at most `level`
    rate: np.ndarray  # (D,)

    def error(self, labels: np.ndarray) -> np.ndarray:
        """Error at each number of labels, (D, B)."""
        steps = (np.asarray(labels, dtype=float)[None, :] / self.size) ** -self.rate[:, None] - 1
        return np.asarray(self.level[:, None] + self.gain[:, None] * steps)


def fit_curve(
    labels: np.ndarray, errors: np.ndarray, prior: tuple[float, float], draws: int, rng: np.random.Generator
) -> Curve:
    """Draws of the power law through the mean of `errors` (F, K) at `labels` (K,).

    `prior` is the mean and sd of ln rate on other data sets. Errors outside [0, 1] are the caller's business. Form:
    Cortes et al. 1994; weights and tempering: chosen on 34 tasks with full-pool truths.
    """
    size = int(labels[-1])
    used = window(labels)
    k, mean, variance = labels[used], errors[:, used].mean(axis=0), (2 * fold_variance(errors) + MISFIT**2)[used]
    level, gain, misfit, covariance = _least_squares(k / size, mean, variance)
    centre, spread = prior
    weight = -0.5 * TEMPER * misfit - 0.5 * ((np.log(RATES) - centre) / spread) ** 2
    chance = np.exp(weight - weight.max())
    picked = rng.choice(len(RATES), draws, p=chance / chance.sum())
    noise = rng.standard_normal((draws, 2, 1))
    shift = (np.linalg.cholesky(covariance / TEMPER)[picked] @ noise)[:, :, 0]
    drawn_level = np.clip(level[picked] + shift[:, 0], 1e-4, 1)
    drawn_gain = np.clip(gain[picked] + shift[:, 1], 1e-4, drawn_level)
    return Curve(size, drawn_level, drawn_gain, RATES[picked])


def window(labels: np.ndarray) -> np.ndarray:
    """Which anchors the curve is fitted to, (K,) bool: the last three at least."""
    used = labels >= max(SMALLEST, WINDOW * labels[-1])
    return np.asarray(used if used.sum() >= 3 else labels >= labels[-min(3, len(labels))])


def fold_variance(errors: np.ndarray) -> np.ndarray:
    """Variance of the mean error at each anchor, (K,), the level of each fold taken out."""
    folds = len(errors)
    centred = errors - errors.mean(axis=1, keepdims=True)
    spread = centred.var(axis=0, ddof=1) if folds > 1 else np.zeros(errors.shape[1])
    return np.asarray(spread / folds)


def _least_squares(share: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weighted fit at every rate: level (G,), gain (G,), sum of squares (G,), covariance (G, 2, 2)."""
    basis = share[None, :] ** -RATES[:, None] - 1  # (G, K)
    w = 1 / variance
    sum_w, sum_g, sum_gg = w.sum(), basis @ w, (basis**2) @ w
    sum_e, sum_ge = (w * mean).sum(), basis @ (w * mean)
    determinant = np.maximum(sum_w * sum_gg - sum_g**2, 1e-12)
    gain = (sum_w * sum_ge - sum_g * sum_e) / determinant
    level = (sum_e - gain * sum_g) / sum_w
    gain = np.clip(gain, 1e-4, np.maximum(level, 1e-4))
    level = np.clip((sum_e - gain * sum_g) / sum_w, 1e-4, 1)
    residual = mean[None, :] - level[:, None] - gain[:, None] * basis
    precision = np.stack([np.stack([np.full_like(sum_g, sum_w), sum_g], -1), np.stack([sum_g, sum_gg], -1)], -2)
    covariance = np.linalg.inv(precision + 1e-9 * np.eye(2))
    return level, gain, (residual**2) @ w, covariance
