"""Rows of one system's files, or a piece of them, into canonical tables, with the origin of every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

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
class Piece:
    """What one piece of an upload comes to. frames: for each table, the rows it came from, one for one."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    named: pa.Table | None = None  # products that the order lines name
    problems: list[Problem] = field(default_factory=list)
    local_times: int = 0
    orders: int = 0
    known: int = 0  # orders with a known buyer
    lines: int = 0
    goods: bool = False
    first: str | None = None  # moments of the first and the last order, as text in UTC
    last: str | None = None


def translated(system: str, sheets: Sequence[Sheet], terms: Callable[[str], Terms]) -> Piece:
    """The sheets of one system as canonical orders, products and customers.

    terms: what holds for a group of reports (orders, products, customers).
    """
    by_report: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_report.setdefault(sheet.report.key, []).append(sheet)
    done = Piece()
    _orders(done, system, by_report, terms("orders"))
    if "customers" in by_report:
        frame = Frame(by_report["customers"])
        table, problems = catalogue.customers(frame, system, terms("customers"))
        _keep(done, "customers", table, frame, problems)
    if "products" in by_report:
        frame = Frame(by_report["products"])
        table, problems = catalogue.products(frame, system, terms("products"))
        _keep(done, "products", table, frame, problems)
    for frame in done.frames.values():
        done.problems += left_out(frame)
    return done


def _keep(done: Piece, name: str, table: pa.Table, frame: Frame, problems: Sequence[Problem]) -> None:
    done.tables[name], done.frames[name] = table, frame
    done.problems += problems


def _orders(done: Piece, system: str, by_report: Mapping[str, list[Sheet]], terms: Terms) -> None:
    report, frame = _order_frame(done, system, by_report)
    if report is None or frame is None:
        return
    found = read(frame, report, terms)
    _keep(done, "orders", pa.table(found.columns), frame, found.problems)
    columns = found.columns
    price = columns["list_price"]
    done.named = catalogue.named_by_orders(frame, columns["product_id"], price)
    done.local_times = found.local_times
    _count(done, found, terms)


def _order_frame(
    done: Piece, system: str, by_report: Mapping[str, list[Sheet]]
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


def _join(done: Piece, orders: list[Sheet], items: list[Sheet]) -> Frame:
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
        after = int(lines.run.max(initial=0)) + 1  # each order that stands alone is a run of its own
        self.run = np.concatenate([lines.run, after + np.arange(len(alone))])
        self.fault = np.concatenate([lines.fault, whole.fault[alone]])
        self.culprit = np.concatenate([lines.culprit, whole.culprit[alone]])
        back = {int(row): lines.rows + place for place, row in enumerate(alone)}
        self.begins = lines.begins | {back[row]: text for row, text in whole.begins.items() if row in back}
        self.orphans = np.concatenate([of < 0, np.zeros(len(alone), bool)])


def _count(done: Piece, found: Read, terms: Terms) -> None:
    """Orders, lines, moments and buyers."""
    frame, columns = found.frame, found.columns
    good = frame.good()
    done.lines = int(good.sum())
    if not done.lines:
        return
    orders, count = numbered(columns["order_id"])
    known = np.zeros(count, bool)
    known[orders[good & clean.present(columns["customer_id"])]] = True
    told = np.unique(orders[good])
    done.orders, done.known = len(told), int(known[told].sum())
    ends = pc.min_max(columns["ordered_at"].filter(pa.array(good))).as_py()
    done.first, done.last = ends["min"], ends["max"]
    done.goods = bool((good & ~clean.matches(columns["product_id"], "^-$")).any())
    _other_currency(done, frame, good, terms)


def _other_currency(done: Piece, frame: Frame, good: np.ndarray, terms: Terms) -> None:
    written = pc.utf8_upper(frame.get("currency"))
    other = good & clean.present(written) & ~clean.matches(written, f"^{terms.currency}$")
    if other.any():
        value = written[int(np.argmax(other))].as_py()
        done.problems.append(
            Problem(
                "currency", "odd", value=value, count=int(other.sum()), params={"currency": terms.currency}
            )
        )


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
