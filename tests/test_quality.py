"""Votes and wrong test labels, against published tables and against counting every possible vote."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import known_forecast

from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.economics.quality import (
    VOTES,
    best_votes,
    corrected_score,
    expected_votes,
    majority_quality,
    measured_score,
)
from planner.economics.voting import Voting, voting
from planner.errors import BadSetting
from planner.plan import decide
from planner.report.votes import votes_sentence

# Majority of k votes each right with chance p: binomial sums, printed to three decimals in the literature on repeated
# labeling (Sheng, Provost, Ipeirotis 2008, figure 2).
MAJORITY = {
    0.60: (0.600, 0.648, 0.683, 0.710, 0.733),
    0.70: (0.700, 0.784, 0.837, 0.874, 0.901),
    0.80: (0.800, 0.896, 0.942, 0.967, 0.980),
    0.90: (0.900, 0.972, 0.991, 0.997, 0.999),
    0.95: (0.950, 0.993, 0.999, 1.000, 1.000),
}
TWO_OF_THREE = {0.60: 2.48, 0.70: 2.42, 0.80: 2.32, 0.90: 2.18, 0.95: 2.10}
THREE_OF_FIVE = {0.60: 4.07, 0.70: 3.89, 0.80: 3.63, 0.90: 3.32, 0.95: 3.16}


@pytest.mark.parametrize("quality", MAJORITY)
def test_the_majority_is_as_good_as_the_table_says(quality: float) -> None:
    found = [round(majority_quality(votes, quality), 3) for votes in (1, 3, 5, 7, 9)]
    assert found == list(MAJORITY[quality])


@pytest.mark.parametrize("quality", TWO_OF_THREE)
def test_stopping_early_costs_what_the_table_says(quality: float) -> None:
    assert expected_votes(3, quality) == pytest.approx(TWO_OF_THREE[quality], abs=0.00501)
    assert expected_votes(5, quality) == pytest.approx(THREE_OF_FIVE[quality], abs=0.00501)


@given(st.sampled_from([1, 3, 5]), st.floats(0, 1))
def test_counting_every_vote_gives_the_same(votes: int, quality: float) -> None:
    right = paid = 0.0
    for said in itertools.product([True, False], repeat=votes):
        chance = 1.0
        for one in said:
            chance *= quality if one else 1 - quality
        right += chance * (sum(said) > votes / 2)
        need = votes // 2 + 1
        paid += chance * next(k for k in range(1, votes + 1) if max(sum(said[:k]), k - sum(said[:k])) == need)
    assert majority_quality(votes, quality) == pytest.approx(right)
    assert expected_votes(votes, quality) == pytest.approx(paid)


def test_no_number_of_votes_mends_coin_flips() -> None:
    assert all(majority_quality(votes, 0.5) == pytest.approx(0.5) for votes in VOTES)
    assert majority_quality(9, 0.4) < majority_quality(3, 0.4) < 0.4


@given(st.floats(0, 1), st.floats(0, 0.35), st.integers(2, 30))
def test_what_wrong_test_labels_hide_is_found_again(true: float, errors: float, classes: int) -> None:
    assert corrected_score(measured_score(true, errors, classes), errors, classes) == pytest.approx(true)


def test_two_classes_by_hand() -> None:
    """90% right, 10% of the test labels wrong: .9 x .9 + .1 x .1 = .82."""
    assert measured_score(0.9, 0.1, 2) == pytest.approx(0.82)
    assert corrected_score(0.82, 0.1, 2) == pytest.approx(0.9)


@pytest.mark.parametrize(("errors", "classes"), [(0.4, 2), (0.6, 4), (0.7, 8)])
def test_a_signal_of_exactly_a_fifth_is_not_refused(errors: float, classes: int) -> None:
    """1 - eta C / (C - 1) = .2: refused only under it. Three classes and more have their own denominator."""
    assert 1 - errors * classes / (classes - 1) == pytest.approx(0.2)
    assert corrected_score(measured_score(0.9, errors, classes), errors, classes) == pytest.approx(0.9)
    with pytest.raises(BadSetting):
        corrected_score(0.5, errors + 0.001, classes)


def test_test_labels_that_carry_nothing_are_refused() -> None:
    with pytest.raises(BadSetting, match="With 45% of the test labels wrong among 2 classes"):
        corrected_score(0.5, 0.45, 2)


@pytest.mark.parametrize(
    ("cost", "quality", "votes"),
    [(0, 0.6, 1), (0, 0.9, 1), (1, 0.6, 5), (1, 0.7, 3), (1, 0.8, 1), (3, 0.6, 11), (3, 0.7, 5), (3, 0.8, 3),
     (3, 0.95, 1), (10, 0.6, 11), (10, 0.7, 9), (10, 0.8, 5), (10, 0.9, 3)],
)  # fmt: skip
def test_more_votes_pay_where_an_item_is_dear_and_voters_err(cost: float, quality: float, votes: int) -> None:
    """(2q - 1)^2 / (k + cost), compared by hand for k = 1 to 11."""
    assert best_votes(quality, cost) == votes


# --- what a plan makes of it ------------------------------------------------------------------------------------------


def votes_of(**asked: object) -> Voting:
    found = voting(Figures(evaluate(known_forecast(), Assumptions(**asked))))
    assert found is not None
    return found


def test_a_plan_names_the_votes_that_teach_most_and_not_a_guess() -> None:
    """Every odd number tried by hand: (2 q - 1)^2 over the votes and what an item costs beside them, in votes."""
    for error, fee in ((0.05, 0.0), (0.2, 0.5), (0.35, 3.0)):
        found = votes_of(annotator_error=error, cost_per_label=0.5, fee_per_label=fee)
        worth = {k: (2 * majority_quality(k, 1 - error) - 1) ** 2 / (k + fee / 0.5) for k in VOTES}
        assert found.best.number == max(worth, key=lambda k: worth[k])
        assert found.best.right == majority_quality(found.best.number, 1 - error)


def test_the_score_behind_wrong_test_labels_shows_the_measured_one() -> None:
    found = votes_of(annotator_error=0.05, votes_per_label=3)
    assert found.measured is not None
    assert found.corrected is not None
    wrong = 1 - majority_quality(3, 0.95)
    assert measured_score(found.corrected, wrong, 2) == pytest.approx(found.measured)


def test_test_labels_that_say_too_little_are_said_not_corrected() -> None:
    found = votes_of(annotator_error=0.45)
    assert found.corrected is None
    assert "too little about the true one" in found.why


def test_without_errors_nothing_is_said_of_votes_and_with_them_the_table_s_numbers_are() -> None:
    """The noisy-annotator table: three votes of 80% are right in 89.6%."""
    assert votes_sentence(decide(evaluate(known_forecast(), Assumptions()))) == ""
    said = votes_sentence(decide(evaluate(known_forecast(), Assumptions(annotator_error=0.2, votes_per_label=3))))
    assert "3 votes give a right one in 89.6%" in said
    assert "100 such labels teach about as much as 63 right ones" in said  # (2 x 0.896 - 1)^2


def test_a_score_above_what_wrong_labels_can_show_says_that_they_are_better() -> None:
    found = votes_of(annotator_error=0.2)  # 90% measured, where 80% of the test labels would be right
    assert found.corrected is None
    assert "labeled better than that" in found.why
