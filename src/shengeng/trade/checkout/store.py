"""Rows of baskets and of the keys that have placed orders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from shengeng.storage.rows import UnitOfWork, metadata
from shengeng.trade.checkout.contracts import Basket, BasketLine

_MOMENT = sa.DateTime(timezone=True)
baskets = sa.Table(
    "trade_baskets",
    metadata,
    sa.Column("basket_id", sa.Uuid, primary_key=True),
    sa.Column("digest", sa.LargeBinary, unique=True, comment="SHA-256 of a guest's secret"),
    sa.Column("member_id", sa.Text, unique=True),
    sa.Column("channel_id", sa.Text, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    sa.Column("codes", JSONB, nullable=False),
    sa.Column("changed_at", _MOMENT, nullable=False),
    sa.Column("orders", sa.Integer, nullable=False, server_default="0", comment="how many it has become"),
    sa.CheckConstraint("(digest is null) <> (member_id is null)", name="owner"),
    sa.Index(None, "changed_at"),
)
checkouts = sa.Table(
    "trade_checkouts",
    metadata,
    sa.Column("basket_id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of what was asked"),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
)
_B = baskets.c
# Statements of every order, made once.
_OF_MEMBER = sa.select(baskets).where(_B.member_id == sa.bindparam("owner"))
_OF_GUEST = sa.select(baskets).where(_B.digest == sa.bindparam("owner"))
_TO_CHANGE = {True: _OF_MEMBER.with_for_update(), False: _OF_GUEST.with_for_update()}
_USED = sa.select(checkouts.c.digest, checkouts.c.order_id).where(
    checkouts.c.basket_id == sa.bindparam("basket"), checkouts.c.key == sa.bindparam("with_key")
)
_ADD = insert(baskets).on_conflict_do_nothing().returning(_B.basket_id)
_PUT = (
    sa.update(baskets)
    .where(_B.basket_id == sa.bindparam("basket"))
    .values({name: sa.bindparam(name) for name in ("lines", "codes", "changed_at")})
)
_KEPT = (
    sa.insert(checkouts)
    .values({column.name: sa.bindparam(f"kept_{column.name}") for column in checkouts.c})
    .cte("kept")
)
_BECAME = (
    sa.update(baskets)
    .where(_B.basket_id == sa.bindparam("basket"))
    .values(lines=[], codes=[], changed_at=sa.bindparam("kept_at"), orders=_B.orders + 1)
    .add_cte(_KEPT)
)
Owner = tuple[str | None, bytes | None]  # a member's id, or the digest of a guest's secret


def of(uow: UnitOfWork, owner: Owner, *, lock: bool = False) -> Basket | None:
    """Somebody's basket."""
    member_id, digest = owner
    known = member_id is not None
    wanted = _TO_CHANGE[known] if lock else _OF_MEMBER if known else _OF_GUEST
    row = uow.conn.execute(wanted, {"owner": member_id if known else digest}).one_or_none()
    return _basket(row) if row else None


def used(uow: UnitOfWork, basket: Basket, key: str) -> tuple[bytes, str] | None:
    """What a key has placed: the digest of what was asked, and the order. Ask with the basket locked, in a
    statement of its own: one that waits for the lock sees the other tables as they were before.

    The basket counts its orders itself, so that the first one asks nothing."""
    if not basket.orders:
        return None
    row = uow.conn.execute(_USED, {"basket": basket.basket_id, "with_key": key}).one_or_none()
    return (row.digest, row.order_id) if row else None


def add(uow: UnitOfWork, basket: Basket, owner: Owner) -> bool:
    """Keep a new basket; False when there is one of theirs already."""
    row = {"digest": owner[1], **_row(basket)}
    return uow.conn.execute(_ADD, row).one_or_none() is not None


def put(uow: UnitOfWork, basket: Basket) -> None:
    """What a basket holds now."""
    values = _row(basket)
    changed = {name: values[name] for name in ("lines", "codes", "changed_at")}
    uow.conn.execute(_PUT, {"basket": basket.basket_id, **changed})


def became(uow: UnitOfWork, basket: Basket, key: str, digest: bytes, *, order_id: str, now: datetime) -> None:
    """A basket has become an order and is empty; its key is kept. One statement."""
    row = {"basket_id": basket.basket_id, "key": key, "digest": digest, "order_id": order_id, "at": now}
    kept = {f"kept_{name}": value for name, value in row.items()}
    uow.conn.execute(_BECAME, {"basket": basket.basket_id} | kept)


def drop(uow: UnitOfWork, basket_id: UUID) -> None:
    """A basket is no more."""
    uow.conn.execute(sa.delete(baskets).where(_B.basket_id == basket_id))


def drop_old(uow: UnitOfWork, before: datetime, limit: int = 5000) -> int:
    """Throw away guests' baskets that nobody touched since, and old keys; returns how many baskets."""
    old = sa.select(_B.basket_id).where(_B.changed_at < before, _B.member_id.is_(None)).limit(limit)
    gone = uow.conn.execute(sa.delete(baskets).where(_B.basket_id.in_(old))).rowcount
    uow.conn.execute(sa.delete(checkouts).where(checkouts.c.at < before))
    return gone


def of_members(uow: UnitOfWork, member_ids: Collection[str]) -> list[Basket]:
    """Members' baskets."""
    wanted = sa.select(baskets).where(_B.member_id.in_(sorted(member_ids)))
    return [_basket(row) for row in uow.conn.execute(wanted)]


def drop_members(uow: UnitOfWork, member_ids: Collection[str]) -> int:
    """Members' baskets are no more."""
    return uow.conn.execute(sa.delete(baskets).where(_B.member_id.in_(sorted(member_ids)))).rowcount


def _row(basket: Basket) -> dict[str, Any]:
    return {
        "basket_id": basket.basket_id,
        "member_id": basket.member_id,
        "channel_id": basket.channel_id,
        "lines": [asdict(line) for line in basket.lines],
        "codes": list(basket.codes),
        "changed_at": basket.changed_at,
    }


def _basket(row: sa.Row[Any]) -> Basket:
    return Basket(
        row.basket_id,
        row.member_id,
        row.channel_id,
        tuple(BasketLine(**line) for line in row.lines),
        tuple(row.codes),
        row.changed_at,
        row.orders,
    )
