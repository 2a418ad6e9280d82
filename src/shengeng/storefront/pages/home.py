"""The first page: what is on offer, departments, what is new, sustainable choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.storefront.aisles import categories, departments
from shengeng.storefront.asking import Ask, Scene
from shengeng.storefront.goods import GREENER, Shown, cards
from shengeng.storefront.offers import running, told
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Browse, Card

router = APIRouter()
IN_A_ROW, AISLES, ROWS, SHOWN, OFFERS = 4, 6, 3, 3, 4


@dataclass(frozen=True, slots=True)
class Aisle:
    """A department with a picture of one of its goods."""

    path: str
    name: str
    image: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of goods, and where the rest of them are."""

    name: str
    text: str
    cards: tuple[Shown, ...]
    path: str


@router.get("/")
def home(scene: Ask) -> Response:
    """The home page."""
    every = departments(categories(scene))
    heads = catalogue.heads(scene.uow, [each.category_id for each in every], IN_A_ROW)
    fresh = catalogue.browse(scene.uow, Browse(sort="newest", limit=IN_A_ROW, counted=False)).cards
    green = catalogue.browse(scene.uow, Browse(proven=GREENER, limit=IN_A_ROW, counted=False)).cards
    shown = _cards(scene, [*heads.values(), fresh, green])
    rows = [
        Row(each.name.text(scene.lang), "", shown[at], f"/c/{each.category_id}")
        for at, each in enumerate(one for one in every if one.category_id in heads)
    ]
    aisles = [Aisle(row.path, row.name, row.cards[0].image) for row in rows]
    new = Row(say(scene.lang, "home.fresh"), "", shown[-2], "/search")
    return page(
        scene,
        "home.html",
        indexed=True,
        shown=_window(rows) or shown[-2][:SHOWN],
        aisles=aisles[:AISLES],
        scenes=[*rows[:ROWS], new] if fresh else [],
        greener=shown[-1],
        offers=[told(scene, one) for one in running(scene)][:OFFERS],
    )


def _cards(scene: Scene, groups: Sequence[Sequence[Card]]) -> list[tuple[Shown, ...]]:
    """Several rows of cards with one question for their prices."""
    every = iter(cards(scene, [card for group in groups for card in group]))
    return [tuple(islice(every, len(group))) for group in groups]


def _window(rows: Sequence[Row]) -> list[Shown]:
    """What stands beside the first words: goods of departments that are far apart."""
    step = max(1, len(rows) // SHOWN)
    return [row.cards[0] for row in rows[step - 1 :: step]][:SHOWN]
