"""Order lines of one system into canonical columns: which rows count, who bought, what each line cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.contracts import Dates, Level, Problem, Report
from shengeng.sense.exports.methods import clean, settle, systems
from shengeng.sense.exports.methods.frame import Frame, first_rows, numbered, taken

TOTALS_PRODUCT = "-"  # an order whose goods nobody told: counted in totals, out of demand


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every line. timezone: of times without an offset; marks: by field, of whole columns."""

    timezone: str
    currency: str
    dates: Dates | None = None
    marks: Mapping[str, clean.Marks] = field(default_factory=dict)

    def order_of(self, key: str) -> Dates | None:
        """Day or month first in a field: as chosen, else as its column tells."""
        return self.dates or self.mark(key).dates

    def mark(self, key: str) -> clean.Marks:
        """What a field's whole column has shown."""
        return self.marks.get(key) or clean.Marks()


@dataclass(slots=True)
class Read:
    """Canonical columns of a frame's rows (null where a row is left out) and what was found on the way."""

    frame: Frame
    columns: dict[str, pa.Array]
    problems: list[Problem] = field(default_factory=list)
    local_times: int = 0


_ORDER_LEVEL = """
    created email phone buyer status paid cancelled currency subtotal order_discount coupon refund channel
    store region due shipping order_paid platform_coupon platform_points
"""
ORDER_LEVEL = frozenset(_ORDER_LEVEL.split())


def read(frame: Frame, report: Report, terms: Terms) -> Read:
    """Rows of an order report (Tmall: item rows that know their order) as canonical order lines."""
    trade = systems.TRADES[report.system]
    found = Read(frame, {})
    _structure(found, report)
    _spread(frame, report)
    values = _typed(found, report, terms)
    _partners(frame)
    state = systems.status(frame, trade)
    amounts = settle.settled(frame, report.system, values)
    paid_at = _paid(found, trade, state, values)
    product, untitled = systems.product(frame, trade)
    product = pc.if_else(pa.array(amounts.totals_only), TOTALS_PRODUCT, product)
    frame.blame(~clean.present(product), "missing", "title")
    who, masked = systems.buyer(frame, trade)
    _tell(found, untitled & frame.good() & ~amounts.totals_only, masked, amounts)
    good = frame.good()
    cancelled = clean.matches(state, trade.words.cancelled)
    back = clean.matches(state, trade.words.refunded) | clean.matches(
        frame.get("after_sale"), trade.words.refunded
    )
    refund = settle.refunds(amounts, back | (cancelled & clean.present(paid_at)))
    found.columns = {
        "order_id": clean.without(frame.get("order"), ~good),
        "ordered_at": _written(values.times["created"]),
        "paid_at": _written(paid_at),
        "cancelled_at": _written(values.times.get("cancelled", pa.nulls(frame.rows, pa.timestamp("s")))),
        "product_id": product,
        "quantity": pa.array(amounts.quantity),
        "line_total": settle.money_text(amounts.total, terms.currency),
        "list_price": settle.money_text(amounts.list_price, terms.currency, amounts.has_list),
        "customer_id": who,
        "status": _status(state, trade, cancelled),
        "refund_amount": settle.money_text(refund, terms.currency),
        "discount_platform": settle.money_text(amounts.platform, terms.currency),
        "discount_seller": settle.money_text(amounts.seller, terms.currency),
        "discount_creator": settle.money_text(amounts.creator, terms.currency),
        "coupon_id": frame.get("coupon"),
        "campaign_id": frame.get("campaign"),
        "store_id": frame.get("store"),
        "channel": frame.get("channel"),
        "room_id": frame.get("room"),
        "video_id": frame.get("video"),
        "creator_id": frame.get("creator_id"),
        "region": _region(frame.get("region"), report),
        "currency": frame.get("currency"),
        "spec": frame.get("spec"),
    }
    return found


def _structure(found: Read, report: Report) -> None:
    """Rows without an order, formulas, destroyed numbers, and rows that stand again."""
    frame = found.frame
    for one in report.fields:
        if not frame.has(one.key):
            continue
        column = frame.get(one.key)
        if one.kind != "text":
            frame.blame(clean.formula(column), "formula", one.key)
        if one.kind == "id":
            found.problems += ruins(frame, one.key)
    frame.blame(~clean.present(frame.get("order")), "missing", "order")
    numbers, count = numbered(frame.get("order"))
    _newest_file(found, numbers, count)
    _repeated(found, numbers, count)


def ruins(frame: Frame, key: str) -> list[Problem]:
    """The first number of a column that a spreadsheet destroyed: nothing is imported with it."""
    hit = clean.destroyed(frame.get(key)) & frame.good()
    if not hit.any():
        return []
    row = int(np.argmax(hit))
    return [
        Problem(
            "destroyed",
            "stop",
            frame.files[frame.file[row]],
            frame.column(row, key),
            int(frame.line[row]),
            frame.get(key)[row].as_py(),
            int(hit.sum()),
        )
    ]


def _newest_file(found: Read, numbers: np.ndarray, count: int) -> None:
    """An order in several files counts as the last of them tells it."""
    frame = found.frame
    if len(frame.files) == 1:
        return
    good = frame.good()
    last = np.full(count, -1, np.int64)
    np.maximum.at(last, numbers[good], frame.file[good])
    old = good & (frame.file < last[numbers])
    if old.any():
        orders = len(np.unique(numbers[old]))
        found.problems.append(Problem("in_two_files", "note", count=orders))
        frame.blame(old, "newer", "order")


def _repeated(found: Read, numbers: np.ndarray, count: int) -> None:
    """Lines with a number of their own count once; else a whole block of an order that stands again does."""
    frame = found.frame
    good = np.flatnonzero(frame.good())
    if frame.has("line"):
        lines, _ = numbered(pc.binary_join_element_wise(frame.get("order"), frame.get("line"), "\t"))
        told = good[clean.present(frame.get("line"))[good]]
        keys, last = np.unique(lines[told][::-1], return_index=True)
        kept = told[::-1][last] if len(keys) else told
        again = np.zeros(frame.rows, bool)
        again[told] = True
        again[kept] = False
        frame.blame(again, "repeated", "line")
        return
    if not len(good):
        return
    order = numbers[good]
    run = frame.run[good]
    starts = np.flatnonzero(np.concatenate([[True], (order[1:] != order[:-1]) | (run[1:] != run[:-1])]))
    block = np.repeat(np.arange(len(starts)), np.diff(np.concatenate([starts, [len(good)]])))
    blocks = np.bincount(order[starts], minlength=count)
    if blocks.max(initial=0) < 2:
        return
    _blocks_again(found, good, order, starts, block)


def _blocks_again(
    found: Read, good: np.ndarray, order: np.ndarray, starts: np.ndarray, block: np.ndarray
) -> None:
    """Of equal blocks of one order the last counts; different ones are one order, scattered."""
    frame = found.frame
    row_hash = np.ones(len(good), np.uint64)  # so that no row adds nothing to its block
    for key in ("created", "sku", "item", "title", "quantity", "price"):
        codes, _ = numbered(frame.get(key))
        row_hash = row_hash * np.uint64(1_000_003) + codes[good].astype(np.uint64)
    row_hash = row_hash * row_hash + row_hash  # so that sums of rows do not meet by chance
    sums = np.zeros(len(starts), np.uint64)
    np.add.at(sums, block, row_hash)
    of = order[starts]
    pairs = np.stack([of.astype(np.uint64), sums], axis=1)
    _, last = np.unique(pairs[::-1], axis=0, return_index=True)
    keep = np.zeros(len(starts), bool)
    keep[len(starts) - 1 - last] = True
    again = np.zeros(frame.rows, bool)
    again[good[~keep[block]]] = True
    frame.blame(again, "repeated", "order")
    left = np.bincount(of[keep])
    if (left > 1).any():
        first = frame.get("order")[int(good[starts[keep & (left[of] > 1)][0]])].as_py()
        found.problems.append(Problem("scattered", "odd", value=first, count=int((left > 1).sum())))


def _spread(frame: Frame, report: Report) -> None:
    """What stands on an order's first line holds for all its lines; two orders of one number do not mix."""
    numbers, count = numbered(frame.get("order"))
    if report.system != "douyin":
        created = frame.get("created")
        told = np.flatnonzero(frame.good() & clean.present(created))
        moments, _ = numbered(created)
        first = first_rows(numbers, told, count)
        other = np.zeros(frame.rows, bool)
        other[told] = moments[told] != moments[first[numbers[told]]]
        clash = np.zeros(count, bool)
        clash[numbers[other]] = True
        frame.blame(clash[numbers], "same_number", "order")
    if report.system != "shopify":
        return
    good = frame.good()
    for key in ORDER_LEVEL:
        if frame.has(key):
            column = frame.get(key)
            rows = np.flatnonzero(good & clean.present(column))
            frame.text[key] = taken(column, first_rows(numbers, rows, count)[numbers])


def _typed(found: Read, report: Report, terms: Terms) -> settle.Values:
    """Times, quantities and amounts; a row with one that cannot be read is left out."""
    frame = found.frame
    values = settle.Values(frame.rows)
    readers: dict[str, Callable[[str], None]] = {
        "time": lambda key: _time(found, values, key, terms),
        "quantity": lambda key: _quantity(found, values, key),
        "amount": lambda key: _amount(found, values, key, terms),
    }
    for one in report.fields:
        if one.kind in readers and frame.has(one.key):
            readers[one.kind](one.key)
    goods = ~clean.present(frame.get("totals_only"))  # an order's own row tells no goods
    for key in (one.key for one in report.fields if one.required):
        frame.blame(goods & ~clean.present(frame.get(key)), "missing", key)
    for group in report.needs:
        frame.blame(goods & ~clean.present(frame.first_of(*group)), "missing", group[0])
    frame.blame(~clean.present(frame.get("created")), "missing", "created")
    return values


def _time(found: Read, values: settle.Values, key: str, terms: Terms) -> None:
    frame, column = found.frame, found.frame.get(key)
    read_as = clean.times(column, terms.timezone, terms.order_of(key), chosen=bool(terms.dates))
    values.times[key] = read_as.utc
    found.local_times += int((read_as.local & frame.good()).sum())
    if read_as.ambiguous is not None:
        found.problems.append(_at("which_dates", frame, key, read_as.ambiguous, level="stop"))
    elif read_as.told is not None and read_as.order:
        words = {"day_first": ("day first", "日在前"), "month_first": ("month first", "月在前")}[
            read_as.order
        ]
        params = {"order": words[0], "order_zh": words[1]}
        found.problems.append(_at("dates_chosen", frame, key, read_as.told, params=params))
    if read_as.serials.any():
        row = int(np.argmax(read_as.serials))
        found.problems.append(_at("serials", frame, key, row, count=int(read_as.serials.sum())))
    frame.blame(clean.present(column) & ~clean.present(read_as.utc), "time", key)


def _quantity(found: Read, values: settle.Values, key: str) -> None:
    column = found.frame.get(key)
    units, ok = clean.quantities(column)
    values.numbers[key] = (units, ok)
    found.frame.blame(clean.present(column) & ~ok, "quantity", key)


def _amount(found: Read, values: settle.Values, key: str, terms: Terms) -> None:
    column = pc.replace_substring_regex(found.frame.get(key), "^(无退款申请|没有申请退款|无)$", "0")
    minor, ok, comma = clean.amounts(column, terms.currency, decimal_comma=terms.mark(key).decimal_comma)
    values.numbers[key] = (minor, ok)
    if comma is not None:
        found.problems.append(_at("decimal_comma", found.frame, key, comma))
    found.frame.blame(clean.present(column) & ~ok, "amount", key)


def _at(
    code: str,
    frame: Frame,
    key: str,
    row: int,
    *,
    level: Level = "note",
    count: int = 1,
    params: Mapping[str, object] | None = None,
) -> Problem:
    """A problem at one value of one file."""
    return Problem(
        code,
        level,
        frame.files[frame.file[row]],
        frame.column(row, key),
        int(frame.line[row]),
        frame.get(key)[row].as_py(),
        count,
        params or {},
    )


def _partners(frame: Frame) -> None:
    """Half an order is no order: its amounts would be wrong."""
    numbers, count = numbered(frame.get("order"))
    unreadable = settle.unreadable(frame.fault) & clean.present(frame.get("order"))
    hit = np.zeros(count, bool)
    hit[numbers[unreadable]] = True
    frame.blame(hit[numbers], "partner", "order")


def _paid(found: Read, trade: systems.Trade, state: pa.Array, values: settle.Values) -> pa.Array:
    """When it was paid; an order that is paid by its state and tells no time was paid when it was made."""
    frame = found.frame
    told = values.times.get("paid", pa.nulls(frame.rows, pa.timestamp("s")))
    silent = clean.matches(state, trade.words.paid) & ~clean.present(told)
    rows = silent & frame.good()
    if rows.any():
        orders = len(np.unique(numbered(frame.get("order"))[0][rows]))
        found.problems.append(Problem("paid_without_time", "note", count=orders))
    return pc.if_else(pa.array(silent), values.times["created"], told) if "created" in values.times else told


def _tell(found: Read, untitled: np.ndarray, masked: np.ndarray, amounts: settle.Amounts) -> None:
    frame = found.frame
    orders, _ = numbered(frame.get("order"))
    masked = masked & frame.good()
    if masked.any():
        row = int(np.argmax(masked))
        starred = next(
            v
            for k in ("buyer", "email", "phone")
            if (v := frame.get(k)[row].as_py()) and "*" in v.replace("＊", "*")
        )
        found.problems.append(Problem("masked", "odd", value=starred, count=len(np.unique(orders[masked]))))
    if untitled.any():
        found.problems.append(Problem("sku_titles", "note", count=int(untitled.sum())))
    for code, rows in (("does_not_add_up", amounts.short), ("refund_over", amounts.over)):
        hit = rows & frame.good()
        if hit.any():
            first = frame.get("order")[int(np.argmax(hit))].as_py()
            found.problems.append(Problem(code, "odd", value=first, count=len(np.unique(orders[hit]))))


def _status(state: pa.Array, trade: systems.Trade, cancelled: np.ndarray) -> pa.Array:
    """Our own word where it decides what an order counts for, the system's elsewhere."""
    unpaid = clean.matches(state, trade.words.unpaid)
    found = pc.if_else(pa.array(cancelled), "cancelled", state)
    return pc.if_else(pa.array(unpaid), "unpaid", found)


def _region(text: pa.Array, report: Report) -> pa.Array:
    """Tmall gives the whole address, whose first word is the province; the rest of it is not kept."""
    if report.system != "tmall":
        return text
    return pc.replace_substring_regex(text, r"[\s,，].*$", "")


def _written(moments: pa.Array) -> pa.Array:
    return pc.strftime(moments, "%Y-%m-%dT%H:%M:%SZ")
