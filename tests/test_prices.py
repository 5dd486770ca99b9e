"""Prices of a label: the list that may be edited, timed items, and tables that fall with volume."""

import csv
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import known_forecast

import planner
from planner.cli import main
from planner.economics import Assumptions, evaluate
from planner.economics.costs import cost_of, prices_paid
from planner.economics.figures import Figures
from planner.economics.options import options
from planner.economics.price_table import at_first_price, labels_at_first_price
from planner.economics.prices import COLUMNS, cited, price_from_time, prices, read_prices, yearly_value_per_point
from planner.economics.ranges import ranges_of
from planner.economics.sources import USUAL
from planner.errors import BadSetting, BadTable, PlannerError
from planner.exports.log import assumptions_of
from planner.plan import decide
from planner.report import write

TIERS = "0=0.50, 5000=0.40, 20000=0.30"


def cost(table: str, labels: float) -> float:
    return cost_of(Assumptions(price_table=table), labels, 1, adaptive=False)


def test_every_kind_of_task_has_a_price_with_its_source() -> None:
    found = prices().values()
    assert {one.task for one in found} >= {"text", "image", "box", "mask", "document", "audio"}
    assert all(one.source and one.date and one.status and one.unit for one in found)
    assert all(0 <= one.low <= one.likely <= one.high for one in found)


def test_the_published_case_is_among_them() -> None:
    """50,000 documents read by experts at $5 each (the article's second case)."""
    assert prices()["medical_document"].likely == 5.00


def test_twenty_timed_items_make_a_price() -> None:
    """20 items in 30 minutes at $24 an hour and a quarter of overhead: 40 an hour, $30 / 40 = $0.75."""
    assert price_from_time(30, 20, 24, 0.25) == pytest.approx(0.75)
    assert planner.price_from_time(30, 20, 24) == pytest.approx(0.60)


def test_two_questions_make_a_value() -> None:
    """A million decisions at $0.30 a mistake: a point is 10,000 of them, $3,000 a year."""
    assert yearly_value_per_point(1e6, 0.30) == pytest.approx(3_000)


@pytest.mark.parametrize("wrong", [(30, 0, 24, 0), (-1, 20, 24, 0), (30, 20, float("nan"), 0), (30, 20, 24, -0.5)])
def test_what_cannot_be_timed_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(BadSetting):
        price_from_time(*wrong)


@pytest.mark.parametrize(
    ("line", "words"),
    [("a,text,A,item,3,2,4,USD,s,2026,x", "Line 2"), ("a,text,A,item,cheap,2,4,USD,s,2026,x", "'cheap'")],
)
def test_a_price_list_broken_by_an_edit_says_where(line: str, words: str) -> None:
    with pytest.raises(BadTable, match=words):
        read_prices(",".join(COLUMNS) + "\n" + line)
    with pytest.raises(BadTable, match="no column 'unit'"):
        read_prices("name,task,title\n")


def test_the_command_lists_prices_of_a_task_with_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "document"]) == 0
    said = capsys.readouterr().out
    assert "medical_document: Medical document by an expert, $5.00 for each document ($2.00 to $12.00)" in said
    assert "RAND 2012" in said
    assert "image_class" not in said
    assert main(["prices", "documnet"]) == 2
    assert "Did you mean 'document'" in capsys.readouterr().err


def test_the_command_prices_timed_items_as_options_of_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """20 items in 30 minutes at $24 an hour and a quarter of overhead: $0.75, 40 an hour."""
    assert main(["prices", "--minutes", "30", "--wage", "24", "--overhead", "0.25"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("--cost-per-label 0.75 --items-per-hour 40 --price-source '20 items in 30 minutes at 24")
    assert main(["prices", "--minutes", "30"]) == 2
    assert "needs both --minutes and --wage" in capsys.readouterr().err


# --- tables that fall with volume -------------------------------------------------------------------------------------


def test_each_label_is_paid_at_the_price_of_its_place() -> None:
    """25,000 labels: 5,000 x $0.50 + 15,000 x $0.40 + 5,000 x $0.30 = $10,000."""
    assert cost(TIERS, 25_000) == pytest.approx(10_000)
    assert cost(TIERS, 5_000) == pytest.approx(2_500)
    assert cost(TIERS, 0) == 0


def test_a_smaller_order_costs_as_much_as_the_smallest() -> None:
    assert cost("0=0.50; minimum=1000", 10) == cost("0=0.50; minimum=1000", 1000) == pytest.approx(500)
    assert cost("0=0.50; minimum=1000", 0) == 0


@given(st.floats(1, 100_000), st.floats(0.01, 1))
def test_no_step_in_a_table_is_a_jump(labels: float, more: float) -> None:
    """More labels never cost less, nor more than their number at the first price."""
    step = cost(TIERS, labels + more) - cost(TIERS, labels)
    assert -1e-6 <= step <= 0.50 * more + 1e-6


@given(st.floats(0, 1e6), st.floats(0.01, 100))
def test_a_table_of_one_price_is_that_price(labels: float, price: float) -> None:
    assert cost(f"0={price!r}", labels) == pytest.approx(cost_of(Assumptions(price), labels, 1, False))


def test_votes_review_and_fees_come_on_top() -> None:
    """Three votes, 10% reviewed: 3.3 prices a label, and $0.02 of fee each."""
    asked = Assumptions(price_table=TIERS, votes_per_label=3, review_share=0.1, fee_per_label=0.02)
    assert cost_of(asked, 10_000, 1, False) == pytest.approx(3.3 * 4_500 + 200)


def test_the_price_times_how_often_it_is_paid_is_the_cost() -> None:
    asked, bought = Assumptions(price_table=TIERS, votes_per_label=3), np.array([0.0, 100.0, 5_000.0, 60_000.0])
    paid = prices_paid(asked, bought, False) * asked.cost_per_label
    assert paid == pytest.approx([cost_of(asked, x, 1, False) for x in bought])


def test_the_cost_per_label_is_the_first_price() -> None:
    assert Assumptions(cost_per_label=9, price_table=TIERS).cost_per_label == 0.50


def test_a_table_moves_as_a_whole() -> None:
    assert cost(at_first_price(TIERS, 1.0), 25_000) == pytest.approx(20_000)
    assert labels_at_first_price(TIERS, 25_000) == pytest.approx(20_000)


def test_one_price_everywhere_changes_no_option() -> None:
    made = known_forecast()
    flat, table = (
        options(Figures(evaluate(made, Assumptions(value_per_point=3000, **price))))
        for price in ({"cost_per_label": 0.5}, {"price_table": "0=0.5, 100000=0.5"})
    )
    for one, other in zip(flat, table, strict=True):
        assert other.cost.p50 == pytest.approx(one.cost.p50)
        assert other.net_value.p50 == pytest.approx(one.net_value.p50)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("5000=0.4", "does not begin at 0"),
        ("0=0.4, 5000=0.5", "rises from 0.4 to 0.5 at 5000"),
        ("0=0.5, 900=0.4, 800=0.3", "800 comes after 900"),
        ("0=half", "'0=half' is no line of a price table"),
        ("minimum=100", "does not begin at 0"),
    ],
)
def test_a_bad_table_is_refused_in_words(table: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        Assumptions(price_table=table)


def test_a_table_and_a_range_of_the_price_do_not_go_together() -> None:
    with pytest.raises(BadSetting, match="price table"):
        ranges_of(Assumptions(price_table=TIERS, ranges="cost_per_label=0.3..0.6"))


# --- where a price comes from -----------------------------------------------------------------------------------------


def price_in_the_log(**asked: object) -> tuple[str, str]:
    """(source, date) of the cost per label in the assumptions log."""
    plan = decide(evaluate(known_forecast(), Assumptions(**asked)))
    line = next(one for one in assumptions_of(write(plan)) if one.name == "cost_per_label")
    return line.source, line.date


@pytest.mark.parametrize("name", list(prices()))
def test_the_log_cites_every_typical_price_with_source_date_and_status(name: str) -> None:
    typical = prices()[name]
    source, date = price_in_the_log(cost_per_label=typical.likely, price_source=name, currency=typical.currency)
    assert typical.source in source
    assert typical.status in source
    assert date == typical.date


def test_a_typical_price_that_was_changed_is_no_longer_passed_off_as_published() -> None:
    source, date = price_in_the_log(cost_per_label=0.09, price_source="sentiment")
    assert source.startswith("typed in, in place of 0.07 USD for sentiment")
    assert date == ""


def test_a_price_is_cited_in_a_persons_own_words_or_not_at_all() -> None:
    assert price_in_the_log(price_source="quote of 3 May") == ("quote of 3 May", "")
    assert cited("  ", 1.0, "USD") is None


def test_the_command_takes_a_typical_price_and_its_range_by_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "log.csv"
    pilot = str(files("planner") / "data" / "digits_pilot.json")
    asked = ["plan", pilot, "--pool-size", "20000", "--price-source", "long_document", "--report"]
    assert main([*asked, str(tmp_path / "assumptions.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "assumptions.csv").read_text("utf-8").splitlines()))
    typical, line = prices()["long_document"], next(row for row in rows if row["name"] == "cost_per_label")
    assert [float(line[end]) for end in ("low", "value", "high")] == [typical.low, typical.likely, typical.high]
    assert main([*asked, str(out), "--currency", "EUR"]) == 2
    assert "is in USD and your plan in EUR" in capsys.readouterr().err


def sources_in_the_log(**asked: object) -> dict[str, str]:
    log = assumptions_of(write(decide(evaluate(known_forecast(), Assumptions(**asked)))))
    return {one.name: one.source for one in log}


def test_a_person_says_where_each_amount_comes_from() -> None:
    said = "setup-cost=quote of 3 May, by Ann; hardness=20 items timed; cost_per_label=contract; discount_rate=our own"
    found = sources_in_the_log(setup_cost=900.0, sources=said, price_source="sentiment")
    assert found["setup_cost"] == "quote of 3 May, by Ann"
    assert found["hardness"] == "20 items timed"
    assert found["cost_per_label"] == "contract"
    assert found["discount_rate"] == "our own"
    assert found["tool_fee"] == "default of the planner"


def test_what_others_publish_stands_beside_the_default_of_a_cost_term() -> None:
    found = sources_in_the_log()
    for name, usual in USUAL.items():
        assert usual.source in found[name]
        assert usual.low <= float(getattr(Assumptions(), name)) <= usual.high or name == "cost_per_round"
    assert sources_in_the_log(hardness=1.2)["hardness"] == "typed in"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("setup_cost", "names no source"),
        ("setup_cost=", "names no source"),
        ("setup_csot=a", "Did you mean 'setup_cost'"),
    ],
)
def test_a_source_of_nothing_is_refused(typed: str, said: str) -> None:
    with pytest.raises(PlannerError, match=said):
        Assumptions(sources=typed)


def test_the_log_says_whose_discount_rate_it_is() -> None:
    def source(**asked: object) -> str:
        log = assumptions_of(write(decide(evaluate(known_forecast(), Assumptions(**asked)))))
        return next(one.source for one in log if one.name == "discount_rate")

    assert source() == "default of the planner; as in Forrester, Total Economic Impact: 10% over 3 years"
    assert source(discount_rate=0.035) == "typed in; as in HM Treasury, The Green Book: 3.5% a year"
    assert source(discount_rate=0.08) == "typed in"
