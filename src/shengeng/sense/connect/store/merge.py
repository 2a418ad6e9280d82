"""Staged rows into the lake: only what is new or changed is written, month by month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from shengeng.sense.connect.contracts import COMPLETE_JOURNEY, DATASETS, LINES
from shengeng.sense.connect.store import catalogue, complete_journey, planning, staging
from shengeng.sense.connect.store.planning import Piece
from shengeng.sense.connect.store.staging import BATCH_ROWS, Staged
from shengeng.storage.engine import LakeBackend
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork

_PROMOTION_SHARES = 16
SORTED_BY = ("customer_id", "ordered_at", "order_id", "line_no")


@dataclass(frozen=True, slots=True)
class Merged:
    """What the lake took of the orders: lines that stood there already, share of orders with a buyer."""

    unchanged: int
    share_identified: float | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a dataset took of a file: rows that said nothing new; keys new, changed and as they were."""

    unchanged: int
    added: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A partition that changes: whether staged orders come to it, whether orders that stood there leave."""

    dataset: str
    partition: str
    gains: bool
    loses: bool


def lines(
    uow: UnitOfWork,
    lake: Lake,
    staged: Staged,
    folder: Path,
    *,
    until: date | None,
    progress: Progress,
    months: Collection[str] | None = None,
) -> Merged:
    """Bring the staged lines into `lines`; orders of local days after `until` go to `feed`.

    months: the only ones in which these orders can stand already ("2025-06"); anywhere without them.

    However large the file, no step holds more than SHARE_LINES, PIECE_LINES or one partition's orders.
    """
    inside = lake.inside(uow)
    backend = inside.connection
    good = staged.good(backend, "orders")
    plan = planning.plan(uow, inside, staged, folder, until, months=months)
    counted = backend.to_pyarrow(
        plan.aggregate(
            unchanged=plan.lines.sum(where=plan.same).fill_null(0),
            identified=plan.buyer.count(),
            orders=plan.count(),
        )
    ).to_pylist()[0]
    changed = plan.filter(~plan.same)
    parts = _parts(backend, changed)
    for done, part in enumerate(parts):
        progress.check()
        if part.loses:
            _take_out(uow, inside, changed, part)
        if part.gains:
            new = _sorted(
                backend, good, planning.pieces(backend, changed, part.dataset, part.partition, folder)
            )
            inside.append(uow, part.dataset, new, partition=part.partition)
        progress.step("import.write", (done + 1) / len(parts))
    orders = counted["orders"]
    return Merged(int(counted["unchanged"]), counted["identified"] / orders if orders else None)


def table(uow: UnitOfWork, lake: Lake, staged: Staged, name: str) -> Taken:
    """Bring one of the other files into its dataset: of a key the newest word wins."""
    inside = lake.inside(uow)
    schema, key = DATASETS[name], catalogue.SHEETS[name].key
    partition = staged.shop.source if "source" in schema.names else ""
    new = catalogue.by_key(name, staged.good(inside.connection, name))
    old = inside.table(name, partitions=[partition], schema=schema).select(*schema.names)
    taken = _taken(inside.connection, new, old, key)
    if taken.added or taken.changed:
        kept = old.anti_join(new, _equal(old, new, key))
        rows = new.select(*schema.names).union(kept).order_by(*key)
        _put(uow, inside, name, partition, inside.connection.to_pyarrow_batches(rows))
    return taken


def _taken(backend: LakeBackend, new: ir.Table, old: ir.Table, key: Sequence[str]) -> Taken:
    known = new.semi_join(old, _equal(new, old, key))
    same = new.semi_join(old, _equal(new, old, old.columns))
    keys, stood = (int(backend.to_pyarrow(table.count()).as_py()) for table in (new, known))
    found = same.aggregate(rows=same[catalogue.ROWS].sum().fill_null(0), keys=same.count())
    [told] = backend.to_pyarrow(found).to_pylist()
    return Taken(int(told["rows"]), keys - stood, stood - told["keys"], told["keys"])


def promotions(uow: UnitOfWork, lake: Lake, progress: Progress) -> int:
    """The Complete Journey's promotion runs, a share of the products at a time so that memory stays small."""
    inside = lake.inside(uow)
    if any(p.startswith(f"{COMPLETE_JOURNEY}/") for p in inside.partitions(uow, "promotions")):
        return 0
    rows = 0
    for share in range(_PROMOTION_SHARES):
        progress.check()
        runs = complete_journey.promotions(inside.connection, share, _PROMOTION_SHARES)
        stream = inside.connection.to_pyarrow_batches(runs.order_by("product_id", "store_id", "starts_on"))
        rows += inside.replace(uow, "promotions", stream, partition=f"{COMPLETE_JOURNEY}/{share:02d}")
        progress.step("import.promotions", (share + 1) / _PROMOTION_SHARES)
    return rows


def last_day(lake: Lake, uow: UnitOfWork, dataset: str) -> date | None:
    """The newest local day of the lines that have arrived ("lines") or wait ("feed")."""
    table = lake.inside(uow).table(dataset, schema=LINES)
    found: date | None = lake.connection.to_pyarrow(table.local_date.max()).as_py()
    return found


def _parts(backend: LakeBackend, changed: ir.Table) -> list[_Part]:
    gaining = changed.select("dataset", "partition").distinct()
    left = changed.filter(changed.old_dataset.notnull())
    losing = left.select(dataset=left.old_dataset, partition=left.old_partition).distinct()
    gains, loses = (
        {(row["dataset"], row["partition"]) for row in backend.to_pyarrow(table).to_pylist()}
        for table in (gaining, losing)
    )
    return [_Part(*which, which in gains, which in loses) for which in sorted(gains | loses)]


def _take_out(uow: UnitOfWork, lake: Lake, changed: ir.Table, part: _Part) -> None:
    """The partition without the older versions of changed orders; what stays keeps its order."""
    old = changed.filter((changed.old_dataset == part.dataset) & (changed.old_partition == part.partition))
    rows = lake.table(part.dataset, partitions=[part.partition], schema=LINES).select(*LINES.names)
    kept = lake.connection.to_pyarrow_batches(rows.anti_join(old, "order_id"))
    _put(uow, lake, part.dataset, part.partition, kept)


def _sorted(backend: LakeBackend, good: ir.Table, pieces: Sequence[Piece]) -> pa.RecordBatchReader:
    """The lines of the pieces, one piece after the other, each sorted as a whole."""

    def stream() -> Iterator[pa.RecordBatch]:
        for piece in pieces:
            lines = staging.numbered(good.filter(piece.near(good)).semi_join(piece.orders, "order_id"))
            yield from backend.to_pyarrow_batches(lines.order_by(*SORTED_BY), chunk_size=BATCH_ROWS)

    return pa.RecordBatchReader.from_batches(staging.numbered(good).schema().to_pyarrow(), stream())


def _put(uow: UnitOfWork, lake: Lake, dataset: str, partition: str, rows: pa.RecordBatchReader) -> None:
    if not lake.replace(uow, dataset, rows, partition=partition):
        lake.remove(uow, dataset, partition=partition)


def _equal(left: ir.Table, right: ir.Table, names: Sequence[str]) -> list[ir.BooleanValue]:
    return [left[name].identical_to(right[name]) for name in names]
