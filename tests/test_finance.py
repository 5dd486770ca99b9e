"""Present value, rates of return and payback, against tables worked by hand, brute force and pyxirr."""

import math

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.economics.evaluating import annuity
from planner.economics.finance import CashFlows, irr, level_income, npv, payback, return_on_cost

amounts = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=12)
rates = st.floats(-0.9, 5.0)
some_rates = st.one_of(st.just(0.0), st.floats(0.001, 1.0))  # a rate of nearly nothing makes ties that no walk can tell


def yearly(*money: float) -> CashFlows:
    return CashFlows(np.arange(len(money), dtype=float), np.array(money, dtype=float))


def test_present_value_by_hand() -> None:
    """-1,000 now, 500 + 500 + 500 at 10%: -1000 + 454.545 + 413.223 + 375.657."""
    assert float(npv(yearly(-1000, 500, 500, 500), 0.10)) == pytest.approx(243.426, abs=1e-3)


@given(amounts, rates)
@settings(max_examples=1000)
def test_present_value_is_the_sum_of_discounted_amounts(money: list[float], rate: float) -> None:
    by_hand = sum(amount / (1 + rate) ** year for year, amount in enumerate(money))
    assert float(npv(yearly(*money), rate)) == pytest.approx(by_hand, rel=1e-9, abs=1e-6)
    assert float(npv(yearly(*money), rate)) == pytest.approx(pyxirr.npv(rate, money), rel=1e-9, abs=1e-6)


@given(amounts, rates, st.floats(0.1, 100))
def test_all_money_doubled_is_present_value_doubled(money: list[float], rate: float, times: float) -> None:
    more = yearly(*(times * amount for amount in money))
    assert float(npv(more, rate)) == pytest.approx(times * float(npv(yearly(*money), rate)), rel=1e-9, abs=1e-6)
    assert irr(more) == pytest.approx(irr(yearly(*money)), abs=1e-6)


@pytest.mark.slow
@given(amounts)
@settings(max_examples=2000, deadline=None)
def test_every_rate_of_return_is_found_and_no_other(money: list[float]) -> None:
    """Brute force: every change of sign of the present value on a fine grid of discount factors holds a root."""
    flows = yearly(*money)
    assume(any(money))
    found = irr(flows)
    scale = sum(abs(amount) for amount in money)
    for rate in found:
        worth = float(npv(flows, rate)) / scale
        assert abs(worth) < 1e-6 * (1 + rate) ** -len(money) + 1e-9
    factors = np.geomspace(1 / 11, 100, 1000)
    worths = (flows.amounts * factors[:, None] ** flows.years).sum(axis=1)
    changes = np.flatnonzero(worths[1:] * worths[:-1] < 0)
    for place in changes:
        inside = [r for r in found if factors[place] - 1e-9 <= 1 / (1 + r) <= factors[place + 1] + 1e-9]
        assert inside, f"a root between factors {factors[place]} and {factors[place + 1]}"
    signs = np.sign([amount for amount in money if amount])
    assert len(found) <= int((signs[1:] != signs[:-1]).sum())


@given(st.integers(1, 10_000), st.lists(st.integers(0, 1000), min_size=1, max_size=12))
@settings(max_examples=1500, deadline=None)
def test_an_investment_has_the_return_of_the_peer(paid: int, income: list[int]) -> None:
    """With money out first and in later there is one return at most; pyxirr looks beyond our bounds as well."""
    found = irr(yearly(-paid, *income))
    assert len(found) <= 1
    if not any(income):
        assert found == ()
        return
    peer = pyxirr.irr([-paid, *income])
    if peer is not None and -0.98 < peer < 9.9:
        assert found[0] == pytest.approx(peer, abs=1e-6)


def test_several_returns_are_all_named() -> None:
    """The textbook's mine: -4,000, +25,000, -25,000 has returns of 25% and 400%."""
    assert irr(yearly(-4000, 25000, -25000)) == pytest.approx((0.25, 4.0))


def test_nothing_and_one_sided_money_have_no_return() -> None:
    assert irr(yearly(0, 0, 0)) == ()
    assert irr(yearly(5, 1, 2)) == ()
    assert irr(yearly(-5, -1)) == ()


def test_payback_by_hand() -> None:
    """-1,000 then 400 a year: 600 and 200 are missing after one and two years; half of the third year brings 200."""
    flows = yearly(-1000, 400, 400, 400)
    assert payback(flows) == pytest.approx(2.5)
    assert payback(yearly(-1000, 400)) is None
    assert payback(yearly(10, 400)) == 0.0
    assert payback(yearly(-0.3, 0.1, 0.1, 0.1)) == 3.0  # though 0.1 three times is not 0.3 to a computer
    assert payback(yearly(-0.6, 0.1, 0.2, 0.3)) == 3.0
    # At 10%: 363.636 + 330.579 = 694.215 after two years; 305.785 of the third year's 300.526 would be needed.
    assert payback(flows, 0.10) is None
    assert payback(yearly(-1000, 400, 400, 400, 400), 0.10) == pytest.approx(3 + (1000 - 994.741) / 273.205, abs=1e-4)


def brute_payback(money: list[float], rate: float) -> float | None:
    """Walk through the years in a thousand steps each, every year's discounted amount spread evenly over it."""
    total = money[0]
    if total >= 0:
        return 0.0
    for year, amount in enumerate(money[1:], start=1):
        worth = amount / (1 + rate) ** year
        for step in range(1, 1001):
            if total + worth * step / 1000 >= -1e-9:
                return year - 1 + step / 1000
        total += worth
    return None


@pytest.mark.slow
@given(st.integers(1, 3000), st.lists(st.integers(0, 1000), min_size=1, max_size=8), some_rates)
@settings(max_examples=2000, deadline=None)
def test_payback_is_where_a_walk_through_the_years_arrives(paid: int, income: list[int], rate: float) -> None:
    found, walked = payback(yearly(-paid, *income), rate), brute_payback([-paid, *income], rate)
    assert (found is None) == (walked is None)
    if found is not None and walked is not None:
        assert walked - 0.001 - 1e-6 <= found <= walked + 1e-6


@pytest.mark.slow
@given(st.integers(1, 3000), st.integers(1, 1000), st.floats(0.001, 1.0), st.integers(1, 40))
@settings(max_examples=2000, deadline=None)
def test_level_income_pays_back_in_the_periods_the_peer_counts(paid: int, income: int, rate: float, years: int) -> None:
    """The peer's number of periods until a loan is repaid; its whole periods are ours, whose years are paid evenly."""
    flows, plain = yearly(-paid, *[income] * years), pyxirr.nper(0.0, income, -paid)
    assert plain is not None
    assume(abs(plain - years) > 1e-9)
    assert payback(flows) == (pytest.approx(plain) if plain <= years else None)
    if paid * rate >= income:  # the interest alone is more than what comes in
        assert payback(flows, rate) is None
        return
    periods = pyxirr.nper(rate, income, -paid)
    assert periods is not None
    assume(abs(periods - round(periods)) > 1e-6)  # at a tie the last digits decide
    found = payback(flows, rate)
    assert (found is None) == (periods > years)
    if found is not None:
        assert math.ceil(found - 1e-9) == math.ceil(periods)


@pytest.mark.slow
@given(amounts, rates)
@settings(max_examples=3000, deadline=None)
def test_payback_is_where_the_peers_present_value_of_the_years_so_far_turns(money: list[float], rate: float) -> None:
    """The peer values every prefix of the flows; between the last below 0 and the first from 0 on, a straight line."""
    so_far = [pyxirr.npv(rate, money[: year + 1]) for year in range(len(money))]
    worths = [worth for worth in so_far if worth is not None]
    assume(len(worths) == len(money) and all(abs(worth) > 1e-9 for worth in worths[:-1]))
    found = payback(yearly(*money), rate)
    first = next((year for year, worth in enumerate(worths) if worth >= 0), None)
    if first is None:
        assert found is None
    elif first == 0:
        assert found == 0
    else:
        below, above = worths[first - 1], worths[first]
        assert found == pytest.approx(first - 1 - below / (above - below), rel=1e-9, abs=1e-9)


@given(st.integers(1, 1000), st.lists(st.integers(1, 500), min_size=1, max_size=10), st.floats(0.0, 1.0))
def test_discounting_never_brings_the_payback_forward(paid: int, income: list[int], rate: float) -> None:
    plain, discounted = payback(yearly(-paid, *income)), payback(yearly(-paid, *income), rate)
    if discounted is not None:
        assert plain is not None
        assert plain <= discounted + 1e-9


@given(st.floats(0.1, 30), st.floats(0, 1))
def test_level_income_is_worth_the_annuity(horizon: float, rate: float) -> None:
    assert float(npv(level_income(1.0, horizon, rate), rate)) == pytest.approx(annuity(horizon, rate), rel=1e-9)


def test_level_income_of_many_draws_keeps_them_apart() -> None:
    flows = level_income(np.array([1.0, 2.0]), 2.0, 0.0)
    assert flows.amounts.tolist() == [[1, 1], [2, 2]]
    assert npv(flows, 0.0).tolist() == [2, 4]


def test_return_on_cost_is_net_over_cost() -> None:
    assert return_on_cost(150.0, 100.0) == pytest.approx(0.5)
    assert return_on_cost(150.0, 0.0) is None
