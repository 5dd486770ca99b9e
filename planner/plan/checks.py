"""Reasons to doubt: one function each, from the figures of a valuation to a Doubt or None, strongest first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner import words
from planner.choices.estimators import ESTIMATORS
from planner.choices.strategies import STRATEGIES
from planner.economics.figures import GREEN, REDUNDANT, Figures
from planner.forecast.learned import WIDER
from planner.forecast.sample_size import rows_until_flatter
from planner.forecast.simulated import means_something, no_study
from planner.plan.trust import how_far_off, ill_shape
from planner.plan.value_trust import doubt_of_value

SMALL_CLASS = 5  # rows; fewer cannot be spread over five folds
SHIFTED = 0.6  # AUC at which labeled and unlabeled rows look like two populations
MOST_RUNS = 0.5  # share of runs that counts as most
LARGE_CLASS = 0.8  # share at which accuracy says little about the others


@dataclass(frozen=True)
class Doubt:
    """A reason not to believe the plan too much."""

    code: str
    finding: str  # "Bold claim in a few words. Then the fact with a number."
    remedy: str


Check = Callable[[Figures], Doubt | None]
CHECKS: list[Check] = []


def doubts(figures: Figures) -> tuple[Doubt, ...]:
    """Every doubt that holds, strongest first."""
    found = (check(figures) for check in CHECKS)
    return tuple(doubt for doubt in found if doubt)


@CHECKS.append
def missed(figures: Figures) -> Doubt | None:
    """A back-test missed."""
    test = figures.backtest
    if test is None or not test.missed:
        return None
    return Doubt(
        "backtest_missed",
        f"The forecast missed on your own data. {how_far_off(test)}",
        "Read every forecast here as wider than drawn; more labeled rows would settle it.",
    )


@CHECKS.append
def shifted(figures: Figures) -> Doubt | None:
    """Labeled and unlabeled rows look like two populations."""
    auc = figures.facts.shift_auc
    if auc is None or auc <= SHIFTED:
        return None
    return Doubt(
        "shift",
        "The labeled rows are not a random draw. A model tells them from the unlabeled rows with an AUC of "
        f"{auc:.2f}; 0.50 would be chance.",
        "Label a few hundred rows drawn at random and run the pilot on those.",
    )


@CHECKS.append
def ill_shaped(figures: Figures) -> Doubt | None:
    """The curve of random labeling falls, peaks or does not move."""
    found = ill_shape(figures)
    return Doubt(*found) if found else None


@CHECKS.append
def steep(figures: Figures) -> Doubt | None:
    """The curve has not begun to flatten."""
    if not figures.steep:
        return None
    gain = float(np.median(figures.gain_of_everything))
    return Doubt(
        "steep",
        f"The score is still climbing. {words.points(gain)} more are forecast by the end of the pool, and such "
        "forecasts have been too low by far.",
        f"Label about {words.about(rows_until_flatter(figures.forecast) - figures.n)} more at random and run the pilot "
        "again.",
    )


@CHECKS.append
def few_rows(figures: Figures) -> Doubt | None:
    """Too few labeled rows for numbers of labels."""
    if figures.n >= 1000:
        return None
    return Doubt(
        "few_rows",
        f"The sample is small. It has {words.plural(figures.n, 'labeled row')}; below {words.count(1000)} the number "
        "of labels needed cannot be told.",
        f"Label {words.count(max(1000 - figures.n, 1))} more rows drawn at random.",
    )


@CHECKS.append
def redundant(figures: Figures) -> Doubt | None:
    """Many rows have a near-duplicate."""
    share = figures.facts.near_duplicates
    if share <= REDUNDANT:
        return None
    return Doubt(
        "redundant",
        f"The data repeat themselves. {words.percent(share, 0)} of the rows have a near-duplicate, so a strategy "
        "buys the same item twice.",
        "Remove near-duplicates from the pool before anything is labeled.",
    )


@CHECKS.append
def cold_start(figures: Figures) -> Doubt | None:
    """A class has too few rows for its probabilities to mean anything."""
    small = [name for name, rows in zip(figures.facts.classes, figures.facts.counts, strict=True) if rows < SMALL_CLASS]
    if not small:
        return None
    named = words.listing([f"'{name}'" for name in small[:3]]) + (" and others" if len(small) > 3 else "")
    return Doubt(
        "cold_start",
        f"Some classes have hardly been seen. {named} {'has' if len(small) == 1 else 'have'} under {SMALL_CLASS} "
        "labeled rows, so the model's doubt about them means little.",
        "Merge them with another class, leave them out, or label a few more by hand.",
    )


@CHECKS.append
def leak(figures: Figures) -> Doubt | None:
    """A column gives the label away."""
    found = [finding for finding in figures.facts.findings if finding.code == "leak"]
    return Doubt("leak", found[0].finding, found[0].remedy) if found else None


@CHECKS.append
def undecided(figures: Figures) -> Doubt | None:
    """Choosing may not beat buying at random."""
    chance, better_at_random = figures.chance_against_random, figures.worth("random") > figures.worth(figures.active)
    if figures.forecast.refusal or chance is None or not 0.2 <= chance < 0.8 or better_at_random:
        return None
    low, high = np.quantile(np.minimum(figures.exchange * figures.best(figures.active), figures.left), [0.1, 0.9])
    return Doubt(
        "undecided",
        f"Random labeling may do nearly as well. It would need {words.about(low)} to {words.about(high)} labels for "
        "the same score; at the low end, choosing costs more than it saves.",
        "Buy in rounds and compare each with the forecast before the next.",
    )


@CHECKS.append
def imbalance(figures: Figures) -> Doubt | None:
    """One class is most of the rows, and the metric does not see the others."""
    share = figures.facts.counts.max() / figures.facts.counts.sum()
    if share <= LARGE_CLASS or figures.forecast.settings.metric != "accuracy":
        return None
    return Doubt(
        "imbalance",
        f"Accuracy hides the rare classes. '{figures.facts.classes[int(figures.facts.counts.argmax())]}' has "
        f"{words.percent(share, 0)} of the rows, so always saying it is right that often.",
        "Switch the metric to macro F1; the pilot need not run again.",
    )


@CHECKS.append
def uncalibrated(figures: Figures) -> Doubt | None:
    """The metric or the strategy has no study behind its ranges."""
    known = figures.forecast.learned
    wide = f"drawn {words.times(WIDER)} times as wide"
    if not known.calibrated:
        finding = f"Ranges for {figures.forecast.metric_name} are not calibrated. They are {wide} as for accuracy, "
        finding += "without a study behind it."
        return Doubt("uncalibrated", finding, "Check the advice with accuracy as well.")
    if not figures.forecast.pilot.settings.usual:
        finding = f"No study stands behind what was simulated. {no_study(figures.forecast)}"
        return Doubt("uncalibrated", finding, "Run the pilot with the sample's labels alone too, and compare.")
    if figures.active is not None and not figures.forecast.calibrated[figures.active]:
        return Doubt(
            "uncalibrated",
            f"{STRATEGIES[figures.active].title} has no study behind it. Its forecast comes from this pilot alone, "
            f"{wide}.",
            f"Compare it with smallest margin, whose ranges were checked on {known.data_sets} other data sets.",
        )
    return None


@CHECKS.append
def far(figures: Figures) -> Doubt | None:
    """The recommendation leans far past the sample."""
    if figures.forecast.refusal is not None:
        return None
    best = max(("random", figures.active), key=figures.worth)
    reach = figures.horizon(best, figures.best(best))
    if reach <= GREEN:
        return None
    middle, worst = ("half a point", words.times(2.5)) if reach < 8 else ("1 point", "6")
    return Doubt(
        "far",
        f"Most of the picture is forecast. The curve was measured to {words.count(figures.n)} labels and is carried "
        f"to {words.times(reach)} times that; at such reach forecasts miss by {middle}, and in the "
        f"worst tenth of cases by {worst} points.",
        "Buy in rounds: each one moves the measured part further.",
    )


@CHECKS.append
def not_drawn_at_random(figures: Figures) -> Doubt | None:
    """Nobody could test whether the sample is a random draw."""
    if figures.facts.shift_auc is not None:
        return None
    return Doubt(
        "random_draw",
        f"All of it rests on a random sample. If the {words.count(figures.n)} rows were not drawn at random from the "
        f"{words.count(figures.N)} items, the curve is about another pool.",
        "Ask how the rows were picked; upload unlabeled rows too and the app tests it.",
    )


@CHECKS.append
def no_value(figures: Figures) -> Doubt | None:
    """Nobody has said what a point is worth, or what was said rests on a guess."""
    return Doubt(*found) if (found := doubt_of_value(figures)) else None


@CHECKS.append
def one_model(figures: Figures) -> Doubt:
    """Another model has another curve."""
    return Doubt(
        "one_model",
        f"Another model has another curve. All of this holds for {_model(figures)}; a larger one may need fewer "
        "labels, or more.",
        "Run the pilot again with the model you will use.",
    )


@CHECKS.append
def model_to_be_wary_of(figures: Figures) -> Doubt | None:
    """The model itself warrants a warning, or was not fitted to the end."""
    pilot = figures.forecast.pilot
    unsettled = sum(trace.unconverged for trace in pilot.traces)
    open_fits = f"In {words.plural(unsettled, 'fit')} it had not settled when it was stopped, so scores may be too low."
    warning = open_fits if unsettled else str(ESTIMATORS[pilot.model].facts["warning"])
    remedy = "Compare with logistic regression or extra trees before you trust it."
    return Doubt("model", f"The model needs care. {warning}", remedy) if warning else None


@CHECKS.append
def blind_start(figures: Figures) -> Doubt | None:
    """The first labels of the replay are too few for a model's doubt to mean anything."""
    if not figures.forecast.measured:
        return None
    pilot = figures.forecast.pilot
    labels, good = means_something(pilot, figures.active or "random")
    if good[0] >= MOST_RUNS:
        return None
    late = np.flatnonzero(good >= MOST_RUNS)
    when = f"from {words.count(labels[late[0]])} labels on" if len(late) else "at no number of labels in the sample"
    return Doubt(
        "blind_start",
        f"The first labels are too few to tell doubt. With {words.count(labels[0])}, in "
        f"{words.percent(1 - good[0], 0)} of the runs a class is missing or the model does no better than naming the "
        f"largest class; most runs are past that {when}.",
        "Do not judge a strategy by the start of its curve; more first labels, or typical rows, start better.",
    )


def _model(figures: Figures) -> str:
    return ESTIMATORS[figures.forecast.pilot.model].title.lower()


@CHECKS.append
def harder_items(figures: Figures) -> Doubt:
    """Chosen items cost people more time."""
    return Doubt(
        "harder_items",
        "Chosen items are hard ones. They take people longer and are mislabeled more often than the "
        f"{words.count(figures.n)} drawn at random.",
        "Time twenty of them before you settle the price per label.",
    )


@CHECKS.append
def tested_on_few(figures: Figures) -> Doubt | None:
    """The score at the sample is itself a measurement."""
    now = figures.forecast.score_now
    if not len(now):
        return None
    low, high = np.quantile(now, [0.1, 0.9])
    return Doubt(
        "tested_on_few",
        f"The score of today is measured, not known. Tested on {words.count(figures.n)} rows it lies between "
        f"{words.percent(low)} and {words.percent(high)} in 8 of 10 cases.",
        "Count differences smaller than that as luck.",
    )
