"""Everybody the shop knows, and their facts laid out for sequences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from shengeng.decide.audiences.contracts import People
from shengeng.decide.audiences.contracts.language import What
from shengeng.decide.audiences.store import matching
from shengeng.kernel.units import Ints

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  naive local time of the shop, like the facts


def everybody(tables: Sequence[ir.Table]) -> People:
    """Everybody in the column person_id of any of these tables, by id."""
    found = tables[0].select("person_id").distinct()
    for table in tables[1:]:
        found = found.union(table.select("person_id"), distinct=True)
    ids = found.filter(found.person_id.notnull()).order_by("person_id").to_pyarrow()["person_id"]
    return People(ids.combine_chunks())


BYTES_A_FACT = 60  # of a layout while it is made: what the lake hands over, and both orders of it


def count(tables: Sequence[ir.Table]) -> int:
    """Facts in all of these tables: what a layout cannot be larger than."""
    return sum(int(table.count().to_pyarrow().as_py()) for table in tables)


def laid(
    facts: Sequence[ir.Table], products: ir.Table, whats: Sequence[What], people: People
) -> tuple[Ints, Ints, np.ndarray]:
    """Of every fact that any step asks for: place of the person, microseconds of local time, bits of steps.

    facts: orders and events, as far as they are asked for.
    """
    index = ibis.memtable(
        pa.table({"person_id": people.ids, "place": np.arange(len(people), dtype=np.int64)})
    )
    parts = []
    for table in facts:
        marked = matching.marked(table, products, whats)
        bits = sum(
            (marked[f"w{place}"].ifelse(1 << place, 0) for place in range(len(whats))), ibis.literal(0)
        )
        sales = marked.mutate(bits=bits).filter(marked.sale)
        parts.append(sales.inner_join(index, "person_id").select("place", "at", "bits"))
    rows = (parts[0] if len(parts) == 1 else ibis.union(*parts)).to_pyarrow()
    return (
        rows["place"].to_numpy().astype(np.int64, copy=False),
        micros(rows["at"]),
        rows["bits"].to_numpy().astype(np.uint8),
    )


def micros(moments: pa.ChunkedArray) -> Ints:
    """Naive local moments as microseconds since 1970, as they compare; null is the lowest."""
    found = moments.cast(pa.timestamp("us")).cast(pa.int64()).fill_null(np.iinfo(np.int64).min)
    return np.asarray(found.to_numpy(), np.int64)


def micros_of(moment: datetime) -> int:
    """One naive local moment likewise."""
    span = moment - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def moment_of(value: int) -> datetime:
    """And back."""
    return _EPOCH + timedelta(microseconds=value)
