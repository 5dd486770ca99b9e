"""`planner compare`: one data set or several, tables or stored pilots, and a sentence for what cannot be compared."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import handmade
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from planner.blocks import Sentence, Table
from planner.cli import main
from planner.exports import EXPORTS
from planner.forecast.comparison import Best, compare
from planner.pilot import PilotSettings, read_pilot, run_pilot
from planner.report import write
from planner.report.compared import against_table, best_sentence, of_forecast
from planner.sample import read_sample

QUICK = ["--strategies", "margin,entropy", "--model", "logistic-regression", "--folds", "2", "--repeats", "2",
         "--growth", "3"]  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small tables with a column `y`; one of them too small for a replay."""
    here = tmp_path_factory.mktemp("tables")
    rng = np.random.default_rng(0)
    cancer = load_breast_cancer(as_frame=True).frame.rename(columns={"target": "y"})
    cancer.iloc[:, [0, 1, 2, 3, -1]].to_csv(here / "cancer.csv", index=False)
    for name, loaded in (("wine", load_wine(as_frame=True)), ("iris", load_iris(as_frame=True))):
        frame = loaded.frame.rename(columns={"target": "y"})
        doubled = frame.loc[rng.choice(len(frame), 260)].reset_index(drop=True)
        features = [column for column in frame.columns if column != "y"]
        doubled[features] += rng.normal(0, doubled[features].std(), doubled[features].shape)
        doubled.to_csv(here / f"{name}.csv", index=False)
    cancer.iloc[:150, [0, 1, -1]].to_csv(here / "few.csv", index=False)
    return here


@pytest.fixture(scope="module")
def pilots(folder: Path) -> list[str]:
    found = []
    for name in ("cancer", "wine", "iris"):
        out = str(folder / f"{name}.json")
        assert main(["pilot", str(folder / f"{name}.csv"), "--label", "y", *QUICK, "--jobs", "1", "--out", out]) == 0
        found.append(out)
    return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*words: object) -> tuple[int, str, str]:
        code = main(["compare", *(str(word) for word in words)])
        out, err = capsys.readouterr()
        return code, out, err

    return called


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_table_a_stored_pilot_and_python_say_the_same(run: Run, folder: Path, pilots: list[str]) -> None:
    table, stored = folder / "table.json", folder / "stored.json"
    assert run(folder / "cancer.csv", "--label", "y", *QUICK, "--jobs", "1", "--out", table)[0] == 0
    assert run(pilots[0], "--out", stored)[0] == 0
    assert json.loads(table.read_bytes()) == json.loads(stored.read_bytes())
    sample = read_sample((folder / "cancer.csv").read_bytes(), "y", None, "cancer.csv")
    settings = PilotSettings(
        strategies=("margin", "entropy"), model="logistic_regression", folds=2, repeats=2, growth=3.0
    )
    by_hand = compare(run_pilot(sample, settings), "accuracy")
    (found,) = json.loads(stored.read_bytes())["data_sets"]
    assert found["strategies"]["margin"]["gain"]["mean"] == by_hand.rows[0].gain
    assert found["best_of_pilot"]["chances"] == by_hand.best.chances


def test_one_data_set_shows_the_folds_and_says_what_ranks_would_need(run: Run, pilots: list[str]) -> None:
    code, out, err = run(pilots[0])
    assert (code, err) == (0, "")
    assert "Strategies against random on your sample" in out
    assert best_sentence(compare(read_pilot(Path(pilots[0]).read_bytes()), "accuracy").best).replace("**", "") in flat(
        out
    )
    assert "compare data sets, and one was given. Name 2 or more" in flat(out)


def test_several_data_sets_are_ranked(run: Run, folder: Path, pilots: list[str]) -> None:
    out = folder / "ranks.json"
    code, printed, _ = run(*pilots, "--out", out)
    found = json.loads(out.read_bytes())
    assert code == 0
    assert [one["name"] for one in found["data_sets"]] == ["cancer.csv", "wine.csv", "iris.csv"]
    ranks = found["ranking"]["mean_ranks"]
    assert sum(ranks.values()) == pytest.approx(1 + 2 + 3)
    for mean in ranks.values():
        assert f"{mean:.2f}" in printed
    assert "Too few data sets" in printed
    assert "Friedman chi squared" in printed


def test_every_kind_of_file_is_written_and_asks_nothing_of_the_network(
    run: Run, folder: Path, pilots: list[str]
) -> None:
    for suffix in ("html", "svg", "csv"):
        assert run(*pilots, "--out", folder / f"out.{suffix}")[0] == 0
    page, picture = ((folder / f"out.{suffix}").read_text("utf-8") for suffix in ("html", "svg"))
    HTMLParser().feed(page)
    assert page.count("<svg") == 1
    for text in (page, picture):
        assert not re.search(r"url\((?!#)|@import|//[a-z0-9.-]+\.[a-z]{2,}", text.replace("http://www.w3.org/", ""))
        assert "Random labeling" in text
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text("utf-8"))))
    assert len(rows) == 3 * 2
    for row in rows:
        assert float(row["gain_low"]) <= float(row["gain"]) <= float(row["gain_high"])
        assert float(row["adjusted_p"]) >= float(row["p"])


def test_another_metric_is_read_off_the_same_pilots(run: Run, folder: Path, pilots: list[str]) -> None:
    out = folder / "f1.json"
    assert run(*pilots, "--metric", "macro-f1", "--out", out)[0] == 0
    pilot = read_pilot(Path(pilots[1]).read_bytes())
    found = json.loads(out.read_bytes())
    assert found["metric"] == "macro_f1"
    assert found["data_sets"][1]["random_area"] == compare(pilot, "macro_f1").random_area


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["none.csv", "--label", "y"], "The file 'none.csv' cannot be read"),
        (["{0}/cancer.csv"], "A table needs --label COLUMN"),
        (["{0}/few.csv", "--label", "y"], "few.csv has 150 labeled rows; a replay needs 200"),
        (["{0}/cancer.json", "{0}/cancer.csv", "--label", "y"], "holds the same rows"),
        (["{0}/cancer.json", "--folds", "3"], "--folds was settled when the pilots were run"),
        (["{0}/cancer.json", "{0}/wine.csv", "--label", "y", "--strategies", "margin"], "Run the pilots with the same"),
        (["{0}/wine.csv", "--label", "y", "--strategies", "random"], "has only random labeling to compare"),
        (["{0}/cancer.json", "--out", "{0}/a.docx"], "its end must be one of .json, .html, .csv, .svg"),
        (["{0}/cancer.json", "--out", "{0}/a.svg"], "and one was given. Name 2 or more"),
        (["{0}/cancer.json", "--metric", "speed"], "No metric is named 'speed'"),
        ([], "required: DATA"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(
    run: Run, folder: Path, pilots: list[str], words: list[str], sentence: str
) -> None:
    assert pilots
    code, out, err = run(*(word.format(folder) for word in words))
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_pilots_for_different_metrics_need_to_be_told_which(run: Run, folder: Path, pilots: list[str]) -> None:
    other = json.loads(Path(pilots[1]).read_bytes())
    (folder / "other.json").write_text(json.dumps({**other, "metric": "macro_f1"}, separators=(",", ":")), "utf-8")
    assert "Say which one to compare with --metric" in run(pilots[0], folder / "other.json")[2]
    assert run(pilots[0], folder / "other.json", "--metric", "accuracy")[0] == 0


def test_the_best_is_named_with_its_chance_or_not_at_all() -> None:
    sure = best_sentence(Best("margin", {"margin": 0.85, "entropy": 0.12, "random": 0.03}))
    assert sure.startswith("**Smallest margin was best in the pilot, 85% sure.**")
    assert "Highest entropy 12%" in sure
    unsure = best_sentence(Best("margin", {"margin": 0.55, "entropy": 0.4, "random": 0.05}))
    assert unsure.startswith("**The pilot cannot tell which way to choose is best:** smallest margin 55% and")
    assert "random labeling" not in unsure  # the first two hold the bar together


def test_the_report_and_the_plan_file_say_which_was_best() -> None:
    plan = handmade.plan()
    comparison = of_forecast(plan.valuation.forecast)
    assert comparison is not None
    details = write(plan).details
    assert best_sentence(comparison.best) in [block.text for block in details if isinstance(block, Sentence)]
    assert against_table(comparison) in [block for block in details if isinstance(block, Table)]
    assert "Strategies against random on your sample" in EXPORTS["method_md"].call(write(plan)).decode()


def test_the_plan_file_without_a_second_strategy_says_why_there_is_no_best() -> None:
    from dataclasses import replace

    plan = handmade.plan()
    alone = {"random": plan.valuation.forecast.measured["random"]}
    forecast = replace(plan.valuation.forecast, measured=alone)
    assert of_forecast(forecast) is None
    assert of_forecast(replace(forecast, measured={})) is None


def test_the_command_writes_numbers_as_the_place_does(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same table twice: what stands in English with a point stands in German with a comma, and nothing else."""
    out = tmp_path / "page.html"
    said = []
    for extra in ([], ["--locale", "de"]):
        assert main(["compare", str(files("planner") / "data" / "digits_pilot.json"), *extra, "--out", str(out)]) == 0
        said.append(capsys.readouterr().out)
    assert re.search(r"\d\.\d", said[0])
    assert re.search(r"\d,\d", said[1])
    assert not re.search(r"\d\.\d{1,2}\b(?!\d)|\d%", said[1])
    page = re.sub(r"<style.*?</style>", "", out.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r">[^<]*\d%", page)
