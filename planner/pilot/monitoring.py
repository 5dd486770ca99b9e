"""Monitoring: what a strategy bought, batch by batch, beside what its pool holds. Changes no pick and no score."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import issparse

from planner.choices.strategies.clusters import k_means_groups
from planner.choices.strategies.distances import mean_to_nearest, products, square_norms
from planner.choices.strategies.hybrid import inlier_weight
from planner.results import Result

MOST_CLUSTERS = 50
NEIGHBORS = 10  # rows around an item that say how alone it is
MOST_NEIGHBORS = 500  # rows that are searched for them, drawn at random
FAR = 3.5  # modified z-score beyond which a value is an outlier; Iglewicz, Hoaglin 1993
MOST_WATCHED = 400  # items of a run between which distances are measured, as many of every batch
FEWEST_WATCHED = 5  # of a batch
SIDE = 1000  # steps of a side of the map: enough for a picture, too coarse to tell a row by
EDGES = (0.5, 99.5)  # hundredths of the rows between which the map is drawn; the few beyond stand on its edge
MIDDLING = 16  # components of sparse text, which has no mean to take off before they are found
NO_PLACES = np.empty((0, 2), dtype=int)


@dataclass(frozen=True, eq=False)
class Plane(Result):
    """Where the rows of a sample lie by their two principal components: a picture, no row of the data."""

    places: np.ndarray  # (n, 2) steps from 0 to 1000; (0, 2) where there is no map
    share: float  # of the spread of the rows, 0-1, that the picture holds


@dataclass(frozen=True, eq=False)
class Landscape(Result):
    """How the rows of a sample lie, from their features alone."""

    cluster: np.ndarray  # (n,) cluster of each row
    outlier: np.ndarray  # (n,) bool; whether the row lies far from all others
    plane: Plane = Plane(NO_PLACES, 0.0)


@dataclass(frozen=True, eq=False)
class Walked(Result):
    """One finished walk over a pool of m rows: what was bought in which order, and what the models said."""

    X: Any  # (m, d) features of the pool, dense or CSR
    y: np.ndarray  # (m,) class codes
    rows: np.ndarray  # (m,) rows of the sample
    order: np.ndarray  # (m,) positions in the order they were bought
    anchors: np.ndarray  # (K,) labels
    stop: np.ndarray  # (s,) positions that every model was asked about
    said: np.ndarray  # (K, s) class codes it predicted there
    n_classes: int


def survey(X: Any, seed: int) -> Landscape:
    """Clusters of the rows, min(50, sqrt(n)) at most, and the rows that are outliers.

    An outlier's mean distance to its 10 nearest among 500 rows is over 3.5 median deviations above the median.
    """
    n, rng = X.shape[0], np.random.default_rng(seed)
    groups = k_means_groups(X, min(MOST_CLUSTERS, int(np.sqrt(n))), rng)
    rows = np.arange(n)
    among = rows if n <= MOST_NEIGHBORS else rng.choice(rows, MOST_NEIGHBORS, replace=False)
    weight = inlier_weight(mean_to_nearest(X, rows, among, NEIGHBORS))
    return Landscape(groups.of, weight < 1 / (1 + FAR), plane_of(X, seed))


def plane_of(X: Any, seed: int) -> Plane:
    """The map of the rows: sparse ones by a truncated singular value decomposition, all by principal components."""
    from sklearn.decomposition import PCA, TruncatedSVD

    if min(X.shape) < 2:
        return Plane(NO_PLACES, 0.0)
    held = 1.0
    if issparse(X) and X.shape[1] > MIDDLING:
        svd = TruncatedSVD(min(MIDDLING, X.shape[0] - 1), random_state=seed)
        X = svd.fit_transform(X)
        held = float(svd.explained_variance_ratio_.sum())
    pca = PCA(2, random_state=seed)
    with np.errstate(invalid="ignore"):  # rows that are all alike have no spread to hold a share of
        found = pca.fit_transform(X.toarray() if issparse(X) else X)
    low, high = np.percentile(found, EDGES, axis=0)
    steps = SIDE * (found - low) / np.where(high > low, high - low, 1.0)
    share = held * float(np.nan_to_num(pca.explained_variance_ratio_).sum())
    return Plane(np.clip(np.round(steps), 0, SIDE).astype(int), round(min(share, 1.0), 4))


def watch(landscape: Landscape, walked: Walked) -> dict[str, np.ndarray]:
    """The fields of a Trace that describe its K - 1 batches and the clusters touched at its K anchors."""
    order, anchors = walked.order, walked.anchors
    all_batches = np.split(order, anchors[:-1])
    batches = all_batches[1:]
    outlier = landscape.outlier[walked.rows]
    counts = [np.bincount(walked.y[batch], minlength=walked.n_classes) for batch in batches]
    return {
        "picked_classes": np.array(counts).reshape(-1, walked.n_classes),
        "distance": np.round(_distances(walked, all_batches), 4),
        "outliers": np.round([outlier[batch].mean() for batch in batches], 6),
        "still_wrong": _still_wrong(walked),
        "clusters": np.round(_clusters(landscape.cluster[walked.rows], order, anchors), 6),
    }


def _distances(walked: Walked, batches: list[np.ndarray]) -> np.ndarray:
    """Mean distance of each batch to the nearest row labeled before it, over that of all items left, (K-1,).

    Distances are measured between so many items of every batch; an item stands for all those of its batch.
    """
    most = max(FEWEST_WATCHED, MOST_WATCHED // len(batches))
    some = [_thin(batch, most) for batch in batches]
    of = np.repeat(np.arange(len(batches)), [len(few) for few in some])
    weight = np.concatenate(
        [np.full(len(few), len(batch) / len(few)) for few, batch in zip(some, batches, strict=True)]
    )
    X = walked.X[np.concatenate(some)]
    square = square_norms(X)
    apart = square - 2 * products(X, X)
    nearest, found = np.full(len(of), np.inf), np.ones(len(batches) - 1)
    for k in range(len(found)):
        np.minimum(nearest, apart[:, of == k].min(axis=1), out=nearest)
        far = np.sqrt(np.maximum(nearest + square, 0))
        usual = np.average(far[of > k], weights=weight[of > k])
        found[k] = far[of == k + 1].mean() / usual if usual > 0 else 1.0
    return found


def _thin(positions: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the positions, evenly spaced."""
    if len(positions) <= most:
        return positions
    return np.asarray(positions[np.arange(most) * len(positions) // most])


def _still_wrong(walked: Walked) -> np.ndarray:
    """[wrong, looked at] of each batch, (K-1, 2): its rows in the stop set, and what the next model said of them."""
    place = np.empty(len(walked.order), dtype=int)
    place[walked.order] = np.arange(len(place))
    batch = np.searchsorted(walked.anchors, place[walked.stop], side="right") - 1  # -1: among the first labels
    bought = batch >= 0
    batch, stop = batch[bought], walked.stop[bought]
    wrong = walked.said[batch + 1, np.flatnonzero(bought)] != walked.y[stop]
    size = len(walked.anchors) - 1
    return np.column_stack([np.bincount(batch, weights=wrong, minlength=size), np.bincount(batch, minlength=size)]).astype(int)  # fmt: skip # noqa: E501


def _clusters(cluster: np.ndarray, order: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Share of the pool's clusters that hold a labeled row at each anchor, (K,)."""
    first = np.unique(cluster[order], return_index=True)[1]  # when each was touched first
    return np.asarray((first[None, :] < anchors[:, None]).mean(axis=1))
