"""What a workbook holds of a plan: the forecast of each option, which stays, and cost lines that follow the inputs."""

from dataclasses import dataclass

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.costs import (
    delay_cost,
    label_cost,
    labels_cost,
    prices_per_label,
    round_cost,
    votes_paid,
    weeks_for,
)
from planner.economics.evaluating import Interval, quantiles
from planner.economics.figures import Figures
from planner.economics.options import Option
from planner.economics.price_table import labels_at_first_price
from planner.economics.worth import is_valued, values, years
from planner.plan.deciding import Plan

PAID = "Labels already paid"
LINES = (
    "Labels at the quoted price",
    "Further votes",
    "Review",
    "Rework",
    "Hardness of picked items",
    "Tool fee per label",
    "Labels for measuring",
    "Tool fee",
    "Setup",
    "Rounds",
    PAID,
)
UNITS = Interval(None, None, None, "A better score has no price yet.")


@dataclass(frozen=True)
class Entry:
    """One option as the workbook holds it. Units are points, or money where mistakes are valued one by one."""

    option: Option
    labels: float  # to buy
    adaptive: bool  # pays setup and rounds
    trains: bool  # uses the labels already paid
    drawn: bool  # its purchase differs from draw to draw, so that its net benefit has no formula
    over_everything: Interval  # units a year, or once, over label everything
    over_nothing: Interval  # units over do nothing
    mean: float  # expected units over do nothing
    mean_over_everything: float

    @property
    def rounds(self) -> int:
        """Rounds it takes."""
        return self.option.rounds


@dataclass(frozen=True)
class Ledger:
    """The options of a plan, and what turns their scores into money."""

    plan: Plan
    entries: tuple[Entry, ...]
    valued: bool
    per_point: bool  # units are points, worth the value per point each; else they are money
    unit: float  # currency a unit
    years: float  # present value of 1 a year, or 1 where value comes once

    @property
    def asked(self) -> Assumptions:
        """The amounts as typed."""
        return self.plan.valuation.assumptions

    @property
    def labeled(self) -> int:
        """Labels already paid."""
        return self.plan.valuation.forecast.labeled

    def of(self, name: str | None) -> Entry | None:
        """The entry of an option."""
        return next((one for one in self.entries if one.option.name == name), None)

    def known(self, other: str) -> tuple[Entry, Entry]:
        """The recommended entry, on a plan that has one, and another that every plan has."""
        found = self.recommended, self.of(other)
        if found[0] is None or found[1] is None:
            raise TypeError("This plan recommends nothing.")
        return found[0], found[1]

    @property
    def recommended(self) -> Entry | None:
        """The entry the verdict stands for."""
        return self.of(self.plan.recommended.name) if self.plan.recommended else None


def ledger(plan: Plan) -> Ledger:
    """Every option that buys a known number of labels."""
    figures, asked = Figures(plan.valuation), plan.valuation.assumptions
    valued = is_valued(asked) and len(figures.forecast.score_all) > 0 and figures.point is not None
    per_point = asked.value_model == "per_point"
    unit = (asked.value_per_point or 0.0) if per_point else 1.0
    found = [_entry(figures, one, valued) for one in plan.options if one.labels_to_buy.p50 is not None]
    return Ledger(plan, tuple(found), valued, per_point, unit, float(years(asked)))


def _entry(figures: Figures, option: Option, valued: bool) -> Entry:
    name = option.name
    adaptive = name in STRATEGIES and bool(STRATEGIES[name].facts["adaptive"])
    over = [UNITS, UNITS]
    means = [0.0, 0.0]
    if valued:
        own = units(figures, scores_of(figures, name))
        for k, other in enumerate(("label_everything", "do_nothing")):
            more = own - units(figures, scores_of(figures, other))
            over[k], means[k] = quantiles(more), float(more.mean())
    drawn = name == "random_to_same_score" or option.labels_to_buy.p10 != option.labels_to_buy.p90
    labels = float(option.labels_to_buy.p50 or 0.0)
    return Entry(option, labels, adaptive, name != "do_nothing", drawn, over[0], over[1], means[1], means[0])


def scores_of(figures: Figures, name: str) -> np.ndarray:
    """Score of an option in every draw, (D,)."""
    made, today = figures.forecast, figures.assumptions.todays_score
    if name == "do_nothing":
        return made.score_now if today is None else np.full(len(made.score_now), today)
    if name in ("stop_at_sample", "label_everything"):
        return made.score_now if name == "stop_at_sample" else made.score_all
    return figures.score_at_best(str(figures.active) if name == "random_to_same_score" else name)


def units(figures: Figures, scores: np.ndarray) -> np.ndarray:
    """Scores in points, or as money a year (or once) where the value model is another."""
    if figures.assumptions.value_model == "per_point":
        return 100 * scores
    return values(scores, figures.assumptions, figures.forecast)


def billed(asked: Assumptions, labels: float) -> float:
    """Labels at the first price that cost as much."""
    return float(labels_at_first_price(asked.price_table, labels)) if asked.price_table else labels


def cost_lines(book: Ledger, one: Entry, asked: Assumptions | None = None) -> dict[str, float]:
    """{line: currency} of an option, in the order of LINES; they add up to its cost, at other amounts where given."""
    asked, x = asked or book.asked, one.labels
    quoted = billed(asked, x) * asked.cost_per_label
    voted = quoted * votes_paid(asked)
    bought, picks = float(x > 0), float(one.adaptive and x > 0)
    paid = float(labels_cost(asked, book.labeled)) if asked.count_paid_labels and one.trains else 0.0
    amounts = (
        quoted,
        voted - quoted,
        voted * asked.review_share,
        voted * asked.rework_share,
        quoted * prices_per_label(asked, False) * (asked.hardness - 1) * picks,
        x * asked.fee_per_label,
        bought * asked.evaluation_labels * label_cost(asked),
        bought * asked.tool_fee,
        picks * asked.setup_cost,
        picks * one.rounds * round_cost(asked),
        paid,
    )
    return dict(zip(LINES, amounts, strict=True))


def cost_at(book: Ledger, one: Entry) -> float:
    """What an option costs in all."""
    return sum(cost_lines(book, one).values())


def weeks_at(book: Ledger, one: Entry) -> float | None:
    """Weeks an option takes, or None when nobody said how fast labels come."""
    return weeks_for(book.asked, one.labels, one.rounds, one.adaptive and one.labels > 0)


def waiting_at(book: Ledger, one: Entry) -> float:
    """What waiting for an option costs."""
    return delay_cost(book.asked, one.labels, one.rounds, one.adaptive and one.labels > 0)
