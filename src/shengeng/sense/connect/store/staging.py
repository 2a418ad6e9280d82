"""From a source to staged Parquet files of normalised rows and named faults; nothing of the shop is touched.

Every row passes once, in a stream: memory does not grow with the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect.contracts import COMPLETE_JOURNEY, DATASETS, LINES
from shengeng.sense.connect.store import catalogue, complete_journey, folder, orders
from shengeng.sense.connect.store.csv import FAULT
from shengeng.sense.connect.store.folder import Shop
from shengeng.sense.connect.store.orders import Terms
from shengeng.storage.engine import EngineError, LakeBackend
from shengeng.storage.progress import Progress

DIGEST = "__digest"
BATCH_ROWS = 25_000  # 100,000 took 90 MB more memory and no less time
# A line is the same line when all of this is the same: everything but its number and the import it came by.
_CONTENT = [name for name in LINES.names if name not in ("source", "line_no", "local_date", "import_id")]
# A file's share of the work, by its table; orders are nearly all of it.
_SHARES = {
    "orders": 0.8,
    "products": 0.85,
    "customers": 0.9,
    "promotions": 0.95,
    "touches": 0.97,
    "redemptions": 0.98,
    "reviews": 0.99,
    "spend": 1.0,
}


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file of the source, read: its rows by dataset columns, faults among them."""

    dataset: str
    file: str
    path: Path
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A whole source, read and checked."""

    shop: Shop
    files: Mapping[str, StagedFile]  # by canonical name: orders, products, ...
    data_hash: str

    def good(self, backend: LakeBackend, name: str) -> ir.Table:
        """The rows that were taken, as their dataset has them; lines have DIGEST and no line_no yet."""
        table = backend.read_parquet(self.files[name].path)
        return table.filter(table[FAULT] == 0)


def shop_of(source: str | Path, timezone: str | None, currency: str | None) -> Shop:
    """What the source says of its shop, or the options given instead."""
    if str(source) == COMPLETE_JOURNEY:
        found = complete_journey.SHOP
        return Shop(found.name, found.source, timezone or found.timezone, currency or found.currency, True)
    return folder.shop(Path(source), timezone, currency)


def stage(
    backend: LakeBackend, source: str | Path, shop: Shop, staging: Path, *, import_id: str, progress: Progress
) -> Staged:
    """Read every file of a source into `staging`; refuses before anything is read when a header is wrong."""
    terms = Terms(shop.source, shop.timezone, shop.currency, shop.all_paid, import_id)
    packaged = str(source) == COMPLETE_JOURNEY
    if packaged:
        found = {name: complete_journey.path(file) for name, file in complete_journey.FILES.items()}
    else:
        found = folder.files(Path(source))
    staging.mkdir(parents=True, exist_ok=True)
    done = {}
    for name, file in found.items():
        progress.check()
        done[name] = _staged(backend, name, file, terms, staging, packaged=packaged)
        progress.step("import.read", _SHARES[name])
    return Staged(shop, done, folder.content_hash(list(found.values())))


def stage_file(
    backend: LakeBackend, name: str, file: Path, shop: Shop, staging: Path, *, import_id: str = ""
) -> Staged:
    """Read one canonical file that came on its own; refused like the same file of a folder."""
    folder.check_header(name, file)
    terms = Terms(shop.source, shop.timezone, shop.currency, shop.all_paid, import_id)
    done = {name: _staged(backend, name, file, terms, staging, packaged=False)}
    return Staged(shop, done, folder.content_hash([file]))


def _staged(
    backend: LakeBackend, name: str, file: Path, terms: Terms, staging: Path, *, packaged: bool
) -> StagedFile:
    try:
        raw = complete_journey.raw(backend, name) if packaged else folder.raw(backend, file, staging)
        path = staging / f"{name}.parquet"
        rows, rejected = write(backend, _normalised(name, raw, terms), path)
    except (EngineError, pa.ArrowException) as error:
        raise folder.damaged(file.name, error) from error
    except ShopError as error:  # the engine takes every file that it cannot read for one of the lake's
        if Path(str(error.params.get("path"))) == file:
            raise folder.damaged(file.name, error.__cause__ or error) from error
        raise
    return StagedFile("lines" if name == "orders" else name, file.name, path, rows, rejected)


def _normalised(name: str, raw: ir.Table, terms: Terms) -> ir.Table:
    if name != "orders":
        return catalogue.normalise(name, raw, terms)
    return with_digest(orders.normalise(raw, terms))


def write(backend: LakeBackend, rows: ir.Table, path: Path) -> tuple[int, int]:
    """Stream rows into a Parquet file; returns how many, and how many of them have a fault."""
    reader = backend.to_pyarrow_batches(rows, chunk_size=BATCH_ROWS)
    count = faulty = 0
    with pq.ParquetWriter(path, reader.schema, compression="lz4") as writer:
        for batch in reader:
            writer.write_batch(batch)
            count += batch.num_rows
            if FAULT in batch.schema.names:
                faulty += int((batch.column(FAULT).to_numpy(zero_copy_only=False) != 0).sum())
    return count, faulty


def with_digest(lines: ir.Table) -> ir.Table:
    """Lines with a number of 64 bits for their content; never stored, so it may change with the engine."""
    return lines.mutate(**{DIGEST: ibis.struct({name: lines[name] for name in _CONTENT}).hash()})


def numbered(lines: ir.Table) -> ir.Table:
    """Lines in the columns of their schema, numbered within their order by content and not by file order."""
    place = ibis.row_number().over(group_by="order_id", order_by=DIGEST)
    table = lines.mutate(line_no=(place + 1).cast("int32"))
    return table.select(*DATASETS["lines"].names)


def clear(staging: Path) -> None:
    """Remove a staging folder, whatever is in it."""
    shutil.rmtree(staging, ignore_errors=True)
