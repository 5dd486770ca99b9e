"""Doubtful items that are picked as a batch, so that they are not copies of one another."""

import numpy as np

from planner.choices.strategies.clusters import k_means_groups
from planner.choices.strategies.distances import GradientDistances, among, draw_apart, one_drawn
from planner.choices.strategies.pool import STRATEGIES, Pool, scaled, top
from planner.choices.strategies.uncertainty import entropy_score, margin_score

SHORTLIST = 10  # times the batch that margin hands on to k-means
COLDNESS = 10.0  # of the softmax; at 1 a margin score, which ends at 1, would hardly matter


@STRATEGIES.register(
    "margin_k_means",
    "Margin, then groups",
    source="Zhdanov 2019",
    adaptive=True,
    needs="probabilities",
    when="Large batches in which the most doubtful items are near copies of one another.",
)
def margin_k_means(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Of ten times as many items of small margin, the most central one of as many groups as the batch has items.

    The margin score is also the weight of a row in k-means, without which a batch of a tenth of the pool or more
    would forget about margins.
    """
    score = margin_score(pool.probabilities())
    short = top(score, SHORTLIST * n, rng)
    groups = k_means_groups(pool.X, n, rng, score[short], pool.candidates[short])
    return np.asarray(short[groups.central(n, rng)])


@STRATEGIES.register(
    "clue",
    "Groups by entropy",
    source="Prabhu, Chandrasekaran, Saenko, Hoffman 2021",
    adaptive=True,
    needs="probabilities",
    when="Large batches in a pool with dense and sparse parts.",
)
def clue(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """The most central item of each of as many groups as the batch has items, groups drawn to where the model doubts.

    K-means in which every row weighs as much as its entropy.
    """
    weights = np.maximum(entropy_score(pool.probabilities()), 0)
    return k_means_groups(pool.X, n, rng, weights, pool.candidates).central(n, rng)


@STRATEGIES.register(
    "badge",
    "Doubtful and spread out",
    source="Ash and others 2020",
    adaptive=True,
    needs="probabilities",
    when="Batches are large, and you want doubt and variety without a weight to choose.",
)
def badge(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items drawn by chance so that the changes they would make to a linear model are large and differ.

    The gradient of a row, taken as if its likeliest class were its label, is (p - e_likeliest) x'. The longest comes
    first, the others are drawn as k-means++ draws its seeds. Products of gradients are (a.a')(x.x'), so none is built.
    """
    n = min(n, len(pool.candidates))
    shuffled = rng.permutation(len(pool.candidates))  # the first of several longest is a random one
    X, at, square = among(pool, pool.candidates[shuffled])
    P = pool.probabilities()
    A = np.zeros((len(square), P.shape[1]))
    A[slice(None) if at is None else at] = P[shuffled]
    A[np.arange(len(A)), A.argmax(axis=1)] -= 1
    distances = GradientDistances(A, X, at, square)
    first = int(distances.square.argmax())
    nearest = distances(first)
    nearest[first] = -1
    return shuffled[[first, *draw_apart(nearest, n - 1, distances, rng)]]


@STRATEGIES.register(
    "power_margin",
    "Margin with chance",
    source="Kirsch and others 2023",
    adaptive=True,
    needs="probabilities",
    when="Large batches, at no more cost than margin: chance alone keeps copies apart.",
)
def power_margin(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items drawn by chance in proportion to how close their two most likely classes are.

    The largest log(margin score) plus Gumbel noise: a draw without replacement.
    """
    score = np.maximum(margin_score(pool.probabilities()), 0)
    logs = np.log(score, out=np.full_like(score, -np.inf), where=score > 0)
    return top(logs + rng.gumbel(size=len(logs)), n, rng)


@STRATEGIES.register(
    "softmax_margin",
    "Margin with noise",
    source="Kirsch and others 2023",
    adaptive=True,
    needs="probabilities",
    when="Large batches whose most doubtful items should still come nearly all, unlike margin with chance.",
)
def softmax_margin(pool: Pool, n: int, rng: np.random.Generator, coldness: float = COLDNESS) -> np.ndarray:
    """Items drawn by chance, each tenth of the margin score making an item e times as likely.

    The largest coldness x margin score plus Gumbel noise: a draw without replacement by the softmax of the scores.
    """
    score = margin_score(pool.probabilities())
    return top(coldness * score + rng.gumbel(size=len(score)), n, rng)


@STRATEGIES.register(
    "falcun",
    "Doubtful and told apart",
    source="Gilhuber, Beer, Ma, Seidl 2024",
    adaptive=True,
    needs="probabilities",
    when="Large batches with many classes: the batch covers different confusions.",
)
def falcun(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items drawn by chance, likelier the more the model doubts them and the more its beliefs differ from the batch's.

    The chance is (u + d)^10: u is the margin score, d the least L1 distance of a row's probabilities to those picked,
    u itself before the first, scaled to run from 0 to 1 after each.
    """
    P = pool.probabilities()
    doubt = np.clip(margin_score(P), 0, 1)
    columns = np.ascontiguousarray(P.T)  # a class a row: sums over classes run fast
    spare = np.empty_like(columns)  # large arrays made anew for each pick cost as much as the sums
    apart, free = doubt.copy(), np.ones(len(P), dtype=bool)
    picks = np.empty(min(n, len(P)), dtype=int)
    for position in range(len(picks)):
        if position:
            np.abs(np.subtract(columns, columns[:, picks[position - 1], None], out=spare), out=spare)
            apart = scaled(np.minimum(apart, spare.sum(axis=0)))
        chance = sharpened(doubt + apart)
        chance *= free
        picks[position] = pick = one_drawn(chance if chance.any() else free.astype(float), rng)
        free[pick] = False
    return picks


def sharpened(relevance: np.ndarray) -> np.ndarray:
    """The tenth power, as published, in four products: numpy's own is many times as slow."""
    square = relevance * relevance
    tenth = square * square
    tenth *= tenth
    tenth *= square
    return np.asarray(tenth)
