"""Points of the first chart that can be clicked: where they lie, and what their purchase costs."""

from typing import Any

import altair
import handmade
import numpy as np
import pytest

from planner import charts
from planner.charts.points import PICK, budget_of, purchases_of, with_points

PLAN = handmade.plan()
FORECAST = PLAN.valuation.forecast


def clickable(palette: charts.Palette = charts.LIGHT) -> dict[str, Any]:
    return with_points(charts.curves(PLAN, palette), PLAN, palette).to_dict()


@pytest.mark.parametrize("palette", [charts.LIGHT, charts.DARK])
def test_the_chart_stays_valid_and_says_the_same(palette: charts.Palette) -> None:
    spec = clickable(palette)
    altair.LayerChart.from_dict(spec)  # raises where the schema of Vega-Lite is broken
    assert spec["description"] == charts.curves(PLAN, palette).description


def test_points_lie_on_the_lines() -> None:
    *_, layer = clickable()["layer"]
    assert {one["name"]: one["select"].get("fields") for one in layer["params"]}[PICK] == ["strategy", "labels"]
    points = layer["data"]["values"]
    assert {point["strategy"] for point in points} == {"random", "margin"}
    for point in points:
        assert point["x"] == 1000 + point["labels"]
        assert point["y"] == pytest.approx(np.interp(point["x"], FORECAST.budgets, FORECAST.middles[point["strategy"]]))


def test_a_point_costs_what_its_purchase_costs() -> None:
    """A dollar a label at random; $500 of setup more where the labels are picked."""
    assert (budget_of(PLAN, "random", 1100), budget_of(PLAN, "margin", 1100)) == (1100.0, 1600.0)


def test_purchases_are_round_numbers_up_to_everything() -> None:
    found = purchases_of(PLAN)
    assert found[-1] == 49_000
    assert found == sorted(set(found))
    assert all(labels == float(f"{labels:.2g}") for labels in found)
