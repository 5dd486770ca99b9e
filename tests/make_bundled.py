"""Compute the pilots of the bundled samples and store them in the package: python tests/make_bundled.py."""

from pathlib import Path

from planner.pilot import Pilot, run_pilot, write_pilot
from planner.pilot.bundled import BUNDLED
from planner.workers import Workers

DATA = Path(__file__).parent.parent / "planner" / "data"


def computed(name: str, workers: Workers) -> Pilot:
    """The pilot of a bundled sample, run whole under the default settings."""
    return run_pilot(BUNDLED[name].sample(), workers=workers)


def store() -> None:
    """Write every bundled pilot."""
    for name in BUNDLED:
        (DATA / f"{name}_pilot.json").write_bytes(write_pilot(computed(name, Workers(2))))


if __name__ == "__main__":
    store()
