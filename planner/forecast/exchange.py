"""What one label of a strategy is worth in random ones: learned on other data sets, or shrunk from its replay."""

import numpy as np

from planner.forecast.basis import Basis
from planner.forecast.learned import WIDER
from planner.forecast.replayed import replay_exchange


def exchange_draws(basis: Basis, normal: np.ndarray) -> dict[str, np.ndarray]:
    """Draws of what one label of each strategy is worth in random ones, (D,).

    The same standard normals `normal` (D,) serve every strategy, so that differences between strategies are not noise.
    """
    rates = {}
    for name, study in basis.studies.items():
        wider = 1.0 if basis.calibrated[name] else WIDER
        if name == "random":
            rates[name] = np.ones(len(normal))
        elif study and basis.usual:
            rate = basis.learned.exchange[study]
            rates[name] = np.exp(rate.centre(basis.error) + wider * rate.sd * normal)
        else:
            middle, sd = _shrunk(basis, name)
            rates[name] = np.exp(middle + wider * sd * normal)
    return rates


def _shrunk(basis: Basis, name: str) -> tuple[float, float]:
    """Mean and sd of ln s for a strategy without a study: its replay beside margin's, shrunk to s = 1."""
    measured, margin = basis.measured, basis.learned.exchange["margin"]
    raw, error = replay_exchange(measured[name], measured["random"])
    variance = error**2 + margin.sd**2
    if "margin" in measured:
        beside, beside_error = replay_exchange(measured["margin"], measured["random"])
        raw, variance = margin.centre(basis.error) + raw - beside, variance + beside_error**2
    keep = basis.learned.other_sd**2 / (basis.learned.other_sd**2 + variance)
    return keep * raw, float(np.sqrt(keep * variance))
