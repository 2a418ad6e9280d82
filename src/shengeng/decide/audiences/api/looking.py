"""What a sentence would say now."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from shengeng.decide.audiences.api.answering import Inner, Said, said
from shengeng.decide.audiences.api.facts import Asked, asked
from shengeng.decide.audiences.contracts import SAMPLE, Preview, Sampled, WhyLeaf
from shengeng.decide.audiences.contracts.language import Definition, InAudience
from shengeng.decide.audiences.contracts.refusals import NO_AUDIENCE
from shengeng.decide.audiences.methods.reading import read
from shengeng.decide.audiences.store import saved
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores


def preview(stores: Stores, uow: UnitOfWork, definition: Definition, now: datetime) -> Preview:
    """How many a sentence is true of now, by node, and some of them, always the same ones."""
    shop = asked(stores, uow, now)
    found = said(shop, definition, inner_of(uow))
    members = np.flatnonzero(found.whole.held)
    rng = np.random.default_rng(len(shop.people))
    some = np.sort(rng.choice(members, min(SAMPLE, len(members)), replace=False))
    return Preview(
        count=len(members),
        of=len(shop.people),
        per_node={path: int(held.sum()) for path, held in found.nodes.items()},
        sample=tuple(Sampled(shop.people.ids[int(one)].as_py(), why(found, int(one))) for one in some),
        as_at=shop.at,
    )


def why(found: Said, place: int) -> tuple[WhyLeaf, ...]:
    """Each condition of one person, with the figure it was judged by."""
    return tuple(
        WhyLeaf(path, bool(answer.held[place]), _figure(answer.figure, place))
        for path, answer in found.leaves.items()
    )


def _figure(figure: np.ndarray | None, place: int) -> float | None:
    if figure is None or np.isnan(figure[place]):
        return None
    return float(figure[place])


def inner_of(uow: UnitOfWork) -> Inner:
    """The newest sentence of an audience that another one rests on."""
    kept: dict[InAudience, Definition] = {}

    def find(leaf: InAudience) -> Definition:
        if leaf not in kept:
            row = saved.one(uow, leaf.id)
            if row is None:
                raise NO_AUDIENCE.error(id=leaf.id)
            kept[leaf] = read(row["definition"])
        return kept[leaf]

    return find


__all__ = ["Asked", "inner_of", "preview", "why"]
