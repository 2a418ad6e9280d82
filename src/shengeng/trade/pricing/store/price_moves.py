"""What everybody was asked to pay for one unit, from when on: the proof of a price that is struck through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.pricing.store.tables import price_moves

_NOTE = """
insert into price_moves (channel_id, sku, since, unit_minor)
select :channel, given.sku, :now, given.minor
from unnest(cast(:skus as text[]), cast(:minors as bigint[])) given(sku, minor)
left join lateral (
  select unit_minor from price_moves old where old.channel_id = :channel and old.sku = given.sku
  order by since desc limit 1
) last on true
where last.unit_minor is distinct from given.minor
order by given.sku
on conflict (channel_id, sku, since) do update set unit_minor = excluded.unit_minor
"""


def note(uow: UnitOfWork, channel_id: str, now: datetime, prices: Mapping[str, int | None]) -> None:
    """Note the prices of now where they moved; None: not on sale."""
    told = {"channel": channel_id, "now": now, "skus": list(prices), "minors": list(prices.values())}
    uow.conn.execute(sa.text(_NOTE), told)


def of_skus(
    uow: UnitOfWork, channel_id: str, skus: Collection[str]
) -> Mapping[str, Sequence[tuple[datetime, int | None]]]:
    """The moves of some variants, each from its moment on, the oldest first."""
    found = sa.select(price_moves.c.sku, price_moves.c.since, price_moves.c.unit_minor)
    wanted = found.where(price_moves.c.channel_id == channel_id, price_moves.c.sku.in_(skus))
    moves: dict[str, list[tuple[datetime, int | None]]] = defaultdict(list)
    for row in uow.conn.execute(wanted.order_by(price_moves.c.since)):
        moves[row.sku].append((row.since, row.unit_minor))
    return moves
