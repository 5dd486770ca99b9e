"""Items that pass by one at a time, each bought or let go at once."""

from collections.abc import Iterator

import numpy as np

from planner.choices.strategies.pool import STRATEGIES, Pool

STEP = 0.01  # by which the threshold falls with an item bought and rises with one let go, as published
WINDOW = 100  # items over which spending is watched, as published
THRESHOLD = 1.0  # at first


@STRATEGIES.register(
    "stream",
    "One at a time",
    source="Žliobaitė, Bifet, Pfahringer, Holmes 2014",
    adaptive=True,
    needs="probabilities",
    when="Items arrive one by one and must be labeled at once or never.",
)
def stream(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items bought as they pass by in random order, when the model is less sure of one than a threshold that adapts.

    Variable uncertainty: an item is bought when P(most likely class) is below the threshold, which then falls by a
    hundredth, and else rises by one. The budget manager lets nothing be bought while the share bought of the last 100
    items (an estimate that forgets slowly) is at its rate, labels of the batch / items; it stops at the last label,
    and once as few items are left as labels it buys all of them. The threshold lives on from batch to batch.
    """
    order = rng.permutation(len(pool.candidates))
    confidence = pool.probabilities().max(axis=1)[order]
    n = min(n, len(order))
    bought = np.zeros(len(order), dtype=bool)
    count, threshold = 0, pool.kept.get("threshold", THRESHOLD)
    for place, (wanted, after) in enumerate(decisions(confidence, n / max(len(order), 1), threshold)):
        if n - count in (0, len(order) - place):
            break
        bought[place], threshold = wanted, after
        count += wanted
    bought[len(order) - (n - count) :] = True  # nothing when all labels are spent
    pool.kept["threshold"] = threshold
    return np.asarray(order[bought])


def decisions(confidence: np.ndarray, rate: float, threshold: float) -> Iterator[tuple[bool, float]]:
    """For each item as it passes: whether it is bought, and the threshold after it."""
    spent = 0.0
    for sure in confidence.tolist():
        wanted = False
        if spent / WINDOW < rate:
            wanted = sure < threshold
            threshold *= 1 - STEP if wanted else 1 + STEP
        spent = spent * (WINDOW - 1) / WINDOW + wanted
        yield wanted, threshold
