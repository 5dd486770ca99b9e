"""Items the model is least sure of, one by one."""

import numpy as np

from planner.choices.strategies.beliefs import highest, in_blocks, lead, summed
from planner.choices.strategies.distances import squares_kept
from planner.choices.strategies.pool import STRATEGIES, Pool, top


def least_confidence_score(probabilities: np.ndarray) -> np.ndarray:
    """1 - P(most likely class), (n,)."""
    return np.asarray(1 - highest(probabilities))


def margin_score(probabilities: np.ndarray) -> np.ndarray:
    """1 - (P(most likely class) - P(second)), (n,)."""
    if probabilities.shape[1] < 2:
        return np.ones(len(probabilities))
    return np.asarray(1 - lead(probabilities))


def entropy_score(probabilities: np.ndarray) -> np.ndarray:
    """-sum p ln p over the last axis, with 0 ln 0 = 0."""
    return _entropy(probabilities) if probabilities.ndim != 2 else in_blocks(_entropy, probabilities)


def _entropy(P: np.ndarray) -> np.ndarray:
    logs = np.log(P, out=np.zeros_like(P), where=P > 0)
    logs *= P
    return -summed(logs)


def gradient_length_score(probabilities: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """sum_k p_k |p - e_k| sqrt(|x|^2 + 1), (n,), from the squared lengths |x|^2 of the rows."""
    return in_blocks(_gradient_length, probabilities, squares)


def _gradient_length(P: np.ndarray, squares: np.ndarray) -> np.ndarray:
    apart = summed(P**2)[:, None] - 2 * P + 1  # |p - e_k|^2
    return np.asarray(summed(P * np.sqrt(np.maximum(apart, 0))) * np.sqrt(squares + 1))


@STRATEGIES.register(
    "least_confidence",
    "Least confidence",
    source="Lewis, Gale 1994",
    adaptive=True,
    needs="probabilities",
    same_as={"two_classes": "margin"},
    when="The model is about right already and any doubt matters, whichever class it is with.",
)
def least_confidence(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items whose most likely class the model is least sure of."""
    return top(least_confidence_score(pool.probabilities()), n, rng)


@STRATEGIES.register(
    "margin",
    "Smallest margin",
    source="Scheffer, Decomain, Wrobel 2001",
    adaptive=True,
    needs="probabilities",
    when="Nearly always a good first choice, once the first labels cover most classes.",
)
def margin(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items where the two most likely classes are closest."""
    return top(margin_score(pool.probabilities()), n, rng)


@STRATEGIES.register(
    "entropy",
    "Highest entropy",
    source="Settles 2009",
    adaptive=True,
    needs="probabilities",
    same_as={"two_classes": "margin"},
    when="Few classes, and items torn between many of them are the ones you want.",
)
def entropy(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items over whose classes the model's belief is most spread out."""
    return top(entropy_score(pool.probabilities()), n, rng)


@STRATEGIES.register(
    "expected_model_change",
    "Expected model change",
    source="Settles, Craven, Ray 2008",
    adaptive=True,
    needs="probabilities",
    when="A linear model, and unusual rows are real rather than errors.",
)
def expected_model_change(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items whose label would move a linear model most, whichever of its classes it turns out to be.

    The expected length of the gradient of a softmax regression's loss, its intercept counted as a feature of ones.
    For other models it stands for how doubtful and how unusual a row is.
    """
    return top(gradient_length_score(pool.probabilities(), squares_kept(pool)[pool.candidates]), n, rng)


@STRATEGIES.register(
    "below_confidence",
    "Below 70% sure",
    source="a habit of practice",
    adaptive=True,
    needs="probabilities",
    when="A simple rule is wanted that everybody can follow and that leaves some chance in the batch.",
)
def below_confidence(pool: Pool, n: int, rng: np.random.Generator, confidence: float = 0.7) -> np.ndarray:
    """Any of the items whose most likely class the model gives under 70%; the least sure follow when those run out."""
    surest = highest(pool.probabilities())
    below = rng.permutation(np.flatnonzero(surest < confidence))
    if len(below) >= n:
        return np.asarray(below[:n])
    sure = np.flatnonzero(surest >= confidence)
    return np.concatenate([below, sure[top(-surest[sure], n - len(below), rng)]])
