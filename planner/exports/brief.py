"""What a sponsor reads on one page, whatever the file: decision, options, risks, timeline and what stands behind."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner import words
from planner.blocks import EMPTY, Chart, Table, claim
from planner.choices.baselines import BASELINES
from planner.choices.strategies import STRATEGIES
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import Interval
from planner.economics.options import Option
from planner.exports.log import DEFAULT, Assumption, assumptions_of
from planner.exports.phases import Phase, phases
from planner.plan.deciding import Plan
from planner.plan.sensitivity import Sensitivity, sensitivity, typed
from planner.plan.turning import instead, moving
from planner.report.writing import Report, data_line, foot
from planner.settings import knobs

FEW = 3  # risks
NAMED = 7  # typed amounts


@dataclass(frozen=True)
class Number:
    """A figure with its name and range."""

    title: str
    value: str
    range: str


@dataclass(frozen=True)
class Brief:
    """One page in words; **bold** marks what carries a sentence."""

    data: str
    title: str
    asked: str
    reason: str
    numbers: tuple[Number, ...]
    options: Table
    chart: Chart | None
    risks: tuple[str, ...]
    timeline: Table | None  # the rounds, where there are any
    phases: tuple[Phase, ...]
    measured: str
    assumed: str
    foot: str


def brief(report: Report) -> Brief:
    """The page of a report."""
    plan = report.plan
    return Brief(
        data_line(plan),
        plan.sentence.rstrip(".") + ".",
        _asked(plan),
        plan.lead,
        tuple(_numbers(plan)),
        _options(plan),
        next((block for block in report.answer if isinstance(block, Chart)), None),
        _risks(plan),
        _timeline(plan),
        phases(plan),
        _measured(plan),
        _assumed(report),
        f"{foot(plan)} {report.on.isoformat() if report.on else ''}".strip(),
    )


def _asked(plan: Plan) -> str:
    option, currency = plan.recommended, plan.valuation.assumptions.currency
    if option is None or plan.buy is None:
        return "**Decision asked:** no budget yet. The sample cannot carry a number of labels; see what would help."
    if plan.buy == 0:
        return "**Decision asked:** none of money. Go on with the labels there are."
    labels = words.count(plan.buy) if plan.code == "label_all" else f"about {words.about(plan.buy)}"
    how = "at random" if plan.strategy == "random" else f"picked by {STRATEGIES[str(plan.strategy)].title.lower()}"
    rounds = f", in {words.plural(plan.rounds, 'round')}" if plan.rounds > 1 else ""
    weeks = f" over about {_weeks(plan.schedule.weeks)}" if plan.schedule.weeks is not None else ""
    cost = words.money(option.cost.p50 or 0.0, currency)
    return f"**Decision asked:** approve **{cost}** for {labels} more labels, {how}{rounds}{weeks}."


def _weeks(weeks: float) -> str:
    shown = words.times(weeks)
    return f"{shown} {'week' if shown == '1' else 'weeks'}"


def _numbers(plan: Plan) -> Iterable[Number]:
    option, currency = plan.recommended, plan.valuation.assumptions.currency
    if option is None:
        everything = next(one for one in plan.options if one.name == "label_everything")
        yield Number("Cost of labeling everything", *_money(everything.cost, currency))
        return
    yield Number("Cost, all in", *_money(option.cost, currency))
    if option.net_value.p50 is not None:
        yield Number("Net value over doing nothing", *_money(option.net_value, currency))
    else:
        yield Number("Saved against labeling everything", *_money(option.savings, currency))
    yield Number("Score when you stop", *_score(option.score))
    yield _payback(plan)


def _payback(plan: Plan) -> Number:
    made = plan.investment
    if made is None or made.npv is None:
        return Number("Payback", "not known", "a better score has no price yet")
    if made.payback is None:
        return Number("Payback, against doing nothing", "none", made.payback_why.rstrip(".").lower())
    months = round(12 * made.payback)
    if not made.returns and made.payback == 0:
        return Number("Payback, against doing nothing", "at once", "the value comes once")
    return Number("Payback, against doing nothing", words.plural(months, "month") if months else "under a month", "")


def _money(interval: Interval, currency: str) -> tuple[str, str]:
    if interval.p50 is None:
        return "not known", EMPTY
    middle = words.money(interval.p50, currency)
    if interval.p10 is None or interval.p90 is None or abs(interval.p90 - interval.p10) <= 1e-9 * abs(interval.p50):
        return middle, EMPTY
    return middle, words.between(words.money(interval.p10, currency), words.money(interval.p90, currency))


def _score(interval: Interval) -> tuple[str, str]:
    if interval.p50 is None or interval.p10 is None or interval.p90 is None:
        return "not known", EMPTY
    return words.percent(interval.p50), words.between(words.percent(interval.p10), words.percent(interval.p90))


def _options(plan: Plan) -> Table:
    """The baselines and what is recommended; the full report has every strategy."""
    currency = plan.valuation.assumptions.currency
    valued = any(one.net_value.p50 is not None for one in plan.options)
    last = "Net value" if valued else "Saved"
    title = "; net value is over doing nothing" if valued else "; saved against labeling everything"
    own = plan.recommended.name if plan.recommended else ""
    shown = [one for one in plan.options if one.name in (*BASELINES, own) and one.cost.p50 is not None]
    columns = ("Option", "Labels to buy", "Cost", "Score", last, "8 in 10")
    rows = tuple(_row(one, one.name == own, currency, one.net_value if valued else one.savings) for one in shown)
    return Table(f"The options{title}", columns, rows, figures=True)


def _row(option: Option, own: bool, currency: str, worth: Interval) -> tuple[str, ...]:
    labels = option.labels_to_buy.p50 or 0.0
    exact = option.name in ("do_nothing", "stop_at_sample", "label_everything")
    middle, span = _money(worth, currency)
    cells = (
        option.title,
        words.count(labels) if exact else words.about(labels),
        words.money(option.cost.p50 or 0.0, currency),
        EMPTY if option.score.p50 is None else words.percent(option.score.p50),
        EMPTY if worth.p50 is None else middle,
        span.removeprefix(words.between("", "").split("to")[0].strip()).strip(),
    )
    return tuple(f"**{cell}**" if own and cell else cell for cell in cells)


def _risks(plan: Plan) -> tuple[str, ...]:
    """The inputs that move the answer most, each with where it turns; doubts where there are fewer."""
    found = sensitivity(plan)
    said = []
    for swing in moving(found)[:FEW] if found is not None else ():
        assert found is not None
        low, high = sorted((swing.low, swing.high))
        ends = words.money(low, found.asked.currency), words.money(high, found.asked.currency)
        said.append(
            f"**{swing.title}.** From {swing.inputs[0]} to {swing.inputs[1]} you are {ends[0]} to {ends[1]} better off "
            f"than {instead(found)}. {_turns(found, swing.name)}"
        )
    doubted = [claim(doubt.finding, doubt.remedy).text for doubt in plan.doubts]
    return tuple((*said, *doubted)[:FEW])


def _turns(found: Sensitivity, name: str) -> str:
    """At which value of an input the advice turns."""
    if name not in found.switches:
        return "No one can set it; a larger sample narrows it."
    value = found.switches[name]
    if value is None:
        return "It turns the advice nowhere within its range."
    return f"It turns the advice at about {typed(name, value, found.asked.currency, 3)}."


def _timeline(plan: Plan) -> Table | None:
    rounds, currency = plan.schedule.rounds, plan.valuation.assumptions.currency
    if not rounds:
        return None
    dated = plan.schedule.weeks is not None
    rows = tuple(
        (
            words.count(one.number),
            words.count(one.labels) if plan.code == "label_all" else words.about(one.labels),
            *((f"{words.times(one.starts or 0)} to {words.times(one.ends or 0)}",) if dated else ()),
            words.money(one.cost, currency),
            EMPTY if one.score.p50 is None else words.percent(one.score.p50),
        )
        for one in rounds
    )
    columns = ("Round", "Labels", *(("Weeks from now",) if dated else ()), "Cost", "Score expected")
    return Table("Timeline", columns, rows, figures=True)


def _measured(plan: Plan) -> str:
    forecast = plan.valuation.forecast
    facts, pilot = forecast.pilot.facts, forecast.pilot
    if not forecast.measured:
        return f"**Measured:** nothing yet; {words.plural(facts.labeled, 'labeled row')} are too few for a replay."
    names = words.listing([STRATEGIES[name].title.lower() for name in list(forecast.measured)[:4]])
    held = ""
    if plan.backtest is not None:
        side = "inside" if plan.backtest.held else "outside"
        held = f" Held back labels were forecast {words.points(abs(plan.backtest.miss))} off, {side} the range."
    return (
        f"**Measured:** {forecast.metric_name} of {names}, replayed {words.plural(pilot.settings.repeats, 'time')} on "
        f"{words.plural(facts.labeled, 'labeled row')}; every row was tested.{held} Beyond those rows it is a forecast."
    )


def _assumed(report: Report) -> str:
    currency = report.plan.valuation.assumptions.currency
    main = [one.name for one in knobs(Assumptions) if one.main]
    amounts = [one for one in assumptions_of(report) if one.owner == "amount" and one.value not in (None, "")]
    amounts = [one for one in amounts if one.name not in ("price_source", "sources", "locale")]
    shown = [one for one in amounts if not one.source.startswith(DEFAULT) or one.name in main]
    shown.sort(key=lambda one: one.name not in main)
    named = words.listing([f"{_lower(one.title)} {_said(one, currency)}" for one in shown[:NAMED]])
    return (
        f"**Assumed:** {named}; that the sample is a random draw from all items, and that tomorrow's items are like "
        "them. The assumptions log has every amount with its source."
    )


def _said(one: Assumption, currency: str) -> str:
    if isinstance(one.value, bool):
        return "yes" if one.value else "no"
    if isinstance(one.value, int | float):
        unit = one.unit.split("/")[0]
        value = words.money(one.value, currency, None) if unit == currency else words.number(one.value)
        return value if one.low is None else f"{value} ({words.number(one.low)} to {words.number(one.high or 0.0)})"
    return str(one.value)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
