"""Products in lists: found by words, category and filters; one query for a page, one for its facets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import Browse, Card
from shengeng.trade.catalogue.store.goods import PROVEN, attributes
from shengeng.trade.catalogue.store.tables import products, variants

# As the index has it, word for word.
_TITLE = sa.literal_column("(catalogue_products.title_zh || ' ' || catalogue_products.title_en)", sa.Text)
_EVERY = ""  # a tag that nothing has, put to all of them
_LIKE_ENOUGH = 0.3  # of trigrams that a mistyped word must share with a title


def page(uow: UnitOfWork, browse: Browse, query: str, category_ids: Sequence[str]) -> list[Card]:
    """Cards of a page. query: PostgreSQL's text query, "" for everything."""
    where = _conditions(browse, query, category_ids)
    wanted = sa.select(products).where(*where).order_by(*_order(browse, query))
    return _cards(uow, uow.conn.execute(wanted.limit(browse.limit).offset(browse.offset)).mappings().all())


_HEADS = """
select found.product_id from unnest(cast(:aisles as text[])) aisle
cross join lateral (
  select product_id from catalogue_products
  where category_id = aisle and state = 'listed' and from_minor is not null
  order by category_id, created_at, product_id limit :most
) found
"""


def heads(uow: UnitOfWork, aisles: Sequence[str], most: int) -> list[tuple[str, Card]]:
    """The first goods of each of these categories, each with its category, in the order of lists."""
    ids = uow.conn.execute(sa.text(_HEADS), {"aisles": list(aisles), "most": most}).scalars().all()
    wanted = sa.select(products).where(products.c.product_id.in_(ids))
    rows = uow.conn.execute(wanted.order_by(products.c.created_at, products.c.product_id)).mappings().all()
    return [(row["category_id"], card) for row, card in zip(rows, _cards(uow, rows), strict=True)]


def like(uow: UnitOfWork, browse: Browse, category_ids: Sequence[str]) -> tuple[list[Card], int]:
    """The same by likeness of the title, for what was mistyped."""
    limit = sa.func.set_config("pg_trgm.word_similarity_threshold", str(_LIKE_ENOUGH), True)
    uow.conn.execute(sa.select(limit))  # the operator reads it, and only the operator can use the index
    near = sa.func.word_similarity(browse.query, _TITLE)
    where = [*_conditions(browse, "", category_ids), sa.literal(browse.query).op("<%")(_TITLE)]
    wanted = sa.select(products, sa.func.count().over().label("found")).where(*where)
    rows = uow.conn.execute(
        wanted.order_by(near.desc(), products.c.product_id).limit(browse.limit).offset(browse.offset)
    )
    found = rows.mappings().all()
    return _cards(uow, found), int(found[0]["found"]) if found else 0


def counted(
    uow: UnitOfWork, browse: Browse, query: str, category_ids: Sequence[str]
) -> tuple[int, Mapping[str, int]]:
    """How many products are found, and how many of them have each tag; one look at each of them."""
    every = products.c.tags + sa.literal([_EVERY], sa.ARRAY(sa.Text))
    found = sa.select(sa.func.unnest(every).label("tag")).where(*_conditions(browse, query, category_ids))
    tags = found.subquery()
    rows = uow.conn.execute(sa.select(tags.c.tag, sa.func.count()).group_by(tags.c.tag))
    counts = {row[0]: int(row[1]) for row in rows}
    return counts.pop(_EVERY, 0), counts


_WORDS = """
select wanted.tag, one.attributes from unnest(cast(:tags as text[])) wanted(tag)
cross join lateral (
  select attributes from catalogue_products where tags @> array[wanted.tag] and state <> 'archived' limit 1
) one
"""


def tag_words(uow: UnitOfWork, tags: Collection[str]) -> Mapping[str, tuple[Words, Words]]:
    """What tags are called, each by an attribute that makes it."""
    found: dict[str, tuple[Words, Words]] = {}
    for row in uow.conn.execute(sa.text(_WORDS), {"tags": sorted(tags)}):
        for said in attributes(row.attributes):
            if row.tag == f"{said.key}:{said.code}":
                found[row.tag] = (said.label, said.value)
    return found


def _conditions(browse: Browse, query: str, category_ids: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [products.c.state.in_(browse.states)]
    if browse.priced_only:
        found.append(products.c.from_minor.is_not(None))
    if category_ids:
        found.append(products.c.category_id.in_(category_ids))
    if query:
        found.append(products.c.found_by.op("@@")(sa.func.to_tsquery("simple", query)))
    if browse.proven:
        found.append(products.c.tags.contains([f"{PROVEN}:{browse.proven}"]))
    for key, codes in browse.filters.items():
        found.append(products.c.tags.overlap([f"{key}:{code}" for code in codes]))
    if browse.price_low is not None:
        found.append(products.c.from_minor >= browse.price_low)
    if browse.price_high is not None:
        found.append(products.c.from_minor <= browse.price_high)
    return found


def _order(browse: Browse, query: str) -> list[sa.ColumnElement[Any]]:
    last: sa.ColumnElement[Any] = products.c.product_id
    if browse.sort == "price":
        return [products.c.from_minor.asc().nulls_last(), last]
    if browse.sort == "-price":
        dearest = products.c.from_minor.desc()
        return [dearest if browse.priced_only else dearest.nulls_last(), last.desc()]
    if browse.sort == "newest":
        return [products.c.created_at.desc(), last.desc()]
    if browse.sort == "title":
        return [products.c.title_zh, last]
    if query:
        named = sa.func.strpos(sa.func.lower(_TITLE), browse.query.strip().lower()) > 0
        rank = sa.func.ts_rank(products.c.found_by, sa.func.to_tsquery("simple", query))
        return [named.desc(), rank.desc(), last]
    return [products.c.created_at, last]


def _cards(uow: UnitOfWork, rows: Sequence[Mapping[Any, Any]]) -> list[Card]:
    ids = [row["product_id"] for row in rows]
    query = sa.select(variants).where(variants.c.product_id.in_(ids), variants.c.active)
    mine: dict[str, list[Mapping[Any, Any]]] = {id: [] for id in ids}
    for one in uow.conn.execute(query.order_by(variants.c.position)).mappings() if ids else ():
        mine[one["product_id"]].append(one)
    return [_card(row, mine[row["product_id"]]) for row in rows]


_NOTHING_SOLD = {"supply": "stock", "ships_on": None, "cold_chain": "none", "image": ""}


def _card(row: Mapping[Any, Any], sold: Sequence[Mapping[Any, Any]]) -> Card:
    first: Mapping[Any, Any] = sold[0] if sold else _NOTHING_SOLD
    pictures = row["media"]
    same = ("product_id", "state", "sample", "from_minor", "changed_at", "category_id", "seller_id")
    return Card(
        title=Words(row["title_zh"], row["title_en"]),
        summary=Words(row["summary_zh"], row["summary_en"]),
        image=first["image"] or (pictures[0]["media_id"] if pictures else ""),
        skus=tuple(one["sku"] for one in sold),
        supply=first["supply"],
        ships_on=first["ships_on"],
        cold_chain=first["cold_chain"],
        attributes=attributes(row["attributes"]),
        **{name: row[name] for name in same},
    )
