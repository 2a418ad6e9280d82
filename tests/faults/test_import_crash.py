"""Whatever stops an import, what was there before is still there, and the next import works."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.factories.facts import shop_lines, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect import api
from shengeng.storage.contracts import Cancelled
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CHILD = Path(__file__).with_name("import_killed.py")


def count(stores: Stores) -> int:
    found = api.lines(stores.lake).count().to_pyarrow().as_py()
    assert isinstance(found, int)
    return found


def states(stores: Stores) -> list[str]:
    with stores.rows.unit() as uow:
        return [report.state for report in reversed(api.imports_newest(uow))]


def staged(stores: Stores) -> list[Path]:
    return list((stores.settings.home / "imports").glob("*/staging"))


@pytest.mark.parametrize(
    "stop_at",
    [
        pytest.param(1, id="reading", marks=pytest.mark.slow),
        pytest.param(4, id="first month"),
        pytest.param(6, id="third month", marks=pytest.mark.slow),
    ],
)
def test_a_killed_import_leaves_the_earlier_state_and_the_next_one_works(
    stores: Stores, database: sa.URL, tmp_path: Path, stop_at: int
) -> None:
    first = [row for row in shop_lines() if row.local_at.month == 1]
    api.import_source(stores, write_folder(tmp_path / "before", rows=first), now=NOW)
    known = count(stores)
    folder = write_folder(tmp_path / "all")
    url = database.render_as_string(hide_password=False)
    command = [sys.executable, str(CHILD), str(stores.settings.home), url, str(folder), str(stop_at)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        assert api.recover(stores) == 0  # it lives: nobody calls it dead
        assert count(stores) == known
        child.send_signal(signal.SIGKILL)
    assert count(stores) == known
    assert states(stores) == ["succeeded", "running"]
    assert api.recover(stores) == 1
    assert staged(stores) == []
    with stores.rows.unit() as uow:
        dead = api.imports_newest(uow, 1, "zh")[0]
    assert dead.state == "failed"
    assert "中断" in str(dead.error)
    api.import_source(stores, folder, now=LATER)
    assert count(stores) == len(shop_lines())


class Stopping(Silent):
    """Somebody cancels once the first file is read."""

    def __init__(self) -> None:
        self.read = False

    def step(self, name: str, share: float) -> None:
        self.read = True

    def check(self) -> None:
        if self.read:
            raise Cancelled


def test_a_cancelled_import_is_written_down_and_leaves_nothing(stores: Stores, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        api.import_source(stores, write_folder(tmp_path / "f"), progress=Stopping(), now=NOW)
    assert states(stores) == ["failed"]
    assert count(stores) == 0
    assert staged(stores) == []


def test_a_full_disk_is_one_clear_sentence_and_no_damage(stores: Stores, tmp_path: Path) -> None:
    api.import_source(stores, write_folder(tmp_path / "before", days=30), now=NOW)
    known = count(stores)
    folder = write_folder(tmp_path / "all", days=400)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))  # EFBIG where a full disk says ENOSPC
    try:
        with pytest.raises(ShopError) as caught:
            api.import_source(stores, folder, now=LATER)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.kind == "unavailable"
    assert os.strerror(errno.EFBIG) in caught.value.text("en") or "space" in caught.value.text("en")
    assert states(stores) == ["succeeded", "failed"]
    assert count(stores) == known
    assert staged(stores) == []
    api.import_source(stores, folder, now=LATER + timedelta(hours=1))
    assert states(stores)[-1] == "succeeded"


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of this size mounted on a folder, by root."""
    folder.mkdir(parents=True, exist_ok=True)
    how = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if subprocess.run(how, capture_output=True, check=False).returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("full", ["imports", "lake/lines"], ids=["while reading", "while writing"])
def test_a_really_full_disk_is_one_clear_sentence_and_no_damage(
    stores: Stores, tmp_path: Path, full: str
) -> None:
    january = [row for row in shop_lines() if row.local_at.month == 1]
    place = stores.settings.home / full
    with small_disk(place, 128):
        if full != "imports":
            api.import_source(stores, write_folder(tmp_path / "before", rows=january), now=NOW)
        known = count(stores)
        folder = write_folder(tmp_path / "all", customers=400, days=400)
        with pytest.raises(ShopError) as caught:
            api.import_source(stores, folder, now=LATER)
        assert caught.value.kind == "unavailable"
        assert "space" in caught.value.text("en")
        assert "\n" not in caught.value.text("en")
        assert states(stores)[-1] == "failed"
        assert count(stores) == known
        assert staged(stores) == []
        more_room = ["mount", "-o", "remount,size=200m", str(place)]
        subprocess.run(more_room, check=True, capture_output=True)
        report = api.import_source(stores, folder, now=LATER + timedelta(hours=1))
        assert states(stores)[-1] == "succeeded"
        assert report.files["orders"].rejected == 0
        assert count(stores) > known


def test_a_corrupt_parquet_file_is_refused_and_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    api.import_source(stores, write_folder(tmp_path / "before", days=30), now=NOW)
    known = count(stores)
    folder = write_folder(tmp_path / "f", format="parquet", days=400)
    content = bytearray((folder / "orders.parquet").read_bytes())
    content[300:1300] = bytes(1000)
    (folder / "orders.parquet").write_bytes(content)
    with pytest.raises(ShopError, match=r"orders\.parquet is damaged"):
        api.import_source(stores, folder, now=LATER)
    assert states(stores) == ["succeeded", "failed"]
    assert count(stores) == known


def test_a_wrong_header_stops_before_anything_is_written(stores: Stores, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f")
    text = (folder / "products.csv").read_text("utf-8").replace("title", "name")
    (folder / "products.csv").write_text(text, "utf-8")
    with pytest.raises(ShopError, match="no column title"):
        api.import_source(stores, folder, now=NOW)
    assert count(stores) == 0
    assert stores.lake.snapshot() == 0
    with stores.rows.unit() as uow:
        assert api.imports_newest(uow)[0].state == "failed"
