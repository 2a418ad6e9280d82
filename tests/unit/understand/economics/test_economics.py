"""What customers cost and bring: spend once, no division by nothing, no curve beyond what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.decisions import ADMIN, NOW
from tests.factories.door import open_door
from tests.factories.facts import START, Line, line, lines_table, products_table

from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Role
from shengeng.sense.connect.contracts import Brought
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.economics import api, methods
from shengeng.understand.economics.routes import router
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

LAST = START + timedelta(days=199)
HEAD = "spent_on,channel,amount,currency,campaign_id,new_customers\n"
RATE = 0.5


def at(day: int, hour: int = 9) -> datetime:
    return datetime.combine(START + timedelta(days=day), time(hour))


def stock(stores: Stores, rows: list[Line], channels: dict[str, str] | None = None) -> Stores:
    """A shop of these lines; channels by customer, none for the others."""
    table = lines_table(rows=rows)
    named = [(channels or {}).get(c) for c in table["customer_id"].to_pylist()]
    table = table.set_column(table.schema.get_field_index("channel"), table.schema.field("channel"), [named])
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", table, partition="shop")
        stores.lake.append(uow, "products", products_table(), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, LAST)
    return stores


def bring(stores: Stores, text: str, folder: Path) -> Brought:
    path = folder / "spend.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    with stores.rows.unit() as uow:
        return api.bring_spend(stores, uow, ADMIN, path, now=NOW)


def rows_of(stores: Stores) -> dict[tuple[date, str], Any]:
    return {(row.month, row.channel): row for row in api.acquisition(stores.lake, LAST)}


@pytest.fixture
def four(stores: Stores) -> Stores:
    """Ann and Bob come by search in February, Cy by nothing known in March, Di by video in June."""
    rows = [
        line("ann", at(30), total_minor=10_000),
        line("ann", at(75), total_minor=6_000),
        line("bob", at(35), total_minor=2_000),
        line("cy", at(60), total_minor=3_000),
        line("di", at(150), total_minor=8_000),
        line(None, at(40), total_minor=99_000, order_id="guest"),
    ]
    return stock(stores, rows, {"ann": "search", "bob": "search", "di": "video"})


def test_cost_is_spend_by_new_customer_of_the_first_orders_channel(four: Stores, tmp_path: Path) -> None:
    bring(four, "2025-02-03,search,100.00,CNY,,\n2025-02-20,search,50.00,CNY,c1,3\n", tmp_path)
    row = rows_of(four)[(date(2025, 2, 1), "search")]
    assert (row.kind, row.spend_minor, row.customers, row.cost_minor, row.reported) == (
        "known",
        15_000,
        2,
        7_500,
        3,
    )


def test_spend_without_customers_and_customers_without_spend_both_stand_there(
    four: Stores, tmp_path: Path
) -> None:
    bring(four, "2025-04-03,search,100.00,CNY,,\n", tmp_path)
    rows = rows_of(four)
    assert (rows[(date(2025, 4, 1), "search")].kind, rows[(date(2025, 4, 1), "search")].cost_minor) == (
        "no_customers",
        None,
    )
    unknown = rows[(date(2025, 3, 1), "")]
    assert (unknown.kind, unknown.customers, unknown.cost_minor) == ("no_spend", 1, None)
    assert sum(row.customers for row in rows.values()) == 4


def test_the_same_file_again_changes_nothing_and_a_corrected_one_replaces(
    four: Stores, tmp_path: Path
) -> None:
    text = "2025-02-03,search,60.00,CNY,,\n2025-02-03,search,40.00,,,\n"
    assert bring(four, text, tmp_path) == Brought(2, 0, 1, 0, 0, ())
    snapshot = four.lake.snapshot()
    assert bring(four, text, tmp_path).unchanged == 1
    assert four.lake.snapshot() == snapshot
    assert bring(four, "2025/02/03,search,80.00,CNY,,\n", tmp_path).changed == 1
    assert rows_of(four)[(date(2025, 2, 1), "search")].spend_minor == 8_000


def test_every_row_is_taken_or_named_with_what_is_wrong(four: Stores, tmp_path: Path) -> None:
    text = (
        "2025-13-03,search,1.00,CNY,,\n"
        "2025-02-03,,1.00,CNY,,\n"
        "2025-02-03,search,a lot,CNY,,\n"
        "2025-02-03,search,-1.00,CNY,,\n"
        "2025-02-03,search,1.00,USD,,\n"
        "2025-02-03,search,1.00,CNY,,2.5\n"
        "2025-02-03,search\n"
        '2025-02-04,search,"1,200.00",CNY,,2\n'
    )
    report = bring(four, text, tmp_path)
    found = [(r.row, r.column) for r in sorted(report.rejects, key=lambda r: r.row)]
    assert found == [
        (2, "spent_on"),
        (3, "channel"),
        (4, "amount"),
        (5, "amount"),
        (6, "currency"),
        (7, "new_customers"),
        (8, ""),
    ]
    assert all(r.reason for r in report.rejects)
    assert (report.rows - report.rejected, rows_of(four)[(date(2025, 2, 1), "search")].spend_minor) == (
        1,
        120_000,
    )


def test_a_file_without_its_columns_is_refused_by_name(four: Stores, tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("day,channel,amount\n", encoding="utf-8")
    with pytest.raises(ShopError) as refused, four.rows.unit() as uow:
        api.bring_spend(four, uow, ADMIN, path, now=NOW)
    assert refused.value.code == "wrong_header"
    assert refused.value.params["missing"] == "spent_on"


def test_a_cohorts_curve_ends_where_its_youngest_does_and_says_when_it_pays(
    four: Stores, tmp_path: Path
) -> None:
    bring(four, "2025-02-03,search,100.00,CNY,,\n", tmp_path)
    whole, february = api.payback(four.lake, LAST, RATE, "search")
    assert (whole.month, february.month, february.customers) == (None, date(2025, 2, 1), 2)
    # Bob's first order was on day 35 of 199: 165 days are five whole periods.
    assert [point.days for point in february.points] == [30, 60, 90, 120, 150]
    mids = [point.margin_minor.mid for point in february.points]
    assert mids == [3_000, 4_500, 4_500, 4_500, 4_500]
    assert february.cost_minor == 5_000
    assert february.crosses_days is None
    assert february.crosses_early == 30
    bring(four, "2025-02-03,search,80.00,CNY,,\n", tmp_path)
    assert api.payback(four.lake, LAST, RATE, "search")[1].crosses_days == 60


def test_a_curve_over_all_months_counts_only_who_is_old_enough(four: Stores) -> None:
    whole = api.payback(four.lake, START + timedelta(days=89), RATE)[0]
    assert (whole.customers, whole.maybe_older) == (3, True)
    assert [point.n for point in whole.points] == [3, 1]
    assert whole.cost_minor is None
    assert whole.crosses_days is None


def test_whoever_may_be_older_stays_out_of_the_curve_once_somebody_is_surely_new(four: Stores) -> None:
    whole = api.payback(four.lake, LAST, RATE)[0]
    assert (whole.customers, whole.maybe_older) == (1, False)
    assert whole.points[0].margin_minor.mid == 4_000


def test_the_first_days_of_a_shop_say_that_their_customers_may_be_older(four: Stores) -> None:
    rows = rows_of(four)
    assert rows[(date(2025, 2, 1), "search")].maybe_older
    assert not rows[(date(2025, 6, 1), "video")].maybe_older


def test_buying_again_counts_only_those_whose_days_are_over(four: Stores) -> None:
    by_month = {row.month: row for row in api.repurchase(four.lake, LAST, 45)}
    february = by_month[date(2025, 2, 1)]
    assert (february.buyers, february.waiting, february.again, february.orders) == (2, 0, 1, 3)
    assert {row.month: row for row in api.repurchase(four.lake, LAST, 44)}[date(2025, 2, 1)].again == 0
    early = api.repurchase(four.lake, START + timedelta(days=36), 45)
    assert [row.rate for row in early] == [None]
    assert early[0].waiting == 2


def test_a_change_between_any_two_periods_adds_up_and_is_the_weeks_own_where_they_are_weeks(
    stores: Stores,
) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(customers=40, days=200), partition="shop")
    spans = ((START, START + timedelta(days=59)), (START + timedelta(days=60), LAST))
    found = api.change(stores.lake, LAST, *spans)
    assert sum(part.change_minor for part in found.parts) == found.revenue_minor - found.previous_minor != 0
    days = [LAST - timedelta(days=back) for back in (13, 7, 6, 0)]
    lines = stores.lake.table("lines")
    weekly = people.weekly_change(lines, LAST)
    assert api.change(stores.lake, LAST, (days[0], days[1]), (days[2], days[3])) == weekly
    with pytest.raises(ShopError, match="cannot be compared"):
        api.change(stores.lake, LAST, (LAST, START), spans[1])


@given(st.integers(0, 60), st.integers(1, 60))
def test_a_share_stands_within_its_interval_and_the_interval_within_0_and_1(hits: int, more: int) -> None:
    n = hits + more
    found = methods.share(hits, n)
    assert 0 <= found.low <= found.mid <= found.high <= 1
    assert methods.share(hits * 9, n * 9).high - methods.share(hits * 9, n * 9).low < found.high - found.low


def test_intervals_of_a_curve_hold_the_truth_about_four_times_in_five() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(300):
        margin = rng.gamma(1.5, 100, (60, 4))
        found = methods.curve(margin, np.full(60, 4), together=True)
        band = methods.interval(float(found.mean[-1]), float(found.error[-1]))
        held += band.low <= 4 * 150 <= band.high
    assert held / 300 == pytest.approx(0.8, abs=0.06)


def test_a_curve_does_not_fall_where_the_young_drop_out() -> None:
    rng = np.random.default_rng(5)
    margin = rng.gamma(2, 50, (200, 8))
    margin[:100] *= 3  # the young are better customers
    known = np.r_[np.full(100, 3), np.full(100, 8)]
    found = methods.curve(margin, known, together=False)
    assert (np.diff(found.mean) > 0).all()
    assert (np.diff(found.error) > 0).all()
    assert found.n.tolist() == [200] * 3 + [100] * 5


def test_the_value_of_existing_customers_adds_up_and_keeping_beats_nothing(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(customers=60, days=200, seed=2), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
    for step in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            step(stores, uow, LAST, Silent())
    rows = api.existing(stores.lake, LAST)
    worth = value.value(stores.lake, LAST).margin_minor_mid.sum().to_pyarrow().as_py()
    assert sum(row.margin_minor.mid for row in rows) == pytest.approx(worth)
    assert all(row.margin_minor.low <= row.margin_minor.mid <= row.margin_minor.high for row in rows)
    with stores.rows.unit() as uow:
        found = api.options(stores.lake, LAST, shop.assumptions(uow))
    assert {option.key for option in found} >= {"acquire"}
    assert all(option.per_unit is None for option in found if option.key == "acquire")


def test_keeping_a_customer_names_its_assumption_and_what_half_and_twice_of_it_would_do(
    stores: Stores,
) -> None:
    regular = lines_table(customers=60, days=200, seed=2)
    # Six of them stop, one after the other.
    ends = {f"c{n:04d}": LAST - timedelta(days=12 + 8 * n) for n in range(6)}
    kept_rows = [
        row["customer_id"] not in ends or row["local_date"] <= ends[row["customer_id"]]
        for row in regular.select(["customer_id", "local_date"]).to_pylist()
    ]
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", regular.filter(kept_rows), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
    for step in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            step(stores, uow, LAST, Silent())
    with stores.rows.unit() as uow:
        assumed = shop.assumptions(uow)
    *acquired, kept = api.options(stores.lake, LAST, assumed)
    assert [option.assumed for option in acquired] == [None] * len(acquired)
    assert (kept.key, kept.cost_basis) == ("retain", "assumed")
    assert kept.assumed is not None
    assert (kept.assumed.key, kept.assumed.response.mid) == ("winback_response", assumed.winback_response)
    assert kept.per_unit is not None
    assert kept.cost_minor is not None
    assert kept.per_unit.mid == pytest.approx(kept.worth_minor / kept.cost_minor)
    assert kept.per_unit.low * 4 == pytest.approx(kept.per_unit.mid * 2) == pytest.approx(kept.per_unit.high)
    free = api.options(stores.lake, LAST, replace(assumed, contact_cost_minor=0))[-1]
    assert (free.cost_minor, free.per_unit) == (0, None)
    nobody = api.options(stores.lake, LAST, replace(assumed, winback_response=0.0))[-1]
    assert nobody.cost_minor is None


def test_the_door_takes_spend_from_operators_and_shows_the_cost(four: Stores) -> None:
    door = open_door(four, [router])
    vera, otto = door.signed_in("vera", Role.VIEWER), door.signed_in("otto", Role.OPERATOR)
    assert vera.get("/v1/economics").json()["has_spend"] is False
    template = vera.get("/v1/economics/spend/template").text
    assert template.startswith(HEAD.strip())
    file = {"file": ("spend.csv", (HEAD + "2025-02-03,search,100,CNY,,\nx,search,1,CNY,,\n").encode())}
    assert vera.post("/v1/economics/spend", files=file).status_code == 403
    brought = otto.post("/v1/economics/spend", files=file).json()
    assert (brought["added"], brought["rejected"], brought["rejects"][0]["column"]) == (1, 1, "spent_on")
    read = vera.get("/v1/economics").json()
    assert read["has_spend"] is True
    assert [row["cost_minor"] for row in read["acquisition"] if row["kind"] == "known"] == [5000]
    assert len(vera.get("/v1/economics/payback").json()) == 4
    assert vera.get("/v1/economics/repurchase", params={"days": 60}).json()[0]["again"] == 1
    change = vera.get("/v1/economics/change").json()
    assert (
        sum(p["change_minor"] for p in change["parts"]) == change["revenue_minor"] - change["previous_minor"]
    )
    assert vera.get("/v1/economics/repurchase", params={"days": 0}).status_code == 422


def test_a_shop_on_its_first_day_answers_with_nothing(stores: Stores) -> None:
    vera = open_door(stores, [router]).signed_in("vera", Role.VIEWER)
    assert vera.get("/v1/economics").json()["as_of"] is None
    assert vera.get("/v1/economics/payback").json() == []
    assert vera.get("/v1/economics/repurchase").json() == []
    assert vera.get("/v1/economics/change").json() is None
