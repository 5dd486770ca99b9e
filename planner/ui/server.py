"""The server of the screens: on this computer only, on a free port."""

import os
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import NoReturn

from planner.errors import BadSetting
from planner.ui.config import CONFIG
from planner.workers import end_all
from planner.workspace.file import VARIABLE, check

FIRST_PORT = 8501
PORTS_TRIED = 200


def serve(port: int | None = None, open_browser: bool = True, workspace: str | None = None) -> None:
    """Serve the screens on 127.0.0.1 until the process is ended.

    Raises BadSetting when the port is taken, WorkspaceError when the file named cannot be a workspace.
    """
    port = free_port() if port is None else port
    if not _is_free(port):
        raise BadSetting(f"Port {port} is in use by another program. Name another port, or leave --port out.")
    if workspace is not None:
        _use(Path(workspace).expanduser().absolute())
    print(f"Planner is at http://127.0.0.1:{port} and nowhere else. Stop it with Ctrl+C.", flush=True)
    import streamlit as st  # takes a second; a taken port should be told at once

    # What the first screen needs is imported while the web server starts and the browser opens.
    Thread(target=import_module, args=("planner.ui.app",), daemon=True).start()
    # The web server stops on SIGTERM and raises it again; by then the workers must be told, or they would stay behind.
    signal.signal(signal.SIGTERM, _end)
    app = st.App(str(Path(__file__).with_name("main.py")))
    try:
        app.run(config={**CONFIG, "server.port": port, "server.headless": not open_browser})
    finally:
        _end()


def _use(workspace: Path) -> None:
    """Keep plans in the file that was named, and say now and not on the first page if that cannot be."""
    check(workspace)
    os.environ[VARIABLE] = str(workspace)


def _end(*_: object) -> NoReturn:
    """Leave no child, and do not wait for a pilot that is under way."""
    end_all()
    sys.stdout.flush()
    os._exit(0)


def free_port(first: int = FIRST_PORT) -> int:
    """The first free port from `first` on. Raises BadSetting when there is none near."""
    for port in range(first, first + PORTS_TRIED):
        if _is_free(port):
            return port
    raise BadSetting(f"No port from {first} to {first + PORTS_TRIED - 1} is free. Name one with --port.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
