"""What stopping rules watch from one anchor to the next: agreement, change and doubt of the model on a stop set."""

import numpy as np

from planner.choices.strategies import entropy_score
from planner.pilot.scoring import f_change, kappa


class Steadiness:
    """Looks at what each model of a run believes about the same rows, and keeps what the stopping rules ask for."""

    def __init__(self, n_classes: int, positive: int) -> None:
        self.n_classes, self.positive = n_classes, positive
        self.before: np.ndarray | None = None
        self.found: dict[str, list[float]] = {
            name: [] for name in ("kappa", "pool_entropy", "changed", "delta_f", "confidence")
        }
        self.batches: list[float] = []

    def look(self, P: np.ndarray) -> None:
        """Take in the beliefs of the next model about the stop set, (s, C)."""
        now = P.argmax(axis=1)
        seen = {
            "kappa": kappa(self.before, now),
            "pool_entropy": float(self._doubt(P).mean()),
            "changed": 1.0 if self.before is None else float((self.before != now).mean()),
            "delta_f": 1.0 if self.before is None else f_change(self.before, now, self.n_classes, self.positive),
            "confidence": float(P.max(axis=1).mean()),
        }
        for name, value in seen.items():
            self.found[name].append(value)
        self.before = now

    def bought(self, P: np.ndarray) -> None:
        """Take in what the model believed about the batch it was about to buy, (b, C)."""
        self.batches.append(float(self._doubt(P).max()) if len(P) else 0.0)

    def fields(self) -> dict[str, np.ndarray]:
        """The fields of a Trace by these names."""
        return {name: np.round(values, 6) for name, values in {**self.found, "batch_entropy": self.batches}.items()}

    def _doubt(self, P: np.ndarray) -> np.ndarray:
        """Entropy over its largest value, ln C, (rows,)."""
        return np.asarray(entropy_score(P) / np.log(max(self.n_classes, 2)))
