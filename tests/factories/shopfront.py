"""The storefront of a fresh shop, with a wall clock that tests move, and the shoppers who come in."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient

from shengeng.doors import storefront
from shengeng.storage.stores import Stores
from tests.factories.door import Wall

PASSWORD = "autumn leaves 7"


@dataclass
class Shopfront:
    """The application that shoppers see, over real stores."""

    stores: Stores
    wall: Wall
    app: FastAPI

    def guest(self, **headers: str) -> TestClient:
        """A browser that nobody signed in with."""
        return TestClient(
            self.app, raise_server_exceptions=False, headers={"accept-language": "en", **headers}
        )

    def member(self, email: str = "li@example.cn", name: str = "Li", password: str = PASSWORD) -> TestClient:
        """A browser with a new member's session, which sends their CSRF token."""
        client = self.guest()
        made = client.post("/v1/store/members", json={"email": email, "name": name, "password": password})
        assert made.status_code == 201, made.text
        client.headers["x-csrf-token"] = made.json()["csrf"]
        return client


def open_shopfront(stores: Stores, wall: Wall | None = None) -> Shopfront:
    """The storefront over the stores; its clock stands at noon."""
    clock = wall or Wall()
    return Shopfront(stores, clock, storefront(stores, clock))
