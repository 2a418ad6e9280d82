"""Small synthetic shops, seeded: as canonical folders, and as rows of the published `lines` dataset.

Everything is made up. Customers have favourites and a rhythm, so that every estimate has something to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from shengeng.sense.connect.contracts import CUSTOMERS, LINES, PRODUCTS

DEPARTMENTS = ("粮油", "生鲜", "家清")
START = date(2025, 1, 6)  # a Monday


@dataclass(frozen=True, slots=True)
class Line:
    """One order line of a made-up shop; amounts in minor units, time local to the shop."""

    order_id: str
    line_no: int
    customer_id: str | None
    local_at: datetime
    product_id: str
    quantity: int
    total_minor: int
    list_minor: int
    store_id: str


def shop_lines(
    *,
    customers: int = 40,
    products: int = 24,
    days: int = 120,
    start: date = START,
    stores: int = 2,
    guest_share: float = 0.1,
    seed: int = 7,
) -> list[Line]:
    """Order lines of a made-up shop: each customer has a rhythm of 3 to 20 days and about five favourites."""
    rng = np.random.default_rng(seed)
    prices = rng.integers(200, 3000, products)
    lines: list[Line] = []
    for c in range(customers):
        rhythm = float(rng.uniform(3, 20))
        favourites = rng.choice(products, size=min(5, products), replace=False)
        day = float(rng.uniform(0, rhythm))
        while day < days:
            at = datetime.combine(start, datetime.min.time()) + timedelta(
                days=int(day), hours=int(rng.integers(8, 21)), minutes=int(rng.integers(0, 60))
            )
            bought = [int(p) for p in favourites if rng.random() < 0.6] or [int(favourites[0])]
            if rng.random() < 0.3:
                bought.append(int(rng.integers(0, products)))
            buyer = None if rng.random() < guest_share else f"c{c:04d}"
            store = f"s{c % stores + 1}"
            order = f"o{c:04d}-{int(day * 100):06d}"
            for no, p in enumerate(dict.fromkeys(bought), start=1):
                units = int(rng.integers(1, 4))
                full = int(prices[p]) * units
                paid = full - full // 10 * int(rng.random() < 0.2)
                lines.append(Line(order, no, buyer, at, f"p{p:04d}", units, paid, full, store))
            day += float(rng.gamma(4.0, rhythm / 4.0)) + 0.01
    return lines


def lines_table(
    *,
    timezone: str = "Asia/Shanghai",
    currency: str = "CNY",
    source: str = "shop",
    rows: list[Line] | None = None,
    **shop: Any,
) -> pa.Table:
    """The made-up shop (arguments of shop_lines) as rows of the `lines` schema, sorted as the lake sorts."""
    zone = ZoneInfo(timezone)
    found = shop_lines(**shop) if rows is None else rows
    records = [_record(line, zone, currency, source) for line in found]
    records.sort(key=lambda r: (r["customer_id"] is None, r["customer_id"] or "", r["ordered_at"]))
    return pa.Table.from_pylist(records, schema=LINES)


def line(
    customer_id: str | None,
    local_at: datetime,
    product_id: str = "p1",
    *,
    order_id: str | None = None,
    line_no: int = 1,
    quantity: int = 1,
    total_minor: int = 1000,
    store_id: str = "s1",
) -> Line:
    """One hand-written line, for tests that need an exact history; pass a list of them as `rows`."""
    order = order_id or f"{customer_id or 'guest'}-{local_at:%Y%m%d%H%M%S}"
    return Line(
        order, line_no, customer_id, local_at, product_id, quantity, total_minor, total_minor, store_id
    )


def products_table(products: int = 24, *, source: str = "shop") -> pa.Table:
    """Products p0000.. over three departments, as rows of the `products` schema."""
    rows = [_product(p) for p in range(products)]
    return pa.Table.from_pylist(
        [
            {
                "source": source,
                "product_id": row["product_id"],
                "title": row["title"],
                "category": row["category"],
                "department": row["category"].split(" > ")[0],
                "category_2": row["category"].split(" > ")[1],
                "brand": row["brand"],
            }
            for row in rows
        ],
        schema=PRODUCTS,
    )


def customers_table(customers: int = 40, *, source: str = "shop") -> pa.Table:
    """Customers c0000.. with one attribute, as rows of the `customers` schema."""
    rows = [
        {
            "source": source,
            "customer_id": f"c{c:04d}",
            "city": "杭州",
            "attributes": f'{{"age": "{20 + c % 40}"}}',
        }
        for c in range(customers)
    ]
    return pa.Table.from_pylist(rows, schema=CUSTOMERS)


def write_folder(
    path: Path,
    *,
    timezone: str | None = "Asia/Shanghai",
    currency: str | None = "CNY",
    all_paid: bool = True,
    format: Literal["csv", "parquet"] = "csv",
    products: int = 24,
    customers: int = 40,
    rows: list[Line] | None = None,
    tables: tuple[str, ...] = ("orders", "products", "customers"),
    **shop: Any,
) -> Path:
    """The made-up shop as a canonical folder (shop.toml, orders, products, customers); returns the path."""
    path.mkdir(parents=True, exist_ok=True)
    found = shop_lines(products=products, customers=customers, **shop) if rows is None else rows
    zone = ZoneInfo(timezone or "Asia/Shanghai")
    contents = {
        "orders": pa.Table.from_pylist([canonical(line, zone) for line in found], schema=ORDERS),
        "products": pa.Table.from_pylist([_product(p) for p in range(products)]),
        "customers": customers_table(customers).select(["customer_id", "city", "attributes"]),
    }
    write_shop_toml(path, timezone=timezone, currency=currency, all_paid=all_paid)
    for name in tables:
        if format == "csv":
            pa_csv.write_csv(contents[name], path / f"{name}.csv")
        else:
            pq.write_table(contents[name], path / f"{name}.parquet")
    return path


def write_shop_toml(
    path: Path,
    *,
    timezone: str | None = "Asia/Shanghai",
    currency: str | None = "CNY",
    all_paid: bool = True,
) -> None:
    """The folder's shop.toml with what is given."""
    given = {"timezone": timezone, "currency": currency}
    text = "".join(f'{key} = "{value}"\n' for key, value in given.items() if value is not None)
    (path / "shop.toml").write_text(text + f"all_paid = {str(all_paid).lower()}\n", encoding="utf-8")


ORDERS = pa.schema(
    [
        ("order_id", pa.string()),
        ("ordered_at", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("quantity", pa.int64()),
        ("line_total", pa.string()),
        ("list_price", pa.string()),
        ("store_id", pa.string()),
    ]
)


def canonical(row: Line, zone: ZoneInfo) -> Mapping[str, object]:
    """One row of the canonical `orders` file."""
    utc = row.local_at.replace(tzinfo=zone).astimezone(UTC)
    return {
        "order_id": row.order_id,
        "ordered_at": utc.strftime("%Y-%m-%d %H:%M:%S"),
        "customer_id": row.customer_id,
        "product_id": row.product_id,
        "quantity": row.quantity,
        "line_total": f"{row.total_minor / 100:.2f}",
        "list_price": f"{row.list_minor / 100 / (row.quantity or 1):.2f}",
        "store_id": row.store_id,
    }


def _product(p: int) -> dict[str, str]:
    department = DEPARTMENTS[p % len(DEPARTMENTS)]
    return {
        "product_id": f"p{p:04d}",
        "title": f"商品 {p}",
        "category": f"{department} > 类{p % 6} > 型{p}",
        "brand": f"品牌{p % 5}",
    }


def _record(row: Line, zone: ZoneInfo, currency: str, source: str) -> dict[str, object]:
    kind = "sale" if row.quantity > 0 else "return" if row.quantity < 0 else "adjustment"
    return {
        "source": source,
        "order_id": row.order_id,
        "line_no": row.line_no,
        "customer_id": row.customer_id,
        "ordered_at": row.local_at.replace(tzinfo=zone).astimezone(UTC),
        "local_at": row.local_at,
        "local_date": row.local_at.date(),
        "product_id": row.product_id,
        "quantity": row.quantity,
        "total_minor": row.total_minor,
        "list_minor": row.list_minor,
        "refund_minor": 0,
        "discount_platform_minor": 0,
        "discount_seller_minor": 0,
        "discount_creator_minor": 0,
        "store_id": row.store_id,
        "kind": kind,
        "paid": True,
        "currency": currency,
        "import_id": "test",
    }
