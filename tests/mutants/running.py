"""Tests against one mutant, in a child of a process that has everything but our own code loaded."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

_PASSED, _NO_TESTS = 0, 5
# Loaded before the first child; none of them starts a thread by being loaded.
_HEAVY: tuple[str, ...] = (
    "sqlalchemy",
    "psycopg",
    "pyarrow",
    "pyarrow.parquet",
    "duckdb",
    "fastapi",
    "hypothesis",
    "alembic",
)
_HEAVY += (
    "pandas",
    "httpx",
    "structlog",
    "procrastinate",
    "msgspec",
    "hypothesis.stateful",
    "starlette.testclient",
)


def load_what_is_not_ours() -> None:
    """Import the libraries once for all children."""
    for name in _HEAVY:
        importlib.import_module(name)


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another text."""

    def __init__(self, name: str, path: Path, code: str) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._code, str(self._path), "exec"), module.__dict__)


class _Settings:
    """Hypothesis finds a failure and says so; nobody needs the smallest one here."""

    @staticmethod
    def pytest_sessionstart() -> None:
        import hypothesis as h  # noqa: PLC0415

        phases = (h.Phase.explicit, h.Phase.generate)
        h.settings.register_profile(
            "mutants", deadline=None, phases=phases, database=None, derandomize=True, print_blob=False
        )
        h.settings.load_profile("mutants")


def hold_server(name: str) -> int:
    """A child that keeps the tests' PostgreSQL running until it is ended; its process id."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.read(read, 1)
        return child
    from shengeng.storage.embedded import Server  # noqa: PLC0415
    from tests import conftest  # noqa: PLC0415

    server = Server(Path(tempfile.gettempdir()) / f"{conftest._PREFIX}{name}", tuning=conftest._TUNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        server.start()
        os.write(write, b"!")
        while True:
            signal.pause()
    finally:
        if server.stop():
            conftest._remove(server)
        os._exit(0)


def start(module: str, path: Path, code: str, tests: Sequence[str]) -> tuple[int, Path]:
    """Begin a child that runs the tests; its process id and where it writes."""
    assert module not in sys.modules, f"{module} is loaded already: no mutant of it would be met"
    told = Path(tempfile.mkstemp(prefix="mutant-", suffix=".log")[1])
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child, told
    status = 70
    try:
        os.setpgid(0, 0)
        out = os.open(told, os.O_WRONLY | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.meta_path.insert(0, _Instead(module, path, code))
        status = int(
            pytest.main(
                [
                    "-x",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "-W",
                    "ignore::pytest.PytestAssertRewriteWarning",
                    "-m",
                    "not slow",
                    *tests,
                ],
                plugins=[_Settings()],
            )
        )
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def verdict(status: int) -> str:
    """caught or survived, of how a child ended."""
    code = os.waitstatus_to_exitcode(status)
    if code == _NO_TESTS:
        raise RuntimeError("there are no such tests")
    return "survived" if code == _PASSED else "caught"


def end(child: int) -> None:
    """End a child that takes too long, with whatever it started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    time.sleep(0.1)
