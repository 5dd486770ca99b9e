"""A budget, a deadline or a target: the purchase that goes farthest, against searching every purchase one by one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from making import known_forecast

from planner.economics import Assumptions, evaluate
from planner.economics.costs import cost_of, rounds_for, weeks_for
from planner.economics.figures import Figures
from planner.economics.solving import Way, limits_reach, reached_by, target_takes
from planner.plan import Plan, decide
from planner.report.solved import solved_sentences

USUAL: dict[str, Any] = {"cost_per_label": 1.0, "setup_cost": 100.0, "cost_per_round": 20.0}
SPREAD = (1.0, 4.0)  # one chosen label is worth 1 to 4 random ones over the draws


def figures(worth: tuple[float, float] = SPREAD, N: int = 4000, **asked: Any) -> Figures:
    return Figures(evaluate(known_forecast(N=N, worth=worth), Assumptions(**{**USUAL, **asked})))


def plan(**asked: Any) -> Plan:
    return decide(evaluate(known_forecast(N=4000, worth=SPREAD), Assumptions(**{**USUAL, **asked})))


def every_purchase(found: Figures) -> list[tuple[str, int, float, float | None]]:
    """(strategy, labels, cost, weeks) of all there are."""
    asked, rows = found.assumptions, []
    for name, adaptive in (("random", False), ("margin", True)):
        for x in range(1, found.left + 1):
            rounds = rounds_for(found.n, x, adaptive)
            weeks = weeks_for(asked, x, rounds, adaptive)
            rows.append((name, x, cost_of(asked, x, rounds, adaptive), weeks))
    return rows


def within(found: Figures) -> list[tuple[str, int, float, float | None]]:
    asked = found.assumptions
    most = np.inf if asked.budget is None else asked.budget
    last = np.inf if asked.deadline is None else asked.deadline
    return [row for row in every_purchase(found) if row[2] <= most + 1e-9 and (row[3] or 0.0) <= last + 1e-9]


@pytest.mark.parametrize(
    "asked",
    [
        {"budget": 850.0},
        {"budget": 850.0, "price_table": "0=1, 300=0.5; minimum=100"},
        {"deadline": 5.0, "labels_per_week": 200.0, "hardness": 1.2},
        {"budget": 900.0, "deadline": 4.0, "labels_per_week": 200.0},
    ],
)
def test_what_a_limit_buys_is_the_most_of_all_purchases_within_it(asked: dict[str, Any]) -> None:
    found = figures(**asked)
    way = limits_reach(found).way
    assert way is not None
    most = {
        name: max((x for kind, x, _, _ in within(found) if kind == name), default=0) for name in ("random", "margin")
    }
    middles = {name: float(np.median(found.gain(name, x))) for name, x in most.items()}
    assert way.strategy == max(middles, key=lambda name: middles[name])
    assert way.labels == most[way.strategy]


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("limits", [{}, {"budget": 1200.0}])
def test_a_target_takes_the_cheapest_of_all_purchases_that_reach_it_so_surely(
    confidence: float, limits: dict[str, Any]
) -> None:
    found = figures(**limits)
    goal = target_takes(found, 0.912, confidence)
    sure = [
        row
        for row in within(found)
        if np.mean(found.forecast.scores[row[0]][:, 0] + found.gain(row[0], row[1]) >= 0.912 - 1e-12) >= confidence
    ]
    if not sure:
        assert goal.way is None
        return
    assert goal.way is not None
    assert goal.way.cost == min(cost for _, _, cost, _ in sure)


def test_more_confidence_never_costs_less() -> None:
    found = figures()
    ways = [target_takes(found, 0.912, share).way for share in (0.5, 0.6, 0.7, 0.8, 0.9, 0.99)]
    costs = [np.inf if way is None else way.cost for way in ways]
    assert costs == sorted(costs)


def test_more_money_or_time_never_reaches_less() -> None:
    for one, amounts in (("budget", (50.0, 300.0, 800.0, 3000.0, 9000.0)), ("deadline", (0.5, 1.0, 3.0, 9.0, 20.0))):
        ways = [limits_reach(figures(labels_per_week=250.0, **{one: amount})).way for amount in amounts]
        scores = [way.score.p50 for way in ways if way is not None and way.score.p50 is not None]
        assert len(scores) == len(amounts)
        assert scores == sorted(scores)


def test_out_of_reach_names_the_nearest_and_what_the_limit_is_short_of() -> None:
    found = figures(budget=500.0)
    goal = target_takes(found, 0.915, 0.8)
    assert goal.way is None
    assert goal.nearest is not None
    assert goal.nearest.cost <= 500
    free = target_takes(figures(), 0.915, 0.8).way
    assert goal.beyond == free
    assert free is not None
    assert free.cost > 500


def test_a_target_beyond_the_pool_has_no_purchase_at_all() -> None:
    goal = target_takes(figures(), 0.999, 0.8)
    assert (goal.way, goal.beyond) == (None, None)
    assert isinstance(goal.nearest, Way)
    assert goal.nearest.sure == pytest.approx(0.93)  # what every draw has with everything labeled


def test_the_score_one_is_sure_of_is_reached_by_that_share_of_the_draws() -> None:
    draws = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    assert reached_by(draws, 0.8) == 0.2  # by 4 of 5
    assert reached_by(draws, 0.81) == 0.1
    assert reached_by(draws, 0.2) == 0.5


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"budget": 0.0}, "For $0, no label is within reach: the smallest purchase costs $1.00."),
        ({"deadline": 3.0}, "Give the labels a week"),
        ({"target": 0.915}, ": enough in half of the forecasts."),
        ({"target": 0.85}, "85.0% accuracy with 80% confidence: reached already"),
        ({"target": 0.99}, "99.0% accuracy is not within reach with 80% confidence."),
        ({"target": 0.99, "budget": 500.0}, "is not within reach with 80% confidence for $500."),
        ({"budget": 10_000.0}, "For $10,000, you can label everything: 3,000 labels"),
        ({"budget": 2000.0, "deadline": 1.0, "labels_per_week": 100.0}, "The time ends first."),
        ({"budget": 50.0, "deadline": 9.0, "labels_per_week": 100.0}, "The money ends first."),
    ],
)
def test_the_answer_is_said_in_words(asked: dict[str, Any], said: str) -> None:
    assert said in " ".join(solved_sentences(plan(**asked))).replace("**", "")


def test_a_plan_without_a_question_gives_no_answer() -> None:
    assert solved_sentences(plan()) == ()


def test_a_sample_that_carries_no_forecast_still_says_what_the_money_buys() -> None:
    steep = replace(known_forecast(N=4000), refusal="steep")
    said = " ".join(solved_sentences(decide(evaluate(steep, Assumptions(budget=500.0, target=0.95))))).replace("**", "")
    assert "For $500, the most you can buy is 500 labels drawn at random ($500)." in said
    assert "cannot be told from this sample" in said
    assert "Nobody can say what 95.0% accuracy takes." in said


def test_a_miss_by_a_hair_is_printed_as_a_miss() -> None:
    """Everything labeled reaches 93% in every draw: 93.01% is out of reach, and 93.00% is not printed as it."""
    said = " ".join(solved_sentences(plan(target=0.9301))).replace("**", "")
    assert "93.01% accuracy is not within reach" in said
    assert "The nearest that you can be so sure of is 93.00%" in said


def test_a_plan_that_the_money_ends_does_not_say_that_more_would_not_pay() -> None:
    """A plan buys one of the purchases that were forecast; the next one up may lie just beyond the limit."""
    free = plan(value_per_point=800.0)
    assert free.buy is not None
    steps = free.valuation.purchases
    below = steps[steps < free.buy / 2][-1]
    after = steps[steps > below][0]
    between, n = (below + after) / 2, free.valuation.forecast.labeled
    spent = cost_of(free.valuation.assumptions, between, rounds_for(n, between, True), True)
    found = plan(value_per_point=800.0, budget=spent)
    assert found.buy == below
    assert "would not be worth" not in " ".join(solved_sentences(found))
    ample = plan(value_per_point=800.0, budget=1e6)
    assert "would not be worth" in " ".join(solved_sentences(ample))
