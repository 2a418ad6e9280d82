"""Money is an integer of minor units with its currency; shares always sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from shengeng.kernel.errors import Refusal

# ISO 4217 minor-unit digits that are not two.
_DIGITS = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3} | dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
)
# Larger than any shop's yearly revenue, small enough that a million such lines still fit 64 bits.
LIMIT_MINOR = 10**12

NOT_MONEY = Refusal(
    "not_money",
    "invalid",
    en="{value} is not an amount of money: write a plain decimal number below {limit} such as 12.50.",
    zh="“{value}”不是金额：请写小于 {limit} 的普通小数，例如 12.50。",
)
NOT_CURRENCY = Refusal(
    "not_currency",
    "invalid",
    en="{value} is not an ISO 4217 currency code: use three capital letters such as CNY or USD.",
    zh="“{value}”不是 ISO 4217 货币代码：请用三个大写字母，例如 CNY 或 USD。",
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer minor units (cents, fen) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        assert self.currency == other.currency, (self, other)
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)


def currency_code(value: str) -> str:
    """The checked ISO 4217 code; refuses anything that is not three capital letters."""
    if len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
        return value
    raise NOT_CURRENCY.error(value=value)


def digits(currency: str) -> int:
    """Digits after the decimal point of a currency (ISO 4217): 2 unless listed."""
    return _DIGITS.get(currency, 2)


def to_minor(value: str | Decimal | float, currency: str) -> int:
    """Decimal amount to minor units, half to even; NaN, infinities and 1e308 are refused."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise NOT_MONEY.error(value=value, limit=LIMIT_MINOR) from None
    if not amount.is_finite() or abs(amount) >= LIMIT_MINOR:
        raise NOT_MONEY.error(value=value, limit=LIMIT_MINOR)
    return int(amount.scaleb(digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def from_minor(minor: int, currency: str) -> Decimal:
    """Minor units to the decimal amount people write."""
    return Decimal(minor).scaleb(-digits(currency))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split minor units over lines by largest remainder; the parts sum to the total exactly.

    weights: (line,) non-negative; all zero splits evenly. Returns (line,) minor units.
    """
    assert weights, "nothing to split over"
    assert min(weights) >= 0, weights
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(shares)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [size * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(size * shares[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
