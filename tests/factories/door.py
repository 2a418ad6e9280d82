"""The HTTP door of a fresh shop, with a wall clock that tests move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from shengeng.govern.access import api as access
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.stores import Stores
from shengeng.web import create_app
from shengeng.web.logs import events_to_logging

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class Wall:
    """A wall clock that stands still until somebody moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass
class Door:
    """An application over real stores, and the people who come in through it."""

    stores: Stores
    wall: Wall
    app: FastAPI
    passwords: dict[str, str] = field(default_factory=dict)

    def stranger(self, **headers: str) -> TestClient:
        """A client that has not signed in."""
        return TestClient(
            self.app, raise_server_exceptions=False, headers={"accept-language": "en", **headers}
        )

    def hire(self, name: str, role: Role, teams: Sequence[str] = ()) -> str:
        """An account of that role; returns its password."""
        with self.stores.rows.unit() as uow:
            made = access.create_operator(uow, SHELL, self.wall.now, name=name, role=role, team_keys=teams)
        self.passwords[name] = made.password
        return made.password

    def signed_in(self, name: str, role: Role = Role.ADMIN) -> TestClient:
        """A client with a session of its own, which sends its CSRF token; hires whom nobody knows yet."""
        if name not in self.passwords:
            self.hire(name, role)
        client = self.stranger()
        entered = client.post("/v1/session", json={"name": name, "password": self.passwords[name]})
        assert entered.status_code == 200, entered.text
        client.headers["x-csrf-token"] = entered.json()["csrf"]
        return client

    def program(self, name: str, role: Role) -> TestClient:
        """A client with an API token of that role, made by an account of that role."""
        made = self.signed_in(name, role).post("/v1/tokens", json={"name": "program", "role": role})
        assert made.status_code == 201, made.text
        return self.stranger(authorization=f"Bearer {made.json()['secret']}")


def open_door(stores: Stores, routers: Sequence[APIRouter] = ()) -> Door:
    """A door over the stores whose clock stands at noon."""
    events_to_logging()
    wall = Wall()
    return Door(stores, wall, create_app(stores, routers, clock=wall))
