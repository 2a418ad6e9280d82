"""Orders read, each with its lines in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.fulfilment.contracts import DeliveryOption
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact, Event, Figures, Line, Order, OrderState
from shengeng.trade.orders.store.tables import events, lines, orders, outbox
from shengeng.trade.pricing.contracts import Step

_O = orders.c
# So few signs of a number, or figures of a phone number, name too many orders.
_BEGINNING, _PHONE = 4, 6


def locked(uow: UnitOfWork, order_id: str) -> Order | None:
    """An order, nobody else's to change until the transaction ends."""
    found = _read(uow, sa.select(*_SHOWN).where(_O.order_id == order_id).with_for_update(of=orders))
    return found[0] if found else None


def claim(uow: UnitOfWork, order_id: str) -> None:
    """Wait for an order, then keep it until the transaction ends; nothing where there is none."""
    uow.conn.execute(sa.select(_O.order_id).where(_O.order_id == order_id).with_for_update())


def by_ids(uow: UnitOfWork, order_ids: Collection[str]) -> list[Order]:
    """Orders by id."""
    return _read(uow, sa.select(*_SHOWN).where(_O.order_id.in_(sorted(order_ids)))) if order_ids else []


def numbers(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, str]:
    """What people are told of orders, by id."""
    found = uow.conn.execute(sa.select(_O.order_id, _O.number).where(_O.order_id.in_(sorted(order_ids))))
    return {row.order_id: row.number for row in found}


def by_number(uow: UnitOfWork, number: str) -> Order | None:
    """An order by what people are told."""
    found = _read(uow, sa.select(*_SHOWN).where(_O.number == number))
    return found[0] if found else None


def page(
    uow: UnitOfWork,
    *,
    member_id: str | None = None,
    query: str = "",
    state: str = "",
    before: tuple[datetime, str] | None = None,
    limit: int,
) -> list[Order]:
    """Orders, newest first. state: a stored one, or "unpaid", "paid"."""
    wanted = sa.select(*_SHOWN).where(*_matching(member_id, query, state))
    if before is not None:
        wanted = wanted.where(sa.tuple_(_O.placed_at, _O.order_id) < sa.tuple_(*before))
    return _read(uow, wanted.order_by(_O.placed_at.desc(), _O.order_id.desc()).limit(limit))


def total(uow: UnitOfWork, *, member_id: str | None = None, query: str = "", state: str = "") -> int:
    """How many orders match."""
    counted = sa.select(sa.func.count()).select_from(orders).where(*_matching(member_id, query, state))
    return int(uow.conn.execute(counted).scalar_one())


def overdue(uow: UnitOfWork, now: datetime, limit: int) -> list[str]:
    """Unpaid orders whose time is over, the longest first."""
    unpaid = sa.and_(_O.state == "placed", _O.paid_at.is_(None), _O.pay_until <= now)
    return list(uow.conn.scalars(sa.select(_O.order_id).where(unpaid).order_by(_O.pay_until).limit(limit)))


def has_orders(uow: UnitOfWork, member_id: str) -> bool:
    """Whether a member has an order that was not given up."""
    mine = sa.and_(_O.member_id == member_id, _O.state == "placed")
    return bool(uow.conn.execute(sa.select(sa.exists().where(mine))).scalar())


def tale(uow: UnitOfWork, order_id: str) -> tuple[Event, ...]:
    """What happened to an order, oldest first."""
    wanted = sa.select(events).where(events.c.order_id == order_id).order_by(events.c.id)
    return tuple(Event(row.at, row.kind, row.by, row.detail) for row in uow.conn.execute(wanted))


def due(uow: UnitOfWork, limit: int) -> list[Order]:
    """Orders whose newest version has not reached the facts, the longest first."""
    ids = sa.select(outbox.c.order_id).where(outbox.c.refused.is_(None)).order_by(outbox.c.at).limit(limit)
    return by_ids(uow, list(uow.conn.scalars(ids)))


def any_due(uow: UnitOfWork) -> bool:
    """Whether a version waits to reach the facts."""
    return bool(uow.conn.execute(sa.select(sa.exists().where(outbox.c.refused.is_(None)))).scalar())


def figures(uow: UnitOfWork, since: datetime, until: datetime) -> list[Figures]:
    """Orders placed in a time, by currency."""
    paid = _O.paid_at.is_not(None)
    amounts = (
        sa.func.count().label("placed"),
        sa.func.coalesce(sa.func.sum(_O.total_minor), 0).label("placed_minor"),
        sa.func.count().filter(paid).label("paid"),
        sa.func.coalesce(sa.func.sum(_O.charged_minor), 0).label("paid_minor"),
        sa.func.coalesce(sa.func.sum(_O.refunded_minor), 0).label("refunded_minor"),
    )
    agreed = sa.and_(_O.state != "draft", _O.placed_at >= since, _O.placed_at < until)
    wanted = sa.select(_O.currency, *amounts).where(agreed)
    rows = uow.conn.execute(wanted.group_by(_O.currency).order_by(_O.currency))
    return [Figures(row[0], *(int(value) for value in row[1:])) for row in rows]


def of_person(uow: UnitOfWork, member_ids: Collection[str], numbers: Collection[str]) -> list[Order]:
    """A person's orders, by their accounts and by numbers that are known to be theirs."""
    mine = sa.or_(_O.member_id.in_(sorted(member_ids)), _O.number.in_(sorted(numbers)))
    return _read(uow, sa.select(*_SHOWN).where(mine).order_by(_O.placed_at))


def _matching(member_id: str | None, query: str, state: str) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if member_id is not None:
        found += [_O.member_id == member_id, _O.state != "draft"]
    if query:
        found.append(_named(query))
    if state in ("unpaid", "paid"):
        found += [
            _O.state == "placed",
            _O.paid_at.is_(None) if state == "unpaid" else _O.paid_at.is_not(None),
        ]
    elif state:
        found.append(_O.state == state)
    return found


def _named(query: str) -> sa.ColumnElement[bool]:
    """Orders that a word names: by number or its beginning, contact, recipient, member or variant."""
    number = "".join(sign for sign in query.upper() if sign.isalnum() and sign.isascii())
    figures = "".join(sign for sign in query if sign.isdigit() and sign.isascii())
    recipient = _O.destination["recipient"].astext
    words = [
        _O.email == query.lower(),
        _O.member_id == query,
        _O.order_id == query,
        recipient == query,
        _O.order_id.in_(sa.select(lines.c.order_id).where(lines.c.sku == query)),
    ]
    if len(number) >= _BEGINNING:
        words.append(_O.number.startswith(number, autoescape=True))
    if len(figures) >= _PHONE:
        told = figures.removeprefix("86") if len(figures) > 11 else figures
        reached = (_O.phone, _O.destination["phone"].astext)
        words += [sa.func.regexp_replace(one, "[^0-9]", "", "g").endswith(told) for one in reached]
    return sa.or_(*words)


_AGGREGATED = (
    sa.select(sa.func.jsonb_agg(sa.func.to_jsonb(sa.literal_column("l"))))
    .select_from(lines.alias("l"))
    .where(sa.literal_column("l.order_id") == _O.order_id)
    .correlate(orders)
    .scalar_subquery()
)
_SHOWN = (*_O, _AGGREGATED.label("bought"))


def _read(uow: UnitOfWork, wanted: sa.Select[Any]) -> list[Order]:
    return [_order(row) for row in uow.conn.execute(wanted)]


def _order(row: sa.Row[Any]) -> Order:
    bought = sorted(row.bought or (), key=lambda line: cast("int", line["line_no"]))
    return Order(
        row.order_id,
        row.number,
        cast("OrderState", row.state),
        row.version,
        row.channel_id,
        row.currency,
        row.tax_inclusive,
        row.member_id,
        Contact(row.email, row.phone),
        row.lang,
        _where(row.destination),
        msgspec.convert(row.delivery, DeliveryOption),
        row.note,
        tuple(_line(line) for line in bought),
        msgspec.convert(row.steps, tuple[Step, ...]),
        row.delivery_minor,
        row.delivery_discount_minor,
        row.tax_minor,
        row.total_minor,
        row.placed_at,
        row.changed_at,
        row.pay_until,
        row.anonymous_id,
        row.paid_at,
        row.ended_at,
        row.why,
        row.charged_minor,
        row.refunded_minor,
        row.dropped_minor,
        row.secret_digest,
    )


def _where(kept: dict[str, str] | None) -> Where | None:
    if kept is None:
        return None
    names = ("recipient", "phone", "country", "region", "city", "district", "line", "postcode")
    return Where(**{name: kept.get(name) or "" for name in names})


def _line(kept: dict[str, Any]) -> Line:
    title = {"zh": kept.pop("title_zh"), "en": kept.pop("title_en")}
    return msgspec.convert(kept | {"title": title}, Line)
