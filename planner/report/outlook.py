"""Risk and return of a plan in words: the same blocks on the screen, in the report and in the memo."""

from collections.abc import Iterable

import numpy as np

from planner import words
from planner.blocks import EMPTY, Block, Heading, Sentence, Table
from planner.choices.baselines import BASELINES
from planner.choices.strategies import STRATEGIES
from planner.economics.figures import Figures
from planner.economics.investment import ONCE, Investment
from planner.economics.ranges import ranges_of
from planner.economics.risk import DRAWS, Risk, expected_net
from planner.economics.worth import is_yearly
from planner.plan.deciding import Plan

BUDGETS = 8  # purchases of the table of net values


def outlook_blocks(plan: Plan) -> Iterable[Block]:
    """What the money may do, and what it earns; nothing where no value per point was given."""
    if not plan.risks:
        return
    yield Heading("Risk and return")
    yield Sentence(risk_sentence(plan))
    yield risk_table(plan)
    yield net_table(plan)
    for made in (plan.investment, plan.over_baseline):
        if made is not None:
            yield Sentence(return_sentence(made, plan))


def risk_sentence(plan: Plan) -> str:
    """How good or bad the recommended option may turn out, in whole words."""
    found = _of(plan)
    if found is None:
        return "No option is recommended, so there is no risk to name."
    low, middle, high = (_money(plan, value) for value in (found.npv.p10, found.npv.p50, found.npv.p90))
    drawn = words.listing([name.replace("_", " ") for name in ranges_of(plan.valuation.assumptions)])
    moved = (
        f"The ranges you typed for {drawn} are in it."
        if drawn
        else "Only the forecast moves it: no amount has a range."
    )
    missed = "" if found.chance_missed is None else f" The target is missed in {_share(found.chance_missed)} futures."
    name = _lower(_title(plan, found.option))
    return (
        f"Against doing nothing, {name} has a 9 in 10 chance to leave at least **{low}**, is as "
        f"likely as not to leave {middle}, and has a 1 in 10 chance to leave over {high}. It loses money in "
        f"{_share(found.chance_of_loss)} futures.{missed} {moved}"
    )


def risk_table(plan: Plan) -> Table:
    """Every option: present value with its range, chance of loss, and what is regretted on average."""
    rows = tuple(
        (
            f"**{_title(plan, one.option)}**" if _is_recommended(plan, one) else _title(plan, one.option),
            *(_money(plan, value) for value in (one.npv.p10, one.npv.p50, one.npv.p90)),
            words.percent(one.chance_of_loss, 0),
            _money(plan, one.regret),
        )
        for one in plan.risks
    )
    title = f"Present value over doing nothing, in {words.count(DRAWS)} futures"
    columns = ("Option", "1 in 10 is below", "Middle", "1 in 10 is above", "Chance of loss", "Mean regret")
    return Table(title, columns, rows, figures=True)


def net_table(plan: Plan) -> Table:
    """What every strategy is expected to leave at some of the purchases between nothing and everything."""
    nets, bought = expected_net(Figures(plan.valuation)), plan.valuation.purchases
    wanted = [*np.geomspace(max(bought[1], 50.0), bought[-1], BUDGETS), plan.buy or 0.0]
    places = sorted({int(np.abs(bought - x).argmin()) for x in wanted} - {0})
    best = {name: int(np.argmax(net)) for name, net in nets.items()}
    rows = tuple(
        (
            words.count(float(bought[at])),
            *(_bold(_money(plan, float(net[at])), at == best[name]) for name, net in nets.items()),
        )
        for at in places
    )
    title = "Expected net value over stopping at the sample, by labels to buy, ranges included"
    return Table(title, ("Labels to buy", *(STRATEGIES[name].title for name in nets)), rows, figures=True)


def _bold(text: str, bold: bool) -> str:
    return f"**{text}**" if bold else text


def return_sentence(made: Investment, plan: Plan) -> str:
    """Present value, rate of return and payback of the recommended option, against a named baseline."""
    against = f"against {BASELINES[made.baseline].facts['instead']}"
    if made.npv is None:
        return f"As an investment {against} it cannot be judged: {_lower(made.returns_why)}"
    asked = plan.valuation.assumptions
    span = f" at {words.rate(asked.discount_rate)} a year over {words.number(asked.horizon)} years"
    rate = span if is_yearly(asked) else ""
    said = f"**As an investment** {against}, in the middle of the forecast: net present value {_money(plan, made.npv)}"
    return f"{said}{rate}{_cautious(made, plan)}. {_returns(made)} {_payback(made)}{_on_cost(made)}".strip()


def _cautious(made: Investment, plan: Plan) -> str:
    """The same with benefits lower and costs higher, in brackets; empty where nothing is adjusted."""
    share = plan.valuation.assumptions.risk_adjustment
    if not share or made.adjusted_npv is None:
        return ""
    less = words.rate(share)
    return f" ({_money(plan, made.adjusted_npv)} risk-adjusted, with benefits {less} lower and costs {less} higher)"


def _returns(made: Investment) -> str:
    if not made.returns:
        return made.returns_why
    rates = words.listing([words.percent(rate, 0) for rate in made.returns])
    return f"Yearly return: {rates}. {made.returns_why}".strip()


def _payback(made: Investment) -> str:
    if made.returns_why == ONCE:
        return ""
    if made.payback is None:
        return "" if made.payback_why == made.returns_why else f"Payback: {_lower(made.payback_why)}"
    later = made.discounted_payback
    discounted = "never once discounted" if later is None else f"{_months(later)} discounted"
    return f"Paid back after {_months(made.payback)}, {discounted}."


def _on_cost(made: Investment) -> str:
    if made.return_on_cost is None or made.baseline != "do_nothing":  # it is always counted from doing nothing
        return ""
    cautious = f", {words.percent(made.adjusted_return, 0)} risk-adjusted" if made.adjusted_return is not None else ""
    return f" Return on cost: {words.percent(made.return_on_cost, 0)}{cautious}."


def _months(years: float) -> str:
    months = max(round(12 * years), 0)
    return words.plural(months, "month") if months else "no time"


def _share(chance: float) -> str:
    if chance in (0.0, 1.0):
        return "none of the" if chance == 0 else "all"
    return f"{words.percent(chance, 0 if 0.01 <= chance <= 0.99 else 1)} of the"


def _of(plan: Plan) -> Risk | None:
    return next((one for one in plan.risks if _is_recommended(plan, one)), None)


def _is_recommended(plan: Plan, one: Risk) -> bool:
    return plan.recommended is not None and one.option == plan.recommended.name


def _title(plan: Plan, name: str) -> str:
    if name in STRATEGIES:
        return STRATEGIES[name].title
    return next(option.title for option in plan.options if option.name == name)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _money(plan: Plan, value: float | None) -> str:
    return EMPTY if value is None else words.money(value, plan.valuation.assumptions.currency)
