"""What knowing more would be worth, in words: a larger sample, timed items, the learning curve itself."""

from planner import words
from planner.economics.batches import Information, information, perfect_information
from planner.economics.figures import Figures
from planner.plan.deciding import Plan


def narrowing(plan: Plan) -> tuple[Information, ...]:
    """What would narrow the range of what choosing saves, also where the plan does not choose yet; () without one."""
    figures = Figures(plan.valuation)
    asked = plan.code in ("active", "stop_early", "does_not_pay") and figures.active is not None
    found = information(figures, str(figures.active)) if asked else ()
    return found if found and found[0].now > 0 else ()


def information_sentence(plan: Plan) -> str:
    """What doubling the sample, or timing 20 items, would do to the range of the saving, and what that can be worth."""
    found = narrowing(plan)
    if not found:
        return ""
    asked = plan.valuation.assumptions
    what = "what choosing saves" if plan.valuation.point is not None else "the saving"
    wide = words.money(found[0].now, asked.currency)
    said = f"**What would narrow the range.** The 8 in 10 range of {what} is {wide} wide."
    parts = [said, *(_narrowing(one, asked.currency) for one in found), _most_worth(plan, found[0])]
    return " ".join(part for part in parts if part)


def _most_worth(plan: Plan, doubled: Information) -> str:
    """What knowing the curve exactly would be worth, which no work on the forecast can exceed, beside what it costs."""
    most = perfect_information(Figures(plan.valuation))
    if most is None:
        return ""
    verdict = "costs more than a better decision could bring" if most < doubled.cost else "may pay"
    worth = words.money(most, plan.valuation.assumptions.currency)
    return f"Knowing the learning curve exactly would be worth {worth}, so doubling the sample only for that {verdict}."


def _narrowing(one: Information, currency: str) -> str:
    if one.what == "double_sample":
        then = words.money(one.then or 0.0, currency)
        return (
            f"Doubling the sample, for {words.money(one.cost, currency)} of labels drawn at random, would narrow it to "
            f"about {then}, as it did on other data sets."
        )
    if one.then is None:
        return (
            "Timing 20 of your own items would not: the price has no range, or one as narrow as that already. If you "
            "are not sure of it, give it one."
        )
    return (
        f"Timing 20 of your own items would narrow it to about {words.money(one.then, currency)}, if the time an item "
        "takes varies by half of its mean."
    )
