"""Room 5: a Valuation becomes a Plan: which strategy, how many labels, how sure, and the verdict in words."""

from dataclasses import dataclass

from planner.economics import Interval, Option, Valuation
from planner.results import Result


@dataclass(frozen=True)
class Doubt:
    """A reason not to believe the plan too much."""

    code: str
    finding: str  # "Bold claim in a few words. Then the fact with a number."
    remedy: str


@dataclass(frozen=True)
class Stop:
    """One stopping rule and when it fires on the recommended path."""

    rule: str  # "budget" | "target" | "plateau" | "marginal_value"
    title: str
    labels_to_buy: float | None  # None: never within the pool
    fires: bool  # True for the one that fires first
    reason: str


@dataclass(frozen=True)
class Gain:
    """What the next labels add to the score (0-1), chosen and at random."""

    labels: int
    active: Interval
    random: Interval


@dataclass(frozen=True, eq=False)
class Plan(Result):
    """The answer: everything a screen, a file or the terminal shows is here."""

    valuation: Valuation
    code: str  # "label_all" | "refused" | "enough" | "does_not_pay" | "active" | "stop_early"
    sentence: str  # the verdict: the h1 of the first screen
    lead: str  # one or two sentences under it, with the amounts that decide
    strategy: str | None  # what is recommended to pick the labels: a strategy, "random", or None
    labels_to_buy: Interval  # p50 is the number to buy
    rounds: int
    options: tuple[Option, ...]  # baselines first, then strategies; the table of options
    recommended: Option
    chance_against_random: float | None  # 0-1
    exchange: Interval
    stopping_saves: float | None  # S1
    choosing_saves: Interval  # S2
    gains: tuple[Gain, ...]
    next_batch: int  # .56 n labels
    next_chance: float | None  # that the next batch pays; None without a value per point
    break_even: float | None  # value per point at which it does
    target: float | None  # the printed target score
    labels_to_target: dict[str, Interval]
    target_chance: dict[str, float]  # share of draws that reach it within the pool
    horizon: float | None  # (n + s x) / n
    light: str  # "green" | "amber" | "red" | ""
    stops: tuple[Stop, ...]
    doubts: tuple[Doubt, ...]
    changes: tuple[Doubt, ...]  # what would change a "does not pay": finding and remedy
