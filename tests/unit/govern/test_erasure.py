"""A person is erased: nothing of them stands anywhere, orders stay, and a crash harms nothing."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from tests.factories.decisions import ADMIN, APPROVER, OPERATOR
from tests.factories.facts import START, line, lines_table, shop_lines, write_folder
from tests.factories.kept import Keep, Kept, Reopen

from shengeng.govern.access import api as access
from shengeng.govern.audit import api as audit
from shengeng.govern.consent import api as consent
from shengeng.govern.consent.contracts import Said
from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import PERFORM_TASK, Person, Request
from shengeng.govern.views import api as views
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Role
from shengeng.plays.day import run_day
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.sense.identity.contracts import Edge
from shengeng.storage.progress import Silent
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.worker import register
from shengeng.worker.personal import HOLDERS, WIRING

MARK = "wanderer7f3a9"
ALIAS = "app8812wanderer"
AS_OF = START + timedelta(days=119)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def traced(keep: Keep, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A shop in which one person has left traces wherever one can."""
    return keep(lambda stores: _live_in(stores, tmp_path_factory.mktemp("files")))


@pytest.fixture
def shop(traced: Kept, reopen: Reopen) -> Stores:
    """That shop, open."""
    stores = reopen(traced)
    register(stores.queue)
    return stores


def _live_in(stores: Stores, files: Path) -> None:
    rows = [
        replace(one, customer_id=MARK) if one.customer_id == "c0003" else one
        for one in shop_lines(customers=30)
    ]
    rows = [one if one.customer_id != "c0004" else replace(one, customer_id=ALIAS) for one in rows]
    ids = sorted({one.customer_id for one in rows if one.customer_id})
    assert {MARK, ALIAS} <= set(ids), ids[:6]
    folder = write_folder(files / "folder", rows=rows)
    days = {"touches": "touched_on", "redemptions": "redeemed_on"}
    for name, day in days.items():
        coupon = "coupon_id," if name == "redemptions" else ""
        k = "k1," if coupon else ""
        (folder / f"{name}.csv").write_text(
            f"customer_id,{coupon}campaign_id,{day}\n{MARK},{k}spring,2025-03-01\n{ids[0]},{k}spring,2025-03-01\n"
        )
    (folder / "reviews.csv").write_text(
        f"review_id,customer_id,created_at,text\nr1,{MARK},2025-03-01 10:00:00,{MARK} says good tea\n"
        f"r2,{ids[0]},2025-03-01 10:00:00,good tea too\n"
    )
    (folder / "customers.csv").write_text(
        "customer_id,city,consent,nickname\n"
        f'{MARK},杭州,"{{""marketing"": true}}",{MARK} the great\n{ids[0]},上海,,\n'
    )
    header = (folder / "orders.csv").read_text("utf-8").split("\n", 1)[0].replace('"', "").split(",")
    with (folder / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write(",".join(MARK if name == "ordered_at" else "7" for name in header) + "\n")
    register(stores.queue)
    connect.import_source(stores, str(folder), now=NOW)
    run_day(stores, AS_OF, Silent(), NOW)
    _traces(stores)
    (stores.settings.home / "uploads" / "01-02").mkdir(parents=True)
    (stores.settings.home / "uploads/01-02/orders.csv").write_text(MARK)


def _traces(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        made = access.create_operator(uow, SHELL, NOW, name="lin", role=Role.OPERATOR)
        assert made.password
        view = views.View(UUID(int=7), "customers", f"about {MARK}", f"q={MARK}")
        views.keep_view(uow, OPERATOR, view)
        audit.record(uow, at=NOW, actor="lin", action="made.up", target=MARK, detail={"about": f"x {MARK} y"})
        privacy.look(uow, OPERATOR, MARK, "page", NOW)
        said = Said(MARK, "marketing", "any", False, NOW, "phone", "v1", f"{MARK} said no")
        consent.record(uow, OPERATOR, said, NOW)
        edge = Edge("customer", MARK, "unionid", "union-of-the-wanderer", "test", NOW, {})
        other = Edge("customer", ALIAS, "unionid", "union-of-the-wanderer", "test", NOW, {})
        identity.observe(uow, [edge, other], NOW)
        job = uow.enqueue("storage.tidy")
        uow.conn.execute(
            sa.text("update job_progress set log = :log, state = 'failed' where id = :id"),
            {"log": json.dumps([f"{MARK} broke it"]), "id": job},
        )
        uow.conn.execute(
            sa.text("update jobs.procrastinate_jobs set args = :a, status = 'failed' where id = :id"),
            {"a": json.dumps({"who": MARK}), "id": job},
        )


def everything(stores: Stores, word: str) -> list[str]:
    """Where a word stands, by reading every row as text, every Parquet file, every other file."""
    found = []
    with stores.rows.unit() as uow:
        tables = uow.conn.execute(
            sa.text(
                "select table_schema || '.' || table_name from information_schema.tables "
                "where table_type = 'BASE TABLE' and table_schema in ('public', 'jobs')"
            )
        ).scalars()
        for table in tables.all():
            asked = sa.text(f"select count(*) from {table} t where t::text like :w")
            if uow.conn.execute(asked, {"w": f"%{word}%"}).scalar_one():
                found.append(table)
    home = stores.settings.home
    for path in home.rglob("*"):
        if path.suffix == ".parquet":
            if word in str(pq.read_table(path).to_pydict()):
                found.append(str(path.relative_to(home)))
        elif path.is_file() and word.encode() in path.read_bytes():
            found.append(str(path.relative_to(home)))
    return found


def asked(stores: Stores, kind: Any = "erasure", person: str = MARK) -> Request:
    with stores.rows.unit() as uow:
        return privacy.ask(
            uow,
            OPERATOR,
            NOW,
            kind=kind,
            person_id=person,
            asked_on=NOW.date(),
            asked_via="phone",
            proof="called back on the number of the order",
            law="pipl",
        )


def work(stores: Stores) -> None:
    stores.queue.work(stores, threading.Event(), idle=True)


def carried_out(stores: Stores, request: Request) -> Request:
    with stores.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request.id, NOW)
    work(stores)
    with stores.rows.unit() as uow:
        return privacy.request(uow, request.id)


def counted(stores: Stores) -> tuple[int, int]:
    lines = stores.lake.table("lines")
    return int(lines.count().execute()), int(lines.total_minor.sum().execute())


def test_after_an_erasure_no_place_holds_the_person_and_the_books_are_the_same(shop: Stores) -> None:
    before = counted(shop)
    planted = everything(shop, MARK)
    places = {place.split("/")[1] if place.startswith("lake/") else place for place in planted}
    assert places >= {"lines", "customers", "touches", "redemptions", "reviews", "people", "value", "stages"}
    assert places >= {"public.audit", "public.consents", "public.identity_nodes", "public.saved_views"}
    assert places >= {"public.privacy_looks", "public.job_progress", "jobs.procrastinate_jobs"}
    assert {"public.decisions"} <= places
    assert [place for place in planted if "rejects" in place]
    done = carried_out(shop, asked(shop))
    assert done.outcome["found"] == []
    assert done.state == "done"
    assert counted(shop) == before
    with shop.rows.unit() as uow:
        shop.lake.sweep(uow, older_than=timedelta(0))
    assert everything(shop, MARK) == []
    assert everything(shop, ALIAS) == []
    assert everything(shop, "union-of-the-wanderer") == []
    assert done.outcome["erased"]["connect"]["lines"] > 5
    with shop.rows.unit() as uow:
        assert shop.lake.verify(uow) == []
        looks = privacy.looks(uow)
    assert [one.person_id for one in looks] == [done.person_id]
    assert done.person_id.startswith("erased-")


def test_an_export_holds_what_every_place_holds_and_has_an_index(shop: Stores) -> None:
    done = carried_out(shop, asked(shop, "export"))
    assert done.state == "done"
    with shop.rows.unit() as uow:
        path = privacy.export_file(shop, uow, APPROVER, done.id, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        index = json.loads(archive.read("index.json"))
        names = {one["file"] for one in index["files"]}
        lines = json.loads(archive.read("connect.lines.json"))
    assert names >= {
        "connect.customers.json",
        "connect.reviews.json",
        "consent.consents.json",
        "people.people.json",
    }
    assert {row["customer_id"] for row in lines} == {MARK, ALIAS}
    assert set(index["identifiers"]) == {MARK, ALIAS, "union-of-the-wanderer"}


def test_one_hand_alone_erases_nobody_before_the_hold_is_over(shop: Stores) -> None:
    with shop.rows.unit() as uow:
        request = privacy.ask(
            uow,
            APPROVER,
            NOW,
            kind="erasure",
            person_id=MARK,
            asked_on=NOW.date(),
            asked_via="",
            proof="seen in the shop",
            law="gdpr",
        )
    with pytest.raises(ShopError) as refused, shop.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request.id, NOW + timedelta(hours=23))
    assert refused.value.code == "needs_another"
    with pytest.raises(ShopError) as low, shop.rows.unit() as uow:
        privacy.approve(uow, OPERATOR, request.id, NOW)
    assert low.value.kind == "forbidden"
    with shop.rows.unit() as uow:
        privacy.cancel(uow, OPERATOR, request.id, "a mistake", NOW)
    with pytest.raises(ShopError) as over, shop.rows.unit() as uow:
        privacy.approve(uow, ADMIN, request.id, NOW)
    assert over.value.code == "not_open"
    assert everything(shop, MARK)


def test_an_erasure_that_was_cut_off_goes_on_where_it_stood(shop: Stores) -> None:
    request = asked(shop)
    with shop.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request.id, NOW)
    for place in range(len(HOLDERS)):

        def broken(stores: Stores, uow: Any, person: Person) -> dict[str, int]:
            raise OSError("the power went")

        harmed = replace(
            WIRING,
            holders=tuple(
                replace(holder, erase_person=broken) if at == place else holder
                for at, holder in enumerate(HOLDERS)
            ),
        )
        with pytest.raises(OSError, match="power"):
            privacy.perform(shop, Silent(), request.id, harmed, NOW)
    work(shop)
    with shop.rows.unit() as uow:
        assert privacy.request(uow, request.id).outcome["found"] == []
        shop.lake.sweep(uow, older_than=timedelta(0))
    assert everything(shop, MARK) == []


def test_what_a_job_writes_of_the_person_while_they_are_erased_goes_too(shop: Stores) -> None:
    request = asked(shop)
    with shop.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request.id, NOW)
    *others, last = HOLDERS
    rounds: list[int] = []

    def busy(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
        if not rounds:  # it had read who was touched before their holder forgot
            with stores.rows.unit() as theirs:
                arrivals.note(theirs, [MARK], NOW)
        rounds.append(1)
        return last.erase_person(stores, uow, person)

    wired = replace(WIRING, holders=(*others, replace(last, erase_person=busy)))
    privacy.perform(shop, Silent(), request.id, wired, NOW)
    with shop.rows.unit() as uow:
        done = privacy.request(uow, request.id)
    assert (done.state, done.outcome["found"], len(rounds)) == ("done", [], 2)
    assert done.outcome["erased"]["connect"]["lines"] > 5
    assert done.outcome["erased"]["arrivals"]["arrivals"] >= 1


def test_what_cannot_be_erased_is_told_after_a_few_rounds(shop: Stores) -> None:
    (shop.settings.home / "exports").mkdir(exist_ok=True)
    (shop.settings.home / "exports" / "kept.txt").write_text(MARK)
    done = carried_out(shop, asked(shop))
    assert done.state == "failed"
    assert [one["place"] for one in done.outcome["found"]] == ["SHENGENG_HOME/exports/kept.txt"]


def test_who_comes_back_with_an_old_file_is_erased_again_and_who_buys_anew_is_somebody_new(
    shop: Stores,
) -> None:
    done = carried_out(shop, asked(shop))
    assert done.state == "done"
    at = datetime.combine(date(2025, 3, 1), time(10))
    with shop.rows.unit() as uow:
        old = lines_table(rows=[line(MARK, at, "p1", order_id="again-1", total_minor=100)])
        shop.lake.append(uow, "lines", old, partition="old/2025-03")
    assert privacy.again(shop, WIRING, NOW + timedelta(hours=1)) == 1
    known = shop.lake.table("lines").customer_id.to_pyarrow().to_pylist()
    assert MARK not in known
    later = datetime.combine(date(2027, 3, 1), time(10))
    with shop.rows.unit() as uow:
        new = lines_table(rows=[line(MARK, later, "p1", order_id="anew-1", total_minor=100)])
        shop.lake.append(uow, "lines", new, partition="new/2027-03")
    assert privacy.again(shop, WIRING, NOW + timedelta(days=400)) == 0
    assert MARK in shop.lake.table("lines").customer_id.to_pyarrow().to_pylist()
    with shop.rows.unit() as uow:
        assert MARK in consent.withdrawn(uow, "marketing")


def test_the_nightly_job_sees_that_old_snapshots_are_gone_on_the_stated_day(shop: Stores) -> None:
    done = carried_out(shop, asked(shop))
    assert done.gone_on == (datetime.now(UTC) + timedelta(days=3)).date()
    privacy.keep(shop, Silent(), WIRING, datetime.now(UTC) + timedelta(days=4))
    with shop.rows.unit() as uow:
        assert privacy.request(uow, done.id).gone_at is None
        shop.lake.sweep(uow, older_than=timedelta(0))
    privacy.keep(shop, Silent(), WIRING, datetime.now(UTC) + timedelta(days=4))
    with shop.rows.unit() as uow:
        assert privacy.request(uow, done.id).gone_at is not None


def test_the_task_is_known_to_the_worker(shop: Stores) -> None:
    assert PERFORM_TASK in shop.queue.names()


def test_a_restored_older_database_forgets_again_by_the_list_of_erasures(shop: Stores) -> None:
    done = carried_out(shop, asked(shop))
    path = shop.settings.home / "privacy/erasures.jsonl"
    assert MARK not in path.read_text()
    listed = path.read_text().splitlines()
    at = datetime.combine(date(2025, 3, 1), time(10))
    with shop.rows.unit() as uow:  # as a database of before the erasure stands
        uow.conn.execute(sa.text("delete from privacy_erased"))
        old = lines_table(rows=[line(MARK, at, "p1", order_id="before-1", total_minor=100)])
        shop.lake.append(uow, "lines", old, partition="before/2025-03")
    assert privacy.replay(shop, WIRING, path, NOW + timedelta(hours=1)) == 1
    assert MARK not in shop.lake.table("lines").customer_id.to_pyarrow().to_pylist()
    with shop.rows.unit() as uow:
        assert {one.token for one in privacy.list_of_erased(uow)} >= {
            json.loads(row)["token"] for row in listed
        }
        assert {one.person for one in privacy.list_of_erased(uow)} == {done.person_id}


def test_a_person_with_a_short_id_is_erased_and_products_of_that_number_stay(shop: Stores) -> None:
    at = datetime.combine(date(2025, 3, 1), time(10))
    rows = [
        line("17", at, "17", order_id="short-1", total_minor=100),
        line("c0001", at, "17", order_id="short-2", total_minor=100),
    ]
    with shop.rows.unit() as uow:
        shop.lake.append(uow, "lines", lines_table(rows=rows), partition="short/2025-03")
        audit.record(uow, at=NOW, actor="lin", action="made.up", target="17")
    request = asked(shop, person="17")
    with shop.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request.id, NOW)
    privacy.perform(shop, Silent(), request.id, WIRING, NOW)
    with shop.rows.unit() as uow:
        done = privacy.request(uow, request.id)
    assert (done.state, done.outcome["short"]) == ("done", 1)
    lines = shop.lake.table("lines", partitions=["short/2025-03"]).to_pyarrow()
    assert sorted(lines["customer_id"].to_pylist(), key=str) == [None, "c0001"]
    assert lines["product_id"].to_pylist() == ["17", "17"]
