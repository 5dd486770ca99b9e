"""The map of the picks: principal components held against NumPy's, and fields counted by hand."""

from dataclasses import replace
from typing import Any

import altair
import handmade
import numpy as np
import pytest
from scipy.sparse import csr_array

from planner import charts
from planner.charts.map import fields, map_finding, map_table, mapped, picks_map
from planner.errors import BadTable
from planner.pilot.monitoring import Plane, plane_of
from planner.pilot.saved import pilot_from_json, pilot_to_json

PILOT = handmade.forecast().pilot


def on_map(places: np.ndarray) -> Any:
    return replace(PILOT, plane=Plane(places, 0.5))


def spread(rows: int = 300, columns: int = 6) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(rows, columns)) * np.linspace(4, 1, columns)


def test_places_are_the_two_principal_components() -> None:
    """NumPy's singular values; the picture is drawn between the half hundredths at either end."""
    X = spread()
    left, values, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    plane = plane_of(X, 7)
    for axis in range(2):
        low, high = np.percentile(left[:, axis], (0.5, 99.5))
        steps = 1000 * np.clip((left[:, axis] - low) / (high - low), 0, 1)
        places = plane.places[:, axis]
        assert min(abs(steps - places).max(), abs(1000 - steps - places).max()) <= 0.51  # which way is up is anyone's
    assert plane.share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), abs=1e-4)
    assert plane.places.min() == 0
    assert plane.places.max() == 1000


def test_sparse_rows_lie_where_the_same_dense_ones_lie() -> None:
    """Counts of forty words, of which two kinds of rows use different ones."""
    rng = np.random.default_rng(3)
    X = rng.poisson(np.where(np.arange(200)[:, None] % 2, np.linspace(3, 0, 40), np.linspace(0, 3, 40))).astype(float)
    dense, sparse = plane_of(X, 7), plane_of(csr_array(X), 7)
    assert abs(np.corrcoef(dense.places[:, 0], sparse.places[:, 0])[0, 1]) > 0.99
    assert sparse.share == pytest.approx(dense.share, abs=0.05)


def test_a_single_column_has_no_map() -> None:
    assert plane_of(np.arange(20.0)[:, None], 7).places.shape == (0, 2)
    assert mapped(on_map(np.empty((0, 2), dtype=int)), "margin") is None
    assert mapped(PILOT, "margin") is None


def test_fields_are_twelfths_of_each_side() -> None:
    """0 and 83 share the first twelfth of 1,000; 84 begins the second; 1,000 itself belongs to the last."""
    places = np.array([[0, 0], [83, 83], [84, 0], [1000, 1000], [999, 999]])
    assert fields(places) == 3


def test_picks_of_one_corner_are_said_to_keep_to_a_part() -> None:
    """Margin's first 400 rows lie on one spot, all others one by one over the map."""
    places = np.random.default_rng(1).integers(0, 1001, (1000, 2))
    places[PILOT.traces_of("margin")[0].picked[:400]] = 10
    one = mapped(on_map(places), "margin")
    assert one is not None
    assert one.early == (50, 225, 400)
    ours, theirs = one.touched(400)
    assert ours == 1
    assert theirs == fields(places[PILOT.traces_of("random")[0].picked[:400]])
    assert f"touch 1 of the {fields(one.pool)} fields" in map_finding(one)
    assert "keep to a part of the rows" in map_finding(one)
    rows = map_table(one).rows
    assert [row[0] for row in rows] == ["50", "100", "200", "400", "800"]
    assert [row[1] for row in rows[:4]] == ["1"] * 4
    assert rows[-1][1] == str(fields(one.pool))


@pytest.mark.parametrize("palette", [charts.LIGHT, charts.DARK])
@pytest.mark.parametrize("name", ["margin", "random"])
def test_the_picture_is_valid_and_says_what_it_shows(palette: charts.Palette, name: str) -> None:
    one = mapped(on_map(np.random.default_rng(1).integers(0, 1001, (1000, 2))), name)
    spec = picks_map(one, palette).to_dict()
    altair.LayerChart.from_dict(spec)  # raises where the schema of Vega-Lite is broken
    assert spec["description"] == map_finding(one)
    _, late, early, *_ = spec["layer"]
    assert (len(early["data"]["values"]), len(late["data"]["values"])) == (175, 175)


def test_the_map_is_kept_with_the_pilot_and_a_wrong_one_is_refused() -> None:
    places = np.random.default_rng(1).integers(0, 1001, (1000, 2))
    saved = pilot_to_json(on_map(places))
    np.testing.assert_array_equal(pilot_from_json(saved).plane.places, places)
    assert pilot_from_json(pilot_to_json(PILOT)).plane is None
    saved["map"]["places"] = saved["map"]["places"][1:]
    with pytest.raises(BadTable, match="damaged"):
        pilot_from_json(saved)
