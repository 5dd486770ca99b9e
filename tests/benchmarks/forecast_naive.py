"""The methods that a forecast has to beat: each says what it would from the same pilot, or from other data sets."""

from collections.abc import Sequence

import numpy as np
from forecast_cases import Case
from least_squares_curves import fit

Answer = tuple[float, float, float]  # score with everything labeled; labels to buy to half a point and to a point of it
SHORTS = (0.005, 0.01)
FINE = 400


def answers(case: Case, others: Sequence[Case]) -> dict[str, Answer]:
    """{method: its answer for margin}; `others` are cases of the same size from other data sets."""
    rows = np.geomspace(case.labeled, case.pool, FINE)
    random, margin = (
        (case.replay[name].labels.astype(float), 1 - case.replay[name].mean) for name in ("random", "margin")
    )
    at_random = 1 - fit("pow3", *random, rows)
    by_margin = 1 - fit("pow3", *margin, rows)
    needed = [_first(rows, at_random, at_random[-1] - short) for short in SHORTS]
    left = case.pool - case.labeled
    found = {
        "last value": (float(case.replay["random"].mean[-1]), 0.0, 0.0),
        "60% off": (float(at_random[-1]), *(0.4 * one for one in needed)),
        "power law of the pilot's own margin": (
            float(by_margin[-1]), *(_first(rows, by_margin, by_margin[-1] - short) for short in SHORTS)
        ),
        "fraction carried over": (float(at_random[-1]), *(_share(case, short) * left for short in SHORTS)),
        "label everything": (float(at_random[-1]), left, left),
    }  # fmt: skip
    if others:
        gained = [other.score_all - float(other.replay["random"].mean[-1]) for other in others]
        middle = float(case.replay["random"].mean[-1] + np.mean(gained))
        labels = (
            np.exp(np.mean([np.log(other.to_buy("margin", short) + 100) for other in others])) - 100 for short in SHORTS
        )
        found["mean of other data sets"] = (min(middle, 1.0), *map(float, labels))
    return found


def _first(rows: np.ndarray, scores: np.ndarray, score: float) -> float:
    return float(rows[np.argmax(np.maximum.accumulate(scores) >= score)] - rows[0])


def _share(case: Case, short: float) -> float:
    """Share of the replay's pool after which margin was so near its end."""
    margin = case.replay["margin"]
    reached = margin.mean >= margin.mean[-1] - short
    return float(margin.labels[reached.argmax()] / margin.labels[-1])
