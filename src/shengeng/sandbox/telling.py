"""Sending notices to the shop: signed when they leave, again until the shop takes them."""

from __future__ import annotations

import http.client
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from shengeng.sandbox import provider
from shengeng.sandbox.book import Book, stamp
from shengeng.trade.payments.contracts import signing

Post = Callable[[str, Mapping[str, str], bytes], int]
log = logging.getLogger(__name__)
# Seconds until the next try: a minute and a half in all, then hours as real providers do.
_WAITS = (1, 2, 4, 8, 15, 30, 30, 300, 1800, 3600, 7200, 14400)


def tell_due(book: Book, secret: bytes, post: Post, now: datetime) -> int:
    """Send every notice whose time has come; returns how many left. Reordered ones leave newest first."""
    provider.settle_refunds(book, now)
    order = "desc" if book.faults().reorder else "asc"
    due = f"select * from notices where done = 0 and due_at <= ? order by number {order}"  # noqa: S608
    rows = book.all(due, stamp(now))
    for row in rows:
        status = _tell(row["url"], row["body"].encode(), secret, post, now, forged=bool(row["forged"]))
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
    book: Book, secret: bytes, post: Post, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    """Look for due notices five times a second until `stop` is set."""
    while not stop.wait(0.2):
        try:
            tell_due(book, secret, post, clock())
        except Exception:
            log.exception("the sandbox could not send its notices and tries again")


def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Send a notice; the status of its answer, 0 when none comes within five seconds."""
    request = urllib.request.Request(url, body, dict(headers), method="POST")  # noqa: S310 (http by calls.Wanted)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return 0


def _tell(url: str, body: bytes, secret: bytes, post: Post, now: datetime, *, forged: bool) -> int:
    key = b"somebody else's" if forged else secret
    signature = signing.sign(key, "notice", body, now)
    return post(url, {"content-type": "application/json", signing.SIGNATURE: signature}, body)
