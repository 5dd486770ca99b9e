"""Room 5: a Valuation becomes a Plan: which strategy, how many labels, how sure, and the verdict in words."""

from dataclasses import dataclass

import numpy as np

from planner import words
from planner.economics.assumptions import Assumptions
from planner.economics.evaluating import Interval, Valuation, evaluate, exactly, quantiles
from planner.economics.figures import AMBER, GREEN, NOTHING, Figures, Gain
from planner.economics.investment import Investment, invest
from planner.economics.options import Option, options
from planner.economics.risk import Risk, risks
from planner.economics.schedule import Schedule, schedule
from planner.economics.solving import Solved, solve
from planner.economics.worth import values
from planner.forecast.backtest import Backtest, worst
from planner.forecast.carrying import ForecastSettings, forecast
from planner.pilot.running import run_pilot
from planner.pilot.task import PilotSettings
from planner.plan.cases import Case, cases
from planner.plan.changes import changes
from planner.plan.checks import Doubt, doubts
from planner.plan.reasons import UNLIKELY, split, valued
from planner.plan.stops import Stop, says_labels, stopping_sentence, stops
from planner.plan.verdicts import SURE, Verdict, pronounce
from planner.results import Result
from planner.sample.reading import Sample
from planner.workers import Workers


@dataclass(frozen=True)
class Badge:
    """One light beside the verdict: what is compared, and how it stands."""

    subject: str
    state: str  # "go" | "undecided" | "does not pay", or for the horizon "green" | "amber" | "red"
    text: str  # subject and state as they are read


@dataclass(frozen=True, eq=False)
class Plan(Result):
    """The answer: everything a screen, a file or the terminal shows is here."""

    valuation: Valuation
    code: str  # "label_all" | "refused" | "enough" | "does_not_pay" | "active" | "stop_early"
    rule: str  # which rule decided, where one did: "small_pool", "nearly_free", "redundant", "deadline", ...
    sentence: str  # the verdict: the h1 of the first screen
    lead: str  # one or two sentences under it, with the amounts that decide; **bold** marks the money
    strategy: str | None  # how the labels are picked: a strategy, "random", or None where none are bought
    buy: float | None  # the number of labels to buy; None when refused
    labels_to_buy: Interval  # 10-90% of the per-draw best purchase
    rounds: int
    options: tuple[Option, ...]  # baselines first, then strategies: the table of options
    recommended: Option | None  # the option the verdict stands for; None when refused
    badges: tuple[Badge, ...]
    chance_against_random: float | None  # 0-1
    exchange: Interval
    stopping_saves: float | None  # S1
    choosing_saves: Interval  # S2
    split: str  # the two in a sentence; empty where nothing is chosen
    gains: tuple[Gain, ...]
    next_batch: int  # .56 n labels
    next_chance: float | None  # that the next batch pays; None without a value per point
    break_even: float | None  # value per point at which it does
    target: float | None  # the printed target score
    labels_to_target: dict[str, Interval]
    target_chance: dict[str, float]  # share of draws that reach it within the pool
    horizon: float | None  # (n + s x) / n
    light: str  # "green" | "amber" | "red" | ""
    stops: tuple[Stop, ...]
    stopping: str  # which rule fires first, and why the plan may go on
    doubts: tuple[Doubt, ...]
    changes: tuple[Doubt, ...]  # what would change a "does not pay": finding and remedy
    backtests: tuple[Backtest, ...]  # a part of the sample hidden and forecast, the largest part last
    risks: tuple[Risk, ...] = ()  # every option in 20,000 futures; () without a value per point
    investment: Investment | None = None  # the recommended option against doing nothing
    over_baseline: Investment | None = None  # and against the baseline picked; None where that is one of these two
    valued: str = ""  # how a better score is valued, and from which score it is counted
    schedule: Schedule = Schedule()  # noqa: RUF009
    cases: tuple[Case, ...] = ()  # when not to use active learning, those that apply first
    solved: Solved = Solved()  # noqa: RUF009  what the budget, the deadline and the target that were typed come to

    @property
    def backtest(self) -> Backtest | None:
        """The back-test that the verdict is judged by."""
        return worst(self.backtests)


def decide(valuation: Valuation) -> Plan:
    """The verdict on a valuation, with every number that stands behind it, in the words of its locale."""
    with words.spoken(valuation.assumptions.locale):
        return _decided(Figures(valuation))


def _decided(figures: Figures) -> Plan:
    verdict = pronounce(figures)
    every = options(figures)
    option = next((one for one in every if one.name == verdict.option), None)
    buy, bought = _purchase(figures, verdict)
    reach = _reach(figures, verdict, buy)
    strategies = figures.forecast.pilot.settings.all_strategies
    stopped = stops(figures, verdict.option)
    stopping, choosing = _split(figures, option)
    return Plan(
        valuation=figures.valuation,
        code=verdict.code,
        rule=verdict.rule,
        sentence=verdict.sentence,
        lead=verdict.lead,
        strategy=_picks(verdict),
        buy=buy,
        labels_to_buy=bought,
        rounds=option.rounds if option else 0,
        options=every,
        recommended=option,
        badges=_badges(figures, verdict, reach),
        chance_against_random=figures.chance_against_random if says_labels(figures) else None,
        exchange=quantiles(figures.exchange) if len(figures.exchange) else NOTHING,
        stopping_saves=stopping,
        choosing_saves=choosing,
        split=split(stopping, choosing, figures.assumptions.currency) if _chosen(figures, option) else "",
        gains=figures.gains,
        next_batch=figures.next_batch,
        next_chance=figures.next_chance,
        break_even=figures.break_even,
        target=figures.target,
        labels_to_target={name: figures.to_target(name) for name in strategies},
        target_chance={name: figures.target_chance(name) for name in strategies},
        horizon=reach,
        light="" if reach is None else figures.light(reach),
        stops=stopped,
        stopping=stopping_sentence(stopped, buy),
        doubts=doubts(figures),
        changes=changes(figures, verdict) if verdict.code == "does_not_pay" else (),
        backtests=figures.backtests,
        schedule=schedule(figures, verdict.option),
        cases=cases(figures),
        risks=risks(figures),
        investment=None if option is None else _investment(every, option, figures, "do_nothing"),
        over_baseline=_over_baseline(every, option, figures),
        valued=valued(figures),
        solved=solve(figures),
    )


def _over_baseline(every: tuple[Option, ...], option: Option | None, figures: Figures) -> Investment | None:
    baseline = figures.assumptions.baseline
    if option is None or baseline in ("do_nothing", option.name):
        return None
    return _investment(every, option, figures, baseline)


def _investment(every: tuple[Option, ...], option: Option, figures: Figures, baseline: str) -> Investment:
    asked, named = figures.assumptions, {one.name: one for one in every}

    def value_of(score: float) -> float:
        return float(values(np.array(score), asked, figures.forecast))

    return invest(option, named[baseline], named["do_nothing"], asked, value_of)


def make_plan(
    sample: Sample,
    pilot: PilotSettings | None = None,
    reach: ForecastSettings | None = None,
    assumptions: Assumptions | None = None,
    workers: Workers | None = None,
) -> Plan:
    """All five steps: pilot, forecast, economics and plan of a sample."""
    return decide(evaluate(forecast(run_pilot(sample, pilot, workers), reach), assumptions))


def _chosen(figures: Figures, option: Option | None) -> bool:
    """Whether the recommended labels are picked by a strategy."""
    return option is not None and option.name == figures.active


def _split(figures: Figures, option: Option | None) -> tuple[float | None, Interval]:
    """(S1, S2) of the recommended option: what stopping early saves, and what choosing which items does."""
    if option is None or option.savings.p50 is None or not says_labels(figures):
        return None, NOTHING
    choosing = quantiles(figures.choosing) if _chosen(figures, option) else exactly(0.0)
    return option.savings.p50 - (choosing.p50 or 0.0), choosing


def _picks(verdict: Verdict) -> str | None:
    """How the labels of a verdict are picked."""
    if verdict.option in (None, "stop_at_sample"):
        return None
    return "random" if verdict.option == "label_everything" else verdict.option


def _purchase(figures: Figures, verdict: Verdict) -> tuple[float | None, Interval]:
    if verdict.option is None:
        return None, NOTHING
    if verdict.option == "label_everything":
        return float(figures.left), exactly(float(figures.left))
    if verdict.option == "stop_at_sample":
        return 0.0, exactly(0.0)
    return figures.best(verdict.option), figures.best_purchase(verdict.option)


def _reach(figures: Figures, verdict: Verdict, buy: float | None) -> float | None:
    if buy is None:
        return None
    if verdict.option == "label_everything":
        return figures.N / figures.n
    return figures.horizon(verdict.option, buy)


def _badges(figures: Figures, verdict: Verdict, reach: float | None) -> tuple[Badge, ...]:
    if verdict.code == "refused" or not figures.counts_labels or reach is None:
        return ()
    found = []
    if verdict.option in figures.valuation.best or verdict.option == "stop_at_sample":
        chance = _chance_against_everything(figures, str(verdict.option))
        found.append(_badge("Against labeling everything", chance))
    if figures.chance_against_random is not None:
        # A rule speaks whatever the chance says.
        chance = 0.0 if verdict.code == "does_not_pay" else figures.chance_against_random
        found.append(_badge("Against random labeling", chance))
    light = figures.light(reach)
    just = "over " if reach > GREEN and words.times(reach) in (words.times(GREEN), words.times(AMBER)) else ""
    away = f"{just}{words.times(reach)} times the sample" if reach > 1.05 else "within the sample"
    found.append(Badge("Horizon", light, f"Horizon: {light}, {away}"))
    return tuple(found)


def _badge(subject: str, chance: float) -> Badge:
    state = "go" if chance >= SURE else "does not pay" if chance < UNLIKELY else "undecided"
    return Badge(subject, state, f"{subject}: {state}")


def _chance_against_everything(figures: Figures, name: str) -> float:
    """Chance that an option leaves more than labeling everything; unvalued, that it costs less, waiting included."""
    bought = name in figures.valuation.best
    saved = figures.cost_left - (figures.own_cost(name) if bought else 0.0)
    saved += figures.delay_of_everything - (figures.own_delay(name) if bought else 0.0)
    if figures.point is None:
        return float(saved > 0)
    worth = figures.valuation.worth
    own = figures.score_at_best(name) if bought else figures.forecast.score_now
    return float(np.mean(saved - (worth(figures.forecast.score_all) - worth(own)) > 0))
