"""Bad days of the embedded PostgreSQL: kills, reused numbers, strangers, foreign folders, a full disk."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.factories.servers import TUNING, Owner, execute, gone, guards_of, kill, put_away, wait_until

from shengeng.kernel.errors import ShopError
from shengeng.storage.embedded import Server, place
from shengeng.storage.rows import connect

AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="only root starts the server as another user")
NOBODY = 65534


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="shengeng-fault-")) / "家 of shop's"
    folder.mkdir(mode=0o700)
    yield folder
    put_away(Server(folder))
    shutil.rmtree(folder.parent)


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    made = Server(home, tuning=TUNING)
    yield made
    made.stop()


def test_a_killed_owner_leaves_no_server_behind(home: Path) -> None:
    owner = Owner(home)
    postmaster = owner.postmaster()
    assert not gone(postmaster)
    owner.kill()
    assert wait_until(lambda: gone(postmaster)) < 10  # about one second on a quiet machine
    wait_until(lambda: guards_of(home) == [])


def test_when_the_guard_is_killed_too_the_next_start_adopts_the_server(home: Path, server: Server) -> None:
    owner = Owner(home)
    postmaster = owner.postmaster()
    wait_until(lambda: len(guards_of(home)) == 1)
    kill(guards_of(home)[0])
    owner.kill()
    assert not gone(postmaster)
    server.start()
    assert server.postmaster_pid() == postmaster
    assert server.stop()
    assert gone(postmaster)


def test_a_server_killed_under_its_users_comes_back_with_its_rows(server: Server) -> None:
    rows = connect(server.start())
    execute(server.url(), "create table kept as select 42 as answer")
    rows.ping()
    before = server.postmaster_pid()
    assert before is not None
    kill(before)
    with pytest.raises(ShopError, match="did not answer"):
        rows.ping()
    wait_until(server.alive)
    rows.ping()
    assert execute(server.url(), "select answer from kept") == [(42,)]
    rows.close()


def test_after_the_server_and_its_guard_are_killed_the_next_start_works(home: Path, server: Server) -> None:
    owner = Owner(home)
    postmaster = owner.postmaster()
    wait_until(lambda: len(guards_of(home)) == 1)
    kill(guards_of(home)[0])
    kill(postmaster)
    owner.kill()
    assert execute(server.start(), "select 1") == [(1,)]


def test_a_reused_process_number_does_not_keep_the_server_down(server: Server) -> None:
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **server.place.identity)
    try:
        lines = [str(stranger.pid), str(server.place.data), "1", "5432", str(server.place.socket), "", "", ""]
        (server.place.data / "postmaster.pid").write_text("\n".join(lines))
        (server.place.socket / ".s.PGSQL.5432.lock").write_text("\n".join(lines))
        assert execute(server.start(), "select 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_empty_pid_file_does_not_keep_the_server_down(server: Server) -> None:
    server.start()
    server.stop()
    (server.place.data / "postmaster.pid").write_text("")
    assert execute(server.start(), "select 1") == [(1,)]


def test_four_starts_at_once_share_one_server_and_the_last_out_stops_it(home: Path) -> None:
    owners = [Owner(home) for _ in range(4)]
    postmasters = {owner.postmaster() for owner in owners}
    assert len(postmasters) == 1
    said = [owner.end() for owner in owners]
    assert said[:3] == ["False"] * 3
    wait_until(lambda: gone(postmasters.pop()) if postmasters else True)


def test_nobody_enters_without_the_password(server: Server) -> None:
    url = server.start()
    assert execute(url, "select current_user::text") == [("shengeng",)]
    for wrong in (url.set(password="guess"), sa.URL.create("postgresql", "postgres", query=url.query)):
        with pytest.raises(psycopg.OperationalError, match=r"password"):
            execute(wrong, "select 1")
    assert execute(url, "show listen_addresses") == [("",)]


def test_the_shop_is_no_superuser_and_has_vectors(server: Server) -> None:
    url = server.start()
    asked = "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
    assert execute(url, asked) == [(False, False, False)]
    assert execute(url, "select '[1,2]'::vector <-> '[1,3]'::vector") == [(1.0,)]


def test_every_folder_is_private_and_no_parent_changes(home: Path, server: Server) -> None:
    parents = [*home.parents, home]
    before = {folder: folder.stat().st_mode for folder in parents}
    server.start()
    server.stop()
    assert {folder: folder.stat().st_mode for folder in parents} == before
    for folder in (server.place.keys, server.place.own, server.place.socket, server.place.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for secret in server.place.keys.glob("*.password"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600, secret


def test_a_home_with_a_very_long_path_works(home: Path) -> None:
    server = Server(home / ("long" * 30), tuning=TUNING)
    try:
        assert execute(server.start(), "select 1") == [(1,)]
        socket = server.place.socket
        assert len(os.fsencode(socket)) < 90
        assert stat.S_IMODE(socket.lstat().st_mode) == 0o700
    finally:
        put_away(server)


def test_a_lost_password_is_told_by_file_and_next_step(server: Server) -> None:
    server.start()
    server.stop()
    file = server.place.keys / "superuser.password"
    kept = file.read_text()
    file.unlink()
    with pytest.raises(ShopError, match=r"superuser\.password is gone. Put the file back"):
        server.start()
    file.write_text(kept)
    server.start()


def test_a_lost_password_of_the_shop_is_made_anew(server: Server) -> None:
    server.start()
    server.stop()
    (server.place.keys / "shop.password").unlink()
    assert execute(server.start(), "select 1") == [(1,)]


def test_an_interrupted_first_start_is_begun_again(server: Server) -> None:
    (server.place.own / "data.new" / "base").mkdir(parents=True)
    server.place.data.mkdir()
    assert execute(server.start(), "select 1") == [(1,)]


def test_a_home_that_is_a_file_is_refused(home: Path) -> None:
    file = home / "file"
    file.write_text("")
    with pytest.raises(ShopError, match="cannot be made"):
        Server(file)


def test_a_platform_without_the_wheel_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")
    with pytest.raises(ShopError, match=r"sunos5\. Set SHENGENG_DATABASE_URL"):
        place.wheel_folder()


@only_root
def test_a_home_of_somebody_else_is_refused(home: Path) -> None:
    foreign = home / "foreign"
    foreign.mkdir()
    os.chown(foreign, NOBODY, NOBODY)
    with pytest.raises(ShopError, match="belongs to somebody else"):
        Server(foreign)


@only_root
def test_without_useradd_the_next_step_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "USER", "shengeng-missing")
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(ShopError, match="there is no useradd"):
        Server(home)


@only_root
def test_a_full_disk_at_the_first_start_is_told_with_its_free_bytes(server: Server) -> None:
    own, uid, gid = server.place.own, server.place.uid, server.place.gid
    options = f"size=6m,mode=0700,uid={uid},gid={gid}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(own)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        with pytest.raises(ShopError, match="No space left in") as refused:
            server.start()
        assert refused.value.kind == "unavailable"
    finally:
        subprocess.run(["umount", str(own)], check=True)
    server.place.socket.mkdir(mode=0o700, exist_ok=True)


_AS_ORDINARY_USER = """
import sys; from pathlib import Path; from shengeng.storage.embedded import Server
server = Server(Path(sys.argv[1]) / "home", tuning=eval(sys.argv[2]))
server.start(); print(server.place.data); print(server.stop())
"""


@only_root
def test_an_ordinary_user_keeps_everything_in_the_home() -> None:
    folder = Path(tempfile.mkdtemp(prefix="shengeng-user-"))
    os.chown(folder, NOBODY, NOBODY)
    mode = folder.stat().st_mode
    try:
        command = [*_python_of_nobody(), "-c", _AS_ORDINARY_USER, str(folder), repr(TUNING)]
        done = subprocess.run(command, cwd="/", env=_PATHS, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split("\n")[:2] == [str(folder / "home/postgres/server/data"), "True"]
        assert folder.stat().st_mode == mode
        assert stat.S_IMODE((folder / "home").stat().st_mode) == 0o700
    finally:
        wait_until(lambda: guards_of(folder / "home") == [])
        shutil.rmtree(folder)


_PATHS = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "HOME": "/"}


def _python_of_nobody() -> list[str]:
    """How another user runs our Python; ours may stand below root's private home."""
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    probe = (
        "import subprocess, sys, shengeng, psycopg; subprocess.run([sys.executable, '-c', ''], check=True)"
    )
    installed = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    for python in filter(None, (sys.executable, installed)):
        command = [*nobody, python, "-c", probe]
        if not subprocess.run(command, cwd="/", env=_PATHS, capture_output=True, check=False).returncode:
            return [*nobody, python]
    return pytest.skip("no Python here that another user may run")


def test_a_stopped_process_still_counts_as_a_user(home: Path, server: Server) -> None:
    owner = Owner(home)
    postmaster = owner.postmaster()
    owner.process.send_signal(signal.SIGSTOP)
    server.start()
    assert not server.stop()
    assert not gone(postmaster)
    owner.process.send_signal(signal.SIGCONT)
    assert owner.end() == "True"


@only_root
def test_starters_of_one_home_at_the_same_time_all_find_its_folders_theirs(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")

    def make(number: int) -> int:
        made = place.own_folder(tmp_path / str(number), 0o700, nobody.pw_uid, nobody.pw_gid)
        return made.stat().st_uid

    with ThreadPoolExecutor(4) as starters:
        owners = list(starters.map(make, [number for number in range(200) for _ in range(4)]))
    assert set(owners) == {nobody.pw_uid}
    assert len(list(tmp_path.iterdir())) == 200
