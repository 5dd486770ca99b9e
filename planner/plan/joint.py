"""Two inputs that move together: the pairs that hurt most at their worse ends, and a table of any pair."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from planner import words
from planner.blocks import Block, Sentence, Table
from planner.economics.assumptions import Assumptions
from planner.plan.deciding import Plan
from planner.plan.held import Standing, varied
from planner.plan.sensitivity import CURVE, POOL, RATE, Sensitivity, Swing, sensitivity, span_of, typed
from planner.plan.turning import instead, title_of

TRIED = 6  # inputs, the widest swings first: fifteen pairs
SHOWN = 5
STEPS = 5  # values of each input in a table


@dataclass(frozen=True)
class Pair:
    """Two inputs at the ends that are worse for the plan as it stands, the others at their medians."""

    names: tuple[str, str]
    inputs: tuple[str, str]  # those ends, as typed
    alone: tuple[float, float]  # [currency] better off with one of them moved
    both: float  # [currency] better off with both moved
    turns: bool  # the advice turns with both of them, and with neither alone


def joint_blocks(plan: Plan) -> Iterable[Block]:
    """Which two inputs may turn the advice together, for the files; nothing where no labels can be named."""
    found = sensitivity(plan)
    if found is None or not (said := pairs_sentence(found)):
        return
    yield Sentence(said)
    yield pairs_table(found)


def pairs(found: Sensitivity) -> tuple[Pair, ...]:
    """Every pair of the inputs that move the answer most: first those that turn it only together, worst first."""
    moved = [swing for swing in found.swings if swing.name not in (POOL, CURVE) and swing.width > 1e-9][:TRIED]
    tried = (_pair(found, one, other) for one, other in combinations(moved, 2))
    sign = _sign(found)
    return tuple(sorted(tried, key=lambda pair: (not pair.turns, sign * pair.both)))


def movable(found: Sensitivity) -> tuple[str, ...]:
    """The inputs that a table of two can move, the widest swings first."""
    return tuple(swing.name for swing in found.swings if swing.name not in (POOL, CURVE) and swing.width > 1e-9)


def pairs_sentence(found: Sensitivity) -> str:
    """Whether two inputs turn the advice together that do not alone, and how far the worst pair goes."""
    every = pairs(found)
    if not every:
        return ""
    turning = [pair for pair in every if pair.turns]
    worst, currency = every[0], found.asked.currency
    ends = words.listing(
        [f"**{_small(title_of(n))}** at {at}" for n, at in zip(worst.names, worst.inputs, strict=True)]
    )
    amount, state = words.money(abs(worst.both), currency), "better" if worst.both >= 0 else "worse"
    if turning:
        more = f" So do {len(turning) - 1} other pairs." if len(turning) > 2 else ""
        more = " So does one other pair." if len(turning) == 2 else more
        return (
            f"Two inputs may turn the advice together where neither does alone: with {ends} the plan leaves you "
            f"{amount} {state} off than {instead(found)}.{more}"
        )
    off = f"{amount} {state} off than {instead(found)}"
    return f"No two inputs turn the advice together that do not alone; with {ends} the plan leaves you {off}."


def pairs_table(found: Sensitivity) -> Table:
    """The worst pairs: each input alone, both together."""
    currency, shown = found.asked.currency, pairs(found)[:SHOWN]
    any_turns = any(pair.turns for pair in shown)
    rows = tuple(
        (
            " and ".join(title_of(name) for name in pair.names),
            " and ".join(pair.inputs),
            *(words.money(amount, currency) for amount in (*pair.alone, pair.both)),
            *(("only together" if pair.turns else "",) if any_turns else ()),
        )
        for pair in shown
    )
    columns = ("Inputs", "At", "First alone", "Second alone", "Both", *(("Turns the advice",) if any_turns else ()))
    return Table(f"Two inputs at their worse ends: better off than {instead(found)}", columns, rows, figures=True)


def pair_table(found: Sensitivity, first: str, second: str) -> Table:
    """What the held plan leaves over its baseline at five values of each of two inputs, the typed ones bold."""
    across, down = (_values(found, name) for name in (first, second))
    currency, here = found.asked.currency, (STEPS // 2, STEPS // 2)
    rows = []
    for row, other in enumerate(down):
        cells = [_at(found, {first: one, second: other}) for one in across]
        shown = [words.money(amount, currency) for amount in cells]
        rows.append((_typed(second, other, currency), *_bold(shown, here[1] if row == here[0] else None)))
    heads = tuple(_typed(first, one, currency) for one in across)
    title = f"Better off than {instead(found)}: {_small(title_of(first))} across, {_small(title_of(second))} down"
    return Table(title, (title_of(second), *heads), tuple(rows), figures=True)


def _pair(found: Sensitivity, one: Swing, other: Swing) -> Pair:
    sign = _sign(found)
    ends = {swing.name: _worse(found, swing) for swing in (one, other)}
    both = _at(found, {name: value for name, (value, _, _) in ends.items()})
    (_, first, at), (_, second, there) = ends.values()
    turns = sign * both < 0 <= min(sign * first, sign * second)
    return Pair((one.name, other.name), (at, there), (first, second), both, turns)


def _worse(found: Sensitivity, swing: Swing) -> tuple[float, float, str]:
    """(value, better off there, the value in words) of the end at which the plan as it stands does worse."""
    low, high = _span(found, swing.name)
    ends = ((low, swing.low, swing.inputs[0]), (high, swing.high, swing.inputs[1]))
    return min(ends, key=lambda end: _sign(found) * end[1])


def _span(found: Sensitivity, name: str) -> tuple[float, float]:
    if name == RATE:
        low, high = np.quantile(Standing(found.plan.valuation.forecast, found.held).rate, [0.1, 0.9])
        return float(low), float(high)
    return span_of(found.plan.valuation.assumptions, name, float(getattr(found.asked, name)))


def _values(found: Sensitivity, name: str) -> tuple[float, ...]:
    """Five values of an input: its low, half way, where it is, half way, its high."""
    low, high = _span(found, name)
    rate = Standing(found.plan.valuation.forecast, found.held).rate
    now = float(np.median(rate)) if name == RATE else float(getattr(found.asked, name))
    return low, (low + now) / 2, now, (now + high) / 2, high


def _at(found: Sensitivity, moved: dict[str, float]) -> float:
    """Better off with some inputs moved."""
    amounts = {name: value for name, value in moved.items() if name != RATE}
    standing = Standing(found.plan.valuation.forecast, found.held, moved.get(RATE))
    asked: Assumptions = varied(found.asked, **amounts)
    return standing.better_off(asked)


def _typed(name: str, value: float, currency: str) -> str:
    return words.times(value) if name == RATE else typed(name, value, currency, 3)


def _bold(cells: Iterable[str], at: int | None) -> Iterable[str]:
    return (f"**{cell}**" if place == at else cell for place, cell in enumerate(cells))


def _sign(found: Sensitivity) -> float:
    return 1.0 if found.base >= 0 else -1.0


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]
