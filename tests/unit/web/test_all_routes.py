"""What holds for every route of the product, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from fastapi.routing import APIRoute
from tests.factories.door import Door, open_door

from shengeng.doors import ROUTERS
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.web import guard
from shengeng.web.application import OWN

EVERY = [
    (route, method) for route in guard.routes([*OWN, *ROUTERS]) for method in sorted(route.methods or ())
]
READS = [route for route, method in EVERY if method == "GET" and route.name != "follow_job"]
ID = "019cae6b-6600-7000-8000-000000000000"
HOSTILE = ("深耕", "' or 1=1 --", "../../etc/passwd", "%F0%9F%98%80", "-1", "9" * 25, "x" * 3000, "*", "%25")


@pytest.fixture
def door(stores: Stores) -> Door:
    """The whole product over an empty shop."""
    return open_door(stores, ROUTERS)


def filled(path: str, value: str) -> str:
    return re.sub(r"{[^}]*}", lambda _: value, path)


def queries(route: APIRoute) -> list[str]:
    return [field.alias for field in route.dependant.query_params]


def test_a_stranger_is_refused_everywhere_but_at_the_door(door: Door) -> None:
    client = door.stranger()
    for route, method in EVERY:
        if route.name not in guard.PUBLIC:
            answer = client.request(method, filled(route.path, ID), json={})
            assert answer.status_code == 401, (method, route.path, answer.text)


def test_a_viewer_changes_nothing_but_what_is_his_own(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    own = {"sign_in", "sign_out", "change_password", "create_token", "revoke_token"}
    own |= {
        "keep_view",
        "delete_view",
        "allocation_what_if",
    }  # his own lists; a question that changes nothing
    own |= {route.name for route in guard.facts(ROUTERS)}  # a session is no write key: 401
    for route, method in EVERY:
        if method != "GET" and route.name not in own:
            answer = client.request(method, filled(route.path, ID), json={})
            # 422: the body or the address is looked at first; nothing was done either way.
            assert answer.status_code in (403, 422), (method, route.path, answer.text)


def test_an_empty_shop_answers_every_question(door: Door) -> None:
    client = door.signed_in("root", Role.ADMIN)
    for route in READS:
        answer = client.get(filled(route.path, ID))
        assert answer.status_code in (200, 404, 422), (route.path, answer.text)


def test_hostile_words_in_the_address_are_never_a_fault_of_ours(door: Door) -> None:
    _hostile(door, HOSTILE[:2])


@pytest.mark.slow
def test_no_hostile_word_at_all_is_a_fault_of_ours(door: Door) -> None:
    _hostile(door, HOSTILE[2:])


def _hostile(door: Door, words: Sequence[str]) -> None:
    client = door.signed_in("root", Role.ADMIN)
    for route in READS:
        for word in words:
            params = dict.fromkeys(queries(route), word)
            answer = client.get(filled(route.path, word.replace("/", "%2F")), params=params)
            assert answer.status_code in (200, 404, 422), (route.path, word, answer.text)
            for name in params:
                answer = client.get(filled(route.path, ID), params={name: word})
                assert answer.status_code in (200, 404, 422), (route.path, name, word, answer.text)
