"""The server process: it listens in time, ends when told, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from planner.errors import BadSetting
from planner.ui.server import free_port, serve

ROOT = Path(__file__).parents[1]


def children_of(process: int) -> list[int]:
    """Living children of a process, by the tables of Linux; none are known elsewhere."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:  # it ended while we looked
            continue
        if int(fields[1]) == process:
            found.append(int(status.parent.name))
    return found


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to test with.")
def test_the_server_listens_within_eight_seconds_and_ends_without_children() -> None:
    port = free_port(18501)
    command = [sys.executable, "-m", "planner", "app", "--port", str(port), "--no-browser"]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
                    assert answer.read() == b"ok"
                break
            except OSError:
                assert time.monotonic() - started < 8
                assert process.poll() is None
                time.sleep(0.05)
        children = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    with socket.socket() as one:
        assert one.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_refused_with_what_to_do() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        port = one.getsockname()[1]
        with pytest.raises(BadSetting, match=f"Port {port} is in use.*leave --port out"):
            serve(port, open_browser=False)


def test_a_free_port_is_the_first_one_that_nobody_holds() -> None:
    first = free_port(28501)
    with socket.socket() as one:
        one.bind(("127.0.0.1", first))
        one.listen()
        assert free_port(first) > first


def test_a_workspace_that_cannot_be_is_said_before_anything_is_served(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("buy milk", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "planner",
        "--no-browser",
        "--port",
        str(free_port(18601)),
        "--workspace",
        str(other),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "is no workspace. It is left as it is." in done.stderr
    assert "Traceback" not in done.stderr
