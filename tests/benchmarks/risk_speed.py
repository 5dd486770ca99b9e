"""How fast the risk is drawn: python tests/benchmarks/risk_speed.py.

Prints the milliseconds of one core for 20,000 futures of six strategies at some 120 budgets, amounts with ranges: the
expected net value of every strategy at every budget, and the quantiles, chance of loss and regret of every option.
"""

import sys
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from making import known_forecast
from threadpoolctl import threadpool_limits

from planner.economics import Assumptions, evaluate
from planner.economics.figures import Figures
from planner.economics.risk import DRAWS, expected_net, risks

SIX = ("margin", "entropy", "k_center", "badge", "typiclust")
RANGES = "cost_per_label=0.2..1.5, value_per_point=500..5000, setup_cost=200..2000, hardness=1..1.3"


def six_strategies():
    """A forecast of random labeling and five strategies, 1,000 draws."""
    from dataclasses import replace

    made = known_forecast(worth=(1.5, 4.0), draws=1000)
    settings = replace(made.pilot.settings, strategies=SIX)
    every = dict.fromkeys(SIX, made.scores["margin"]) | {"random": made.scores["random"]}
    rate = dict.fromkeys(SIX, made.exchange["margin"]) | {"random": np.ones(1000)}
    yes = dict.fromkeys(every, True)
    return replace(
        made, pilot=replace(made.pilot, settings=settings), scores=every, exchange=rate, calibrated=yes, ahead=yes
    )


def main() -> None:
    """Print the milliseconds and the futures a second."""
    asked = Assumptions(cost_per_label=0.5, setup_cost=500, value_per_point=2000, ranges=RANGES)
    valuation = evaluate(six_strategies(), asked)
    spent = []
    with threadpool_limits(limits=1):
        for _ in range(15):
            made = Figures(valuation)
            started = process_time()
            expected_net(made)
            risks(made)
            spent.append(process_time() - started)
    one = median(spent)
    print(f"{len(valuation.purchases)} budgets, 6 strategies, {DRAWS:,} futures: {1000 * one:.0f} ms of one core")
    print(f"{DRAWS / one:,.0f} futures a second")


if __name__ == "__main__":
    main()
