"""Backtest of personas: do scenes cover the shop, do they hold still, and do they tell the next basket?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time

import numpy as np
import pandas as pd

from shengeng.kernel.units import Floats, Ints
from shengeng.learn.backtest.api.frame import Trial, trial
from shengeng.learn.backtest.contracts import LACKS_COLUMN, LACKS_FILE, TOO_FEW_CUSTOMERS, Report
from shengeng.learn.backtest.methods import persona as protocol
from shengeng.learn.backtest.methods.persona import Origin
from shengeng.learn.backtest.store.baskets import baskets, departments, described
from shengeng.sense.connect.contracts import Folder
from shengeng.understand.affinity.contracts import NOT_MERCHANDISE
from shengeng.understand.personas import api as personas
from shengeng.understand.personas.contracts import LEAST_BASKETS, LEAST_CUSTOMERS, Counts, Scenes

LEAST_SCORED = 10
ORIGINS = 3  # earlier days that both models learn from
APART_DAYS = 28
STARTS = 6  # of chance, that stability is measured between
_EPOCH = date(1970, 1, 1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shop:
    """Baskets in time with codes, and what each holds."""

    ids: Sequence[str]
    customer: Ints
    day: Ints
    minor: Floats
    holds: Floats
    departments: Sequence[str]

    def at(self, as_of: date) -> Origin:
        """What was known on a day, and the next baskets."""
        return protocol.origin(self.customer, self.day, self.minor, self.holds, (as_of - _EPOCH).days)


def run_persona(folder: Folder, cut: date | None = None, seed: int = 1) -> Report:
    """Learn scenes before the cut; report coverage, stability, and the log-loss of the next basket.

    Its departments are foretold by rfm (logistic on fifths of recency, frequency, money), shengeng (the same
    and the memberships) and department_frequency (own share of baskets), fitted at three earlier days on next
    baskets before the cut, and by mixtures of the last with each of the others, in shares chosen before the
    cut. Refused without customer ids, a products file, or categories, and with too few customers.
    """
    split = trial("persona", folder, cut, seed, customers=True)
    if folder.products is None:
        raise LACKS_FILE.error(engine="persona", file="products", data=folder.name)
    if not described(folder.products):
        raise LACKS_COLUMN.error(engine="persona", column="category", file="products", data=folder.name)
    started = process_time()
    chain = _chain(folder, split)
    if chain is None:
        raise _too_few(folder, split, 0)
    learnt = process_time() - started
    shop = _shop(folder)
    origins = [_before(shop.at(day), shop, split, day) for day, _, _ in chain[:-2]] + [shop.at(split.as_of)]
    if min(len(one.who) for one in origins) < LEAST_SCORED:
        raise _too_few(folder, split, len(origins[-1].who))
    found, notes = _scored(shop, origins, [chain[place] for place in (*range(len(chain) - 2), -1)], seed)
    steady, more = _steady(chain, seed)
    found["shengeng"] |= steady
    return split.report(found, notes=notes | more | {"learn_cpu_seconds": round(learnt, 3)})


def _too_few(folder: Folder, split: Trial, count: int) -> Exception:
    return TOO_FEW_CUSTOMERS.error(
        engine="persona", cut=split.cut, least=LEAST_CUSTOMERS, data=folder.name, count=count
    )


Step = tuple[date, Counts, Scenes]
_MODELS = {"persona": "shengeng", "rfm": "rfm"}


def _chain(folder: Folder, split: Trial) -> list[Step] | None:
    """Scenes at the earlier days, a week before the cut and the day before it, each from the last."""
    apart = min(APART_DAYS, max((split.cut - split.first).days // (2 * (ORIGINS + 1)), 1))
    days = [split.as_of - timedelta(days=apart * back) for back in range(ORIGINS, 0, -1)]
    steps: list[Step] = []
    scenes: Scenes | None = None
    for day in (*days, split.as_of - _WEEK, split.as_of):
        counts = personas.count(folder.lines, folder.products, day, folder.reviews)
        scenes = personas.learn_scenes(counts, day, scenes, seed=split.seed)
        if scenes is None:
            return None
        steps.append((day, counts, scenes))
    return steps


def _shop(folder: Folder) -> Shop:
    orders = baskets(folder.lines, folder.products, NOT_MERCHANDISE)
    held = departments(folder.lines, folder.products, NOT_MERCHANDISE)
    customer, ids = pd.factorize(orders["customer_id"], sort=True)
    names = sorted(held["department"].unique())
    holds = np.zeros((len(orders), len(names)))
    row = pd.Index(orders["order_id"]).get_indexer(held["order_id"])
    holds[row, pd.Index(names).get_indexer(held["department"])] = 1.0
    return Shop(
        list(ids),
        customer.astype(np.int64),
        orders["day"].to_numpy().astype(np.int64),
        orders["minor"].to_numpy().astype(np.float64),
        holds,
        names,
    )


def _before(one: Origin, shop: Shop, split: Trial, day: date) -> Origin:
    """Only customers whose next basket came before the cut."""
    known = shop.day < (split.cut - _EPOCH).days
    earlier = protocol.origin(
        shop.customer[known], shop.day[known], shop.minor[known], shop.holds[known], (day - _EPOCH).days
    )
    assert len(earlier.who) <= len(one.who)
    return earlier


def _scored(
    shop: Shop, origins: list[Origin], steps: list[Step], seed: int
) -> tuple[dict[str, dict[str, float]], dict[str, str | int | float]]:
    """Log-loss of every model on the last origin, and by how much ours is ahead."""
    bought = np.concatenate([one.bought for one in origins[:-1]])
    scored = np.flatnonzero(bought.mean(axis=0) >= protocol.LEAST_SHARE)
    target = origins[-1].bought[:, scored]
    plain = protocol.rfm(origins)
    joined = [
        protocol.with_memberships(table, _weights(shop, one, step))
        for table, one, step in zip(plain, origins, steps, strict=True)
    ]
    chance = {
        name: protocol.chances(np.concatenate(tables[:-1]), bought[:, scored], tables[-1])
        for name, tables in (("shengeng", joined), ("rfm", plain))
    }
    own = chance["department_frequency"] = _own(origins, -1)[:, scored]
    notes: dict[str, str | int | float] = {"customers": len(target), "departments": len(scored)}
    for name, tables in (("persona", joined), ("rfm", plain)):
        share = _share(origins[:-1], tables[:-1], scored)
        chance[f"own_frequency+{name}"] = (1 - share) * own + share * chance[_MODELS[name]]
        notes[f"share_of_{name}"] = round(share, 3)
    lost = {name: protocol.losses(values, target) for name, values in chance.items()}
    for name, than, ours in (
        ("rfm", "rfm", "shengeng"),
        ("own_frequency", "department_frequency", "own_frequency+persona"),
        ("own_frequency_and_rfm", "own_frequency+rfm", "own_frequency+persona"),
    ):
        ahead = protocol.gain(lost[than], lost[ours], np.random.default_rng(seed))
        for end, value in zip(("", "_low", "_high"), ahead, strict=True):
            notes[f"logloss_gain_over_{name}{end}"] = round(value, 5)
    return {name: {"next_basket_logloss": float(values.mean())} for name, values in lost.items()}, notes


def _own(origins: list[Origin], place: int) -> Floats:
    """(customers, departments) own frequency at an origin; the shop's mean is that of all before the last."""
    return protocol.own_frequency(
        origins[place], np.concatenate([one.bought for one in origins[:-1]]).mean(axis=0)
    )


def _share(earlier: list[Origin], tables: list[Floats], scored: Ints) -> float:
    """How much of a model a mixture with own frequency takes: learnt before the last of them, tried on it."""
    bought = np.concatenate([one.bought for one in earlier[:-1]])[:, scored]
    other = protocol.chances(np.concatenate(tables[:-1]), bought, tables[-1])
    return protocol.mixture(_own(earlier, -1)[:, scored], other, earlier[-1].bought[:, scored])


def _weights(shop: Shop, one: Origin, step: Step) -> Floats:
    """(customers, scenes) memberships of an origin's customers; zeros for whoever has too few baskets."""
    _, counts, scenes = step
    weights, _ = personas.place(counts, scenes)
    weights = weights * (counts.baskets.sum(axis=1) >= LEAST_BASKETS)[:, None]
    row = pd.Index(counts.customer_ids).get_indexer(pd.Index(shop.ids)[one.who])
    return np.where((row >= 0)[:, None], weights[row], 0.0)


def _steady(chain: list[Step], seed: int) -> tuple[dict[str, float], dict[str, str | int | float]]:
    """Coverage, and adjusted Rand indices between two weeks, two seeds, and two starts of chance."""
    (_, last_counts, last), (day, counts, scenes) = chain[-2:]
    _, belongs = personas.place(counts, scenes)
    _, before = personas.place(last_counts, last)
    there = pd.Index(last_counts.customer_ids).get_indexer(pd.Index(counts.customer_ids))
    week = personas.agreement(belongs, np.where(there >= 0, before[there], -1))
    one, two = (personas.learn_scenes(counts, day, seed=of) for of in (seed, seed + 1))
    assert one is not None, "the chain was learnt from as much"
    assert two is not None, "the chain was learnt from as much"
    seeds = personas.agreement(personas.place(counts, one)[1], personas.place(counts, two)[1])
    chance, again = personas.found_by_chance(counts, scenes, range(seed, seed + STARTS))
    steady = {
        "coverage": float((belongs >= 0).mean()),
        "stability": week,
        "stability_seeds": seeds,
        "stability_random_starts": chance,
    }
    placed = np.bincount(belongs[belongs >= 0], minlength=len(scenes.ids))
    told = [card.named.en for card in personas.cards_of(counts, scenes)]
    return steady, {
        "personas": len(scenes.ids),
        "known_customers": len(belongs),
        "two_samples": round(one.agreement, 4),
        "found_by_half_of_random_starts": int((again >= 1 / 2).sum()),
        **{f"{name} {said}": int(n) for name, said, n in zip(scenes.ids, told, placed, strict=True)},
    }
