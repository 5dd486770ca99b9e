"""What was picked: five rows worked out by hand, and laws over the strategies."""

import csv
import io
from dataclasses import replace

import handmade
import numpy as np
import pytest
from making import task
from scipy.sparse import csr_array
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.exports import EXPORTS
from planner.forecast.monitored import Monitored
from planner.pilot import Run
from planner.pilot.monitoring import Landscape, Walked, survey, watch
from planner.pilot.replay import Trace, simulate
from planner.pilot.saved import pilot_from_json, pilot_to_json
from planner.report import write
from planner.report.picked import batches_table, bought_by, picked_sentence

RAW = load_digits()
X = StandardScaler().fit_transform(RAW.data[:400])
TASK = task(X, RAW.target[:400], folds=4, repeats=1, first=20)
WATCHED = replace(TASK, landscape=survey(X, 7))
FIELDS = ("anchors", "confusion", "log_loss", "auc", "kappa", "pool_entropy", "picked", "unconverged")


def walks(name: str, of=WATCHED, sizes=(300,), fold: int = 0) -> tuple[Trace, ...]:
    call = {name: STRATEGIES[name].call}
    return simulate(of, call, ESTIMATORS[of.model].call, [Run(name, 0, fold, size) for size in sizes])


def five(X=None) -> dict[str, np.ndarray]:
    """Rows 10 to 14 on a line at 0, 1, 3, 7 and 20, bought two, two and one; 14 is an outlier, 12 the stop set's."""
    X = np.array([[0.0], [1], [3], [7], [20]]) if X is None else X
    cluster, outlier = np.zeros(20, dtype=int), np.zeros(20, dtype=bool)
    cluster[[12, 13]], cluster[14], outlier[14] = 1, 2, True
    walked = Walked(
        X,
        y=np.array([0, 1, 1, 0, 2]),
        rows=np.arange(10, 15),
        order=np.array([0, 1, 4, 2, 3]),
        anchors=np.array([2, 4, 5]),
        stop=np.array([1, 2, 4]),
        said=np.array([[1, 1, 2], [0, 0, 2], [0, 1, 1]]),
        n_classes=3,
    )
    return watch(Landscape(cluster, outlier), walked)


@pytest.mark.parametrize("form", [np.array, csr_array])
def test_five_rows_by_hand(form) -> None:
    """Labeled: 0 and 1; then 20 and 3, of distances 19 and 2 where the items left have 19, 2 and 6; then 7."""
    found = five(form(np.array([[0.0], [1], [3], [7], [20]])))
    assert found["picked_classes"].tolist() == [[0, 1, 1], [1, 0, 0]]
    assert found["distance"].tolist() == pytest.approx([(21 / 2) / (27 / 3), 1.0], abs=1e-4)
    assert found["outliers"].tolist() == [0.5, 0.0]
    # Of the first batch both rows are watched; the model after it says 0 for row 12, which is 1, and 2 for row 14.
    assert found["still_wrong"].tolist() == [[1, 2], [0, 0]]
    assert found["clusters"].tolist() == pytest.approx([1 / 3, 1.0, 1.0], abs=1e-6)


def test_copies_of_one_row_are_as_far_as_the_pool() -> None:
    assert five(np.zeros((5, 1)))["distance"].tolist() == [1.0, 1.0]


def test_a_row_far_from_all_others_is_an_outlier_and_is_counted_when_it_is_bought() -> None:
    """Forty rows on two heaps and one far off: farthest from labeled buys it in its first batch."""
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal(size=(20, 2)), rng.normal(size=(20, 2)) + 8, [[60.0, -60.0]]])
    lies = survey(X, 7)
    assert np.flatnonzero(lies.outlier).tolist() == [40]
    assert len(set(lies.cluster[:20]) & set(lies.cluster[20:40])) == 0
    heaps = replace(task(X, np.arange(41) % 2, folds=2, first=10, growth=1.5), landscape=lies)
    fold = int(1 - heaps.fold_of(0)[40])  # tested elsewhere, so it can be bought
    (trace,) = walks("k_center", heaps, (20,), fold)
    first = trace.anchors[0]
    assert 40 not in trace.picked[:first], "not in the random start"
    size = trace.anchors[1] - first
    assert trace.outliers.tolist() == pytest.approx([1 / size, *np.zeros(len(trace.outliers) - 1)], abs=1e-6)


def test_rows_that_are_all_alike_hold_no_outlier() -> None:
    assert not survey(np.ones((300, 3)), 7).outlier.any()


def test_sparse_rows_are_surveyed_as_dense_ones() -> None:
    dense = np.random.default_rng(1).poisson(0.3, (300, 20)).astype(float)
    one, other = survey(dense, 7), survey(csr_array(dense), 7)
    assert one.outlier.tolist() == other.outlier.tolist()
    assert one.cluster.tolist() == other.cluster.tolist()


@pytest.mark.parametrize("name", ["margin", "k_center", "query_by_committee", "badge"])
def test_watching_changes_nothing_that_is_measured(name: str) -> None:
    (plain,), (watched,) = walks(name, TASK), walks(name)
    assert all(np.array_equal(getattr(plain, field), getattr(watched, field)) for field in FIELDS)
    assert plain.clusters.size == 0
    assert watched.clusters.size == len(watched.anchors)


def test_only_walks_that_can_be_held_against_one_another_are_watched() -> None:
    of = replace(WATCHED, settings=replace(WATCHED.settings, cuts=2))
    call = {"random": STRATEGIES["random"].call}
    shared, other = simulate(of, call, ESTIMATORS[of.model].call, [Run("random", 0, 0, 300, cut) for cut in (0, 1)])
    assert (shared.clusters.size, other.clusters.size) == (len(shared.anchors), 0)


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_batches_add_up_to_what_was_bought(name: str) -> None:
    (trace,) = walks(name, replace(WATCHED, settings=replace(WATCHED.settings, growth=2.0)))
    assert trace.picked_classes.sum(axis=1).tolist() == np.diff(trace.anchors).tolist()
    bought = np.bincount(TASK.labels[trace.picked[trace.anchors[0] :]], minlength=10)
    assert trace.picked_classes.sum(axis=0).tolist() == bought.tolist()
    outliers = (trace.outliers * np.diff(trace.anchors)).sum()
    assert outliers == pytest.approx(WATCHED.landscape.outlier[trace.picked[trace.anchors[0] :]].sum(), abs=1e-3)
    wrong, asked = trace.still_wrong.T
    assert ((wrong >= 0) & (wrong <= asked) & (asked <= np.diff(trace.anchors))).all()
    assert (np.diff(trace.clusters) >= 0).all()
    assert (trace.clusters[-1], trace.distance[-1]) == (1.0, 1.0), "the last batch buys the rest"


def test_random_buys_what_the_pool_holds() -> None:
    """Over 40 starts the first batch of random lies within four standard errors of the pool's shares, distance 1."""
    counts, far = np.zeros(10), []
    for seed in range(40):
        (trace,) = walks("random", replace(WATCHED, settings=replace(WATCHED.settings, seed=seed, growth=3.0)))
        counts += trace.picked_classes[0]
        far.append(trace.distance[0])
    pool = np.bincount(TASK.labels, minlength=10) / 400
    error = np.sqrt(pool * (1 - pool) / counts.sum())
    assert (np.abs(counts / counts.sum() - pool) < 4 * error).all()
    assert abs(np.mean(far) - 1) < 4 * np.std(far) / np.sqrt(len(far))


def test_spreading_out_touches_more_clusters_and_lies_farther_than_random() -> None:
    """Twenty seeds; the second anchor is where the first batch shows."""
    more, far = [], []
    for seed in range(20):
        one = replace(WATCHED, settings=replace(WATCHED.settings, seed=seed, growth=3.0))
        (spread,), (random,) = walks("k_center", one), walks("random", one)
        more.append(spread.clusters[1] - random.clusters[1])
        far.append(spread.distance[0] - random.distance[0])
    assert np.mean(more) > 0
    assert min(far) > 0


BOUGHT = bought_by(handmade.forecast())["margin"]


def test_early_batches_end_within_the_first_half_of_what_was_chosen() -> None:
    """50 at random, 800 in all: half of the 750 chosen are bought at 425, and the batches end at 100, 200, 400, 800."""
    assert BOUGHT.early.tolist() == [True, True, True, False]
    assert BOUGHT.bought.tolist() == [50, 100, 200, 400]
    # (.08 x 50 + .02 x 100 + .02 x 200) / 350 and, with .01 x 400, over 750
    assert BOUGHT.over(BOUGHT.outliers, BOUGHT.early) == pytest.approx(10 / 350)
    assert BOUGHT.pool_outliers == pytest.approx(14 / 750)


def test_a_point_costs_what_its_batch_cost_over_the_points_it_brought() -> None:
    """Half a dollar a label; a batch of 50 that brings 2 points, of 100 that brings none, of 200 that loses one."""
    made = replace(BOUGHT, gain=np.array([0.02, 0.0, -0.01, 0.001]))
    np.testing.assert_allclose(made.cost_per_point(0.5), [12.5, np.nan, np.nan, 2000])


def test_too_few_rows_looked_at_give_no_share_of_wrong_ones() -> None:
    made = handmade.forecast()
    trace = made.pilot.traces_of("margin")[0]
    few = replace(trace, still_wrong=np.array([[1, 9], [1, 10], [0, 0], [5, 20]]))
    pilot = replace(made.pilot, traces=(few,))
    one = bought_by(replace(made, pilot=pilot, measured={"margin": made.measured["margin"]}))["margin"]
    np.testing.assert_allclose(one.still_wrong, [np.nan, 0.1, np.nan, 0.25])


def test_the_sentence_says_what_was_sought_and_what_was_left() -> None:
    assert picked_sentence(BOUGHT) == (
        "**Smallest margin bought 2 times as many of “returns” as the pool holds (20.0% of its picks, 10.0% of the "
        "pool) and less of “login” (36.0% of its picks, 50.0% of the pool).** In the first half of what it chose, "
        "2.9% of its picks were outliers (1.9% of the pool); the model trained on them still got 20.0% wrong; 90% of "
        "the pool's clusters held a label after 400."
    )
    alike = replace(BOUGHT, shares=np.tile(BOUGHT.pool, (4, 1)))
    assert "bought the classes about as the pool holds them." in picked_sentence(alike)


def test_the_table_has_a_row_a_batch_and_never_more_than_twelve() -> None:
    table = batches_table(BOUGHT, 1.0, "USD")
    assert [row[:5] for row in table.rows[:2]] == [
        ("100", "50", "login: 36%, pool 50%", "1.50", "8.0%"),
        ("200", "100", "login: 36%, pool 50%", "1.50", "2.0%"),
    ]
    assert [row[6] for row in table.rows] == ["60%", "80%", "90%", "100%"]
    many = Monitored("margin", BOUGHT.classes, BOUGHT.pool, np.arange(50, 91), *_forty())
    assert [row[0] for row in batches_table(many, 1.0, "USD").rows][::11] == ["51", "90"]


def _forty() -> tuple[np.ndarray, ...]:
    flat = np.full(40, 0.5)
    return np.tile(BOUGHT.pool, (40, 1)), flat, flat, flat, flat, flat


def test_the_file_holds_every_strategy_and_batch() -> None:
    rows = list(csv.DictReader(io.StringIO(EXPORTS["picks_csv"].call(write(handmade.plan())).decode())))
    assert [(row["strategy"], row["batch"]) for row in rows] == [
        (name, str(k)) for name in ("random", "margin", "k_center") for k in (1, 2, 3, 4)
    ]
    for row in rows:
        assert sum(float(row[f"class {name}"]) for name in ("billing", "login", "returns")) == pytest.approx(1)
    one = next(row for row in rows if row["strategy"] == "margin")
    gain = handmade.random_score(100) - handmade.random_score(50)
    assert float(one["gain"]) == pytest.approx(gain)
    assert float(one["cost_per_point"]) == pytest.approx(50 / (100 * gain))


def test_a_pilot_file_from_before_says_nothing_of_its_batches_and_all_else() -> None:
    pilot = handmade.forecast().pilot
    saved = pilot_to_json(pilot)
    assert pilot_to_json(pilot_from_json(saved)) == saved
    for trace in saved["traces"]:
        for name in ("picked_classes", "distance", "outliers", "still_wrong", "clusters"):
            del trace[name]
    old = pilot_from_json(saved)
    assert bought_by(replace(handmade.forecast(), pilot=old)) == {}
