"""Order lines as dense columns, and the published chances. All Ibis of the capability."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.kernel.units import Ints
from shengeng.storage.lake import Lake
from shengeng.storage.retention import forget_old
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.affinity.contracts import AFFINITY, CALIBRATION, GOES_WITH, Bought

_DATASET, _CALIBRATION, _TOGETHER = "affinity", "affinity_calibration", "goes_with"
_EPOCH = date(1970, 1, 1)


def bought(lines: ir.Table, products: ir.Table, not_merchandise: Collection[str]) -> Bought:
    """Who bought what when: sales of identified customers, without departments that are no merchandise.

    A product without a row in products, or without a category, stands in a category of its own name "".
    """
    sales = lines.filter((lines.kind == "sale") & (lines.quantity > 0) & lines.customer_id.notnull())
    sales = sales.select("customer_id", "product_id", "order_id", "ordered_at", "local_date")
    known = products.group_by("product_id").aggregate(
        category=products.category.max(),
        department=products.department.max(),
        group=products.category_2.max(),
    )
    known = known.mutate(group=ibis.coalesce(known.group, known.department, ""))
    if not_merchandise:
        left_out = known.filter(known.department.isin(sorted(not_merchandise)))
        sales = sales.anti_join(left_out, "product_id")
    return _coded(sales.to_pyarrow(), known.to_pyarrow())


def _coded(sales: pa.Table, known: pa.Table) -> Bought:
    customer, customer_ids = _codes(sales["customer_id"])
    product, product_ids = _codes(sales["product_id"])
    order, _ = _codes(sales["order_id"])
    moment = sales["ordered_at"].cast(pa.int64()).to_numpy()
    day = sales["local_date"].cast(pa.int32()).to_numpy().astype(np.int64)
    place = pc.index_in(product_ids, known["product_id"])
    category, group = (
        _codes(pc.fill_null(known[level].take(place), ""))[0] for level in ("category", "group")
    )
    placed = pc.is_valid(known["category"].take(place)).to_numpy()
    basket = _in_time(order, moment)
    return Bought(customer, product, basket, day, category, group, placed, customer_ids, product_ids)


def _codes(ids: pa.ChunkedArray | pa.Array) -> tuple[Ints, pa.Array]:
    """Dense codes in the order of the ids, and the ids."""
    coded = pc.dictionary_encode(ids)
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):  # no chunk at all
        return np.zeros(0, np.int64), pa.array([], pa.string())
    order = pc.sort_indices(coded.dictionary).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[coded.indices.to_numpy()], coded.dictionary.take(pa.array(order))


def _in_time(order: Ints, moment: Ints) -> Ints:
    """Number the orders by their first moment (then by id)."""
    if not len(order):
        return order
    first = np.full(int(order.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, order, moment)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[order]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def write(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table, calibration: pa.Table) -> None:
    """Replace the estimate of one day; the newest days and each month's last are kept."""
    for dataset, table in ((_DATASET, rows), (_CALIBRATION, calibration)):
        lake.replace(uow, dataset, table, partition=as_of.isoformat())
        forget_old(lake, uow, dataset)


def estimated(lake: Lake, as_of: date) -> ir.Table:
    """The published chances of one day; empty when there are none."""
    return lake.table(_DATASET, partitions=[as_of.isoformat()], schema=AFFINITY)


def estimated_for(lake: Lake, as_of: date, customer_id: str) -> pa.Table:
    """One customer's published chances, likeliest first."""
    found = estimated(lake, as_of)
    found = found.filter(found.customer_id == customer_id)
    return found.order_by([found.probability.desc(), found.product_id]).to_pyarrow()


def calibrated(lake: Lake, as_of: date) -> pa.Table:
    """How the chances of one day were calibrated: one row, none when there is no estimate."""
    return lake.table(_CALIBRATION, partitions=[as_of.isoformat()], schema=CALIBRATION).to_pyarrow()


def write_goes_with(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table) -> None:
    """Replace what goes together as of a day."""
    lake.replace(uow, _TOGETHER, rows, partition=as_of.isoformat())
    forget_old(lake, uow, _TOGETHER)


def knows_goes_with(lake: Lake, uow: UnitOfWork, since: date, until: date) -> bool:
    """Whether what goes together was estimated on a day from since to until."""
    return any(since <= date.fromisoformat(day) <= until for day in lake.partitions(uow, _TOGETHER))


def goes_with(lake: Lake, as_of: date) -> ir.Table:
    """The newest estimate of what goes together that is not after as_of; empty without one."""
    every = lake.table(_TOGETHER, schema=GOES_WITH)
    known = every.filter(every.as_of <= as_of)
    return known.filter(known.as_of == known.as_of.max().as_scalar())
