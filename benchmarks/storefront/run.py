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
import platform
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from shengeng.app import open_shop, storefront
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.kernel.words import Words
from shengeng.sample.loading import load
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ONLINE, Product, ProductDraft
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import PriceSet

HERE = Path(__file__).parent
PAGES = {
    "home": "/",
    "category": "/c/clothing",
    "category, third page": "/c/clothing?page=3",
    "category, filtered and sorted": "/c/clothing?f.label=recycled&sort=price",
    "search zh": "/search?q=雨伞",
    "search en": "/en/search?q=umbrella",
    "sustainable choices": "/greener",
    "product": "/p/hoodie",
    "basket of three": "/basket",
    "checkout": "/checkout",
}


def fill(stores: Stores, copies: int) -> int:
    """The sample shop and copies of it; returns how many products there are."""
    now = wall_now()
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, now, name="Bench", timezone="Asia/Shanghai", currency="CNY")
        load(uow, SHELL, "CNY", now)
        first = [catalogue.product(uow, one) for one, _ in catalogue.changed_since(uow, None)]
    for number in range(1, copies):
        with stores.rows.unit() as uow:
            prices: list[PriceSet] = []
            for product in first:
                draft = copy(product, number)
                catalogue.put_product(uow, SHELL, draft, now)
                base = (product.from_minor or 100) + number * 10
                prices += [PriceSet(one.sku, base) for one in draft.variants]
            for at in range(0, len(prices), 400):
                pricing.set_prices(uow, SHELL, ONLINE, prices[at : at + 400], now)
    return len(first) * copies


def copy(product: Product, number: int) -> ProductDraft:
    """The same good under another name."""
    title = Words(f"{product.title.zh} {number} 号", f"{product.title.en} no. {number}")
    return ProductDraft(
        f"{product.product_id}-{number}",
        title,
        tuple(replace(one, sku=f"{one.sku}-{number}") for one in product.drafts),
        product.summary,
        product.about,
        category_id=product.categories[-1].category_id if product.categories else None,
        tax_class=product.tax_class,
        state="listed",
        options=product.options,
        attributes=product.attributes,
        media=product.media,
        sample=True,
    )


def measure(client: TestClient, path: str, rounds: int) -> dict[str, float]:
    """Milliseconds of a page, after two that warm up."""
    taken = []
    for _ in range(rounds + 2):
        began = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    p50, p95 = np.percentile(taken[2:], [50, 95])
    return {"p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1), "kb": len(answer.content) // 1024}


def main() -> None:
    """Fills, measures, prints, writes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=101)
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_shop(replace(Settings(), home=Path(folder) / "home")) as stores,
    ):
        began = time.perf_counter()
        products = fill(stores, chosen.copies)
        filled = time.perf_counter() - began
        client = TestClient(storefront(stores), follow_redirects=False)
        for sku in ("honey", "hoodie-forest-m", "umbrella-long"):
            client.post("/basket/add", data={"sku": sku, "quantity": "1"})
        pages: dict[str, Any] = {name: measure(client, path, chosen.rounds) for name, path in PAGES.items()}
    for name, one in pages.items():
        print(f"{name:32} p50 {one['p50_ms']:7.1f} ms   p95 {one['p95_ms']:7.1f} ms   {one['kb']} KB")
    result = {
        "products": products,
        "rounds": chosen.rounds,
        "fill_s": round(filled, 1),
        "python": platform.python_version(),
        "pages": pages,
    }
    (HERE / "results.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
