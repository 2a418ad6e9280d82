"""A member's addresses, tiers and traces: nobody sees another's, and an erasure leaves nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.door import NOON

from shengeng.govern.consent import api as consent
from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import Person
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.kernel.words import Words
from shengeng.sense.identity import api as identity
from shengeng.storage.rows import UnitOfWork, metadata
from shengeng.storage.stores import Stores
from shengeng.trade.members import api, methods, store
from shengeng.trade.members.contracts import ADDRESSES_MOST, Shopper, Tier, Where

OPERATOR = Principal("mei", Role.OPERATOR)
HOME = Where("李雷", "138 0000 1234", "cn", "浙江省", "杭州市", "西湖区", "文三路 1 号", "310012")


def join(stores: Stores, email: str, phone: str = "") -> Shopper:
    entered = api.sign_up(
        stores.rows,
        NOON,
        email=email,
        phone=phone,
        password="autumn leaves 7",
        address="",
        anonymous_id=f"device of {email}",
    )
    return entered.shopper


def test_the_first_address_is_the_standard_one_and_there_is_never_a_second(stores: Stores) -> None:
    li = join(stores, "li@example.cn").me
    with stores.rows.unit() as uow:
        first = api.put_address(uow, li, HOME, NOON)
        second = api.put_address(uow, li, replace(HOME, line="工作单位"), NOON)
        assert [one.standard for one in (first, second)] == [True, False]
        assert first.where == replace(HOME, phone="13800001234", country="CN")
        api.put_address(uow, li, second.where, NOON, address_id=second.address_id, standard=True)
        assert [(one.address_id, one.standard) for one in api.addresses(uow, li)] == [
            (second.address_id, True),
            (first.address_id, False),
        ]
        api.drop_address(uow, li, second.address_id)
        assert [one.standard for one in api.addresses(uow, li)] == [True]


def test_two_at_once_that_want_to_be_the_standard_address_do_not_collide(stores: Stores) -> None:
    li = join(stores, "li@example.cn").me
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with stores.rows.unit() as uow:
                api.put_address(uow, li, replace(HOME, line=f"门牌 {number}"), NOON, standard=True)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with stores.rows.unit() as uow:
        assert sum(one.standard for one in api.addresses(uow, li)) == 1


def test_nobody_sees_changes_or_removes_another_members_address(stores: Stores) -> None:
    li, han = join(stores, "li@example.cn").me, join(stores, "han@example.cn").me
    with stores.rows.unit() as uow:
        mine = api.put_address(uow, li, HOME, NOON)
    other = replace(HOME, line="别人家")
    acts: list[Callable[[UnitOfWork], object]] = [
        lambda uow: api.address(uow, han, mine.address_id),
        lambda uow: api.put_address(uow, han, other, NOON, address_id=mine.address_id),
        lambda uow: api.drop_address(uow, han, mine.address_id),
    ]
    for act in acts:
        with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
            act(uow)
        assert caught.value.code == "no_address"
    with stores.rows.unit() as uow:
        assert api.addresses(uow, han) == []
        assert api.addresses(uow, li) == [mine]


def test_the_statement_itself_would_not_touch_another_members_row(stores: Stores) -> None:
    li, han = join(stores, "li@example.cn").me, join(stores, "han@example.cn").me
    with stores.rows.unit() as uow:
        mine = api.put_address(uow, li, HOME, NOON)
        store.put_address(uow, han, replace(mine, where=replace(mine.where, line="别人家"), standard=False))
        assert not store.drop_address(uow, han, mine.address_id)
        assert api.addresses(uow, li) == [mine]


def test_an_address_book_is_full_at_twenty(stores: Stores) -> None:
    li = join(stores, "li@example.cn").me
    with stores.rows.unit() as uow:
        for number in range(ADDRESSES_MOST):
            api.put_address(uow, li, replace(HOME, line=f"门牌 {number}"), NOON)
        with pytest.raises(ShopError) as caught:
            api.put_address(uow, li, HOME, NOON)
    assert caught.value.code == "too_many_addresses"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("recipient", " ", "bad_field"),
        ("city", "", "bad_field"),
        ("line", "x" * 201, "bad_field"),
        ("line", "文三路\x00 1 号", "bad_field"),
        ("region", "", "bad_field"),
        ("phone", "12", "bad_phone"),
        ("country", "China", "bad_country"),
        ("postcode", "3" * 13, "bad_field"),
    ],
)
def test_an_address_without_what_a_courier_needs_is_refused_by_the_field(
    field: str, value: str, code: str
) -> None:
    with pytest.raises(ShopError) as caught:
        api.checked(replace(HOME, **{field: value}))
    assert caught.value.code == code


@given(st.text(max_size=40))
def test_a_cleaned_contact_is_clean(text: str) -> None:
    for clean in (methods.clean_email, methods.clean_phone):
        try:
            found = clean(text)
        except ShopError:
            continue
        assert clean(found) == found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("0049 170 1234567", "+491701234567"),
        ("+1 (415) 555-0100", "+14155550100"),
    ],
)
def test_a_number_has_one_spelling_that_identity_can_hash(typed: str, kept: str) -> None:
    assert methods.clean_phone(typed) == kept
    assert identity.phone_hash(kept) is not None


@pytest.mark.parametrize("value", ["138", "+86 12345", "28000001234", "no", "+0123456789", "1380000123４5"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ShopError):
        methods.clean_phone(value)


def test_tiers_are_pushed_all_or_none_and_every_change_is_kept(stores: Stores) -> None:
    li, han = join(stores, "li@example.cn").me, join(stores, "han@example.cn").me
    with stores.rows.unit() as uow:
        api.put_tier(uow, OPERATOR, Tier("gold", Words("金卡", "Gold"), 1), NOON)
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.set_tier(uow, OPERATOR, {li: "gold", han: "platinum"}, "", NOON)
    assert caught.value.code == "no_tier"
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.set_tier(uow, OPERATOR, {li: "gold", "nobody": "gold"}, "", NOON)
    assert caught.value.code == "no_member"
    with stores.rows.unit() as uow:
        assert api.tier_of(uow, li) is None
        assert api.set_tier(uow, OPERATOR, {li: "gold", han: None}, "spring", NOON) == [li]
        assert api.set_tier(uow, OPERATOR, {li: "gold"}, "again", NOON) == []
        assert api.tier_of(uow, li) == "gold"
        api.set_tier(uow, OPERATOR, {li: None}, "over", NOON + timedelta(days=1))
        assert [(one.was, one.tier, one.why) for one in api.tier_changes(uow, li)] == [
            ("gold", None, "over"),
            (None, "gold", "spring"),
        ]


def test_a_tier_in_use_stays(stores: Stores) -> None:
    li = join(stores, "li@example.cn").me
    with stores.rows.unit() as uow:
        api.put_tier(uow, OPERATOR, Tier("gold", Words("金卡", "Gold"), 1), NOON)
        api.set_tier(uow, OPERATOR, {li: "gold"}, "", NOON)
        with pytest.raises(ShopError) as caught:
            api.drop_tier(uow, OPERATOR, "gold", NOON)
        assert caught.value.code == "tier_in_use"
        api.set_tier(uow, OPERATOR, {li: None}, "", NOON)
        api.drop_tier(uow, OPERATOR, "gold", NOON)
        assert api.tiers(uow) == []


def test_what_a_member_allows_stands_among_the_shops_consents(stores: Stores) -> None:
    li = join(stores, "li@example.cn")
    with stores.rows.unit() as uow:
        assert api.allowed(uow, li.me) == {}
        api.say(uow, li, "marketing", True, NOON, shown="Write me", channel="email")
        api.say(uow, li, "marketing", False, NOON + timedelta(seconds=-1), shown="Write me", channel="email")
        assert api.allowed(uow, li.me) == {("marketing", "email"): True}
        assert li.me in consent.granted(uow, "marketing", "email")
        assert consent.of(uow, [li.me])[0].said.shown == "Write me"


def test_identity_reads_every_mark_once(stores: Stores) -> None:
    li = join(stores, "li@example.cn", "13800001234")
    with stores.rows.unit() as uow:
        assert api.marks_wait(uow)
        (mark,) = api.take_marks(uow)
    assert (mark.member_id, mark.email, mark.phone) == (li.me, "li@example.cn", "13800001234")
    assert mark.anonymous_id == "device of li@example.cn"
    with stores.rows.unit() as uow:
        assert api.take_marks(uow) == []
        assert not api.marks_wait(uow)


def everything(stores: Stores) -> str:
    """Every row of every table of members, as text."""
    with stores.rows.unit() as uow:
        tables = [table for name, table in metadata.tables.items() if name.startswith("member")]
        return str([uow.conn.execute(sa.select(table)).all() for table in tables])


@pytest.mark.parametrize("known_by", ["id", "email", "phone"])
def test_an_erasure_leaves_nothing_of_one_and_everything_of_the_other(stores: Stores, known_by: str) -> None:
    li, han = join(stores, "li@example.cn", "13800001234"), join(stores, "han@example.cn")
    with stores.rows.unit() as uow:
        api.put_tier(uow, OPERATOR, Tier("gold", Words("金卡", "Gold"), 1), NOON)
        for one in (li, han):
            number = "13800001234" if one is li else "13900009876"
            api.put_address(uow, one.me, replace(HOME, recipient=one.me, phone=number), NOON)
            api.set_tier(uow, OPERATOR, {one.me: "gold"}, "", NOON)
    email, phone = identity.email_hash("li@example.cn"), identity.phone_hash("13800001234")
    assert email is not None
    assert phone is not None
    person = {
        "id": Person(li.me),
        "email": Person("c1", email_hashes=frozenset({email})),
        "phone": Person("c1", phone_hashes=frozenset({phone})),
    }[known_by]
    with stores.rows.unit() as uow:
        told = api.export_person(stores, uow, person)
        assert {name: len(rows) for name, rows in told.items()} == {
            "members": 1,
            "member_sessions": 1,
            "member_addresses": 1,
            "member_tier_changes": 1,
            "member_marks": 1,
        }
        assert "argon2" not in str(told)
        assert all(api.erase_person(stores, uow, person).values())
        assert not any(api.erase_person(stores, uow, person).values())  # begun again after a crash
    left = everything(stores)
    assert [word for word in (li.me, "li@example.cn", "13800001234") if word in left] == []
    assert han.me in left
    with stores.rows.unit() as uow:
        assert api.recognise(uow, li.session, NOON) is None
        assert api.recognise(uow, han.session, NOON) is not None


def test_a_member_asks_to_be_forgotten_and_operators_decide(stores: Stores) -> None:
    li = join(stores, "li@example.cn")
    with stores.rows.unit() as uow:
        made = api.ask_privacy(uow, li, "erasure", NOON)
        with pytest.raises(ShopError) as caught:
            api.ask_privacy(uow, li, "erasure", NOON)
        assert caught.value.code == "asked_already"
        assert isinstance(made.id, UUID)
        found = privacy.request(uow, made.id)
    assert (found.person_id, found.state, found.made_by) == (li.me, "waiting", "storefront")


def test_somebody_known_by_a_number_from_elsewhere_is_the_same_person_once_they_sign_in(
    stores: Stores,
) -> None:
    number = identity.phone_hash("13800001234")
    assert number is not None
    with stores.rows.unit() as uow:
        identity.observe(uow, [identity.Edge("customer", "c1", "phone_hash", number, "tmall", NOON)], NOON)
    li = join(stores, "li@example.cn", "13800001234")
    assert identity.due(stores)
    identity.keep(stores, NOON)
    assert not identity.due(stores)
    with stores.rows.unit() as uow:
        person = identity.person_of(uow, "customer", li.me)
        found = identity.identifiers(uow, person)
    assert found.customer_ids == {"c1", li.me}
    assert found.anonymous_ids == {"device of li@example.cn"}
