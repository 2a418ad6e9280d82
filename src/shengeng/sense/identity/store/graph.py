"""A part of the graph out of rows, and what it came to back into them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import sqlalchemy as sa

from shengeng.kernel.units import Bools, Ints
from shengeng.sense.identity.contracts import KINDS, REASONS, Graph, Persons, person_id
from shengeng.sense.identity.store.tables import nodes
from shengeng.storage.rows import UnitOfWork

# Ids come as one text: a parameter for each would take ten times as long.
_GIVEN = "select unnest(cast(string_to_array(:ids, ',') as bigint[])) as id"
# What edges at some nodes may change: whoever stands in their clusters, the devices seen with those, and what
# an alias links to the devices. (Of a device and another identifier the device is always a.)
_INSIDE = sa.text(f"""
    with given as materialized ({_GIVEN}),
    near as (
      select g.id from given g
      union select n.id from identity_nodes c join given g on g.id = c.id
        join identity_nodes n on n.cluster = c.cluster where c.cluster <> -1
    ), devices as (
      select distinct d.id, d.cluster from near join identity_edges e on e.b = near.id
        join identity_nodes d on d.id = e.a and d.kind = 'anonymous'
        join identity_nodes o on o.id = near.id and o.blocked is distinct from 'shared'
    )
    select id from near
    union select id from devices
    union select n.id from devices d join identity_nodes n on n.cluster = d.cluster where d.cluster <> -1
""")  # noqa: S608  (the text is ours)
_PAIRS = sa.text(f"""
    with given as materialized ({_GIVEN}), near as (
      select e.a, e.b, e.act, e.id, e.occurred_at from identity_edges e join given on e.a = given.id
      union
      select e.a, e.b, e.act, e.id, e.occurred_at from identity_edges e join given on e.b = given.id
    ), acts as (
      select distinct on (a, b) a, b, act from near where act <> 'seen' order by a, b, id desc
    )
    select s.a, s.b, (extract(epoch from min(s.occurred_at)) * 1000000)::bigint as first
    from near s left join acts c on c.a = s.a and c.b = s.b
    where s.act = 'seen' and c.act is distinct from 'cut'
    group by s.a, s.b
""")  # noqa: S608
_NODES = sa.text(f"""
    with given as materialized ({_GIVEN})
    select n.id, n.kind, n.value, n.person_id, n.cluster, n.blocked
    from identity_nodes n join given on n.id = given.id order by n.id
""")  # noqa: S608
_SAVE = sa.text("""
    update identity_nodes n set person_id = u.person_id, cluster = u.cluster, blocked = u.blocked,
      version = case when n.person_id = u.person_id then n.version else :version end
    from json_to_recordset(cast(:rows as json))
      as u(id bigint, person_id text, cluster bigint, blocked text)
    where n.id = u.id
""")


# How the ids of persons without a customer begin.
_LOOSE = tuple(person_id(kind, "") for kind in KINDS if kind != "customer")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the graph with the rows that it came from. inside: (node,) whether it may change."""

    ids: Ints
    kinds: Sequence[str]
    values: Sequence[str]
    people: Sequence[str]
    clusters: Ints
    blocked: Sequence[str | None]
    inside: Bools
    graph: Graph


def around(uow: UnitOfWork, touched: Collection[int], *, anew: Collection[int] = ()) -> Part:
    """Everything that edges at some nodes may change. anew: shared ones that may have ceased to be so."""
    inside = np.array(sorted(uow.conn.execute(_INSIDE, {"ids": _listed(touched)}).scalars()), np.int64)
    pairs = uow.conn.execute(_PAIRS, {"ids": _listed(inside.tolist())}).all()
    table = np.array([tuple(row) for row in pairs], np.int64).reshape(-1, 3)
    ids = np.union1d(inside, table[:, :2].ravel())
    found = uow.conn.execute(_NODES, {"ids": _listed(ids.tolist())}).all()
    _, kinds, values, people, clusters, blocked = zip(*found, strict=True)
    within = np.isin(ids, inside)
    shared = np.array([why == "shared" for why in blocked], bool) & ~np.isin(ids, list(anew))
    place = {kind: at for at, kind in enumerate(KINDS)}
    graph = Graph(
        kind=np.array([place[kind] for kind in kinds], np.int64),
        a=np.searchsorted(ids, table[:, 0]),
        b=np.searchsorted(ids, table[:, 1]),
        first=table[:, 2],
        order=_order(values),
        shared=shared,
        settled=_settled(people, ~within & ~shared),
        bought=~within & ~shared & np.array([not person.startswith(_LOOSE) for person in people], bool),
    )
    return Part(ids, kinds, values, people, np.array(clusters, np.int64), blocked, within, graph)


def save(uow: UnitOfWork, part: Part, found: Persons, version: int) -> set[str]:
    """Write down what is new; returns the ids of persons who lost or won an identifier."""
    lowest = np.full(int(found.cluster.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, found.cluster[part.inside], part.ids[part.inside])
    rows: list[dict[str, object]] = []
    changed: set[str] = set()
    for at in np.flatnonzero(part.inside).tolist():
        head = int(found.head[at])
        settled = part.graph.settled[head] >= 0
        person = part.people[head] if settled else person_id(part.kinds[head], part.values[head])
        cluster, blocked = int(lowest[found.cluster[at]]), REASONS[int(found.blocked[at])]
        if (person, cluster, blocked) == (part.people[at], int(part.clusters[at]), part.blocked[at]):
            continue
        rows.append({"id": int(part.ids[at]), "person_id": person, "cluster": cluster, "blocked": blocked})
        if person != part.people[at]:
            changed |= {person, part.people[at]}
    if rows:
        uow.conn.execute(_SAVE, {"rows": msgspec.json.encode(rows).decode(), "version": version})
    return changed


def _listed(ids: Collection[int]) -> str:
    return ",".join(map(str, ids))


def _settled(people: Sequence[str], outside: Bools) -> Ints:
    """(node,) a number by person for nodes that lie outside and keep theirs; -1 for the others."""
    numbers: dict[str, int] = {}
    return np.array(
        [
            numbers.setdefault(person, len(numbers)) if far else -1
            for person, far in zip(people, outside, strict=True)
        ],
        np.int64,
    )


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
