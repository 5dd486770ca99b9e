"""Seconds a page takes to answer, alone and while a pilot runs, in a real browser.

    python tests/benchmarks/page_answers.py DATA [CLICKS]

DATA is a labeled table whose pilot takes a minute or more, such as 2,000 rows with 26 classes. The aims: a price
answered in 0.3 s, a page in 0.5 s while the pilot runs, and a pilot stopped within 2 s.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

PAGES = (("Glossary", "The words"), ("Evidence", "Why believe it"), ("Take along", "Take it to the meeting"))


def timed(act: Callable[[], Any]) -> float:
    """Seconds until an act has shown its result."""
    started = time.monotonic()
    act()
    return time.monotonic() - started


def say(what: str, seconds: list[float]) -> None:
    """One line of the result."""
    ranked = sorted(seconds)
    print(f"{what}: median {median(ranked):.2f} s, 9 in 10 within {ranked[int(0.9 * (len(ranked) - 1))]:.2f} s")


def prices(page: Page, clicks: int, start: float) -> list[float]:
    """Seconds from a typed price to another number on the page."""
    found = []
    number = page.get_by_test_id("stMetricValue").nth(1)
    box = page.locator('input[aria-label^="Cost per label"]').first
    for click in range(clicks):
        before = number.inner_text()
        box.fill(f"{start + 0.1 * click:.2f}")

        def change(before: str = before) -> None:
            box.press("Enter")
            while number.inner_text() == before:
                time.sleep(0.005)

        found.append(timed(change))
        time.sleep(0.6)
    return found


def pages(page: Page, clicks: int) -> list[float]:
    """Seconds from a click in the menu to the title of the page."""
    found = []
    for click in range(clicks):
        name, title = PAGES[click % len(PAGES)]

        def turn(name: str = name, title: str = title) -> None:
            page.get_by_role("link", name=name).first.click()
            page.get_by_role("heading", level=1).filter(has_text=title).wait_for()

        found.append(timed(turn))
        time.sleep(0.4)
    return found


def measure(page: Page, data: str, clicks: int) -> None:
    """All of it on one page of a browser."""
    page.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=60_000)
    say("a price, nothing else running", prices(page, clicks, 1.1))
    page.get_by_role("button", name="Use my data").click()
    page.locator("input[type=file]").first.set_input_files(data)
    page.get_by_role("button", name="Run the pilot").click(timeout=60_000)
    page.get_by_role("heading", level=1).filter(has_text="Simulating").wait_for()
    time.sleep(3)
    say("a page, a pilot running", pages(page, clicks))
    page.get_by_role("link", name="Data").first.click()
    stop = page.get_by_role("button", name="Stop")
    stop.wait_for()

    def ended() -> None:
        stop.click()
        page.get_by_role("heading", level=1).filter(has_text="Simulating").wait_for(state="detached")

    say("a pilot stopped", [timed(ended)])


def main(data: str, clicks: int) -> None:
    """Measure on a workspace of its own."""
    with TemporaryDirectory() as folder:
        serve(data, clicks, f"{folder}/workspace.sqlite")


def serve(data: str, clicks: int, workspace: str) -> None:
    """Serve the planner, open it, print the lines."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "planner", "--port", str(port), "--no-browser", "--workspace", workspace]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        with sync_playwright() as engine:
            browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://127.0.0.1:{port}/")
            measure(page, data, clicks)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 12)
