"""How long the storefront takes for its pages at 10,000 products: one visitor, one page after another.

From the root of the repository:

    python benchmarks/storefront/run.py [--copies 101] [--rounds 40]

The sample shop's 99 goods, so many times over, each copy with titles and prices of its own, in a fresh
embedded database. Time is from the request's arrival at the application to its whole answer, without a
network. Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from fastapi.testclient import TestClient

from shengeng.app import open_shop, storefront
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.sample.loading import load
from shengeng.storage.stores import Stores
from shengeng.web.logs import events_to_logging

HERE = Path(__file__).parent
PAGES = {
    "home": "/",
    "category": "/c/clothing",
    "category, third page": "/c/clothing?page=3",
    "category, filtered and sorted": "/c/clothing?f.label=recycled&sort=price",
    "everything": "/search",
    "search zh": "/search?q=雨伞",
    "search en": "/en/search?q=umbrella",
    "sustainable choices": "/greener",
    "product": "/p/hoodie",
    "product, a copy": "/p/hoodie-57",
    "search, mistyped": "/en/search?q=umbrela",
    "search, nothing": "/search?q=量子计算",
    "basket of three": "/basket",
    "checkout": "/checkout",
}


# The sample shop is loaded as operators would; its copies are made by the database.
_COPIES = (
    """
insert into catalogue_products (product_id, seller_id, category_id, title_zh, title_en, summary_zh,
  summary_en, about_zh, about_en, brand, tax_class, state, sample, options, attributes, media, tags,
  found_by, from_minor, created_at, changed_at)
select product_id || '-' || k, seller_id, category_id, title_zh || ' ' || k || ' 号',
  title_en || ' no. ' || k, summary_zh, summary_en, about_zh, about_en, brand, tax_class, state, sample,
  options, attributes, media, tags, found_by || to_tsvector('simple', k || ' 号 no'), from_minor + 10 * k,
  created_at + make_interval(secs => k), changed_at + make_interval(secs => k)
from catalogue_products, generate_series(1, :copies) k""",
    """
insert into catalogue_variants (sku, product_id, position, choices, cost_minor, weight_g, volume_ml,
  cold_chain, supply, ships_on, lead_days, active, image)
select sku || '-' || k, product_id || '-' || k, position, choices, cost_minor, weight_g, volume_ml,
  cold_chain, supply, ships_on, lead_days, active, image
from catalogue_variants, generate_series(1, :copies) k""",
    """
insert into prices (sku, list_id, min_quantity, unit_minor)
select sku || '-' || k, list_id, min_quantity, unit_minor + 10 * k
from prices, generate_series(1, :copies) k""",
    """
insert into stock_levels (sku, location_id, on_hand)
select sku || '-' || k, location_id, on_hand from stock_levels, generate_series(1, :copies) k""",
)


def fill(stores: Stores, copies: int) -> int:
    """The sample shop and copies of it, each with a name and prices of its own; returns how many products."""
    now = wall_now()
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, now, name="Bench", timezone="Asia/Shanghai", currency="CNY")
        first = load(uow, SHELL, "CNY", now)
        for statement in _COPIES:
            uow.conn.execute(sa.text(statement), {"copies": copies - 1})
    with stores.rows.unit() as uow:
        tables = "catalogue_products, catalogue_variants, prices, stock_levels"
        uow.conn.execute(sa.text(f"analyze {tables}"))
    return first * copies


def measure(client: TestClient, path: str, rounds: int) -> dict[str, float]:
    """Milliseconds of a page, after two that warm up; cpu_ms: of this process, without the database."""
    taken, worked = [], []
    for _ in range(rounds + 2):
        began, cpu = time.perf_counter(), time.process_time()
        answer = client.get(path)
        worked.append((time.process_time() - cpu) * 1000)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    p50, p95 = np.percentile(taken[2:], [50, 95])
    return {
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "cpu_ms": round(float(np.median(worked[2:])), 1),
        "kb": round(len(answer.content) / 1024, 1),
        "kb_sent": round(int(answer.headers["content-length"]) / 1024, 1),
    }


def main() -> None:
    """Fills, measures, prints, writes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=101)
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args()
    events_to_logging()
    before = round(os.getloadavg()[0], 1)
    logging.disable(logging.INFO)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        open_shop(replace(Settings(), home=Path(folder) / "home")) as stores,
    ):
        began = time.perf_counter()
        products = fill(stores, chosen.copies)
        filled = time.perf_counter() - began
        client = TestClient(storefront(stores), follow_redirects=False)
        for sku in ("honey", "hoodie-forest-m", "umbrella-long-sea"):
            added = client.post("/basket/add", data={"sku": sku, "quantity": "1"})
            assert added.status_code == 303, (sku, added.status_code)
        pages: dict[str, Any] = {name: measure(client, path, chosen.rounds) for name, path in PAGES.items()}
    for name, one in pages.items():
        times = f"p50 {one['p50_ms']:7.1f} ms   p95 {one['p95_ms']:7.1f} ms   cpu {one['cpu_ms']:5.1f} ms"
        print(f"{name:32} {times}   {one['kb_sent']} of {one['kb']} KB")
    result = {
        "products": products,
        "rounds": chosen.rounds,
        "fill_s": round(filled, 1),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": before,
        "load_after": round(os.getloadavg()[0], 1),
        "pages": pages,
    }
    (HERE / "results.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
