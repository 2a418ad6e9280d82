"""Backtest of recommendation: what stands in a customer's first basket after the cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

import numpy as np

from shengeng.decide.recommend import api as recommend
from shengeng.decide.recommend.contracts import VERSION
from shengeng.kernel.units import Floats, Ints
from shengeng.learn.backtest.api.frame import Trial, trial
from shengeng.learn.backtest.contracts import TOO_FEW_CUSTOMERS, Report
from shengeng.learn.backtest.methods import recommend as protocol
from shengeng.learn.backtest.methods.recommend import Targets
from shengeng.sense.connect.contracts import Folder
from shengeng.understand.affinity import api as affinity
from shengeng.understand.affinity.contracts import NOT_MERCHANDISE

LEAST_CUSTOMERS = 10
ENOUGH_CUSTOMERS = 30  # fewer that can be scored: smaller target baskets are taken
TUNE_CUSTOMERS = 400
TUNE_DAYS = 28
_EPOCH = date(1970, 1, 1)
# Around the settings that the paper found best on its four shops, and slow decay without groups, which is
# better on Complete Journey; the own share is tried with each.
_SETTINGS = (
    affinity.Tifu(7, 0.9, 0.7, 300),
    affinity.Tifu(7, 0.9, 0.7, 900),
    affinity.Tifu(3, 0.9, 0.7, 900),
    affinity.Tifu(3, 0.9, 0.9, 300),
    affinity.Tifu(1, 1.0, 0.95, 300),
    affinity.Tifu(1, 1.0, 0.97, 300),
    affinity.Tifu(1, 1.0, 0.95, 900),
)
_OWN_SHARES = (0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class Basis:
    """One folder at one cut: the catalogue's history, who is scored, and what they bought next."""

    past: affinity.History
    as_of: int
    who: Ints
    targets: Targets
    least_products: int


def run_recommend(
    folder: Folder, cut: date | None = None, seed: int = 1, *, catalogue_cut: date | None = None
) -> Report:
    """Rank products for each customer's next basket; shengeng beside habit, tifuknn and simpler orders.

    Protocol of docs/affinity.md. catalogue_cut: the first of several cuts that share a catalogue; default
    the cut itself. Whatever is tuned or learnt looks only before the cut. Refused without customer ids, or
    with too few customers to score.
    """
    split = trial("recommend", folder, cut, seed, customers=True)
    whole = affinity.history_of(affinity.bought(folder.lines, folder.products, NOT_MERCHANDISE))
    least_baskets, shop = catalogue(whole, _day(catalogue_cut or split.cut))
    basis = basis_at(shop, _day(split.cut) - 1)
    if basis is None or len(basis.who) < LEAST_CUSTOMERS:
        raise TOO_FEW_CUSTOMERS.error(
            engine="recommend",
            cut=split.cut,
            least=LEAST_CUSTOMERS,
            data=folder.name,
            count=0 if basis is None else len(basis.who),
        )
    named, notes = _named(basis, split)
    found = {model: protocol.measures(top, basis.targets) for model, top in named.items()}
    ratio = protocol.ratio_interval(
        found["shengeng"]["ndcg@10"], found["tifuknn"]["ndcg@10"], np.random.default_rng(seed)
    )
    notes |= {
        "customers": len(basis.who),
        "catalogue_products": shop.products,
        "catalogue_least_baskets": least_baskets,
        "target_least_products": basis.least_products,
        "left_out_departments": ", ".join(sorted(NOT_MERCHANDISE)),
        **{
            f"ndcg@10_over_tifuknn{end}": round(value, 4)
            for end, value in zip(("", "_low", "_high"), ratio, strict=True)
        },
    }
    metrics = {model: protocol.averages(values) for model, values in found.items()}
    return split.report(metrics, notes=notes, packages=("lightgbm",))


def catalogue(whole: affinity.History, cut: int) -> tuple[int, affinity.History]:
    """The history of the products that stand in enough baskets before the cut, and how many are enough."""
    least, shop, _ = affinity.frequent(whole, cut - 1)
    return least, shop


def basis_at(shop: affinity.History, as_of: int) -> Basis | None:
    """Who is scored at a day and on what: None where nobody is."""
    past = shop.until(as_of)
    _, where = np.unique(past.basket, return_index=True)
    known = np.flatnonzero(
        np.bincount(past.customer[where], minlength=shop.customers) >= protocol.LEAST_BASKETS
    )
    for least in protocol.TARGET_PRODUCTS:
        target = affinity.first_baskets(shop, as_of, least)
        who = np.intersect1d(np.unique(target.customer), known)
        if len(who) >= ENOUGH_CUSTOMERS:
            break
    if not len(who):
        return None
    return Basis(past, as_of, who, _targets(past, target, who), least)


def _targets(past: affinity.History, target: affinity.History, who: Ints) -> Targets:
    rows = np.flatnonzero(np.isin(target.customer, who))
    customer, product = target.customer[rows], target.product[rows]
    before = np.unique(past.customer * past.products + past.product)
    repeat = np.isin(customer * past.products + product, before)
    return Targets(np.searchsorted(who, customer), product, repeat, len(who), past.products)


def _named(basis: Basis, split: Trial) -> tuple[dict[str, Ints], dict[str, str | int | float]]:
    """The first products of every model, and what was chosen before the cut."""
    past, who = basis.past, basis.who
    popular = protocol.popularity(past.product, past.products)
    frequency = protocol.own_frequency(past.customer, past.product, past.customers, past.products)
    settings = tuned(past, basis.as_of, (split.cut - split.first).days, split.seed)
    given = {"least_products": basis.least_products, "seed": split.seed}
    habit = affinity.learn_ranking(past, basis.as_of, settings, **given)
    by_habit = affinity.rank(past, basis.as_of, habit, who, protocol.DEPTH)
    clock = perf_counter()
    order = recommend.learn_order(past, basis.as_of, settings, **given)
    learnt = perf_counter()
    # Too thin a shop has no order of its own: habit speaks, as it does in the product.
    thin = order is None
    ours = (
        by_habit
        if order is None
        else recommend.ordered(past, basis.as_of, order, settings, who, most=protocol.DEPTH)
    )
    served = perf_counter()
    named = {
        "popularity": np.tile(protocol.first_of(iter([(who[:1], popular[None, :])])), (len(who), 1)),
        "own_frequency": protocol.first_of(protocol.frequent_first(frequency, popular, who)),
        "tifuknn": protocol.first_of(affinity.tifu_scores(past, settings, who)),
        "habit": by_habit,
        "shengeng": ours,
    }
    notes: dict[str, str | int | float] = {
        "method": habit.method if thin else VERSION,
        "tifuknn": str(settings),
        "learn_seconds": round(learnt - clock, 3),
        "rank_ms_a_customer": round(1000 * (served - learnt) / len(who), 3),
    }
    return named, notes


def tuned(past: affinity.History, as_of: int, span_days: int, seed: int) -> affinity.Tifu:
    """TIFUKNN's settings with the best NDCG@10 on the last weeks before the cut, on a sample of customers."""
    days = max(min(TUNE_DAYS, span_days // 4), 1)
    basis = basis_at(past, as_of - days)
    if basis is None:
        return _SETTINGS[0]
    some = np.random.default_rng(seed).permutation(len(basis.who))[:TUNE_CUSTOMERS]
    who = np.sort(basis.who[some])
    later = affinity.first_baskets(past, basis.as_of, basis.least_products)
    targets = _targets(basis.past, later, who)
    found = [
        (_quality(chunks, own, targets), replace(settings, own=own))
        for settings in _SETTINGS
        for chunks in [list(affinity.tifu_parts(basis.past, settings, who))]
        for own in _OWN_SHARES
    ]
    return max(found, key=lambda pair: pair[0])[1]


def _quality(chunks: list[tuple[Ints, Floats, Floats]], share: float, targets: Targets) -> float:
    named = protocol.first_of(((who, share * own + (1.0 - share) * near) for who, own, near in chunks), 10)
    return float(protocol.ndcg(protocol.hits(named, targets), targets.sizes(), 10).mean())


def _day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days
