"""Seconds from loading the page to the verdict on the first screen, in a real browser.

    python tests/benchmarks/first_screen.py [LOADS]

The first load is cold (the server has just started); the others are warm. The aim is 5 seconds, warm.
"""

import shutil
import socket
import subprocess
import sys
import time

from playwright.sync_api import Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(loads: int) -> None:
    """One line a load: seconds until the title, and until the chart is drawn."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "planner", "--port", str(port), "--no-browser"]
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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
