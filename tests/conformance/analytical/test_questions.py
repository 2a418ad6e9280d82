"""Questions of the kinds that stores ask, each with an answer worked out in plain Python.

An engine that answers one of them otherwise gives other decisions, so it may not be picked.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from tests.conformance.analytical.conftest import Asked, Row


def by(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]].append(row)
    return groups


def same(found: list[Row], expected: list[Row], *, ordered: bool = False) -> None:
    assert len(found) == len(expected)
    if not ordered:
        found, expected = sorted(found, key=str), sorted(expected, key=str)
    for left, right in zip(found, expected, strict=True):
        assert left.keys() == right.keys()
        for name, value in right.items():
            assert left[name] == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), (
                name
            )


def known(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["customer_id"] is not None]


def test_recency_frequency_and_money(asked: Asked, made_up: list[Row]) -> None:
    lines = asked.lines.filter(asked.lines.customer_id.notnull())
    question = lines.group_by("customer_id").agg(
        last=lines.local_date.max(), orders=lines.order_id.nunique(), spend=lines.total_minor.sum()
    )
    expected = [
        {
            "customer_id": customer,
            "last": max(row["local_date"] for row in rows),
            "orders": len({row["order_id"] for row in rows}),
            "spend": sum(row["total_minor"] for row in rows),
        }
        for customer, rows in by(known(made_up), "customer_id").items()
    ]
    same(asked.rows(question), expected)


def test_local_hour_and_weekday(asked: Asked, made_up: list[Row]) -> None:
    local = asked.lines.local_at
    question = asked.lines.group_by(hour=local.hour(), weekday=local.day_of_week.index()).agg(
        n=asked.lines.count()
    )
    counts = Counter((row["local_at"].hour, row["local_at"].weekday()) for row in made_up)
    same(asked.rows(question), [{"hour": h, "weekday": d, "n": n} for (h, d), n in counts.items()])


def test_running_count_in_a_window(asked: Asked, made_up: list[Row]) -> None:
    order = [asked.lines.ordered_at, asked.lines.order_id, asked.lines.product_id]
    window = ibis.cumulative_window(group_by="customer_id", order_by=order)
    question = asked.lines.select("ordered_at", "product_id", nth=asked.lines.count().over(window))
    expected = []
    for rows in by(made_up, "customer_id").values():
        ordered = sorted(rows, key=lambda row: (row["ordered_at"], row["order_id"], row["product_id"]))
        expected += [
            {"ordered_at": row["ordered_at"], "product_id": row["product_id"], "nth": nth}
            for nth, row in enumerate(ordered, start=1)
        ]
    same(asked.rows(question), expected)


def test_rolling_thirty_days(asked: Asked, made_up: list[Row]) -> None:
    seconds = 30 * 86400
    lines = asked.lines.filter(asked.lines.customer_id.notnull())
    lines = lines.mutate(second=lines.ordered_at.epoch_seconds().cast("int64"))
    window = ibis.range_window(preceding=seconds, following=0, group_by="customer_id", order_by="second")
    question = lines.select("order_id", "product_id", "second", recent=lines.total_minor.sum().over(window))
    expected = []
    for rows in by(known(made_up), "customer_id").values():
        for row in rows:
            now = int(row["ordered_at"].timestamp())
            recent = [r for r in rows if now - seconds <= int(r["ordered_at"].timestamp()) <= now]
            total = sum(r["total_minor"] for r in recent)
            expected.append(
                {"order_id": row["order_id"], "product_id": row["product_id"], "second": now, "recent": total}
            )
    same(asked.rows(question), expected)


def test_days_since_the_order_before(asked: Asked, made_up: list[Row]) -> None:
    days = asked.lines.select("customer_id", "local_date").distinct()
    window = ibis.window(group_by="customer_id", order_by="local_date")
    gap = days.local_date.delta(days.local_date.lag().over(window), unit="day")
    question = days.mutate(gap=gap.cast("int64"))
    expected: list[Row] = []
    for customer, rows in by(made_up, "customer_id").items():
        dates = sorted({row["local_date"] for row in rows})
        gaps = [None, *((later - sooner).days for sooner, later in pairwise(dates))]
        expected += [
            {"customer_id": customer, "local_date": day, "gap": gap}
            for day, gap in zip(dates, gaps, strict=True)
        ]
    same(asked.rows(question), expected)


def test_share_of_the_whole(asked: Asked, made_up: list[Row]) -> None:
    spend = asked.lines.group_by("store_id").agg(spend=asked.lines.total_minor.sum())
    question = spend.select("store_id", share=spend.spend / spend.spend.sum().over(ibis.window()).nullif(0))
    whole = sum(row["total_minor"] for row in made_up)
    expected = [
        {"store_id": store, "share": sum(row["total_minor"] for row in rows) / whole}
        for store, rows in by(made_up, "store_id").items()
    ]
    same(asked.rows(question), expected)


def test_best_two_of_each_group_with_ties_broken_by_name(asked: Asked, made_up: list[Row]) -> None:
    units = asked.lines.group_by("store_id", "product_id").agg(units=asked.lines.quantity.sum())
    order = [units.units.desc(), units.product_id]
    place = ibis.row_number().over(ibis.window(group_by="store_id", order_by=order))
    question = units.mutate(place=place).filter(lambda t: t.place < 2)
    expected = []
    for store, rows in by(made_up, "store_id").items():
        sums = {
            product: sum(r["quantity"] for r in group) for product, group in by(rows, "product_id").items()
        }
        best = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
        expected += [
            {"store_id": store, "product_id": product, "units": units_, "place": place_}
            for place_, (product, units_) in enumerate(best)
        ]
    same(asked.rows(question), expected)


def test_those_who_never_bought_it(asked: Asked, made_up: list[Row]) -> None:
    everyone = asked.lines.filter(asked.lines.customer_id.notnull()).select("customer_id").distinct()
    buyers = asked.lines.filter(asked.lines.product_id == "p01").select("customer_id").distinct()
    question = everyone.anti_join(buyers, "customer_id")
    bought = {row["customer_id"] for row in made_up if row["product_id"] == "p01"}
    others = {row["customer_id"] for row in known(made_up)} - bought
    same(asked.rows(question), [{"customer_id": customer} for customer in others])


def test_distinct_values_do_not_count_null(asked: Asked, made_up: list[Row]) -> None:
    question = asked.lines.agg(
        stores=asked.lines.store_id.nunique(),
        days=asked.lines.local_date.nunique(),
        rated=asked.lines.rating.count(),
        lines=asked.lines.count(),
    )
    expected = {
        "stores": len({row["store_id"] for row in made_up} - {None}),
        "days": len({row["local_date"] for row in made_up}),
        "rated": sum(row["rating"] is not None for row in made_up),
        "lines": len(made_up),
    }
    same(asked.rows(question), [expected])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.95, 1.0])
def test_exact_quantiles_between_two_values(asked: Asked, made_up: list[Row], share: float) -> None:
    question = asked.lines.group_by("store_id").agg(q=asked.lines.total_minor.cast("float64").quantile(share))
    expected = []
    for store, rows in by(made_up, "store_id").items():
        values = sorted(row["total_minor"] for row in rows)
        at = share * (len(values) - 1)
        low, part = math.floor(at), at - math.floor(at)
        high = values[min(low + 1, len(values) - 1)]
        expected.append({"store_id": store, "q": values[low] + part * (high - values[low])})
    same(asked.rows(question), expected)


def test_mean_and_sample_deviation_skip_null(asked: Asked, made_up: list[Row]) -> None:
    rated = asked.lines.rating
    question = asked.lines.agg(mean=rated.mean(), deviation=rated.std(how="sample"))
    values = [row["rating"] for row in made_up if row["rating"] is not None]
    expected = {"mean": statistics.fmean(values), "deviation": statistics.stdev(values)}
    (found,) = asked.rows(question)
    assert found == pytest.approx(expected, rel=1e-9)


def test_the_sum_of_nothing_is_null_and_the_count_is_zero(asked: Asked) -> None:
    nothing = asked.lines.filter(asked.lines.quantity > 10**6)
    question = nothing.agg(total=nothing.total_minor.sum(), n=nothing.count(), mean=nothing.rating.mean())
    assert asked.rows(question) == [{"total": None, "n": 0, "mean": None}]


def test_sums_of_minor_units_are_exact_beyond_floats(asked: Asked) -> None:
    big = asked.lines.mutate(big=asked.lines.total_minor + 2**53)
    (found,) = asked.rows(big.agg(total=big.big.sum().cast("int64"), lines=big.count()))
    (small,) = asked.rows(asked.lines.agg(total=asked.lines.total_minor.sum().cast("int64")))
    assert found["total"] == small["total"] + found["lines"] * 2**53


def test_whole_division_of_what_is_not_negative(asked: Asked, made_up: list[Row]) -> None:
    """Of negative numbers engines truncate or floor: shift them to be positive before dividing."""
    lines = asked.lines.filter(asked.lines.total_minor >= 0)
    question = lines.select(
        "order_id", "product_id", "total_minor", packs=lines.total_minor // 7, rest=lines.total_minor % 7
    )
    expected = [
        {
            "order_id": row["order_id"],
            "product_id": row["product_id"],
            "total_minor": row["total_minor"],
            "packs": row["total_minor"] // 7,
            "rest": row["total_minor"] % 7,
        }
        for row in made_up
        if row["total_minor"] >= 0
    ]
    same(asked.rows(question), expected)


def test_division_by_nothing_is_null(asked: Asked, made_up: list[Row]) -> None:
    price = asked.lines.total_minor / asked.lines.quantity.nullif(0)
    question = asked.lines.select("order_id", "ordered_at", price=price)
    expected = [
        {
            "order_id": row["order_id"],
            "ordered_at": row["ordered_at"],
            "price": row["total_minor"] / row["quantity"] if row["quantity"] else None,
        }
        for row in made_up
    ]
    same(asked.rows(question), expected)


def test_halves_round_away_from_zero(asked: Asked, made_up: list[Row]) -> None:
    rated = asked.lines.filter(asked.lines.rating.notnull())
    question = rated.select("order_id", "ordered_at", stars=rated.rating.round().cast("int64"))
    expected = [
        {
            "order_id": row["order_id"],
            "ordered_at": row["ordered_at"],
            "stars": int(Decimal(row["rating"]).quantize(Decimal(1), ROUND_HALF_UP)),
        }
        for row in made_up
        if row["rating"] is not None
    ]
    same(asked.rows(question), expected)


def test_a_week_starts_on_monday(asked: Asked, made_up: list[Row]) -> None:
    week = asked.lines.local_date.truncate("W").cast("date")
    question = asked.lines.group_by(week=week).agg(units=asked.lines.quantity.sum())
    weeks: dict[date, int] = defaultdict(int)
    for row in made_up:
        weeks[row["local_date"] - timedelta(days=row["local_date"].weekday())] += row["quantity"]
    same(asked.rows(question), [{"week": week, "units": units} for week, units in weeks.items()])


def test_moments_come_back_as_they_were(asked: Asked, made_up: list[Row]) -> None:
    question = asked.lines.agg(
        first=asked.lines.ordered_at.min(),
        last=asked.lines.ordered_at.max(),
        local=asked.lines.local_at.max(),
    )
    expected = {
        "first": min(row["ordered_at"] for row in made_up),
        "last": max(row["ordered_at"] for row in made_up),
        "local": max(row["local_at"] for row in made_up),
    }
    same(asked.rows(question), [expected])


def test_a_cut_in_time_keeps_exactly_what_was_known(asked: Asked, made_up: list[Row]) -> None:
    cut = date(2017, 6, 30)
    known_then = asked.lines.filter(asked.lines.local_date <= cut)
    question = known_then.agg(n=known_then.count())
    at = datetime(2017, 7, 1)  # noqa: DTZ001  local time
    assert asked.rows(question) == [{"n": sum(row["local_at"] < at for row in made_up)}]


@pytest.mark.parametrize("descending", [False, True])
def test_null_comes_last_and_text_sorts_by_code_point(
    asked: Asked, made_up: list[Row], descending: bool
) -> None:
    names = asked.lines.select("customer_id").distinct()
    question = names.order_by(names.customer_id.desc() if descending else names.customer_id.asc())
    present = sorted({row["customer_id"] for row in known(made_up)}, reverse=descending)
    expected: list[Row] = [{"customer_id": name} for name in [*present, None]]
    same(asked.rows(question), expected, ordered=True)


def test_the_latest_state_before_each_line_by_a_running_maximum(asked: Asked, made_up: list[Row]) -> None:
    """As-of joins and windowed last() differ between engines; the running maximum does not."""
    priced = asked.lines.quantity > 1
    seen = priced.ifelse(asked.lines.ordered_at, ibis.null().cast("timestamp('UTC', 6)"))
    window = ibis.cumulative_window(group_by="product_id", order_by="ordered_at")
    question = asked.lines.select("product_id", "ordered_at", "order_id", since=seen.max().over(window))
    expected: list[Row] = []
    for product, rows in by(made_up, "product_id").items():
        since = None
        for row in sorted(rows, key=lambda row: row["ordered_at"]):
            since = row["ordered_at"] if row["quantity"] > 1 else since
            at, order = row["ordered_at"], row["order_id"]
            expected.append({"product_id": product, "ordered_at": at, "order_id": order, "since": since})
    same(asked.rows(question), expected)


def test_pairs_bought_together(asked: Asked, made_up: list[Row]) -> None:
    baskets = asked.lines.select("order_id", "product_id").distinct()
    pairs = baskets.inner_join(baskets.view(), "order_id", rname="other_{name}")
    pairs = pairs.filter(pairs.product_id < pairs.other_product_id)
    question = pairs.group_by("product_id", "other_product_id").agg(n=pairs.count())
    counts: Counter[tuple[str, str]] = Counter()
    for rows in by(made_up, "order_id").values():
        products = sorted({row["product_id"] for row in rows})
        counts.update((a, b) for a in products for b in products if a < b)
    expected = [{"product_id": a, "other_product_id": b, "n": n} for (a, b), n in counts.items()]
    same(asked.rows(question), expected)


def test_rows_in_memory_join_with_files(asked: Asked, made_up: list[Row]) -> None:
    names = ibis.memtable(pa.table({"product_id": ["p01", "p02"], "title": ["coffee", "茶"]}))
    joined = asked.lines.inner_join(names, "product_id")
    question = joined.group_by("title").agg(n=joined.count())
    counts = Counter(row["product_id"] for row in made_up)
    same(asked.rows(question), [{"title": "coffee", "n": counts["p01"]}, {"title": "茶", "n": counts["p02"]}])


def test_a_left_join_keeps_lines_without_a_match(asked: Asked, made_up: list[Row]) -> None:
    areas = ibis.memtable(pa.table({"store_id": ["s1"], "area": ["north"]}))
    joined = asked.lines.left_join(areas, "store_id")
    question = joined.group_by("area").agg(n=joined.count())
    north = sum(row["store_id"] == "s1" for row in made_up)
    same(asked.rows(question), [{"area": "north", "n": north}, {"area": None, "n": len(made_up) - north}])


CASES: dict[str, tuple[Callable[[ir.StringColumn], ir.Value], Callable[[str], object]]] = {
    "upper": (lambda text: text.upper(), str.upper),
    "length in characters": (lambda text: text.length(), len),
    "starts with": (lambda text: text.startswith("张"), lambda text: text.startswith("张")),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_text_is_characters_not_bytes(asked: Asked, made_up: list[Row], name: str) -> None:
    ask, expect = CASES[name]
    lines = asked.lines.filter(asked.lines.customer_id.notnull())
    question = lines.select("customer_id", found=ask(lines.customer_id)).distinct()
    customers = {row["customer_id"] for row in known(made_up)}
    same(asked.rows(question), [{"customer_id": c, "found": expect(c)} for c in customers])
