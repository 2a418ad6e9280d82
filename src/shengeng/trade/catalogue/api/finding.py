"""Finding products: by words in either language, category, filters and price."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue import methods
from shengeng.trade.catalogue.api.places import paths
from shengeng.trade.catalogue.contracts import NO_CATEGORY, PAGE_MOST, Browse, Card, Facet, Page
from shengeng.trade.catalogue.store import goods, lists, places

_SUPPLY = {
    "stock": Words("现货", "In stock goods"),
    "presale": Words("预售", "Presale"),
    "made_to_order": Words("定制", "Made to order"),
}
_COLD = {"chilled": Words("冷藏", "Chilled"), "frozen": Words("冷冻", "Frozen")}
_OWN_TAGS = {
    "supply": (Words("供货", "Supply"), _SUPPLY),
    "cold_chain": (Words("冷链", "Cold chain"), _COLD),
}


def browse(uow: UnitOfWork, browse: Browse) -> Page:
    """Products of a category or search with their facets; a word that nothing has is sought in other words,
    then by likeness.

    Facets count what is found without the filters of their own key, so that a second value can be added.
    """
    asked = replace(browse, limit=min(max(browse.limit, 1), PAGE_MOST), offset=max(browse.offset, 0))
    inside = _below(uow, asked.category_id)
    query = methods.asked(asked.query)
    if asked.query.strip() and not query:
        return Page((), 0, ())
    found = _found(uow, asked, query, inside)
    other = methods.otherwise(asked.query) if query and not found.total else ""
    if other:
        found = _found(uow, asked, other, inside)
    return found if found.total or not query else _near(uow, asked, inside)


def _found(uow: UnitOfWork, asked: Browse, query: str, inside: Sequence[str]) -> Page:
    cards = lists.page(uow, asked, query, inside)
    if not asked.counted:
        return Page(tuple(cards), len(cards), ())
    total, tags = lists.counted(uow, asked, query, inside)
    return Page(tuple(cards), total, _facets(uow, asked, query, inside, tags) if total else ())


def _near(uow: UnitOfWork, asked: Browse, inside: Sequence[str]) -> Page:
    """What is like the words that were asked for: titles by their trigrams, Chinese by parts of the words."""
    cards, total = lists.like(uow, asked, inside)
    loose = "" if total else methods.loosely(asked.query)
    if loose:
        cards = lists.page(uow, asked, loose, inside)
        total = lists.counted(uow, asked, loose, inside)[0]
    return Page(tuple(cards), total, (), near=total > 0)


def heads(uow: UnitOfWork, departments: Collection[str], most: int) -> Mapping[str, Sequence[Card]]:
    """The first goods of several departments, in two queries however many; empty ones are left out."""
    known = paths(places.all_categories(uow))
    top = {id: path[0].category_id for id, path in known.items() if path[0].category_id in departments}
    found: dict[str, list[Card]] = {}
    for aisle, card in lists.heads(uow, list(top), most):
        mine = found.setdefault(top[aisle], [])
        if len(mine) < most:
            mine.append(card)
    return found


def _below(uow: UnitOfWork, category_id: str | None) -> list[str]:
    """A category and everything below it; nothing where none is asked for."""
    if category_id is None:
        return []
    known = paths(places.all_categories(uow))
    if category_id not in known:
        raise NO_CATEGORY.error(id=category_id[:60])
    return [id for id, path in known.items() if any(one.category_id == category_id for one in path)]


def _facets(
    uow: UnitOfWork, asked: Browse, query: str, inside: Sequence[str], tags: Mapping[str, int]
) -> tuple[Facet, ...]:
    counts = dict(tags)
    for key in asked.filters:
        others = {other: codes for other, codes in asked.filters.items() if other != key}
        _, own = lists.counted(uow, replace(asked, filters=others), query, inside)
        counts |= {tag: count for tag, count in own.items() if tag.startswith(f"{key}:")}
    told = facets_of(uow, counts)
    found = [
        Facet(*tag.partition(":")[::2], *told[tag], count) for tag, count in counts.items() if tag in told
    ]
    return tuple(sorted(found, key=lambda one: (one.key, -one.count, one.code)))


def facets_of(uow: UnitOfWork, tags: Collection[str]) -> Mapping[str, tuple[Words, Words]]:
    """What tags (key:code) are called: their kind and their value; those that nothing has are left out."""
    found = {
        f"{key}:{code}": (label, words)
        for key, (label, values) in _OWN_TAGS.items()
        for code, words in values.items()
    }
    return found | dict(lists.tag_words(uow, [tag for tag in tags if tag not in found]))


def changed_since(uow: UnitOfWork, since: datetime | None, limit: int = 50_000) -> list[tuple[str, datetime]]:
    """Products on sale with their last change, the newest first: what a sitemap tells."""
    return goods.changed_since(uow, since, limit)
