"""Kept current from a few people at a time, an audience is what it would be asked anew of everybody."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.audiences import LiveShop

from shengeng.decide.audiences import api
from shengeng.decide.audiences.contracts import Audience
from shengeng.decide.audiences.store.matching import FEW
from shengeng.kernel.roles import SHELL
from shengeng.sense.arrivals import api as arrivals
from shengeng.storage.stores import Stores

ORDER: dict[str, Any] = {"fact": "order"}
MILK: dict[str, Any] = {"fact": "order", "departments": ["乳品"]}


def view(*products: str) -> dict[str, Any]:
    return {"fact": "event", "name": "Product Viewed", "products": list(products)}


def did(what: dict[str, Any], least: float, measure: str = "count", of: str = "orders", **rest: Any) -> Any:
    return {"op": "did", "what": what, "measure": measure, "of": of, "compare": "gte", "value": least, **rest}


def last(days: int) -> dict[str, Any]:
    return {"window": {"last_days": days}}


SENTENCES: tuple[dict[str, Any], ...] = (
    did(ORDER, 2, **last(2)),
    {"op": "not", "of": did(view(), 1, of="events", **last(1))},
    did(ORDER, 2500, "sum", "spend", **last(3)) | {"when": {"hours": [8, 20]}},
    did(ORDER, 2000, "max", "spend", **last(2)),
    {"op": "basket", "how": "never_together", "a": ORDER, "b": MILK, **last(2)},
    {
        "op": "sequence",
        "steps": [{"what": view()}, {"absent": ORDER, "for": {"hours": 5}}],
        **last(2),
    },
    {
        "op": "sequence",
        "steps": [{"what": view("a", "b")}, {"what": ORDER, "within": {"hours": 12}}, {"absent": view()}],
    },
    {
        "op": "or",
        "of": [
            {"op": "and", "of": [did(ORDER, 1), {"op": "not", "of": did(MILK, 1, **last(1))}]},
            {"op": "trait", "name": "vip", "compare": "is", "value": True},
        ],
    },
)
people = st.sampled_from(["c1", "c2", "c3"])
devices = st.sampled_from(["d1", "d2"])
hours = st.integers(-60, 30)
goods = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True)
steps = st.one_of(
    st.tuples(st.just("order"), people, hours, goods),
    st.tuples(st.just("view"), st.one_of(people, devices), hours, st.sampled_from("abc")),
    st.tuples(st.just("vip"), people, st.booleans()),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("meet"), devices, people),
    st.tuples(st.just("edit"), st.integers(0, 2), st.integers(0, len(SENTENCES) - 1)),
    st.tuples(st.just("day")),
)


def take(shop: LiveShop, step: tuple[Any, ...], saved: list[Audience], mark: str) -> None:
    """One thing happens. mark: keeps the people of one example apart from those of another."""
    match step:
        case ("order", who, at, products):
            shop.order(f"{mark}{who}", at, *products, minor=1200)
        case ("view", who, at, product):
            about = {"customer" if who.startswith("c") else "device": f"{mark}{who}"}
            shop.event("Product Viewed", at, product=product, **about)
        case ("vip", who, said):
            told = f'{{"vip": {str(said).lower()}}}'
            shop.event("", 0, customer=f"{mark}{who}", kind="identify", properties=told)
        case ("cancel", place) if shop.written:
            shop.cancel(shop.written[place % len(shop.written)][0])
        case ("wait", many):
            shop.wait(many)
        case ("meet", device, who):
            shop.meet(f"{mark}{device}", f"{mark}{who}")
        case ("edit", place, sentence):
            shop.edit(saved[place], SENTENCES[sentence])
        case ("day",):
            shop.day_over(shop.local.date())


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=6), st.permutations(range(len(SENTENCES))))
def test_whatever_happens_members_are_those_asked_anew(
    stores: Stores, happens: list[tuple[Any, ...]], chosen: list[int]
) -> None:
    shop = _again(stores)
    mark = f"{next(shop.number)}-"
    saved = [shop.save(f"{mark}{place}", SENTENCES[which]) for place, which in enumerate(chosen[:3])]
    inside = {"op": "and", "of": [{"op": "audience", "id": str(saved[0].id)}, did(ORDER, 1, **last(3))]}
    saved.append(shop.save(f"{mark}inner", inside))
    for step in happens:
        take(shop, step, saved, mark)
        shop.follow()
        for found in saved:
            assert shop.members(found) == shop.held(found) == shop.replayed(found), (step, found.definition)
    with stores.rows.unit() as uow:
        for found in reversed(saved):
            api.archive(uow, SHELL, found.id, shop.now)


_SHOPS: dict[int, LiveShop] = {}


def _again(stores: Stores) -> LiveShop:
    """One shop for all examples of a test: its clock goes on, its people are others."""
    if id(stores) not in _SHOPS:
        _SHOPS.clear()
        _SHOPS[id(stores)] = LiveShop(stores).open()
    shop = _SHOPS[id(stores)]
    shop.written.clear()
    return shop


def test_a_look_at_nothing_new_asks_nobody(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    shop.order("c1", -2)
    shop.save("bought", did(ORDER, 1, **last(2)))
    assert shop.follow().whole == 1
    with stores.rows.unit() as uow:
        assert not api.waits(uow, shop.now)
    assert shop.follow() == api.Looked()


def test_one_new_fact_asks_one_person(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    for who in ("c1", "c2", "c3"):
        shop.order(who, -2)
    found = shop.save("twice", did(ORDER, 2))
    shop.follow()
    shop.order("c2", -1)
    looked = shop.follow()
    assert (looked.whole, looked.people, looked.entered) == (0, 1, 1)
    assert shop.members(found) == {"c2"}


def test_more_people_than_stand_in_a_question_are_asked_about(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    for number in range(3):
        shop.order(f"c{number}", -2)
    found = shop.save("bought", did(ORDER, 2))
    shop.follow()
    with stores.rows.unit() as uow:
        arrivals.note(uow, [f"c{number}" for number in range(FEW + 1)], shop.now)
    shop.order("c2", -1)
    looked = shop.follow()
    assert (looked.whole, looked.people, looked.entered) == (0, 3, 1)
    assert shop.members(found) == {"c2"}


def test_time_alone_takes_somebody_out_at_the_hour(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    shop.order("c1", -30)
    found = shop.save("lately", did(ORDER, 1, **last(2)))
    shop.follow()
    shop.wait(17.9)
    with stores.rows.unit() as uow:
        assert not api.waits(uow, shop.now)
    shop.wait(0.2)
    with stores.rows.unit() as uow:
        assert api.waits(uow, shop.now)
    assert shop.follow().left == 1
    with stores.rows.unit() as uow:
        newest = api.changes(uow, found.id)[0]
    assert (newest.kind, newest.cause) == ("left", "time")


def test_a_device_that_logs_in_brings_its_history_along(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    shop.event("Product Viewed", -3, device="d1")
    shop.order("c1", -1)
    found = shop.save("viewed and bought", {"op": "sequence", "steps": [{"what": view()}, {"what": ORDER}]})
    shop.follow()
    assert shop.members(found) == set()
    shop.meet("d1", "c1")
    shop.follow()
    assert shop.members(found) == {"c1"}


def test_an_edit_of_the_inner_audience_reaches_the_outer_one(stores: Stores) -> None:
    shop = LiveShop(stores).open()
    shop.order("c1", -3)
    inner = shop.save("inner", did(ORDER, 1))
    outer = shop.save("outer", {"op": "not", "of": {"op": "audience", "id": str(inner.id)}})
    shop.follow()
    assert shop.members(outer) == set()
    shop.edit(inner, did(ORDER, 2))
    shop.follow()
    assert shop.members(outer) == {"c1"}
