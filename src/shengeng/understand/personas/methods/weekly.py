"""This week's scenes from last week's, so that they neither shuffle nor lose their names' bearers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats
from shengeng.understand.personas.contracts import LEAST_CUSTOMERS, Counts, Scenes
from shengeng.understand.personas.methods.scenes import apart, choose, cosine, matched, refine
from shengeng.understand.personas.methods.standing import usable
from shengeng.understand.personas.methods.surprise import totals_of

CHOICE_HOLDS = timedelta(days=91)  # after a quarter the number of scenes is chosen again
SAME = 0.5  # cosine of profiles from which a newly chosen scene is the old one
# How much closer to the baskets a new choice must come to be worth new names: the same shop chosen anew eight
# weeks later fits no better, and moves four customers in ten (docs/personas.md).
BETTER = 0.02


def learnt(
    counts: Counts, rows: sp.csr_array, as_of: date, previous: Scenes | None, seed: int = 1
) -> Scenes | None:
    """The scenes as of a day; None where too few customers have baskets enough, or nothing has a category.

    rows: `features(counts)`. Last week's scenes are moved by this week's baskets. Once a quarter others are
    chosen beside them, and take their place only where they fit clearly better; each then takes the id of the
    old scene that it resembles.
    """
    who = usable(counts) & (np.asarray(rows.sum(axis=1)).ravel() > 0)
    if who.sum() < LEAST_CUSTOMERS or min(rows.shape) < 3 or len(counts.categories) < 3:
        return None
    names, totals = counts.names, totals_of(counts)
    old = None if previous is None else aligned(previous, names)
    mine = rows[np.flatnonzero(who)]
    moved = None if old is None else refine(mine, old)
    if previous is not None and moved is not None and as_of - previous.chosen_on < CHOICE_HOLDS:
        return Scenes(previous.ids, names, moved, totals, previous.chosen_on, previous.agreement)
    profiles, index = choose(rows, who, seed)
    good = moved is not None and apart(mine, profiles) > (1 - BETTER) * apart(mine, moved)
    if previous is not None and moved is not None and good:
        return Scenes(previous.ids, names, moved, totals, as_of, previous.agreement)
    ids = _ids(profiles, old, previous.ids if previous else ())
    order = np.argsort([int(name[1:]) for name in ids], kind="stable")
    return Scenes(tuple(ids[place] for place in order), names, profiles[order], totals, as_of, index)


def aligned(scenes: Scenes, names: Sequence[tuple[str, str]]) -> Floats:
    """(scenes, features) profiles over this week's features; a new feature starts small and equal in all."""
    column = {name: place for place, name in enumerate(scenes.names)}
    places = np.array([column.get(name, -1) for name in names], dtype=np.int64)
    found = np.where(places >= 0, scenes.profiles[:, places], 0.0)
    found = found + found.mean() / 100
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _ids(profiles: Floats, old: Floats | None, ids: tuple[str, ...]) -> list[str]:
    """The old ids where profiles are the same scenes, fresh numbers elsewhere."""
    fresh = max((int(name[1:]) for name in ids), default=0)
    places = np.full(len(profiles), -1) if old is None else matched(profiles, old)
    close = (
        np.zeros(len(profiles)) if old is None else cosine(profiles, old)[np.arange(len(profiles)), places]
    )
    found = []
    for place, same in zip(places, close, strict=True):
        kept = place >= 0 and same >= SAME
        fresh += not kept
        found.append(ids[place] if kept else f"p{fresh}")
    return found
