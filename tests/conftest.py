"""No test touches the workspace of the person who runs it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace of these tests, for this process and those it starts."""
    path = tmp_path_factory.mktemp("workspace") / "workspace.sqlite"
    before = os.environ.get("PLANNER_WORKSPACE")
    os.environ["PLANNER_WORKSPACE"] = str(path)
    yield path
    if before is None:
        del os.environ["PLANNER_WORKSPACE"]
    else:
        os.environ["PLANNER_WORKSPACE"] = before
