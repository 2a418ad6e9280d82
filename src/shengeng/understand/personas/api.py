"""Scenes of buying, learnt each week: what they are, who is in them, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from shengeng.govern.privacy.api import of_lake
from shengeng.govern.shop import api as shop
from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.sense.connect import api as connect
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.affinity.contracts import NOT_MERCHANDISE
from shengeng.understand.personas.contracts import (
    LEAST_BASKETS,
    LEAST_CUSTOMERS,
    MEMBERSHIPS,
    NO_PERSONA,
    NOT_LEARNT,
    PERSONAS,
    PROFILES,
    SLOTS,
    Counts,
    Membership,
    Scenes,
)
from shengeng.understand.personas.methods import scenes as fits
from shengeng.understand.personas.methods import voices
from shengeng.understand.personas.methods.cues import CUES, Cue, cue_of, heard
from shengeng.understand.personas.methods.scenes import agreement
from shengeng.understand.personas.methods.standing import Card, cards, shop_slots, usable
from shengeng.understand.personas.methods.surprise import features
from shengeng.understand.personas.methods.voices import Review
from shengeng.understand.personas.methods.weekly import learnt
from shengeng.understand.personas.methods.why import memberships_of
from shengeng.understand.personas.store import published, written
from shengeng.understand.personas.store.counting import baskets_of, counted

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "agreement",
    "belonging",
    "cards_of",
    "catalogue",
    "count",
    "cue",
    "cues",
    "day_of",
    "days",
    "described",
    "erase_person",
    "export_person",
    "found_by_chance",
    "heard",
    "latest",
    "learn",
    "learn_scenes",
    "members",
    "members_on",
    "memberships",
    "of_customer",
    "personas",
    "place",
    "scene_of",
    "standing",
    "trend",
]
export_person, erase_person = of_lake({"memberships": "customer_id"})

WEEK = timedelta(days=7)
AGAIN = 0.8  # cosine of profiles from which a start of chance has found a scene again
WEEKS_BACK = 2  # learnt too when nothing was learnt before, for the newest to be compared with


def learn(stores: Stores, as_of: date, progress: Progress) -> int:
    """Learn the scenes as of a day from the week before's, and publish them; returns how many there are.

    Where no scenes are known, those of the two weeks before are learnt first. An empty catalogue says that
    there was too little to learn from. Run twice, the second run publishes the same.
    """
    with stores.rows.unit() as uow:
        before = [day for day in published.days(stores.lake, uow) if day < as_of]
    wanted = [as_of] if before else [as_of - WEEK * back for back in range(WEEKS_BACK, -1, -1)]
    scenes = published.scenes(stores.lake, before[-1]) if before else None
    for done, day in enumerate(wanted):
        progress.check()
        progress.step("personas.learn", done / len(wanted))
        facts = identity.lines(stores.lake, day), connect.products(stores.lake)
        counts = count(*facts, day, identity.follow(stores.lake, connect.reviews(stores.lake, day)))
        scenes = learn_scenes(counts, day, scenes) or scenes
        with stores.rows.unit() as uow:
            published.write(stores.lake, uow, day, _tables(counts, scenes))
    progress.step("personas.learn", 1.0)
    return len(scenes.ids) if scenes else 0


def count(lines: ir.Table, products: ir.Table, as_of: date, reviews: ir.Table | None = None) -> Counts:
    """Baskets by customer, category and slot in the year to as_of; merchandise of identified customers.

    reviews: what the same customers wrote in that year is counted by occasion and need.
    """
    counts = counted(lines.filter(lines.local_date <= as_of), products, as_of, NOT_MERCHANDISE)
    if reviews is None:
        return counts
    texts = (Review(**row) for row in written.reviews(reviews, as_of))
    return replace(counts, said=voices.counted(counts.customer_ids, texts))


def learn_scenes(
    counts: Counts, as_of: date, previous: Scenes | None = None, *, seed: int = 1
) -> Scenes | None:
    """Scenes as of a day, from those of an earlier one where given; None where there is too little."""
    return learnt(counts, features(counts), as_of, previous, seed)


def found_by_chance(counts: Counts, scenes: Scenes, seeds: Sequence[int]) -> tuple[float, Floats]:
    """What remains of scenes when learning starts from chance instead, in as many scenes, once a seed.

    Returns the median adjusted Rand index between two such starts, and the share of starts that find each
    scene again (cosine of AGAIN or more).
    """
    rows, enough = features(counts), usable(counts)
    others = [fits.by_chance(rows, enough, len(scenes.ids), seed) for seed in seeds]
    placed = [fits.belonging(fits.fold(rows, one), enough) for one in others]
    pairs = [agreement(one, two) for one, two in combinations(placed, 2)]
    near = [fits.cosine(scenes.profiles, one).max(axis=1) >= AGAIN for one in others]
    return float(np.median(pairs)), np.mean(near, axis=0)


def place(counts: Counts, scenes: Scenes) -> tuple[Floats, Ints]:
    """(customers, scenes) memberships that sum to one, and the one clear scene of each customer or -1.

    counts: what the scenes were learnt from. Nobody below LEAST_BASKETS belongs to a scene.
    """
    weights = fits.fold(features(counts), scenes.profiles)
    return weights, fits.belonging(weights, usable(counts))


def cards_of(counts: Counts, scenes: Scenes) -> list[Card]:
    """Name, need and evidence of each scene."""
    return cards(counts, scenes, *place(counts, scenes))


def _tables(counts: Counts, scenes: Scenes | None) -> dict[str, pa.Table]:
    if scenes is None:
        empty = {"personas": PERSONAS, "memberships": MEMBERSHIPS, "persona_profiles": PROFILES}
        return {name: schema.empty_table() for name, schema in empty.items()}
    weights, belongs = place(counts, scenes)
    return {
        "personas": _catalogue(counts, scenes, cards(counts, scenes, weights, belongs)),
        "memberships": _memberships(counts, scenes, weights, belongs),
        "persona_profiles": _profiles(scenes),
    }


def _profiles(scenes: Scenes) -> pa.Table:
    columns = {
        "kind": [kind for kind, _ in scenes.names],
        "name": [name for _, name in scenes.names],
        "total": scenes.totals,
        "weights": list(scenes.profiles.T),
    }
    return pa.table(columns, schema=PROFILES)


def _memberships(counts: Counts, scenes: Scenes, weights: Floats, belongs: Ints) -> pa.Table:
    """One row a customer and scene; a customer with too few baskets has none."""
    enough: Bools = usable(counts) & (weights.sum(axis=1) > 0)
    who = np.repeat(np.flatnonzero(enough), len(scenes.ids))
    scene = np.tile(np.arange(len(scenes.ids)), int(enough.sum()))
    columns = [
        pa.array(counts.customer_ids, pa.string()).take(pa.array(who)),
        pa.array(scenes.ids, pa.string()).take(pa.array(scene)),
        pa.array(weights[who, scene]),
        pa.array(belongs[who] == scene),
        pa.array(counts.baskets.sum(axis=1)[who].astype(np.int64)),
    ]
    return pa.Table.from_arrays(columns, schema=MEMBERSHIPS)


def _catalogue(counts: Counts, scenes: Scenes, found: list[Card]) -> pa.Table:
    shop = shop_slots(counts)
    rows = [
        {
            "persona_id": name,
            "name_zh": card.named.zh,
            "name_en": card.named.en,
            "need_zh": card.named.need_zh,
            "need_en": card.named.need_en,
            **{key: getattr(card, key) for key in _SAME},
            "categories": [
                {"name": counts.categories[at], "share": own, "shop": usual}
                for at, own, usual in card.categories
            ],
            "slots": [
                {"name": slot, "share": float(own), "shop": float(usual)}
                for slot, own, usual in zip(SLOTS, card.slots, shop, strict=True)
            ],
            "similar": card.similar.tolist(),
            "overlap": card.overlap.tolist(),
            "x": float(card.place[0]),
            "y": float(card.place[1]),
            "chosen_on": scenes.chosen_on,
            "agreement": scenes.agreement,
            "voices": [
                {"name": one.cue, "said": one.said, "wrote": one.wrote, "shop": one.shop}
                for one in card.voices
            ],
        }
        for name, card in zip(scenes.ids, found, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=PERSONAS)


_SAME = ("customers", "touched", "spend_minor", "value_share", "baskets_a_month", "lines_a_basket")


def personas(lake: Lake, as_of: date) -> ir.Table:
    """The published catalogue of one day (contracts.PERSONAS); empty when there is none."""
    return published.personas(lake, as_of)


def memberships(lake: Lake, as_of: date) -> ir.Table:
    """Published weights by customer and scene (contracts.MEMBERSHIPS); a customer's weights sum to one."""
    return published.memberships(lake, as_of)


def belonging(lake: Lake, as_of: date) -> ir.Table:
    """customer_id, persona: the one clear scene of everybody who has one."""
    return published.belonging(lake, as_of)


def scene_of(lake: Lake, as_of: date, customer_id: str) -> str | None:
    """The one clear scene of a customer, if there is one."""
    return published.scene_of(lake, as_of, customer_id)


def catalogue(lake: Lake, as_of: date) -> list[dict[str, Any]]:
    """The catalogue's rows by column name, in the order of the scenes."""
    return published.catalogue(lake, as_of)


def days(stores: Stores, uow: UnitOfWork) -> list[date]:
    """Days with an estimate, earliest first."""
    return published.days(stores.lake, uow)


def latest(stores: Stores, uow: UnitOfWork, as_of: date) -> date | None:
    """The newest day on or before as_of that has an estimate; None before the first."""
    return max((day for day in days(stores, uow) if day <= as_of), default=None)


def trend(stores: Stores, uow: UnitOfWork, as_of: date) -> list[tuple[date, dict[str, int]]]:
    """How many customers belonged to each scene, by day of estimate, earliest first."""
    known = [day for day in days(stores, uow) if day <= as_of]
    return [
        (day, {row["persona_id"]: row["customers"] for row in catalogue(stores.lake, day)}) for day in known
    ]


def members(
    lake: Lake, as_of: date, persona_id: str, *, after: tuple[float, str] | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Customers who belong to a scene (rows of contracts.MEMBERSHIPS), the most of it first."""
    return published.members(lake, as_of, persona_id, after=after, limit=limit)


def day_of(stores: Stores, uow: UnitOfWork) -> date:
    """The newest day with scenes that the shop clock has reached; refused before the first."""
    profile = shop.find_profile(uow)
    day = latest(stores, uow, profile.as_of) if profile and profile.as_of else None
    if day is None:
        raise NOT_LEARNT.error(least=LEAST_CUSTOMERS, baskets=LEAST_BASKETS)
    return day


def members_on(stores: Stores, uow: UnitOfWork, persona_id: str, limit: int) -> list[dict[str, Any]]:
    """Members of a scene on the newest day; refused where there is no such scene."""
    day, lake = day_of(stores, uow), stores.lake.inside(uow)
    if all(row["persona_id"] != persona_id for row in catalogue(lake, day)):
        raise NO_PERSONA.error(persona=persona_id, as_of=day)
    return members(lake, day, persona_id, limit=limit)


def standing(lake: Lake, as_of: date) -> dict[str, int]:
    """How many customers have baskets enough (known), and how many of them belong to a scene (placed)."""
    return published.standing(lake, as_of)


def of_customer(lake: Lake, as_of: date, customer_id: str) -> tuple[list[Membership], int]:
    """How far one customer is in each scene, largest first, with what sums to it exactly.

    Features do, and so do baskets and reviews together.

    Also the number of their baskets. No memberships below LEAST_BASKETS, or before the first estimate.
    """
    scenes = published.scenes(lake, as_of)
    lines = identity.lines(lake, as_of)
    mine, products = lines.filter(lines.customer_id == customer_id), connect.products(lake)
    reviews = identity.follow(lake, connect.reviews(lake, as_of))
    wrote = reviews.filter(reviews.customer_id == customer_id)
    counts = count(mine, products, as_of, wrote)
    number = int(counts.baskets.sum())
    if scenes is None or not usable(counts).any():
        return [], number
    rows = baskets_of(mine, products, as_of, NOT_MERCHANDISE)
    said = voices.sayings(Review(**row) for row in written.reviews(wrote, as_of))
    return memberships_of(counts, scenes, rows, said), number


def cue(key: str) -> Cue | None:
    """What a cue of reviews is called; None for one that is no longer known."""
    return cue_of(key)


def cues() -> tuple[Cue, ...]:
    """Every occasion and need that reviews are heard for (`heard`), in a fixed order."""
    return CUES


def described(lake: Lake, as_of: date, persona_id: str) -> dict[str, list[tuple[str, int, int]]]:
    """Attributes of customers (age, income, ...) by value: members who have it, everybody who has it.

    They stand beside a scene for people to read. Nothing of them goes in: no function that learns reads them.
    """
    return published.described(lake, as_of, persona_id, connect.customers(lake))
