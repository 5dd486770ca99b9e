"""The verdict: tried in a fixed order, the first that holds is said, each with its own sentence."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner import words
from planner.choices.values import VALUES
from planner.economics.costs import weeks_for
from planner.economics.figures import FEWEST_ITEMS, REDUNDANT, Figures
from planner.forecast.sample_size import rows_needed
from planner.plan.reasons import UNLIKELY, against, balance, break_even, how, metric_name
from planner.plan.trust import more_rows, what_else

SURE = 0.8  # chance from which choosing is said to pay


@dataclass(frozen=True)
class Verdict:
    """What to do, in words, and the purchase it stands for."""

    code: str  # "label_all" | "refused" | "enough" | "does_not_pay" | "active" | "stop_early"
    sentence: str  # the h1 of the first screen, without a full stop
    lead: str  # the amounts that decide
    option: str | None  # the option to take: "stop_at_sample", "label_everything", "random", a strategy; None: refused
    rule: str = ""  # which rule fired, where one did


Judge = Callable[[Figures], Verdict | None]
JUDGES: list[Judge] = []


def pronounce(figures: Figures) -> Verdict:
    """The first verdict that holds."""
    found = (judge(figures) for judge in JUDGES)
    return next(verdict for verdict in found if verdict)


@JUDGES.append
def label_all_by_rule(figures: Figures) -> Verdict | None:
    """Label everything where no forecast is needed to say so."""
    asked, cost = figures.assumptions, words.money(figures.cost_left, figures.assumptions.currency)
    if figures.left == 0:
        return _everything("Everything is labeled already", "There is nothing left to buy.", "nothing_left")
    sentence = _all_of(figures)
    if asked.label_all:
        lead = f"You said that everything must be labeled. That costs {cost}.{_beyond(figures)}"
        return _everything(sentence, lead, "label_all")
    if figures.N < FEWEST_ITEMS:
        lead = (
            f"With {words.count(figures.N)} items in all, labeling the rest costs {cost}; "
            f"choosing among so few cannot earn back its effort.{_beyond(figures)}"
        )
        return _everything(sentence, lead, "small_pool")
    return _nearly_free(figures, sentence) if figures.everything_allowed else None


def _nearly_free(figures: Figures, sentence: str) -> Verdict | None:
    """Label everything where it costs next to nothing: less than a point is worth, or than setting up to choose."""
    asked = figures.assumptions
    cost = words.money(figures.cost_left, asked.currency)
    if figures.cost_left == 0:
        return _everything(sentence, "The labels cost nothing, so there is nothing to save.", "nearly_free")
    smooth = VALUES[asked.value_model].facts["smooth"]  # otherwise the next point says nothing of the one after
    if figures.point is not None and smooth and figures.cost_left < figures.point:
        worth = words.money(figures.point, asked.currency)
        lead = f"Labeling the rest costs {cost}. One point of {metric_name(figures)} alone is worth {worth} to you."
        return _everything(sentence, lead, "nearly_free")
    if figures.cost_left < asked.setup_cost:
        setup = words.money(asked.setup_cost, asked.currency, None)
        lead = f"Labeling the rest costs {cost}. The setup cost of active learning alone, {setup}, is more than that."
        return _everything(sentence, f"{lead}{_what_it_adds(figures)}", "nearly_free")
    return None


def _what_it_adds(figures: Figures) -> str:
    """What everything labeled is expected to add and whether that is worth its cost; empty where nobody can say."""
    if figures.point is None or figures.forecast.refusal is not None or not len(figures.forecast.score_all):
        return ""
    gain = words.points(float(figures.gain_of_everything.mean()))
    worth = words.money(figures.value_of_everything, figures.assumptions.currency)
    less = ", less than they cost" if figures.worth_of_everything < 0 else ""
    return f" The {gain} of {metric_name(figures)} it is expected to add are worth {worth}{less}."


def _beyond(figures: Figures) -> str:
    """By how much labeling everything breaks the budget cap and the deadline; empty where it keeps to both."""
    asked, weeks = figures.assumptions, weeks_for(figures.assumptions, figures.left, 1, False)
    said = ""
    if asked.budget is not None and figures.cost_left > asked.budget:
        more = words.money(figures.cost_left - asked.budget, asked.currency)
        said = f" That is {more} more than the budget cap of {words.money(asked.budget, asked.currency, None)}."
    if asked.deadline is not None and weeks is not None and weeks > asked.deadline:
        said += f" It takes {words.times(weeks)} weeks; the deadline is in {words.times(asked.deadline)}."
    return said


def _everything(sentence: str, lead: str, rule: str) -> Verdict:
    return Verdict("label_all", sentence, lead, "label_everything", rule)


@JUDGES.append
def refused(figures: Figures) -> Verdict | None:
    """The sample cannot carry a forecast; what would help."""
    refusal = figures.forecast.refusal
    if refusal is None:
        return None
    n, metric = figures.n, metric_name(figures)
    if refusal in ("too_few", "curves_only", "no_label_counts"):
        why = {
            "too_few": f"With {words.plural(n, 'labeled row')} even the score of today cannot be measured.",
            "curves_only": f"With {words.plural(n, 'labeled row')} the curve can be measured, not carried further.",
            "no_label_counts": f"{words.plural(n, 'labeled row')} carry a score, not a number of labels to buy.",
        }[refusal]
        lead = f"{why} {more_rows(figures)}"
        return _refused(figures, "The sample is too small to plan with", lead)
    if refusal == "unseen_class":
        missing = words.listing([f"'{name}'" for name in figures.facts.unseen])
        lead = (
            f"No labeled row is of class {missing}, so no curve holds for it. Label rows until every class of the task "
            "has at least 5, or leave it out of the task."
        )
        return _refused(figures, "A class of the task is missing from the sample", lead)
    if refusal == "steep":
        gain = float(np.median(figures.gain_of_everything))
        lead = (
            f"The {metric} is forecast to rise by {words.points(gain)} or more, too steep to say where it ends. "
            f"{more_rows(figures)} {what_else(figures)}"
        )
        needed = words.about((rows_needed(figures.forecast) or figures.N) - n)
        sentence = f"Too far to say: about {needed} more labels would tell"
        return _refused(figures, sentence, lead)
    lead = (
        f"The model is not 5 points of {metric} better than always naming the largest class. "
        f"Add columns that tell the classes apart. {what_else(figures)} {more_rows(figures)}".rstrip()
    )
    return _refused(figures, "The model has not learned enough to plan with", lead)


def _refused(figures: Figures, sentence: str, lead: str) -> Verdict:
    """The words of a refusal, with the two numbers that are always there."""
    known = []
    if len(figures.forecast.score_now):
        low, middle, high = (words.percent(q) for q in np.quantile(figures.forecast.score_now, [0.1, 0.5, 0.9]))
        known.append(f"Measured today: {middle} {metric_name(figures)} ({words.between(low, high)}).")
    cost = words.money(figures.cost_left, figures.assumptions.currency)
    known.append(f"Labeling everything would cost {cost}.")
    return Verdict("refused", sentence, " ".join([lead, *known]), None, str(figures.forecast.refusal))


@JUDGES.append
def enough(figures: Figures) -> Verdict | None:
    """No purchase is expected to earn back its cost."""
    options = [name for name in ("random", figures.active) if name in figures.valuation.best]
    if not options:
        return _out_of_reach(figures)
    if figures.point is None:
        middles = [figures.to_target(name).p50 for name in options]
        if all(middle is None or middle >= 0.5 for middle in middles):
            return None
        target = words.percent(figures.target or 0.0)
        lead = f"Half of the forecasts have reached {target} {metric_name(figures)} with the labels you have already."
        return Verdict("enough", _stop_here(figures), lead, "stop_at_sample", "within_target")
    if max([*(figures.worth(name) for name in options), figures.worth_of_everything]) > 0:
        return None
    gain = words.points(float(figures.next_gain.mean()))
    batch, cost = words.about(figures.next_batch), words.money(figures.next_cost, figures.assumptions.currency)
    lead = f"The next {batch} labels would cost {cost} and are expected to add {gain} of {metric_name(figures)}."
    if figures.break_even is not None:
        lead += f" {break_even(figures)}"
    return Verdict("enough", _stop_here(figures), lead, "stop_at_sample", "no_value_left")


def _stop_here(figures: Figures) -> str:
    return f"Stop here: your {words.count(figures.n)} labels are enough"


def _out_of_reach(figures: Figures) -> Verdict:
    asked = figures.assumptions
    if asked.budget is not None:
        cap = words.money(asked.budget, asked.currency, None)
        lead = f"The budget cap of {cap} buys no further label, so the plan is to stop at the sample."
        return Verdict("enough", _stop_here(figures), lead, "stop_at_sample", "no_budget")
    lead = "No label can be there before the deadline, so the plan is to stop at the sample."
    return Verdict("enough", _stop_here(figures), lead, "stop_at_sample", "no_time")


@JUDGES.append
def label_all(figures: Figures) -> Verdict | None:
    """Labeling everything has the highest expected net value."""
    best = max(figures.worth(figures.active), figures.worth("random"))
    whole = figures.worth("random") >= best and figures.best("random") >= 0.98 * figures.left
    if not figures.everything_allowed or not (figures.worth_of_everything >= best or whole):
        return None
    cost = words.money(figures.cost_left, figures.assumptions.currency)
    if figures.assumptions.target is not None and figures.to_target("random").p50 is None:
        share = words.percent(figures.target_chance("random"), 0)
        wanted = words.percent(figures.assumptions.target)
        lead = f"Labeling the rest costs {cost}. Even then {wanted} is reached in only {share} of the forecasts."
        return _everything(_all_of(figures), lead, "target_out_of_reach")
    lead = f"Labeling the rest costs {cost}. No smaller purchase is expected to leave you better off"
    if figures.point is not None:
        gain = float(figures.gain_of_everything.mean())
        worth = words.money(figures.value_of_everything, figures.assumptions.currency)
        lead += f": the {words.points(gain)} of {metric_name(figures)} it is expected to add are worth {worth}"
    return _everything(_all_of(figures), lead + ".", "")


def _all_of(figures: Figures) -> str:
    return f"Label everything: all {words.count(figures.left)} items that are left"


@JUDGES.append
def does_not_pay(figures: Figures) -> Verdict | None:
    """Random labeling is expected to do better, or a rule speaks against choosing."""
    chance = figures.chance_against_random
    rule = _rule_against(figures)
    better_at_random = figures.worth("random") > figures.worth(figures.active)
    if not rule and chance is not None and chance >= UNLIKELY and not better_at_random:
        return None
    x = figures.best("random") if figures.worth("random") > 0 or figures.point is None else 0.0
    buy = f"buy about {words.about(x)} more at random" if x else "stop at the labels you have"
    option = "random" if x else "stop_at_sample"
    return Verdict("does_not_pay", f"Active learning does not pay here: {buy}", against(figures, rule), option, rule)


def _rule_against(figures: Figures) -> str:
    """The rule that rules active learning out whatever it saves: "redundant", "deadline" or none."""
    if figures.facts.near_duplicates > REDUNDANT:
        return "redundant"
    deadline, weeks = figures.assumptions.deadline, figures.weeks_in_rounds
    late = deadline is not None and weeks is not None and weeks > deadline
    return "deadline" if late and figures.everything_allowed else ""


@JUDGES.append
def active(figures: Figures) -> Verdict | None:
    """Choosing beats random labeling in at least 8 of 10 draws."""
    if (figures.chance_against_random or 0.0) < SURE:
        return None
    x = figures.best(figures.active)
    lead = f"{how(figures, str(figures.active), x)} {balance(figures, str(figures.active))}"
    test = figures.backtest
    if test is None or not test.missed:
        return Verdict("active", f"Buy about {words.about(x)} more labels, then stop", lead, figures.active)
    sentence = (
        f"Buy about {words.about(x)} more labels, then stop; the back-test missed by {words.points(abs(test.miss))}"
    )
    return Verdict("stop_early", sentence, lead, figures.active, "backtest_missed")


@JUDGES.append
def stop_early(figures: Figures) -> Verdict:
    """In between: how many labels is known, how to pick them is not."""
    x = figures.best("random")
    sentence = f"Buy about {words.about(x)} more labels, then stop; how to pick them cannot be told yet"
    chance = words.percent(figures.chance_against_random or 0.0, 0)
    lead = (
        f"Choosing beats random labeling to the same score in {chance} of the forecasts. {balance(figures, 'random')}"
    )
    return Verdict("stop_early", sentence, lead, "random")
