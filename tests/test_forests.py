"""Forests predict scikit-learn's numbers, and their parts are the committee."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import make_classification
from sklearn.ensemble import ExtraTreesClassifier

from planner.choices.estimators import ESTIMATORS


@pytest.mark.parametrize("made", [np.asarray, csr_array])
def test_forest_predicts_the_numbers_of_scikit_learn(made):
    X, y = make_classification(300, 20, n_informative=8, n_classes=4, random_state=0)
    model = ESTIMATORS["extra_trees"].call(3, False).fit(made(X[:200]), y[:200])
    peer = ExtraTreesClassifier(50, random_state=3).fit(made(X[:200]), y[:200])
    assert np.array_equal(model.predict_proba(made(X)), peer.predict_proba(made(X)))


def test_members_of_a_forest_average_to_the_forest():
    X, y = make_classification(300, 20, n_informative=8, n_classes=4, random_state=0)
    model = ESTIMATORS["extra_trees"].call(3, False).fit(X[:200], y[:200])
    members = model.members(X, 5)
    assert members.shape == (5, 300, 4)
    np.testing.assert_allclose(members.mean(axis=0), model.predict_proba(X))
    assert len({member.tobytes() for member in members}) == 5
