"""Take orders as they happen; merge those that wait into the facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from shengeng.govern.consent import api as consent
from shengeng.govern.privacy.contracts import Person
from shengeng.govern.shop import api as shops
from shengeng.govern.shop.contracts import Profile
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.sense.identity.contracts import Edge
from shengeng.sense.orders import store
from shengeng.sense.orders.api.storefront import version_of
from shengeng.sense.orders.contracts import (
    BAD_BATCH,
    MOST_AT_ONCE,
    MOST_ORDERS,
    MOST_WAITING,
    NO_ORDER,
    NOT_ATOMIC,
    ORDERS_WAIT,
    RETRY_S,
    TOO_MANY_ORDERS,
    Answer,
    Drained,
    Order,
    Outcome,
    Reason,
    Version,
)
from shengeng.sense.orders.methods import reading
from shengeng.sense.orders.methods.buyers import Known, edges_of
from shengeng.sense.orders.methods.rows import COLUMNS, Row, path_of, rows_of
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.orders import api as trade
from shengeng.trade.orders.contracts import SOURCE

__all__ = ["drain", "due", "erase_person", "export_person", "take", "take_storefront", "versions"]
_SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def export_person(
    stores: Stores, uow: UnitOfWork, person: Person
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every version of a person's orders, as it was sent."""
    del stores
    return {"order_versions": store.of_buyers(uow, person.every)}


def erase_person(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Versions lose their buyer and stay, as guests' orders, for the books."""
    del stores
    return {"order_versions": store.unname(uow, person.every)}


@dataclass(frozen=True, slots=True)
class _Read:
    """An order of a request at its place."""

    index: int
    order: Order
    body: dict[str, object]
    digest: str

    @property
    def key(self) -> store.Key:
        return self.order.source, self.order.order_id


def take(stores: Stores, uow: UnitOfWork, body: bytes, by: str, now: datetime) -> list[Answer]:
    """Take the orders of a request; they are kept when the transaction is over. One answer an order.

    Refuses a body that is no batch, too many orders (invalid), a shop without a profile (not_found), a shop
    with too many orders waiting (throttled), and with `atomic` everything when one order is rejected.
    """
    shop = shops.profile(uow)
    waiting = store.waiting(uow)
    if waiting >= MOST_WAITING:
        raise ORDERS_WAIT.error(waiting=waiting, retry_seconds=RETRY_S)
    batch = reading.batch(body)
    if isinstance(batch, Reason):
        raise BAD_BATCH.error(path=batch.path or "orders", why=batch.en)
    if len(batch.orders) > MOST_ORDERS:
        raise TOO_MANY_ORDERS.error(count=len(batch.orders), limit=MOST_ORDERS)
    found = [reading.order(raw, f"orders.{i}", now) for i, raw in enumerate(batch.orders)]
    answers = {i: _rejected(i, reason) for i, reason in enumerate(found) if isinstance(reason, Reason)}
    good = [_read(i, order) for i, order in enumerate(found) if isinstance(order, Order)]
    for index, reason in _faults(stores, shop, good).items():
        answers[index] = _rejected(index, reason, next(one.order for one in good if one.index == index))
    store.hold(uow)
    rows, told = _compared(uow, [one for one in good if one.index not in answers], by, now)
    answers |= told
    bad = [answer for answer in answers.values() if answer.reason]
    if batch.atomic and bad:
        first = min(bad, key=lambda answer: answer.index)
        assert first.reason
        raise NOT_ATOMIC.error(count=len(bad), path=first.reason.path, why=first.reason.en)
    store.add(uow, rows)
    return [answers[index] for index in sorted(answers)]


def take_storefront(stores: Stores, now: datetime) -> int:
    """Take versions of our own storefront's orders out of their outbox, in one transaction and exactly once;
    returns how many, MOST_ORDERS where more may wait. What the facts refuse stays there, with the reason."""
    with stores.rows.unit() as uow:
        waiting = trade.outbox(uow, MOST_ORDERS)
        if not waiting:
            return 0
        body = msgspec.json.encode({"orders": [version_of(one) for one in waiting]})
        said = list(zip(waiting, take(stores, uow, body, SOURCE, now), strict=True))
        for one, answer in said:
            if answer.reason is not None:
                why = f"{answer.reason.path}: {answer.reason.en}"
                trade.refused(uow, one.order_id, one.version, why)
        trade.taken(uow, [(one.order_id, one.version) for one, answer in said if answer.reason is None])
    return len(waiting)


def versions(uow: UnitOfWork, order_id: str, source: str | None = None) -> list[Version]:
    """Every version of an order that was sent, the newest first; not_found where there is none."""
    found = store.of(uow, order_id, source)
    if not found:
        raise NO_ORDER.error(order_id=order_id)
    return found


def due(stores: Stores) -> bool:
    """Whether a version waits to be merged, or one of the storefront's to be taken."""
    with stores.rows.unit() as uow:
        return store.any_waits(uow) or trade.any_out(uow)


def drain(stores: Stores, now: datetime) -> Drained:
    """Merge versions that wait into the facts, each order's newest, in one transaction and exactly once.

    Nothing is merged while somebody else drains. The shop's clock moves to the day before the newest order's
    unless orders wait in the feed, because then a replay moves it.
    """
    with stores.rows.unit() as uow:
        if not store.hold_drain(uow):
            return Drained(0, frozenset(), ())
        came = store.due(uow, MOST_AT_ONCE)
        if not came:
            return Drained(0, frozenset(), ())
        shop = shops.profile(uow)
        before = store.merged(uow, {(one.source, one.order_id) for one in came})
        newest = _newest(came)
        wins = [one for key, one in newest.items() if key not in before or before[key].version < one.version]
        months = _merge(stores, uow, shop, wins, before)
        _settle(uow, came, wins, before)
        people = _tell(uow, wins, before, now)
        _move_clock(stores, uow, shop, wins, now)
        return Drained(len(wins), frozenset(people), sorted(months))


def _read(index: int, order: Order) -> _Read:
    body = msgspec.to_builtins(order)
    told = {key: value for key, value in body.items() if key != "version"}
    digest = hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
    return _Read(index, order, _private(body), digest)


def _private(body: dict[str, object]) -> dict[str, object]:
    """What is kept: a phone and an address only as their hashes."""
    kept = dict(body)
    for name, digest in (("phone", identity.phone_hash), ("email", identity.email_hash)):
        value = kept.pop(name, None)
        if isinstance(value, str) and not kept.get(f"{name}_hash"):
            kept[f"{name}_hash"] = digest(value)
    return kept


def _faults(stores: Stores, shop: Profile, good: Sequence[_Read]) -> dict[int, Reason]:
    """What an import would say against an order's lines, the first fault of each order."""
    rows, places = [], []
    for one in good:
        lines = rows_of(one.order, shop.currency)
        rows += lines
        places += [(one, line) for line in range(len(lines))]
    if not rows:
        return {}
    found: dict[int, Reason] = {}
    for fault in sorted(connect.line_faults(stores, shop, _table(rows)), key=lambda fault: fault.row):
        one, line = places[fault.row]
        path = f"orders.{one.index}.{path_of(one.order, line, fault.column)}"
        said = f" ({fault.value})" if fault.value else ""
        reason = Reason(fault.reason.key, path, fault.reason.en + said, fault.reason.zh + said)
        found.setdefault(one.index, reason)
    return found


def _compared(
    uow: UnitOfWork, good: Sequence[_Read], by: str, now: datetime
) -> tuple[list[dict[str, object]], dict[int, Answer]]:
    """Rows to keep, and what is answered, order by order; a request may hold several versions of one."""
    known = store.known(uow, {one.key for one in good})
    rows: list[dict[str, object]] = []
    answers: dict[int, Answer] = {}
    for one in good:
        order, there = one.order, known.setdefault(one.key, [])
        verdict = _verdict(one, there)
        if isinstance(verdict, Reason):
            answers[one.index] = _rejected(one.index, verdict, order)
            continue
        answers[one.index] = _answer(one.index, verdict, order)
        if all(version != order.version for _, version, _ in there):
            rows.append(_row(one, by, now, "passed" if verdict == "older" else "waiting"))
            there.append((order.seller_id or "", order.version, one.digest))
            there.sort(key=lambda seen: seen[1])
    return rows, answers


def _verdict(one: _Read, there: Sequence[tuple[str, int, str]]) -> Outcome | Reason:
    place, order = f"orders.{one.index}", one.order
    if not there:
        return "created"
    seller, newest, digest = there[-1]
    if seller != (order.seller_id or ""):
        return Reason(
            "other_seller",
            f"{place}.seller_id",
            f"order {order.order_id} of source {order.source} is seller {seller or '-'}'s: give each seller "
            "a source of its own",
            f"来源 {order.source} 的订单 {order.order_id} 属于卖家 {seller or '-'}："
            "请为每个卖家使用单独的来源",
        )
    same = next((seen for _, version, seen in there if version == order.version), None)
    if same is not None and same != one.digest:
        return Reason(
            "version_conflict",
            f"{place}.version",
            f"version {order.version} of order {order.order_id} is here already and says something else: "
            "a changed order needs a higher version",
            f"订单 {order.order_id} 的版本 {order.version} 已存在且内容不同：订单有变化时请使用更大的版本号",
        )
    if order.version < newest:
        return "older"
    return "unchanged" if digest == one.digest else "updated"


def _row(one: _Read, by: str, now: datetime, state: str) -> dict[str, object]:
    order = one.order
    return {
        "source": order.source,
        "seller_id": order.seller_id or "",
        "order_id": order.order_id,
        "version": order.version,
        "body": one.body,
        "digest": one.digest,
        "received_at": now,
        "sent_by": by,
        "state": state,
    }


def _answer(index: int, outcome: Outcome, order: Order) -> Answer:
    return Answer(index, outcome, order.source, order.seller_id, order.order_id, order.version)


def _rejected(index: int, reason: Reason, order: Order | None = None) -> Answer:
    if order is None:
        return Answer(index, "rejected", None, None, None, None, reason)
    return replace(_answer(index, "rejected", order), reason=reason)


def _table(rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=_SCHEMA)


def _newest(came: Sequence[Version]) -> dict[store.Key, Version]:
    found: dict[store.Key, Version] = {}
    for one in came:
        key = one.source, one.order_id
        if key not in found or found[key].version < one.version:
            found[key] = one
    return found


def _order(version: Version) -> Order:
    return msgspec.convert(dict(version.body), Order, strict=False)


def _merge(
    stores: Stores,
    uow: UnitOfWork,
    shop: Profile,
    wins: Sequence[Version],
    before: Mapping[store.Key, Version],
) -> set[str]:
    """Merge each source's orders; returns the months in which their lines stand or stood."""
    every: set[str] = set()
    for source in sorted({one.source for one in wins}):
        orders = [_order(one) for one in wins if one.source == source]
        was = [_order(before[source, one.order_id]) for one in orders if (source, one.order_id) in before]
        days = [_local(one.ordered_at, shop) for one in (*orders, *was)]
        months = {month for day in days for month in _around(day)}
        rows = [row for order in orders for row in rows_of(order, shop.currency)]
        connect.bring_orders(stores, uow, shop, _table(rows), source=source, months=months, import_id="live")
        every |= months
    return every


def _settle(
    uow: UnitOfWork, came: Sequence[Version], wins: Sequence[Version], before: Mapping[store.Key, Version]
) -> None:
    won = {id(one) for one in wins}
    store.settle(uow, [one for one in came if id(one) not in won], "replaced")
    store.settle(
        uow, [before[key] for one in wins if (key := (one.source, one.order_id)) in before], "replaced"
    )
    store.settle(uow, wins, "merged")


def _tell(
    uow: UnitOfWork, wins: Sequence[Version], before: Mapping[store.Key, Version], now: datetime
) -> set[str]:
    """Buyers' identifiers go to identity, buyers themselves (and who was one before) to arrivals."""
    orders = [_order(one) for one in wins]
    was = [_order(before[key]) for one in wins if (key := (one.source, one.order_id)) in before]
    edges: list[Edge] = [edge for order in orders for edge in edges_of(order, _identifiers(order))]
    people = identity.observe(uow, edges, now)
    for order in orders:
        if order.customer_id and order.consent is not None:
            said = [(order.customer_id, order.consent, order.ordered_at)]
            consent.take(uow, said, source=order.source, now=now)
    buyers = {one.customer_id for one in (*orders, *was) if one.customer_id}
    mine = set(identity.persons(uow, "customer", buyers).values()) | buyers
    arrivals.note(uow, mine, now)
    return people | mine


def _identifiers(order: Order) -> list[Known]:
    found: list[Known] = [
        ("customer", order.customer_id or ""),
        ("phone_hash", order.phone_hash or ""),
        ("email_hash", order.email_hash or ""),
        ("unionid", order.unionid or ""),
        ("anonymous", order.anonymous_id or ""),
    ]
    return [(kind, value) for kind, value in found if value]


def _move_clock(
    stores: Stores, uow: UnitOfWork, shop: Profile, wins: Sequence[Version], now: datetime
) -> None:
    """An order of a local day says that the day before it is over."""
    if not wins or connect.feed_days(stores.lake):
        return
    newest = max(_local(_order(one).ordered_at, shop) for one in wins)
    over = min(newest, _local(now, shop)) - timedelta(days=1)
    if shop.as_of is None or over > shop.as_of:
        shops.advance(uow, over)


def _local(at: datetime, shop: Profile) -> date:
    return at.astimezone(ZoneInfo(shop.timezone)).date()


def _around(day: date) -> set[str]:
    """The month of a day and those beside it: an imported order can have been told with another day."""
    first = day.replace(day=1)
    before, after = first - timedelta(days=1), first + timedelta(days=32)
    return {f"{one:%Y-%m}" for one in (before, first, after)}
