"""What others may ask of `connect`: the shop's facts as Ibis tables, folders without a database, imports."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.sense.connect.api.importing import (
    FACTS_LOCK,
    bring_file,
    import_promotions,
    import_source,
    recover,
)
from shengeng.sense.connect.api.live import bring_orders, line_faults
from shengeng.sense.connect.api.personal import erase_person, export_person
from shengeng.sense.connect.api.uploads import keep_upload
from shengeng.sense.connect.contracts import (
    CUSTOMERS,
    DATASETS,
    LINES,
    PRODUCTS,
    PROMOTIONS,
    REDEMPTIONS,
    REVIEWS,
    SPEND,
    TOUCHES,
    Arrived,
    Folder,
    ImportReport,
    Reject,
    Totals,
)
from shengeng.sense.connect.contracts.series import SeriesFile
from shengeng.sense.connect.store import catalogue as sheets
from shengeng.sense.connect.store import feed, imports, rejects
from shengeng.sense.connect.store import totals as sums
from shengeng.sense.connect.store.merge import SORTED_BY
from shengeng.sense.connect.store.opened import opened
from shengeng.sense.connect.store.series import demand_file, opened_series
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue

if TYPE_CHECKING:
    import ibis.expr.types as ir

# A month in more files than this is rewritten by the nightly compaction.
MOST_FILES = 4
__all__ = [
    "bring_file",
    "bring_orders",
    "compact",
    "customers",
    "days_covered",
    "erase_person",
    "export_person",
    "feed_days",
    "import_promotions",
    "import_source",
    "imports_newest",
    "is_fact",
    "keep_upload",
    "line_faults",
    "lines",
    "moved_home",
    "open_folder",
    "open_series",
    "products",
    "promotions",
    "recover",
    "redemptions",
    "rejected",
    "rejects_file",
    "report",
    "reveal",
    "reviews",
    "rows_ahead",
    "search_products",
    "spend",
    "tell_catalogue",
    "totals",
    "touches",
]


def lines(lake: Lake, as_of: date | None = None) -> ir.Table:
    """Order lines (contracts.LINES) of local days up to and including as_of; all of them without it."""
    table = lake.table("lines", schema=LINES)
    return table if as_of is None else table.filter(table.local_date <= as_of)


def products(lake: Lake) -> ir.Table:
    """Products (contracts.PRODUCTS), one row a product."""
    return lake.table("products", schema=PRODUCTS)


def customers(lake: Lake) -> ir.Table:
    """Customers as their sources describe them (contracts.CUSTOMERS); not everybody who ordered is here."""
    return lake.table("customers", schema=CUSTOMERS)


def promotions(lake: Lake) -> ir.Table:
    """Promotions (contracts.PROMOTIONS): product x store x run of days, both ends included."""
    return lake.table("promotions", schema=PROMOTIONS)


def touches(lake: Lake) -> ir.Table:
    """Treatments sent (contracts.TOUCHES), one row a customer and campaign."""
    return lake.table("touches", schema=TOUCHES)


def redemptions(lake: Lake) -> ir.Table:
    """Coupons redeemed (contracts.REDEMPTIONS)."""
    return lake.table("redemptions", schema=REDEMPTIONS)


def reviews(lake: Lake, as_of: date | None = None) -> ir.Table:
    """Reviews (contracts.REVIEWS) written on local days up to and including as_of; all of them without it."""
    table = lake.table("reviews", schema=REVIEWS)
    return table if as_of is None else table.filter(table.local_date <= as_of)


def spend(lake: Lake, as_of: date | None = None) -> ir.Table:
    """Spend (contracts.SPEND) of days up to and including as_of, one row a day, channel and campaign."""
    table = lake.table("spend", schema=SPEND)
    return table if as_of is None else table.filter(table.spent_on <= as_of)


def open_folder(
    path: str | Path,
    *,
    timezone: str | None = None,
    currency: str | None = None,
    memory_limit: str = "1GB",
    threads: int = 2,
) -> AbstractContextManager[Folder]:
    """A canonical folder (or the name "complete-journey") as tables of the published schemas, no database.

    timezone, currency: in place of those of shop.toml. Valid while the context is open; rows that cannot
    be taken are counted in `rejected`. Raises the same refusals as an import.
    """
    return opened(path, timezone, currency, memory_limit, threads)


def open_series(
    path: str | Path, *, memory_limit: str = "1GB", threads: int = 2
) -> AbstractContextManager[SeriesFile] | None:
    """The `demand` file of a canonical folder as a table of series points; None where there is none.

    No database, no orders, no shop.toml: its dates are days of the shop. Raises the refusals of an import
    for a header that lacks a column, two files of the name, a file that cannot be read.
    """
    file = demand_file(path)
    return None if file is None else opened_series(file, memory_limit, threads)


def reveal(stores: Stores, uow: UnitOfWork, day: date) -> Arrived:
    """Let the orders that wait up to and including a local day arrive; again, and nothing is left to move."""
    uow.lock(FACTS_LOCK)
    return feed.reveal(uow, stores.lake, day)


def compact(stores: Stores, progress: Progress) -> int:
    """Rewrite months of lines that arrived in many small files as one sorted file each; returns how many.

    One month is one transaction; the lines stay the same, and a second run finds nothing to do.
    """
    with stores.rows.unit() as uow:
        months = stores.lake.scattered(uow, "lines", most=MOST_FILES)
    for done, month in enumerate(months):
        progress.check()
        progress.step("compact.month", done / len(months))
        with stores.rows.unit() as uow:
            uow.lock(FACTS_LOCK)
            stores.lake.compact(uow, "lines", sort_by=SORTED_BY, partition=month)
    return len(months)


def tell_catalogue(stores: Stores, now: datetime) -> int:
    """Put products that the shop's own catalogue does not know into it, as drafts; returns how many came.

    What stands there is left alone, whoever wrote it, so it may be told again at any time.
    """
    with stores.rows.unit() as uow:
        named = sheets.named(products(stores.lake.inside(uow)))
        return catalogue.take_imported(uow, named, now)


def feed_days(lake: Lake) -> list[date]:
    """Local days on which orders wait to arrive, earliest first."""
    return feed.days(lake)


def totals(lake: Lake) -> Totals:
    """What has arrived, added up: placed, paid, net, orders, buyers, the span of days."""
    return sums.totals(lake)


def days_covered(lake: Lake, dataset: str) -> tuple[date | None, date | None]:
    """The first and last local day that one of our datasets speaks of."""
    return sums.days_covered(lake, dataset)


def rows_ahead(lake: Lake, dataset: str, as_of: date) -> int:
    """Rows of one of our datasets dated after a local day: imported already, not known to the shop yet."""
    return sums.ahead(lake, dataset, as_of)


def is_fact(dataset: str) -> bool:
    """Whether a dataset holds what arrived from outside, and not an estimate of ours."""
    return dataset in DATASETS


def search_products(lake: Lake, text: str, limit: int) -> list[tuple[str, str, str | None]]:
    """(product_id, title, category) of products that a text is found in, the exact number first."""
    return sums.named(lake, text, limit)


def imports_newest(uow: UnitOfWork, limit: int = 50, lang: str = "en") -> list[ImportReport]:
    """The newest imports first."""
    return imports.newest(uow, limit, lang)


def report(uow: UnitOfWork, import_id: UUID, lang: str = "en") -> ImportReport:
    """One import; not_found when there is none of this id."""
    return imports.report(uow, import_id, lang)


def rejects_file(uow: UnitOfWork, import_id: UUID) -> Path | None:
    """Where the rejected rows of an import stand; None when every row was taken or the file was cleared."""
    written = imports.report(uow, import_id).rejects
    return Path(written) if written and Path(written).is_file() else None


def moved_home(stores: Stores) -> None:
    """The home stands elsewhere than before: the imports' books name their files at the new place."""
    with stores.rows.unit() as uow:
        imports.moved(uow, stores.settings)


def rejected(
    uow: UnitOfWork, import_id: UUID, *, lang: str, start: int = 0, limit: int = 50
) -> tuple[list[Reject], int | None]:
    """A page of rejected rows from a place in the file, and the place of the next page."""
    path = rejects_file(uow, import_id)
    return rejects.page(path, lang, start, limit) if path else ([], None)
