"""The planner keeps to itself: no connection to another machine, and nothing for a page of another site."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from browser_server import end, free_port, in_session, start

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "sample_data" / "breast_cancer.csv"
HERE = ("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F")  # 127.0.0.1 and ::1
LISTENING = "0A"
UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


def sockets_of(processes: list[int]) -> list[tuple[str, str, str]]:
    """(local address, remote address, state) of all TCP sockets of some processes, by the tables of Linux."""
    held = set()
    for process in processes:
        for entry in Path(f"/proc/{process}/fd").glob("*"):
            try:
                held |= set(re.findall(r"socket:\[(\d+)\]", str(entry.readlink())))
            except OSError:  # closed, or ended, while we looked
                continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[9] in held:
                found.append((fields[1].split(":")[0], fields[2].split(":")[0], fields[3]))
    return found


class Watch:
    """Looks at the sockets of a planner and its workers all the while."""

    def __init__(self, server: int) -> None:
        self.server, self.over, self.seen = server, Event(), set[tuple[str, str, str]]()
        self.looks = 0
        self.thread = Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.over.wait(0.03):
            self.seen |= set(sockets_of(in_session(self.server)))
            self.looks += 1

    def stop(self) -> set[tuple[str, str, str]]:
        self.over.set()
        self.thread.join()
        return self.seen


@pytest.fixture
def server() -> Iterator[Any]:
    port = free_port()
    process = start(port)
    yield process, port
    end(process)


def test_no_socket_of_the_planner_leads_to_another_machine(server: Any, browser: Any) -> None:
    """From the first screen over an upload to a finished pilot."""
    process, port = server
    watch = Watch(process.pid)
    tab = browser.new_page()
    tab.set_default_timeout(120_000)
    tab.goto(f"http://127.0.0.1:{port}")
    tab.get_by_role("button", name="Use my data").click()
    tab.locator("input[type=file]").set_input_files(SAMPLE)
    tab.get_by_role("button", name="Run the pilot").click()
    tab.get_by_role("heading", level=1).filter(has_text="One number is missing").wait_for()  # the pilot is done
    tab.close()
    seen = watch.stop()
    assert watch.looks > 20
    listening = {local for local, _, state in seen if state == LISTENING}
    assert listening <= set(HERE), "only this computer can reach it"
    assert "0100007F" in listening
    assert {remote for _, remote, state in seen if state != LISTENING} <= set(HERE)


def answer(port: int, path: str, headers: dict[str, str], method: str = "GET") -> tuple[int, bytes]:
    """What a program that is no page of the planner gets."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request(method, path, headers=headers)
        response = link.getresponse()
        return response.status, b"" if response.status == 101 else response.read(2000)
    finally:
        link.close()


def test_a_foreign_host_or_origin_gets_no_session_and_no_upload(server: Any) -> None:
    """A page of another site, or a name of another that was pointed here, is turned away; the planner's own is not."""
    _, port = server
    own = f"127.0.0.1:{port}"
    stream = "/_stcore/stream"
    assert answer(port, stream, {**UPGRADE, "Host": own, "Origin": f"http://{own}"})[0] == 101
    for headers in (
        {"Host": "planner.example", "Origin": "http://planner.example"},
        {"Host": own, "Origin": "http://planner.example"},
    ):
        assert answer(port, stream, {**UPGRADE, **headers})[0] == 403, headers
        status, body = answer(port, "/_stcore/upload_file/session/file", headers, "PUT")
        assert status in (400, 403), (status, body)
