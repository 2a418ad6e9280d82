"""Staged rows into the lake: only what is new or changed is written, month by month.

An order is the same when its lines are the same, in whatever order the file holds them: the sum of its
lines' digests is compared with the sum over the lines that the lake holds. Nothing about earlier imports is
remembered beside the lines themselves, so nothing can disagree with them (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from shengeng.sense.connect.contracts import COMPLETE_JOURNEY, DATASETS, LINES
from shengeng.sense.connect.store import catalogue, complete_journey, staging
from shengeng.sense.connect.store.staging import DIGEST, Staged
from shengeng.storage.engine import LakeBackend
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork

_PROMOTION_SHARES = 16
SORTED_BY = ("customer_id", "ordered_at", "order_id", "line_no")
_SUM = dt.Decimal(38, 0)


@dataclass(frozen=True, slots=True)
class Merged:
    """What the lake took of the orders: lines that stood there already, share of orders with a buyer."""

    unchanged: int
    share_identified: float | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A partition that is written anew, and the days that its staged lines lie in."""

    dataset: str
    partition: str
    first: date | None
    last: date | None


def lines(
    uow: UnitOfWork, lake: Lake, staged: Staged, folder: Path, *, until: date | None, progress: Progress
) -> Merged:
    """Bring the staged lines into `lines`; orders of local days after `until` go to `feed`."""
    inside = lake.inside(uow)
    backend = inside.connection
    source = staged.shop.source
    good = staged.good(backend, "orders")
    plan_path = folder / "plan.parquet"
    staging.write(backend, _plan(uow, inside, _orders(good), source, until), plan_path)
    plan = backend.read_parquet(plan_path)
    counted = backend.to_pyarrow(
        plan.aggregate(
            unchanged=plan.lines.sum(where=plan.same).fill_null(0),
            identified=plan.identified.sum().fill_null(0),
            orders=plan.count(),
        )
    ).to_pylist()[0]
    changed = plan.filter(~plan.same)
    parts = _parts(backend, changed)
    for done, part in enumerate(parts):
        progress.check()
        rows = _partition(uow, inside, good, changed, part).order_by(*SORTED_BY)
        _put(uow, inside, part.dataset, part.partition, backend.to_pyarrow_batches(rows))
        progress.step("import.write", (done + 1) / len(parts))
    orders = counted["orders"]
    return Merged(int(counted["unchanged"]), counted["identified"] / orders if orders else None)


def table(uow: UnitOfWork, lake: Lake, staged: Staged, name: str) -> int:
    """Bring one of the other files into its dataset, row by row the newest wins; returns rows unchanged."""
    inside = lake.inside(uow)
    backend = inside.connection
    schema, source = DATASETS[name], staged.shop.source
    new = staged.good(backend, name).select(*schema.names)
    if source not in inside.partitions(uow, name):
        _put(uow, inside, name, source, backend.to_pyarrow_batches(new.order_by(*_key(name))))
        return 0
    old = inside.table(name, partitions=[source], schema=schema).select(*schema.names)
    same = ibis.intersect(new, old, distinct=False)
    unchanged = int(backend.to_pyarrow(same.count()).as_py())
    if unchanged < int(backend.to_pyarrow(new.count()).as_py()):
        kept = old.anti_join(new, [_equal(old[key], new[key]) for key in _key(name)])
        rows = new.union(kept).order_by(*_key(name))
        _put(uow, inside, name, source, backend.to_pyarrow_batches(rows))
    return unchanged


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


def _orders(lines: ir.Table) -> ir.Table:
    """One row an order: what its lines add up to, and its local day."""
    return lines.group_by("order_id").aggregate(
        content=lines[DIGEST].cast(_SUM).sum().cast("string"),
        lines=lines.count(),
        identified=lines.customer_id.notnull().max().cast("int64"),
        day=lines.local_date.min(),
        last=lines.local_date.max(),
    )


def _plan(uow: UnitOfWork, lake: Lake, new: ir.Table, source: str, until: date | None) -> ir.Table:
    """What becomes of each staged order: the same, or written to a partition, and where it stood before."""
    old = _stored(uow, lake, source)
    both = new.left_join(old, new.order_id == old.old_order_id)
    # What has arrived stays arrived, whatever day an earlier import was cut at.
    waits = both.old_dataset.fill_null("feed") == "feed"
    waits = waits & (both.day > until) if until is not None else ibis.literal(False)
    dataset = waits.ifelse("feed", "lines")
    same = (both.content == both.old_content) & (both.lines == both.old_lines) & (dataset == both.old_dataset)
    return both.select(
        "order_id",
        "lines",
        "identified",
        "day",
        "last",
        same=same.fill_null(False),
        dataset=dataset,
        partition=_partition_name(source, dataset, both.day),
        old_dataset=both.old_dataset,
        old_partition=_partition_name(source, both.old_dataset, both.old_day),
    )


def _stored(uow: UnitOfWork, lake: Lake, source: str) -> ir.Table:
    found = []
    for dataset in ("lines", "feed"):
        mine = [p for p in lake.partitions(uow, dataset) if p.startswith(f"{source}/")]
        table = lake.table(dataset, partitions=mine, schema=LINES)
        found.append(_orders(staging.with_digest(table)).mutate(dataset=ibis.literal(dataset)))
    both = found[0].union(found[1])
    return both.rename(lambda name: f"old_{name}")


def _partition_name(source: str, dataset: ir.StringValue, day: ir.DateValue) -> ir.StringValue:
    """Lines by month; what waits by the Monday of its week, because it arrives day by day."""
    monday = day.truncate("W").strftime("%Y-%m-%d")
    name: ir.StringValue = ibis.literal(f"{source}/") + (dataset == "feed").ifelse(
        monday, day.strftime("%Y-%m")
    )
    return name


def _parts(backend: LakeBackend, changed: ir.Table) -> list[_Part]:
    new = changed.group_by("dataset", "partition").aggregate(
        first=changed.day.min(), last=changed["last"].max()
    )
    left = changed.filter(changed.old_dataset.notnull())
    left = left.select(dataset=left.old_dataset, partition=left.old_partition).distinct()
    left = left.anti_join(new, ["dataset", "partition"])
    nothing = ibis.null().cast("date")
    every = new.union(left.mutate(first=nothing, last=nothing)).order_by("dataset", "partition")
    return [_Part(**row) for row in backend.to_pyarrow(every).to_pylist()]


def _partition(uow: UnitOfWork, lake: Lake, good: ir.Table, changed: ir.Table, part: _Part) -> ir.Table:
    """The partition as it will be: what stays of it, and the staged lines that belong there."""
    kept = lake.table(part.dataset, partitions=[part.partition], schema=LINES).select(*LINES.names)
    kept = kept.anti_join(changed, "order_id")
    if part.first is None:
        return kept
    here = changed.filter((changed.dataset == part.dataset) & (changed.partition == part.partition))
    near = good.filter(good.local_date.between(ibis.literal(part.first), ibis.literal(part.last)))
    new = staging.numbered(near.semi_join(here, "order_id"))
    return new.union(kept) if part.partition in lake.partitions(uow, part.dataset) else new


def _put(uow: UnitOfWork, lake: Lake, dataset: str, partition: str, rows: pa.RecordBatchReader) -> None:
    if not lake.replace(uow, dataset, rows, partition=partition):
        lake.remove(uow, dataset, partition=partition)


def _key(name: str) -> Sequence[str]:
    return catalogue.SHEETS[name].key


def _equal(left: ir.Value, right: ir.Value) -> ir.BooleanValue:
    equal: ir.BooleanValue = left.identical_to(right)
    return equal
