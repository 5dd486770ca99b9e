"""The random learning curve of a pilot: the mixture of families, told what the folds know."""

from dataclasses import replace

import numpy as np

from planner.mixture import Mixture, draw_curves, evidence, prior_of

# The curves that the mixture learned from hold no text: its rates are from a study of 34 tasks on 29 data sets, as
# (mean, sd) of ln rate; floors are those of all models.
TEXT_RATE = (float(np.log(0.26)), 0.58)
WINDOW = 0.2  # anchors below this share of the training pool are not drawn: the curve is not about them
SMALLEST = 90  # labels; the first steps from 50 are dominated by which rows came first


def fit_curve(labels: np.ndarray, errors: np.ndarray, family: str, draws: int, rng: np.random.Generator) -> Mixture:
    """Draws of the curve through the mean of `errors` (F, K) at `labels` (K,).

    The family ("linear", "text", "trees", "unknown") chooses the prior.
    Errors outside [0, 1] are the caller's business.
    """
    prior = prior_of(family)
    if family == "text":
        prior = replace(prior, rate=TEXT_RATE[0], rate_sd=TEXT_RATE[1])
    found = evidence(labels.astype(float), errors.mean(axis=0), _variance(errors))
    return draw_curves(int(labels[-1]), found, prior, draws, rng)


def window(labels: np.ndarray) -> np.ndarray:
    """Which anchors the fitted curve is drawn at, (K,) bool: the last three at least."""
    used = labels >= max(SMALLEST, WINDOW * labels[-1])
    return np.asarray(used if used.sum() >= 3 else labels >= labels[-min(3, len(labels))])


def _variance(errors: np.ndarray) -> np.ndarray:
    """Variance of the mean error at each anchor, (K,), the level of each fold taken out.

    Doubled, for folds share rows: measured on pilots of 1,000 rows with full-pool truths.
    """
    folds = len(errors)
    centred = errors - errors.mean(axis=1, keepdims=True)
    spread = centred.var(axis=0, ddof=1) if folds > 1 else np.zeros(errors.shape[1])
    return np.asarray(2 * spread / folds)
