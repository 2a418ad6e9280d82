"""Stock counts as a CSV file: the sheet to count with, looked at, and booked in one transaction."""

from __future__ import annotations

from datetime import datetime

from shengeng.kernel import sheets
from shengeng.kernel.errors import Lang
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.assortment import methods
from shengeng.trade.assortment.api.tables import refuse_wrong
from shengeng.trade.assortment.contracts import (
    CHANGED_MEANWHILE,
    COUNT_BYTES_MOST,
    NOTHING_COUNTED,
    ROWS_MOST,
    TOO_MANY,
    CountLook,
)
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.stock import api as stock
from shengeng.trade.stock.contracts import Entry, Level

_NEEDED = ("sku", "location_id", "counted")


def count_sheet(uow: UnitOfWork, location_id: str | None, lang: Lang) -> bytes:
    """Every level of a place (or of all) with what lies there by the books, to be counted."""
    levels: list[Level] = []
    after: tuple[str, str] | None = None
    while True:
        page = stock.levels(uow, location_id=location_id, after=after, limit=1000)
        levels += page.rows
        if len(levels) > ROWS_MOST:
            raise TOO_MANY.error(limit=ROWS_MOST)
        if page.after is None:
            break
        after = page.after
    known = catalogue.variants(uow, {one.sku for one in levels})
    lines = []
    for one in levels:
        cells = {"sku": one.sku, "location_id": one.location_id, "on_hand": str(one.on_hand)}
        if one.sku in known:
            words = [known[one.sku].title, *known[one.sku].choices]
            cells["title"] = " ".join(each.text(lang) for each in words)
        lines.append(cells)
    return sheets.write(methods.COUNT_COLUMNS, lines, lang)


def look_at_count(uow: UnitOfWork, content: bytes) -> CountLook:
    """What a counted sheet would book, row by row, and what in it cannot be. Writes nothing."""
    return _look(uow, content)


def book_count(
    uow: UnitOfWork, who: Principal, content: bytes, seen: str, now: datetime, *, note: str = ""
) -> CountLook:
    """Book everything that was counted as one booking (operator), or nothing.

    Refuses a sheet with anything that cannot be, one without any count, and one that would book something
    else by now than what was seen.
    """
    require(who, Role.OPERATOR)
    found = _look(uow, content, held=True)
    refuse_wrong(found.wrong)
    if found.seen != seen:
        raise CHANGED_MEANWHILE.error()
    entries = [Entry(one.sku, one.location_id, one.counted) for one in found.rows if one.counted is not None]
    if not entries:
        raise NOTHING_COUNTED.error()
    stock.count(uow, who, entries, now, note=note, most=ROWS_MOST)
    return found


def _look(uow: UnitOfWork, content: bytes, *, held: bool = False) -> CountLook:
    told = sheets.read(
        content, methods.COUNT_COLUMNS, _NEEDED, bytes_most=COUNT_BYTES_MOST, rows_most=ROWS_MOST
    )
    keys = set(methods.counted_at(told))
    known = catalogue.variants(uow, {sku for sku, _ in keys})
    places = {one.location_id for one in stock.locations(uow)}
    return methods.count(told, stock.levels_at(uow, keys, held=held), known, places)
