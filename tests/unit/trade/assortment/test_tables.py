"""Tables of products: what leaves comes back the same, and what is changed is seen before it is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.kernel import sheets
from shengeng.kernel.errors import Lang, ShopError
from shengeng.kernel.roles import SHELL, Role
from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.assortment import api, methods
from shengeng.trade.assortment.contracts import Kept, Known, Look, Price
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import (
    ONLINE,
    Attribute,
    Browse,
    Category,
    Picture,
    ProductDraft,
    VariantDraft,
)
from shengeng.trade.pricing import api as pricing
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry, Location

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LANGS: tuple[Lang, ...] = ("zh", "en")
ALL = Browse(states=("draft", "listed"), priced_only=False, sort="newest")
KNOWN = Known(frozenset({"tea"}), frozenset({"shop"}), frozenset({"standard"}), frozenset(), {}, "CNY")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
WORDS = st.builds(Words, TEXT, TEXT)
ID = st.text("=-+'@ab1中", min_size=1, max_size=6)


@st.composite
def products(draw: st.DrawFn) -> Kept:
    options = tuple(draw(st.lists(WORDS, max_size=2)))
    skus = draw(st.lists(ID, min_size=1, max_size=3, unique=True))
    variants = tuple(
        VariantDraft(
            sku,
            tuple(draw(WORDS) for _ in options),
            cost_minor=draw(st.none() | st.integers(0, 10**6)),
            weight_g=draw(st.integers(0, 10**6)),
            supply=draw(st.sampled_from(("stock", "presale", "made_to_order"))),
            ships_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))),
            active=draw(st.booleans()),
        )
        for sku in skus
    )
    says = st.builds(Attribute, st.sampled_from(("fabric", "origin")), WORDS, WORDS, evidence=TEXT)
    media = st.builds(Picture, st.text("0123456789abcdef", min_size=4, max_size=4), WORDS)
    draft = ProductDraft(
        draw(ID), draw(WORDS), variants, draw(WORDS), draw(WORDS), brand=draw(TEXT), options=options,
        attributes=tuple(draw(st.lists(says, max_size=2))), media=tuple(draw(st.lists(media, max_size=2))),
    )  # fmt: skip
    unit = draw(st.integers(1, 10**6))
    return Kept(draft, {skus[0]: Price(unit, draw(st.none() | st.just(unit + 1)))})


@settings(max_examples=60)
@given(products())
def test_whatever_a_product_holds_leaves_and_comes_back_unchanged(kept: Kept) -> None:
    for lang in LANGS:
        columns = methods.columns_of([kept.draft])
        content = sheets.write(columns, methods.cells_of(kept, "CNY"), lang)
        told = sheets.read(content, methods.COLUMNS, ("product_id", "sku"), bytes_most=10**6, rows_most=100)
        found = methods.plan(told, {kept.draft.product_id: kept}, KNOWN, lambda _: ("any", 1, "asked"))
        assert (found.look.wrong, found.drafts, found.prices) == ((), (), {})
        assert [row.kind for row in found.look.rows] == ["same"] * len(kept.draft.variants)


@pytest.fixture
def shelf(stores: Stores) -> Stores:
    """Two products: tea in two sizes, one of them priced, and a cup that a spreadsheet would run."""
    size = (Words("规格", "Size"),)
    tea = ProductDraft(
        "tea",
        Words("龙井茶", "Longjing tea"),
        (
            VariantDraft("tea-s", (Words("小", "Small"),), cost_minor=900),
            VariantDraft("tea-l", (Words("大", "Large"),), supply="presale", ships_on=date(2026, 4, 1)),
        ),
        about=Words("第一行\n第二行", '"quoted", and; more'),
        options=size,
        state="listed",
        category_id="drinks",
    )
    cup = ProductDraft("cup", Words("=1+1", "-cup"), (VariantDraft("+cup"),), brand="@home")
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
        drinks = [
            Category("drinks", None, Words("饮品", "Drinks")),
            Category("cups", None, Words("杯", "Cups")),
        ]
        catalogue.put_categories(uow, SHELL, drinks, NOW)
        api.keep(uow, SHELL, tea, {"tea-s": Price(6_800, 8_000)}, NOW, version=0)
        api.keep(uow, SHELL, cup, {"+cup": Price(1_999)}, NOW, version=0)
        stock.put_location(uow, SHELL, Location("shop", Words("门店", "Shop"), "store"), NOW)
        stock.receive(uow, SHELL, [Entry("tea-s", "shop", 7)], NOW)
    return stores


def exported(uow: UnitOfWork) -> list[dict[str, str]]:
    content = api.table(uow, ALL, "en").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def file_of(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def changed(shelf: Stores, change: Callable[[list[dict[str, str]]], object]) -> tuple[bytes, Look]:
    with shelf.rows.unit() as uow:
        rows = exported(uow)
        change(rows)
        content = file_of(rows)
        return content, api.look(uow, content)


def test_an_exported_file_changes_nothing_and_writes_nothing(shelf: Stores) -> None:
    content, look = changed(shelf, lambda _: None)
    assert (look.count("same"), look.count("changed"), look.count("new"), look.wrong) == (3, 0, 0, ())
    with shelf.rows.unit() as uow:
        before = catalogue.product(uow, "tea")
        api.bring(uow, SHELL, content, look.seen, NOW)
        assert catalogue.product(uow, "tea") == before


def test_a_file_shows_what_it_would_change_and_does_just_that(shelf: Stores) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        by = {row["SKU"]: row for row in rows}
        by["tea-s"] |= {"Title (zh)": "明前龙井", "Price": "58.50", "On hand (read only)": "999"}
        by["tea-l"] |= {"Title (zh)": "", "Price": "99", "Ships on": "2026/5/2"}
        fresh = dict.fromkeys(rows[0], "")
        rows.append(fresh | {"Product ID": "pot", "SKU": "pot", "Title (zh)": "茶壶", "Price": "120"})

    content, look = changed(shelf, change)
    assert look.wrong == ()
    told = {
        row.sku: (row.kind, {one.column: (one.before, one.after) for one in row.changes}) for row in look.rows
    }
    assert told["tea-s"] == ("changed", {"title_zh": ("龙井茶", "明前龙井"), "price": ("68.00", "58.50")})
    assert told["tea-l"] == ("changed", {"price": ("", "99.00"), "ships_on": ("2026-04-01", "2026-05-02")})
    assert told["pot"][0] == "new"
    assert told["+cup"] == ("same", {})
    with shelf.rows.unit() as uow:
        api.bring(uow, SHELL, content, look.seen, NOW)
        tea, pot = api.product(uow, "tea"), api.product(uow, "pot")
        assert (tea.product.title, tea.product.version) == (Words("明前龙井", "Longjing tea"), 2)
        assert tea.prices == {"tea-s": Price(5_850, 8_000), "tea-l": Price(9_900)}
        assert (pot.product.state, pot.product.from_minor, pot.prices) == (
            "draft",
            12_000,
            {"pot": Price(12_000)},
        )
        assert catalogue.product(uow, "cup").version == 1
        assert stock.on_hand(uow, ["tea-s"]) == {"tea-s": 7}
        [note] = audit.newest(uow, action="assortment.table").rows
        assert (note.detail["new"], note.detail["changed"]) == (1, 2)
        assert api.look(uow, content).count("same") == 4


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("tea-s", {"Price": "12.345"}, "price"),
    ("tea-s", {"Price": "0"}, "price"),
    ("tea-s", {"Price": "1e5"}, "price"),
    ("tea-s", {"Price": "90"}, "compare_at"),
    ("tea-s", {"Cost": "-1"}, "cost"),
    ("tea-s", {"State": "sold"}, "state"),
    ("tea-s", {"Category": "nowhere"}, "category_id"),
    ("tea-s", {"Seller": "nobody"}, "seller_id"),
    ("tea-s", {"Tax class": "none"}, "tax_class"),
    ("tea-s", {"Title (zh)": "", "Title (en)": ""}, "title_en"),
    ("tea-s", {"Title (en)": "x" * 201}, "title_en"),
    ("tea-s", {"Weight (g)": "1.5"}, "weight_g"),
    ("tea-s", {"Attributes": "[{}]"}, "attributes"),
    ("tea-s", {"Attributes": "[" * 5_000}, "attributes"),
    ("tea-s", {"Pictures": "no-such"}, "media"),
    ("tea-s", {"Variant picture": "no-such"}, "image"),
    ("tea-s", {"Choice 1 (zh)": "大", "Choice 1 (en)": "Large"}, "choice1_zh"),
    ("tea-s", {"Choice 1 (zh)": "", "Choice 1 (en)": ""}, "choice1_zh"),
    ("tea-l", {"Ships on": "2026-02-30"}, "ships_on"),
    ("tea-l", {"Supply": "stock"}, "ships_on"),
    ("tea-l", {"Title (en)": "Another"}, "title_en"),
    ("tea-l", {"SKU": "tea-s"}, "sku"),
    ("tea-l", {"SKU": "+cup"}, "sku"),
    ("tea-l", {"SKU": ""}, "sku"),
    ("tea-l", {"Product ID": ""}, "product_id"),
]


def test_what_cannot_be_is_named_by_row_and_column_and_nothing_is_done(shelf: Stores) -> None:
    with shelf.rows.unit() as uow:
        rows = exported(uow)
        before = api.product(uow, "cup").prices
        for sku, cells, column in WRONG:
            told = [row | (cells if row["SKU"] == sku else {}) for row in rows]
            content = file_of([row | ({"Price": "1.00"} if row["SKU"] == "'+cup" else {}) for row in told])
            look = api.look(uow, content)
            assert column in {one.column for one in look.wrong}, (cells, look.wrong)
            assert {one.number for one in look.wrong} <= {2, 3}, cells
            assert all(one.must.zh and one.must.en for one in look.wrong)
            with pytest.raises(ShopError, match="Nothing was written"):
                api.bring(uow, SHELL, content, look.seen, NOW)
        assert api.product(uow, "cup").prices == before


def test_a_file_that_would_do_something_else_by_now_is_not_brought(shelf: Stores) -> None:
    content, look = changed(shelf, lambda rows: rows[-1].update({"Brand": "西湖"}))
    with shelf.rows.unit() as uow:
        moved = catalogue.product(uow, "tea")
        catalogue.set_state(uow, SHELL, [moved.product_id], "draft", NOW)
    with shelf.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.bring(uow, SHELL, content, look.seen, NOW)
    assert caught.value.code in {"changed_meanwhile", "rows_wrong"}


def test_columns_and_rows_that_are_missing_leave_what_stands(shelf: Stores) -> None:
    content = "商品编号;规格编码;价格\ntea;tea-s;70\n".encode("gb18030")
    with shelf.rows.unit() as uow:
        look = api.look(uow, content)
        api.bring(uow, SHELL, content, look.seen, NOW)
        tea = api.product(uow, "tea")
        assert tea.prices == {"tea-s": Price(7_000, 8_000)}
        assert (tea.product.version, len(tea.product.variants)) == (1, 2)


def test_a_blank_price_takes_the_price_away_and_the_product_off_the_lists(shelf: Stores) -> None:
    content = b"product_id,sku,price,compare_at\ntea,tea-s,,\n"
    with shelf.rows.unit() as uow:
        assert catalogue.browse(uow, Browse("龙井")).total == 1
        look = api.look(uow, content)
        assert [one.column for one in look.rows[0].changes] == ["price", "compare_at"]
        api.bring(uow, SHELL, content, look.seen, NOW)
        assert api.product(uow, "tea").product.from_minor is None
        assert catalogue.browse(uow, Browse("龙井")).total == 0
        assert pricing.prices(uow, ONLINE, ["tea-s"], NOW) == {}


def test_viewers_bring_nothing(shelf: Stores) -> None:
    content, look = changed(shelf, lambda _: None)
    with shelf.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.bring(uow, replace(SHELL, role=Role.VIEWER), content, look.seen, NOW)
    assert caught.value.kind == "forbidden"
