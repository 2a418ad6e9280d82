"""Rows of notices and statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Notice
from shengeng.trade.payments.store.tables import notices, statements

_C = notices.c
_SHOWN = [_C[name] for name in ("id", "provider", "received_at", "via", "verdict", "about", "kind")]
_SHOWN += [_C[name] for name in ("amount_minor", "currency", "provider_ref", "order_id", "intent_id")]


def keep(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    """Keep a notice as it came."""
    uow.conn.execute(sa.insert(notices).values(**row))


def page(
    uow: UnitOfWork,
    verdict: str | None,
    order_id: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Notice]:
    """Notices, the newest first."""
    wanted = sa.select(*_SHOWN)
    if verdict:
        wanted = wanted.where(_C.verdict == verdict)
    if order_id:
        wanted = wanted.where(_C.order_id == order_id)
    if before:
        wanted = wanted.where(sa.tuple_(_C.received_at, _C.id) < sa.tuple_(*map(sa.literal, before)))
    found = uow.conn.execute(wanted.order_by(_C.received_at.desc(), _C.id.desc()).limit(limit))
    return [Notice(**row) for row in found.mappings()]


def verdicts(uow: UnitOfWork, since: datetime) -> dict[str, int]:
    """How many notices of each verdict came since a moment."""
    count = sa.func.count()
    wanted = sa.select(_C.verdict, count).where(_C.received_at >= since).group_by(_C.verdict)
    return {row.verdict: row[1] for row in uow.conn.execute(wanted)}


def refused(uow: UnitOfWork, provider: str, since: datetime, most: int) -> int:
    """How many forged or unreadable notices of a provider were kept since a moment, up to a number."""
    bad = sa.select(_C.id).where(
        _C.provider == provider, _C.received_at >= since, _C.verdict.in_(("forged", "unreadable"))
    )
    return int(
        uow.conn.execute(sa.select(sa.func.count()).select_from(bad.limit(most).subquery())).scalar_one()
    )


def empty_old(uow: UnitOfWork, before: datetime) -> int:
    """Old notices lose what they said."""
    old = sa.update(notices).where(_C.received_at < before, _C.body.is_not(None))
    return uow.conn.execute(old.values(body=None, headers=None)).rowcount


def empty_of(uow: UnitOfWork, order_ids: Sequence[str]) -> int:
    """Notices of some orders lose what they said."""
    mine = sa.update(notices).where(_C.order_id.in_(order_ids), _C.body.is_not(None))
    return uow.conn.execute(mine.values(body=None, headers=None)).rowcount


def keep_statement(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    uow.conn.execute(sa.insert(statements).values(**row))


def statements_newest(uow: UnitOfWork, limit: int) -> list[Mapping[str, Any]]:
    wanted = sa.select(statements).order_by(statements.c.taken_at.desc()).limit(limit)
    return [dict(row) for row in uow.conn.execute(wanted).mappings()]
