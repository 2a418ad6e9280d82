"""The sample shop, as it comes into an empty one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

from shengeng import sample
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.sample.drawing import draw
from shengeng.sample.goods import goods
from shengeng.sample.promoting import WELCOME
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Browse
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Ask, AskLine
from shengeng.trade.stock import api as stock

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_every_good_has_a_picture_that_is_one() -> None:
    for good in goods():
        picture = ElementTree.fromstring(draw(good.drawing, good.emblem, good.palette, good.title.zh))
        assert picture.attrib["aria-label"] == good.title.zh
        assert b"$" not in draw(good.drawing, good.emblem, good.palette, "")


def test_the_sample_shop_can_be_bought_from_and_says_what_it_is(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
        assert sample.load(uow, SHELL, "CNY", NOW) == len(goods())
    with stores.rows.unit() as uow:
        assert sample.load(uow, SHELL, "CNY", NOW) == 0
        found = catalogue.browse(uow, Browse(limit=200))
        assert found.total == len(goods())
        assert all(card.sample and card.from_minor and card.image for card in found.cards)
        skus = [sku for card in found.cards for sku in card.skus]
        assert len(pricing.prices(uow, "online", skus, NOW)) == len(skus)
        assert all(units > 0 for units in stock.available(uow, skus).values())
        assert stock.faults(uow) == []
        row = catalogue.browse(uow, Browse(limit=4, counted=False))
        assert row.cards == found.cards[:4]
        assert (row.total, row.facets) == (4, ())
        greens = catalogue.browse(uow, Browse(filters={"label": ("organic",)}))
        assert {one.evidence_kind for card in greens.cards for one in card.attributes} == {"sample"}


def test_what_is_on_offer_waits_for_somebody_who_may_give_money_away(stores: Stores) -> None:
    operator = Principal("li", Role.OPERATOR)
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
        sample.load(uow, operator, "CNY", NOW)
        assert pricing.announced(uow, "online", NOW) == ()
        assert sample.load(uow, SHELL, "CNY", NOW) == 0
        told = pricing.announced(uow, "online", NOW)
        assert [one.code for one in told] == [None, None, None, WELCOME]
        sample.load(uow, SHELL, "CNY", NOW)
        assert len(pricing.promotions(uow)) == len(told)
    line = AskLine(1, "umbrella-compact-sea", 2)
    with stores.rows.unit() as uow:
        sku = min(catalogue.skus_of(uow, ["umbrella-compact"]))
        ask = Ask("online", (replace(line, sku=sku),), codes=(WELCOME,), first_order=True)
        quote = pricing.quote(uow, ask, NOW)
        assert (quote.subtotal_minor, quote.discount_minor) == (13800, 1380 + 1000)
        for one in pricing.promotions(uow):
            pricing.set_state(uow, SHELL, one.id, NOW, version=one.version, state="paused")
        sample.load(uow, SHELL, "CNY", NOW)
        assert pricing.announced(uow, "online", NOW) == ()


def test_of_several_who_load_it_at_once_one_does_and_nothing_comes_twice(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")

    def press(_: int) -> int:
        with stores.rows.unit() as uow:
            return sample.load(uow, SHELL, "CNY", NOW)

    with ThreadPoolExecutor(3) as people:
        assert sorted(people.map(press, range(3))) == [0, 0, len(goods())]
    with stores.rows.unit() as uow:
        assert {catalogue.product(uow, good.id).version for good in goods()} == {1}


def test_goods_are_found_in_both_languages_by_parts_and_when_mistyped(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="USD")
        sample.load(uow, SHELL, "USD", NOW)

    def ids(query: str, **more: object) -> set[str]:
        with stores.rows.unit() as uow:
            return {card.product_id for card in catalogue.browse(uow, Browse(query=query, **more)).cards}  # type: ignore[arg-type]

    assert "hotpot-base-beef" in ids("火锅底料")
    assert {"umbrella-long", "umbrella-compact"} <= ids("伞")
    assert "hoodie" in ids("oversize")
    assert "hoodie" in ids("hood")
    assert "umbrella-long" in ids("umbrela")
    assert "umbrella-long" in ids("brolly")
    assert "hoodie" in ids("帽衫")
    assert "umbrella-long" in ids("雨拿")
    assert ids("量子计算机") == set()
    assert ids("'; drop table catalogue_products; --") == set()
    assert ids("", category_id="out") >= {"raincoat", "suitcase-20"}
    assert ids("", filters={"label": ("recycled",)}, category_id="clothing") == {
        "recycled-tee",
        "jeans",
        "socks",
    }
