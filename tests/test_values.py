"""Value models: published figures by hand, closed forms, and laws no way of valuing may break."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from making import known_forecast, known_pilot, power, task
from scipy.stats import norm

from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES, Terms
from planner.economics import Assumptions
from planner.economics.evaluating import annuity, evaluate
from planner.economics.figures import Figures
from planner.economics.production import Production, ProductionRates, production_of, shares_of
from planner.economics.risk import risks
from planner.economics.worth import is_valued, worth
from planner.errors import BadSetting, BadTable, UnknownChoice
from planner.forecast import ForecastSettings, forecast
from planner.pilot import PilotSettings, run_pilot, runs
from planner.pilot.replay import simulate
from planner.pilot.saved import pilot_from_json, pilot_to_json
from planner.pilot.scoring import BARS, amounts_by, confidence_counts, significant
from planner.plan import decide
from planner.sample.reading import make_sample
from planner.settings import knobs

FORECAST = known_forecast(worth=(1.5, 4.0))
GIVEN: dict[str, Any] = {  # an amount for everything a model may ask for
    "value_per_point": 2000.0, "decisions_per_year": 100_000.0, "cost_per_mistake": 2.0, "cost_by_hand": 12.88,
    "seconds_per_review": 30.0, "wage": 30.0, "cost_per_miss": 5.0, "mean_amount": 80.0, "cost_per_false_alarm": 4.0,
    "conversion_per_point": 0.1, "margin": 20.0, "launch_bar": 0.905, "launch_value": 40_000.0,
    "launch_penalty": 5_000.0,
}  # fmt: skip
MONEY = [one.name for one in knobs(Assumptions) if one.unit.startswith("currency") and one.name in GIVEN]
MODELS = pytest.mark.parametrize("name", list(VALUES))


def asked(name: str, **changes: Any) -> Assumptions:
    return Assumptions(**{"value_model": name, **GIVEN, **changes})


def table(scores: list[float], confusion: list[Any], shares: list[float], **changes: Any) -> Production:
    """Two classes, the first of which is looked for."""
    made = Production(
        ("rare", "usual"), np.array(shares), np.array(scores), np.array(confusion, dtype=float), np.empty(0),
        1 - np.eye(2), np.empty(0), 0, False,
    )  # fmt: skip
    return replace(made, **changes)


def sure_of() -> Production:
    """Anchors at 88 and 92%, 70 and 80% of the rows above 90% confidence, 2 and 1% of all rows there and wrong."""
    bins = np.zeros((2, len(BARS) - 1, 2))
    top, low = int(np.searchsorted(BARS, 0.95)), int(np.searchsorted(BARS, 0.6))
    bins[:, top] = [[0.02, 0.68], [0.01, 0.79]]
    bins[:, low] = [[0.10, 0.20], [0.07, 0.13]]
    both = [[[0.9, 0.1], [0.12, 0.88]], [[0.93, 0.07], [0.08, 0.92]]]
    return table([0.88, 0.92], both, [0.1, 0.9], confident=bins)


def confident() -> Any:
    """The forecast of a pilot in which four in five right rows and one in five wrong ones are above 95%."""
    high, low = int(np.searchsorted(BARS, 0.96)) - 1, int(np.searchsorted(BARS, 0.6)) - 1
    traces = []
    for trace in FORECAST.pilot.traces:
        right = np.trace(trace.confusion, axis1=1, axis2=2)
        wrong = trace.confusion.sum(axis=(1, 2)) - right
        counts = np.zeros((len(right), len(BARS) - 1, 2))
        counts[:, high], counts[:, low] = (np.stack([a * wrong, b * right], -1) for a, b in ((0.2, 0.8), (0.8, 0.2)))
        traces.append(replace(trace, by_confidence=counts))
    return replace(FORECAST, pilot=replace(FORECAST.pilot, traces=tuple(traces)))


CONFIDENT = confident()


def value(name: str, scores: Any, production: Production | None = None, **changes: Any) -> np.ndarray:
    given = asked(name, **changes)
    rates = ProductionRates(production or sure_of(), given)
    return VALUES[name].call(np.asarray(scores, dtype=float), Terms(given, rates))


# --- published figures, by hand ---------------------------------------------------------------------------------------


def test_the_worked_example_of_the_article() -> None:
    """From 88 to 91% with a point worth $10,000: $30,000."""
    low, high = value("per_point", [0.88, 0.91], value_per_point=10_000.0)
    assert high - low == pytest.approx(30_000, abs=0.005)


def test_a_rare_class_found_more_often() -> None:
    """Detection 82% -> 96% (the article's third case): of 1,000 rare items among a million, 180 -> 40 are missed.

    At $500 each that is $70,000 a year. False alarms stay as they were, so they cost the same on both sides. At 98%,
    beyond what was replayed, 20 are missed.
    """
    both = [[[0.82, 0.18], [0.01, 0.99]], [[0.96, 0.04], [0.01, 0.99]]]
    found = table([0.82, 0.96], both, [0.001, 0.999], one_class=True)
    amounts = {"decisions_per_year": 1e6, "mean_amount": 500.0, "cost_per_false_alarm": 3.0}
    before, after, beyond = value("amount_weighted", [0.82, 0.96, 0.98], found, **amounts)
    assert after - before == pytest.approx(140 * 500)
    assert beyond - after == pytest.approx(20 * 500)
    assert before == pytest.approx(-180 * 500 - 0.999e6 * 0.01 * 3)


def test_german_credit_weighs_a_bad_customer_called_good_five_times() -> None:
    """Statlog (Hofmann 1994): 30% bad, 5 for calling bad good, 1 for the reverse.

    Half of the bad and a tenth of the good taken for the other: 0.3 x 0.5 x 5 + 0.7 x 0.1 x 1 = 0.82 a decision. With
    10,000 decisions a year at $200 a unit that is $1,640,000. Were bad ones only 10% in production: 0.34.
    """
    found = table([0.78], [[[0.5, 0.5], [0.1, 0.9]]], [0.3, 0.7])
    said = {"mistake_costs": "rare>usual=5, usual>rare=1", "decisions_per_year": 10_000.0, "cost_per_mistake": 200.0}
    assert value("cost_matrix", [0.78], found, **said)[0] == pytest.approx(-1_640_000)
    rarer = value("cost_matrix", [0.78], found, class_shares="rare=0.1", **said)[0]
    assert rarer == pytest.approx(-0.34 * 10_000 * 200)


def test_invoices_that_nobody_has_to_touch() -> None:
    """$12.88 an invoice by hand (Ardent Partners 2025), 80% above the bar, 1% of all there and wrong at $50.

    10,000 invoices: 8,000 x 12.88 - 100 x 50 = $98,040. At 96%, half of what was left and wrong is gone: 9,000 x 12.88
    - 50 x 50.
    """
    amounts = {"decisions_per_year": 10_000.0, "cost_by_hand": 12.88, "cost_per_mistake": 50.0, "confidence_bar": 0.9}
    found = value("automation", [0.92, 0.96], **amounts)
    assert found == pytest.approx([8_000 * 12.88 - 100 * 50, 9_000 * 12.88 - 50 * 50])


def by_class() -> Production:
    """Above the bar: of the rare class 2 in 10, half of them wrong; of the usual one 9 in 10, 1 in 100 wrong."""
    bins = np.zeros((1, 2, len(BARS) - 1, 2))
    top, low = int(np.searchsorted(BARS, 0.95)), int(np.searchsorted(BARS, 0.6))
    bins[0, 0, top], bins[0, 0, low] = [0.1, 0.1], [0.1, 0.7]
    bins[0, 1, top], bins[0, 1, low] = [0.01, 0.89], [0.05, 0.05]
    return table([0.9], [[[0.8, 0.2], [0.06, 0.94]]], [0.1, 0.9], confident=bins)


@pytest.mark.parametrize(("shares", "rare"), [("", 0.1), ("rare=0.5", 0.5), ("rare=0", 0.0), ("rare=1", 1.0)])
def test_what_is_automated_follows_the_class_shares_of_production(shares: str, rare: float) -> None:
    """1,000 decisions at $10 by hand, $100 a mistake: 200 or 900 of them are decided, 100 or 10 of those are wrong."""
    amounts = {"decisions_per_year": 1000.0, "cost_by_hand": 10.0, "cost_per_mistake": 100.0, "confidence_bar": 0.9}
    found = value("automation", [0.9], by_class(), class_shares=shares, **amounts)
    assert found[0] == pytest.approx(rare * (200 * 10 - 100 * 100) + (1 - rare) * (900 * 10 - 10 * 100))


def test_a_pilot_that_was_sure_of_no_class_in_particular_refuses_class_shares() -> None:
    with pytest.raises(BadSetting, match="does not say of which classes"):
        value("automation", [0.9], sure_of(), class_shares="rare=0.5")


def with_stakes(stake: list[Any]) -> Production:
    return table(
        [0.9], [[[0.8, 0.2], [0.06, 0.94]]], [0.1, 0.9],
        stake=np.array(stake, dtype=float), mean_amounts=np.array([80.0, 20.0]),
    )  # fmt: skip


def test_dear_items_that_are_missed_count_for_what_they_are() -> None:
    """Of 10,000 items 1,000 are rare, at $80 each; 1 in 5 is missed, the dear ones: half of the $80,000 is lost.

    540 false alarms cost $4 each. With amounts that do not matter to the model a fifth is lost.
    """
    given = {"decisions_per_year": 10_000.0, "mean_amount": 80.0, "cost_per_false_alarm": 4.0}
    dear = value("amount_weighted", [0.9], with_stakes([[[0.5, 0.5], [0.1, 0.9]]]), **given)
    even = value("amount_weighted", [0.9], with_stakes([[[0.8, 0.2], [0.06, 0.94]]]), **given)
    assert dear[0] == pytest.approx(-(40_000 + 540 * 4))
    assert even[0] == pytest.approx(-(16_000 + 540 * 4))
    assert even[0] == pytest.approx(value("amount_weighted", [0.9], table([0.9], [[[0.8, 0.2], [0.06, 0.94]]],
                                                                          [0.1, 0.9]), **given)[0])  # fmt: skip


def test_looking_through_what_is_flagged() -> None:
    """Of a million items 0.1 x 0.93 + 0.9 x 0.08 = 16.5% are flagged: 165,000 x 12 s = 550 h at $20; 7,000 missed."""
    amounts = {"decisions_per_year": 1e6, "seconds_per_review": 12.0, "wage": 20.0, "cost_per_miss": 2.0}
    assert value("triage", [0.92], **amounts)[0] == pytest.approx(-550 * 20 - 7_000 * 2)


def test_two_questions_give_the_value_of_a_point() -> None:
    """100,000 decisions, $2 a mistake: one point is 1,000 mistakes, $2,000 a year."""
    low, high = value("per_mistake", [0.90, 0.91])
    assert high - low == pytest.approx(2_000)


def test_conversion_by_hand() -> None:
    """100,000 visitors, two points of score, 0.1 points of conversion each, $20 a sale: 200 sales, $4,000."""
    low, high = value("conversion", [0.90, 0.92])
    assert high - low == pytest.approx(4_000)


def test_a_launch_bar_has_its_closed_form() -> None:
    """V P(a >= bar) - P P(a < bar) with a normal score."""
    scores = norm(0.91, 0.01).ppf((np.arange(20_000) + 0.5) / 20_000)
    missed = norm.cdf((0.905 - 0.91) / 0.01)
    found = value("launch_bar", scores).mean()
    assert found == pytest.approx(40_000 * (1 - missed) - 5_000 * missed, abs=5)


# --- laws over the menu -----------------------------------------------------------------------------------------------


@MODELS
def test_more_score_is_never_worth_less(name: str) -> None:
    scores = np.linspace(0.5, 1.0, 101)
    beyond = value(name, scores[scores > 0.92])
    assert (np.diff(beyond) >= -1e-6).all()
    if VALUES[name].facts["rising"]:
        assert (np.diff(value(name, scores)) >= -1e-6).all()


@MODELS
def test_doubling_all_money_doubles_value(name: str) -> None:
    twice = {amount: 2 * GIVEN[amount] for amount in MONEY}
    scores = np.linspace(0.6, 0.99, 20)
    assert value(name, scores, **twice) == pytest.approx(2 * value(name, scores))


@pytest.mark.parametrize("name", [name for name in VALUES if "decisions_per_year" in VALUES[name].facts["asks"]])
def test_no_decisions_are_worth_nothing(name: str) -> None:
    assert value(name, [0.8, 0.95], decisions_per_year=0.0) == pytest.approx(0)


@MODELS
def test_a_model_asks_for_settings_that_are_there_and_waits_for_them(name: str) -> None:
    asks = VALUES[name].facts["asks"]
    assert set(asks) <= {one.name for one in knobs(Assumptions)}
    assert is_valued(asked(name))
    for amount in set(asks) & set(GIVEN) - {"launch_penalty"}:
        waiting = asked(name, **{amount: None})
        assert not is_valued(waiting)
        assert evaluate(FORECAST, waiting).point is None


@MODELS
def test_every_model_makes_a_plan_whose_figures_agree(name: str) -> None:
    valuation = evaluate(CONFIDENT, asked(name, setup_cost=300.0))
    for strategy, scores in CONFIDENT.scores.items():
        gained = valuation.worth(scores) - valuation.worth(scores[:, :1])
        assert valuation.net[strategy] == pytest.approx(gained - valuation.cost[strategy], rel=1e-9, abs=1e-6)
    found = {one.option: one for one in risks(Figures(valuation))}
    assert found["margin"].mean == pytest.approx(Figures(valuation).worth("margin"), rel=1e-6)
    assert decide(valuation).sentence


def test_a_cost_of_each_mistake_is_a_value_per_point_every_year() -> None:
    """0.01 of 100,000 decisions at $2 is $2,000 a point and year."""
    one = evaluate(FORECAST, asked("per_mistake"))
    other = evaluate(FORECAST, Assumptions(value_per_point=2_000.0, per_year=True))
    assert one.point == pytest.approx(2_000 * annuity(3, 0.1))
    for strategy in one.net:
        assert one.net[strategy] == pytest.approx(other.net[strategy])
    assert one.best == other.best


def test_values_that_come_every_year_do_so_whatever_the_switch_says() -> None:
    scores = np.array([0.90, 0.95])
    once, yearly = (worth(scores, asked("conversion", per_year=switch), FORECAST) for switch in (False, True))
    assert once == pytest.approx(yearly)
    bar = [worth(scores, asked("launch_bar", per_year=switch), FORECAST) for switch in (False, True)]
    assert bar[1] == pytest.approx(bar[0] * annuity(3, 0.1))


def test_the_range_of_a_launch_bar_is_of_the_labels_that_reach_it() -> None:
    """The random score rises as n^-1/2 from 90 to 93%, so 91% is reached at the same labels in every draw."""
    made = known_forecast()
    found = Figures(evaluate(made, asked("launch_bar", launch_bar=0.91))).best_purchase("random")
    share = 1 - (1 / 3) * (1 - 50**-0.5)
    assert found.p10 == found.p90 == pytest.approx(1000 * share**-2 - 1000, rel=0.03)  # linear between budgets
    never = Figures(evaluate(made, asked("launch_bar", launch_bar=0.99))).best_purchase("random")
    assert (never.p50, never.why[:11]) == (None, "Not reached")


# --- rates ------------------------------------------------------------------------------------------------------------


def rising_forecast(metric: str = "accuracy") -> Any:
    return forecast(known_pilot(power(0.1, 0.06, 0.5)), ForecastSettings(pool_size=20_000, metric=metric, draws=200))


def test_where_all_mistakes_cost_one_the_cost_is_what_is_missing_of_accuracy() -> None:
    """On the anchors, between them, and on both sides beyond."""
    made = production_of(rising_forecast())
    scores = np.linspace(0.3, 1.0, 200)
    rates = ProductionRates(made, asked("cost_matrix"))
    assert rates.cost(scores) == pytest.approx(1 - scores, abs=2e-3)


def test_the_mix_of_mistakes_is_kept_beyond_the_replay() -> None:
    rates = ProductionRates(sure_of(), asked("triage"))
    at, far = (rates.missed(np.array([s])) / rates.false_alarms(np.array([s])) for s in (0.92, 0.99))
    assert far == pytest.approx(at)
    assert rates.flagged(np.array([0.95])) == pytest.approx(
        0.1 - rates.missed(np.array([0.95])) + rates.false_alarms(np.array([0.95]))
    )


def test_shares_of_production() -> None:
    made = table([0.9], [np.eye(2)], [0.4, 0.6])
    assert shares_of("", made) == pytest.approx([0.4, 0.6])
    assert shares_of("rare=0.01", made) == pytest.approx([0.01, 0.99])
    assert shares_of("rare=0.25, usual=0.75", made) == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"class_shares": "rare=2"}, BadSetting, "no share of a class"),
        ({"class_shares": "rare=0.5, usual=0.7"}, BadSetting, "add up to 1.2"),
        ({"class_shares": "raer=0.5"}, UnknownChoice, "Did you mean 'rare'"),
        ({"mistake_costs": "raer>usual=5"}, UnknownChoice, "Did you mean 'rare'"),
    ],
)
def test_words_that_name_no_class_are_refused(changes: dict[str, str], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        value("cost_matrix", [0.9], **changes)


def test_a_metric_that_counts_no_mistakes_cannot_be_priced_by_them() -> None:
    with pytest.raises(BadSetting, match=r"the metric is macro f1.*Choose one of these metrics: accuracy"):
        evaluate(rising_forecast("macro_f1"), asked("per_mistake"))
    assert evaluate(rising_forecast("macro_f1"), asked("cost_matrix")).net


def test_an_old_pilot_cannot_say_what_could_be_automated() -> None:
    with pytest.raises(BadSetting, match="does not say how sure its model was"):
        evaluate(FORECAST, asked("automation"))


# --- what a replay keeps for them -------------------------------------------------------------------------------------


def replayed(costs: str) -> Any:
    """Two overlapping clouds walked by random labeling."""
    rng = np.random.default_rng(5)
    y = np.repeat([0, 1], [240, 160])
    X = rng.normal(size=(400, 3)) + y[:, None]
    made = task(X, y, strategies=("random",), folds=2, repeats=1, costs=costs)
    weights = np.array([[0, 1], [5, 0]]) if "5" in costs else 1 - np.eye(2)
    made = replace(made, costs=weights)
    return made, simulate(
        made, {"random": STRATEGIES["random"].call}, ESTIMATORS["logistic_regression"].call, runs(made)
    )


def test_with_equal_costs_the_cheapest_decision_is_the_likeliest_class() -> None:
    for trace in replayed("*>*=1")[1]:
        assert trace.costed == pytest.approx(trace.confusion)


def test_a_dear_mistake_is_made_less_often_at_every_budget() -> None:
    """At 5:1 the second class is named from a chance of one in six on (Elkan 2001), so never more of it is missed."""
    for trace in replayed("class 1>class 0=5")[1]:
        assert (trace.costed[:, 1, 0] <= trace.confusion[:, 1, 0]).all()
        assert trace.costed[:, 1, 0].sum() < trace.confusion[:, 1, 0].sum()
    assert all(trace.costed.size == 0 for trace in replayed("")[1])


def test_a_trace_counts_every_tested_row_by_how_sure_the_model_was() -> None:
    for trace in replayed("")[1]:
        assert (trace.by_confidence.sum(axis=(2, 3)) == trace.confusion.sum(axis=2)).all()  # of each true class
        right = trace.by_confidence[..., 1].sum(axis=2)
        assert (right == np.diagonal(trace.confusion, axis1=1, axis2=2)).all()


def test_confidence_is_counted_in_its_bin() -> None:
    P = np.array([[0.5, 0.5], [0.93, 0.07], [0.0, 1.0], [0.91, 0.09]])
    found = confidence_counts(np.array([0, 0, 0, 1]), P.argmax(axis=1), P)
    of_first, of_second = found
    at = {bar: int(np.flatnonzero(bar == BARS)[0]) for bar in (0.5, 0.9, 0.925, 0.999)}
    assert of_first[at[0.5]].tolist() == [0, 1]
    assert of_first[at[0.925]].tolist() == [0, 1]
    assert of_first[at[0.999]].tolist() == [1, 0]
    assert of_second[at[0.9]].tolist() == [1, 0]
    assert found.sum() == 4


def test_confidence_at_a_bar_and_a_step_beside_it_is_counted_as_by_a_search() -> None:
    beside = [np.nextafter(BARS, side) for side in (0, 1)]
    sure = np.clip(np.concatenate([BARS, *beside, np.random.default_rng(0).random(2000)]), 0, 1)
    sure = np.maximum(sure, 1 - sure)
    P = np.column_stack([sure, 1 - sure])
    found = confidence_counts(np.zeros(len(P), dtype=int), np.zeros(len(P), dtype=int), P)
    expected = np.clip(np.searchsorted(BARS, sure, side="right") - 1, 0, len(BARS) - 2)
    assert found[0, :, 1].tolist() == np.bincount(expected, minlength=len(BARS) - 1).tolist()


def test_a_file_keeps_what_value_models_read() -> None:
    made, traces = replayed("class 1>class 0=5")
    pilot = replace(known_pilot(power(0.1, 0.06, 0.5), n=400), traces=traces, settings=made.settings)
    again = pilot_from_json(pilot_to_json(pilot))
    for one, other in zip(pilot.traces, again.traces, strict=True):
        assert (one.by_confidence == other.by_confidence).all()
        assert (one.costed == other.costed).all()


def test_models_read_arrays_of_drawn_amounts() -> None:
    """20,000 futures hold an array where a person typed a number."""
    drawn = SimpleNamespace(**{**vars(asked("per_mistake")), "cost_per_mistake": np.array([1.0, 2.0])})
    scores = np.array([0.9, 0.9])
    assert VALUES["per_mistake"].call(scores, Terms(drawn)) == pytest.approx([-10_000, -20_000])


# --- what the value rests on ------------------------------------------------------------------------------------------


@MODELS
def test_a_value_that_nobody_measured_is_doubted(name: str) -> None:
    said = {one.code: one.finding for one in decide(evaluate(CONFIDENT, asked(name, setup_cost=300.0))).doubts}
    expected = {"conversion": "conversion_guess"}.get(name, "mix_assumed" if VALUES[name].facts["rates"] else "")
    assert said.keys() & {"conversion_guess", "mix_assumed", "no_value"} == ({expected} if expected else set())


def test_a_guessed_conversion_names_its_range() -> None:
    plan = decide(evaluate(FORECAST, asked("conversion", ranges="conversion_per_point=0..0.3")))
    finding = next(one.finding for one in plan.doubts if one.code == "conversion_guess")
    assert "0.1 points of conversion" in finding
    assert "from 0 to 0.3" in finding


# --- a column of amounts ----------------------------------------------------------------------------------------------


def payments(rows: int = 300, **changes: Any) -> pd.DataFrame:
    """Payments of which a quarter are fraud, twice as dear as the others on average."""
    rng = np.random.default_rng(5)
    fraud = np.arange(rows) % 4 == 0
    made = {"x": rng.normal(size=rows) + fraud, "y": rng.normal(size=rows), "label": np.where(fraud, "fraud", "good"),
            "paid": np.where(fraud, 2.0, 1.0) * rng.uniform(10, 30, rows).round(2)}  # fmt: skip
    return pd.DataFrame(made | changes)


def test_amounts_are_summed_by_true_and_predicted_class() -> None:
    found = amounts_by(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), np.array([5.0, 7.0, 2.0, 3.0]), 2)
    assert found.tolist() == [[5, 7], [0, 5]]


def test_a_file_says_amounts_to_four_digits_only() -> None:
    assert significant(np.array([0.0, 1234.56, 0.00123456, 99_999.0])).tolist() == [0, 1235, 0.001235, 100_000]


def test_a_column_of_amounts_weighs_the_pilots_mistakes_and_is_hidden_from_the_model() -> None:
    rows = payments()
    sample = make_sample(rows, "label", {"paid": "amount"})
    assert list(sample.features) == ["x", "y"]
    settings = PilotSettings(("margin",), "logistic_regression", folds=3, repeats=2)
    pilot = run_pilot(sample, settings)
    made = forecast(pilot_from_json(pilot_to_json(pilot)), ForecastSettings(pool_size=5000))
    found = production_of(made)
    means = rows.groupby("label")["paid"].mean()
    assert found.mean_amounts == pytest.approx([means["fraud"], means["good"]], rel=1e-3)
    assert found.stake.sum(axis=-1) == pytest.approx(np.ones(found.stake.shape[:2]))
    given = {"value_model": "amount_weighted", "decisions_per_year": 1000.0, "cost_per_false_alarm": 1.0}
    valuation = evaluate(made, Assumptions(**given))
    assert valuation.assumptions.mean_amount == pytest.approx(means["fraud"], rel=1e-3)
    assert evaluate(made, Assumptions(**given, mean_amount=7.0)).assumptions.mean_amount == 7.0


def test_amounts_that_are_all_the_same_change_no_value() -> None:
    rows = payments(paid=np.full(300, 12.5))
    settings = PilotSettings(("margin",), "logistic_regression", folds=3, repeats=1)
    given = asked("amount_weighted", mean_amount=12.5)
    worths = []
    for kinds in ({"paid": "amount"}, {"paid": "leave_out"}):
        made = forecast(run_pilot(make_sample(rows, "label", kinds), settings), ForecastSettings(pool_size=5000))
        worths.append(worth(np.linspace(0.5, 0.9, 9), given, made))
    assert worths[0] == pytest.approx(worths[1], rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "kinds", "words"),
    [
        ({"paid": "much"}, {"paid": "amount"}, "has 300 labeled rows without an amount from 0 up, such as 'much'"),
        ({"paid": 0.0}, {"paid": "amount"}, "Every amount in column 'paid' is 0"),
        ({}, {"paid": "amount", "y": "amount"}, "'y' and 'paid' are all called amounts"),
    ],
)
def test_a_column_that_holds_no_amounts_is_refused(changes: dict[str, Any], kinds: dict[str, str], words: str) -> None:
    with pytest.raises(BadTable, match=re.escape(words)):
        make_sample(payments(**changes), "label", kinds)
