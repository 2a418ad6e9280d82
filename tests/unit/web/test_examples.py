"""The examples of docs/govern.md and docs/api.md run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.factories.door import NOON, Door

from shengeng.govern.access.api import create_operator
from shengeng.govern.shop.contracts import LIMITS
from shengeng.govern.shop.methods import default_of
from shengeng.kernel.roles import SHELL, Role
from shengeng.web.errors import STATUS

DOCS = Path(__file__).parents[3] / "docs"


def examples(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


def test_the_example_of_govern_runs(door: Door) -> None:
    [example] = examples("govern.md")
    exec(example, {"stores": door.stores, "now": NOON})


def test_the_example_of_the_api_runs(door: Door) -> None:
    [example] = examples("api.md")
    with door.stores.rows.unit() as uow:
        made = create_operator(uow, SHELL, NOON, name="admin", role=Role.ADMIN)
    exec(example, {"client": door.stranger(), "password": made.password})


@pytest.mark.parametrize("key", LIMITS)
def test_the_page_names_every_assumption_with_its_default_and_bounds(key: str) -> None:
    limits = LIMITS[key]
    row = f"| `{key}` | {default_of(key)} | {limits.low:g} … {limits.high:.15g} |"
    assert row in (DOCS / "govern.md").read_text("utf-8")


def test_the_page_names_every_kind_of_refusal() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    for kind, status in STATUS.items():
        assert re.search(rf"\| [^|]*\b{kind}\b[^|]* \| {status}", page), kind
