"""Cold starts: every start on the menu, the rows an expert marked, classes seen, classes that may be missing."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from making import facts, task
from scipy.sparse import csr_array
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from planner.charts import LIGHT, classes_seen
from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.choices.strategies.diversity import k_means, typiclust
from planner.choices.strategies.pool import Pool
from planner.choices.strategies.starts import STARTS
from planner.economics.evaluating import Assumptions, evaluate
from planner.errors import PlannerError
from planner.forecast import ForecastSettings, forecast
from planner.forecast.simulated import classes_seen as seen_by
from planner.forecast.simulated import means_something, sentences
from planner.pilot import Pilot, PilotSettings, Run, prepare, run_pilot
from planner.pilot.replay import Trace, simulate
from planner.pilot.trace import Trace as Kept
from planner.plan import decide
from planner.registry import Choice
from planner.sample import make_sample
from planner.sample.unseen import chance_of_unseen, none_classes

RAW = load_digits()
X, Y = StandardScaler().fit_transform(RAW.data[:500]), RAW.target[:500]


def each(of: Any) -> Any:
    return pytest.mark.parametrize("choice", list(of.values()), ids=list(of))


def started(choice: Choice[Any], rows: Any, marked: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
    found: np.ndarray = choice.call(rows, marked, n, np.random.default_rng(seed))
    return found


def walk(start: str, *strategies: str, fold: int = 0, **changes: Any) -> tuple[Trace, ...]:
    of = task(X, Y, strategies=("margin", "k_center"), folds=3, repeats=1, first=20, start=start, **changes)
    calls = {name: STRATEGIES[name].call for name in strategies}
    model = ESTIMATORS["logistic_regression"].call
    return simulate(of, calls, model, [Run(name, 0, fold, 300) for name in strategies])


# --- laws of every start ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@each(STARTS)
def test_a_start_names_that_many_different_rows_and_the_same_again(choice: Choice[Any], sparse: bool) -> None:
    rows = csr_array(np.clip(X, 0, None)) if sparse else X
    marked = np.arange(len(X)) % 7 == 0
    for n in (10, 50, len(X)):
        found = started(choice, rows, marked, n)
        assert len(set(found.tolist())) == len(found) == n
        assert found.min() >= 0
        assert found.max() < len(X)
        np.testing.assert_array_equal(found, started(choice, rows, marked, n))


@each(STARTS)
def test_a_start_lives_with_a_pool_of_copies(choice: Choice[Any]) -> None:
    found = started(choice, np.ones((40, 3)), np.zeros(40, dtype=bool), 12)
    assert len(set(found.tolist())) == 12


@each(STARTS)
def test_all_strategies_begin_alike_and_random_labeling_at_random(choice: Choice[Any]) -> None:
    experts = np.isin(np.arange(500), np.random.default_rng(1).permutation(500)[:60])
    margin, k_center, random = walk(choice.name, "margin", "k_center", "random", experts=experts)
    np.testing.assert_array_equal(margin.picked[:20], k_center.picked[:20])
    (plain,) = walk("random", "random")
    np.testing.assert_array_equal(random.picked, plain.picked)
    np.testing.assert_array_equal(random.confusion, plain.confusion)
    assert (margin.picked[:20].tolist() == random.picked[:20].tolist()) == (choice.name == "random")


# --- each of them -----------------------------------------------------------------------------------------------------


def test_group_centers_and_typical_rows_are_what_the_strategies_pick_with_nothing_labeled() -> None:
    """The same functions, held to peers among the strategies, here with an empty labeled set."""
    nothing = np.empty(0, dtype=int)

    def no_model(*_: Any) -> np.ndarray:
        raise AssertionError("there is no model before the first labels")

    pool = Pool(X, nothing, nothing, np.arange(len(X)), no_model, no_model)
    for name, strategy in (("k_means", k_means), ("typiclust", typiclust)):
        expected = strategy(pool, 15, np.random.default_rng(4))
        found = started(STARTS[name], X, np.zeros(len(X), dtype=bool), 15, seed=4)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["k_means", "typiclust"])
def test_a_spread_start_finds_every_one_of_ten_far_groups_where_random_misses_some(name: str) -> None:
    """Ten groups of very different size: ten random rows hold all of them with a chance below one in a thousand."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(10), [100, 100, 100, 60, 40, 30, 20, 20, 15, 15])
    rows = 30 * rng.normal(size=(10, 6))[group] + rng.normal(size=(len(group), 6))
    found = [len(set(group[started(STARTS[name], rows, group < 0, 10, seed)])) for seed in range(20)]
    chance = [len(set(group[rng.permutation(len(group))[:10]])) for _ in range(20)]
    assert np.mean(found) > 9
    assert np.mean(chance) < 8


def test_an_experts_rows_come_first_and_random_ones_after() -> None:
    marked = np.zeros(50, dtype=bool)
    marked[[7, 31, 44]] = True
    assert started(STARTS["expert"], np.zeros((50, 1)), marked, 6).tolist() == [7, 31, 44, 0, 1, 2]
    assert started(STARTS["expert"], np.zeros((50, 1)), marked, 2).tolist() == [7, 31]


def a_table(n: int = 240) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=n)
    columns = {f"x{j}": rng.normal(size=n) + (y == j) for j in range(3)}
    return pd.DataFrame(columns).assign(first=np.where(np.arange(n) < 25, "yes", ""), label=y)


def test_the_expert_column_marks_rows_and_is_hidden_from_the_model() -> None:
    sample = make_sample(a_table(), "label", {"first": "expert"})
    np.testing.assert_array_equal(np.flatnonzero(sample.experts), np.arange(25))
    assert list(sample.features) == ["x0", "x1", "x2"]
    of = prepare(
        sample, PilotSettings(("margin",), "logistic_regression", start="expert", first=20, folds=3, repeats=1)
    )
    (trace,) = simulate(
        of, {"margin": STRATEGIES["margin"].call}, ESTIMATORS[of.model].call, [Run("margin", 0, 0, 150)]
    )
    pool = set(trace.picked.tolist())
    marked = sum(row < 25 for row in pool)
    assert sum(row < 25 for row in trace.picked[:20]) == min(20, marked)


@pytest.mark.parametrize("cells", [["yes", "no"], [1, 0], [True, False], ["x", None], ["1.0", "0.0"]])
def test_yes_and_no_are_read_however_they_are_written(cells: list[Any]) -> None:
    table = a_table().assign(first=pd.Series(cells * 120, dtype=object))
    marked = make_sample(table, "label", {"first": "expert"}).experts
    np.testing.assert_array_equal(marked, [True, False] * 120)


def test_other_marks_are_another_sample() -> None:
    one, other = (make_sample(a_table().assign(first=marks), "label", {"first": "expert"}).facts.digest
                  for marks in (["yes", "no"] * 120, ["no", "yes"] * 120))  # fmt: skip
    assert one != other


def test_what_an_expert_start_lacks_is_said() -> None:
    with pytest.raises(PlannerError, match="no column marks the rows an expert would label first"):
        prepare(make_sample(a_table(), "label"), PilotSettings(start="expert"))
    with pytest.raises(PlannerError, match="The expert column 'first' marks no labeled row"):
        make_sample(a_table().assign(first=["no", "0"] * 120), "label", {"first": "expert"})
    with pytest.raises(PlannerError, match="are all called rows to label first"):
        make_sample(a_table().assign(second="yes"), "label", {"first": "expert", "second": "expert"})


# --- classes seen -----------------------------------------------------------------------------------------------------


def test_the_classes_seen_are_those_among_the_labels_bought() -> None:
    for trace in walk("random", "random", "margin"):
        by_hand = [len(set(Y[trace.picked[:size]])) for size in trace.anchors]
        assert trace.seen.tolist() == by_hand


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    table = pd.DataFrame(RAW.data[:500, 20:44]).rename(columns=str).assign(label=RAW.target[:500])
    settings = PilotSettings(("margin",), "logistic_regression", start="k_means", first=15, folds=3, repeats=1)
    return run_pilot(make_sample(table, "label"), settings)


def test_the_curve_of_classes_seen_is_their_mean_and_drawn_for_more_than_two(pilot: Pilot) -> None:
    mean = seen_by(pilot, "margin")[1]
    full = max(trace.run.pool_size for trace in pilot.traces)
    alone = [trace.seen for trace in pilot.traces_of("margin") if trace.run.pool_size == full]
    np.testing.assert_allclose(mean, np.mean(alone, axis=0))
    drawing = classes_seen(pilot, LIGHT)
    assert drawing is not None
    assert f"{mean[-1]:.0f}" == "10"
    two = replace(pilot, facts=facts(500, 2))
    assert classes_seen(two, LIGHT) is None
    old = replace(pilot, traces=tuple(replace(trace, seen=np.empty(0)) for trace in pilot.traces))
    assert classes_seen(old, LIGHT) is None


def test_a_start_that_is_not_random_is_told(pilot: Pilot) -> None:
    (said,) = sentences(forecast(pilot, ForecastSettings(pool_size=5000)))
    assert "The first 15 labels of every strategy went to: group centers. Random labeling began at random" in said


# --- when doubt means something ---------------------------------------------------------------------------------------


def made_trace(right: list[float], seen: list[int]) -> Kept:
    """100 test rows, 60 of them of class 0, at 50, 100 and 200 labels; every hit is of class 0 first."""
    confusion = np.zeros((3, 3, 3), dtype=int)
    for k, share in enumerate(right):
        hits = round(100 * share)
        zero = min(hits, 60)
        confusion[k, 0] = [zero, 60 - zero, 0]
        confusion[k, 1] = [40 - (hits - zero), hits - zero, 0]
    flat, anchors = np.zeros(3), np.array([50, 100, 200])
    return Kept(Run("margin", 0, 0, 200), anchors, confusion, flat, flat, flat, flat, np.arange(200), 0.0,
                seen=np.array(seen))  # fmt: skip


def test_doubt_means_something_once_all_classes_are_found_and_the_largest_is_beaten() -> None:
    """Worked by hand: naming class 0 is right on 60%. Of four runs, one is past both at 50, two at 100, all at 200."""
    traces = (
        made_trace([0.7, 0.8, 0.9], [3, 3, 3]),
        made_trace([0.7, 0.8, 0.9], [2, 3, 3]),
        made_trace([0.6, 0.6, 0.9], [3, 3, 3]),
        made_trace([0.5, 0.8, 0.9], [2, 2, 3]),
    )
    made = Pilot(facts(300, 3), PilotSettings(("margin",)), "logistic_regression", "", traces)
    labels, good = means_something(made, "margin")
    assert labels.tolist() == [50, 100, 200]
    assert good.tolist() == [0.25, 0.5, 1.0]


@pytest.mark.slow
def test_a_plan_says_when_the_first_labels_are_too_few_for_doubt() -> None:
    rng = np.random.default_rng(2)
    y = rng.choice(12, size=1200, p=np.r_[[0.45], np.full(11, 0.05)])
    table = pd.DataFrame(rng.normal(size=(1200, 12)) + 2 * np.eye(12)[y]).add_prefix("x").assign(label=y.astype(str))
    settings = PilotSettings(("margin",), "logistic_regression", folds=3, repeats=1, first=12)
    made = forecast(run_pilot(make_sample(table, "label"), settings), ForecastSettings(pool_size=9000))
    (doubt,) = [one for one in decide(evaluate(made, Assumptions())).doubts if one.code == "blind_start"]
    assert "With 12, in" in doubt.finding
    labels, good = means_something(made.pilot, "margin")
    assert f"from {labels[np.flatnonzero(good >= 0.5)[0]]} labels on" in doubt.finding


# --- classes that may be missing --------------------------------------------------------------------------------------


def test_a_class_of_leftovers_is_known_by_its_name() -> None:
    names = ("Billing", "NONE_of-these", "Other", "others", "another", "unknown topic", "N/A", "Unknown")
    assert none_classes(names) == [1, 2, 3, 6, 7]


def test_the_chance_of_an_unseen_class_is_goods() -> None:
    """Good 1953: classes on one row over rows; here 3 of 40."""
    assert chance_of_unseen(np.array([20, 12, 5, 1, 1, 1])) == 3 / 40
    assert chance_of_unseen(np.array([20, 20])) == 0


def test_goods_estimate_is_right_on_average_where_the_truth_is_known() -> None:
    """1,000 samples of 100 rows from 60 classes whose shares fall as 1/rank: estimate and truth agree within 1%."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, 61)
    shares /= shares.sum()
    estimated, true = [], []
    for _ in range(1000):
        counts = rng.multinomial(100, shares)
        estimated.append(chance_of_unseen(counts))
        true.append(shares[counts == 0].sum())
    assert abs(np.mean(estimated) - np.mean(true)) < 0.01


def found_in(labels: list[str]) -> dict[str, str]:
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=len(labels)), "label": labels})
    return {one.code: one.finding for one in make_sample(table, "label").facts.findings}


def test_rows_that_fit_no_class_are_counted() -> None:
    found = found_in(["a"] * 50 + ["b"] * 40 + ["none of these"] * 10)
    assert found["none_of_these"] == "Some rows fit no class. 'none of these' has 10.0% of the labeled rows."
    assert "none_of_these" not in found_in(["a"] * 50 + ["b"] * 50)


def test_classes_on_one_row_say_how_likely_another_is_missing() -> None:
    found = found_in(["a"] * 96 + ["b"] * 100 + ["c", "d", "e", "f"])
    assert (
        "4 have one labeled row, so about 2.0% of more rows are of a class the sample lacks." in found["unseen_class"]
    )
    assert "unseen_class" not in found_in(["a"] * 96 + ["b"] * 100 + ["c"])
