"""Spend of a canonical folder lands where a file on its own does, by the same reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.facts import line, write_folder

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import SPEND, Brought, ImportReport
from shengeng.storage.stores import Stores

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ORDER = line("c1", datetime.combine(date(2025, 3, 5), time(12)))
HEAD = "spent_on,channel,amount,currency,campaign_id,new_customers\n"


def folder(path: Path, spend: str) -> Path:
    write_folder(path, rows=[ORDER], tables=("orders",))
    (path / "spend.csv").write_text(HEAD + spend, "utf-8")
    return path


def bring(stores: Stores, path: Path) -> ImportReport:
    return api.import_source(stores, path, now=NOW)


def alone(stores: Stores, path: Path, text: str) -> Brought:
    path.write_text(HEAD + text, "utf-8")
    with stores.rows.unit() as uow:
        return api.bring_file(stores, uow, "spend", path)


def stored(stores: Stores) -> list[tuple[object, ...]]:
    rows = api.spend(stores.lake).order_by("spent_on", "channel", "campaign_id").to_pyarrow().to_pylist()
    return [tuple(row[name] for name in SPEND.names) for row in rows]


def test_rows_of_a_day_channel_and_campaign_are_added_up(stores: Stores, tmp_path: Path) -> None:
    text = "2025-02-03,search,60.00,CNY,,1\n2025-02-03,search,40.5,,,\n2025-02-03,search,9,cny,c1,\n"
    counts = bring(stores, folder(tmp_path, text)).files["spend"]
    assert (counts.rows, counts.accepted, counts.rejected, counts.unchanged) == (3, 3, 0, 0)
    day = date(2025, 2, 3)
    assert stored(stores) == [(day, "search", "c1", 900, None), (day, "search", None, 10_050, 1)]


def test_the_same_folder_again_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    path = folder(tmp_path, "2025-02-03,search,60.00,CNY,,\n2025-02-03,search,40.00,,,\n")
    bring(stores, path)
    before = stored(stores)
    counts = bring(stores, path).files["spend"]
    assert (counts.accepted, counts.unchanged) == (0, 2)
    assert stored(stores) == before


def test_a_file_alone_and_a_folder_of_any_source_speak_of_the_same_spend(
    stores: Stores, tmp_path: Path
) -> None:
    path = folder(tmp_path / "shop", "2025-02-03,search,60.00,CNY,,\n2025-02-04,search,5.00,,,\n")
    with (path / "shop.toml").open("a", encoding="utf-8") as file:
        file.write('source = "tmall"\n')
    bring(stores, path)
    again = alone(stores, tmp_path / "one.csv", "2025-02-03,search,60.00,CNY,,\n")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    more = alone(stores, tmp_path / "two.csv", "2025-02-03,search,70.00,,,\n2025-02-05,video,1.00,,,\n")
    assert (more.added, more.changed, more.unchanged) == (1, 1, 0)
    assert [row[3] for row in stored(stores)] == [7_000, 500, 100]
    assert bring(stores, path).files["spend"].accepted == 1
    assert [row[3] for row in stored(stores)] == [6_000, 500, 100]


BAD = {
    "x,search,1,CNY,,": "spent_on",
    "1900-01-01,search,1,CNY,,": "spent_on",
    "2025-02-03,,1,CNY,,": "channel",
    "2025-02-03,search,,CNY,,": "amount",
    "2025-02-03,search,NaN,CNY,,": "amount",
    "2025-02-03,search,-1.00,CNY,,": "amount",
    "2025-02-03,search,1,USD,,": "currency",
    "2025-02-03,search,1,CNY,,2.5": "new_customers",
    "2025-02-03,search,1,CNY,,-2": "new_customers",
}


def test_a_bad_row_meets_the_same_reason_by_either_way(stores: Stores, tmp_path: Path) -> None:
    text = "".join(f"{row}\n" for row in BAD) + "2025-02-04,search,1,CNY,,\n"
    report = bring(stores, folder(tmp_path / "shop", text))
    with stores.rows.unit() as uow:
        rejects, _ = api.rejected(uow, UUID(report.id), lang="en")
    assert [reject.column for reject in rejects] == list(BAD.values())
    found = alone(stores, tmp_path / "spend.csv", text)
    assert list(found.rejects) == rejects
    assert (found.rows, found.rejected, found.unchanged) == (len(BAD) + 1, len(BAD), 1)


def test_spend_as_parquet_is_read_like_csv(stores: Stores, tmp_path: Path) -> None:
    path = folder(tmp_path, "")
    (path / "spend.csv").unlink()
    rows = {"spent_on": [date(2025, 2, 3)], "channel": ["search"], "amount": [12.5], "new_customers": [3]}
    pq.write_table(pa.table(rows), path / "spend.parquet")
    bring(stores, path)
    assert stored(stores) == [(date(2025, 2, 3), "search", None, 1_250, 3)]


def test_a_spend_file_alone_without_its_column_is_refused_by_name(stores: Stores, tmp_path: Path) -> None:
    bring(stores, folder(tmp_path / "shop", ""))
    path = tmp_path / "spend.csv"
    path.write_text("spent_on,channel\n2025-02-03,search\n", "utf-8")
    with pytest.raises(ShopError, match=r"spend\.csv has no column amount"), stores.rows.unit() as uow:
        api.bring_file(stores, uow, "spend", path)
    assert stored(stores) == []
