"""Accounts of members: who comes in, who is thrown out, who waits."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from tests.factories.door import NOON

from shengeng.govern.access import api as access
from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import Stores
from shengeng.trade.members import api
from shengeng.trade.members.contracts import SESSION, SESSION_LONGEST, Entered

PASSWORD = "autumn leaves 7"
HERE = "203.0.113.7"
APPROVER = Principal("mei", Role.APPROVER)


def join(stores: Stores, email: str = "li@example.cn", phone: str = "", name: str = "李雷") -> Entered:
    return api.sign_up(
        stores.rows, NOON, email=email, phone=phone, password=PASSWORD, name=name, address=HERE
    )


def come(stores: Stores, contact: str, password: str = PASSWORD, *, seconds: float = 0) -> Entered:
    now = NOON + timedelta(seconds=seconds)
    return api.sign_in(stores.rows, now, contact=contact, password=password, address=HERE)


def seen(stores: Stores, entered: Entered, after: timedelta = timedelta(0)) -> Shopper | None:
    with stores.rows.unit() as uow:
        return api.recognise(uow, entered.secret, NOON + after)


def refused(caught: pytest.ExceptionInfo[ShopError]) -> str:
    return caught.value.code


def test_whoever_signs_up_is_in_and_comes_back_by_either_contact(stores: Stores) -> None:
    made = join(stores, "Li@Example.cn", "+86 138-0000-1234")
    assert made.shopper.name == "李雷"
    assert made.secret not in repr(made)
    for contact in ("li@example.CN", "13800001234", "0086 138 0000 1234"):
        entered = come(stores, contact)
        assert entered.shopper.member_id == made.shopper.member_id
        assert entered.secret != made.secret
    known = seen(stores, made)
    assert known is not None
    assert known.csrf == access.csrf_of(made.secret)


def test_one_contact_has_one_account_also_when_two_come_at_once(stores: Stores) -> None:
    outcomes: list[str] = []

    def run() -> None:
        try:
            join(stores)
            outcomes.append("in")
        except ShopError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["contact_taken"] * 5 + ["in"]


def test_an_unknown_contact_and_a_wrong_password_are_one_answer(stores: Stores) -> None:
    join(stores)
    told = set()
    for contact, password in (
        ("li@example.cn", "wrong password"),
        ("nobody@example.cn", PASSWORD),
        ("nonsense", PASSWORD),
    ):
        with pytest.raises(ShopError) as caught:
            come(stores, contact, password)
        told.add((caught.value.code, caught.value.text("en")))
    assert {code for code, _ in told} == {"wrong_sign_in"}
    assert len(told) == 1


def test_who_guesses_waits_longer_and_longer_and_others_do_not(stores: Stores) -> None:
    join(stores)
    join(stores, "han@example.cn")
    waits = []
    at = 0.0
    for _ in range(8):
        try:
            come(stores, "li@example.cn", "a wrong guess", seconds=at)
        except ShopError as error:
            waits.append(error.params.get("retry_seconds", 0))
            if error.code == "too_many_tries":
                at += float(str(error.params["retry_seconds"]))
    assert waits == [0, 0, 0, 0, 0, 1, 0, 2]
    with pytest.raises(ShopError) as caught:
        come(stores, "li@example.cn", PASSWORD, seconds=at - 1)  # the right password waits too
    assert refused(caught) == "too_many_tries"
    assert come(stores, "han@example.cn", seconds=at).shopper.member_id
    assert come(stores, "li@example.cn", PASSWORD, seconds=at + 600).shopper.member_id


def test_guesses_at_members_never_keep_an_operator_of_the_same_name_out(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        made = access.create_operator(uow, SHELL, NOON, name="li@example.cn", role=Role.VIEWER)
    for _ in range(6):
        with pytest.raises(ShopError):
            come(stores, "li@example.cn", "a wrong guess")
    assert access.sign_in(
        stores.rows, NOON, name="li@example.cn", password=made.password, address=HERE, hours=1
    ).session


def test_a_session_in_use_goes_on_an_idle_one_ends_and_none_is_eternal(stores: Stores) -> None:
    idle, used = join(stores), come(stores, "li@example.cn")
    step = SESSION - timedelta(days=1)
    after = step
    while after < SESSION_LONGEST:
        assert seen(stores, used, after) is not None
        after += step
    assert seen(stores, idle, SESSION) is None
    assert seen(stores, used, SESSION_LONGEST) is None


def test_signing_out_ends_this_session_and_no_other(stores: Stores) -> None:
    here, there = join(stores), come(stores, "li@example.cn")
    with stores.rows.unit() as uow:
        api.sign_out(uow, here.secret)
        api.sign_out(uow, here.secret)
        api.sign_out(uow, "never a session")
    assert seen(stores, here) is None
    assert seen(stores, there) is not None


def test_a_new_password_ends_every_other_session(stores: Stores) -> None:
    here, there = join(stores), come(stores, "li@example.cn")
    with pytest.raises(ShopError) as caught:
        change(stores, here, "not the password")
    assert refused(caught) == "old_password"
    assert seen(stores, there) is not None
    assert change(stores, here, PASSWORD) == 1
    assert seen(stores, there) is None
    assert seen(stores, here) is not None
    with pytest.raises(ShopError):
        come(stores, "li@example.cn")
    assert come(stores, "li@example.cn", "winter leaves 8").shopper.member_id


def change(stores: Stores, entered: Entered, old: str) -> int:
    return api.change_password(
        stores.rows, NOON, entered.shopper, old=old, new="winter leaves 8", address=HERE
    )


def test_guessing_the_present_password_from_a_stolen_session_is_throttled(stores: Stores) -> None:
    here = join(stores)
    codes = []
    for _ in range(6):
        with pytest.raises(ShopError) as caught:
            change(stores, here, "a wrong guess")
        codes.append(refused(caught))
    assert codes == ["old_password"] * 5 + ["too_many_tries"]


@pytest.mark.parametrize(
    "password", ["short 1", "aaaaaaaaaaaaaa", "x" * 300, "my lilei lilei", "13800001234!", "LILEI-LILEI"]
)
def test_a_password_is_long_varied_and_not_the_contact(stores: Stores, password: str) -> None:
    with pytest.raises(ShopError) as caught:
        api.sign_up(
            stores.rows,
            NOON,
            email="lilei@example.cn",
            phone="13800001234",
            password=password,
            address=HERE,
        )
    assert refused(caught) == "weak_password"
    with pytest.raises(ShopError):
        come(stores, "lilei@example.cn", password)


def test_an_operator_gives_a_new_password_once_and_all_sessions_end(stores: Stores) -> None:
    here = join(stores)
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.give_password(uow, Principal("li", Role.OPERATOR), here.shopper.me, NOON)
    assert refused(caught) == "not_allowed"
    with stores.rows.unit() as uow:
        password = api.give_password(uow, APPROVER, here.shopper.me, NOON)
    assert seen(stores, here) is None
    assert come(stores, "li@example.cn", password).shopper.me == here.shopper.me
    with stores.rows.unit() as uow:
        row = audit.newest(uow, action="member").rows[0]
    assert (row.actor, row.action, row.target) == ("mei", "member.password", here.shopper.me)
    assert password not in str(row.detail)


def test_a_closed_account_lets_nobody_in_until_it_is_opened_again(stores: Stores) -> None:
    here = join(stores)
    with stores.rows.unit() as uow:
        assert api.close(uow, APPROVER, here.shopper.me, "chargebacks", NOON).closed_at == NOON
    assert seen(stores, here) is None
    with pytest.raises(ShopError) as caught:
        come(stores, "li@example.cn")
    assert refused(caught) == "wrong_sign_in"
    with stores.rows.unit() as uow:
        api.reopen(uow, APPROVER, here.shopper.me, NOON)
    assert come(stores, "li@example.cn").shopper.me == here.shopper.me


def test_contacts_change_for_the_password_and_never_to_somebody_elses(stores: Stores) -> None:
    here = join(stores)
    join(stores, "han@example.cn")

    def move(email: str, phone: str, password: str = PASSWORD) -> api.Known:
        return api.change_contact(
            stores.rows, NOON, here.shopper, email=email, phone=phone, password=password, address=HERE
        )

    with pytest.raises(ShopError) as caught:
        move("han@example.cn", "")
    assert refused(caught) == "contact_taken"
    with pytest.raises(ShopError) as caught:
        move("li2@example.cn", "", "not the password")
    assert refused(caught) == "old_password"
    assert move("", "+49 170 1234567").phone == "+491701234567"
    with pytest.raises(ShopError):
        come(stores, "li@example.cn")
    assert come(stores, "0049 170 1234567").shopper.me == here.shopper.me
