"""Hold the forecast against measured truth: python tests/benchmarks/truth.py DATA [--rows 1000] [--only NAME,NAME].

DATA is a folder with sets/NAME.parquet (target column `label`) and two tables of curves measured by another simulator:
pool_curves.parquet (random labeling up to the full pool) and warm_curves.parquet (active learning continued from a
sample). For every data set a pilot of so many random rows is run, and forecast to that set's pool with its model. It
prints the score with everything labeled and the labels to buy to within one point of it, each with its 8 in 10 range
and whether the range holds the truth.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from planner.economics import Assumptions
from planner.economics.evaluating import Interval, quantiles, to_target
from planner.forecast import Forecast, ForecastSettings, forecast
from planner.pilot import PilotSettings, run_pilot
from planner.sample import make_sample
from planner.workers import Workers

MODELS = {
    "logistic_regression": "logistic_regression",
    "tfidf_logistic_regression": "logistic_regression",
    "extra_trees_50": "extra_trees",
}


def forecast_of(table: pd.DataFrame, rows: int, model: str, pool_size: int) -> Forecast:
    """The forecast from so many random rows of a table."""
    sample = make_sample(table.sample(rows, random_state=1), "label")
    pilot = run_pilot(sample, PilotSettings(strategies=("margin",), model=MODELS[model]), Workers(2))
    return forecast(pilot, ForecastSettings(pool_size=pool_size))


def labels_within_a_point(curve: pd.Series, score_all: float, start: int, pool_size: int) -> float:
    """Labels to buy beyond `start` at which the smoothed truth is within a point of everything labeled."""
    labels = curve.index.to_numpy(float)
    smooth = IsotonicRegression().fit_transform(np.log(labels), curve.to_numpy())
    reached = smooth >= score_all - 0.01
    return max(float(labels[reached.argmax()]) - start, 0.0) if reached.any() else float(pool_size - start)


def holds(interval: Interval, truth: float) -> bool:
    """Whether a range holds a number."""
    return interval.p10 is not None and interval.p90 is not None and interval.p10 <= truth <= interval.p90


def line(name: str, model: str, curves: tuple[pd.DataFrame, pd.DataFrame], folder: Path, rows: int) -> dict:
    """One data set and model: truth beside forecast."""
    pool, warm = (c[(c.dataset == name) & (c.model == model)] for c in curves)
    N = int(pool.n_labels.max())
    truth = float(pool[pool.n_labels == N].accuracy.mean())
    found = forecast_of(pd.read_parquet(folder / "sets" / f"{name}.parquet"), rows, model, N)
    score = quantiles(found.score_all)
    row = {"set": name, "model": model, "refusal": found.refusal or "", "truth": truth, **_shown("score", score, truth)}
    M = int(warm.pool_size.max()) if len(warm) else 0
    if not M or M > N or rows not in set(warm.start_labels):
        return row
    at_random = warm[warm.strategy == "random"].groupby("n_labels").accuracy.mean()
    chosen = warm[(warm.strategy == "margin_x1.25") & (warm.start_labels == rows)].groupby("n_labels").accuracy.mean()
    wanted = labels_within_a_point(chosen, float(at_random.iloc[-1]), rows, M)
    to_pool = forecast(found.pilot, ForecastSettings(pool_size=M))
    return row | {"labels": wanted, **_shown("buy", to_target(to_pool, Assumptions(), "margin"), wanted)}


def _shown(name: str, interval: Interval, truth: float) -> dict:
    return {f"{name} p10": interval.p10, f"{name} p50": interval.p50, f"{name} p90": interval.p90,
            f"{name} holds": holds(interval, truth)}  # fmt: skip


def main() -> None:
    """Print the table and how often the ranges held."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--rows", type=int, default=1000)
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    curves = (pd.read_parquet(given.data / "pool_curves.parquet"), pd.read_parquet(given.data / "warm_curves.parquet"))
    pairs = curves[0][["dataset", "model"]].drop_duplicates().itertuples(index=False)
    chosen = [pair for pair in pairs if not given.only or pair.dataset in given.only.split(",")]
    table = pd.DataFrame([line(pair.dataset, pair.model, curves, given.data, given.rows) for pair in chosen])
    print(table.to_string(index=False, float_format=lambda value: f"{value:,.3f}"))
    for name, part in (("all", table), ("accepted", table[table.refusal == ""])):
        miss = (part["score p50"] - part.truth).abs().mean() * 100
        print(
            f"{name}: {len(part)} pilots; score range held {part['score holds'].mean():.0%}, missed {miss:.1f} points"
        )
        if "labels" in part:
            known = part.dropna(subset=["labels"])
            factor = np.log2((known["buy p50"] + 100) / (known.labels + 100)).abs().mean()
            print(f"  labels: {len(known)} pilots; range held {known['buy holds'].mean():.0%}, log2 miss {factor:.2f}")


if __name__ == "__main__":
    main()
