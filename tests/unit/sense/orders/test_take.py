"""Orders sent one by one, from the request to the facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.sense.orders.sent import order

from shengeng.govern.consent import api as consent
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.sense.orders import api
from shengeng.sense.orders.contracts import Answer
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 10, 4, tzinfo=UTC)


@pytest.fixture
def live(stores: Stores) -> Stores:
    """A shop that has never imported anything."""
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
    return stores


def send(stores: Stores, *orders: Mapping[str, Any], atomic: bool = False) -> list[Answer]:
    body = json.dumps({"orders": orders, "atomic": atomic}).encode()
    with stores.rows.unit() as uow:
        return api.take(stores, uow, body, "erp", NOW)


def lines(stores: Stores) -> list[dict[str, Any]]:
    return sorted(
        connect.lines(stores.lake).to_pyarrow().to_pylist(), key=lambda row: (row["order_id"], row["line_no"])
    )


def test_an_order_sent_to_a_new_shop_stands_in_the_facts_on_its_local_day(live: Stores) -> None:
    [answer] = send(live, order(phone="138 1234 5678", anonymous_id="d1"))
    assert answer.outcome == "created"
    assert lines(live) == []
    done = api.drain(live, NOW)
    assert done.orders == 1
    assert set(done.people) == {"c1", "anon:d1", *_phone(live)}
    [line] = lines(live)
    assert (line["order_id"], line["total_minor"], line["paid"], line["local_date"]) == (
        "o1",
        2500,
        True,
        date(2025, 6, 10),
    )
    with live.rows.unit() as uow:
        assert shop.profile(uow).as_of == date(2025, 6, 9)
        assert identity.persons(uow, "anonymous", ["d1"]) == {"d1": "c1"}
        assert "c1" in arrivals.since(uow, 0).people
        [kept] = api.versions(uow, "o1")
    assert kept.state == "merged"
    assert "13812345678" not in json.dumps(dict(kept.body)).replace(" ", "")
    assert api.drain(live, NOW).orders == 0


def _phone(stores: Stores) -> set[str]:
    digest = identity.phone_hash("13812345678")
    return {f"phone_hash:{digest}"}


def test_newer_versions_win_and_older_ones_change_nothing(live: Stores) -> None:
    send(live, order(version=5))
    api.drain(live, NOW)
    assert [a.outcome for a in send(live, order(version=4, status="unpaid"))] == ["older"]
    assert [a.outcome for a in send(live, order(version=5))] == ["unchanged"]
    [clash] = send(live, order(version=5, status="shipped"))
    assert clash.outcome == "rejected"
    assert clash.reason is not None
    assert (clash.reason.code, clash.reason.path) == ("version_conflict", "orders.0.version")
    off = order(version=6, cancelled_at="2025-06-10T01:00:00Z")
    assert [a.outcome for a in send(live, off)] == ["updated"]
    api.drain(live, NOW)
    assert [(line["kind"], line["total_minor"]) for line in lines(live)] == [("cancelled", 2500)]


def test_a_bad_order_is_told_by_its_place_and_does_not_refuse_the_good_ones(live: Stores) -> None:
    bad = order("o2") | {"lines": [{"product_id": "p1", "quantity": "two", "unit_price": 3}]}
    nothing = order("o3") | {"lines": [{"product_id": "p1", "quantity": 1, "unit_price": "1e300"}]}
    strange = order("o4", colour="red")
    late = order("o5", ordered_at="2025-06-12T00:00:00Z")
    answers = send(live, order(), bad, nothing, strange, late)
    told = [(a.outcome, a.reason.path if a.reason else "") for a in answers]
    assert told == [
        ("created", ""),
        ("rejected", "orders.1.lines.0.quantity"),
        ("rejected", "orders.2.lines.0.unit_price"),
        ("rejected", "orders.3.colour"),
        ("rejected", "orders.4.ordered_at"),
    ]
    with pytest.raises(ShopError, match="Nothing was taken"):
        send(live, order("o9"), bad, atomic=True)
    api.drain(live, NOW)
    assert {line["order_id"] for line in lines(live)} == {"o1"}


def test_payments_and_refunds_are_told_by_line(live: Stores) -> None:
    two = [
        {"product_id": "p1", "quantity": 1, "line_total": "20"},
        {"product_id": "p2", "quantity": 1, "line_total": 10},
    ]
    deposit = {"paid_at": "2025-06-09T21:00:00Z", "amount": 5}
    rest = {"paid_at": "2025-06-09T22:00:00Z", "amount": "25"}
    send(live, order(lines=two, paid_at=None, payments=[deposit]))
    api.drain(live, NOW)
    assert {line["paid"] for line in lines(live)} == {False}
    back = {"refunded_at": "2025-06-10T01:00:00Z", "amount": "10.01"}
    send(live, order(version=2, lines=two, paid_at=None, payments=[rest, deposit], refunds=[back]))
    api.drain(live, NOW)
    assert {line["paid"] for line in lines(live)} == {True}
    assert sorted(line["refund_minor"] for line in lines(live)) == [334, 667]


def test_what_a_buyer_allowed_with_an_order_is_written_down(live: Stores) -> None:
    sent = order("o1", 1, consent={"marketing": {"sms": False}, "profiling": True, "text": "v3"})
    send(live, sent)
    api.drain(live, NOW)
    with live.rows.unit() as uow:
        assert consent.withdrawn(uow, "marketing", "sms") == {"c1"}
        assert consent.granted(uow, "profiling") == {"c1"}


def test_an_order_that_moves_to_another_day_and_month_stands_once(live: Stores) -> None:
    send(live, order(ordered_at="2025-05-31T15:59:00Z"))
    api.drain(live, NOW)
    assert [line["local_date"] for line in lines(live)] == [date(2025, 5, 31)]
    send(live, order(version=2, ordered_at="2025-05-31T16:01:00Z"))
    api.drain(live, NOW)
    assert [line["local_date"] for line in lines(live)] == [date(2025, 6, 1)]


def test_two_drains_at_once_merge_each_order_once(live: Stores) -> None:
    send(live, *(order(f"o{n}") for n in range(5)))
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: api.drain(live, NOW).orders, range(2)))
    assert sorted(done) == [0, 5]
    assert len(lines(live)) == 5


def test_a_drain_that_breaks_off_leaves_nothing_half_done(live: Stores) -> None:
    send(live, order(anonymous_id="d1"))
    blocked = live.settings.home / "lake" / "lines"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("no folder")
    with pytest.raises((OSError, ShopError)):
        api.drain(live, NOW)
    blocked.unlink()
    with live.rows.unit() as uow:
        assert identity.persons(uow, "anonymous", ["d1"]) == {"d1": "anon:d1"}
        assert shop.profile(uow).as_of is None
    assert api.due(live)
    assert api.drain(live, NOW).orders == 1
    assert len(lines(live)) == 1


def test_an_imported_file_and_the_order_edge_make_the_same_lines(live: Stores, tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('timezone = "Asia/Shanghai"\ncurrency = "CNY"\n')
    (tmp_path / "orders.csv").write_text(
        "order_id,ordered_at,product_id,quantity,unit_price,customer_id,paid_at,phone_hash\n"
        "o1,2025-06-09T20:30:00Z,p1,2,12.50,c1,2025-06-09T20:31:00Z,ab12cd\n"
        "o7,2025-06-09T20:30:00Z,p1,1,12.50,c7,2025-06-09T20:31:00Z,ab12cd\n"
    )
    connect.import_source(live, tmp_path, now=NOW)
    identity.keep(live, NOW)
    with live.rows.unit() as uow:
        assert identity.persons(uow, "customer", ["c7"]) == {"c7": "c1"}
    [_, before] = lines(live)[::-1]
    send(live, order())
    api.drain(live, NOW)
    [after, _] = lines(live)
    kept = set(before) - {"import_id", "attributes"}
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}
    assert len(lines(live)) == 2
