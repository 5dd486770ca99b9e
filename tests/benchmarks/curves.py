"""Hold forecasts of random learning curves against measured ones: python tests/benchmarks/curves.py --data FILE.

FILE is a Parquet table of learning curves from the LCDB 1.1: openml_id, learner, n_labels, test_error_mean,
test_error_se. From n of 512, 1,024, 2,048 and 4,096 labels, with the anchors from 32 up, every curve is forecast to
exactly 2, 4, 8, 16 and 32 n. The table shows, in points of error, the median and the worst tenth of the absolute miss
and how often the 80% and 90% bands held the measured error, beside last value, every family by least squares and their
back-test weighted mixture; curves whose error ranges over less than .05 stand in a table of their own.

Learned constants never saw the data set they are judged on: when the file shares a data set with the stored constants,
they are learned again in ten folds over data sets (sets of one origin together); otherwise the stored ones are used.
`--learn DATE` learns from the whole file and writes its part of planner/data/learned.json, dated so.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from least_squares_curves import every
from scipy.special import logsumexp

from planner.choices.families import FAMILIES
from planner.forecast.learned import stored
from planner.forecast.mixture import (
    DRIFTS,
    FLOORS,
    LEAST,
    LOWEST,
    MISFIT,
    RATES,
    Evidence,
    candidates,
    draw_curves,
    evidence,
    prior_of,
    shapes,
)
from planner.workers import Workers, each

SIZES, HORIZONS = (512, 1024, 2048, 4096), np.array([2, 4, 8, 16, 32])
FIRST, FLAT = 32, 0.05
BANDS = (0.05, 0.1, 0.5, 0.9, 0.95)
CLASS = {"logistic_regression": "linear", "extra_trees": "trees", "random_forest": "trees",
         "gradient_boosting": "boosting"}  # fmt: skip
FOLDS, ROUNDS = 10, 6
DRAWS, FEW = 2000, 300  # for the table, for learning how far slopes spread
SLOPE_SCALES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
# The anchors of a curve share test rows and splits: neighbours differ by a fifth of the variance that their standard
# errors promise (second differences over those of independent anchors, median over curves .17). The rest is a shift of
# the whole curve, in the truth as well.
OWN_NOISE = 0.2
# OpenML ids of one origin: the same rows with other features, or with classes joined.
RELATED = (
    (12, 14, 16, 18, 20, 22, 962, 971, 978, 995, 1020, 1022, 40979), (201, 722), (26, 959), (28, 980), (57, 1000),
    (991, 40975), (390, 391, 392, 393, 394, 395, 396, 397, 398, 399, 400, 401),
    (1049, 1050, 1053, 1063, 1067, 1068, 1069),
    (1128, 1130, 1134, 1138, 1139, 1142, 1145, 1146, 1158, 1161, 1165, 1166),
    (723, 740, 743, 797, 799, 806, 813, 837, 845, 849, 866, 903, 904, 910, 912, 913, 917), (1040, 41146), (60, 979),
)  # fmt: skip
STORED = Path(__file__).parents[2] / "planner" / "data" / "learned.json"


@dataclass(frozen=True, eq=False)
class Case:
    """One curve cut at n labels, with what was measured beyond."""

    data_set: int
    learner: str
    flat: bool
    labels: np.ndarray  # (K,) anchors up to n
    errors: np.ndarray  # (K,)
    variance: np.ndarray  # (K,)
    truth: np.ndarray  # (H,) error at each horizon, NaN where it was not measured
    truth_variance: np.ndarray  # (H,)


def cases(table: pd.DataFrame) -> list[Case]:
    """Every curve at every n that has a horizon ahead."""
    found = []
    for (data_set, learner), curve in table.groupby(["openml_id", "learner"]):
        by_labels = curve.sort_values("n_labels").set_index("n_labels")
        error, variance = (
            by_labels.test_error_mean.astype(float),
            OWN_NOISE * by_labels.test_error_se.astype(float) ** 2,
        )
        flat = bool(error.max() - error.min() < FLAT)
        for n in SIZES:
            truth = error.reindex(n * HORIZONS)
            if n not in error.index or truth.isna().all():
                continue
            seen = (error.index >= FIRST) & (error.index <= n)
            labels = error.index[seen].to_numpy(float)
            after = variance.reindex(n * HORIZONS).to_numpy()
            found.append(
                Case(int(str(data_set)), str(learner), flat, labels, error[seen].to_numpy(),
                     variance[seen].to_numpy(), truth.to_numpy(), after)
            )  # fmt: skip
    return found


def past(case: Case) -> Evidence:
    """The evidence of what was seen."""
    return evidence(case.labels, case.errors, case.variance)


def outcome_of(case: Case, seen: Evidence) -> np.ndarray:
    """Log likelihood of seen and unseen errors, (S, G); the horizons, one curve seen five times, count as one."""
    scale = max(float(case.errors[-6:].mean()), LOWEST)
    known = np.flatnonzero(~np.isnan(case.truth))
    ahead = np.zeros(seen.level.shape)
    for k, shape in zip(known, shapes(HORIZONS[known].astype(float)).T, strict=True):
        drift = (DRIFTS[:, None] * scale) ** 2 * np.log(HORIZONS[k]) ** 3 / 3
        spread = seen.variance * shape**2 + drift + (MISFIT * scale) ** 2 + LEAST**2 + case.truth_variance[k]
        ahead += -0.5 * ((case.truth[k] - seen.level * shape) ** 2 / spread + np.log(spread))
    return np.maximum(seen.log_likelihood + ahead / len(known), -1e30).astype(np.float32)


def learn(some: list[Case], outcomes: np.ndarray) -> dict[str, Any]:
    """Priors by expectation-maximisation from flat ones: shares of families and drifts, rate and floor by class."""
    family, rate, _, floor = candidates()
    classes = np.array([CLASS[case.learner] for case in some])
    learned: dict[str, Any] = {
        "families": {name: 1 / len(FAMILIES) for name in FAMILIES},
        "drifts": [1 / len(DRIFTS)] * len(DRIFTS),
        "slope_scale": 0.0,
        "classes": {
            name: {"rate": -0.7, "rate_sd": 0.8, "floor": [0.6, 0.6]} for name in (*np.unique(classes), "unknown")
        },
    }
    for _ in range(ROUNDS):
        shares = {name: np.zeros(outcomes.shape[1:]) for name in np.unique(classes)}
        for name, share in shares.items():
            prior = prior_of(name, learned).log_weights()
            for position in np.flatnonzero(classes == name):
                weight = outcomes[position] + prior
                share += np.exp(weight - logsumexp(weight))
        shares["unknown"] = np.sum(list(shares.values()), axis=0)
        pooled = shares["unknown"] / shares["unknown"].sum()
        learned["families"] = dict(zip(FAMILIES, np.bincount(family, pooled.sum(axis=0)), strict=True))
        learned["drifts"] = pooled.sum(axis=1).tolist()
        for name, share in shares.items():
            at = share.sum(axis=0) / share.sum()
            learned["classes"][name] = _moments(np.bincount(rate, at), np.bincount(floor, at))
    return learned


def _moments(rates: np.ndarray, floors: np.ndarray) -> dict[str, Any]:
    """The log-normal and the Beta with the mean and variance of these shares."""
    logs, inside = np.log(RATES), np.clip(FLOORS, 0.02, 0.99)
    rate = float(rates @ logs)
    mean = float(floors @ inside)
    strength = mean * (1 - mean) / float(floors @ (inside - mean) ** 2) - 1
    sd = float(np.sqrt(rates @ (logs - rate) ** 2))
    return {"rate": rate, "rate_sd": sd, "floor": [mean * strength, (1 - mean) * strength]}


def rounded(value: Any) -> Any:
    """Numbers to three decimals: the digits beyond depend on the machine."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list) else round(float(value), 3)


def draws_of(case: Case, seen: Evidence, learned: dict[str, Any], draws: int = DRAWS) -> np.ndarray:
    """Draws of the error at every horizon, (D, H)."""
    prior = prior_of(CLASS.get(case.learner, "unknown"), learned)
    rng = np.random.default_rng([case.data_set, int(case.labels[-1])])
    return draw_curves(int(case.labels[-1]), seen, prior, draws, rng).error(case.labels[-1] * HORIZONS)


def held(quantiles: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Shares of truths (M, H) inside the outer and the inner band of quantiles (5, M, H), (2, H)."""
    inside = [(quantiles[k] <= truth) & (truth <= quantiles[-1 - k]) for k in (0, 1)]
    return np.array([np.nanmean(np.where(np.isnan(truth), np.nan, one), axis=0) for one in inside])


def with_slope(some: list[Case], seen: list[Evidence], learned: dict[str, Any]) -> dict[str, Any]:
    """The learned constants with the scale of slopes whose bands come closest to what they say, over all horizons."""
    steep = [position for position, case in enumerate(some) if not case.flat]
    truth = np.array([some[position].truth for position in steep])
    missed = []
    for slope_scale in SLOPE_SCALES:
        trial = learned | {"slope_scale": slope_scale}
        draws = [draws_of(some[position], seen[position], trial, FEW) for position in steep]
        shares = held(np.quantile(draws, BANDS, axis=1), truth)
        missed.append(np.abs(shares - np.array([[0.9], [0.8]])).sum())
    return learned | {"slope_scale": SLOPE_SCALES[int(np.argmin(missed))]}


def learn_all(some: list[Case], seen: list[Evidence], outcomes: np.ndarray) -> dict[str, Any]:
    """Everything that is learned, as it is stored."""
    learned: dict[str, Any] = rounded(with_slope(some, seen, learn(some, outcomes)))
    return learned


def folds_of(some: list[Case]) -> np.ndarray:
    """The fold of each case, sets of one origin together."""
    origin = {case.data_set: case.data_set for case in some}
    for group in RELATED:
        origin |= {data_set: group[0] for data_set in origin if data_set in group}
    groups = np.unique(list(origin.values()))
    fold = dict(zip(groups, np.random.default_rng(0).permutation(len(groups)) % FOLDS, strict=True))
    return np.array([fold[origin[case.data_set]] for case in some])


def judged(some: list[Case]) -> tuple[list[np.ndarray], str]:
    """Draws (D, H) of every case from constants that never saw its data set, and which constants those were."""
    seen = list(each(past, some, Workers(2)))
    if not {case.data_set for case in some} & set(stored()["curves"]["data_sets"]):
        return [
            draws_of(case, one, dict(stored()["curves"])) for case, one in zip(some, seen, strict=True)
        ], "stored constants"
    outcomes = np.array([outcome_of(case, one) for case, one in zip(some, seen, strict=True)])
    folds, found = folds_of(some), [np.empty(0)] * len(some)
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        learned = learn_all([some[k] for k in others], [seen[k] for k in others], outcomes[others])
        for k in np.flatnonzero(folds == fold):
            found[k] = draws_of(some[k], seen[k], learned)
    return found, f"constants learned in {FOLDS} folds over data sets"


def table(some: list[Case], draws: list[np.ndarray]) -> str:
    """Absolute misses in points (median / worst tenth) of every method, and what the bands held, as text."""
    truth = np.array([case.truth for case in some])
    quantiles = np.quantile(draws, BANDS, axis=1)
    methods = {"forecast (median of draws)": quantiles[2], "forecast (mean of draws)": np.mean(draws, axis=1)}
    others = [every(case.labels, case.errors, case.labels[-1] * HORIZONS) for case in some]
    methods |= {name: np.array([one[name] for one in others]) for name in others[0]}
    lines = [f"{'':28}" + "".join(f"{f'x{h}':>15}" for h in HORIZONS)]
    lines.append(f"{'cases':28}" + "".join(f"{count:>15}" for count in (~np.isnan(truth)).sum(axis=0)))
    for name, found in methods.items():
        missed = 100 * np.abs(found - truth)
        cells = zip(np.nanmedian(missed, axis=0), np.nanquantile(missed, 0.9, axis=0), strict=True)
        lines.append(f"{name:28}" + "".join(f"{f'{middle:.2f} / {worst:.2f}':>15}" for middle, worst in cells))
    for name, shares in zip(("90% band held", "80% band held"), held(quantiles, truth), strict=True):
        lines.append(f"{name:28}" + "".join(f"{share:>15.3f}" for share in shares))
    for name, k in (("width of 90%, median", 0), ("width of 80%, median", 1)):
        width = 100 * np.where(np.isnan(truth), np.nan, quantiles[-1 - k] - quantiles[k])
        lines.append(f"{name:28}" + "".join(f"{wide:>15.2f}" for wide in np.nanmedian(width, axis=0)))
    return "\n".join(lines)


def store(some: list[Case], date: str, data: str) -> None:
    """Learn from every case and write the constants."""
    seen = list(each(past, some, Workers(2)))
    outcomes = np.array([outcome_of(case, one) for case, one in zip(some, seen, strict=True)])
    made = {"made_by": "tests/benchmarks/curves.py --learn", "date": date, "data": data}
    sets = {"data_sets": sorted({case.data_set for case in some})}
    curves = made | learn_all(some, seen, outcomes) | sets
    STORED.write_text(json.dumps(dict(stored()) | {"curves": curves}, indent=1) + "\n", "utf-8")


def main() -> None:
    """Print the tables, or learn."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--learn", metavar="DATE", default="")
    given = asked.parse_args()
    some = cases(pd.read_parquet(given.data))
    if given.learn:
        store(some, given.learn, "LCDB 1.1 test errors (CC BY 4.0), four learners")
        return
    draws, how = judged(some)
    print(f"{len(some):,} cuts of {len({(c.data_set, c.learner) for c in some})} curves; {how}. Points: median / P90.")
    for flat, title in ((False, f"Error ranges over {FLAT} or more"), (True, "Flat curves")):
        part = [k for k, case in enumerate(some) if case.flat == flat]
        if part:
            print(f"\n{title}\n{table([some[k] for k in part], [draws[k] for k in part])}")


if __name__ == "__main__":
    main()
