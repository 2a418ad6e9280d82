"""Accounts, sessions and tokens, asked as other capabilities ask them."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, Type
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.door import NOON, Door

from shengeng.govern.access import api, store
from shengeng.govern.access.contracts import SESSION_LONGEST, TOKENS_EACH
from shengeng.govern.access.methods import secrets_of
from shengeng.govern.access.methods.patience import ADDRESS, NAME, Patience
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role, require
from shengeng.storage.stores import Stores

PASSWORD = "long enough to be one"
ANYWHERE = "203.0.113.7"
OURS = secrets_of.HASHER  # before tests hash lightly


def refusal(caught: pytest.ExceptionInfo[ShopError]) -> str:
    return caught.value.code


@pytest.mark.parametrize("held", Role)
@pytest.mark.parametrize("needed", Role)
def test_a_role_may_what_every_role_before_it_may(held: Role, needed: Role) -> None:
    order = ["viewer", "operator", "approver", "admin"]
    assert held.may(needed) == (order.index(held) >= order.index(needed))
    if not held.may(needed):
        with pytest.raises(ShopError) as caught:
            require(Principal("mei", held), needed)
        assert caught.value.kind == "forbidden"


def test_the_first_operator_is_an_admin_with_a_password_nobody_chose(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        first = api.first_operator(uow, NOON)
        assert api.first_operator(uow, NOON) is None
    assert first is not None
    assert first.operator.role is Role.ADMIN
    assert first.operator.teams == ("growth", "service", "supply")
    assert len(first.password) == 23
    with stores.rows.unit() as uow:
        kept = uow.conn.execute(sa.select(store.operators.c.password_hash)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert first.password not in kept
    assert first.password not in repr(first)
    assert api.sign_in(
        stores.rows, NOON, name="ADMIN", password=first.password, address=ANYWHERE, hours=1
    ).principal == Principal("admin", Role.ADMIN, ("growth", "service", "supply"))


def test_a_kept_password_costs_its_guesser_what_owasp_asks_for() -> None:
    assert (OURS.type, OURS.time_cost >= 2, OURS.memory_cost >= 19 * 1024) == (Type.ID, True, True)


def test_generated_passwords_differ_and_pass_our_own_rules() -> None:
    made = {secrets_of.spell_password(secrets.choice) for _ in range(200)}
    assert len(made) == 200
    for password in made:
        secrets_of.check_password("admin", password)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "a" * 300,
        "mei-lin-zhou",
        "MEI-LIN-ZHOU",
        "mei-lin-zhou 2026",
    ],
)
def test_a_password_is_long_varied_and_not_the_name(password: str) -> None:
    with pytest.raises(ShopError) as caught:
        secrets_of.check_password("mei-lin-zhou", password)
    assert refusal(caught) == "bad_password"


@pytest.mark.parametrize(
    "name",
    ["", " ", "-mei", "a b", "mei\n", "m" * 65, "<script>", "mei\x00", "shell", "Worker", "../x", "😀"],
)
def test_a_name_is_a_word(name: str) -> None:
    if name == "mei\n":
        assert secrets_of.clean_name(name) == "mei"
        return
    with pytest.raises(ShopError) as caught:
        secrets_of.clean_name(name)
    assert refusal(caught) == "bad_name"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Mei", "mei"), ("  mei ", "mei"), ("ＭＥＩ", "mei"), ("陈美", "陈美"), ("a@b.cn", "a@b.cn")],
)
def test_a_name_has_one_spelling(typed: str, kept: str) -> None:
    assert secrets_of.clean_name(typed) == kept
    assert secrets_of.clean_name(kept) == kept


@given(st.text(min_size=1, max_size=80))
def test_a_cleaned_name_is_clean(text: str) -> None:
    try:
        name = secrets_of.clean_name(text)
    except ShopError:
        return
    assert secrets_of.clean_name(name) == name


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_failures_never_wait_less(one: int, other: int) -> None:
    few, many = sorted((one, other))
    for patience in (NAME, ADDRESS):
        assert patience.delay(few) <= patience.delay(many) <= patience.longest


def test_the_wait_doubles_after_the_free_failures() -> None:
    patience = Patience(3, timedelta(seconds=60))
    assert [patience.delay(n).total_seconds() for n in range(11)] == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_the_same_name_is_taken_once(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.create_operator(uow, SHELL, NOON, name="mei", role=Role.VIEWER)
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.create_operator(uow, SHELL, NOON, name="Ｍei", role=Role.ADMIN)
    assert refusal(caught) == "operator_exists"


def test_an_account_in_an_unknown_team_is_not_made_at_all(stores: Stores) -> None:
    with pytest.raises(ShopError) as caught, stores.rows.unit() as uow:
        api.create_operator(uow, SHELL, NOON, name="mei", role=Role.VIEWER, team_keys=["growth", "moon"])
    assert caught.value.text("en") == (
        "There is no team moon: use one of growth, service, supply, or make it under Settings."
    )
    with stores.rows.unit() as uow:
        assert api.operators(uow) == []


@pytest.mark.parametrize("change", [{"role": Role.APPROVER}, {"disabled": True}])
def test_the_last_admin_stays_until_there_is_another(stores: Stores, change: dict[str, Role | bool]) -> None:
    role = change.get("role")
    disabled = change.get("disabled")
    assert role is None or isinstance(role, Role)
    assert disabled is None or isinstance(disabled, bool)
    with stores.rows.unit() as uow:
        api.first_operator(uow, NOON)
        with pytest.raises(ShopError) as caught:
            api.change_operator(uow, SHELL, NOON, "admin", role=role, disabled=disabled)
        assert refusal(caught) == "last_admin"
        api.create_operator(uow, SHELL, NOON, name="li", role=Role.ADMIN)
        api.change_operator(uow, SHELL, NOON, "admin", role=role, disabled=disabled)
        with pytest.raises(ShopError) as caught:
            api.change_operator(uow, SHELL, NOON, "li", disabled=True)
        assert refusal(caught) == "last_admin"


def test_a_disabled_admin_does_not_count_as_one(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.first_operator(uow, NOON)
        api.create_operator(uow, SHELL, NOON, name="li", role=Role.ADMIN)
        api.change_operator(uow, SHELL, NOON, "li", disabled=True)
        with pytest.raises(ShopError):
            api.change_operator(uow, SHELL, NOON, "admin", role=Role.VIEWER)


def test_without_an_admin_who_can_come_in_the_first_operator_is_made_anew(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.create_operator(uow, SHELL, NOON, name="admin", role=Role.VIEWER)
        made = api.first_operator(uow, NOON)
    assert made is not None
    assert made.operator.name == "admin2"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(door: Door) -> None:
    door.hire("mei", Role.VIEWER)
    door.hire("gone", Role.VIEWER)
    with door.stores.rows.unit() as uow:
        api.change_operator(uow, SHELL, NOON, "gone", disabled=True)
    said = set()
    for name, password in [
        ("mei", PASSWORD),
        ("nobody", PASSWORD),
        ("gone", door.passwords["gone"]),
        ("", ""),
    ]:
        with pytest.raises(ShopError) as caught:
            api.sign_in(door.stores.rows, NOON, name=name, password=password, address=ANYWHERE, hours=1)
        said.add((refusal(caught), caught.value.text("zh")))
    assert said == {("wrong_password", "名称或密码不正确。管理员可以为您重置密码。")}


def test_an_unknown_name_costs_one_hash_like_a_known_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.hire("mei", Role.VIEWER)
    api_fits = secrets_of.fits
    hashes: list[str] = []

    def counted(kept: str, password: str) -> bool:
        hashes.append(kept.rsplit("$", 2)[0])
        return api_fits(kept, password)

    monkeypatch.setattr(secrets_of, "fits", counted)
    for name in ("mei", "nobody"):
        with pytest.raises(ShopError):
            api.sign_in(door.stores.rows, NOON, name=name, password=PASSWORD, address=ANYWHERE, hours=1)
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]  # the same parameters, so the same work


def test_a_hash_of_older_parameters_is_renewed_when_its_owner_comes_in(door: Door) -> None:
    password = door.hire("mei", Role.VIEWER)
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(password)
    with door.stores.rows.unit() as uow:
        store.change_operator(uow, "mei", password_hash=weak)
    api.sign_in(door.stores.rows, NOON, name="mei", password=password, address=ANYWHERE, hours=1)
    with door.stores.rows.unit() as uow:
        kept = store.operator_rows(uow, "mei")[0]["password_hash"]
    assert kept != weak
    assert not secrets_of.outdated(kept)
    assert secrets_of.fits(kept, password)


def test_nothing_that_opens_a_door_stands_in_the_database(door: Door) -> None:
    client = door.signed_in("mei", Role.ADMIN)
    token = client.post("/v1/tokens", json={"name": "bot", "role": "viewer"}).json()["secret"]
    session = client.cookies["sg_session"]
    opening = [door.passwords["mei"], token, session, client.headers["x-csrf-token"]]
    with door.stores.rows.unit() as uow:
        tables = [store.operators, store.sessions, store.api_tokens, store.sign_in_failures]
        kept = repr([uow.conn.execute(sa.select(table)).all() for table in tables])
        kept += repr(uow.conn.execute(sa.text("select * from audit")).all())
    for secret in opening:
        assert secret not in kept


def test_a_session_in_use_is_prolonged_but_not_for_ever(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    hours = door.stores.settings.session_hours
    began = door.wall.now
    while door.wall.now + timedelta(hours=hours - 1) < began + SESSION_LONGEST:
        door.wall.wait(hours=hours - 1)
        assert client.get("/v1/me").json() is not None
    door.wall.now = began + SESSION_LONGEST
    assert client.get("/v1/me").json() is None


def test_a_session_that_rests_too_long_is_over(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    door.wall.wait(hours=door.stores.settings.session_hours, seconds=-1)
    assert client.get("/v1/teams").status_code == 200
    door.wall.wait(hours=door.stores.settings.session_hours)
    assert client.get("/v1/teams").status_code == 401


def test_reading_writes_last_seen_once_a_minute_only(door: Door) -> None:
    client = door.signed_in("mei", Role.ADMIN)

    def last_seen() -> object:
        with door.stores.rows.unit() as uow:
            return uow.conn.execute(sa.select(store.operators.c.last_seen_at)).scalar_one()

    client.get("/v1/teams")
    first = last_seen()
    door.wall.wait(seconds=59)
    client.get("/v1/teams")
    assert last_seen() == first
    door.wall.wait(seconds=1)
    client.get("/v1/teams")
    assert last_seen() == door.wall.now


def test_a_page_that_asks_twice_at_once_does_not_wait_for_itself(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    door.wall.wait(minutes=5)
    digest = secrets_of.digest(client.cookies["sg_session"])
    later = door.wall.now + timedelta(hours=1)
    with door.stores.rows.unit() as slow:
        store.prolong(slow, digest, "mei", door.wall.now, later)
        with door.stores.rows.unit() as quick:  # would wait here for the slow one's row
            quick.conn.execute(sa.text("set local lock_timeout = '2s'"))
            store.prolong(quick, digest, "mei", door.wall.now, later)


def test_sessions_that_are_over_are_swept_when_somebody_comes_in(door: Door) -> None:
    door.signed_in("mei", Role.VIEWER)
    door.wall.wait(days=31)
    door.signed_in("mei")
    with door.stores.rows.unit() as uow:
        assert uow.conn.execute(sa.select(sa.func.count()).select_from(store.sessions)).scalar_one() == 1


def test_an_operator_keeps_at_most_fifty_tokens(stores: Stores) -> None:
    who = Principal("mei", Role.VIEWER)
    with stores.rows.unit() as uow:
        api.create_operator(uow, SHELL, NOON, name="mei", role=Role.VIEWER)
        for number in range(TOKENS_EACH):
            api.create_token(uow, who, NOON, name=f"t{number}", role=Role.VIEWER, days=1)
        with pytest.raises(ShopError) as caught:
            api.create_token(uow, who, NOON, name="one more", role=Role.VIEWER, days=1)
        assert refusal(caught) == "bad_token"
        api.revoke_token(uow, who, api.tokens(uow, who)[0].id, NOON)
        api.create_token(uow, who, NOON, name="one more", role=Role.VIEWER, days=1)
