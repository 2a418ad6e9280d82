"""A running shop for the ingest benchmark: server, worker, embedded PostgreSQL, a write key."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from shengeng.app import open_shop
from shengeng.govern.keys import api as keys
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.storage.embedded import Server


@dataclass
class Running:
    """A shop that takes events on a port."""

    settings: Settings
    key: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.settings.port

    @property
    def dsn(self) -> str:
        """Its database."""
        url = Server(self.settings.home).url()
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    def ask(self, statement: str, *given: Any) -> list[Any]:
        """One question to its database."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return connection.execute(statement.encode(), given).fetchall()

    def waiting(self) -> bool:
        """Whether an event waits for the lake."""
        return bool(self.ask("select exists (select from event_inbox)")[0][0])

    def drain_rate(self) -> dict[str, float]:
        """Events a second while the worker had full chunks to move: moved over the time between moves."""
        rows = self.ask("select at, events from event_drains order by id")
        full = [
            (rows[i][1], (rows[i][0] - rows[i - 1][0]).total_seconds())
            for i in range(1, len(rows))
            if rows[i][1] >= 40_000 and (rows[i][0] - rows[i - 1][0]).total_seconds() < 20
        ]
        if not full:
            return {}
        return {"events_per_s": round(sum(n for n, _ in full) / sum(s for _, s in full)), "chunks": len(full)}

    def lags(self, since: datetime) -> list[float]:
        """Seconds that the oldest event of each move waited."""
        rows = self.ask("select at - received_at from event_drains where at >= %s", since)
        return [row[0].total_seconds() for row in rows]

    def start(self) -> None:
        """The server and its worker, once it answers."""
        self.process = _start(self.settings)

    def worker(self) -> psutil.Process | None:
        """The worker's process."""
        for child in psutil.Process(self.process.pid).children():
            if "work" in child.cmdline():
                return child
        return None


@contextmanager
def running() -> Iterator[Running]:
    """A fresh shop on this machine's disk, thrown away at the end."""
    base = Path(tempfile.mkdtemp(prefix="ingest-", dir=os.environ.get("INGEST_DIR")))
    chosen = replace(Settings(), home=base / "home", port=_free_port(), log_level="warning")
    with open_shop(chosen) as stores, stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, wall_now(), name="Ingest", timezone="Asia/Shanghai", currency="CNY")
        made = keys.create_key(uow, SHELL, wall_now(), name="bench", scopes=["events"])
    found = Running(chosen, made.secret, _start(chosen))
    try:
        yield found
    finally:
        os.killpg(found.process.pid, signal.SIGTERM)
        found.process.wait(60)
        Server(chosen.home).discard()
        shutil.rmtree(base, ignore_errors=True)


def _start(chosen: Settings) -> subprocess.Popen[bytes]:
    given = {"SHENGENG_HOME": chosen.home, "SHENGENG_PORT": chosen.port, "SHENGENG_LOG_LEVEL": "warning"}
    command = [str(Path(sys.executable).parent / "shengeng"), "serve"]
    with (chosen.home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | {name: str(value) for name, value in given.items()},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{chosen.port}/v1/health"
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=2)
            return process
        except OSError:
            assert process.poll() is None, "the server ended before it answered"
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
