"""Other people's parts on the menus: a query strategy of scikit-activeml, a classifier of scikit-learn.

    STRATEGIES.register("prob_cover", "ProbCover")(planner.from_skactiveml(ProbCover()))
    ESTIMATORS.register("lda", "Discriminant analysis")(planner.from_classifier(LinearDiscriminantAnalysis()))

Neither library's strategies are imported here: what is handed in is asked what it takes.
"""

from importlib import import_module
from inspect import Parameter, signature
from typing import Any

import numpy as np
from scipy.sparse import issparse
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin, clone, is_regressor

from planner.choices.estimators import Estimator
from planner.choices.strategies import Pool, Strategy
from planner.errors import BadSetting, BadTable

MEMBERS = 5  # of a committee, where a strategy asks for one
GIVEN = {"X", "y", "candidates", "batch_size", "return_utilities"}
MODELS = {"clf", "estimator", "discriminator"}  # what strategies call the model


def from_skactiveml(query_strategy: Any, **arguments: Any) -> Strategy:
    """A pool query strategy of scikit-activeml as one of this planner's, to be registered on the menu.

    Where its `query` asks for a classifier it gets the pilot's model, where it asks for an ensemble five of them
    trained on resamples of the labels; `arguments` are handed to `query` as they are, and take precedence. Whatever
    has a parameter `classes` that is None gets those of the task, and every random_state a number from the run's
    generator. A pick that comes twice is made up for at random; so is the whole batch where the model is asked for
    and one class only has been found. Raises BadSetting for what is no such strategy or asks for more.
    """
    return _QueryStrategy(query_strategy, arguments)


def from_classifier(classifier: Any) -> Estimator:
    """A classifier with scikit-learn's interface as a model of this planner, to be registered on the menu.

    Every fit is made on a clone, each random_state in it set from the run's seed. One without predict_proba gets
    the softmax of its decision function, and one without that is sure of what it predicts. Raises BadSetting for what
    cannot be fitted and asked.
    """
    return _Estimator(classifier)


class _QueryStrategy:
    """Calls a query strategy as Strategy is called."""

    def __init__(self, query_strategy: Any, arguments: dict[str, Any]) -> None:
        name = type(query_strategy).__name__
        bases = [base for base in type(query_strategy).__mro__ if base.__name__ == "PoolQueryStrategy"]
        if not bases:
            raise BadSetting(
                f"{name} is no pool query strategy of scikit-activeml. Hand in one that is made, such as "
                "UncertaintySampling()."
            )
        self.package = bases[0].__module__.split(".")[0]
        self.query_strategy, self.arguments = query_strategy, arguments
        self.__doc__ = f"The query strategy {name} of scikit-activeml."
        inner = getattr(query_strategy, "query_strategy", None)  # of a wrapper, which hands arguments on
        self.asked, needed = _asked(query_strategy if inner is None else inner)
        missing = sorted(needed - MODELS - {"ensemble"} - set(arguments))
        if missing:
            raise BadSetting(
                f"{name} asks for {' and '.join(missing)}, which a pilot does not have. Hand it in by name: "
                f"from_skactiveml({name}(), {missing[0]}=...); strategies for regression cannot be used."
            )

    def __call__(self, pool: Pool, n: int, rng: np.random.Generator) -> np.ndarray:
        n = min(n, len(pool.candidates))
        at_random = rng.permutation(len(pool.candidates))
        if issparse(pool.X):
            raise BadTable(
                f"{type(self.query_strategy).__name__} takes no sparse rows, and text or columns of many categories "
                "are sparse. Leave those columns out, or read text by its meaning."
            )
        model_wanted = self._models_wanted() or "ensemble" in self.asked - set(self.arguments)
        if model_wanted and not hasattr(pool.model, "get_params"):  # one class only has been found
            return at_random[:n]
        found = np.asarray(self._query(pool, n, rng)).ravel()
        place = np.full(pool.X.shape[0], -1)
        place[pool.candidates] = np.arange(len(pool.candidates))
        picks = np.array(list(dict.fromkeys([*place[found].tolist(), *at_random.tolist()])))
        return picks[:n]

    def _query(self, pool: Pool, n: int, rng: np.random.Generator) -> Any:
        classes = np.arange(pool.probabilities().shape[1])
        y = np.full(pool.X.shape[0], np.nan)
        y[pool.labeled] = pool.labels
        wanted: dict[str, Any] = {name: self._model(pool, classes, rng) for name in self._models_wanted()}
        if "ensemble" in self.asked and "ensemble" not in self.arguments:
            wanted |= {"ensemble": self._ensemble(pool, classes, rng), "fit_ensemble": False}
        wanted |= {name: _ready(value, classes, rng) for name, value in self.arguments.items()}
        strategy = _clusters_seeded(_ready(self.query_strategy, classes, rng), rng)
        return strategy.query(X=pool.X, y=y, candidates=pool.candidates, batch_size=n, **wanted)

    def _models_wanted(self) -> list[str]:
        return sorted(MODELS & self.asked - set(self.arguments))

    def _model(self, pool: Pool, classes: np.ndarray, rng: np.random.Generator) -> Any:
        """The pilot's model, not fitted, as scikit-activeml takes one."""
        wrapper = import_module(f"{self.package}.classifier").SklearnClassifier
        return _ready(wrapper(pool.model, classes=classes), classes, rng)

    def _ensemble(self, pool: Pool, classes: np.ndarray, rng: np.random.Generator) -> list[Any]:
        """Models fitted on resamples of the labeled rows, a row of every class in each."""
        one_each = np.unique(pool.labels, return_index=True)[1]
        members = []
        for _ in range(MEMBERS):
            drawn = np.concatenate([one_each, rng.integers(len(pool.labels), size=len(pool.labels) - len(one_each))])
            model = self._model(pool, classes, rng)
            members.append(model.fit(pool.X[pool.labeled[drawn]], pool.labels[drawn].astype(float)))
        return members


def _asked(query_strategy: Any) -> tuple[set[str], set[str]]:
    """(what its query takes, what of it has no default)."""
    taken = {
        name: one for name, one in signature(query_strategy.query).parameters.items() if one.kind is not one.VAR_KEYWORD
    }
    needed = {name for name, one in taken.items() if one.default is Parameter.empty}
    return set(taken) - GIVEN, needed - GIVEN


def _ready(value: Any, classes: np.ndarray, rng: np.random.Generator) -> Any:
    """A clone of anything with parameters, its random states and classes set; any other value as it is."""
    if isinstance(value, list | tuple):
        return type(value)(_ready(one, classes, rng) for one in value)
    if not hasattr(value, "get_params") or isinstance(value, type):
        return value
    made = clone(value)
    if made.get_params(deep=False).get("classes", ()) is None:
        made.set_params(classes=classes)
    return _seeded(made, rng)


def _seeded(made: Any, rng: np.random.Generator) -> Any:
    names = [name for name in made.get_params(deep=True) if name.split("__")[-1] == "random_state"]
    return made.set_params(**{name: int(rng.integers(2**31)) for name in sorted(names)})


def _clusters_seeded(strategy: Any, rng: np.random.Generator) -> Any:
    """The strategy whose clustering, if it has one, draws from the run's generator too and not from NumPy's global."""
    known = strategy.get_params(deep=False)
    if "random_state" not in signature(known.get("cluster_algo", object)).parameters:
        return strategy
    return strategy.set_params(
        cluster_algo_dict={"random_state": int(rng.integers(2**31)), **(known["cluster_algo_dict"] or {})}
    )


class _Estimator:
    """Makes a model as Estimator is called."""

    def __init__(self, classifier: Any) -> None:
        name = type(classifier).__name__
        has_all = all(hasattr(classifier, one) for one in ("fit", "predict", "get_params"))
        if isinstance(classifier, type) or not has_all or is_regressor(classifier):
            raise BadSetting(
                f"{name if not isinstance(classifier, type) else classifier.__name__} is no classifier that can be "
                "fitted. Hand in one that is made, such as GaussianNB(), with fit, predict and get_params."
            )
        self.classifier = classifier
        self.__doc__ = f"The classifier {name}, handed in from Python."

    def __call__(self, seed: int, text: bool) -> Any:
        del text
        return _Adapted(_seeded(clone(self.classifier), np.random.default_rng(seed)))


class _Adapted(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A classifier with probabilities, whatever it has of its own, and a sentence where it takes no sparse rows."""

    classes_: np.ndarray

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, X: Any, y: np.ndarray) -> "_Adapted":
        """Fit a clone of the classifier."""
        try:
            self.fitted_ = clone(self.classifier).fit(X, y)
        except TypeError as wrong:
            if not issparse(X):
                raise
            raise BadTable(
                f"{type(self.classifier).__name__} takes no sparse rows, and text or columns of many categories are "
                "sparse. Leave those columns out, read text by its meaning, or choose another model."
            ) from wrong
        self.classes_ = self.fitted_.classes_
        for name in ("coef_", "feature_importances_"):  # what strategies may look at
            if hasattr(self.fitted_, name):
                setattr(self, name, getattr(self.fitted_, name))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """What the classifier says, (rows,)."""
        return np.asarray(self.fitted_.predict(X))

    def predict_proba(self, X: Any) -> np.ndarray:
        """Its probabilities, or what stands for them, (rows, C)."""
        if hasattr(self.fitted_, "predict_proba"):
            return np.asarray(self.fitted_.predict_proba(X))
        said = np.searchsorted(self.classes_, self.predict(X))
        if not hasattr(self.fitted_, "decision_function"):
            return np.asarray(np.eye(len(self.classes_))[said])
        found = np.asarray(self.fitted_.decision_function(X), dtype=float)
        P = softmax(found, axis=1) if found.ndim == 2 else np.column_stack([expit(-found), expit(found)])
        # Some decide otherwise than by their decision function; a pilot scores what they would say.
        rows, likeliest = np.arange(len(P)), P.argmax(axis=1)
        P[rows, likeliest], P[rows, said] = P[rows, said], P[rows, likeliest]
        return np.asarray(P)
