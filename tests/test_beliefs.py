"""Sums and maxima by columns are numpy's own by rows, to the bit."""

import numpy as np
import pytest
from scipy.stats import entropy

from planner.choices.strategies import entropy_score, gradient_length_score
from planner.choices.strategies.beliefs import highest, lead, summed


def beliefs(classes: int) -> np.ndarray:
    """Rows of beliefs, with ties, certainties and classes that were not found yet among them."""
    rng = np.random.default_rng(classes)
    P = rng.dirichlet(np.ones(classes), 3000)
    P[::5] = 1 / classes
    P[::7] = np.eye(classes)[rng.integers(classes, size=len(P[::7]))]
    return P


@pytest.mark.parametrize("classes", [2, 3, 5, 7, 8, 9, 32, 33, 60])
def test_the_numbers_are_numpys(classes):
    P = beliefs(classes)
    two = np.sort(P, axis=1)[:, -2:]
    assert (highest(P) == P.max(axis=1)).all()
    assert (lead(P) == two[:, 1] - two[:, 0]).all()
    assert (summed(P) == P.sum(axis=1)).all()


def test_a_committee_is_summed_over_the_classes():
    P = np.array([beliefs(4), beliefs(4)[::-1]])
    assert (summed(P) == P.sum(axis=2)).all()


@pytest.mark.parametrize("classes", [2, 5, 12])
def test_scores_in_blocks_are_those_of_all_rows_at_once(classes):
    P, squares = beliefs(classes), np.random.default_rng(0).random(3000)
    each = [np.linalg.norm(P - np.eye(classes)[k], axis=1) for k in range(classes)]
    expected = (P * np.transpose(each)).sum(axis=1) * np.sqrt(squares + 1)
    np.testing.assert_allclose(gradient_length_score(P, squares), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(entropy_score(P), entropy(P, axis=1), atol=1e-12)
