"""How the curve of random labeling is carried on: a menu of one power law and a mixture of families."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from planner.forecast import posterior
from planner.forecast.learned import Learned
from planner.forecast.mixture import draw_curves, evidence, prior_of
from planner.registry import Registry
from planner.results import Result


class Drawn(Protocol):
    """D draws of the error of random labeling."""

    @property
    def level(self) -> np.ndarray:
        """Error at the largest training set, (D,)."""
        ...

    def error(self, labels: np.ndarray) -> np.ndarray:
        """Error at so many labels, (D, labels); it never rises."""
        ...


# (labels (K,), errors of the folds (F, K), family of the model, what was learned, draws, rng) -> draws of the curve
Fit = Callable[[np.ndarray, np.ndarray, str, Learned, int, np.random.Generator], Drawn]
CURVES: Registry[Fit] = Registry("learning curve")


@dataclass(frozen=True, eq=False)
class Pooled(Result):
    """The draws of two curves, one after the other."""

    first: Drawn
    second: Drawn

    @property
    def level(self) -> np.ndarray:
        """Error at the largest training set, (D,)."""
        return np.concatenate([self.first.level, self.second.level])

    def error(self, labels: np.ndarray) -> np.ndarray:
        """Error at so many labels, (D, labels)."""
        return np.concatenate([self.first.error(labels), self.second.error(labels)])


@CURVES.register("pooled", "Power law and mixture", source="after Viering, Loog 2023", calibrated=True)
def pooled(
    labels: np.ndarray, errors: np.ndarray, family: str, learned: Learned, draws: int, rng: np.random.Generator
) -> Drawn:
    """Half the draws from each of the two below: nearer the truth than the power law, and steadier than the mixture."""
    half = draws // 2
    first = power_law(labels, errors, family, learned, draws - half, rng)
    return Pooled(first, mixture(labels, errors, family, learned, half, rng))


@CURVES.register("power_law", "Power law", source="Cortes and others 1993", calibrated=False)
def power_law(
    labels: np.ndarray, errors: np.ndarray, family: str, learned: Learned, draws: int, rng: np.random.Generator
) -> Drawn:
    """One power law with a floor: it levels off early, and far from the sample it stays below what came true."""
    return posterior.fit_curve(labels, errors, learned.rate_prior(family), draws, rng)


@CURVES.register("mixture", "Mixture of families", source="after Viering, Loog 2023", calibrated=False)
def mixture(
    labels: np.ndarray, errors: np.ndarray, family: str, learned: Learned, draws: int, rng: np.random.Generator
) -> Drawn:
    """Power laws and sigmoids weighted by the curve: the nearest at the far end, and too long in getting there."""
    prior = prior_of(family)
    if family == "text":  # the curves that the mixture learned from hold none; floors are those of all models
        rate, sd = learned.rate_prior(family)
        prior = replace(prior, rate=rate, rate_sd=sd)
    # Doubled, for folds share rows: measured on pilots of 1,000 rows with full-pool truths.
    found = evidence(labels.astype(float), errors.mean(axis=0), 2 * posterior.fold_variance(errors))
    return draw_curves(int(labels[-1]), found, prior, draws, rng)
