"""A made-up shop of four groups of customers, each with goods and an hour of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from shengeng.sense.connect.contracts import CUSTOMERS, PRODUCTS, REVIEWS
from tests.factories.facts import START, Line, line

LAST = START + timedelta(days=139)
CATEGORIES = (
    "母婴 > 尿裤",
    "母婴 > 奶粉",
    "酒水 > 啤酒",
    "零食 > 糖果",
    "生鲜 > 蔬菜",
    "生鲜 > 水果",
    "家清 > 纸品",
    "家清 > 洗衣",
)
HOURS = (8, 22, 18, 12)


def scene_lines(customers: int = 90) -> Iterator[Line]:
    """Four groups of customers, two categories and an hour of the day each; now and then anything."""
    rng = np.random.default_rng(5)
    for who in range(customers):
        group = who % 4
        for day in range(int(rng.integers(0, 5)), 140, 5):
            usual = rng.random() < 0.85
            hour = HOURS[group] if usual else int(rng.integers(7, 23))
            held = {2 * group, 2 * group + 1} if usual else set(rng.integers(0, 8, 2).tolist())
            at = datetime.combine(START + timedelta(days=day), datetime.min.time()) + timedelta(hours=hour)
            order = f"o{who:03d}-{day:03d}"
            for number, category in enumerate(sorted(held), start=1):
                yield line(f"c{who:03d}", at, f"p{category}", order_id=order, line_no=number)
    yield line("rare", datetime.combine(LAST, datetime.min.time()), "p0")


def scene_products() -> pa.Table:
    rows = [
        {
            "source": "shop",
            "product_id": f"p{place}",
            "title": name,
            "category": name,
            "department": name.split(" > ")[0],
            "category_2": name.split(" > ")[1],
        }
        for place, name in enumerate(CATEGORIES)
    ]
    return pa.Table.from_pylist(rows, schema=PRODUCTS)


def scene_customers(seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    rows = [
        {
            "source": "shop",
            "customer_id": f"c{who:03d}",
            "attributes": json.dumps(
                {
                    "age": str(rng.integers(20, 70) // 10 * 10),
                    "sex": str(rng.choice(["f", "m"])),
                    "income": "x",
                }
            ),
        }
        for who in range(90)
    ]
    return pa.Table.from_pylist(rows, schema=CUSTOMERS)


def review(number: int, customer: str | None, day: date, text: str) -> dict[str, object]:
    """A made-up review, written at noon of a local day."""
    at = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
    return {
        "source": "shop",
        "review_id": f"r{number:04d}",
        "created_at": at.replace(tzinfo=UTC) - timedelta(hours=8),
        "local_at": at,
        "local_date": day,
        "text": text,
        "customer_id": customer,
    }


def reviews_table(rows: list[dict[str, object]]) -> pa.Table:
    """Rows of the `reviews` schema."""
    return pa.Table.from_pylist(rows, schema=REVIEWS)
