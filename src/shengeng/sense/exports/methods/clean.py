"""Columns of export text into values: what wraps them goes, what cannot be read becomes null and is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.kernel import money
from shengeng.sense.exports.contracts import Dates

_NOTHING = ["", "-", "--", "—", "null", "NULL", "None", "nan", "NaN", "N/A", "#N/A", "<NA>"]
# A spreadsheet writes a long number as 1.23457E+17: the digits behind the sixth are lost.
_DESTROYED = r"^[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}$"
# A spreadsheet keeps 15 digits of a number and fills up with zeros.
_ZEROED = r"^\d{15}0+$"
_ZEROED_SHARE = 0.2  # an id ends in three zeros once in a thousand by chance
_FORMULA = r"^[=@]"
_MASK = "[*＊]"
_ISO = (
    r"^(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:[ T]+(?P<t>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?\s*(?P<z>Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_SLASHED = (
    r"^(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<y>\d{4})"
    r"(?:[ T,]+(?P<t>\d{1,2}:\d{2}(?::\d{2})?))?\s*(?P<z>Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_SERIAL_1970, _SERIAL_2100 = 25569.0, 73415.0
_QUARTER = 900
_WHOLE = r"^[+-]?\d{1,9}(?:\.0+)?$"
_PLAIN = r"^[+-]?(?:\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})$"
_THOUSANDS = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_COMMA = r"^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}$"
_POINT = r"\.\d{1,2}$"
_AMOUNT = pa.decimal128(27, 12)


@dataclass(frozen=True, slots=True)
class Times:
    """Moments in UTC, and by which reading they became so."""

    utc: pa.Array  # timestamp[s] in UTC, null where nothing could be read
    local: np.ndarray  # (row,) bool: had no offset
    serials: np.ndarray  # (row,) bool: was a spreadsheet's day number
    order: Dates | None  # how dates such as 3/4/2025 were read
    told: int | None  # the row that allows no other order
    ambiguous: int | None  # the first row that may be read both ways while nobody chose


def text(column: pa.Array) -> pa.Array:
    """Without the wrapping of spreadsheets and exports (="...", ', tabs); null where nothing is said."""
    found = pc.utf8_trim_whitespace(column)
    if pc.any(pc.starts_with(found, "=")).as_py():
        found = pc.replace_substring_regex(found, r'^=\s*"(.*)"$', r"\1")
    if pc.any(pc.starts_with(found, "'")).as_py():
        found = pc.replace_substring_regex(found, "^'", "")
    found = pc.utf8_trim_whitespace(found)
    return pc.if_else(pc.is_in(found, pa.array(_NOTHING)), pa.scalar(None, pa.string()), found)


def matches(column: pa.Array, pattern: str) -> np.ndarray:
    """(row,) bool: the text matches; null does not."""
    found = pc.fill_null(pc.match_substring_regex(column, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def present(column: pa.Array) -> np.ndarray:
    """(row,) bool: something is said."""
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), bool)


def destroyed(column: pa.Array) -> np.ndarray:
    """(row,) bool: a long number that a spreadsheet has rounded, by its notation or by its many zeros."""
    found = matches(column, _DESTROYED)
    zeroed = matches(column, _ZEROED)
    if zeroed.sum() > max(1, _ZEROED_SHARE * present(column).sum()):
        found = found | zeroed
    return found


def formula(column: pa.Array) -> np.ndarray:
    """(row,) bool: a formula that a spreadsheet would work out."""
    return matches(column, _FORMULA)


def number_as_id(column: pa.Array) -> pa.Array:
    """An id that went through a table of floats loses its .0."""
    return pc.replace_substring_regex(column, r"^(\d+)\.0$", r"\1")


def masked(column: pa.Array) -> np.ndarray:
    """(row,) bool: an identifier with its middle starred out, which identifies nobody."""
    return matches(column, _MASK)


def without(column: pa.Array, rows: np.ndarray) -> pa.Array:
    """The column with null in the given rows."""
    return pc.if_else(pa.array(rows), pa.scalar(None, column.type), column)


def quantities(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(units, readable) by row; "2.0" is 2, a broken unit is not readable."""
    plain = pc.replace_substring(column, ",", "")
    ok = matches(plain, _WHOLE)
    digits = pc.replace_substring_regex(without(plain, ~ok), r"^\+|\.0+$", "")
    units = pc.fill_null(digits.cast(pa.int64()), 0)
    return np.asarray(units), ok


class Marks:
    """What a column's blocks have shown so far: how its amounts and its dates are to be read.

    A comma is the decimal one where a value allows nothing else and none of the column has a decimal point.
    Day or month stands first as a number above twelve tells.
    """

    def __init__(self) -> None:
        self.comma = self.point = self.day_first = self.month_first = False

    def see_amounts(self, column: pa.Array) -> None:
        """Look at a block of amounts; once a decimal point is seen no comma is a decimal one."""
        if not self.point:
            bare = _bare(column)
            self.point = bool(matches(bare, _POINT).any())
            self.comma = self.comma or bool(matches(bare, _COMMA).any())

    def see_times(self, column: pa.Array) -> None:
        """Look at a block of moments."""
        slashed = matches(column, _SLASHED)
        if slashed.any():
            day_first, month_first = _above_twelve(pc.extract_regex(column, _SLASHED))
            self.day_first = self.day_first or bool(day_first.any())
            self.month_first = self.month_first or bool(month_first.any())

    @property
    def decimal_comma(self) -> bool:
        """Whether the column's amounts have a decimal comma."""
        return self.comma and not self.point

    @property
    def dates(self) -> Dates | None:
        """Which of day and month stands first, where the column tells."""
        if self.day_first == self.month_first:
            return None
        return "day_first" if self.day_first else "month_first"


def _bare(column: pa.Array) -> pa.Array:
    """Amounts without currency signs and blanks."""
    return pc.replace_substring_regex(column, r"^(?:CNY|RMB|US)?\s*[¥￥$€£]\s*|\s*元$|[\s\x{00a0}]", "")


def amounts(
    column: pa.Array, currency: str, *, decimal_comma: bool
) -> tuple[np.ndarray, np.ndarray, int | None]:
    """(minor units, readable) by row, half to even; and the first row that shows the decimal comma.

    Currency signs and thousands separators go.
    """
    bare = _bare(column)
    comma = matches(bare, _COMMA) if decimal_comma else np.zeros(0, bool)
    if decimal_comma:
        bare = pc.replace_substring(pc.replace_substring(bare, ".", ""), ",", ".")
    else:
        grouped = matches(bare, _THOUSANDS)
        if grouped.any():
            bare = pc.if_else(pa.array(grouped), pc.replace_substring(bare, ",", ""), bare)
    ok = matches(bare, _PLAIN)
    plain = pc.replace_substring_regex(without(bare, ~ok), r"^\+", "")
    value = _decimal(plain)
    scale = pa.scalar(Decimal(10 ** money.digits(currency)), pa.decimal128(4, 0))
    minor = pc.round(pc.multiply(value, scale), 0, "half_to_even")
    units = pc.fill_null(minor.cast(pa.decimal128(38, 0)).cast(pa.int64()), 0)
    return np.asarray(units), ok, int(np.argmax(comma)) if comma.any() else None


def _decimal(plain: pa.Array) -> pa.Array:
    """Readable decimals as numbers; .5 gets its zero."""
    if pc.any(pc.match_substring_regex(plain, r"^-?\.")).as_py():
        plain = pc.replace_substring_regex(plain, r"^(-?)\.", r"\10.")
    return plain.cast(_AMOUNT)


def times(column: pa.Array, timezone: str, dates: Dates | None, *, chosen: bool = False) -> Times:
    """Moments: year first, a spreadsheet's day number, or day and month in the order `dates`.

    timezone: of the texts without an offset; the earlier moment where the clock is set back. dates: None
    where nobody chose and the whole column does not tell; chosen: somebody did.
    """
    naive, offset, local = _parsed(pc.extract_regex(column, _ISO), ("y", "m", "d"))
    shown, ambiguous = None, None
    slashed = matches(column, _SLASHED)
    if slashed.any():
        parts = pc.extract_regex(column, _SLASHED)
        shown = None if chosen or dates is None else _first_told(parts, dates)
        ambiguous = int(np.argmax(slashed)) if dates is None else None
        keys = ("y", "b", "a") if dates == "day_first" else ("y", "a", "b")
        if ambiguous is None:
            naive2, offset2, local2 = _parsed(parts, keys)
            naive, local = pc.coalesce(naive, naive2), np.where(slashed, local2, local)
            offset = pc.coalesce(offset, offset2)
    serials = matches(column, _SERIAL)
    if serials.any():
        naive, serials = _with_serials(column, naive, serials)
        local = local | serials
    told = np.asarray(pc.fill_null(offset, 0))
    behind = np.where(local, offsets(naive, timezone), told)
    utc = pc.subtract(naive, pa.array(behind).cast(pa.duration("s")))
    return Times(utc, local & present(utc), serials, dates, shown, ambiguous)


def offsets(clock: pa.Array, timezone: str) -> np.ndarray:
    """(row,) seconds that a zone's wall clock is ahead of UTC, asked once a quarter of an hour.

    Clocks change on whole quarters; the database of zones is Python's, as Arrow's needs one of the system.
    """
    place = ZoneInfo(timezone)
    seconds = np.asarray(pc.fill_null(clock.cast(pa.int64()), 0))
    quarters, of = np.unique(seconds // _QUARTER, return_inverse=True)
    ahead = [
        datetime.fromtimestamp(int(quarter) * _QUARTER, UTC).replace(tzinfo=place).utcoffset()
        for quarter in quarters
    ]
    return np.array([one.total_seconds() if one else 0 for one in ahead], np.int64)[of]


def _parsed(parts: pa.StructArray, keys: tuple[str, str, str]) -> tuple[pa.Array, pa.Array, np.ndarray]:
    """Wall clock (timestamp[s]), offset in seconds (null: none), and which rows have no offset."""
    year, month, day = (pc.struct_field(parts, key) for key in keys)
    clock = pc.struct_field(parts, "t")
    clock = pc.if_else(pc.equal(clock, ""), "00:00:00", clock)
    clock = pc.if_else(
        pc.less_equal(pc.utf8_length(clock), 5), pc.binary_join_element_wise(clock, "00", ":"), clock
    )
    written = pc.binary_join_element_wise(
        pc.binary_join_element_wise(year, pc.utf8_lpad(month, 2, "0"), pc.utf8_lpad(day, 2, "0"), "-"),
        pc.utf8_lpad(clock, 8, "0"),
        " ",
    )
    at = pc.strptime(written, format="%Y-%m-%d %H:%M:%S", unit="s", error_is_null=True)
    # The C library takes 30 February for 2 March.
    real = pc.equal(pc.day(at), day.cast(pa.int64()))
    at = pc.if_else(pc.fill_null(real, False), at, pa.scalar(None, at.type))
    zone = pc.struct_field(parts, "z")
    offset = _seconds(zone)
    local = np.asarray(pc.fill_null(pc.equal(zone, ""), True).to_numpy(zero_copy_only=False), bool)
    return at, offset, local & present(at)


def _seconds(zone: pa.Array) -> pa.Array:
    """+0800 as 28800, Z as 0, nothing as null."""
    signed = matches(zone, r"^[+-]")
    digits = pc.replace_substring(without(zone, ~signed), ":", "")
    hours = pc.utf8_slice_codeunits(digits, 1, 3).cast(pa.int64())
    minutes = pc.utf8_slice_codeunits(digits, 3, 5).cast(pa.int64())
    size = pc.add(pc.multiply(hours, 3600), pc.multiply(minutes, 60))
    seconds = pc.if_else(pc.starts_with(digits, "-"), pc.negate(size), size)
    return pc.if_else(pc.is_in(zone, pa.array(["Z", "UTC"])), pa.scalar(0, pa.int64()), seconds)


def _above_twelve(parts: pa.StructArray) -> tuple[np.ndarray, np.ndarray]:
    """(row,) bool: only the first number can be the day, only the second can."""
    first = np.asarray(pc.fill_null(pc.struct_field(parts, "a").cast(pa.int64()), 0))
    second = np.asarray(pc.fill_null(pc.struct_field(parts, "b").cast(pa.int64()), 0))
    return first > 12, second > 12


def _first_told(parts: pa.StructArray, dates: Dates) -> int | None:
    """The first row that allows no other order, if one of these does."""
    day_first, month_first = _above_twelve(parts)
    rows = day_first if dates == "day_first" else month_first
    return int(np.argmax(rows)) if rows.any() else None


def _with_serials(column: pa.Array, naive: pa.Array, serials: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    days = np.asarray(pc.fill_null(without(column, ~serials).cast(pa.float64()), 0.0))
    good = serials & (days >= _SERIAL_1970) & (days < _SERIAL_2100)
    seconds = np.round((days - _SERIAL_1970) * 86400).astype(np.int64)
    moments = pa.array(np.where(good, seconds, 0), mask=~good).cast(pa.timestamp("s"))
    return pc.coalesce(naive, moments), good
