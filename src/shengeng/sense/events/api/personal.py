"""Everything of one person: to hand out, to forget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shengeng.govern.privacy.contracts import Person
from shengeng.sense.events.contracts import DATASET
from shengeng.sense.events.methods.columns import Kept
from shengeng.sense.events.store import inbox, watch
from shengeng.sense.events.store import lake as facts
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

_LETTER = msgspec.json.Decoder(list[msgspec.Raw])
_EVENT = msgspec.json.Decoder(Kept)
_JSON = msgspec.json.Encoder()


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every event of a person: those in the lake, and those that still wait for it."""
    customers, devices = sorted(person.ids), sorted(person.anonymous_ids)
    table = facts.events(stores.lake.inside(uow), None, None)
    rows = facts.of_person(table, customers, devices).to_pyarrow().to_pylist()
    waiting = [
        msgspec.json.decode(raw)
        for mail in inbox.waiting(uow)
        for raw in _LETTER.decode(mail.body)
        if _is_of(_EVENT.decode(raw), person)
    ]
    return {DATASET: rows, "event_inbox": waiting}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Forget a person's events in the lake, in letters that wait, and in the heads of refused bodies."""
    waiting = sum(_erase_letter(uow, mail.id, mail.body, person) for mail in inbox.waiting(uow))
    sort_by = facts.SORTED_BY
    lake = stores.lake.rewrite(uow, DATASET, "customer_id", sorted(person.ids), sort_by=sort_by)
    if person.anonymous_ids:
        devices = sorted(person.anonymous_ids)
        lake += stores.lake.rewrite(uow, DATASET, "anonymous_id", devices, sort_by=sort_by)
    refused = watch.forget_refusals_with(uow, person.every)
    return {DATASET: lake, "event_inbox": waiting, "event_refusals": refused}


def _erase_letter(uow: UnitOfWork, letter: int, body: bytes, person: Person) -> int:
    raws = _LETTER.decode(body)
    kept = [raw for raw in raws if not _is_of(_EVENT.decode(raw), person)]
    if len(kept) < len(raws):
        inbox.rewrite(uow, letter, len(kept), _JSON.encode(kept))
    return len(raws) - len(kept)


def _is_of(event: Kept, person: Person) -> bool:
    ids = {str(value).strip() for value in (event.user_id, event.previous_id) if value is not None}
    devices = {str(value).strip() for value in (event.anonymous_id, event.previous_id) if value is not None}
    return bool(ids & person.ids or devices & person.anonymous_ids)
