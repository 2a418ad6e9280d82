"""A canonical folder on disk: which files it has, what they call their columns, what shop.toml says."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from shengeng.kernel.clock import zone
from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import currency_code
from shengeng.sense.connect.contracts.refusals import (
    BAD_SHOP_TOML,
    DAMAGED_FILE,
    NO_CURRENCY,
    NO_FOLDER,
    NO_ORDERS,
    NO_TIMEZONE,
    REPEATED_COLUMN,
    TWO_FILES,
    WRONG_HEADER,
)
from shengeng.sense.connect.store import csv
from shengeng.sense.connect.store.orders import REQUIRED as ORDER_COLUMNS
from shengeng.storage.engine import EngineError, LakeBackend

REQUIRED: Mapping[str, Sequence[str]] = {
    "orders": ORDER_COLUMNS,
    "products": ("product_id", "title"),
    "customers": ("customer_id",),
    "promotions": ("product_id", "starts_on", "ends_on"),
    "touches": ("customer_id", "campaign_id", "touched_on"),
    "redemptions": ("customer_id", "coupon_id", "campaign_id", "redeemed_on"),
    "reviews": ("review_id", "created_at", "text"),
    "spend": ("spent_on", "channel", "amount"),
}
UPLOADS = "uploads"
# Exports of one shop share a source, so that an order in two of them is one order.
DEFAULT_SOURCE = "shop"
_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Shop:
    """What a source says of the shop it comes from."""

    name: str
    source: str
    timezone: str
    currency: str
    all_paid: bool


def shop(path: Path, timezone: str | None, currency: str | None) -> Shop:
    """The folder's shop.toml, overridden by what is given; a missing time zone or currency is refused."""
    if not path.is_dir():
        raise NO_FOLDER.error(path=path)
    given = _shop_toml(path / "shop.toml")
    timezone = timezone or _named(given, "timezone")
    currency = currency or _named(given, "currency")
    if not timezone:
        raise NO_TIMEZONE.error()
    if not currency:
        raise NO_CURRENCY.error()
    all_paid = given.get("all_paid", False)
    if not isinstance(all_paid, bool):
        raise BAD_SHOP_TOML.error(problem=f"all_paid = {all_paid!r} is neither true nor false")
    source = _named(given, "source") or DEFAULT_SOURCE
    if not _SOURCE.fullmatch(source):
        raise BAD_SHOP_TOML.error(problem=f"source = {source!r} is not a name of letters, digits, - and _")
    return Shop(path.name, source, zone(timezone).key, currency_code(currency), all_paid)


def files(path: Path) -> dict[str, Path]:
    """The folder's files by table, headers checked; refused whole when one of them cannot be read."""
    if not path.is_dir():
        raise NO_FOLDER.error(path=path)
    found = {name: file for name in REQUIRED if (file := file_of(path, name)) is not None}
    if "orders" not in found:
        names = ", ".join(sorted(file.name for file in path.iterdir())[:20]) or "nothing"
        raise NO_ORDERS.error(path=path, found=names)
    for name, file in found.items():
        check_header(name, file)
    return found


def raw(backend: LakeBackend, file: Path, staging: Path) -> ir.Table:
    """A file's rows as text with their numbers (csv.ROW, FAULT, FOUND), ready to be asked several times."""
    if file.suffix == ".parquet":
        return _raw_parquet(backend, file)
    names = header(file)
    staged = staging / f"raw-{file.stem}.parquet"
    with pq.ParquetWriter(staged, csv.schema(names), compression="lz4") as writer:
        for batch in csv.batches(file, names):
            writer.write_batch(batch)
    return backend.read_parquet(staged)


def header(file: Path) -> list[str]:
    """Column names of a file; nameless ones are called after their place."""
    names = csv.header(file) if file.suffix == ".csv" else _parquet_schema(file).names
    return [name or f"column_{place}" for place, name in enumerate(names, start=1)]


def content_hash(paths: Sequence[Path]) -> str:
    """The sha256 over names and bytes of files, in order of their names."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.name):
        with path.open("rb") as file:
            total.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()


def damaged(file: str, error: BaseException) -> ShopError:
    """The refusal for a file that an engine could not read."""
    return DAMAGED_FILE.error(file=file, problem=str(error).splitlines()[0][:200])


def _shop_toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BAD_SHOP_TOML.error(problem=error) from None


def _named(given: Mapping[str, object], key: str) -> str | None:
    value = given.get(key)
    if value is None or isinstance(value, str):
        return value
    raise BAD_SHOP_TOML.error(problem=f"{key} = {value!r} is not a text")


def file_of(path: Path, name: str) -> Path | None:
    """The folder's CSV or Parquet file of one table; refused when both are there."""
    found = [file for ending in (".csv", ".parquet") if (file := path / f"{name}{ending}").is_file()]
    if len(found) == 2:
        raise TWO_FILES.error(path=path, first=found[0].name, second=found[1].name)
    return found[0] if found else None


def check_header(table: str, file: Path) -> None:
    """Refuses the file of a table that lacks one of its required columns or names one twice."""
    names = header(file)
    required = list(REQUIRED[table])
    if table == "orders" and not {"unit_price", "line_total"} & set(names):
        required.append("unit_price or line_total")
    check_names(file.name, names, required)


def check_names(file: str, names: Sequence[str], required: Sequence[str]) -> None:
    """Refuses a header that names a column twice or lacks a required one."""
    lowered = [name.lower() for name in names]  # the engine tells no upper from lower case in names
    repeated = next((name for name in names if lowered.count(name.lower()) > 1), None)
    if repeated is not None:
        raise REPEATED_COLUMN.error(file=file, column=repeated)
    missing = [name for name in required if name not in names]
    if missing:
        found = ", ".join(names)[:500] or "nothing"
        raise WRONG_HEADER.error(file=file, missing=", ".join(missing), found=found)


def _parquet_schema(file: Path) -> pa.Schema:
    try:
        return pq.read_schema(file)
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
        raise damaged(file.name, error) from None


def _raw_parquet(backend: LakeBackend, file: Path) -> ir.Table:
    try:
        table = backend.read_parquet(file, file_row_number=True)
    except EngineError as error:
        raise damaged(file.name, error) from None
    names = [name for name in table.columns if name != "file_row_number"]
    return table.select(
        **{
            csv.ROW: table.file_row_number + 1,
            csv.FAULT: ibis.literal(0, "int8"),
            csv.FOUND: ibis.null().cast("string"),
        },
        **{name: _as_text(table[name]) for name in names},
    )


def _as_text(column: ir.Column) -> ir.StringValue:
    """Text as a CSV would hold it: a whole float without its point, nothing for NaN."""
    if not column.type().is_floating():
        return column.cast("string")
    whole = column.try_cast("int64")
    text: ir.StringValue = (whole == column).ifelse(whole.cast("string"), column.cast("string"))
    return column.isnan().ifelse(ibis.null().cast("string"), text)
