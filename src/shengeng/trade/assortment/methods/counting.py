"""A sheet on which people wrote what they counted: row by row against the books."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping

from shengeng.kernel.sheets import Column, Line, Table, normal
from shengeng.kernel.words import Words
from shengeng.trade.assortment.contracts import Counted, CountLook, Wrong
from shengeng.trade.stock.contracts import UNITS_MOST, Level

COUNT_COLUMNS = (
    Column("sku", "规格编码", "SKU"),
    Column("title", "名称（只读）", "Title (read only)"),
    Column("location_id", "库位编号", "Location"),
    Column("on_hand", "账面数量（只读）", "On hand (read only)"),
    Column("counted", "实盘数量", "Counted"),
)
_WHOLE = re.compile(r"\d{1,10}")
Key = tuple[str, str]


def counted_at(table: Table) -> list[Key]:
    """The variants and places that a sheet names."""
    return [_key(line) for line in table.lines]


def count(
    table: Table, levels: Mapping[Key, Level], skus: Collection[str], places: Collection[str]
) -> CountLook:
    """What a sheet says of the levels that there are; a blank count was not counted and changes nothing.

    skus, places: those that the shop knows. Fewer than are promised to orders cannot be.
    """
    rows: list[Counted] = []
    wrong: list[Wrong] = []
    first: dict[Key, int] = {}
    for line in table.lines:
        key = _key(line)
        level = levels.get(key) or Level(*key, 0, 0, 0)
        bad = _fault(line, level, known=key[0] in skus or key in levels, place=key[1] in places)
        if bad is None and key in first:
            row = first[key]
            bad = ("sku", Words(f"各行不同（第 {row} 行已有）", f"different (row {row} has it)"))
        first.setdefault(key, line.number)
        if bad is not None:
            wrong.append(Wrong(line.number, bad[0], line.cells[bad[0]][:80], bad[1]))
            continue
        cell = normal(line.cells["counted"])
        rows.append(Counted(line.number, *key, level.on_hand, int(cell) if cell else None))
    seen = hashlib.sha256(repr(rows).encode()).hexdigest()
    return CountLook(tuple(rows), tuple(wrong), table.unknown, table.encoding, seen)


def _key(line: Line) -> Key:
    return normal(line.cells["sku"]), normal(line.cells["location_id"])


def _fault(line: Line, level: Level, *, known: bool, place: bool) -> tuple[str, Words] | None:
    cell, promised = normal(line.cells["counted"]), level.held + level.committed
    if not known:
        return "sku", Words("店铺已有的规格", "a variant of the shop")
    if not place:
        return "location_id", Words("已有的库位", "a location that there is")
    if not cell:
        return None
    if not _WHOLE.fullmatch(cell) or int(cell) > UNITS_MOST:
        return "counted", Words(f"0 到 {UNITS_MOST} 的整数", f"a whole number, 0..{UNITS_MOST}")
    if int(cell) < promised:
        return "counted", Words(
            f"不少于 {promised}（已承诺给订单）", f"at least {promised}: so many are promised to orders"
        )
    return None
