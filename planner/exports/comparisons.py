"""Files of a comparison of strategies: for other programs, to hand on, and the picture alone."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

import vl_convert

from planner import __version__
from planner.blocks import WIDTH, Sentence
from planner.charts import LIGHT
from planner.charts.ranks import critical_differences
from planner.choices.metrics import METRICS
from planner.errors import PlannerError
from planner.exports.page import page_of
from planner.exports.plan_json import best_to_json
from planner.forecast.comparison import Against, Comparison
from planner.forecast.ranking import Ranking
from planner.registry import Registry
from planner.report.compared import Compared, one_set_only

COMPARISON_FILES: Registry[Callable[[Compared], bytes]] = Registry("comparison file")  # facts: suffix
SCHEMA = 1
SHORT = "The replay is too short to read labels off."


@COMPARISON_FILES.register("comparison_json", "The comparison for other programs (JSON)", suffix=".json")
def comparison_json(compared: Compared) -> bytes:
    """Every number in full precision; null where there is none, with its why."""
    return json.dumps(comparison_to_json(compared), allow_nan=False, ensure_ascii=False, indent=1).encode()


@COMPARISON_FILES.register("comparison_html", "The comparison as one page (HTML)", suffix=".html")
def comparison_html(compared: Compared) -> bytes:
    """Tables and the critical-difference picture in one file that asks nothing of the network."""
    title = f"Ways of choosing compared, {METRICS[compared.comparisons[0].metric].title.lower()}"
    return page_of(title, [*compared.blocks(), Sentence(f"Planner {__version__}.")])


@COMPARISON_FILES.register("comparison_csv", "The comparison as a table (CSV)", suffix=".csv")
def comparison_csv(compared: Compared) -> bytes:
    """One row a data set and strategy, beside random labeling on the same folds."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    columns = ("area", "gain", "gain_low", "gain_high", "p", "adjusted_p", "efficiency", "efficiency_low",
               "efficiency_high", "won")  # fmt: skip
    table.writerow(["data_set", "metric", "strategy", *columns, "chance_best"])
    for name, one in zip(compared.names, compared.comparisons, strict=True):
        for row in one.rows:
            cells = ("" if cell is None else cell for cell in (getattr(row, column) for column in columns))
            table.writerow([name, one.metric, row.strategy, *cells, one.best.chances[row.strategy]])
    return out.getvalue().encode()


@COMPARISON_FILES.register("comparison_svg", "The critical-difference picture (SVG)", suffix=".svg")
def comparison_svg(compared: Compared) -> bytes:
    """Mean ranks over the data sets, with bars over what cannot be told apart. Raises PlannerError over one."""
    if compared.ranking is None:
        raise PlannerError(one_set_only(len(compared.comparisons[0].rows)))
    drawing = critical_differences(compared.ranking, LIGHT).properties(width=WIDTH)
    return str(vl_convert.vegalite_to_svg(drawing.to_dict())).encode()


def comparison_to_json(compared: Compared) -> dict[str, Any]:
    """The comparison as plain values."""
    sets = [{"name": name, **_data_set(one)} for name, one in zip(compared.names, compared.comparisons, strict=True)]
    found = {"schema": SCHEMA, "planner": __version__, "metric": compared.comparisons[0].metric, "data_sets": sets}
    if compared.ranking is None:
        return {**found, "ranking": None, "why": one_set_only(len(compared.comparisons[0].rows))}
    return {**found, "ranking": _ranking(compared.ranking)}


def _data_set(one: Comparison) -> dict[str, Any]:
    return {
        "folds": one.folds,
        "random_area": one.random_area,
        "strategies": {row.strategy: _against(row) for row in one.rows},
        "best_of_pilot": best_to_json(one.best),
    }


def _against(row: Against) -> dict[str, Any]:
    efficiency = {"mean": row.efficiency, "low": row.efficiency_low, "high": row.efficiency_high}
    return {
        "area": row.area,
        "gain": {"mean": row.gain, "low": row.gain_low, "high": row.gain_high},
        "p": row.p,
        "adjusted_p": row.adjusted_p,
        "efficiency": efficiency if row.efficiency is not None else {**efficiency, "why": SHORT},
        "won": row.won,
        "standing": row.standing,
    }


def _ranking(ranking: Ranking) -> dict[str, Any]:
    F: dict[str, Any] = {"F": ranking.F, "p": ranking.F_p}
    if math.isinf(ranking.F):
        F = {"F": None, "p": ranking.F_p, "why": "Every data set has the same order, so F is over any bound."}
    return {
        "mean_ranks": dict(zip(ranking.strategies, ranking.mean_ranks.tolist(), strict=True)),
        "friedman": {"chi2": ranking.chi2, "p": ranking.chi2_p},
        "iman_davenport": F,
        "critical_difference": ranking.critical_difference,
        "not_told_apart": [list(group) for group in ranking.groups],
        "signed_ranks": {
            row.strategy: {
                "median_gain": row.gain, "won": row.won, "lost": row.lost, "p": row.p, "adjusted_p": row.adjusted_p
            }
            for row in ranking.rows
        },
    }  # fmt: skip
