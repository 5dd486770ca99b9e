"""What would change the answer: one input at a time, the value at which it turns, and price against setup cost.

The plan is held: the same labels by the same strategy. Only the amounts around it move.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from planner import words
from planner.economics.assumptions import Assumptions
from planner.economics.ranges import quantile, ranges_of
from planner.forecast.carrying import Forecast, forecast
from planner.plan.deciding import Plan
from planner.plan.held import Held, Standing, held_plan, is_valued, medians, varied
from planner.results import Result
from planner.settings import Knob, knobs

HALF, DOUBLE = 0.5, 2.0  # the usual span of an amount without a range
HARDER = 1.3  # published times for picked items reach this
NEAR = 0.02  # a score that is typed is seldom off by more
SCORES = ("todays_score", "launch_bar", "confidence_bar")
POOLS = (0.25, 0.5, 2.0, 4.0)  # of the items typed: where the forecast is made again
RATES = (0.02, 50.0)  # exchange rates between which a switch is looked for
CENT = 0.005
ROUND = [m * 10.0**d for d in range(-6, 14) for m in (1, 2, 5)]
FAR = 100.0  # times an amount, beyond which a grid tells nothing about it
POOL, RATE, CURVE = "pool_size", "exchange_rate", "learning_curve"  # inputs that are no amounts

Reach = Callable[[int], Forecast]  # the forecast of the same pilot for another pool


@dataclass(frozen=True)
class Swing:
    """How far the answer moves when one input goes from its low to its high, the others at their medians."""

    name: str  # an amount of Assumptions, or POOL, RATE or CURVE
    title: str
    inputs: tuple[str, str]  # low and high, as typed
    low: float  # [currency] better off at the low input
    high: float  # [currency] better off at the high input
    usual: bool  # a usual span, since no range was typed; otherwise 8 in 10 draws

    @property
    def width(self) -> float:
        """From the one end to the other."""
        return abs(self.high - self.low)


@dataclass(frozen=True, eq=False)
class Grid(Result):
    """The held plan over its baseline at five prices and five setup costs."""

    prices: np.ndarray  # (5,) currency/label
    setups: np.ndarray  # (5,) currency
    cells: np.ndarray  # (5, 5) currency, setup by price
    own: tuple[int, int]  # the row and column where you are


@dataclass(frozen=True)
class Sensitivity:
    """Everything that may turn one plan, worked out once."""

    plan: Plan
    held: Held
    asked: Assumptions  # every amount at its median
    base: float  # [currency] better off, in expectation
    swings: tuple[Swing, ...]  # the widest first
    switches: dict[str, float | None]  # {input: where better off is 0; None: never within its range}
    grid: Grid | None  # None where setup is not paid


def sensitivity(plan: Plan, reach: Reach | None = None) -> Sensitivity | None:
    """All of it for one plan; None where no labels can be named. `reach` may be a cache of forecasts."""
    held = held_plan(plan)
    if held is None:
        return None
    names = [one.name for one in _amounts() if getattr(plan.valuation.assumptions, one.name) is not None]
    names += [POOL] + ([RATE] if held.adaptive else [])
    asked = medians(plan.valuation.assumptions)
    return Sensitivity(
        plan,
        held,
        asked,
        Standing(plan.valuation.forecast, held).better_off(asked),
        tornado(plan, reach),
        {name: switching_value(plan, name, reach) for name in names},
        break_even_grid(plan),
    )


def tornado(plan: Plan, reach: Reach | None = None) -> tuple[Swing, ...]:
    """One input at a time from its low to its high, the widest swing first; () where no labels can be named."""
    held = held_plan(plan)
    if held is None:
        return ()
    asked, standing = medians(plan.valuation.assumptions), Standing(plan.valuation.forecast, held)
    found = [swing for one in _amounts() if (swing := _swing(plan, one, standing, asked)) is not None]
    found += [_pool_swing(plan, held, asked, reach or _again(plan))]
    if held.labels and is_valued(asked):
        found.append(_curve_swing(standing, asked))
    if held.adaptive:
        found.append(_rate_swing(standing, asked))
    return tuple(sorted(found, key=lambda one: -one.width))


def switching_value(plan: Plan, name: str, reach: Reach | None = None) -> float | None:
    """The value of an input at which the held plan's net present value over its baseline is 0, others at medians.

    None: it is 0 nowhere within the range of the input. The nearest one that a pool of whole items allows.
    """
    held = held_plan(plan)
    if held is None:
        return None
    base, asked = plan.valuation.forecast, medians(plan.valuation.assumptions)
    if name == POOL:
        return _pool_switch(plan, held, asked, reach or _again(plan))
    if name == RATE:
        return _root(lambda rate: Standing(base, held, rate).better_off(asked), *RATES) if held.adaptive else None
    one, standing = next(one for one in _amounts() if one.name == name), Standing(base, held)
    low, high = one.low or 0.0, 1e12 if one.high is None else one.high
    return _root(lambda value: standing.better_off(varied(asked, **{name: value})), low, high)


def break_even_grid(plan: Plan) -> Grid | None:
    """The held plan over its baseline at five prices and five setup costs; None where no setup is paid.

    Round values about your own, as far out as the switching values where those are within a hundredfold.
    """
    held = held_plan(plan)
    if held is None or not held.adaptive:
        return None
    asked, standing = medians(plan.valuation.assumptions), Standing(plan.valuation.forecast, held)
    turns = [switching_value(plan, name) for name in ("cost_per_label", "setup_cost")]
    prices = _around(asked.cost_per_label, turns[0], 2, 0.1)
    setups = _around(asked.setup_cost, turns[1], 1, 100.0)
    setups = np.unique([0.0, *setups])
    cells = [[standing.better_off(varied(asked, cost_per_label=p, setup_cost=s)) for p in prices] for s in setups]
    own = (int(np.argmin(abs(setups - asked.setup_cost))), int(np.argmin(abs(prices - asked.cost_per_label))))
    return Grid(prices, setups, np.array(cells), own)


def typed(name: str, value: float, currency: str, digits: int | None = None) -> str:
    """An input as it is typed, or rounded to so many digits."""
    rounded = value if digits is None else words.significant(value, digits)
    if name == POOL:
        return words.count(rounded)
    unit = next((one.unit for one in _amounts() if one.name == name), "")
    if unit.startswith("currency"):
        return words.money(value, currency, digits)
    return words.percent(value) if unit in ("0 to 1", "1/year") else words.number(rounded, 4)


@lru_cache(maxsize=1)
def _amounts() -> tuple[Knob, ...]:
    """The inputs that can be a little more or a little less."""
    return tuple(one for one in knobs(Assumptions) if one.kind is float and one.name != "target_confidence")


def _again(plan: Plan) -> Reach:
    return lambda items: _forecast(plan.valuation.forecast, items)


@lru_cache(maxsize=2 * len(POOLS))  # several files of one plan ask for the same pools; more would fill the memory
def _forecast(made: Forecast, items: int) -> Forecast:
    return forecast(made.pilot, replace(made.settings, pool_size=items))


def _swing(plan: Plan, one: Knob, standing: Standing, asked: Assumptions) -> Swing | None:
    """The swing of an amount; None where it was not given."""
    middle = getattr(asked, one.name)
    if middle is None:
        return None
    given = ranges_of(plan.valuation.assumptions).get(one.name)
    low, high = span_of(plan.valuation.assumptions, one.name, middle)
    ends = [standing.better_off(varied(asked, **{one.name: value})) for value in (low, high)]
    digits = None if given is None else 3  # an end of a range that is drawn is no round number
    texts = (typed(one.name, low, asked.currency, digits), typed(one.name, high, asked.currency, digits))
    return Swing(one.name, one.title, texts, ends[0], ends[1], given is None)


def span_of(asked: Assumptions, name: str, middle: float) -> tuple[float, float]:
    """The low and high of an amount: 8 in 10 draws of its typed range, or the usual span about its middle."""
    ends = ranges_of(asked).get(name)
    if ends is None:
        return _usual(next(one for one in _amounts() if one.name == name), middle)
    low, high = quantile(ends[0], getattr(asked, name), ends[1], np.array([0.1, 0.9]))
    return float(low), float(high)


def _usual(one: Knob, middle: float) -> tuple[float, float]:
    """Half to double within the limits of the setting, but for those that are no amounts."""
    low, high = HALF * middle, DOUBLE * middle
    if one.name == "hardness":
        low, high = 1.0, max(HARDER, middle)
    elif one.name in SCORES:
        low, high = middle - NEAR, middle + NEAR
    return max(low, one.low or 0.0), high if one.high is None else min(high, one.high)


def _pools(plan: Plan, held: Held) -> list[int]:
    """Items in all at which the forecast is made again, ascending; the held plan must fit each."""
    made = plan.valuation.forecast
    least = int(made.labeled + held.labels) + 1
    return sorted({max(round(share * made.pool_size), least) for share in POOLS} | {made.pool_size})


def _pool_swing(plan: Plan, held: Held, asked: Assumptions, reach: Reach) -> Swing:
    here = plan.valuation.forecast.pool_size
    least = int(plan.valuation.forecast.labeled + held.labels) + 1
    ends = (max(round(HALF * here), min(least, here)), round(DOUBLE * here))
    low, high = (_at_pool(plan, items, held, asked, reach) for items in ends)
    return Swing(POOL, "Items in all", (words.count(ends[0]), words.count(ends[1])), low, high, True)


def _at_pool(plan: Plan, items: int, held: Held, asked: Assumptions, reach: Reach) -> float:
    made = plan.valuation.forecast
    return Standing(made if items == made.pool_size else reach(items), held).better_off(asked)


def _pool_switch(plan: Plan, held: Held, asked: Assumptions, reach: Reach) -> float | None:
    """Where the straight line between two neighboring pools is 0; the crossing nearest to the pool typed."""
    sizes, here = np.array(_pools(plan, held), dtype=float), plan.valuation.forecast.pool_size
    values = np.array([_at_pool(plan, int(items), held, asked, reach) for items in sizes])
    turns = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    found = [float(sizes[k] + (sizes[k + 1] - sizes[k]) * values[k] / (values[k] - values[k + 1])) for k in turns]
    return min(found, key=lambda items: abs(np.log(items / here)), default=None)


def _curve_swing(standing: Standing, asked: Assumptions) -> Swing:
    """The tenth and ninetieth draw of the learning curve, the exchange rate at its median."""
    middle = Standing(standing.forecast, standing.held, float(np.median(standing.rate)))
    ends = [np.quantile(drawn, [0.1, 0.9]) for drawn in (middle.gains(asked), middle.values(asked))]
    texts = (_signed_points(ends[0][0]), _signed_points(ends[0][1]))
    low, high = (middle.better_off(asked, float(value)) for value in ends[1])
    return Swing(CURVE, "Learning curve", texts, low, high, False)


def _signed_points(gain: float) -> str:
    return words.gain(words.points(gain), gain)


def _rate_swing(standing: Standing, asked: Assumptions) -> Swing:
    rates = [float(rate) for rate in np.quantile(standing.rate, [0.1, 0.9])]
    low, high = (Standing(standing.forecast, standing.held, rate).better_off(asked) for rate in rates)
    return Swing(RATE, "Exchange rate", (words.times(rates[0]), words.times(rates[1])), low, high, False)


def _root(better_off: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a function that rises or falls throughout crosses 0; None: nowhere between low and high.

    An end that is 0 is no crossing: at a price of nothing everything comes to the same.
    """
    at_low, at_high = better_off(low), better_off(high)
    if at_low == at_high or min(abs(at_low), abs(at_high)) < CENT / 100 or np.sign(at_low) == np.sign(at_high):
        return None
    straight = low + (high - low) * at_low / (at_low - at_high)  # most amounts act along a straight line
    if abs(better_off(straight)) < CENT / 100:
        return float(straight)
    return float(brentq(better_off, low, high, xtol=1e-13, rtol=1e-15, maxiter=500))


def _around(own: float, turn: float | None, below: int, step: float) -> np.ndarray:
    """`below` round values under an amount, the amount and two over it: 0.20, 0.50, 1, 2, 5; from 0 on where it is 0.

    The outermost goes out to `turn` if that is farther, up to a hundredfold.
    """
    if own <= 0:
        return step * np.array([0, 1, 2, 5, 10])
    lower = [value for value in ROUND if value <= own / 1.5][-below:]
    higher = [value for value in ROUND if value >= own * 1.5][:2]
    if turn is not None and lower and own / FAR <= turn < lower[0]:
        lower = _spread(own, max(value for value in ROUND if value <= turn))[-below:]
    if turn is not None and higher[-1] < turn <= own * FAR:
        higher = _spread(own, min(value for value in ROUND if value >= turn))
    return np.unique([*lower, own, *higher])


def _spread(own: float, end: float) -> list[float]:
    """An end and a round value half way to it, ascending."""
    middle = min(ROUND, key=lambda value: abs(np.log(value / np.sqrt(own * end))))
    return sorted({middle, end})
