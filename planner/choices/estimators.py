"""Models: what is trained on the labels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.pipeline import make_pipeline

from planner.choices.classifiers import Calibrated, LinearSVM, NaiveBayes, NearestRows, SmallNet
from planner.choices.softmax import Softmax
from planner.registry import Registry

Estimator = Callable[[int, bool], Any]  # (seed, whether the features are sparse text) -> unfitted classifier
# family: whose prior the forecast uses; calibrated: its probabilities come from rows left out, whatever is asked for;
# warning: what a person should know before choosing it, in a sentence.
ESTIMATORS: Registry[Estimator] = Registry("model", family="unknown", calibrated=False, warning="")


@ESTIMATORS.register("auto", "Chosen for you")
def auto(seed: int, text: bool) -> Any:
    """Logistic regression, or extra trees where they are clearly ahead inside the training folds."""
    return logistic_regression(seed, text)  # until the pilot has compared the two


@ESTIMATORS.register("logistic_regression", "Logistic regression", source="Cox 1958", family="linear")
def logistic_regression(seed: int, text: bool) -> Any:
    """A linear model: quick, calibrated, and strong on text and on embeddings."""
    del seed  # one optimum, and no chance on the way to it
    # TF-IDF rows have length one, so they need less shrinkage than standardised ones.
    return Softmax(10.0 if text else 1.0)


@ESTIMATORS.register(
    "linear_svm", "Linear SVM", source="Cortes, Vapnik 1995; Platt 1999", family="linear", calibrated=True
)
def linear_svm(seed: int, text: bool) -> Any:
    """A linear model that minds the close calls only; its probabilities are a sigmoid, learned on rows left out."""
    del text
    # Solved in the primal, which converges in a few steps whether there are more rows or more columns.
    return Calibrated(LinearSVM(C=0.1, dual=False), seed)


@ESTIMATORS.register("naive_bayes", "Naive Bayes", source="Maron 1961; McCallum, Nigam 1998")
def naive_bayes(seed: int, text: bool) -> Any:
    """Every column counts on its own, words as counts, numbers as normal in a class: quick, and good on few labels."""
    del seed, text
    return NaiveBayes()


@ESTIMATORS.register("random_forest", "Random forest", source="Breiman 2001", family="trees")
def random_forest(seed: int, text: bool) -> Any:
    """Fifty trees on resamples of the labels: steady on tables of numbers and categories."""
    del text
    return _RandomForest(50, random_state=seed)


@ESTIMATORS.register("extra_trees", "Extra trees", source="Geurts, Ernst, Wehenkel 2006", family="trees")
def extra_trees(seed: int, text: bool) -> Any:
    """Fifty randomised trees: strong on tables of numbers and categories."""
    del text
    return _ExtraTrees(50, random_state=seed)


@ESTIMATORS.register("gradient_boosting", "Gradient boosting", source="Friedman 2001", family="boosting")
def gradient_boosting(seed: int, text: bool) -> Any:
    """Trees built one on the errors of the other: best on large tables, slow, and weak below 500 labels."""
    del text
    boosting = HistGradientBoostingClassifier(max_iter=60, random_state=seed, early_stopping=False)
    return make_pipeline(_Folded(random_state=seed), boosting)


@ESTIMATORS.register("k_nearest", "Nearest neighbors", source="Fix, Hodges 1951")
def k_nearest(seed: int, text: bool) -> Any:
    """The classes of the 10 nearest labeled rows, near ones counting more; good where classes form many islands."""
    del seed, text
    return NearestRows(10)


@ESTIMATORS.register(
    "neural_net",
    "Small neural net",
    source="Rumelhart, Hinton, Williams 1986",
    warning="A small neural net is slow, and with under about 1,000 labels its curve says as much about luck as "
    "about the data.",
)
def neural_net(seed: int, text: bool) -> Any:
    """One hidden layer of 32 units, on sparse rows folded into 100 numbers: slow, and shaky below 1,000 labels."""
    del text
    return make_pipeline(_Folded(random_state=seed), SmallNet(32, seed))


class Committee:
    """A forest that is a committee by itself: parts of it vote, and nothing has to be trained for them."""

    estimators_: list[Any]
    classes_: np.ndarray

    def predict_proba(self, X: Any) -> np.ndarray:
        """The mean over trees, (rows, C): scikit-learn's numbers without its checks and queues around every tree."""
        X = X.astype(np.float32)
        P = np.zeros((X.shape[0], len(self.classes_)))
        for tree in self.estimators_:
            P += tree.tree_.predict(X)[:, : P.shape[1]]
        return P / len(self.estimators_)

    def members(self, X: Any, count: int) -> np.ndarray:
        """Probabilities by `count` parts of the forest, every tree in one of them, (count, rows, C)."""
        X = X.astype(np.float32)
        trees = self.estimators_
        parts = [trees[part::count] for part in range(count)]
        return np.array([sum(tree.predict_proba(X, check_input=False) for tree in part) / len(part) for part in parts])


class _ExtraTrees(Committee, ExtraTreesClassifier):  # type: ignore[misc]  # scikit-learn ships no types
    pass


class _RandomForest(Committee, RandomForestClassifier):  # type: ignore[misc]
    pass


class _Folded(TruncatedSVD):  # type: ignore[misc]  # scikit-learn ships no types
    """Sparse rows folded into at most 100 dimensions, for models that take none; dense rows as they are."""

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        if not issparse(X):
            return X
        self.n_components = min(100, *X.shape)
        return super().fit_transform(X, y)

    def transform(self, X: Any) -> Any:
        return super().transform(X) if issparse(X) else X
