"""The numbers behind the charts of what was measured, as tables."""

from collections.abc import Iterable

import numpy as np

from planner import words
from planner.blocks import EMPTY, Table
from planner.choices.metrics import METRICS, Outcome
from planner.choices.strategies import STRATEGIES
from planner.forecast.backtest import Backtest
from planner.forecast.carrying import Forecast
from planner.forecast.monitored import Monitored
from planner.forecast.simulated import classes_seen
from planner.pilot.replay import Trace
from planner.pilot.running import Pilot
from planner.sample.reading import Facts

LABELS = "Labels"


def replay_table(forecast: Forecast) -> Table:
    """The mean score of each strategy at every number of labels, with its 8 in 10 range."""
    columns = [LABELS]
    for name in forecast.measured:
        columns += [STRATEGIES[name].title, f"{STRATEGIES[name].title}, 8 in 10"]
    rows = []
    for place, labels in enumerate(next(iter(forecast.measured.values())).labels):
        cells = [words.count(labels)]
        for one in forecast.measured.values():
            low, high = (words.percent(float(edge[place])) for edge in (one.low, one.high))
            cells += [words.percent(float(one.mean[place])), words.between(low, high)]
        rows.append(tuple(cells))
    return Table("The replay on the sample", tuple(columns), tuple(rows), figures=True)


def repeats_table(forecast: Forecast, strategy: str) -> Table:
    """The score of every repeat of random labeling and of one strategy."""
    names = dict.fromkeys(("random", strategy))
    repeats = [(name, k) for name in names for k in range(len(forecast.measured[name].repeats))]
    columns = (LABELS, *(f"{STRATEGIES[name].title}, repeat {k + 1}" for name, k in repeats))
    rows = (
        (words.count(labels), *(words.percent(float(forecast.measured[name].repeats[k][at])) for name, k in repeats))
        for at, labels in enumerate(forecast.measured["random"].labels)
    )
    return Table("Every repeat of the replay", columns, tuple(rows), figures=True)


def backtest_table(test: Backtest) -> Table:
    """What was forecast of the hidden labels, and what was measured there."""
    rows = tuple(
        (words.count(labels), words.percent(middle), words.between(words.percent(low), words.percent(high)),
         words.percent(measured))
        for labels, low, middle, high, measured in zip(
            test.labels, test.p5, test.p50, test.p95, test.measured, strict=True)
    )  # fmt: skip
    title = f"Forecast from {words.count(test.shown)} labels, and what was measured"
    return Table(title, (LABELS, "Forecast", "Forecast, 9 in 10", "Measured"), rows, figures=True)


def seen_table(pilot: Pilot) -> Table:
    """Classes found among the labels bought, the mean over runs."""
    found = {name: classes_seen(pilot, name) for name in pilot.settings.all_strategies}
    labels = next(iter(found.values()))[0]
    columns = (LABELS, *(STRATEGIES[name].title for name in found))
    rows = (
        (words.count(at), *(words.decimal(float(mean[place]), 1) for _, mean in found.values()))
        for place, at in enumerate(labels)
    )
    return Table("Classes found", columns, tuple(rows), figures=True)


def shares_table(one: Monitored) -> Table:
    """Share of each class in the sample and among the first half of what a strategy chose."""
    rows = (
        (str(name), words.percent(float(pool)), words.percent(float(picked)))
        for name, pool, picked in zip(one.classes, one.pool, one.early_shares, strict=True)
    )
    return Table("Classes picked", ("Class", "Of the sample", "Of the picks"), tuple(rows), figures=True)


def classes_table(facts: Facts) -> Table:
    """Labeled rows of each class, the largest first."""
    order = np.argsort(-facts.counts, kind="stable")
    whole = max(int(facts.counts.sum()), 1)
    rows = (
        (facts.classes[k], words.count(facts.counts[k]), words.percent(float(facts.counts[k]) / whole)) for k in order
    )
    return Table("Labeled rows of each class", ("Class", "Labeled rows", "Share"), tuple(rows), figures=True)


def growing_table(traces: Iterable[Trace], metric: str) -> Table:
    """The mean score of each strategy so far, and of how many runs."""
    runs: dict[str, list[Trace]] = {}
    for trace in traces:
        runs.setdefault(trace.run.strategy, []).append(trace)
    score = METRICS[metric].call
    means = {name: np.mean([score(Outcome(one.confusion)) for one in some], axis=0) for name, some in runs.items()}
    anchors = next(iter(runs.values()))[0].anchors if runs else ()
    columns = (LABELS, *(f"{STRATEGIES[name].title} ({words.plural(len(runs[name]), 'run')})" for name in means))
    rows = (
        (words.count(at), *(words.percent(float(mean[k])) if k < len(mean) else EMPTY for mean in means.values()))
        for k, at in enumerate(anchors)
    )
    return Table("Scores so far", columns, tuple(rows), figures=True)
