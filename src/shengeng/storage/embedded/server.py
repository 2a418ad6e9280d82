"""The life of the embedded server: one per home, shared by its processes, gone with the last of them."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg import sql

from shengeng.storage.contracts import DISK_FULL
from shengeng.storage.disk import free_bytes
from shengeng.storage.embedded.place import PORT, Place, find_place
from shengeng.storage.embedded.refusals import NO_PASSWORD, NO_START

if TYPE_CHECKING:
    from sqlalchemy import URL

ROLE = DATABASE = "shengeng"
_PATIENCE_S = 60
_CONFIG = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "50",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "1",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class Server:
    """The server of one home. `start` returns the shop's database; `stop` by the last user stops it.

    tuning: PostgreSQL settings over ours, written at the first start (tests turn fsync off).
    """

    def __init__(self, home: Path, tuning: Mapping[str, str] | None = None) -> None:
        self.place: Place = find_place(home)
        self._tuning = dict(tuning or {})
        self._users: int | None = None

    def start(self) -> URL:
        """Start the server, or join the one that runs, and return the URL of the shop's database.

        The URL holds the password of a role that owns the database and is no superuser.
        """
        assert self._users is None, "started twice"
        with self.locked("life"):
            self._users = self._open_lock("users")
            try:
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._initialise()
                self.bring_up()
                self._prepare_database()
            except BaseException:
                self._leave()
                raise
        self._post_guard()
        return self.url()

    def stop(self) -> bool:
        """Leave the server; the last one to leave stops it. Returns whether it was stopped."""
        if self._users is None:
            return False
        with self.locked("life"):
            self._leave()
            return self.stop_if_unused()

    def __enter__(self) -> URL:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str = DATABASE) -> URL:
        """The SQLAlchemy URL of a database of ours, for the role without privileges."""
        return self._url(ROLE, self._secret("shop.password").read_text(), database)

    def superuser_url(self, database: str = "postgres") -> URL:
        """The same for the superuser; for extensions, tests and repair only."""
        return self._url("postgres", self._password(), database)

    def program(self, name: str) -> Path:
        """One of PostgreSQL's own programs (pg_dump, psql)."""
        return self.place.programs / name

    def discard(self) -> None:
        """Delete the stopped server's data for good. There is no way back."""
        assert self._users is None, "stop it first"
        shutil.rmtree(self.place.own, ignore_errors=True)
        shutil.rmtree(self.place.socket, ignore_errors=True)
        shutil.rmtree(self.place.keys, ignore_errors=True)

    # Locks: `life` around start and stop, `users` shared while in use. The kernel frees both on kill -9.

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold one of the home's lock files alone."""
        handle = self._open_lock(name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def try_lock(self, name: str) -> int | None:
        """The handle of a lock held alone, or None when somebody else holds it."""
        handle = self._open_lock(name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle

    def stop_if_unused(self) -> bool:
        """Stop the server unless a process uses it; the caller holds the `life` lock."""
        handle = self.try_lock("users")
        if handle is None:
            return False
        try:
            if self.postmaster() is not None:
                self.shut_down()
            return True
        finally:
            os.close(handle)

    def shut_down(self, mode: str = "fast") -> None:
        """Stop the server whoever uses it; the caller holds the `life` lock. mode: as pg_ctl names it."""
        self._run("pg_ctl", "-D", str(self.place.data), "-w", "-m", mode, "stop", verb="stop")

    def _open_lock(self, name: str) -> int:
        return os.open(self.place.keys / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def _leave(self) -> None:
        if self._users is not None:
            # Closed, not unlocked: a forked child shares the lock and may still use the server.
            os.close(self._users)
            self._users = None

    def _post_guard(self) -> None:
        command = [sys.executable, "-m", "shengeng.storage.embedded.guard", str(self.place.home)]
        # It outlives us on purpose, so nobody waits for it.
        guard = subprocess.Popen(
            command,
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        guard.returncode = 0

    # The first start.

    def _initialise(self) -> None:
        data, new = self.place.data, self.place.own / "data.new"
        if (data / "PG_VERSION").exists():
            return
        for half_made in (data, new):
            if half_made.exists():
                shutil.rmtree(half_made)  # an initdb that was interrupted never held a row
        self._write_secret("superuser.password")
        self._write_secret("shop.password")
        with self._readable_password() as file:
            self._run(
                "initdb",
                *("-D", str(new), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={file}"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--locale=C.UTF-8", "--no-instructions"),
                *(["--no-sync"] if self._tuning.get("fsync") == "off" else []),
                verb="initdb",
            )
        config = _CONFIG | {"unix_socket_directories": str(self.place.socket)} | self._tuning
        with (new / "postgresql.auto.conf").open("a") as file_:
            file_.writelines(
                f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in config.items()
            )
        new.rename(data)

    def _secret(self, name: str) -> Path:
        return self.place.keys / name

    def _write_secret(self, name: str) -> None:
        path = self._secret(name)
        if path.exists():
            return
        new = path.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, secrets.token_urlsafe(32).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        new.rename(path)

    def _password(self) -> str:
        file = self._secret("superuser.password")
        try:
            return file.read_text()
        except FileNotFoundError:
            raise NO_PASSWORD.error(folder=self.place.data, file=file) from None

    @contextmanager
    def _readable_password(self) -> Iterator[Path]:
        # initdb runs as the server's user and refuses both root's file and standard input.
        copy = self.place.own / f"once-{secrets.token_hex(8)}"
        handle = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, self._password().encode())
            if self.place.uid is not None and self.place.gid is not None:
                os.fchown(handle, self.place.uid, self.place.gid)
            os.close(handle)
            yield copy
        finally:
            copy.unlink()

    def _prepare_database(self) -> None:
        """The role without privileges, its database and the extension that only a superuser may make."""
        self._write_secret("shop.password")
        if self._shop_opens():
            return
        with psycopg.connect(self._admin("postgres"), autocommit=True) as admin:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            known = admin.execute("select 1 from pg_roles where rolname = %s", (ROLE,)).fetchone()
            verb = sql.SQL("alter role {} " if known else "create role {} ").format(role)
            password = sql.Literal(self._secret("shop.password").read_text())
            admin.execute(verb + sql.SQL("login nosuperuser nocreatedb nocreaterole password ") + password)
            if not admin.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                admin.execute(sql.SQL("create database {} owner {}").format(database, role))
                admin.execute(sql.SQL("revoke connect on database {} from public").format(database))
        with psycopg.connect(self._admin(DATABASE), autocommit=True) as admin:
            if admin.execute("select 1 from pg_available_extensions where name = 'vector'").fetchone():
                admin.execute("create extension if not exists vector")

    # Later starts.

    def bring_up(self) -> None:
        """Start the server unless it answers; the caller holds the `life` lock."""
        self._settle_down()
        if not self.alive():
            self._launch()

    def postmaster_pid(self) -> int | None:
        """The process that the data folder names as its server."""
        try:
            return int((self.place.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None

    def running(self) -> bool:
        """A quick look: whether that process is there."""
        pid = self.postmaster_pid()
        try:
            return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def alive(self) -> bool:
        """Whether the server that answers is the one of this home."""
        try:
            with psycopg.connect(self._admin("postgres"), connect_timeout=5) as connection:
                found = connection.execute("show data_directory").fetchone()
                return found is not None and Path(str(found[0])).samefile(self.place.data)
        except (psycopg.OperationalError, FileNotFoundError):
            return False

    def postmaster(self) -> int | None:
        """A living process of this data folder, if any: zombies and other folders' do not count."""
        for process in psutil.process_iter(["name", "status"]):
            if process.info["name"] == "postgres" and process.info["status"] != psutil.STATUS_ZOMBIE:
                try:
                    if Path(process.cwd()).samefile(self.place.data):
                        return int(process.pid)
                except (psutil.Error, OSError):
                    continue
        return None

    def _settle_down(self) -> None:
        """Wait while a server recovers, shuts down, or leaves dying children behind."""
        give_up = time.monotonic() + _PATIENCE_S
        while (ping := self._ping()) != psycopg.pq.Ping.OK:
            if ping != psycopg.pq.Ping.REJECT and self.postmaster() is None:
                return
            if time.monotonic() > give_up:
                raise self._failed("start", f"a server is there and has not answered for {_PATIENCE_S} s")
            time.sleep(0.05)

    def _ping(self) -> psycopg.pq.Ping:
        dsn = psycopg.conninfo.make_conninfo(host=str(self.place.socket), port=PORT, dbname="postgres")
        return psycopg.pq.Ping(psycopg.pq.PGconn.ping(dsn.encode()))

    def _launch(self) -> None:
        # Nobody lives in the data folder, so these name a process that reused the number of a dead server.
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        data, log, wait = str(self.place.data), str(self.place.log), str(_PATIENCE_S)
        socket = f"-c unix_socket_directories='{self.place.socket}'"
        self._run("pg_ctl", "-D", data, "-w", "-t", wait, "-l", log, "-o", socket, "start", verb="start")

    def _shop_opens(self) -> bool:
        password = self._secret("shop.password").read_text()
        try:
            with psycopg.connect(self._dsn(ROLE, password, DATABASE), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _admin(self, database: str) -> str:
        return self._dsn("postgres", self._password(), database)

    def _dsn(self, user: str, password: str, database: str) -> str:
        where = {"host": str(self.place.socket), "port": str(PORT)}
        return psycopg.conninfo.make_conninfo("", user=user, password=password, dbname=database, **where)

    def _run(self, name: str, *args: str, verb: str) -> None:
        done = subprocess.run(
            [str(self.program(name)), *args],
            cwd=self.place.own,
            env=_clean_environment(self.place.own),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o077,
            timeout=_PATIENCE_S * 2,
            check=False,
            **self.place.identity,
        )
        if done.returncode:
            raise self._failed(verb, done.stdout + self._log_tail())

    def _failed(self, verb: str, why: str) -> Exception:
        if "No space left on device" in why:
            return DISK_FULL.error(folder=self.place.own, free=free_bytes(self.place.own))
        lines = [line for line in why.strip().splitlines() if line.strip()][-3:]
        where = {"folder": self.place.own, "log": self.place.log}
        return NO_START.error(verb=verb, why=" / ".join(lines), **where)

    def _log_tail(self) -> str:
        try:
            return self.place.log.read_text(errors="replace")[-1500:]
        except OSError:
            return ""

    def _url(self, user: str, password: str, database: str) -> URL:
        from sqlalchemy import URL  # noqa: PLC0415  the guard stays small without it

        where = {"host": str(self.place.socket), "port": str(PORT)}
        return URL.create("postgresql+psycopg", user, password, database=database, query=where)


def _clean_environment(home: Path) -> dict[str, str]:
    """Nothing of ours steers the server: an inherited locale that is not installed fails initdb."""
    drop = ("PG", "LC_", "LANG", "LD_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(drop)}
    return kept | {"LC_ALL": "C", "TZ": "UTC", "HOME": str(home)}
