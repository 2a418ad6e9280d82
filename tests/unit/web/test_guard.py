"""Every route asks who calls, and lets in exactly the roles it should."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import APIRouter
from tests.factories.door import Door

from shengeng.http import Shop, Viewer
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.web import create_app, guard, openapi_json
from shengeng.web.application import OWN

ID = "019cae6b-6600-7000-8000-000000000000"
# What each route of govern needs at least; any signed-in person where it says viewer.
NEEDS = {
    "sign_out": Role.VIEWER,
    "change_password": Role.VIEWER,
    "list_operators": Role.ADMIN,
    "create_operator": Role.ADMIN,
    "change_operator": Role.ADMIN,
    "reset_password": Role.ADMIN,
    "list_tokens": Role.VIEWER,
    "create_token": Role.VIEWER,
    "revoke_token": Role.VIEWER,
    "list_teams": Role.VIEWER,
    "create_team": Role.ADMIN,
    "list_audit": Role.APPROVER,
    "list_jobs": Role.VIEWER,
    "read_job": Role.VIEWER,
    "cancel_job": Role.OPERATOR,
    "follow_job": Role.VIEWER,
    "list_views": Role.VIEWER,
    "keep_view": Role.VIEWER,
    "delete_view": Role.VIEWER,
    "person_consents": Role.VIEWER,
    "consent_counts": Role.VIEWER,
    "record_consent": Role.OPERATOR,
    "list_privacy_requests": Role.OPERATOR,
    "ask_privacy": Role.OPERATOR,
    "privacy_request": Role.OPERATOR,
    "approve_privacy": Role.APPROVER,
    "cancel_privacy": Role.OPERATOR,
    "privacy_file": Role.APPROVER,
    "list_looks": Role.APPROVER,
    "list_retention": Role.OPERATOR,
    "set_retention": Role.ADMIN,
    "list_erasures": Role.APPROVER,
    "list_write_keys": Role.VIEWER,
    "create_write_key": Role.OPERATOR,
    "change_write_key": Role.OPERATOR,
    "revoke_write_key": Role.OPERATOR,
}
BODIES: dict[str, object] = {
    "change_password": {"old": "x", "new": "y"},
    "create_operator": {"name": "li", "role": "viewer"},
    "change_operator": {"role": "viewer"},
    "create_token": {"name": "bot", "role": "viewer"},
    "keep_view": {"page": "customers", "name": "silent", "query": "state=silent"},
    "record_consent": {"person_id": "c1", "purpose": "marketing", "granted": False},
    "ask_privacy": {"kind": "export", "person_id": "c1", "asked_on": "2026-01-05", "proof": "called"},
    "cancel_privacy": {"why": ""},
    "set_retention": {"days": 30},
    "create_write_key": {"name": "site", "scopes": ["events"]},
    "change_write_key": {"origins": []},
    "create_team": {"key": "north", "name_zh": "北区", "name_en": "North"},
}
CALLS = [
    (route.name, method, route.path)
    for route in guard.routes(OWN)
    for method in sorted(route.methods or ())
    if route.name not in guard.PUBLIC
]


def filled(path: str) -> str:
    return re.sub(
        r"{[^}]*}",
        lambda found: (
            "99"
            if "jobs" in path
            else ID
            if any(word in path for word in ("tokens", "views", "keys", "privacy"))
            else "nobody"
        ),
        path,
    )


def test_the_table_of_roles_is_complete() -> None:
    assert {name for name, _, _ in CALLS} == set(NEEDS)


def test_a_stranger_gets_401_from_every_route(door: Door) -> None:
    for name, method, path in CALLS:
        answer = door.stranger().request(method, filled(path), json=BODIES.get(name))
        assert answer.status_code == 401, name
        assert answer.json()["error"]["message"] == "Please sign in first."
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", Role)
def test_each_role_passes_where_it_should_and_nowhere_else(door: Door, role: Role) -> None:
    door.hire("root", Role.ADMIN)
    client = door.signed_in("mei", role)
    for name, method, path in sorted(CALLS, key=lambda call: call[0] == "sign_out"):
        answer = client.request(method, filled(path), json=BODIES.get(name))
        forbidden = answer.status_code == 403
        assert forbidden != role.may(NEEDS[name]), (name, role, answer.text)
        assert answer.status_code < 500


def test_an_application_with_an_unguarded_route_does_not_start() -> None:
    router = APIRouter()

    @router.get("/v1/open")
    def open_to_all(shop: Shop) -> None:
        """Asks for the stores but not for the caller."""

    with pytest.raises(AssertionError, match=r"open_to_all \(/v1/open\) does not ask who calls it"):
        create_app(None, [router])


def test_two_routes_of_one_name_do_not_start() -> None:
    router = APIRouter()

    @router.get("/v1/other")
    def list_teams(_: Viewer) -> None:
        """A name that govern has already."""

    with pytest.raises(AssertionError, match="two routes are called list_teams"):
        create_app(None, [router])


def test_a_role_may_be_asked_for_by_the_whole_router(stores: Stores) -> None:
    from fastapi import Depends  # noqa: PLC0415  (what a capability's routes may do)

    from shengeng.http.asking import principal  # noqa: PLC0415

    router = APIRouter(dependencies=[Depends(principal)])

    @router.get("/v1/own")
    def own() -> str:
        """Guarded by its router."""
        return "mine"

    door_app = create_app(stores, [router])
    assert any(getattr(route, "path", "") for route in door_app.routes)


def test_the_api_describes_itself_without_a_shop_and_always_the_same() -> None:
    text = openapi_json([])
    assert text == openapi_json([])
    described = json.loads(text)
    operations = [call["operationId"] for path in described["paths"].values() for call in path.values()]
    assert set(NEEDS) | guard.PUBLIC - {"snippet", "payment_notice"} == set(operations)
    assert len(operations) == len(set(operations))
    assert list(described["paths"]) == sorted(described["paths"])
    answers = described["paths"]["/v1/operators"]["post"]["responses"]
    assert answers["409"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorAnswer")


def test_the_description_is_served_and_the_interactive_page_is_not(door: Door) -> None:
    assert door.stranger().get("/v1/openapi.json").json()["info"]["title"] == "Shengeng"
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert door.stranger().get(path).status_code == 404
