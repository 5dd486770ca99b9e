"""Room 6: a Plan becomes a Report: the blocks every file is made of, in reading order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from planner import __version__, words
from planner.blocks import EMPTY, WIDTH, Block, Chart, Heading, Sentence, Table, claim
from planner.charts import LIGHT, curves, replay
from planner.economics.evaluating import Interval
from planner.economics.options import CERTAIN, Option
from planner.plan.deciding import Plan
from planner.plan.scenarios import Comparison
from planner.report.details import details
from planner.report.solved import solved_sentences

MOST_CLASSES = 10  # named one by one


@dataclass(frozen=True, eq=False)
class Report:
    """A plan in words: the answer a person reads first, and the details that stand behind it."""

    plan: Plan
    answer: tuple[Block, ...]
    details: tuple[Block, ...]
    on: date | None = None  # the day the amounts were typed
    beside: Comparison | None = None  # scenarios side by side, where some were named


def write(plan: Plan, on: date | None = None, beside: Comparison | None = None) -> Report:
    """Everything a file may show of a plan; `on` dates its assumptions, `beside` holds it against its scenarios."""
    with words.spoken(plan.valuation.assumptions.locale):
        answer = (*_answer(plan), *_scenarios(beside))
        return Report(plan, answer, (*details(plan), Sentence(foot(plan))), on, beside)


def _scenarios(beside: Comparison | None) -> Iterable[Block]:
    if beside is None or len(beside.outcomes) == 1:
        return
    yield Heading(f"{beside.headline}.")
    yield Sentence(beside.lead)
    yield beside.table


def _answer(plan: Plan) -> Iterable[Block]:
    yield Sentence(data_line(plan))
    yield Heading(plan.sentence.rstrip(".") + ".", 1)
    yield Sentence(f"{plan.lead} {plan.split}".strip())
    for sentence in solved_sentences(plan):
        yield Sentence(sentence)
    if plan.valued:
        yield Sentence(plan.valued)
    if plan.badges:
        yield Sentence(" · ".join(badge.text for badge in plan.badges))
    yield _numbers(plan)
    yield from _chart(plan)
    yield Heading("Reasons to doubt it")
    for doubt in plan.doubts:
        yield claim(doubt.finding, doubt.remedy)
    yield _options(plan)
    if plan.changes:
        yield Heading("What would change this")
        for change in plan.changes:
            yield claim(change.finding, change.remedy)


def data_line(plan: Plan) -> str:
    """What the plan was made from, in one line."""
    forecast = plan.valuation.forecast
    facts = forecast.pilot.facts
    return (
        f"{facts.name}: {words.plural(facts.labeled, 'labeled row')} of {words.plural(forecast.pool_size, 'item')}, "
        f"{words.plural(len(facts.classes), 'class', 'classes')}, {forecast.metric_name}."
    )


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
    dated = any(option.weeks for option in plan.options)
    weeks = ("Weeks",) if dated else ()
    columns = ("Option", "Labels to buy", "Rounds", *weeks, "Cost", "Score", "Saved", "Net benefit", "8 in 10", "ROI")
    rows = tuple(
        (
            _marked(plan, option),
            _middle(option.labels_to_buy, words.count if option.name in CERTAIN else words.about),
            words.count(option.rounds) if option.rounds else EMPTY,
            *((words.times(option.weeks) if option.weeks else EMPTY,) if dated else ()),
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


def foot(plan: Plan) -> str:
    """What made the numbers: version, seed, fingerprint of the data."""
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
