"""The documents say what is there, and what they show runs."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from planner import __version__
from planner.choices.estimators import ESTIMATORS
from planner.choices.kinds import KINDS
from planner.choices.metrics import METRICS
from planner.choices.stopping import RULES, WATCH_RULES
from planner.choices.strategies import STRATEGIES
from planner.choices.values import VALUES
from planner.cli import main
from planner.exports import EXPORTS
from planner.forecast.curves import CURVES
from planner.registry import Registry

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MENUS: tuple[Registry[Any], ...] = (STRATEGIES, ESTIMATORS, METRICS, CURVES, KINDS, RULES, WATCH_RULES, VALUES, EXPORTS)


@pytest.mark.parametrize("menu", MENUS, ids=[menu.what for menu in MENUS])
def test_the_menus_of_the_readme_are_the_menus(menu: Registry[Any]) -> None:
    rows = [set(re.findall(r"`(\w+)`", line)) for line in README.splitlines() if line.startswith("| ")]
    assert set(menu) in rows


def test_every_room_stands_in_the_readme_with_each_of_its_modules() -> None:
    rows = re.findall(r"^\| `(\w+)/` (\|.*(?:\n\| \|.*)*)", README, re.MULTILINE)
    assert [room for room, _ in rows] == ["sample", "pilot", "forecast", "economics", "plan", "report"]
    for room, text in rows:
        modules = {path.stem for path in (ROOT / "planner" / room).glob("*.py")} - {"__init__"}
        assert modules == set(re.findall(r"`(\w+)`", text))


def test_what_stands_beside_the_rooms_is_in_the_readme() -> None:
    beside = {path.name + "/" * path.is_dir() for path in (ROOT / "planner").iterdir() if path.name[0] not in "_."}
    named = set(re.findall(r"`(?:planner/)?(\w+(?:/|\.py))`", README)) | {"choices/", "data/", "py.typed"}
    assert beside <= named


def test_links_and_pictures_of_the_readme_are_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(targets) > 4
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_the_two_commands_are_one_line_each() -> None:
    assert "\n    python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/planner\n" in README
    assert "\n    python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest\n" in README


def test_the_changelog_has_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.slow
def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    found: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), found)
    assert found["plan"].sentence in capsys.readouterr().out
    lines = [line for line in code.splitlines() if line and not line.startswith(("from", "import"))]
    assert len(lines) <= 10


@pytest.mark.slow
def test_the_terminal_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    commands = [
        shlex.split(line) for line in README.splitlines() if line.startswith(("    planner p", "    planner c"))
    ]
    assert len(commands) == 5
    for _, *words in commands:
        assert main(words) == 0
    assert "Buy about" in capsys.readouterr().out
    for page in ("plan.html", "compare.html"):
        assert (tmp_path / page).stat().st_size > 10_000


def test_the_strategy_shown_to_contributors_is_the_one_in_the_house() -> None:
    shown = re.search(r"      def margin.*?rng\)\n", README, re.DOTALL)
    assert shown is not None
    there = (ROOT / "planner" / "choices" / "strategies" / "uncertainty.py").read_text("utf-8")
    assert re.sub(r"\n {6}", "\n", shown.group().strip()) in there
