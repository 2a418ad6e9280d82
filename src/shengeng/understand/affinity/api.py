"""The chance of a customer's next purchase of a product within a week, unasked; learnt and calibrated on
earlier weeks only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from shengeng.govern.privacy.api import of_lake
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import store
from shengeng.understand.affinity.contracts import (
    AFFINITY,
    CALIBRATION,
    GOES_WITH,
    HORIZON_DAYS,
    LEAST_CHANCE,
    MOST_A_CUSTOMER,
    MOST_TOGETHER,
    NOT_MERCHANDISE,
    Bought,
    NextPurchase,
)
from shengeng.understand.affinity.methods.chance import Chances, candidates, learn
from shengeng.understand.affinity.methods.dispersion import ASSUMED, Dispersion, count_interval
from shengeng.understand.affinity.methods.history import History, first_baskets, frequent, history
from shengeng.understand.affinity.methods.pairs import Pairs, rates_at
from shengeng.understand.affinity.methods.ranking import Ranker, learn_ranking, rank
from shengeng.understand.affinity.methods.slate import WIDE, WideSlate, links, wide_slate
from shengeng.understand.affinity.methods.tifuknn import Tifu
from shengeng.understand.affinity.methods.tifuknn import parts as tifu_parts
from shengeng.understand.affinity.methods.tifuknn import scores as tifu_scores
from shengeng.understand.affinity.methods.together import Together, together
from shengeng.understand.affinity.methods.why import strongest, why

TOGETHER_DAYS = 35  # what goes together changes slowly: no day needs a younger estimate
CHECKED_DAYS = 28  # before as_of too: on the days since, pairs can be checked that were not learnt from them

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "WIDE",
    "Dispersion",
    "History",
    "Ranker",
    "Tifu",
    "WideSlate",
    "affinity",
    "bought",
    "count_interval",
    "dispersion",
    "erase_person",
    "estimate",
    "estimate_goes_with",
    "estimate_lines",
    "export_person",
    "first_baskets",
    "for_customer",
    "frequent",
    "goes_with",
    "history_of",
    "learn_ranking",
    "linked",
    "rank",
    "tifu_parts",
    "tifu_scores",
    "together_lines",
    "together_of",
    "wide_slate",
]
export_person, erase_person = of_lake({"affinity": "customer_id"})


def estimate(stores: Stores, uow: UnitOfWork, as_of: date, progress: Progress) -> int:
    """Learn the chances from the weeks before as_of and publish them; returns the rows written.

    Reads what this transaction sees; writes the datasets `affinity` and `affinity_calibration`, and
    `goes_with` where the last one is five weeks old, as known now and CHECKED_DAYS ago.
    """
    progress.check()
    lake = stores.lake.inside(uow)
    rows, calibration = estimate_lines(identity.lines(lake, as_of), connect.products(lake), as_of)
    store.write(stores.lake, uow, as_of, rows, calibration)
    days, old = (as_of - timedelta(days=CHECKED_DAYS), as_of), timedelta(days=TOGETHER_DAYS - 1)
    # All are asked for before one is written: what was known earlier does not speak for today.
    for day in [day for day in days if not store.knows_goes_with(stores.lake, uow, day - old, day)]:
        estimate_goes_with(stores, uow, day)
    written: int = rows.num_rows
    return written


def estimate_lines(
    lines: ir.Table, products: ir.Table, as_of: date, *, not_merchandise: Collection[str] = NOT_MERCHANDISE
) -> tuple[pa.Table, pa.Table]:
    """The chances (schema AFFINITY) and their calibration (schema CALIBRATION) from any tables of facts.

    At most MOST_A_CUSTOMER rows a customer, chances of LEAST_CHANCE and more, by customer and falling chance.
    A shop too thin to learn from gets its shrunk rates (method "rate-1") and assumed dispersion; a shop
    without identified customers an empty table.
    """
    known = bought(lines.filter(lines.local_date <= as_of), products, not_merchandise)
    past, day = history_of(known), store.day_number(as_of)
    chances = learn(past, day, horizon_days=HORIZON_DAYS, least=LEAST_CHANCE, seed=1)
    pairs = candidates(past, day, rates_at(past, day), HORIZON_DAYS, LEAST_CHANCE)
    return _published(known, pairs, chances), _calibration(as_of, chances)


def estimate_goes_with(stores: Stores, uow: UnitOfWork, as_of: date) -> int:
    """Publish which products go together, as known at the end of as_of; returns the rows written."""
    lake = stores.lake.inside(uow)
    rows = together_lines(identity.lines(lake, as_of), connect.products(lake), as_of)
    store.write_goes_with(stores.lake, uow, as_of, rows)
    written: int = rows.num_rows
    return written


def together_lines(
    lines: ir.Table, products: ir.Table, as_of: date, *, not_merchandise: Collection[str] = NOT_MERCHANDISE
) -> pa.Table:
    """What goes together (schema GOES_WITH) from any tables of facts, as known at the end of as_of."""
    known = bought(lines.filter(lines.local_date <= as_of), products, not_merchandise)
    found = together_of(known, history_of(known), as_of)
    columns = [
        pa.array([as_of] * len(found.product), pa.date32()),
        known.product_ids.take(pa.array(found.product)),
        known.product_ids.take(pa.array(found.other)),
        *(pa.array(column) for column in (found.together, found.lift, found.probability, found.rank)),
    ]
    return pa.Table.from_arrays(columns, schema=GOES_WITH)


def together_of(known: Bought, past: History, as_of: date) -> Together:
    """The products that go with each product: others of its own category are variants and left out."""
    alone = -1 - np.arange(past.products)
    family = np.where(known.placed, known.category, alone)
    return together(past, store.day_number(as_of), family, MOST_TOGETHER)


def linked(past: History, as_of: int) -> sp.csr_array:
    """(products, products) by how much a product in a basket raises another's chance; variants count too."""
    return links(together(past, as_of, np.arange(past.products), MOST_TOGETHER), past.products)


def goes_with(lake: Lake, as_of: date) -> ir.Table:
    """Which products go together (schema GOES_WITH), by the newest estimate not after as_of.

    The other stands in the same basket as the product or in the customer's next one; empty before the first
    estimate.
    """
    return store.goes_with(lake, as_of)


def bought(lines: ir.Table, products: ir.Table, not_merchandise: Collection[str]) -> Bought:
    """Sales of identified customers as columns of codes, without departments that are no merchandise."""
    return store.bought(lines, products, not_merchandise)


def history_of(b: Bought) -> History:
    """The sorted history behind every method of affinity."""
    return history(b.customer, b.product, b.basket, b.day, category=b.category, group=b.group)


def _published(known: Bought, pairs: Pairs, chances: Chances) -> pa.Table:
    chance = chances.of(pairs)
    rows = strongest(pairs.customer, chance, LEAST_CHANCE, MOST_A_CUSTOMER)
    rhythm = pairs.rhythm[rows]
    due = pairs.last[rows] + np.rint(rhythm).astype(np.int64)
    columns = [
        known.customer_ids.take(pa.array(pairs.customer[rows])),
        known.product_ids.take(pa.array(pairs.product[rows])),
        pa.array(chance[rows]),
        pa.array(due.astype(np.int32), pa.date32()),
        pa.array(rhythm),
        pa.array(pairs.last[rows].astype(np.int32), pa.date32()),
        pa.array(pairs.orders[rows]),
        pa.array([chances.method] * len(rows), pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=AFFINITY)


def _calibration(as_of: date, chances: Chances) -> pa.Table:
    spread, table = chances.spread, chances.reliability
    row = {
        "as_of": as_of,
        "week": spread.week,
        "group": spread.group,
        "weeks": spread.weeks,
        "widen": spread.widen,
        "bin_from": table[:, 0].tolist(),
        "bin_pairs": table[:, 1].tolist(),
        "bin_expected": table[:, 2].tolist(),
        "bin_bought": table[:, 3].tolist(),
        "method": chances.method,
    }
    return pa.Table.from_pylist([row], schema=CALIBRATION)


def affinity(lake: Lake, as_of: date) -> ir.Table:
    """The published chances as of a day (schema AFFINITY); empty when there is no estimate."""
    return store.estimated(lake, as_of)


def dispersion(lake: Lake, as_of: date) -> Dispersion:
    """How sums of these chances spread, learnt on earlier weeks; assumed values without an estimate.

    With E_g = sum p and I_g = sum p (1 - p) of each group g of a week, the count over the groups has mean
    sum E_g and variance `spread.variance(E, I)`; `count_interval(mean, variance)` is its 80% interval.
    """
    found = store.calibrated(lake, as_of).to_pylist()
    if not found:
        return ASSUMED
    row = found[0]
    return Dispersion(row["week"], row["group"], row["weeks"], row["widen"])


def for_customer(lake: Lake, as_of: date, customer_id: str) -> list[NextPurchase]:
    """What one customer probably buys next, likeliest first, each with its reason; empty when unknown."""
    rows = store.estimated_for(lake, as_of, customer_id).to_pylist()
    return [
        NextPurchase(
            product_id=row["product_id"],
            probability=row["probability"],
            due_on=row["due_on"],
            last_on=row["last_on"],
            rhythm_days=row["rhythm_days"],
            orders=row["orders"],
            why=why(row["orders"], row["rhythm_days"], (as_of - row["last_on"]).days),
            method=row["method"],
        )
        for row in rows
    ]
