"""Classes that a sample may lack: signs of one, and how likely the next row is of one."""

from collections.abc import Sequence

import numpy as np

# Written by people who found no class that fits. Blank and "n/a" cells are read as rows without a label already.
NONE_OF_THESE = frozenset(
    ("none", "none of these", "none of the above", "other", "others", "unknown", "n/a", "na", "not applicable",
     "unclear", "unsure", "neither", "misc", "miscellaneous", "no class", "no label", "does not fit")
)  # fmt: skip


def none_classes(classes: Sequence[str]) -> list[int]:
    """Codes of the classes whose names say that no class fits."""
    return [code for code, name in enumerate(classes) if _plain(name) in NONE_OF_THESE]


def chance_of_unseen(counts: np.ndarray) -> float:
    """About how likely the next row is of a class that no row has: classes on one row over rows.

    Source: Good 1953, by Turing's estimate.
    """
    total = counts.sum()
    return float((counts == 1).sum() / total) if total else 0.0


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").replace(".", "").split())
