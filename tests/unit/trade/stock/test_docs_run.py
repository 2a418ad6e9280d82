"""The worked examples of the documentation run as they stand there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.fulfilment import api as fulfilment
from shengeng.trade.fulfilment import contracts as delivery
from shengeng.trade.stock import api as stock
from shengeng.trade.stock import contracts as goods

DOCS = Path(__file__).parents[4] / "docs"
NAMES = {"who": SHELL, "Words": Words, "date": date, "timedelta": timedelta}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("stock", vars(goods) | {"api": stock}),
        ("fulfilment", vars(delivery) | {"api": fulfilment}),
    ],
    ids=["stock", "fulfilment"],
)
def test_the_worked_example_runs(stores: Stores, page: str, names: dict[str, object]) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (DOCS / f"{page}.md").read_text("utf-8"), re.DOTALL)
    assert example.count("assert") >= 3
    with stores.rows.unit() as uow:
        given = names | NAMES | {"uow": uow, "now": datetime(2026, 3, 2, 12, 0, tzinfo=UTC)}
        exec(compile(example, f"docs/{page}.md", "exec"), given)
