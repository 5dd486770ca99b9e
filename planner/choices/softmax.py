"""Softmax regression with an L2 penalty: scikit-learn's LogisticRegression, made for many small fits in a row.

Inexact Newton steps (Dembo, Eisenstat, Steihaug 1982) from the solution before. What it saves beside scikit-learn's
newton-cg on the same problem: the start, the checks and copies around each product, single precision where only a
direction is sought (the gradient stays double, so the solution is as exact), and in sparse rows the columns that no
training row has: their weights are exactly 0 under an L2 penalty.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator, ClassifierMixin

TOLERANCE = 1e-7  # largest entry of the gradient of the mean loss; from 1e-6 up a few close calls fall differently
MOST_STEPS = 100
MOST_PRODUCTS = 300  # of the Hessian within one step
EXACTNESS = 0.25  # share of the gradient that a step may leave: exacter ones cost more than they save
SMALLEST_STEP = 1e-8
NOISE = 1e-14  # of the loss, from summing in doubles: no decrease below it can be seen


class Softmax(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """P(class) in proportion to exp(w_class x + b_class); least mean loss + |w|^2 / (2 C rows), b is not penalized.

    Two classes share one w, as in scikit-learn's LogisticRegression with the same C; wherever that goes, this goes too.
    """

    classes_: np.ndarray  # (C,) those in the training rows
    coef_: np.ndarray  # (C, d), (1, d) for two classes
    intercept_: np.ndarray  # (C,), (1,) for two classes
    converged_: bool

    def __init__(self, C: float = 1.0, tolerance: float = TOLERANCE) -> None:
        self.C, self.tolerance = C, tolerance
        self._before: Softmax | None = None

    def start_from(self, fitted: "Softmax") -> "Softmax":
        """Begin the next fit at another's solution; its features are the same, its classes need not be."""
        self._before = fitted
        return self

    def fit(self, X: Any, y: np.ndarray, sample_weight: np.ndarray | None = None) -> "Softmax":
        """Fit rows of two classes or more, each counted as often as its weight says."""
        self.classes_, codes = _coded(np.asarray(y))
        weights = np.ones(len(codes)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        total = float(weights.sum())
        rows = _Sparse(X) if issparse(X) else _Dense(X)
        problem = _Problem(rows, codes, weights / total, 1 / (self.C * total))
        W, self.converged_ = problem.solve(self._first(rows), self.tolerance)
        self._W = rows.widened(W)
        self.coef_, self.intercept_ = self._W[:-1].T, self._W[-1]
        self._before = None  # else every model would keep all before it
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """w x + b, (rows, C), (rows,) for two classes."""
        U = self._logits(X).T
        return U[:, 0] if U.shape[1] == 1 else U

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, (rows, C)."""
        P = _softmax(self._logits(X))[0]
        return np.ascontiguousarray((np.concatenate([1 - P, P]) if len(P) == 1 else P).T)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (rows,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _logits(self, X: Any) -> np.ndarray:
        U = np.ascontiguousarray(np.asarray(X @ self._W[:-1]).T)  # a class a row: sums over classes run fast
        U += self._W[-1][:, None]
        return U

    def _first(self, rows: "_Rows") -> np.ndarray:
        """Where to begin, (d + 1, C): the weights of the fit before, 0 for a class it had not found."""
        before, size = self._before, len(self.classes_)
        W = np.zeros((rows.width + 1, size))
        if before is not None:
            old = rows.narrowed(before._W)
            old = old @ np.array([[-0.5, 0.5]]) if len(before.classes_) == 2 else old
            _, here, there = np.intersect1d(self.classes_, before.classes_, return_indices=True)
            W[:, here] = old[:, there]
            W -= W.mean(axis=1, keepdims=True)  # the penalty holds the classes' weights to a sum of 0
        return W[:, 1:] - W[:, :1] if size == 2 else W


class _Rows(ABC):
    """Training rows as the solver takes them: products with weights, a class a row in (C, n)."""

    width: int
    quick: type  # precision that directions are sought in

    @abstractmethod
    def logits(self, W: np.ndarray) -> np.ndarray:
        """W'x + b of every row, (C, n), from (d + 1, C)."""

    @abstractmethod
    def back(self, R: np.ndarray) -> np.ndarray:
        """Sum over rows of R times the row and 1, (d + 1, C), from (C, n)."""

    def narrowed(self, W: np.ndarray) -> np.ndarray:
        """The weights of the columns that are in use."""
        return W

    def widened(self, W: np.ndarray) -> np.ndarray:
        """The weights of all columns."""
        return W


class _Dense(_Rows):
    quick = np.float32  # halves the time of a product

    def __init__(self, X: np.ndarray) -> None:
        self.width = X.shape[1]
        self.X = {precision: np.asarray(X, dtype=precision) for precision in (np.float64, np.float32)}

    def logits(self, W: np.ndarray) -> np.ndarray:
        U = np.ascontiguousarray((self.X[W.dtype.type] @ W[:-1]).T)
        U += W[-1][:, None]
        return U

    def back(self, R: np.ndarray) -> np.ndarray:
        G = np.empty((self.width + 1, len(R)), dtype=R.dtype)
        np.dot(self.X[R.dtype.type].T, R.T, out=G[:-1])
        R.sum(axis=1, out=G[-1])
        return G


class _Sparse(_Rows):
    quick = np.float64  # a product waits for the indices, which single precision does not shorten

    def __init__(self, X: Any) -> None:
        X = X.tocsr()
        seen = np.zeros(X.shape[1], dtype=bool)
        seen[X.indices] = True
        self.all, self.columns = X.shape[1], np.flatnonzero(seen)
        self.width = len(self.columns)
        place = np.empty(X.shape[1], dtype=X.indices.dtype)
        place[self.columns] = np.arange(self.width)
        self.X = csr_array((X.data, place[X.indices], X.indptr), shape=(X.shape[0], self.width))
        self.transposed = self.X.T

    def logits(self, W: np.ndarray) -> np.ndarray:
        U = np.ascontiguousarray((self.X @ W[:-1]).T)
        U += W[-1][:, None]
        return U

    def back(self, R: np.ndarray) -> np.ndarray:
        return np.concatenate([self.transposed @ np.ascontiguousarray(R.T), R.sum(axis=1)[None, :]])

    def narrowed(self, W: np.ndarray) -> np.ndarray:
        return np.concatenate([W[self.columns], W[-1:]])

    def widened(self, W: np.ndarray) -> np.ndarray:
        wide = np.zeros((self.all + 1, W.shape[1]))
        wide[self.columns], wide[-1] = W[:-1], W[-1]
        return wide


class _Problem:
    """Mean loss of n weighted rows plus the penalty, as a function of W, (d + 1, C), or (d + 1, 1) for two classes."""

    def __init__(self, rows: _Rows, codes: np.ndarray, weights: np.ndarray, ridge: float) -> None:
        self.rows, self.weights, self.ridge = rows, weights, ridge
        of = np.arange(codes.max() + 1)[:, None] == codes
        self.Y = (of[1:] if len(of) == 2 else of).astype(float)
        self.two = len(of) == 2

    def solve(self, W: np.ndarray, tolerance: float) -> tuple[np.ndarray, bool]:
        """(solution, whether the gradient is within the tolerance there), beginning at W."""
        U = self.rows.logits(W)
        value, P = self.value(U, W)
        for _ in range(MOST_STEPS):
            G = self.rows.back((P - self.Y) * self.weights)
            G[:-1] += self.ridge * W[:-1]
            steepest = float(np.abs(G).max())
            if steepest <= tolerance:
                return W, True
            D, change = self.direction(G, P, max(min(EXACTNESS, steepest**0.5) * steepest, 0.3 * tolerance))
            slope, step = float(np.vdot(G, D)), 1.0
            while step >= SMALLEST_STEP:
                tried = W + step * D
                there, P = self.value(U + step * change, tried)
                if there <= value + 1e-4 * step * slope + NOISE * abs(value):
                    break
                step /= 2
            else:
                return W, False
            W, U, value = tried, U + step * change, there
        return W, False

    def value(self, U: np.ndarray, W: np.ndarray) -> tuple[float, np.ndarray]:
        """(loss and penalty, probabilities)."""
        P, logs = _softmax(U)
        right = np.einsum("ij,ij->j", U, self.Y)
        return float((logs - right) @ self.weights + self.ridge / 2 * np.vdot(W[:-1], W[:-1])), P

    def direction(self, G: np.ndarray, P: np.ndarray, leave: float) -> tuple[np.ndarray, np.ndarray]:
        """(Newton step by conjugate gradients up to a residual of `leave`, what it adds to the logits)."""
        kind = self.rows.quick
        R: np.ndarray = -G.astype(kind)
        P = P.astype(kind)
        curvature = (P * (1 - P) if self.two else P) * self.weights.astype(kind)
        D, towards, squares = np.zeros_like(R), R.copy(), float(np.vdot(R, R))
        change, spare = np.zeros_like(P), np.empty_like(R)  # large arrays made anew each round cost as much as the sums
        for _ in range(MOST_PRODUCTS):
            U = self.rows.logits(towards)
            H = self.bent(towards, U, P, curvature)
            along = float(np.vdot(towards, H))
            if along <= 0:  # rounding has eaten what was left
                break
            step = kind(squares / along)
            D += np.multiply(towards, step, out=spare)
            R -= np.multiply(H, step, out=H)
            change += np.multiply(U, step, out=U)
            if max(float(R.max()), -float(R.min())) <= leave:
                break
            before, squares = squares, float(np.vdot(R, R))
            towards *= kind(squares / before)
            towards += R
        D = D.astype(float)
        return D, (change if kind is np.float64 else self.rows.logits(D))

    def bent(self, V: np.ndarray, U: np.ndarray, P: np.ndarray, curvature: np.ndarray) -> np.ndarray:
        """The Hessian times V, (d + 1, C), with U the logits of V."""
        if self.two:
            U = U * curvature
        else:
            U = U - np.einsum("ij,ij->j", P, U)
            U *= curvature
        H = self.rows.back(U)
        H[:-1] += np.multiply(V[:-1], V.dtype.type(self.ridge))
        if not self.two:
            # A shift of all intercepts changes nothing, and must not grow from rounding.
            H[-1] -= H[-1].sum() / H.shape[1]
        return H


def _coded(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(classes in rising order, place of each row's class among them)."""
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() > len(y) + 1000:
        return np.unique(y, return_inverse=True)
    here = np.bincount(y) > 0  # for codes ten times as quick
    return np.flatnonzero(here), (np.cumsum(here) - 1)[y]


def _softmax(U: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(probabilities, log of their sum before scaling), (C, n) and (n,); of the second class alone for two classes."""
    if len(U) == 1:
        E = np.exp(-np.abs(U))
        return np.where(U >= 0, 1, E) / (1 + E), (np.maximum(U, 0) + np.log1p(E))[0]
    top = U.max(axis=0)
    P = np.exp(U - top)
    total = P.sum(axis=0)
    P /= total
    return P, np.log(total) + top
