"""Event ingest: durable events a second over HTTP, beside PostgreSQL's COPY and single commits, one run.

From the root of the repository, with our environment:

    python benchmarks/ingest/run.py [--seconds 10] [--runs 5] [--soak MINUTES]

A server with its worker and its embedded PostgreSQL (synchronous_commit on, fsync on) is started on a home
of its own; clients in a process of their own send 333-byte events over loopback, as SDKs do: batches of 100
and of 1,000 events, and single `track` calls, each under concurrency. An event counts when its 200 has come.
In the same run the peer: COPY of the same bytes in 1,000s, one commit each, and single inserts, one commit
each, from one connection. Then the drain: how fast it moved what waited, and how long events took to the lake
while events came at a steady rate. Medians of the runs; writes results.json beside this.

--soak: instead of that, one client sends and repeats what was not acknowledged while server, worker and
database are killed (-9) in turn; at the end every acknowledged event stands in the lake exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import platform
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).parent))
from shop import Running, running
from soak import soak

RESULTS = Path(__file__).with_name("results.json")
SIZE = 333
VERSIONS = ("shengeng", "uvicorn", "uvloop", "httptools", "msgspec", "psycopg", "pyarrow")
# (name, events a request, requests at the same time)
LOADS = (("batch_1000", 1000, 4), ("batch_100", 100, 8), ("track", 1, 64))
# Events a second at most, so that no messageId is sent twice.
FASTEST = {1000: 150_000, 100: 100_000, 1: 5_000}
Figures = dict[str, float]


def event(number: int) -> bytes:
    """One event of 333 bytes; number makes its person, product and moment."""
    made = {
        "type": "track",
        "event": "Product Viewed",
        "messageId": str(uuid.uuid4()),
        "anonymousId": f"device-{number % 50_000:06d}",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "properties": {
            "product_id": f"sku-{number % 3000:05d}",
            "category": "GROCERY",
            "price": 12.5,
            "currency": "CNY",
            "url": "",
        },
    }
    short = SIZE - len(json.dumps(made, separators=(",", ":")))
    made["properties"] |= {"url": "https://shop.example/".ljust(short, "p")[:short]}
    text = json.dumps(made, separators=(",", ":")).encode()
    assert len(text) == SIZE, len(text)
    return text


def body(size: int, start: int) -> bytes:
    """A request's body: a batch, or with size 1 one track call."""
    if size == 1:
        return event(start)
    return b'{"batch":[' + b",".join(event(start + n) for n in range(size)) + b"]}"


class Client:
    """One keep-alive connection that speaks the little HTTP a benchmark needs, so that it costs the server's
    cores little."""

    def __init__(self, port: int, key: str) -> None:
        self.port = port
        word = base64.b64encode(f"{key}:".encode()).decode()
        self.head = f"Host: localhost\r\nAuthorization: Basic {word}\r\nContent-Type: application/json\r\n"

    async def __aenter__(self) -> Client:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def post(self, path: str, content: bytes) -> int:
        """The status of the answer."""
        head = f"POST {path} HTTP/1.1\r\n{self.head}Content-Length: {len(content)}\r\n\r\n"
        self.writer.write(head.encode() + content)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await self.reader.readexactly(length)
        return int(answer.split(b" ", 2)[1])


async def _load(port: int, key: str, size: int, at_once: int, seconds: float) -> Figures:
    bodies = [body(size, n * size) for n in range(int(seconds * FASTEST[size] / size))]
    path = "/v1/track" if size == 1 else "/v1/batch"
    waits: list[float] = []
    refused = 0
    place = iter(range(10**9))

    async def sender(until: float) -> None:
        nonlocal refused
        async with Client(port, key) as client:
            while time.perf_counter() < until:
                content = bodies[next(place) % len(bodies)]
                began = time.perf_counter()
                status = await client.post(path, content)
                if status == 200:
                    waits.append(time.perf_counter() - began)
                else:
                    refused += 1
                    await asyncio.sleep(0.2)

    began = time.perf_counter()
    await asyncio.gather(*(sender(began + seconds) for _ in range(at_once)))
    took = time.perf_counter() - began
    waits.sort()
    return {
        "events_per_s": round(len(waits) * size / took),
        "requests_per_s": round(len(waits) / took, 1),
        "p50_ms": round(1000 * waits[len(waits) // 2], 1),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99)], 1),
        "refused": refused,
    }


def _send(answer: Any, *given: Any) -> None:
    answer.send(asyncio.run(_load(*given)))


def load(shop: Running, size: int, at_once: int, seconds: float) -> Figures:
    """One load from a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_send, args=(there, shop.port, shop.key, size, at_once, seconds)
    )
    process.start()
    found: Figures = here.recv()
    process.join()
    return found


def copied(dsn: str, seconds: float) -> float:
    """Events a second by COPY of the same bytes in 1,000s, one durable commit each."""
    rows = [event(n).decode() for n in range(20_000)]
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop table if exists bench_copy")
        connection.execute("create table bench_copy (id bigserial primary key, body text not null)")
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)
        assert connection.execute("show fsync").fetchone() == ("on",)
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            start = count % len(rows)
            with connection.cursor() as cursor, cursor.copy("copy bench_copy (body) from stdin") as copy:
                copy.write("\n".join(rows[start : start + 1000]) + "\n")
            count += 1000
        return count / (time.perf_counter() - began)


def single(dsn: str, seconds: float) -> float:
    """Events a second by single inserts, one durable commit each."""
    row = event(1).decode()
    with psycopg.connect(dsn, autocommit=True) as connection:
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            connection.execute("insert into bench_copy (body) values (%s)", (row,), prepare=True)
            count += 1
        found = count / (time.perf_counter() - began)
        connection.execute("drop table bench_copy")
        return found


def drained(shop: Running) -> Figures:
    """Wait until nothing waits; the rate of the drain over all it moved, and its slowest event."""
    began = time.perf_counter()
    while shop.waiting():
        time.sleep(0.2)
    return {"emptied_in_s": round(time.perf_counter() - began, 1)}


def lag(shop: Running, seconds: float) -> Figures:
    """Seconds from received to readable in the lake while 2,000 events a second come."""
    since = datetime.now(UTC)
    asyncio.run(_steady(shop, seconds))
    drained(shop)
    waits = sorted(shop.lags(since))
    return {"p50_s": round(waits[len(waits) // 2], 2), "max_s": round(waits[-1], 2)}


async def _steady(shop: Running, seconds: float) -> None:
    async with Client(shop.port, shop.key) as client:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            assert await client.post("/v1/batch", body(200, int(time.time() * 1000))) == 200
            await asyncio.sleep(0.1)


def measure(seconds: float, runs: int) -> dict[str, Any]:
    """Everything, each load in turn, `runs` times."""
    found: dict[str, list[Any]] = {name: [] for name in (*(name for name, _, _ in LOADS), "copy", "single")}
    with running() as shop:
        load(shop, 100, 4, 2)  # first connections, first tables
        for _ in range(runs):
            found["copy"].append(copied(shop.dsn, seconds / 2))
            for name, size, at_once in LOADS:
                found[name].append(load(shop, size, at_once, seconds))
                drained(shop)
            found["single"].append(single(shop.dsn, seconds / 4))
        rate = shop.drain_rate()
        late = lag(shop, seconds)
    return _summary(found) | {"drain": rate, "lag": late}


def _summary(found: dict[str, list[Any]]) -> dict[str, Any]:
    copy = statistics.median(found["copy"])
    told: dict[str, Any] = {
        "peer": {"copy_per_s": round(copy), "single_commits_per_s": round(statistics.median(found["single"]))}
    }
    for name, _, _ in LOADS:
        figures = {key: statistics.median(run[key] for run in found[name]) for key in found[name][0]}
        ratios = [run["events_per_s"] / peer for run, peer in zip(found[name], found["copy"], strict=True)]
        told[name] = figures | {"of_copy": round(statistics.median(ratios), 2)}
    return told


def frame(seconds: float, runs: int) -> dict[str, Any]:
    """What makes a run repeatable."""
    return {
        "event_bytes": SIZE,
        "seconds": seconds,
        "runs": runs,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores, shared by client, server, "
        "worker and database",
        "versions": {name: version(name) for name in VERSIONS},
    }


def main() -> None:
    """Measure or soak, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES")
    chosen = parser.parse_args()
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if chosen.soak:
        kept["soak"] = soak(chosen.soak)
    else:
        kept |= frame(chosen.seconds, chosen.runs) | measure(chosen.seconds, chosen.runs)
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    print(json.dumps(kept, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
