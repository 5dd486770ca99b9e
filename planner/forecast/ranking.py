"""Strategies over several data sets: signed ranks against random labeling, mean ranks and their critical difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, f, rankdata, studentized_range

from planner.errors import PlannerError
from planner.forecast.comparison import LEVEL, Comparison, holm
from planner.results import Result

FEWEST_SETS = 2  # ranks over one data set are that data set's order


@dataclass(frozen=True, eq=False)
class SignedRanks(Result):
    """One strategy against random labeling over the data sets."""

    strategy: str
    gain: float  # median difference in area
    won: int  # data sets with the larger area
    lost: int
    p: float  # Wilcoxon signed ranks, exact, two-sided
    adjusted_p: float  # after Holm's correction over the strategies


@dataclass(frozen=True, eq=False)
class Ranking(Result):
    """Every strategy, random labeling included, over several data sets."""

    metric: str
    names: tuple[str, ...]  # of the data sets
    comparisons: tuple[Comparison, ...]  # one a data set
    strategies: tuple[str, ...]  # random first
    areas: np.ndarray  # (N, k)
    mean_ranks: np.ndarray  # (k,) 1 is the largest area
    chi2: float  # Friedman, corrected for ties
    chi2_p: float
    F: float  # Iman-Davenport
    F_p: float
    critical_difference: float  # Nemenyi, at .05
    rows: tuple[SignedRanks, ...]  # a row a strategy, random left out

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Strategies whose mean ranks lie within the critical difference, largest groups only, best rank first."""
        order = np.argsort(self.mean_ranks, kind="stable")
        ranks = self.mean_ranks[order]
        found: list[tuple[int, int]] = []
        for start, rank in enumerate(ranks):
            end = int(np.searchsorted(ranks, rank + self.critical_difference, side="left"))
            if end - start > 1 and (not found or end > found[-1][1]):
                found.append((start, end))
        return tuple(tuple(self.strategies[at] for at in order[start:end]) for start, end in found)


def rank(names: Sequence[str], comparisons: Sequence[Comparison]) -> Ranking:
    """The ranking over data sets. Raises PlannerError for one data set or none, or for different strategies."""
    if len(comparisons) < FEWEST_SETS:
        raise PlannerError(
            f"Ranks over data sets need at least {FEWEST_SETS} of them; {len(comparisons)} was given. "
            f"Name more files; signed ranks can be sure of something from {sets_needed(1)} on."
        )
    strategies = tuple(row.strategy for row in comparisons[0].rows)
    for name, one in zip(names, comparisons, strict=True):
        theirs = {row.strategy for row in one.rows}
        if theirs != set(strategies):
            raise PlannerError(
                f"{name} was replayed with {_listed(theirs)}, {names[0]} with {_listed(strategies)}. "
                "Run the pilots with the same strategies to compare them."
            )
    table = np.array([[one.random_area, *(_area(one, name) for name in strategies)] for one in comparisons])
    ranks = rankdata(-np.round(table, 12), axis=1)  # the last bits are the order of summing, not a difference
    found, p = friedman(ranks)
    F, F_p = iman_davenport(found, ranks.shape)
    return Ranking(
        comparisons[0].metric, tuple(names), tuple(comparisons), ("random", *strategies), table, ranks.mean(axis=0),
        found, p, F, F_p, critical_difference(*ranks.shape), _signed(strategies, table),
    )  # fmt: skip


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "random alone"


def _area(comparison: Comparison, strategy: str) -> float:
    return next(row.area for row in comparison.rows if row.strategy == strategy)


def _signed(strategies: tuple[str, ...], table: np.ndarray) -> tuple[SignedRanks, ...]:
    differences = np.round(table[:, 1:] - table[:, :1], 12)  # (N, k - 1)
    ps = [signed_ranks(column) for column in differences.T]
    return tuple(
        SignedRanks(name, float(np.median(column)), int((column > 0).sum()), int((column < 0).sum()), p, adjusted)
        for name, column, p, adjusted in zip(strategies, differences.T, ps, holm(ps), strict=True)
    )


def signed_ranks(differences: np.ndarray) -> float:
    """Exact two-sided p of Wilcoxon's signed ranks that differences (N,) lie evenly about 0.

    Zeros take the lowest ranks and count half for each side; ties share their ranks. Source: Wilcoxon 1945; zeros as
    in Demsar 2006.
    """
    # Shared ranks are halves, so twice the ranks are whole numbers and all sign patterns can be counted.
    doubled = np.round(2 * rankdata(np.abs(differences))).astype(int)
    doubled = np.where(differences == 0, 0, doubled)
    counts = np.zeros(doubled.sum() + 1)
    counts[0] = 1.0
    for step in doubled[doubled > 0]:
        shifted = np.concatenate([np.zeros(step), counts[: len(counts) - step]])
        counts = (counts + shifted) / 2  # chance of each sum of the positive ranks
    smaller = min(doubled[differences > 0].sum(), doubled[differences < 0].sum())
    return float(min(1.0, 2 * counts[: smaller + 1].sum()))


def smallest_p(N: int, strategies: int) -> float:
    """The smallest p that signed ranks over N data sets can give after correction for so many strategies."""
    return min(1.0, strategies * 2.0 ** (1 - N))


def sets_needed(strategies: int) -> int:
    """The fewest data sets from which signed ranks can be sure of a strategy among so many."""
    return next(N for N in range(FEWEST_SETS, 60) if smallest_p(N, strategies) < LEVEL)


def friedman(ranks: np.ndarray) -> tuple[float, float]:
    """(chi squared, p) that k ways are equally good, from their ranks (N, k) on N data sets; ties corrected.

    12 N / (k (k + 1)) x (sum of squared mean ranks - k (k + 1)^2 / 4). Source: Friedman 1937.
    """
    N, k = ranks.shape
    spread = ((ranks - (k + 1) / 2) ** 2).sum() / (N * (k - 1))  # k (k + 1) / 12 without ties
    if spread == 0:
        return 0.0, 1.0
    found = float(N * ((ranks.mean(axis=0) - (k + 1) / 2) ** 2).sum() / spread)
    return found, float(chi2.sf(found, k - 1))


def iman_davenport(chi_squared: float, shape: tuple[int, ...]) -> tuple[float, float]:
    """(F, p) of Friedman's chi squared over (N, k) ranks, which alone is too cautious. Source: Iman, Davenport 1980."""
    N, k = shape
    rest = N * (k - 1) - chi_squared
    if rest <= 1e-9:  # every data set in the same order
        return float("inf"), 0.0
    found = (N - 1) * chi_squared / rest
    return float(found), float(f.sf(found, k - 1, (k - 1) * (N - 1)))


def critical_difference(N: int, k: int) -> float:
    """How far two mean ranks of k ways over N data sets must lie apart to differ at .05. Source: Nemenyi 1963."""
    quantile = float(studentized_range.ppf(1 - LEVEL, k, np.inf)) / np.sqrt(2)
    return float(quantile * np.sqrt(k * (k + 1) / (6 * N)))
