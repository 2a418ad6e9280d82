"""Bad days of the lake: flipped bits, lost files, full disks, a crash between any two steps."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa
from tests.factories.servers import gone, wait_until

from shengeng.kernel.errors import ShopError
from shengeng.storage.engine import Engine
from shengeng.storage.stores import Stores

NOISE = pa.table({"n": np.arange(20_000), "x": np.random.default_rng(7).random(20_000)})


@pytest.fixture
def file(stores: Stores) -> Path:
    """The one file of a dataset `sales`."""
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "sales", NOISE)
    (found,) = (stores.settings.home / "lake/sales").iterdir()
    return found


def ask(stores: Stores) -> float:
    return float(stores.lake.table("sales").x.sum().execute())


def assert_told(stores: Stores, file: Path, fault: str) -> None:
    with pytest.raises(ShopError) as refused:
        ask(stores)
    assert refused.value.code == "damaged_file"
    assert f"{file} of sales is {fault}. Put it back from a backup" in refused.value.text("en")
    assert str(file) in refused.value.text("zh")
    with stores.rows.unit() as uow:
        assert [(f.path, f.fault) for f in stores.lake.verify(uow)] == [(str(file), fault)]


def test_one_flipped_bit_is_never_read_as_a_number(stores: Stores, file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert_told(stores, file, "altered")


def test_a_shortened_file_is_told(stores: Stores, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    assert_told(stores, file, "shortened")


def test_an_empty_file_is_told(stores: Stores, file: Path) -> None:
    file.write_bytes(b"")
    assert_told(stores, file, "shortened")


def test_a_lost_file_is_told_and_works_again_when_it_is_put_back(stores: Stores, file: Path) -> None:
    before = ask(stores)
    kept = file.read_bytes()
    file.unlink()
    assert_told(stores, file, "missing")
    file.write_bytes(kept)
    assert ask(stores) == before


def test_a_file_that_changes_after_its_first_reading_is_noticed(stores: Stores, file: Path) -> None:
    ask(stores)
    raw = bytearray(file.read_bytes())
    raw[100] ^= 1
    file.write_bytes(raw)
    os.utime(file, (time.time() + 5, time.time() + 5))
    assert_told(stores, file, "altered")


def test_a_file_lost_between_the_question_and_the_answer_is_told(stores: Stores, file: Path) -> None:
    question = stores.lake.table("sales").x.sum()
    file.unlink()
    with pytest.raises(ShopError, match="missing"):
        question.execute()
    assert stores.lake.memtable(NOISE).count().execute() == 20_000, "the connection is usable afterwards"


def test_the_other_datasets_stay_readable(stores: Stores, file: Path) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "people", NOISE)
    file.unlink()
    assert stores.lake.table("people").count().execute() == 20_000


@contextmanager
def file_size_limit(bytes_: int) -> Iterator[None]:
    """The kernel refuses to let any file of ours grow beyond this, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_nothing_behind_and_names_the_folder(stores: Stores, file: Path) -> None:
    before = ask(stores)
    with pytest.raises(ShopError) as refused, file_size_limit(50_000):
        _append(stores)
    assert refused.value.code == "disk_full"
    assert refused.value.kind == "unavailable"
    assert str(file.parent) in refused.value.text("en")
    assert list(file.parent.iterdir()) == [file]
    assert ask(stores) == before
    _append(stores)
    assert ask(stores) == pytest.approx(2 * before)


def _append(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "sales", NOISE)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_really_full_disk_is_told_with_its_free_bytes(stores: Stores) -> None:
    folder = stores.settings.home / "lake"
    folder.mkdir(parents=True)
    how = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(how, capture_output=True, check=False).returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        with pytest.raises(ShopError, match="No space left in") as refused:
            _append(stores)
        assert 0 <= int(str(refused.value.params["free"])) <= 65536
        assert [path.name for path in folder.rglob("*") if path.is_file()] == []
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_question_beyond_the_memory_is_told_with_the_setting(tmp_path: Path) -> None:
    """One list of three million texts cannot be spilled to disk, so the limit itself ends the question."""
    engine = Engine(tmp_path, "64MB", 1)
    numbers = ibis.range(3_000_000).unnest().name("n").as_table()
    question = numbers.aggregate(longest=numbers.n.cast("string").collect()).longest.length()
    with pytest.raises(ShopError, match="SHENGENG_MEMORY_LIMIT=64MB") as refused:
        engine.backend.execute(question)
    assert refused.value.kind == "unavailable"
    assert engine.backend.execute(numbers.n.max()) == 2_999_999, "the engine is usable afterwards"
    engine.close()


_CRASH = """
import os, sys
import pyarrow as pa
from pathlib import Path
from shengeng.kernel.settings import Settings
from shengeng.storage.stores import open_stores
with open_stores(Settings(home=Path(sys.argv[1]), memory_limit="512MB"), sys.argv[2]) as stores:
    with stores.rows.unit() as uow:
        def half():
            yield pa.record_batch({"n": [1], "x": [1.0]})
            if sys.argv[3] == "while writing": os.kill(os.getpid(), 9)
        schema = pa.schema([("n", pa.int64()), ("x", pa.float64())])
        stores.lake.replace(uow, "sales", pa.RecordBatchReader.from_batches(schema, half()))
        if sys.argv[3] == "before the commit": os.kill(os.getpid(), 9)
        uow.when_kept(lambda: os.kill(os.getpid(), 9) if sys.argv[3] == "after the commit" else None)
"""


@pytest.mark.parametrize("moment", ["while writing", "before the commit", "after the commit"])
def test_a_crash_at_any_step_is_harmless(stores: Stores, file: Path, moment: str) -> None:
    before = ask(stores)
    url = stores.rows.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _CRASH, str(stores.settings.home), url, moment]
    crashed = subprocess.run(command, check=False)
    assert crashed.returncode == -signal.SIGKILL
    assert ask(stores) == (1.0 if moment == "after the commit" else before)
    for path in file.parent.iterdir():
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    with stores.rows.unit() as uow:
        stores.lake.sweep(uow, older_than=timedelta(hours=1))
    listed = 2 if moment == "after the commit" else 1  # the replaced file is kept for its snapshot
    assert len(list(file.parent.iterdir())) == listed
    _append(stores)


def test_a_connection_lost_during_the_commit_never_costs_a_file(stores: Stores, file: Path) -> None:
    """Whether such a transaction was kept is unknown to us, so its file waits for the sweep."""
    with stores.rows.unit() as uow:
        for statement in _DIES_IN_COMMIT:
            uow.conn.execute(sa.text(statement))
    with pytest.raises(ShopError) as refused:
        _append(stores)
    assert refused.value.code == "database_away"
    assert len(list(file.parent.iterdir())) == 2


_DIES_IN_COMMIT = (
    "create function die() returns trigger language plpgsql as "
    "$$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$",
    "create constraint trigger dies after insert on lake_files deferrable initially deferred "
    "for each row execute function die()",
)


def test_what_a_killed_process_spilled_goes_at_the_next_start(stores: Stores) -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    assert gone(child.pid)
    dead = stores.settings.home / "spill" / f"{child.pid}-abcd"
    dead.mkdir()
    (dead / "duckdb_temp.tmp").write_bytes(b"x")
    url = stores.rows.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _CRASH, str(stores.settings.home), url, "never"]
    subprocess.run(command, check=True)
    wait_until(lambda: not dead.exists())
    assert len(list((stores.settings.home / "spill").iterdir())) == 1, "only ours is left"
