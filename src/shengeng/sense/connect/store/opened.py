"""A canonical folder as tables, without a database: for backtests and for looking before importing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis.expr.types as ir

from shengeng.sense.connect.contracts import COMPLETE_JOURNEY, DATASETS, Folder
from shengeng.sense.connect.store import complete_journey, staging
from shengeng.storage.engine import Engine, LakeBackend, nullable
from shengeng.storage.progress import Silent


@contextmanager
def opened(
    source: str | Path, timezone: str | None, currency: str | None, memory_limit: str, threads: int
) -> Iterator[Folder]:
    """The folder read once into a temporary place, gone when the context closes."""
    shop = staging.shop_of(source, timezone, currency)
    with tempfile.TemporaryDirectory(prefix="shengeng-") as temporary:
        place = Path(temporary)
        engine = Engine(place / "spill", memory_limit, threads)
        try:
            backend = engine.backend
            staged = staging.stage(backend, source, shop, place, import_id="", progress=Silent())
            yield Folder(
                name=shop.name,
                timezone=shop.timezone,
                currency=shop.currency,
                lines=_lines(backend, staged, place),
                products=_table(backend, staged, "products"),
                customers=_table(backend, staged, "customers"),
                promotions=_promotions(backend, staged),
                touches=_table(backend, staged, "touches"),
                redemptions=_table(backend, staged, "redemptions"),
                reviews=_table(backend, staged, "reviews"),
                data_hash=staged.data_hash,
                rows=staged.files["orders"].rows,
                rejected=staged.files["orders"].rejected,
            )
        finally:
            engine.close()


def _lines(backend: LakeBackend, staged: staging.Staged, place: Path) -> ir.Table:
    lines = staging.numbered(staged.good(backend, "orders"))
    path = place / "lines.parquet"
    staging.write(backend, lines.order_by(["customer_id", "ordered_at", "order_id", "line_no"]), path)
    return backend.read_parquet(path)


def _promotions(backend: LakeBackend, staged: staging.Staged) -> ir.Table:
    if staged.shop.source == COMPLETE_JOURNEY:
        return complete_journey.promotions(backend)
    return _table(backend, staged, "promotions")


def _table(backend: LakeBackend, staged: staging.Staged, name: str) -> ir.Table:
    schema = DATASETS[name]
    if name not in staged.files:
        return backend.create_table(f"no_{name}", schema=nullable(schema), temp=True)
    return staged.good(backend, name).select(*schema.names)
