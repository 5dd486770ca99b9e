"""Low, likely and high: how ranges are read, and that their draws are the triangles they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, triang

from planner.economics import Assumptions
from planner.economics.ranges import drawn, quantile, ranges_of, with_ranges
from planner.errors import BadSetting, UnknownChoice
from planner.settings import key

ASKED = Assumptions(cost_per_label=0.5, setup_cost=500, ranges="cost_per_label=0.3..0.9, setup-cost=200..2000")


def test_ranges_are_read_as_they_are_written() -> None:
    found = ranges_of(ASKED)
    assert found == {"cost_per_label": (0.3, 0.9), "setup_cost": (200, 2000)}
    assert ranges_of(with_ranges(Assumptions(cost_per_label=0.5, setup_cost=500), found)) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cost_per_label=1", "no range"),
        ("cost_per_label=a..b", "no range"),
        ("cost_per_label=nan..2", "no range"),
        ("cost_per_label=2..3", r"Cost per label is 0\.5, outside its range of 2 to 3"),
        ("cost_per_label=-1..3", "must stay between 0 and"),
        ("value_per_point=1..3", "has a range but no value"),
        ("cost_per_lable=1..3", r"No amount is named 'cost_per_lable'\. Did you mean 'cost_per_label'"),
    ],
)
def test_a_range_that_cannot_be_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises((BadSetting, UnknownChoice), match=sentence):
        ranges_of(Assumptions(cost_per_label=0.5, ranges=text))


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0.01, 10), st.floats(0, 1))
def test_the_quantile_is_that_of_the_peer(low: float, rise: float, fall: float, share: float) -> None:
    likely, high = low + rise, low + rise + fall
    peer = triang.ppf(share, rise / (high - low), low, high - low)
    assert float(quantile(low, likely, high, share)) == pytest.approx(peer, abs=1e-9, rel=1e-9)


def test_draws_follow_the_triangle_and_are_the_same_tomorrow() -> None:
    one, again = drawn(ASKED, 5000, 7), drawn(ASKED, 5000, 7)
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert not np.array_equal(one["cost_per_label"], drawn(ASKED, 5000, 8)["cost_per_label"])
    low, likely, high = 0.3, 0.5, 0.9
    shape = triang((likely - low) / (high - low), low, high - low)
    assert kstest(one["cost_per_label"], shape.cdf).pvalue > 0.001
    assert abs(np.corrcoef(one["cost_per_label"], one["setup_cost"])[0, 1]) < 0.05


def test_the_draws_of_an_amount_hang_on_its_name_and_the_seed_alone() -> None:
    """Kept from one version to the next, whatever other amounts there are by then."""
    drawn_now = drawn(Assumptions(cost_per_label=0.5, ranges="cost_per_label=0..1"), 3, 7)["cost_per_label"]
    stream = np.random.default_rng([7, 3, int(key("cost_per_label"), 16)]).random(3)
    assert drawn_now == pytest.approx(triang.ppf(stream, 0.5))


def test_another_range_leaves_the_draws_of_the_first_alone() -> None:
    alone = Assumptions(cost_per_label=0.5, ranges="cost_per_label=0.3..0.9")
    assert np.array_equal(drawn(alone, 100, 7)["cost_per_label"], drawn(ASKED, 100, 7)["cost_per_label"])
