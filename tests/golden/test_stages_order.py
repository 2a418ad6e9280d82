"""Stages say what customers do next: on Complete Journey after a cut, on a shop that half of them leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np
import pytest
from tests.factories.facts import START, lines_table, products_table, shop_lines

from shengeng.sense.connect import api as connect
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

AHEAD = 28


def bought_again(stages: ir.Table, lines: ir.Table, cut: date, by: str) -> Mapping[str, tuple[float, float]]:
    """Per stage or tier: the share who bought in the 28 days after the cut, and their mean spend."""
    after = lines.filter(
        (lines.local_date > ibis.literal(cut))
        & (lines.local_date <= ibis.literal(cut + timedelta(days=AHEAD)))
    )
    spent = after.group_by("customer_id").aggregate(
        minor=after.total_minor.sum(), buys=(after.kind == "sale").any()
    )
    joined = stages.left_join(spent, "customer_id")
    counted = joined.group_by(by).aggregate(
        share=joined.buys.fill_null(False).cast("float64").mean(), spend=joined.minor.fill_null(0).mean()
    )
    return {row[by]: (row["share"], row["spend"]) for row in counted.to_pyarrow().to_pylist()}


def falls(found: Mapping[str, tuple[float, float]], *names: str) -> bool:
    pairs = [found[name] for name in names]
    return all(a[0] > b[0] and a[1] > b[1] for a, b in pairwise(pairs))


def test_who_left_is_found_late_and_who_stayed_is_not(stores: Stores) -> None:
    rng = np.random.default_rng(6)
    rows = shop_lines(customers=240, days=260, seed=6, guest_share=0.0)
    leaves = {f"c{c:04d}": int(rng.integers(60, 230)) if rng.random() < 0.5 else 999 for c in range(240)}
    kept = [row for row in rows if (row.local_at.date() - START).days < leaves[str(row.customer_id)]]
    cut = START + timedelta(days=230)
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=kept), partition="shop")
        stores.lake.append(uow, "products", products_table(), partition="shop")
    for estimate in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            estimate(stores, uow, cut, Silent())
    found = bought_again(lifecycle.stages(stores.lake, cut), connect.lines(stores.lake), cut, "stage")
    stayed = [share for stage, (share, _) in found.items() if stage in ("growing", "settled")]
    assert min(stayed) > 0.9
    assert found["dormant"][0] < 0.05
    assert found["dormant"][0] <= found["at_risk"][0] < min(stayed)


@pytest.mark.slow
def test_the_stages_of_complete_journey_order_what_households_did_next(stores: Stores) -> None:
    cut = date(2017, 11, 26)
    with connect.open_folder("complete-journey") as folder:
        lines = folder.lines.filter(folder.lines.customer_id.notnull())
        with stores.rows.unit() as uow:
            stores.lake.append(uow, "lines", lines.to_pyarrow(), partition="complete-journey")
            stores.lake.append(uow, "products", folder.products.to_pyarrow(), partition="complete-journey")
    for estimate in (people.estimate, value.estimate, lifecycle.estimate):
        with stores.rows.unit() as uow:
            estimate(stores, uow, cut, Silent())
    stages = lifecycle.stages(stores.lake, cut)
    everything = connect.lines(stores.lake)
    assert falls(bought_again(stages, everything, cut, "stage"), "growing", "settled", "at_risk", "dormant")
    assert falls(bought_again(stages, everything, cut, "tier"), "high", "mid", "low")
