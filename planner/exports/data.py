"""Files for other programs: the plan as JSON, its curves as a table."""

import csv
import io
import json

import numpy as np

from planner.exports.menu import EXPORTS
from planner.exports.plan_json import plan_to_json
from planner.forecast.simulated import clean_curves, plain_curves
from planner.report.picked import bought_by
from planner.report.writing import Report


@EXPORTS.register("plan_json", "The plan for other programs (JSON)", suffix=".json", mime="application/json")
def plan_json(report: Report) -> bytes:
    """Every number of the plan in full precision, in the schema that comes with the planner."""
    text = json.dumps(plan_to_json(report.plan, report.beside), allow_nan=False, ensure_ascii=False, indent=1)
    return text.encode()


@EXPORTS.register("curves_csv", "The learning curves (CSV)", suffix=".csv", mime="text/csv", group="ml")
def curves_csv(report: Report) -> bytes:
    """One row a strategy and number of labels: the score measured there, or forecast, with its 8 in 10 range.

    Where asked for also by a model of labels alone (measured_plain), or against the sample's labels (measured_clean).
    """
    forecast = report.plan.valuation.forecast
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["strategy", "part", "labels", "labels_to_buy", "p10", "p50", "p90"])
    replays = (
        ("measured", forecast.measured),
        ("measured_plain", plain_curves(forecast)),
        ("measured_clean", clean_curves(forecast)),
    )
    for part, curves in replays:
        for name, one in curves.items():
            for labels, low, mean, high in zip(one.labels, one.low, one.mean, one.high, strict=True):
                table.writerow([name, part, int(labels), "", float(low), float(mean), float(high)])
    for name, scores in forecast.scores.items():
        for labels, *quantiles in zip(forecast.budgets, *np.quantile(scores, [0.1, 0.5, 0.9], axis=0), strict=True):
            bought = int(labels) - forecast.labeled
            table.writerow([name, "forecast", int(labels), bought, *(float(q) for q in quantiles)])
    return out.getvalue().encode()


@EXPORTS.register("picks_csv", "What each strategy picked (CSV)", suffix=".csv", mime="text/csv", group="ml")
def picks_csv(report: Report) -> bytes:
    """One row a strategy and batch: classes, distance, outliers, hard picks, clusters touched, gain and its cost."""
    forecast, price = report.plan.valuation.forecast, report.plan.valuation.assumptions.cost_per_label
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    columns = ("distance", "outliers", "still_wrong", "clusters", "gain")
    classes = [f"class {name}" for name in forecast.pilot.facts.classes]
    table.writerow(["strategy", "batch", "labels", "bought", *columns, "cost_per_point", *classes])
    for name, one in bought_by(forecast).items():
        measured = [getattr(one, column) for column in columns]
        for k, cells in enumerate(np.column_stack([*measured, one.cost_per_point(price), one.shares])):
            shown = (float(cell) if np.isfinite(cell) else "" for cell in cells)
            table.writerow([name, k + 1, int(one.anchors[k + 1]), int(one.bought[k]), *shown])
    return out.getvalue().encode()
