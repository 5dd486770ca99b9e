"""Cold starts: which rows get the first labels, before any model exists."""

from collections.abc import Callable
from typing import Any

import numpy as np

from planner.choices.strategies.diversity import k_means, typiclust
from planner.choices.strategies.pool import Pool
from planner.registry import Registry

# (features, whether an expert marked each row, how many, generator) -> positions. The rows come in a random order.
Start = Callable[[Any, np.ndarray, int, np.random.Generator], np.ndarray]
STARTS: Registry[Start] = Registry("cold start")


@STARTS.register("random", "At random")
def random_start(X: Any, marked: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Any rows, each as likely as the other."""
    del X, marked, rng
    return np.arange(n)


@STARTS.register("k_means", "Group centers", source="Yuan, Lin, Boyd-Graber 2020")
def k_means_start(X: Any, marked: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """The most central row of each of as many groups as there are first labels."""
    del marked
    return k_means(_unlabeled(X), n, rng)


@STARTS.register("typiclust", "Typical rows", source="Hacohen, Dekel, Weinshall 2022")
def typiclust_start(X: Any, marked: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """The most typical row of each of as many groups as there are first labels, large groups first."""
    del marked
    return typiclust(_unlabeled(X), n, rng)


@STARTS.register("expert", "Rows an expert marked")
def expert_start(X: Any, marked: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """The rows that a column of the file marks, then random ones; a random part of them where too many are marked."""
    del X, rng
    return np.argsort(~marked, kind="stable")[:n]


def _unlabeled(X: Any) -> Pool:
    """A pool in which nothing has a label, and nothing can be asked of a model."""

    def no_model(*_: Any) -> np.ndarray:
        raise LookupError("nothing is trained before the first labels")

    nothing = np.empty(0, dtype=int)
    return Pool(X, nothing, nothing, np.arange(X.shape[0]), no_model, no_model)
