"""Everything the shop holds on a person, in one file with a plain index."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shengeng.govern.consent import api as consent
from shengeng.govern.privacy.contracts import FOLDER, Person, Request, Wiring
from shengeng.govern.privacy.store import keeping, requests
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

_ABOUT = {
    "en": "Everything this shop holds on you. Each file is a list of rows as they stand; amounts are whole "
    "minor units of the currency; times are UTC unless a name says local.",
    "zh": "本店保存的与您有关的全部信息。每个文件是一组记录的原样；金额为货币最小单位的整数；"
    "除名称含 local 外，时间为 UTC。",
}


def export(
    stores: Stores, progress: Progress, request: Request, wiring: Wiring, now: datetime
) -> dict[str, Any]:
    """Writes the export's file (0600) and returns what the request tells of it: rows by part."""
    with stores.rows.unit() as uow:
        person = wiring.resolve(uow, request.person_id)
        parts: dict[str, Sequence[Mapping[str, Any]]] = dict(_own(uow, person))
        for place, holder in enumerate(wiring.holders):
            progress.check()
            progress.step("privacy.holder", place / len(wiring.holders))
            for name, rows in holder.export_person(stores, uow, person).items():
                if rows:
                    parts[f"{holder.name}.{name}"] = rows
    counts = {name: len(rows) for name, rows in parts.items() if rows}
    name = f"{request.id}.zip"
    _write(stores.settings.home / FOLDER / name, person, parts, now)
    with stores.rows.unit() as uow:
        requests.change(uow, request.id, state="done", done_at=now, file=name, outcome={"rows": counts})
        requests.note(uow, request.id, now, actor="privacy", what="done")
    return counts


def _own(uow: UnitOfWork, person: Person) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What govern itself holds on the person."""
    said = [
        {
            "purpose": row.said.purpose,
            "channel": row.said.channel,
            "granted": row.said.granted,
            "said_at": row.said.said_at,
            "source": row.said.source,
            "text_version": row.said.text_version,
            "shown": row.said.shown,
            "recorded_at": row.recorded_at,
        }
        for row in consent.of(uow, person.ids)
    ]
    looked = [
        {"who": one.operator, "hour": one.hour, "what": one.what}
        for id in sorted(person.ids)
        for one in keeping.looks_of(uow, id, None, 10_000)
    ]
    return {
        "consent.consents": said,
        "privacy.requests": requests.of_person(uow, person.ids),
        "privacy.looked_at_by": looked,
        "audit.entries": keeping.audit_about(uow, person.every),
    }


def _write(
    path: Path, person: Person, parts: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime
) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("index.json", _json(_index(person, parts, now)))
            for name, rows in parts.items():
                archive.writestr(f"{name}.json", _json(rows))
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _index(person: Person, parts: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime) -> dict[str, Any]:
    return {
        "about": _ABOUT,
        "made_at": now,
        "identifiers": sorted(person.every),
        "files": [
            {"file": f"{name}.json", "rows": len(rows), "columns": sorted(rows[0]) if rows else []}
            for name, rows in parts.items()
        ],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_told)


def _told(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
