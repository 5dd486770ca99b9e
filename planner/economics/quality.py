"""How good labels are that several people vote on, what the votes cost, and what wrong test labels hide."""

import numpy as np
from scipy.special import comb
from scipy.stats import binom

from planner.errors import BadSetting

MOST_VOTES = 11
VOTES = tuple(range(1, MOST_VOTES + 1, 2))  # an even number of votes can tie
LEAST_SIGNAL = 0.2  # below this a measured score says too little about the true one


def majority_quality(votes: int, quality: float) -> float:
    """Chance that the majority of an odd number of votes is right when each is right with chance `quality`.

    Two labels, voters who err independently. Source: Condorcet 1785; Sheng, Provost, Ipeirotis 2008.
    """
    return float(binom.sf(votes // 2, votes, quality))


def expected_votes(votes: int, quality: float) -> float:
    """Votes paid for on average when voting stops once the majority is settled: 2 + 2 q (1 - q) of three.

    The last vote is the one that completes a majority of either side: two negative binomial waiting times.
    """
    need = votes // 2 + 1
    against = np.arange(need)  # votes of the losing side by then
    ways, wrong = comb(need + against - 1, against), 1 - quality
    settled = ways * (quality**need * wrong**against + wrong**need * quality**against)
    return float(((need + against) * settled).sum())


def corrected_score(measured: float, error_rate: float, classes: int) -> float:
    """The accuracy behind one measured on test labels of which a share is wrong, evenly over the other classes.

    a = (m - e / (C - 1)) / (1 - e C / (C - 1)), within 0 and 1. Raises BadSetting when the labels carry too little.
    """
    others = classes - 1
    signal = 1 - error_rate * classes / others
    if signal < LEAST_SIGNAL - 1e-12:  # 1 - .4 x 2 is a little under .2 to a computer
        raise BadSetting(
            f"With {error_rate:.0%} of the test labels wrong among {classes} classes, the measured score says too "
            f"little about the true one. Label the test rows better, such as by more votes."
        )
    return float(np.clip((measured - error_rate / others) / signal, 0, 1))


def measured_score(true: float, error_rate: float, classes: int) -> float:
    """The accuracy that test labels show when a share of them is wrong; the reverse of corrected_score."""
    return true * (1 - error_rate) + (1 - true) * error_rate / (classes - 1)


def clean_labels_per_cost(votes: int, quality: float, cost_per_item: float) -> float:
    """How many clean labels a unit of money buys, in labels at one vote's price.

    n items by majority teach about as much as n (2 q - 1)^2 clean ones (symmetric errors, two classes); each costs
    its votes and `cost_per_item`, in votes, for finding and preparing it.
    """
    return (2 * majority_quality(votes, quality) - 1) ** 2 / (votes + cost_per_item)


def best_votes(quality: float, cost_per_item: float) -> int:
    """The odd number of votes, up to 11, that teaches most per unit of money; the smaller of equals."""
    worth = [clean_labels_per_cost(votes, quality, cost_per_item) for votes in VOTES]
    return VOTES[int(np.argmax(np.round(worth, 12)))]
