"""An import holds a fixed number of lines at a time, and nobody sees the seams."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
import sqlalchemy as sa
from tests.factories.facts import Line, shop_lines, write_folder

from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import LINES
from shengeng.sense.connect.store import planning
from shengeng.storage.stores import Stores

CHILD = Path(__file__).with_name("import_peak.py")
NOW = datetime(2025, 6, 1, tzinfo=UTC)
KEYS = ["order_id", "line_no"]


def held(stores: Stores) -> pa.Table:
    columns = [name for name in LINES.names if name != "import_id"]
    return api.lines(stores.lake).to_pyarrow().select(columns).sort_by([(key, "ascending") for key in KEYS])


def one_order_of_two_buyers() -> list[Line]:
    """A made-up shop in which one order's lines name two buyers, and one of them none."""
    rows = shop_lines()
    first = replace(rows[0], order_id="mixed")
    buyers = ("c001", None, "c039")
    mixed = [replace(first, customer_id=buyer, line_no=no) for no, buyer in enumerate(buyers, start=1)]
    return [*rows, *mixed]


@pytest.mark.slow
def test_a_lake_written_in_many_pieces_is_the_lake_written_in_one(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "shop", rows=one_order_of_two_buyers())
    shop_toml = (folder / "shop.toml").read_text("utf-8")
    api.import_source(stores, folder, now=NOW)
    whole = held(stores)
    (folder / "shop.toml").write_text(shop_toml + 'source = "twin"\n', "utf-8")
    monkeypatch.setattr(planning, "PIECE_LINES", 20)
    monkeypatch.setattr(planning, "SHARE_LINES", 50)
    api.import_source(stores, folder, now=NOW + timedelta(hours=1))
    both = held(stores)
    sources = both["source"].to_pylist()
    twin = both.filter(pa.array([source == "twin" for source in sources]))
    assert twin.num_rows == whole.num_rows == len(one_order_of_two_buyers())
    assert twin.drop_columns("source").equals(whole.drop_columns("source"))
    again = api.import_source(stores, folder, now=NOW + timedelta(hours=2))
    assert again.files["orders"].unchanged == whole.num_rows


def test_a_month_of_many_pieces_is_one_file_sorted_by_customer(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PIECE_LINES", 20)
    api.import_source(stores, write_folder(tmp_path / "shop", days=20), now=NOW)
    (file,) = (stores.settings.home / "lake/lines").glob("*2025-01*.parquet")
    buyers = stores.lake.connection.read_parquet(file).to_pyarrow()["customer_id"].to_pylist()
    assert len(buyers) > 40
    assert buyers == sorted(buyers, key=lambda buyer: (buyer is None, buyer))


def crowded_month(folder: Path, lines: int) -> Path:
    """That many lines in one month, in orders of ten."""
    rng = np.random.default_rng(11)
    order = np.arange(lines) // 10
    minute = (order * 7) % (28 * 1440)
    at = np.datetime64("2025-02-01", "m") + minute
    table = pa.table(
        {
            "order_id": np.char.add("order-", order.astype(str)),
            "ordered_at": np.char.replace(at.astype(str), "T", " "),
            "customer_id": np.char.add("c", (order % (lines // 100)).astype(str)),
            "product_id": np.char.add("p", rng.integers(0, 5000, lines).astype(str)),
            "quantity": rng.integers(1, 5, lines),
            "line_total": rng.integers(1, 10_000, lines) / 100,
        }
    )
    folder.mkdir()
    (folder / "shop.toml").write_text('timezone = "UTC"\ncurrency = "CNY"\n', "utf-8")
    pa_csv.write_csv(table, folder / "orders.csv")
    return folder


@pytest.mark.slow
def test_a_month_eight_times_as_large_takes_less_than_a_quarter_more_memory(
    database: sa.URL, tmp_path: Path
) -> None:
    """Each in a process of its own, under a source of its own."""
    url = database.render_as_string(hide_password=False)
    peaks = {}
    for lines in (planning.PIECE_LINES, 8 * planning.PIECE_LINES):
        folder = crowded_month(tmp_path / f"shop{lines}", lines)
        with (folder / "shop.toml").open("a", encoding="utf-8") as file:
            file.write(f'source = "shop{lines}"\n')
        command = [sys.executable, str(CHILD), str(tmp_path / "home"), url, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        accepted, peak = map(int, done.stdout.split())
        assert accepted == lines
        peaks[lines] = peak
    small, large = peaks.values()
    assert large < 1.25 * small, peaks
