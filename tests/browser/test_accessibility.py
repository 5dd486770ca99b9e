"""An accessibility checker looks at every page in both themes: nothing serious may be found."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser_server import settled

pytestmark = pytest.mark.browser

PAGES = ("plan", "data", "evidence", "compare", "take", "workspace", "glossary")
SERIOUS = ("serious", "critical")


@pytest.fixture(params=["light", "dark"])
def tab(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=request.param)
    made = context.new_page()
    made.set_default_timeout(120_000)
    made.base = address
    yield made
    context.close()


def findings(tab: Any, known: tuple[str, ...] = ()) -> list[str]:
    """What the checker calls serious or worse, a line each: rule, what it asks, and the first places."""
    from axe_playwright_python.sync_playwright import Axe

    said = Axe().run(tab).response
    assert len(said["passes"]) > 10, "it looked"
    found = said["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in SERIOUS and one["id"] not in known
    ]


def test_the_checker_finds_grey_on_white_and_a_field_without_a_name(tab: Any) -> None:
    tab.set_content("<main><h1>A</h1><p style='color:#bbb;background:#fff'>Pale</p><input>" + "<p>text</p>" * 3)
    assert {line.split(":")[0] for line in findings(tab)} >= {"color-contrast", "label"}


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_serious_finding(tab: Any, page: str) -> None:
    tab.goto(f"{tab.base}/{'' if page == 'plan' else page}")
    tab.get_by_role("heading", level=1).first.wait_for()
    if page in ("plan", "evidence", "compare"):
        tab.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas").first.wait_for()
    settled(tab)
    assert findings(tab) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_serious_finding_on_a_phone(tab: Any, page: str) -> None:
    """A wide table scrolls in its own frame there: the checker asks for a tabindex, browsers give the focus without."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{tab.base}/{'' if page == 'plan' else page}")
    tab.get_by_role("heading", level=1).first.wait_for()
    settled(tab)
    assert findings(tab, known=("scrollable-region-focusable",)) == []
