"""What becomes of each staged order, worked out in bounded steps.

An order is the same when its lines are the same, in whatever order the file holds them: the sum of its
lines' digests is compared with the sum over the lines that the lake holds. Nothing about earlier imports is
remembered beside the lines themselves, so nothing can disagree with them (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from shengeng.sense.connect.contracts import LINES
from shengeng.sense.connect.store import staging
from shengeng.sense.connect.store.staging import DIGEST, Staged
from shengeng.storage.engine import LakeBackend
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

SHARE_LINES = 2_000_000  # lines whose orders are compared with the lake's at a time
PIECE_LINES = 125_000  # lines that are sorted at a time; 33 columns of them take about 70 MB
_SUM = dt.Decimal(38, 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Orders of one partition that are written together: the days and the buyers that their lines lie in."""

    orders: ir.Table
    first: date
    last: date
    buyer: str | None  # the lowest and the highest customer_id, where any line has one
    last_buyer: str | None
    guests: bool  # whether any line has none

    def near(self, lines: ir.Table) -> ir.BooleanValue:
        """Lines that may belong here: a scan tells them faster than a join."""
        buyer = ibis.literal(False)
        if self.buyer is not None:
            buyer = lines.customer_id.between(ibis.literal(self.buyer), ibis.literal(self.last_buyer))
        if self.guests:
            buyer = buyer | lines.customer_id.isnull()
        return buyer & lines.local_date.between(ibis.literal(self.first), ibis.literal(self.last))


def plan(
    uow: UnitOfWork,
    lake: Lake,
    staged: Staged,
    folder: Path,
    until: date | None,
    *,
    months: Collection[str] | None = None,
) -> ir.Table:
    """Each staged order: the same, or written to a partition, and where it stood before.

    months: look for where they stood only in these; everywhere without them.
    """
    backend, source = lake.connection, staged.shop.source
    places = _places(uow, lake, source, months)
    new, stored = staged.good(backend, "orders"), _stored(lake, places, folder)
    shares = -(-staged.files["orders"].rows // SHARE_LINES) or 1
    paths = [folder / f"plan-{share}.parquet" for share in range(shares)]
    for share, path in enumerate(paths):
        mine, old = (t.filter((t.order_id.hash() % shares).abs() == share) for t in (new, stored))
        staging.write(backend, _compared(_orders(mine), old, source, until), path)
    return backend.read_parquet(paths)


def pieces(
    backend: LakeBackend, changed: ir.Table, dataset: str, partition: str, folder: Path
) -> list[Piece]:
    """The changed orders that come to a partition in pieces of about PIECE_LINES, by buyer."""
    here = changed.filter((changed.dataset == dataset) & (changed.partition == partition))
    so_far = here.lines.sum().over(ibis.window(order_by=["buyer", "order_id"], rows=(None, 0)))
    path = folder / "pieces.parquet"
    staging.write(backend, here.mutate(piece=(so_far - 1).cast("int64") // PIECE_LINES), path)
    orders = backend.read_parquet(path)
    found = orders.group_by("piece").aggregate(
        first=orders["first"].min(),
        last=orders["last"].max(),
        buyer=orders.buyer.min(),
        last_buyer=orders.last_buyer.max(),
        guests=orders.guests.max(),
    )
    rows = backend.to_pyarrow(found.order_by("piece")).to_pylist()
    return [Piece(orders.filter(orders.piece == row.pop("piece")), **row) for row in rows]


def _orders(lines: ir.Table) -> ir.Table:
    """One row an order: what its lines add up to, its local days and its buyer."""
    return lines.group_by("order_id").aggregate(
        content=lines[DIGEST].cast(_SUM).sum().cast("string"),
        lines=lines.count(),
        first=lines.local_date.min(),
        last=lines.local_date.max(),
        buyer=lines.customer_id.min(),
        last_buyer=lines.customer_id.max(),
        guests=lines.customer_id.isnull().max(),
    )


def _places(
    uow: UnitOfWork, lake: Lake, source: str, months: Collection[str] | None
) -> list[tuple[str, str]]:
    """Dataset and partition wherever orders of a source stand or wait, or only those of some months."""
    places = [(name, p) for name in ("lines", "feed") for p in lake.partitions(uow, name)]
    ours = [place for place in places if place[1].startswith(f"{source}/")]
    return [place for place in ours if months is None or place[1].split("/")[1][:7] in months]


def _stored(lake: Lake, places: Sequence[tuple[str, str]], folder: Path) -> ir.Table:
    """What each order adds up to that the lake holds; one partition at a time, for an order lies in one."""
    nothing = ("lines", "")  # gives the columns when the lake holds nothing yet
    paths: list[Path] = []
    for dataset, partition in [nothing, *places]:
        lines = staging.with_digest(lake.table(dataset, partitions=[partition], schema=LINES))
        orders = _orders(lines).select("order_id", "content", "lines")
        paths.append(folder / f"stored-{len(paths)}.parquet")
        found = orders.mutate(dataset=ibis.literal(dataset), partition=ibis.literal(partition))
        staging.write(lake.connection, found, paths[-1])
    return lake.connection.read_parquet(paths)


def _compared(new: ir.Table, stored: ir.Table, source: str, until: date | None) -> ir.Table:
    old = stored.rename(lambda name: f"old_{name}")
    both = new.left_join(old, new.order_id == old.old_order_id)
    # What has arrived stays arrived, whatever day an earlier import was cut at.
    waits = both.old_dataset.fill_null("feed") == "feed"
    waits = waits & (both["first"] > until) if until is not None else ibis.literal(False)
    dataset = waits.ifelse("feed", "lines")
    same = (both.content == both.old_content) & (both.lines == both.old_lines) & (dataset == both.old_dataset)
    return both.select(
        *new.columns,
        same=same.fill_null(False),
        dataset=dataset,
        partition=_partition_name(source, dataset, both["first"]),
        old_dataset=both.old_dataset,
        old_partition=both.old_partition,
    )


def _partition_name(source: str, dataset: ir.StringValue, day: ir.DateValue) -> ir.StringValue:
    """Lines by month; what waits by the Monday of its week, because it arrives day by day."""
    monday = day.truncate("W").strftime("%Y-%m-%d")
    name: ir.StringValue = ibis.literal(f"{source}/") + (dataset == "feed").ifelse(
        monday, day.strftime("%Y-%m")
    )
    return name
