"""The log of edges: what was seen, cut and restored; and the identifiers that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from shengeng.sense.identity.contracts import Edge
from shengeng.sense.identity.store.tables import edges, nodes, rules
from shengeng.storage.rows import UnitOfWork

_LOCK = "sense.identity"
_AT_ONCE = 100_000  # edges in one statement
# After as many new edges the planner's own statistics would come too late: it would scan for ten of them.
_MANY = 10_000
# Rows come as one JSON text: a parameter for each value would take ten times as long.
_SENT = """json_to_recordset(cast(:sent as json)) as u(kind_a text, value_a text, kind_b text, value_b text,
  source text, occurred_at timestamptz, evidence jsonb)"""
_NODES = sa.text(f"""
    insert into identity_nodes (kind, value, person_id, cluster, version)
    select kind, value,
      case kind when 'customer' then value when 'anonymous' then 'anon:' || value
        else kind || ':' || value end,
      -1, 0
    from (select kind_a as kind, value_a as value from {_SENT}
          union select kind_b, value_b from {_SENT}) as named
    on conflict (kind, value) do nothing
""")  # noqa: S608  (the text is ours)
_EDGES = sa.text(f"""
    insert into identity_edges (a, b, act, source, occurred_at, evidence, observed_at)
    select a.id, b.id, 'seen', u.source, u.occurred_at, u.evidence, :now
    from {_SENT}
    join identity_nodes a on a.kind = u.kind_a and a.value = u.value_a
    join identity_nodes b on b.kind = u.kind_b and b.value = u.value_b
    where not exists (select from identity_edges e where e.a = a.id and e.b = b.id and e.act = 'seen'
                      and e.source = u.source and e.occurred_at <= u.occurred_at)
    returning a, b
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Pair:
    """An edge's ends as nodes, and whether it is cut now."""

    a: int
    b: int
    cut: bool


def hold(uow: UnitOfWork, most_customers: int) -> tuple[int, int]:
    """Be the only one who changes persons until the transaction ends; the limit they rest on, and a new
    version of them."""
    uow.lock(_LOCK)
    c = rules.c
    moved = sa.update(rules).values(version=c.version + 1).returning(c.most_customers, c.version)
    row = uow.conn.execute(moved).one_or_none()
    if row is None:
        uow.conn.execute(sa.insert(rules).values(id=1, most_customers=most_customers, version=1))
        return most_customers, 1
    return row.most_customers, row.version


def limit_kept(uow: UnitOfWork) -> int | None:
    """The limit that persons rest on; None before the first edge."""
    return uow.conn.execute(sa.select(rules.c.most_customers)).scalar()


def keep_limit(uow: UnitOfWork, most_customers: int) -> None:
    """Persons rest on this limit from now on."""
    uow.conn.execute(sa.update(rules).values(most_customers=most_customers))


def add(uow: UnitOfWork, seen: Sequence[Edge], now: datetime) -> list[int]:
    """Write down what is new: a pair that a source has not shown yet, or not as early. Returns its nodes."""
    touched: set[int] = set()
    for start in range(0, len(seen), _AT_ONCE):
        sent = msgspec.json.encode(seen[start : start + _AT_ONCE]).decode()
        uow.conn.execute(_NODES, {"sent": sent})
        _count_again(uow, nodes, len(seen))
        for a, b in uow.conn.execute(_EDGES, {"sent": sent, "now": now}):
            touched |= {a, b}
        _count_again(uow, edges, len(seen))
    return sorted(touched)


def _count_again(uow: UnitOfWork, table: sa.Table, added: int) -> None:
    if added >= _MANY:
        uow.conn.execute(sa.text(f"analyze {table.name}"))


def pair(uow: UnitOfWork, edge_id: int) -> Pair | None:
    """The ends of an edge by the id of an observation, and how it stands."""
    c = edges.c
    row = uow.conn.execute(sa.select(c.a, c.b).where(c.id == edge_id, c.act == "seen")).one_or_none()
    if row is None:
        return None
    done = sa.select(c.act).where(c.a == row.a, c.b == row.b, c.act != "seen").order_by(c.id.desc()).limit(1)
    return Pair(row.a, row.b, uow.conn.execute(done).scalar() == "cut")


def act(uow: UnitOfWork, which: Pair, *, what: str, by: str, why: str, now: datetime) -> None:
    """Write down that somebody cut or restored an edge."""
    row = {"a": which.a, "b": which.b, "act": what, "source": by, "occurred_at": now, "observed_at": now}
    uow.conn.execute(sa.insert(edges).values(evidence={"why": why}, **row))


def neighbours(uow: UnitOfWork, of: Sequence[int]) -> set[int]:
    """Nodes that an edge was ever seen with one of these."""
    c = edges.c
    there = sa.select(c.b).where(c.a == sa.any_(sa.literal(list(of), sa.ARRAY(sa.BigInteger))))
    back = sa.select(c.a).where(c.b == sa.any_(sa.literal(list(of), sa.ARRAY(sa.BigInteger))))
    return set(uow.conn.execute(there.union(back)).scalars())


def every_node(uow: UnitOfWork) -> list[int]:
    """All nodes."""
    return list(uow.conn.execute(sa.select(nodes.c.id)).scalars())


def shared(uow: UnitOfWork, of: Sequence[int]) -> list[int]:
    """Those of these nodes that merge nothing because they are shared."""
    c = nodes.c
    among = c.id == sa.any_(sa.literal(list(of), sa.ARRAY(sa.BigInteger)))
    return list(uow.conn.execute(sa.select(c.id).where(among, c.blocked == "shared")).scalars())
