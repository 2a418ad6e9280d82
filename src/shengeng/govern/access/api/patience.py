"""Count a try at a password before the password is looked at, so that parallel guesses gain nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from shengeng.govern.access import store
from shengeng.govern.access.contracts import TOO_MANY_TRIES
from shengeng.govern.access.methods.patience import ADDRESS, MEMORY, NAME, Patience
from shengeng.govern.access.methods.secrets_of import digest
from shengeng.govern.audit import api as audit
from shengeng.storage.rows import UnitOfWork

__all__ = ["Patience", "admit", "admit_at", "knock", "knock_at"]
# What a try is counted under ("name mei", "address 203.0.113.7"), and how patient its counter is.
Counter = tuple[str, Patience]


def knock(uow: UnitOfWork, name: str, address: str, now: datetime) -> None:
    """Refuses (throttled) who must still wait; else counts a failure for the name and for the address.

    Kept as hashes: people type passwords into the name field.
    """
    if knock_at(uow, _counters(name, address), now)[0] == NAME.free:
        known = name if store.operator_rows(uow, name) else ""  # anything else may be a mistyped password
        detail = {"address": address}
        audit.record(uow, at=now, actor="system", action="session.throttled", target=known, detail=detail)


def knock_at(uow: UnitOfWork, counters: Sequence[Counter], now: datetime) -> list[int]:
    """Refuses (throttled) where one of the counters must still wait; else counts a failure at each.

    Returns the failures of each. Whoever else has passwords brings counters with names of its own.
    """
    store.forget_before(uow, now - MEMORY)
    keys = [digest(name) for name, _ in counters]
    counts = [_count(uow, key, now) + 1 for key in keys]
    for key, (_, patience), count in zip(keys, counters, counts, strict=True):
        store.count_failure(uow, key, count, now, patience.delay(count))
    return counts


def admit(uow: UnitOfWork, name: str, address: str, now: datetime) -> None:
    """The password was right: the name's failures are forgotten, the address gets this one try back.

    Only the one: who knows one password must not guess at the others for free.
    """
    admit_at(uow, *_counters(name, address), now)


def admit_at(uow: UnitOfWork, own: Counter, shared: Counter, now: datetime) -> None:
    """A try at these two counters was right: the own one is forgotten, the shared one gets one try back."""
    store.forget_failures(uow, digest(own[0]))
    key = digest(shared[0])
    _lock(uow, key)
    count, _ = store.failures(uow, key, now - MEMORY)
    before = max(0, count - 1)
    store.count_failure(uow, key, before, now, shared[1].delay(before))


def _counters(name: str, address: str) -> tuple[Counter, Counter]:
    return (f"name {name}", NAME), (f"address {address}", ADDRESS)


def _count(uow: UnitOfWork, key: bytes, now: datetime) -> int:
    _lock(uow, key)
    count, until = store.failures(uow, key, now - MEMORY)
    if until is not None and until > now:
        raise TOO_MANY_TRIES.error(retry_seconds=math.ceil((until - now) / timedelta(seconds=1)))
    return count


def _lock(uow: UnitOfWork, key: bytes) -> None:
    uow.lock(f"govern.access.sign_in {key.hex()}")
