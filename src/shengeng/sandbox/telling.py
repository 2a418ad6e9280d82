"""Sending notices to the shop: signed when they leave, again until the shop takes them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from shengeng.kernel.errors import ShopError
from shengeng.sandbox import provider
from shengeng.sandbox.book import Book, stamp
from shengeng.trade.payments.api import SANDBOX_SIGNATURE, sandbox_sign
from shengeng.trade.payments.contracts import Request, Send

log = logging.getLogger(__name__)
# Seconds until the next try: a minute and a half in all, then hours as real providers do.
_WAITS = (1, 2, 4, 8, 15, 30, 30, 300, 1800, 3600, 7200, 14400)


def tell_due(book: Book, secret: bytes, send: Send, now: datetime) -> int:
    """Send every notice whose time has come; returns how many left. Reordered ones leave newest first."""
    provider.settle_refunds(book, now)
    order = "desc" if book.faults().reorder else "asc"
    due = f"select * from notices where done = 0 and due_at <= ? order by number {order}"  # noqa: S608
    rows = book.all(due, stamp(now))
    for row in rows:
        status = _post(row["url"], row["body"].encode(), secret, send, now, forged=bool(row["forged"]))
        tries = row["tries"] + 1
        # Nobody sends a forged notice again, nor one that was taken, nor one after the last try.
        done = bool(row["forged"]) or 200 <= status < 300 or tries > len(_WAITS)
        later = now + timedelta(seconds=_WAITS[min(tries, len(_WAITS)) - 1])
        with book.change() as link:
            link.execute(
                "update notices set tries = ?, status = ?, done = ?, due_at = ? where number = ?",
                (tries, status, int(done), stamp(later), row["number"]),
            )
    return len(rows)


def keep_telling(
    book: Book, secret: bytes, send: Send, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    """Look for due notices five times a second until `stop` is set."""
    while not stop.wait(0.2):
        try:
            tell_due(book, secret, send, clock())
        except Exception:
            log.exception("the sandbox could not send its notices and tries again")


def _post(url: str, body: bytes, secret: bytes, send: Send, now: datetime, *, forged: bool) -> int:
    key = b"somebody else's" if forged else secret
    signed = {"content-type": "application/json", SANDBOX_SIGNATURE: sandbox_sign(key, "notice", body, now)}
    try:
        return send(Request("POST", url, signed, body)).status
    except ShopError:
        return 0
