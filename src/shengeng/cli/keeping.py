"""A shop into one file, and a file into a new home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shengeng.cli.composition import Composition
from shengeng.cli.output import bar, emit
from shengeng.govern.privacy.contracts import ERASURES, FOLDER
from shengeng.kernel.clock import wall_now
from shengeng.sense.connect import api as connect
from shengeng.storage import backup as files

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on the last line.")]


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole shop into one file, also while it is being served."""
    compose: Composition = ctx.obj
    target = file.expanduser().absolute()
    with compose.open(compose.settings()) as stores, bar("backup") as progress:
        found = files.backup(stores, compose.programs(), target, progress, wall_now())
    size = target.stat().st_size
    facts = {"file": str(target), "bytes": size, "parts": len(found.members), "made_at": found.head.made_at}
    emit(as_json, facts, f"{target}: {size / 1e6:,.1f} MB in {len(found.members):,} parts")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `shengeng backup` wrote.")],
    home: Annotated[Path, typer.Option(help="The new home: a folder that is empty or not there.")],
    erasures: Annotated[
        Path | None, typer.Option(help="The list of erasures; default: that of the present SHENGENG_HOME.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a backup into a new home, and apply again the erasures that came after it."""
    compose: Composition = ctx.obj
    settings = replace(compose.settings(), home=home.expanduser().absolute())
    source = file.expanduser().absolute()
    with bar("restore") as progress:
        programs = compose.programs()
        found = files.restore(source, settings.home, lambda _: compose.database(settings), programs, progress)
        with compose.open_half(settings) as stores:
            connect.moved_home(stores)
            erased = compose.forget_again(stores, erasures or _list_of(compose.settings().home))
        files.finish(settings.home)
    made_at = found.head.made_at
    facts = {"home": str(settings.home), "made_at": made_at, "parts": len(found.members), "erased": erased}
    told = f"{settings.home}: as of {made_at}; people erased since, erased again: {erased}"
    emit(as_json, facts, told, "SHENGENG_HOME names it from now on")


def _list_of(home: Path) -> Path | None:
    """The list of erasures that the present home keeps, where there is one."""
    path = home / FOLDER / ERASURES
    return path if path.is_file() else None
