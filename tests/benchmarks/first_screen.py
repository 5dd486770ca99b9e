"""Seconds from loading the page to the verdict on the first screen, in a real browser.

    python tests/benchmarks/first_screen.py [LOADS [PLANS]]

The first load is cold (the server has just started); the others are warm. The aim is 5 seconds, warm. With PLANS the
workspace holds so many plans, each with a pilot of its own; without, it is empty.
"""

import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from planner.pilot.bundled import stored_pilot
from planner.workspace.rows import Workspace

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(loads: int, plans: int) -> None:
    """One line a load: seconds until the title, and until the chart is drawn."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "workspace.sqlite"
        if plans:
            fill(place, plans)
        load_all(loads, place)


def fill(place: Path, plans: int) -> None:
    """A workspace of so many plans with a pilot each."""
    home, pilot = Workspace(place), stored_pilot("digits")
    for k in range(plans):
        home.add_plan(f"plan {k}", replace(pilot, settings=replace(pilot.settings, seed=k)), {}, {})
    home.close()
    print(f"workspace of {plans} plans, {place.stat().st_size / 2**20:.0f} MB")


def load_all(loads: int, place: Path) -> None:
    """Start a planner on a workspace, and time the loads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "planner", "--port", str(port), "--no-browser", "--workspace", str(place)]
    started = time.monotonic()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        print(f"server listens after {time.monotonic() - started:.1f} s")
        with sync_playwright() as engine:
            found = next(path for path in map(shutil.which, BROWSERS) if path)
            browser = engine.chromium.launch(executable_path=found, args=["--no-sandbox"])
            for load in range(loads):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                title, chart = timed(context.new_page(), port)
                print(f"{'cold' if load == 0 else 'warm'}: title after {title:.1f} s, chart after {chart:.1f} s")
                context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


def timed(page: Page, port: int) -> tuple[float, float]:
    """(seconds to the verdict, seconds to the chart) of one load."""
    started = time.monotonic()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    title = time.monotonic() - started
    page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first.wait_for(
        timeout=60_000
    )
    return title, time.monotonic() - started


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*[*given, *(4, 0)[len(given) :]])
