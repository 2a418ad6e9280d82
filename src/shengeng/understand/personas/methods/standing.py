"""What the members of each scene have in common: the evidence on its card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.personas.contracts import LEAST_BASKETS, Counts, Scenes
from shengeng.understand.personas.methods.naming import Habit, Named, names, telling
from shengeng.understand.personas.methods.scenes import cosine
from shengeng.understand.personas.methods.voices import Voice, voices

TOUCHED = 0.2  # a scene counts for a customer from this weight
TOP_CATEGORIES = 8
_DAYS_A_MONTH = 365.25 / 12
_LEAST_DAYS = 28  # known for less: the rhythm is not told as if it were a month's


@dataclass(frozen=True, slots=True)
class Card:
    """One scene as its members live it. categories: place, share of baskets, shop's share; telling first.

    voices: what members who wrote say of occasion and need, telling first.
    """

    named: Named
    customers: int
    touched: int
    spend_minor: int
    value_share: float
    baskets_a_month: float
    lines_a_basket: float
    categories: tuple[tuple[int, float, float], ...]
    slots: Floats
    similar: Floats
    overlap: Ints
    place: Floats
    voices: tuple[Voice, ...]


def usable(counts: Counts) -> Bools:
    """(customers,) who has baskets enough to say something."""
    return np.asarray(counts.baskets.sum(axis=1) >= LEAST_BASKETS)


def shop_slots(counts: Counts) -> Floats:
    """(slots,) share of all baskets."""
    whole = counts.baskets.sum(axis=0)
    return np.asarray(whole / max(whole.sum(), 1.0))


def cards(counts: Counts, scenes: Scenes, weights: Floats, belongs: Ints) -> list[Card]:
    """The card of each scene. weights: (customers, scenes); belongs: the clear scene or -1."""
    width = len(counts.categories)
    baskets, lines = counts.baskets.sum(axis=1), np.asarray(counts.by_category.sum(axis=1)).ravel()
    months = np.maximum(counts.end - counts.first + 1, _LEAST_DAYS) / _DAYS_A_MONTH
    often, spend = baskets / months, counts.minor.sum(axis=1)
    sure = usable(counts)
    shop = np.asarray(counts.by_category.sum(axis=0)).ravel() / max(baskets.sum(), 1.0)
    usual = (float(np.median(often[sure])), lines[sure].sum() / max(baskets[sure].sum(), 1.0))
    habits, found = [], []
    for scene in range(len(scenes.ids)):
        who = belongs == scene
        total = max(baskets[who].sum(), 1.0)
        slots = counts.baskets[who].sum(axis=0) / total
        tells = telling(scenes.profiles[scene, :width], shop)
        rhythm = float(np.median(often[who])) if who.any() else 0.0
        size = float(lines[who].sum() / total)
        heard = voices(counts.said, who, sure)
        said = tuple(one.cue for one in heard if one.sure)
        habits.append(Habit(tells, slots, shop_slots(counts), rhythm / usual[0], size / usual[1], said))
        share = np.asarray(counts.by_category[np.flatnonzero(who)].sum(axis=0)).ravel() / total
        found.append((who, slots, rhythm, size, _top(tells, share, shop), heard))
    touched = weights >= TOUCHED
    similar, overlap = cosine(scenes.profiles, scenes.profiles), touched.T.astype(np.int64) @ touched
    places = layout(similar)
    return [
        Card(
            named,
            int(who.sum()),
            int(touched[:, scene].sum()),
            int(spend[who].sum()),
            float(spend[who].sum() / max(spend.sum(), 1.0)),
            rhythm,
            size,
            top,
            slots,
            similar[scene],
            overlap[scene],
            places[scene],
            heard,
        )
        for scene, (named, (who, slots, rhythm, size, top, heard)) in enumerate(
            zip(names(habits, counts.categories), found, strict=True)
        )
    ]


def _top(tells: Floats, share: Floats, shop: Floats) -> tuple[tuple[int, float, float], ...]:
    best = np.argsort(-tells, kind="stable")[:TOP_CATEGORIES]
    return tuple((int(place), float(share[place]), float(shop[place])) for place in best if tells[place] > 0)


def layout(similar: Floats) -> Floats:
    """(scenes, 2) places from -1 to 1 where similar scenes stand near: classical scaling (Torgerson 1952)."""
    apart = (1.0 - similar) ** 2
    centred = -(apart - apart.mean(axis=0) - apart.mean(axis=1)[:, None] + apart.mean()) / 2
    sizes, axes = np.linalg.eigh(centred)
    places = np.zeros((len(similar), 2))
    most = min(2, len(similar))
    axes = axes[:, ::-1][:, :most] * np.sqrt(np.maximum(sizes[::-1][:most], 0))
    # The sign of an axis means nothing: fixed by its largest entry, so that the map does not flip.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(most)] + 1e-300)
    places[:, :most] = axes
    return np.asarray(places / max(float(np.abs(places).max()), 1e-12))
