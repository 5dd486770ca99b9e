"""When not to use active learning: each known case, whether it is yours, and the figure that decided it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner import words
from planner.economics.costs import labels_in_week, round_cost, weeks_for
from planner.economics.figures import FEWEST_ITEMS, REDUNDANT, Figures
from planner.forecast.replayed import constant_score


@dataclass(frozen=True)
class Case:
    """One case in which labels are better not chosen."""

    code: str
    title: str
    applies: bool
    figure: str  # the numbers of this sample and these prices that decided it, in a sentence


Judge = Callable[[Figures], tuple[bool, str]]
CASES: dict[str, tuple[str, Judge]] = {}


def cases(figures: Figures) -> tuple[Case, ...]:
    """Every case, those that apply first."""
    found = (Case(code, title, *judge(figures)) for code, (title, judge) in CASES.items())
    return tuple(sorted(found, key=lambda case: not case.applies))


def _case(code: str, title: str) -> Callable[[Judge], Judge]:
    def put(judge: Judge) -> Judge:
        CASES[code] = (title, judge)
        return judge

    return put


@_case("few_items", "A few hundred items")
def few_items(figures: Figures) -> tuple[bool, str]:
    """Labeling all of them costs less than planning."""
    cost = _money(figures, figures.cost_left)
    said = f"There are {words.plural(figures.N, 'item')}; labeling the {words.count(figures.left)} left costs {cost}."
    return figures.N < FEWEST_ITEMS, said


@_case("nearly_free", "Labels nearly free")
def nearly_free(figures: Figures) -> tuple[bool, str]:
    """Everything left costs less than one point is worth, or than the setup."""
    cost, setup = figures.cost_left, figures.assumptions.setup_cost
    if figures.left == 0:
        return True, "Nothing is left to label."
    free = cost == 0 or cost < setup or (figures.point is not None and cost < figures.point)
    beside = [f"setup costs {_money(figures, setup)}"]
    if figures.point is not None:
        beside.append(f"one point is worth {_money(figures, figures.point)}")
    return free, f"Labeling the rest costs {_money(figures, cost)}; {words.listing(beside)}."


@_case("all_by_rule", "A rule that everything must be labeled")
def all_by_rule(figures: Figures) -> tuple[bool, str]:
    """There is nothing to choose."""
    required = figures.assumptions.label_all
    return required, f"You said that {'everything' if required else 'not everything'} must be labeled."


@_case("redundant", "Data that repeat themselves")
def redundant(figures: Figures) -> tuple[bool, str]:
    """A strategy buys the same item again."""
    share = figures.facts.near_duplicates
    said = f"{words.percent(share, 0)} of the labeled rows have a near-duplicate; from {words.percent(REDUNDANT, 0)} on"
    return share > REDUNDANT, f"{said} it counts."


@_case("deadline", "A tight deadline, and people who can label side by side")
def deadline(figures: Figures) -> tuple[bool, str]:
    """Rounds wait for one another; labeling everything does not."""
    asked = figures.assumptions
    if asked.deadline is None:
        return False, "No deadline was given."
    whole = weeks_for(asked, figures.left, 1, False)
    if labels_in_week(asked) is None or whole is None:
        return False, "Nobody said how many labels a week come in, so the deadline cannot be held against them."
    rounds = figures.weeks_in_rounds
    said = f"The deadline is in {_weeks(asked.deadline)}; labeling everything takes {_weeks(whole)}"
    if rounds is None:
        return False, f"{said}."
    late = rounds > asked.deadline and figures.everything_allowed
    return late, f"{said}, choosing in rounds {_weeks(rounds)}."


@_case("waiting", "Waiting that costs more than choosing saves")
def waiting(figures: Figures) -> tuple[bool, str]:
    """Rounds come one after the other, and every week has its price."""
    asked = figures.assumptions
    if not asked.value_per_week:
        return False, "No value of a week was given."
    if labels_in_week(asked) is None:
        return False, "Nobody said how many labels a week come in, so waiting cannot be priced."
    if unknown := _unknown(figures):
        return False, unknown
    saved = float(np.median(figures.choosing))
    longer = saved - float(np.median(figures.choosing_and_waiting))
    more = f"{_money(figures, abs(longer))} {'more' if longer >= 0 else 'less'}"
    said = f"Choosing saves {_money(figures, saved)} against random to the same score, and waiting costs {more}."
    return 0 < saved <= longer, said


@_case("setup", "Setup and rounds that eat the saving")
def setup(figures: Figures) -> tuple[bool, str]:
    """What choosing costs beyond its labels is more than it saves, or leaves less than random labeling does."""
    if unknown := _unknown(figures):
        return False, unknown
    name, asked = str(figures.active), figures.assumptions
    spent = asked.setup_cost + figures.rounds(name) * round_cost(asked)
    saved = float(np.median(figures.choosing)) + spent
    own, random = figures.worth(name), figures.worth("random")
    said = (
        f"Choosing saves {_money(figures, saved)} of labels at the same score; setup and rounds cost "
        f"{_money(figures, spent)}."
    )
    if random > own and saved > spent:
        what = "leaves" if figures.point is not None else "spares"
        said += f" Even so the best purchase at random {what} {_money(figures, random - own)} more."
    return spent > 0 and (saved <= spent or random > own), said


@_case("no_better", "Chosen labels that teach no more than random ones")
def no_better(figures: Figures) -> tuple[bool, str]:
    """One chosen label is worth no more than the longer work on it."""
    if figures.forecast.refusal is not None:
        return False, _unknown(figures)
    if not len(figures.exchange):
        tried = len(figures.forecast.pilot.settings.all_strategies) > 1 and bool(figures.forecast.measured)
        return tried, "In the pilot no strategy was measurably ahead." if tried else "No strategy was replayed."
    worth, work = float(np.median(figures.exchange)), figures.assumptions.hardness
    longer = "no longer" if work == 1 else f"{words.times(work)} times as long"
    return worth <= work, f"One chosen label is worth about {words.times(worth)} random ones and takes {longer}."


@_case("cold", "A model that has not learned enough to know what it doubts")
def cold(figures: Figures) -> tuple[bool, str]:
    """Below 5 points over the constant answer its doubts mean nothing."""
    forecast = figures.forecast
    if not forecast.measured:
        return False, "The sample is too small to train a model."
    constant = constant_score(forecast.pilot, forecast.settings.metric, forecast.settings.positive)
    now = float(forecast.measured["random"].mean[-1])
    said = f"Its {forecast.metric_name} is {words.percent(now)}; always naming the largest class has"
    return forecast.refusal == "not_above_constant", f"{said} {words.percent(constant)}."


def _unknown(figures: Figures) -> str:
    """Why choosing cannot be held against random labeling; empty where it can."""
    if figures.forecast.refusal is not None:
        return "The sample cannot say how many labels choosing would save."
    return "" if len(figures.choosing) else "No strategy is compared with random labeling here."


def _money(figures: Figures, value: float) -> str:
    return words.money(value, figures.assumptions.currency)


def _weeks(value: float) -> str:
    return f"{words.times(value)} {'week' if words.times(value) == '1' else 'weeks'}"
