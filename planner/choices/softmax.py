"""Softmax regression with an L2 penalty: scikit-learn's LogisticRegression, made for many small fits in a row.

Inexact Newton steps (Dembo, Eisenstat, Steihaug 1982; how inexact on sparse rows: Eisenstat, Walker 1996, their second
choice) from the solution before. What it saves beside scikit-learn's newton-cg on the same problem: the start, the
checks and copies around each product, single precision where only a direction is sought (the gradient stays double, so
the solution is as exact), and in sparse rows the columns that no training row has: the penalty holds them to exactly 0.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from scipy.linalg import blas
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator, ClassifierMixin

TOLERANCE = 1e-7  # largest entry of the gradient of the mean loss; from 1e-6 up a few close calls fall differently
MOST_STEPS = 100
MOST_PRODUCTS = 300  # of the Hessian within one step
EXACTNESS = 0.25  # share of the gradient that a step may leave: exacter ones cost more than they save
TRUST, LARGE = 0.9, 0.1  # as published; see _Sparse.leave
SMALLEST_STEP = 1e-8
# One call and one pass each.
BLAS: Any = {np.float32: (blas.saxpy, blas.sdot, blas.isamax), np.float64: (blas.daxpy, blas.ddot, blas.idamax)}
BLOCK = 2048  # rows predicted at a time: what is between features and probabilities stays in the cache
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
        U = _logits(X, self._W).T
        return U[:, 0] if U.shape[1] == 1 else U

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, (rows, C)."""
        found = np.empty((X.shape[0], len(self.classes_)))
        step = max(BLOCK, X.shape[0]) if issparse(X) else BLOCK  # to cut sparse rows costs more than it saves
        for start in range(0, X.shape[0], step):
            U = _logits(X[start : start + step], self._W)
            P = _softmax(U, into=U)[0]
            found[start : start + step] = (np.concatenate([1 - P, P]) if len(P) == 1 else P).T
        return found

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (rows,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _first(self, rows: "_Rows") -> np.ndarray:
        """Where to begin, (d + 1, C): the weights of the fit before, 0 for a class it had not found."""
        before, size = self._before, len(self.classes_)
        W = np.zeros((rows.width + 1, size))
        if before is not None:
            old = rows.narrowed(before._W)
            old = old @ np.array([[-0.5, 0.5]]) if len(before.classes_) == 2 else old
            there = np.minimum(before.classes_.searchsorted(self.classes_), len(before.classes_) - 1)
            known = before.classes_[there] == self.classes_
            W[:, known] = old[:, there[known]]
            W -= W.mean(axis=1, keepdims=True)  # the penalty holds the classes' weights to a sum of 0
        return W[:, 1:] - W[:, :1] if size == 2 else W


class _Rows(ABC):
    """Training rows as the solver takes them: products with weights, a class a row in (C, n)."""

    width: int
    quick: Any  # precision that directions are sought in

    @abstractmethod
    def logits(self, W: np.ndarray) -> np.ndarray:
        """W'x + b of every row, (C, n), from (d + 1, C)."""

    @abstractmethod
    def back(self, R: np.ndarray) -> np.ndarray:
        """Sum over rows of R times the row and 1, (d + 1, C), from (C, n)."""

    def quick_logits(self, W: np.ndarray) -> np.ndarray:
        """The logits in the precision that directions are sought in."""
        return self.logits(W)

    def quick_back(self, R: np.ndarray) -> np.ndarray:
        """The sum in that precision."""
        return self.back(R)

    def leave(self, steepest: float, shrunk: float, left: float) -> float:
        """Share of the gradient that the next step may leave.

        From its largest entry, and the share of its length that the step before left and had been allowed to leave.
        """
        del shrunk, left
        return float(min(EXACTNESS, steepest**0.5))

    def narrowed(self, W: np.ndarray) -> np.ndarray:
        """The weights of the columns that are in use."""
        return W

    def widened(self, W: np.ndarray) -> np.ndarray:
        """The weights of all columns."""
        return W


class _Dense(_Rows):
    quick = np.float32  # halves the time of a product

    def __init__(self, X: np.ndarray) -> None:
        rows, self.width = X.shape
        self.X = np.asarray(X, dtype=float)
        self.Z = np.ones((self.width + 1, rows), dtype=np.float32)  # a column a row: few classes by many rows run fast
        self.Z[:-1] = self.X.T

    def logits(self, W: np.ndarray) -> np.ndarray:
        return _logits(self.X, W)

    def back(self, R: np.ndarray) -> np.ndarray:
        G = np.empty((self.width + 1, len(R)))
        np.dot(self.X.T, R.T, out=G[:-1])
        R.sum(axis=1, out=G[-1])
        return G

    def quick_logits(self, W: np.ndarray) -> np.ndarray:
        return np.asarray(W.T.dot(self.Z))

    def quick_back(self, R: np.ndarray) -> np.ndarray:
        return np.asarray(self.Z.dot(R.T))


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
        return _logits(self.X, W)

    def back(self, R: np.ndarray) -> np.ndarray:
        return np.concatenate([self.transposed @ np.ascontiguousarray(R.T), R.sum(axis=1)[None, :]])

    def leave(self, steepest: float, shrunk: float, left: float) -> float:
        """Products are dear here, and the root of a small gradient asks for more of them than the tolerance needs."""
        del steepest
        slow = TRUST * left**2  # what the step before was allowed still counts while it is large
        return min(EXACTNESS, max(TRUST * shrunk**2, slow if slow > LARGE else 0.0))

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
        self.ones = np.ones(len(of), dtype=rows.quick)  # sums over classes, in one call

    def solve(self, W: np.ndarray, tolerance: float) -> tuple[np.ndarray, bool]:
        """(solution, whether the gradient is within the tolerance there), beginning at W."""
        U = self.rows.logits(W)
        value, P = self.value(U, W)
        before, left = 0.0, 1.0
        for _ in range(MOST_STEPS):
            G = self.rows.back((P - self.Y) * self.weights)
            G[:-1] += self.ridge * W[:-1]
            steepest, length = float(np.abs(G).max()), float(np.linalg.norm(G))
            if steepest <= tolerance:
                return W, True
            left = self.rows.leave(steepest, length / before if before else 1.0, left)
            before = length
            D, change = self.direction(G, P, max(left * steepest, 0.3 * tolerance))
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
        axpy, dot, largest = BLAS[kind]
        R: np.ndarray = -G.astype(kind)
        P = P.astype(kind)
        curvature = (P * (1 - P) if self.two else P) * self.weights.astype(kind)
        D, towards = np.zeros_like(R), R.copy()
        left, step_of, found, penalized = R.ravel(), towards.ravel(), D.ravel(), R.size - R.shape[1]
        squares = float(dot(left, left))
        for _ in range(MOST_PRODUCTS):
            H = self.bent(self.rows.quick_logits(towards), P, curvature).ravel()
            axpy(step_of, H, n=penalized, a=self.ridge)
            along = float(dot(step_of, H))
            if along <= 0:  # rounding has eaten what was left
                break
            axpy(step_of, found, a=squares / along)
            axpy(H, left, a=-squares / along)
            if abs(left[largest(left)]) <= leave:
                break
            before, squares = squares, float(dot(left, left))
            towards *= kind(squares / before)
            towards += R
        D = D.astype(float)
        if not self.two:  # a shift of all intercepts changes nothing, and must not grow from rounding
            D[-1] -= D[-1].mean()
        return D, self.rows.logits(D)

    def bent(self, U: np.ndarray, P: np.ndarray, curvature: np.ndarray) -> np.ndarray:
        """The Hessian of the loss times V, (d + 1, C), with U the logits of V, which are overwritten."""
        if not self.two:
            U -= self.ones.dot(P * U)
        U *= curvature
        return self.rows.quick_back(U)


def _coded(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(classes in rising order, place of each row's class among them)."""
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() > len(y) + 1000:
        return np.unique(y, return_inverse=True)
    here = np.bincount(y) > 0  # for codes ten times as quick
    return np.flatnonzero(here), (np.cumsum(here) - 1)[y]


def _logits(X: Any, W: np.ndarray) -> np.ndarray:
    """W'x + b of every row, (C, n), from (d + 1, C): a class a row, so that sums over classes run fast."""
    U: np.ndarray = np.ascontiguousarray((X @ W[:-1]).T) if issparse(X) else np.dot(W[:-1].T, np.asarray(X).T)
    U += W[-1][:, None]
    return U


def _softmax(U: np.ndarray, into: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(probabilities, log of their sum before scaling), (C, n) and (n,); of the second class alone for two classes.

    Large arrays made anew cost more than what is written to them: `into`, which may be U, takes the probabilities.
    """
    if len(U) == 1:
        E = np.exp(-np.abs(U))
        return np.where(U >= 0, 1, E) / (1 + E), (np.maximum(U, 0) + np.log1p(E))[0]
    top = U.max(axis=0)
    P = np.subtract(U, top, out=into)
    np.exp(P, out=P)
    total = P.sum(axis=0)
    P /= total
    return P, np.log(total) + top
