"""The whole way in a real browser: a file of the project, from the first screen to the opened downloads and back."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pypdf
import pytest
from browser_server import end, free_port, settled, start

from planner.exports import EXPORTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILE = Path(__file__).parents[2] / "sample_data" / "support_messages.csv"
PATIENCE = 240_000  # milliseconds that a pilot may take


@pytest.fixture
def tab(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A planner with a workspace of its own, whose page asks no other machine for anything."""
    monkeypatch.setenv("PLANNER_WORKSPACE", str(tmp_path / "workspace.sqlite"))
    port = free_port()
    server = start(port)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    made, foreign = context.new_page(), []
    own = (f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}", "data:", "blob:")
    made.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    made.set_default_timeout(120_000)
    made.goto(f"http://127.0.0.1:{port}")
    yield made
    context.close()
    end(server)
    assert not foreign


def heading(tab: Any, text: str | re.Pattern[str] = "") -> Any:
    return tab.get_by_role("heading", level=1).filter(has_text=text)


def go(tab: Any, page: str) -> None:
    tab.get_by_role("link", name=page, exact=True).first.click()


def type_number(tab: Any, name: str, value: str) -> None:
    box = tab.get_by_role("spinbutton", name=name).first
    box.fill(value)
    box.press("Enter")


def title_after(tab: Any, act: Any) -> str:
    """The title once the numbers have changed."""
    number = tab.get_by_test_id("stMetricValue").nth(1)
    before = number.inner_text()
    act()
    tab.wait_for_function(
        "before => document.querySelectorAll('[data-testid=stMetricValue]')[1].innerText !== before", arg=before
    )
    return str(heading(tab).inner_text())


def click_inside(tab: Any, chart: Any, across: float, down: float) -> None:
    """Click at a share of a chart's width and height, once it is drawn and in view."""
    settled(tab)
    chart.locator("svg, canvas").first.wait_for()
    chart.scroll_into_view_if_needed()
    place = chart.bounding_box()
    at = (place["x"] + across * place["width"], place["y"] + down * place["height"])
    tab.mouse.move(at[0] - 5, at[1])
    tab.mouse.click(*at)


def downloaded(tab: Any, name: str) -> bytes:
    with tab.expect_download() as found:
        tab.get_by_role("button", name=re.compile(re.escape(name) + "$")).click()
    return Path(found.value.path()).read_bytes()


def opened(name: str, data: bytes, sentence: str) -> None:
    """Read a file with a reader of its kind; those with running text must say the verdict."""
    kind = str(EXPORTS[name].facts["suffix"])
    text = ""
    if kind == ".xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert any(str(cell.value).startswith("=") for sheet in book for row in sheet.iter_rows() for cell in row)
    elif kind == ".pptx":
        shapes = pptx.Presentation(io.BytesIO(data)).slides[0].shapes
        text = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    elif kind == ".pdf":
        (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
        text = page.extract_text()
    elif kind == ".json":
        text = json.dumps(json.loads(data), ensure_ascii=False)
    elif kind == ".csv":
        assert len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) > 1
    elif kind == ".png":
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
    else:
        text = data.decode()
        assert "<script" not in text
    if kind in (".pptx", ".pdf", ".json", ".html", ".txt", ".md"):
        plain = re.sub(r"\s+", " ", text.replace("\u2060", "").replace("**", ""))
        assert sentence in plain, name


def test_from_the_first_screen_to_the_opened_downloads_and_back(tab: Any) -> None:
    _new_here(tab)
    _my_data(tab)
    sentence = _my_case(tab)
    _why_believe_it(tab)
    _compare(tab)
    _take_along(tab, sentence)
    _come_back(tab, sentence)


def _new_here(tab: Any) -> None:
    heading(tab, re.compile("Buy about .* more labels, then stop")).wait_for()
    tab.get_by_text("Sample data").wait_for()
    go(tab, "Glossary")
    heading(tab, "The words, one line each").wait_for()
    go(tab, "Plan")


def _my_data(tab: Any) -> None:
    tab.get_by_role("button", name="Use my data").click()
    heading(tab, "Bring a labeled sample").wait_for()
    tab.locator("input[type=file]").set_input_files(FILE)
    heading(tab, "Ready to run: 1,500 labeled rows").wait_for()
    tab.get_by_text("Nothing odd was found").or_(tab.get_by_text("Check what was understood")).first.wait_for()
    _wrong_label_and_back(tab)
    type_number(tab, "Items in all", "30000")
    tab.get_by_text(re.compile("^About .* on this computer")).first.wait_for(timeout=PATIENCE)
    settled(tab)
    tab.get_by_role("button", name="Run the pilot").click()
    heading(tab, "Simulating").wait_for()
    tab.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=PATIENCE)  # curves while it runs
    tab.get_by_test_id("stMetric").nth(2).wait_for(timeout=PATIENCE)  # the plan opens by itself
    tab.get_by_text("support_messages.csv: 1,500 labeled rows of 30,000 items").wait_for()


def _wrong_label_and_back(tab: Any) -> None:
    """Another label column is picked, cannot be one, and is put right in one click."""
    settled(tab)
    tab.get_by_role("combobox", name=re.compile("Label column")).click()
    tab.get_by_role("option", name="text", exact=True).click()
    heading(tab, "Pick another label column").wait_for()
    settled(tab)
    tab.get_by_role("button", name="Use label").click()
    heading(tab, "Ready to run: 1,500 labeled rows").wait_for()
    settled(tab)


def _my_case(tab: Any) -> str:
    title_after(tab, lambda: type_number(tab, "Setup cost ($)", "500"))
    title_after(tab, lambda: type_number(tab, "Cost per label ($)", "0.5"))
    sentence = title_after(tab, lambda: type_number(tab, "Value per accuracy point ($)", "4000"))
    numbers = tab.get_by_test_id("stMetricValue").nth(1).inner_text()
    title_after(tab, lambda: type_number(tab, "Cost per label ($)", "9"))
    title_after(tab, tab.get_by_role("button", name="Undo last change").click)
    assert tab.get_by_test_id("stMetricValue").nth(1).inner_text() == numbers
    click_inside(tab, tab.get_by_test_id("stVegaLiteChart").first, 0.6, 0.4)
    tab.get_by_text("the point you clicked").wait_for()
    settled(tab)
    tab.get_by_role("button", name="Take it back").click()
    heading(tab, sentence).wait_for()
    return sentence


def _why_believe_it(tab: Any) -> None:
    go(tab, "Evidence")
    heading(tab, "Why believe it, and how far").wait_for()
    for name in ("A forecast you can check", "What was picked", "Where the picks lie", "What this cannot know"):
        tab.get_by_role("heading", name=name).wait_for()
    tab.get_by_text(re.compile("^The rows .* picked first$")).click()
    rows = csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8")))
    known = [" ".join(row["text"].split()) for row in rows]
    table = tab.get_by_role("table").filter(has_text="In its own words")
    table.wait_for()
    cells = [" ".join(cell.split()) for cell in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert len(cells) == 8
    assert all(any(text.startswith(cell.removesuffix(" …")) for text in known) for cell in cells)


def _compare(tab: Any) -> None:
    go(tab, "Compare")
    tab.get_by_role("button", name="Add a scenario").wait_for()
    tab.get_by_role("button", name="Add a scenario").click()
    tab.get_by_role("menuitem").first.click()
    tab.get_by_role("table").first.wait_for()
    settled(tab)
    tab.locator("[aria-label^='price: ']").last.click(force=True)  # its words lie above the cell
    tab.get_by_role("table").first.get_by_role("columnheader").nth(3).wait_for()  # the cell, beside base and scenario
    tab.get_by_role("button", name="Undo last change").click()
    tab.get_by_role("table").first.get_by_role("columnheader").nth(3).wait_for(state="detached")


def _take_along(tab: Any, sentence: str) -> None:
    go(tab, "Take along")
    heading(tab, "Take it to the meeting").wait_for()
    for name, choice in EXPORTS.items():
        suffix = str(choice.facts["suffix"])
        file = f"support_messages-{name.removesuffix('_' + suffix.strip('.'))}{suffix}".replace("_", "-")
        opened(name, downloaded(tab, file), sentence)
    saved = downloaded(tab, "Save this plan").decode()
    first = next(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))
    assert json.loads(saved)
    assert first["text"] not in saved, "no row of the sample"


def _come_back(tab: Any, sentence: str) -> None:
    go(tab, "Workspace")
    tab.get_by_text(sentence).first.wait_for()
    settled(tab)
    tab.get_by_role("button", name="Duplicate support_messages.csv").or_(tab.get_by_text("Duplicate")).first.click()
    tab.get_by_text("support_messages.csv, copy").first.wait_for()
    settled(tab)
    tab.get_by_role("button", name="Rename").or_(tab.get_by_text("Rename", exact=True)).first.click()
    name = tab.get_by_role("textbox", name="New name")
    name.fill("Second thoughts")
    name.press("Enter")
    tab.get_by_text("Second thoughts").first.wait_for()
    settled(tab)  # a click while the page is drawn anew would fall on a button that is about to go
    tab.get_by_text("Delete", exact=True).first.click()
    tab.get_by_role("button", name="Undo").click()
    tab.reload()
    heading(tab, "Your 2 plans").or_(heading(tab, re.compile("Your .* plans"))).wait_for()
    tab.get_by_role("button", name="Open", exact=True).first.click()
    heading(tab, sentence).wait_for()
