"""Room 3: a Pilot becomes a Forecast: draws of the score at every budget up to the pool."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.choices.estimators import ESTIMATORS
from planner.choices.metrics import METRICS
from planner.errors import BadSetting
from planner.forecast.crossings import at_labels, first_crossing
from planner.forecast.curves import CURVES, Drawn
from planner.forecast.exchange import UNCALIBRATED, exchange_draws, has_study
from planner.forecast.posterior import window
from planner.forecast.replayed import IN_TEN, Measured, constant_score, is_ahead, measure, positive_class
from planner.pilot.running import Pilot
from planner.results import Result
from planner.sample.reading import Facts
from planner.settings import Settings, knob

# Rows the sample needs before each kind of statement can be made (product definitions).
FEWEST_FOR_SCORE, FEWEST_FOR_LABELS = 500, 1000
ABOVE_CONSTANT = 0.05  # a model closer to the constant prediction than this carries no forecast of labels
STEEP = 0.05  # forecast gains above this were missed three times as far as smaller ones
BUDGETS = 160


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
        "power_law",
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

    @property
    def labeled(self) -> int:
        """n, the labels the sample already has."""
        return self.pilot.facts.labeled

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
    n, metric = pilot.facts.labeled, settings.metric
    strategies = pilot.settings.all_strategies
    measured = (
        {name: measure(pilot, name, metric, positive=settings.positive) for name in strategies} if pilot.traces else {}
    )
    budgets = budget_grid(n, N)
    studied = metric == "accuracy" and CURVES[settings.curve].facts["calibrated"]
    calibrated = {name: studied and has_study(name, pilot) for name in strategies}
    ahead = {name: _is_ahead(name, measured) for name in strategies}
    nothing = np.empty(0)
    if not measured:
        none = np.empty((2, 0))
        return Forecast(pilot, settings, N, "too_few", budgets, {}, nothing, nothing, {}, calibrated, ahead, {}, none)
    rng = np.random.default_rng([pilot.settings.seed, 1])
    fit_curve = CURVES[settings.curve].call
    curve = fit_curve(measured["random"].labels, 1 - measured["random"].folds, family_of(pilot), settings.draws, rng)
    random = _random_scores(curve, measured["random"], budgets, n, calibrated["random"], rng)
    now, trend = random[:, 0], _trend(curve, measured["random"], random[:, 0], n)
    exchange = exchange_draws(pilot, measured, metric, rng.standard_normal(settings.draws))
    if n < FEWEST_FOR_SCORE:
        return Forecast(
            pilot, settings, N, "curves_only", budgets, {}, now, nothing, {}, calibrated, ahead, measured, trend
        )
    scores = {name: active_scores(random, budgets, n, exchange[name]) for name in strategies}
    refusal = _refusal(pilot, settings, measured["random"], random)
    return Forecast(
        pilot, settings, N, refusal, budgets, scores, now, random[:, -1], exchange, calibrated, ahead, measured, trend
    )


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


def budget_grid(n: int, N: int) -> np.ndarray:
    """Training labels in all at which everything is forecast, (B,): n, then purchases growing evenly in ratio to N."""
    if n == N:
        return np.array([n], dtype=float)
    first = min(10, N - n)
    return np.unique(np.concatenate([[n], n + np.round(np.geomspace(first, N - n, BUDGETS))])).astype(float)


def active_scores(random: np.ndarray, budgets: np.ndarray, n: int, exchange: np.ndarray) -> np.ndarray:
    """Score draws (D, B) when each label bought is worth `exchange` (D,) random ones; flat beyond the pool."""
    reached = np.minimum(n + exchange[:, None] * (budgets - n)[None, :], budgets[-1])
    reached[:, -1] = budgets[-1]  # with everything labeled it no longer matters who chose
    return at_labels(random, budgets, reached)


def labels_needed(forecast: Forecast, strategy: str, score: float | np.ndarray) -> np.ndarray:
    """Labels to buy at which each draw first reaches `score`, (D,); inf where it never does.

    `score` is one number, or one a draw (D,). Linear between budgets in log labels.
    """
    crossing = first_crossing(forecast.scores[strategy], forecast.budgets, score)
    return np.asarray(np.maximum(crossing - forecast.labeled, 0))


def _random_scores(
    curve: Drawn, measured: Measured, budgets: np.ndarray, n: int, calibrated: bool, rng: np.random.Generator
) -> np.ndarray:
    """Score draws of random labeling, (D, B), widened to their calibrated range."""
    level = rng.standard_normal(len(curve.level)) * _level_sd(measured, n)
    scores = 1 - (curve.error(budgets) + level[:, None])
    wider = 1.0 if calibrated else UNCALIBRATED
    return np.clip(np.maximum.accumulate(_widen(scores, budgets, n, wider), axis=1), 0, 1)


def _trend(curve: Drawn, measured: Measured, now: np.ndarray, n: int) -> np.ndarray:
    """(2, T): the fitted curve where it was measured, ending at the score now, so that a chart need not jump."""
    labels = measured.labels[window(measured.labels)]
    scores = 1 - np.median(curve.error(labels), axis=0)
    return np.array([[*labels, n], np.clip([*scores, np.median(now)], 0, 1)], dtype=float)


def _level_sd(measured: Measured, n: int) -> float:
    """How far the score at the full training pool may be off because n rows were tested, one sd."""
    half = float(measured.mean[-1] - measured.low[-1])
    return max(half / IN_TEN, 1 / (4 * n))


def _widen(scores: np.ndarray, budgets: np.ndarray, n: int, wider: float) -> np.ndarray:
    """Stretch draws about their median to the half-width that held 80% of truths on other data sets.

    The stretch grows from none at the sample (where the range is the test's own) to the full one at the pool.
    """
    q = 1.24 if n <= 1414 else 1.38  # learned at 1,000 and 2,000 rows; the nearer one by ratio
    low, median, high = np.quantile(scores, [0.1, 0.5, 0.9], axis=0)
    sd = np.maximum((high - low) / (2 * IN_TEN), 1e-6)
    far = np.log(budgets / n) / np.log(budgets[-1] / n) if len(budgets) > 1 else np.zeros(1)
    stretch = 1 + far * (q * np.sqrt(sd**2 + 0.005**2) / (IN_TEN * sd) - 1)
    return np.asarray(median + (scores - median) * np.maximum(stretch, 1e-3) * wider)


def family_of(pilot: Pilot) -> str:
    """The class of model whose learning-curve prior applies."""
    family = str(ESTIMATORS[pilot.model].facts["family"])
    return "text" if family == "linear" and "text" in pilot.facts.kind else family


def _is_ahead(strategy: str, measured: dict[str, Measured]) -> bool:
    other = "margin" if "margin" in measured and strategy != "margin" else "random"
    return strategy != other and strategy in measured and is_ahead(measured[strategy], measured[other])


def _refusal(pilot: Pilot, settings: ForecastSettings, measured: Measured, random: np.ndarray) -> str | None:
    metric, positive = settings.metric, settings.positive
    if pilot.facts.labeled < FEWEST_FOR_LABELS:
        return "no_label_counts"
    if measured.mean[-1] < constant_score(pilot, metric, positive) + ABOVE_CONSTANT:
        return "not_above_constant"
    if np.median(random[:, -1] - random[:, 0]) > STEEP:
        return "steep"
    return "unseen_class" if pilot.facts.unseen else None


def curve_of(pilot: Pilot, measured: Measured, draws: int, curve: str) -> Drawn:
    """The curve alone, for the back-test."""
    seed, fit_curve = pilot.settings.seed, CURVES[curve].call
    return fit_curve(measured.labels, 1 - measured.folds, family_of(pilot), draws, np.random.default_rng([seed, 2]))
