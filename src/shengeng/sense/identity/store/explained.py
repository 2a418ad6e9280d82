"""Questions about single persons."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from shengeng.sense.identity.contracts import Seen
from shengeng.sense.identity.store.tables import nodes
from shengeng.storage.rows import UnitOfWork

_EDGES = sa.text("""
    with mine as (select id from identity_nodes where person_id = :person),
    near as (
      select e.* from identity_edges e join mine on e.a = mine.id
      union select e.* from identity_edges e join mine on e.b = mine.id
    ), acts as (
      select distinct on (a, b) a, b, act, source, occurred_at, evidence from near where act <> 'seen'
      order by a, b, id desc
    ), first as (
      select a, b, min(id) as id, min(occurred_at) as first_at,
        array_agg(distinct source order by source) as sources,
        (array_agg(evidence order by occurred_at, id))[1] as evidence
      from near where act = 'seen' group by a, b
    )
    select f.id, x.kind as kind_a, x.value as value_a, y.kind as kind_b, y.value as value_b,
      f.first_at, f.sources, f.evidence,
      case when c.act = 'cut' then 'cut' when x.person_id = y.person_id then null
           when 'shared' in (x.blocked, y.blocked) then 'shared'
           when 'crowd' in (x.blocked, y.blocked) then 'crowd' else 'many' end as blocked,
      c.act = 'cut' as is_cut, c.source as by, c.occurred_at as at, c.evidence ->> 'why' as why
    from first f join identity_nodes x on x.id = f.a join identity_nodes y on y.id = f.b
    left join acts c on c.a = f.a and c.b = f.b
    order by f.first_at, f.id limit :most
""")
_MOST = 500  # edges on one card


def people_of(uow: UnitOfWork, kind: str, values: Collection[str]) -> dict[str, str]:
    """Person ids of the identifiers of a kind that were ever seen."""
    c = nodes.c
    named = c.value == sa.any_(sa.literal(sorted(set(values)), sa.ARRAY(sa.Text)))
    rows = uow.conn.execute(sa.select(c.value, c.person_id).where(c.kind == kind, named))
    return {row.value: row.person_id for row in rows}


def edges_at(uow: UnitOfWork, person: str) -> list[Seen]:
    """The edges at a person's identifiers, the earliest first."""
    return [
        Seen(
            row.id,
            row.kind_a,
            row.value_a,
            row.kind_b,
            row.value_b,
            row.first_at,
            row.sources,
            row.evidence,
            row.blocked,
            row.by if row.is_cut else None,
            row.at if row.is_cut else None,
            row.why if row.is_cut else None,
        )
        for row in uow.conn.execute(_EDGES, {"person": person, "most": _MOST})
    ]
