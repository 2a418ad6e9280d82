"""Products as a CSV file: out, looked at, and back in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.kernel import sheets
from shengeng.kernel.errors import Lang
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.assortment import methods
from shengeng.trade.assortment.api.keeping import kept_of, prices_of, write_prices
from shengeng.trade.assortment.contracts import (
    BYTES_MOST,
    CHANGED_MEANWHILE,
    ROWS_MOST,
    ROWS_WRONG,
    TOO_MANY,
    Kept,
    Known,
    Look,
    Wrong,
)
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ONLINE, PAGE_MOST, Browse
from shengeng.trade.stock import api as stock


def table(uow: UnitOfWork, asked: Browse, lang: Lang) -> bytes:
    """Every product that is asked for, one row a variant, as a CSV file headed in a language."""
    kept = _kept(uow, _found(uow, asked))
    skus = [one.sku for each in kept.values() for one in each.draft.variants]
    if len(skus) > ROWS_MOST:
        raise TOO_MANY.error(limit=ROWS_MOST)
    on_hand = stock.on_hand(uow, skus)
    currency = catalogue.channel(uow, ONLINE).currency
    rows = [row for each in kept.values() for row in methods.cells_of(each, currency)]
    lines = [row | {"on_hand": str(on_hand.get(row["sku"], 0))} for row in rows]
    return sheets.write(methods.columns_of([one.draft for one in kept.values()]), lines, lang)


def look(uow: UnitOfWork, content: bytes) -> Look:
    """What a CSV file of products would change, row by row, and what in it cannot be. Writes nothing."""
    return _plan(uow, content).look


def bring(uow: UnitOfWork, who: Principal, content: bytes, seen: str, now: datetime) -> Look:
    """Do what a file says (operator): all of it in this transaction, or nothing.

    seen: the fingerprint of the look; refuses when the same file would do something else by now, and a file
    with anything that cannot be.
    """
    require(who, Role.OPERATOR)
    catalogue.writing(uow)
    found = _plan(uow, content, held=True)
    refuse_wrong(found.look.wrong)
    if found.look.seen != seen:
        raise CHANGED_MEANWHILE.error()
    catalogue.put_products(uow, who, found.drafts, now)
    write_prices(uow, who, found.prices, now)
    detail: dict[str, audit.Plain] = {
        "rows": len(found.look.rows),
        "new": found.look.count("new"),
        "changed": found.look.count("changed"),
        "prices": len(found.prices),
    }
    audit.record(uow, at=now, actor=who.name, action="assortment.table", target=seen[:16], detail=detail)
    return found.look


def refuse_wrong(wrong: Sequence[Wrong]) -> None:
    """Refuses a file with anything in it that cannot be, naming the first of it."""
    for first in wrong:
        raise ROWS_WRONG.error(
            count=len(wrong),
            row=first.number,
            column=first.column,
            value=first.value,
            must=first.must.en,
            must_zh=first.must.zh,
        )


def _found(uow: UnitOfWork, asked: Browse) -> list[str]:
    """The ids of every product that is asked for."""
    ids: list[str] = []
    while True:
        here = replace(asked, counted=False, limit=PAGE_MOST, offset=len(ids))
        cards = catalogue.browse(uow, here).cards
        ids += [card.product_id for card in cards]
        if len(cards) < PAGE_MOST:
            return ids
        if len(ids) > ROWS_MOST:
            raise TOO_MANY.error(limit=ROWS_MOST)


def _kept(uow: UnitOfWork, product_ids: Collection[str], *, held: bool = False) -> Mapping[str, Kept]:
    """Products with their base prices, in the order of their ids as given."""
    found = catalogue.products(uow, product_ids)
    skus = [one.sku for each in found.values() for one in each.drafts]
    prices = prices_of(uow, skus, held=held)
    return {id: kept_of(found[id], prices) for id in product_ids if id in found}


def _plan(uow: UnitOfWork, content: bytes, *, held: bool = False) -> methods.Plan:
    told = sheets.read(
        content, methods.COLUMNS, ("product_id", "sku"), bytes_most=BYTES_MOST, rows_most=ROWS_MOST
    )
    ids = {sheets.normal(line.cells["product_id"]): None for line in told.lines}
    return methods.plan(told, _kept(uow, list(ids), held=held), _known(uow, told), catalogue.flaw)


def _known(uow: UnitOfWork, told: sheets.Table) -> Known:
    online = catalogue.channel(uow, ONLINE)
    named = {
        id
        for line in told.lines
        for key in ("media", "image")
        for id in line.cells.get(key, "").replace(",", " ").split()
    }
    return Known(
        categories=frozenset(one.category_id for one in catalogue.categories(uow)),
        sellers=frozenset(one.seller_id for one in catalogue.sellers(uow)),
        tax_classes=frozenset(online.tax_rates),
        media=frozenset(catalogue.known_media(uow, named)),
        owners=catalogue.owners(uow, [sheets.normal(line.cells["sku"]) for line in told.lines]),
        currency=online.currency,
    )
