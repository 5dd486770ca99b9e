"""Room 6: a Plan becomes a Report: the blocks every file is made of, in reading order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner import __version__, words
from planner.blocks import EMPTY, WIDTH, Block, Chart, Heading, Sentence, Table
from planner.charts import LIGHT, curves, replay
from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS
from planner.choices.strategies import STRATEGIES
from planner.compared import comparison_blocks, of_forecast
from planner.economics import Assumptions, Interval
from planner.forecast import ForecastSettings
from planner.options import CERTAIN, Option
from planner.plan import Plan
from planner.settings import Knob, knobs
from planner.task import PilotSettings

MOST_CLASSES = 10  # named one by one


@dataclass(frozen=True, eq=False)
class Report:
    """A plan in words: the answer a person reads first, and the details that stand behind it."""

    plan: Plan
    answer: tuple[Block, ...]
    details: tuple[Block, ...]


def write(plan: Plan) -> Report:
    """Everything a file may show of a plan."""
    details = (*_stopping(plan), *_inputs(plan), *_data(plan), *_method(plan), Sentence(_foot(plan)))
    return Report(plan, tuple(_answer(plan)), details)


def _answer(plan: Plan) -> Iterable[Block]:
    yield Sentence(data_line(plan))
    yield Heading(plan.sentence.rstrip(".") + ".", 1)
    yield Sentence(f"{plan.lead} {plan.split}".strip())
    if plan.badges:
        yield Sentence(" · ".join(badge.text for badge in plan.badges))
    yield _numbers(plan)
    yield from _chart(plan)
    yield Heading("Reasons to doubt it")
    for doubt in plan.doubts:
        yield _claim(doubt.finding, doubt.remedy)
    yield _options(plan)
    if plan.changes:
        yield Heading("What would change this")
        for change in plan.changes:
            yield _claim(change.finding, change.remedy)


def data_line(plan: Plan) -> str:
    """What the plan was made from, in one line."""
    forecast = plan.valuation.forecast
    facts = forecast.pilot.facts
    return (
        f"{facts.name}: {words.plural(facts.labeled, 'labeled row')} of {words.plural(forecast.pool_size, 'item')}, "
        f"{words.plural(len(facts.classes), 'class', 'classes')}, {METRICS[forecast.settings.metric].title.lower()}."
    )


def _claim(finding: str, remedy: str) -> Sentence:
    claim, stop, fact = finding.partition(". ")
    return Sentence(f"**{claim}{stop.strip()}** {fact} {remedy}".replace("  ", " ").strip())


def _numbers(plan: Plan) -> Table:
    """The three numbers with their ranges; what a refused plan still knows instead."""
    asked, option = plan.valuation.assumptions, plan.recommended
    rows: list[tuple[str, str, str]] = []
    if option is not None and plan.buy is not None:
        rows.append(("Labels to buy", words.about(plan.buy), _labels_range(plan.labels_to_buy)))
        rows.append(("Saved against labeling everything", *_money_and_range(option.savings, asked.currency)))
        rows.append(("Score when you stop", *_score_and_range(option.score)))
    else:
        now, everything = (_named(plan, name) for name in ("stop_at_sample", "label_everything"))
        if now.score.p50 is not None:
            rows.append(("Score at the labels you have", *_score_and_range(now.score)))
        else:
            facts = plan.valuation.forecast.pilot.facts
            rows += [
                (f"Labeled rows of {name}", words.count(c), EMPTY)
                for name, c in zip(facts.classes, facts.counts, strict=True)
            ][:MOST_CLASSES]
        rows.append(("Cost of labeling everything", *_money_and_range(everything.cost, asked.currency)))
    return Table("The numbers", ("", "Expected", "8 in 10"), tuple(rows), figures=True)


def _named(plan: Plan, name: str) -> Option:
    return next(option for option in plan.options if option.name == name)


def _chart(plan: Plan) -> Iterable[Chart]:
    forecast = plan.valuation.forecast
    if not forecast.measured:
        return
    drawing = curves(plan, LIGHT) if forecast.scores else replay(forecast, LIGHT)
    yield Chart(drawing.properties(width=WIDTH), str(drawing.description))


def _options(plan: Plan) -> Table:
    currency = plan.valuation.assumptions.currency
    columns = ("Option", "Labels to buy", "Rounds", "Cost", "Score", "Saved", "Net benefit", "8 in 10", "ROI")
    rows = tuple(
        (
            _marked(plan, option),
            _middle(option.labels_to_buy, words.count if option.name in CERTAIN else words.about),
            words.count(option.rounds) if option.rounds else EMPTY,
            _middle(option.cost, lambda x: words.money(x, currency)),
            _middle(option.score, words.percent),
            _middle(option.savings, lambda x: words.money(x, currency)),
            _middle(option.net_benefit, lambda x: words.money(x, currency)),
            _range(option.net_benefit, lambda x: words.money(x, currency)),
            _middle(option.roi, lambda x: words.percent(x, 0)),
        )
        for option in plan.options
        if (option.labels_to_buy.p50, option.score.p50) != (None, None)
    )
    return Table("The options, savings and net benefit against labeling everything", columns, rows, figures=True)


def _marked(plan: Plan, option: Option) -> str:
    name = option.title if option.calibrated else f"{option.title} (not calibrated)"
    return f"**{name}**" if plan.recommended is not None and option.name == plan.recommended.name else name


def _stopping(plan: Plan) -> Iterable[Block]:
    rows = tuple(
        (
            f"**{stop.title}**" if stop.fires else stop.title,
            EMPTY if stop.labels_to_buy is None else words.about(stop.labels_to_buy),
            stop.reason,
        )
        for stop in plan.stops
    )
    yield Heading("When to stop")
    yield Sentence(plan.stopping)
    yield Table("The rule that fires first is in bold", ("Rule", "Labels to buy", "Why"), rows)


def _inputs(plan: Plan) -> Iterable[Block]:
    valuation = plan.valuation
    pilot = valuation.forecast.pilot
    held = ((Assumptions, valuation.assumptions), (ForecastSettings, valuation.forecast.settings), (PilotSettings, pilot.settings))  # fmt: skip # noqa: E501
    rows = [
        (
            one.title,
            setting_words(one, getattr(settings, one.name), valuation.assumptions.currency),
            one.unit.replace("currency", valuation.assumptions.currency),
        )
        for owner, settings in held
        for one in knobs(owner)
    ]
    yield Table("Assumptions and settings", ("Setting", "Value", "Unit"), tuple(rows))


def setting_words(one: Knob, value: Any, currency: str) -> str:
    """A setting's value as it was typed."""
    if value is None:
        return "not given"
    if one.kind is bool:
        return "yes" if value else "no"
    if one.choices is not None:
        return words.listing([one.choices[name].title for name in ((value,) if isinstance(value, str) else value)])
    if one.unit.startswith("currency"):
        return words.money(value, currency, digits=None)
    return f"{value:,}" if isinstance(value, int) and one.unit else f"{value:g}" if one.kind is float else str(value)


def _data(plan: Plan) -> Iterable[Block]:
    facts = plan.valuation.forecast.pilot.facts
    most, least = int(facts.counts.argmax()), int(facts.counts.argmin())
    rows = (
        ("File", facts.name),
        ("Rows", words.count(facts.rows)),
        ("Labeled rows", words.count(facts.labeled)),
        ("Label column", facts.label),
        ("Classes", words.count(len(facts.classes))),
        ("Largest class", f"{facts.classes[most]}, {words.plural(int(facts.counts[most]), 'row')}"),
        ("Smallest class", f"{facts.classes[least]}, {words.plural(int(facts.counts[least]), 'row')}"),
        ("Kind of data", facts.kind),
        ("Columns used", words.count(sum(column.used for column in facts.columns))),
        ("Rows with a near-duplicate", words.percent(facts.near_duplicates)),
    )
    yield Table("The sample", ("Fact", "Value"), rows)
    for finding in facts.findings:
        yield _claim(finding.finding, finding.remedy)


def _method(plan: Plan) -> Iterable[Block]:
    forecast = plan.valuation.forecast
    pilot = forecast.pilot
    yield Heading("How this was worked out")
    if pilot.traces:
        names = words.listing([STRATEGIES[name].title.lower() for name in pilot.settings.all_strategies])
        yield Sentence(f"**Model.** {pilot.model_reason or ESTIMATORS[pilot.model].title + ', chosen by you.'}")
        yield Sentence(
            f"**Pilot.** Labeling was replayed on the labels already paid for, {words.plural(pilot.settings.repeats, 'time')} "  # noqa: E501
            f"in {pilot.settings.folds} parts each, with {names}. Every labeled row was tested, identical rows stayed "
            "in one part, and all strategies of a repeat shared the split, the first labels and the model's seed."
        )
    comparison = of_forecast(forecast)
    if comparison is not None:
        yield from comparison_blocks(comparison)
    if forecast.scores:
        yield Sentence(
            "**Forecast.** The error of random labeling falls as a power law of the labels with a floor; its prior and the "  # noqa: E501
            "width of its ranges were learned on other data sets. A chosen label is worth a number of random ones, and "
            f"every printed number is a quantile of the same {words.count(forecast.settings.draws)} draws."
        )
    if plan.backtest is not None:
        test = plan.backtest
        held = "inside" if test.held else "outside"
        yield Sentence(
            f"**Back-test.** Forecast from {words.count(test.shown)} labels to {words.count(test.hidden)}, the score was "  # noqa: E501
            f"{words.points(abs(test.miss))} off, {held} its range."
        )
    yield Sentence(
        "**Money.** Labels already paid are in no option's cost unless asked for. Savings are against labeling everything "  # noqa: E501
        "else at random; net benefit adds what the difference in score is worth; ROI is net benefit over cost."
    )


def _foot(plan: Plan) -> str:
    pilot = plan.valuation.forecast.pilot
    return f"Planner {__version__}, seed {pilot.settings.seed}, data {pilot.facts.digest}."


def _middle(interval: Interval, form: Any) -> str:
    return EMPTY if interval.p50 is None else str(form(interval.p50))


def _range(interval: Interval, form: Any) -> str:
    if interval.p10 is None or interval.p90 is None or np.isclose(interval.p10, interval.p90):
        return EMPTY
    return f"{form(interval.p10)} to {form(interval.p90)}"


def _labels_range(interval: Interval) -> str:
    return _range(interval, words.about)


def _money_and_range(interval: Interval, currency: str) -> tuple[str, str]:
    def form(value: float) -> str:
        return words.money(value, currency)

    return _middle(interval, form), _range(interval, form)


def _score_and_range(interval: Interval) -> tuple[str, str]:
    return _middle(interval, words.percent), _range(interval, words.percent)
