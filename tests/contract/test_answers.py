"""Whatever a caller sends: both APIs answer as their descriptions say, and no page or form breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.factories.contract import Scene, described, hitting, send
from tests.factories.forms import hostile_calls

from shengeng.doors import PUBLIC_ROUTERS, ROUTERS, SHOP
from shengeng.kernel.roles import Role
from shengeng.web import openapi_json

LAWS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
Operation = APIOperation[Any, Any, Any, Any]
CONSOLE = [*Role, Role.ADMIN, Role.ADMIN]


def operations(document: str, prefix: str) -> Iterator[Operation]:
    for found in described(json.loads(document), prefix).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def faults(
    scene: Scene, operation: Operation, pick: Callable[[st.DataObject], TestClient], examples: int
) -> list[str]:
    """What an operation answers against its description, to so many calls, half of them malformed."""
    kinds = [operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    found: dict[str, str] = {}

    @settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=examples < 10,
        deadline=None,
    )
    @given(st.data())
    def call(data: st.DataObject) -> None:
        case: Case[Any] = data.draw(st.one_of(kinds[0], kinds[0], kinds[1]))
        hitting(case, scene.known, data.draw)
        answer = send(pick(data), case)
        away = answer.status_code == 503 and answer.json()["error"]["kind"] == "unavailable"
        for law in LAWS[1:] if away else LAWS:  # no provider listens here, which is no fault of ours
            try:
                case.validate_response(answer, checks=[law])
            except BaseException as broken:
                told = f"{operation.label}: {answer.status_code} {type(broken).__name__} {broken}"
                found.setdefault(f"{law.__name__} {answer.status_code}", told[:1500])

    call()
    return list(found.values())


def console_faults(scene: Scene, examples: int) -> list[str]:
    def pick(data: st.DataObject) -> TestClient:
        return scene.as_role(data.draw(st.sampled_from(CONSOLE)))

    every = operations(openapi_json(ROUTERS), "/v1/trade")
    return [fault for operation in every for fault in faults(scene, operation, pick, examples)]


def store_faults(scene: Scene, examples: int) -> list[str]:
    def pick(data: st.DataObject) -> TestClient:
        return scene.shopper(data.draw(st.sampled_from(("member", "member", "guest"))))

    every = operations(openapi_json(PUBLIC_ROUTERS, SHOP), "/v1/")
    return [fault for operation in every for fault in faults(scene, operation, pick, examples)]


def test_no_form_and_no_address_is_a_fault_of_the_storefront(scene: Scene) -> None:
    hostile_calls(scene, 120)


def test_the_store_answers_as_it_is_described(scene: Scene) -> None:
    assert store_faults(scene, 2) == []


def test_the_console_answers_about_trade_as_it_is_described(scene: Scene) -> None:
    assert console_faults(scene, 2) == []


@pytest.mark.slow
def test_the_store_answers_many_callers_as_it_is_described(scene: Scene) -> None:
    assert store_faults(scene, 30) == []


@pytest.mark.slow
def test_the_console_answers_many_callers_as_it_is_described(scene: Scene) -> None:
    assert console_faults(scene, 30) == []


@pytest.mark.slow
def test_no_form_and_no_address_of_thousands_is_a_fault_of_the_storefront(scene: Scene) -> None:
    hostile_calls(scene, 3000)
