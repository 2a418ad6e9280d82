"""Rows of intents and of the ways to pay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Action, Intent, Screen
from shengeng.trade.payments.store.tables import intents, kept, providers

_C = intents.c
_ADD = insert(intents).on_conflict_do_nothing().returning(_C.id)


def add(uow: UnitOfWork, made: Intent) -> bool:
    """Keep an intent; False when the order has an open one."""
    row = {
        "id": made.id,
        "order_id": made.order_id,
        "provider": made.provider,
        "amount_minor": made.amount_minor,
        "currency": made.currency,
        "state": made.state,
        "return_url": made.return_url,
        "created_at": made.created_at,
        "expires_at": made.expires_at,
    }
    return kept(uow, _ADD, row)


def get(uow: UnitOfWork, intent_id: UUID) -> Intent | None:
    return _one(uow, sa.select(intents).where(_C.id == intent_id))


def locked(uow: UnitOfWork, intent_id: UUID) -> Intent | None:
    """The intent, held until the transaction ends."""
    return _one(uow, sa.select(intents).where(_C.id == intent_id).with_for_update())


def open_of(uow: UnitOfWork, order_id: str) -> Intent | None:
    """The order's open intent, held until the transaction ends."""
    mine = sa.select(intents).where(_C.order_id == order_id, _C.state == "open")
    return _one(uow, mine.with_for_update())


def of_orders(uow: UnitOfWork, order_ids: Sequence[str]) -> list[Intent]:
    """Every intent of some orders, the oldest first."""
    mine = sa.select(intents).where(_C.order_id.in_(order_ids)).order_by(_C.created_at, _C.id)
    return [_intent(row) for row in uow.conn.execute(mine).mappings()]


def page(
    uow: UnitOfWork,
    state: str | None,
    provider: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
    *,
    order_id: str | None = None,
) -> list[Intent]:
    """Intents, the newest first."""
    wanted = sa.select(intents)
    if order_id:
        wanted = wanted.where(_C.order_id == order_id)
    if state:
        wanted = wanted.where(_C.state == state)
    if provider:
        wanted = wanted.where(_C.provider == provider)
    if before:
        wanted = wanted.where(sa.tuple_(_C.created_at, _C.id) < sa.tuple_(*map(sa.literal, before)))
    rows = uow.conn.execute(wanted.order_by(_C.created_at.desc(), _C.id.desc()).limit(limit)).mappings()
    return [_intent(row) for row in rows]


def orders_of(uow: UnitOfWork, intent_ids: Collection[UUID]) -> dict[str, str]:
    """The order of each intent that there is, by the 32 digits that providers are given."""
    wanted = sa.select(_C.id, _C.order_id).where(_C.id.in_(intent_ids))
    return {row.id.hex: row.order_id for row in uow.conn.execute(wanted)}


def change(uow: UnitOfWork, intent_id: UUID, **values: object) -> None:
    uow.conn.execute(sa.update(intents).where(_C.id == intent_id).values(**values))


def show(  # noqa: PLR0917 (one row)
    uow: UnitOfWork, intent_id: UUID, action: Action, screen: Screen, now: datetime, ask_at: datetime
) -> None:
    """Note what the buyer was told to do, where, and when to ask if the provider stays silent."""
    asking = sa.func.coalesce(_C.ask_at, ask_at)
    told = {"action_kind": action.kind, "action_url": action.url, "screen": screen}
    change(uow, intent_id, **told, shown_at=now, ask_at=asking)


def silent(uow: UnitOfWork, now: datetime, limit: int) -> list[tuple[UUID, int]]:
    """Intents to ask about, with how often that was done."""
    wanted = sa.select(_C.id, _C.asked_times).where(_C.ask_at <= now).order_by(_C.ask_at).limit(limit)
    return [(row.id, row.asked_times) for row in uow.conn.execute(wanted)]


def asked_times(uow: UnitOfWork, intent_id: UUID) -> int:
    return int(uow.conn.execute(sa.select(_C.asked_times).where(_C.id == intent_id)).scalar_one())


def any_silent(uow: UnitOfWork, now: datetime) -> bool:
    return bool(uow.conn.execute(sa.select(sa.exists().where(_C.ask_at <= now))).scalar())


def forget_urls(uow: UnitOfWork, order_ids: Sequence[str]) -> int:
    """Addresses that lead back to an order of a person lose what they say."""
    mine = sa.update(intents).where(_C.order_id.in_(order_ids))
    return uow.conn.execute(mine.values(return_url="", action_url=None, action_kind=None)).rowcount


@remembered(providers)
def configured(uow: UnitOfWork) -> Mapping[str, Mapping[str, Any]]:
    """The ways to pay that somebody set up."""
    return {row["provider"]: dict(row) for row in uow.conn.execute(sa.select(providers)).mappings()}


def configure(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    given = insert(providers).values(**row)
    keep = {name: given.excluded[name] for name in row if name != "provider"}
    uow.conn.execute(given.on_conflict_do_update(index_elements=["provider"], set_=keep))


def _one(uow: UnitOfWork, wanted: sa.Select[Any]) -> Intent | None:
    row = uow.conn.execute(wanted).mappings().first()
    return _intent(row) if row else None


def _intent(row: sa.RowMapping) -> Intent:
    action = Action(row["action_kind"], row["action_url"]) if row["action_kind"] else None
    return Intent(
        row["id"],
        row["order_id"],
        row["provider"],
        row["amount_minor"],
        row["currency"],
        row["state"],
        row["return_url"],
        row["created_at"],
        row["expires_at"],
        action,
        row["shown_at"],
        row["screen"],
    )
