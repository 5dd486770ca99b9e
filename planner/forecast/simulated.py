"""What a pilot simulated beside the plain replay, in sentences: wrong labels, cold starts, unlabeled rows."""

from collections.abc import Iterator

import numpy as np

from planner import words
from planner.choices.semi_supervised import MOST_UNLABELED, SEMI_SUPERVISED
from planner.choices.strategies import STRATEGIES
from planner.choices.strategies.starts import STARTS
from planner.forecast.carrying import Forecast
from planner.forecast.learned import WIDER
from planner.forecast.replayed import Measured, as_if, measure
from planner.pilot.running import Pilot


def sentences(forecast: Forecast) -> Iterator[str]:
    """What was simulated and what it did to the score, each with its bold heading; none for a plain replay."""
    settings = forecast.pilot.settings
    if not forecast.pilot.traces:
        return
    if settings.annotated:
        yield f"**Labels.** {_annotators(forecast)}"
    if settings.start != "random":
        yield (
            f"**Start.** The first {words.count(settings.first)} labels of every strategy went to: "
            f"{STARTS[settings.start].title.lower()}. Random labeling began at random, as it does in practice."
        )
    if settings.semi_supervised != "none":
        yield f"**Unlabeled rows.** {_unlabeled(forecast)}"


def no_study(forecast: Forecast) -> str:
    """Why no other data set vouches for the ranges of such a pilot, with what the noise did to the score."""
    wide = f"drawn {words.times(WIDER)} times as wide."
    if not forecast.pilot.settings.noisy:
        return f"The model learned from unlabeled rows, so ranges come from this pilot alone, {wide}"
    clean = clean_curves(forecast)
    scores = f": {_both(forecast, clean)}" if clean else ""
    return f"Labels were made wrong on purpose{scores}. Ranges come from this pilot alone, {wide}"


def plain_curves(forecast: Forecast) -> dict[str, Measured]:
    """The same labels with a model that learned from them alone, {} where that is the model or no count can say."""
    return _other(forecast, "plain")


def clean_curves(forecast: Forecast) -> dict[str, Measured]:
    """The scores against the sample's own labels, {} where those were used or where no count can say."""
    return _other(forecast, "confusion_clean")


def classes_seen(pilot: Pilot, strategy: str) -> tuple[np.ndarray, np.ndarray]:
    """(labels, mean number of classes among them) inside the full training pool, (K,) each; (0,) in old files."""
    traces = pilot.traces_of(strategy)
    if not traces or not all(trace.seen.size for trace in traces):
        return np.empty(0), np.empty(0)
    return traces[0].anchors, np.mean([trace.seen for trace in traces], axis=0)


def means_something(pilot: Pilot, strategy: str) -> tuple[np.ndarray, np.ndarray]:
    """(labels, share of runs in which the model's doubt can mean something there), (K,) each.

    It can once every class of the sample was found and the model is right more often than naming the largest class.
    """
    traces = pilot.traces_of(strategy)
    good = []
    for trace in traces:
        rows = trace.confusion.sum(axis=(1, 2))
        right = np.trace(trace.confusion, axis1=1, axis2=2) / rows
        above = right > trace.confusion.sum(axis=2).max(axis=1) / rows
        found = trace.seen >= len(pilot.facts.classes) if trace.seen.size else np.ones(len(rows), dtype=bool)
        good.append(above & found)
    return traces[0].anchors, np.mean(good, axis=0)


def _other(forecast: Forecast, field: str) -> dict[str, Measured]:
    metric, positive = forecast.settings.metric, forecast.settings.positive
    other = as_if(forecast.pilot, field, metric)
    if other is None:
        return {}
    return {name: measure(other, name, metric, positive=positive) for name in forecast.measured}


def _annotators(forecast: Forecast) -> str:
    settings = forecast.pilot.settings
    if settings.confusions.strip():
        errs = f"who err as {settings.confusions.strip()} says"
        errs += f", and otherwise at {words.percent(settings.error_rate)}" if settings.error_rate else ""
    else:
        errs = f"who err at {words.percent(settings.error_rate)}" if settings.error_rate else "who do not err"
    said = f"Annotators {errs} were simulated, in training and in the test."
    clean = clean_curves(forecast)
    if clean and settings.noisy:
        said += f" With the full training pool: {_both(forecast, clean)}."
    return said + _asked(forecast.pilot)


def _both(forecast: Forecast, clean: dict[str, Measured]) -> str:
    """The score as measured and as it is, of all rows of the training pool."""
    measured, real = (words.percent(float(one["random"].mean[-1])) for one in (forecast.measured, clean))
    return f"measured {measured}, {real} against the sample's own labels"


def _asked(pilot: Pilot) -> str:
    """What a label took."""
    settings, said = pilot.settings, ""
    if settings.votes > 1:
        paid = np.mean([trace.votes[-1] / trace.anchors[-1] for trace in pilot.traces if trace.votes.size])
        stop = ", stopped once decided" if settings.early_stop else ""
        said += (
            f" Each label was the majority of {settings.votes} votes{stop}: {words.decimal(paid, 2)} votes a label. "
            "The cost per label is for all of them."
        )
    if settings.relabel:
        said += (
            f" Up to {words.percent(settings.relabel, 0)} of each batch's labels went to asking again about doubted "
            "rows, and count as labels; random labeling asked once."
        )
    return said


def _unlabeled(forecast: Forecast) -> str:
    method = SEMI_SUPERVISED[forecast.pilot.settings.semi_supervised].title.lower()
    said = f"The model also learned from up to {words.count(MOST_UNLABELED)} rows without a label, by {method}."
    plain = plain_curves(forecast)
    ahead = []
    for name, alone in plain.items():
        gain = float((forecast.measured[name].mean - alone.mean).mean())
        ahead.append(f"{STRATEGIES[name].title.lower()} {words.points(abs(gain))} {'ahead' if gain >= 0 else 'behind'}")
    return (
        f"{said} On average over the replay, beside the same labels alone: {words.listing(ahead)}." if ahead else said
    )
