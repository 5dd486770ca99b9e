"""Seconds a page takes to answer, alone and while a pilot runs, in a real browser.

    python tests/benchmarks/page_answers.py DATA [CLICKS]

DATA is a labeled table whose pilot takes a minute or more, such as 2,000 rows with 26 classes. The aims: a price
answered in 0.3 s, a page in 0.5 s while the pilot runs, and a pilot stopped within 2 s. The page itself looks at the
clock, from the key or click to the new words, since asking it from outside takes time of its own; "still" is when
nothing on the page has changed for half a second.
"""

import math
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

PAGES = ("Data", "Evidence", "Compare", "Take along", "Workspace", "Glossary", "Plan")
NUMBER = "() => document.querySelectorAll('[data-testid=stMetricValue]')[1]?.innerText"
TITLE = "() => document.querySelector('h1')?.innerText"
QUIET = 500  # milliseconds
WATCH = """
([words, quiet]) => { window.answer = new Promise(done => {
  const read = eval(words), before = read(), found = {}; let start, timer;
  for (const kind of ['keydown', 'click'])
    document.addEventListener(kind, () => { start ??= performance.now() }, {capture: true, once: true});
  const watch = new MutationObserver(() => {
    if (start === undefined) return;
    const now = performance.now() - start, said = read();
    if (found.words === undefined && said && said !== before) found.words = now;
    found.still = now;
    clearTimeout(timer);
    if (found.words !== undefined) timer = setTimeout(() => { watch.disconnect(); done(found) }, quiet);
  });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
}); }
"""


def timed(act: Callable[[], Any]) -> float:
    """Seconds until an act has shown its result."""
    started = time.monotonic()
    act()
    return time.monotonic() - started


def say(what: str, seconds: list[float]) -> None:
    """One line of the result."""
    ranked = sorted(seconds)
    print(f"{what}: median {median(ranked):.2f} s, 9 in 10 within {ranked[math.ceil(0.9 * len(ranked)) - 1]:.2f} s")


def answer(page: Page, words: str, act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds from a key or click to other words, and to a page that is still."""
    page.evaluate(WATCH, [words, QUIET])
    act()
    found = page.evaluate("window.answer")
    return found["words"] / 1000, found["still"] / 1000


def prices(page: Page, clicks: int, start: float) -> list[tuple[float, float]]:
    """Seconds from a typed price to another number on the page, and to the whole page."""
    found = []
    box = page.locator('input[aria-label^="Cost per label"]').first
    for click in range(clicks):
        box.fill(f"{start + 0.1 * click:.2f}")
        found.append(answer(page, NUMBER, lambda: box.press("Enter")))
    return found


def pages(page: Page, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds from a click in the menu to the title of each page, and to the whole page."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    for _ in range(rounds):
        for name in PAGES:
            link = page.get_by_role("link", name=name).first
            found[name].append(answer(page, TITLE, link.click))
    return found


def say_pages(found: dict[str, list[tuple[float, float]]], when: str) -> None:
    """A line a page, the first visit left out: it reads files and imports what the page needs."""
    for name, seconds in found.items():
        warm = seconds[1:] or seconds
        say(f"{name}{when}", [title for title, _ in warm])
        say(f"{name}{when}, still", [still for _, still in warm])


def measure(page: Page, data: str, clicks: int) -> None:
    """All of it on one page of a browser."""
    page.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=60_000)
    found = prices(page, clicks, 1.1)
    say("a price, nothing else running", [number for number, _ in found])
    say("a price, still", [still for _, still in found])
    say_pages(pages(page, 4), "")
    page.get_by_role("button", name="Use my data").click()
    page.locator("input[type=file]").first.set_input_files(data)
    page.get_by_role("button", name="Run the pilot").click(timeout=60_000)
    page.get_by_role("heading", level=1).filter(has_text="Simulating").wait_for()
    time.sleep(3)
    turned = [
        answer(page, TITLE, page.get_by_role("link", name=name).first.click)[0]
        for _ in range(max(clicks // 3, 1))
        for name in ("Glossary", "Evidence", "Take along")
    ]
    say("a page, a pilot running", turned)
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
