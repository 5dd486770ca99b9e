"""What annotators' errors do to a plan: how good its labels are, how many votes teach most, what the score hides."""

from dataclasses import dataclass

import numpy as np

from planner import words
from planner.economics.costs import votes_paid
from planner.economics.figures import Figures
from planner.economics.quality import best_votes, corrected_score, expected_votes, majority_quality
from planner.errors import BadSetting

FREE = 1e9  # votes: what finding an item costs, where a vote costs nothing and the item does


@dataclass(frozen=True)
class Votes:
    """So many votes a label."""

    number: int
    paid: float  # on average
    right: float  # share of labels that the majority gets right
    worth: float  # right labels that teach as much as one of them


@dataclass(frozen=True)
class Voting:
    """The votes of a plan beside the number that teaches most for the money, and the score behind the measured one."""

    error: float  # of one person
    typed: Votes
    best: Votes
    measured: float | None  # the score today, 0-1; None where it is not accuracy, or not known
    corrected: float | None  # what it stands for, if the test rows were labeled as the typed votes are
    why: str = ""  # why it cannot be corrected


def voting(figures: Figures) -> Voting | None:
    """What the typed error of one person comes to; None where none was typed."""
    asked = figures.assumptions
    if asked.annotator_error == 0:
        return None
    quality, typed = 1 - asked.annotator_error, asked.votes_per_label
    each = asked.cost_per_label * (1 + asked.review_share + asked.rework_share)
    item = asked.fee_per_label / each if each else FREE * (asked.fee_per_label > 0)
    best = best_votes(quality, item)
    paid = (votes_paid(asked), expected_votes(best, quality) if asked.votes_stop_early else float(best))
    measured, corrected, why = _behind(figures, 1 - majority_quality(typed, quality))
    return Voting(
        asked.annotator_error,
        _votes(typed, paid[0], quality),
        _votes(best, paid[1], quality),
        measured,
        corrected,
        why,
    )


def _votes(number: int, paid: float, quality: float) -> Votes:
    right = majority_quality(number, quality)
    return Votes(number, paid, right, (2 * right - 1) ** 2)


def _behind(figures: Figures, wrong: float) -> tuple[float | None, float | None, str]:
    """(the score today, the one it stands for when so many test labels are wrong, why not)."""
    if figures.forecast.settings.metric != "accuracy" or not len(figures.forecast.score_now):
        return None, None, "Only a measured accuracy can be corrected for wrong test labels."
    now = float(np.median(figures.forecast.score_now))
    try:
        corrected = corrected_score(now, wrong, len(figures.facts.classes))
    except BadSetting as hidden:
        return now, None, str(hidden)
    if now > 1 - wrong:  # even a model that is always right would show less
        shown, share = words.percent(now), words.percent(wrong, 0)
        why = f"The measured {shown} is more than test labels that are wrong in {share} can show"
        return now, None, f"{why}, so the sample was labeled better than that."
    return now, corrected, ""
