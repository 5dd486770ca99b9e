"""What one label of a strategy is worth in random ones: learned on other data sets, or shrunk from its replay."""

import numpy as np

from planner.choices.strategies import stands_for
from planner.forecast.replayed import Measured, replay_exchange
from planner.pilot.running import Pilot

# Exchange rate of margin sampling: ln s ~ N(ln 3.72 - .67 ln(error / .15), .57^2), over 31 tasks on 27 data sets,
# each judged with its own data set left out (80% interval held 84%).
RATE_AT_15, RATE_SLOPE, RATE_SD = 3.72, -0.67, 0.57
OTHER_SD = 0.7  # strategies without such a study are shrunk to s = 1 with this sd of ln s
UNCALIBRATED = 1.3  # how much wider a range without a study is drawn


def has_study(strategy: str, pilot: Pilot) -> bool:
    """Whether it is random labeling or margin sampling, under any name, with labels as they are and a model of them."""
    asked = pilot.settings
    margin = asked.random_share == asked.relabel == 0 and stands_for(strategy, pilot.holds) == "margin"
    return asked.usual and (strategy == "random" or margin)


def exchange_draws(
    pilot: Pilot, measured: dict[str, Measured], metric: str, normal: np.ndarray
) -> dict[str, np.ndarray]:
    """Draws of what one label of each strategy is worth in random ones, (D,).

    The same standard normals `normal` (D,) serve every strategy, so that differences between strategies are not noise.
    """
    error = max(1 - float(measured["random"].mean[-1]), 0.005)
    centre = np.log(RATE_AT_15) + RATE_SLOPE * np.log(error / 0.15)
    rates = {}
    for name in pilot.settings.all_strategies:
        if name == "random":
            rates[name] = np.ones(len(normal))
        elif has_study(name, pilot):
            wider = 1.0 if metric == "accuracy" else UNCALIBRATED
            rates[name] = np.exp(centre + wider * RATE_SD * normal)
        else:
            middle, sd = _shrunk(name, measured, centre)
            rates[name] = np.exp(middle + UNCALIBRATED * sd * normal)
    return rates


def _shrunk(name: str, measured: dict[str, Measured], centre: float) -> tuple[float, float]:
    """Mean and sd of ln s for a strategy without a study: its replay beside margin's, shrunk to s = 1."""
    own, own_error = replay_exchange(measured[name], measured["random"])
    raw, variance = own, own_error**2 + RATE_SD**2
    if "margin" in measured:
        beside, beside_error = replay_exchange(measured["margin"], measured["random"])
        raw, variance = centre + own - beside, variance + beside_error**2
    keep = OTHER_SD**2 / (OTHER_SD**2 + variance)
    return keep * raw, float(np.sqrt(keep * variance))
