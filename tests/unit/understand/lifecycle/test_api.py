"""Stages of a made-up shop day by day: facts add up, days may be run again, thresholds are audited."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.door import open_door
from tests.factories.facts import START, lines_table, products_table

from shengeng.console import exports
from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api
from shengeng.understand.lifecycle.contracts import LIMITS, STAGE_NAMES, STAGES, Stretch, Thresholds
from shengeng.understand.lifecycle.routes import router
from shengeng.understand.lifecycle.store import changes as changes_store
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

LAST = START + timedelta(days=119)
DAYS = [LAST - timedelta(days=back) for back in (21, 14, 7, 3, 0)]
VIEWER = Principal("vera", Role.VIEWER)


@pytest.fixture
def facts(stores: Stores) -> Stores:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(customers=50, seed=5), partition="shop")
        stores.lake.append(uow, "products", products_table(), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, LAST)
    return stores


def run(stores: Stores, *days: date) -> None:
    for day in days:
        with stores.rows.unit() as uow:
            people.estimate(stores, uow, day, Silent())
        with stores.rows.unit() as uow:
            value.estimate(stores, uow, day, Silent())
        with stores.rows.unit() as uow:
            api.estimate(stores, uow, day, Silent())


def stage_counts(stores: Stores, day: date) -> dict[str, int]:
    return dict(Counter(api.stages(stores.lake, day).to_pyarrow()["stage"].to_pylist()))


def facts_of(stores: Stores) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = changes_store.recorded(stores.lake).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: (str(row["day"]), str(row["customer_id"])))


def test_opening_and_moves_make_the_closing_exactly_for_every_pair_of_days(facts: Stores) -> None:
    run(facts, *DAYS)
    for since in [DAYS[0] - timedelta(days=9), *DAYS]:
        for until in [day for day in DAYS if day >= since]:
            found = api.flow(facts.lake, since, until, "stage")
            balance = Counter(found.opening)
            for move in found.moves:
                if move.from_:
                    balance[move.from_] -= move.customers
                if move.to:
                    balance[move.to] += move.customers
            assert dict(balance) == dict(found.closing)
            assert {k: n for k, n in found.closing.items() if n} == stage_counts(facts, until)


def test_a_day_run_again_records_the_same_facts(facts: Stores) -> None:
    run(facts, *DAYS)
    before = facts_of(facts)
    assert len(before) > 50
    run(facts, DAYS[2])
    assert facts_of(facts) == before


def test_a_day_that_was_left_out_still_adds_up(facts: Stores) -> None:
    run(facts, DAYS[0], DAYS[3], DAYS[1])
    closing = api.flow(facts.lake, DAYS[0], DAYS[3], "stage").closing
    assert {k: n for k, n in closing.items() if n} == stage_counts(facts, DAYS[3])


def test_a_customer_whose_orders_are_taken_away_leaves_the_flow(facts: Stores) -> None:
    run(facts, DAYS[0])
    gone = "c0001"
    rest = lines_table(customers=50, seed=5)
    rest = rest.filter([c != gone for c in rest["customer_id"].to_pylist()])
    with facts.rows.unit() as uow:
        facts.lake.replace(uow, "lines", rest, partition="shop")
    run(facts, DAYS[1])
    left = [move for move in api.flow(facts.lake, DAYS[0], DAYS[1], "stage").moves if move.to is None]
    assert [move.customers for move in left] == [1]
    assert gone in {row["customer_id"] for row in facts_of(facts) if row["to_stage"] is None}


def test_a_customer_is_told_why_and_how_they_came_there(facts: Stores) -> None:
    run(facts, *DAYS)
    for row in api.stages(facts.lake, DAYS[-1]).to_pyarrow().to_pylist():
        found = api.standing(facts.lake, DAYS[-1], row["customer_id"])
        assert found is not None
        assert found.params
        steps = api.history(facts.lake, row["customer_id"])
        assert (steps[0].to_stage, steps[0].to_tier) == (found.stage, found.tier)
        assert next(s.day for s in steps if s.to_stage != s.from_stage) == found.since
    assert api.standing(facts.lake, DAYS[-1], "nobody") is None


def test_a_preview_says_what_saving_then_does(facts: Stores) -> None:
    run(facts, *DAYS[-2:])
    wanted = {"tier_high_share": 0.3, "at_risk_lateness": 0.7, "steadiness": 0.0}
    before = api.stages(facts.lake, LAST).order_by("customer_id").to_pyarrow()
    with facts.rows.unit() as uow:
        cells, moves = api.preview(facts, uow, LAST, wanted)
    assert api.stages(facts.lake, LAST).order_by("customer_id").to_pyarrow() == before
    with facts.rows.unit() as uow:
        api.set_thresholds(facts, uow, ADMIN, wanted, now=NOW, as_of=LAST)
    assert api.matrix(facts.lake, LAST) == cells
    now = api.stages(facts.lake, LAST).order_by("customer_id").to_pyarrow()
    places = zip(
        before.select(["stage", "tier"]).to_pylist(), now.select(["stage", "tier"]).to_pylist(), strict=True
    )
    assert sum(a != b for a, b in places) == sum(move.customers for move in moves) > 0
    with facts.rows.unit() as uow:
        rows = audit.newest(uow, action="lifecycle.threshold").rows
    assert {row.target: row.detail["to"] for row in rows} == wanted


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"nothing": 1.0}, "no_threshold"),
        ({"steadiness": float("nan")}, "bad_threshold"),
        ({"new_purchases": 2.5}, "bad_threshold"),
        ({"tier_high_share": 0.85}, "thresholds_crossed"),
        ({"dormant_alive": 0.6}, "thresholds_crossed"),
    ],
)
def test_nonsense_thresholds_are_refused_and_nothing_changes(
    facts: Stores, wanted: dict[str, float], code: str
) -> None:
    run(facts, LAST)
    with pytest.raises(ShopError) as refused, facts.rows.unit() as uow:
        api.set_thresholds(facts, uow, ADMIN, wanted, now=NOW, as_of=LAST)
    assert refused.value.code == code
    with facts.rows.unit() as uow:
        assert api.thresholds(uow) == Thresholds()


def test_every_default_is_within_its_own_limits() -> None:
    assert {key: api.checked(key, getattr(Thresholds(), key)) for key in LIMITS}


def test_a_shop_without_customers_has_empty_stages(stores: Stores) -> None:
    run(stores, LAST)
    assert api.stages(stores.lake, LAST).to_pyarrow().num_rows == 0
    assert sum(cell.customers for cell in api.matrix(stores.lake, LAST)) == 0


def test_the_door_shows_the_matrix_the_flow_and_refuses_a_viewer_who_edits(facts: Stores) -> None:
    run(facts, *DAYS)
    door = open_door(facts, [router])
    vera, ada = door.signed_in("vera", Role.VIEWER), door.signed_in("ada", Role.APPROVER)
    read = vera.get("/v1/lifecycle").json()
    assert read["customers"] == sum(cell["customers"] for cell in read["cells"]) > 40
    assert len(read["thresholds"]) == len(LIMITS)
    flow = vera.get("/v1/lifecycle/flow", params={"since": DAYS[0].isoformat()}).json()
    assert sum(flow["closing"].values()) == read["customers"]
    unasked = vera.get("/v1/lifecycle/flow").json()
    assert unasked["since"] == unasked["recorded_since"] == DAYS[0].isoformat(), "before it nobody is known"
    backwards = {"since": LAST.isoformat(), "until": DAYS[0].isoformat()}
    assert vera.get("/v1/lifecycle/flow", params=backwards).json()["error"]["code"] == "period_backwards"
    body = {"thresholds": {"tier_high_share": 0.25}}
    assert vera.post("/v1/lifecycle/preview", json=body).status_code == 403
    moved = ada.post("/v1/lifecycle/preview", json=body).json()
    assert moved["moved"] > 0
    assert vera.patch("/v1/lifecycle/thresholds", json=body).status_code == 403
    assert ada.patch("/v1/lifecycle/thresholds", json=body).json()["cells"] == moved["cells"]
    one = vera.get("/v1/lifecycle/customers/c0003").json()
    assert one["history"]
    assert vera.get("/v1/lifecycle/customers/nobody").status_code == 404


def test_a_shop_on_its_first_day_says_what_to_do_next(stores: Stores) -> None:
    vera = open_door(stores, [router]).signed_in("vera", Role.VIEWER)
    assert vera.get("/v1/lifecycle").json()["as_of"] is None
    assert vera.get("/v1/lifecycle/flow").json()["error"]["code"] == "not_staged"
    assert STAGES.names[0] == "customer_id"


def test_the_customers_behind_every_move_are_as_many_as_the_flow_says(facts: Stores) -> None:
    run(facts, *DAYS)
    for by in ("stage", "tier"):
        flow = api.flow(facts.lake, DAYS[0], LAST, by)
        for move in flow.moves:
            if move.to is not None:
                stretch = Stretch(DAYS[0], LAST, move.from_, move.to)  # type: ignore[arg-type]  # names of places
                rows, total = api.movers(facts.lake, stretch, LAST, limit=100)
                assert len(rows) == total == move.customers
                assert {getattr(row, by) for row in rows} == {move.to}
    everybody = [api.movers(facts.lake, Stretch(LAST, LAST, stage, stage), LAST)[1] for stage in STAGE_NAMES]
    assert sum(everybody) == api.stages(facts.lake, LAST).count().to_pyarrow().as_py()


def test_the_movers_of_a_door_come_page_by_page_each_once(facts: Stores) -> None:
    run(facts, *DAYS)
    vera = open_door(facts, [router, exports.router]).signed_in("vera", Role.VIEWER)
    asked: dict[str, str | int] = {"was": "settled", "now": "settled", "since": str(DAYS[0]), "limit": 4}
    first = vera.get("/v1/lifecycle/flow/customers", params=asked).json()
    seen = list(first["rows"])
    page = first
    while page["next"]:
        page = vera.get("/v1/lifecycle/flow/customers", params=asked | {"cursor": page["next"]}).json()
        seen += page["rows"]
    assert len({row["customer_id"] for row in seen}) == len(seen) == first["total"] > 4
    assert [row["value_minor"] for row in seen] == sorted((row["value_minor"] for row in seen), reverse=True)
    file = vera.get("/v1/files/movers", params=asked | {"until": str(LAST)}).text
    assert [line.partition(",")[0] for line in file.splitlines()[1:]] == [row["customer_id"] for row in seen]
    assert vera.get("/v1/lifecycle/flow/customers", params={"now": "nowhere"}).status_code == 422
    backwards = {"now": "new", "since": str(LAST), "until": str(DAYS[0])}
    assert vera.get("/v1/lifecycle/flow/customers", params=backwards).status_code == 422
