"""The storefront of a fresh shop, with a wall clock that tests move, and shoppers at it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from shengeng.doors import storefront
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.storage.stores import Stores
from shengeng.web.logs import events_to_logging
from tests.factories.door import NOON, Wall

PASSWORD = "orchard-lamp-7"


@dataclass
class Shopfront:
    """The storefront over real stores."""

    stores: Stores
    wall: Wall
    app: FastAPI

    def shopper(self, **headers: str) -> TestClient:
        """A browser that was never here; it does not follow redirects by itself."""
        return TestClient(self.app, raise_server_exceptions=False, follow_redirects=False, headers=headers)

    def member(self, contact: str = "mei@example.com") -> TestClient:
        """A browser whose owner has just made an account."""
        client = self.shopper()
        given = {"contact": contact, "password": PASSWORD, "name": "Mei"}
        entered = client.post("/sign-up", data=given)
        assert entered.status_code == 303, entered.text
        return client


def open_shopfront(stores: Stores, currency: str = "CNY") -> Shopfront:
    """A storefront over a shop with a name, a zone and a currency, whose clock stands at noon."""
    events_to_logging()
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOON, name="果园", timezone="Asia/Shanghai", currency=currency)
    wall = Wall()
    return Shopfront(stores, wall, storefront(stores, wall))


def fields(page: Response, form: str = "") -> dict[str, str]:
    """The hidden fields of a page's form (the first whose opening tag holds `form`)."""
    found = re.search(rf"<form[^>]*{re.escape(form)}[^>]*>(.*?)</form>", page.text, re.DOTALL)
    assert found is not None, f"no form with {form!r}"
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
    return dict(hidden)
