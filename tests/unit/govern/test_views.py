"""Saved views: an address under a name, each operator's own."""

from __future__ import annotations

from tests.factories.door import Door

from shengeng.govern.views.contracts import MOST_VIEWS
from shengeng.kernel.roles import Role


def test_a_view_comes_back_under_its_name_and_a_second_of_that_name_replaces_it(door: Door) -> None:
    mei = door.signed_in("mei", Role.VIEWER)
    first = mei.post("/v1/views", json={"page": "customers", "name": " 沉睡 ", "query": "state=silent"})
    assert first.status_code == 201, first.text
    again = mei.post(
        "/v1/views", json={"page": "customers", "name": "沉睡", "query": "state=silent&sort=orders"}
    )
    assert again.json()["id"] == first.json()["id"]
    assert mei.get("/v1/views").json() == [again.json()]
    assert (again.json()["name"], again.json()["query"]) == ("沉睡", "state=silent&sort=orders")


def test_nobody_sees_or_deletes_the_views_of_others(door: Door) -> None:
    mei, li = door.signed_in("mei", Role.VIEWER), door.signed_in("li", Role.ADMIN)
    kept = mei.post("/v1/views", json={"page": "supply", "name": "produce", "query": ""}).json()
    assert li.get("/v1/views").json() == []
    refused = li.delete(f"/v1/views/{kept['id']}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "no_view")
    assert mei.delete(f"/v1/views/{kept['id']}").status_code == 204
    assert mei.get("/v1/views").json() == []


def test_views_have_a_limit_that_the_refusal_names(door: Door) -> None:
    mei = door.signed_in("mei", Role.VIEWER)
    for number in range(MOST_VIEWS):
        body = {"page": "customers", "name": f"view {number}", "query": ""}
        assert mei.post("/v1/views", json=body).status_code == 201
    refused = mei.post("/v1/views", json={"page": "supply", "name": "one more", "query": ""})
    assert refused.status_code == 409
    assert str(MOST_VIEWS) in refused.json()["error"]["message"]
    renewed = mei.post("/v1/views", json={"page": "customers", "name": "view 7", "query": "q=1"})
    assert renewed.status_code == 201


def test_a_page_is_a_word_and_never_an_address(door: Door) -> None:
    mei = door.signed_in("mei", Role.VIEWER)
    for page in ("", "//elsewhere", "../v1", "Customers", "a b"):
        answer = mei.post("/v1/views", json={"page": page, "name": "x", "query": ""})
        assert answer.status_code == 422, page
