"""The craft of the pages: the keyboard alone, every width, and nothing that jumps while a pilot runs."""

import re
from pathlib import Path
from typing import Any

import pytest
from browser_server import settled
from test_browser import ask_for_fifty_repeats, bring, heading, run_pilot, verdict, write_sample

pytestmark = pytest.mark.browser

PAGES = ("", "data", "evidence", "compare", "take", "workspace", "glossary")
NAME = """() => { const e = document.activeElement;
  return ['BUTTON', 'INPUT', 'A'].includes(e.tagName) ? e.getAttribute('aria-label') || e.innerText || '' : '' }"""
FOOT = re.compile("^Computed ")  # the last words of the first screen
STEPS = 60  # presses of the Tab key that go once around the page
ROUNDS = 20  # times around: just drawn, a page's buttons cannot be used for a moment, and the key passes them by
SHIFTS = """
() => { window.shifted = 0; window.worst = '';
  new PerformanceObserver(list => { for (const one of list.getEntries()) {
    window.shifted += one.value;
    window.worst = (one.sources || []).map(s => String(s.node && s.node.innerText).slice(0, 60)).join(' | ');
  } }).observe({type: 'layout-shift'}) }
"""
STEADY = 0.1  # layout shift that is called good. Source: web.dev, Cumulative Layout Shift


def reach(page: Any, name: str) -> None:
    """Press Tab until what has the focus is called so, once the page is drawn."""
    for _ in range(ROUNDS):
        settled(page)
        for _ in range(STEPS):
            page.keyboard.press("Tab")
            if page.evaluate(NAME).split("\n")[-1].startswith(name):
                return
        page.wait_for_timeout(500)
    pytest.fail(f"{name} was not met by the Tab key.")


def test_the_main_way_needs_no_mouse(page: Any) -> None:
    heading(page, verdict()).wait_for()
    page.get_by_text(FOOT).wait_for()
    reach(page, "Use my data")
    page.keyboard.press("Enter")
    heading(page, "Bring a labeled sample").wait_for()
    reach(page, "Open the sample instead")
    page.keyboard.press("Enter")
    heading(page, verdict()).wait_for()
    page.get_by_text(FOOT).wait_for()
    reach(page, "Cost per label")
    page.keyboard.press("Control+a")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    heading(page, verdict(cost_per_label=2.5)).wait_for()


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_no_page_scrolls_sideways(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for name in PAGES:
        page.goto(f"{address}/{name}")
        heading(page, re.compile(".")).first.wait_for()
        settled(page)
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= window.innerWidth"), name


def test_a_table_wider_than_a_phone_scrolls_by_the_keyboard(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.get_by_role("table", name=re.compile("^Every option"))
    table.wait_for()
    settled(page)
    frame = table.locator("xpath=..")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth"), "it is wider"
    for _ in range(ROUNDS * STEPS):
        page.keyboard.press("Tab")
        if frame.evaluate("frame => frame === document.activeElement"):
            break
    page.keyboard.press("ArrowRight")
    page.wait_for_function("frame => frame.scrollLeft > 0", arg=frame.element_handle())


def test_nothing_jumps_while_a_pilot_runs(page: Any, tmp_path: Path) -> None:
    bring(page, write_sample(tmp_path / "watched.csv", 3100, noise=2.0))
    ask_for_fifty_repeats(page)
    run_pilot(page)
    heading(page, "Simulating").wait_for()
    page.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas").first.wait_for(timeout=120_000)
    first = int(page.get_by_text(re.compile(r"^\d+ of [\d,]+ runs")).inner_text().split(" ")[0])
    page.evaluate(SHIFTS)
    later = re.compile(r"^(\d,\d+|" + "|".join(str(k) for k in range(first + 4, 1000)) + r") of [\d,]+ runs")
    page.get_by_text(later).wait_for(timeout=120_000)
    assert page.evaluate("window.shifted") < STEADY, page.evaluate("window.worst")
    page.get_by_role("button", name=re.compile("^Stop")).click()
