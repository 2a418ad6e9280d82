"""Who has an account comes in, changes what is theirs, and leaves; all of it by plain forms."""

from __future__ import annotations

from tests.factories.storefront import PASSWORD, Shopfront, fields

ADDRESS = {
    "recipient": "李梅",
    "phone": "13800138000",
    "region": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 1 号",
    "postcode": "310000",
}


def test_an_account_is_made_left_and_entered_again(front: Shopfront) -> None:
    client = front.member()
    assert "Mei" in client.get("/account/profile").text
    client.post("/sign-out", data=fields(client.get("/account/profile"), "/sign-out"))
    assert client.get("/account/profile").headers["location"] == "/sign-in?back=%2Faccount%2Fprofile"
    given = {"contact": "mei@example.com", "password": PASSWORD, "back": "/account/profile"}
    assert client.post("/en/sign-in", data=given).headers["location"] == "/en/account/profile"


def test_a_wrong_password_is_told_and_what_was_typed_stays_but_for_the_password(front: Shopfront) -> None:
    front.member()
    answer = front.shopper().post(
        "/en/sign-in", data={"contact": "mei@example.com", "password": "guess-guess-1"}
    )
    assert answer.status_code == 422
    assert "password is wrong" in answer.text
    assert 'value="mei@example.com"' in answer.text
    assert "guess-guess-1" not in answer.text


def test_nobody_is_sent_to_another_site_after_signing_in(front: Shopfront) -> None:
    front.member()
    for back in ("https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "elsewhere"):
        given = {"contact": "mei@example.com", "password": PASSWORD, "back": back}
        assert front.shopper().post("/sign-in", data=given).headers["location"] == "/account"


def test_marketing_is_allowed_only_by_a_tick(front: Shopfront) -> None:
    client = front.member()
    page = client.get("/account/privacy")
    assert "checked" not in page.text
    hidden = fields(page, 'class="panel"')
    client.post("/account/privacy", data={**hidden, "part": "consents", "marketing": "yes"})
    assert client.get("/account/privacy").text.count("checked") == 1
    client.post("/account/privacy", data={**hidden, "part": "consents"})
    assert "checked" not in client.get("/account/privacy").text


def test_an_address_is_added_changed_and_removed(front: Shopfront) -> None:
    client = front.member()
    csrf = {"csrf": fields(client.get("/account/addresses"), 'id="form"')["csrf"]}
    assert client.post("/account/addresses", data={**csrf, **ADDRESS}).status_code == 303
    page = client.get("/account/addresses")
    assert "李梅 · " in page.text
    entry = fields(page, 'class="acts small"')
    changed = {**csrf, **ADDRESS, "recipient": "王芳", "address_id": entry["address_id"]}
    client.post("/account/addresses", data=changed)
    assert "王芳" in client.get("/account/addresses").text
    client.post("/account/addresses", data={**entry, "do": "drop"})
    assert "王芳" not in client.get("/account/addresses").text


def test_a_wrong_phone_number_keeps_the_form_as_it_was_typed(front: Shopfront) -> None:
    client = front.member()
    csrf = {"csrf": fields(client.get("/account/addresses"), 'id="form"')["csrf"]}
    answer = client.post("/en/account/addresses", data={**csrf, **ADDRESS, "phone": "12"})
    assert answer.status_code == 422
    assert "is no phone number" in answer.text
    assert 'value="文三路 1 号"' in answer.text


def test_a_member_s_form_without_its_token_changes_nothing(front: Shopfront) -> None:
    client = front.member()
    assert client.post("/account/profile", data={"part": "name", "name": "Eve"}).status_code == 403
    assert "Eve" not in client.get("/account/profile").text


def test_name_and_password_change(front: Shopfront) -> None:
    client = front.member()
    csrf = {"csrf": fields(client.get("/account/profile"), 'class="panel"')["csrf"]}
    client.post("/account/profile", data={**csrf, "part": "name", "name": "Lin"})
    assert "Lin" in client.get("/account/profile").text
    wrong = client.post(
        "/account/profile", data={**csrf, "part": "password", "old": "no", "new": "plum-tree-12"}
    )
    assert wrong.status_code == 422
    right = {**csrf, "part": "password", "old": PASSWORD, "new": "plum-tree-12"}
    assert client.post("/account/profile", data=right).status_code == 303
    given = {"contact": "mei@example.com", "password": "plum-tree-12"}
    assert front.shopper().post("/sign-in", data=given).status_code == 303


def test_a_copy_of_one_s_data_is_asked_for_once(front: Shopfront) -> None:
    client = front.member()
    csrf = {"csrf": fields(client.get("/account/privacy"), 'class="panel"')["csrf"]}
    assert client.post("/account/privacy", data={**csrf, "part": "export"}).status_code == 303
    assert client.post("/account/privacy", data={**csrf, "part": "export"}).status_code == 409
