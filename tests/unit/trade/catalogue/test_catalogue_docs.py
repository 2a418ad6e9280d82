"""The worked example of the page runs as it stands there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api, contracts

PAGE = Path(__file__).parents[4] / "docs" / "catalogue.md"


def test_the_worked_example_runs(stores: Stores) -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example.count("assert") >= 3
    names = vars(contracts) | {"api": api, "who": SHELL, "Words": Words}
    with stores.rows.unit() as uow:
        given = names | {"uow": uow, "now": datetime(2026, 3, 2, 12, 0, tzinfo=UTC)}
        exec(compile(example, "docs/catalogue.md", "exec"), given)
