"""Lists: a department, a search, the sustainable choices; filter, order and page stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import to_minor
from shengeng.storefront import structured
from shengeng.storefront.aisles import categories
from shengeng.storefront.asking import Ask, Scene
from shengeng.storefront.goods import GREENER, Shown, browse
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.catalogue.contracts import NO_CATEGORY, Browse, Category, Facet, Page, Sort

router = APIRouter()
A_PAGE, PAGES_MOST, QUERY_LONGEST, INSTEAD = 24, 400, 100, 6
SORTS: tuple[Sort, ...] = ("relevance", "newest", "price", "-price")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by."""

    value: str
    name: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one attribute."""

    key: str
    name: str
    choices: tuple[Choice, ...]


@router.get("/c/{category_id}")
def category_page(scene: Ask, category_id: str) -> Response:
    """A department or what is below it."""
    every = {each.category_id: each for each in categories(scene)}
    if category_id not in every:
        raise NO_CATEGORY.error(id=category_id[:80])
    here = every[category_id]
    trail = _trail(scene, here, every)
    top = here.parent_id or here.category_id
    children = [every[top], *(each for each in every.values() if each.parent_id == top)]
    return _shelf(
        scene,
        f"/c/{category_id}",
        Browse(category_id=category_id),
        title=here.name.text(scene.lang),
        text="",
        trail=trail,
        aisle=top,
        children=children if len(children) > 1 else [],
        indexed=True,
    )


@router.get("/search")
def search_page(scene: Ask, q: str = "") -> Response:
    """What a search finds; everything without a word."""
    query = " ".join(q.replace("\x00", "").split())[:QUERY_LONGEST]
    title = say(scene.lang, "search.for", query=query) if query else say(scene.lang, "search.title")
    return _shelf(
        scene, "/search", Browse(query=query), title=title, text="", trail=[(title, "")], query=query
    )


@router.get("/greener")
def greener_page(scene: Ask) -> Response:
    """Goods with a green claim that names its evidence."""
    title, text = say(scene.lang, "greener.title"), say(scene.lang, "greener.text")
    return _shelf(
        scene,
        "/greener",
        Browse(proven=GREENER),
        title=title,
        text=text,
        trail=[(title, "")],
        aisle="@greener",
        indexed=True,
    )


def _shelf(scene: Scene, path: str, base: Browse, **given: Any) -> Response:
    chosen = _chosen(scene)
    low, high, sort = _money(scene, "low"), _money(scene, "high"), _sort(scene)
    number = _number(scene)
    asked = Browse(
        query=base.query,
        category_id=base.category_id,
        proven=base.proven,
        filters={**base.filters, **chosen},
        price_low=low,
        price_high=high,
        sort=sort,
        limit=A_PAGE,
        offset=(number - 1) * A_PAGE,
    )
    cards, found = browse(scene, asked)
    query = [(key, value) for key, value in scene.request.query_params.multi_items() if key != "page"]
    more = number * A_PAGE < found.total and number < PAGES_MOST
    known: dict[str, Any] = {
        "here": path,
        "cards": cards,
        "total": found.total,
        "groups": _groups(scene, found, chosen),
        "low": scene.request.query_params.get("low", "")[:12],
        "high": scene.request.query_params.get("high", "")[:12],
        "sort": scene.request.query_params.get("sort", "")[:12],
        "sort_now": sort,
        "sorts": [(key, _address(scene, path, [*_but(query, "sort"), ("sort", key)])) for key in SORTS],
        "near": found.near,
        "instead": _instead(scene) if not cards else [],
        "next": _address(scene, path, [*query, ("page", str(number + 1))]) if more else "",
        "filtered": bool(chosen) or low is not None or high is not None,
        "query": "",
        "aisle": "",
        "children": [],
        "structured": structured.graph(structured.crumbs(scene, given["trail"])),
    }
    return page(scene, "part/shelf.html" if scene.htmx else "shelf.html", **(known | given))


def _instead(scene: Scene) -> list[Shown]:
    """What is new, where nothing was found."""
    return browse(scene, Browse(sort="newest", limit=INSTEAD, counted=False))[0]


def _trail(scene: Scene, here: Category, every: Mapping[str, Category]) -> list[tuple[str, str]]:
    above = every.get(here.parent_id or "")
    first = [(above.name.text(scene.lang), f"/c/{above.category_id}")] if above else []
    return [*first, (here.name.text(scene.lang), "")]


def _chosen(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Values by attribute, from the boxes that are ticked: f.key=code."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in scene.request.query_params.multi_items()[:100]:
        if name.startswith("f.") and value and "\x00" not in name + value:
            found[name[2:80]] = (*found.get(name[2:80], ()), value[:80])
    return found


def _groups(scene: Scene, found: Page, chosen: Mapping[str, tuple[str, ...]]) -> list[Group]:
    """Values to filter by; one that everything has tells nothing apart and is left out."""
    by_key: dict[str, list[Facet]] = {}
    for facet in found.facets:
        by_key.setdefault(facet.key, []).append(facet)
    return [
        Group(
            f"f.{key}",
            of_key[0].label.text(scene.lang),
            tuple(
                Choice(one.code, one.value.text(scene.lang), one.count, one.code in chosen.get(key, ()))
                for one in of_key
            ),
        )
        for key, of_key in by_key.items()
        if key in chosen or len(of_key) > 1 or of_key[0].count < found.total
    ]


def _sort(scene: Scene) -> Sort:
    asked = scene.request.query_params.get("sort", "")
    return next((one for one in get_args(Sort) if one == asked and one in SORTS), "relevance")


def _money(scene: Scene, name: str) -> int | None:
    text = scene.request.query_params.get(name, "").strip()[:12]
    try:
        return to_minor(text, scene.currency) if text else None
    except ShopError:
        return None


def _number(scene: Scene) -> int:
    text = scene.request.query_params.get("page", "1")
    return min(max(int(text), 1), PAGES_MOST) if text.isdecimal() and len(text) < 6 else 1


def _but(query: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return [pair for pair in query if pair[0] != name]


def _address(scene: Scene, path: str, query: list[tuple[str, str]]) -> str:
    kept = [(key, value) for key, value in query if value]
    return scene.link(path) + ("?" + urlencode(kept) if kept else "")
