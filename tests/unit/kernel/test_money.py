from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import LIMIT_MINOR, Money, currency_code, digits, from_minor, split, to_minor

amounts = st.integers(-LIMIT_MINOR, LIMIT_MINOR)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=50)


@given(total=amounts, weights=weights)
def test_shares_always_sum_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@given(total=amounts, weights=weights)
def test_no_share_is_further_than_one_unit_from_its_exact_part(total: int, weights: list[int]) -> None:
    whole = sum(weights) or len(weights)
    exact = [Decimal(total) * (w if sum(weights) else 1) / whole for w in weights]
    assert all(abs(part - e) < 1 for part, e in zip(split(total, weights), exact, strict=True))


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(10, [1, 2]) == [3, 7]


@given(
    minor=st.integers(-LIMIT_MINOR // 1000, LIMIT_MINOR // 1000),
    currency=st.sampled_from(["CNY", "JPY", "KWD"]),
)
def test_minor_units_survive_being_written_for_people(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("count", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "CNY EUR GBP HKD TWD USD"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    ],
)
def test_currencies_have_the_digits_of_iso_4217(count: int, codes: str) -> None:
    assert {digits(code) for code in codes.split()} == {count}


def test_an_amount_at_the_limit_is_refused_and_the_one_below_is_not() -> None:
    assert to_minor(str(LIMIT_MINOR - 1), "JPY") == LIMIT_MINOR - 1
    assert to_minor(str(1 - LIMIT_MINOR), "JPY") == 1 - LIMIT_MINOR
    for value in (LIMIT_MINOR, -LIMIT_MINOR):
        with pytest.raises(ShopError) as refused:
            to_minor(str(value), "JPY")
        assert refused.value.params["limit"] == LIMIT_MINOR


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e308", "", "12,50", "十"])
def test_what_is_not_money_is_refused_by_its_value(value: str) -> None:
    with pytest.raises(ShopError) as refused:
        to_minor(value, "USD")
    assert refused.value.kind == "invalid"
    assert value in str(refused.value)


def test_half_a_cent_rounds_to_even() -> None:
    assert (to_minor("0.125", "USD"), to_minor("0.135", "USD")) == (12, 14)
    assert to_minor("125", "JPY") == 125


@pytest.mark.parametrize("value", ["usd", "US", "USDX", "人民币", "U1D"])
def test_a_wrong_currency_code_is_refused(value: str) -> None:
    with pytest.raises(ShopError, match="ISO 4217"):
        currency_code(value)


def test_the_other_side_of_an_amount_is_its_negative() -> None:
    assert -Money(5, "CNY") == Money(-5, "CNY")


def test_a_million_of_the_largest_lines_fit_64_bits() -> None:
    assert LIMIT_MINOR == 10**12
    assert LIMIT_MINOR * 10**6 < 2**63


def test_two_currencies_never_add_up() -> None:
    assert Money(5, "CNY") + Money(7, "CNY") == Money(12, "CNY")
    with pytest.raises(AssertionError):
        Money(5, "CNY") + Money(7, "USD")
