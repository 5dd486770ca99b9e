"""Items on which several models, each trained on a resample of the labels, disagree."""

import numpy as np
from scipy.special import rel_entr

from planner.choices.strategies.pool import STRATEGIES, Pool, top
from planner.choices.strategies.uncertainty import entropy_score, least_confidence_score


def vote_shares(committee: np.ndarray) -> np.ndarray:
    """Share of the members that vote for each class, (n, C), from probabilities (M, n, C)."""
    members, n, classes = committee.shape
    votes = np.arange(n) * classes + committee.argmax(axis=2)
    return np.asarray(np.bincount(votes.ravel(), minlength=n * classes).reshape(n, classes) / members)


def vote_entropy_score(committee: np.ndarray) -> np.ndarray:
    """Entropy of the members' votes, (n,), from probabilities (M, n, C)."""
    return entropy_score(vote_shares(committee))


def variation_ratio_score(committee: np.ndarray) -> np.ndarray:
    """Share of the members that vote against the majority, (n,), from probabilities (M, n, C)."""
    return least_confidence_score(vote_shares(committee))


def consensus_entropy_score(committee: np.ndarray) -> np.ndarray:
    """Entropy of the members' mean belief, (n,), from probabilities (M, n, C)."""
    return entropy_score(committee.mean(axis=0))


def mean_kl_score(committee: np.ndarray) -> np.ndarray:
    """Mean divergence of a member's belief from the mean belief, nats, (n,), from probabilities (M, n, C)."""
    return np.asarray(rel_entr(committee, committee.mean(axis=0)).sum(axis=2).mean(axis=0))


def max_kl_score(committee: np.ndarray) -> np.ndarray:
    """Largest divergence of a member's belief from the mean belief, nats, (n,), from probabilities (M, n, C)."""
    return np.asarray(rel_entr(committee, committee.mean(axis=0)).sum(axis=2).max(axis=0))


@STRATEGIES.register(
    "query_by_committee",
    "Committee disagreement",
    source="Seung, Opper, Sompolinsky 1992; vote entropy by Dagan, Engelson 1995",
    adaptive=True,
    needs="committee",
    when="Single probabilities are not to be trusted, as with few labels or with trees.",
)
def query_by_committee(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which five models, each trained on a resample of the labels, vote most differently."""
    committee = pool.committee(rng)
    return _top_votes(vote_entropy_score(committee), consensus_entropy_score(committee), n, rng)


@STRATEGIES.register(
    "variation_ratio",
    "Committee majority",
    source="Freeman 1965",
    adaptive=True,
    needs="committee",
    same_as={"two_classes": "query_by_committee"},
    when="As for the committee, when only the lost votes count and not how they split.",
)
def variation_ratio(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which the fewest of five models vote with the majority."""
    committee = pool.committee(rng)
    return _top_votes(variation_ratio_score(committee), least_confidence_score(committee.mean(axis=0)), n, rng)


@STRATEGIES.register(
    "consensus_entropy",
    "Committee's shared doubt",
    source="Settles 2009",
    adaptive=True,
    needs="committee",
    same_as={"own_committee": "entropy"},
    when="One model's probabilities are too noisy and the mean of five is steadier.",
)
def consensus_entropy(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items over whose classes the mean belief of five models is most spread out."""
    return top(consensus_entropy_score(pool.committee(rng)), n, rng)


@STRATEGIES.register(
    "mean_kl",
    "Committee divergence, mean",
    source="McCallum, Nigam 1998; as BALD by Houlsby and others 2011",
    adaptive=True,
    needs="committee",
    when="Doubt that more labels can remove is wanted, and doubt from overlapping classes is not.",
)
def mean_kl(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which the beliefs of five models lie farthest from their mean, on average; also known as BALD.

    BALD, the information that a label gives about the model, is H(mean belief) - mean H(belief): the same number.
    """
    return top(mean_kl_score(pool.committee(rng)), n, rng)


@STRATEGIES.register(
    "max_kl",
    "Committee divergence, largest",
    source="after McCallum, Nigam 1998",
    adaptive=True,
    needs="committee",
    when="A single dissenting model is reason enough to look.",
)
def max_kl(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which one of five models lies farthest from their mean belief."""
    return top(max_kl_score(pool.committee(rng)), n, rng)


@STRATEGIES.register(
    "mixed_committee",
    "Committee of different models",
    source="Seung, Opper, Sompolinsky 1992; Abe, Mamitsuka 1998",
    adaptive=True,
    needs="architectures",
    when="It is unclear which kind of model suits the data, so that where kinds disagree tells most.",
)
def mixed_committee(pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
    """Items on which logistic regression, naive Bayes and extra trees, trained on the same labels, vote differently.

    The highest vote entropy, and among equal votes the highest entropy of the mean belief.
    """
    committee = pool.architectures()
    return _top_votes(vote_entropy_score(committee), consensus_entropy_score(committee), n, rng)


def _top_votes(votes: np.ndarray, belief: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """The n largest scores of votes; five votes give few distinct ones, so the mean belief decides among equals."""
    shuffled, votes = rng.permutation(len(votes)), np.round(votes, 9)
    if 0 < n < len(votes):  # only those that may be among the n are put in order
        shuffled = shuffled[votes[shuffled] >= np.partition(votes, len(votes) - n)[len(votes) - n]]
    return shuffled[np.lexsort((-belief[shuffled], -votes[shuffled]))[:n]]
