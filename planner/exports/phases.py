"""The roadmap of the next weeks: assess, pilot, scale, integrate."""

from dataclasses import dataclass

from planner import words
from planner.plan.deciding import Plan

# How long each takes where nobody said how fast labels come. Source: the published roadmaps of labeling programs.
USUAL = {
    "Assess": "usually weeks 1 and 2",
    "Pilot": "usually weeks 3 to 8",
    "Scale": "usually months 3 to 6",
    "Integrate": "usually months 6 to 12",
}


@dataclass(frozen=True)
class Phase:
    """One part of the way, when it comes and what is done."""

    name: str
    when: str
    what: str


def phases(plan: Plan) -> tuple[Phase, ...]:
    """What comes next, for every verdict."""
    if plan.buy is None:
        return _not_yet(plan)
    if plan.buy == 0:
        return _nothing_bought(plan)
    return _bought(plan)


def _not_yet(plan: Plan) -> tuple[Phase, ...]:
    remedy = plan.doubts[0].remedy if plan.doubts else "Label more rows drawn at random."
    return (
        Phase("Assess", f"now, {USUAL['Assess']}", f"The sample cannot carry an answer yet. {remedy}"),
        Phase(
            "Pilot", "then", "Run the planner again on the larger sample: it replays labeling on labels already paid."
        ),
        Phase("Scale", "then", "Buy labels only when it can say how many."),
        Phase("Integrate", "last", "Put the model to work, and watch its score on rows drawn at random."),
    )


def _nothing_bought(plan: Plan) -> tuple[Phase, ...]:
    labeled = words.count(plan.valuation.forecast.labeled)
    return (
        Phase(
            "Assess", "now", f"Done: the {labeled} labels there are were replayed, and more are not worth their price."
        ),
        Phase("Pilot", "next", f"Train on all {labeled} labels and try the model on live items."),
        Phase("Scale", "then", "Widen its use. No further labels are bought."),
        Phase("Integrate", "from then on", WATCH),
    )


WATCH = "Watch the score on rows drawn at random; run the planner again when prices, classes or data change."


def _bought(plan: Plan) -> tuple[Phase, ...]:
    currency, rounds = plan.valuation.assumptions.currency, plan.schedule.rounds
    first = rounds[0]
    score = first.score
    expected = ""
    if score.p10 is not None and score.p50 is not None:
        expected = (
            f" The score should then be about {words.percent(score.p50)}; below {words.percent(score.p10)}, stop and "
            "forecast again."
        )
    labels = words.count(first.labels) if plan.code == "label_all" else f"about {words.about(first.labels)}"
    rest = words.listing([words.about(one.labels) for one in rounds[1:]])
    further = (
        f"Buy the further rounds ({rest} labels), each only while the stopping rule allows. {_rule(plan)}"
        if rest
        else f"All is bought in one round. {_rule(plan)}"
    )
    return (
        Phase("Assess", "now", f"Done on your own labels. Settle these doubts first: {_doubts(plan)}."),
        Phase(
            "Pilot", _when(0.0, first.ends, USUAL["Pilot"]),
            f"Buy {labels} labels for {words.money(first.cost, currency)}.{expected}",
        ),
        Phase("Scale", _when(first.ends, plan.schedule.weeks, USUAL["Scale"]) if rest else "then", further),
        Phase("Integrate", _after(plan.schedule.weeks), f"Train on all labels, release, retrain. {WATCH}"),
    )  # fmt: skip


def _rule(plan: Plan) -> str:
    return plan.stopping.replace("**", "")


def _doubts(plan: Plan) -> str:
    heads = [doubt.finding.split(". ")[0] for doubt in plan.doubts[:2]]
    return words.listing([head[:1].lower() + head[1:] for head in heads]) or "none stands out"


def _when(starts: float | None, ends: float | None, otherwise: str) -> str:
    if starts is None or ends is None:
        return otherwise
    return f"weeks {words.times(starts)} to {words.times(ends)}"


def _after(weeks: float | None) -> str:
    return USUAL["Integrate"] if weeks is None else f"from week {words.times(weeks)} on"
