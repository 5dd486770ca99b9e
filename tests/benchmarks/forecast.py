"""Judge forecasts by the truth: python tests/benchmarks/forecast.py --data DIR [--profile quick|full] [--cache DIR].

DIR holds NAME.parquet files with a target column `label`. Every job (a data set, a model, a draw) walks the truth of a
pool of up to 20,000 rows and takes pilots of 500 to 4,000 rows from it (forecast_runs); jobs are kept one by one in the
cache, so that a run that was broken off goes on. Every pilot is then forecast by constants that never saw its data set
(forecast_learning), and each figure is printed for all pilots and for those the product would accept (forecast_tables),
beside simple methods and simple rules of buying, and what the truth itself can be told to (forecast_floor). Data sets
count the same; related ones count as one.

Without --data the kept results of the project are read: the same tables. `--learn DATE` writes the constants of the
product from all of them. `--keep` writes the results of a run as the kept ones. `--recheck SHARE` runs a random share
of the kept jobs again and compares every number.

METHOD, what won and what did not, on these tables:

* Half of the draws from a power law with a learned prior, half from the mixture learned on LCDB. The mixture alone was
  nearer at the far end and further off in labels to buy; the power law alone the other way round.
* ln s linear in the log of the error, in the replay's own ln s and in the log of the size. The replay adds little for
  margin, more for badge; for a strategy nobody studied it is all there is. The size took some points off the miss of
  the saving against random from 2,000 rows on; the class of model (text, trees) added to it nothing, left out.
* ln s is learned half from the whole way and half from the labels to half a point and a point: the way alone promised
  too much at the far end, where on hard text a chosen label is worth hardly more than a random one.
* Two more regressors of ln s, tried on data sets left out: how much less sure the model is than it is right (ln of the
  mean doubt on new rows over the error) took half a point off the miss of the saving against random and nothing off
  labels to buy; pool over sample another third of one. Left out, for so little. Forecast gain over error, classes,
  text or not, the replay's lead in points: nothing.
* What labels to buy miss by is the gain of random labeling that is still to come. With the true gain in the place of
  the forecast one, labels by margin to half a point miss by .38 for .72 doublings (accuracy, 1,000 rows); with the
  true exchange rate by .50, k_center's by .95 for 1.04 and those of macro F1 no less than before.
* So random labeling is replayed in three cuts for each one that strategies share. On 126 pilots of linear models and
  text from 29 data sets eight replays for two took the miss from .70 to .63 (1,000 rows) and from .66 to .45 (2,000),
  four to .64 and .45; other orders within the same cuts did less (.69 and .48 with eight). Pools of a quarter and a
  half of the sample, which were walked before, were read by nothing and are gone: a pilot of the default strategies
  makes as many fits as it did.
* Both curves fall short of what was still to gain, most for text and small samples, and promise too much for linear
  models of two classes (`lift`): a learned factor on the gain took out the bias and some of the miss. By classes,
  columns for each row, the size of the gain, what the last doublings gained, noise, margin's replay: nothing beside
  it.
* Labels to buy set right afterwards, by regression of medians or boosted trees on all that a pilot shows (gains,
  slopes, error, class, pool, worth of a label), data sets left out: k_center came nearer by up to .07 doublings,
  everything else went further off.
* The truth of a strategy begins where random labeling's is and is told the same end. Drawn alone, isotonic regression
  pulled starts below the sample's score and let ends lie apart: where the sample is within half a point of everything
  already, the labels to buy were said to be thousands.
* More draws of every linear and text task, three, five, ten: the truth of what margin saves against random labeling is
  luck to a good part. From 2,000 rows, to half a point, two halves of ten draws say savings 18 points apart, which
  leaves 9 in the truth of all: forecasts that miss it by 14 miss what there is to be told by some 10. By five draws
  they missed it by 15. The luck in labels to buy and in the saving against everything is small beside the misses.
* The chance that the next batch pays was too low in the middle of the scale: a learned line on its logit mends it.
* Learning the prior on rates by the predictive density of the score with everything labeled did worse, left out, than
  the rate read off each truth: a few steep tasks decide it.
* Watching the walk (share of predictions that change in a round) helps at high prices of the score if each round counts
  for three tenths of what it seems to say; taken at its word it stops too early.
* Not tried: a fresh random slice in each round (with rounds of a few hundred labels and a tenth of them random, its
  standard error is above the gains in question), bootstrap over rows, pools given without labels.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse  # noqa: E402 - after the threads are settled
import gzip  # noqa: E402
import json  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from forecast_cases import read_cases  # noqa: E402
from forecast_floor import floor_lines  # noqa: E402
from forecast_learning import left_out  # noqa: E402
from forecast_runs import SCORES, SIZES, Job, Kept, run_job  # noqa: E402
from forecast_tables import by_size, table  # noqa: E402

from planner.forecast.learned import stored  # noqa: E402
from planner.workers import Workers, each  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "forecast.json.gz"
LEARNED = Path(__file__).parents[2] / "planner" / "data" / "learned.json"
LINEAR, TREES, BOOSTING = "logistic_regression", "extra_trees", "gradient_boosting"
QUICK = ("adult_income", "airline_tweets", "clickbait_headlines", "dry_bean", "hate_offensive", "magic_gamma",
         "pendigits", "sst2")  # fmt: skip
QUICK_TREES = ("magic_gamma", "mammography")
WITH_TREES = ("magic_gamma", "adult_income", "electricity", "mammography", "hr_job_change", "pendigits",
              "letter_recognition", "dry_bean", "hotel_cancel", "optdigits")  # fmt: skip
WITH_BOOSTING = ("magic_gamma", "adult_income", "electricity", "cardio_disease", "hotel_cancel",
                 "credit_default_taiwan")  # fmt: skip
DRAWS = {LINEAR: 10, TREES: 2, BOOSTING: 3}  # five test every row once; a walk of trees takes ten times as long


def jobs(folder: Path, profile: str) -> list[Job]:
    """What a profile runs, the first draw of everything before the second of anything."""
    names = sorted(file.stem for file in folder.glob("*.parquet"))
    if profile == "quick":
        pairs = [(name, LINEAR) for name in QUICK] + [(name, TREES) for name in QUICK_TREES]
        return [Job(name, model, 0) for name, model in pairs if name in names]
    pairs = [(name, LINEAR) for name in names]
    pairs += [(name, TREES) for name in WITH_TREES if name in names]
    pairs += [(name, BOOSTING) for name in WITH_BOOSTING if name in names]
    draws = range(max(DRAWS.values()))
    return [Job(name, model, draw) for draw in draws for name, model in pairs if draw < DRAWS[model]]


def run(folder: Path, cache: Path, profile: str) -> list[dict[str, Any]]:
    """The results of all jobs of a profile, run or read."""
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    asked = jobs(folder, profile)
    for done in each(Kept(folder, cache), asked, Workers(2)):
        found.append(done)
        print(f"{len(found)} of {len(asked)}: {done['name']}, {done['model']}, draw {done['draw']}", flush=True)
    return found


def kept() -> list[dict[str, Any]]:
    """The results that the project keeps."""
    found: list[dict[str, Any]] = json.loads(gzip.decompress(RESULTS.read_bytes()))
    return found


def keep(results: Sequence[dict[str, Any]]) -> None:
    """Write results so that the same ones give the same bytes."""
    ordered = sorted(results, key=lambda job: (job["draw"], job["model"], job["name"]))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(gzip.compress(json.dumps(ordered, separators=(",", ":")).encode(), 9, mtime=0))


def learn(results: Sequence[dict[str, Any]], date: str) -> None:
    """Write the constants of the product."""
    made = {"made_by": "tests/benchmarks/forecast.py --learn", "date": date, "data": "public data sets, by name"}
    names = {"data_sets": sorted({job["name"] for job in results})}
    metrics = {metric: left_out(read_cases(results, metric))[1] for metric in SCORES}
    LEARNED.write_text(
        json.dumps(dict(stored()) | {"forecasts": made | {"metrics": metrics} | names}, indent=1) + "\n", "utf-8"
    )


def recheck(folder: Path, share: float) -> None:
    """Run a random share of the kept jobs again; say how many numbers differ."""
    results = kept()
    rng = np.random.default_rng(0)
    for place in sorted(rng.permutation(len(results))[: max(1, round(share * len(results)))]):
        old = results[place]
        again = json.loads(json.dumps(run_job(folder, Job(old["name"], old["model"], old["draw"]))))
        print(
            f"{old['name']}, {old['model']}, draw {old['draw']}: {'the same' if again == old else 'DIFFERENT'}",
            flush=True,
        )


def show(results: Sequence[dict[str, Any]]) -> None:
    """Print every table."""
    tasks = {(job["name"], job["model"]) for job in results}
    print(f"{len(results)} runs of {len(tasks)} tasks on {len({name for name, _ in tasks})} data sets")
    for metric in SCORES:
        found, _ = left_out(read_cases(results, metric))
        for size in SIZES:
            some = by_size(found, size)
            if some:
                print(f"\n=== {metric}, pilots of {size:,} rows ({len(some)}) ===\n{table(some)}\n", flush=True)
                print("\n".join(floor_lines(results, metric, size)), flush=True)


def main() -> None:
    """Run, learn, check or print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path)
    asked.add_argument("--profile", choices=("quick", "full"), default="quick")
    asked.add_argument("--cache", type=Path, default=Path("forecast-cache"))
    asked.add_argument("--learn", metavar="DATE", default="")
    asked.add_argument("--keep", action="store_true")
    asked.add_argument("--recheck", metavar="SHARE", type=float, default=0.0)
    given = asked.parse_args()
    if given.recheck:
        recheck(given.data, given.recheck)
        return
    results = run(given.data, given.cache, given.profile) if given.data else kept()
    if given.keep:
        keep(results)
    if given.learn:
        learn(results, given.learn)
        return
    show(results)


if __name__ == "__main__":
    main()
