"""A guest's order by its number and a contact, for callers who may be guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

from shengeng.govern.access import api as access
from shengeng.govern.access.api import Patience
from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import Rows
from shengeng.trade.orders.api.reading import track
from shengeng.trade.orders.contracts import TOO_MANY_LOOKS, Detail
from shengeng.trade.orders.methods import clean_number

# Wrong contacts of one order, and wrong answers from one address, which many may share.
_OF_ORDER = Patience(8, timedelta(minutes=5))
_OF_ADDRESS = Patience(60, timedelta(minutes=5))


def track_from(rows: Rows, number: str, contact: str, now: datetime, *, address: str) -> Detail:
    """As `track`; wrong answers make the order and the caller's address wait (throttled), longer each time.

    A try is counted before it is looked at, in a transaction of its own, so that many at once gain nothing.
    """
    own = (f"order {clean_number(number)}", _OF_ORDER)
    shared = (f"orders from {address}", _OF_ADDRESS)
    try:
        with rows.unit() as uow:
            access.knock_at(uow, [own, shared], now)
    except ShopError as refused:
        if refused.kind != "throttled":
            raise
        raise TOO_MANY_LOOKS.error(**refused.params) from None
    with rows.unit() as uow:
        found = track(uow, number, contact, now)
        access.admit_at(uow, own, shared, now)
    return found
