"""What a customer types into an amount field, taken exactly or refused with a reason."""

import re
import unicodedata
from decimal import Decimal

from domain.values import Invalid, Money, precision

SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}

_PLAIN = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]+))?")


def parse_amount(typed: str, currency: str) -> Money:
    """An amount in major units such as 25, 25.50, £1,250.00.

    Raises Invalid, which says: missing, not_positive, not_number, or decimals.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    text = text.removeprefix(SYMBOLS.get(currency, currency)).strip()
    if not text:
        raise Invalid("missing")
    if text.startswith("-"):
        raise Invalid("not_positive")
    form = _PLAIN.fullmatch(text)
    if form is None:
        raise Invalid("not_number")
    decimals = precision(currency)
    if len(form[2] or "") > decimals:
        raise Invalid("decimals")
    amount = Money.of(Decimal(text.replace(",", "")), currency)
    if amount.minor == 0:
        raise Invalid("not_positive")
    return amount


def parse_payment(typed: str, balance: Money) -> Money:
    """Like parse_amount, and not above the balance: then Invalid says too_much."""
    amount = parse_amount(typed, balance.currency)
    if amount > balance:
        raise Invalid("too_much")
    return amount
