"""The house stands the way its contract says."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_MODULE = 300


def test_imports_go_one_way_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_the_house_has_its_place_in_the_contract() -> None:
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    named = {name.strip("() ") for layer in rooms["layers"] for name in layer.split("|")}
    there = {path.stem for path in (ROOT / "planner").glob("*.py") if path.stem != "__init__"}
    assert there <= named
    assert rooms["exhaustive"]


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
