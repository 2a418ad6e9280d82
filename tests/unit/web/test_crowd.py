"""Many at once."""

from __future__ import annotations

import asyncio
import time

import httpx2
import pyarrow as pa
from fastapi import APIRouter
from tests.factories.door import Door, open_door

from shengeng.http import Shop, Unit, Viewer
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores

router = APIRouter()


@router.get("/v1/try/lake")
def count_lines(_: Viewer, shop: Shop, uow: Unit) -> int:
    """Holds a connection of its own while the lake takes another to read its manifest."""
    del uow
    return int(shop.lake.table("lines").count().execute())


async def ask_at_once(door: Door, session: str, path: str, times: int) -> list[int]:
    transport = httpx2.ASGITransport(door.app)
    cookies = {"sg_session": session}
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop", cookies=cookies) as client:
        answers = await asyncio.gather(*(client.get(path, timeout=60) for _ in range(times)))
    return [answer.status_code for answer in answers]


def test_a_crowd_waits_its_turn_and_is_served(stores: Stores) -> None:
    door = open_door(stores, [router])
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", pa.table({"order_id": ["1"]}))
    session = door.signed_in("mei", Role.VIEWER).cookies["sg_session"]
    began = time.perf_counter()
    assert asyncio.run(ask_at_once(door, session, "/v1/try/lake", 100)) == [200] * 100
    # Without turns the requests hold every connection while they wait for each other's: 30 s, then 503.
    assert time.perf_counter() - began < 25
