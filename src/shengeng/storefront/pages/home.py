"""The first page: departments, what is new, sustainable choices."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.storefront.asking import Ask, Scene
from shengeng.storefront.goods import GREENER, Shown, browse, departments
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Browse, Facet

router = APIRouter()
IN_A_ROW, AISLES, ROWS, SHOWN = 4, 6, 3, 3


@dataclass(frozen=True, slots=True)
class Aisle:
    """A department with a picture of one of its goods."""

    category_id: str
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
    every = departments(catalogue.categories(scene.uow))
    aisles, rows = [], []
    for each in every[:AISLES]:
        cards, _ = browse(scene, Browse(category_id=each.category_id, limit=IN_A_ROW, counted=False))
        if cards:
            name = each.name.text(scene.lang)
            aisles.append(Aisle(each.category_id, name, cards[0].image))
            rows.append(Row(name, "", tuple(cards), f"/c/{each.category_id}"))
    fresh, _ = browse(scene, Browse(sort="newest", limit=IN_A_ROW, counted=False))
    shown = [row.cards[min(1, len(row.cards) - 1)] for row in rows[-SHOWN:]] if rows else fresh[:SHOWN]
    new = Row(say(scene.lang, "home.fresh"), "", tuple(fresh), "/search")
    return page(
        scene,
        "home.html",
        indexed=True,
        shown=shown,
        aisles=aisles,
        scenes=[*rows[:ROWS], new] if fresh else [],
        greener=sustainable(scene),
    )


def sustainable(scene: Scene) -> list[Shown]:
    """A few goods with a green claim that names its evidence."""
    codes = green_codes(catalogue.browse(scene.uow, Browse(limit=1)).facets)
    if not codes:
        return []
    return browse(scene, Browse(filters={GREENER: codes}, limit=IN_A_ROW, counted=False))[0]


def green_codes(facets: tuple[Facet, ...]) -> tuple[str, ...]:
    """Every green claim by which goods can be found."""
    return tuple(facet.code for facet in facets if facet.key == GREENER)
