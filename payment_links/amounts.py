"""What a customer types into an amount field, taken exactly or refused with a reason."""

import re
import unicodedata
from decimal import Decimal

from domain.values import Invalid, Money, precision

SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}

_PLAIN = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]+))?")


def parse_amount(typed: str, currency: str) -> Money:
    """An amount in major units such as 25, 25.50, £1,250.00. Raises Invalid, to be shown."""
    text = unicodedata.normalize("NFKC", typed).strip()
    text = text.removeprefix(SYMBOLS.get(currency, currency)).strip()
    if not text:
        raise Invalid("Enter an amount")
    if text.startswith("-"):
        raise Invalid("The amount must be more than 0")
    form = _PLAIN.fullmatch(text)
    if form is None:
        raise Invalid("The amount must be a number, like 25 or 25.50")
    decimals = precision(currency)
    if len(form[2] or "") > decimals:
        allowed = f"at most {decimals} decimal places" if decimals else "no decimal places"
        raise Invalid(f"The amount must have {allowed}")
    amount = Money.of(Decimal(text.replace(",", "")), currency)
    if amount.minor == 0:
        raise Invalid("The amount must be more than 0")
    return amount


def parse_payment(typed: str, balance: Money, shown: str) -> Money:
    """Like parse_amount, and not above the balance, which the reader knows as `shown`."""
    amount = parse_amount(typed, balance.currency)
    if amount > balance:
        raise Invalid(f"The amount must be {shown} or less")
    return amount
