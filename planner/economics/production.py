"""What models of some score do with production's decisions: the mistakes the pilot saw, carried along the score.

Between the anchors of the random replay the mistakes are interpolated by score. Beyond them all mistakes shrink in
proportion to what is missing of a perfect score, and their mix stays as it was at the last anchor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from planner.errors import BadSetting, unknown
from planner.forecast.carrying import Forecast
from planner.forecast.replayed import positive_class
from planner.pilot.mistakes import costs_of
from planner.pilot.scoring import BARS
from planner.pilot.trace import Trace, nothing
from planner.results import Result


@dataclass(frozen=True, eq=False)
class Production(Result):
    """The random replay as a table from score to mistakes, K anchors of rising score and C classes."""

    classes: tuple[str, ...]
    shares: np.ndarray  # (C,) of the classes in the sample
    scores: np.ndarray  # (K,) in the metric of the forecast, strictly rising
    confusion: np.ndarray  # (K, C, C) share of each true class that is predicted as each class
    costed: np.ndarray  # (K, C, C) when the class of lowest expected cost is named; (0,) without costs in the pilot
    costs: np.ndarray  # (C, C) those costs
    # Share of each true class by largest probability, and wrong or right, (K, C, bins, 2), bins = len(BARS) - 1;
    # (K, bins, 2) of all rows in pilots of before, (0,) in those of longer ago.
    confident: np.ndarray
    positive: int  # the class that is looked for
    one_class: bool  # the metric is about that class alone, so that only its rows change with the score
    stake: np.ndarray = field(default_factory=nothing)  # (K, C, C) share of each true class's amount predicted as each
    mean_amounts: np.ndarray = field(default_factory=nothing)  # (C,) of a row of each class; (0,) without amounts


@lru_cache(maxsize=4)
def production_of(forecast: Forecast) -> Production:
    """The table behind a forecast."""
    pilot, metric = forecast.pilot, forecast.settings.metric
    traces, facts = pilot.traces_of("random"), pilot.facts
    score = forecast.measured["random"].mean
    kept = np.concatenate([[True], score[1:] > np.maximum.accumulate(score)[:-1]])
    costed = [trace.costed for trace in traces if trace.costed.size]
    return Production(
        facts.classes,
        facts.counts / facts.counts.sum(),
        score[kept],
        _by_row(np.sum([trace.confusion for trace in traces], axis=0)[kept]),
        _by_row(np.sum(costed, axis=0)[kept]) if len(costed) == len(traces) else np.empty(0),
        costs_of(pilot.settings.costs, facts.classes),
        _bars(traces, kept),
        positive_class(facts, forecast.settings.positive),
        metric == "recall",
        *_stakes(traces, kept, facts.counts),
    )


def _stakes(traces: Sequence[Trace], kept: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(share of each true class's amount that is predicted as each class, mean amount of a row of each class)."""
    found = [trace.at_stake for trace in traces if trace.at_stake.size]
    if len(found) != len(traces):
        return nothing(), nothing()
    times = sum(trace.confusion[0].sum() for trace in traces) / counts.sum()  # each row is tested once a repeat
    amounts = np.sum(found, axis=0)[kept]
    return _by_row(amounts), np.asarray(amounts[0].sum(axis=-1) / np.maximum(counts * times, 1))


def _bars(traces: Sequence[Trace], kept: np.ndarray) -> np.ndarray:
    """How sure the model was, as shares of each true class; of all rows where the pilot is an old one."""
    found = [trace.by_confidence for trace in traces if trace.by_confidence.size]
    if len(found) != len(traces):
        return nothing()
    counts = np.sum(found, axis=0)[kept]
    if counts.ndim == 3:
        return np.asarray(counts / counts[0].sum())
    return np.asarray(counts / np.maximum(counts.sum(axis=(-2, -1), keepdims=True), 1))


def _by_row(counts: np.ndarray) -> np.ndarray:
    """Counts (K, C, C) as shares of each true class; a class without a row makes no mistake."""
    rows = counts.sum(axis=-1, keepdims=True)
    none = np.broadcast_to(np.eye(counts.shape[-1]), counts.shape)
    return np.asarray(np.where(rows > 0, counts / np.where(rows > 0, rows, 1), none))


class ProductionRates:
    """The Rates of values.py: a production table under a person's class shares, costs and confidence bar."""

    def __init__(self, table: Production, asked: Any) -> None:
        self.table = table
        self.shares = shares_of(asked.class_shares, table)
        self.weights = costs_of(asked.mistake_costs, table.classes) if asked.mistake_costs.strip() else table.costs
        self.bar = float(asked.confidence_bar)
        self.typed_shares = bool(asked.class_shares.strip())

    def cost(self, scores: np.ndarray) -> np.ndarray:
        """Mean cost of a decision; each made at the lowest expected cost where the pilot knew these costs."""
        known = self.table.costed.size > 0 and _in_proportion(self.weights, self.table.costs)
        return self._expected(self.weights, scores, self.table.costed if known else self.table.confusion)

    def flagged(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are given the class that is looked for."""
        weights = np.zeros((len(self.shares), len(self.shares)))
        weights[:, self.table.positive] = 1
        return self._expected(weights, scores, self.table.confusion)

    def missed(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are of that class and not given it."""
        weights = np.zeros((len(self.shares), len(self.shares)))
        weights[self.table.positive] = 1
        weights[self.table.positive, self.table.positive] = 0
        return self._expected(weights, scores, self.table.confusion)

    def missed_at_stake(self, scores: np.ndarray) -> np.ndarray:
        """The same with each item as heavy as its amount over the class's mean; without amounts all are as heavy."""
        if not self.table.stake.size:
            return self.missed(scores)
        weights = np.zeros((len(self.shares), len(self.shares)))
        weights[self.table.positive] = 1
        weights[self.table.positive, self.table.positive] = 0
        return self._expected(weights, scores, self.table.stake)

    def false_alarms(self, scores: np.ndarray) -> np.ndarray:
        """Share of all items that are given that class and are not of it."""
        weights = np.zeros((len(self.shares), len(self.shares)))
        weights[:, self.table.positive] = 1
        weights[self.table.positive, self.table.positive] = 0
        return self._expected(weights, scores, self.table.confusion)

    def automated(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares of all items above the bar, and above it and wrong; items below it shrink as mistakes do.

        That is an approximation: in the bundled samples they shrank by 0.3 to 1.1% for each 1% fewer mistakes.
        """
        if not self.table.confident.size:
            raise BadSetting(
                "This pilot does not say how sure its model was. Run it again with this version, or choose another "
                "value model."
            )
        above = _above(self.table.confident, self.bar)  # (K, C, 2), or (K, 2) of all rows
        if above.ndim == 3:
            above = np.einsum("c,kcw->kw", self.shares, above)
        elif self.typed_shares:
            raise BadSetting(
                "This pilot does not say of which classes its model was sure, so class shares cannot be used. Run it "
                "again with this version, or leave the class shares empty."
            )
        left, wrong = 1 - above.sum(axis=-1), above[:, 0]
        still = np.zeros(len(wrong))
        return 1 - self._along(scores, left, still), self._along(scores, wrong, still)

    def _expected(self, weights: np.ndarray, scores: np.ndarray, confusion: np.ndarray) -> np.ndarray:
        """Mean weight of a decision, (...): that of no mistake, and what each mistake adds."""
        more = self.shares[:, None] * (weights - np.diag(weights)[:, None])
        by_row = (confusion * more).sum(axis=-1)  # (K, C)
        staying = np.zeros(len(confusion))
        if self.table.one_class:
            staying = by_row.sum(axis=-1) - by_row[:, self.table.positive]
        moving = by_row.sum(axis=-1) - staying
        return np.asarray(float(self.shares @ np.diag(weights)) + self._along(scores, moving, staying))

    def _along(self, scores: np.ndarray, moving: np.ndarray, staying: np.ndarray) -> np.ndarray:
        """What mistakes of each anchor (K,) come to at other scores; outside the anchors `moving` is scaled."""
        known, scores = self.table.scores, np.asarray(scores, dtype=float)
        inside = np.interp(scores, known, moving + staying)
        last, first = ((1 - scores) / max(1 - float(end), 1e-9) for end in (known[-1], known[0]))
        beyond = np.where(scores > known[-1], moving[-1] * last + staying[-1], inside)
        return np.asarray(np.where(scores < known[0], moving[0] * first + staying[0], beyond))


def shares_of(text: str, table: Production) -> np.ndarray:
    """Shares of the classes in production, (C,): fraud=0.01, ok=0.99; the classes not named share what is left.

    Empty: as in the sample. Raises BadSetting or UnknownChoice.
    """
    typed: dict[int, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, share = (piece.strip() for piece in part.rpartition("="))
        if name not in table.classes:
            raise unknown("class", name or part, table.classes)
        typed[table.classes.index(name)] = _share(share, part)
    if not typed:
        return table.shares
    named, left = np.array(sorted(typed)), 1 - sum(typed.values())
    others = np.setdiff1d(np.arange(len(table.classes)), named)
    if left < -1e-9 or (left > 1e-9 and not table.shares[others].sum()):
        raise BadSetting(f"The class shares add up to {1 - left:g}; name every class so that they add up to 1.")
    found = np.zeros(len(table.classes))
    found[named] = [typed[code] for code in named]
    if left > 1e-9:
        found[others] = left * table.shares[others] / table.shares[others].sum()
    return found


def _share(text: str, part: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = np.nan
    if not 0 <= share <= 1:
        raise BadSetting(f"'{part}' is no share of a class. Write it as class=share, such as fraud=0.01.")
    return share


def _above(confident: np.ndarray, bar: float) -> np.ndarray:
    """Share of rows above the bar, wrong and right, (..., 2); a bin that the bar cuts is taken to be filled evenly."""
    part = np.clip((BARS[1:] - bar) / np.diff(BARS), 0, 1)
    return np.asarray((confident * part[:, None]).sum(axis=-2))


def _in_proportion(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one / one.max(), other / other.max()))
