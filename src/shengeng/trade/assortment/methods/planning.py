"""What a table of products would change: row by row, cell by cell, and what in it cannot be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shengeng.kernel.sheets import Line, Table, normal, same
from shengeng.kernel.words import Words
from shengeng.trade.assortment.contracts import Change, Kept, Kind, Known, Look, Price, Row, Wrong
from shengeng.trade.assortment.methods import reading
from shengeng.trade.assortment.methods.cells import (
    CHOICES,
    OF_PRODUCT,
    OPTIONS,
    VARIANT,
    product_cells,
    variant_cells,
)
from shengeng.trade.catalogue.contracts import OPTIONS_MOST, ProductDraft, VariantDraft

Flaw = Callable[[ProductDraft], tuple[str, object, str] | None]
_PRICES = ("price", "compare_at")
_OPTION_KEYS = frozenset(column.key for column in OPTIONS)
_CHOICE_KEYS = frozenset(column.key for column in CHOICES)
_VARIANT_KEYS = tuple(column.key for column in VARIANT if column.key not in _PRICES)
# What the catalogue calls what is wrong, and the column where it stands.
_COLUMN = {
    "title": "title_zh",
    "summary": "summary_zh",
    "about": "about_zh",
    "options": "option1_zh",
    "choices": "choice1_zh",
    "cost_minor": "cost",
    "variants": "sku",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, and what people see of it before."""

    look: Look
    drafts: tuple[ProductDraft, ...]
    prices: Mapping[str, Price | None]


@dataclass(slots=True)
class _Work:
    """What is known, and what is found on the way."""

    columns: frozenset[str]
    known: Known
    flaw: Flaw
    wrong: list[Wrong] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    drafts: list[ProductDraft] = field(default_factory=list)
    prices: dict[str, Price | None] = field(default_factory=dict)
    fingerprint: list[object] = field(default_factory=list)

    def blame(self, line: Line, column: str, must: Words, value: object = None) -> None:
        told = line.cells.get(column, "") if value is None else str(value)
        self.wrong.append(Wrong(line.number, column, told[:80], must))


def plan(table: Table, there: Mapping[str, Kept], known: Known, flaw: Flaw) -> Plan:
    """What a table would change in the products that are there.

    Columns and rows that are missing leave what stands. A product's own cells are told by its first row;
    further rows repeat them or are blank. Nothing is taken away but what a blank cell takes: a variant goes
    by `active`, not by leaving its row out.
    """
    work = _Work(frozenset(table.columns), known, flaw)
    for product_id, lines in _grouped(table.lines, work).items():
        _product(product_id, lines, there.get(product_id), work)
    seen = hashlib.sha256(repr(work.fingerprint).encode()).hexdigest()
    rows = tuple(sorted(work.rows, key=lambda row: row.number))
    wrong = tuple(sorted(work.wrong, key=lambda one: one.number))
    look = Look(rows, wrong, table.unknown, table.encoding, seen)
    return Plan(look, tuple(work.drafts), work.prices)


def _grouped(lines: Sequence[Line], work: _Work) -> dict[str, list[Line]]:
    """Rows by product, without those that are nobody's or another product's."""
    groups: dict[str, list[Line]] = {}
    first: dict[str, int] = {}
    for line in lines:
        product_id, sku = normal(line.cells["product_id"]), normal(line.cells["sku"])
        owner = work.known.owners.get(sku, product_id)
        if not product_id or not sku:
            work.blame(line, "sku" if product_id else "product_id", Words("必填", "given"))
        elif sku in first:
            row = first[sku]
            work.blame(line, "sku", Words(f"各行不同（第 {row} 行已有）", f"different (row {row} has it)"))
        elif owner != product_id:
            must = Words(f"本商品的编码（属于 {owner}）", f"no sku of {owner}")
            work.blame(line, "sku", must)
        else:
            first[sku] = line.number
            groups.setdefault(product_id, []).append(line)
    return groups


def _product(product_id: str, lines: Sequence[Line], kept: Kept | None, work: _Work) -> None:
    before = kept or Kept(ProductDraft(product_id, Words("", ""), ()), {})
    found = len(work.wrong)
    draft = _own(before.draft, lines, work)
    there = {one.sku: one for one in before.draft.variants}
    made: dict[str, VariantDraft] = {}
    prices: dict[str, Price | None] = {}
    for line in lines:
        sku = normal(line.cells["sku"])
        old = there.get(sku)
        made[sku] = _variant(old or VariantDraft(sku), old is None, line, draft, work)
        prices[sku] = _price(before.prices.get(sku), line, work)
    kept_order = [made.pop(one.sku, one) for one in before.draft.variants]
    draft = replace(draft, variants=(*kept_order, *made.values()))
    bad = work.flaw(draft) if len(work.wrong) == found and draft != before.draft else None
    if bad is not None:
        what, value, limit = bad
        line = next((one for one in lines if what == "sku" and normal(one.cells["sku"]) == value), lines[0])
        work.blame(line, _COLUMN.get(what, what), Words(limit, limit), value)
    _told(before, draft, prices, lines, work, fresh=kept is None)


def _own(draft: ProductDraft, lines: Sequence[Line], work: _Work) -> ProductDraft:
    """The product with the cells of its first row."""
    first, before = lines[0], product_cells(draft)
    for line in lines[1:]:
        for key in work.columns & OF_PRODUCT:
            if normal(line.cells[key]) and not same(line.cells[key], first.cells[key]):
                row = first.number
                work.blame(line, key, Words(f"与第 {row} 行相同或留空", f"as in row {row}, or blank"))
    told = {key: first.cells[key] for key in sorted(work.columns & OF_PRODUCT)}
    differ = {key: normal(cell) for key, cell in told.items() if not same(cell, before.get(key, ""))}
    for key, cell in differ.items():
        if key not in _OPTION_KEYS and (cell or key not in reading.STAYS):
            try:
                draft = reading.of_product(draft, key, cell, work.known)
            except reading.NotThatError as bad:
                work.blame(first, key, bad.must)
    if _OPTION_KEYS & differ.keys():
        draft = replace(draft, options=_options(before | differ, first, work))
    return draft


def _options(cells: Mapping[str, str], line: Line, work: _Work) -> tuple[Words, ...]:
    every = [_pair(cells, "option", n) for n in range(1, OPTIONS_MOST + 1)]
    named = [one for one in every if one.zh or one.en]
    if named != every[: len(named)]:
        gap = next(n for n, one in enumerate(every, 1) if not (one.zh or one.en))
        work.blame(line, f"option{gap}_zh", Words("已填写（后面还有选项）", "given: another option follows"))
    return tuple(named)


def _pair(cells: Mapping[str, str], name: str, n: int) -> Words:
    return Words(cells.get(f"{name}{n}_zh", ""), cells.get(f"{name}{n}_en", ""))


def _variant(one: VariantDraft, fresh: bool, line: Line, draft: ProductDraft, work: _Work) -> VariantDraft:
    before = variant_cells(one, None, work.known.currency)
    for key in _VARIANT_KEYS:
        cell = normal(line.cells.get(key, ""))
        stands = key not in work.columns or same(cell, before[key]) or (not cell and key in reading.STAYS)
        if stands:
            continue
        try:
            one = reading.of_variant(one, key, cell, work.known)
        except reading.NotThatError as bad:
            work.blame(line, key, bad.must)
    told = {key: normal(line.cells[key]) for key in work.columns & _CHOICE_KEYS}
    moved = any(not same(cell, before.get(key, "")) for key, cell in told.items())
    if moved or fresh:
        one = replace(one, choices=_choices(before | told, len(draft.options), line, work))
    return one


def _choices(cells: Mapping[str, str], options: int, line: Line, work: _Work) -> tuple[Words, ...]:
    every = [_pair(cells, "choice", n) for n in range(1, OPTIONS_MOST + 1)]
    for n, one in enumerate(every, 1):
        if n <= options and not (one.zh or one.en):
            work.blame(line, f"choice{n}_zh", Words("必填", "given"))
        if n > options and (one.zh or one.en):
            work.blame(line, f"choice{n}_zh", Words(f"留空（没有选项{n}）", f"blank: there is no option {n}"))
    return tuple(every[:options])


def _price(price: Price | None, line: Line, work: _Work) -> Price | None:
    """The base price that a row tells; what it leaves out stands."""
    before = variant_cells(VariantDraft(""), price, work.known.currency)
    minor: dict[str, int | None] = dict.fromkeys(_PRICES)
    if price is not None:
        minor = {"price": price.unit_minor, "compare_at": price.compare_at_minor}
    for key in _PRICES:
        if key in work.columns and not same(line.cells[key], before[key]):
            try:
                minor[key] = reading.money(normal(line.cells[key]), work.known.currency)
            except reading.NotThatError as bad:
                work.blame(line, key, bad.must)
                return price
    unit, compared = minor["price"], minor["compare_at"]
    if unit is None:
        if compared is not None and "compare_at" in work.columns:
            work.blame(line, "compare_at", Words("留空（没有价格）", "blank: there is no price"))
        return None
    if compared is not None and compared <= unit:
        column = "compare_at" if "compare_at" in work.columns else "price"
        must = Words("划线价高于价格", "so that the compare-at price is above the price")
        work.blame(line, column, must)
    return Price(unit, compared)


def _told(
    before: Kept,
    draft: ProductDraft,
    prices: Mapping[str, Price | None],
    lines: Sequence[Line],
    work: _Work,
    *,
    fresh: bool,
) -> None:
    """Notes what is to be written and the rows that say so."""
    currency, there = work.known.currency, {one.sku: one for one in before.draft.variants}
    now = {one.sku: one for one in draft.variants}
    own = () if fresh else _changes(product_cells(before.draft), product_cells(draft))
    if fresh or before.draft != draft:
        work.drafts.append(draft)
        work.fingerprint.append((None if fresh else before.draft, draft))
    for line in lines:
        sku = normal(line.cells["sku"])
        old_price, price, changes = before.prices.get(sku), prices[sku], own
        if price != old_price:
            work.prices[sku] = price
            work.fingerprint.append((sku, old_price, price))
        kind: Kind = "new"
        if sku in there:
            cells = variant_cells(there[sku], old_price, currency)
            changes = (*own, *_changes(cells, variant_cells(now[sku], price, currency)))
            kind = "changed" if changes else "same"
        own = ()
        told = changes if kind == "changed" else ()
        title = draft.title
        work.rows.append(Row(line.number, draft.product_id, sku, title, kind, told))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    keys = [*after, *(key for key in before if key not in after)]
    return tuple(
        Change(key, before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    )
