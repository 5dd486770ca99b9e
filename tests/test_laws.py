"""Laws over every menu: a newcomer is tested before its author writes a line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import judged, trained
from scipy.sparse import csr_array, issparse

from planner.choices.estimators import ESTIMATORS
from planner.choices.kinds import KINDS
from planner.choices.metrics import METRICS
from planner.choices.stopping import RULES, WATCH_RULES, Path
from planner.choices.strategies import STRATEGIES, Pool
from planner.choices.values import VALUES
from planner.exports import EXPORTS
from planner.forecast.curves import CURVES
from planner.registry import Choice, Registry

MENUS: tuple[Registry[Any], ...] = (STRATEGIES, ESTIMATORS, METRICS, CURVES, KINDS, RULES, WATCH_RULES, VALUES, EXPORTS)
CHOICES = [(menu, name) for menu in MENUS for name in menu]
ROWS, CLASSES, LABELED = 120, 4, 30


def each(menu: Registry[Any]) -> Any:
    return pytest.mark.parametrize("choice", list(menu.values()), ids=list(menu))


def a_pool(seed: int = 0, sparse: bool = False, classes: int = CLASSES) -> Pool:
    """A pool of random points whose model is sure of some and not of others."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(ROWS, 6))
    order = rng.permutation(ROWS)
    labeled, candidates = order[:LABELED], np.sort(order[LABELED:])
    P = rng.dirichlet(np.full(classes, 0.5), size=len(candidates))
    members = rng.dirichlet(np.full(classes, 0.5), size=(5, len(candidates)))
    labels = rng.integers(classes, size=LABELED)
    rows, models = csr_array(X) if sparse else X, trained(X, labeled, labels, classes)
    return Pool(rows, labeled, labels, candidates, lambda: P, lambda _: members, **models,
                architectures=lambda: members[:3])  # fmt: skip


def picks(choice: Choice[Any], pool: Pool, n: int, seed: int = 3) -> list[int]:
    found: list[int] = choice.call(pool, n, np.random.default_rng(seed)).tolist()
    return found


# --- every choice of every menu ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("menu", "name"), CHOICES, ids=[f"{menu.what}-{name}" for menu, name in CHOICES])
def test_every_choice_is_fit_for_a_menu(menu: Registry[Any], name: str) -> None:
    choice = menu[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", choice.name)
    assert choice.name == name
    assert choice.title[0].isupper()
    assert not choice.title.endswith(".")
    assert choice.summary.endswith("."), "the first line of the docstring is what people read on the menu"


@pytest.mark.parametrize("menu", MENUS, ids=[menu.what for menu in MENUS])
def test_no_two_choices_of_a_menu_look_alike(menu: Registry[Any]) -> None:
    titles = [choice.title for choice in menu.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("menu", MENUS, ids=[menu.what for menu in MENUS])
def test_the_choices_of_a_menu_state_the_same_facts(menu: Registry[Any]) -> None:
    assert len({frozenset(choice.facts) for choice in menu.values()}) == 1


# --- query strategies -------------------------------------------------------------------------------------------------


@each(STRATEGIES)
@pytest.mark.parametrize("n", [1, 7, ROWS - LABELED])
@pytest.mark.parametrize("sparse", [False, True])
def test_a_strategy_picks_so_many_different_candidates(choice: Choice[Any], n: int, sparse: bool) -> None:
    found = picks(choice, a_pool(sparse=sparse), n)
    assert len(found) == len(set(found)) == n
    assert set(found) <= set(range(ROWS - LABELED))


@each(STRATEGIES)
def test_a_strategy_says_in_one_sentence_when_it_helps(choice: Choice[Any]) -> None:
    assert re.fullmatch(r"[A-Z][^.]+\.", choice.facts["when"])


@each(STRATEGIES)
def test_the_same_generator_gives_the_same_picks(choice: Choice[Any]) -> None:
    assert picks(choice, a_pool(), 20) == picks(choice, a_pool(), 20)


@each(STRATEGIES)
def test_a_strategy_leaves_the_pool_as_it_found_it(choice: Choice[Any]) -> None:
    pool, untouched = a_pool(), a_pool()
    picks(choice, pool, 20)
    for name in ("X", "labeled", "labels", "candidates"):
        np.testing.assert_array_equal(getattr(pool, name), getattr(untouched, name))
    np.testing.assert_array_equal(pool.probabilities(), untouched.probabilities())
    np.testing.assert_array_equal(
        pool.committee(np.random.default_rng(0)), untouched.committee(np.random.default_rng(0))
    )


@each(STRATEGIES)
def test_a_strategy_asks_for_no_more_than_it_says(choice: Choice[Any]) -> None:
    """What a strategy says it needs decides what the pilot computes and what its run time is estimated at."""

    def refuse(*_: Any) -> Any:
        raise AssertionError(f"{choice.name} says it needs {choice.facts['needs']} only")

    everything = {"X", "model", "probabilities", "committee", "architectures", "refit"}
    asked: dict[str, set[str]] = {"nothing": set(), "features": {"X"}, "model": {"X", "probabilities", "model"},
             "probabilities": {"X", "probabilities"}, "committee": {"X", "committee"},
             "architectures": {"architectures"}, "refit": {"X", "probabilities", "refit"}}  # fmt: skip
    hidden = everything - asked[choice.facts["needs"]]
    picks(choice, replace(a_pool(), **dict.fromkeys(hidden, refuse)), 5)


@each(STRATEGIES)
def test_a_strategy_does_not_care_how_classes_are_numbered(choice: Choice[Any]) -> None:
    pool, order = a_pool(), np.array([2, 0, 3, 1])
    P, members = pool.probabilities(), pool.committee(np.random.default_rng(0))
    renamed = replace(
        pool,
        labels=np.argsort(order)[pool.labels],
        probabilities=lambda: P[:, order],
        committee=lambda _: members[:, :, order],
        refit=lambda extra, labels, rows: pool.refit(extra, order[labels], rows)[:, order],
        architectures=lambda: pool.architectures()[:, :, order],
        kept={},
    )
    assert picks(choice, renamed, 20) == picks(choice, pool, 20)


@each(STRATEGIES)
def test_a_strategy_copes_with_rows_that_are_all_alike(choice: Choice[Any]) -> None:
    pool = a_pool()
    P = np.full((len(pool.candidates), CLASSES), 1 / CLASSES)
    X, models = np.zeros((ROWS, 6)), trained(np.zeros((ROWS, 6)), pool.labeled, np.arange(LABELED) % CLASSES, CLASSES)
    alike = replace(pool, X=X, probabilities=lambda: P, committee=lambda _: np.array([P] * 5), **models)
    alike = replace(alike, architectures=lambda: np.array([P] * 3))
    found = picks(choice, alike, 30)
    assert len(set(found)) == 30
    assert picks(choice, alike, 30, seed=4) != found, "ties are broken at random, not by the order of the file"


# --- metrics ----------------------------------------------------------------------------------------------------------


@st.composite
def judged_rows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(truth, probabilities of 4 classes, group) of rows in which every class and both groups occur."""
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    n = draw(st.integers(8, 60))
    truth = np.concatenate([np.arange(4), np.arange(4), rng.integers(0, 4, n - 8)])
    group = np.concatenate([np.repeat([0, 1], 4), rng.integers(0, 2, n - 8)])
    P = rng.dirichlet(np.full(4, draw(st.sampled_from([0.1, 1.0, 10.0]))), n)
    return truth, P, group


COSTS = np.array([[0, 5, 1, 2], [1, 0, 1, 1], [3, 1, 0, 1], [1, 1, 9, 0]])


@each(METRICS)
@given(judged_rows())
def test_a_metric_lies_between_0_and_1(choice: Choice[Any], rows: Any) -> None:
    assert 0 <= float(choice.call(judged(*rows, positive=1, costs=COSTS))) <= 1


@each(METRICS)
@given(judged_rows())
def test_a_metric_is_1_when_everything_is_right_and_certain(choice: Choice[Any], rows: Any) -> None:
    truth, P, group = rows
    right = judged(truth, np.eye(P.shape[1])[truth], group, positive=2, costs=COSTS)
    assert float(choice.call(right)) == pytest.approx(1)


@each(METRICS)
@given(judged_rows(), st.permutations(range(4)))
def test_a_metric_does_not_care_in_which_order_classes_come(choice: Choice[Any], rows: Any, order: list[int]) -> None:
    truth, P, group = rows
    new = np.argsort(order)  # the new code of each old class
    moved = judged(new[truth], P[:, order], group, positive=int(new[1]), costs=COSTS[np.ix_(order, order)])
    assert float(choice.call(moved)) == pytest.approx(float(choice.call(judged(*rows, positive=1, costs=COSTS))))


@each(METRICS)
@given(judged_rows(), st.integers(2, 5))
def test_a_metric_does_not_care_how_often_the_same_rows_are_there(choice: Choice[Any], rows: Any, times: int) -> None:
    again = [np.concatenate([one] * times) for one in rows]
    assert float(choice.call(judged(*again, costs=COSTS))) == pytest.approx(
        float(choice.call(judged(*rows, costs=COSTS)))
    )


@each(METRICS)
@given(st.lists(judged_rows(), min_size=3, max_size=3))
def test_a_metric_scores_a_stack_as_it_scores_each(choice: Choice[Any], rows: Any) -> None:
    one = [judged(*some, costs=COSTS) for some in rows]
    names = ("confusion", "log_loss", "auc", "by_group")
    stack = replace(one[0], **{name: np.array([getattr(some, name) for some in one]) for name in names})
    np.testing.assert_allclose(choice.call(stack), [float(choice.call(some)) for some in one])


# --- models -----------------------------------------------------------------------------------------------------------


def data_to_learn() -> Iterator[tuple[bool, Any, np.ndarray]]:
    """(sparse text or not, features, three classes that can be told apart)."""
    rng = np.random.default_rng(5)
    y = np.repeat(np.arange(3), 30)
    X = rng.normal(size=(90, 8)) + 3 * np.eye(8)[y]
    yield False, X, y
    yield True, csr_array(np.clip(X, 0, None) / np.linalg.norm(X, axis=1, keepdims=True)), y


@pytest.mark.parametrize(("text", "X", "y"), data_to_learn(), ids=["table", "text"])
@each(ESTIMATORS)
def test_a_model_learns_gives_probabilities_and_repeats_itself(
    choice: Choice[Any], text: bool, X: Any, y: np.ndarray
) -> None:
    P = choice.call(11, text).fit(X, y).predict_proba(X)
    assert P.shape == (90, 3)
    np.testing.assert_allclose(P.sum(axis=1), 1)
    assert (P.argmax(axis=1) == y).mean() > 0.9
    np.testing.assert_array_equal(choice.call(11, text).fit(X, y).predict_proba(X), P)


# --- kinds of column --------------------------------------------------------------------------------------------------

CELLS: dict[str, list[Any]] = {
    "number": [1.5, None, "1,200", "x", float("inf"), -3, 0.0, 2, 1e300, "7"],
    "category": ["a", "b", None, "", "a", "b", "a", 3, "c", "a"],
    "text": ["good plot", "bad plot", None, "", "good cast", "bad cast", "plot", "=1+1", "ünï cödé", "good"],
    "sentence": ["good plot", "bad plot", None, "", "good cast", "bad cast", "plot", "=1+1", "ünï cödé", "good"],
    "embedding": [[0.1, 0.2], [0.3, 0.4], None, "[0.5, 0.6]", [1], [0, 1], [1, 0], [2, 2], [3, 3], [4, 4]],
    "date": ["2024-01-31", None, "2024-02-29", "x", "2024-03-01", "2023-01-01", "", "2024-01-31", "2022-05-05",
             "2020-01-01"],
    "identifier": [f"id{i}" for i in range(10)],
    "constant": ["same"] * 10,
    "group": ["north", "south"] * 5,
    "expert": ["yes", None] * 5,
    "amount": [12.5, 0, "1,200", None, 3, 4, 5, 6, 7, 8],
}  # fmt: skip


@each(KINDS)
def test_a_kind_turns_any_column_into_finite_numbers_a_row_each(choice: Choice[Any]) -> None:
    columns = pd.DataFrame({"a": pd.Series(CELLS[choice.name], dtype=object)})
    untouched = columns.copy(deep=True)
    made = choice.call(columns)
    values = made.toarray() if issparse(made) else made
    assert values.shape[0] == 10
    assert np.isfinite(values).all()
    assert values.dtype == np.float64
    assert (values.shape[1] > 0) == choice.facts["model_input"]
    pd.testing.assert_frame_equal(columns, untouched)


@each(KINDS)
def test_a_row_is_encoded_the_same_wherever_it_stands(choice: Choice[Any]) -> None:
    columns = pd.DataFrame({"a": pd.Series(CELLS[choice.name], dtype=object)})
    order = np.random.default_rng(0).permutation(10)
    here, there = choice.call(columns), choice.call(columns.iloc[order].reset_index(drop=True))
    here, there = (made.toarray() if issparse(made) else made for made in (here, there))
    np.testing.assert_allclose(here[order], there, atol=1e-12)


# --- stopping rules ---------------------------------------------------------------------------------------------------


@each(RULES)
def test_a_stopping_rule_fires_inside_the_pool_or_never(choice: Choice[Any]) -> None:
    purchases = np.concatenate([[0.0], np.geomspace(10, 9000, 60)])
    score = 0.95 - 0.9 * (1000 + purchases) ** -0.4
    cost = purchases * 1.0
    tight = Path(1000, purchases, score, cost, 1e5 * (score - score[0]) - cost, 2500.0, 3000.0, purchases / 500, 4.0)
    free = replace(tight, net=None, to_target=None, budget=None, weeks=None, deadline=None)
    assert 0 <= choice.call(tight) <= 9000
    assert choice.call(free) is None or choice.name == "plateau"


def test_more_money_or_time_never_stops_a_purchase_earlier() -> None:
    purchases = np.arange(0, 5000, 10.0)
    path = Path(1000, purchases, np.zeros(500), purchases, None, None, 0.0, purchases / 100, 0.0)
    for rule, change in (("budget", "budget"), ("deadline", "deadline")):
        fired = [RULES[rule].call(replace(path, **{change: float(x)})) for x in (0, 1, 5, 20, 49)]
        assert fired == sorted(fired)
