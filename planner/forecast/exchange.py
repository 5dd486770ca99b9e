"""What one label of a strategy is worth in random ones: learned on other data sets, moved by its own replay."""

import numpy as np

from planner.forecast.basis import Basis
from planner.forecast.learned import WIDER
from planner.forecast.replayed import replay_exchange


def exchange_draws(basis: Basis, normal: np.ndarray) -> dict[str, np.ndarray]:
    """Draws of what one label of each strategy is worth in random ones, (D,).

    The same standard normals `normal` (D,) serve every strategy, so that differences between strategies are not noise.
    """
    return {name: _draws(basis, name, normal) for name in basis.studies}


def _draws(basis: Basis, name: str, normal: np.ndarray) -> np.ndarray:
    if name == "random":
        return np.ones(len(normal))
    known = basis.learned.exchange
    rate = known[basis.studies[name] if basis.usual else ""]
    replayed, _ = replay_exchange(basis.measured[name], basis.measured["random"])
    wider = 1.0 if basis.calibrated[name] else WIDER
    return np.exp(rate.centre(basis.error, replayed, basis.labeled) + wider * rate.sd * normal)
