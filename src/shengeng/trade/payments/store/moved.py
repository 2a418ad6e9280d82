"""Rows of charges and refunds. Counters change by conditions that the database checks once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import Charge, Money, Refund, StatementRow
from shengeng.trade.payments.store.tables import charges, kept, refunds

_C, _R = charges.c, refunds.c
_JOB_LOST = timedelta(minutes=5)
Before = tuple[datetime, UUID] | None


def add_charge(uow: UnitOfWork, made: Charge) -> bool:
    """Keep a charge; False when this payment, or another one of this order, is kept already."""
    row = {column.name: getattr(made, column.name) for column in _C}
    return kept(uow, insert(charges).values(row).on_conflict_do_nothing().returning(_C.id))


def charge(uow: UnitOfWork, charge_id: UUID) -> Charge | None:
    return _charge_of(uow, sa.select(charges).where(_C.id == charge_id))


def charge_by_ref(uow: UnitOfWork, provider: str, provider_ref: str) -> Charge | None:
    mine = sa.select(charges).where(_C.provider == provider, _C.provider_ref == provider_ref)
    return _charge_of(uow, mine)


def charge_of_order(uow: UnitOfWork, order_id: str) -> Charge | None:
    return _charge_of(uow, sa.select(charges).where(_C.order_id == order_id, _C.standing == "order"))


def charges_page(uow: UnitOfWork, standing: str | None, before: Before, limit: int) -> list[Charge]:
    wanted = sa.select(charges)
    if standing:
        wanted = wanted.where(_C.standing == standing)
    if before:
        wanted = wanted.where(sa.tuple_(_C.charged_at, _C.id) < sa.tuple_(*map(sa.literal, before)))
    found = uow.conn.execute(wanted.order_by(_C.charged_at.desc(), _C.id.desc()).limit(limit)).mappings()
    return [_charge(row) for row in found]


def charges_of(uow: UnitOfWork, order_ids: Sequence[str]) -> list[Charge]:
    mine = sa.select(charges).where(_C.order_id.in_(order_ids)).order_by(_C.charged_at, _C.id)
    return [_charge(row) for row in uow.conn.execute(mine).mappings()]


def promise(uow: UnitOfWork, charge_id: UUID, amount_minor: int) -> bool:
    """Take an amount of a charge for a refund; False when less than that is left."""
    left = _C.amount_minor - _C.refunded_minor - _C.refunding_minor >= amount_minor
    mine = sa.update(charges).where(_C.id == charge_id, left)
    return uow.conn.execute(mine.values(refunding_minor=_C.refunding_minor + amount_minor)).rowcount == 1


def settle(uow: UnitOfWork, charge_id: UUID, amount_minor: int, *, done: bool) -> None:
    """A promised refund arrived, or fell back."""
    went = amount_minor if done else 0
    uow.conn.execute(
        sa.update(charges)
        .where(_C.id == charge_id)
        .values(
            refunding_minor=_C.refunding_minor - amount_minor,
            refunded_minor=_C.refunded_minor + went,
        )
    )


def providers_of(uow: UnitOfWork, refund_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Through whom the money of some refunds came."""
    wanted = sa.select(_R.id, _C.provider).join(charges, _C.id == _R.charge_id)
    return {row.id: row.provider for row in uow.conn.execute(wanted.where(_R.id.in_(refund_ids)))}


def money(uow: UnitOfWork, order_ids: Sequence[str]) -> dict[str, Money]:
    columns = (_C.order_id, _C.amount_minor, _C.refunded_minor, _C.refunding_minor)
    mine = sa.select(*columns).where(_C.order_id.in_(order_ids), _C.standing == "order")
    return {order: Money(*amounts) for order, *amounts in uow.conn.execute(mine)}


def add_refund(uow: UnitOfWork, made: Refund) -> bool:
    """Keep a refund; False when its key is taken."""
    row = {column.name: getattr(made, column.name) for column in _R if column.name != "ask_at"}
    row["ask_at"] = made.requested_at + _JOB_LOST  # whatever becomes of the job that sends it
    made_once = insert(refunds).values(row).on_conflict_do_nothing(index_elements=["key"])
    return kept(uow, made_once.returning(_R.id))


def refund(uow: UnitOfWork, refund_id: UUID, *, hold: bool = False) -> Refund | None:
    mine = sa.select(refunds).where(_R.id == refund_id)
    return _refund_of(uow, mine.with_for_update() if hold else mine)


def refund_by_key(uow: UnitOfWork, key: str) -> Refund | None:
    return _refund_of(uow, sa.select(refunds).where(_R.key == key))


def change_refund(uow: UnitOfWork, refund_id: UUID, **values: object) -> None:
    uow.conn.execute(sa.update(refunds).where(_R.id == refund_id).values(**values))


def being_worked_on(uow: UnitOfWork, refund_id: UUID) -> None:
    """The provider has taken a refund and is not done."""
    mine = sa.update(refunds).where(_R.id == refund_id, _R.state == "waiting")
    uow.conn.execute(mine.values(state="asked"))


def refunds_page(uow: UnitOfWork, state: str | None, before: Before, limit: int) -> list[Refund]:
    wanted = sa.select(refunds)
    if state:
        wanted = wanted.where(_R.state == state)
    if before:
        wanted = wanted.where(sa.tuple_(_R.requested_at, _R.id) < sa.tuple_(*map(sa.literal, before)))
    found = uow.conn.execute(wanted.order_by(_R.requested_at.desc(), _R.id.desc()).limit(limit)).mappings()
    return [_refund(row) for row in found]


def refunds_of(uow: UnitOfWork, order_ids: Sequence[str]) -> list[Refund]:
    mine = sa.select(refunds).where(_R.order_id.in_(order_ids)).order_by(_R.requested_at, _R.id)
    return [_refund(row) for row in uow.conn.execute(mine).mappings()]


def between(
    uow: UnitOfWork, provider: str, since: datetime, until: datetime
) -> tuple[list[Charge], list[Refund]]:
    """Charges that came and refunds that arrived in a time."""
    paid = sa.select(charges).where(_C.provider == provider, _C.charged_at >= since, _C.charged_at < until)
    back = _refunds_by(provider).where(_R.state == "done", _R.settled_at >= since, _R.settled_at < until)
    return _both(uow, paid, back)


def named(uow: UnitOfWork, provider: str, rows: Sequence[StatementRow]) -> tuple[list[Charge], list[Refund]]:
    """Charges and refunds that the rows of a statement name, whenever they were."""
    refs = _texts([row.provider_ref for row in rows])
    ours = _texts([row.ours for row in rows if row.ours])
    intent, refund = _plain(_C.intent_id), _plain(_R.id)
    paid = sa.select(charges).where(
        _C.provider == provider, sa.or_(_C.provider_ref.in_(refs), intent.in_(ours))
    )
    back = _refunds_by(provider).where(
        _R.state == "done", sa.or_(_R.provider_ref.in_(refs), refund.in_(ours))
    )
    return _both(uow, paid, back)


def _both(uow: UnitOfWork, paid: sa.Select[Any], back: sa.Select[Any]) -> tuple[list[Charge], list[Refund]]:
    found = [_charge(row) for row in uow.conn.execute(paid.order_by(_C.charged_at)).mappings()]
    sent = [_refund(row) for row in uow.conn.execute(back.order_by(_R.settled_at)).mappings()]
    return found, sent


def _refunds_by(provider: str) -> sa.Select[Any]:
    return sa.select(refunds).join(charges, _C.id == _R.charge_id).where(_C.provider == provider)


def _texts(values: Sequence[str]) -> sa.Select[Any]:
    """Values as a table, so that a long statement is one parameter."""
    return sa.select(sa.func.unnest(sa.literal(list(values), sa.ARRAY(sa.Text))))


def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """A uuid as the 32 digits that providers are given."""
    return sa.func.replace(sa.cast(column, sa.Text), "-", "")


def refunds_due(uow: UnitOfWork, now: datetime, limit: int) -> list[UUID]:
    """Refunds to ask about."""
    wanted = sa.select(_R.id).where(_R.ask_at <= now).order_by(_R.ask_at).limit(limit)
    return list(uow.conn.execute(wanted).scalars())


def any_due(uow: UnitOfWork, now: datetime) -> bool:
    return bool(uow.conn.execute(sa.select(sa.exists().where(_R.ask_at <= now))).scalar())


def _charge_of(uow: UnitOfWork, wanted: sa.Select[Any]) -> Charge | None:
    row = uow.conn.execute(wanted).mappings().first()
    return _charge(row) if row else None


def _charge(row: sa.RowMapping) -> Charge:
    return Charge(**row)


def _refund_of(uow: UnitOfWork, wanted: sa.Select[Any]) -> Refund | None:
    row = uow.conn.execute(wanted).mappings().first()
    return _refund(row) if row else None


def _refund(row: sa.RowMapping) -> Refund:
    return Refund(**{name: value for name, value in row.items() if name != "ask_at"})
