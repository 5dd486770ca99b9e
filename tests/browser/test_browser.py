"""What only a real browser can tell: that a person sees the verdict, and that uploads, prices and cancelling work."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_server import end, free_port, in_session, settled, start

from planner.economics import Assumptions, evaluate
from planner.forecast import ForecastSettings, forecast
from planner.pilot.bundled import BUNDLED, stored_pilot
from planner.plan import decide
from planner.workspace.rows import Workspace

pytestmark = pytest.mark.browser

FIRST = {"cost_per_label": 1.0, "setup_cost": 500.0, "value_per_point": 5000.0}


def verdict(**changes: float) -> str:
    """The sentence of the first screen, by way of Python."""
    reach = ForecastSettings(pool_size=BUNDLED["digits"].pool_size)
    plan = decide(evaluate(forecast(stored_pilot("digits"), reach), Assumptions(**{**FIRST, **changes})))
    return plan.sentence.rstrip(".")


def heading(page: Any, text: str | re.Pattern[str]) -> Any:
    return page.get_by_role("heading", level=1).filter(has_text=text)


def write_sample(path: Path, rows: int, noise: float = 1.0) -> Path:
    """Three classes told apart by two numbers; a fifth of the rows has no label yet."""
    rng = np.random.default_rng(5)
    classes = rng.integers(0, 3, rows)
    points = rng.normal(scale=noise, size=(rows, 2)) + 2.0 * np.array([[0, 0], [1, 0], [0, 1]])[classes]
    lines = ["width,height,topic"]
    for i in range(rows):
        label = "" if i % 5 == 0 else ("billing", "login", "returns")[classes[i]]
        lines.append(f"{points[i, 0]:.3f},{points[i, 1]:.3f},{label}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ask_for_fifty_repeats(page: Any) -> None:
    """A pilot of minutes: on a quick machine one of ten folds would be over before the page is looked at."""
    heading(page, "Ready to run").wait_for()
    settled(page)
    page.get_by_text("Replay", exact=True).click()
    repeats = page.get_by_role("spinbutton", name="Repeats", exact=True)
    repeats.fill("50")
    repeats.press("Enter")
    page.wait_for_timeout(500)  # the page learns of it, and times the model again


def bring(page: Any, path: Path) -> None:
    page.get_by_role("button", name="Use my data").click()
    heading(page, "Bring a labeled sample").wait_for()
    page.locator("input[type=file]").set_input_files(path)


def run_pilot(page: Any) -> None:
    """Start the pilot once its time is told and the page is drawn: a click while it is drawn anew may be lost."""
    page.get_by_text(re.compile("^About .* on this computer")).first.wait_for(timeout=240_000)
    settled(page)
    page.get_by_role("button", name="Run the pilot").click()


def test_the_first_screen_shows_the_verdict_the_numbers_and_the_curves(page: Any) -> None:
    heading(page, verdict()).wait_for()
    page.get_by_text("Sample data").wait_for()
    page.get_by_test_id("stMetric").nth(2).wait_for()
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator("svg, canvas").first.wait_for()
    page.get_by_role("heading", name="Reasons to doubt").wait_for()
    assert page.get_by_test_id("stException").count() == 0


def test_a_changed_price_gives_new_numbers(page: Any) -> None:
    heading(page, verdict()).wait_for()
    box = page.get_by_role("spinbutton", name="Cost per label ($)")
    box.fill("2.5")
    box.press("Enter")
    heading(page, verdict(cost_per_label=2.5)).wait_for()
    assert verdict(cost_per_label=2.5) != verdict()


def test_a_click_on_the_curve_makes_a_budget_and_another_click_takes_it_back(page: Any) -> None:
    heading(page, verdict()).wait_for()
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator("svg, canvas").first.wait_for()
    place = chart.bounding_box()
    hint = page.get_by_text("Click a point on a line to make it the budget")
    hint.wait_for()
    said = page.get_by_text("the point you clicked")
    page.mouse.move(place["x"] + 0.4 * place["width"], place["y"] + 0.4 * place["height"])
    page.mouse.click(place["x"] + 0.42 * place["width"], place["y"] + 0.4 * place["height"])
    said.wait_for()
    budget = float(re.search(r"is \$([\d,.]+) now", said.inner_text())[1].replace(",", ""))
    heading(page, verdict(budget=budget)).wait_for()
    page.get_by_role("button", name="Take it back").click()
    hint.wait_for()
    heading(page, verdict()).wait_for()


def test_a_phone_needs_no_sideways_scroll(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    heading(page, verdict()).wait_for()
    page.wait_for_timeout(500)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= window.innerWidth")


def test_an_upload_ends_in_a_verdict_that_survives_a_refresh(page: Any, tmp_path: Path) -> None:
    bring(page, write_sample(tmp_path / "tickets.csv", 300))
    heading(page, "Ready to run: 240 labeled rows, 60 to go").wait_for()
    run_pilot(page)
    page.get_by_text("tickets.csv: 240 labeled rows of 300 items").wait_for(timeout=120_000)
    said = page.get_by_role("heading", level=1).inner_text()
    page.get_by_test_id("stMetric").nth(2).wait_for()
    page.reload()
    heading(page, said).wait_for()
    page.get_by_text("tickets.csv: 240 labeled rows of 300 items").wait_for()


def test_a_running_pilot_lets_the_pages_answer_survives_a_refresh_and_stops(page: Any, tmp_path: Path) -> None:
    bring(page, write_sample(tmp_path / "long.csv", 3000, noise=2.0))
    ask_for_fifty_repeats(page)
    run_pilot(page)
    heading(page, "Simulating").wait_for()
    page.get_by_text(re.compile(r"^[1-9]\d* of [\d,]+ runs")).wait_for(timeout=120_000)
    page.reload()
    heading(page, "Simulating").wait_for()
    page.get_by_role("link", name="Glossary").click()
    heading(page, "The words, one line each").wait_for()
    page.get_by_role("link", name="Data").click()
    heading(page, "Simulating").wait_for()  # so the glossary came while the pilot was running
    page.get_by_role("button", name=re.compile("^Stop")).click()
    heading(page, "Simulating").wait_for(state="detached")
    page.get_by_role("link", name="Data").click()  # a repeat that was whole by then has opened its plan
    heading(page, "Ready to run").wait_for()
    # Fifty repeats take minutes: what is offered now is what was whole when it was stopped.
    page.get_by_role("button", name="Run all repeats").or_(page.get_by_role("button", name="Try again")).wait_for()


def test_a_bad_file_gets_a_sentence_and_the_plan_is_still_there(page: Any, tmp_path: Path) -> None:
    bad = tmp_path / "picture.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    bring(page, bad)
    page.get_by_text("picture.csv cannot be used").wait_for()
    assert page.get_by_test_id("stException").count() == 0
    page.get_by_role("link", name="Plan").click()
    heading(page, verdict()).wait_for()


def test_a_taken_port_is_said_in_one_sentence(address: str) -> None:
    port = address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "planner", "app", "--port", port, "--no-browser"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_ended_during_a_pilot_leaves_no_process(browser: Any, tmp_path: Path) -> None:
    port = free_port()
    server = start(port)
    tab = browser.new_page()
    tab.set_default_timeout(120_000)
    tab.goto(f"http://127.0.0.1:{port}")
    bring(tab, write_sample(tmp_path / "long.csv", 3000, noise=2.0))
    ask_for_fifty_repeats(tab)
    run_pilot(tab)
    tab.get_by_text(re.compile(r"^[1-9]\d* of [\d,]+ runs")).wait_for()
    before = in_session(server.pid)
    end(server)
    tab.close()
    time.sleep(2)
    assert server.returncode == 0
    assert len(before) > 2, "the server and its worker processes"
    assert not in_session(server.pid)


def freeze_after_a_part(workspace: Path, server: int) -> None:
    """Once a part of the pilot is kept, halt the worker processes: however slow the browser is, it cannot end."""
    with closing(Workspace(workspace)) as home:
        end_at = time.monotonic() + 240
        while home.plans()[0].parts_done == 0:
            assert time.monotonic() < end_at
            time.sleep(0.02)
    for worker in in_session(server):
        if worker != server:
            os.kill(worker, signal.SIGSTOP)


def test_a_pilot_outlives_a_refresh_and_a_killed_planner_and_its_plan_is_still_there(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_WORKSPACE", str(tmp_path / "workspace.sqlite"))
    port = free_port()
    server = start(port)
    tab = browser.new_page()
    tab.set_default_timeout(120_000)
    tab.goto(f"http://127.0.0.1:{port}")
    bring(tab, write_sample(tmp_path / "long.csv", 6000, noise=2.0))
    heading(tab, "Ready to run").wait_for()
    tab.get_by_text(re.compile("kept on this computer in .*workspace.sqlite")).wait_for()
    run_pilot(tab)
    heading(tab, "Simulating").wait_for()
    freeze_after_a_part(tmp_path / "workspace.sqlite", server.pid)
    tab.reload()
    heading(tab, "Simulating").wait_for()
    tab.get_by_text(re.compile(r"^[1-9]\d* of [\d,]+ runs")).wait_for()
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()

    server = start(port)
    tab.goto(f"http://127.0.0.1:{port}/data")
    tab.get_by_text(re.compile(r"long.csv was broken off \([1-9] of 10 parts done\)")).wait_for()
    tab.get_by_role("button", name="Continue the pilot").click()
    tab.get_by_text("long.csv: 4,800 labeled rows of 6,000 items").wait_for(timeout=400_000)
    said = tab.get_by_role("heading", level=1).inner_text()
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()

    server = start(port)
    tab.goto(f"http://127.0.0.1:{port}/workspace")
    heading(tab, "Your plan").wait_for()
    tab.get_by_text(said).wait_for()
    tab.get_by_role("button", name="Open", exact=True).click()
    heading(tab, said).wait_for()
    tab.close()
    end(server)
