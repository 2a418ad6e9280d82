"""Baskets: a member's by their account, a guest's by a secret that only their browser has."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from shengeng.kernel.ids import new_id
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.checkout import store
from shengeng.trade.checkout.contracts import (
    BAD_CODE,
    BAD_QUANTITY,
    BASKET_FULL,
    CHANNEL,
    CODES_MOST,
    KEPT,
    LINES_MOST,
    NO_LINE,
    NOT_SOLD,
    TOO_MANY_CODES,
    UNITS_MOST,
    Basket,
    BasketLine,
    Kept,
)

_CODE_LONGEST = 40


def basket(uow: UnitOfWork, who: Shopper) -> Basket | None:
    """Whose basket, if they have one."""
    owner = owner_of(who)
    return store.of(uow, owner) if owner else None


def add(
    uow: UnitOfWork, who: Shopper, sku: str, quantity: int, now: datetime, *, channel_id: str = CHANNEL
) -> Kept:
    """Put so many more of a variant into the basket; makes one for whoever has none.

    Refuses what is not sold (not_found), a quantity that is none, and a full basket.
    """
    _check(quantity)
    found = catalogue.variants(uow, [sku]).get(sku)
    if found is None or not found.sellable:
        raise NOT_SOLD.error(sku=sku[:80])
    fresh = BasketLine(1, sku, quantity)
    kept = _opened(uow, who, channel_id, now, (fresh,))
    lines = kept.basket.lines
    if lines and lines[0] is fresh:
        return kept
    there = next((line for line in lines if line.sku == sku), None)
    if there is not None:
        more = replace(there, quantity=min(there.quantity + quantity, UNITS_MOST))
        return _put(uow, kept, tuple(more if line is there else line for line in lines), now)
    if len(lines) >= LINES_MOST:
        raise BASKET_FULL.error(limit=LINES_MOST)
    last = max((line.line_no for line in lines), default=0)
    return _put(uow, kept, (*lines, replace(fresh, line_no=last + 1)), now)


def set_quantity(uow: UnitOfWork, who: Shopper, line_no: int, quantity: int, now: datetime) -> Basket:
    """So many of a line; 0 takes it out. Refuses a line that is not there."""
    if quantity:
        _check(quantity)
    there = _there(uow, who)
    if there is None or all(line.line_no != line_no for line in there.lines):
        raise NO_LINE.error(line=line_no)
    changed = (replace(line, quantity=quantity) if line.line_no == line_no else line for line in there.lines)
    return _put(uow, Kept(there), tuple(line for line in changed if line.quantity), now).basket


def add_code(uow: UnitOfWork, who: Shopper, code: str, now: datetime, *, channel_id: str = CHANNEL) -> Kept:
    """Put a code into the basket; what it does, or why nothing, stands in its view."""
    clean = "".join(code.split()).upper()
    if not 0 < len(clean) <= _CODE_LONGEST or not clean.isprintable():
        raise BAD_CODE.error(value=code.strip()[:_CODE_LONGEST])
    kept = _opened(uow, who, channel_id, now)
    codes = kept.basket.codes
    if clean not in codes and len(codes) >= CODES_MOST:
        raise TOO_MANY_CODES.error(limit=CODES_MOST)
    made = replace(kept.basket, codes=(*(one for one in codes if one != clean), clean), changed_at=now)
    store.put(uow, made)
    return Kept(made, kept.secret)


def drop_code(uow: UnitOfWork, who: Shopper, code: str, now: datetime) -> Basket | None:
    """Take a code out of the basket."""
    there = _there(uow, who)
    if there is None:
        return None
    clean = "".join(code.split()).upper()
    made = replace(there, codes=tuple(one for one in there.codes if one != clean), changed_at=now)
    store.put(uow, made)
    return made


def merge(uow: UnitOfWork, member_id: str, secret: str, now: datetime) -> Basket | None:
    """A guest has signed in: what they had goes into their own basket, of each variant the larger number."""
    guest = store.of(uow, (None, _digest(secret)), lock=True) if secret else None
    if guest is None or not (guest.lines or guest.codes):
        return None
    own = _opened(uow, Shopper(member_id=member_id), guest.channel_id, now).basket
    units = {line.sku: line.quantity for line in own.lines}
    for line in guest.lines:
        units[line.sku] = max(units.get(line.sku, 0), line.quantity)
    lines = tuple(BasketLine(n, sku, quantity) for n, (sku, quantity) in enumerate(units.items(), 1))
    codes = tuple(dict.fromkeys((*own.codes, *guest.codes)))[:CODES_MOST]
    made = replace(own, lines=lines[:LINES_MOST], codes=codes, changed_at=now)
    store.put(uow, made)
    store.drop(uow, guest.basket_id)
    return made


def drop_old(uow: UnitOfWork, now: datetime) -> int:
    """Throw away guests' baskets that nobody has touched for two months; returns how many."""
    return store.drop_old(uow, now - KEPT)


def export_person(uow: UnitOfWork, member_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What lies in a member's basket."""
    found = store.of_members(uow, member_ids)
    return {"basket": [{"sku": line.sku, "quantity": line.quantity} for one in found for line in one.lines]}


def erase_person(uow: UnitOfWork, member_ids: Collection[str]) -> int:
    """A member's basket is thrown away."""
    return store.drop_members(uow, member_ids)


def owner_of(who: Shopper) -> store.Owner | None:
    """Whose basket it is; None for somebody who never had one."""
    if who.member_id is not None:
        return who.member_id, None
    return (None, _digest(who.basket)) if who.basket else None


def _opened(
    uow: UnitOfWork, who: Shopper, channel_id: str, now: datetime, first: tuple[BasketLine, ...] = ()
) -> Kept:
    """Somebody's basket, locked; a new one with its secret and these lines where there is none."""
    there = _there(uow, who)
    if there is not None:
        return Kept(there)
    secret = "" if who.member_id is not None else secrets.token_urlsafe(24)
    owner = (who.member_id, None) if who.member_id is not None else (None, _digest(secret))
    made = Basket(new_id(now), who.member_id, channel_id, first, (), now)
    if store.add(uow, made, owner):
        return Kept(made, secret)
    won = store.of(uow, owner, lock=True)
    assert won is not None, "the basket that was in the way is gone"
    return Kept(won)


def _there(uow: UnitOfWork, who: Shopper) -> Basket | None:
    owner = owner_of(who)
    return store.of(uow, owner, lock=True) if owner else None


def _put(uow: UnitOfWork, kept: Kept, lines: tuple[BasketLine, ...], now: datetime) -> Kept:
    made = replace(kept.basket, lines=lines, changed_at=now)
    store.put(uow, made)
    return Kept(made, kept.secret)


def _check(quantity: int) -> None:
    if not 1 <= quantity <= UNITS_MOST:
        raise BAD_QUANTITY.error(value=quantity, limit=UNITS_MOST)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
