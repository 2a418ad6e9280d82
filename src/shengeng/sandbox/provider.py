"""What the sandbox does as a provider: take payments, close them, refund them, and tell the shop."""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from shengeng.sandbox.book import Book, Row, stamp
from shengeng.sandbox.faults import Faults

Choice = Literal["pay", "fail"]
# Reordered notices wait for each other so long.
_HELD = timedelta(seconds=2)


class RefusedError(Exception):
    """The provider says no, and why."""


def announce(book: Book, wanted: Row, now: datetime) -> None:
    """Remember a payment; the same id with the same amount again is the same payment."""
    there = book.one("select amount_minor, currency from payments where id = ?", wanted["id"])
    if there is not None:
        if (there["amount_minor"], there["currency"]) != (wanted["amount_minor"], wanted["currency"]):
            raise RefusedError("this id stands for another amount")
        return
    columns = ("id", "order", "amount_minor", "currency", "expires_at", "notify_url", "return_url")
    values = [wanted[name] for name in columns]
    with book.change() as link:
        link.execute(
            "insert into payments values (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, null) on conflict do nothing",
            (*values, f"sbx_{secrets.token_hex(12)}", stamp(now)),
        )


def decide(book: Book, payment_id: str, choice: Choice, now: datetime) -> Row:
    """The buyer pays, or the payment fails; a decided or closed payment stays as it is."""
    faults = book.faults()
    with book.change() as link:
        row = link.execute("select * from payments where id = ?", (payment_id,)).fetchone()
        if row is None:
            raise RefusedError("no such payment")
        if row["state"] == "open" and row["expires_at"] <= stamp(now):
            link.execute("update payments set state = 'closed' where id = ?", (payment_id,))
        elif row["state"] == "open":
            state = "charged" if choice == "pay" else "failed"
            link.execute(
                "update payments set state = ?, settled_at = ? where id = ?", (state, stamp(now), payment_id)
            )
            _tell(link, dict(row) | {"state": state}, None, faults, now)
    found = book.one("select * from payments where id = ?", payment_id)
    assert found is not None
    return found


def close(book: Book, payment_id: str) -> None:
    """Take no money for a payment any more."""
    with book.change() as link:
        link.execute("update payments set state = 'closed' where id = ? and state = 'open'", (payment_id,))


def refund(book: Book, wanted: Row, now: datetime) -> Row:
    """Send money of a payment back; the same id again is the same refund, never more than was paid."""
    faults = book.faults()
    with book.change() as link:
        there = link.execute("select * from refunds where id = ?", (wanted["id"],)).fetchone()
        if there is None:
            there = _new_refund(link, wanted, faults, now)
        elif there["amount_minor"] != wanted["amount_minor"]:
            raise RefusedError("this id stands for another amount")
        elif there["state"] == "failed" and not faults.refuse_refunds:
            link.execute("update refunds set state = 'working' where id = ?", (wanted["id"],))
    settle_refunds(book, now)
    found = book.one("select * from refunds where id = ?", wanted["id"])
    assert found is not None
    return found


def settle_refunds(book: Book, now: datetime) -> None:
    """Refunds whose time has come end, and the shop is told."""
    faults = book.faults()
    with book.change() as link:
        due = "select * from refunds where state = 'working' and due_at <= ?"
        for row in link.execute(due, (stamp(now),)).fetchall():
            state = "failed" if faults.refuse_refunds else "done"
            link.execute(
                "update refunds set state = ?, settled_at = ? where id = ?", (state, stamp(now), row["id"])
            )
            payment = link.execute("select * from payments where id = ?", (row["payment"],)).fetchone()
            _tell(link, dict(payment), dict(row) | {"state": state}, faults, now)


def outcome(payment: Row, one: Row | None) -> dict[str, object] | None:
    """What is certain about a payment, or about a refund of it, as the shop is told."""
    if one is not None:
        kind = {"done": "refunded", "failed": "refund_failed"}.get(one["state"])
    else:
        kind = {"charged": "charged", "failed": "failed", "closed": "failed"}.get(payment["state"])
    if kind is None:
        return None
    about = one or payment
    return {
        "id": f"evt_{about['id']}_{kind}",
        "kind": kind,
        "payment": payment["id"],
        "refund": one["id"] if one else None,
        "ref": about["ref"],
        "amount_minor": about["amount_minor"],
        "currency": payment["currency"],
    }


def _new_refund(link: sqlite3.Connection, wanted: Row, faults: Faults, now: datetime) -> sqlite3.Row:
    payment = link.execute("select * from payments where ref = ?", (wanted["payment_ref"],)).fetchone()
    if payment is None or payment["state"] != "charged":
        raise RefusedError("nothing was paid under this reference")
    spent = "select coalesce(sum(amount_minor), 0) from refunds where payment = ? and state <> 'failed'"
    [gone] = link.execute(spent, (payment["id"],)).fetchone()
    if gone + wanted["amount_minor"] > payment["amount_minor"]:
        raise RefusedError(f"{payment['amount_minor'] - gone} of this payment is left")
    due = stamp(now + timedelta(seconds=faults.refund_delay_s))
    row = (wanted["id"], payment["id"], wanted["amount_minor"], wanted["reason"])
    link.execute(
        "insert into refunds values (?, ?, ?, ?, 'working', ?, ?, ?, null)",
        (*row, f"sbr_{secrets.token_hex(12)}", stamp(now), due),
    )
    made: sqlite3.Row = link.execute("select * from refunds where id = ?", (wanted["id"],)).fetchone()
    return made


def _tell(link: sqlite3.Connection, payment: Row, one: Row | None, faults: Faults, now: datetime) -> None:
    said = outcome(payment, one)
    if said is None or faults.lose:
        return
    if faults.wrong_amount and said["kind"] == "charged":
        said["amount_minor"] = payment["amount_minor"] + 1
    wait = timedelta(seconds=faults.delay_s) + (_HELD if faults.reorder else timedelta())
    wanted = "insert into notices (url, body, forged, due_at) values (?, ?, ?, ?)"
    for forged in [0] * faults.copies + [1] * faults.forge:
        link.execute(wanted, (payment["notify_url"], json.dumps(said), forged, stamp(now + wait)))
