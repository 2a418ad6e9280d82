"""What a promotion would do before it runs, a basket under another policy, and batches that end early."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.door import open_door
from tests.factories.pricing import NOW, basket, issued, priced, quoted, running

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Category, ProductDraft, VariantDraft
from shengeng.trade.pricing import api, routes
from shengeng.trade.pricing.contracts import (
    Benefit,
    Policy,
    Preview,
    PriceSet,
    PromotionDraft,
    Scope,
    Tier,
)

CLERK = Principal("clerk", Role.OPERATOR)
TENTH = Benefit("percent", bp=1_000)
KINDS = [
    TENTH,
    Benefit("amount", amount_minor=700),
    Benefit("fixed_price", amount_minor=800),
    Benefit("buy_get", buy=2, get=1, bp=10_000),
    Benefit("threshold", tiers=(Tier(5_000, off_minor=900),)),
    Benefit("threshold", tiers=(Tier(2_000, off_bp=5_000),), most_minor=600),
]


@pytest.fixture
def shelf(stores: Stores) -> Stores:
    """A department with a shelf below it; tea costs nearly its price, a cup's cost is not known."""
    priced(stores, {})
    goods = {"tea": ("drinks", 950), "cup": ("home", None), "mug": ("home", 100), "box": (None, 10)}
    with stores.rows.unit() as uow:
        home = Category("home", None, Words("家", "Home"))
        catalogue.put_categories(uow, SHELL, [home, Category("drinks", "home", Words("饮", "Drinks"))], NOW)
        for sku, (where, cost) in goods.items():
            variant = VariantDraft(sku, cost_minor=cost)
            draft = ProductDraft(sku, Words(sku, sku), (variant,), category_id=where, state="listed")
            catalogue.put_product(uow, SHELL, draft, NOW)
        wanted = [PriceSet("tea", 1_000), PriceSet("cup", 1_500), PriceSet("mug", 2_000)]
        api.set_prices(uow, SHELL, "online", wanted, NOW)
    return stores


def previewed(stores: Stores, benefit: Benefit, **written: object) -> Preview:
    draft = PromotionDraft("online", Words("活动", "Offer"), benefit)
    with stores.rows.unit() as uow:
        return api.preview(uow, replace(draft, **written), NOW)  # type: ignore[arg-type]  # fields of a draft


def test_a_department_counts_with_its_shelves_and_the_lowest_price_holds_a_cut_back(shelf: Stores) -> None:
    told = previewed(shelf, TENTH, scope=Scope(category_ids=("home",)))
    assert (told.products, told.variants, told.looked, told.unpriced) == (3, 3, 3, 0)
    assert (told.no_cost, told.held_back, told.untouched) == (1, 1, 0)
    by_sku = {
        one.sku: (one.quantity, one.subtotal_minor, one.cut_minor, one.wanted_minor) for one in told.lines
    }
    assert by_sku == {"tea": (1, 1_000, 50, 100), "cup": (1, 1_500, 150, 150), "mug": (1, 2_000, 200, 200)}
    whole = previewed(shelf, TENTH)
    assert (whole.products, whole.unpriced, len(whole.lines)) == (4, 1, 3)
    assert previewed(shelf, TENTH, scope=Scope(product_ids=("gone",))).lines == ()


@pytest.mark.parametrize("benefit", KINDS, ids=lambda one: f"{one.kind}-{one.most_minor}")
def test_a_preview_takes_off_what_the_running_promotion_does(shelf: Stores, benefit: Benefit) -> None:
    told = previewed(shelf, benefit)
    running(shelf, benefit)
    for line in told.lines:
        quote = quoted(shelf, basket((line.sku, line.quantity)))
        assert (quote.subtotal_minor, quote.discount_minor) == (line.subtotal_minor, line.cut_minor), line
    assert any(line.cut_minor for line in told.lines)


def test_a_preview_fills_the_basket_up_to_the_threshold_and_no_further(shelf: Stores) -> None:
    told = previewed(shelf, Benefit("threshold", tiers=(Tier(4_000, off_minor=100),)))
    assert {one.sku: one.quantity for one in told.lines} == {"tea": 4, "cup": 3, "mug": 2}


def test_a_product_is_shown_once_by_the_variant_with_most_off(shelf: Stores) -> None:
    with shelf.rows.unit() as uow:
        small, middle = (Words(size, size) for size in "SM")
        sizes = (
            VariantDraft("coat-s", (small,), cost_minor=9_900),
            VariantDraft("coat-m", (middle,), cost_minor=100),
        )
        size = (Words("尺码", "Size"),)
        draft = ProductDraft("coat", Words("衣", "Coat"), sizes, state="listed", options=size)
        catalogue.put_product(uow, SHELL, draft, NOW)
        api.set_prices(uow, SHELL, "online", [PriceSet("coat-s", 10_000), PriceSet("coat-m", 10_000)], NOW)
    told = previewed(shelf, TENTH)
    assert (told.variants, [one.sku for one in told.lines]) == (6, ["coat-m", "cup", "mug", "tea"])


def test_what_cannot_run_cannot_be_previewed(shelf: Stores) -> None:
    with pytest.raises(ShopError) as refused:
        previewed(shelf, Benefit("percent", bp=0))
    assert refused.value.code == "bad_promotion"


def test_a_basket_is_tried_under_a_policy_that_the_channel_does_not_have(shelf: Stores) -> None:
    running(shelf, Benefit("percent", bp=5_000))
    with shelf.rows.unit() as uow:
        now = api.simulate(uow, basket(("mug", 1)), NOW)
        strict = api.simulate(uow, basket(("mug", 1)), NOW, policy=Policy(most_bp=1_000))
    assert (now.discount_minor, strict.discount_minor) == (1_000, 200)
    assert quoted(shelf, basket(("mug", 1))) == now


def test_a_batch_ends_at_once_but_what_an_order_holds_stays_its_own(shelf: Stores) -> None:
    opened = running(shelf, TENTH, trigger="coupon")
    batch = issued(shelf, opened, count=2)
    shared = issued(shelf, opened, code="SPRING", uses=5)
    with shelf.rows.unit() as uow:
        held, free = (one.code for one in api.coupons(uow, batch_id=batch.id))
        for code, order in ((held, "o1"), ("SPRING", "o2")):
            api.hold(uow, api.quote(uow, basket(("mug", 1), codes=(code,)), NOW), order, None, NOW)
    later = NOW + timedelta(minutes=1)
    with shelf.rows.unit() as uow:
        ended = api.end_batch(uow, CLERK, batch.id, later)
        assert (ended.ends_at, ended.expired, ended.locked) == (later, 1, 1)
        assert api.end_batch(uow, CLERK, batch.id, later + timedelta(hours=1)).ends_at == later
        assert api.end_batch(uow, CLERK, shared.id, later).expired == 1
    for code in (free, "SPRING"):
        assert [
            one.code for one in quoted(shelf, basket(("mug", 1), codes=(code,)), later).refused_codes
        ] == [code]
    with shelf.rows.unit() as uow:
        assert api.redeem(uow, "o1", later)
        assert api.redeem(uow, "o2", later)
        assert api.expire(uow, later) == 0
        assert {one.state for one in api.coupons(uow, batch_id=batch.id)} == {"expired", "redeemed"}
        assert [row.action for row in audit.newest(uow, limit=3).rows].count("coupons.ended") == 2


def test_previews_and_ends_are_for_operators_and_a_member_has_coupons_of_their_own(shelf: Stores) -> None:
    opened = running(shelf, TENTH, trigger="coupon")
    mine = issued(shelf, opened, member_ids=("m1", "m2"))
    door = open_door(shelf, [routes.router])
    mei, zhou = door.signed_in("mei", Role.OPERATOR), door.signed_in("zhou", Role.VIEWER)
    draft = {
        "channel_id": "online",
        "name": {"zh": "减", "en": "Off"},
        "benefit": {"kind": "percent", "bp": 1_000},
    }
    assert zhou.post("/v1/trade/promotions/preview", json=draft).status_code == 403
    told = mei.post("/v1/trade/promotions/preview", json=draft).json()
    assert (told["products"], told["lines"][0]["why"]["en"]) == (4, "¥1.50 off ¥15.00.")
    assert mei.post("/v1/trade/promotions/preview", json=draft | {"channel_id": "moon"}).status_code == 404
    rows = mei.get("/v1/trade/coupons", params={"member": "m1"}).json()["rows"]
    assert [row["member_id"] for row in rows] == ["m1"]
    path = f"/v1/trade/coupon-batches/{mine.id}"
    assert zhou.get(path).json()["coupons"] == 2
    assert zhou.get(f"/v1/trade/coupon-batches/{opened.id}").status_code == 404
    assert zhou.post(f"{path}/end").status_code == 403
    assert mei.post(f"{path}/end").json()["expired"] == 2
    basket_with = {"lines": [{"sku": "mug", "quantity": 1}], "policy": {"most_bp": 0, "coupons": 0}}
    tried = zhou.post("/v1/trade/pricing/simulate", json=basket_with | {"codes": [rows[0]["code"]]}).json()
    assert tried["total_minor"] == 2_000
