"""What stands behind the answer: the rules, the settings, the sample and the method, as blocks."""

from collections.abc import Iterable
from typing import Any

from planner import words
from planner.blocks import EMPTY, Block, Heading, Sentence, Table, claim
from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.forecast.carrying import Forecast, ForecastSettings
from planner.forecast.curves import CURVES
from planner.forecast.replayed import worst_cost
from planner.forecast.simulated import sentences
from planner.pilot.running import Pilot
from planner.pilot.task import PilotSettings
from planner.plan.deciding import Plan
from planner.plan.joint import joint_blocks
from planner.plan.trust import studied
from planner.plan.turning import turning_blocks
from planner.report.against import against_blocks
from planner.report.checked import checked_blocks
from planner.report.compared import comparison_blocks, cuts_sentence, of_forecast, shared_sentence
from planner.report.outlook import outlook_blocks
from planner.report.picked import bought_by, picked_blocks
from planner.report.purchase import purchase_blocks
from planner.report.stopped import stopped_blocks
from planner.settings import Knob, knobs


def details(plan: Plan) -> Iterable[Block]:
    """Everything that stands behind the answer, in reading order."""
    yield from turning_blocks(plan)
    yield from joint_blocks(plan)
    yield from _stopping(plan)
    yield from stopped_blocks(plan)
    yield from purchase_blocks(plan)
    yield from outlook_blocks(plan)
    yield from against_blocks(plan)
    yield from _inputs(plan)
    yield from _data(plan)
    yield from _method(plan)
    yield from _picked(plan)


def _picked(plan: Plan) -> Iterable[Block]:
    forecast, asked = plan.valuation.forecast, plan.valuation.assumptions
    adaptive = {name: one for name, one in bought_by(forecast).items() if STRATEGIES[name].facts["adaptive"]}
    if adaptive:
        one = adaptive.get(plan.strategy or "", next(iter(adaptive.values())))
        yield from picked_blocks(one, forecast, asked.cost_per_label, asked.currency)


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


def _settled(pilot: Pilot) -> str:
    """Whether every fit ran to its end: a loosely fitted model can fake a gain."""
    open_fits = sum(trace.unconverged for trace in pilot.traces)
    return f"{words.plural(open_fits, 'fit')} had not settled when stopped." if open_fits else "Every fit settled."


def _curve(forecast: Forecast) -> str:
    chosen = CURVES[forecast.settings.curve]
    return f"a {chosen.title.lower()}" if chosen.facts["calibrated"] else f"a {chosen.title.lower()}, not calibrated"


def _own_direction(forecast: Forecast) -> Iterable[Block]:
    """A metric that people know in another direction, in that direction too."""
    own = METRICS[forecast.settings.metric].facts["own"]
    if own is None or not forecast.measured:
        return
    name, read = own
    worst = worst_cost(forecast.pilot)
    first, *_, last = (read(score, worst) for score in forecast.measured["random"].mean)
    yield Sentence(
        f"**Metric.** {forecast.metric_name.capitalize()} is drawn so that higher is better. As {name} the replay at "
        f"random went from {first:.3g} to {last:.3g}, lower being better."
    )


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
    if one.kind is float:
        return words.number(value)
    return words.count(value) if isinstance(value, int) and one.unit else str(value)


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
        yield claim(finding.finding, finding.remedy)


def _method(plan: Plan) -> Iterable[Block]:
    forecast = plan.valuation.forecast
    pilot = forecast.pilot
    yield Heading("How this was worked out")
    if pilot.traces:
        names = words.listing([STRATEGIES[name].title.lower() for name in pilot.settings.all_strategies])
        yield Sentence(
            f"**Model.** {words.fixed(pilot.model_reason) or ESTIMATORS[pilot.model].title + ', chosen by you.'}"
        )
        yield Sentence(
            f"**Pilot.** Labeling was replayed on the labels already paid for, {words.plural(pilot.settings.repeats, 'time')} "  # noqa: E501
            f"in {pilot.settings.folds} parts each, with {names}. Every labeled row was tested, identical rows stayed "
            "in one part, and all strategies of a repeat shared the split, the first labels and the model's seed. "
            + cuts_sentence(pilot)
            + _settled(pilot)
        )
        if pilot.shared:
            yield Sentence(shared_sentence(pilot.shared))
    for said in sentences(forecast):
        yield Sentence(said)
    yield from _own_direction(forecast)
    comparison = of_forecast(forecast)
    if comparison is not None:
        yield from comparison_blocks(comparison)
    if forecast.scores:
        yield Sentence(
            f"**Forecast.** The error of random labeling is carried on by {_curve(forecast)}, "
            f"whose priors were learned on other data sets. {studied(forecast)} "
            "A chosen label is worth a number of random ones, "
            f"and every printed number is a quantile of the same {words.count(forecast.settings.draws)} draws."
        )
    yield from checked_blocks(plan)
    yield Sentence(
        "**Money.** Labels already paid are in no option's cost unless asked for. Savings are against labeling everything "  # noqa: E501
        "else at random; net benefit adds what the difference in score is worth; ROI is net benefit over cost."
    )
