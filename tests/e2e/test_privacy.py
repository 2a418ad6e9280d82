"""The privacy desk: a request from its first word to the search afterwards, by two people."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser


def customers(console: Console) -> list[str]:
    answer = console.context.request.get(f"{console.running.url}/v1/customers?limit=50&sort=customer_id")
    return [str(row["customer_id"]) for row in answer.json()["rows"]]


def ask(console: Console, kind: str) -> dict[str, Any]:
    """A request about the last customer of whom nobody has asked it, so that a second try has its own."""
    me = console.context.request.get(f"{console.running.url}/v1/me").json()
    for person in reversed(customers(console)):
        body = {"kind": kind, "person_id": person, "asked_on": "2026-01-05", "proof": "called back"}
        answer = console.context.request.post(
            f"{console.running.url}/v1/privacy/requests", data=body, headers={"x-csrf-token": me["csrf"]}
        )
        if answer.status != 409:
            break
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("lang", ["zh"])
def test_an_export_is_asked_for_approved_and_taken(console: Console) -> None:
    person = customers(console)[0 if console.lang == "zh" else 1]
    page = console.open("/data/privacy?ask=new", "h1")
    say = partial(words, console.lang, "privacy")
    form = page.get_by_role("dialog")
    form.get_by_label(say("form.person")).fill(person)
    form.get_by_label(say("form.proof")).fill("called back on the number of the order")
    assert console.serious() == []
    form.get_by_role("button", name=say("form.save")).click()
    drawer = page.get_by_role("dialog").filter(has_text=person)
    drawer.get_by_role("button", name=say("approve")).click()
    link = drawer.get_by_role("link", name=say("download"))
    expect(link).to_be_visible(timeout=120_000)
    with page.expect_download() as taken:
        link.click()
    with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as archive:
        lines = json.loads(archive.read("connect.lines.json"))
    assert {row["customer_id"] for row in lines} == {person}


@pytest.mark.parametrize("lang", ["en"])
def test_whoever_wrote_an_erasure_down_cannot_approve_it_at_once_and_another_can(console: Console) -> None:
    request = ask(console, "erasure")
    person = request["person_id"]
    say = partial(words, console.lang, "privacy")
    page = console.open(f"/data/privacy?request={request['id']}", "h1")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("button", name=say("approve"))).to_be_disabled()
    second = f"second-{request['id'][:8]}"
    made = console.context.request.post(
        f"{console.running.url}/v1/operators",
        data={"name": second, "role": "approver", "teams": []},
        headers={"x-csrf-token": console.context.request.get(f"{console.running.url}/v1/me").json()["csrf"]},
    ).json()
    console.sign_in(second, made["password"])
    page = console.open(f"/data/privacy?request={request['id']}", "h1")
    page.get_by_role("dialog").get_by_role("button", name=say("approve")).click()
    page.get_by_role("dialog").last.get_by_role("button", name=say("approve")).click()
    expect(page.get_by_text(say("detail.clean"))).to_be_visible(timeout=180_000)
    expect(page.get_by_text(re.compile("erased-[0-9a-f]{12}")).first).to_be_visible()
    assert console.serious() == []
    gone = console.context.request.get(f"{console.running.url}/v1/customers/{person}")
    assert gone.status == 404


@pytest.mark.look(width=390)
@pytest.mark.parametrize("tab", ["requests", "looks", "retention", "consents", "erased"])
def test_every_tab_fits_a_phone(console: Console, tab: str) -> None:
    page = console.open(f"/data/privacy?tab={tab}", "h1")
    expect(page.get_by_role("button", pressed=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert console.overflow() <= 0
    assert console.serious() == []


@pytest.mark.parametrize("lang", ["en"])
def test_a_consent_is_written_down_on_the_customers_page_and_the_look_is_counted(console: Console) -> None:
    person = customers(console)[2 if console.lang == "zh" else 3]
    say = partial(words, console.lang, "privacy")
    page = console.open(f"/customers/{person}", "h1")
    card = page.get_by_role("region", name=say("card.title"))
    marketing = say("purpose.marketing")
    card.get_by_role("button", name=say("card.withdraw")).and_(card.get_by_label(marketing)).click()
    page.get_by_role("dialog").get_by_role("button", name=say("card.save")).click()
    expect(card.get_by_text(say("card.no")).first).to_be_visible()
    page = console.open(f"/data/privacy?tab=looks&person={person}", "h1")
    expect(page.get_by_role("cell", name=person).first).to_be_visible()
    console.open("/data/privacy?tab=consents", "h1")
    expect(page.get_by_role("cell", name=say("purpose.marketing")).first).to_be_visible()
