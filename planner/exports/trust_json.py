"""How the forecast held on the sample itself, and what a larger sample would tell, as plain values."""

import math
from typing import Any

from planner.forecast.backtest import Backtest, LabelsMissed
from planner.forecast.carrying import Forecast
from planner.forecast.sample_size import rows_needed, sample_sizes
from planner.plan.deciding import Plan

NOT_COUNTED = "Labels are counted by margin sampling, where it was replayed and at least 1,000 rows are shown."
OUT_OF_REACH = "That score was forecast to be out of reach."
NOT_REFUSED = "No number of rows is what this sample lacks, or none in the pool is known to suffice."


def learned_on(forecast: Forecast) -> int:
    """Data sets that the ranges were learned on; 0 where no study stands behind them."""
    return forecast.learned.data_sets if forecast.calibrated["random"] else 0


def backtests_to_json(plan: Plan) -> list[dict[str, Any]]:
    """Each part of the sample that was hidden and forecast; scores are 0 to 1, the range holds 9 in 10."""
    return [_backtest(test) for test in plan.backtests]


def _backtest(test: Backtest) -> dict[str, Any]:
    found = {
        "labels_shown": test.shown,
        "labels_hidden": test.hidden,
        "forecast": {"p5": float(test.p5[-1]), "p50": float(test.p50[-1]), "p95": float(test.p95[-1])},
        "measured": float(test.measured[-1]),
        "miss": test.miss,
        "held": test.held,
        "softens": test.missed,
        "labels_to_score": None if test.in_labels is None else _in_labels(test.in_labels),
    }
    return found if test.in_labels is not None else {**found, "why": NOT_COUNTED}


def _in_labels(found: LabelsMissed) -> dict[str, Any]:
    forecast = {
        name: value if math.isfinite(value) else None
        for name, value in (("p10", found.p10), ("p50", found.p50), ("p90", found.p90))
    }
    why = {"why": OUT_OF_REACH} if None in forecast.values() else {}
    return {"strategy": found.strategy, "forecast": {**forecast, **why}, "measured": found.measured}


def sample_size_to_json(plan: Plan) -> dict[str, Any]:
    """Rows at which a refused sample would do, and half-widths of the 8 in 10 ranges by rows."""
    forecast = plan.valuation.forecast
    needed = rows_needed(forecast)
    ranges = [{"rows": one.rows, "score_all": one.score, "labels_to_buy": one.labels} for one in sample_sizes(forecast)]
    found: dict[str, Any] = {"rows_needed": needed, "half_widths": ranges}
    return found if needed is not None else {**found, "why": NOT_REFUSED}
