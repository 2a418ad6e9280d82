"""Embedded servers for tests that hurt them, and processes that use one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import sqlalchemy as sa

from shengeng.storage.embedded import Server

# Small and careless about power cuts: these servers live for seconds.
TUNING = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}
_OWNER = """
import sys
from pathlib import Path
from shengeng.storage.embedded import Server
server = Server(Path(sys.argv[1]), tuning=eval(sys.argv[2]))
server.start()
print(server.postmaster_pid(), flush=True)
sys.stdin.readline()
print(server.stop(), flush=True)
"""


class Owner:
    """Another process that uses a home's server until it is told to end, or killed."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(home), repr(TUNING)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def postmaster(self) -> int:
        """The server's process, once it answers."""
        return int(self._line())

    def end(self) -> str:
        """Leave in good order; "True" when this stopped the server."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        said = self._line()
        self.close()
        return said

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.close()

    def close(self) -> None:
        """Reap it."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait(30)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> float:
    """Wait for the world to become so; returns how long it took, fails when it does not."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - start


def gone(pid: int) -> bool:
    """Whether a process is no more (a zombie is no more)."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def guards_of(home: Path) -> list[int]:
    """The guard processes of a home."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "shengeng.storage.embedded.guard" in words and str(home.resolve()) in words:
            found.append(process.pid)
    return found


def kill(pid: int) -> None:
    """kill -9, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: gone(pid))


def execute(url: sa.URL, statement: str) -> list[tuple[object, ...]]:
    """One statement on a connection of its own."""
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def put_away(server: Server) -> None:
    """Stop whatever of a home still runs and delete it."""
    server.stop()
    with server.locked("life"):
        server.stop_if_unused()
    wait_until(lambda: server.postmaster() is None)
    server.discard()
