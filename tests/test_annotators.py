"""Labels that are wrong: binomial tables, pairs of runs that get the same labels, and what the noise does to scores."""

import re
from dataclasses import replace
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import task
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.errors import BadSetting, PlannerError
from planner.forecast import ForecastSettings, forecast
from planner.forecast.simulated import clean_curves, sentences
from planner.pilot import PilotSettings, Run, prepare, run_pilot
from planner.pilot.annotators import MOST_ASKS, Answers, answers, confusion_of, most_frequent, votes_needed
from planner.pilot.labeling import Labels
from planner.pilot.models import choose_model
from planner.pilot.replay import Trace, simulate
from planner.pilot.saved import pilot_from_json, pilot_to_json
from planner.sample import make_sample

RAW = load_digits()
X, Y = StandardScaler().fit_transform(RAW.data[:400]), RAW.target[:400]
NAMES = [str(digit) for digit in range(10)]
MANY = 40_000
NORMAL = 4.0  # standard errors; beyond it by chance in one of 16,000 draws


def noisy(**settings: Any) -> Any:
    asked = PilotSettings(strategies=("margin", "k_center"), folds=2, repeats=1, **settings)
    errors = confusion_of(asked.error_rate, asked.confusions, NAMES) if asked.annotated else None
    return replace(task(X, Y), settings=asked, errors=errors)


def walk(of: Any, *strategies: str, size: int = 200, fold: int = 0) -> tuple[Trace, ...]:
    calls = {name: STRATEGIES[name].call for name in strategies}
    model = ESTIMATORS["logistic_regression"].call
    return simulate(of, calls, model, [Run(name, 0, fold, size) for name in strategies])


def asked_of(truth: np.ndarray, rate: float, votes: int, stop: bool = False, classes: int = 2) -> Answers:
    confusion = confusion_of(rate, "", [str(code) for code in range(classes)])
    return answers(truth, confusion, votes, stop, np.random.default_rng(1))


# --- chances ----------------------------------------------------------------------------------------------------------


def test_an_error_rate_is_spread_over_the_other_classes() -> None:
    np.testing.assert_allclose(
        confusion_of(0.1, "", ("a", "b", "c")), [[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]
    )


def test_a_class_that_is_named_errs_in_the_named_ways_only() -> None:
    named = confusion_of(0.1, "a > b = 0.3, a>b=0.2", ("a", "b", "c"))
    np.testing.assert_allclose(named, [[0.8, 0.2, 0], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]])
    every = confusion_of(0.0, "*>c=0.25", ("a", "b", "c"))
    np.testing.assert_allclose(every, [[0.75, 0, 0.25], [0, 0.75, 0.25], [0, 0, 1]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a>b", "'a>b' is no chance of a wrong label. Write it as true>given=chance"),
        ("a>x=0.1", "No class is named 'x'"),
        ("a>b=1.5", "The chance in 'a>b=1.5' is 1.5; it must be from 0 to 1."),
        ("a>b=much", "is 'much'; it must be a number"),
        ("a>b=0.7, a>c=0.6", "class 'a' sum to 1.30; they cannot be above 1."),
    ],
)
def test_what_is_no_chance_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(PlannerError, match=said.replace("(", r"\(")):
        confusion_of(0.0, text, ("a", "b", "c"))


def test_an_even_number_of_votes_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"Votes a label is 4; an even number can end in a tie\. Use 3 or 5\."):
        PilotSettings(votes=4)


# --- votes: hand numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("votes", [1, 3, 5, 7, 9])
@pytest.mark.parametrize("right", [0.6, 0.7, 0.8, 0.9, 0.95])
def test_a_majority_is_right_as_often_as_the_binomial_says(right: float, votes: int) -> None:
    """q(k, p), the sum over i > k/2 of C(k, i) p^i (1-p)^(k-i): .648 for 3 votes at .6, .942 for 5 at .8."""
    q = sum(comb(votes, i) * right**i * (1 - right) ** (votes - i) for i in range(votes // 2 + 1, votes + 1))
    truth = np.arange(MANY) % 2
    share = (asked_of(truth, 1 - right, votes).labels[:, 0] == truth).mean()
    assert abs(share - q) < NORMAL * np.sqrt(q * (1 - q) / MANY) + 1e-9


@pytest.mark.parametrize(
    ("votes", "right", "expected"),
    # 2 + 2p(1-p) for two of three; for three of five the table of the notes on annotators.
    [(3, 0.6, 2.48), (3, 0.8, 2.32), (3, 0.95, 2.095), (5, 0.6, 4.07), (5, 0.8, 3.63), (5, 0.95, 3.16)],
)
def test_stopping_once_decided_takes_the_votes_that_chance_says(votes: int, right: float, expected: float) -> None:
    paid = asked_of(np.arange(MANY) % 2, 1 - right, votes, stop=True).votes[:, 0]
    assert abs(paid.mean() - expected) < 0.005 + NORMAL * paid.std() / np.sqrt(MANY)
    assert paid.min() >= votes // 2 + 1
    assert paid.max() <= votes


@given(st.lists(st.lists(st.integers(0, 3), min_size=7, max_size=7), min_size=1, max_size=20))
def test_the_votes_that_are_not_asked_for_could_not_have_changed_the_answer(said: list[list[int]]) -> None:
    votes = np.array(said)
    whole = most_frequent(votes, np.full(len(votes), 7))
    needed = votes_needed(votes, 4)
    for row, answer, enough in zip(votes, whole, needed, strict=True):
        for other in range(4):
            changed = np.concatenate([row[:enough], np.full(7 - enough, other)])
            assert most_frequent(changed[None, :], np.array([7]))[0] == answer


def test_among_equally_frequent_answers_the_newest_counts() -> None:
    said = np.array([[0, 1, 2], [2, 1, 1], [0, 1, 0]])
    np.testing.assert_array_equal(most_frequent(said, np.array([3, 3, 3])), [2, 1, 0])
    np.testing.assert_array_equal(most_frequent(said, np.array([2, 2, 2])), [1, 1, 1])
    np.testing.assert_array_equal(most_frequent(said, np.array([1, 1, 1])), [0, 2, 0])


def test_stopping_early_changes_no_label() -> None:
    truth = np.arange(3000) % 5
    early, late = (asked_of(truth, 0.4, 5, stop, classes=5) for stop in (True, False))
    np.testing.assert_array_equal(early.labels, late.labels)
    assert early.votes.mean() < late.votes.mean() == 5


def test_a_confusion_gives_each_wrong_label_at_its_chance() -> None:
    truth = np.zeros(MANY, dtype=int)
    said = answers(truth, confusion_of(0, "a>c=0.2", ("a", "b", "c")), 1, False, np.random.default_rng(0)).labels[:, 0]
    shares = np.bincount(said, minlength=3) / MANY
    assert shares[1] == 0
    assert abs(shares[2] - 0.2) < NORMAL * np.sqrt(0.16 / MANY)


# --- in a replay ------------------------------------------------------------------------------------------------------


def test_a_row_gets_the_same_label_whichever_strategy_buys_it() -> None:
    of = noisy(error_rate=0.3)
    given = of.given(0)
    assert 0.2 < (given != Y).mean() < 0.4
    np.testing.assert_array_equal(given, of.given(0))
    assert (of.given(1) != given).any()
    whole = [trace.confusion[-1] for trace in walk(of, "random", "margin", "k_center")]
    assert all(np.array_equal(whole[0], other) for other in whole), "all rows with the same labels are one model"


def test_training_and_test_labels_are_the_annotators_and_the_truth_is_kept_beside() -> None:
    """With nine in ten labels of class 0 given as 1, a test on such labels has that many rows of class 1."""
    of = noisy(confusions="0>1=0.9")
    (trace,) = walk(of, "random")
    test = np.flatnonzero(of.fold_of(0) == 0)
    np.testing.assert_array_equal(trace.confusion[0].sum(axis=1), np.bincount(of.given(0)[test], minlength=10))
    np.testing.assert_array_equal(trace.confusion_clean[0].sum(axis=1), np.bincount(Y[test], minlength=10))
    assert trace.confusion_clean[-1][0, 1] > trace.confusion_clean[-1][0, 0], "trained on them, it errs like them"
    assert trace.confusion[-1].sum(axis=0).tolist() == trace.confusion_clean[-1].sum(axis=0).tolist()


def test_noise_in_the_test_alone_lowers_the_measured_score_as_the_formula_says() -> None:
    """measured = a (1 - eta) + (1 - a) eta / (C - 1): wrong labels hit a wrong prediction by chance, one in C - 1."""
    eta, C = 0.3, 10
    (trace,) = walk(noisy(error_rate=eta), "random")
    measured, real = (np.trace(one[-1]) / one[-1].sum() for one in (trace.confusion, trace.confusion_clean))
    expected = real * (1 - eta) + (1 - real) * eta / (C - 1)
    assert abs(measured - expected) < NORMAL * np.sqrt(0.25 / 200)


def test_votes_undo_most_of_the_noise_and_are_paid_for() -> None:
    one, five = (walk(noisy(error_rate=0.25, votes=votes, early_stop=votes > 1), "random")[0] for votes in (1, 5))
    assert one.votes.size == 0
    assert (np.diff(five.votes) >= 3 * np.diff(five.anchors)).all()
    assert (five.votes <= 5 * five.anchors).all()
    score = [np.trace(trace.confusion[-1]) / 200 for trace in (one, five)]
    assert score[1] > score[0] + 0.1


def test_without_noise_annotators_change_nothing_but_the_votes() -> None:
    plain, asked = walk(noisy(), "margin")[0], walk(noisy(votes=3), "margin")[0]
    np.testing.assert_array_equal(plain.confusion, asked.confusion)
    np.testing.assert_array_equal(asked.confusion, asked.confusion_clean)
    np.testing.assert_array_equal(asked.votes, 3 * asked.anchors)
    assert plain.confusion_clean.size == plain.votes.size == 0


def test_auto_judges_models_by_the_labels_annotators_give() -> None:
    """No model of digits is right on more of the labels than are left right, 60% of them."""
    right, wrong = (choose_model(of)[1] for of in (noisy(), noisy(error_rate=0.4)))
    assert min(float(share) for share in re.findall(r"([\d.]+)%", right)) > 80
    assert max(float(share) for share in re.findall(r"([\d.]+)%", wrong)) < 65


# --- asking again -----------------------------------------------------------------------------------------------------


def a_book(said: list[list[int]]) -> Labels:
    given = np.array(said)
    return Labels(given[:, 0].copy(), Answers(given, np.ones_like(given)))


def test_a_second_answer_replaces_the_first_and_a_third_settles_it() -> None:
    book = a_book([[0, 1, 0], [0, 1, 1], [2, 2, 0]])
    everything = np.arange(3)
    for expected in ([0, 0, 2], [1, 1, 2], [0, 1, 2]):
        book.ask(everything)
        np.testing.assert_array_equal(book.y, expected)
    np.testing.assert_array_equal(book.asked, [0, 1, 2] * 3)


def test_the_rows_asked_about_again_are_those_a_model_of_the_others_would_label_otherwise() -> None:
    """Five labeled rows: it agrees on 0 and 3, doubts 2 more than 1; row 4 was asked three times and is settled."""
    P = np.array([[0.9, 0.1], [0.6, 0.4], [0.8, 0.2], [0.1, 0.9], [0.99, 0.01], [0.5, 0.5]])
    book = a_book([[0, 0, 0], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0]])
    book.ask(np.arange(5))
    for _ in range(MOST_ASKS - 1):
        book.ask(np.array([4]))
    trained: list[np.ndarray] = []

    def train(rows: np.ndarray) -> np.ndarray:
        trained.append(rows)
        return P

    def believe(model: np.ndarray, rows: np.ndarray) -> np.ndarray:
        assert not set(trained[-1].tolist()) & set(rows.tolist()), "judged by a model that saw it"
        found: np.ndarray = model[rows]
        return found

    for n, expected in ((1, [2]), (2, [2, 1]), (5, [2, 1])):
        assert book.doubted(n, train, believe, np.random.default_rng(n)).tolist() == expected


def test_asking_again_costs_labels_mends_them_and_leaves_random_labeling_alone() -> None:
    plain, asked = noisy(error_rate=0.3), noisy(error_rate=0.3, relabel=0.3)
    (random, margin), (same, mended) = walk(plain, "random", "margin"), walk(asked, "random", "margin")
    np.testing.assert_array_equal(random.confusion, same.confusion)
    np.testing.assert_array_equal(random.picked, same.picked)
    assert len(mended.picked) == len(margin.picked) == 200
    batch = np.split(mended.picked, mended.anchors[:-1])
    before: set[int] = set(batch[0].tolist())
    for some in batch[1:]:
        again = sum(int(row) in before for row in some)
        assert again <= round(0.3 * len(some))
        before |= set(some.tolist())
    assert len(before) < 200
    counts = np.unique(mended.picked, return_counts=True)[1]
    assert counts.max() <= MOST_ASKS


def test_the_labels_asked_about_again_are_wrong_more_often_than_the_others() -> None:
    of = noisy(error_rate=0.2, relabel=0.3)
    (trace,) = walk(of, "margin")
    rows, counts = np.unique(trace.picked, return_counts=True)
    wrong = of.given(0)[rows] != Y[rows]
    assert wrong[counts > 1].mean() > 2 * wrong[counts == 1].mean()


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def noisy_pilot() -> Any:
    table = pd.DataFrame(RAW.data[:600, 20:44]).rename(columns=str).assign(label=RAW.target[:600])
    settings = PilotSettings(("margin",), "logistic_regression", error_rate=0.2, votes=3, folds=3, repeats=1)
    return run_pilot(make_sample(table, "label"), settings)


def test_a_forecast_of_wrong_labels_is_not_calibrated_and_says_what_the_noise_did(noisy_pilot: Any) -> None:
    reached = forecast(noisy_pilot, ForecastSettings(pool_size=5000))
    assert not any(reached.calibrated.values())
    real = float(clean_curves(reached)["random"].mean[-1])
    measured = float(reached.measured["random"].mean[-1])
    assert real > measured
    (said,) = sentences(reached)
    assert f"measured {measured:.1%}, {real:.1%} against the sample's own labels" in said
    assert "the majority of 3 votes: 3.00 votes a label" in said


def test_what_annotators_said_survives_a_file(noisy_pilot: Any) -> None:
    again = pilot_from_json(pilot_to_json(noisy_pilot))
    assert again.settings == noisy_pilot.settings
    for one, other in zip(noisy_pilot.traces, again.traces, strict=True):
        for name in ("confusion_clean", "votes", "seen", "plain"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_confusion_of_a_class_that_is_not_there_is_refused_before_the_pilot() -> None:
    table = pd.DataFrame({"a": np.sin(np.arange(300)), "label": ["x", "y", "z"] * 100})
    with pytest.raises(PlannerError, match="No class is named 'w'"):
        prepare(make_sample(table, "label"), PilotSettings(confusions="w>x=0.1"))
