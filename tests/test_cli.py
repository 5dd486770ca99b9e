"""The command: the same numbers as Python, one sentence where something is wrong, never a traceback."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer

from planner import __version__
from planner.cli import main
from planner.economics import Assumptions, evaluate
from planner.exports import EXPORTS
from planner.exports.plan_json import plan_to_json
from planner.exports.scenarios_json import scenarios_to_json
from planner.forecast import ForecastSettings, forecast
from planner.pilot import PilotSettings
from planner.plan import PlanFile, Scenario, compare_scenarios, decide, make_plan, read_plan, write_plan
from planner.sample import read_sample
from planner.settings import knobs

ROOT = Path(__file__).parent.parent
QUICK = ["--strategies", "margin", "--model", "logistic-regression", "--folds", "2", "--repeats", "1", "--growth", "3"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of 569 labeled rows, and one half of whose rows have no label yet."""
    here = tmp_path_factory.mktemp("data")
    table = load_breast_cancer(as_frame=True).frame.rename(columns={"target": "outcome"})
    table.iloc[:, [0, 1, 2, 3, -1]].to_csv(here / "cases.csv", index=False)
    half = table.iloc[:, [0, 1, 2, 3, -1]].astype(object)
    half.loc[np.arange(len(half)) % 2 == 0, "outcome"] = None
    half.to_csv(here / "half.csv", index=False)
    table.iloc[:150, [0, 1, -1]].to_csv(here / "few.csv", index=False)
    return here


@pytest.fixture(scope="session")
def pilot_file(folder: Path) -> str:
    path = str(folder / "pilot.json")
    assert main(["pilot", str(folder / "cases.csv"), "--label", "outcome", *QUICK, "--jobs", "1", "--out", path]) == 0
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*words: str) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as left:  # --help and --version leave this way
            code = int(left.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return called


def test_a_plan_from_a_pilot_is_the_plan_from_the_data_and_from_python(run: Run, folder: Path, pilot_file: str) -> None:
    asked = ["--pool-size", "30000", "--cost-per-label", "0.5", "--value-per-point", "2000", "--json"]
    code, stored, _ = run("plan", pilot_file, *asked)
    data = str(folder / "cases.csv")
    _, anew, _ = run("plan", data, "--label", "outcome", *QUICK, "--jobs", "1", *asked)
    settings = PilotSettings(strategies=("margin",), model="logistic_regression", folds=2, repeats=1, growth=3.0)
    sample = read_sample(Path(data).read_bytes(), "outcome", None, "cases.csv")
    assumed = Assumptions(cost_per_label=0.5, value_per_point=2000.0)
    by_hand = plan_to_json(make_plan(sample, settings, ForecastSettings(pool_size=30_000), assumed))
    assert code == 0
    assert json.loads(stored) == json.loads(anew) == by_hand


def test_the_memo_says_the_verdict_the_numbers_and_the_doubts(run: Run, pilot_file: str) -> None:
    code, memo, err = run("plan", pilot_file, "--pool-size", "30000")
    _, text, _ = run("plan", pilot_file, "--pool-size", "30000", "--json")
    plan = json.loads(text)
    flat = " ".join(memo.split())
    assert (code, err) == (0, "")
    assert plan["verdict"]["sentence"] in flat
    for doubt in plan["doubts"]:
        assert " ".join(doubt["finding"].split()) in flat
    assert "Label everything" in memo
    assert "**" not in memo


def test_files_are_written_where_asked(run: Run, folder: Path, pilot_file: str) -> None:
    out, page = folder / "plan.json", folder / "report.html"
    code, printed, _ = run("plan", pilot_file, "--pool-size", "9000", "--out", out, "--report", page, "--json")
    assert code == 0
    assert json.loads(out.read_text("utf-8")) == json.loads(printed)
    assert page.read_text("utf-8").startswith("<!doctype html>")
    for name, choice in EXPORTS.items():
        target = folder / f"{name}{choice.facts['suffix']}"
        assert run("plan", pilot_file, "--pool-size", "9000", "--report", target)[0] == 0
        assert target.stat().st_size > 100
    with (folder / "curves_csv.csv").open(encoding="utf-8") as file:
        assert {row["strategy"] for row in csv.DictReader(file)} == {"random", "margin"}


DEAR = "Dear labels: cost_per_label=4; setup-cost=0; chance=0.3"
LITTLE = "A point is worth little: value_per_point=30; chance=.2"


def test_scenarios_with_chances_are_those_of_python(run: Run, folder: Path) -> None:
    """Typed on the command line, and saved with a plan."""
    bundled = str(files("planner") / "data" / "digits_pilot.json")
    amounts = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}
    saved = read_plan(Path(bundled).read_bytes())
    made = decide(evaluate(forecast(saved.pilot, ForecastSettings(pool_size=50_000)), Assumptions(**amounts)))
    scenarios = (
        Scenario("Dear labels", {"cost_per_label": 4.0, "setup_cost": 0.0}, 0.3),
        Scenario("A point is worth little", {"value_per_point": 30.0}, 0.2),
    )
    wanted = compare_scenarios(made, scenarios)
    typed = [word for name, value in amounts.items() for word in ("--" + name.replace("_", "-"), str(value))]
    code, said, _ = run(
        "plan", bundled, "--pool-size", "50000", *typed, "--scenario", DEAR, "--scenario", LITTLE, "--json"
    )
    assert code == 0
    assert json.loads(said)["scenarios"] == json.loads(json.dumps(scenarios_to_json(wanted)))
    kept = folder / "kept.plan.json"
    kept.write_bytes(
        write_plan(PlanFile(saved.pilot, made.valuation.forecast.settings, made.valuation.assumptions, scenarios))
    )
    code, memo, _ = run("plan", str(kept))
    assert code == 0
    assert wanted.headline in memo
    assert "dear labels 30%" in " ".join(memo.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cost_per_label=4", "has no name"),
        ("Dear: cost_per_lable=4", "Did you mean 'cost_per_label'"),
        ("Dear: cost_per_label=much", "Cost per label must be a number, not 'much'"),
        ("Dear: cost_per_label", "changes nothing"),
        ("Dear: cost_per_label=4; chance=3", "must be a number from 0 to 1"),
        ("Dear: cost_per_label=-1", "cannot be below 0"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_said_so(run: Run, pilot_file: str, typed: str, said: str) -> None:
    code, _, wrong = run("plan", pilot_file, "--pool-size", "5000", "--scenario", typed)
    assert code == 2
    assert said in wrong


def test_chances_over_one_and_a_fifth_column_are_refused(run: Run, pilot_file: str) -> None:
    asked = ["plan", pilot_file, "--pool-size", "5000"]
    many = [word for k in range(4) for word in ("--scenario", f"S{k}: cost_per_label={k + 1}")]
    assert "Keep 3 at most" in run(*asked, *many)[2]


def test_unlabeled_rows_make_the_pool_when_none_is_typed(run: Run, folder: Path) -> None:
    code, text, _ = run("plan", folder / "half.csv", "--label", "outcome", *QUICK, "--jobs", "1", "--json")
    plan = json.loads(text)
    assert (code, plan["pool_size"], plan["data"]["rows"], plan["data"]["labeled"]) == (0, 569, 569, 284)


def test_a_sample_too_small_is_refused_in_words_with_what_is_known(run: Run, folder: Path) -> None:
    asked = ["plan", folder / "few.csv", "--label", "outcome", "--pool-size", "5150", "--cost-per-label", "2"]
    code, text, err = run(*asked, "--json")
    plan = json.loads(text)
    assert (code, err, plan["verdict"]["code"]) == (0, "", "refused")
    assert plan["baselines"]["label_everything"]["cost"]["p50"] == 10_000
    assert "150 labeled rows" in run(*asked)[1]


def test_columns_can_be_left_out_and_read_as_text(run: Run, folder: Path) -> None:
    words = [
        "pilot",
        folder / "few.csv",
        "--label",
        "outcome",
        "--leave-out",
        "mean texture",
        "--out",
        folder / "p.json",
    ]
    assert run(*words)[0] == 0
    used = {c["name"]: c["used"] for c in json.loads((folder / "p.json").read_text("utf-8"))["facts"]["columns"]}
    assert used["mean radius"]
    assert not used["mean texture"]
    assert run(*words[:4], "--text", "mean radius", "--out", folder / "p.json")[0] == 0
    kinds = {c["name"]: c["kind"] for c in json.loads((folder / "p.json").read_text("utf-8"))["facts"]["columns"]}
    assert kinds["mean radius"] == "text"


def test_the_metric_of_a_pilot_is_that_of_its_plan_unless_another_is_named(run: Run, folder: Path) -> None:
    file = folder / "f1.json"
    data = [folder / "cases.csv", "--label", "outcome", *QUICK, "--jobs", "1"]
    assert run("pilot", *data, "--metric", "macro-f1", "--out", file)[0] == 0
    kept = json.loads(run("plan", file, "--pool-size", "9000", "--json")[1])
    named = json.loads(run("plan", file, "--pool-size", "9000", "--metric", "accuracy", "--json")[1])
    assert (kept["data"]["metric"], named["data"]["metric"]) == ("macro_f1", "accuracy")


WRONG: dict[str, tuple[list[str], str]] = {
    "no such command": (["paln"], "invalid choice: 'paln'"),
    "no file named": (["plan"], "PILOT_OR_DATA"),
    "no such file": (["plan", "nowhere.csv", "--label", "outcome"], "'nowhere.csv' cannot be read"),
    "a folder": (["plan", "{folder}", "--label", "outcome"], "cannot be read"),
    "no label column named": (["plan", "{cases}"], "--label COLUMN"),
    "no such column": (["plan", "{cases}", "--label", "outcom"], "Did you mean 'outcome'?"),
    "no such option": (["plan", "{cases}", "--labl", "outcome"], "--labl"),
    "an option cut short": (["plan", "{pilot}", "--pool", "9000"], "--pool"),
    "no pool size": (["plan", "{pilot}"], "Give the pool size"),
    "a pool smaller than the sample": (["plan", "{pilot}", "--pool-size", "100"], "569 labeled rows"),
    "a negative price": (["plan", "{pilot}", "--pool-size", "9000", "--cost-per-label", "-1"], "Cost per label is -1"),
    "a price in words": (["plan", "{pilot}", "--pool-size", "9000", "--cost-per-label", "a lot"], "not 'a lot'"),
    "a price that is no number": (["plan", "{pilot}", "--pool-size", "9000", "--cost-per-label", "nan"], "finite"),
    "a strategy mistyped": (["plan", "{cases}", "--label", "outcome", "--strategies", "marign"], "mean 'margin'?"),
    "a metric unknown": (["plan", "{pilot}", "--pool-size", "9000", "--metric", "f2"], "No metric is named 'f2'"),
    "an option too late": (["plan", "{pilot}", "--pool-size", "9000", "--folds", "3"], "--folds was settled"),
    "a report of no known kind": (["plan", "{pilot}", "--pool-size", "9000", "--report", "x.docx"], "one of .json"),
    "no such place": (["plan", "{pilot}", "--pool-size", "9000", "--out", "no/where.json"], "cannot be written"),
    "no process": (["plan", "{cases}", "--label", "outcome", "--pool-size", "9000", "--jobs", "0"], "--jobs is 0"),
    "half a process": (["plan", "{cases}", "--label", "outcome", "--jobs", "x"], "--jobs"),
    "no place to write": (["pilot", "{cases}", "--label", "outcome"], "--out"),
    "no such port": (["--port", "70000"], "70000"),
    "a broken pilot": (["plan", "{broken}", "--pool-size", "9000"], "broken off"),
    "an empty file": (["plan", "{empty}", "--label", "outcome"], "empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_words_with_exit_2(case: str, run: Run, folder: Path, pilot_file: str) -> None:
    words, expected = WRONG[case]
    (folder / "empty.csv").write_bytes(b"")
    (folder / "broken.json").write_bytes(Path(pilot_file).read_bytes()[:5000])
    places = {"folder": folder, "cases": folder / "cases.csv", "pilot": pilot_file, "empty": folder / "empty.csv",
              "broken": folder / "broken.json"}  # fmt: skip
    code, out, err = run(*(word.format(**places) for word in words))
    assert (code, out) == (2, "")
    assert expected in err
    assert err.startswith("planner: ")
    assert err.count("\n") == 1
    assert err.rstrip().endswith((".", "?"))
    assert "Traceback" not in err


def test_every_setting_is_an_option_with_its_help_unit_and_default(run: Run) -> None:
    code, text, _ = run("plan", "--help")
    flat = " ".join(text.split())
    assert code == 0
    for one in (one for owner in (ForecastSettings, Assumptions, PilotSettings) for one in knobs(owner)):
        assert f"{one.option} " in flat
        assert " ".join(one.help.split()) in flat.replace("- ", "-")
        if one.unit:
            assert f"in {one.unit}" in flat
        for name in one.choices or ():
            assert name in flat
    pilot = run("pilot", "--help")[1]
    assert all(one.option in pilot for one in knobs(PilotSettings))
    assert "--metric" in pilot


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version") == (0, f"planner {__version__}\n", "")


def test_underscores_in_options_are_hyphens(run: Run, pilot_file: str) -> None:
    hyphens = run("plan", pilot_file, "--pool-size", "9000", "--cost-per-label=2", "--per-year", "--json")
    assert run("plan", pilot_file, "--pool_size", "9000", "--cost_per_label=2", "--per_year", "--json") == hyphens


def test_as_a_module_it_is_quick_to_help_and_quiet_when_nobody_looks(folder: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "planner", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert "plan a labeling budget" in done.stdout.lower()
    assert not any(heavy in done.stderr for heavy in ("sklearn", "pandas", "streamlit", "numpy"))
    words = ["pilot", folder / "cases.csv", "--label", "outcome", *QUICK, "--jobs", "1", "--out", folder / "own.json"]
    done = subprocess.run(
        [sys.executable, "-m", "planner", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_same_pilot_for_any_number_of_jobs(folder: Path, pilot_file: str) -> None:
    path = str(folder / "shared.json")
    assert main(["pilot", str(folder / "cases.csv"), "--label", "outcome", *QUICK, "--jobs", "2", "--out", path]) == 0
    one, two = (json.loads(Path(file).read_text("utf-8")) for file in (pilot_file, path))
    for saved in (one, two):
        drop_run_facts(saved)
    assert json.dumps(one) == json.dumps(two)


def drop_run_facts(value: Any) -> None:
    for key in [key for key in value if any(fact in key for fact in ("seconds", "created", "jobs"))]:
        del value[key]
    for trace in value["traces"]:
        del trace["seconds"]


@pytest.mark.slow
def test_the_app_listens_soon_ends_when_told_and_leaves_nobody_behind() -> None:
    port = 18_731
    command = [sys.executable, "-m", "planner", "--port", str(port), "--no-browser"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ)
    ) as app:
        try:
            assert until(lambda: answers(port), 20), "it does not listen"
            assert children(app.pid) == []
            app.send_signal(signal.SIGTERM)
            app.wait(timeout=10)
            assert not answers(port)
        finally:
            app.kill()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def children(pid: int) -> list[str]:
    """Processes whose parent is `pid` (Linux; none elsewhere)."""
    tasks = Path(f"/proc/{pid}/task")
    return [word for task in tasks.glob("*/children") for word in task.read_text().split()] if tasks.exists() else []
