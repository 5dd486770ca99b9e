"""Charts are held against hand-made values, and against the laws of the house: contrast, shape, words, ranges."""

import re
from itertools import combinations
from typing import Any

import altair
import handmade
import numpy as np
import pytest

from planner import charts, words
from planner.charts.calendar import calendar
from planner.charts.grid import signed
from planner.charts.look import style
from planner.charts.money import cost_by_price, even_price
from planner.charts.worth import even_worth, rival, worth
from planner.choices.strategies import STRATEGIES
from planner.economics import Interval
from planner.economics.schedule import Round, Schedule
from planner.plan.sensitivity import sensitivity
from planner.plan.turning import moving
from planner.report.picked import bought_by

PLAN = handmade.plan()
FORECAST = PLAN.valuation.forecast
BOUGHT = bought_by(FORECAST)["margin"]
FOUND = sensitivity(PLAN, lambda items: handmade.forecast(pool=items))
assert FOUND is not None
ROUNDS = (
    Round(1, 600, 1600, 0.5, 2.5, 1100.0, Interval(0.89, 0.9, 0.91)),
    Round(2, 500, 2100, 3.0, 4.7, 500.0, Interval(0.9, 0.91, 0.92)),
)
DATED = handmade.plan(schedule=Schedule(ROUNDS, 600.0, ""))
EVERY = {
    "calendar": lambda p: calendar(DATED, p),
    "curves": lambda p: charts.curves(PLAN, p),
    "near": lambda p: charts.curves(handmade.plan(pool=9000), p),
    "replay": lambda p: charts.replay(FORECAST, p),
    "repeats": lambda p: charts.repeats(FORECAST, "margin", p),
    "growing": lambda p: charts.growing(FORECAST.pilot.traces[:9], ("random", "margin", "k_center"), "accuracy", p),
    "backtest": lambda p: charts.backtest(handmade.BACKTEST, FORECAST.measured["random"], p),
    "classes": lambda p: charts.classes(FORECAST.pilot.facts, p),
    "picks": lambda p: charts.picks(BOUGHT, ("random", "margin"), p),
    "price_switch": lambda p: charts.price_switch(PLAN, p),
    "tornado": lambda p: charts.tornado(FOUND, p),
    "grid": lambda p: charts.grid(FOUND, p),
    "stopping": lambda p: charts.stopping(PLAN, p),
    "cost_by_price": lambda p: cost_by_price(PLAN, p),
}


def layers_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Every layer of a chart, however deep."""
    inner = spec.get("layer")
    if inner is None:
        return [spec]
    shared = {"data": spec["data"]} if "data" in spec else {}
    return [leaf for layer in inner for leaf in layers_of({**shared, **layer})]


def axis_of(spec: dict[str, Any], name: str) -> dict[str, Any]:
    """The encoding of an axis, which stands once in a chart."""
    here = spec.get("encoding", {}).get(name, {})
    if "scale" in here:
        return dict(here)
    return next((found for layer in spec.get("layer", ()) if (found := axis_of(layer, name))), {})


def marks_of(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in layers_of(spec) if layer["mark"]["type"] == kind]


def data_of(layer: dict[str, Any]) -> dict[str, np.ndarray]:
    values = layer["data"]["values"]
    return {name: np.array([row[name] for row in values]) for name in values[0]}


def texts_of(spec: dict[str, Any]) -> str:
    return " ".join(str(layer["mark"].get("text", "")) for layer in marks_of(spec, "text"))


def luminance(color: str) -> float:
    """Relative luminance. Source: WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [charts.LIGHT, charts.DARK])
@pytest.mark.parametrize("name", EVERY)
def test_every_chart_is_valid_and_says_what_it_shows(name: str, palette: charts.Palette) -> None:
    spec = EVERY[name](palette).to_dict()
    altair.LayerChart.from_dict(spec)  # raises where the schema of Vega-Lite is broken
    assert spec["description"].endswith(".")
    assert re.search(r"\d", spec["description"]), "a finding has a number"


@pytest.mark.parametrize("palette", [charts.LIGHT, charts.DARK])
def test_words_keep_four_and_a_half_to_one_and_marks_three_to_one(palette: charts.Palette) -> None:
    for color in (palette.ink, palette.soft, *palette.lines):
        assert contrast(color, palette.paper) >= 4.5
    assert contrast(palette.rule, palette.paper) >= 3


@pytest.mark.parametrize("palette", [charts.LIGHT, charts.DARK])
def test_no_two_strategies_differ_by_color_alone(palette: charts.Palette) -> None:
    names = tuple(STRATEGIES)
    looks = [style(name, names, palette) for name in names]
    for one, other in combinations(looks, 2):
        assert one.dash != other.dash


def test_the_stopping_point_lies_on_the_curve_it_stops() -> None:
    spec = charts.curves(PLAN, charts.LIGHT).to_dict()
    x, y = 1000 + PLAN.buy, PLAN.recommended.score.p50
    marks = [data_of(mark) for mark in marks_of(spec, "point") if mark["mark"].get("size", 0) > 150]
    assert [(mark["x"][0], mark["y"][0]) for mark in marks] == [(x, y)]
    # One chosen label was made to be worth 2.5 random ones, and random labels to follow a curve known by hand.
    assert y == pytest.approx(handmade.random_score(1000 + 2.5 * 1100), abs=0.001)
    line = next(data_of(m) for m in marks_of(spec, "line") if len(m["data"]["values"]) == len(FORECAST.budgets))
    assert np.interp(x, line["x"], line["y"]) == pytest.approx(y, abs=0.002)


def test_bands_are_the_tenth_and_ninetieth_hundredth_of_the_draws() -> None:
    spec = charts.curves(PLAN, charts.LIGHT).to_dict()
    for name, layer in zip(("random", "margin"), marks_of(spec, "area"), strict=True):
        band = data_of(layer)
        inside = (FORECAST.scores[name] >= band["y"]) & (FORECAST.scores[name] <= band["y2"])
        assert inside.mean(axis=0) == pytest.approx(0.8, abs=0.01)


def test_bands_lie_within_the_axis_which_does_not_start_at_zero() -> None:
    spec = charts.curves(PLAN, charts.LIGHT).to_dict()
    low, high = axis_of(spec, "y")["scale"]["domain"]
    assert low > 0.5
    for layer in marks_of(spec, "area"):
        band = data_of(layer)
        assert low <= band["y"].min()
        assert band["y2"].max() <= high


def test_marks_are_what_was_measured_and_none_lies_beyond_the_sample() -> None:
    spec = charts.curves(PLAN, charts.LIGHT).to_dict()
    diamonds = next(
        m for m in marks_of(spec, "point") if m["mark"]["shape"] == "diamond" and len(m["data"]["values"]) > 1
    )
    assert data_of(diamonds)["x"].tolist() == [100, 200, 400, 800]
    assert data_of(diamonds)["y"] == pytest.approx(handmade.random_score([100, 200, 400, 800]))


def test_labels_the_sample_has_cost_nothing_on_the_axis_and_later_ones_their_price() -> None:
    axis = axis_of(charts.curves(PLAN, charts.LIGHT).to_dict(), "x")["axis"]
    assert "'2000': ['2,000', '$1,000']" in axis["labelExpr"]
    assert "'50000': ['50,000', '$49,000']" in axis["labelExpr"]
    assert "'1000': ['1,000', '']" in axis["labelExpr"]


def test_words_of_the_axis_stand_apart_in_a_chart_of_half_a_page() -> None:
    """The pool's, eight signs at the right edge, and the sample's leave room: no tick lies as near as a word."""
    axis = axis_of(charts.curves(handmade.plan(n=3000, pool=119_390), charts.LIGHT).to_dict(), "x")
    shown = next(re.finditer(r"width < 640 && indexof\(\[(.*?)\]", axis["axis"]["labelExpr"])).group(1)
    ticks = [float(tick) for tick in shown.split(", ")]
    left, right = (np.log(float(end)) for end in axis["scale"]["domain"])
    places = [450 * (np.log(tick) - left) / (right - left) for tick in ticks]
    assert {3000.0, 119_390.0} <= set(ticks) < set(axis["axis"]["values"])
    assert np.diff(places).min() > 35
    assert places[-1] - places[-2] > 75


def test_a_far_pool_is_drawn_by_its_logarithm_and_says_so() -> None:
    far = axis_of(charts.curves(PLAN, charts.LIGHT).to_dict(), "x")
    near = axis_of(charts.curves(handmade.plan(pool=9000), charts.LIGHT).to_dict(), "x")
    assert far["scale"]["type"] == "log"
    assert "log scale" in far["axis"]["title"][0]
    assert "type" not in near["scale"]
    assert "log" not in near["axis"]["title"][0]


def test_the_labels_random_needs_for_the_same_score_are_written_out() -> None:
    assert f"Random labeling: {words.about(2750)}" in texts_of(charts.curves(PLAN, charts.LIGHT).to_dict())


@pytest.mark.parametrize("changes", [{"buy": None, "recommended": None, "code": "refused", "strategy": None}])
def test_a_refused_number_leaves_the_curves_and_no_stopping_point(changes: dict[str, Any]) -> None:
    spec = charts.curves(handmade.plan(**changes), charts.LIGHT).to_dict()
    assert len(marks_of(spec, "area")) == 2
    assert "then stop" not in texts_of(spec)
    assert "Label everything" in texts_of(spec)


def test_enough_labels_put_the_stop_at_the_sample() -> None:
    here = handmade.plan(code="enough", buy=0.0, strategy=None)
    assert "Stop at the labels you have" in texts_of(charts.curves(here, charts.LIGHT).to_dict())


def test_prices_meet_where_setup_is_earned_back() -> None:
    """500 to set up and 1,100 labels, against 2,750 labels and no setup: even at 500 / 1,650."""
    assert even_price(PLAN) == pytest.approx(500 / 1650)
    spec = cost_by_price(PLAN, charts.LIGHT).to_dict()
    assert "Even at about $0.30 per label" in texts_of(spec)
    assert "You: $1.00" in texts_of(spec)


def test_the_worth_of_a_purchase_is_that_of_the_valuation_at_the_price_typed() -> None:
    valuation = PLAN.valuation
    for name in ("random", "margin"):
        best = valuation.net[name][:, 1:].mean(axis=0).max()
        assert worth(PLAN, name, np.array([handmade.PRICE]))[0] == pytest.approx(best)


def test_at_the_even_price_choosing_and_random_leave_the_same() -> None:
    """With 5,000 to set up, choosing is behind where labels are cheap and ahead where they are dear."""
    plan = handmade.plan(valuation=handmade.valuation(setup_cost=5000.0))
    price = even_worth(plan)
    assert rival(plan) == "margin"
    assert price is not None
    chosen, random = (worth(plan, name, np.array([0.97, 1.03]) * price) for name in ("margin", "random"))
    assert (chosen[0] - random[0]) * (chosen[1] - random[1]) < 0


def test_dearer_labels_never_leave_more() -> None:
    for name in ("random", "margin"):
        assert (np.diff(worth(PLAN, name, np.linspace(0.1, 5, 50))) <= 0).all()


def test_classes_too_small_are_said_in_words() -> None:
    facts = handmade.facts()
    object.__setattr__(facts, "counts", np.array([597, 400, 3]))
    bars = layers_of(charts.classes(facts, charts.LIGHT).to_dict())[0]
    assert [row["text"] for row in bars["data"]["values"]] == ["597", "400", "3, too few"]


def test_a_hundred_classes_are_drawn_as_twenty_and_the_rest_together() -> None:
    facts = handmade.facts()
    for name, value in (("classes", tuple(f"c{i:03}" for i in range(100))), ("counts", np.arange(100, 0, -1))):
        object.__setattr__(facts, name, value)
    values = layers_of(charts.classes(facts, charts.LIGHT).to_dict())[0]["data"]["values"]
    assert len(values) == 21
    assert values[-1]["name"] == "80 smaller classes"
    assert sum(row["count"] for row in values) == 5050


def test_the_dots_of_a_class_are_its_shares_of_the_picks_and_of_the_pool() -> None:
    """Made by hand: 44, 36 and 20% of every batch; 40, 50 and 10% of the sample."""
    spec = charts.picks(BOUGHT, ("random", "margin"), charts.LIGHT).to_dict()
    hollow, full = (data_of(mark) for mark in marks_of(spec, "point"))
    shares = dict(zip(full["name"], full["x"], strict=True))
    pool = dict(zip(hollow["name"], hollow["x2"], strict=True))
    assert shares == pytest.approx({"billing": 0.44, "login": 0.36, "returns": 0.2})
    assert pool == pytest.approx({"billing": 0.4, "login": 0.5, "returns": 0.1})
    assert "more of “returns” (20.0% of its picks, 10.0% of the sample)" in spec["description"]


def test_the_growing_chart_needs_a_trace_and_keeps_its_width_while_it_fills() -> None:
    traces, names = FORECAST.pilot.traces, FORECAST.pilot.settings.all_strategies
    assert charts.growing([], names, "accuracy", charts.LIGHT) is None
    domains = []
    for upto in (1, 10, len(traces)):
        spec = charts.growing(traces[:upto], names, "accuracy", charts.LIGHT).to_dict()
        domains.append(axis_of(spec, "x")["scale"]["domain"])
    assert domains == [[0, 800]] * 3


def test_repeats_in_which_a_strategy_is_ahead_are_counted() -> None:
    assert "ahead of random labeling, over the whole replay, in 2 of 2 repeats" in str(
        charts.repeats(FORECAST, "margin", charts.LIGHT).description
    )


def test_a_missed_back_test_is_not_called_held() -> None:
    missed = handmade.replace(
        handmade.BACKTEST, p5=np.array([0.88, 0.89]), p50=np.array([0.89, 0.903]), p95=np.array([0.9, 0.92])
    )
    text = str(charts.backtest(missed, FORECAST.measured["random"], charts.LIGHT).description)
    assert "missed by 3 points and its range did not hold" in text


def test_the_bars_of_the_tornado_end_where_the_swings_do() -> None:
    spec = charts.tornado(FOUND, charts.LIGHT).to_dict()
    shown = data_of(marks_of(spec, "bar")[0])
    for swing in moving(FOUND):
        ends = shown["x2"][shown["name"] == swing.title]
        assert sorted(ends) == sorted([swing.low, swing.high])
    assert set(shown["x"]) == {FOUND.base}


def test_the_frame_of_the_grid_is_on_the_price_and_the_setup_typed() -> None:
    spec = charts.grid(FOUND, charts.LIGHT).to_dict()
    frame = data_of(next(one for one in marks_of(spec, "rect") if one["mark"].get("filled") is False))
    assert (frame["price"][0], frame["setup"][0]) == ("$1.00", "$500")
    tiles = data_of(marks_of(spec, "rect")[0])
    assert list(tiles["pays"]) == [amount >= 0 for amount in FOUND.grid.cells.ravel()]


def test_every_dot_of_the_stopping_chart_is_where_its_rule_fires() -> None:
    spec = charts.stopping(PLAN, charts.LIGHT).to_dict()
    dots = {name: x for layer in marks_of(spec, "point") for name, x in zip(*data_of(layer).values(), strict=True)}
    assert dots == {stop.title: stop.labels_to_buy for stop in PLAN.stops if stop.labels_to_buy is not None}


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (23_300, "+$23k"),
        (-751, "−\u2060$751"),
        (1_250_000, "+$1.3m"),
        (-3_040, "−\u2060$3k"),
        (167, "+$167"),
        (0, "$0"),
        (-0.3, "$0"),
        (0.3, "$0"),
        (-0.6, "\u2212\u2060$1"),
    ],
)
def test_an_amount_fits_its_cell(amount: float, text: str) -> None:
    assert signed(amount, "USD") == text
