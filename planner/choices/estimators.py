"""Models: what is trained on the labels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline

from planner.choices.softmax import Softmax
from planner.registry import Registry

Estimator = Callable[[int, bool], Any]  # (seed, whether the features are sparse text) -> unfitted classifier
ESTIMATORS: Registry[Estimator] = Registry("model")


@ESTIMATORS.register("auto", "Chosen for you", family="unknown")
def auto(seed: int, text: bool) -> Any:
    """Logistic regression, or extra trees where they are clearly ahead inside the training folds."""
    return logistic_regression(seed, text)  # until the pilot has compared the two


@ESTIMATORS.register("logistic_regression", "Logistic regression", source="Cox 1958", family="linear")
def logistic_regression(seed: int, text: bool) -> Any:
    """A linear model: quick, calibrated, and strong on text and on embeddings."""
    del seed  # one optimum, and no chance on the way to it
    # TF-IDF rows have length one, so they need less shrinkage than standardised ones.
    return Softmax(10.0 if text else 1.0)


@ESTIMATORS.register("extra_trees", "Extra trees", source="Geurts, Ernst, Wehenkel 2006", family="trees")
def extra_trees(seed: int, text: bool) -> Any:
    """Fifty randomised trees: strong on tables of numbers and categories."""
    del text
    return _ExtraTrees(50, random_state=seed)


@ESTIMATORS.register("gradient_boosting", "Gradient boosting", source="Friedman 2001", family="unknown")
def gradient_boosting(seed: int, text: bool) -> Any:
    """Trees built one on the errors of the other: best on large tables, slow, and weak below 500 labels."""
    del text
    boosting = HistGradientBoostingClassifier(max_iter=60, random_state=seed, early_stopping=False)
    return make_pipeline(_Folded(random_state=seed), boosting)


class Committee:
    """A forest that is a committee by itself: parts of it vote, and nothing has to be trained for them."""

    estimators_: list[Any]

    def members(self, X: Any, count: int) -> np.ndarray:
        """Probabilities by `count` parts of the forest, every tree in one of them, (count, rows, C)."""
        X = X.astype(np.float32)
        trees = self.estimators_
        parts = [trees[part::count] for part in range(count)]
        return np.array([sum(tree.predict_proba(X, check_input=False) for tree in part) / len(part) for part in parts])


class _ExtraTrees(Committee, ExtraTreesClassifier):  # type: ignore[misc]  # scikit-learn ships no types
    pass


class _Folded(TruncatedSVD):  # type: ignore[misc]  # scikit-learn ships no types
    """Sparse rows folded into at most 100 dimensions, since boosting takes none; dense rows as they are."""

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        if not issparse(X):
            return X
        self.n_components = min(100, *X.shape)
        return super().fit_transform(X, y)

    def transform(self, X: Any) -> Any:
        return super().transform(X) if issparse(X) else X
