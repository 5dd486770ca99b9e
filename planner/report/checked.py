"""How far the forecast held on the sample itself, and what a larger sample would tell, as blocks."""

from collections.abc import Iterable

from planner import words
from planner.blocks import EMPTY, Block, Sentence, Table
from planner.forecast.sample_size import SampleSize, sample_sizes
from planner.plan.deciding import Plan
from planner.plan.trust import backtest_sentence, larger_sample

SIZES_HOW = (
    "Half of each 8 in 10 range, had the replay of the larger sample gone on as forecast, with chance differences that "
    "shrink as rows grow. Labels to buy are beyond those rows, to within a point of everything labeled."
)


def checked_blocks(plan: Plan) -> Iterable[Block]:
    """The back-tests in sentences, and the sizes of sample in a table."""
    for test in plan.backtests:
        yield Sentence(f"**Back-test.** {backtest_sentence(test)}")
    table = sizes_table(plan)
    if table is not None:
        yield Sentence(f"**Size of the sample.** {larger_sample(plan.valuation.forecast)}")
        yield table


def sizes_table(plan: Plan) -> Table | None:
    """The ranges at the rows there are and at 2 and 4 times as many; None where there is nothing to compare."""
    sizes = sample_sizes(plan.valuation.forecast)
    if len(sizes) < 2:
        return None
    columns = ("Labeled rows", "Score with everything labeled", "Labels to buy")
    rows = tuple(_row(plan, one) for one in sizes)
    return Table("What a larger sample would tell", columns, rows, figures=True)


def _row(plan: Plan, one: SampleSize) -> tuple[str, ...]:
    forecast = plan.valuation.forecast
    here = one.rows == forecast.labeled
    known = not here or len(forecast.score_all) > 0
    counted = forecast.refusal is None or (forecast.refusal == "no_label_counts" and not here)
    return (
        words.count(one.rows) + (" (now)" if here else ""),
        f"±{words.points(one.score)}" if known else EMPTY,
        (f"±{words.about(one.labels)}" if one.labels >= 1 else "hardly any") if counted else EMPTY,
    )
