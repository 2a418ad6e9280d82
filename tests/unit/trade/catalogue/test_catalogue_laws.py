"""Laws of the catalogue: what is written is read, facets count true, imports undo nobody's work."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api, methods
from shengeng.trade.catalogue.contracts import (
    Attribute,
    Browse,
    Category,
    Channel,
    ProductDraft,
    Sort,
    State,
    VariantDraft,
)

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HAN = st.text("火锅底料牛油坚果礼盒雨伞", min_size=1, max_size=12)


def draft(product_id: str, title: str = "龙井茶", **more: object) -> ProductDraft:
    told = ProductDraft(product_id, Words(title, ""), (VariantDraft(product_id),), state="listed")
    return replace(told, **more)  # type: ignore[arg-type]


@pytest.fixture
def stores(stores: Stores) -> Stores:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
        api.put_categories(uow, SHELL, [Category("food", None, Words("食品", "Food"))], NOW)
        api.put_categories(uow, SHELL, [Category("tea", "food", Words("茶", "Tea"))], NOW)
    return stores


@given(title=HAN, start=st.integers(0, 11), length=st.integers(1, 12))
def test_every_part_of_a_chinese_title_finds_it(title: str, start: int, length: int) -> None:
    part = title[start % len(title) :][:length]
    assert set(methods.tokens(part)) <= set(methods.searched(title).split())


@given(text=st.text(max_size=80))
def test_whatever_is_typed_is_words_to_the_search_and_never_its_language(text: str) -> None:
    for word in methods.tokens(text):
        assert word
        assert not set(word) & set(" &|!():*<>'\"\\")


@given(text=st.text("伞a'&|!():*<>\\ -\x00é雨", max_size=30))
def test_the_search_accepts_whatever_is_typed(text: str) -> None:
    assert methods.asked(text).count("'") == 2 * len(methods.tokens(text)[:20])


def test_a_product_is_read_as_it_was_written(stores: Stores) -> None:
    size, label = Words("尺码", "Size"), Words("可持续", "Sustainability")
    told = draft(
        "tee",
        options=(size,),
        variants=tuple(
            VariantDraft(
                f"tee-{one}",
                (Words(one, one),),
                cost_minor=None if one == "s" else 4_000,
                weight_g=180,
                supply="presale",
                ships_on=date(2026, 5, 1),
                active=one != "l",
            )
            for one in "sml"
        ),
        attributes=(
            Attribute("label", label, Words("再生", "Recycled"), "recycled", "GRS 123", "certificate"),
        ),
        category_id="tea",
        about=Words("长\n文", "long\ntext"),
    )
    with stores.rows.unit() as uow:
        made = api.put_product(uow, SHELL, told, NOW)
    with stores.rows.unit() as uow:
        read = api.product(uow, "tee")
        found = api.variants(uow, ["tee-s", "tee-m", "tee-l", "nobody"])
    assert read == made
    assert (read.drafts, read.attributes, read.options) == (told.variants, told.attributes, told.options)
    assert (read.about, read.version, read.imported) == (told.about, 1, False)
    assert tuple(found[one.sku] for one in told.variants) == read.variants
    assert found["tee-s"].category_ids == ("food", "tea")
    assert [one.sellable for one in read.variants] == [True, True, False]


def test_nothing_of_a_product_off_sale_can_be_sold(stores: Stores) -> None:
    states: tuple[State, ...] = ("draft", "listed", "archived")
    for state in states:
        with stores.rows.unit() as uow:
            api.put_product(uow, SHELL, draft("tea", state=state), NOW)
            api.price_shown(uow, {"tea": 100})
            assert api.variants(uow, ["tea"])["tea"].sellable == (state == "listed")
            assert api.browse(uow, Browse()).total == (state == "listed")
            assert bool(api.changed_since(uow, None)) == (state == "listed")


def test_a_variant_that_is_left_out_goes_and_one_of_another_product_cannot_come(stores: Stores) -> None:
    pair = (VariantDraft("s", (Words("小", "S"),)), VariantDraft("l", (Words("大", "L"),)))
    size = (Words("规格", "Size"),)
    with stores.rows.unit() as uow:
        api.put_product(uow, SHELL, draft("tea", options=size, variants=pair), NOW)
        api.put_product(uow, SHELL, draft("tea", options=size, variants=pair[1:]), NOW)
        assert [one.sku for one in api.product(uow, "tea").variants] == ["l"]
        assert set(api.skus_of(uow, ["tea"])) == {"l"}
        assert not api.variants(uow, ["s"])["s"].sellable
        for sku in ("s", "l"):  # what lies in stock under a sku never becomes another article
            with pytest.raises(ShopError, match="belongs to the product tea"):
                api.put_product(uow, SHELL, draft("cup", variants=(VariantDraft(sku),)), NOW)
        back = api.put_product(uow, SHELL, draft("tea", options=size, variants=pair), NOW)
        assert [(one.sku, one.sellable) for one in back.variants] == [("s", True), ("l", True)]


def test_of_many_who_want_one_new_sku_one_has_it(stores: Stores) -> None:
    def write(number: int) -> str:
        try:
            with stores.rows.unit() as uow:
                api.put_product(uow, SHELL, draft(f"p{number}", variants=(VariantDraft("wanted"),)), NOW)
        except ShopError as refused:
            return refused.code
        return "kept"

    with ThreadPoolExecutor(8) as people:
        told = Counter(people.map(write, range(8)))
    assert told == {"kept": 1, "sku_taken": 7}
    with stores.rows.unit() as uow:
        assert api.browse(uow, Browse(priced_only=False)).total == 1


def test_whoever_may_not_write_writes_nothing(stores: Stores) -> None:
    viewer, operator = Principal("v", Role.VIEWER), Principal("o", Role.OPERATOR)
    channel = Channel("us", Words("美国", "US"), "USD", "US", False, {"standard": 825})
    with stores.rows.unit() as uow:
        for act in (
            lambda: api.put_product(uow, viewer, draft("tea"), NOW),
            lambda: api.set_state(uow, viewer, ["tea"], "listed", NOW),
            lambda: api.add_picture(uow, viewer, b"<svg/>", NOW),
            lambda: api.put_channel(uow, operator, channel, NOW),
        ):
            with pytest.raises(ShopError) as refused:
                act()
            assert refused.value.kind == "forbidden"
        assert api.put_channel(uow, SHELL, channel, NOW) == api.channel(uow, "us")


def test_the_online_channel_is_there_from_the_first_question_on_in_the_shops_currency(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        online = api.channel(uow, "online")
    assert (online.currency, online.country, online.tax_inclusive) == ("CNY", "CN", True)
    with stores.rows.unit() as uow:
        assert api.channels(uow) == [online]
        with pytest.raises(ShopError, match="no channel fax"):
            api.channel(uow, "fax")


def test_no_category_stands_below_itself(stores: Stores) -> None:
    circle = [Category("food", "tea", Words("食品", "Food"))]
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="not below itself"):
        api.put_categories(uow, SHELL, circle, NOW)


def _shelf(stores: Stores, count: int = 60) -> None:
    """Products with labels, supplies and prices by chance."""
    draw = random.Random(7)
    label = Words("可持续", "Sustainability")
    with stores.rows.unit() as uow:
        for n in range(count):
            codes = [code for code in ("organic", "recycled") if draw.random() < 0.4]
            said = tuple(Attribute("label", label, Words(code, code), code) for code in codes)
            supply = draw.choice(("stock", "presale"))
            one = draft(
                f"p{n:02}",
                draw.choice(("龙井茶", "普洱茶", "雨伞")),
                attributes=said,
                variants=(VariantDraft(f"p{n:02}", supply=supply),),  # type: ignore[arg-type]
                category_id=draw.choice(("food", "tea", None)),
            )
            api.put_product(uow, SHELL, one, NOW + timedelta(minutes=n))
            api.price_shown(uow, {one.product_id: draw.randrange(100, 1000)})


@pytest.mark.parametrize("query", ["", "茶", "龙井"])
def test_a_facet_says_what_choosing_it_will_find(stores: Stores, query: str) -> None:
    _shelf(stores)
    with stores.rows.unit() as uow:
        for chosen in ({}, {"label": ("organic",)}, {"supply": ("presale",)}):
            page = api.browse(uow, Browse(query, filters=chosen))
            assert page.facets
            for facet in page.facets:
                others = {key: codes for key, codes in chosen.items() if key != facet.key}
                then = api.browse(uow, Browse(query, filters=others | {facet.key: (facet.code,)}))
                assert then.total == facet.count, facet


def test_what_is_called_so_comes_before_what_only_speaks_of_it(stores: Stores) -> None:
    about = Words("火锅、火锅、还是火锅 Hot pot, hot pot", "Hot pot, hot pot and hot pot")
    with stores.rows.unit() as uow:
        api.put_product(uow, SHELL, draft("a", "椰子水", summary=about), NOW)
        api.put_product(uow, SHELL, draft("b", "番茄火锅底料"), NOW)
        api.price_shown(uow, {"a": 100, "b": 100})
        for query in ("火锅", " 火锅 "):
            assert [card.product_id for card in api.browse(uow, Browse(query)).cards] == ["b", "a"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "price", "-price", "title"])
def test_pages_follow_each_other_without_gap_or_repetition(stores: Stores, sort: Sort) -> None:
    _shelf(stores)
    with stores.rows.unit() as uow:
        for asked in (Browse(sort=sort), Browse("茶", sort=sort), Browse(category_id="food", sort=sort)):
            whole = api.browse(uow, replace(asked, limit=200))
            parts = [api.browse(uow, replace(asked, limit=7, offset=n)) for n in range(0, whole.total, 7)]
            cards = [card for part in parts for card in part.cards]
            assert cards == list(whole.cards)
            assert len({card.product_id for card in cards}) == whole.total > 7
            prices = [card.from_minor or 0 for card in cards]
            steps = [b - a for a, b in pairwise(prices)]
            assert sort not in ("price", "-price") or all(
                step >= 0 if sort == "price" else step <= 0 for step in steps
            )


def _imported(*rows: tuple[str, str | None, str | None]) -> pa.Table:
    """Rows of (product, title, brand) as an import names them."""
    told = [
        dict(zip(("product_id", "title", "brand"), row, strict=True)) | {"category": None} for row in rows
    ]
    schema = pa.schema([(name, pa.string()) for name in ("product_id", "title", "category", "brand")])
    return pa.Table.from_pylist(told, schema=schema)


def test_an_import_brings_drafts_once_and_never_touches_what_is_here(stores: Stores) -> None:
    bring = _imported(
        ("tea", "进口的茶", "牌"), ("cup", "杯子", None), ("none", None, None), ("a/b c", "怪", None)
    )
    with stores.rows.unit() as uow:
        mine = api.put_product(uow, SHELL, draft("tea", "我的茶"), NOW)
        assert api.take_imported(uow, bring, NOW) == 1
        assert api.take_imported(uow, bring, NOW + timedelta(days=1)) == 0
        assert api.product(uow, "tea") == mine
        cup = api.product(uow, "cup")
        assert (cup.state, cup.imported, cup.from_minor, len(cup.variants)) == ("draft", True, None, 1)
        assert api.browse(uow, Browse("杯子", states=("draft",), priced_only=False)).total == 1
        assert api.browse(uow, Browse()).total == 0
        edited = api.put_product(uow, SHELL, draft("cup", "改过的杯子"), NOW, version=cup.version)
        assert not edited.imported
        assert api.take_imported(uow, bring, NOW) == 0
        assert api.product(uow, "cup").title == Words("改过的杯子", "")


def test_an_imported_product_whose_sku_another_has_stays_away(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.put_product(uow, SHELL, draft("tea", variants=(VariantDraft("cup"),)), NOW)
        assert api.take_imported(uow, _imported(("cup", "杯子", None)), NOW) == 0
        with pytest.raises(ShopError, match="no product cup"):
            api.product(uow, "cup")
