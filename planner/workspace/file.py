"""Where the workspace lies and how it is opened: made, migrated, set aside when damaged, refused when newer."""

import os
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from planner.errors import PlannerError
from planner.workspace.schema import MIGRATIONS, TABLES, VERSION

VARIABLE = "PLANNER_WORKSPACE"  # names the file where no option does
NAME = "workspace.sqlite"
PATIENCE = 5.0  # seconds that another process may hold the file
LOOKED_THROUGH = 64 * 2**20  # bytes up to which the whole file is checked when it is opened
SUFFIXES = (".sqlite", ".sqlite3", ".db")  # of files that may be taken for a damaged workspace
BESIDE = ("", "-wal", "-shm")  # files that are one database
# What SQLite says where no other attempt would help.
UNREADABLE = ("not a database", "malformed", "disk image", "no such table", "no such column", "file is encrypted")


class WorkspaceError(PlannerError):
    """The workspace cannot be used as it is; the message says what is kept and what is not."""


class DamagedWorkspace(WorkspaceError):
    """The file is no workspace any more."""


def default_place() -> Path:
    """The file in the person's own data folder, or the one the environment names."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return folder / "planner" / NAME


def short(path: Path) -> str:
    """A path as a person reads it."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def connect(path: Path | None) -> tuple[sqlite3.Connection, str]:
    """(connection, what a person should know): the file made, migrated or begun anew. None is memory only.

    Raises WorkspaceError for a folder that cannot be written, a file in other hands and one of a newer version.
    """
    if path is None:
        return _made(_connection(":memory:")), ""
    try:
        _create(path)
        try:
            return _opened(path), ""
        except DamagedWorkspace:
            if path.suffix not in SUFFIXES:
                raise WorkspaceError(
                    f"The file {short(path)} is no workspace. It is left as it is. "
                    "Choose another file with --workspace FILE."
                ) from None
            kept = _set_aside(path)
            _create(path)
            return _opened(path), (
                f"The workspace {short(path)} was damaged and could not be read. "
                f"It is kept as {kept.name} beside it, and a new one was begun."
            )
    except OSError as wrong:
        raise WorkspaceError(
            f"The workspace {short(path)} cannot be written: {wrong.strerror or wrong}. Nothing will be kept once the "
            "planner ends. Choose another place with --workspace FILE."
        ) from None


def check(path: Path) -> None:
    """Raise WorkspaceError where a file cannot be a workspace; a damaged one is mended when it is opened."""
    if path.exists() and path.suffix in SUFFIXES:
        with suppress(DamagedWorkspace):
            _opened(path).close()
    else:
        connect(path)[0].close()


def sentence_of(wrong: sqlite3.Error, path: Path | None) -> WorkspaceError:
    """What SQLite says, as a sentence with what to do."""
    said, place = str(wrong), short(path) if path else "in memory"
    if any(words in said for words in UNREADABLE):
        return DamagedWorkspace(
            f"The workspace {place} is damaged ({said}). Start the planner again: it keeps the file and begins anew."
        )
    if "full" in said:
        why = "the disk is full. Make room: what was kept before is safe, and the next change is kept again"
    elif "locked" in said or "busy" in said:
        why = "another program holds it. Close that program, or choose another file with --workspace FILE"
    else:
        why = f"{said}. Choose another place with --workspace FILE"
    return WorkspaceError(f"The workspace {place} cannot be written: {why}.")


def _create(path: Path) -> None:
    """The folder and an empty file that only its owner may read: rows of samples will lie in it."""
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _connection(name: str | Path) -> sqlite3.Connection:
    # One connection for all threads of the process; Workspace lets one at a time use it.
    made = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    made.row_factory = sqlite3.Row
    return made


def _opened(path: Path) -> sqlite3.Connection:
    """Raises WorkspaceError."""
    made = _connection(path)
    try:
        # Before any table is made: room of what is deleted goes back to the disk, and its bytes are overwritten.
        made.execute("PRAGMA auto_vacuum = INCREMENTAL")
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA secure_delete = ON")
        _look_through(made, path)
        return _made(made, path)
    except sqlite3.Error as wrong:
        made.close()
        raise sentence_of(wrong, path) from None
    except WorkspaceError:
        made.close()
        raise


def _look_through(made: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseError where a page of a file of ordinary size cannot be read."""
    if path.stat().st_size <= LOOKED_THROUGH and (found := made.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _made(made: sqlite3.Connection, path: Path | None = None) -> sqlite3.Connection:
    """The connection to a file of this version."""
    made.execute("PRAGMA foreign_keys = ON")
    made.execute("PRAGMA synchronous = FULL")  # what was written is there after a power cut
    made.execute("BEGIN IMMEDIATE")  # of two processes that open a new file, one makes the tables
    tables = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        _run(made, f"{TABLES} INSERT INTO workspace VALUES ({VERSION});")
    elif "workspace" not in tables:
        raise WorkspaceError(
            f"The file {short(path) if path else ''} is a database of another program. It is left as it is. "
            "Choose another file with --workspace FILE."
        )
    else:
        version = int(made.execute("SELECT version FROM workspace").fetchone()[0])
        if version > VERSION:
            raise WorkspaceError(
                f"The workspace {short(path) if path else ''} was written by a newer planner: it has version "
                f"{version}, and this one reads up to {VERSION}. It is left as it is. Update the planner, "
                "or choose another file with --workspace FILE."
            )
        if version < VERSION and path is not None:
            _copy(path, version)
        for step in range(version, VERSION):
            _run(made, f"{MIGRATIONS[step]} UPDATE workspace SET version = {step + 1};")
    made.execute("COMMIT")
    return made


def _run(made: sqlite3.Connection, script: str) -> None:
    """Statements one after the other, within the transaction that is open; executescript would commit it."""
    lines = "\n".join(line.partition("--")[0] for line in script.splitlines())
    for statement in lines.split(";"):
        if statement.strip():
            made.execute(statement)


def _copy(path: Path, version: int) -> None:
    """The file as it was before it is migrated, beside it."""
    target = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
    _create(target)
    with closing(_connection(path)) as source, closing(_connection(target)) as copy:
        source.backup(copy)


def _set_aside(path: Path) -> Path:
    """The damaged file under another name, with what belongs to it."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    kept = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for end in BESIDE:
        one = path.with_name(path.name + end)
        if one.exists():
            one.rename(kept.with_name(kept.name + end))
    return kept
