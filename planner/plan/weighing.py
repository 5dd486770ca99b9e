"""Scenarios with chances: the plan of each under all of them, which is best on average, and what knowing is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner import words
from planner.choices.baselines import BASELINES
from planner.errors import BadSetting
from planner.plan.deciding import Plan
from planner.plan.held import Held, Standing, medians
from planner.results import Result


@dataclass(frozen=True, eq=False)
class Weighed(Result):
    """Plans by scenario, the base first: each plan is held while each scenario comes true."""

    names: tuple[str, ...]
    chances: np.ndarray  # (S,) summing to 1
    worth: (
        np.ndarray
    )  # (S, S) [currency] better off than the baseline: the plan of a row under the scenario of a column
    holds: float  # chance that the advice is that of the base

    @property
    def expected(self) -> np.ndarray:
        """(S,) [currency] of each plan on average."""
        return np.asarray(self.worth @ self.chances)

    @property
    def best(self) -> int:
        """The plan that is best on average."""
        return int(self.expected.argmax())

    @property
    def knowing(self) -> float:
        """What it would be worth to know the scenario before buying (currency)."""
        return max(float(self.worth.max(axis=0) @ self.chances - self.expected.max()), 0.0)


def weigh(
    names: Sequence[str], plans: Sequence[Plan], holds: Sequence[Held | None], given: Sequence[float | None]
) -> Weighed | None:
    """Every plan under every scenario; `given` are the chances typed, the base's first. Raises BadSetting.

    The base has what is left of the chances; a scenario without one counts for nothing. None where no chance was typed
    or a plan names no labels.
    """
    typed = [chance or 0.0 for chance in given[1:]]
    if not any(typed) or any(held is None for held in holds):
        return None
    if sum(typed) > 1 + 1e-9:
        raise BadSetting(
            f"The chances of the scenarios add up to {words.percent(sum(typed), 0)}; the base has what is left of "
            f"{words.percent(1.0, 0)}. Lower one of them."
        )
    if len({plan.valuation.assumptions.currency for plan in plans}) > 1:
        return None
    worth = [[_under(held, plan) for plan in plans] for held in holds if held is not None]
    chances = np.array([max(1 - sum(typed), 0.0), *typed])
    same = np.array([plan.code == plans[0].code for plan in plans])
    return Weighed(tuple(names), chances, np.array(worth), float(chances[same].sum()))


def _under(held: Held, plan: Plan) -> float:
    """What a plan leaves over the baseline where another scenario comes true."""
    made = plan.valuation.forecast
    fitting = replace(held, labels=min(held.labels, float(made.pool_size - made.labeled)))
    return Standing(made, fitting).better_off(medians(plan.valuation.assumptions))


def weighed_sentence(found: Weighed, plan: Plan) -> str:
    """Which plan is best on average over the scenarios, and what knowing the scenario first would be worth."""
    currency = plan.valuation.assumptions.currency
    than = BASELINES[plan.valuation.assumptions.baseline].facts["instead"]
    chances = [
        f"{name[:1].lower()}{name[1:]} {words.percent(float(chance), 0)}"
        for name, chance in zip(found.names, found.chances, strict=True)
        if chance > 0
    ]
    base, best = float(found.expected[0]), float(found.expected[found.best])
    leaves = f"{words.money(abs(base), currency)} {'better' if base >= 0 else 'worse'} off than {than}"
    said = f"**By their chances** ({words.listing(chances)}) the plan of the base leaves you {leaves} on average"
    other = "; none of the other plans does better."
    if best - base > 0.005:
        other = f"; that of **{found.names[found.best]}** would leave you {words.money(best - base, currency)} more."
    knowing = words.money(found.knowing, currency)
    holds = words.percent(found.holds, 0)
    return f"{said}{other} The advice holds with {holds}, and knowing the scenario first would be worth {knowing}."
