"""Health as a proxy and as a person asks for it; jobs as the console follows them."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa
from tests.factories.door import Door, Wall, open_door

from shengeng.console.static_files import ConsoleFiles
from shengeng.kernel.roles import Role
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.rows import connect
from shengeng.storage.stores import Stores
from shengeng.web import create_app


def built(folder: Path) -> ConsoleFiles:
    """A folder as the build leaves it."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>深耕</title>")
    return ConsoleFiles(folder)


def checks(door: Door) -> dict[str, str]:
    answer = door.stranger().get("/v1/health")
    found = answer.json()
    assert found["status"] == ("ok" if set(found["checks"].values()) == {"ok"} else "degraded")
    assert answer.status_code == (503 if found["checks"]["rows"] == "down" else 200)
    return dict(found["checks"])


def test_health_is_ok_when_every_part_is(stores: Stores, tmp_path: Path) -> None:
    wall = Wall()
    door = Door(stores, wall, create_app(stores, [], pages=built(tmp_path / "static"), clock=wall))
    with stores.rows.unit() as uow:
        heartbeat = sa.text("insert into jobs.procrastinate_workers (last_heartbeat) values (:at)")
        uow.conn.execute(heartbeat, {"at": wall.now})
    assert checks(door) == {"rows": "ok", "lake": "ok", "worker": "ok", "console": "ok"}
    wall.wait(minutes=2)
    assert checks(door)["worker"] == "silent"


def test_health_without_a_worker_and_a_console_is_degraded_but_serves(door: Door) -> None:
    assert checks(door) == {"rows": "ok", "lake": "ok", "worker": "silent", "console": "missing"}


def test_health_sees_a_lake_file_that_is_not_there(door: Door) -> None:
    lake = door.stores.lake
    with door.stores.rows.unit() as uow:
        lake.append(uow, "lines", pa.table({"order_id": ["1"]}))
    assert checks(door)["lake"] == "ok"
    for file in door.stores.settings.home.rglob("*.parquet"):
        file.unlink()
    assert checks(door)["lake"] == "damaged"


def test_without_a_database_health_says_so_and_everything_else_answers_503(stores: Stores) -> None:
    away = replace(stores, rows=connect("postgresql://nobody:x@127.0.0.1:9/none"))
    door = open_door(away)
    assert checks(door) == {"rows": "down", "lake": "down", "worker": "unknown", "console": "missing"}
    answer = door.stranger().get("/v1/teams", headers={"authorization": "Bearer sgt_x"})
    assert answer.status_code == 503
    assert answer.json()["error"]["kind"] == "unavailable"
    away.rows.close()


def test_a_job_is_listed_read_followed_to_its_end_and_cancelled(stores: Stores) -> None:
    queue = Queue()

    @queue.task("import.run")
    def work(_: Stores, progress: Progress, folder: str) -> None:
        progress.step("import.read", 0.5)
        progress.note(f"read {folder}")

    working = replace(stores, queue=queue)
    door = open_door(working)
    with stores.rows.unit() as uow:
        first = uow.enqueue("import.run", folder="orders")
        second = uow.enqueue("import.run", queue="later", folder="others")
    client = door.signed_in("mei", Role.OPERATOR)
    assert [job["state"] for job in client.get("/v1/jobs").json()] == ["waiting", "waiting"]
    assert client.post(f"/v1/jobs/{second}/cancel").json()["state"] == "cancelled"

    stop = threading.Event()
    worker = threading.Thread(target=lambda: queue.work(working, stop, idle=True))
    worker.start()
    with client.stream("GET", f"/v1/jobs/{first}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        text = "".join(stream.iter_text())
    stop.set()
    worker.join()
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert text.count("event: progress") == len(events)
    assert events[-1]["state"] == "succeeded"
    assert events[-1]["log"] == ["read orders"]
    assert events[-1] == client.get(f"/v1/jobs/{first}").json()


def test_a_job_that_is_not_there_is_404_before_a_stream_begins(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    for path in ("/v1/jobs/7", "/v1/jobs/7/events"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_job")
    assert client.get("/v1/jobs/99999999999999999999").status_code == 422
    assert client.get("/v1/jobs/0").status_code == 422
