"""What would turn the advice, in words: the switching values, the inputs that move it most, and the table of both."""

from collections.abc import Iterable

from planner import words
from planner.blocks import EMPTY, Block, Heading, Sentence, Table
from planner.choices.baselines import BASELINES
from planner.economics.assumptions import Assumptions
from planner.economics.worth import unvalued
from planner.plan.deciding import Plan
from planner.plan.held import is_valued
from planner.plan.sensitivity import CENT, POOL, RATE, Sensitivity, Swing, sensitivity, typed
from planner.settings import knobs

SHOWN = 8  # swings on a picture; the rest are a few pixels wide
NEVER = "never within its range"
HOW = (
    "Each input moves alone, the others at their medians, and the same labels are bought. An input with a range, the "
    "learning curve and the exchange rate go over 8 in 10 of their draws; other inputs from half to double (a score 2 "
    "points down and up, hardness from 1 to 1.3)."
)
TABLE = "Where each input turns the answer, the others at their medians (* 8 in 10 draws)"
CERTAIN = "Nothing within these ranges turns the advice"


def turning_blocks(plan: Plan) -> Iterable[Block]:
    """What moves the answer and what would turn it, for the files; nothing where no labels can be named."""
    found = sensitivity(plan)
    if found is None:
        return
    yield Heading("What would change the answer")
    yield Sentence(f"**{headline(found)}.** {better_off(found)} {movers_sentence(found)}")
    yield switches_table(found)
    yield Sentence(words.fixed(HOW))


def instead(found: Sensitivity) -> str:
    """The baseline as it stands after "than" or "against"."""
    return str(BASELINES[found.asked.baseline].facts["instead"])


def subject(found: Sensitivity) -> str:
    """What is bought, as the subject of a sentence."""
    if found.held.labels == 0:
        return "Stopping at the sample"
    return "Active learning" if found.held.adaptive else "Buying at random"


def headline(found: Sensitivity) -> str:
    """Up to which price of a label the plan pays: the finding of the page, without a full stop."""
    price, asked = found.switches["cost_per_label"], found.asked
    valued = is_valued(asked)
    who = subject(found)
    if abs(found.base) < CENT:
        return f"The plan and {instead(found)} come to the same"
    side = "" if price is None else "more" if (asked.cost_per_label > price) == (found.base > 0) else "less"
    at = words.money(price or 0.0, asked.currency)
    if found.base > 0:
        does = "pays" if valued else "saves money"
        if not found.held.advised:  # a rule decides, not the money
            who, does = f"Short of labeling everything, {who[0].lower()}{who[1:]}", "would pay"
        return (
            f"{who} {does} while a label costs {side} than {at}" if side else f"{who} {does} at every price of a label"
        )
    does = "would pay" if valued else "would save money"
    return f"{who} {does} if a label cost {side} than {at}" if side else f"{who} {does} at no price of a label"


def better_off(found: Sensitivity) -> str:
    """How much better off the held plan leaves you, and than what."""
    state = "better" if found.base >= 0 else "worse"
    amount = words.money(abs(found.base), found.asked.currency)
    if not is_valued(found.asked):
        verb = "saves" if found.base >= 0 else "costs"
        more = "" if found.base >= 0 else " more"
        return f"It {verb} about **{amount}**{more} against {instead(found)}. {unvalued(found.asked)}"
    said = f"leaves you about **{amount}** {state} off than {instead(found)}, in the mean of the forecast."
    if found.held.advised:
        return f"It {said}"
    rule = ", by a rule" if found.plan.rule else ""
    labels = words.about(found.held.labels)
    return f"The plan is to label everything{rule}. The best purchase short of that, about {labels} labels, {said}"


def moving(found: Sensitivity) -> tuple[Swing, ...]:
    """The swings worth a bar, the widest first."""
    widest = found.swings[0].width if found.swings else 0.0
    return tuple(one for one in found.swings if one.width > max(1e-3 * widest, 1e-9))[:SHOWN]


def turners(found: Sensitivity) -> tuple[Swing, ...]:
    """The swings with an end on the other side of 0."""
    sign = 1.0 if found.base >= 0 else -1.0
    return tuple(one for one in found.swings if min(sign * one.low, sign * one.high) < 0)


def movers_sentence(found: Sensitivity) -> str:
    """The three inputs that move the answer most, and whether any turns it within its range."""
    top = [one.title for one in moving(found)[:3]]
    if not top:
        return "No input moves the answer: the plan and its baseline come to the same."
    first, *others = top
    rest = f", then {words.listing([_small(title) for title in others])}" if others else ""
    return f"**{first}** moves it most{rest}. {turns_sentence(found)}"


def turns_sentence(found: Sensitivity) -> str:
    """Which inputs turn the advice within their ranges."""
    turning = turners(found)
    if not turning:
        stays = "better" if found.base >= 0 else "worse"
        return f"{CERTAIN}: the plan stays {stays} than {instead(found)}." if found.held.advised else f"{CERTAIN}."
    named = words.listing([f"**{_small(one.title)}**" for one in turning[:3]])
    return f"Within {'its range' if len(turning) == 1 else 'their ranges'}, {named} can turn the advice."


def grid_sentence(found: Sensitivity) -> str:
    """From which price on it pays at the setup cost typed, and what the frame is."""
    asked, price = found.asked, found.switches["cost_per_label"]
    setup = words.money(asked.setup_cost, asked.currency, None)
    held = "The frame is you; every cell buys the same labels."
    if price is None:
        says = "pays" if found.base > 0 else "does not pay"
        return f"With a setup cost of {setup} it {says} at every price. {held}"
    from_on = (asked.cost_per_label > price) == (found.base > 0)
    edge = f"from about **{words.money(price, asked.currency)} per label**"
    return f"With a setup cost of {setup} it pays {edge if from_on else edge.replace('from', 'up to')}. {held}"


def switch_sentence(found: Sensitivity, name: str) -> str:
    """Where one input turns the answer, as a whole sentence."""
    value = found.switches[name]
    if value is None:
        return never_turns(name)
    return f"{title_of(name)} turns the advice at about {typed(name, value, found.asked.currency, 3)}."


def never_turns(name: str) -> str:
    """That an input turns nothing, as a whole sentence."""
    return f"{title_of(name)} never turns the advice within its range."


def switches_table(found: Sensitivity) -> Table:
    """Every input that matters: its value, its low and high with what they leave, and where the answer turns."""
    currency, swings = found.asked.currency, {one.name: one for one in found.swings if one.width > 1e-9}
    names = [*swings, *(name for name, at in found.switches.items() if at is not None and name not in swings)]
    rows = tuple(_row(found, name, swings.get(name), currency) for name in names)
    than = instead(found)
    columns = ("Input", "Now", "Low to high", f"Better off than {than}", "Turns at")
    return Table(TABLE, columns, rows, figures=True)


def grid_table(found: Sensitivity) -> Table | None:
    """The break-even grid in whole amounts; None where no setup is paid."""
    made, currency = found.grid, found.asked.currency
    if made is None:
        return None
    columns = ("Setup cost", *(f"{words.money(float(price), currency, None)} a label" for price in made.prices))
    rows = tuple(
        (words.money(float(setup), currency, None), *(words.money(float(cell), currency) for cell in cells))
        for setup, cells in zip(made.setups, made.cells, strict=True)
    )
    return Table(f"Better off than {instead(found)}, by price and setup cost", columns, rows, figures=True)


def _row(found: Sensitivity, name: str, swing: Swing | None, currency: str) -> tuple[str, ...]:
    now = _now(found, name)
    span = ends = EMPTY
    if swing is not None:
        span = f"{swing.inputs[0]} to {swing.inputs[1]}{'' if swing.usual else ' *'}"
        ends = f"{words.money(swing.low, currency)} to {words.money(swing.high, currency)}"
    if name not in found.switches:
        return title_of(name), now, span, ends, EMPTY
    at = found.switches[name]
    return title_of(name), now, span, ends, NEVER if at is None else typed(name, at, currency, 3)


def _now(found: Sensitivity, name: str) -> str:
    if name == POOL:
        return words.count(found.plan.valuation.forecast.pool_size)
    if name == RATE:
        return EMPTY if found.plan.exchange.p50 is None else words.times(found.plan.exchange.p50)
    value = getattr(found.asked, name, None)
    return EMPTY if value is None else typed(name, float(value), found.asked.currency)


def title_of(name: str) -> str:
    """An input as its widget names it."""
    others = {POOL: "Items in all", RATE: "Exchange rate"}
    titles = {one.name: one.title for one in knobs(Assumptions)}
    return others.get(name) or titles.get(name, "Learning curve")


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]
