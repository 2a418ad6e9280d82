"""Why a customer is in a scene: what each feature and each basket adds, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats
from shengeng.understand.personas.contracts import (
    SLOTS,
    BasketReason,
    Counts,
    Membership,
    Reason,
    ReviewReason,
    Said,
    Scenes,
)
from shengeng.understand.personas.methods.scenes import belonging, explained
from shengeng.understand.personas.methods.standing import usable
from shengeng.understand.personas.methods.surprise import features
from shengeng.understand.personas.methods.voices import Saying

_WHAT, _WHEN = {"category"}, {"slot"}


def spread(counts: Counts, scenes: Scenes) -> Counts:
    """One customer's counts laid out over the shop's features; what the shop does not count is left out."""
    width, end = (sum(kind in kinds for kind, _ in scenes.names) for kinds in (_WHAT, _WHAT | _WHEN))
    column = {name: place for place, name in enumerate(scenes.names)}
    row = np.zeros(len(scenes.names))
    for name, baskets in zip(counts.names, _seen(counts), strict=True):
        if baskets and name in column:
            row[column[name]] = baskets
    names = [name for _, name in scenes.names]
    departments = sorted({name.split("|", 1)[1] for name in names[width:end]})
    wrote = counts.said.wrote if counts.said else np.zeros(1, dtype=np.int64)
    said = Said(names[end:], sp.csr_array(row[None, end:]), wrote) if names[end:] else None
    return Counts(
        counts.customer_ids,
        names[:width],
        departments,
        sp.csr_array(row[None, :width]),
        sp.csr_array(row[None, width:end]),
        counts.baskets,
        counts.minor,
        counts.first,
        counts.end,
        said,
    )


def _seen(counts: Counts) -> Floats:
    """(features,) of the only customer."""
    parts = [counts.by_category, counts.by_slot, *([counts.said.by_cue] if counts.said else [])]
    return np.concatenate([part.toarray()[0] for part in parts])


def memberships_of(
    counts: Counts, scenes: Scenes, rows: Sequence[dict[str, Any]], sayings: Sequence[Saying] = ()
) -> list[Membership]:
    """The memberships of the only customer in counts, largest first.

    rows: their baskets' categories; sayings: what their reviews say.
    """
    mine = spread(counts, scenes)
    weights, parts = explained(features(mine, scenes.totals), scenes.profiles)
    clear = belonging(weights[None, :], usable(mine))[0]
    seen = _seen(mine)
    held = _held(rows, scenes)
    column = {name: place for place, (kind, name) in enumerate(scenes.names) if kind == "said"}
    known = [(column[saying.cue], saying) for saying in sayings if saying.cue in column]
    return [
        Membership(
            persona_id=scenes.ids[scene],
            weight=float(weights[scene]),
            belongs=bool(clear == scene),
            reasons=_reasons(scenes, parts[:, scene], seen),
            baskets=_baskets(parts[:, scene] / np.maximum(seen, 1.0), held),
            reviews=_reviews(parts[:, scene] / np.maximum(seen, 1.0), known),
        )
        for scene in np.argsort(-weights, kind="stable")
        if weights[scene] > 0
    ]


def _reasons(scenes: Scenes, part: Floats, seen: Floats) -> tuple[Reason, ...]:
    """What every feature adds, most first."""
    order = [int(place) for place in np.argsort(-part, kind="stable") if part[place] > 0]
    return tuple(_reason(scenes.names[place], part[place], seen[place]) for place in order)


def _reason(name: tuple[str, str], adds: float, baskets: float) -> Reason:
    return Reason(name[0], name[1], float(adds), int(baskets))


def _baskets(each: Floats, held: Held) -> tuple[BasketReason, ...]:
    """What every basket adds, most first. each: a feature's part, shared evenly by its baskets."""
    found = [
        BasketReason(order, slot, float(each[places].sum()), categories)
        for order, (slot, places, categories) in held.items()
    ]
    return tuple(sorted(found, key=lambda basket: (-basket.adds, basket.order_id)))


def _reviews(each: Floats, known: Sequence[tuple[int, Saying]]) -> tuple[ReviewReason, ...]:
    """What every saying adds, most first; one that surprises nobody adds nothing and is left out."""
    found = [
        ReviewReason(one.review_id, one.day, one.cue, one.sentence, float(each[place]))
        for place, one in known
        if each[place] > 0
    ]
    return tuple(sorted(found, key=lambda one: (-one.adds, -one.day.toordinal(), one.review_id)))


Held = dict[str, tuple[str, list[int], tuple[str, ...]]]


def _held(rows: Sequence[dict[str, Any]], scenes: Scenes) -> Held:
    """By basket: its slot, the places of its features, its categories."""
    column = {name: place for place, name in enumerate(scenes.names)}
    found: dict[str, tuple[str, set[int], list[str]]] = {}
    for row in rows:
        slot = SLOTS[row["slot"]]
        _, places, categories = found.setdefault(row["order_id"], (slot, set(), []))
        wanted = (("category", row["category"]), ("slot", f"{slot}|{row['department']}"))
        places.update(column[name] for name in wanted if name in column)
        categories.append(row["category"])
    return {order: (slot, sorted(places), tuple(names)) for order, (slot, places, names) in found.items()}
