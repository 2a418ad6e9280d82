"""A part of the graph out of rows, and what it came to back into them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from shengeng.kernel.units import Ints
from shengeng.sense.identity.contracts import KINDS, REASONS, Graph, Persons, person_id
from shengeng.sense.identity.store.tables import nodes
from shengeng.storage.rows import UnitOfWork

_IDS = sa.ARRAY(sa.BigInteger)

# What is looked at together with some nodes: whoever shares their cluster. One that merges nothing because
# it is shared has no cluster but itself; it comes in as the far end of an edge, and is left as it is.
_INSIDE = sa.text("""
    with named as (select id, cluster from identity_nodes where id = any(:ids))
    select id from named
    union select n.id from identity_nodes n join named c on n.cluster = c.cluster where c.cluster <> -1
""").bindparams(sa.bindparam("ids", type_=_IDS))
_PAIRS = sa.text("""
    with near as (
      select e.a, e.b, e.act, e.id, e.occurred_at from identity_edges e where e.a = any(:ids)
      union all
      select e.a, e.b, e.act, e.id, e.occurred_at from identity_edges e
        where e.b = any(:ids) and not e.a = any(:ids)
    ), acts as (
      select distinct on (a, b) a, b, act from near where act <> 'seen' order by a, b, id desc
    )
    select s.a, s.b, (extract(epoch from min(s.occurred_at)) * 1000000)::bigint as first
    from near s left join acts c on c.a = s.a and c.b = s.b
    where s.act = 'seen' and c.act is distinct from 'cut'
    group by s.a, s.b
""").bindparams(sa.bindparam("ids", type_=_IDS))
_NODES = sa.text("""
    select id, kind, value, person_id, cluster, blocked from identity_nodes where id = any(:ids)
""").bindparams(sa.bindparam("ids", type_=_IDS))
_SAVE = sa.text("""
    update identity_nodes n set person_id = u.person_id, cluster = u.cluster, blocked = u.blocked,
      version = case when n.person_id = u.person_id then n.version else :version end
    from unnest(:ids, :people, :clusters, :blocked) as u(id, person_id, cluster, blocked)
    where n.id = u.id
""").bindparams(
    sa.bindparam("ids", type_=_IDS),
    sa.bindparam("people", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("clusters", type_=_IDS),
    sa.bindparam("blocked", type_=sa.ARRAY(sa.Text)),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the graph with the rows that it came from. inside: (node,) whether it may change."""

    ids: Ints
    kinds: Sequence[str]
    values: Sequence[str]
    people: Sequence[str]
    clusters: Ints
    blocked: Sequence[str | None]
    inside: Sequence[bool]
    graph: Graph


def around(uow: UnitOfWork, touched: Collection[int], *, anew: Collection[int] = ()) -> Part:
    """Everything that edges at some nodes may change. anew: shared ones that may have ceased to be so."""
    inside = sorted(uow.conn.execute(_INSIDE, {"ids": list(touched)}).scalars())
    pairs = uow.conn.execute(_PAIRS, {"ids": inside}).all()
    table = np.array([tuple(row) for row in pairs], np.int64).reshape(-1, 3)
    ids = np.union1d(np.array(inside, np.int64), table[:, :2].ravel())
    rows = {row.id: row for row in uow.conn.execute(_NODES, {"ids": ids.tolist()})}
    found = [rows[i] for i in ids.tolist()]
    place = {kind: at for at, kind in enumerate(KINDS)}
    within, again = set(inside), set(anew)
    graph = Graph(
        kind=np.array([place[row.kind] for row in found], np.int64),
        a=np.searchsorted(ids, table[:, 0]),
        b=np.searchsorted(ids, table[:, 1]),
        first=table[:, 2],
        order=_order([row.value for row in found]),
        shared=np.array(
            [(row.blocked == "shared" and row.id not in again) or row.id not in within for row in found], bool
        ),
    )
    return Part(
        ids,
        [row.kind for row in found],
        [row.value for row in found],
        [row.person_id for row in found],
        np.array([row.cluster for row in found], np.int64),
        [row.blocked for row in found],
        [row.id in within for row in found],
        graph,
    )


def save(uow: UnitOfWork, part: Part, found: Persons, version: int) -> set[str]:
    """Write down what is new; returns the ids of persons who lost or won an identifier."""
    lowest = np.full(int(found.cluster.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, found.cluster, part.ids)
    rows: list[tuple[int, str, int, str | None]] = []
    changed: set[str] = set()
    for at, inside in enumerate(part.inside):
        head = int(found.head[at])
        person = person_id(part.kinds[head], part.values[head])
        cluster, blocked = int(lowest[found.cluster[at]]), REASONS[int(found.blocked[at])]
        if not inside or (person, cluster, blocked) == (
            part.people[at],
            int(part.clusters[at]),
            part.blocked[at],
        ):
            continue
        rows.append((int(part.ids[at]), person, cluster, blocked))
        if person != part.people[at]:
            changed |= {person, part.people[at]}
    if rows:
        ids, people, clusters, blocked_ = (list(column) for column in zip(*rows, strict=True))
        values = {"ids": ids, "people": people, "clusters": clusters, "blocked": blocked_}
        uow.conn.execute(_SAVE, values | {"version": version})
    return changed


def of_persons(uow: UnitOfWork, people: Collection[str]) -> list[sa.Row[tuple[str, str, str]]]:
    """(person_id, kind, value) of everything that is one of these persons."""
    c = nodes.c
    mine = c.person_id == sa.any_(sa.literal(list(people), sa.ARRAY(sa.Text)))
    return list(uow.conn.execute(sa.select(c.person_id, c.kind, c.value).where(mine).order_by(c.id)))


def _order(values: Sequence[str]) -> Ints:
    """(node,) the place of each value in text order."""
    by = np.argsort(np.array(values, dtype=object), kind="stable")
    place = np.empty(len(by), np.int64)
    place[by] = np.arange(len(by))
    return place
