"""Values made by hand, so that charts and pages can be held against numbers nobody computed."""

from dataclasses import replace
from typing import Any

import numpy as np

from planner.economics import Assumptions, Interval, Valuation
from planner.economics.figures import Gain
from planner.economics.options import Option
from planner.forecast import Forecast, ForecastSettings
from planner.forecast.backtest import Backtest
from planner.forecast.replayed import Measured
from planner.pilot import Pilot, PilotSettings, Run
from planner.pilot.replay import Trace
from planner.plan.checks import Doubt
from planner.plan.deciding import Badge, Plan, Stop
from planner.sample.reading import Column, Facts

NONE = Interval(None, None, None, "not worked out here")
PRICE = 1.0
SETUP = 500.0
WORTH = {"random": 1.0, "margin": 2.5, "k_center": 1.2}  # random labels one label is worth
AHEAD = {"random": 0.0, "margin": 0.02, "k_center": 0.01}  # of the replay, in score
BACKTEST = Backtest(
    400, 800, np.array([540.0, 800]), np.array([0.86, 0.873]), np.array([0.848, 0.858]), np.array([0.856, 0.869]),
    np.array([0.866, 0.885]),
)  # fmt: skip
BADGES = (
    Badge("Against labeling everything", "go", "Against labeling everything: go"),
    Badge("Against random labeling", "undecided", "Against random labeling: undecided"),
    Badge("Horizon", "amber", "Horizon: amber, 3.8 times the sample"),
)


def facts(n: int = 1000, rows: int = 1000) -> Facts:
    """Three classes, one text column."""
    counts = np.array([n - n // 2 - n // 10, n // 2, n // 10])
    columns = (Column("words", "text", True, "short texts"), Column("topic", "label", True, "3 classes"))
    return Facts("tickets.csv", "4f1c9a000000", rows, n, ("billing", "login", "returns"), counts, "text", "topic",
                 columns, (), 0.0, None)  # fmt: skip


def traces(settings: PilotSettings, n: int = 1000) -> tuple[Trace, ...]:
    """Traces in which active learning is ahead by a known amount and picks `returns` twice as often."""
    rng = np.random.default_rng(0)
    anchors = np.array([50, 100, 200, 400, 800])
    found = []
    for repeat in range(settings.repeats):
        for fold in range(settings.folds):
            for strategy in settings.all_strategies:
                right = random_score(anchors) + AHEAD[strategy] + 0.004 * (repeat - 0.5)
                hits = np.round(right * 200).astype(int)
                confusion = np.zeros((len(anchors), 3, 3), dtype=int)
                confusion[:, 0, 0], confusion[:, 1, 0] = hits, 200 - hits
                flat = np.full(len(anchors), 0.5)
                run = Run(strategy, repeat, fold, 800)
                order = rng.permutation(n)[:800]
                found.append(Trace(run, anchors, confusion, flat, flat, flat, flat, order, 0.1, **watched(anchors)))
    return tuple(found)


def watched(anchors: np.ndarray) -> dict[str, np.ndarray]:
    """Of every batch 44% are billing, 36% login and 20% returns; of the pool 40, 50 and 10%."""
    bought = np.diff(anchors)
    return {
        "picked_classes": bought[:, None] * np.array([11, 9, 5]) // 25,
        "distance": np.full(len(bought), 1.5),
        "outliers": np.array([0.08, 0.02, 0.02, 0.01]),
        "still_wrong": np.column_stack([bought // 10, bought // 2]),
        "clusters": np.array([0.4, 0.6, 0.8, 0.9, 1.0]),
    }


def random_score(labels: Any) -> Any:
    """0.96 - 0.9 labels^-0.35."""
    return 0.96 - 0.9 * np.asarray(labels, dtype=float) ** -0.35


def forecast(n: int = 1000, pool: int = 50_000, draws: int = 400) -> Forecast:
    """Random labeling follows `random_score`; one chosen label is worth 2.5 random ones."""
    rng = np.random.default_rng(1)
    settings = PilotSettings(strategies=("margin", "k_center"))
    budgets = np.unique(np.round(np.geomspace(n, pool, 80))).astype(float)
    wobble = rng.normal(size=draws)[:, None]
    widening = 0.002 + 0.004 * np.log(budgets / n)[None, :]

    def drawn(middle: np.ndarray) -> np.ndarray:
        scores: np.ndarray = np.maximum.accumulate(middle[None, :] + wobble * widening, axis=1)
        return scores

    scores = {"random": drawn(random_score(budgets))}
    scores["margin"] = drawn(random_score(np.minimum(pool, n + 2.5 * (budgets - n))))
    scores["k_center"] = drawn(random_score(np.minimum(pool, n + 1.2 * (budgets - n))))
    measured = {}
    labels = np.array([50.0, 100, 200, 400, 800])
    for strategy in settings.all_strategies:
        mean = random_score(labels) + AHEAD[strategy]
        repeats = np.array([mean - 0.003, mean + 0.003])
        folds = np.repeat(repeats, 5, axis=0)
        measured[strategy] = Measured(labels, mean, mean - 0.01, mean + 0.01, repeats, folds)
    pilot = Pilot(facts(n, n), settings, "logistic_regression", "Chosen by hand.", traces(settings, n))
    known = {"random": True, "margin": True, "k_center": False}
    return Forecast(
        pilot, ForecastSettings(pool_size=pool), pool, None, budgets, scores, scores["random"][:, 0],
        scores["random"][:, -1], {name: np.full(draws, worth) for name, worth in WORTH.items()},
        known, {"random": False, "margin": True, "k_center": False}, measured,
        np.array([[n / 4, n / 2, n], random_score([n / 4, n / 2, n])]),
    )  # fmt: skip


def valuation(n: int = 1000, pool: int = 50_000, **assumed: Any) -> Valuation:
    """The forecast at a dollar a label, $500 to set up, $5,000 a point."""
    made = forecast(n, pool)
    assumptions = Assumptions(**{"cost_per_label": PRICE, "setup_cost": SETUP, "value_per_point": 5000.0, **assumed})
    bought = made.budgets - n
    setup = {name: 0.0 if name == "random" else assumptions.setup_cost for name in made.scores}
    cost = {name: assumptions.cost_per_label * bought + setup[name] * (bought > 0) for name in made.scores}
    net = {name: 5000.0 * 100 * (made.scores[name] - made.score_now[:, None]) - cost[name] for name in made.scores}
    best = {name: int(np.argmax(net[name][:, 1:].mean(axis=0))) + 1 for name in net}
    allowed = {name: np.ones(len(bought), dtype=bool) for name in net}
    return Valuation(made, assumptions, bought, cost, net, allowed, best)


def option(name: str, title: str, buy: float, score: float) -> Option:
    """An option with an 8 in 10 range of a tenth around its amounts."""
    cost = buy * PRICE + (SETUP if name == "margin" else 0)
    left = 49_000 - cost
    return Option(
        name, title, around(buy), 3 if name == "margin" else 1, around(cost),
        Interval(score - 0.01, score, score + 0.01),
        around(left), around(left - 2000), around(6 * buy), around(2.0), None, name != "k_center",
    )  # fmt: skip


def around(value: float) -> Interval:
    """A tenth less, the value, a tenth more."""
    return Interval(0.9 * value, value, 1.1 * value)


def plan(n: int = 1000, pool: int = 50_000, **changes: Any) -> Plan:
    """Buy 1,100 labels by smallest margin; anything can be replaced by name."""
    priced = valuation(n, pool)
    best = option("margin", "Smallest margin, then stop", 1100, 0.909)
    options = (
        option("do_nothing", "Do nothing", 0, 0.88),
        option("label_everything", "Label everything", pool - n, 0.94),
        option("random_to_same_score", "Random labeling to the same score", 2750, 0.909),
        best,
    )
    made = Plan(
        valuation=priced, code="active", rule="", buy=1100.0, badges=BADGES, backtests=(BACKTEST,),
        sentence="Buy about 1,100 more labels, then stop.",
        lead="That saves about $47,400 against labeling everything. It gives up 3 points of accuracy, worth $15,000.",
        strategy="margin", labels_to_buy=Interval(700, 1100, 1700), rounds=2, options=options, recommended=best,
        chance_against_random=0.9, exchange=Interval(1.9, 2.5, 3.2), stopping_saves=46_000.0,
        choosing_saves=Interval(600, 1150, 1800),
        split="Of the saving, $1,150 comes from choosing.",
        gains=(Gain(500, around(0.012), around(0.006)),), next_batch=560,
        next_chance=0.85, break_even=900.0, target=0.93, labels_to_target={}, target_chance={}, horizon=3.8,
        light="amber",
        stops=(Stop("marginal_value", "Marginal value", 1100.0, True, "The next label costs more than it brings."),),
        stopping="**Marginal value** fires first, after about 1,100 labels.",
        doubts=(
            Doubt("horizon", "Most of the picture is forecast. It reaches 4 times the sample.", "Buy in rounds."),
            Doubt("model", "Another model may differ. All of this holds for one model.", "Run the pilot with yours."),
            Doubt("drift", "Tomorrow may look different. The sample is a snapshot.", "Draw the sample at random."),
        ),
        changes=(),
    )  # fmt: skip
    return replace(made, **changes)
