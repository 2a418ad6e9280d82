"""Ranked products as doors ask for them; the chance of the next purchase where nothing is ranked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from itertools import groupby
from math import log
from typing import Any

from shengeng.decide.recommend import store
from shengeng.decide.recommend.contracts import LEARN_DAYS, REASONS, Recommendation
from shengeng.storage.lake import Lake
from shengeng.understand.affinity import api as affinity
from shengeng.understand.people import api as people


def rank(
    lake: Lake, as_of: date, customer_ids: Collection[str], k: int, *, new: int = 0
) -> list[Recommendation]:
    """The first k products of each customer, by customer and place, from what was known on as_of or before.

    new: of products never bought, so many at least (up to MOST_NEW), after the first k. The ranking is that
    of the day, else the newest of the week before. A customer without one gets the chances of `affinity`,
    whose only reason is habit; an unknown one gets nothing.
    """
    found = store.ranked(lake, as_of, customer_ids)
    if not found:
        earlier = store.ranked_on(lake, as_of - timedelta(days=LEARN_DAYS), as_of)
        found = [] if earlier is None else store.ranked(lake, earlier, customer_ids)
    lacking = set(customer_ids) - {row["customer_id"] for row in found}
    chosen = [
        _ranked(row)
        for _, rows in groupby(found, key=lambda row: row["customer_id"])
        for row in _chosen(list(rows), k, new)
    ]
    if lacking:
        chosen += _by_chance(lake, as_of, lacking, k)
    return sorted(chosen, key=lambda row: (row.customer_id, row.place))


def _chosen(rows: list[dict[str, Any]], k: int, new: int) -> list[dict[str, Any]]:
    """The first k, and as many further new ones as are wanted."""
    first, rest = rows[:k], rows[k:]
    lack = max(new - sum(row["is_new"] for row in first), 0)
    return first + [row for row in rest if row["is_new"]][:lack]


def _ranked(row: dict[str, Any]) -> Recommendation:
    return Recommendation(
        customer_id=row["customer_id"],
        product_id=row["product_id"],
        title=row["title"],
        category=row["category"],
        place=row["place"],
        is_new=row["is_new"],
        probability=row["probability"],
        score=row["score"],
        base=row["base"],
        reasons={reason: row[f"part_{reason}"] for reason in REASONS},
        method=row["method"],
        as_of=row["as_of"],
    )


def _by_chance(lake: Lake, as_of: date, customer_ids: Collection[str], k: int) -> list[Recommendation]:
    rows = store.affine(affinity.affinity(lake, as_of), customer_ids).to_pylist()
    names = people.titles(lake, {row["product_id"] for row in rows})
    found = []
    for _, mine in groupby(rows, key=lambda row: row["customer_id"]):
        for place, row in enumerate(list(mine)[:k], start=1):
            title, category = names.get(row["product_id"], (row["product_id"], None))
            score = log(row["probability"]) - log(1.0 - row["probability"])
            found.append(
                Recommendation(
                    customer_id=row["customer_id"],
                    product_id=row["product_id"],
                    title=title,
                    category=category,
                    place=place,
                    is_new=False,
                    probability=row["probability"],
                    score=score,
                    base=0.0,
                    reasons=dict.fromkeys(REASONS, 0.0) | {"habit": score},
                    method=row["method"],
                    as_of=as_of,
                )
            )
    return found
