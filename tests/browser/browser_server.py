"""The command a user runs, as a process that tests start and end."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LISTENS_WITHIN = 8  # seconds


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(0.2)
        return one.connect_ex(("127.0.0.1", port)) == 0


def start(port: int) -> subprocess.Popen[bytes]:
    """The command a user runs, on a port; it must listen within 8 seconds."""
    command = [sys.executable, "-m", "planner", "app", "--port", str(port), "--no-browser"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)  # type: ignore[call-overload]
    end = time.monotonic() + LISTENS_WITHIN
    while not listens(port):
        if time.monotonic() > end or process.poll() is not None:
            process.kill()
            pytest.fail(f"The server did not listen within {LISTENS_WITHIN} s.")
        time.sleep(0.05)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def in_session(leader: int) -> list[int]:
    """Living processes of the session that a process leads, by the tables of Linux."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[:4]
        except OSError:  # it ended while we looked
            continue
        if int(session) == leader and state != "Z":
            found.append(int(status.parent.name))
    return found


def settled(tab: Any) -> None:
    """Wait until the page's script is at rest: what is drawn then stays."""
    tab.locator("[data-test-script-state=notRunning]").wait_for()
