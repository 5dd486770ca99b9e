"""Who runs a pilot now, so that no other process offers to go on with it: a name in the file, with a heartbeat."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import RLock
from time import time
from uuid import uuid4

from planner.workspace.file import connect, sentence_of

BEAT = 5.0  # seconds between two signs of life
SILENCE = 4 * BEAT  # after which a process is taken for dead, wherever it runs
MACHINE = sha256(platform.node().encode()).hexdigest()[:8]  # which computer, without its name
TOKEN = uuid4().hex[:8]


def me() -> str:
    """The name of this process; another that is given its number later has another name."""
    return f"{MACHINE}-{os.getpid()}-{TOKEN}"


def living(holder: str, beat: float) -> bool:
    """Whether a process still runs its pilot: it said so lately and, on this computer, has not ended since."""
    if time() - beat > SILENCE:
        return False
    machine, number, _ = holder.split("-")
    if machine != MACHINE or os.name == "nt":  # Windows has no question that does not end the process asked about
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def elsewhere(holder: str | None, beat: float | None) -> bool:
    """Whether another living process holds a pilot."""
    return holder is not None and holder != me() and living(holder, beat or 0.0)


class Holding:
    """A connection to the file of a workspace, and the pilots that processes hold in it."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or make the file. Raises WorkspaceError where it cannot be used."""
        self.path = path
        self._lock = RLock()
        self._rows, self.notice = connect(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._rows.close()

    def hold(self, pilot: str) -> bool:
        """Say that this process runs a pilot, now and again while it does; False where another one does."""
        with self._change() as rows:
            there = rows.execute("SELECT holder, beat FROM hold WHERE pilot = ?", (pilot,)).fetchone()
            if there is not None and elsewhere(there["holder"], there["beat"]):
                return False
            rows.execute("INSERT OR REPLACE INTO hold SELECT id, ?, ? FROM pilot WHERE id = ?", (me(), time(), pilot))
            return True

    def let_go(self, pilot: str) -> None:
        """This process does not run a pilot any more."""
        with self._change() as rows:
            rows.execute("DELETE FROM hold WHERE pilot = ? AND holder = ?", (pilot, me()))

    def held_elsewhere(self, pilot: str) -> bool:
        """Whether another process runs a pilot."""
        with self._asked() as rows:
            there = rows.execute("SELECT holder, beat FROM hold WHERE pilot = ?", (pilot,)).fetchone()
        return there is not None and elsewhere(there["holder"], there["beat"])

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, one thread and one process at a time."""
        with self._asked() as rows:
            rows.execute("BEGIN IMMEDIATE")
            try:
                yield rows
                rows.execute("COMMIT")
            finally:
                if rows.in_transaction:
                    rows.execute("ROLLBACK")

    @contextmanager
    def _asked(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._rows
            except sqlite3.Error as wrong:
                raise sentence_of(wrong, self.path) from None
