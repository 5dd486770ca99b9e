"""How far the value of a better score can be trusted, in words: not given, or resting on what nobody measured."""

from planner import words
from planner.choices.values import VALUES
from planner.economics.figures import Figures
from planner.economics.ranges import ranges_of
from planner.economics.worth import unvalued

Found = tuple[str, str, str]  # code, finding, remedy


def doubt_of_value(figures: Figures) -> Found | None:
    """The reason to doubt what a better score is worth, if there is one; none where nothing is forecast."""
    if figures.forecast.refusal is not None:
        return None
    if figures.point is None:
        return _not_known(figures)
    if figures.assumptions.value_model == "conversion":
        return _guessed(figures)
    return _mix(figures) if VALUES[figures.assumptions.value_model].facts["rates"] else None


def _not_known(figures: Figures) -> Found | None:
    if figures.target is None:
        return None
    asked = figures.assumptions
    first = asked.value_model == "per_point"
    return (
        "no_value",
        f"What a point is worth is not known. The plan aims at {words.percent(figures.target)}, whatever the last "
        f"labels on the way cost.{'' if first else f' {unvalued(asked)}'}",
        f"Give {'a value per point' if first else 'what is missing'}; the plan then buys as long as labels earn more "
        "than they cost.",
    )


def _guessed(figures: Figures) -> Found:
    """A conversion rate is nobody's measurement until customers were asked."""
    asked = figures.assumptions
    span = ranges_of(asked).get("conversion_per_point")
    typed = words.number(asked.conversion_per_point or 0.0)
    each = f"{typed} points of conversion for a point of {figures.forecast.metric_name}"
    known = "without a range" if span is None else f"from {words.number(span[0])} to {words.number(span[1])}"
    return (
        "conversion_guess",
        f"How the score moves customers is a guess. You said {each}, {known}; no sample of labels can show it, and all "
        "the value hangs on it.",
        "Show two models of different scores to customers, or give it a range that begins at 0.",
    )


def _mix(figures: Figures) -> Found:
    """Which mistakes are made is measured to the end of the pilot's pool and assumed beyond it."""
    labels = words.count(float(figures.forecast.measured["random"].labels[-1]))
    automated = figures.assumptions.value_model == "automation"
    what = "how sure the model is" if automated else "the mix of mistakes"
    return (
        "mix_assumed",
        f"{what[0].upper()}{what[1:]} is assumed past the pilot. It was measured up to {labels} labels; beyond, "
        f"{'items below the bar are' if automated else 'every kind of mistake is'} taken to become rarer at the same "
        "pace.",
        "Buy in rounds, and run the pilot again with the labels of the first: it measures further.",
    )
