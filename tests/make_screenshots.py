"""Make the pictures of the README: `python tests/make_screenshots.py` with a chromium on the PATH."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = {
    "first-screen": ("/", "Reasons to doubt", 960),
    "evidence": ("/evidence", "What was picked", 1240),
    "compare": ("/compare", "Where it stops paying", 960),
}
LARGEST = 300 * 1024  # bytes, so that the README loads quickly
PORT = 28599


def main() -> None:
    """Start the planner, take the pictures, end it."""
    with TemporaryDirectory() as folder:
        take_all(Path(folder) / "workspace.sqlite")


def take_all(workspace: Path) -> None:
    """All pictures, of a planner that has kept nothing yet."""
    command = [
        sys.executable,
        "-m",
        "planner",
        "app",
        "--port",
        str(PORT),
        "--no-browser",
        "--workspace",
        str(workspace),
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{PORT}/_stcore/health")
        with sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            for name, (page, seen, height) in PICTURES.items():
                take(browser, name, f"http://127.0.0.1:{PORT}{page}", (seen, height))
            browser.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(address: str) -> None:
    """Until the server answers; it is given 20 seconds."""
    for _ in range(100):
        try:
            urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"Nothing answered at {address}.")


def take(browser: Any, name: str, address: str, what: tuple[str, int]) -> None:
    """One page in the light theme, once the words `seen` are there."""
    seen, height = what
    page = browser.new_page(viewport={"width": 1440, "height": height}, color_scheme="light")
    page.goto(address)
    page.get_by_role("heading", name=seen).wait_for(timeout=60_000)
    page.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas").first.wait_for()
    page.wait_for_timeout(1500)  # the charts fade in
    target = ROOT / ".github" / f"{name}.png"
    target.parent.mkdir(exist_ok=True)
    page.screenshot(path=target)
    page.close()
    if target.stat().st_size > LARGEST:
        sys.exit(f"{target.name} has {target.stat().st_size:,} bytes; {LARGEST:,} are the most.")


if __name__ == "__main__":
    main()
