"""What shoppers look at is told only by those who agreed, through the edge that everybody uses."""

from __future__ import annotations

import stat

from tests.factories.storefront import Shopfront, open_shopfront

from shengeng.govern.keys import api as keys
from shengeng.kernel.roles import SHELL
from shengeng.storefront.telling import FILE, NAME, event_key, origins


def test_nothing_is_told_before_somebody_agreed(front: Shopfront) -> None:
    client = front.shopper()
    assert 'name="choice"' not in client.get("/sign-in").text, "nobody is asked at a door"
    before = client.get("/search").text
    assert "data-key" not in before
    assert 'name="choice" value="yes"' in before
    client.post("/consent", data={"choice": "no", "back": "/search"})
    refused = client.get("/search").text
    assert "data-key" not in refused
    assert 'name="choice"' not in refused
    client.post("/consent", data={"choice": "yes"})
    assert f'data-key="{front.app.state.event_key}"' in client.get("/search").text


def test_the_key_on_the_page_may_send_events_and_nothing_else(front: Shopfront) -> None:
    key, place = front.app.state.event_key, origins(front.stores.settings)[0]
    event = {"writeKey": key, "type": "track", "event": "Product Viewed", "anonymousId": "a1"}
    client = front.shopper()
    assert client.post("/v1/track", json=event, headers={"origin": place}).status_code == 200
    foreign = client.post("/v1/track", json=event, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403


def test_the_key_is_made_once_and_its_secret_is_kept_from_others(front: Shopfront) -> None:
    again = event_key(front.stores, front.wall.now)
    assert again == front.app.state.event_key
    assert stat.S_IMODE((front.stores.settings.home / FILE).stat().st_mode) == 0o600


def test_a_revoked_key_stays_revoked(front: Shopfront) -> None:
    with front.stores.rows.unit() as uow:
        [mine] = [key for key in keys.keys(uow) if key.name == NAME]
        keys.revoke_key(uow, SHELL, front.wall.now, mine.id)
    assert event_key(front.stores, front.wall.now) == ""
    page = open_shopfront(front.stores).shopper().get("/search").text
    assert 'name="choice"' not in page


def test_a_lost_secret_is_replaced(front: Shopfront) -> None:
    (front.stores.settings.home / FILE).unlink()
    assert event_key(front.stores, front.wall.now) not in ("", front.app.state.event_key)
