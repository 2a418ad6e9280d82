"""Count a try at a password before the password is looked at, so that parallel guesses gain nothing."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from shengeng.govern.access import store
from shengeng.govern.access.contracts import TOO_MANY_TRIES
from shengeng.govern.access.methods.patience import ADDRESS, MEMORY, NAME, Patience
from shengeng.govern.access.methods.secrets_of import digest
from shengeng.govern.audit import api as audit
from shengeng.storage.rows import UnitOfWork


def knock(uow: UnitOfWork, name: str, address: str, now: datetime) -> None:
    """Refuses (throttled) who must still wait; else counts a failure for the name and for the address.

    Kept as hashes: people type passwords into the name field.
    """
    store.forget_before(uow, now - MEMORY)
    keys = _keys(name, address)
    counts = [_count(uow, key, now) for key, _ in keys]
    for (key, patience), count in zip(keys, counts, strict=True):
        store.count_failure(uow, key, count + 1, now, patience.delay(count + 1))
    if counts[0] + 1 == NAME.free:
        known = name if store.operator_rows(uow, name) else ""  # anything else may be a mistyped password
        detail = {"address": address}
        audit.record(uow, at=now, actor="system", action="session.throttled", target=known, detail=detail)


def admit(uow: UnitOfWork, name: str, address: str, now: datetime) -> None:
    """The password was right: the name's failures are forgotten, the address gets this one try back.

    Only the one: who knows one password must not guess at the others for free.
    """
    (name_key, _), (address_key, patience) = _keys(name, address)
    store.forget_failures(uow, name_key)
    _lock(uow, address_key)
    count, _ = store.failures(uow, address_key, now - MEMORY)
    before = max(0, count - 1)
    store.count_failure(uow, address_key, before, now, patience.delay(before))


def _keys(name: str, address: str) -> tuple[tuple[bytes, Patience], tuple[bytes, Patience]]:
    return (digest(f"name {name}"), NAME), (digest(f"address {address}"), ADDRESS)


def _count(uow: UnitOfWork, key: bytes, now: datetime) -> int:
    _lock(uow, key)
    count, until = store.failures(uow, key, now - MEMORY)
    if until is not None and until > now:
        raise TOO_MANY_TRIES.error(retry_seconds=math.ceil((until - now) / timedelta(seconds=1)))
    return count


def _lock(uow: UnitOfWork, key: bytes) -> None:
    uow.lock(f"govern.access.sign_in {key.hex()}")
