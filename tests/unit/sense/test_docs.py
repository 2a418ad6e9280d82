"""The worked example of docs/facts.md is what an import really gives."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tests.factories.facts import write_shop_toml

from shengeng.sense.connect import api
from shengeng.storage.stores import Stores

PAGE = (Path(__file__).parents[3] / "docs" / "facts.md").read_text("utf-8")


def test_the_worked_example_is_true(stores: Stores, tmp_path: Path) -> None:
    example = PAGE.split("## Worked example")[1].split("\n## ")[0]
    rows = re.findall(r"^    (\S.*)$", example, re.MULTILINE)
    folder = tmp_path / "example"
    folder.mkdir()
    write_shop_toml(folder)
    (folder / "orders.csv").write_text("\n".join(rows) + "\n", "utf-8")
    report = api.import_source(stores, folder, now=datetime(2025, 4, 1, tzinfo=UTC))
    told = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in re.findall(r"^\| A.*$", example, re.MULTILINE)
    ]
    lines = api.lines(stores.lake).order_by("order_id").to_pyarrow().to_pylist()
    keys = ("order_id", "local_at", "customer_id", "kind", "quantity", "total_minor", "list_minor")
    assert [tuple("–" if line[key] is None else str(line[key]) for key in keys) for line in lines] == told
    with stores.rows.unit() as uow:
        [reject], _ = api.rejected(uow, UUID(report.id), lang="en")
    assert (reject.row, reject.column, reject.value) == (5, "line_total", "NaN")
    assert report.share_identified == 2 / 3
    totals = api.totals(stores.lake)
    placed, paid, net = re.findall(r"(?:Placed|paid|net) (\d+\.\d\d)", example)
    found = (totals.placed_minor, totals.paid_minor, totals.net_minor)
    assert found == tuple(round(float(text) * 100) for text in (placed, paid, net))
