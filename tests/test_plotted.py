"""The tables behind charts: they hold every number that is drawn, in the words of the page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from planner import charts, words
from planner.blocks import Table
from planner.charts.money import even_price
from planner.charts.vega import Drawing
from planner.charts.worth import even_worth, price_switch_finding
from planner.economics import Assumptions, evaluate
from planner.forecast import ForecastSettings, forecast
from planner.forecast.backtest import backtests
from planner.pilot.bundled import BUNDLED, stored_pilot
from planner.plan import Plan, decide, turning
from planner.plan.sensitivity import sensitivity
from planner.report import plotted
from planner.report.picked import bought_by

FORECASTS = {
    name: forecast(stored_pilot(name), ForecastSettings(pool_size=BUNDLED[name].pool_size)) for name in BUNDLED
}
FEWEST = 6  # points of what is a curve and not a key


def cells(table: Table) -> set[str]:
    return {cell for row in table.rows for cell in row}


def layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield spec
    for one in spec.get("layer", ()):
        yield from layers(one)


def curves_of(drawing: Drawing) -> list[list[dict[str, float]]]:
    """The rows of every layer that draws a curve of scores."""
    found = [one["data"]["values"] for one in layers(drawing.spec) if "data" in one]
    return [rows for rows in found if len(rows) >= FEWEST and {"x", "y"} <= set(rows[0])]


@pytest.mark.parametrize("name", FORECASTS)
def test_every_point_of_the_replay_is_in_its_table(name: str) -> None:
    made = FORECASTS[name]
    held = cells(plotted.replay_table(made))
    drawn = curves_of(charts.replay(made, charts.LIGHT))
    assert len(drawn) >= len(made.measured)
    for one in made.measured.values():
        assert {words.percent(float(y)) for y in one.mean} <= held
    assert {words.count(row["x"]) for rows in drawn for row in rows} <= held


@pytest.mark.parametrize("name", FORECASTS)
def test_every_point_of_the_repeats_is_in_their_table(name: str) -> None:
    made = FORECASTS[name]
    held = cells(plotted.repeats_table(made, "margin"))
    drawn = curves_of(charts.repeats(made, "margin", charts.LIGHT))
    assert len(drawn) == 2 * made.pilot.repeats
    assert {words.percent(row["y"]) for rows in drawn for row in rows} <= held


@pytest.mark.parametrize("name", FORECASTS)
def test_a_back_test_has_a_row_for_each_hidden_point_and_its_miss_can_be_read_off(name: str) -> None:
    for test in backtests(FORECASTS[name]):
        table = plotted.backtest_table(test)
        assert [row[0] for row in table.rows] == [words.count(labels) for labels in test.labels]
        said, _, measured = (float(cell.rstrip("%").split(" ")[0].rstrip("%")) for cell in table.rows[-1][1:])
        assert said - measured == pytest.approx(100 * test.miss, abs=0.11)


def test_shares_and_classes_add_up_to_everything() -> None:
    made = FORECASTS["digits"]
    shares = plotted.shares_table(bought_by(made)["margin"])
    for column in (1, 2):
        assert sum(float(row[column].rstrip("%")) for row in shares.rows) == pytest.approx(100, abs=0.6)
    classes = plotted.classes_table(made.pilot.facts)
    counts = [int(row[1].replace(",", "")) for row in classes.rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == made.pilot.facts.labeled


def test_classes_found_never_fall_and_end_at_all_of_them() -> None:
    pilot = stored_pilot("digits")
    columns = list(zip(*plotted.seen_table(pilot).rows, strict=True))[1:]
    for column in columns:
        found = [float(cell) for cell in column]
        assert found == sorted(found)
        assert found[-1] == len(pilot.facts.classes)


def test_scores_so_far_are_the_means_of_the_runs_there_are() -> None:
    """The first two runs of a strategy are halfway between the two of them."""
    pilot = stored_pilot("digits")
    largest = max(trace.run.pool_size for trace in pilot.traces)
    some = [one for one in pilot.traces if one.run.strategy == "random" and one.run.pool_size == largest][:2]
    both, *alone = (plotted.growing_table(part, "accuracy") for part in (some, some[:1], some[1:]))
    assert both.columns[1].endswith("(2 runs)")
    middle = np.mean([[float(row[1].rstrip("%")) for row in one.rows] for one in alone], axis=0)
    assert [float(row[1].rstrip("%")) for row in both.rows] == pytest.approx(middle, abs=0.11)
    assert plotted.growing_table([], "accuracy").rows == ()


def not_paying(**asked: float | None) -> Plan:
    """The digits at the prices of article A, where choosing does not pay."""
    prices = {"cost_per_label": 2.5, "setup_cost": 10_000.0, "value_per_point": 10_000.0}
    return decide(evaluate(FORECASTS["digits"], Assumptions(**{**prices, **asked})))  # type: ignore[arg-type]


def amount(cell: str) -> float:
    return float(cell.replace("\u2212", "-").replace("\u2060", "").replace("$", "").replace(",", ""))


@pytest.mark.parametrize("value", [10_000.0, None])
def test_the_prices_hold_the_one_typed_and_the_one_at_which_both_are_even(value: float | None) -> None:
    plan = not_paying(value_per_point=value)
    table = charts.switch_table(plan)
    assert table is not None
    prices = [amount(row[0]) for row in table.rows]
    assert prices == sorted(prices)
    assert 2.5 in prices
    crossing = even_worth(plan) if value else even_price(plan)
    if crossing is not None and crossing > 0:
        chosen, random = table.rows[int(np.abs(np.array(prices) - crossing).argmin())][1:]
        assert amount(chosen) == pytest.approx(amount(random), rel=0.02)
    if value:
        said = price_switch_finding(plan)
        assert all(cell in said for cell in table.rows[prices.index(2.5)][1:])


def test_the_grid_as_a_table_has_every_cell_and_yours_is_what_the_page_says() -> None:
    plan = decide(evaluate(FORECASTS["digits"], Assumptions(cost_per_label=1, setup_cost=500, value_per_point=5000)))
    found = sensitivity(plan)
    assert found is not None
    assert found.grid is not None
    table = turning.grid_table(found)
    assert table is not None
    assert (len(table.rows), len(table.columns)) == (len(found.grid.setups), len(found.grid.prices) + 1)
    row, column = found.grid.own
    assert table.rows[row][column + 1] in turning.better_off(found)
