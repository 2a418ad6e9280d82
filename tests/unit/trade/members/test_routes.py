"""Members over HTTP: a shopper's own account, forged forms, and what operators see and do."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import Door, open_door
from tests.factories.shopfront import PASSWORD, Shopfront, open_shopfront

from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.trade.members.routes import router

HOME = {
    "recipient": "Li",
    "phone": "13800001234",
    "region": "浙江省",
    "city": "杭州市",
    "line": "文三路 1 号",
}
GUESS = "019cae6b-6600-7000-8000-000000000000"


@pytest.fixture
def shopfront(stores: Stores) -> Shopfront:
    return open_shopfront(stores)


@pytest.fixture
def door(stores: Stores) -> Door:
    return open_door(stores, [router])


def code(answer: object) -> str:
    return str(answer.json()["error"]["code"])  # type: ignore[attr-defined]


def test_a_session_cookie_cannot_be_read_by_scripts_and_stays_on_this_site(shopfront: Shopfront) -> None:
    made = shopfront.guest().post("/v1/store/members", json={"email": "li@example.cn", "password": PASSWORD})
    cookie = made.headers["set-cookie"]
    assert cookie.startswith("sg_member=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert made.json()["csrf"] not in cookie


def test_a_guest_is_told_so_and_a_member_is_recognised(shopfront: Shopfront) -> None:
    assert shopfront.guest().get("/v1/store/me").json() is None
    client = shopfront.member()
    mine = client.get("/v1/store/me").json()
    assert (mine["name"], mine["email"], mine["tier"]) == ("Li", "li@example.cn", None)
    assert client.delete("/v1/store/session").status_code == 204
    assert client.get("/v1/store/me").json() is None


MINE: list[tuple[str, str, object]] = [
    ("GET", "/v1/store/me/addresses", None),
    ("POST", "/v1/store/me/addresses", HOME),
    ("PUT", f"/v1/store/me/addresses/{GUESS}", HOME),
    ("DELETE", f"/v1/store/me/addresses/{GUESS}", None),
    ("GET", "/v1/store/me/sessions", None),
    ("DELETE", "/v1/store/me/sessions/00", None),
    ("GET", "/v1/store/me/consents", None),
    ("POST", "/v1/store/me/consents", {"purpose": "marketing", "granted": True, "shown": "Write me"}),
    ("PATCH", "/v1/store/me", {"name": "Lei"}),
    ("POST", "/v1/store/me/contact", {"email": "lei@example.cn", "password": PASSWORD}),
    ("POST", "/v1/store/me/password", {"old": PASSWORD, "new": "winter leaves 8"}),
    ("POST", "/v1/store/me/requests", {"kind": "export"}),
]


@pytest.mark.parametrize(("method", "path", "body"), MINE)
def test_what_is_a_members_own_asks_a_guest_to_sign_in(
    shopfront: Shopfront, method: str, path: str, body: object
) -> None:
    answer = shopfront.guest().request(method, path, json=body)
    assert answer.status_code == 401
    assert code(answer) == "members_only"


@pytest.mark.parametrize(("method", "path", "body"), [call for call in MINE if call[0] != "GET"])
def test_a_members_write_without_the_token_of_their_page_changes_nothing(
    shopfront: Shopfront, method: str, path: str, body: object
) -> None:
    client = shopfront.member()
    for token in ("", "0" * 64):
        answer = client.request(method, path, json=body, headers={"x-csrf-token": token})
        assert (answer.status_code, code(answer)) == (403, "stale_form")
    assert client.get("/v1/store/me").json()["name"] == "Li"
    assert client.get("/v1/store/me/addresses").json() == []
    assert client.get("/v1/store/me/consents").json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},  # the console's port is the same site, not the same origin
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_no_other_site_signs_anybody_in_or_up(shopfront: Shopfront, headers: dict[str, str]) -> None:
    shopfront.member()
    client = shopfront.guest(**headers)
    for path, body in (
        ("/v1/store/session", {"contact": "li@example.cn", "password": PASSWORD}),
        ("/v1/store/members", {"email": "han@example.cn", "password": PASSWORD}),
    ):
        answer = client.post(path, json=body)
        assert (answer.status_code, code(answer)) == (403, "foreign_form")
        assert "set-cookie" not in answer.headers


def test_a_page_of_ours_signs_in(shopfront: Shopfront) -> None:
    shopfront.member()
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}):
        answer = shopfront.guest(**headers).post(
            "/v1/store/session", json={"contact": "li@example.cn", "password": PASSWORD}
        )
        assert answer.status_code == 200


def test_nobody_reaches_another_members_address(shopfront: Shopfront) -> None:
    li, han = shopfront.member(), shopfront.member("han@example.cn")
    made = li.post("/v1/store/me/addresses", json=HOME)
    assert made.status_code == 201
    path = f"/v1/store/me/addresses/{made.json()['address_id']}"
    changed = han.put(path, json=HOME | {"line": "elsewhere"})
    assert (changed.status_code, code(changed)) == (404, "no_address")
    assert han.delete(path).status_code == 404
    assert han.get("/v1/store/me/addresses").json() == []
    assert li.get("/v1/store/me/addresses").json() == [made.json()]


def test_nobody_ends_another_members_session(shopfront: Shopfront) -> None:
    li, han = shopfront.member(), shopfront.member("han@example.cn")
    (session,) = li.get("/v1/store/me/sessions").json()
    assert session["this"]
    assert han.delete(f"/v1/store/me/sessions/{session['id']}").status_code == 204
    assert li.get("/v1/store/me").json() is not None
    assert li.delete(f"/v1/store/me/sessions/{session['id']}").status_code == 204
    assert li.get("/v1/store/me").json() is None


def test_a_password_changes_in_the_same_request_that_prolongs_the_session(shopfront: Shopfront) -> None:
    client = shopfront.member()
    shopfront.wall.wait(hours=1)
    changed = client.post("/v1/store/me/password", json={"old": PASSWORD, "new": "winter leaves 8"})
    assert changed.json() == {"sessions_ended": 0}
    shopfront.wall.wait(hours=1)
    moved = client.post("/v1/store/me/contact", json={"phone": "13800001234", "password": "winter leaves 8"})
    assert (moved.json()["email"], moved.json()["phone"]) == (None, "13800001234")


def test_a_former_session_ends_when_somebody_else_signs_in_at_the_same_browser(shopfront: Shopfront) -> None:
    shopfront.member("han@example.cn")
    client = shopfront.member()
    former = client.cookies["sg_member"]
    answer = client.post("/v1/store/session", json={"contact": "han@example.cn", "password": PASSWORD})
    assert answer.json()["email"] == "han@example.cn"
    client.cookies.clear()
    client.cookies.set("sg_member", former)
    assert client.get("/v1/store/me").json() is None


def test_a_stored_session_is_worth_nothing_to_who_reads_the_database(shopfront: Shopfront) -> None:
    (session,) = shopfront.member().get("/v1/store/me/sessions").json()
    thief = shopfront.guest()
    thief.cookies.set("sg_member", session["id"])
    assert thief.get("/v1/store/me").json() is None


# ------------------------------------------------------------------ operators
def listed(client: TestClient, **query: object) -> list[str]:
    answer = client.get("/v1/trade/members", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return [row["member"]["email"] for row in answer.json()["rows"]]


def test_operators_find_members_and_every_look_is_written_down(shopfront: Shopfront, door: Door) -> None:
    for number in range(5):
        shopfront.wall.wait(minutes=1)
        shopfront.member(f"m{number}@example.cn", name=f"Member {number} 100%")
    mei = door.signed_in("mei", Role.OPERATOR)
    assert listed(mei) == [f"m{number}@example.cn" for number in (4, 3, 2, 1, 0)]
    first = mei.get("/v1/trade/members", params={"limit": 2}).json()
    assert (first["total"], len(first["rows"])) == (5, 2)
    assert listed(mei, limit=2, cursor=first["next"]) == ["m2@example.cn", "m1@example.cn"]
    assert listed(mei, q="member 3") == []  # a name as it is written
    assert listed(mei, q="Member 3") == ["m3@example.cn"]
    assert listed(mei, q="%") == listed(mei)  # the sign itself stands in every name
    assert listed(mei, q="m1@example.cn") == ["m1@example.cn"]
    assert listed(mei, q=" M1@Example.CN ") == ["m1@example.cn"]
    assert listed(mei, q="m1@") == []  # contacts are found whole, not guessed in parts
    assert listed(mei, tier="") == listed(mei)
    member_id = first["rows"][0]["member"]["member_id"]
    assert mei.get(f"/v1/trade/members/{member_id}").json()["member"]["email"] == "m4@example.cn"
    looks = door.signed_in("ann", Role.APPROVER).get("/v1/privacy/looks").json()
    assert [(look["operator"], look["person_id"]) for look in looks] == [("mei", member_id)]


def test_operators_give_tiers_which_the_member_sees_at_once(shopfront: Shopfront, door: Door) -> None:
    client = shopfront.member()
    member_id = client.get("/v1/store/me").json()["member_id"]
    mei = door.signed_in("mei", Role.OPERATOR)
    gold = {"name_zh": "金卡", "name_en": "Gold", "position": 1}
    assert mei.put("/v1/trade/tiers/gold", json=gold).status_code == 200
    assert mei.post(f"/v1/trade/members/{member_id}/tier", json={"tier": "gold"}).json()["tier"] == "gold"
    assert client.get("/v1/store/me").json()["tier"] == "gold"
    assert mei.get("/v1/trade/tiers").json() == [{"key": "gold", "members": 1, **gold}]
    assert mei.delete("/v1/trade/tiers/gold").status_code == 409
    moved = mei.post("/v1/trade/members/tiers", json={"members": {member_id: None}, "why": "over"})
    assert moved.json() == {"moved": 1}
    assert mei.delete("/v1/trade/tiers/gold").status_code == 204
    changes = mei.get(f"/v1/trade/members/{member_id}").json()["tier_changes"]
    assert [(one["was"], one["tier"], one["by"]) for one in changes] == [
        ("gold", None, "mei"),
        (None, "gold", "mei"),
    ]


@pytest.mark.parametrize("cursor", ["x", "WyJ4Iiwib3AiXQ", "WyIyMDI2LTAxLTAxIiwibSJd", "W251bGwsbnVsbF0"])
def test_a_cursor_that_is_not_ours_is_refused(door: Door, cursor: str) -> None:
    answer = door.signed_in("mei").get("/v1/trade/members", params={"cursor": cursor})
    assert (answer.status_code, code(answer)) == (422, "bad_cursor")
