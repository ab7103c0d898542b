"""Amounts and dates as a customer's locale writes them."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from domain.comparison import Value
from domain.messages import LINK_MARK
from domain.values import Money

DAY_PATTERNS = {
    "en_US": "EEEE, MMMM d",
    "en_GB": "EEEE d MMMM",
    "es": "EEEE d 'de' MMMM",
}
"""A weekday says more than a year; locales that are not named here show the full date."""


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


@lru_cache(maxsize=64)
def _day_pattern(tag: str) -> str:
    locale = _locale(tag)
    return DAY_PATTERNS.get(str(locale)) or DAY_PATTERNS.get(locale.language) or "full"


@lru_cache(maxsize=65_536)
def money(value: Money, locale: str) -> str:
    """$1,234.50 in en-US."""
    return format_currency(value.decimal, value.currency, locale=_locale(locale))


@lru_cache(maxsize=4_096)
def day(value: date, locale: str) -> str:
    """Friday, November 27 in en-US; Friday 27 November in en-GB."""
    return format_date(value, _day_pattern(locale), locale=_locale(locale))


def shown(value: Value, locale: str) -> str | None:
    """A value as text; None where there is nothing to show, so that nothing is sent."""
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, Money):
        return money(value, locale)
    if isinstance(value, date):
        return day(value, locale)
    if isinstance(value, tuple):
        return ", ".join(value) or None
    return str(format_decimal(Decimal(str(value)), locale=_locale(locale)))


def plain(text: str) -> str:
    """A value from outside without line breaks, control characters and our link mark."""
    if text.isprintable() and LINK_MARK not in text:
        return text
    kept = (char if char.isprintable() else " " for char in text if char != LINK_MARK)
    return " ".join("".join(kept).split())
