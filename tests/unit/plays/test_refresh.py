"""Refreshed estimates are what computing everything again would give."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.plays.refresh import Refreshed, due, refresh
from shengeng.plays.replay import alone
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.sense.orders import api as orders
from shengeng.storage import jobs
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.lifecycle.contracts import STAGES
from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import PEOPLE
from shengeng.understand.value import api as value

NOW = datetime(2025, 6, 10, 4, tzinfo=UTC)  # noon in Shanghai
KNOWN, TODAY = date(2025, 6, 9), date(2025, 6, 10)


def order(number: str, version: int, customer: str, days_back: int, **fields: Any) -> dict[str, Any]:
    at = (NOW - timedelta(days=days_back)).isoformat()
    line = {"product_id": f"p{days_back % 3}", "quantity": 1 + version % 3, "unit_price": "9.90"}
    made = {"order_id": number, "version": version, "ordered_at": at, "paid_at": at, "lines": [line]}
    return made | {"customer_id": customer} | fields


def send(stores: Stores, *sent: dict[str, Any]) -> None:
    with stores.rows.unit() as uow:
        answers = orders.take(stores, uow, json.dumps({"orders": sent}).encode(), "erp", NOW)
    assert all(answer.reason is None for answer in answers), answers
    orders.drain(stores, NOW)


@pytest.fixture
def running(stores: Stores) -> Stores:
    """A shop of a few customers whose last known day has its estimates."""
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
    send(stores, *(order(f"h{c}-{d}", 1, f"c{c}", d) for c in range(4) for d in range(1 + c, 40, 3 + c)))
    with stores.rows.unit() as uow:
        if shop.profile(uow).as_of != KNOWN:
            shop.advance(uow, KNOWN)
    for step in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            step(stores, uow, KNOWN, Silent())
    refresh(stores, NOW)
    return stores


def sorted_rows(table: Any, schema: pa.Schema) -> pa.Table:
    return table.select(schema.names).order_by("customer_id").to_pyarrow().cast(schema)


def computed(stores: Stores, day: date) -> pa.Table:
    lines = identity.lines(stores.lake, day)
    return sorted_rows(people.features(lines, connect.products(stores.lake), day), PEOPLE)


def published(stores: Stores, day: date) -> pa.Table:
    if day == KNOWN:
        return sorted_rows(people.people(stores.lake, day), PEOPLE)
    return sorted_rows(people.running(stores.lake, day), PEOPLE)


COUNTED = itertools.count(1)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["new", "late", "cancel", "move", "merge", "guest"]),
        st.integers(0, 5),
        st.integers(0, 45),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rounds=st.lists(ACTS, min_size=1, max_size=2))
def test_a_refresh_is_what_computing_everything_again_gives(
    running: Stores, rounds: list[list[tuple[str, int, int]]]
) -> None:
    for acts in rounds:
        before = next(COUNTED) * 100
        for place, (act, customer, day) in enumerate(acts):
            number, version = f"n{before}-{place}", before + place
            if act == "new":
                send(running, order(number, version, f"c{customer}", 0))
            elif act == "late":
                send(running, order(number, version, f"c{customer}", day))
            elif act == "guest":
                send(running, order(number, version, f"c{customer}", day) | {"customer_id": None})
            elif act == "cancel":
                send(running, order("h1-2", version + 2, "c1", 2, cancelled_at=NOW.isoformat()))
            elif act == "move":
                send(running, order("h0-4", version + 2, f"c{customer}", day))
            else:
                send(running, order(number, version, f"c{customer}", day, phone=f"1391234567{customer % 2}"))
        done = refresh(running, NOW)
        assert done is not None
        for which in (KNOWN, TODAY):
            assert published(running, which).equals(computed(running, which)), which
        with running.rows.unit() as uow:
            assert not value.renew(running, uow, KNOWN, touched=None)  # everybody, by the model of that day
            assert not lifecycle.renew(running, uow, KNOWN)


def test_a_shop_that_has_just_begun_gets_its_first_cycle_at_once(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
    send(stores, order("h1", 1, "c1", 0))
    assert refresh(stores, NOW) == Refreshed((), False)
    with stores.rows.unit() as uow:
        assert [job.kind for job in jobs.jobs(uow)] == ["cycle"]
    assert not due(stores)


def test_nothing_is_written_where_nothing_changed_and_nothing_runs_into_a_replay(running: Stores) -> None:
    send(running, order("x1", 1, "c1", 0))
    with alone(running):
        assert refresh(running, NOW) is None
    assert due(running)
    first = refresh(running, NOW)
    assert first is not None
    assert first.days == (TODAY,)
    changed = order("x1", 1, "c1", 0) | {"version": 2}
    send(running, changed)
    files = running.lake.snapshot()
    again = refresh(running, NOW)
    assert again is not None
    assert again.days == ()
    assert running.lake.snapshot() == files


def test_merged_customers_are_one_person_in_every_estimate(running: Stores) -> None:
    phone = "13912345678"
    send(running, order("m1", 1, "c0", 3, phone=phone), order("m2", 1, "c2", 5, phone=phone))
    done = refresh(running, NOW)
    assert done is not None
    assert done.stages
    known = {row["customer_id"]: row for row in published(running, KNOWN).to_pylist()}
    assert set(known) == {"c1", "c2", "c3"}
    stages = sorted_rows(lifecycle.stages(running.lake, KNOWN), STAGES).column("customer_id").to_pylist()
    assert set(stages) == {"c1", "c2", "c3"}


def test_an_order_of_today_speaks_in_the_value_on_the_page_and_a_late_one_in_the_day_s(
    running: Stores,
) -> None:
    def worth(fresh_on: date | None) -> int:
        with running.rows.unit() as uow:
            lake = running.lake.inside(uow)
            person = people.person(lake, KNOWN, "c3")
            row, outlook = value.customer(lake, KNOWN, person, fresh_on=fresh_on)
            assert outlook is not None
            return int(row.value_minor.mid)

    stood, ahead = worth(None), worth(TODAY)
    send(running, order("y1", 1, "c3", 0))
    assert refresh(running, NOW) == Refreshed((TODAY,), False)
    assert worth(None) == stood
    assert worth(TODAY) > ahead
    send(running, order("y2", 1, "c3", 5))
    done = refresh(running, NOW)
    assert done is not None
    assert KNOWN in done.days
    assert worth(None) > stood
