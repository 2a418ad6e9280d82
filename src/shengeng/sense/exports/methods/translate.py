"""Opened files of one system into a canonical folder's tables, with the origin of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.sense.exports.contracts import Problem, Report
from shengeng.sense.exports.contracts.words import CODES, REASONS
from shengeng.sense.exports.methods import catalogue, clean
from shengeng.sense.exports.methods.frame import Frame, Sheet, numbered, taken
from shengeng.sense.exports.methods.orders import ORDER_LEVEL, Read, Terms, read
from shengeng.sense.exports.methods.reports import report_of, tmall

_REASONS = tuple(REASONS.items())


@dataclass(slots=True)
class Translated:
    """Tables by canonical name; frames: for each, the rows it came from, one for one from its first row."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    local_times: int = 0
    orders: int = 0
    lines: int = 0
    left_out: int = 0
    share_identified: float | None = None
    first_on: str | None = None
    last_on: str | None = None
    empty_screens: tuple[str, ...] = ()


def translated(system: str, sheets: Sequence[Sheet], terms: Terms) -> Translated:
    """The sheets of one system as canonical orders, products and customers."""
    by_report: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_report.setdefault(sheet.report.key, []).append(sheet)
    done = Translated()
    _orders(done, system, by_report, terms)
    if "customers" in by_report:
        frame = Frame(by_report["customers"])
        table, problems = catalogue.customers(frame, system, terms)
        _keep(done, "customers", table, frame, problems)
    _products(done, system, by_report, terms)
    for frame in done.frames.values():
        done.problems += left_out(frame)
        done.left_out += int((~frame.good()).sum())
    return done


def _keep(done: Translated, name: str, table: pa.Table, frame: Frame, problems: Sequence[Problem]) -> None:
    done.tables[name], done.frames[name] = table, frame
    done.problems += problems


def _orders(done: Translated, system: str, by_report: Mapping[str, list[Sheet]], terms: Terms) -> None:
    report, frame = _order_frame(done, system, by_report)
    if report is None or frame is None:
        done.problems.append(Problem("no_orders", "stop"))
        return
    found = read(frame, report, terms)
    pays = frame.has("paid") or frame.has("status")  # without either every order counts as paid
    always = {"order_id", "ordered_at", "product_id", "quantity", "line_total"} | (
        {"paid_at"} if pays else set()
    )
    told = {key for key, column in found.columns.items() if column.null_count < len(column)}
    table = pa.table({key: column for key, column in found.columns.items() if key in told | always})
    _keep(done, "orders", table, frame, found.problems)
    done.local_times = found.local_times
    _count(done, found, terms)


def _order_frame(
    done: Translated, system: str, by_report: Mapping[str, list[Sheet]]
) -> tuple[Report | None, Frame | None]:
    orders, items = by_report.get("orders"), by_report.get("items")
    if system != "tmall" or (items is None and orders is None):
        return report_of(system, "orders"), Frame(orders) if orders else None
    if items is None:
        assert orders is not None
        frame = Frame(orders)
        frame.text["totals_only"] = pa.array(["1"] * frame.rows, pa.string())
        frame.text["quantity"] = pa.array(["0"] * frame.rows, pa.string())
        done.problems.append(Problem("totals_only", "odd"))
        return _joined_report(), frame
    if orders is None:
        alone = Frame(items)
        if not alone.has("created"):
            done.problems.append(Problem("needs_order_report", "stop", items[0].file))
            return None, None
        return _joined_report(), alone
    return _joined_report(), _join(done, orders, items)


def _joined_report() -> Report:
    """Fields of both Tmall reports; what both have means the same."""
    keys = {one.key for one in tmall.ITEMS.fields}
    return Report(
        "tmall", "orders", (*tmall.ITEMS.fields, *(f for f in tmall.ORDERS.fields if f.key not in keys))
    )


def _join(done: Translated, orders: list[Sheet], items: list[Sheet]) -> Frame:
    """Item rows with what their order says; orders without items and broken order rows follow them."""
    whole, lines = Frame(orders), Frame(items)
    ids = pa.concat_arrays([whole.get("order"), lines.get("order")])
    numbers, count = numbered(ids)
    good = np.flatnonzero(whole.good() & clean.present(whole.get("order")))
    at = np.full(count, -1, np.int64)
    at[numbers[: whole.rows][good]] = good  # the last row of an order counts
    of = at[numbers[whole.rows :]]
    sold = np.zeros(count, bool)
    sold[numbers[whole.rows :]] = True
    alone = np.flatnonzero(~(sold[numbers[: whole.rows]]) | ~whole.good())
    counted = alone[whole.good()[alone] & (at[numbers[: whole.rows]][alone] == alone)]
    alone = np.union1d(counted, np.flatnonzero(~whole.good()))
    if len(counted):
        first = whole.get("order")[int(counted[0])].as_py()
        done.problems.append(Problem("no_items", "odd", value=first, count=len(counted)))
    joined = _Rows(lines, whole, of, alone)
    joined.blame(joined.orphans, "no_order", "order")
    return joined


class _Rows(Frame):
    """Item rows beside their orders' values, then order rows that stand alone."""

    def __init__(self, lines: Frame, whole: Frame, of: np.ndarray, alone: np.ndarray) -> None:
        self.files = [*lines.files, *whole.files]
        self.names = [*({**whole.names[0], **names} for names in lines.names), *whole.names]
        self.rows = lines.rows + len(alone)
        self.text = {}
        rows = np.concatenate([of, alone])
        for key in {*lines.text, *whole.text}:
            own = pa.concat_arrays([lines.get(key), pa.nulls(len(alone), pa.string())])
            orders = taken(whole.get(key), rows)
            first, second = (orders, own) if key in ORDER_LEVEL else (own, orders)
            self.text[key] = pc.coalesce(first, second)
        self.text["order"] = pa.concat_arrays([lines.get("order"), whole.get("order").take(pa.array(alone))])
        mark = [None] * lines.rows + ["1"] * len(alone)
        self.text["totals_only"] = pa.array(mark, pa.string())
        self.text["quantity"] = pa.concat_arrays(
            [lines.get("quantity"), pa.array(["0"] * len(alone), pa.string())]
        )
        self.file = np.concatenate([lines.file, (whole.file[alone] + len(lines.files)).astype(np.int16)])
        self.line = np.concatenate([lines.line, whole.line[alone]])
        self.fault = np.concatenate([lines.fault, whole.fault[alone]])
        self.culprit = np.concatenate([lines.culprit, whole.culprit[alone]])
        back = {int(row): lines.rows + place for place, row in enumerate(alone)}
        self.begins = lines.begins | {back[row]: text for row, text in whole.begins.items() if row in back}
        self.orphans = np.concatenate([of < 0, np.zeros(len(alone), bool)])


def _count(done: Translated, found: Read, terms: Terms) -> None:
    """Orders, lines, days, buyers, and the screens that these leave empty."""
    frame, columns = found.frame, found.columns
    good = frame.good()
    done.lines = int(good.sum())
    if not done.lines:
        return
    orders, count = numbered(columns["order_id"])
    known = np.zeros(count, bool)
    known[orders[good & clean.present(columns["customer_id"])]] = True
    told = np.unique(orders[good])
    done.orders = len(told)
    done.share_identified = float(known[told].mean())
    place = ZoneInfo(terms.timezone)
    ends = pc.min_max(columns["ordered_at"].filter(pa.array(good))).as_py()
    moments = (datetime.fromisoformat(ends[end]) for end in ("min", "max"))
    done.first_on, done.last_on = (moment.astimezone(place).date().isoformat() for moment in moments)
    goods = good & ~clean.matches(columns["product_id"], "^-$")
    done.empty_screens = _empty(bool(known.any()), bool(goods.any()))
    if not known.any():
        done.problems.append(Problem("no_buyers", "odd"))
    _other_currency(done, frame, good, terms)


def _empty(buyers: bool, goods: bool) -> tuple[str, ...]:
    """Screens that nothing in these files can fill."""
    about_customers = ("customers", "value", "reminders")
    about_goods = ("demand", "stock_up")
    return (*(() if buyers and goods else about_customers), *(() if goods else about_goods))


def _other_currency(done: Translated, frame: Frame, good: np.ndarray, terms: Terms) -> None:
    written = pc.utf8_upper(frame.get("currency"))
    other = good & clean.present(written) & ~clean.matches(written, f"^{terms.currency}$")
    if other.any():
        value = written[int(np.argmax(other))].as_py()
        done.problems.append(
            Problem(
                "currency", "odd", value=value, count=int(other.sum()), params={"currency": terms.currency}
            )
        )


def _products(done: Translated, system: str, by_report: Mapping[str, list[Sheet]], terms: Terms) -> None:
    table: pa.Table | None = None
    if "products" in by_report:
        frame = Frame(by_report["products"])
        table, problems = catalogue.products(frame, system, terms)
        _keep(done, "products", table, frame, problems)
    orders = done.tables.get("orders")
    if orders is None:
        return
    price = (
        orders["list_price"]
        if "list_price" in orders.column_names
        else pa.nulls(len(orders), pa.decimal128(25, 2))
    )
    known = table["product_id"].combine_chunks() if table is not None else pa.array([], pa.string())
    column, prices = (
        one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one
        for one in (orders["product_id"], price)
    )
    named = catalogue.named_by_orders(done.frames["orders"], column, prices, known)
    whole = named if table is None else pa.concat_tables([table, named], promote_options="permissive")
    if len(whole):
        done.tables["products"] = whole


def _whole(table: pa.Table, name: str) -> pa.Array:
    """One column in one piece; amounts that nobody told are null."""
    if name not in table.column_names:
        return pa.nulls(len(table), pa.decimal128(26, 2))
    return table[name].combine_chunks()


def left_out(frame: Frame) -> list[Problem]:
    """Rows that are not taken, by file and reason, with the first of each."""
    found = []
    bad = frame.fault > 0
    for place, file in enumerate(frame.files):
        rows = np.flatnonzero(bad & (frame.file == place))
        for code in np.unique(frame.fault[rows]):
            mine = rows[frame.fault[rows] == code]
            row = int(mine[0])
            words = _REASONS[int(code)][1]
            culprit = frame.culprit[row]
            found.append(
                Problem(
                    "rows_left_out",
                    "note" if int(code) in (CODES["repeated"], CODES["newer"]) else "odd",
                    file,
                    frame.column(row, culprit) if culprit else "",
                    int(frame.line[row]),
                    frame.value(row),
                    len(mine),
                    {"reason": words.en, "reason_zh": words.zh},
                )
            )
    return found
