"""What a budget, a deadline or a target comes to, in words: one sentence each, the same on every screen and file."""

from collections.abc import Iterable

from planner import words
from planner.choices.strategies import STRATEGIES
from planner.economics.costs import labels_in_week
from planner.economics.evaluating import Interval
from planner.economics.solving import Goal, Limits, Way
from planner.plan.deciding import Plan

NOT_WITHIN = "not within reach"


def solved_sentences(plan: Plan) -> tuple[str, ...]:
    """The answers to the budget, the deadline and the target that were typed; () where none was."""
    limits, goal = plan.solved.limits, plan.solved.goal
    found = [] if limits is None else [limits_sentence(plan, limits)]
    return (*found, *(() if goal is None else (goal_sentence(plan, goal),)))


def limits_sentence(plan: Plan, limits: Limits) -> str:
    """How far the budget cap and the deadline go, and what the plan makes of them."""
    way, named = limits.way, _limits(plan)
    if way is None:
        return _nothing(plan, limits)
    bought = f"{_upper(named)}, the most you can buy is {_bought(plan, way)}"
    if way.labels >= plan.valuation.forecast.pool_size - plan.valuation.forecast.labeled:
        bought = f"{_upper(named)}, you can label everything: {_bought(plan, way)}"
    parts = [f"{bought}.", _reaches(plan, way), _ends(limits), _less(plan, way), limits.why]
    return " ".join(part for part in parts if part)


def _nothing(plan: Plan, limits: Limits) -> str:
    """Why not one label can be bought."""
    if limits.budget is None and limits.why:
        return limits.why
    said = f"**{_upper(_limits(plan))}, no label is within reach**"
    if limits.budget is not None and limits.least > limits.budget:
        said += f": the smallest purchase costs {_money(plan, limits.least)}"
    return f"{said}. {limits.why}".strip()


def goal_sentence(plan: Plan, goal: Goal) -> str:
    """What the target takes; or that it is not within reach, how near one gets, and what would reach it."""
    target = words.percent(goal.target) if goal.target == round(goal.target, 3) else words.rate(goal.target)
    wanted = f"{target} {_metric(plan)}"
    sure = f"with {words.percent(goal.confidence, 0)} confidence"
    if goal.why:
        return f"**Nobody can say what {wanted} takes.** {goal.why}"
    if goal.way is not None:
        if goal.way.labels == 0:
            return f"**{wanted} {sure}: reached already**, with the labels you have."
        said = f"**{wanted} {sure}** takes {_bought(plan, goal.way)}."
        return " ".join(part for part in (said, _reaches(plan, goal.way), _half(plan, goal.way)) if part)
    return " ".join((f"**{wanted} is {NOT_WITHIN}** {sure}{_inside(plan)}.", *_nearest(plan, goal)))


def _nearest(plan: Plan, goal: Goal) -> Iterable[str]:
    near, beyond = goal.nearest, goal.beyond
    if near is not None and near.sure is not None:
        how = f"by {_bought(plan, near)}" if near.labels else "with the labels you have"
        yield f"The nearest that you can be so sure of is **{_apart(near.sure, goal.target)}**, {how}."
        chance = words.percent(near.chance or 0.0, 0)
        yield f"The target itself would then be reached in {chance} of the forecasts."
    if beyond is not None:
        yield f"Without the limit it would take {_bought(plan, beyond)}."


def _apart(score: float, target: float) -> str:
    """A score with as many decimals as it takes to tell it from the target."""
    digits = next((d for d in (1, 2, 3) if words.percent(score, d) != words.percent(target, d)), 4)
    return words.percent(score, digits)


def _limits(plan: Plan) -> str:
    """The budget and the deadline as they begin a sentence."""
    asked = plan.valuation.assumptions
    named = []
    if asked.budget is not None:
        named.append(f"for {words.money(asked.budget, asked.currency, None)}")
    if asked.deadline is not None and labels_in_week(asked) is not None:
        named.append(f"in {_weeks(asked.deadline)}")
    return " and ".join(named)


def _inside(plan: Plan) -> str:
    named = _limits(plan)
    return f" {named}" if named else ""


def _bought(plan: Plan, way: Way) -> str:
    """Labels, how they are picked, rounds, cost and weeks of a purchase."""
    picked = "drawn at random" if way.strategy == "random" else f"picked by {STRATEGIES[way.strategy].title.lower()}"
    rounds = f" in {words.plural(way.rounds, 'round')}" if way.strategy != "random" else ""
    beside = [_money(plan, way.cost)] + ([] if way.weeks is None else [_weeks(way.weeks)])
    return f"{words.plural(way.labels, 'label')} {picked}{rounds} ({', '.join(beside)})"


def _reaches(plan: Plan, way: Way) -> str:
    score: Interval = way.score
    if score.p50 is None or score.p10 is None or score.p90 is None:
        return "Which score they reach cannot be told from this sample."
    low, middle, high = (words.percent(value) for value in (score.p10, score.p50, score.p90))
    return f"They reach **{middle}** {_metric(plan)} ({words.between(low, high)})."


def _ends(limits: Limits) -> str:
    """Which of two limits is the tighter."""
    if limits.budget is None or limits.deadline is None or limits.ends not in ("budget", "deadline"):
        return ""
    return "The money ends first." if limits.ends == "budget" else "The time ends first."


def _less(plan: Plan, way: Way) -> str:
    """Why the plan does not buy all that it could."""
    if plan.buy is None or plan.code == "label_all":
        return ""
    purchases = plan.valuation.purchases  # the plan buys one of these: the next may lie beyond the limit
    if not ((purchases > plan.buy) & (purchases <= way.labels)).any():
        return ""
    bought = f"about {words.about(plan.buy)}" if plan.buy else "none"
    if plan.valuation.point is None:
        return f"The plan buys {bought}: that is enough for the target."
    return f"The plan buys {bought}: more would not be worth what it costs."


def _half(plan: Plan, way: Way) -> str:
    """Why a plan that goes by the target alone buys less than so much confidence takes."""
    if plan.valuation.point is not None or plan.buy is None or plan.buy >= way.labels or plan.code == "refused":
        return ""
    bought = f"about {words.about(plan.buy)}" if plan.buy else "none"
    return f"The plan buys {bought}: enough in half of the forecasts."


def _metric(plan: Plan) -> str:
    return plan.valuation.forecast.metric_name


def _money(plan: Plan, value: float) -> str:
    return words.money(value, plan.valuation.assumptions.currency)


def _weeks(value: float) -> str:
    return f"{words.times(value)} {'week' if words.times(value) == '1' else 'weeks'}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
