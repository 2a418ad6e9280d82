"""Persons as a table that joins with facts: what the lake was given last, and what moved since then."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from shengeng.sense.identity.contracts import KINDS, RESOLVED, person_id
from shengeng.sense.identity.store.tables import nodes, rules
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

DATASET = "persons"
# More moved persons than this are given to the lake; fewer are read from rows with every question.
MOST_LOOSE = 2_000


def resolved(lake: Lake, kinds: Collection[str] = KINDS) -> ir.Table | None:
    """RESOLVED of some kinds; None where every identifier is what it says by itself."""
    with lake.beside() as conn:
        given = _given(conn)
        moved = _moved(conn, given, kinds)
    base = _base(lake, given, kinds)
    if not moved.num_rows:
        return base
    loose = lake.memtable(moved)
    told = loose.filter(loose.told).select(*RESOLVED.names)
    if base is None:
        return told if _any(moved) else None
    return base.anti_join(loose, ["kind", "value"]).union(told)


def nothing(lake: Lake) -> ir.Table:
    """RESOLVED without a row."""
    return lake.memtable(_moved_table([]).select(RESOLVED.names))


def loose(uow: UnitOfWork) -> int:
    """How many persons moved since the lake was given them."""
    wanted = sa.select(sa.func.count()).where(nodes.c.version > _given(uow.conn))
    return int(uow.conn.execute(wanted).scalar_one())


def any_given(uow: UnitOfWork) -> bool:
    """Whether the lake holds persons."""
    return _given(uow.conn) > 0


def version(uow: UnitOfWork) -> int:
    """Counts the changes of persons; 0 before the first."""
    return int(uow.conn.execute(sa.select(rules.c.version)).scalar() or 0)


def give(uow: UnitOfWork, lake: Lake) -> int:
    """Give the lake everybody who is not what they say by themselves; returns the rows.

    Whoever moves meanwhile has a later version than the partition is called after, and is read from rows.
    """
    c = nodes.c
    version = uow.conn.execute(sa.select(rules.c.version)).scalar()
    if version is None:
        return 0
    rows = uow.conn.execute(sa.select(c.kind, c.value, c.person_id).where(c.version.between(1, version)))
    table = _told([tuple(row) for row in rows.all()])
    for partition in lake.partitions(uow, DATASET):
        lake.remove(uow, DATASET, partition=partition)
    for kind in KINDS:
        mine = table.filter(pc.equal(table["kind"], kind)).sort_by("value")
        lake.replace(uow, DATASET, mine, partition=f"{version:020d}/{kind}")
    return int(table.num_rows)


def follow(lake: Lake, facts: ir.Table) -> ir.Table:
    """Facts under the person that each customer_id is; the same table where nobody moved."""
    found = resolved(lake, ["customer"])
    if found is None:
        return facts
    to = found.select(__of=found.value, __person=found.person_id)
    joined = facts.left_join(to, facts.customer_id == to["__of"])
    moved = joined.mutate(customer_id=ibis.coalesce(joined["__person"], joined.customer_id))
    return moved.select(*facts.columns)


def _given(conn: sa.Connection) -> int:
    """The version of persons that the lake holds; 0 for none."""
    listed = sa.text("select max(partition) from lake_files where dataset = :name and removed is null")
    newest: str | None = conn.execute(listed, {"name": DATASET}).scalar()
    return int(newest.split("/")[0]) if newest else 0


def _moved(conn: sa.Connection, given: int, kinds: Collection[str]) -> pa.Table:
    c = nodes.c
    wanted = sa.select(c.kind, c.value, c.person_id).where(c.version > given, c.kind.in_(sorted(kinds)))
    return _moved_table([tuple(row) for row in conn.execute(wanted)])


def _moved_table(rows: list[tuple[str, ...]]) -> pa.Table:
    """RESOLVED with columns that may be null; told: whether it is not what the identifier says itself."""
    schema = pa.schema([*(field.with_nullable(True) for field in RESOLVED), ("told", pa.bool_())])
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []]
    told = [person != person_id(kind, value) for kind, value, person in rows]
    return pa.table([*columns, told], schema=schema)


def _any(moved: pa.Table) -> bool:
    return True in moved["told"].to_pylist()


def _told(rows: list[tuple[str, ...]]) -> pa.Table:
    told = [row for row in rows if row[2] != person_id(row[0], row[1])]
    columns = [list(column) for column in zip(*told, strict=True)] if told else [[], [], []]
    return pa.table(columns, schema=RESOLVED)


def _base(lake: Lake, given: int, kinds: Collection[str]) -> ir.Table | None:
    if not given:
        return None
    names = [f"{given:020d}/{kind}" for kind in sorted(kinds)]
    return lake.table(DATASET, partitions=names, schema=RESOLVED).select(*RESOLVED.names)
