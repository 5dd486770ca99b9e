"""The house stands the way its contract says."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_MODULE = 300
ROOMS = ("sample", "pilot", "forecast", "economics", "plan", "report")


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_imports_go_one_way_only() -> None:
    done = linted(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("pilot/replay.py", "import planner.economics.costs", "Rooms import to the right, never back"),
        ("plan/checks.py", "from planner.plan.deciding import Plan", "Inside plan, imports go down this list"),
        ("forecast/curves.py", "import streamlit", "Only the screens know Streamlit, only the command knows argparse"),
        ("choices/metrics.py", "import planner.choices.kinds", "Menus do not know one another"),
    ],
)
def test_an_import_the_wrong_way_is_caught(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "planner", tmp_path / "planner", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "planner" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = linted(tmp_path)
    assert done.returncode == 1
    assert re.findall(r"^(.*) BROKEN", done.stdout, re.MULTILINE) == [contract]


def test_every_module_of_the_house_has_its_place_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layered = {one["containers"][0]: one for one in contracts if one["type"] == "layers"}
    assert set(layered) == {"planner", *(f"planner.{room}" for room in ROOMS)}
    for place, contract in layered.items():
        named = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
        folder = ROOT.joinpath(*place.split("."))
        there = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
        assert there - {"__init__"} == named
        assert contract["exhaustive"]


def test_no_module_is_longer_than_a_screenful_of_screens() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "planner").rglob("*.py")}
    assert [str(path) for path, length in lengths.items() if length > LONGEST_MODULE] == []


def test_the_core_opens_no_file_reads_no_clock_and_prints_nothing() -> None:
    core = [
        path
        for path in (ROOT / "planner").rglob("*.py")
        if not {"ui", "cli", "workspace"} & set(path.relative_to(ROOT).parts) and path.stem != "__main__"
    ]
    forbidden = ("open(", "print(", "datetime.now", "time.time(", "except Exception", "np.random.seed")
    found = [f"{path.name}: {word}" for path in core for word in forbidden if word in path.read_text("utf-8")]
    assert found == []


def test_the_ci_script_is_sound_bash() -> None:
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run([bash, "-n", ROOT / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
