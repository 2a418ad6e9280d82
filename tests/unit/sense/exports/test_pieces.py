"""Large uploads: read in pieces with the same result as at once, and nothing of them stays on the disk."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.sense.exports.looking import SHANGHAI
from tests.unit.sense.exports.test_importing import NOW

from shengeng.govern.shop import api as shops
from shengeng.kernel.errors import ShopError
from shengeng.sense.connect import api as connect
from shengeng.sense.exports import api
from shengeng.sense.exports.api.looking import look
from shengeng.sense.exports.contracts import Preview
from shengeng.storage.contracts import Cancelled
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

_HEAD = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
)
_ORDERS = (
    _HEAD + "#1,ann@x.de,paid,,CNY,22.00,2025-03-01 09:29:00,2,Tea,10.00,TEA\n#1,,,,,,,1,Nuts,5.00,\n"
).encode()
_CUSTOMERS = (
    b"Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,"
    b"Total Spent,Total Orders\n1,Ann,A,ann@x.de,yes,Bonn,22.00,1\n"
)
_PRODUCTS = b"Handle,Title,Vendor,Type,Variant SKU,Variant Price\ntea,Green Tea,Teehaus,Tea,TEA,10.00\n"
Files = Mapping[str, bytes]


def _seen(files: Files, piece_bytes: int) -> tuple[Preview, dict[str, list[Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        out = place / "out"
        out.mkdir()
        paths = [(name, place / name) for name in files]
        for name, path in paths:
            path.write_bytes(files[name])
        found = look("", paths, {}, [], SHANGHAI, scratch=place, out=out, piece_bytes=piece_bytes)
        assert found.gathered
        tables = {name: pq.read_table(path) for name, path in found.gathered.files.items()}
        return found.preview, {name: sorted(map(str, one.to_pylist())) for name, one in tables.items()}


_LINES = st.tuples(
    st.integers(1, 12),  # order
    st.sampled_from(["2", "x", "", "1.0"]),
    st.sampled_from(["10.00", "5", "oops", "1,5", "=1"]),
    st.sampled_from(["TEA", "NUT", ""]),
    st.sampled_from(["3/4/2025 10:00", "2025-03-01 09:00:00", "25/4/2025 10:00"]),
)


_AT = "2025-03-01 09:00:00"
_TEA = {order: (order, "2", "10.00", "TEA", _AT) for order in (1, 7)}
_MIXED = [*[_TEA[1]] * 9, (7, "2", "10.00", "NUT", _AT), _TEA[7], _TEA[1], _TEA[7]]


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(_LINES, min_size=1, max_size=40))
@example(_MIXED)  # one line again is not two lines again
def test_pieces_give_the_same_facts_as_the_whole(rows: list[tuple[int, str, str, str, str]]) -> None:
    lines = [
        f'#{order},c{order}@x.de,paid,,CNY,,{at},{units},Thing {sku},"{price}",{sku}\n'
        for order, units, price, sku, at in rows
    ]
    files = {"o.csv": (_HEAD + "".join(lines)).encode(), "c.csv": _CUSTOMERS, "p.csv": _PRODUCTS}
    whole, tables = _seen(files, 2**24)
    small, pieced = _seen(files, 200)
    assert pieced == tables
    kept = ("orders", "lines", "left_out", "products", "customers", "share_identified", "first_on", "last_on")
    assert [getattr(small, key) for key in kept] == [getattr(whole, key) for key in kept]
    assert small.ready == whole.ready
    counted = sorted((one.code, one.count, str(one.params)) for one in whole.problems)
    assert sorted((one.code, one.count, str(one.params)) for one in small.problems) == counted


def test_an_order_that_stands_twice_counts_once_however_the_file_is_cut() -> None:
    block = "#7,ann@x.de,paid,,CNY,,2025-03-01 09:29:00,2,Tea,10.00,TEA\n"
    others = [block.replace("#7", f"#{number}") for number in range(100, 140)]
    data = (_HEAD + block + "".join(others) + block).encode()
    for piece_bytes in (2**24, 500):
        preview, tables = _seen({"o.csv": data}, piece_bytes)
        assert (preview.orders, preview.lines, preview.left_out) == (41, 41, 1)
        assert sum("'#7'" in row for row in tables["orders"]) == 1


def _upload(stores: Stores, files: Files) -> Any:
    return api.keep_files(stores, [(name, io.BytesIO(data)) for name, data in files.items()], NOW)


def _left(stores: Stores) -> list[str]:
    root = stores.settings.home / "exports"
    return sorted(
        path.name for path in root.rglob("*") if path.suffix in (".bin", ".arrow", ".txt", ".parquet")
    )


def test_customers_and_products_may_come_before_their_orders(stores: Stores) -> None:
    upload = _upload(stores, {"customers.csv": _CUSTOMERS, "products.csv": _PRODUCTS})
    seen = api.look_at(stores, upload, timezone="Asia/Shanghai", currency="CNY")
    assert (seen.ready, seen.orders, seen.products, seen.customers) == (True, 0, 1, 1)
    assert "entities_only" in [one.code for one in seen.problems]
    done = api.import_upload(stores, upload, timezone="Asia/Shanghai", currency="CNY", now=NOW)
    assert [one.code for one in done.problems] == ["entities_only"]
    assert connect.customers(stores.lake).count().to_pyarrow().as_py() == 1
    with stores.rows.unit() as uow:
        assert shops.profile(uow).as_of is None
    api.import_upload(stores, _upload(stores, {"orders.csv": _ORDERS}), now=NOW)
    sold = {row["product_id"]: row for row in connect.products(stores.lake).to_pyarrow().to_pylist()}
    tea = sold["TEA"]
    assert (tea["title"], tea["category"]) == ("Green Tea", "Tea"), "a report knows more of it than an order"
    assert sold["Nuts"]["title"] == "Nuts"
    with stores.rows.unit() as uow:
        assert str(shops.profile(uow).as_of) == "2025-03-01"


def test_customers_alone_change_no_order(stores: Stores) -> None:
    api.import_upload(
        stores, _upload(stores, {"o.csv": _ORDERS}), timezone="Asia/Shanghai", currency="CNY", now=NOW
    )
    before = connect.lines(stores.lake).to_pyarrow().to_pylist()
    api.import_upload(stores, _upload(stores, {"c.csv": _CUSTOMERS}), now=NOW)
    assert connect.lines(stores.lake).to_pyarrow().to_pylist() == before
    [ann] = connect.customers(stores.lake).to_pyarrow().to_pylist()
    assert ann["city"] == "Bonn"


def test_a_file_with_no_report_of_ours_is_still_refused(stores: Stores) -> None:
    upload = _upload(stores, {"x.csv": b"colour,shape\nred,round\n"})
    assert not api.look_at(stores, upload, timezone="UTC", currency="CNY").ready
    with pytest.raises(ShopError):
        api.import_upload(stores, upload, timezone="UTC", currency="CNY", now=NOW)


def test_nothing_of_an_import_stays_but_what_came_of_it(stores: Stores) -> None:
    upload = _upload(stores, {"o.csv": _ORDERS})
    api.look_at(stores, upload)
    assert _left(stores) == ["0.bin"]
    done = api.import_upload(stores, upload, timezone="Asia/Shanghai", currency="CNY", now=NOW)
    assert _left(stores) == []
    assert api.outcome(stores, upload) == done
    assert api.import_upload(stores, upload, now=NOW) == done, "a worker that asks again hears the same"


class _Stopped(Silent):
    def check(self) -> None:
        """Somebody cancelled."""
        raise Cancelled


def test_a_cancelled_and_a_refused_import_leave_only_the_upload(stores: Stores) -> None:
    upload = _upload(stores, {"o.csv": _ORDERS})
    with pytest.raises(Cancelled):
        api.import_upload(stores, upload, timezone="UTC", currency="CNY", progress=_Stopped(), now=NOW)
    with pytest.raises(ShopError):
        api.import_upload(stores, upload, currency="CNY", now=NOW)  # no time zone
    assert _left(stores) == ["0.bin"]


def test_the_next_start_sweeps_what_a_killed_process_left(stores: Stores) -> None:
    root = stores.settings.home / "exports"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getpid()):
        place = root / f"scratch-{process}-abc"
        place.mkdir(parents=True)
        (place / "rows-0-0.arrow").write_bytes(b"half")
    upload = _upload(stores, {"o.csv": _ORDERS})
    api.sweep(stores, NOW)
    assert sorted(path.name for path in root.iterdir()) == sorted([f"scratch-{os.getpid()}-abc", str(upload)])
    os.utime(root / str(upload), (0, 0))
    api.sweep(stores, NOW + timedelta(days=2))
    assert not (root / str(upload)).exists()
