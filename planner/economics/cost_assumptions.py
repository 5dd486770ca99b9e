"""What labels cost, how fast they come and what bounds a plan: the amounts that every plan reads."""

from dataclasses import dataclass

from planner.choices.baselines import BASELINES
from planner.choices.locales import LOCALES
from planner.economics.price_table import first_price
from planner.economics.quality import MOST_VOTES
from planner.errors import BadSetting
from planner.settings import Settings, knob
from planner.words import USUAL

MOST_ROUNDS = 5


@dataclass(frozen=True)
class CostAssumptions(Settings):
    """What labels cost, how fast they come and what bounds a plan."""

    cost_per_label: float = knob(
        1.0,
        "Price of one label as it is quoted. Votes, checks and rework are added below if you name them.",
        title="Cost per label",
        unit="currency/label",
        low=0,
        high=1e6,
        main=True,
    )
    setup_cost: float = knob(
        0.0,
        "One-time cost of running active learning: tools and people. Labeling at random does not pay it.",
        title="Setup cost",
        unit="currency",
        low=0,
        high=1e12,
        main=True,
    )
    cost_per_round: float = knob(
        0.0,
        "Cost of each round of active learning: retraining, and above all the people who run it. Their hours can be "
        "typed apart; both are added.",
        title="Cost per round",
        unit="currency/round",
        low=0,
        high=1e9,
        main=True,
    )
    value_per_point: float | None = knob(
        None,
        "What 0.01 more of the score is worth to you, once. Leave it empty to plan by target alone.",
        title="Value per accuracy point",
        unit="currency/point",
        low=0,
        high=1e12,
        main=True,
    )
    per_year: bool = knob(
        False, "The value per point comes every year of the horizon, not once.", title="Value comes every year"
    )
    horizon: float = knob(
        3.0, "Years the value lasts, if it comes every year.", title="Horizon", unit="years", low=0.1, high=50
    )
    discount_rate: float = knob(
        0.10,
        "What a year of waiting takes off money, as a share: 0.10 in Forrester's TEI studies, 0.035 in the UK's Green "
        "Book.",
        title="Discount rate",
        unit="1/year",
        low=0,
        high=1,
    )
    todays_score: float | None = knob(
        None,
        "Score of today's process, 0 to 1. Empty: the score at the labels you have, so that doing nothing is stopping "
        "at the sample.",
        title="Score of today's process",
        unit="0 to 1",
        low=0,
        high=1,
    )
    budget: float | None = knob(
        None,
        "The most that may be spent on labels, setup and rounds.",
        title="Budget cap",
        unit="currency",
        low=0,
        high=1e12,
    )
    target: float | None = knob(
        None,
        "The score you need, 0 to 1. Empty: the score with everything labeled minus the points given up.",
        title="Target score",
        unit="0 to 1",
        low=0,
        high=1,
    )
    target_confidence: float = knob(
        0.8,
        "How sure you want to be that a typed target is reached: the share of forecasts in which it must be.",
        title="Confidence in the target",
        unit="0 to 1",
        low=0.5,
        high=0.99,
    )
    give_up: float = knob(
        1.0,
        "How far below the score with everything labeled is good enough, when no target is typed.",
        title="Points given up",
        unit="points",
        low=0,
        high=20,
    )
    deadline: float | None = knob(
        None, "Weeks until the labels must be there.", title="Weeks to the deadline", unit="weeks", low=0, high=1000
    )
    labels_per_week: float | None = knob(
        None,
        "Labels all your labelers together finish in a week. Empty: people x items an hour x hours a week, where those "
        "are given.",
        title="Labels per week",
        unit="labels/week",
        low=1,
        high=1e9,
    )
    people: float | None = knob(
        None, "People who label at the same time.", title="People labeling", unit="people", low=0.01, high=1e6
    )
    items_per_hour: float | None = knob(
        None,
        "Items one person works through in an hour. Time twenty of your own to find out.",
        title="Items per hour",
        unit="items/hour",
        low=0.001,
        high=1e6,
    )
    hours_per_week: float | None = knob(
        None, "Hours each person labels in a week.", title="Hours per week", unit="hours/week", low=0.1, high=168
    )
    value_per_week: float | None = knob(
        None,
        "What a week of waiting costs you: value that begins a week later, or is lost. Empty: waiting is not counted.",
        title="Value of a week",
        unit="currency/week",
        low=0,
        high=1e12,
    )
    weeks_per_round: float = knob(
        0.5,
        "Waiting time each round adds: retraining, choosing, handing out.",
        title="Weeks per round",
        unit="weeks/round",
        low=0,
        high=100,
    )
    hours_per_round: float = knob(
        0.0,
        "Hours people spend on each round: choosing, handing out, checking, retraining.",
        title="People's hours per round",
        unit="hours/round",
        low=0,
        high=1e5,
    )
    cost_per_hour: float = knob(
        0.0,
        "What an hour of the people who run a round costs.",
        title="Cost of their hour",
        unit="currency/hour",
        low=0,
        high=1e6,
    )
    most_rounds: int = knob(
        MOST_ROUNDS,
        "The most rounds of active learning a purchase is made in; after each the plan is looked at again. A small "
        "purchase takes fewer: each round makes the labels up to 1.6 times as many.",
        title="Most rounds",
        unit="rounds",
        low=1,
        high=20,
    )
    label_all: bool = knob(False, "A rule says that every item must be labeled.", title="Everything must be labeled")
    count_paid_labels: bool = knob(
        False,
        "Add the price of labels you already have to every option that uses labels.",
        title="Count labels already paid",
    )
    votes_per_label: int = knob(
        1,
        "People who label each item, the majority deciding; an odd number.",
        title="Votes per label",
        unit="votes/label",
        low=1,
        high=MOST_VOTES,
    )
    annotator_error: float = knob(
        0.0,
        "How often one person's label is wrong. It says how good labels by votes are, how many votes teach most for "
        "the money, and how many are paid for when voting stops early.",
        title="Errors of one annotator",
        unit="0 to 1",
        low=0,
        high=0.5,
    )
    votes_stop_early: bool = knob(
        False, "No further vote is paid for once the majority is settled.", title="Stop voting once it is settled"
    )
    review_share: float = knob(
        0.0,
        "Part of the labels that a second person checks, at the price of a label.",
        title="Labels reviewed",
        unit="0 to 1",
        low=0,
        high=1,
    )
    rework_share: float = knob(
        0.0,
        "Part of the labels that is sent back and done again.",
        title="Labels reworked",
        unit="0 to 1",
        low=0,
        high=1,
    )
    hardness: float = knob(
        1.0,
        "How much longer an item takes that active learning picked: it picks the doubtful ones. 1.0 to 1.3 is usual.",
        title="Hardness of picked items",
        unit="ratio",
        low=1,
        high=3,
    )
    fee_per_label: float = knob(
        0.0,
        "What the labeling tool charges for each labeled item.",
        title="Tool fee per label",
        unit="currency/label",
        low=0,
        high=1e6,
    )
    tool_fee: float = knob(
        0.0,
        "What the labeling tool costs once, whatever is labeled.",
        title="Tool fee",
        unit="currency",
        low=0,
        high=1e12,
    )
    evaluation_labels: int = knob(
        0,
        "Labels beyond the sample that are bought only to measure the model. No strategy saves them.",
        title="Labels for measuring",
        unit="labels",
        low=0,
        high=10_000_000,
    )
    baseline: str = knob(
        "label_everything",
        "What you would do otherwise: what 'better off' is measured against where plans are compared.",
        title="Baseline",
        choices=BASELINES,
    )
    ranges: str = knob(
        "",
        "Amounts you are not sure of, as name=low..high: cost_per_label=0.3..0.9, setup_cost=200..2000. The amount "
        "itself is the likely value.",
        title="Ranges of amounts",
    )
    price_source: str = knob(
        "",
        "Where the cost per label comes from: a typical price by its name (planner prices lists them), or your own "
        "words, such as quote of 3 May. The assumptions log cites it.",
        title="Source of the price",
    )
    currency: str = knob("USD", "Three-letter code of the one currency all amounts are in.", title="Currency")
    locale: str = knob(
        USUAL,
        "How numbers and money are written on screens and in reports; CSV and JSON keep plain numbers.",
        title="How numbers are written",
        choices=LOCALES,
    )
    price_table: str = knob(
        "",
        "Prices that fall with volume, as 0=0.50, 5000=0.40, 20000=0.30; minimum=1000: the first 5,000 labels at 0.50, "
        "the next at 0.40; fewer than 1,000 cost as much as 1,000. Its first price is the cost per label.",
        title="Price table",
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "locale", self.locale.lower().replace("-", "_"))  # en-IN is written so elsewhere
        object.__setattr__(self, "currency", self.currency.strip().upper())
        super().__post_init__()
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isalpha()):
            raise BadSetting(
                f"The currency is '{self.currency}'; name it by its three-letter code, such as EUR for the euro."
            )
        if self.price_table.strip():
            object.__setattr__(self, "cost_per_label", first_price(self.price_table))
        if self.votes_per_label % 2 == 0:
            raise BadSetting(
                f"Votes per label is {self.votes_per_label}; an even number of votes can tie. Choose an odd one."
            )
