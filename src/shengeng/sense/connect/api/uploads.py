"""Files that a browser sends become a canonical folder under SHENGENG_HOME."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from shengeng.kernel.clock import zone
from shengeng.kernel.ids import new_id
from shengeng.kernel.money import currency_code
from shengeng.sense.connect.contracts.refusals import ALREADY_SENT, NOT_OURS
from shengeng.sense.connect.store.folder import REQUIRED, UPLOADS
from shengeng.storage.stores import Stores

KEPT = timedelta(days=1)  # a job that runs twice finds its files; after that nobody needs them
_BLOCK = 2**20


def keep_upload(
    stores: Stores, files: Sequence[tuple[str, BinaryIO]], *, timezone: str, currency: str, now: datetime
) -> Path:
    """Write uploaded files into a folder of their own, streamed; older uploads go. Returns the folder.

    files: by the name that the browser gave. Only names of the canonical format are taken (invalid), so no
    name leads anywhere else; a wrong time zone or currency is refused before a byte is written.
    """
    zone(timezone)
    currency_code(currency)
    named = [(_canonical(name), content) for name, content in files]
    uploads = stores.settings.home / UPLOADS
    _forget_old(uploads, now)
    folder = uploads / str(new_id(now))
    folder.mkdir(parents=True)
    for name, content in named:
        if (folder / name).exists():
            shutil.rmtree(folder)
            raise ALREADY_SENT.error(file=name)
        with (folder / name).open("xb") as file:
            shutil.copyfileobj(content, file, _BLOCK)
    return folder


def _canonical(name: str) -> str:
    """The name as the canonical format writes it; anything else is refused."""
    lowered = name.lower()
    stem, _, ending = lowered.partition(".")
    if lowered == "shop.toml" or (stem in REQUIRED and ending in ("csv", "parquet")):
        return lowered
    raise NOT_OURS.error(file=name[:80], known=", ".join(REQUIRED))


def _forget_old(uploads: Path, now: datetime) -> None:
    for folder in uploads.glob("*-*"):
        if now.timestamp() - folder.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
