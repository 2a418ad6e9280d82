"""Codes of a batch and sides of the ledger as files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from tests.factories.door import NOON, open_door
from tests.factories.payments import charged, sandbox_ready
from tests.factories.pricing import issued, priced, running

from shengeng.console import exports
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing


def test_codes_of_a_batch_leave_as_a_file_for_operators_only(stores: Stores) -> None:
    priced(stores, {"tea": 1_000})
    batch = issued(stores, running(stores, trigger="coupon"), count=3)
    issued(stores, running(stores, trigger="coupon"), code="OTHER")
    door = open_door(stores, [exports.router])
    path = f"/v1/files/coupons?batch={batch.id}"
    assert door.signed_in("zhou", Role.VIEWER).get(path).status_code == 403
    told = door.signed_in("mei", Role.OPERATOR).get(path).text.lstrip("\ufeff")
    with stores.rows.unit() as uow:
        codes = {one.code for one in pricing.coupons(uow, batch_id=batch.id)}
    assert {row["Code"] for row in csv.DictReader(io.StringIO(told))} == codes


def test_sides_of_an_account_leave_as_a_file_that_sums_to_nothing(stores: Stores) -> None:
    sandbox_ready(stores, NOON)
    for order_id in ("o1", "o2"):
        with stores.rows.unit() as uow:
            until = NOON + timedelta(minutes=15)
            intent = payments.begin(
                uow, order_id, 1_050, "CNY", "sandbox", until, "http://shop.example/", NOON
            )
        headers, body = charged(stores, intent, NOON)
        with stores.rows.unit() as uow:
            payments.receive(uow, "sandbox", headers, body, NOON)
    client = open_door(stores, [exports.router]).signed_in("zhou", Role.VIEWER)
    told = client.get("/v1/files/ledger?order_id=o1").text.lstrip("\ufeff")
    rows = [(row["Order"], row["Account"], row["Amount"]) for row in csv.DictReader(io.StringIO(told))]
    assert sorted(rows) == [("o1", "orders", "-10.50"), ("o1", "provider:sandbox", "10.50")]
