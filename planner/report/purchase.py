"""The recommended purchase in words: its calendar, how many rounds, one order or five, what would narrow the saving."""

from collections.abc import Iterable

from planner import words
from planner.blocks import EMPTY, WIDTH, Block, Chart, Heading, Sentence, Table
from planner.charts import LIGHT
from planner.charts.calendar import calendar
from planner.choices.values import VALUES
from planner.economics.batches import (
    Batching,
    batchings,
    best_batching,
    one_or_more,
    orders,
)
from planner.economics.costs import delay_cost, labeling_hours, labels_cost, labels_in_week
from planner.economics.evaluating import Interval
from planner.economics.figures import Figures
from planner.plan.deciding import Plan
from planner.report.knowing import information_sentence
from planner.report.votes import votes_sentence

TITLE = "The purchase, round by round"
HOW_LOST = (
    "What large batches lose was measured on 24 other data sets, against batches of a quarter more labels each: one "
    "batch of 1.6 times the labels lost 0.1 points, one of 3 times 0.4, several of 1.8 times 0.07; sizes between are "
    "reckoned from these."
)


def purchase_blocks(plan: Plan) -> Iterable[Block]:
    """Everything about buying in rounds; nothing where nothing is bought."""
    if not plan.schedule.rounds:
        return
    yield Heading(TITLE)
    yield Sentence(calendar_sentence(plan))
    drawing = calendar(plan, LIGHT)
    if drawing is not None:
        yield Chart(drawing.properties(width=WIDTH), drawing.description)
    yield rounds_table(plan)
    found = tried(plan)
    if found:
        yield Sentence(f"{batching_sentence(plan, found)} {words.fixed(HOW_LOST)}")
        yield batching_table(plan, found)
    if (several := orders_table(plan)) is not None:
        yield Sentence(orders_sentence(plan))
        yield several
    for sentence in (votes_sentence(plan), information_sentence(plan)):
        if sentence:
            yield Sentence(sentence)


def calendar_sentence(plan: Plan) -> str:
    """How many labels in which orders, why the first is as large as it is, and when the last is there."""
    rounds = plan.schedule.rounds
    bought = words.plural(sum(one.labels for one in rounds), "label")
    if len(rounds) == 1:
        said = f"{bought} in one round."
    else:
        sizes = words.listing([words.count(one.labels) for one in rounds])
        said = f"{bought} in {len(rounds)} orders: {sizes}. {_first_order(plan)}"
    return " ".join(part for part in (said, _when(plan), _waiting(plan), _freed(plan), _dated(plan)) if part)


def _dated(plan: Plan) -> str:
    waits = plan.schedule.weeks is not None and (plan.schedule.rounds[0].starts or 0.0) > 0
    return "Pale in the picture: training, choosing and handing out." if waits else ""


def _first_order(plan: Plan) -> str:
    """Why the first order is as large as it is, and why there are no more of them."""
    rounds, first = plan.schedule.rounds, plan.schedule.first
    most = plan.valuation.assumptions.most_rounds
    said = "Look at the plan again after each one. The first is at most six tenths of what is labeled"
    if first is not None and rounds[0].labels <= first + 1:
        by = "what half of the forecasts need" if _smooth(plan) else "what the price of missing the bar is worth"
        said += f", and no more than {by} ({words.about(first)})"
    enough = f"{words.count(len(rounds))} of the {words.count(most)} rounds allowed are enough to keep every order so."
    return f"{said}. {enough}" if len(rounds) < most else f"{said}."


def _smooth(plan: Plan) -> bool:
    return bool(VALUES[plan.valuation.assumptions.value_model].facts["smooth"])


def _when(plan: Plan) -> str:
    asked, weeks = plan.valuation.assumptions, plan.schedule.weeks
    if weeks is None:
        return plan.schedule.why
    said = f"The last label is there after {_weeks(weeks)}"
    whole = next(option.weeks for option in plan.options if option.name == "label_everything")
    if plan.recommended is not None and plan.recommended.name != "label_everything" and whole is not None:
        said += f"; labeling everything would take {_weeks(whole)}"
    both = asked.labels_per_week is not None and asked.people is not None
    return f"{said}. The labels a week as typed count, not people and hours." if both else f"{said}."


def _waiting(plan: Plan) -> str:
    """What waiting costs this plan and labeling everything, where a week has a value."""
    asked, option = plan.valuation.assumptions, plan.recommended
    if not asked.value_per_week or option is None or plan.buy is None:
        return ""
    if labels_in_week(asked) is None:
        return "The value of a week is not counted: nobody said how many labels a week come in."
    adaptive = plan.strategy is not None and plan.strategy != "random"
    own = delay_cost(asked, plan.buy, plan.rounds, adaptive)
    forecast = plan.valuation.forecast
    whole = delay_cost(asked, forecast.pool_size - forecast.labeled, 1, False)
    said = f"Waiting costs {words.money(own, asked.currency)}"
    return f"{said}." if own == whole else f"{said}; for labeling everything it would cost {words.money(whole, asked.currency)}."  # fmt: skip # noqa: E501


def _freed(plan: Plan) -> str:
    """Hours of labeling that the plan leaves for other work, and what they are worth; empty where nobody timed any."""
    asked, option, forecast = plan.valuation.assumptions, plan.recommended, plan.valuation.forecast
    if option is None or plan.buy is None or option.name == "label_everything":
        return ""
    adaptive, left = plan.strategy not in (None, "random"), float(forecast.pool_size - forecast.labeled)
    own, whole = labeling_hours(asked, plan.buy, adaptive), labeling_hours(asked, left, False)
    if own is None or whole is None or whole <= own:
        return ""
    hours = words.about(whole - own)
    worth = (labels_cost(asked, left) - labels_cost(asked, plan.buy, adaptive)) - asked.fee_per_label * (
        left - plan.buy
    )
    return (
        f"It leaves about {hours} hours of labeling for other work, worth {words.money(worth, asked.currency)} at your "
        "price of a label; the saving counts them."
    )


def rounds_table(plan: Plan) -> Table:
    """What each round buys, when, for how much, and the score expected when it ends."""
    currency = plan.valuation.assumptions.currency
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            str(one.number),
            words.count(one.labels),
            words.count(one.labels_in_all),
            EMPTY if one.starts is None else _tenth(one.starts),
            EMPTY if one.ends is None else _tenth(one.ends),
            words.money(one.cost, currency),
            *_score(one.score),
        )
        for one in plan.schedule.rounds
    )
    columns: tuple[str, ...] = ("Round", "Labels to buy", "Labels in all", "Starts in week", "Ends in week", "Cost")
    columns += ("Score then", "8 in 10")
    if plan.schedule.weeks is None:
        rows, columns = tuple((*row[:3], *row[5:]) for row in rows), (*columns[:3], *columns[5:])
    return Table("The rounds of the purchase", columns, rows, figures=True)


def tried(plan: Plan) -> tuple[Batching, ...]:
    """The purchase in 1 to 8 rounds; () unless a strategy picks it."""
    return batchings(Figures(plan.valuation), plan.strategy) if _chosen(plan) and plan.strategy else ()


def _chosen(plan: Plan) -> bool:
    return bool(plan.buy) and plan.strategy is not None and plan.strategy != "random"


def batching_sentence(plan: Plan, found: tuple[Batching, ...]) -> str:
    """The best number of rounds, and what the planned number comes to beside it."""
    currency, best = plan.valuation.assumptions.currency, best_batching(found)
    planned = next((one for one in found if one.rounds == plan.rounds), None)
    if best is None or planned is None:
        return ""
    cost, own = words.money(best.total, currency), words.money(planned.total, currency)
    if cost == own:
        many = f"{words.plural(planned.rounds, 'round')}** {'comes' if planned.rounds == 1 else 'come'}"
        return f"Counting what larger batches lose, the planned **{many} to {own}; no other number comes to less."
    rounds = f"**{words.plural(best.rounds, 'round')}** of equal growth"
    said = f"Counting what larger batches lose, {rounds} would come to the least, {cost}"
    own = f"comes to {own}" if planned.rounds == 1 else f"come to {own}"
    return f"{said}; the {words.plural(planned.rounds, 'round')} planned {own}."


def batching_table(plan: Plan, found: tuple[Batching, ...]) -> Table:
    """Total cost by number of rounds, the least in bold."""
    currency, best = plan.valuation.assumptions.currency, best_batching(found)
    rows = tuple(
        (
            f"**{one.rounds}**" if one is best else str(one.rounds),
            words.about(one.largest),
            words.money(one.round_cost, currency),
            words.money(one.waiting, currency),
            words.decimal(100 * one.lost, 2),
            words.money(one.lost_worth, currency),
            words.money(one.total, currency),
        )
        for one in found
    )
    columns = ("Rounds", "Largest order", "Round cost", "Waiting", "Points lost", "Worth", "In all")
    nothing = {2: not any(one.round_cost for one in found), 3: not any(one.waiting for one in found)}
    kept = [place for place in range(len(columns)) if not nothing.get(place, False)]
    title = "What the same purchase comes to in more or fewer rounds"
    shown = tuple(tuple(row[place] for place in kept) for row in rows)
    return Table(title, tuple(columns[place] for place in kept), shown, figures=True)


def orders_sentence(plan: Plan) -> str:
    """One order against five: expected cost, and how often more is bought than was needed."""
    pair = one_or_more(Figures(plan.valuation), plan.strategy) if _chosen(plan) and plan.strategy else None
    if pair is None:
        return ""
    currency, (one, five) = plan.valuation.assumptions.currency, pair
    return (
        f"**One order or {_number(five.rounds)}.** Ordered at once, {words.about(one.labels)} labels cost "
        f"{words.money(one.cost, currency)} and are over a quarter too many in {_share(one.overshoot)} futures. "
        f"In {_number(five.rounds)} orders, each placed only if those before were not enough, about "
        f"{words.about(five.labels)} labels for {words.money(five.cost, currency)} are expected, and "
        f"{_share(five.overshoot)} overshoot. This takes it that each round shows whether it was enough; on other data "
        f"sets forecasting again after a round saved up to {words.rate(0.12)} of the whole cost, and often nothing."
    )


def orders_table(plan: Plan) -> Table | None:
    """The purchase in as many orders as may be, with how often each is placed; None where there is one at most."""
    found = orders(Figures(plan.valuation), plan.strategy) if _chosen(plan) and plan.strategy else ()
    if not found:
        return None
    currency = plan.valuation.assumptions.currency
    rows = tuple(
        (str(k), words.count(one.labels), words.count(one.labels_in_all), _share(one.chance),
         words.money(one.cost, currency))
        for k, one in enumerate(found, start=1)
    )  # fmt: skip
    columns = ("Order", "Labels to buy", "Labels in all", "Placed in futures", "Cost of it")
    title = f"In {_number(len(found))} orders, each placed only if those before were not enough"
    return Table(title, columns, rows, figures=True)


def _score(interval: Interval) -> tuple[str, str]:
    if interval.p50 is None or interval.p10 is None or interval.p90 is None:
        return EMPTY, EMPTY
    return words.percent(interval.p50), f"{words.percent(interval.p10)} to {words.percent(interval.p90)}"


def _weeks(value: float) -> str:
    return f"{words.times(value)} {'week' if words.times(value) == '1' else 'weeks'}"


def _tenth(value: float) -> str:
    return words.decimal(value, 1)


def _share(chance: float) -> str:
    return f"{round(100 * chance)} of 100"


def _number(value: int) -> str:
    spelled = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return spelled[value - 2] if 2 <= value <= 10 else str(value)
