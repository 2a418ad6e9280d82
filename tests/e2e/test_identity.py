"""The identity card: who a customer is, from an order that was just sent, and a link that somebody cuts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, like, words

pytestmark = pytest.mark.browser
# Customers of their own for each language: what one test merges the other does not see.
PAIRS = {"zh": ("c0041", "c0042", "13912340041"), "en": ("c0051", "c0052", "13912340051")}


def send(console: Console, *orders: dict[str, Any]) -> None:
    """Orders through the order edge, by a program with an operator's token."""
    me = console.context.request.get(f"{console.running.url}/v1/me").json()
    made = console.context.request.post(
        f"{console.running.url}/v1/tokens",
        data={"name": f"erp {console.lang} {datetime.now(UTC).timestamp()}", "role": "operator"},
        headers={"x-csrf-token": me["csrf"]},
    )
    assert made.ok, made.text()
    answer = console.context.request.post(
        f"{console.running.url}/v1/orders",
        data={"orders": list(orders)},
        headers={"authorization": f"Bearer {made.json()['secret']}"},
    )
    assert answer.ok, answer.text()
    assert all(one["reason"] is None for one in answer.json()["orders"]), answer.text()


def order(console: Console, customer: str, phone: str, hours: int) -> dict[str, Any]:
    at = datetime.combine(console.running.evening, time(), UTC) - timedelta(hours=hours)
    line = {"product_id": "p0001", "quantity": 1, "unit_price": "3.00"}
    said = {"order_id": f"live-{customer}", "version": int(datetime.now(UTC).timestamp() * 1000)}
    return said | {
        "ordered_at": at.isoformat(),
        "paid_at": at.isoformat(),
        "customer_id": customer,
        "phone": phone,
        "lines": [line],
    }


@pytest.mark.parametrize("lang", ["zh"])
def test_two_customers_of_one_phone_are_one_person_until_somebody_cuts_the_link(console: Console) -> None:
    first, second, phone = PAIRS[console.lang]
    send(console, order(console, first, phone, 30), order(console, second, phone, 20))
    page = console.open(f"/customers/{first}")
    card = page.get_by_role("region", name=words(console.lang, "identity", "title"), exact=True)
    # The drain comes by itself within seconds; the page asks anew when it is opened anew.
    for _ in range(30):
        expect(card.locator("p").first).to_be_visible()
        if card.locator(".links li").count() == 2:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(card.locator(".links li")).to_have_count(2)
    expect(card.locator("dd").get_by_text(second, exact=True)).to_be_visible()
    link = card.locator(".links li").filter(has_text=second)
    link.get_by_role("button", name=words(console.lang, "identity", "cut"), exact=True).click()
    link.get_by_label(words(console.lang, "identity", "why")).fill("代下单")
    link.get_by_role("button", name=words(console.lang, "identity", "confirmCut"), exact=True).click()
    expect(page.get_by_text(like(words(console.lang, "identity", "cutDone")))).to_be_visible()
    expect(card.locator("dd").get_by_text(second, exact=True)).to_have_count(0)
    page.get_by_role("button", name=words(console.lang, "identity", "undo"), exact=True).click()
    expect(card.locator("dd").get_by_text(second, exact=True)).to_be_visible()
    link.get_by_role("button", name=words(console.lang, "identity", "cut"), exact=True).click()
    link.get_by_label(words(console.lang, "identity", "why")).fill("代下单")
    link.get_by_role("button", name=words(console.lang, "identity", "confirmCut"), exact=True).click()
    expect(card.locator("dd").get_by_text(second, exact=True)).to_have_count(0)
    assert console.overflow() == 0
    assert console.serious() == []
