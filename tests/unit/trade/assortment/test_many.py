"""Many products at once: prices by rule, categories, and what was counted, all seen before it is done."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.door import Door, open_door
from tests.factories.selling import Sold, buy, open_selling

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.assortment import api, methods, routes
from shengeng.trade.assortment.contracts import Price, Repricing, Rounding
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Browse, Category
from shengeng.trade.stock import api as stock

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STEPS = st.sampled_from((1, 10, 100, 1_000))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**4), STEPS, st.data())
def test_a_rounded_price_ends_as_asked_and_is_the_nearest(
    above: int, below: int, step: int, data: st.DataObject
) -> None:
    less, exact = data.draw(st.integers(0, step - 1)), Fraction(above, below)
    near, up, down = (
        methods.rounded(above, below, Rounding(step, less, to)) for to in ("nearest", "up", "down")
    )
    assert {one % step for one in (near, up, down)} == {-less % step}
    assert down <= exact <= up < down + 2 * step
    assert abs(near - exact) * 2 <= step
    assert near in {up, down}


@given(
    st.integers(1, 10**8),
    st.integers(-9_000, 9_000),
    st.none() | st.integers(1, 10**8),
    st.sampled_from(("keep", "old", "none")),
)
def test_a_changed_price_is_compared_only_with_what_is_above_it(
    unit: int, bp: int, more: int | None, how: str
) -> None:
    before = Price(unit, unit + more if more else None)
    after = methods.reprice(before, Repricing("percent", bp=bp, compare_at=how))  # type: ignore[arg-type]
    if after.compare_at_minor is not None:
        assert after.compare_at_minor > after.unit_minor
        assert after.compare_at_minor in {before.unit_minor, before.compare_at_minor}
    assert (how == "none") <= (after.compare_at_minor is None)


@pytest.fixture
def shelf(stores: Stores) -> Stores:
    """A shop that sells tea at 68.00 (cost 60.00) and cups at 19.99, two of them promised to a buyer."""
    tea, cup = (
        Sold("tea", 6_800, {"store": 9}, cost_minor=6_000),
        Sold("cup", 1_999, {"store": 5, "central": 4}),
    )
    open_selling(stores, tea, cup)
    buy(stores, [("cup", 2)])
    return stores


def test_prices_change_as_they_were_seen_or_not_at_all(shelf: Stores) -> None:
    sale = Repricing("percent", bp=-1_500, rounding=Rounding(100, 10), compare_at="old")
    with shelf.rows.unit() as uow:
        look = api.look_at_prices(uow, ["tea", "cup", "gone"], sale)
        assert {one.sku: (one.before, one.after) for one in look.rows} == {
            "cup": (Price(1_999), Price(1_690, 1_999)),
            "tea": (Price(6_800), Price(5_790, 6_800)),
        }
        assert [one.why for one in look.rows] == [None, Words("低于成本", "below cost")]
        api.set_prices(uow, SHELL, ["tea", "cup", "gone"], sale, NOW, seen=look.seen)
        assert api.product(uow, "cup").prices == {"cup": Price(1_690, 1_999)}
        assert api.product(uow, "tea").product.from_minor == 5_790
        with pytest.raises(ShopError) as caught:  # the same look again would cut the price twice
            api.set_prices(uow, SHELL, ["tea", "cup", "gone"], sale, NOW, seen=look.seen)
        assert caught.value.code == "changed_meanwhile"
        low = api.look_at_prices(uow, ["cup"], Repricing("amount", minor=-1_690)).rows[0]
        assert (low.after, low.why is None) == (None, False)


def test_products_move_to_a_category_and_are_found_by_its_name(shelf: Stores) -> None:
    with shelf.rows.unit() as uow:
        catalogue.put_categories(uow, SHELL, [Category("ware", None, Words("器皿", "Ware"))], NOW)
        assert api.move_to_category(uow, SHELL, ["tea", "cup", "gone"], "ware", NOW) == 2
        assert api.move_to_category(uow, SHELL, ["cup"], "ware", NOW) == 0
        assert {card.product_id for card in catalogue.browse(uow, Browse("器皿")).cards} == {"tea", "cup"}
        assert api.move_to_category(uow, SHELL, ["tea"], None, NOW) == 1
        assert catalogue.browse(uow, Browse(category_id="ware")).total == 1
        with pytest.raises(ShopError):
            api.move_to_category(uow, SHELL, ["tea"], "nowhere", NOW)


def test_a_counted_sheet_books_what_was_counted_and_only_what_was_seen(shelf: Stores) -> None:
    with shelf.rows.unit() as uow:
        sheet = api.count_sheet(uow, "store", "en").decode("utf-8-sig").splitlines()
        assert sheet[1:] == ["cup,商品 cup,store,5,".replace("商品", "Goods"), "tea,Goods tea,store,9,"]
        blank = api.look_at_count(uow, "\n".join(sheet).encode())
        assert [one.counted for one in blank.rows] == [None, None]
        with pytest.raises(ShopError) as caught:
            api.book_count(uow, SHELL, "\n".join(sheet).encode(), blank.seen, NOW)
        assert caught.value.code == "nothing_counted"
        content = b"sku,location_id,counted\ncup,store,3\ntea,store,9\ntea,central,2\n"
        look = api.look_at_count(uow, content)
        assert [(one.on_hand, one.counted) for one in look.rows] == [(5, 3), (9, 9), (0, 2)]
        api.book_count(uow, SHELL, content, look.seen, NOW, note="Q1")
        assert stock.on_hand(uow, ["cup", "tea"]) == {"cup": 7, "tea": 11}
        assert [m.change for m in stock.movements(uow, kind="count").rows] == [0, 2, -2]
        assert stock.faults(uow) == []
        with pytest.raises(ShopError) as caught:
            api.book_count(uow, SHELL, content, look.seen, NOW)
        assert caught.value.code == "changed_meanwhile"


def test_a_count_that_cannot_be_is_named_by_its_row(shelf: Stores) -> None:
    rows = (
        "cup,store,1",
        "cup,central,x",
        "cup,nowhere,1",
        "ghost,store,1",
        "tea,store,9",
        "tea,store,9",
        "tea,forward,-1",
    )
    with shelf.rows.unit() as uow:
        look = api.look_at_count(uow, "\n".join(("sku,location_id,counted", *rows)).encode())
        found = [(one.number, one.column) for one in look.wrong]
        named = [(2, "counted"), (3, "counted"), (4, "location_id"), (5, "sku"), (7, "sku"), (8, "counted")]
        assert found == named
        assert "2" in look.wrong[0].must.en
        with pytest.raises(ShopError, match="Nothing was written"):
            api.book_count(uow, SHELL, "\n".join(("sku,location_id,counted", *rows)).encode(), look.seen, NOW)
        assert stock.on_hand(uow, ["cup"]) == {"cup": 9}


def test_files_travel_over_http(shelf: Stores) -> None:
    door: Door = open_door(shelf, [routes.router])
    mei, viewer = door.signed_in("mei", Role.OPERATOR), door.signed_in("li", Role.VIEWER)
    exported = viewer.get("/v1/trade/product-table", headers={"accept-language": "zh"})
    assert exported.content.startswith("\ufeff商品编号,规格编码".encode())
    assert viewer.get("/v1/trade/stock/count-sheet").status_code == 200

    def send(client: TestClient, path: str, content: bytes, **query: str) -> tuple[int, dict[str, object]]:
        answer = client.post(path, content=content, params=query, headers={"content-type": "text/csv"})
        return answer.status_code, answer.json()

    table = "/v1/trade/product-table"
    assert send(viewer, f"{table}/preview", exported.content)[0] == 403
    status, look = send(mei, f"{table}/preview", exported.content)
    assert (status, look["same"], look["rows"], look["wrong"]) == (200, 2, [], [])
    status, look = send(mei, f"{table}/preview", b"product_id,sku,brand\ntea,tea,Xihu\ncup,cup,\n")
    assert (status, look["changed"], look["same"]) == (200, 1, 1)
    status, done = send(mei, table, b"product_id,sku,brand\ntea,tea,Xihu\ncup,cup,\n", seen=str(look["seen"]))
    assert (status, done) == (200, look)
    assert mei.get("/v1/trade/products/tea").json()["brand"] == "Xihu"
    assert send(mei, f"{table}/preview", b"price\n1\n")[0] == 422
    assert send(mei, f"{table}/preview", b"sku" + b"," * 22 * 1024**2)[0] == 413
    counts = "/v1/trade/stock/count-sheet"
    status, look = send(mei, f"{counts}/preview", b"sku,location_id,counted\ntea,store,8\n")
    assert (status, look["differ"]) == (200, 1)
    assert send(mei, counts, b"sku,location_id,counted\ntea,store,8\n", seen=str(look["seen"]))[0] == 200
    change = {"product_ids": ["tea"], "kind": "set", "minor": 7_000}
    priced = mei.post("/v1/trade/products/prices/preview", json=change).json()
    assert (priced["changed"], priced["rows"][0]["before_minor"]) == (1, 6_800)
    assert mei.post("/v1/trade/products/prices", json=change | {"seen": priced["seen"]}).status_code == 200
    assert mei.post("/v1/trade/products/prices/preview", json=change | {"minor": 0}).status_code == 422
    into = {"product_ids": ["tea"], "category_id": None}
    assert mei.post("/v1/trade/products/category", json=into).json() == {"moved": 0}


def test_a_product_and_its_prices_are_written_together_or_not_at_all(shelf: Stores) -> None:
    mei = open_door(shelf, [routes.router]).signed_in("mei", Role.OPERATOR)
    variants: list[dict[str, Any]] = [
        {"sku": "pot", "unit_minor": 12_000, "compare_at_minor": 15_000},
        {"sku": "pot-b", "choices": []},
    ]
    body = {"version": 0, "title": {"zh": "壶"}, "options": [{"zh": "色"}], "variants": variants}
    variants[0]["choices"], variants[1]["choices"] = [{"zh": "白"}], [{"zh": "黑"}]
    made = mei.put("/v1/trade/products/pot", json=body).json()
    told = {one["sku"]: (one["unit_minor"], one["compare_at_minor"]) for one in made["variants"]}
    assert told == {"pot": (12_000, 15_000), "pot-b": (None, None)}
    variants[0] |= {"unit_minor": 9_000, "compare_at_minor": 8_000}
    refused = mei.put("/v1/trade/products/pot", json=body | {"version": 1, "brand": "Xihu"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_price")
    alone = [variants[0] | {"unit_minor": None}, variants[1]]
    refused = mei.put("/v1/trade/products/pot", json=body | {"version": 1, "variants": alone})
    assert refused.json()["error"]["code"] == "no_price_to_compare"
    there = mei.get("/v1/trade/products/pot").json()
    assert (there["version"], there["brand"]) == (1, "")
    del variants[0]["unit_minor"], variants[0]["compare_at_minor"]
    old_call = mei.put("/v1/trade/products/pot", json=body | {"version": 1}).json()
    assert old_call["variants"][0]["unit_minor"] == 12_000
    variants[0]["unit_minor"] = None
    without = mei.put("/v1/trade/products/pot", json=body | {"version": 2}).json()
    assert (without["variants"][0]["unit_minor"], without["from_minor"]) == (None, None)
