"""Products, variants and pictures as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert

from shengeng.kernel.words import Words
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.catalogue.contracts import (
    Attribute,
    Category,
    Picture,
    Product,
    ProductDraft,
    Seller,
    Variant,
    VariantDraft,
)
from shengeng.trade.catalogue.store.tables import media, products, sellers, variants

Path = tuple[Category, ...]
PROVEN = "proven"
_COPIED = ("cost_minor", "weight_g", "volume_ml", "cold_chain", "supply", "ships_on", "lead_days", "active")


def put(uow: UnitOfWork, told: Sequence[tuple[ProductDraft, str]], now: datetime) -> None:
    """Write products, each with the words that it is found by; a version grows where it stood before.

    Variants that are left out are gone, but keep their sku: stock and orders may still name it.
    """
    rows = [_row(draft, found_by, now) for draft, found_by in told]
    uow.conn.execute(_PUT, rows)
    kept = [one.sku for draft, _ in told for one in draft.variants]
    uow.conn.execute(_LEFT_OUT, {"ids": [draft.product_id for draft, _ in told], "kept": kept})
    uow.conn.execute(
        _PUT_VARIANTS,
        [
            _variant_row(draft.product_id, place, one)
            for draft, _ in told
            for place, one in enumerate(draft.variants)
        ],
    )


def _put() -> Insert:
    made = insert(products).values(found_by=sa.func.to_tsvector("simple", sa.bindparam("words")))
    told = (*_TEXTS, *_SAME, "options", "attributes", "media", "tags", "found_by", "changed_at", "imported")
    anew: dict[str, Any] = {name: made.excluded[name] for name in told}
    return made.on_conflict_do_update(
        index_elements=["product_id"], set_=anew | {"version": products.c.version + 1}
    )


def _put_variants() -> Insert:
    made = insert(variants)
    anew = {name: made.excluded[name] for name in (*_COPIED, "position", "choices", "image", "gone")}
    return made.on_conflict_do_update(index_elements=["sku"], set_=anew)


_TEXTS = tuple(f"{name}_{lang}" for name in ("title", "summary", "about") for lang in ("zh", "en"))
_SAME = ("product_id", "seller_id", "category_id", "brand", "tax_class", "state", "sample")
_PUT, _PUT_VARIANTS = _put(), _put_variants()
_LEFT_OUT = (
    variants.update()
    .where(
        variants.c.product_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))),
        variants.c.sku != sa.all_(sa.bindparam("kept", type_=sa.ARRAY(sa.Text))),
    )
    .values(gone=True, active=False)
)


def _row(draft: ProductDraft, found_by: str, now: datetime) -> dict[str, Any]:
    texts = {"title": draft.title, "summary": draft.summary, "about": draft.about}
    row: dict[str, Any] = {
        f"{name}_{lang}": getattr(words, lang) for name, words in texts.items() for lang in ("zh", "en")
    }
    row |= {name: getattr(draft, name) for name in _SAME}
    row["options"] = [asdict(one) for one in draft.options]
    row["attributes"] = [asdict(one) for one in draft.attributes]
    row["media"] = [asdict(one) for one in draft.media]
    row |= {"tags": tags(draft), "words": found_by, "imported": False, "created_at": now, "changed_at": now}
    return row


def tags(draft: ProductDraft) -> list[str]:
    """What a product can be filtered by, as key:code; proven:key for what has evidence."""
    found = [f"{one.key}:{one.code}" for one in draft.attributes if one.code]
    found += [f"{PROVEN}:{one.key}" for one in draft.attributes if one.evidence]
    found += [f"supply:{one.supply}" for one in draft.variants]
    found += [f"cold_chain:{one.cold_chain}" for one in draft.variants]
    return sorted(set(found))


def _variant_row(product_id: str, place: int, one: VariantDraft) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _COPIED}
    row |= {"sku": one.sku, "product_id": product_id, "position": place, "image": one.image, "gone": False}
    return row | {"choices": [asdict(choice) for choice in one.choices]}


def owners(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, str]:
    """The product of each sku that exists or did."""
    wanted = sa.bindparam("skus", list(skus), type_=sa.ARRAY(sa.Text))
    query = sa.select(variants.c.sku, variants.c.product_id).where(variants.c.sku == sa.any_(wanted))
    return {row.sku: row.product_id for row in uow.conn.execute(query)}


def skus_of(uow: UnitOfWork, product_ids: Collection[str]) -> Mapping[str, str]:
    """Every sku that some products have now, with its product."""
    theirs = variants.c.product_id.in_(product_ids), ~variants.c.gone
    query = sa.select(variants.c.sku, variants.c.product_id).where(*theirs)
    return {row.sku: row.product_id for row in uow.conn.execute(query)}


_OF_VARIANT = (
    variants,
    products.c.seller_id,
    products.c.category_id,
    products.c.title_zh,
    products.c.title_en,
    products.c.tax_class,
    products.c.state,
    products.c.media,
)


# Each product's own category and those above it, from the department down.
_ABOVE = sa.literal_column(
    """(with recursive above as (
      select c.category_id, c.parent_id, 1 as level from catalogue_categories c
      where c.category_id = catalogue_products.category_id
      union all
      select c.category_id, c.parent_id, a.level + 1 from catalogue_categories c
      join above a on c.category_id = a.parent_id)
    select array_agg(category_id order by level desc) from above)""",
    sa.ARRAY(sa.Text),
).label("category_ids")
_BY_SKU = (
    sa.select(*_OF_VARIANT, _ABOVE)
    .join(products, products.c.product_id == variants.c.product_id)
    .where(variants.c.sku == sa.any_(sa.bindparam("skus", type_=sa.ARRAY(sa.Text))))
)


def of_skus(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, Variant]:
    """Variants by sku, in one query."""
    found = uow.conn.execute(_BY_SKU, {"skus": sorted(skus)}).mappings()
    return {row["sku"]: _variant(row, tuple(row["category_ids"] or ())) for row in found}


def _variant(row: Mapping[Any, Any], category_ids: tuple[str, ...]) -> Variant:
    """A variant of a joined row."""
    return Variant(
        sku=row["sku"],
        product_id=row["product_id"],
        seller_id=row["seller_id"],
        category_ids=category_ids,
        title=Words(row["title_zh"], row["title_en"]),
        choices=tuple(Words(**one) for one in row["choices"]),
        tax_class=row["tax_class"],
        sellable=row["active"] and row["state"] == "listed",
        image=row["image"] or (row["media"][0]["media_id"] if row["media"] else ""),
        **{name: row[name] for name in _COPIED if name != "active"},
    )


def one(uow: UnitOfWork, product_id: str, paths: Mapping[str, Path]) -> Product | None:
    """A product with everything that belongs to it."""
    return many(uow, [product_id], paths).get(product_id)


def many(uow: UnitOfWork, product_ids: Collection[str], paths: Mapping[str, Path]) -> dict[str, Product]:
    """Products with everything that belongs to them, in two queries; unknown ones are left out."""
    ids = sa.bindparam("ids", list(product_ids), type_=sa.ARRAY(sa.Text))
    query = sa.select(products, sellers.c.name_zh, sellers.c.name_en).join(sellers)
    rows = uow.conn.execute(query.where(products.c.product_id == sa.any_(ids))).mappings().all()
    joined = sa.select(*_OF_VARIANT).join(products, products.c.product_id == variants.c.product_id)
    mine = joined.where(variants.c.product_id == sa.any_(ids), ~variants.c.gone)
    sold: dict[str, list[Mapping[Any, Any]]] = {row["product_id"]: [] for row in rows}
    for each in uow.conn.execute(mine.order_by(variants.c.position)).mappings():
        sold[each["product_id"]].append(each)
    return {row["product_id"]: _product(row, sold[row["product_id"]], paths) for row in rows}


def _product(row: Mapping[Any, Any], rows: Sequence[Mapping[Any, Any]], paths: Mapping[str, Path]) -> Product:
    path = paths.get(row["category_id"] or "", ())
    above = tuple(one.category_id for one in path)
    same = ("product_id", "brand", "tax_class", "state", "sample", "imported", "version", "from_minor")
    return Product(
        seller=Seller(row["seller_id"], Words(row["name_zh"], row["name_en"])),
        categories=path,
        title=Words(row["title_zh"], row["title_en"]),
        summary=Words(row["summary_zh"], row["summary_en"]),
        about=Words(row["about_zh"], row["about_en"]),
        options=tuple(Words(**each) for each in row["options"]),
        attributes=attributes(row["attributes"]),
        media=tuple(Picture(each["media_id"], Words(**each["alt"])) for each in row["media"]),
        variants=tuple(_variant(each, above) for each in rows),
        drafts=tuple(_draft(each) for each in rows),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        **{name: row[name] for name in same},
    )


def _draft(row: Mapping[Any, Any]) -> VariantDraft:
    choices = tuple(Words(**each) for each in row["choices"])
    return VariantDraft(row["sku"], choices, image=row["image"], **{name: row[name] for name in _COPIED})


def attributes(rows: Sequence[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """Attributes as they are kept."""
    return tuple(
        Attribute(**{**each, "label": Words(**each["label"]), "value": Words(**each["value"])})
        for each in rows
    )


def version(uow: UnitOfWork, product_id: str) -> int | None:
    """The version of a product, held until the end of the transaction; None when there is none."""
    query = sa.select(products.c.version).where(products.c.product_id == product_id).with_for_update()
    return uow.conn.execute(query).scalar()


def set_state(uow: UnitOfWork, product_ids: Collection[str], state: str, now: datetime) -> int:
    """Move products to a state; returns how many moved."""
    told = sa.update(products).where(products.c.product_id.in_(product_ids), products.c.state != state)
    done = told.values(state=state, changed_at=now, version=products.c.version + 1)
    return len(uow.conn.execute(done.returning(products.c.product_id)).all())


def price_shown(uow: UnitOfWork, prices: Mapping[str, int | None]) -> None:
    """Note the lowest price of products; None: they have none."""
    if not prices:
        return
    uow.conn.execute(_SHOWN, {"ids": list(prices), "minors": list(prices.values())})


_SHOWN = sa.text("""
    update catalogue_products p set from_minor = given.minor
    from unnest(cast(:ids as text[]), cast(:minors as bigint[])) given(id, minor)
    where p.product_id = given.id and p.from_minor is distinct from given.minor
""")


def changed_since(uow: UnitOfWork, since: datetime | None, limit: int) -> list[tuple[str, datetime]]:
    """Listed products with their last change, the newest first."""
    query = sa.select(products.c.product_id, products.c.changed_at)
    query = query.where(products.c.state == "listed", products.c.from_minor.is_not(None))
    if since is not None:
        query = query.where(products.c.changed_at > since)
    found = uow.conn.execute(query.order_by(products.c.changed_at.desc()).limit(limit))
    return [(row.product_id, row.changed_at) for row in found]


def add_media(uow: UnitOfWork, media_id: str, kind: str, content: bytes, now: datetime) -> None:
    """Keep a picture; the same content once."""
    row = {"media_id": media_id, "kind": kind, "content": content, "created_at": now}
    uow.conn.execute(insert(media).values(row).on_conflict_do_nothing())


def get_media(uow: UnitOfWork, media_id: str) -> tuple[str, bytes] | None:
    """A picture's kind and content."""
    row = uow.conn.execute(
        sa.select(media.c.kind, media.c.content).where(media.c.media_id == media_id)
    ).first()
    return (row.kind, bytes(row.content)) if row else None


def known_media(uow: UnitOfWork, ids: Collection[str]) -> set[str]:
    """Which of these pictures are kept."""
    wanted = sa.bindparam("ids", list(ids), type_=sa.ARRAY(sa.Text))
    return set(
        uow.conn.execute(sa.select(media.c.media_id).where(media.c.media_id == sa.any_(wanted))).scalars()
    )
