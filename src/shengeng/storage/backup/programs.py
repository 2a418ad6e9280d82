"""PostgreSQL's own programs at work: a dump as a stream of blocks, and a stream of blocks back into rows."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa

from shengeng.storage.backup.refusals import PROGRAM_FAILED
from shengeng.storage.contracts import DISK_FULL

BLOCK = 2**20
# The extension stands in every database already, and only a superuser may make it or speak about it.
_DUMP = ("--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges", "--no-comments")
_RESTORE = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")


def dumped(programs: Path, url: sa.URL, snapshot: str) -> Iterator[bytes]:
    """pg_dump of a database as it stood at an exported snapshot, block by block."""
    command = [str(programs / "pg_dump"), *_DUMP, "--exclude-extension=vector", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(
            [*command, _address(url)],
            env=_environment(url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        assert program.stdout is not None
        try:
            with program.stdout as out:
                while block := out.read(BLOCK):
                    yield block
            program.wait()
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()
        said.seek(0)
        _check("pg_dump", program.returncode, said.read())


def restore(programs: Path, url: sa.URL, blocks: Iterable[bytes]) -> None:
    """pg_restore of a dump into an empty database: all of it in one transaction, or nothing."""
    command = [str(programs / "pg_restore"), *_RESTORE, f"--dbname={_address(url)}"]
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(
            command, env=_environment(url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        assert program.stdin is not None
        try:
            _feed(program, blocks)
            program.wait()
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()
        said.seek(0)
        _check("pg_restore", program.returncode, said.read())


def _feed(program: subprocess.Popen[bytes], blocks: Iterable[bytes]) -> None:
    assert program.stdin is not None
    try:
        for block in blocks:
            program.stdin.write(block)
        program.stdin.close()
    except BrokenPipeError:
        pass  # it ended early; what it said tells why


def _check(name: str, code: int, said: bytes) -> None:
    if not code:
        return
    text = said.decode("utf-8", "replace").strip()
    if "No space left on device" in text:
        raise DISK_FULL.error(folder="the database's folder", free=0)
    lines = [line for line in text.splitlines() if line.strip()]
    raise PROGRAM_FAILED.error(program=name, why=" / ".join(lines[:3])[:600] or f"status {code}")


def _address(url: sa.URL) -> str:
    """The database without its password, which the environment carries."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _environment(url: sa.URL) -> dict[str, str]:
    """All that the programs are told: nothing of the caller's environment steers them."""
    return {"LC_ALL": "C", "PGPASSWORD": str(url.password or ""), "PGCONNECT_TIMEOUT": "10"}
