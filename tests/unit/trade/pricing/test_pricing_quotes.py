"""What a basket costs in a shop with price lists, taxes, promotions and codes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.factories.pricing import NOW, basket, issued, priced, quoted, running

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Category, Channel, ProductDraft, VariantDraft
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import (
    Ask,
    AskLine,
    BatchDraft,
    Bearers,
    Benefit,
    Limits,
    Policy,
    PriceSet,
    PromotionDraft,
    Quote,
    Scope,
    Tier,
)

ANNA = Principal("anna", Role.OPERATOR, ())


def test_a_price_is_the_lowest_of_the_lists_that_hold_for_the_buyer_now(stores: Stores) -> None:
    priced(stores, {"coat": 20_000})
    with stores.rows.unit() as uow:
        gold = api.create_price_list(uow, SHELL, "online", Words("金卡", "Gold"), NOW, tier="gold")
        until = NOW + timedelta(days=1)
        sale = api.create_price_list(uow, SHELL, "online", Words("特价", "Sale"), NOW, ends_at=until)
        api.set_prices(uow, SHELL, "online", [PriceSet("coat", 15_000)], NOW, list_id=gold.id)
        later = NOW + timedelta(hours=1)
        api.set_prices(uow, SHELL, "online", [PriceSet("coat", 18_000)], later, list_id=sale.id)
        api.set_prices(uow, SHELL, "online", [PriceSet("coat", 12_000, None, 10)], later)
        everybody = api.prices(uow, "online", ["coat", "nothing"], later)["coat"]
        assert (everybody.unit_minor, everybody.compare_at_minor) == (18_000, 20_000)
        assert api.prices(uow, "online", ["coat"], NOW, "gold")["coat"].unit_minor == 15_000
        assert api.prices(uow, "online", ["coat"], until)["coat"].unit_minor == 20_000
        assert catalogue.product(uow, "coat").from_minor == 18_000, "the catalogue is told"
    many = quoted(stores, basket(("coat", 4), ("coat", 6)))
    assert [line.unit_minor for line in many.lines] == [12_000, 12_000], "two lines of one variant are ten"
    assert many.lines[0].list_unit_minor == 20_000


def test_a_dated_price_is_shown_when_its_time_comes_and_taken_back_when_it_is_over(stores: Stores) -> None:
    priced(stores, {"coat": 20_000})
    begins, ends = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
    with stores.rows.unit() as uow:
        sale = api.create_price_list(
            uow, SHELL, "online", Words("特价", "Sale"), NOW, starts_at=begins, ends_at=ends
        )
        api.set_prices(uow, SHELL, "online", [PriceSet("coat", 9_000)], NOW, list_id=sale.id)
        assert catalogue.product(uow, "coat").from_minor == 20_000
        assert not api.turned(uow, NOW, NOW + timedelta(minutes=59))
        assert api.show_turned(uow, NOW, begins) == 1
        assert catalogue.product(uow, "coat").from_minor == 9_000
        assert api.show_turned(uow, begins, ends) == 1
        assert catalogue.product(uow, "coat").from_minor == 20_000


def test_without_a_price_or_off_sale_nothing_is_quoted(stores: Stores) -> None:
    priced(stores, {"coat": 20_000})
    with stores.rows.unit() as uow:
        draft = ProductDraft("hat", Words("帽", "Hat"), (VariantDraft("hat"),), state="listed")
        catalogue.put_product(uow, SHELL, draft, NOW)
    with pytest.raises(ShopError, match="hat has no price in online"):
        quoted(stores, basket(("hat", 1)))
    with pytest.raises(ShopError, match="no variant ghost"):
        quoted(stores, basket(("ghost", 1)))
    with stores.rows.unit() as uow:
        catalogue.archive(uow, SHELL, "coat", NOW)
    with pytest.raises(ShopError, match="no variant coat"):
        quoted(stores, basket(("coat", 1)))


@pytest.mark.parametrize(
    "ask",
    [
        Ask("online", (AskLine(1, "coat", 0),)),
        Ask("online", (AskLine(1, "coat", 1), AskLine(1, "coat", 1))),
        Ask("online", (AskLine(1, "coat", 1),), delivery_minor=-1),
        Ask("online", (AskLine(1, "coat", 1),), codes=("x",) * 11),
    ],
)
def test_a_basket_that_cannot_be_is_refused(stores: Stores, ask: Ask) -> None:
    with pytest.raises(ShopError) as refused:
        quoted(stores, ask)
    assert refused.value.code == "bad_basket"


def test_tax_is_in_the_price_here_and_on_top_elsewhere(stores: Stores) -> None:
    priced(stores, {"coat": 11_300})
    inside = quoted(stores, Ask("online", (AskLine(1, "coat", 1),), delivery_minor=1_130))
    assert (inside.total_minor, inside.tax_minor) == (12_430, 1_430)
    with stores.rows.unit() as uow:
        rates = {"standard": 1_000, "delivery": 500}
        abroad = Channel("abroad", Words("海外", "Abroad"), "USD", "US", False, rates)
        catalogue.put_channel(uow, SHELL, abroad, NOW)
        api.set_prices(uow, SHELL, "abroad", [PriceSet("coat", 4_999)], NOW)
    on_top = quoted(stores, Ask("abroad", (AskLine(1, "coat", 3),), delivery_minor=1_000))
    assert on_top.currency == "USD"
    assert on_top.lines[0].total_minor == 14_997 + 1_500
    assert on_top.total_minor == 14_997 + 1_500 + 1_000 + 50
    assert on_top.tax_minor == 1_550


def test_a_scope_reaches_the_goods_below_its_category_and_nobody_elses(stores: Stores) -> None:
    priced(stores, {"coat": 10_000, "tea": 10_000})
    with stores.rows.unit() as uow:
        told = [
            Category("wear", None, Words("衣", "Wear")),
            Category("coats", "wear", Words("外套", "Coats")),
        ]
        catalogue.put_categories(uow, SHELL, told, NOW)
        draft = ProductDraft(
            "coat", Words("外套", "Coat"), (VariantDraft("coat"),), category_id="coats", state="listed"
        )
        catalogue.put_product(uow, SHELL, draft, NOW)
    running(stores, Benefit("percent", bp=1_000), scope=Scope(category_ids=("wear",)))
    told_lines = quoted(stores, basket(("coat", 1), ("tea", 1))).lines
    assert [line.discount_minor for line in told_lines] == [1_000, 0]


def test_a_worked_basket_says_what_each_promotion_did_and_who_bears_it(stores: Stores) -> None:
    """The shop of the documentation's example, which is run from its page."""
    priced(stores, {"hoodie": 19_900, "umbrella": 6_900})
    running(
        stores,
        Benefit("percent", bp=1_500),
        name=Words("卫衣八五折", "Hoodies 15% off"),
        scope=Scope(product_ids=("hoodie",)),
        priority=50,
    )
    running(
        stores,
        Benefit("threshold", tiers=(Tier(20_000, 3_000), Tier(40_000, 8_000))),
        name=Words("全场满减", "Spend and save"),
        bearers=Bearers(6_000, 4_000, 0),
    )
    opened = running(
        stores,
        Benefit("threshold", tiers=(Tier(10_000, 2_000),), cliff=False),
        name=Words("新客券", "Welcome offer"),
        trigger="coupon",
        scope=Scope(first_order=True),
        priority=200,
    )
    issued(stores, opened, code="WELCOME20", uses=500)
    page = Path(__file__).parents[4] / "docs/pricing.md"
    example = page.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    with stores.rows.unit() as uow:
        known = {"api": api, "uow": uow, "now": NOW, "Ask": Ask, "AskLine": AskLine}
        exec(compile(example, str(page), "exec"), known)  # the documentation is what is run
    told = known["told"]
    assert isinstance(told, Quote)
    cuts = [cut for line in told.lines for cut in line.cuts]
    assert sum(cut.platform_minor for cut in cuts) == 5_970 + 4_800 + 2_000
    assert sum(cut.seller_minor for cut in cuts) == 3_200


def test_an_order_may_use_as_many_codes_as_the_policy_says(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    for code in ("AAAA", "BBBB"):
        issued(stores, running(stores, trigger="coupon"), code=code, uses=9)
    ask = basket(("tea", 1), codes=("bbbb", "aaaa"))
    one = quoted(stores, ask)
    assert (one.total_minor, [refused.code for refused in one.refused_codes]) == (8_900, ["BBBB"])
    with stores.rows.unit() as uow:
        api.set_policy(uow, SHELL, "online", Policy(coupons=2), NOW)
    assert quoted(stores, ask).total_minor == 7_900


def test_a_paused_promotion_gives_nothing_but_may_be_tried(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    made = running(stores)
    with stores.rows.unit() as uow:
        api.set_state(uow, SHELL, made.id, NOW, version=1, state="paused")
    assert quoted(stores, basket(("tea", 1))).total_minor == 9_900
    with stores.rows.unit() as uow:
        assert api.simulate(uow, basket(("tea", 1)), NOW, [made.id]).total_minor == 8_900


def test_a_promotion_runs_from_its_first_moment_to_before_its_last(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    running(stores, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    ask = basket(("tea", 1))
    second = timedelta(seconds=1)
    totals = [quoted(stores, ask, at).total_minor for at in (NOW - second, NOW, NOW + timedelta(hours=1))]
    assert totals == [9_900, 8_900, 9_900]


def test_what_runs_needs_an_approver_and_the_version_that_was_looked_at(stores: Stores) -> None:
    priced(stores, {"tea": 9_900})
    draft = PromotionDraft("online", Words("活动", "Offer"), Benefit("percent", bp=500))
    with stores.rows.unit() as uow:
        made = api.put_promotion(uow, ANNA, draft, NOW)
        api.put_promotion(uow, ANNA, draft, NOW, promotion_id=made.id, version=1)
    with pytest.raises(ShopError, match="version 2, not 1"), stores.rows.unit() as uow:
        api.put_promotion(uow, SHELL, draft, NOW, promotion_id=made.id, version=1)
    with pytest.raises(ShopError) as refused, stores.rows.unit() as uow:
        api.set_state(uow, ANNA, made.id, NOW, version=2, state="live")
    assert refused.value.kind == "forbidden"
    with stores.rows.unit() as uow:
        api.set_state(uow, SHELL, made.id, NOW, version=2, state="live")
        api.set_state(uow, ANNA, made.id, NOW, version=3, state="ended")
        assert [state for _, state, _, _ in api.versions(uow, made.id)] == ["ended", "live", "draft", "draft"]
    with pytest.raises(ShopError, match="state is live"), stores.rows.unit() as uow:
        api.set_state(uow, SHELL, made.id, NOW, version=4, state="live")


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ({"code": "A"}, "code"),
        ({"code": "GOOD1", "count": 3}, "code, count, member_ids"),
        ({}, "code, count, member_ids"),
        ({"count": 20_001}, "count"),
        ({"count": 2, "uses": 2}, "uses"),
        ({"count": 2, "ends_at": NOW}, "ends_at"),
    ],
)
def test_coupons_that_cannot_be_are_not_issued(stores: Stores, wanted: dict[str, object], what: str) -> None:
    priced(stores, {})
    opened = running(stores, trigger="coupon")
    with pytest.raises(ShopError) as refused:
        issued(stores, opened, **wanted)
    assert refused.value.params["what"] == what


def test_a_code_is_issued_once_however_it_is_written(stores: Stores) -> None:
    priced(stores, {})
    opened = running(stores, trigger="coupon")
    issued(stores, opened, code="spring-2026")
    with pytest.raises(ShopError, match="SPRING2026 has been issued before"):
        issued(stores, opened, code="Spring 2026")
    automatic = running(stores)
    with pytest.raises(ShopError, match="trigger is automatic"), stores.rows.unit() as uow:
        api.issue(uow, SHELL, BatchDraft(automatic.id, Words("券", "C"), code="OTHER"), NOW)


def test_a_quote_takes_as_many_questions_however_large_the_basket(stores: Stores) -> None:
    """Measured, not believed: each question is a wait of the buyer's."""
    priced(stores, {f"s{n}": 1_000 + n for n in range(60)})
    for n in range(20):
        running(stores, Benefit("percent", bp=10 + n), limits=Limits(member_uses=5))
    asked: list[str] = []
    with stores.rows.unit() as uow:
        api.quote(uow, basket(("s1", 1), member_id="m"), NOW)
        sa.event.listen(uow.conn, "before_cursor_execute", lambda *told: asked.append(told[2]))
        api.quote(uow, basket(("s1", 1), member_id="m"), NOW)
        small = len(asked)
        api.quote(uow, basket(*((f"s{n}", 2) for n in range(60)), member_id="m"), NOW)
    assert len(asked) == 2 * small
    assert small <= 8
