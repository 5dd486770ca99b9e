"""How far a forecast can be trusted, in words: back-tests, the shape of the curve, what more rows would tell."""

import numpy as np

from planner import words
from planner.choices.strategies import STRATEGIES
from planner.economics.figures import AMBER, Figures
from planner.forecast.backtest import FAR, Backtest
from planner.forecast.carrying import Forecast
from planner.forecast.learned import WIDER
from planner.forecast.sample_size import rows_needed, rows_until_flatter, sample_sizes
from planner.forecast.shapes import Shape, shape_of

SHAPES = ("flat", "dipping", "peaking")  # doubts about the curve itself
NARROWER = 0.9  # a range that narrows by less is not worth a sentence


def studied(forecast: Forecast) -> str:
    """On how many data sets the ranges were learned; that there is no study, where there is none."""
    if not forecast.measured:
        return ""
    if not forecast.calibrated["random"]:
        return f"No study stands behind these ranges: they are drawn {words.times(WIDER)} times as wide."
    sets = forecast.learned.data_sets
    return f"Ranges were learned on {sets} public data sets, each judged by what the others taught."


def backtest_sentence(test: Backtest) -> str:
    """How a forecast of the sample's own hidden part came out."""
    return (
        f"Forecast from {words.count(test.shown)} labels to {words.count(test.hidden)}: {words.percent(test.p50[-1])}, "
        f"measured {words.percent(test.measured[-1])}. It missed by {words.points(abs(test.miss))} {held(test)}."
        f"{_in_labels(test)}"
    )


def held(test: Backtest) -> str:
    """Whether the range of a back-test held, as the end of a sentence."""
    return "and its range held" if test.held else "and its range did not hold"


def how_far_off(test: Backtest) -> str:
    """By how much a back-test missed, which way, and why that is too much."""
    way = "too high" if test.miss > 0 else "too low"
    why = f"more than {words.points(FAR)}" if test.held else "outside its range"
    return (
        f"From {words.count(test.shown)} labels it was {words.points(abs(test.miss))} {way} at "
        f"{words.count(test.hidden)}, {why}."
    )


def _in_labels(test: Backtest) -> str:
    found = test.in_labels
    if found is None:
        return ""
    name = STRATEGIES[found.strategy].title
    if not np.isfinite(found.p50):
        said = "a number out of reach was forecast"
    else:
        far = words.about(found.p90) if np.isfinite(found.p90) else "out of reach"
        said = f"{words.about(found.p50)} were forecast ({words.between(words.about(found.p10), far)})"
    return f" In labels: {name.lower()} took {words.about(found.measured)} to get that much better, {said}."


def larger_sample(forecast: Forecast) -> str:
    """How narrow the ranges would be with more rows; empty where no larger sample is left to draw."""
    here, *more = sample_sizes(forecast) or (None,)
    if here is None or not more:
        return ""
    shown = f" instead of ±{words.times(100 * here.score)}" if len(forecast.score_all) else ""
    first, *then = (f"{words.count(one.rows)} rows" for one in more)
    said = (
        f"With {first} the range of {forecast.metric_name} with everything labeled would be about "
        f"±{words.points(more[0].score)}{shown}"
    )
    if then:
        said += f", with {then[0]} ±{words.times(100 * more[-1].score)}"
    if forecast.refusal is not None or more[-1].labels > NARROWER * here.labels:
        return f"{said}."
    now, most = words.about(here.labels), [first, *then][-1]
    if more[-1].labels < 1:
        return f"{said}. With {most} there would hardly be a label left to buy; how many to buy is now known to ±{now}."
    return f"{said}. The labels to buy would be known to about ±{words.about(more[-1].labels)} with {most}, now ±{now}."


def more_rows(figures: Figures) -> str:
    """Which size of sample would do where this one was refused, and what it would tell; empty where none is known."""
    needed, forecast = rows_needed(figures.forecast), figures.forecast
    if needed is None and not figures.counts_labels:
        return f"No sample of {words.plural(figures.N, 'item')} in all can: a plan takes more than {words.count(1000)}."
    if needed is None or needed <= figures.n:
        return ""
    more = words.about(needed - figures.n)
    if forecast.refusal == "steep":
        return f"Label about {more} more at random: with those the gain that is left is forecast to be 5 points."
    if forecast.refusal == "not_above_constant":
        return f"By the forecast about {more} more rows would do."
    said = f"Label {words.count(needed - figures.n)} more rows drawn at random, then the plan can be made."
    return " ".join([said, larger_sample(forecast)]).strip()


def would_tell(forecast: Forecast, horizon: float) -> str:
    """How many more rows would bring a red plan within reach of the sample."""
    within = forecast.labeled * horizon / AMBER
    rows = max(within, rows_until_flatter(forecast) if forecast.scores else within) - forecast.labeled
    return f"about {words.about(rows)} more labels would tell"


def what_else(figures: Figures) -> str:
    """What may help a model that learns too slowly, besides more rows."""
    meaning = "text read by its meaning" if "text" in figures.facts.kind else "embeddings as columns"
    return f"Another model, {meaning} or another metric may do with fewer."


def ill_shape(figures: Figures) -> tuple[str, str, str] | None:
    """(code, finding, remedy) of a random curve that falls, peaks or does not move."""
    random = figures.forecast.measured.get("random")
    shape = shape_of(random) if random else None
    if shape is None:
        return None
    if shape.name == "flat":
        meaning = ", text read by its meaning" if "text" in figures.facts.kind else ""
        remedy = f"Try another model, better columns{meaning} or cleaner labels before you buy more of these."
        return shape.name, _flat(shape), remedy
    said = (
        f"More labels made the model worse. From {words.count(shape.start)} to {words.count(shape.end)} the score fell "
        f"by {words.points(-shape.change)}, more than luck explains"
    )
    if shape.name == "dipping":
        return (
            shape.name,
            f"{said}, and it has not come back. The forecast draws such a curve as level.",
            "Try another model: a dip says that this one does not fit the data, and more labels may not help it.",
        )
    return (
        shape.name,
        f"{said}, then came back: a peak of the error, which the forecast does not draw.",
        "Trust the forecast past the peak only, or try logistic regression or extra trees, which seldom peak.",
    )


def _flat(shape: Shape) -> str:
    return (
        f"More labels have hardly helped. From {words.count(shape.start)} to {words.count(shape.end)} random labels "
        f"the score moved by {words.points(abs(shape.change))}, no more than luck explains."
    )
