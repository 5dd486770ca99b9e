"""What labels cost and what a better score is worth: every amount a person may type."""

from dataclasses import dataclass

from planner.choices.values import VALUES
from planner.economics.cost_assumptions import CostAssumptions
from planner.economics.sources import own_sources
from planner.errors import unknown
from planner.settings import knob, knobs


@dataclass(frozen=True)
class Assumptions(CostAssumptions):
    """What labels cost and what a better score is worth."""

    value_model: str = knob(
        "per_point", "How a better score turns into money.", title="What a better score is worth", choices=VALUES
    )
    sources: str = knob(
        "",
        "Where amounts come from, who said so, or why they changed, as setup_cost=quote of 3 May; hardness=20 items "
        "timed. The assumptions log cites it.",
        title="Sources of amounts",
    )
    risk_adjustment: float = knob(
        0.2,
        "Share by which a second, cautious present value takes every benefit lower and every cost higher, as in "
        "Forrester's TEI studies. The advice does not read it.",
        title="Risk adjustment",
        unit="0 to 1",
        low=0,
        high=0.9,
    )
    decisions_per_year: float | None = knob(
        None,
        "Decisions the model takes or prepares in a year.",
        title="Decisions a year",
        unit="decisions a year",
        low=0,
        high=1e12,
    )
    cost_per_mistake: float | None = knob(
        None,
        "What one wrong decision costs you; with costs by kind, a mistake that weighs 1.",
        title="Cost of one mistake",
        unit="currency/mistake",
        low=0,
        high=1e12,
    )
    mistake_costs: str = knob(
        "",
        "How much each kind of mistake weighs, as true>predicted=weight: bad>good=5, good>bad=1. Others weigh 1. "
        "Empty: the costs the pilot was run with.",
        title="Weights of mistakes",
    )
    class_shares: str = knob(
        "",
        "How often each class comes in production, as class=share: fraud=0.01. Empty: as in the sample.",
        title="Class shares in production",
    )
    confidence_bar: float = knob(
        0.9,
        "How sure the model must be to decide without a person.",
        title="Confidence bar",
        unit="0 to 1",
        low=0,
        high=0.999,
    )
    cost_by_hand: float | None = knob(
        None,
        "What a decision costs that a person takes.",
        title="Cost of a decision by hand",
        unit="currency/decision",
        low=0,
        high=1e9,
    )
    seconds_per_review: float | None = knob(
        None,
        "How long a person looks at one item the model points out.",
        title="Time per look",
        unit="seconds",
        low=0,
        high=1e6,
    )
    wage: float | None = knob(
        None,
        "What an hour of the people who look costs.",
        title="Cost of an hour",
        unit="currency/hour",
        low=0,
        high=1e6,
    )
    cost_per_miss: float | None = knob(
        None,
        "What harm an item does that should have been pointed out and was not.",
        title="Harm of one missed",
        unit="currency/item",
        low=0,
        high=1e12,
    )
    mean_amount: float | None = knob(
        None,
        "What is lost with an item that is missed, on average. Empty: the mean of the sample's amount column.",
        title="Amount at stake",
        unit="currency/item",
        low=0,
        high=1e12,
    )
    cost_per_false_alarm: float | None = knob(
        None,
        "What looking into a false alarm costs, with the customer it bothers.",
        title="Cost of a false alarm",
        unit="currency/item",
        low=0,
        high=1e12,
    )
    conversion_per_point: float | None = knob(
        None,
        "Points of conversion that one point of the score brings. From a test with customers, or a wide range.",
        title="Conversion per point",
        unit="points",
        low=0,
        high=10,
    )
    margin: float | None = knob(
        None, "What one more sale leaves.", title="Margin of a sale", unit="currency/sale", low=0, high=1e9
    )
    launch_bar: float | None = knob(
        None, "The score without which nothing is launched, 0 to 1.", title="Launch bar", unit="0 to 1", low=0, high=1
    )
    launch_value: float | None = knob(
        None, "What it is worth to launch.", title="Value of the launch", unit="currency", low=0, high=1e12
    )
    launch_penalty: float = knob(
        0.0, "What it costs to miss the bar.", title="Penalty for missing it", unit="currency", low=0, high=1e12
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sources.strip():
            known = [one.name for one in knobs(type(self))]
            for name in own_sources(self.sources):
                if name not in known:
                    raise unknown("amount", name, known)
