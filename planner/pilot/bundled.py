"""Real samples that come with the program, so that the first screen is an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits

from planner.pilot.running import Pilot
from planner.pilot.saved import read_pilot
from planner.sample.reading import Sample, make_sample

DIGITS = 1000  # of 1,797 rows
SEED = 7


@dataclass(frozen=True)
class Bundled:
    """One sample that comes with the program."""

    title: str
    sample: Callable[[], Sample]
    pool_size: int  # [items] the pool it is shown with
    note: str  # source and licence, in a line


def digits_table() -> pd.DataFrame:
    """1,000 handwritten digits drawn at random: 64 pixels from 0 to 16, and the digit as `label`."""
    data = load_digits()
    rows = np.random.default_rng(SEED).permutation(len(data.target))[:DIGITS]
    table = pd.DataFrame(data.data[rows].astype(int), columns=data.feature_names)
    return table.assign(label=data.target[rows])


def breast_cancer_table() -> pd.DataFrame:
    """569 biopsies: 30 measurements, and `label` malignant or benign."""
    data = load_breast_cancer()
    table = pd.DataFrame(data.data, columns=data.feature_names)
    return table.assign(label=data.target_names[data.target])


def digits() -> Sample:
    """1,000 handwritten digits, ten classes."""
    return make_sample(digits_table(), "label", name="digits")


def breast_cancer() -> Sample:
    """569 biopsies, two classes: too few rows to say how many labels to buy."""
    return make_sample(breast_cancer_table(), "label", name="breast_cancer")


BUNDLED = {
    "digits": Bundled(
        "Handwritten digits", digits, 50_000,
        "1,000 rows of Optical Recognition of Handwritten Digits, Alpaydin and Kaynak 1998, UCI, CC BY 4.0.",
    ),
    "breast_cancer": Bundled(
        "Breast cancer biopsies", breast_cancer, 20_000,
        "569 rows of Breast Cancer Wisconsin (Diagnostic), Wolberg et al. 1993, UCI, CC BY 4.0.",
    ),
}  # fmt: skip


def stored_pilot(name: str) -> Pilot:
    """The pilot of a bundled sample under the default settings, as tests/make_bundled.py computed and stored it."""
    return read_pilot((files("planner") / "data" / f"{name}_pilot.json").read_bytes())
