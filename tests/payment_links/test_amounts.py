"""Amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import Invalid, Money
from payment_links.amounts import parse_amount, parse_payment

GOOD = [
    ("25", "GBP", 2500),
    ("25.5", "GBP", 2550),
    ("25.50", "GBP", 2550),
    (" £25.50 ", "GBP", 2550),
    ("£ 25", "GBP", 2500),
    ("$1,250.00", "USD", 125000),
    ("1,234,567", "USD", 123456700),
    ("0.01", "USD", 1),
    ("２５", "GBP", 2500),  # full-width digits of an East Asian keyboard
    ("500", "JPY", 500),
    ("1.234", "KWD", 1234),
    ("007", "GBP", 700),
]
BAD = [
    "", " ", "£", "0", "0.00", "-5", "- 5", "+5", "abc", "25,5", "1,25", "12,34.00", "1.2.3",
    "25.505", "1e3", "0x10", "$25", "25€", "NaN", "inf", "٢٥", "25 50", "9" * 13, "1_000",
    ".5.", "25.", "\x00", "½", "25 <script>", "'; drop table payments",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "currency", "minor"), GOOD)
def test_taken(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize("typed", BAD)
def test_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_amount(typed, "GBP")
    assert str(refused.value) in ("missing", "not_positive", "not_number", "decimals")


@pytest.mark.parametrize(("typed", "currency"), [("1.5", "JPY"), ("1.2345", "KWD")])
def test_decimals_that_the_currency_has_not(typed: str, currency: str) -> None:
    with pytest.raises(Invalid, match="decimal"):
        parse_amount(typed, currency)


@given(st.integers(1, 10**11))
def test_what_is_written_is_what_is_read(minor: int) -> None:
    plain = Decimal(minor).scaleb(-2)
    assert parse_amount(f"{plain:.2f}", "USD").minor == minor
    assert parse_amount(f"${plain:,.2f}", "USD").minor == minor


@given(st.text(max_size=40))
def test_any_text_is_an_exact_positive_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text, "USD")
    except Invalid:
        return
    assert amount.minor > 0


def test_never_more_than_the_balance() -> None:
    balance = Money(10_000, "GBP")
    assert parse_payment("100.00", balance) == balance
    with pytest.raises(Invalid, match="too_much"):
        parse_payment("100.01", balance)
