"""Write keys: made, shown once, changed, revoked, and every step in the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.door import Door, open_door

from shengeng.govern.audit import api as audit
from shengeng.govern.keys import api, store
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.kernel.writers import Writer
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def door(stores: Stores) -> Door:
    """Govern's own routes over an empty shop."""
    return open_door(stores)


def make(uow: UnitOfWork, name: str = "web", **more: object) -> str:
    given: dict[str, object] = {"scopes": ["events"], **more}
    return api.create_key(uow, SHELL, NOW, name=name, **given).secret  # type: ignore[arg-type]


def test_a_key_is_found_by_its_secret_until_it_is_revoked(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        secret = make(uow, origins=["https://Shop.example/"])
        found = api.find(uow, secret, NOW)
        assert found == Writer("web", ("events",), ("https://shop.example",), found.id if found else None)
        assert api.find(uow, secret + "x", NOW) is None
        (key,) = api.keys(uow)
        api.revoke_key(uow, SHELL, NOW, key.id)
        assert api.find(uow, secret, NOW) is None
        acts = [row.action for row in audit.newest(uow, action="write_key").rows]
    assert acts == ["write_key.revoked", "write_key.created"]


def test_the_secret_is_kept_nowhere(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        secret = make(uow)
        stood = str(uow.conn.execute(store.write_keys.select()).all())
        told = str(audit.newest(uow).rows)
    assert secret not in stood + told


def test_use_is_noted_at_most_once_a_minute(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        secret = make(uow)
        for seconds in (0, 30, 59):
            api.find(uow, secret, NOW + timedelta(seconds=seconds))
        assert api.keys(uow)[0].last_used_at == NOW
        api.find(uow, secret, NOW + timedelta(seconds=61))
        assert api.keys(uow)[0].last_used_at == NOW + timedelta(seconds=61)


def test_a_name_in_use_is_refused_and_free_again_after_the_end(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        make(uow)
        with pytest.raises(ShopError, match="in use"):
            make(uow)
        api.revoke_key(uow, SHELL, NOW, api.keys(uow)[0].id)
        make(uow)
        assert [key.revoked_at is None for key in api.keys(uow)] == [True, False]


@pytest.mark.parametrize(
    "origin", ["shop.example", "https://", "https://a.example/path", "javascript:1", "null", "https://a b"]
)
def test_what_is_no_origin_is_refused(stores: Stores, origin: str) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="is no origin"):
        make(uow, origins=[origin])


@pytest.mark.parametrize("name", ["", " ", "-x", "a" * 61, "a\nb", "<b>"])
def test_what_is_no_name_is_refused(stores: Stores, name: str) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="cannot be the name"):
        make(uow, name)


def test_a_viewer_neither_makes_nor_ends_keys(stores: Stores) -> None:
    viewer = Principal("eve", Role.VIEWER)
    with stores.rows.unit() as uow, pytest.raises(ShopError, match="needs the role operator"):
        api.create_key(uow, viewer, NOW, name="web", scopes=["events"])


def test_orders_never_come_from_a_page() -> None:
    writer = Writer("till", ("events", "orders"), ("*",))
    writer.check("orders", "")
    with pytest.raises(ShopError, match="not taken from web pages"):
        writer.check("orders", "https://shop.example")
    writer.check("events", "https://anywhere.example")


def test_over_http_a_key_is_shown_once_changed_and_revoked(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    made = mei.post("/v1/keys", json={"name": "web", "scopes": ["events"]})
    assert made.status_code == 201
    secret, key = made.json()["secret"], made.json()["key"]
    assert secret not in mei.get("/v1/keys").text
    changed = mei.patch(f"/v1/keys/{key['id']}", json={"origins": ["https://a.example"]})
    assert changed.json()["origins"] == ["https://a.example"]
    assert mei.delete(f"/v1/keys/{key['id']}").status_code == 204
    assert mei.delete(f"/v1/keys/{key['id']}").status_code == 404
    (row,) = mei.get("/v1/keys").json()["rows"]
    assert row["revoked_at"]
