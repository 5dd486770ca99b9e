"""What is learned from the truth of other data sets: how curves fall, what a chosen label is worth, how wide to draw.

Every data set counts the same, however many models, sizes and draws of it there are. The form of each rule (a rate of
power laws by class of model; ln s linear in the log of the error, in the replay's own ln s and in the log of the size;
a range that is a multiple of the draws' spread; a chance whose logit is linear in that of the draws) is fixed; only its
numbers are learned.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from forecast_cases import Case, Curve
from forecast_chances import surety

from planner.forecast.backtest import Backtest, tests_of, worst
from planner.forecast.basis import Basis
from planner.forecast.drawing import Carried, budget_grid, carry, crossings, labels_within
from planner.forecast.learned import LEAST_ERROR, Learned, Width, learned_from
from planner.forecast.replayed import IN_TEN, replay_exchange

SIZES = (500, 1000, 2000, 4000)
CUTS = (400, 800, 1600)  # training sets from which a truth's own rate is read
STUDIED = ("margin", "k_center", "badge")
STAKE = 0.01  # score left to gain below which the worth of a label cannot be read
FULL_STAKE = 0.02  # from which a case counts fully
LEAST_SCORE, LEAST_AT_RANDOM, LEAST_CHOSEN = 0.005, 0.4, 0.3  # sd below which no draws are believed
SHORTS = (0.005, 0.01)  # of the score with everything labeled
WORTH_A_RATIO = 300  # labels at random below which a ratio of labels is noise
SMALL = 0.005  # gains below this are as good as none
LARGEST = np.log(30)  # of ln s that is looked for
DRAWS, SEED = 400, 7
CURVE = "pooled"
FEW_SETS = 5  # data sets at which a class of model counts half of what it says of its own width


def rates(cases: Sequence[Case]) -> dict[str, list[float]]:
    """{family: [mean, sd] of ln rate}: a family's median, shrunk by one task of all families together."""
    found: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for case in {(case.name, case.model): case for case in cases}.values():
        for cut in CUTS:
            rate = own_rate(case.random, cut)
            if rate:
                found[case.family][case.name, case.model].append(float(np.log(rate)))
    tasks = {family: [float(np.mean(some)) for some in by_task.values()] for family, by_task in found.items()}
    every = [one for some in tasks.values() for one in some]
    middle, spread = float(np.median(every)), float(np.std(every))
    learned = {"unknown": [middle, max(spread, 0.5)]}
    for family, some in sorted(tasks.items()):
        share = len(some) / (len(some) + 1)
        learned[family] = [
            share * float(np.median(some)) + (1 - share) * middle,
            max(float(np.sqrt(share * np.var(some) + (1 - share) * spread**2)), 0.5),
        ]
    return learned


def own_rate(truth: Curve, cut: int) -> float | None:
    """Rate of the power law through a quarter of the cut and the cut that ends where the truth does."""
    pool = truth.labels[-1]
    quarter, here, end = (float(truth.at(k)) for k in (cut / 4, cut, pool))
    if here - quarter <= 0.004 or pool < 3 * cut:
        return None
    grid = np.geomspace(0.06, 2.5, 200)
    onward = (1 - (pool / cut) ** -grid) / (4**grid - 1)
    return float(grid[np.argmin(np.abs(onward - (end - here) / (here - quarter)))])


def worth(case: Case, strategy: str) -> float:
    """ln s with which random labeling at n + s x is nearest to the strategy at n + x."""
    curve = case.active[strategy]
    x, y = curve.labels[1:-1] - case.labeled, curve.scores[1:-1]
    grid = np.linspace(-LARGEST / 2, LARGEST, 200)
    if len(x) < 2:
        return float("nan")
    reached = np.minimum(case.pool, case.labeled + np.exp(grid)[:, None] * x[None, :])
    return float(grid[((case.random.at(reached) - y) ** 2).sum(axis=1).argmin()])


def worth_at_targets(case: Case, strategy: str) -> list[float]:
    """ln of random labels over the strategy's to come within half a point and a point of everything."""
    found = []
    for short in SHORTS:
        at_random = case.to_buy("random", short)
        if at_random >= WORTH_A_RATIO:
            found.append(float(np.log(at_random / max(case.to_buy(strategy, short), 1.0))))
    return [min(max(one, -LARGEST / 2), LARGEST) for one in found]


def exchange(cases: Sequence[Case]) -> dict[str, list[float]]:
    """{strategy: [at_15, slope, replay, size, sd]}; "" is what holds for a strategy that was not studied."""
    learned = {name: regression(_seen(cases, (name,))) for name in STUDIED}
    # A strategy nobody studied may be any of these: the spread between them is in its sd.
    learned[""] = regression(_seen(cases, STUDIED))
    return learned


def _seen(cases: Sequence[Case], strategies: Sequence[str]) -> list[tuple[Case, np.ndarray, float]]:
    """(case, regressors, ln s) of every case with something at stake."""
    found = []
    for case in cases:
        if case.score_all - case.score_now < STAKE:
            continue
        error = max(1 - float(case.replay["random"].mean[-1]), LEAST_ERROR)
        for name in strategies:
            true = _true_worth(case, name) if name in case.active else float("nan")
            if np.isfinite(true):
                replayed, _ = replay_exchange(case.replay[name], case.replay["random"])
                size = np.log(case.labeled / 1000)
                found.append((case, np.array([1.0, np.log(error / 0.15), replayed, size]), true))
    return found


def _true_worth(case: Case, strategy: str) -> float:
    """Half of what a label is worth along the whole way, half of what it is at the two targets where they are far."""
    at_targets = worth_at_targets(case, strategy)
    both = [worth(case, strategy), *([float(np.mean(at_targets))] if at_targets else [])]
    some = [one for one in both if np.isfinite(one)]
    return float(np.mean(some)) if some else float("nan")


def regression(seen: list[tuple[Case, np.ndarray, float]]) -> list[float]:
    """Weighted least squares with a little ridge; the sd is that of what is left over."""
    groups = [case.group for case, _, _ in seen]
    stakes = np.array([min(1.0, (case.score_all - case.score_now) / FULL_STAKE) for case, _, _ in seen])
    weight = stakes / np.array([groups.count(group) for group in groups])
    X, y = np.array([x for _, x, _ in seen]), np.array([true for _, _, true in seen])
    ridge = np.diag([0.0, 1.0, 1.0, 1.0])  # as if one data set said that error, replay and size do not matter
    found = np.linalg.solve(X.T @ (weight[:, None] * X) + ridge, X.T @ (weight * y))
    sd = float(np.sqrt((weight * (y - X @ found) ** 2).sum() / weight.sum()))
    return [*map(float, found), sd]


@dataclass(frozen=True, eq=False)
class Forecasted:
    """A case as it was forecast by constants that never saw its data set."""

    case: Case
    budgets: np.ndarray
    carried: Carried
    learned: Learned

    @cached_property
    def backtest(self) -> Backtest | None:
        """What the pilot says of its own forecast, hiding a part of itself; the worse of two."""
        names = [name for name in ("random", "margin") if name in self.case.replay]
        return worst(tests_of(basis(self.case, self.learned, names), CURVE, DRAWS, SEED))


def basis(case: Case, known: Learned, strategies: Sequence[str]) -> Basis:
    """What a forecast reads of a case, of some strategies."""
    replay = {name: case.replay[name] for name in strategies}
    studies = {name: name for name in strategies}
    return Basis(case.labeled, case.family, case.classes, case.at_random, replay, studies, known)


def carried(case: Case, known: Learned, curve: str, strategies: Sequence[str] = ("random", *STUDIED)) -> Forecasted:
    """The forecast of a case."""
    budgets = budget_grid(case.labeled, case.pool)
    rng = np.random.default_rng([SEED, 1])
    return Forecasted(case, budgets, carry(basis(case, known, strategies), budgets, curve, DRAWS, rng), known)


def quantile_by_group(values: Sequence[float] | np.ndarray, cases: Sequence[Case], share: float = 0.8) -> float:
    """The value below which a share of the data sets lies, each counting the same, one more counted as above it."""
    groups = [case.group for case in cases]
    weight = np.array([1 / groups.count(group) for group in groups])
    order, wanted = np.argsort(values), share * (weight.sum() + 1) / weight.sum()
    above = np.cumsum(weight[order]) / weight.sum() >= min(wanted, 1.0) - 1e-12
    return float(np.asarray(values)[order][np.flatnonzero(above)[0]])


def scales(
    some: Sequence["Forecasted"], missed: Callable[["Forecasted"], list[tuple[float, float]]], least: float
) -> dict[str, Any]:
    """Widths as they are stored, from (miss, sd of the draws) of every case: scales that hold 80% of the misses.

    Of the classes of model first: the factor between the scale of one and that of all, nearer to 1 the fewer data sets
    there are. Then of the sizes, half way between that of the size and that of all sizes together: some thirty data
    sets say a quantile of their own only roughly, and more rows should not widen a range by luck.
    """
    found = [(one.case, *pair) for one in some for pair in missed(one)]
    ratios = np.array([abs(miss) / np.hypot(sd, least) for _, miss, sd in found])
    cases = [case for case, _, _ in found]
    everything = np.arange(len(cases))

    def scale(own: Sequence[int] | np.ndarray) -> float:
        return quantile_by_group(ratios[own], [cases[k] for k in own])

    classes = {}
    for family in sorted({case.family for case in cases}):
        own = [k for k in everything if cases[k].family == family]
        sets = len({cases[k].group for k in own})
        classes[family] = float(np.exp(sets / (sets + FEW_SETS) * np.log(scale(own) / scale(everything))))
    ratios = ratios / np.array([classes[case.family] for case in cases])
    sizes = {}
    for size in SIZES:
        own = [k for k in everything if cases[k].labeled == size]
        if own:
            sizes[str(size)] = [(scale(own) + scale(everything)) / 2, least]
    return {"sizes": sizes, "classes": classes}


def spread(values: np.ndarray) -> float:
    """Sd of draws, as their 10 and 90% show it."""
    low, high = np.quantile(values, [0.1, 0.9])
    return float(high - low) / (2 * IN_TEN)


AS_IT_IS = {"sizes": {"500": [IN_TEN, 0.0]}, "classes": {}}  # a width that leaves draws as they are
PLAIN = {"score": AS_IT_IS, "labels": dict.fromkeys(("random", *STUDIED, ""), AS_IT_IS)}


NO_LIFT = {"own": {"unknown": 0.0}, "size": 0.0, "error": 0.0}
AS_DRAWN = [0.0, 1.0]  # chances as the draws give them


def rules(cases: Sequence[Case]) -> dict[str, Any]:
    """Everything but what is learned from how forecasts missed."""
    return rounded({"rates": rates(cases), "exchange": exchange(cases), "lift": NO_LIFT, "next_batch": AS_DRAWN})


def lift(found: Sequence["Forecasted"]) -> dict[str, Any]:
    """How much more or less was gained than forecast: ridge regression of the log of the ratio."""
    bases = [basis(one.case, one.learned, ("random",)) for one in found]
    kinds = sorted({one.kind for one in bases})
    rows, y = [], []
    for one, about in zip(found, bases, strict=True):
        middle = np.median(one.carried.scores["random"], axis=0)
        said, true = float(middle[-1] - middle[0]), one.case.score_all - one.case.score_now
        y.append(np.log((max(true, 0) + SMALL) / (said + SMALL)))
        size, hard = np.log(about.labeled / 1000), np.log(max(about.error, LEAST_ERROR) / 0.15)
        rows.append([1.0, size, hard, *(float(about.kind == kind) for kind in kinds)])
    X, groups = np.array(rows), [one.case.group for one in found]
    weight = 1 / np.array([groups.count(group) for group in groups])
    ridge = np.diag([0.0, 0.0, 1.0, *(1.0 for _ in kinds)])  # as if one data set said that kinds, errors are alike
    level, size, hard, *own = np.linalg.solve(X.T @ (weight[:, None] * X) + ridge, X.T @ (weight * np.array(y)))
    each = {name: level + more for name, more in zip(kinds, own, strict=True)}
    return {"own": {"unknown": level, **each}, "size": size, "error": hard}


def with_widths(learned: dict[str, Any], **widths: dict[str, Any]) -> dict[str, Any]:
    """Constants with some widths put in."""
    return rounded(learned | {"widths": learned.get("widths", PLAIN) | widths})


def rounded(value: Any) -> Any:
    """Numbers to four decimals: the digits beyond depend on the machine."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list) else round(float(value), 4)


def score_miss(one: Forecasted) -> list[tuple[float, float]]:
    """(miss, sd of the draws) of the score with everything labeled."""
    draws = one.carried.scores["random"][:, -1]
    return [(float(np.median(draws)) - one.case.score_all, spread(draws))]


def label_misses(one: Forecasted, strategies: Sequence[str]) -> list[tuple[float, float]]:
    """(miss, sd of the draws) of ln(labels to buy + 100), to half a point and a point short of everything."""
    found = []
    for name in strategies:
        if name != "random" and name not in one.case.active:
            continue
        for short in SHORTS:
            scores = one.carried.scores[name]
            draws = np.log(np.maximum(crossings(scores, one.budgets, short), 0) + 100)
            middle = labels_within(scores, one.budgets, short, Width(1.0, 0.0))[1]
            found.append((np.log(middle + 100) - np.log(one.case.to_buy(name, short) + 100), spread(draws)))
    return found


def score_widths(found: Sequence[Forecasted]) -> dict[str, Any]:
    """{"score": the scale of each size}."""
    return {"score": scales(found, score_miss, LEAST_SCORE)}


def label_widths(found: Sequence[Forecasted]) -> dict[str, Any]:
    """{"labels": {strategy: the scale of each size}}; a strategy nobody studied may be any of those that were."""
    of = {"random": ("random",), **{name: (name,) for name in STUDIED}, "": STUDIED}
    least = {name: LEAST_AT_RANDOM if name == "random" else LEAST_CHOSEN for name in of}
    misses = {name: partial(label_misses, strategies=names) for name, names in of.items()}
    return {"labels": {name: scales(found, misses[name], least[name]) for name in of}}


def left_out(cases: Sequence[Case], curve: str = CURVE) -> tuple[list[Forecasted], dict[str, Any]]:
    """(every case forecast by constants that never saw its data set, the constants learned from all of them).

    The rules for a data set come from all others, and so do its widths and chances: of the misses of all others, each
    forecast by rules that did not see it either.
    """
    groups = sorted({case.group for case in cases})
    own = {group: rules([case for case in cases if case.group != group]) for group in groups}
    everything = rules(cases)
    plain = [carried(case, constants(own[case.group]), curve, ("random",)) for case in cases]
    for group in groups:
        own[group] = rounded(own[group] | {"lift": lift([one for one in plain if one.case.group != group])})
    everything = rounded(everything | {"lift": lift(plain)})
    # Scores are stretched before labels are read off them.
    for learn, read in ((score_widths, ("random",)), (label_widths, ("random", *STUDIED))):
        found = [carried(case, constants(own[case.group]), curve, read) for case in cases]
        for group in groups:
            own[group] = with_widths(own[group], **learn([one for one in found if one.case.group != group]))
        everything = with_widths(everything, **learn(found))
    found = [carried(case, constants(own[case.group]), curve) for case in cases]
    for group in groups:
        others = [one for one in found if one.case.group != group]
        own[group] = rounded(own[group] | {"next_batch": surety(others)})
    final = {group: constants(saved) for group, saved in own.items()}
    everything = rounded(everything | {"next_batch": surety(found)})
    return [replace(one, learned=final[one.case.group]) for one in found], everything


def constants(saved: dict[str, Any]) -> Learned:
    """Stored numbers as a forecast takes them."""
    return learned_from(with_widths(saved), 0)
