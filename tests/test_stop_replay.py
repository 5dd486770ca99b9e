"""Rules that watch a model: by hand, by law, and where they would have stopped in a pilot whose course is known."""

from dataclasses import replace
from typing import Any

import handmade
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import task
from sklearn.datasets import make_classification
from sklearn.metrics import cohen_kappa_score, f1_score

from planner.choices.estimators import ESTIMATORS
from planner.choices.stopping import WATCH_RULES, Watched, first_stop
from planner.choices.strategies import STRATEGIES
from planner.economics import Valuation
from planner.economics.costs import label_cost
from planner.economics.figures import Figures
from planner.pilot import Run, Trace
from planner.pilot.replay import simulate
from planner.pilot.saved import pilot_from_json, pilot_to_json
from planner.pilot.scoring import f_change, kappa
from planner.pilot.steadiness import Steadiness
from planner.plan.stop_replay import advised_rules, replay_stops, worth_in_labels

LABELS = np.array([50.0, 100, 150, 200, 250, 300])
QUIET = {"kappa": 0.5, "pool_entropy": 0.5, "changed": 0.5, "delta_f": 0.5, "confidence": 0.5, "batch_entropy": 0.5}


def watched(**course: Any) -> Watched:
    """A run on which nothing happens but what is said."""
    flat = {name: np.full(len(LABELS), value) for name, value in QUIET.items()}
    rising = np.linspace(0.5, 0.9, len(LABELS))
    return Watched(**{"labels": LABELS, "score": rising, **flat, **course})


# --- each rule by hand -----------------------------------------------------------------------------------------------


def test_predictions_are_stable_once_three_in_a_row_agree_on_average() -> None:
    # Means of three: .98, .99, .993; the first kappa has no model before it and is never among them.
    course = np.array([0.0, 0.97, 0.98, 0.99, 1.0, 0.99])
    assert first_stop("stabilizing_predictions", watched(kappa=course)) == 4
    assert first_stop("stabilizing_predictions", watched(kappa=np.array([0, 1.0, 1, 1, 1, 1]))) == 3
    assert first_stop("stabilizing_predictions", watched(kappa=course), 0.995) is None


def test_uncertainty_is_the_mean_entropy_of_the_pool() -> None:
    assert first_stop("overall_uncertainty", watched(pool_entropy=np.array([0.4, 0.2, 0.05, 0.049, 0.1, 0.0]))) == 3


def test_confidence_must_hold_for_every_item_of_the_batch() -> None:
    assert first_stop("max_confidence", watched(batch_entropy=np.array([0.9, 0.01, 0.001, 0.0009, 0.5, 1.0]))) == 3


def test_no_prediction_may_change() -> None:
    course = np.array([0.0, 0.1, 0.002, 0.0, 0.1, 0.0])
    assert first_stop("classification_change", watched(changed=course)) == 3
    assert first_stop("classification_change", watched(changed=course), 0.002) == 2


def test_each_of_three_batches_must_change_little() -> None:
    assert first_stop("delta_f", watched(delta_f=np.array([1, 0.04, 0.05, 0.04, 0.03, 0.02]))) == 5
    assert first_stop("delta_f", watched(delta_f=np.array([1, 0.04, 0.04, 0.04, 0.9, 0.9]))) == 3


def test_convergence_needs_a_new_high_that_hardly_rises() -> None:
    """Means of three rise by 0.0002 over 50 labels: 0.00004 for ten, under the published 0.00005."""
    slow = np.array([0.9, 0.9002, 0.9004, 0.9006, 0.9008, 0.901])
    assert first_stop("performance_convergence", watched(confidence=slow)) == 3
    assert first_stop("performance_convergence", watched(confidence=slow), 3e-5) is None
    assert first_stop("performance_convergence", watched(confidence=slow[::-1])) is None  # no new high
    assert first_stop("performance_convergence", watched(confidence=np.linspace(0.5, 0.9, 6))) is None  # still rising


def test_expected_f_of_the_winning_classes_is_the_mean_largest_probability() -> None:
    """Laws and Schuetze: tp sums p, fp sums 1 - p of the winning class, fn sums p of the others."""
    P = np.random.default_rng(0).dirichlet([1, 2, 3], 50)
    wins = P.argmax(axis=1)[:, None] == np.arange(3)
    tp, fp, fn = (P * wins).sum(), ((1 - P) * wins).sum(), (P * ~wins).sum()
    steady = Steadiness(3, 0)
    steady.look(P)
    assert steady.fields()["confidence"][0] == pytest.approx(2 * tp / (2 * tp + fp + fn), abs=1e-6)


def test_measured_rules_by_hand() -> None:
    score = np.array([0.7, 0.8, 0.85, 0.853, 0.86, 0.861])
    assert first_stop("target", watched(score=score, target=0.85)) == 2
    assert first_stop("target", watched(score=score)) is None
    # 200 / 1.56 = 128.2 labels scored .8 + .05 ln(1.282) / ln(1.5) = .8306; 250 / 1.56 = 160.3 scored .8507, 0.0093
    # less than at 250; 300 / 1.56 = 192.3 scored .8526, 0.0084 less.
    assert first_stop("plateau", watched(score=score)) is None
    assert first_stop("plateau", watched(score=score), 0.009) == 5
    # 50 labels each; a score of 1 is worth 10,000: the third batch earned 500, the fourth 30.
    assert first_stop("marginal_value", watched(score=score, labels_per_unit=10_000.0)) == 3
    assert first_stop("marginal_value", watched(score=score)) is None


def test_money_ends_before_the_batch_that_it_does_not_reach_to() -> None:
    """$100 once and $1 a label: 200 labels cost $300, over $260, so that 150 are the last."""
    spent = 100 + LABELS
    assert first_stop("budget", watched(spent=spent, budget=260.0)) == 2
    assert first_stop("budget", watched(spent=spent, budget=300.0)) == 3
    assert first_stop("budget", watched(spent=spent, budget=1000.0)) is None
    assert first_stop("budget", watched(spent=spent)) is None


# --- laws over the menu ----------------------------------------------------------------------------------------------

SHARES = st.lists(st.floats(0, 1), min_size=6, max_size=6).map(np.array)


@pytest.mark.parametrize("rule", WATCH_RULES)
@settings(max_examples=40, deadline=None)
@given(course=st.fixed_dictionaries(dict.fromkeys((*QUIET, "score"), SHARES)), step=st.floats(0, 0.5))
def test_a_looser_threshold_never_stops_later(rule: str, course: dict[str, np.ndarray], step: float) -> None:
    one = watched(**course, target=0.6, labels_per_unit=500.0, spent=100 + LABELS, budget=330.0)
    usual = float(WATCH_RULES[rule].facts["threshold"])
    strict, loose = first_stop(rule, one), first_stop(rule, one, usual + step * WATCH_RULES[rule].facts["looser"])
    assert strict is None or (loose is not None and loose <= strict)


@pytest.mark.parametrize("rule", WATCH_RULES)
def test_every_rule_says_what_it_watches(rule: str) -> None:
    choice = WATCH_RULES[rule]
    assert choice.summary.endswith(".")
    assert hasattr(watched(), choice.facts["needs"])


# --- what the runs keep ----------------------------------------------------------------------------------------------


def test_change_of_f_by_hand() -> None:
    """a = 90 rows both call positive, b = c = 5 only one does: 1 - 180 / 190."""
    before = np.repeat([1, 1, 0, 0], [90, 5, 5, 100])
    after = np.repeat([1, 0, 1, 0], [90, 5, 5, 100])
    assert f_change(before, after, 2, 1) == pytest.approx(1 - 180 / 190)
    assert f_change(before, after, 2, 0) == pytest.approx(1 - 200 / 210)
    assert f_change(before, before, 2, 1) == 0


def test_change_of_f_is_one_minus_the_peers_f() -> None:
    rng = np.random.default_rng(3)
    before, after = rng.integers(0, 4, 300), rng.integers(0, 4, 300)
    assert f_change(before, after, 4, 0) == pytest.approx(1 - f1_score(before, after, average="macro"))
    assert kappa(before, after) == pytest.approx(cohen_kappa_score(before, after))


def test_nothing_over_nothing_is_no_change() -> None:
    """Neither round names the positive class, or both name one class only: 0/0 must not keep a rule from firing."""
    zeros = np.zeros(20, dtype=int)
    assert f_change(zeros, zeros, 2, 1) == 0
    assert kappa(zeros, zeros) == 1


def test_steadiness_by_hand() -> None:
    steady = Steadiness(2, 1)
    steady.look(np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [0.0, 1.0]]))
    steady.bought(np.array([[0.5, 0.5], [1.0, 0.0]]))
    steady.look(np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.0, 1.0]]))
    found = steady.fields()
    assert found["changed"].tolist() == [1.0, 0.25]
    assert found["confidence"].tolist() == [0.8, 0.825]
    assert found["batch_entropy"].tolist() == [1.0]  # the most there can be for two classes
    assert found["delta_f"].tolist() == [1.0, pytest.approx(1 - 2 / 3, abs=1e-6)]  # both call one row positive
    assert found["kappa"][0] == 0


def test_a_run_keeps_what_the_rules_ask_for() -> None:
    X, y = make_classification(300, 6, random_state=0)
    walked = simulate(
        task(X, y, folds=3, repeats=1), {"margin": STRATEGIES["margin"].call},
        ESTIMATORS["logistic_regression"].call, [Run("margin", 0, 0, 200)],
    )[0]  # fmt: skip
    K = len(walked.anchors)
    for name in ("changed", "delta_f", "confidence"):
        assert getattr(walked, name).shape == (K,)
    assert walked.batch_entropy.shape == (K - 1,)
    assert (walked.changed == 0).tolist() == (walked.kappa == 1).tolist()  # equal predictions agree wholly
    # Margin buys what it doubts most, so the most doubted item of a batch is the most doubted of the pool.
    assert walked.batch_entropy[0] > walked.pool_entropy[0]


# --- the pilot -------------------------------------------------------------------------------------------------------


def valued(course: dict[str, np.ndarray] | None = None, **assumed: Any) -> Valuation:
    """The handmade plan's valuation, with this course in every trace."""
    made = handmade.valuation(**assumed)
    if course is None:
        return made
    traces = tuple(replace(trace, **course) for trace in made.forecast.pilot.traces)
    return replace(made, forecast=replace(made.forecast, pilot=replace(made.forecast.pilot, traces=traces)))


def agreeing(at: int) -> dict[str, np.ndarray]:
    """Agreement of 1 for the three anchors up to one of 50, 100, 200, 400, 800; nothing else happens."""
    course = np.zeros(5)
    course[at - 2 : at + 1] = 1.0
    flat = np.full(5, 0.5)
    return {"kappa": course, "changed": flat, "delta_f": flat, "confidence": flat, "batch_entropy": np.full(4, 0.5)}


def found(rule: str, valuation: Valuation, strategy: str = "margin") -> Any:
    return next(one for one in replay_stops(Figures(valuation), strategy) if one.rule == rule)


def test_a_rule_stops_where_its_course_says() -> None:
    stop = found("stabilizing_predictions", valued(agreeing(3)))
    assert (stop.fired, stop.runs) == (10, 10)
    assert (stop.low, stop.middle, stop.high) == (400, 400, 400)
    assert stop.score == pytest.approx(handmade.random_score(400) + handmade.AHEAD["margin"])


def test_a_budget_stops_the_pilot_where_its_money_ends() -> None:
    """Anchors at 50, 100, 200, 400, 800; $500 of setup and $1 a label: $750 reaches to 200 labels."""
    stop = found("budget", valued(agreeing(3), budget=750.0))
    assert (stop.low, stop.middle, stop.high, stop.fired) == (200, 200, 200, 10)
    assert found("budget", valued(agreeing(3))).why == "No budget cap was given."


def test_regret_by_hand() -> None:
    """At $5,000 a point and $1 a label every anchor costs its labels and 5,000 for each point missing."""
    made = valued(agreeing(3))
    labels = np.array([50.0, 100, 200, 400, 800])
    total = labels + 5000 * 100 * (1 - handmade.random_score(labels) - handmade.AHEAD["margin"])
    assert found("stabilizing_predictions", made).regret == pytest.approx(total[3] - total.min())
    never = found("overall_uncertainty", made)
    assert never.fired == 0
    assert never.middle is None
    assert never.regret == pytest.approx(total[4] - total.min())  # it labeled everything


def test_no_rule_beats_the_best_stop_in_hindsight() -> None:
    for value in (50.0, 5000.0, 500_000.0):
        for one in replay_stops(Figures(valued(agreeing(3), value_per_point=value)), "margin"):
            assert one.regret is None or one.regret >= 0


def test_where_nothing_was_kept_or_asked_the_reason_is_said() -> None:
    old = valued()  # as from a file of an older version
    assert "Run it again" in found("delta_f", old).why
    assert found("stabilizing_predictions", old).why == "It never said stop before everything was labeled."
    assert found("target", old).why == "No target was typed."
    unvalued = replay_stops(Figures(handmade.valuation(value_per_point=None)), "margin")
    assert all(one.regret is None for one in unvalued)


def test_stored_runs_keep_what_the_rules_ask_for() -> None:
    pilot = valued(agreeing(3)).forecast.pilot
    for before, after in zip(pilot.traces, pilot_from_json(pilot_to_json(pilot)).traces, strict=True):
        for name in ("changed", "delta_f", "confidence", "batch_entropy"):
            assert getattr(before, name).tolist() == getattr(after, name).tolist()
    old = pilot_to_json(handmade.valuation().forecast.pilot)
    assert "delta_f" not in old["traces"][0]
    restored: Trace = pilot_from_json(old).traces[0]
    assert restored.delta_f.size == 0


# --- which rule fits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worth", "rules"),
    [
        (300, ()),
        (5e3, ("stabilizing_predictions",)),
        (2e5, ("stabilizing_predictions", "overall_uncertainty")),
        (4e5, ("overall_uncertainty",)),
    ],
)
def test_the_rule_follows_what_a_point_is_worth(worth: float, rules: tuple[str, ...]) -> None:
    assert advised_rules(worth) == rules
    assert set(rules) <= set(WATCH_RULES)


def test_worth_in_labels_is_a_hundred_points_over_the_price() -> None:
    """$2,000 a point at $0.50 a label is 400,000 labels; $50 at $1 is 5,000."""
    assert worth_in_labels(Figures(valued(value_per_point=2000.0, cost_per_label=0.5))) == pytest.approx(4e5)
    assert worth_in_labels(Figures(valued(value_per_point=50.0))) == pytest.approx(5e3)
    assert worth_in_labels(Figures(valued(value_per_point=None))) is None
    made = valued()
    assert label_cost(made.assumptions, adaptive=True) == 1.0
