"""Buying in rounds as a decision: how many rounds, how large the first, one order or five, what would narrow the range.

No words: planner.report.purchase says them.
"""

import math
from dataclasses import dataclass

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES
from planner.economics.costs import ROUND_GROWTH, cost_of, delay_cost, label_cost, prices_paid, round_cost
from planner.economics.evaluating import target_of
from planner.economics.figures import Figures
from planner.economics.ranges import quantile, ranges_of
from planner.economics.worth import years
from planner.forecast.carrying import labels_needed

# Accuracy at the end of one batch that makes the labels so many times more, against batches of x1.25: margin sampling,
# mean over 24 data sets. Several batches of x1.8 lost 0.07 points; other sizes of several are reckoned in proportion.
LOSS_AT = (1.25, 1.6, 3.0, 6.0)
LOSS = (0.0, 0.0012, 0.0038, 0.0041)
SEVERAL_AT, SEVERAL = 1.8, 0.0007
MOST_TRIED = 8  # rounds; more never won in the replays behind these numbers
LEAST_STEP, MOST_STEP = 0.25, 0.6  # of the labels so far: the first of several orders
TOO_MUCH = 1.25  # times the need: an order beyond it overshoots
# A sample twice as large took the error of a forecast saving to this share of itself, from 1,000 to 2,000 rows over 31
# tasks on 27 data sets: 15.3 to 11.7 and 13.8 to 10.7 points against random, 8.8 to 7.7 and 7.6 to 6.1 against all.
DOUBLED_CHOOSING, DOUBLED_SAVING = 0.77, 0.84
TIMED_ITEMS = 20
SPREAD_OF_TIMES = 0.5  # sd of the time an item takes, over its mean: an assumption, said where it is used
IN_TEN = 1.2816  # normal quantile that leaves 10% on each side


@dataclass(frozen=True)
class Batching:
    """A purchase in so many rounds of equal growth, with what each way of paying for it comes to."""

    rounds: int
    largest: float  # labels of its largest order
    round_cost: float  # currency
    waiting: float  # currency; 0 where a week has no value
    lost: float  # score, 0-1: what large batches lose
    lost_worth: float  # currency: by the value per point; without one, the labels that make up for it
    total: float  # currency: all costs of the purchase, waiting and what is lost


@dataclass(frozen=True)
class Orders:
    """A purchase ordered at once or in parts, each part only if the ones before were not enough."""

    rounds: int
    labels: float  # expected to be bought
    cost: float  # expected, waiting included
    overshoot: float  # chance that over 1.25 times the need is bought
    short: float  # chance that the need is not met


@dataclass(frozen=True)
class Order:
    """One of several orders, placed only where those before were not enough."""

    labels: int  # to buy in it
    labels_in_all: float  # training labels once it is there
    chance: float  # that it is placed
    cost: float  # currency, where it is placed: labels, round and waiting; the first pays what is paid once as well


@dataclass(frozen=True)
class Information:
    """What a piece of work would do to the 8 in 10 range of the saving."""

    what: str  # "double_sample" | "time_items"
    now: float  # width, currency
    then: float | None  # None where there is nothing to narrow
    cost: float  # of the work, currency


def needs(figures: Figures, name: str) -> np.ndarray:
    """Labels each draw would have bought, (D,): to its target or launch bar, or up to its highest net value.

    Infinite where a draw never gets there.
    """
    asked = figures.assumptions
    if figures.point is None:
        scores = figures.forecast.scores[name]
        own = scores[:, -1] - asked.give_up / 100
        wanted = own if asked.target is None else target_of(figures.forecast, asked)
        return labels_needed(figures.forecast, name, wanted)
    if not VALUES[asked.value_model].facts["smooth"]:
        return labels_needed(figures.forecast, name, float(asked.launch_bar or 0.0))
    allowed = figures.valuation.allowed[name] | (figures.valuation.purchases == 0)
    best = np.where(allowed, figures.valuation.net[name], -np.inf).argmax(axis=1)
    return np.asarray(figures.valuation.purchases[best])


def first_order(figures: Figures, name: str) -> float:
    """Labels the first of several orders is held to, by the quantile rule: what half of the draws need.

    With a launch bar, what missing it costs decides how sure the order should be.
    """
    asked = figures.assumptions
    missed = None
    if not VALUES[asked.value_model].facts["smooth"] and figures.point is not None:
        missed = ((asked.launch_value or 0.0) + asked.launch_penalty) * float(years(asked))
    return order_up_to(needs(figures, name), label_cost(asked, adaptive=True), missed)


def order_up_to(need: np.ndarray, price: float, penalty: float | None = None) -> float:
    """The order q with the least price x q + penalty x P(need > q); without a penalty for falling short, the median.

    Where the need has a density f this orders up to the largest q at which penalty x f(q) is still the price.
    Source: Mahmood, Lucas, Alvarez, Fidler, Law 2022, Optimizing Data Collection for Machine Learning.
    """
    if penalty is None:
        return float(np.quantile(need, 0.5, method="inverted_cdf"))
    reach = np.sort(need[np.isfinite(need)])
    tried = np.concatenate([[0.0], reach])
    short = 1 - np.concatenate([[np.mean(need <= 0)], np.searchsorted(reach, reach, side="right") / len(need)])
    return float(tried[np.argmin(price * tried + penalty * short)])


def order_sizes(n: int, purchase: float, rounds: int, first: float) -> tuple[int, ...]:
    """Whole labels of each order, adding up to the purchase: the first as wanted, the others in equal growth.

    Of several orders the first is at least a quarter and at most six tenths of the labels there are: less teaches
    nothing new, and more is picked by a model that has gone stale. Nor does it leave so much that a later order makes
    the labels over 1.6 times as many, where the rounds suffice for that.
    """
    whole = math.floor(purchase + 0.5)
    rounds = min(rounds, whole)  # none holds less than a label
    if rounds <= 1:
        return (whole,) if whole else ()
    left_over = (n + whole) / ROUND_GROWTH ** (rounds - 1) - n
    step = min(max(first, LEAST_STEP * n, left_over), MOST_STEP * n, whole * 0.9, whole - rounds + 1)
    growth = ((n + whole) / (n + step)) ** (1 / (rounds - 1))
    reached = np.floor((n + step) * growth ** np.arange(rounds) + 0.5).astype(int) - n
    reached[-1] = whole
    return tuple(int(size) for size in np.diff(reached, prepend=0) if size > 0)


def batch_loss(ratio: float, batches: int = 1) -> float:
    """Score lost (0-1) by batches that each make the labels so many times more, against batches of x1.25."""
    one, known = np.interp(np.log([ratio, SEVERAL_AT]), np.log(LOSS_AT), LOSS)
    return float(one if batches == 1 else one * SEVERAL / known)


def batchings(figures: Figures, name: str) -> tuple[Batching, ...]:
    """A strategy's best purchase in 1 to 8 rounds, or as many as may be; () where nothing is bought or chosen."""
    purchase = figures.best(name)
    if purchase <= 0 or not STRATEGIES[name].facts["adaptive"]:
        return ()
    most = max(MOST_TRIED, figures.assumptions.most_rounds)
    return tuple(_batching(figures, name, purchase, rounds) for rounds in range(1, most + 1))


def _batching(figures: Figures, name: str, purchase: float, rounds: int) -> Batching:
    asked, n = figures.assumptions, figures.n
    growth = ((n + purchase) / n) ** (1 / rounds)
    lost = batch_loss(growth, rounds)
    worth = _worth_lost(figures, name, purchase, lost)
    waiting = delay_cost(asked, purchase, rounds, True)
    spent = cost_of(asked, purchase, rounds, True)
    largest = (n + purchase) * (1 - 1 / growth)
    return Batching(rounds, largest, rounds * round_cost(asked), waiting, lost, worth, spent + waiting + worth)


def _worth_lost(figures: Figures, name: str, purchase: float, lost: float) -> float:
    """What a lost score costs: its value, or without a value the further labels that make up for it."""
    if figures.point is not None:
        reached = figures.gain(name, purchase) + figures.forecast.scores[name][:, 0]
        return float((figures.valuation.worth(reached) - figures.valuation.worth(reached - lost)).mean())
    middle = np.median(figures.forecast.scores[name], axis=0)
    bought = figures.valuation.purchases
    wanted = float(np.interp(purchase, bought, middle)) + lost
    reached = np.flatnonzero(middle >= wanted)
    end = float(np.interp(wanted, middle, bought)) if len(reached) else float(bought[-1])
    return max(end - purchase, 0.0) * label_cost(figures.assumptions, adaptive=True)


def best_batching(found: tuple[Batching, ...]) -> Batching | None:
    """The one with the least total cost, of equals the one with fewer rounds."""
    return min(found, key=lambda one: (one.total, one.rounds), default=None)


def orders(figures: Figures, name: str) -> tuple[Order, ...]:
    """A strategy's best purchase in as many orders as may be, each placed only where those before were not enough.

    Fewer where an order would hold less than one label; () where there is no second one.
    """
    sizes = _sizes(figures, name)
    need, reached, found = needs(figures, name), 0, []
    for number, labels in enumerate(sizes, start=1):
        chance = float((need > reached).mean()) if reached else 1.0
        before, reached = reached, reached + labels
        cost = _paid(figures, reached, number) - (_paid(figures, before, number - 1) if before else 0.0)
        found.append(Order(labels, figures.n + reached, chance, cost))
    return tuple(found)


def _sizes(figures: Figures, name: str) -> tuple[int, ...]:
    """Labels of each of several orders; () where there is only one."""
    purchase, most = figures.best(name), figures.assumptions.most_rounds
    if not STRATEGIES[name].facts["adaptive"] or purchase <= 0:
        return ()
    sizes = order_sizes(figures.n, purchase, most, first_order(figures, name))
    return sizes if len(sizes) > 1 else ()


def _paid(figures: Figures, labels: float, rounds: int) -> float:
    """Cost of so many labels in so many rounds, waiting included."""
    asked = figures.assumptions
    return cost_of(asked, labels, rounds, True) + delay_cost(asked, labels, rounds, True)


def one_or_more(figures: Figures, name: str) -> tuple[Orders, Orders] | None:
    """A strategy's best purchase ordered at once and in several orders, over the draws of the need.

    Several orders stop as soon as the need is met. That each round shows whether it is met is an approximation: on
    other data sets forecasting again after a round saved up to 12% of the total cost, often nothing.
    """
    sizes = _sizes(figures, name)
    if not sizes:
        return None
    need = needs(figures, name)
    return _ordered(figures, need, (sum(sizes),)), _ordered(figures, need, sizes)


def _ordered(figures: Figures, need: np.ndarray, sizes: tuple[int, ...]) -> Orders:
    reached = np.cumsum(sizes)
    # The first order is placed whatever the need; each next one where what was bought is less than it.
    placed = 1 + (need[:, None] > reached[None, :-1]).sum(axis=1)
    bought = reached[placed - 1]
    counts = range(1, len(sizes) + 1)
    cost = sum(float((placed == count).mean()) * _paid(figures, float(reached[count - 1]), count) for count in counts)
    over, short = float((bought > TOO_MUCH * need).mean()), float((bought < need).mean())
    return Orders(len(sizes), float(bought.mean()), cost, over, short)


def information(figures: Figures, name: str) -> tuple[Information, ...]:
    """What doubling the sample, and what timing 20 items, would do to the range of the saving; () without one.

    The range is of what choosing saves, or with a target of the saving itself. Its part from the forecast and its part
    from the price add up as squares: an approximation, as is that doubling narrows the forecast as it did elsewhere.
    """
    if figures.active != name or not len(figures.choosing):
        return ()
    asked = figures.assumptions
    forecast, moved, doubled = _spread(figures, name)
    ends = ranges_of(asked).get("cost_per_label")
    width = 0.0
    if ends is not None:
        low, high = quantile(ends[0], asked.cost_per_label, ends[1], np.array([0.1, 0.9]))
        width = float(high - low)
    timed = min(width, 2 * IN_TEN * SPREAD_OF_TIMES / math.sqrt(TIMED_ITEMS) * asked.cost_per_label)
    now = math.hypot(forecast, moved * width)
    narrowed = math.hypot(forecast, moved * timed) if timed < width else None
    return (
        Information("double_sample", now, math.hypot(doubled * forecast, moved * width), figures.n * figures.price),
        Information("time_items", now, narrowed, TIMED_ITEMS * figures.price),
    )


def perfect_information(figures: Figures) -> float | None:
    """What knowing the learning curve before buying would be worth (currency): no work on the forecast is worth more.

    The mean over draws of the best purchase in each, minus the purchase that is best on average; None unvalued.
    Source: Raiffa, Schlaifer 1961, Applied Statistical Decision Theory (expected value of perfect information).
    """
    names = [name for name in figures.valuation.net if name == "random" or figures.may(name)]
    if figures.point is None or not names:
        return None
    bought = figures.valuation.purchases == 0
    allowed = [
        np.where(figures.valuation.allowed[name] | bought, figures.valuation.net[name], -np.inf) for name in names
    ]
    net = np.concatenate(allowed, axis=1)  # (D, options x B)
    return max(float(net.max(axis=1).mean() - net.mean(axis=0).max()), 0.0)  # no minus by rounding


def _spread(figures: Figures, name: str) -> tuple[float, float, float]:
    """(width of the saving from the forecast, its change with the price, what doubling leaves of the first)."""
    asked, x = figures.assumptions, figures.best(name)
    if figures.point is not None:
        low, high = np.quantile(figures.choosing, [0.1, 0.9])
        same = float(np.median(np.minimum(figures.exchange * x, figures.left)))
        paid = prices_paid(asked, np.array([same]), False) - prices_paid(asked, np.array([x]), True)
        return float(high - low), abs(float(paid[0])), DOUBLED_CHOOSING
    bought = figures.to_target(name)
    most = float(figures.left) if bought.p90 is None else bought.p90
    width = (most - (bought.p10 or 0.0)) * label_cost(asked, adaptive=True)
    paid = prices_paid(asked, np.array([float(figures.left)]), False) - prices_paid(asked, np.array([x]), True)
    return width, abs(float(paid[0])), DOUBLED_SAVING
