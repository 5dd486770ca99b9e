"""What a comparison of strategies says in words: the same sentences and tables for screens, files and the terminal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from planner import words
from planner.blocks import EMPTY, WIDTH, Block, Chart, Heading, Sentence, Table
from planner.charts import LIGHT
from planner.charts.ranks import critical_differences
from planner.choices.metrics import METRICS
from planner.choices.strategies import STRATEGIES
from planner.forecast.carrying import Forecast
from planner.forecast.comparison import LEVEL, SURE, Against, Best, Comparison, compare_measured
from planner.forecast.ranking import FEWEST_SETS, Ranking, SignedRanks, sets_needed, smallest_p
from planner.pilot.running import Pilot
from planner.results import Result

ON_YOUR_SAMPLE = "Strategies against random on your sample"
MOST_NAMED = 4
STANDINGS = {"ahead": "ahead", "behind": "behind", "open": "not sure"}
HOW = (
    "**Strategies.** Area is the mean score along the labels, less that of random labeling in the same fold. Folds"
    " share training rows, so ranges and p-values are those of the corrected resampled t test, and p-values carry "
    "Holm's correction for the number of strategies."
)


@dataclass(frozen=True, eq=False)
class Compared(Result):
    """What was compared on one data set or several."""

    names: tuple[str, ...]  # of the data sets
    comparisons: tuple[Comparison, ...]  # one a data set
    ranking: Ranking | None  # None over a single one

    def blocks(self) -> tuple[Block, ...]:
        """All of it in reading order."""
        if self.ranking is None:
            return one_sample_blocks(self.names[0], self.comparisons[0])
        return ranking_blocks(self.ranking)


def of_forecast(forecast: Forecast) -> Comparison | None:
    """The comparison of what a forecast rests on; None where nothing but random labeling was replayed."""
    return compare_measured(forecast.measured, forecast.settings.metric) if len(forecast.measured) > 1 else None


def comparison_blocks(comparison: Comparison) -> tuple[Block, ...]:
    """Each strategy beside random labeling, and which one to use."""
    return (Sentence(best_sentence(comparison.best)), against_table(comparison), Sentence(HOW))


def best_sentence(best: Best) -> str:
    """Which strategy to use by the pilot and how sure that is, or that the pilot cannot tell."""
    if best.sure:
        first = f"**{_title(best.strategy).capitalize()} was best in the pilot, {_chance(best.chance)} sure.**"
        others = _named(best, [name for name, chance in best.chances.items() if chance >= 0.005][1:])
        return f"{first} {others.capitalize()}." if others else first
    return (
        f"**The pilot cannot tell which way to choose is best:** {_named(best, _leading(best))}. "
        f"It names one from {words.percent(SURE, 0)} on; more repeats or more labeled rows sharpen it."
    )


def shared_sentence(shared: Mapping[str, str]) -> str:
    """Which strategies pick the same items on a task and were therefore walked once; empty when all differ."""
    said = []
    for walked in dict.fromkeys(shared.values()):
        names = [_title(walked), *(_title(name) for name, other in shared.items() if other == walked)]
        said.append(f"{words.listing(names)} pick the same items here; they were run once.")
    return " ".join(one[0].upper() + one[1:] for one in said)


def cuts_sentence(pilot: Pilot) -> str:
    """How often random labeling was replayed where that was more often than the strategies; ends with a space."""
    often = len({trace.run.split for trace in pilot.at_random})
    if often <= pilot.repeats:
        return ""
    return f"Random labeling was replayed {words.plural(often, 'time')}, and its curve is fitted to all of them. "


def _named(best: Best, names: list[str]) -> str:
    """The first few of the strategies, each with its chance."""
    named = [f"{_title(name)} {_chance(best.chances[name])}" for name in names[:MOST_NAMED]]
    more = len(names) - MOST_NAMED
    return words.listing([*named, words.plural(more, "other")] if more > 0 else named)


def _leading(best: Best) -> list[str]:
    """The likeliest strategies that together reach the bar."""
    found: list[str] = []
    for name in best.chances:
        if sum(best.chances[one] for one in found) >= SURE:
            break
        found.append(name)
    return found


def against_table(comparison: Comparison) -> Table:
    """A row a strategy, the largest area first."""
    columns = (
        "Strategy", "Area gained, points", "8 in 10", "Random labels for one of its", "Folds won", "After correction",
    )  # fmt: skip
    rows = tuple(_row(one) for one in sorted(comparison.rows, key=lambda one: -one.gain))
    return Table(ON_YOUR_SAMPLE, columns, rows, figures=True)


def _row(one: Against) -> tuple[str, ...]:
    return (
        STRATEGIES[one.strategy].title,
        _points(one.gain),
        f"{_points(one.gain_low)} to {_points(one.gain_high)}",
        _efficiency(one),
        words.percent(one.won, 0),
        f"{STANDINGS[one.standing]}, {_equals(one.adjusted_p)}",
    )


def _efficiency(one: Against) -> str:
    if one.efficiency is None or one.efficiency_low is None or one.efficiency_high is None:
        return EMPTY
    return f"{words.times(one.efficiency)} ({words.times(one.efficiency_low)} to {words.times(one.efficiency_high)})"


def _standing_so(comparison: Comparison, standing: str) -> str:
    """The strategies that stand so, in words; "none" without any."""
    return words.listing([_title(row.strategy) for row in comparison.rows if row.standing == standing]) or "none"


def one_set_only(strategies: int) -> str:
    """What a single data set cannot give, and what it would take."""
    return (
        "Signed ranks, Friedman's test and the critical difference compare data sets, and one was given. Name "
        f"{FEWEST_SETS} or more; signed ranks can be sure of something from {sets_needed(max(strategies, 1))} on."
    )


def one_sample_blocks(name: str, comparison: Comparison) -> tuple[Block, ...]:
    """The comparison inside one pilot, with what would be needed for ranks over data sets."""
    return (
        Heading(f"{name}, {METRICS[comparison.metric].title.lower()}", 1),
        Sentence(
            f"Surely ahead of random labeling: {_standing_so(comparison, 'ahead')}. "
            f"Surely behind it: {_standing_so(comparison, 'behind')}."
        ),
        *comparison_blocks(comparison),
        Sentence(one_set_only(len(comparison.rows))),
    )


def ranking_blocks(ranking: Ranking) -> tuple[Block, ...]:
    """Several data sets: who is ahead of random labeling, the ranks, the picture, and the areas behind them."""
    sets = words.count(len(ranking.names))
    drawing = critical_differences(ranking, LIGHT)
    return (
        Heading(f"{sets} data sets, {METRICS[ranking.metric].title.lower()}", 1),
        Sentence(friedman_sentence(ranking)),
        _ranks(ranking),
        Chart(drawing.properties(width=WIDTH), drawing.description),
        _signed(ranking),
        *_cautions(ranking),
        _areas(ranking),
        _inside(ranking),
        Sentence(
            "Ranks are of areas under the budget curve, 1 is the largest. Friedman's test asks whether all ways of "
            "choosing are equally good; two whose mean ranks lie within Nemenyi's critical difference are not told "
            "apart. Signed ranks hold each strategy against random labeling, with Holm's correction."
        ),
    )


def friedman_sentence(ranking: Ranking) -> str:
    """Whether the data sets tell the strategies apart at all."""
    differ = "differ" if ranking.F_p < LEVEL else "cannot be told apart"
    k, N = len(ranking.strategies), len(ranking.names)
    chi2, apart = (words.decimal(float(one), 2) for one in (ranking.chi2, ranking.critical_difference))
    F = "over any bound" if np.isinf(ranking.F) else words.decimal(ranking.F, 2)
    return (
        f"**Over these data sets the {k} ways of choosing {differ}.** Friedman chi squared {chi2} "
        f"({_equals(ranking.chi2_p)}), Iman-Davenport F({k - 1}, {(k - 1) * (N - 1)}) {F} ({_equals(ranking.F_p)}), "
        f"critical difference of mean ranks {apart}."
    )


def _ranks(ranking: Ranking) -> Table:
    order = sorted(zip(ranking.mean_ranks, ranking.strategies, ranking.areas.mean(axis=0), strict=True))
    rows = tuple(
        (STRATEGIES[name].title, words.decimal(mean, 2), words.percent(float(area))) for mean, name, area in order
    )
    return Table("Mean ranks, 1 is best", ("Strategy", "Mean rank", "Mean area"), rows, figures=True)


def _signed(ranking: Ranking) -> Table:
    columns = ("Strategy", "Median gain, points", "Data sets won", "lost", "p", "p after correction", "Against random")
    rows = tuple(
        (STRATEGIES[one.strategy].title, _points(one.gain), words.count(one.won), words.count(one.lost), _p(one.p),
         _p(one.adjusted_p), _standing(one))
        for one in sorted(ranking.rows, key=lambda one: -one.gain)
    )  # fmt: skip
    return Table("Each strategy against random labeling, signed ranks", columns, rows, figures=True)


def _standing(one: SignedRanks) -> str:
    return STANDINGS["open"] if one.adjusted_p >= LEVEL else STANDINGS["ahead" if one.gain > 0 else "behind"]


def _cautions(ranking: Ranking) -> Iterable[Sentence]:
    N, k = len(ranking.names), len(ranking.strategies)
    least = smallest_p(N, k - 1)
    if least >= LEVEL:
        yield Sentence(
            f"**Too few data sets.** With {N} of them and {words.plural(k - 1, 'strategy', 'strategies')} the smallest "
            f"p that signed ranks can give after correction is {_p(least)}, so nothing here could be sure; "
            f"{sets_needed(k - 1)} would do."
        )


def _areas(ranking: Ranking) -> Table:
    columns = ("Data set", *(STRATEGIES[name].title for name in ranking.strategies))
    rows = tuple(
        (name, *(words.percent(float(area)) for area in row))
        for name, row in zip(ranking.names, ranking.areas, strict=True)
    )
    return Table("Areas under the budget curve", columns, rows, figures=True)


def _inside(ranking: Ranking) -> Table:
    columns = ("Data set", "Ahead of random labeling", "Behind it", "Largest area", "How sure")
    rows = tuple(
        (name, *(_standing_so(one, how) for how in ("ahead", "behind")), _title(one.best.strategy),
         _chance(one.best.chance))
        for name, one in zip(ranking.names, ranking.comparisons, strict=True)
    )  # fmt: skip
    return Table("Inside each data set", columns, rows)


def _title(name: str) -> str:
    return STRATEGIES[name].title.lower()


def _chance(chance: float) -> str:
    return f"over {words.percent(0.99, 0)}" if chance > 0.99 else words.percent(chance, 0)


def _points(value: float) -> str:
    return words.points(value).split(" ")[0]


def _p(value: float) -> str:
    least = f"under {words.decimal(0.001, 3)}"
    return least if value < 0.001 else words.decimal(value, 3 if value < 0.1 else 2)


def _equals(value: float) -> str:
    return f"p {_p(value)}"
