"""Text into typed columns: the one place that says what counts as a date, an amount, a quantity.

Everything is an Ibis expression over columns of text, so it runs over any number of rows at once; what
cannot be read becomes null, and `faults` turns "text but no value" into a named reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from shengeng.kernel import money
from shengeng.sense.connect.contracts import CODES
from shengeng.sense.connect.store.csv import FAULT, FOUND, ROW

FAULTY, VALUE = "__column", "__value"
# 12 digits before the point (money.LIMIT_MINOR) and 12 after it: nothing a price list holds is lost.
_AMOUNT = dt.Decimal(27, 12)
_MOMENT = dt.Timestamp(timezone="UTC", scale=6)
_QUANTITY_LIMIT = 10**9
_NOTHING = ("nan", "null", "none", "<na>", "n/a", "nat")
_MASK = "[*＊]"


# A function of DuckDB for which Ibis has no name: the wall clock of a zone at a moment.
_in_zone = ibis.udf.scalar.builtin(
    lambda _zone, _moment: None, name="timezone", signature=((dt.string, _MOMENT), dt.Timestamp(scale=6))
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that may be wrong with a row: where, when, and the key of the reason."""

    column: str
    wrong: ir.BooleanValue
    reason: str


def with_all(raw: ir.Table, names: Sequence[str]) -> ir.Table:
    """The raw table with every named column: trimmed text, null where there is nothing."""
    present = {name: _text(raw[name]) for name in names if name in raw.columns}
    absent = {name: ibis.null().cast("string") for name in names if name not in raw.columns}
    return raw.mutate(**present, **absent)


def _text(column: ir.Column) -> ir.StringValue:
    text: ir.StringValue = column.cast("string").strip()
    return text.nullif("")


def identity(text: ir.StringValue) -> ir.StringValue:
    """A stable identifier, or null for a masked one (138****1234, 王**) and for words that mean nothing."""
    useless = text.re_search(_MASK) | text.lower().isin(_NOTHING)
    return useless.ifelse(ibis.null().cast("string"), text)


def moment(text: ir.StringValue) -> ir.TimestampValue:
    """ISO 8601 or year first with slashes; an offset is honoured, without one it is UTC."""
    digits_first = text.substr(0, 1).between("0", "9").ifelse(text, ibis.null().cast("string"))
    plain = digits_first.try_cast(_MOMENT)
    basic_offset = digits_first.re_replace(r"\s*([+-]\d\d)(\d\d)$", r"\1:\2").try_cast(_MOMENT)
    return ibis.coalesce(plain, basic_offset)


def in_era(at: ir.TimestampValue) -> ir.BooleanValue:
    """Whether a moment lies from 1970 to 2100."""
    return at.between(
        ibis.timestamp("1970-01-01", timezone="UTC"), ibis.timestamp("2101-01-01", timezone="UTC")
    )


def day(text: ir.StringValue) -> ir.DateValue:
    """A calendar day as written; a time behind it is cut off."""
    return text.try_cast("timestamp").date()


def local(at: ir.TimestampValue, timezone: str) -> ir.TimestampValue:
    """The shop's wall clock at a moment."""
    clock: ir.TimestampValue = _in_zone(timezone, at)
    return clock


def amount(text: ir.StringValue) -> ir.DecimalValue:
    """A decimal amount below the limit of kernel.money; NaN, inf and 1e308 are null."""
    return bounded(text.try_cast(_AMOUNT))


def bounded(value: ir.DecimalValue) -> ir.DecimalValue:
    """The amount, null at or above the limit of kernel.money."""
    return (value.abs() < money.LIMIT_MINOR).ifelse(value, ibis.null().cast(value.type()))


def quantity(text: ir.StringValue) -> ir.IntegerValue:
    """Whole units; "2.0" is 2, a broken unit or a thousand million is null."""
    value = text.try_cast(dt.Decimal(20, 6))
    whole = (value == value.cast(dt.Decimal(20, 0))) & (value.abs() < _QUANTITY_LIMIT)
    return whole.ifelse(value, ibis.null().cast(dt.Decimal(20, 6))).cast("int64")


def number(text: ir.StringValue) -> ir.FloatingValue:
    """A finite number; NaN, inf and words are null."""
    value = text.try_cast("float64")
    return (value.isnan() | value.isinf()).ifelse(ibis.null().cast("float64"), value)


def minor(value: ir.DecimalValue, currency: str) -> ir.IntegerValue:
    """Minor units, half to even, as kernel.money.to_minor: the engine rounds half away from zero."""
    scaled = (value * 10 ** money.digits(currency)).cast(dt.Decimal(38, 12))
    rounded = scaled.cast(dt.Decimal(38, 0))
    tie = ((scaled - rounded).abs() == ibis.literal("0.5").cast(dt.Decimal(2, 1))) & (rounded % 2 != 0)
    return tie.ifelse(rounded - scaled.sign(), rounded).cast("int64")


def unread(column: str, text: ir.Value, value: ir.Value, reason: str) -> Check:
    """Something is written and it cannot be read."""
    return Check(column, text.notnull() & value.isnull(), reason)


def other(raw: ir.Table, known: Sequence[str]) -> ir.StringValue:
    """The columns without a name of their own as one JSON object, null where all of them are empty."""
    names = sorted(name for name in raw.columns if name not in known and not name.startswith("__"))
    values = {name: _text(raw[name]) for name in names}
    if not values:
        return ibis.null().cast("string")
    something = ibis.or_(*(value.notnull() for value in values.values()))
    written = ibis.struct(values).cast("json").cast("string")
    return something.ifelse(written, ibis.null().cast("string"))


def faults(table: ir.Table, raw: ir.Table, checks: Sequence[Check]) -> dict[str, ir.Value]:
    """Columns that name the first thing wrong with each row: code (0 = nothing), column, value as found.

    raw: the table that `table` was derived from, by the same rows, holding the text of every column.
    """
    wrong = [(check.wrong.fill_null(False), check) for check in checks]
    code = ibis.cases(
        (table[FAULT] != 0, table[FAULT].cast("int64")),
        *((found, ibis.literal(CODES[check.reason], "int64")) for found, check in wrong),
        else_=0,
    )
    column = ibis.cases(
        (table[FAULT] != 0, ""), *((found, check.column) for found, check in wrong), else_=ibis.null("string")
    )
    value = ibis.cases(
        (table[FAULT] != 0, table[FOUND]),
        *((found, raw[check.column].cast("string")) for found, check in wrong),
        else_=ibis.null("string"),
    )
    return {ROW: table[ROW], FAULT: code.cast("int8"), FAULTY: column, VALUE: value}
