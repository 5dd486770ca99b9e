"""The replay: laws of the flow on the digits that scikit-learn carries."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from making import facts, task
from scipy.sparse import csr_array
from sklearn.datasets import load_digits
from sklearn.metrics import cohen_kappa_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES, stands_for
from planner.errors import PlannerError
from planner.forecast.replayed import measure, measure_random
from planner.pilot import gather, runs, traces
from planner.pilot.models import choose_model, estimator_of, fit
from planner.pilot.replay import simulate
from planner.pilot.scoring import area_under_curve, confusion_counts, kappa
from planner.pilot.task import PilotSettings, Run, labels_at
from planner.workers import Workers

RAW = load_digits()
SETTINGS = PilotSettings(strategies=("margin", "k_center"), repeats=2, folds=3)
TASK = replace(task(StandardScaler().fit_transform(RAW.data[:400]), RAW.target[:400]), settings=SETTINGS)


def walk(strategy: str, size: int = 200, fold: int = 0, of=TASK):
    call = {strategy: STRATEGIES[strategy].call}
    return simulate(of, call, ESTIMATORS[of.model].call, [Run(strategy, 0, fold, size)])[0]


def having(of=TASK, **settings):
    """The task with some settings changed."""
    return replace(of, settings=replace(of.settings, **settings))


def same(one, other) -> bool:
    names = ("anchors", "confusion", "log_loss", "auc", "kappa", "pool_entropy", "picked")
    return one.run == other.run and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def test_workers_change_nothing():
    one = list(traces(TASK, Workers(1)))
    two = list(traces(TASK, Workers(2)))
    assert len(one) == len(two) == 2 * 3 * (3 + 1 + 1)  # repeats, folds; cuts at random, margin, k_center
    assert all(same(a, b) for a, b in zip(one, two, strict=True))


def test_another_strategy_leaves_the_others_alone():
    few = {t.run: t for t in traces(having(repeats=1))}
    more = {t.run: t for t in traces(having(repeats=1, strategies=("entropy", "margin", "k_center")))}
    assert set(few) < set(more)
    assert all(same(few[run], more[run]) for run in few)


@pytest.mark.parametrize("model", ["logistic_regression", pytest.param("extra_trees", marks=pytest.mark.slow)])
def test_with_the_whole_pool_labeled_every_strategy_scores_the_same(model):
    last = [walk(name, of=having(replace(TASK, model=model), growth=2.0)).confusion[-1] for name in STRATEGIES]
    assert all(np.array_equal(last[0], other) for other in last)


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_nothing_is_labeled_twice_and_nothing_outside_the_training_folds(name):
    trace = walk(name)
    assert len(set(trace.picked.tolist())) == len(trace.picked) == 200
    assert not set(trace.picked.tolist()) & set(np.flatnonzero(TASK.fold_of(0) == 0).tolist())


def test_strategies_of_a_repeat_share_the_first_labels_and_what_they_score():
    traced = [walk(name) for name in STRATEGIES]
    assert all(np.array_equal(traced[0].picked[:50], other.picked[:50]) for other in traced)
    assert all(np.array_equal(traced[0].confusion[0], other.confusion[0]) for other in traced)


def test_strategies_pick_differently_on_ten_classes():
    picked = {name: walk(name).picked.tobytes() for name in STRATEGIES if stands_for(name, TASK.holds) == name}
    for one, other in itertools.combinations(picked, 2):
        assert picked[one] != picked[other], f"{one} and {other} pick alike"


def test_every_labeled_row_is_tested_once_a_repeat():
    done = list(traces(having(strategies=(), cuts=1)))
    for repeat in range(2):
        assert sum(t.confusion[-1].sum() for t in done if t.run.repeat == repeat) == 400


def test_another_repeat_and_another_seed_cut_differently():
    assert not np.array_equal(TASK.fold_of(0), TASK.fold_of(1))
    assert not np.array_equal(TASK.fold_of(0), having(seed=8).fold_of(0))


def test_equal_rows_stay_in_one_fold():
    same = np.arange(400) // 4
    fold = replace(TASK, same=same).fold_of(0)
    assert all(len(set(fold[same == number])) == 1 for number in range(100))


def test_folds_hold_every_class_evenly():
    fold = TASK.fold_of(0)
    for code in range(10):
        counts = np.bincount(fold[TASK.labels == code], minlength=3)
        assert counts.max() - counts.min() <= 1


def test_a_cancelled_pilot_keeps_whole_repeats():
    of = having(cuts=1)
    started = traces(of)
    done = list(itertools.islice(started, 12))  # 9 runs are a repeat
    started.close()
    pilot = gather(facts(400, 10), of, done)
    assert (pilot.repeats, len(pilot.traces)) == (1, 9)
    with pytest.raises(PlannerError, match=r"after 8 of 9 runs of the first repeat"):
        gather(facts(400, 10), of, done[:8])


@pytest.mark.parametrize("model", [name for name in ESTIMATORS if name != "auto"])
def test_every_model_walks_on_sparse_rows_as_on_dense_ones(model):
    dense = having(replace(TASK, model=model, X=TASK.X[:, :20]), first=100, growth=2.0)
    sparse = replace(dense, X=csr_array(dense.X))
    one, other = walk("random", of=dense), walk("random", of=sparse)
    assert one.anchors.tolist() == other.anchors.tolist() == [100, 200]
    accuracy = METRICS["accuracy"].call
    np.testing.assert_allclose(accuracy(Outcome(one.confusion)), accuracy(Outcome(other.confusion)), atol=0.15)


def test_under_two_hundred_rows_nothing_is_replayed():
    small = replace(TASK, X=TASK.X[:199], labels=TASK.labels[:199], same=TASK.same[:199])
    assert runs(small) == []
    assert gather(facts(199, 10), small, []).repeats == 0


def test_random_labeling_is_replayed_in_cuts_of_its_own_and_a_strategy_once_a_repeat():
    planned = runs(having(repeats=2, cuts=3))
    at_random, chosen = ([run for run in planned if run.baseline == baseline] for baseline in (True, False))
    assert {run.cut for run in chosen} == {0}
    assert {(run.repeat, run.cut) for run in at_random} == {(r, cut) for r in range(2) for cut in range(3)}
    assert len(at_random) == 2 * 3 * 3  # folds
    folds = [tuple(TASK.fold_of(split)) for split in {run.split for run in at_random}]
    assert len(set(folds)) == 6  # no two cuts are alike


def test_further_cuts_change_nothing_that_strategies_are_held_against():
    """The walks of the first cut are the same numbers with and without others beside them."""
    few, many = having(cuts=1), having(cuts=3)
    calls = {name: STRATEGIES[name].call for name in few.settings.all_strategies}

    def walked(of):
        fold = [run for run in runs(of) if (run.repeat, run.fold) == (0, 0)]
        return [trace for trace in simulate(of, calls, estimator_of(of), fold) if trace.run.cut == 0]

    for one, other in zip(walked(few), walked(many), strict=True):
        assert one.run == other.run
        np.testing.assert_array_equal(one.confusion, other.confusion)
        np.testing.assert_array_equal(one.picked, other.picked)


def test_random_labeling_in_all_its_cuts_ends_where_each_cut_trains_on_everything():
    """Every row is tested once a cut, and the scores of all cuts are pooled."""
    of = having(repeats=1, cuts=3, strategies=())
    pilot = gather(facts(len(of.labels), of.n_classes), of, traces(of))
    measured = measure_random(pilot, "accuracy")
    assert measured.folds.shape == (9, len(measured.labels))
    assert measured.repeats.shape == (3, len(measured.labels))
    shared = measure(pilot, "random", "accuracy")
    np.testing.assert_allclose(measured.repeats[0], shared.repeats[0])
    right = [trace.confusion[-1].trace() for trace in pilot.at_random]
    assert measured.mean[-1] == pytest.approx(sum(right) / (3 * len(of.labels)))


def test_training_sizes_grow_by_the_ratio_and_end_without_a_sliver():
    """50, 67.5, 90.45, 121.5 ... rounded at each step, as on paper."""
    assert labels_at(50, 1.35, 200).tolist() == [50, 68, 92, 124, 167, 200]
    assert labels_at(50, 1.35, 180).tolist() == [50, 68, 92, 124, 180]  # 167 would be within 8% of the end
    assert labels_at(50, 1.35, 40).tolist() == [40]


def test_a_first_batch_of_one_class_gives_a_constant_model_and_goes_on():
    y = np.zeros(400, dtype=int)
    y[np.random.default_rng(0).permutation(400)[:40]] = 1
    rare = having(replace(TASK, labels=y, n_classes=2), first=10)
    trace = walk("margin", of=rare)
    assert trace.confusion.sum(axis=(1, 2)).tolist() == [trace.confusion[0].sum()] * len(trace.anchors)
    model = fit(ESTIMATORS["logistic_regression"].call(0, False), TASK.X[:5], np.zeros(5, dtype=int))
    assert model.predict_proba(TASK.X[:3]).tolist() == [[1.0]] * 3


def test_the_model_is_chosen_aloud_and_only_trees_that_are_clearly_ahead_are():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4))
    linear, checkers = (X[:, 0] > 0).astype(int), ((X[:, 0] > 0) ^ (X[:, 1] > 0)).astype(int)
    assert choose_model(task(X, linear))[0] == "logistic_regression"
    model, reason = choose_model(task(X, checkers))
    assert model == "extra_trees"
    assert reason.startswith("Extra trees, ahead of logistic regression inside the training folds: ")


def test_what_a_trace_measures_against_scikit_learn():
    rng = np.random.default_rng(3)
    truth, P = rng.integers(0, 4, 300), rng.dirichlet(np.ones(4), 300)
    predicted, before = P.argmax(axis=1), rng.integers(0, 4, 300)
    assert area_under_curve(truth, P) == pytest.approx(roc_auc_score(truth, P, multi_class="ovr"))
    assert kappa(before, predicted) == pytest.approx(cohen_kappa_score(before, predicted))
    trace = walk("random")
    pool = trace.picked[:50]
    model = ESTIMATORS["logistic_regression"].call(0, False).fit(TASK.X[pool], TASK.labels[pool])
    test = np.flatnonzero(TASK.fold_of(0) == 0)
    assert trace.log_loss[0] == pytest.approx(log_loss(TASK.labels[test], model.predict_proba(TASK.X[test])), abs=1e-4)
    assert METRICS["accuracy"].call(Outcome(trace.confusion[0])) == model.score(TASK.X[test], TASK.labels[test])


def test_confusion_counts_by_hand():
    truth, predicted = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assert confusion_counts(truth, predicted, 3).tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
