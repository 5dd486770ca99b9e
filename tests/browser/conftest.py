"""A real browser before a real server, both on this machine and closed to any other."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from browser_server import end, free_port, start

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def missing(what: str) -> None:
    """No browser: say why, and fail where a machine is meant to have one."""
    why = f"The browser tests did not run: {what}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why} Under CI=true they must.")
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A chromium from this machine, without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright's Python package is not installed.")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        missing(f"none of {', '.join(BROWSERS)} is on the PATH.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the planner listens, started once for all tests."""
    port = free_port()
    process = start(port)
    yield f"http://127.0.0.1:{port}"
    end(process)


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh tab on the first screen; a request to any other machine fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    tab = context.new_page()
    foreign: list[str] = []
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    tab.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    tab.set_default_timeout(120_000)
    tab.goto(address)
    yield tab
    context.close()
    assert not foreign
