"""What annotators' errors do to the plan, in words."""

from planner import words
from planner.economics.figures import Figures
from planner.economics.voting import Votes, Voting, voting
from planner.plan.deciding import Plan


def votes_sentence(plan: Plan) -> str:
    """How good the labels are, how many votes teach most, and what the score hides; empty where nobody errs."""
    found = voting(Figures(plan.valuation))
    return "" if found is None else f"{_labels(found)} {_advice(found)} {_hidden(found)}".strip()


def _labels(found: Voting) -> str:
    error = words.percent(found.error, 0)
    return (
        f"**Votes.** If one person's label is wrong in {error}, {_named(found.typed)} a right one in "
        f"{words.percent(found.typed.right)}, and 100 such labels teach about as much as "
        f"{words.count(100 * found.typed.worth)} right ones."
    )


def _named(votes: Votes) -> str:
    paid = "" if abs(votes.paid - votes.number) < 0.05 else f" ({words.decimal(votes.paid, 1)} paid on average)"
    return f"{words.plural(votes.number, 'vote')}{paid} {'gives' if votes.number == 1 else 'give'}"


def _advice(found: Voting) -> str:
    if found.best.number == found.typed.number:
        return "No other number of votes teaches more for the money."
    best = _named(found.best).rsplit(" ", 1)[0]
    return (
        f"**{best}** would teach most for the money: {words.percent(found.best.right)} right, and 100 labels worth "
        f"{words.count(100 * found.best.worth)}."
    )


def _hidden(found: Voting) -> str:
    if found.measured is None:
        return ""
    if found.corrected is None:
        return found.why
    measured, true = words.percent(found.measured), words.percent(found.corrected)
    if measured == true:
        return ""
    return (
        "Wrong test labels hide part of the score: if the sample was labeled the same way, the measured "
        f"{measured} stands for about {true}."
    )
