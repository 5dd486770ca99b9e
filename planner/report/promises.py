"""What articles promise beside this sample's own figures, and how forecasts of the bundled samples did."""

from collections.abc import Callable, Mapping

from planner import words
from planner.blocks import EMPTY, Table
from planner.choices.strategies import STRATEGIES
from planner.economics.evaluating import Interval
from planner.economics.options import Option
from planner.plan.deciding import Plan

TITLE = "What articles promise, and what your sample says"
FEWER = (0.5, 0.7)  # share of labels saved
HOW = (
    "Promises of published articles on active learning: 50 to 70% fewer labels, 3 to 10 times cheaper, 30 to 50% less "
    "time. At random: random labeling to the same score, which is what choosing the items alone brings. Everything: "
    "labeling all items, where stopping early counts as well."
)
NO_PACE = "give the labels a week"


def promises_sentence(plan: Plan) -> str:
    """How many labels choosing saves on this sample, and on which side of the promise that lies."""
    fewer = _fewer(plan.exchange)
    if fewer.p50 is None or fewer.p10 is None or fewer.p90 is None:
        return words.fixed("Articles promise 50 to 70% fewer labels. This sample cannot say yet.")
    low, high = FEWER
    side = "below" if fewer.p90 < low else "above" if fewer.p10 > high else ""
    said = f"This sample's figures lie {side} that" if side else "This sample's range reaches into that"
    if not side and not low <= fewer.p50 <= high:
        said += f", its middle lies {'below' if fewer.p50 < low else 'above'}"
    between = words.between(_share(fewer.p10), _share(fewer.p90))
    promised = words.fixed("Articles promise 50 to 70% fewer labels.")
    return f"{promised} Here choosing saves **{_share(fewer.p50)}** ({between}). {said}."


def promises_table(plan: Plan) -> Table | None:
    """The three promises with this sample's own figures; None where no strategy could be carried on."""
    own = _chosen(plan)
    named = {option.name: option for option in plan.options}
    if own is None or plan.exchange.p50 is None:
        return None
    beside = (named["random_to_same_score"], named["label_everything"])
    rows = (
        ("Fewer labels", words.fixed("50 to 70%"), _ranged(_fewer(plan.exchange), _share), _labels(own, beside[1])),
        ("Cheaper, times", "3 to 10", *(_cheaper(own, other) for other in beside)),
        ("Less time", words.fixed("30 to 50%"), *(_sooner(own, other) for other in beside)),
    )
    title = STRATEGIES[own.name].title.lower()
    return Table(TITLE, ("Promise", "Articles", f"{title.capitalize()}, against random", "Against everything"), rows)


def record_sentence(plans: Mapping[str, Plan]) -> str:
    """How often ranges held on the samples that come with the program."""
    tests = [test for plan in plans.values() for test in plan.backtests]
    held = sum(test.held for test in tests)
    worst = max((abs(test.miss) for test in tests), default=0.0)
    return (
        f"On the samples that come with the program, hidden parts were forecast {words.plural(len(tests), 'time')}. "
        f"The range held in {held} of {len(tests)}, and the largest miss was {words.points(worst)}."
    )


def record_table(plans: Mapping[str, Plan]) -> Table:
    """Every back-test of those samples."""
    rows = tuple(
        (
            name,
            words.count(test.shown),
            words.count(test.hidden),
            words.percent(test.p50[-1]),
            words.percent(test.measured[-1]),
            words.points(test.miss).split(" ")[0],
            "held" if test.held else "missed",
        )
        for name, plan in plans.items()
        for test in plan.backtests
    )
    columns = ("Sample", "Forecast from", "To", "Forecast", "Measured", "Miss, points", "Range")
    return Table("Back-tests on the samples that come with the program", columns, rows, figures=True)


def _chosen(plan: Plan) -> Option | None:
    """The strategy that random labeling to the same score is held against."""
    same = next((one for one in plan.options if one.name == "random_to_same_score"), None)
    if same is None or same.cost.p50 is None:
        return None
    return next((one for one in plan.options if _adaptive(one) and one.score == same.score and one.cost.p50), None)


def _adaptive(option: Option) -> bool:
    return option.name in STRATEGIES and bool(STRATEGIES[option.name].facts["adaptive"])


def _fewer(exchange: Interval) -> Interval:
    """Share of labels saved by labels that are worth so many random ones each."""
    return _of_each(exchange, lambda rate: 1 - 1 / rate if rate > 0 else None)


def _labels(own: Option, everything: Option) -> str:
    bought, left = own.labels_to_buy, everything.labels_to_buy.p50
    if not left or bought.p50 is None:
        return EMPTY
    return _share(1 - bought.p50 / left)


def _cheaper(own: Option, other: Option) -> str:
    spent = own.cost.p50
    if not spent or other.cost.p50 is None:
        return EMPTY
    return _ranged(_of_each(other.cost, lambda cost: cost / spent), words.times)


def _sooner(own: Option, other: Option) -> str:
    if own.weeks is None or not other.weeks:
        return NO_PACE
    return _share(1 - own.weeks / other.weeks)


def _of_each(found: Interval, of: Callable[[float], float | None]) -> Interval:
    """A rising function of a range."""
    low, middle, high = (None if end is None else of(end) for end in (found.p10, found.p50, found.p90))
    return Interval(low, middle, high)


def _ranged(found: Interval, form: Callable[[float], str]) -> str:
    if found.p50 is None:
        return EMPTY
    if found.p10 is None or found.p90 is None or form(found.p10) == form(found.p90):
        return form(found.p50)
    return f"{form(found.p50)} ({form(found.p10)} to {form(found.p90)})"


def _share(value: float) -> str:
    return words.percent(value, 0) if value >= 0 else f"\u2212\u2060{words.percent(-value, 0)}"
