"""The calendar of a purchase: what each round buys, when it starts and ends, what it costs, the score expected then."""

from dataclasses import dataclass

import numpy as np

from planner.choices.strategies import STRATEGIES
from planner.economics.batches import first_order, order_sizes
from planner.economics.costs import fixed_cost, labels_cost, labels_in_week, round_cost
from planner.economics.evaluating import Interval, quantiles
from planner.economics.figures import Figures

NO_PACE = "Give the labels a week, or people, items an hour and hours a week, to see when each round ends."
NOTHING_BOUGHT = "Nothing is bought, so there is no calendar."
NOT_SAID = "The sample cannot say how many labels to buy, so there is no calendar."


@dataclass(frozen=True)
class Round:
    """One round: labels are picked, handed out and labeled, and the model is trained again."""

    number: int  # from 1
    labels: int  # to buy in it
    labels_in_all: float  # training labels when it ends
    starts: float | None  # weeks from today to when labeling starts, the wait for picking before it
    ends: float | None
    cost: float  # currency: its labels and its round cost; the first pays setup, tool and labels for measuring too
    score: Interval  # expected when it ends


@dataclass(frozen=True)
class Schedule:
    """The rounds of the recommended purchase."""

    rounds: tuple[Round, ...] = ()
    first: float | None = None  # labels that the first of several orders is held to; None where none is needed
    why: str = NOTHING_BOUGHT  # why there are no rounds, or no weeks; empty where there are both

    @property
    def weeks(self) -> float | None:
        """Weeks until the last label is there."""
        return self.rounds[-1].ends if self.rounds else None


def schedule(figures: Figures, option: str | None) -> Schedule:
    """The rounds of the recommended option: a strategy, label everything, or nothing."""
    if option is None:
        return Schedule(why=NOT_SAID)
    everything = option == "label_everything"
    if option == "stop_at_sample" or not (everything or figures.best(option) > 0):
        return Schedule()
    name = "random" if everything else option
    adaptive = bool(STRATEGIES[name].facts["adaptive"])
    purchase = float(figures.left) if everything else figures.best(name)
    need = first_order(figures, name) if adaptive else purchase
    sizes = order_sizes(figures.n, purchase, figures.rounds(name) if adaptive else 1, need)
    rounds = _rounds(figures, name, sizes)
    why = NO_PACE if labels_in_week(figures.assumptions) is None else ""
    return Schedule(rounds, need if adaptive and np.isfinite(need) else None, why)


def _rounds(figures: Figures, name: str, sizes: tuple[int, ...]) -> tuple[Round, ...]:
    asked, adaptive = figures.assumptions, bool(STRATEGIES[name].facts["adaptive"])
    pace = labels_in_week(asked, adaptive)
    wait, each = (asked.weeks_per_round, round_cost(asked)) if adaptive else (0.0, 0.0)
    once = fixed_cost(asked) + (asked.setup_cost if adaptive else 0.0)
    found, bought, now = [], 0, 0.0
    for number, labels in enumerate(sizes, start=1):
        before, bought = bought, bought + labels
        starts, ends = (None, None) if pace is None else (now + wait, now + wait + labels / pace)
        paid = float(labels_cost(asked, bought, adaptive) - labels_cost(asked, before, adaptive))
        cost = paid + each + (once if number == 1 else 0.0)
        found.append(Round(number, labels, figures.n + bought, starts, ends, cost, _score(figures, name, bought)))
        now = ends or 0.0
    return tuple(found)


def _score(figures: Figures, name: str, bought: float) -> Interval:
    if name not in figures.forecast.scores:
        return Interval(None, None, None, "The sample is too small to forecast a score.")
    return quantiles(figures.forecast.scores[name][:, 0] + figures.gain(name, bought))
