"""Codes that a basket brings: which promotions they open."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.trade.pricing import methods, store
from shengeng.trade.pricing.contracts import Ask, RefusedCode

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def plain(code: str) -> str:
    """A code as it is kept: without blanks and hyphens around or inside, in capitals."""
    return "".join(code.split()).replace("-", "").upper()[:60]


def open_codes(
    uow: UnitOfWork, ask: Ask, most: int, now: datetime
) -> tuple[dict[UUID, methods.Opened], list[RefusedCode]]:
    """The promotions that the basket's codes open, at most so many, and the codes that open none.

    Codes are taken in alphabetical order, whatever the order in which they were typed.
    """
    codes = sorted({plain(code) for code in ask.codes} - {""})
    found = store.coupon_rows.by_code(uow, codes) if codes else {}
    opened: dict[UUID, methods.Opened] = {}
    refused = []
    for code in codes:
        coupon = found.get(code)
        why = methods.code_refused(coupon, ask.member_id, now)
        if coupon is None or why is not None:
            assert why is not None, code
            refused.append(RefusedCode(code, why))
        elif coupon.promotion_id in opened:
            refused.append(methods.same(code))
        elif len(opened) >= most:
            refused.append(methods.too_many(code))
        else:
            opened[coupon.promotion_id] = methods.Opened(code, coupon.id)
    return opened, refused
