"""Guests' orders, found by what identity knows of a person."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.orders.store.tables import orders

_O = orders.c


def numbers_by(
    uow: UnitOfWork, emails: Collection[str], phones: Collection[str], devices: Collection[str]
) -> list[str]:
    """Numbers of orders by SHA-256 (hex) of their contacts, as identity keeps them, or by their device."""
    email = sa.func.lower(sa.func.btrim(_O.email))
    figures = sa.func.regexp_replace(_O.phone, "[^0-9]", "", "g")
    mainland = sa.func.regexp_replace(figures, "^86(1[0-9]{10})$", r"\1")
    found = sa.or_(
        _sha256(email).in_(sorted(emails)),
        _sha256(mainland).in_(sorted(phones)),
        _O.anonymous_id.in_(sorted(devices)),
    )
    return list(uow.conn.scalars(sa.select(_O.number).where(found).order_by(_O.number)))


def _sha256(text: sa.Function[str]) -> sa.Function[str]:
    return sa.func.encode(sa.func.sha256(sa.func.convert_to(text, "UTF8")), "hex")
