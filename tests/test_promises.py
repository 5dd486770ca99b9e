"""Promises beside figures made by hand, the record of back-tests counted, and the rows picked first by hand."""

from dataclasses import replace

import handmade
import numpy as np
import pandas as pd
import pytest

from planner.economics import Interval
from planner.pilot import Run
from planner.report.picked import first_picked
from planner.report.promises import promises_sentence, promises_table, record_sentence, record_table
from planner.ui.example_parts import LONGEST, in_words

PLAN = handmade.plan()


def of_rates(low: float, middle: float, high: float) -> str:
    return promises_sentence(replace(PLAN, exchange=Interval(low, middle, high)))


def test_labels_that_are_worth_two_random_ones_save_half_of_them() -> None:
    said = of_rates(1.25, 2.0, 4.0)  # 20%, 50% and 75% saved
    assert "saves **50%** (8 in 10: 20% to 75%)" in said
    assert said.endswith("This sample's range reaches into that.")


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ((1.1, 1.3, 1.6), "figures lie below that."),
        ((4.0, 5.0, 8.0), "figures lie above that."),
        ((1.1, 1.6, 2.5), "range reaches into that, its middle lies below."),
        ((2.5, 3.6, 6.0), "range reaches into that, its middle lies above."),
    ],
)
def test_the_side_of_the_promise_is_said(rates: tuple[float, float, float], said: str) -> None:
    assert of_rates(*rates).endswith(said)


def test_a_strategy_worse_than_random_saves_less_than_nothing() -> None:
    assert "\u2212" in of_rates(0.5, 0.8, 1.2).split("saves")[1].split("(")[0]


def same_score(cost: Interval, weeks: float | None = None) -> handmade.Plan:
    """The plan whose random labeling reaches the strategy's score at some cost."""
    own = next(one for one in PLAN.options if one.name == "margin")
    changed = [
        replace(one, score=own.score, cost=cost, weeks=weeks) if one.name == "random_to_same_score" else one
        for one in PLAN.options
    ]
    names = {one.name for one in changed}
    if "random_to_same_score" not in names:
        changed.append(replace(own, name="random_to_same_score", cost=cost, weeks=weeks))
    return replace(PLAN, options=tuple(changed))


def test_cheaper_is_what_the_others_cost_over_what_the_strategy_costs() -> None:
    own = next(one for one in PLAN.options if one.name == "margin")
    everything = next(one for one in PLAN.options if one.name == "label_everything")
    spent = own.cost.p50
    table = promises_table(same_score(Interval(2 * spent, 3 * spent, 4 * spent)))
    assert table is not None
    cheaper = table.rows[1]
    assert cheaper[2] == "3 (2 to 4)"
    assert float(cheaper[3].split(" ")[0]) == pytest.approx(everything.cost.p50 / spent, rel=0.05)
    assert table.rows[2][2] == "give the labels a week"


def test_without_random_labeling_to_the_same_score_there_is_no_table() -> None:
    options = tuple(one for one in PLAN.options if one.name != "random_to_same_score")
    assert promises_table(replace(PLAN, options=options)) is None


def test_the_record_counts_every_back_test() -> None:
    held, missed = handmade.BACKTEST, replace(handmade.BACKTEST, p5=np.array([0.9, 0.95]), p50=np.array([0.95, 0.97]))
    plans = {"one": replace(PLAN, backtests=(held,)), "two": replace(PLAN, backtests=(held, missed))}
    assert (held.held, missed.held) == (True, False)
    assert "forecast 3 times. The range held in 2 of 3" in record_sentence(plans)
    rows = record_table(plans).rows
    assert [(row[0], row[-1]) for row in rows] == [("one", "held"), ("two", "held"), ("two", "missed")]


def test_rows_picked_first_by_hand() -> None:
    """Two runs of five rows, with two first labels each that no strategy chose."""
    pilot = handmade.forecast().pilot
    template = pilot.traces_of("margin")[0]
    orders = ([0, 1, 3, 4, 2], [0, 2, 3, 1, 4])
    traces = tuple(
        replace(template, run=Run("margin", 0, fold, 5), anchors=np.array([2, 5]), picked=np.array(order))
        for fold, order in enumerate(orders)
    )
    facts = replace(pilot.facts, counts=np.array([2, 2, 1]), labeled=5)
    found = first_picked(replace(pilot, facts=facts, traces=traces), "margin")
    # Row 0 was always a first label. Row 3 stood at 2/5 twice; row 1 at 3/5; row 4 at 3/5 and 4/5; row 2 at 4/5.
    assert found == [(3, 0.4), (1, 0.6), (4, 0.7), (2, 0.8)]


def test_a_row_in_its_own_words() -> None:
    """The text in full, the category, and of the numbers the one farthest from the usual first."""
    frame = pd.DataFrame(
        {"words": ["the parcel is late", "hi", "thanks", "hello"], "wide": [10.0, 0, 0, 0], "tall": [1.0, 2, 1, 2]}
    )
    assert in_words(frame, 0) == "the parcel is late; wide 10 (usually 2.5); tall 1 (usually 1.5)"
    long = pd.DataFrame({"words": ["word " * 200, "b"]})
    assert len(in_words(long, 0)) <= LONGEST + 2
