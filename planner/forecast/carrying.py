"""Room 3: a Pilot becomes a Forecast: draws of the score at every budget up to the pool."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.choices.metrics import METRICS
from planner.errors import BadSetting
from planner.forecast.basis import basis_of, family_of, study_of
from planner.forecast.crossings import first_crossing
from planner.forecast.curves import CURVES, Drawn
from planner.forecast.drawing import budget_grid, carry
from planner.forecast.learned import Learned, Width, learned
from planner.forecast.posterior import window
from planner.forecast.replayed import Measured, constant_score, positive_class
from planner.pilot.running import Pilot
from planner.results import Result
from planner.sample.reading import Facts
from planner.settings import Settings, knob

# Rows the sample needs before each kind of statement can be made (product definitions).
FEWEST_FOR_SCORE, FEWEST_FOR_LABELS = 500, 1000
ABOVE_CONSTANT = 0.05  # a model closer to the constant prediction than this carries no forecast of labels
STEEP = 0.05  # forecast gains above this were missed three times as far as smaller ones


@dataclass(frozen=True)
class ForecastSettings(Settings):
    """How far the pilot is carried, and in which metric."""

    pool_size: int | None = knob(
        None,
        "Every item the model could be trained on, the labeled rows included. Empty: all rows of the file, "
        "if some have no label yet.",
        title="Items in all",
        unit="items",
        low=2,
        high=1_000_000_000,
        main=True,
    )
    metric: str = knob("accuracy", "The score that is forecast and valued.", title="Metric", choices=METRICS, main=True)
    curve: str = knob(
        "pooled",
        "How the curve of random labeling is carried on. Another one shows how much the answer hangs on it.",
        title="Learning curve",
        choices=CURVES,
    )
    positive: str = knob(
        "",
        "The class that recall and precision are about. Empty: the rarest one.",
        title="Class of recall and precision",
    )
    draws: int = knob(
        1000, "Possible futures drawn; every range is read off them.", title="Draws", unit="draws", low=200, high=20_000
    )


@dataclass(frozen=True, eq=False)
class Forecast(Result):
    """D draws of the score at B budgets for random labeling and each strategy, all from one set of draws."""

    pilot: Pilot
    settings: ForecastSettings
    pool_size: int  # N
    refusal: str | None  # "too_few" | "curves_only" | "no_label_counts" | "not_above_constant" | "steep" |
    # "unseen_class": why labels cannot be forecast; None when they can
    budgets: np.ndarray  # (B,) training labels in all, from n to N
    scores: dict[str, np.ndarray]  # {strategy: (D, B)} 0-1, non-decreasing along B; {} below 500 labeled rows
    score_now: np.ndarray  # (D,) at the n labels; (0,) below 200 labeled rows
    score_all: np.ndarray  # (D,) with everything labeled; (0,) below 500
    exchange: dict[str, np.ndarray]  # {strategy: (D,)} random labels one chosen label is worth; random is all ones
    calibrated: dict[str, bool]  # {strategy: whether its intervals were learned on other data}
    ahead: dict[str, bool]  # {strategy: a paired interval in the pilot puts it ahead of margin, or of random}
    measured: dict[str, Measured]  # {strategy: its replay inside the full training pool}
    trend: np.ndarray  # (2, T) labels and score of the curve fitted to the random replay, from its first anchor to n
    at_random: Measured | None = None  # random labeling in all its cuts, which the curve was fitted to

    @property
    def labeled(self) -> int:
        """n, the labels the sample already has."""
        return self.pilot.facts.labeled

    @property
    def learned(self) -> Learned:
        """What other data sets taught about the metric."""
        return learned(self.settings.metric)

    def label_width(self, strategy: str) -> Width:
        """How wide the labels to buy of a strategy are drawn, as they missed on other data sets."""
        known = self.learned.labels[study_of(strategy, self.pilot, self.learned)]
        return known.at(self.labeled, family_of(self.pilot))

    @property
    def metric_name(self) -> str:
        """The metric as it stands in a sentence, with the class it is about."""
        chosen = METRICS[self.settings.metric]
        name = chosen.title[0].lower() + chosen.title[1:]
        if chosen.facts["needs"] != "positive":
            return name
        about = self.pilot.facts.classes[positive_class(self.pilot.facts, self.settings.positive)]
        return name.replace("one class", f"'{about}'")

    @property
    def fitted(self) -> Measured:
        """The replay that the curve of random labeling runs through."""
        return self.at_random or self.measured["random"]

    @property
    def purchases(self) -> np.ndarray:
        """Labels to buy at each budget, (B,)."""
        return self.budgets - self.labeled

    @cached_property
    def middles(self) -> dict[str, np.ndarray]:
        """{strategy: (B,)} the median score at each budget: what is drawn as its line."""
        found = {name: np.median(scores, axis=0) for name, scores in self.scores.items()}
        for middle in found.values():
            middle.setflags(write=False)
        return found

    @cached_property
    def to_targets(self) -> dict[tuple[str, float | None, float], Any]:
        """Room for what economics.to_target found: it is asked for again at every change of a price."""
        return {}


def forecast(pilot: Pilot, settings: ForecastSettings | None = None) -> Forecast:
    """Carry a pilot to the pool: the random curve by the curve that is chosen, each strategy by its exchange rate.

    Raises BadSetting when the pool is missing or smaller than the sample.
    """
    settings = settings or ForecastSettings()
    N = pool_size_of(pilot.facts, settings)
    n, names, nothing = pilot.facts.labeled, pilot.settings.all_strategies, np.empty(0)
    budgets = budget_grid(n, N)
    if not pilot.traces:
        unknown = dict.fromkeys(names, False)
        none = np.empty((2, 0))
        return Forecast(pilot, settings, N, "too_few", budgets, {}, nothing, nothing, {}, unknown, unknown, {}, none)
    basis = basis_of(pilot, settings.metric, settings.positive)
    known = bool(CURVES[settings.curve].facts["calibrated"])
    calibrated = {name: known and one for name, one in basis.calibrated.items()}
    ahead = {name: basis.is_ahead(name) for name in names}
    measured = dict(basis.measured)
    carried = carry(basis, budgets, settings.curve, settings.draws, np.random.default_rng([pilot.settings.seed, 1]))
    scores, random, exchange = carried.scores, carried.scores["random"], carried.exchange
    now, everything, trend = random[:, 0], random[:, -1], _trend(carried.curve, measured["random"], random[:, 0], n)
    refusal = _refusal(pilot, settings, measured["random"], random)
    if n < FEWEST_FOR_SCORE:
        refusal, scores, everything = "curves_only", {}, nothing
    return Forecast(
        pilot, settings, N, refusal, budgets, scores, now, everything, exchange, calibrated, ahead, measured, trend,
        basis.random,
    )  # fmt: skip


def pool_size_of(facts: Facts, settings: ForecastSettings) -> int:
    """N as typed, or all rows of the file when some are unlabeled. Raises BadSetting without either."""
    N = settings.pool_size
    if N is None:
        if facts.rows == facts.labeled:
            raise BadSetting(
                f"Every one of the {facts.rows:,} rows has a label, so the file does not say how many items there are "
                "in all. Give the pool size: every item you could label, these rows included."
            )
        return facts.rows
    if facts.labeled > N:
        raise BadSetting(
            f"The pool size is {N:,}, but the sample alone has {facts.labeled:,} labeled rows. "
            "The pool is every item you could label, these rows included: type a larger number."
        )
    return N


def labels_needed(forecast: Forecast, strategy: str, score: float | np.ndarray) -> np.ndarray:
    """Labels to buy at which each draw first reaches `score`, (D,); inf where it never does.

    `score` is one number, or one a draw (D,). Linear between budgets in log labels.
    """
    crossing = first_crossing(forecast.scores[strategy], forecast.budgets, score)
    return np.asarray(np.maximum(crossing - forecast.labeled, 0))


def _trend(curve: Drawn, measured: Measured, now: np.ndarray, n: int) -> np.ndarray:
    """(2, T): the fitted curve where it was measured, ending at the score now, so that a chart need not jump."""
    labels = measured.labels[window(measured.labels)]
    scores = 1 - np.median(curve.error(labels), axis=0)
    return np.array([[*labels, n], np.clip([*scores, np.median(now)], 0, 1)], dtype=float)


def _refusal(pilot: Pilot, settings: ForecastSettings, measured: Measured, random: np.ndarray) -> str | None:
    metric, positive = settings.metric, settings.positive
    if pilot.facts.labeled < FEWEST_FOR_LABELS:
        return "no_label_counts"
    if measured.mean[-1] < constant_score(pilot, metric, positive) + ABOVE_CONSTANT:
        return "not_above_constant"
    if np.median(random[:, -1] - random[:, 0]) > STEEP:
        return "steep"
    return "unseen_class" if pilot.facts.unseen else None
