"""The table of options: what a person could do, each valued at its own purchase."""

from dataclasses import dataclass

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.economics.costs import cost_of, delay_cost, fixed_cost, labels_cost, rounds_for, weeks_for
from planner.economics.evaluating import Interval, exactly, quantiles
from planner.economics.figures import NOTHING, Figures
from planner.economics.worth import unvalued

CERTAIN = ("do_nothing", "stop_at_sample", "label_everything")  # purchases that nobody has to forecast


@dataclass(frozen=True)
class Option:
    """One thing the person could do, valued."""

    name: str  # "do_nothing" | "stop_at_sample" | "label_everything" | "random_to_same_score" | a strategy
    title: str  # as a table row
    labels_to_buy: Interval
    rounds: int
    cost: Interval
    score: Interval
    savings: Interval  # against label everything
    net_benefit: Interval  # against label everything: savings + gain in value
    net_value: Interval  # against do nothing: value minus cost
    roi: Interval  # net benefit / cost, 1.0 = 100%
    weeks: float | None  # None where nobody said how fast labels come
    calibrated: bool


def option(figures: Figures, name: str) -> Option:
    """A strategy at its best purchase."""
    if name not in figures.valuation.best or not figures.counts_labels:
        return _blank(figures, name)
    x, target = figures.best(name), figures.to_target(name)
    # With a target the purchase itself is drawn, unless a cap or the deadline ends before it is reached.
    bought = target if figures.point is None and target.p50 == x else exactly(x)
    cost = _priced(figures, name, bought)
    score, spent = figures.score_at_best(name), cost.p50 or 0.0
    adaptive = bool(STRATEGIES[name].facts["adaptive"])
    return Option(
        name, STRATEGIES[name].title, bought, figures.rounds(name), cost, quantiles(score),
        _flip(cost, figures.cost_of_everything), *_values(figures, score, spent, figures.own_delay(name)),
        weeks_for(figures.assumptions, x, figures.rounds(name), adaptive), figures.forecast.calibrated[name],
    )  # fmt: skip


def _priced(figures: Figures, name: str, bought: Interval) -> Interval:
    """Cost of a purchase that may be a range."""
    adaptive = bool(STRATEGIES[name].facts["adaptive"])

    def price(x: float | None) -> float | None:
        rounds = rounds_for(figures.n, x or 0.0, adaptive, figures.assumptions.most_rounds)
        return None if x is None else cost_of(figures.assumptions, x, rounds, adaptive, figures.n)

    return Interval(price(bought.p10), price(bought.p50), price(bought.p90), bought.why)


def _values(
    figures: Figures, score: np.ndarray, spent: float | np.ndarray, late: float | np.ndarray
) -> tuple[Interval, Interval, Interval]:
    """(net benefit, net value, ROI) of reaching score draws (D,) for so much money and waiting, certain or drawn."""
    if figures.point is None:
        missing = Interval(None, None, None, unvalued(figures.assumptions))
        return missing, missing, missing
    today = figures.assumptions.todays_score
    base = figures.forecast.score_now if today is None else today
    worth = figures.valuation.worth
    reached = worth(score)
    benefit = figures.cost_of_everything - spent + reached - worth(figures.forecast.score_all)
    benefit = benefit + figures.delay_of_everything - late
    value = reached - worth(base) - spent - late
    free = bool(np.any(np.asarray(spent) <= 0))
    share = Interval(None, None, None, "Nothing is spent.") if free else quantiles(benefit / spent)
    return quantiles(benefit), quantiles(value), share


def _blank(figures: Figures, name: str) -> Option:
    why = "The sample cannot carry a number of labels." if not figures.counts_labels else "Nothing is within reach."
    none = Interval(None, None, None, why)
    title = STRATEGIES[name].title if name in STRATEGIES else "Random to the same score"
    scores = figures.forecast.scores.get(name)
    score = quantiles(scores[:, -1]) if scores is not None and name != "random_to_same_score" else none
    known = figures.forecast.calibrated.get(name, True)
    return Option(name, title, none, 0, none, score, none, none, none, none, None, known)


def _fixed(figures: Figures, name: str, title: str, purchase: float, score: np.ndarray | float) -> Option:
    """An option whose purchase is certain: do nothing, stop at the sample, label everything."""
    uses_labels = name != "do_nothing"
    spent = cost_of(figures.assumptions, purchase, 1, False, figures.n if uses_labels else 0)
    draws = np.full(max(len(figures.forecast.score_all), 1), score) if isinstance(score, float) else score
    valued = len(figures.forecast.score_all) > 0 and len(draws) == len(figures.forecast.score_all)
    late = delay_cost(figures.assumptions, purchase, 1, False)
    values = _values(figures, draws, spent, late) if valued else (NOTHING, NOTHING, NOTHING)
    return Option(
        name, title, exactly(purchase), rounds_for(figures.n, purchase, False), exactly(spent), quantiles(draws),
        exactly(figures.cost_of_everything - spent), *values,
        weeks_for(figures.assumptions, purchase, 1, False), True,
    )  # fmt: skip


def _random_to_same_score(figures: Figures) -> Option:
    """As many random labels as reach the score of the best active option."""
    name, title = "random_to_same_score", "Random to the same score"
    if figures.active is None or not figures.counts_labels:
        return _blank(figures, name)
    bought = np.minimum(figures.exchange * figures.best(figures.active), figures.left)
    paid = figures.n if figures.assumptions.count_paid_labels else 0
    asked = figures.assumptions
    spent = labels_cost(asked, bought) + (labels_cost(asked, paid) if paid else 0.0) + fixed_cost(asked)
    score = figures.score_at_best(figures.active)
    values = _values(figures, score, spent, bought * delay_cost(figures.assumptions, 1.0, 1, False))
    weeks = weeks_for(figures.assumptions, float(np.median(bought)), 1, False)
    return Option(
        name, title, quantiles(bought), 1, quantiles(spent), quantiles(score),
        quantiles(figures.cost_of_everything - spent), *values, weeks, figures.forecast.calibrated[figures.active],
    )  # fmt: skip


def options(figures: Figures) -> tuple[Option, ...]:
    """The baselines, then random and every strategy at its own best purchase."""
    today = figures.assumptions.todays_score
    now, everything = figures.forecast.score_now, figures.forecast.score_all
    return (
        _fixed(figures, "do_nothing", "Do nothing", 0.0, now if today is None else today),
        _fixed(figures, "stop_at_sample", "Stop at the sample", 0.0, now),
        _fixed(figures, "label_everything", "Label everything", float(figures.left), everything),
        _random_to_same_score(figures),
        *(option(figures, name) for name in figures.forecast.pilot.settings.all_strategies),
    )


def _flip(cost: Interval, whole: float) -> Interval:
    """`whole` minus a cost, the low end first."""
    low, middle, high = ((None if c is None else whole - c) for c in (cost.p90, cost.p50, cost.p10))
    return Interval(low, middle, high, cost.why)
