"""Families of learning curves: error above the floor against labels, scaled to 1 at the labels where it is known."""

from collections.abc import Callable

import numpy as np

from planner.registry import Registry

Shape = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # (z, rate, shift), broadcast; 1 at z = 1
# formula: as a person reads it; shifts: the values tried, as shares of the labels where the curve is known.
FAMILIES: Registry[Shape] = Registry("curve family", formula="", shifts=(0.0,))


@FAMILIES.register("power_law", "Power law", source="Cortes et al. 1994", formula="floor + b n^-rate")
def power_law(z: np.ndarray, rate: np.ndarray, shift: np.ndarray) -> np.ndarray:  # noqa: ARG001
    """Every doubling of the labels removes the same share of the error above the floor."""
    return np.asarray(z**-rate)


@FAMILIES.register(
    "shifted_power_law",
    "Shifted power law",
    source="Viering, Loog 2023 (pow4)",
    formula="floor + b (n + shift)^-rate",
    shifts=(-0.015, 0.03, 0.1, 0.3, 1.0),
)
def shifted_power_law(z: np.ndarray, rate: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """A power law that starts late (shift above 0) or early."""
    return np.asarray((np.maximum(z + shift, 1e-9) / (1 + shift)) ** -rate)


@FAMILIES.register(
    "sigmoid",
    "Sigmoid",
    source="Morgan, Mercer, Flodin 1975 (mmf4)",
    formula="floor + b / (1 + (n / shift)^rate)",
    shifts=(0.03, 0.1, 0.3, 1.0, 3.0),
)
def sigmoid(z: np.ndarray, rate: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Flat at first, then a power law: few labels teach nothing, as in steep text."""
    return np.asarray((1 + shift**-rate) / (1 + (z / shift) ** rate))
