"""A shop's backup, brought back into a new home, is the same shop; what is no sound backup is refused."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.e2e.test_commands import SHENGENG, answers, call, last_json
from tests.factories.facts import write_folder
from tests.factories.servers import free_port, put_away, wait_until

from shengeng.app import open_shop
from shengeng.kernel.settings import Settings
from shengeng.storage.embedded import Server
from shengeng.storage.rows import Rows
from shengeng.storage.stores import Stores

# A minute of real processes: with the slow tests.
pytestmark = pytest.mark.slow
# What moves by itself while a shop is open, and what a backup leaves behind on purpose.
MOVING = {"jobs.procrastinate_workers", "public.lake_snapshots"}


@dataclass(frozen=True)
class Shop:
    home: Path
    file: Path
    env: dict[str, str]
    password: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with a day's decisions, backed up while it is served; its home stays as it was then."""
    base = tmp_path_factory.mktemp("backup")
    write_folder(base / "folder", customers=30, days=90)
    with (base / "folder/orders.csv").open("a", encoding="utf-8") as orders:
        orders.write("not,an,order\n")
    env = {"SHENGENG_HOME": str(base / "home"), "SHENGENG_PORT": str(free_port()), "SHENGENG_STOREFRONT": "0"}
    assert call(env, "import", str(base / "folder")).returncode == 0
    assert call(env, "cycle").returncode == 0
    password = last_json(call(env, "operator", "lin", "--role", "admin", "--json"))["password"]
    file = base / "shop.backup"
    with served(env):
        done = call(env, "backup", str(file), "--json")
        assert last_json(done)["parts"] > 5
    yield Shop(base / "home", file, env, password)
    put_away(Server(base / "home"))


class served:  # noqa: N801  reads as a sentence
    """`shengeng serve` of an environment, without a worker."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SHENGENG_")} | env
        self.url = f"http://127.0.0.1:{env['SHENGENG_PORT']}"

    def __enter__(self) -> str:
        command = [SHENGENG, "serve"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=self.env | {"SHENGENG_WORKER": "0"}, stdout=quiet, stderr=quiet
        )
        wait_until(lambda: answers(f"{self.url}/v1/health"), 60)
        return self.url

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "restored"
    if (tmp_path / "restored/postgres").exists():
        put_away(Server(tmp_path / "restored"))


def every_row(rows: Rows) -> dict[str, list[str]]:
    """Each table's rows as sorted text, but for the files that have left the lake."""
    found = {}
    with rows.unit() as uow:
        listed = sa.text(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' and table_schema in ('public', 'jobs') order by 1"
        )
        for table in uow.conn.execute(listed).scalars().all():
            where = "where removed is null" if table == "public.lake_files" else ""
            texts = uow.conn.execute(sa.text(f"select t::text from {table} t {where}")).scalars()
            found[table] = sorted(texts)
    return {name: rows for name, rows in found.items() if name not in MOVING}


def every_dataset(stores: Stores) -> dict[str, list[str]]:
    with stores.rows.unit() as uow:
        names = [one.dataset for one in stores.lake.stats(uow)]
        assert stores.lake.verify(uow) == []
    return {
        name: sorted(str(row) for row in stores.lake.table(name).to_pyarrow().to_pylist()) for name in names
    }


def test_the_restored_home_holds_the_same_rows_the_same_facts_and_the_same_accounts(
    shop: Shop, home: Path
) -> None:
    restored = last_json(call(shop.env, "restore", str(shop.file), "--home", str(home), "--json"))
    assert restored["home"] == str(home)
    settings = replace(Settings(), memory_limit="512MB")
    with open_shop(replace(settings, home=shop.home)) as old, open_shop(replace(settings, home=home)) as new:
        before, after = every_row(old.rows), every_row(new.rows)
        imports = [row.replace(str(home), str(shop.home)) for row in after.pop("public.imports")]
        assert imports == before.pop("public.imports")
        assert {name: rows for name, rows in before.items() if rows != after[name]} == {}
        assert before["public.decisions"]
        assert before["public.lake_files"]
        facts = every_dataset(old)
        assert facts == every_dataset(new)
        assert len(facts["lines"]) > 100
    rejects = list(home.glob("imports/*/rejects.csv"))
    assert len(rejects) == 1
    env = shop.env | {"SHENGENG_HOME": str(home), "SHENGENG_PORT": str(free_port())}
    with served(env) as url:
        body = json.dumps({"name": "lin", "password": shop.password}).encode()
        asked = urllib.request.Request(
            f"{url}/v1/session", body, {"content-type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer)["role"] == "admin"


def test_the_file_is_for_its_owner_only_and_tells_no_password(shop: Shop) -> None:
    assert stat.S_IMODE(shop.file.stat().st_mode) == 0o600
    secrets = [path.read_text() for path in (shop.home / "postgres").glob("*.password")]
    assert len(secrets) == 2
    with zipfile.ZipFile(shop.file) as archive:
        assert not any("postgres" in name or "spill" in name for name in archive.namelist())
        whole = b"".join(archive.read(name) for name in archive.namelist() if name != "rows.dump")
    assert not any(secret.encode() in whole for secret in secrets)


@pytest.mark.slow
def test_a_backup_is_never_written_over_a_file(shop: Shop) -> None:
    before = shop.file.read_bytes()
    done = call(shop.env, "backup", str(shop.file))
    assert (done.returncode, str(shop.file) in done.stderr) == (1, True)
    assert shop.file.read_bytes() == before


def test_a_home_that_holds_something_is_refused_and_stays_as_it_is(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = call(shop.env, "restore", str(shop.file), "--home", str(tmp_path))
    assert (done.returncode, "mine.txt" in done.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def altered(file: Path, to: Path) -> None:
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 0xFF
    to.write_bytes(text)


def truncated(file: Path, to: Path) -> None:
    to.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def foreign(file: Path, to: Path) -> None:
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("holiday.txt", "sun")


def newer(file: Path, to: Path) -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "shengeng-backup.json":
                text = text.replace(b'"migration": "0', b'"migration": "9')
            new.writestr(name, text)


def out_of_the_home(file: Path, to: Path) -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "manifest.json":
                text = text.replace(b'"home/imports/', b'"home/../imports/')
            new.writestr(name.replace("home/imports", "home/../imports"), text)


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (altered, "damaged"),
        pytest.param(truncated, "damaged", marks=pytest.mark.slow),
        pytest.param(foreign, "no backup", marks=pytest.mark.slow),
        pytest.param(newer, "update this installation", marks=pytest.mark.slow),
        (out_of_the_home, "leads out of the home"),
    ],
)
def test_what_is_no_sound_backup_of_ours_is_refused_before_anything_is_made(
    shop: Shop, home: Path, tmp_path: Path, harm: object, code: str
) -> None:
    assert callable(harm)
    harm(shop.file, tmp_path / "harmed")
    done = call(shop.env, "restore", str(tmp_path / "harmed"), "--home", str(home))
    assert (done.returncode, code in done.stderr) == (1, True), done.stderr
    assert not home.exists() or list(home.iterdir()) == []


@pytest.mark.slow
def test_a_restore_that_was_cut_off_is_not_served_and_can_be_run_again(shop: Shop, home: Path) -> None:
    assert call(shop.env, "restore", str(shop.file), "--home", str(home)).returncode == 0
    with zipfile.ZipFile(shop.file) as archive:
        manifest = archive.read("manifest.json")
    (home / "restoring").write_text(sha256(manifest).hexdigest())
    (home / "restoring.rows").touch()
    shutil.rmtree(home / "lake/lines")
    env = shop.env | {"SHENGENG_HOME": str(home)}
    refused = call(env, "health")
    assert (refused.returncode, "did not come to its end" in refused.stderr) == (1, True)
    assert call(shop.env, "restore", str(shop.file), "--home", str(home)).returncode == 0
    assert last_json(call(env, "health", "--json"))["status"] == "ok"
