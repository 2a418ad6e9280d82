"""Coming in, being recognised and leaving, over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import Door, open_door

from shengeng.kernel.roles import Role

WRONG = "not the password at all"


def sign_in(client: TestClient, name: str, password: str) -> int:
    return client.post("/v1/session", json={"name": name, "password": password}).status_code


def test_who_is_not_signed_in_is_null_and_no_error(door: Door) -> None:
    answer = door.stranger().get("/v1/me")
    assert (answer.status_code, answer.json()) == (200, None)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    cookie = (
        door.stranger().post("/v1/session", json={"name": "mei", "password": password}).headers["set-cookie"]
    )
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "samesite=lax", "path=/"}


def test_behind_https_the_cookie_is_secure_and_browsers_are_told_to_stay(door: Door) -> None:
    stores = replace(door.stores, settings=replace(door.stores.settings, https=True))
    safe = open_door(stores)
    password = safe.hire("mei", Role.VIEWER)
    answer = safe.stranger().post("/v1/session", json={"name": "mei", "password": password})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    copy = door.stranger(cookie=f"sg_session={client.cookies['sg_session']}")
    assert copy.get("/v1/teams").status_code == 200
    assert client.delete("/v1/session").status_code == 204
    assert copy.get("/v1/teams").status_code == 401


def test_coming_in_anew_ends_the_session_that_the_browser_had(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    old = client.cookies["sg_session"]
    assert sign_in(client, "mei", door.passwords["mei"]) == 200
    assert client.cookies["sg_session"] != old
    assert door.stranger(cookie=f"sg_session={old}").get("/v1/me").json() is None


def test_a_session_chosen_by_a_stranger_is_nobodys(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    planted = door.stranger()
    planted.cookies.set("sg_session", "chosen-by-a-stranger")
    assert sign_in(planted, "mei", password) == 200
    assert door.stranger(cookie="sg_session=chosen-by-a-stranger").get("/v1/me").json() is None


PROOFS: list[tuple[dict[str, str], int]] = [
    ({"x-csrf-token": "GOOD"}, 201),
    ({"x-csrf-token": "GOOD", "sec-fetch-site": "same-origin"}, 201),
    ({"x-csrf-token": "GOOD", "sec-fetch-site": "none"}, 201),
    ({"x-csrf-token": "GOOD", "sec-fetch-site": "cross-site"}, 403),
    ({"x-csrf-token": "GOOD", "sec-fetch-site": "same-site"}, 403),
    ({}, 403),
    ({"x-csrf-token": ""}, 403),
    ({"x-csrf-token": "0" * 64}, 403),
    ({"x-csrf-token": "OTHER"}, 403),
    ({"sec-fetch-site": "same-origin"}, 403),
]


def test_a_write_needs_the_token_of_its_own_session_from_our_own_page(door: Door) -> None:
    client, other = door.signed_in("mei", Role.ADMIN), door.signed_in("li", Role.ADMIN)
    tokens = {"GOOD": client.headers.pop("x-csrf-token"), "OTHER": other.headers["x-csrf-token"]}
    for number, (headers, status) in enumerate(PROOFS):
        sent = {name: tokens.get(value, value) for name, value in headers.items()}
        team = {"key": f"t{number}", "name_zh": "北区", "name_en": "North"}
        assert client.post("/v1/teams", json=team, headers=sent).status_code == status, headers
    assert client.get("/v1/teams", headers={"sec-fetch-site": "cross-site"}).status_code == 200
    made = {team["key"] for team in client.get("/v1/teams").json()} - {"growth", "supply", "service"}
    assert made == {f"t{number}" for number, (_, status) in enumerate(PROOFS) if status == 201}


def test_a_token_needs_no_csrf_proof_because_browsers_never_send_it(door: Door) -> None:
    program = door.program("bot", Role.APPROVER)
    assert program.get("/v1/audit").status_code == 200
    assert program.post("/v1/jobs/1/cancel", headers={"sec-fetch-site": "cross-site"}).status_code == 404


def test_another_site_cannot_sign_a_browser_in(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    assert sign_in(door.stranger(**{"sec-fetch-site": "cross-site"}), "mei", password) == 403
    plain = door.stranger().post(
        "/v1/session",
        content=f'{{"name":"mei","password":"{password}"}}',
        headers={"content-type": "text/plain"},
    )
    assert plain.status_code == 422
    assert "set-cookie" not in plain.headers


@pytest.mark.parametrize("bearer", ["", "sgt_unknown", "nonsense", "sgt_" + "x" * 5000])
def test_a_wrong_token_is_refused_even_beside_a_good_cookie(door: Door, bearer: str) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    for path in ("/v1/teams", "/v1/me"):
        answer = client.get(path, headers={"authorization": f"Bearer {bearer}"})
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "token_unknown"


def test_a_token_ends_with_its_time_its_revocation_and_its_maker(door: Door) -> None:
    admin = door.signed_in("root", Role.ADMIN)
    one, two, three = (door.program(name, Role.VIEWER) for name in ("a1", "b2", "c3"))
    ids = {row["operator"]: row["id"] for row in admin.get("/v1/tokens").json()}
    assert admin.delete(f"/v1/tokens/{ids['a1']}").status_code == 204
    assert admin.patch("/v1/operators/b2", json={"disabled": True}).status_code == 200
    assert [client.get("/v1/teams").status_code for client in (one, two, three)] == [401, 401, 200]
    door.wall.wait(days=90)
    assert three.get("/v1/teams").status_code == 401


def test_a_token_never_exceeds_its_makers_present_role(door: Door) -> None:
    program = door.program("an", Role.APPROVER)
    assert program.get("/v1/audit").status_code == 200
    door.signed_in("root", Role.ADMIN).patch("/v1/operators/an", json={"role": "viewer"})
    assert program.get("/v1/audit").status_code == 403
    assert program.get("/v1/me").json()["role"] == "viewer"


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 201), ("operator", 201), ("approver", 403), ("admin", 403)]
)
def test_a_token_is_made_up_to_ones_own_role(door: Door, role: str, status: int) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    assert client.post("/v1/tokens", json={"name": "bot", "role": role}).status_code == status


def test_a_token_cannot_make_tokens_accounts_or_passwords(door: Door) -> None:
    program = door.program("root", Role.ADMIN)
    for path, body in [
        ("/v1/tokens", {"name": "more", "role": "viewer"}),
        ("/v1/operators", {"name": "li", "role": "admin"}),
        ("/v1/operators/root/password", None),
        ("/v1/me/password", {"old": door.passwords["root"], "new": "another long password"}),
    ]:
        answer = program.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "session_only")
    assert program.patch("/v1/operators/root", json={"role": "admin"}).status_code == 403


def test_people_see_and_revoke_their_own_tokens_only(door: Door) -> None:
    door.program("mei", Role.VIEWER)
    li, root = door.signed_in("li", Role.APPROVER), door.signed_in("root", Role.ADMIN)
    assert li.get("/v1/tokens").json() == []
    [token] = root.get("/v1/tokens").json()
    assert "secret" not in token
    assert li.delete(f"/v1/tokens/{token['id']}").status_code == 404
    assert root.delete(f"/v1/tokens/{token['id']}").status_code == 204
    assert root.delete(f"/v1/tokens/{token['id']}").status_code == 404


def test_a_new_password_ends_all_other_sessions(door: Door) -> None:
    here, there = door.signed_in("mei", Role.VIEWER), door.signed_in("mei")
    new = "quite another password"
    old = door.passwords["mei"]
    assert here.post("/v1/me/password", json={"old": WRONG, "new": new}).status_code == 422
    assert here.post("/v1/me/password", json={"old": old, "new": "mei"}).status_code == 422
    assert there.get("/v1/me").json() is not None
    assert here.post("/v1/me/password", json={"old": old, "new": new}).status_code == 204
    assert here.get("/v1/me").json() is not None
    assert there.get("/v1/me").json() is None
    assert sign_in(door.stranger(), "mei", old) == 401
    assert sign_in(door.stranger(), "mei", new) == 200


def test_a_new_password_after_a_rest_does_not_wait_for_its_own_request(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    door.wall.wait(minutes=5)  # the request now writes "last seen" of the very account it changes
    body = {"old": door.passwords["mei"], "new": "quite another password"}
    assert client.post("/v1/me/password", json=body).status_code == 204


def test_disabling_and_resetting_end_every_session_and_a_role_holds_at_once(door: Door) -> None:
    root = door.signed_in("root", Role.ADMIN)
    mei, li, an = (door.signed_in(name, Role.APPROVER) for name in ("mei", "li", "an"))
    root.patch("/v1/operators/mei", json={"disabled": True})
    made = root.post("/v1/operators/li/password").json()
    root.patch("/v1/operators/an", json={"role": "viewer"})
    assert mei.get("/v1/me").json() is None
    assert li.get("/v1/me").json() is None
    assert an.get("/v1/audit").status_code == 403
    assert sign_in(door.stranger(), "mei", door.passwords["mei"]) == 401
    assert sign_in(door.stranger(), "li", door.passwords["li"]) == 401
    assert sign_in(door.stranger(), "li", made["password"]) == 200
    root.patch("/v1/operators/mei", json={"disabled": False})
    assert sign_in(door.stranger(), "mei", door.passwords["mei"]) == 200


def test_the_last_admin_cannot_leave_over_http(door: Door) -> None:
    root = door.signed_in("root", Role.ADMIN)
    answer = root.patch("/v1/operators/root", json={"disabled": True}, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 409
    assert answer.json()["error"]["message"] == "root 是最后一位管理员，必须保留：请先指定另一位管理员。"


def test_guessing_waits_longer_each_time_and_a_good_password_waits_too(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    client = door.stranger()
    assert [sign_in(client, "mei", WRONG) for _ in range(5)] == [401] * 5
    answer = client.post("/v1/session", json={"name": "mei", "password": password})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    door.wall.wait(seconds=1)
    assert sign_in(client, "mei", WRONG) == 401  # the sixth failure: two seconds
    door.wall.wait(seconds=1)
    assert sign_in(client, "mei", password) == 429
    door.wall.wait(seconds=1)
    assert sign_in(client, "mei", password) == 200
    assert sign_in(client, "mei", WRONG) == 401  # and all is forgiven
    assert sign_in(client, "mei", password) == 200


def test_names_that_do_not_exist_are_throttled_as_well(door: Door) -> None:
    client = door.stranger()
    assert [sign_in(client, "nobody", WRONG) for _ in range(6)] == [401] * 5 + [429]


def test_throttling_is_audited_by_account_but_never_by_what_strangers_typed(door: Door) -> None:
    door.hire("mei", Role.VIEWER)
    for name in ("mei", "Password123!", "pass word"):
        for _ in range(6):
            sign_in(door.stranger(), name, WRONG)
    rows = door.signed_in("an", Role.APPROVER).get("/v1/audit?action=session.throttled").json()["rows"]
    assert [row["target"] for row in rows] == ["", "", "mei"]
    assert "password123" not in str(rows).lower()


def test_one_address_cannot_try_many_names(door: Door) -> None:
    client = door.stranger()
    tries = [sign_in(client, f"name{number}", WRONG) for number in range(21)]
    assert tries == [401] * 20 + [429]
    elsewhere = TestClient(door.app, client=("198.51.100.9", 1), raise_server_exceptions=False)
    assert sign_in(elsewhere, "name99", WRONG) == 401


def test_coming_in_often_from_one_address_is_no_guessing(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    client = door.stranger()
    assert {sign_in(client, "mei", password) for _ in range(21)} == {200}


def test_a_password_of_ones_own_does_not_buy_guesses_at_others(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    client = door.stranger()
    tries = []
    for number in range(21):
        tries.append(sign_in(client, f"name{number}", WRONG))
        if number % 4 == 0 and tries[-1] == 401:
            sign_in(client, "mei", password)
    assert tries == [401] * 20 + [429]


def test_failures_are_forgotten_after_a_day(door: Door) -> None:
    client = door.stranger()
    for _ in range(6):
        sign_in(client, "nobody", WRONG)
    door.wall.wait(days=1, seconds=1)
    assert [sign_in(client, "nobody", WRONG) for _ in range(5)] == [401] * 5


def test_guesses_at_the_same_moment_are_counted_one_by_one(door: Door) -> None:
    door.hire("mei", Role.VIEWER)

    def guess(_: int) -> int:
        return sign_in(door.stranger(), "mei", WRONG)

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(guess, range(12)))
    assert answers == [401] * 5 + [429] * 7


def test_the_old_password_cannot_be_guessed_from_a_stolen_session(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    body = {"old": WRONG, "new": "quite another password"}
    answers = [client.post("/v1/me/password", json=body).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
