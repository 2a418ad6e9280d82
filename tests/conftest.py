"""One embedded PostgreSQL for the whole run; every test gets a database of its own and an empty lake."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from psycopg import sql

from shengeng.govern.access.methods import secrets_of
from shengeng.kernel.settings import Settings
from shengeng.storage.embedded import Server
from shengeng.storage.migrations import migrate
from shengeng.storage.rows import connect
from shengeng.storage.stores import Stores, open_stores
from tests.factories.kept import Keep, Kept, Reopen

# How long an example takes is the machine's affair, not a property of ours.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
_PREFIX = "shengeng-test-"
_TEMPLATE = "template_shop"
_COUNTER = itertools.count()
# Nothing a test writes must outlive the machine, and no database of theirs lives long enough to be tidied.
_TUNING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
_TUNING |= {"autovacuum": "off"}


@pytest.fixture(scope="session", autouse=True)
def _light_hashing() -> Iterator[None]:
    """Passwords of thousands of made-up people are hashed lightly; servers of their own hash as they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets_of, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def server(worker_id: str) -> Iterator[Server]:
    """The run's PostgreSQL server, shared by all xdist workers; the last of them removes it."""
    del worker_id
    _remove_leftovers()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}-{time.time_ns()}")
    server = Server(Path(tempfile.gettempdir()) / f"{_PREFIX}{run}", tuning=_TUNING)
    server.start()
    yield server
    if server.stop():
        _remove(server)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated database to clone."""
    with psycopg.connect(_dsn(server, "postgres"), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(1)")
        if not admin.execute("select 1 from pg_database where datname = %s", (_TEMPLATE,)).fetchone():
            _create(admin, f"{_TEMPLATE}_new", "shengeng")
            rows = connect(server.url(f"{_TEMPLATE}_new"))
            migrate(rows)
            rows.close()
            admin.execute(f"alter database {_TEMPLATE}_new rename to {_TEMPLATE}")
    return _TEMPLATE


@pytest.fixture
def database(server: Server, template: str, worker_id: str) -> Iterator[sa.URL]:
    """The URL of a fresh, migrated database."""
    name = f"t_{worker_id}_{os.getpid()}_{next(_COUNTER)}"
    with psycopg.connect(_dsn(server, "postgres"), autocommit=True) as admin:
        _create(admin, name, template)
        yield server.url(name)
        _drop(admin, name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home in the test's own folder."""
    return _settings(tmp_path / "home")


@pytest.fixture
def stores(settings: Settings, database: sa.URL) -> Iterator[Stores]:
    """A migrated, empty shop: rows in a database of its own, an empty lake, no task registered."""
    with open_stores(settings, database) as opened:
        yield opened


@pytest.fixture(scope="module")
def keep(
    server: Server, template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keep]:
    """Make a shop once for a whole module: whatever takes seconds and every test needs alike."""
    made: list[str] = []
    with psycopg.connect(_dsn(server, "postgres"), autocommit=True) as admin:

        def keep(make: Callable[[Stores], object]) -> Kept:
            kept = Kept(f"k_{worker_id}_{os.getpid()}_{next(_COUNTER)}", tmp_path_factory.mktemp("kept"))
            made.append(kept.database)
            _create(admin, kept.database, template)
            with open_stores(_settings(kept.home), server.url(kept.database)) as stores:
                make(stores)
            return kept

        yield keep
        for name in made:
            _drop(admin, name)


@pytest.fixture
def reopen(server: Server, worker_id: str, settings: Settings) -> Iterator[Reopen]:
    """A copy of a kept shop, of which a test may do what it likes."""
    with psycopg.connect(_dsn(server, "postgres"), autocommit=True) as admin, ExitStack() as opened:

        def reopen(kept: Kept) -> Stores:
            name = f"t_{worker_id}_{os.getpid()}_{next(_COUNTER)}"
            _create(admin, name, kept.database)
            opened.callback(_drop, admin, name)
            shutil.copytree(kept.home, settings.home, dirs_exist_ok=True)
            return opened.enter_context(open_stores(settings, server.url(name)))

        yield reopen


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this xdist worker, "main" without xdist."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def _settings(home: Path) -> Settings:
    return Settings(home=home, memory_limit="512MB", threads=2)


def _drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _create(admin: psycopg.Connection[tuple[object, ...]], name: str, template: str) -> None:
    statement = "create database {} template {} owner shengeng strategy file_copy"
    admin.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))


def _dsn(server: Server, database: str) -> str:
    url = server.superuser_url(database).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _remove_leftovers() -> None:
    """Runs that were killed leave their folders; an hour later nobody needs them."""
    for home in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if time.time() - home.stat().st_mtime > 3600:
            server = Server(home)
            handle = server.try_lock("users")
            if handle is not None:
                os.close(handle)
                _remove(server)


def _remove(server: Server) -> None:
    server.discard()
    shutil.rmtree(server.place.home, ignore_errors=True)  # the guard may look for its lock once more
