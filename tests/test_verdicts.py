"""Every verdict and every "when not to", each with its sentence, in the order they are tried."""

from dataclasses import replace

import numpy as np
import pytest
from making import facts, known_forecast, known_pilot, power

from planner import words
from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.forecast import ForecastSettings, forecast
from planner.plan import Plan, decide
from planner.plan.changes import paying_pool, paying_price, paying_setup
from planner.plan.checks import CHECKS
from planner.sample.reading import Finding

PRICED = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}


def plan(known=None, **asked) -> Plan:
    return decide(evaluate(known or known_forecast(), Assumptions(**{**PRICED, **asked})))


def with_facts(known, **changes):
    return replace(known, pilot=replace(known.pilot, facts=replace(known.pilot.facts, **changes)))


def codes(found: Plan) -> set[str]:
    return {doubt.code for doubt in found.doubts}


# --- the verdicts, in order ------


def test_a_pool_under_500_is_labeled_whole():
    found = plan(known_forecast(n=300, N=499))
    assert (found.code, found.rule) == ("label_all", "small_pool")
    assert found.sentence == "Label everything: all 199 items that are left"


def test_labels_nearly_free_against_a_point():
    found = plan(cost_per_label=0.1)
    assert (found.code, found.rule) == ("label_all", "nearly_free")
    assert found.lead == "Labeling the rest costs $4,900. One point of accuracy alone is worth $5,000 to you."


def test_labels_nearly_free_against_the_setup():
    found = plan(cost_per_label=0.1, setup_cost=6000, value_per_point=None)
    assert (found.code, found.rule) == ("label_all", "nearly_free")
    assert "The setup cost of active learning alone, $6,000, is more than that." in found.lead


def test_what_is_nearly_free_beside_the_setup_says_what_it_adds():
    """3 points at $100 are worth $300; the labels cost $4,900."""
    found = plan(cost_per_label=0.1, setup_cost=6000, value_per_point=100)
    assert "The 3 points of accuracy it is expected to add are worth $300, less than they cost." in found.lead


@pytest.mark.parametrize("limit", [{"budget": 4000.0}, {"deadline": 3.0, "labels_per_week": 1000.0}])
def test_what_is_nearly_free_is_not_advised_beyond_the_budget_or_the_deadline(limit):
    found = plan(cost_per_label=0.1, **limit)
    assert found.code != "label_all"
    assert 0 < found.buy < 49_000


def test_a_rule_beyond_the_budget_and_the_deadline_says_by_how_much():
    found = plan(label_all=True, budget=20_000.0, deadline=7.0, labels_per_week=1000.0)
    assert found.code == "label_all"
    assert "That is $29,000 more than the budget cap of $20,000." in found.lead
    assert "It takes 49 weeks; the deadline is in 7." in found.lead


def test_a_budget_below_the_setup_is_said_to_be_the_reason():
    found = plan(setup_cost=500.0, budget=300.0)
    assert found.code == "does_not_pay"
    assert found.lead.startswith("The budget cap of $300 does not reach to choosing: with setup at $500")
    assert "$501" in found.lead


def test_a_pilot_that_tried_nothing_does_not_say_that_nothing_was_ahead():
    alone = known_forecast()
    pilot = replace(alone.pilot, settings=replace(alone.pilot.settings, strategies=("random",)))
    only = {
        name: {"random": getattr(alone, name)["random"]}
        for name in ("scores", "exchange", "calibrated", "ahead", "measured")
    }
    found = plan(replace(alone, pilot=pilot, **only))
    assert found.lead == "The pilot replayed nothing but random labeling."


def test_labels_that_cost_nothing():
    assert plan(cost_per_label=0.0, value_per_point=None, setup_cost=0).rule == "nearly_free"


def test_a_rule_that_everything_must_be_labeled():
    found = plan(label_all=True)
    assert (found.code, found.rule) == ("label_all", "label_all")
    assert (found.buy, found.strategy) == (49_000, "random")
    assert found.lead == "You said that everything must be labeled. That costs $49,000."


def test_a_rule_needs_no_forecast():
    small = forecast(known_pilot(power(0.2, 0.05, 0.6), 150), ForecastSettings(pool_size=400))
    assert plan(small).code == "label_all"


@pytest.mark.parametrize(
    ("n", "sentence", "lead"),
    [
        (150, "The sample is too small to plan with", "With 150 labeled rows even the score of today cannot"),
        (300, "The sample is too small to plan with", "With 300 labeled rows the curve can be measured"),
        (700, "The sample is too small to plan with", "700 labeled rows carry a score, not a number of labels"),
    ],
)
def test_a_sample_too_small_is_refused_with_what_would_help(n, sentence, lead):
    pilot = known_pilot(power(0.15, 0.03, 0.6, 0.8 * n), n)
    found = plan(forecast(pilot, ForecastSettings(pool_size=20_000)))
    assert (found.code, found.sentence) == ("refused", sentence)
    assert found.lead.startswith(lead)
    assert f"Label {1000 - n:,} more rows drawn at random" in found.lead
    assert f"Labeling everything would cost {words.money(20_000 - n)}" in found.lead
    assert ("Measured today" in found.lead) == (n >= 200)
    assert (found.buy, found.recommended, found.choosing_saves.p50) == (None, None, None)


def test_a_steep_curve_and_a_model_that_learned_nothing_are_refused():
    steep = plan(forecast(known_pilot(power(0.40, 0.38, 0.15)), ForecastSettings(pool_size=20_000)))
    assert (steep.code, steep.rule, steep.light) == ("refused", "steep", "")
    assert steep.sentence.startswith("Too far to say: about ")
    flat = plan(forecast(known_pilot(lambda k: np.full(len(k), 0.47)), ForecastSettings(pool_size=20_000)))
    assert flat.rule == "not_above_constant"
    assert "not 5 points of accuracy better than always naming the largest class" in flat.lead


def test_a_class_of_the_task_that_the_sample_lacks_is_refused_by_name():
    pilot = known_pilot(power(0.15, 0.03, 0.6), unseen=("legal", "theft"))
    found = plan(forecast(pilot, ForecastSettings(pool_size=20_000)))
    assert (found.code, found.rule) == ("refused", "unseen_class")
    assert found.lead.startswith("No labeled row is of class 'legal' and 'theft'")


def test_enough_when_no_purchase_earns_back_its_cost():
    found = plan(known_forecast(rise=0.002), value_per_point=500)
    assert (found.code, found.buy, found.strategy) == ("enough", 0, None)
    assert found.sentence == "Stop here: your 1,000 labels are enough"
    assert "you said $500" in found.lead


def test_enough_because_of_the_setup_says_so():
    found = plan(known_forecast(rise=0.01), setup_cost=20_000.0, cost_per_label=3.0, value_per_point=4000.0)
    assert found.code == "enough"
    assert found.break_even < 4000
    assert found.lead.endswith("but not the setup cost of $20,000 as well.")


def test_the_break_even_value_is_the_price_of_the_next_batch_over_its_gain():
    found = plan(known_forecast(rise=0.002), value_per_point=500)
    gain = Figures(found.valuation).gain("margin", 560).mean()
    assert found.break_even == pytest.approx(560 / (100 * gain))


def test_enough_without_a_value_when_half_of_the_draws_are_there():
    found = plan(value_per_point=None, give_up=4.0)
    assert (found.code, found.rule) == ("enough", "within_target")


def test_a_budget_of_nothing_means_stop_at_the_sample():
    found = plan(budget=0.0)
    assert (found.code, found.rule, found.buy) == ("enough", "no_budget", 0)


def test_label_everything_when_it_has_the_highest_expected_value():
    found = plan(known_forecast(N=3000, worth=(1.0, 1.2)), value_per_point=1900, setup_cost=300)
    assert found.code == "label_all"
    assert found.horizon == 3


def test_does_not_pay_when_setup_costs_more_than_choosing_saves():
    found = plan(setup_cost=8000.0)
    assert (found.code, found.strategy) == ("does_not_pay", "random")
    assert found.sentence.startswith("Active learning does not pay here: buy about ")
    assert found.buy == Figures(found.valuation).best("random")
    assert "setup_cost" in {change.code for change in found.changes}


def test_when_fewer_labels_at_random_are_worth_more_the_two_net_values_are_named():
    found = plan(known_forecast(worth=(2.0, 4.0)), setup_cost=4000.0)
    assert found.code == "does_not_pay"
    assert found.chance_against_random >= 0.2
    assert "labels at random are expected to leave you" in found.lead
    options = {option.name: option.net_value.p50 for option in found.options}
    assert options["random"] > options["margin"]


def test_the_setup_cost_named_is_the_one_at_which_choosing_pays():
    known = known_forecast(worth=(2.0, 4.0))
    edge = paying_setup(Figures(plan(known, setup_cost=8000.0).valuation))
    assert plan(known, setup_cost=edge * 0.99).code == "active"
    assert plan(known, setup_cost=edge * 1.01).code != "active"


def test_the_price_named_is_one_at_which_active_learning_is_advised():
    asked = {"setup_cost": 4000.0, "value_per_point": 10_000.0, "cost_per_label": 0.3}
    assert plan(**asked).code == "does_not_pay"
    price = paying_price(plan(**asked).valuation)
    assert price is not None
    assert plan(**{**asked, "cost_per_label": price}).code == "active"


def test_the_pool_named_is_one_at_which_active_learning_is_advised():
    pilot = known_pilot(power(0.15, 0.04, 0.4), 1000)
    asked = {"setup_cost": 4000.0, "value_per_point": 12_000.0, "cost_per_label": 2.0}
    here = plan(forecast(pilot, ForecastSettings(pool_size=4_000)), **asked)
    assert here.code != "active"
    items = paying_pool(here.valuation)
    assert items is not None
    assert plan(forecast(pilot, ForecastSettings(pool_size=items)), **asked).code == "active"


def test_no_measurable_gain_over_random_does_not_pay():
    found = plan(known_forecast(worth=(0.9, 1.1)))
    assert found.code == "does_not_pay"
    uncalibrated = replace(
        known_forecast(), calibrated={"random": True, "margin": False}, ahead={"margin": False, "random": False}
    )
    assert plan(uncalibrated).lead == "In the pilot no strategy was measurably ahead of random labeling."


def test_redundant_data_do_not_pay():
    found = plan(with_facts(known_forecast(), near_duplicates=0.31))
    assert (found.code, found.rule) == ("does_not_pay", "redundant")
    assert "31% of the rows have a near-duplicate" in found.lead
    assert plan(with_facts(known_forecast(), near_duplicates=0.30)).code == "active"


def test_a_deadline_that_parallel_labeling_meets_and_rounds_do_not():
    found = plan(deadline=2.0, labels_per_week=50_000, weeks_per_round=1.5)
    assert (found.code, found.rule) == ("does_not_pay", "deadline")
    assert "labeling everything in parallel meets it" in found.lead
    assert plan(deadline=20.0, labels_per_week=50_000, weeks_per_round=1.5).code == "active"


def test_active_when_choosing_beats_random_in_eight_of_ten_draws():
    found = plan()
    assert (found.code, found.strategy) == ("active", "margin")
    assert found.sentence == f"Buy about {words.about(found.buy)} more labels, then stop"
    assert found.chance_against_random >= 0.8


def test_stop_early_in_between():
    found = plan(known_forecast(worth=(0.2, 4.0)), setup_cost=100.0)
    assert 0.2 <= found.chance_against_random < 0.8
    assert (found.code, found.strategy) == ("stop_early", "random")
    assert found.sentence.endswith("how to pick them cannot be told yet")
    assert "undecided" in codes(found)


def test_a_missed_backtest_softens_active_and_names_the_miss():
    """The replay turns where its first half could not know it: 87% right up to 450 labels, 90% from there."""
    turning = known_pilot(lambda k: np.where(k <= 450, 0.13, 0.10))
    found = plan(replace(known_forecast(), pilot=turning))
    assert plan().code == "active"
    assert (found.code, found.strategy, found.rule) == ("stop_early", "margin", "backtest_missed")
    assert found.sentence.endswith(f"the back-test missed by {words.points(abs(found.backtest.miss))}")
    assert "backtest_missed" in codes(found)


# --- the numbers beneath ------


def test_the_split_of_the_saving_adds_up():
    found = plan(known_forecast(worth=(2.0, 4.0)))
    total = found.recommended.savings.p50
    assert found.stopping_saves + found.choosing_saves.p50 == pytest.approx(total)
    assert total == pytest.approx(49_000 - found.recommended.cost.p50)


def test_the_printed_sum_holds_as_printed():
    """Saved minus worth given up is better off, in the digits a reader sees."""
    for price in (0.7, 1.0, 1.37, 2.9):
        lead = plan(cost_per_label=price).lead
        amounts = [float(part.replace(",", "")) for part in _amounts(lead)]
        saved, worth, better = amounts[0], amounts[1] if len(amounts) == 3 else 0.0, amounts[-1]
        assert saved - worth == pytest.approx(better)


def _amounts(text: str) -> list[str]:
    import re

    return re.findall(r"\$([\d,]+(?:\.\d\d)?)", text)


def test_choosing_that_costs_more_than_it_saves_is_negative():
    found = plan(setup_cost=8000.0)
    costs = -np.median(Figures(found.valuation).choosing)
    assert found.lead.endswith(f"so choosing costs {words.money(costs)}.")
    assert found.choosing_saves.p50 == 0  # nothing is chosen in what is recommended


def test_the_split_is_printed_in_parts_that_add_up():
    found = plan(known_forecast(worth=(2.0, 4.0)))
    stopping, choosing, *_ = (float(part.replace(",", "")) for part in _amounts(found.split))
    assert stopping + choosing == words.significant(found.recommended.savings.p50, 3)
    assert plan(setup_cost=8000.0).split == ""


def test_label_everything_saves_nothing_against_itself_and_do_nothing_costs_nothing():
    options = {option.name: option for option in plan().options}
    assert options["label_everything"].savings.p50 == 0
    assert options["label_everything"].net_benefit.p50 == 0
    assert options["do_nothing"].cost.p50 == 0
    assert options["do_nothing"].roi.p50 is None
    assert options["do_nothing"].roi.why == "Nothing is spent."
    assert options["random_to_same_score"].labels_to_buy.p50 == pytest.approx(3 * options["margin"].labels_to_buy.p50)


def test_doing_nothing_keeps_todays_process():
    options = {option.name: option for option in plan(todays_score=0.8).options}
    assert options["do_nothing"].score.p50 == 0.8
    assert options["stop_at_sample"].net_value.p50 == pytest.approx(100 * 5000 * (0.9 - 0.8))


def test_paid_labels_count_only_when_asked():
    counted = {option.name: option for option in plan(count_paid_labels=True).options}
    sunk = {option.name: option for option in plan().options}
    assert counted["margin"].cost.p50 == sunk["margin"].cost.p50 + 1000
    assert counted["do_nothing"].cost.p50 == 0
    assert counted["margin"].savings.p50 == pytest.approx(sunk["margin"].savings.p50)


def test_horizon_is_reach_in_random_labels_over_the_sample():
    found = plan()
    assert found.horizon == pytest.approx((1000 + 3 * found.buy) / 1000)
    light = Figures(found.valuation).light
    assert [light(4.0), light(4.1), light(16.0), light(16.1)] == ["green", "amber", "amber", "red"]


def test_the_next_batch_is_56_percent_more_and_its_chance_is_read_off_the_draws():
    found = plan()
    assert found.next_batch == 560
    assert found.next_chance == 0.99, "the surest there is"
    assert plan(known_forecast(rise=0.0001), value_per_point=500).next_chance == 0.01
    assert plan(value_per_point=None).next_chance is None


def test_every_rule_that_can_fire_says_when_and_the_first_is_marked():
    found = plan(budget=2000.0, deadline=20.0, labels_per_week=100.0)
    assert [stop.rule for stop in found.stops if stop.fires] != []
    fired = {stop.rule: stop.labels_to_buy for stop in found.stops}
    first = min(at for at in fired.values() if at is not None)
    assert [stop.labels_to_buy for stop in found.stops if stop.fires] == [first]
    assert fired["budget"] <= 1500  # 2,000 less 500 of setup at $1
    assert fired["marginal_value"] == Figures(plan().valuation).best("margin")


def test_a_plan_that_buys_beyond_the_first_rule_says_why():
    """The default target of a point less is near; a value per point goes on past it."""
    assert "The plan buys on: up to about" in plan(value_per_point=20_000).stopping
    alone = plan(value_per_point=None, give_up=2.0)
    target = next(stop.labels_to_buy for stop in alone.stops if stop.rule == "target")
    assert alone.stopping == f"**Target reached** fires first, after about {words.about(target)} labels."


def test_nothing_left_to_buy():
    found = plan(known_forecast(N=1000))
    assert (found.code, found.rule, found.buy) == ("label_all", "nothing_left", 0)


def test_nothing_is_nan_or_infinite_in_any_option():
    for asked in ({}, {"value_per_point": None}, {"budget": 0.0}, {"target": 0.99, "value_per_point": None}):
        for option in plan(**asked).options:
            for name in ("labels_to_buy", "cost", "score", "savings", "net_benefit", "net_value", "roi"):
                found = getattr(option, name)
                values = [found.p10, found.p50, found.p90]
                assert all(value is None or np.isfinite(value) for value in values), (option.name, name)
                assert None not in values or found.why, (option.name, name)
                known = [value for value in values if value is not None]
                assert known == sorted(known), (option.name, name)


# --- reasons to doubt ------


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("shift", {"shift_auc": 0.71}),
        ("redundant", {"near_duplicates": 0.4}),
        ("cold_start", {"counts": np.array([997, 3])}),
        (
            "leak",
            {"findings": (Finding("leak", "paid gives the label away. It is right in 99%.", "Leave it out.", False),)},
        ),
        ("imbalance", {"counts": np.array([850, 150])}),
        ("random_draw", {}),
        ("one_model", {}),
        ("tested_on_few", {}),
        ("harder_items", {}),
    ],
)
def test_each_doubt_about_the_sample_is_said(code, changes):
    assert code in codes(plan(with_facts(known_forecast(), **changes)))


def test_a_plan_without_a_value_per_point_says_what_it_aims_at():
    found = next(doubt for doubt in plan(value_per_point=None).doubts if doubt.code == "no_value")
    assert "aims at 92.0%" in found.finding
    assert "no_value" not in codes(plan())


def test_doubts_that_do_not_hold_are_not_said():
    said = codes(plan(with_facts(known_forecast(), shift_auc=0.55)))
    assert said & {"shift", "random_draw", "redundant", "cold_start", "leak", "imbalance", "few_rows"} == set()


def test_a_far_horizon_names_the_typical_miss():
    doubt = next(doubt for doubt in plan().doubts if doubt.code == "far")
    assert "carried to" in doubt.finding
    assert "far" not in codes(plan(known_forecast(N=1500), value_per_point=100))


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("flat", lambda k: np.full(len(k), 0.2), "moved by 0"),
        ("dipping", lambda k: np.where(k <= 150, 0.15, 0.25), "the score fell by 10"),
        ("peaking", lambda k: 0.2 - 0.02 * np.log(k / 50) + 0.15 * np.exp(-8 * np.log(k / 224) ** 2), "then came back"),
    ],
)
def test_a_curve_that_does_not_rise_is_named_with_a_remedy(code, error, said):
    found = plan(forecast(known_pilot(error), ForecastSettings(pool_size=20_000)))
    doubt = next(doubt for doubt in found.doubts if doubt.code == code)
    assert said in doubt.finding
    assert codes(found) & {"flat", "dipping", "peaking"} == {code}


def test_a_curve_that_rises_is_not_named():
    found = plan(forecast(known_pilot(power(0.15, 0.05, 0.6)), ForecastSettings(pool_size=20_000)))
    assert codes(found) & {"flat", "dipping", "peaking"} == set()


def test_a_refused_plan_does_not_doubt_what_it_does_not_recommend():
    steep = plan(forecast(known_pilot(power(0.40, 0.38, 0.15)), ForecastSettings(pool_size=20_000)))
    assert "steep" in codes(steep)
    assert codes(steep) & {"far", "undecided"} == set()


def test_a_metric_without_a_study_says_that_it_is_not_calibrated():
    known = known_forecast()
    other = replace(known, settings=replace(known.settings, metric="recall"))
    assert "uncalibrated" in codes(plan(other))


def test_there_are_always_three_doubts_and_each_has_a_claim_a_fact_and_a_remedy():
    found = plan().doubts
    assert len(found) >= 3
    assert len(CHECKS) >= 13
    for doubt in found:
        assert doubt.finding.count(". ") >= 1
        assert doubt.finding.endswith(".")
        assert doubt.remedy.endswith(".")


def test_facts_helper_makes_the_rows_it_says():
    assert facts(1001, 3).counts.sum() == 1001


def test_a_model_that_did_not_settle_is_a_doubt():
    known = known_forecast()
    loose = [replace(trace, unconverged=2) for trace in known.pilot.traces[:3]]
    pilot = replace(known.pilot, traces=(*loose, *known.pilot.traces[3:]))
    said = [doubt for doubt in plan(replace(known, pilot=pilot)).doubts if doubt.code == "model"]
    assert "In 6 fits it had not settled" in said[0].finding
    assert "model" not in codes(plan(known))


def test_a_purchase_that_rounds_to_no_label_is_no_purchase():
    """A target a hair above what the labels reach already."""
    now = float(np.median(known_forecast().score_now))
    found = plan(value_per_point=None, target=now + 1e-6)
    bought = Figures(found.valuation).to_target("margin").p50
    assert bought is not None
    assert 0 < bought < 0.5
    assert (found.code, found.rule) == ("enough", "within_target")
