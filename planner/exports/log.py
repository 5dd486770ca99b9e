"""The assumptions log: every amount and setting with its range, unit, source and date."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import quantiles
from planner.economics.prices import cited
from planner.economics.ranges import ranges_of
from planner.economics.rates import cited_rate
from planner.economics.sources import cited_usual, own_sources
from planner.exports.menu import EXPORTS
from planner.forecast.carrying import ForecastSettings
from planner.pilot.task import PilotSettings
from planner.report.writing import Report
from planner.settings import Knob, knobs

Cell = str | float | int | bool | None
COLUMNS = ("name", "assumption", "value", "low", "high", "unit", "source", "date", "meaning")
MOST_CLASSES = 50  # named one by one
TYPED, DEFAULT, MEASURED = "typed in", "default of the planner", "measured in the pilot"


@dataclass(frozen=True)
class Assumption:
    """One line of the log."""

    name: str
    title: str
    value: Cell  # as typed; None where it was not given
    low: float | None
    high: float | None
    unit: str
    source: str
    date: str  # ISO; empty where nobody said
    help: str
    owner: str  # "amount" | "reach" | "pilot" | "measured"


def assumptions_of(report: Report) -> tuple[Assumption, ...]:
    """Everything the plan takes for granted, amounts first, then what the sample said."""
    valuation = report.plan.valuation
    asked, pilot = valuation.assumptions, valuation.forecast.pilot
    day = report.on.isoformat() if report.on else ""
    spans = ranges_of(asked)
    held = ((Assumptions, asked, "amount"), (ForecastSettings, valuation.forecast.settings, "reach"))
    found = [
        _typed(one, settings, spans.get(one.name), day, owner)
        for kind, settings, owner in (*held, (PilotSettings, pilot.settings, "pilot"))
        for one in knobs(kind)
        if one.name != "ranges"
    ]
    return (*(_in_currency(one, asked.currency) for one in found), *_measured(report, day))


def _typed(one: Knob, settings: Any, span: tuple[float, float] | None, day: str, owner: str) -> Assumption:
    value = getattr(settings, one.name)
    low, high = span or (None, None)
    own, usual = own_sources(getattr(settings, "sources", "")).get(one.name), cited_usual(one.name)
    source = DEFAULT if value == one.default and span is None else TYPED
    source = own or (f"{source}; {usual}" if usual and source == DEFAULT else source)
    if one.name == "cost_per_label" and not own and (found := cited(settings.price_source, value, settings.currency)):
        source, day = found.source, found.date or day
    if one.name == "discount_rate" and not own and (found_rate := cited_rate(value)):
        source = f"{source}; as in {found_rate}"
    return Assumption(one.name, one.title, _plain(one, value), low, high, one.unit, source, day, one.help, owner)


def _plain(one: Knob, value: Any) -> Cell:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if one.choices is not None and value is not None:
        return str(one.choices[value].title)
    return value if isinstance(value, str | float | int | bool) else None


def _in_currency(one: Assumption, currency: str) -> Assumption:
    return replace(one, unit=one.unit.replace("currency", currency))


def _measured(report: Report, day: str) -> Iterable[Assumption]:
    """What the sample said, as the plan reads it."""
    plan = report.plan
    forecast = plan.valuation.forecast
    facts = forecast.pilot.facts
    yield Assumption(
        "labeled", "Labeled rows of the sample", facts.labeled, None, None, "labels", facts.name, day,
        "Taken to be a random draw from all items.", "measured",
    )  # fmt: skip
    for name, rows in list(zip(facts.classes, facts.counts, strict=True))[:MOST_CLASSES]:
        yield Assumption(
            "class", f"Labeled rows of {name}", int(rows), None, None, "labels", facts.name, day,
            "The forecast takes it that classes come as often in all items as in the sample.", "measured",
        )  # fmt: skip
    if len(forecast.score_now):
        now = quantiles(forecast.score_now)
        yield Assumption(
            "score_now", f"{_title(forecast.metric_name)} at these labels", now.p50, now.p10, now.p90, "0 to 1",
            MEASURED, day, "Middle and 8 in 10 range.", "measured",
        )  # fmt: skip
    if len(forecast.score_all):
        everything = quantiles(forecast.score_all)
        yield Assumption(
            "score_all", f"{_title(forecast.metric_name)} with everything labeled", everything.p50, everything.p10,
            everything.p90, "0 to 1", "forecast from the pilot", day, "Middle and 8 in 10 range.", "measured",
        )  # fmt: skip
    if plan.exchange.p50 is not None:
        yield Assumption(
            "exchange_rate", "Exchange rate", plan.exchange.p50, plan.exchange.p10, plan.exchange.p90, "ratio",
            "measured in the pilot and on other data sets", day,
            "Random labels that one chosen label is worth; middle and 8 in 10 range.", "measured",
        )  # fmt: skip


def _title(metric: str) -> str:
    return metric[:1].upper() + metric[1:]


@EXPORTS.register(
    "assumptions_csv", "The assumptions log (CSV)", suffix=".csv", mime="text/csv", group="finance"
)  # fmt: skip
def assumptions_csv(report: Report) -> bytes:
    """One row an assumption: value, low, high, unit, source and date, with what it means."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in assumptions_of(report):
        cells = (one.name, one.title, one.value, one.low, one.high, one.unit, one.source, one.date, one.help)
        table.writerow([safe(cell) for cell in cells])
    return out.getvalue().encode()


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet runs: text that looks like a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
