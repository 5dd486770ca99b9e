"""The rules that watch a model in words: which fits what a point is worth, and where each would have stopped."""

from collections.abc import Iterable

from planner import words
from planner.blocks import EMPTY, Block, Heading, Sentence, Table
from planner.choices.stopping import WATCH_RULES
from planner.choices.strategies import STRATEGIES
from planner.economics.figures import Figures
from planner.plan.deciding import Plan
from planner.plan.stop_replay import (
    BOTH_RULES,
    ONE_RULE,
    STOP_AT_ONCE,
    ReplayedStop,
    advised_rules,
    replay_stops,
    worth_in_labels,
)

TITLE = "Rules that watch the model, replayed in the pilot"
HOW = (
    "Each rule was replayed on every run of the pilot, whose batches grow by a third; with smaller batches they stop "
    "sooner. Regret is what the median run paid, in labels and in score, beyond the best stop in hindsight; a run that "
    "never stopped labeled its whole pool."
)


def stopped_blocks(plan: Plan) -> Iterable[Block]:
    """Which rule to use, and what each would have done in the pilot; nothing without a pilot."""
    found = replayed(plan)
    if not found:
        return
    yield Heading(TITLE)
    yield Sentence(advice(plan, found))
    yield stopped_table(plan, found)
    yield Sentence(HOW)


def replayed(plan: Plan) -> tuple[ReplayedStop, ...]:
    """Every rule on the strategy the plan picks with, or on the one it would pick with."""
    return replay_stops(Figures(plan.valuation), watched_strategy(plan))


def watched_strategy(plan: Plan) -> str:
    """The strategy whose runs are looked at."""
    if plan.strategy is not None and plan.strategy != "random":
        return plan.strategy
    others = [name for name in plan.valuation.forecast.pilot.settings.all_strategies if name != "random"]
    return Figures(plan.valuation).chooser or (others or ["random"])[0]


def advice(plan: Plan, found: tuple[ReplayedStop, ...]) -> str:
    """The rule that fits K = 100 v / c, and where it stopped in the pilot."""
    worth = worth_in_labels(Figures(plan.valuation))
    if worth is None:
        return (
            "Which of these rules to trust depends on how many labels a point is worth. Give a value per point; until "
            "then stop at the target."
        )
    said = (
        f"A point is worth {words.about(worth / 100)} labels to you (K = {words.about(worth)} for the whole score). "
        f"{_fits(worth)}"
    )
    known = {one.rule: one for one in found}
    return " ".join(
        [said, *(_in_pilot(known[rule], plan) for rule in advised_rules(worth)), _least(plan, found)]
    ).strip()


def _least(plan: Plan, found: tuple[ReplayedStop, ...]) -> str:
    """The rule that lost least in this pilot."""
    stopped = [one for one in found if one.regret is not None and 2 * one.fired > one.runs]
    if not stopped:
        return ""
    best = min(stopped, key=lambda one: one.regret or 0.0)
    lost = words.money(best.regret or 0.0, plan.valuation.assumptions.currency)
    return f"In this pilot {best.title.lower()} lost least, {lost} against the best stop in hindsight."


def _fits(worth: float) -> str:
    """What published comparisons say at so large a K."""
    if worth < STOP_AT_ONCE:
        return "For so little no rule pays: stop at once."
    steady, sure = (
        f"**{WATCH_RULES[name].title.lower()}**" for name in ("stabilizing_predictions", "overall_uncertainty")
    )
    if worth < ONE_RULE:
        return f"There {steady} lost least in published comparisons."
    if worth <= BOTH_RULES:
        return f"There {steady} and {sure} lost least in published comparisons; wait for the later one."
    return f"There {sure} lost least in published comparisons, and labeling on beats stopping too soon."


def _in_pilot(one: ReplayedStop, plan: Plan) -> str:
    strategy = STRATEGIES[watched_strategy(plan)].title.lower()
    if one.middle is None:
        return f"In the pilot, with {strategy}, {one.title.lower()} never said stop before everything was labeled."
    at = f"{words.count(one.middle)} labels"
    score = "" if one.score is None else f", at {words.percent(one.score)}"
    return (
        f"In the pilot, with {strategy}, {one.title.lower()} said stop in {one.fired} of {one.runs} runs, in the "
        f"median of those at {at}{score}."
    )


def stopped_table(plan: Plan, found: tuple[ReplayedStop, ...]) -> Table:
    """A row a rule; those that fit what a point is worth in bold."""
    currency = plan.valuation.assumptions.currency
    advised = advised_rules(worth_in_labels(Figures(plan.valuation)))
    rows = tuple(
        (
            f"**{one.title}**" if one.rule in advised else one.title,
            EMPTY if one.middle is None else words.count(one.middle),
            EMPTY if one.low is None or one.high is None else f"{words.count(one.low)} to {words.count(one.high)}",
            f"{one.fired} of {one.runs}",
            EMPTY if one.score is None else words.percent(one.score),
            EMPTY if one.regret is None else words.money(one.regret, currency),
            one.why or words.fixed(one.summary),
        )
        for one in found
    )
    columns = (
        "Rule",
        "Would have stopped at",
        "Range over runs",
        "Runs it stopped",
        "Score there",
        "Regret",
        "Because",
    )
    return Table("Where each rule would have stopped", columns, rows)
