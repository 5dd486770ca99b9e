"""What a pilot says about its strategies beside random labeling: areas under the curve, paired by repeat and fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from planner.forecast.replayed import Measured, exchange_of_folds, measure
from planner.pilot.running import Pilot
from planner.results import Result

LEVEL = 0.05  # a difference is called sure below it, after Holm's correction
SURE = 0.8  # the chance from which the pilot names a best strategy: the same as for the verdict `active`
DRAWS = 10_000  # a chance is read to half a point
SAME = 1e-12  # areas closer than this are one area: only the order of summing differs


@dataclass(frozen=True, eq=False)
class Against(Result):
    """One strategy beside random labeling. Ranges are 80% intervals of the mean over folds."""

    strategy: str
    area: float  # mean score along the labels, 0-1
    gain: float  # area minus that of random labeling
    gain_low: float
    gain_high: float
    p: float  # corrected resampled t, two-sided
    adjusted_p: float  # after Holm's correction over the strategies
    efficiency: (
        float | None
    )  # random labels with the same score / labels; None where the replay is too short to read it
    efficiency_low: float | None
    efficiency_high: float | None
    won: float  # share of folds with the larger area; a tie counts half

    @property
    def standing(self) -> str:
        """Where it stands once several strategies were tried: "ahead" | "behind" | "open"."""
        if self.adjusted_p >= LEVEL:
            return "open"
        return "ahead" if self.gain > 0 else "behind"


@dataclass(frozen=True, eq=False)
class Best(Result):
    """Which strategy had the largest area, and how sure that is."""

    strategy: str  # the likeliest
    chances: dict[str, float]  # {strategy: chance to have the largest area}, likeliest first; they sum to 1

    @property
    def chance(self) -> float:
        """How sure it is that the likeliest is the best, 0-1."""
        return self.chances[self.strategy]

    @property
    def sure(self) -> bool:
        """Whether that suffices to name one strategy."""
        return self.chance >= SURE


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Every strategy of a pilot beside random labeling, in one metric."""

    metric: str
    folds: int  # J, over all repeats
    random_area: float
    rows: tuple[Against, ...]  # a row a strategy, random left out, in the order they were asked for
    best: Best


def compare(pilot: Pilot, metric: str) -> Comparison:
    """The comparison of a pilot that holds traces, in one metric."""
    return compare_measured({name: measure(pilot, name, metric) for name in pilot.settings.all_strategies}, metric)


def compare_measured(measured: Mapping[str, Measured], metric: str) -> Comparison:
    """The comparison of replays that were measured already; `random` is among them."""
    random = measured["random"]
    rivals = {name: one for name, one in measured.items() if name != "random"}
    raised = held_out_ratio(random)
    ps = [corrected_t_test(areas(one) - areas(random), raised) for one in rivals.values()]
    rows = tuple(
        _against(name, one, random, (p, adjusted))
        for (name, one), p, adjusted in zip(rivals.items(), ps, holm(ps), strict=True)
    )
    return Comparison(metric, len(random.folds), float(areas(random).mean()), rows, best_of_pilot(measured))


def _against(name: str, chosen: Measured, random: Measured, ps: tuple[float, float]) -> Against:
    raised = held_out_ratio(random)
    difference = areas(chosen) - areas(random)
    low, high = corrected_interval(difference, raised)
    won = float(np.mean((difference > 0) + 0.5 * (difference == 0)))
    ratio = exchange_of_folds(chosen, random)  # ln
    efficiency: tuple[float | None, float | None, float | None] = (None, None, None)
    if len(ratio):
        least, most = corrected_interval(ratio, raised)
        efficiency = (float(np.exp(ratio.mean())), float(np.exp(least)), float(np.exp(most)))
    return Against(name, float(areas(chosen).mean()), float(difference.mean()), low, high, *ps, *efficiency, won)


def best_of_pilot(measured: Mapping[str, Measured]) -> Best:
    """The chance of each strategy, random labeling included, to have the largest area.

    The folds are resampled together for all strategies, each with a normal weight, so what strategies share stays
    shared. The spread is the corrected one of Nadeau, Bengio 2003; of two strategies the chance is that of the
    correlated t posterior. Source: Corani, Benavoli 2015.
    """
    names = sorted(measured)  # the order in which they are summed, whatever order they come in
    found = np.array([areas(measured[name]) for name in names])  # (S, J)
    mean, folds = found.mean(axis=1), found.shape[1]
    rng = np.random.default_rng(0)  # a fixed stream: the same pilot always says the same
    weights = rng.normal(size=(DRAWS, folds)) * np.sqrt((folds - 1) / rng.chisquare(folds - 1, size=DRAWS))[:, None]
    scale = np.sqrt((1 / folds + held_out_ratio(measured[names[0]])) / (folds - 1))
    drawn = mean + scale * weights @ (found - mean[:, None]).T  # (D, S)
    first = drawn >= drawn.max(axis=1, keepdims=True) - SAME
    shares = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)  # equals share the first place
    chances = {names[at]: float(shares[at]) for at in np.argsort(-shares, kind="stable")}
    return Best(next(iter(chances)), chances)


def areas(measured: Measured) -> np.ndarray:
    """Area under each fold's curve, (J,): trapezoids over the labels / the length of the budget, so a mean score."""
    if len(measured.labels) == 1:
        return measured.folds[:, 0]
    length = measured.labels[-1] - measured.labels[0]
    return np.asarray(np.trapezoid(measured.folds, measured.labels, axis=1) / length)


def held_out_ratio(measured: Measured) -> float:
    """Test rows for one row that could be trained on, from the number of folds."""
    return 1 / max(len(measured.folds) // len(measured.repeats) - 1, 1)


def corrected_error(differences: np.ndarray, held_out_ratio: float) -> float:
    """Standard error of the mean of paired differences (J,) whose training sets share rows.

    sqrt((1 / J + test rows / training rows) x variance). Source: Nadeau, Bengio 2003; for repeated folds Bouckaert,
    Frank 2004.
    """
    return float(np.sqrt((1 / len(differences) + held_out_ratio) * differences.var(ddof=1)))


def corrected_interval(differences: np.ndarray, held_out_ratio: float, inside: float = 0.8) -> tuple[float, float]:
    """The interval of the mean of paired differences (J,) that goes with the corrected error."""
    mean = float(differences.mean())
    half = float(student.ppf((1 + inside) / 2, len(differences) - 1)) * corrected_error(differences, held_out_ratio)
    return mean - half, mean + half


def corrected_t_test(differences: np.ndarray, held_out_ratio: float) -> float:
    """Two-sided p of the corrected resampled t test that the mean of paired differences (J,) is 0."""
    mean, error = float(differences.mean()), corrected_error(differences, held_out_ratio)
    if error == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * student.sf(abs(mean) / error, len(differences) - 1))


def holm(ps: Iterable[float]) -> list[float]:
    """p-values adjusted for being several, in the order given, never below the raw ones. Source: Holm 1979."""
    raw = np.array(list(ps), dtype=float)
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate(raw[order] * np.arange(len(raw), 0, -1)) if len(raw) else raw
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1)
    return [float(p) for p in adjusted]
