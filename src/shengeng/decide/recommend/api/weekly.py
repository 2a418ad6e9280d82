"""The background work: learn the order once a week, rank every customer's products for the known day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time

import numpy as np
import pyarrow as pa
from scipy.special import expit

from shengeng.decide.recommend import store
from shengeng.decide.recommend.api.ranking import learn_order
from shengeng.decide.recommend.contracts import (
    LEARN_DAYS,
    MODELS,
    MOST,
    MOST_NEW,
    RANKED,
    REASONS,
    SPEAKS_FOR,
    VERSION,
)
from shengeng.decide.recommend.methods.order import Order, first, from_text
from shengeng.kernel.units import Floats, Ints
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.affinity.contracts import NOT_MERCHANDISE
from shengeng.understand.people import api as people

SETTINGS = affinity.Tifu(group_size=1, within=1.0, between=0.95, neighbours=300, own=0.5)
LEAST_PRODUCTS = 3  # a next basket that is learnt from holds so many
EXPLAINED = 20_000  # rows explained at once
_GROUPS = np.array([REASONS.index(SPEAKS_FOR[signal]) for signal in affinity.WIDE])
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Products:
    """Ids in the order of their codes; title and category by id."""

    ids: pa.Array
    names: Mapping[str, tuple[str, str | None]]


def due(stores: Stores, as_of: date) -> bool:
    """Whether the known day's products are not ranked yet."""
    with stores.rows.unit() as uow:
        return not store.is_ranked(stores.lake, uow, as_of)


def train(stores: Stores, as_of: date, progress: Progress, *, anew: bool = False) -> int:
    """Rank products of every identified customer as of a day; learn first where the order is a week old.

    With a new order comes a new estimate of what goes together. anew: learn in any case. Returns the rows
    written. Done twice it changes nothing; a shop too thin to learn from has no order, is ranked by affinity
    (see `rank`), and gets 0 rows, so that nobody asks again.
    """
    progress.step("recommend.history", 0.0)
    with stores.rows.unit() as uow:
        lake = stores.lake.inside(uow)
        learnt = store.model_on(lake, uow, as_of)
        lines = identity.lines(lake, as_of)
        known = affinity.bought(lines, connect.products(lake), NOT_MERCHANDISE)
        _, past, kept = affinity.frequent(affinity.history_of(known), _day(as_of))
        old = None if learnt is None else store.model(lake, learnt)
    progress.check()
    if anew or old is None or _stale(old, as_of):
        progress.step("recommend.together", 0.1)
        with stores.rows.unit() as uow:
            affinity.estimate_goes_with(stores, uow, as_of)
        progress.step("recommend.learn", 0.2)
        old = _learn(stores, past, as_of)
        progress.check()
    progress.step("recommend.rank", 0.6)
    ids = known.product_ids.take(pa.array(kept))
    products = _Products(ids, people.titles(stores.lake, ids.to_pylist()))
    rows = RANKED.empty_table() if old is None else _ranked(past, as_of, old, known.customer_ids, products)
    with stores.rows.unit() as uow:
        store.write_ranked(stores.lake, uow, as_of, rows)
    progress.step("recommend.done", 1.0)
    written: int = rows.num_rows
    return written


def _stale(model: pa.Table, as_of: date) -> bool:
    """Whether a learnt order is a week old, or speaks of other signals than today's."""
    row = model.to_pylist()[0]
    learnt_on: date = row["as_of"]
    return as_of - learnt_on >= timedelta(days=LEARN_DAYS) or row["signals"] != [*affinity.WIDE]


def _learn(stores: Stores, past: affinity.History, as_of: date) -> pa.Table | None:
    clock = process_time()
    order = learn_order(past, _day(as_of), SETTINGS, least_products=LEAST_PRODUCTS, seed=1)
    if order is None:
        return None
    row = {
        "as_of": as_of,
        "booster": order.booster.model_to_string(),
        "level": order.level,
        "slope": order.slope,
        "signals": list(affinity.WIDE),
        "cpu_seconds": process_time() - clock,
        "version": VERSION,
    }
    model = pa.Table.from_pylist([row], schema=MODELS)
    with stores.rows.unit() as uow:
        store.write_model(stores.lake, uow, as_of, model)
    return model


def _ranked(
    past: affinity.History, as_of: date, model: pa.Table, customer_ids: pa.Array, products: _Products
) -> pa.Table:
    """The first MOST products of each customer, and of those never bought at least MOST_NEW, explained."""
    row = model.to_pylist()[0]
    order = from_text(row["booster"], row["level"], row["slope"])
    who = np.unique(past.customer)
    slate = affinity.wide_slate(past, _day(as_of), who, SETTINGS, affinity.linked(past, _day(as_of)))
    score = order.score(slate.signals)
    best = first(slate.customer, score, np.ones(len(score), dtype=bool), MOST)
    rows = np.union1d(best, first(slate.customer, score, ~slate.bought, MOST_NEW))
    rows = first(slate.customer, score, np.isin(np.arange(len(score)), rows), MOST + MOST_NEW)
    parts = _parts(order, slate, rows)
    who_rows = slate.customer[rows]
    place = np.arange(len(rows)) - np.searchsorted(who_rows, who_rows, side="left") + 1
    total = parts.sum(axis=1)
    ids = products.ids.take(pa.array(slate.product[rows]))
    named = [products.names.get(one, (one, None)) for one in ids.to_pylist()]
    columns = [
        pa.array([as_of] * len(rows), pa.date32()),
        customer_ids.take(pa.array(who_rows)),
        ids,
        pa.array([title for title, _ in named], pa.string()),
        pa.array([category for _, category in named], pa.string()),
        pa.array(place.astype(np.int64)),
        pa.array(~slate.bought[rows]),
        pa.array(total),
        pa.array(expit(total)),
        pa.array(parts[:, -1]),
        *(pa.array(parts[:, place]) for place in range(len(REASONS))),
        pa.array([row["version"]] * len(rows), pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=RANKED)


def _parts(order: Order, slate: affinity.WideSlate, rows: Ints) -> Floats:
    """(rows, reasons + base) of the score, in pieces that fit into memory."""
    pieces = [rows[start : start + EXPLAINED] for start in range(0, len(rows), EXPLAINED)]
    return np.vstack(
        [np.zeros((0, len(REASONS) + 1))]
        + [order.parts(slate.signals[piece], _GROUPS, len(REASONS)) for piece in pieces]
    )


def _day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days
