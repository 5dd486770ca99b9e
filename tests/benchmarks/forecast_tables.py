"""How far forecasts missed, how often their ranges held, and whether their verdicts were right: a row a figure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from forecast_cases import by_data_set
from forecast_chances import PRICES, chances
from forecast_learning import SHORTS, STUDIED, Forecasted
from forecast_naive import answers
from forecast_policies import drawn_at, policy_table

from planner.forecast.drawing import labels_within

NINETY = 1.40  # half-width of a 90% range over that of an 80% one
STEEP, ABOVE_CONSTANT, FEWEST = 0.05, 0.05, 1000  # as in planner.forecast.carrying
FIXED = (0, 300, 1000, 3000)  # price of set-up and rounds, in labels
WORTH_A_RANGE = 300  # labels at random below which there is nothing to save
GO = 0.8
HALF = 0.5  # of the cost of a purchase, as its expected net


def accepted(one: Forecasted) -> bool:
    """Whether the product would say labels at all."""
    draws, case = one.carried.scores["random"], one.case
    if case.labeled < FEWEST or case.replay["random"].mean[-1] < case.constant + ABOVE_CONSTANT:
        return False
    return bool(np.median(draws[:, -1] - draws[:, 0]) <= STEEP)


def said(one: Forecasted, strategy: str, short: float) -> tuple[float, float, float]:
    """Labels to buy as the product says them."""
    width = one.learned.labels[strategy].at(one.case.labeled, one.case.family)
    return labels_within(one.carried.scores[strategy], one.budgets, short, width)


def times(found: float, true: float) -> float:
    """Size of a miss in doublings, a hundred labels being small change."""
    return abs(float(np.log2((found + 100) / (true + 100))))


def errors(one: Forecasted) -> dict[str, float]:
    """Every miss of a case by name: points, doublings or percent as the name says."""
    case, draws = one.case, one.carried.scores["random"]
    left = case.pool - case.labeled
    found = {"score with everything, points": 100 * abs(float(np.median(draws[:, -1])) - case.score_all),
             "its bias, points": 100 * (float(np.median(draws[:, -1])) - case.score_all)}  # fmt: skip
    for strategy in ("random", *STUDIED):
        if strategy != "random" and strategy not in case.active:
            continue
        middles = np.median(one.carried.scores[strategy], axis=0)
        for short in SHORTS:
            middle, true = said(one, strategy, short)[1], case.to_buy(strategy, short)
            found[f"labels by {strategy} to {100 * short:g} points, doublings"] = times(middle, true)
            if strategy == "margin":
                found[f"saving against everything at {100 * short:g} points, %"] = 100 * abs(middle - true) / left
                found[f"saving against random at {100 * short:g} points, %"] = _against_random(one, short)
        for more in (500, 1000, 2000):
            if case.labeled + more < case.pool and strategy in ("random", "margin"):
                gain = np.interp(case.labeled + more, one.budgets, middles) - middles[0]
                found[f"gain of {more} more by {strategy}, points"] = 100 * abs(gain - case.gain(strategy, more))
    return found


def _against_random(one: Forecasted, short: float) -> float:
    """Miss of the share of labels that margin saves; nothing where random labeling needs hardly any."""
    true = one.case.to_buy("random", short)
    if true < WORTH_A_RANGE:
        return float("nan")
    worth = float(np.median(one.carried.exchange["margin"]))
    return 100 * abs((1 - 1 / worth) - (1 - one.case.to_buy("margin", short) / true))


def ranges(one: Forecasted) -> dict[str, tuple[float, float, float]]:
    """{quantity: (80% range held, 90% range held, width of 80%)}; widths in points, or as a factor either way."""
    draws, case = one.carried.scores["random"][:, -1], one.case
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
    held = {"score with everything": _held(case.score_all, low, middle, high, 100 * (high - low))}
    for strategy in ("random", *STUDIED):
        if strategy == "random" or strategy in case.active:
            for short in SHORTS:
                low, middle, high = np.log(np.array(said(one, strategy, short)) + 100)
                true = np.log(case.to_buy(strategy, short) + 100)
                factor = float(np.exp((high - low) / 2))
                held[f"labels by {strategy} to {100 * short:g}"] = _held(true, low, middle, high, factor)
    return held


def _held(true: float, low: float, middle: float, high: float, width: float) -> tuple[float, float, float]:
    wide = (middle - NINETY * (middle - low), middle + NINETY * (high - middle))
    small = 1e-9
    return float(low - small <= true <= high + small), float(wide[0] - small <= true <= wide[1] + small), float(width)


@dataclass(frozen=True)
class Verdict:
    """What was said of a case at a worth of the score and of set-up, and what came of it; money in labels."""

    go: bool  # active was said
    over_best: float  # true net of its purchase over the best that buying at random, or nothing, could have come to
    over_forecast: float  # over what random's own best purchase, as forecast, truly came to, or nothing
    paid: bool  # some purchase by active learning was truly above the best at random
    returns: float  # expected net of the purchase over its cost


def verdict(one: Forecasted, price: float, fixed: float) -> Verdict:
    """The verdict for who buys at the steps of the true walk, which was re-ranked at each: nothing is interpolated.

    As in the product, a back-test that missed makes an `active` a `stop_early`.
    """
    case, steps = one.case, one.case.active["margin"].labels
    bought = steps - steps[0]
    drawn = (drawn_at(one, name, steps) for name in ("margin", "random"))
    by_margin, at_random = (price * (scores - scores[:, :1]) - bought for scores in drawn)
    best = int((by_margin.mean(axis=0) - fixed * (bought > 0)).argmax())
    saved = np.minimum(one.carried.exchange["margin"] * bought[best], bought[-1]) - bought[best] - fixed
    expected = float(by_margin[:, best].mean()) - fixed
    ahead = expected > max(0.0, float(at_random.mean(axis=0).max()))
    softened = one.backtest is not None and one.backtest.missed
    go = accepted(one) and not softened and best > 0 and ahead and float((saved > 0).mean()) >= GO
    random = price * (case.random.at(steps) - case.score_now) - bought
    margin = price * (case.active["margin"].scores - case.score_now) - bought - fixed
    hindsight, chosen = max(0.0, float(random.max())), max(0.0, float(random[int(at_random.mean(axis=0).argmax())]))
    net = float(margin[best])
    returns = expected / max(float(bought[best]) + fixed, 1.0)
    return Verdict(go, net - hindsight, net - chosen, bool(margin[1:].max() > hindsight), returns)


def rows(found: Sequence[Forecasted], measure: Callable[[Forecasted], dict[str, float]]) -> Iterable[tuple[str, str]]:
    """(name, figure of all pilots, of those accepted) of every figure that a measure gives."""
    cases, each = [one.case for one in found], [measure(one) for one in found]
    kept = [position for position, one in enumerate(found) if accepted(one)]
    for name in dict.fromkeys(name for one in each for name in one):
        values = [one.get(name, float("nan")) for one in each]
        some = by_data_set([values[k] for k in kept], [cases[k] for k in kept])
        yield name, f"{by_data_set(values, cases):8.2f} {some:10.2f}"


def table(found: Sequence[Forecasted]) -> str:
    """Everything about the pilots of one size in one metric."""
    cases = [one.case for one in found]
    share = by_data_set([float(accepted(one)) for one in found], cases)
    lines = [f"{'':52} {'all':>8} {f'accepted {share:.0%}':>14}"]
    lines += [f"{name:52} {figures}" for name, figures in rows(found, errors)]
    lines += ["", *naive_lines(found), "", *range_lines(found)]
    if all("margin" in case.active for case in cases):
        lines += ["", *chance_lines(found), "", policy_table(found), "", *verdict_lines(found)]
    return "\n".join(lines)


def naive_lines(found: Sequence[Forecasted]) -> list[str]:
    """The simple methods: score with everything, labels by margin to half a point and a point."""
    missed: dict[str, list[tuple[float, ...]]] = {}
    cases = [one.case for one in found]
    for case in cases:
        others = [other for other in cases if other.group != case.group]
        for name, answer in answers(case, others).items():
            labels = (times(x, case.to_buy("margin", short)) for x, short in zip(answer[1:], SHORTS, strict=True))
            missed.setdefault(name, []).append((100 * abs(answer[0] - case.score_all), *labels))
    lines = [f"{'simple methods':38} score, points   labels to 0.5, 1 points, doublings"]
    for name, some in missed.items():
        score, half, whole = (by_data_set(column, cases) for column in zip(*some, strict=True))
        lines.append(f"  {name:36} {score:13.2f} {half:12.2f} {whole:6.2f}")
    return lines


def range_lines(found: Sequence[Forecasted]) -> list[str]:
    """How often the ranges held, and how wide they were, by quantity and for each class of model."""
    cases, each = [one.case for one in found], [ranges(one) for one in found]
    families = sorted({case.family for case in cases})
    lines = [f"{'ranges':30} {'80% held':>9} {'90% held':>9} {'width':>7}   80% held by class: " + ", ".join(families)]
    for name in dict.fromkeys(name for one in each for name in one):
        columns = list(zip(*(one.get(name, (np.nan,) * 3) for one in each), strict=True))
        inside, wide = (by_data_set(column, cases) for column in columns[:2])
        cells = []
        for family in families:
            own = [k for k, case in enumerate(cases) if case.family == family]
            cells.append(f"{by_data_set([columns[0][k] for k in own], [cases[k] for k in own]):.2f}")
        lines.append(f"{name:30} {inside:9.2f} {wide:9.2f} {np.nanmedian(columns[2]):7.2f}   {' '.join(cells)}")
    return lines


def chance_lines(found: Sequence[Forecasted]) -> list[str]:
    """The chance that the next batch pays, as said and as it came, in fifths of the scale."""
    every = [(one.learned.next_batch.chance(share), true) for one in found for share, true in chances(one)]
    lines = ["chance that the next batch pays: said, true (how many)"]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        some = [(chance, true) for chance, true in every if low <= chance < low + 0.2 + 1e-9 * (low == 0.8)]
        if some:
            chance, true = np.mean(some, axis=0)
            lines.append(f"  {low:.1f} to {low + 0.2:.1f}: {chance:.2f}, {true:.2f} ({len(some)})")
    return lines


def verdict_lines(found: Sequence[Forecasted]) -> list[str]:
    """How often active was said, and right, for every price of set-up and all prices of a score together."""
    lines = [
        "verdict active, set-up so many labels: said; right against the best at random in hindsight, labels lost if",
        "not (median), said where it paid; right against random's own best purchase as it was forecast",
    ]
    every: list[Verdict] = []
    for fixed in FIXED:
        judged = [verdict(one, price, fixed) for one in found for price in PRICES]
        some = [one for one in judged if one.go]
        every += some
        lost = [-one.over_best for one in some if one.over_best <= 0]
        right, beside = portion([one.over_best > 0 for one in some]), portion([one.over_forecast > 0 for one in some])
        where = portion([one.go for one in judged if one.paid])
        middle = float(np.median(lost)) if lost else 0.0
        said_so = f"{len(some)} of {len(judged)}"
        lines.append(f"  {fixed:5}: {said_so}; {right:.2f}, {middle:,.0f}, {where:.2f}; {beside:.2f}")
    for name, low, high in (("under half", 0.0, HALF), ("half or more", HALF, np.inf)):
        won = [one.over_best > 0 for one in every if low <= one.returns < high]
        lines.append(f"  expected to return {name} of its cost: {len(won)}, right {portion(won):.2f}")
    return lines


def portion(held: Sequence[bool]) -> float:
    """How many of some hold; nothing of nothing."""
    return float(np.mean(held)) if len(held) else float("nan")


def by_size(found: Sequence[Forecasted], size: int) -> list[Forecasted]:
    """The pilots of one size."""
    return [one for one in found if one.case.labeled == size]
