"""Items that are doubtful and something else: typical, different from the batch, or of a rare class."""

from collections.abc import Callable

import numpy as np

from planner.choices.strategies.distances import distance_kept, distances_of, mean_to_nearest, squares_kept
from planner.choices.strategies.pool import STRATEGIES, Pool, scaled, top
from planner.choices.strategies.uncertainty import entropy_score, least_confidence_score, margin_score

Doubt = Callable[[np.ndarray], np.ndarray]  # probabilities -> how doubtful each row is
Score = Callable[[np.ndarray, np.ndarray, int], np.ndarray]  # (doubt, distance, items left) -> larger is better

NEIGHBORS = 10
MOST_NEIGHBORS = 1000  # rows that are searched for the nearest


@STRATEGIES.register(
    "density_weighted",
    "Doubtful and typical",
    source="Settles, Craven 2008",
    adaptive=True,
    needs="probabilities",
    when="Outliers and junk rows attract the other strategies; seldom ahead elsewhere.",
)
def density_weighted(pool: Pool, n: int, rng: np.random.Generator, beta: float = 1.0) -> np.ndarray:
    """Items that the model doubts and that resemble many others.

    Entropy times (mean of (1 + cosine) / 2 over the candidates)^beta, so that no weight is below 0. The mean cosine is
    the product with the mean direction, and no pair of rows is ever compared.
    """
    length = np.sqrt(squares_kept(pool))
    inverse = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    each = np.zeros_like(inverse)  # 0 for the labeled: no row is copied out
    each[pool.candidates] = inverse[pool.candidates]
    cosine = (pool.X @ (pool.X.T @ each) * inverse)[pool.candidates] / len(pool.candidates)
    return top(entropy_score(pool.probabilities()) * ((1 + cosine) / 2) ** beta, n, rng)


@STRATEGIES.register(
    "anomaly_aware",
    "Doubtful, no outliers",
    source="after Zhu, Wang, Yao, Tsou 2008",
    adaptive=True,
    needs="probabilities",
    when="The pool holds broken or foreign rows that look doubtful but teach nothing.",
)
def anomaly_aware(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items that the model doubts and that have others nearby; outliers count little.

    Margin score times 1 / (1 + z), with z how many median absolute deviations (x 1.4826, a standard deviation of a
    normal) the mean distance to the 10 nearest rows lies above its median; 0 when it lies below.
    """
    rows = np.arange(pool.X.shape[0])
    among = rows if len(rows) <= MOST_NEIGHBORS else rng.choice(rows, MOST_NEIGHBORS, replace=False)
    weight = inlier_weight(mean_to_nearest(pool.X, pool.candidates, among, NEIGHBORS))
    return top(margin_score(pool.probabilities()) * weight, n, rng)


def inlier_weight(distance: np.ndarray) -> np.ndarray:
    """1 for rows no farther than the median from their neighbors, falling towards 0 for outliers, (n,)."""
    above = distance - np.median(distance)
    # With more than half of the rows alike the median deviation is 0 and the mean one has to do.
    spread = 1.4826 * float(np.median(np.abs(above))) or float(np.abs(above).mean())
    return np.asarray(1 / (1 + np.maximum(above, 0) / spread)) if spread > 0 else np.ones(len(above))


@STRATEGIES.register(
    "balanced",
    "Doubtful and different",
    source="after Brinker 2003",
    adaptive=True,
    needs="probabilities",
    when="You want half doubt and half variety, each step of the batch.",
)
def balanced(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items the model doubts that are far from everything labeled or picked, each counting half.

    One after the other: the largest margin score plus distance to the nearest labeled or picked row, both scaled to
    run from 0 to 1 over the items left.
    """
    return _one_by_one(pool, n, rng, margin_score, lambda doubt, far, _: scaled(doubt) + scaled(far))


@STRATEGIES.register(
    "ranked_batch",
    "Ranked batch",
    source="Cardoso and others 2017",
    adaptive=True,
    needs="probabilities",
    when="Few labels at first and many later: it moves from variety to doubt by itself.",
)
def ranked_batch(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items far from everything labeled or picked at first, and doubtful ones more and more as labels grow.

    One after the other: the largest a d / (1 + d) + (1 - a) u, with d the distance to the nearest labeled or picked
    row, u the least-confidence score and a the share of the pool that is neither.
    """
    size = len(pool.candidates) + len(pool.labeled)

    def score(doubt: np.ndarray, far: np.ndarray, left: int) -> np.ndarray:
        share = left / size
        return np.asarray(share * (1 - 1 / (1 + far)) + (1 - share) * doubt)

    return _one_by_one(pool, n, rng, least_confidence_score, score)


@STRATEGIES.register(
    "rare_class",
    "Rare classes",
    source="after Bengar and others 2022",
    adaptive=True,
    needs="probabilities",
    when="Some classes are rare and finding them matters more than average accuracy.",
)
def rare_class(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items that the model gives to the classes with the fewest labels so far.

    One after the other: the largest sum over classes of p_c / (1 + labels of c), where the beliefs about the items
    picked before count as labels, so that a batch does not pile up in one class. Meant for skewed classes: where all
    are about as frequent it buys what the model knows, and does worse than random.
    """
    shuffled = rng.permutation(len(pool.candidates))
    P = pool.probabilities()[shuffled]
    counts = 1.0 + np.bincount(pool.labels, minlength=P.shape[1])
    picks = np.empty(min(n, len(shuffled)), dtype=int)
    taken = np.zeros(len(shuffled))
    for position in range(len(picks)):
        picks[position] = pick = int((P @ (1 / counts) + taken).argmax())
        taken[pick] = -np.inf
        counts += P[pick]
    return shuffled[picks]


def _one_by_one(pool: Pool, n: int, rng: np.random.Generator, doubt: Doubt, score: Score) -> np.ndarray:
    """Picks that each have the largest score(doubt, distance to the nearest labeled or picked row, items left)."""
    shuffled = rng.permutation(len(pool.candidates))  # the first of equals is a random one of them
    rows = pool.candidates[shuffled]
    doubts, nearest = doubt(pool.probabilities())[shuffled], distance_kept(pool, rows)
    distances = distances_of(pool.X[rows])
    left = np.arange(len(shuffled))
    picks = np.empty(min(n, len(left)), dtype=int)
    for position in range(len(picks)):
        best = int(score(doubts[left], np.sqrt(nearest[left]), len(left)).argmax())
        picks[position] = pick = left[best]
        left = np.delete(left, best)
        np.minimum(nearest, distances(pick), out=nearest)
    return shuffled[picks]
