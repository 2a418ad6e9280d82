"""Inbox to lake, each event once: one transaction reads, sifts, writes, and clears what it took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from shengeng.govern.consent import api as consent
from shengeng.govern.shop import api as shop
from shengeng.kernel import money
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.events.api.edges import consents, edges
from shengeng.sense.events.contracts import SEEN_FOR, Drained
from shengeng.sense.events.methods.columns import Terms, columns
from shengeng.sense.events.store import inbox, watch
from shengeng.sense.events.store import lake as facts
from shengeng.sense.identity import api as identity
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

# Events of one transaction: 20 MB of them, a second's work.
CHUNK = 50_000
REFUSALS_FOR = timedelta(days=7)
_LOCK = "sense.events.drain"


def waits(stores: Stores) -> bool:
    """Whether there is something to drain."""
    with stores.rows.unit() as uow:
        return inbox.any_waiting(uow)


def drain(stores: Stores, progress: Progress, clock: Callable[[], datetime]) -> int:
    """Move everything that waits into the lake; returns how many new events. Two at once never double."""
    total = 0
    while True:
        progress.check()
        with stores.rows.unit() as uow:
            moved = _chunk(stores, uow, clock())
        if moved is None:
            return total
        total += moved


def _chunk(stores: Stores, uow: UnitOfWork, now: datetime) -> int | None:
    """One transaction's worth; None when nothing waits or somebody else is at it."""
    if not uow.try_lock(_LOCK):
        return None
    mails = inbox.take(uow, CHUNK)
    if not mails:
        return None
    profile = shop.profile(uow)
    terms = Terms(profile.timezone, profile.currency, money.digits(profile.currency))
    events = columns(mails, terms)
    sent = len(events)
    events = events.take(inbox.keep_new(uow, events, now.date()))
    oldest = min(mail.received_at for mail in mails)
    watch.note(uow, Drained(now, oldest, len(events), sent - len(events)))
    if len(events):
        facts.put(uow, stores.lake, events)
        facts.merge(uow, stores.lake)
        identity.observe(uow, edges(events), now)
        for source, said in consents(events).items():
            consent.take(uow, said, source=source, now=now)
        arrivals.note(uow, _people(uow, events), now)
    return len(events)


def compact(stores: Stores, progress: Progress) -> int:
    """Sort months by person and time into one file each; returns how many. A month is a transaction."""
    with stores.rows.unit() as uow:
        months = facts.loose_months(uow, stores.lake)
    for done, month in enumerate(months):
        progress.check()
        progress.step("compact.month", done / len(months))
        with stores.rows.unit() as uow:
            facts.sort_month(uow, stores.lake, month)
    return len(months)


def forget(stores: Stores, now: datetime) -> tuple[int, int]:
    """Forget messageIds seen a month ago and refusals of a week ago; returns how many of each."""
    with stores.rows.unit() as uow:
        seen = inbox.forget_seen(uow, (now - SEEN_FOR).date())
        return seen, watch.forget_refusals(uow, now - REFUSALS_FOR)


def _people(uow: UnitOfWork, events: pa.Table) -> set[str]:
    """The persons of these events."""
    known = events["customer_id"].is_valid()
    customers = events["customer_id"].drop_null().unique().to_pylist()
    devices = events.filter(pc.invert(known))["anonymous_id"].drop_null().unique().to_pylist()
    by_customer = identity.persons(uow, "customer", customers)
    return {*by_customer.values(), *identity.persons(uow, "anonymous", devices).values()}
