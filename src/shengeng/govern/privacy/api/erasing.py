"""An erasure: every holder forgets the person, one transaction each, then every place is searched again."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.govern.consent import api as consent
from shengeng.govern.privacy.contracts import ERASURES, FOLDER, Erased, Holder, Person, Request, Wiring
from shengeng.govern.privacy.methods import stand_in, token
from shengeng.govern.privacy.store import keeping, requests
from shengeng.storage import searching
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.storage.tidying import KEPT_SNAPSHOTS

# How often everything is forgotten before what still stands is told as a failure.
_ROUNDS = 3
_FIELDS = ("customer_ids", "anonymous_ids", "phone_hashes", "email_hashes", "unionids")
# Where an identifier of a person may stand by itself.
ID_COLUMNS = ("customer_id", "person_id", "anonymous_id", "value")
# Of the home, beside the lake: what may hold a name in a file. The database's own files are searched as rows.
_FOLDERS = ("imports", "uploads", "exports", FOLDER)


def erase(
    stores: Stores, progress: Progress, request: Request, wiring: Wiring, now: datetime
) -> Mapping[str, Any]:
    """Carries an erasure out from where it stands; begun again after a crash it goes on.

    A job that had read of the person before may write of them after their holder forgot: what the search
    finds is forgotten again, a few rounds long. The person's identifiers are kept in the request until the
    end, since the identity forgets them on the way. Returns what the request tells: rows by holder, what
    the search found, when old snapshots are gone.
    """
    person, done = _begin(stores, request, wiring, now)
    holders = [holder for holder in wiring.holders if holder.name not in done]
    for left in reversed(range(_ROUNDS)):
        _everywhere(stores, progress, request, person, done, holders=holders)
        searching.vacuum(stores.rows)
        progress.step("privacy.search", 0.9)
        outcome = _end(stores, request, person, done, now, last=not left)
        if outcome is not None:
            break
        holders = list(wiring.holders)
    assert outcome is not None
    searching.vacuum(stores.rows)
    return outcome


def _everywhere(
    stores: Stores,
    progress: Progress,
    request: Request,
    person: Person,
    done: dict[str, Any],
    *,
    holders: Sequence[Holder],
) -> None:
    """Each holder forgets, then govern; rows are added to those of the rounds before."""
    for place, holder in enumerate(holders):
        progress.check()
        progress.step("privacy.holder", place / (len(holders) + 3))
        with stores.rows.unit() as uow:
            uow.erasing()
            done[holder.name] = _added(done, holder.name, holder.erase_person(stores, uow, person))
            _keep(uow, request, person, done)
    progress.step("privacy.traces", 0.8)
    with stores.rows.unit() as uow:
        uow.erasing()
        done["govern"] = _added(done, "govern", forget_traces(stores, uow, person))
        _keep(uow, request, person, done)


def _added(done: Mapping[str, Any], name: str, rows: Mapping[str, int]) -> dict[str, int]:
    before: Mapping[str, int] = done.get(name, {})
    return {place: before.get(place, 0) + count for place, count in rows.items()}


def forget_traces(stores: Stores, uow: UnitOfWork, person: Person) -> dict[str, int]:
    """What govern itself holds: consents, audit, looks, saved views, jobs, exports of the person."""
    words, token_ = person.every, person.stand_in
    files = requests.with_file(uow, ids=words)
    for export in files:
        (stores.settings.home / FOLDER / str(export.file)).unlink(missing_ok=True)
        requests.change(uow, export.id, file=None)
    return {
        "consents": consent.erase(uow, words),
        "exports": len(files),
        "audit": keeping.redact_audit(uow, words, token_),
        "looks": keeping.rename_looks(uow, words, token_),
        "views": keeping.drop_views(uow, words),
        "jobs": keeping.redact_jobs(uow, words),
        "logs": _redact_log(stores, words),
    }


def search(
    stores: Stores, uow: UnitOfWork, words: Collection[str], *, but: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Where a word still stands: tables, datasets, files. but: columns that hold it on purpose."""
    home = stores.settings.home
    paths = [path for name in _FOLDERS for path in (home / name).rglob("*") if path.is_file()]
    found = searching.in_rows(uow, words) + searching.in_lake(uow, stores.lake, words)
    found += searching.in_files([*paths, *_logs(home)], words)
    told = [asdict(one) for one in found if one.place not in but]
    return [{**one, "place": one["place"].replace(str(home), "SHENGENG_HOME")} for one in told]


def _begin(stores: Stores, request: Request, wiring: Wiring, now: datetime) -> tuple[Person, dict[str, Any]]:
    """Who it is, on the replay list from here on, and which holders are done already."""
    working = request.outcome.get("working")
    if working:
        return person_of(working), dict(request.outcome.get("erased", {}))
    with stores.rows.unit() as uow:
        person = _known(uow, wiring, request.person_id)
        _keep(uow, request, person, {})
        listed = _on_list(uow, request.id, person, now)
    write_list(stores, listed)
    return person, {}


def _known(uow: UnitOfWork, wiring: Wiring, id: str) -> Person:
    """Who it is, with what takes their place."""
    person = wiring.resolve(uow, id)
    return replace(person, stand_in=stand_in(keeping.key(uow), person.person_id))


def _on_list(uow: UnitOfWork, request_id: UUID, person: Person, now: datetime) -> list[Erased]:
    key = keeping.key(uow)
    rows = [Erased(token(key, word), person.stand_in, request_id, now) for word in sorted(person.every)]
    keeping.list_erased(uow, rows)
    return rows


def write_list(stores: Stores, rows: Iterable[Erased]) -> None:
    """The replay list also stands in a file of the home, since a restored database knows an older one."""
    path = stores.settings.home / FOLDER / ERASURES
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(row), default=str) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())


def read_list(path: Path) -> list[Erased]:
    """A replay list from its file; a last line that was cut off is left out."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        try:
            given = json.loads(line)
            at = datetime.fromisoformat(given["erased_at"])
            found.append(Erased(given["token"], given["person"], UUID(given["request_id"]), at))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _keep(uow: UnitOfWork, request: Request, person: Person, done: Mapping[str, Any]) -> None:
    requests.change(uow, request.id, outcome={"working": _plain(person), "erased": dict(done)})


def _end(
    stores: Stores, request: Request, person: Person, done: Mapping[str, Any], now: datetime, *, last: bool
) -> Mapping[str, Any] | None:
    """The search, then the request forgets who it was about; None while something stands that a further
    round may find gone."""
    with stores.rows.unit() as uow:
        uow.erasing()
        own = {f"public.privacy_requests.{name}" for name in ("person_id", "outcome", "proof", "asked_via")}
        found = search(stores, uow, person.every, but=own)
        if found and not last:
            return None
        outcome = {
            "erased": dict(done),
            "found": found,
            "old_files": searching.retired_files(uow),
            "snapshot": searching.newest_snapshot(uow),
            "short": sum(len(word) < searching.SHORT for word in person.every),
        }
        gone_on = (now + KEPT_SNAPSHOTS + timedelta(days=1)).date()
        state = "failed" if found else "done"
        if found:
            outcome["working"] = _plain(person)
        else:
            requests.rename(uow, person.every, person.stand_in)
        requests.change(uow, request.id, outcome=outcome, state=state, done_at=now, gone_on=gone_on)
        requests.note(uow, request.id, now, actor="privacy", what=state)
        audit.record(uow, at=now, actor="privacy", action=f"privacy.erasure.{state}", target=str(request.id))
    return outcome


def again(
    stores: Stores, wiring: Wiring, listed: Iterable[Erased], now: datetime, *, file: bool = True
) -> int:
    """Erases whoever of a replay list stands in the shop (again); returns how many persons.

    An identifier with a fact after its erasure belongs to somebody new: those facts stay, and marketing is
    off until they say otherwise. listed: of another home too, as long as both have the same key (a backup
    and what came after it have).
    """
    rows = {row.token: row for row in listed}
    if not rows:
        return 0
    with stores.rows.unit() as uow:
        key = keeping.key(uow)
        known = searching.distinct(uow, stores.lake, ID_COLUMNS)
        back = {word: rows[token(key, word)] for word in known if token(key, word) in rows}
        seen = wiring.last_seen(stores, uow, back)
        for word in [word for word, at in seen.items() if at > back[word].erased_at]:
            _somebody_new(uow, word, back.pop(word), now)
    for word, row in back.items():
        _erase_again(stores, wiring, word, row, now)
    if back and file:
        write_list(stores, back.values())
    return len(back)


def _somebody_new(uow: UnitOfWork, word: str, row: Erased, now: datetime) -> None:
    keeping.mark_returned(uow, row.token, now)
    said = [(word, {"marketing": False}, row.erased_at)]
    consent.take(uow, said, source="erasure", now=now)


def _erase_again(stores: Stores, wiring: Wiring, word: str, row: Erased, now: datetime) -> None:
    with stores.rows.unit() as uow:
        person = replace(wiring.resolve(uow, word), stand_in=row.person)
        keeping.list_erased(uow, [row])
        _on_list(uow, row.request_id, person, row.erased_at)
    for holder in wiring.holders:
        with stores.rows.unit() as uow:
            uow.erasing()
            holder.erase_person(stores, uow, person)
    with stores.rows.unit() as uow:
        uow.erasing()
        forget_traces(stores, uow, person)
        requests.rename(uow, person.every, row.person)
        audit.record(uow, at=now, actor="privacy", action="privacy.erased.again", target=str(row.request_id))


def person_of(given: Mapping[str, Any]) -> Person:
    """A person from plain values."""
    found = {name: frozenset(given[name]) for name in _FIELDS}
    return Person(given["person_id"], stand_in=given["stand_in"], **found)


def _plain(person: Person) -> dict[str, Any]:
    return {"person_id": person.person_id, "stand_in": person.stand_in} | {
        name: sorted(getattr(person, name)) for name in _FIELDS
    }


def _logs(home: Path) -> list[Path]:
    """The embedded database's log: refused statements may quote values."""
    pointer = home / "postgres" / "where"
    own = Path(pointer.read_text().strip()) if pointer.exists() else home / "postgres" / "server"
    return [own / "server.log", *home.glob("*.log")]


def _redact_log(stores: Stores, words: Collection[str]) -> int:
    """Lines of logs that name the person are cut out, in place: the server goes on writing at the end."""
    cut = 0
    for found in searching.in_files(_logs(stores.settings.home), words):
        path = Path(found.place)
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(word.encode() in line for word in words)]
        with path.open("r+b") as file:
            file.writelines(kept)
            file.truncate()
        cut += len(lines) - len(kept)
    return cut
