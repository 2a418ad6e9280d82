"""Minutes of kill -9 of server, worker and database in turn, while a client sends and repeats."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

from shop import Running, running

from shengeng.app import open_shop
from shengeng.storage.embedded import Server

SENDERS, BATCH, EVERY_S = 4, 50, 15.0
SEED = 20260301


@dataclass(eq=False)
class Sender(threading.Thread):
    """Sends numbered batches one after the other, each again until it is acknowledged."""

    shop: Running
    name_of: int
    stop: threading.Event
    acknowledged: int = 0
    tries: Counter[str] = field(default_factory=Counter)
    _line: HTTPConnection | None = None

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    def run(self) -> None:
        """Until told to stop, in the middle of a batch if it must."""
        pick = random.Random(SEED + self.name_of)
        while not self.stop.is_set():
            content = batch(self.name_of, self.acknowledged, pick)
            taken = self.taken(content)
            while not taken and not self.stop.wait(0.2):
                taken = self.taken(content)
            self.acknowledged += taken
            if taken and pick.random() < 0.05:
                self.taken(content)  # an acknowledgement that got lost: the SDK sends again
            self.stop.wait(0.02)

    def taken(self, content: bytes) -> bool:
        """Whether the batch was acknowledged."""
        word = base64.b64encode(f"{self.shop.key}:".encode()).decode()
        headers = {"content-type": "application/json", "authorization": f"Basic {word}"}
        try:
            if self._line is None:
                self._line = HTTPConnection("127.0.0.1", self.shop.port, timeout=10)
            self._line.request("POST", "/v1/batch", content, headers)
            answer = self._line.getresponse()
            answer.read()
        except (OSError, HTTPException) as error:
            self.tries[type(error).__name__] += 1
            self._line = None
            return False
        self.tries[str(answer.status)] += 1
        assert answer.status in (200, 429, 503), answer.status
        return answer.status == 200


def batch(sender: int, number: int, pick: random.Random) -> bytes:
    """Events with ids that say where they belong; some late, some from clocks that are wrong."""
    now = datetime.now(UTC)
    events = []
    for place in range(BATCH):
        at = now - timedelta(seconds=pick.choice((0, 1, 60, 86_400)))
        events.append(
            {
                "type": "track",
                "event": "Product Viewed",
                "messageId": f"{sender}-{number}-{place}",
                "anonymousId": f"device-{pick.randrange(500)}",
                **({"userId": f"user-{pick.randrange(200)}"} if place % 10 == 0 else {}),
                "timestamp": at.isoformat(),
                "sentAt": (now + timedelta(hours=pick.choice((0, 0, 5)))).isoformat(),
                "properties": {"product_id": f"sku-{pick.randrange(3000)}"},
            }
        )
    return json.dumps({"batch": events}).encode()


def soak(minutes: float) -> dict[str, Any]:
    """The report: what was killed, what was answered, what of it stands in the lake."""
    stop, killed = threading.Event(), Counter[str]()
    with running() as shop:
        senders = [Sender(shop, number, stop) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        until = time.monotonic() + 60 * minutes
        victims = _victims()
        while time.monotonic() < until:
            time.sleep(EVERY_S)
            killed[_kill(shop, next(victims))] += 1
        stop.set()
        for sender in senders:
            sender.join(60)
        while shop.waiting():
            time.sleep(0.5)
        return _judged(shop, senders) | {"minutes": minutes, "killed": dict(killed), "seed": SEED}


def _victims() -> Iterator[str]:
    while True:
        yield from ("server", "worker", "database")


def _kill(shop: Running, victim: str) -> str:
    """kill -9; the server is started again by us, the others come back by themselves."""
    if victim == "server":
        shop.process.kill()
        shop.process.wait()
        shop.start()
    elif victim == "worker":
        worker = shop.worker()
        if worker is None:
            return "worker was away"
        worker.kill()
    else:
        pid = Server(shop.settings.home).postmaster_pid()
        if pid is None:
            return "database was away"
        os.kill(pid, signal.SIGKILL)
    return victim


def _judged(shop: Running, senders: list[Sender]) -> dict[str, Any]:
    with open_shop(shop.settings) as stores:
        ids = stores.lake.table("events").event_id.to_pyarrow().to_pylist()
        with stores.rows.unit() as uow:
            faults = stores.lake.verify(uow)
    stands = Counter(ids)
    wanted = {
        f"{s.name_of}-{number}-{place}"
        for s in senders
        for number in range(s.acknowledged)
        for place in range(BATCH)
    }
    tries = sum((sender.tries for sender in senders), Counter[str]())
    return {
        "acknowledged_events": len(wanted),
        "events_in_lake": len(ids),
        "lost": len(wanted - stands.keys()),
        "doubled": sum(count > 1 for count in stands.values()),
        "damaged_files": len(faults),
        "repeated_at_the_door": _repeated(shop),
        "answers": dict(tries),
    }


def _repeated(shop: Running) -> int:
    return int(shop.ask("select coalesce(sum(repeated), 0) from event_drains")[0][0])
