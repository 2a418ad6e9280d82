"""Tables of the shop's profile (one row) and of the assumptions that people changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from shengeng.govern.shop.contracts import Profile, Provenance
from shengeng.storage.remembered import remembered
from shengeng.storage.rows import UnitOfWork, metadata

shop = sa.Table(
    "shop",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date, comment="the shop clock: the last local day that is known"),
    sa.Column("simulated", sa.Boolean, nullable=False),
    sa.Column("provenance", JSONB(none_as_null=True)),
    sa.CheckConstraint("id = 1", name="one"),
)
shop_assumptions = sa.Table(
    "shop_assumptions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Double, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    # PostgreSQL sorts NaN above every number, so the upper bound refuses it too.
    sa.CheckConstraint("value between 0 and 1e12", name="finite"),
)


@remembered(shop)
def profile(uow: UnitOfWork) -> Profile | None:
    row = uow.conn.execute(sa.select(shop)).mappings().first()
    if row is None:
        return None
    origin = row["provenance"]
    return Profile(
        name=row["name"],
        timezone=row["timezone"],
        currency=row["currency"],
        as_of=row["as_of"],
        simulated=row["simulated"],
        provenance=Provenance(**origin) if origin else None,
    )


def put(uow: UnitOfWork, given: Profile) -> None:
    """Everything but as_of, which only `move` writes."""
    values: dict[str, Any] = {
        "name": given.name,
        "timezone": given.timezone,
        "currency": given.currency,
        "simulated": given.simulated,
        "provenance": asdict(given.provenance) if given.provenance else None,
    }
    made = insert(shop).values(id=1, **values)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["id"], set_=values))


def move(uow: UnitOfWork, day: date) -> bool:
    """Set the shop clock unless that would be backwards."""
    forward = sa.or_(shop.c.as_of.is_(None), shop.c.as_of <= day)
    return uow.conn.execute(shop.update().where(forward).values(as_of=day)).rowcount == 1


def values(uow: UnitOfWork) -> dict[str, tuple[float, datetime, str]]:
    rows = uow.conn.execute(sa.select(shop_assumptions))
    return {row.key: (row.value, row.updated_at, row.updated_by) for row in rows}


def put_value(uow: UnitOfWork, key: str, value: float, at: datetime, by: str) -> None:
    fresh = {"value": value, "updated_at": at, "updated_by": by}
    made = insert(shop_assumptions).values(key=key, **fresh)
    uow.conn.execute(made.on_conflict_do_update(index_elements=["key"], set_=fresh))
