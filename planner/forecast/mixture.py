"""The random learning curve behind noisy anchors: a mixture of families with learned priors, as draws.

Error at n labels is level x (floor + (1 - floor) g(n / size)), g from one of the families, with the level free. A real
curve follows no family for long: away from `size` its slope in log labels drifts as a random walk, so far anchors count
less, neighbours are not counted twice, and each curve says itself how far its own family may be trusted. Every
combination of family, rate, floor and drift is tried; its weight is its evidence times a prior learned on other data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import betainc

from planner.choices.families import FAMILIES
from planner.forecast.learned import stored
from planner.results import Result

RATES = np.geomspace(0.06, 2.4, 18)
FLOORS = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93, 0.97, 0.99])  # shares of the level
DRIFTS = np.array([0.01, 0.03, 0.09, 0.27])  # sd of the slope's change over one e-fold of labels, shares of the level
MISFIT = 0.003  # what separates neighbouring anchors beside their noise, a share of the level
LEAST = 2e-4  # sd of an anchor that was measured without any noise
STEP = np.log(2) / 4
AHEAD = STEP * np.arange(81)  # ln of labels / size at which a draw is kept: to a million times the size
TAILS = 4  # degrees of freedom of the slope ahead: a normal is too wide for 80% where it is too narrow for 90%
WANDER = 0.01  # sd of a slope that no anchor shows, in log error: even a flat curve may yet move
LOWEST = 0.002  # level below which misfit no longer shrinks: a curve may touch zero


@dataclass(frozen=True)
class Prior:
    """What other data sets say about curves of a class of model."""

    rate: float  # mean of ln rate
    rate_sd: float
    floor: tuple[float, float]  # Beta over the floor's share of the level
    families: Mapping[str, float]  # {family: weight}
    drifts: tuple[float, ...]  # weight of each of DRIFTS
    slope_scale: float  # of ln (slope ahead / drawn slope) at one e-fold of labels, growing as a random walk

    def log_weights(self) -> np.ndarray:
        """Log prior weight of every drift and candidate, (S, G)."""
        family, rate, _, floor = candidates()
        weights = np.array([self.families[name] / len(FAMILIES[name].facts["shifts"]) for name in FAMILIES])
        rates = np.exp(-0.5 * ((np.log(RATES) - self.rate) / self.rate_sd) ** 2)
        edges = np.concatenate([[0, 0.05], (FLOORS[2:] + FLOORS[1:-1]) / 2, [1]])
        floors = np.maximum(np.diff(betainc(*self.floor, edges)), 1e-6)
        chosen = weights[family] * (rates / rates.sum())[rate] * (floors / floors.sum())[floor]
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.array(self.drifts))[:, None] + np.log(chosen)[None, :])


@lru_cache
def candidates() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every combination tried, G of each: position of family, of rate, the shift itself, position of floor."""
    every = [
        (family, rate, shift, floor)
        for family, name in enumerate(FAMILIES)
        for shift in FAMILIES[name].facts["shifts"]
        for rate in range(len(RATES))
        for floor in range(len(FLOORS))
    ]
    family, rate, shift, floor = (np.array(column) for column in zip(*every, strict=True))
    return family, rate, shift, floor


def shapes(z: np.ndarray, which: np.ndarray | None = None) -> np.ndarray:
    """Error of candidates (all unless `which`, (D,)) at shares z of `size`, (G, K), 1 at z = 1."""
    family, rate, shift, floor = (c if which is None else c[which] for c in candidates())
    found = np.empty((len(family), len(z)))
    for position, choice in enumerate(FAMILIES.values()):
        mine = family == position
        found[mine] = choice.call(z[None, :], RATES[rate[mine], None], shift[mine, None])
    return np.asarray(FLOORS[floor, None] + (1 - FLOORS[floor, None]) * found)


@dataclass(frozen=True, eq=False)
class Evidence(Result):
    """How well each drift (S) and candidate (G) explains the anchors, before any prior."""

    log_likelihood: np.ndarray  # (S, G)
    level: np.ndarray  # (S, G) error at `size`
    variance: np.ndarray  # (S, G) of the level


def evidence(labels: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> Evidence:
    """The evidence of mean errors (K,) of so much variance at `labels` (K,), the last being `size`."""
    back = np.log(labels[-1] / labels)
    least, most = np.minimum.outer(back, back), np.maximum.outer(back, back)
    walk = least**2 * (3 * most - least) / 6  # covariance of a twice integrated white noise
    scale = max(float(mean[-6:].mean()), LOWEST)
    noise = np.diag(variance + (MISFIT * scale) ** 2 + LEAST**2)
    shape = shapes(labels / labels[-1])
    found = [_one_drift(shape, mean, noise + (drift * scale) ** 2 * walk) for drift in DRIFTS]
    return Evidence(*(np.array(part) for part in zip(*found, strict=True)))


def _one_drift(shape: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, ...]:
    """Log likelihood, level and its variance of every candidate, each (G,), by generalised least squares."""
    root = np.linalg.cholesky(covariance)
    y, basis = np.linalg.solve(root, mean), np.linalg.solve(root, shape.T).T
    precision, product = (basis**2).sum(axis=1), basis @ y
    level = np.clip(product / precision, 1e-5, 1)
    misfit = y @ y - 2 * level * product + level**2 * precision
    likelihood = -0.5 * misfit - np.log(np.diag(root)).sum() - 0.5 * np.log(precision)
    return likelihood, level, 1 / precision


@dataclass(frozen=True, eq=False)
class Mixture(Result):
    """Draws of an error curve that never rises with labels."""

    size: int  # labels at which `level` holds: the training pool
    level: np.ndarray  # (D,) error at `size`, 0-1
    which: np.ndarray  # (D,) position among the candidates
    ahead: np.ndarray  # (D, Q) ln (error / level) at labels growing by STEP from `size`, never rising

    def error(self, labels: np.ndarray) -> np.ndarray:
        """Error at each number of labels, (D, B)."""
        z = np.asarray(labels, dtype=float) / self.size
        at = np.clip(np.log(np.maximum(z, 1)) / STEP, 0, self.ahead.shape[1] - 1)
        left = np.minimum(at.astype(int), self.ahead.shape[1] - 2)
        log = self.ahead[:, left] + (at - left) * (self.ahead[:, left + 1] - self.ahead[:, left])
        ratio = np.exp(log)
        ratio[:, z < 1] = np.maximum(shapes(z[z < 1], self.which), 1)
        return np.asarray(np.clip(self.level[:, None] * ratio, 0, 1))


def draw_curves(size: int, found: Evidence, prior: Prior, draws: int, rng: np.random.Generator) -> Mixture:
    """Draws of the curve from the evidence of anchors that end at `size`."""
    log = found.log_likelihood + prior.log_weights()
    weight = np.exp(log - log.max()).ravel()
    picked = rng.choice(weight.size, draws, p=weight / weight.sum())
    noise = np.sqrt(found.variance.ravel()[picked]) * rng.standard_normal(draws)
    level = np.clip(found.level.ravel()[picked] + noise, 1e-4, 1)
    which = picked % found.level.shape[1]
    walk = np.clip(rng.standard_t(TAILS, (draws, 1)), -20, 20)
    wander = rng.standard_normal((draws, 1))
    steeper = np.exp(prior.slope_scale * walk * np.sqrt(AHEAD))
    path = np.log(shapes(np.exp(AHEAD), which)) * steeper + WANDER * wander * AHEAD
    return Mixture(size, level, which, np.minimum.accumulate(path, axis=1))


def prior_of(model_class: str, learned: Mapping[str, Any] | None = None) -> Prior:
    """The prior of a class of model ("linear", "trees", "boosting"), of all of them for any other."""
    learned = stored()["curves"] if learned is None else learned
    own = learned["classes"].get(model_class) or learned["classes"]["unknown"]
    return Prior(
        own["rate"], own["rate_sd"], (own["floor"][0], own["floor"][1]),
        learned["families"], tuple(learned["drifts"]), learned["slope_scale"],
    )  # fmt: skip
