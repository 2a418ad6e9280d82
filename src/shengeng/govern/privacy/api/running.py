"""What the jobs of privacy do: requests that were approved, the nightly keeping, what came back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from shengeng.govern.consent import api as consent
from shengeng.govern.consent.contracts import PURPOSES, Said
from shengeng.govern.privacy.api import erasing, exporting
from shengeng.govern.privacy.contracts import EXPORT_KEPT, FOLDER, Request, Wiring
from shengeng.govern.privacy.store import keeping, requests
from shengeng.kernel.roles import SHELL
from shengeng.storage import searching
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores


def perform(stores: Stores, progress: Progress, id: UUID, wiring: Wiring, now: datetime) -> None:
    """Carries an approved request out; one that was taken back meanwhile is left alone."""
    with stores.rows.unit() as uow:
        request = requests.one(uow, id)
        if request.state not in ("approved", "running"):
            return
        requests.change(uow, id, state="running")
        if request.state == "approved":
            requests.note(uow, id, now, actor="privacy", what="running")
    if request.kind == "erasure":
        erasing.erase(stores, progress, request, wiring, now)
    elif request.kind == "export":
        exporting.export(stores, progress, request, wiring, now)
    else:
        restrict(stores, request, wiring, now)


def restrict(stores: Stores, request: Request, wiring: Wiring, now: datetime) -> None:
    """From now on the person is kept and not used: every purpose is withdrawn on every channel."""
    with stores.rows.unit() as uow:
        person = wiring.resolve(uow, request.person_id)
        for id in sorted(person.ids):
            for purpose in PURPOSES:
                said = Said(id, purpose, "any", False, now, "restriction", "", f"request {request.id}")
                consent.record(uow, SHELL, said, now)
        outcome = {"rows": {"consent.consents": len(person.ids) * len(PURPOSES)}}
        requests.change(uow, request.id, state="done", done_at=now, outcome=outcome)
        requests.note(uow, request.id, now, actor="privacy", what="done")


def keep(stores: Stores, progress: Progress, wiring: Wiring, now: datetime) -> None:
    """The night: what is older than its retention goes, old exports too; erasures are seen to be complete."""
    with stores.rows.unit() as uow:
        set_days = {kind: days for kind, (days, _, _) in keeping.days_kept(uow).items()}
    for place, kept in enumerate(wiring.kept):
        progress.check()
        progress.step("privacy.keep", place / (len(wiring.kept) + 1))
        days = set_days.get(kept.kind, kept.default)
        if days is not None:
            with stores.rows.unit() as uow:
                gone = kept.forget(stores, uow, now - timedelta(days=days))
            progress.note(f"{kept.kind}: {gone}")
    _drop_exports(stores, now)
    _see_gone(stores, now)


def again(stores: Stores, wiring: Wiring, now: datetime) -> int:
    """Erases again whoever of this shop's own list came back with an old file; returns how many."""
    with stores.rows.unit() as uow:
        listed = keeping.every_erased(uow, returned=False)
    return erasing.again(stores, wiring, listed, now, file=False)


def replay(stores: Stores, wiring: Wiring, path: Path | None, now: datetime) -> int:
    """After a restore: applies every erasure of a list, and this shop's own; returns how many persons."""
    listed = erasing.read_list(path) if path else []
    with stores.rows.unit() as uow:
        listed += keeping.every_erased(uow, returned=False)
        keeping.list_erased(uow, listed)
    found = erasing.again(stores, wiring, listed, now, file=False)
    erasing.write_list(stores, listed)
    return found


def _drop_exports(stores: Stores, now: datetime) -> None:
    with stores.rows.unit() as uow:
        for old in requests.with_file(uow, made_before=now - EXPORT_KEPT):
            (stores.settings.home / FOLDER / str(old.file)).unlink(missing_ok=True)
            requests.change(uow, old.id, file=None)


def _see_gone(stores: Stores, now: datetime) -> None:
    """On the stated day the old snapshots are swept; that no file from before the erasure is left is seen."""
    with stores.rows.unit() as uow:
        open_ones = [one for one in requests.not_gone(uow) if one.gone_on and one.gone_on <= now.date()]
        for request in open_ones:
            left = searching.retired_by(uow, request.outcome["snapshot"])
            outcome = {**request.outcome, "old_files": left}
            requests.change(uow, request.id, outcome=outcome, **({} if left else {"gone_at": now}))
            if not left:
                requests.note(uow, request.id, now, actor="privacy", what="gone")
