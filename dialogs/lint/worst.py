"""The longest that a text can become: each variable at its longest, as the locale writes it."""

from datetime import date, timedelta
from functools import lru_cache

from babel import UnknownLocaleError

from dialogs.formats import day, money, shown
from dialogs.lint.jurisdictions import JURISDICTIONS
from dialogs.names import FACTS, VARIABLES
from dialogs.pack import Pack, Part, SlotType, Variable, Variation
from domain.conditions import Type
from domain.values import Money

LINK = 60
"""https://, a host of thirty letters, /p/ and the token's 22 letters, with a little room."""
NAME = 40
PHONE = 20
TEXT = 160
"""Of a customer's own words, one SMS."""
AMOUNT = 99_999_999
"""In minor units: 999,999.99."""
_DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


@lru_cache(maxsize=64)
def longest_day(locale: str) -> str:
    """Of a year, in which every weekday meets every month."""
    try:
        return max((day(each, locale) for each in _DAYS), key=len)
    except (UnknownLocaleError, ValueError):
        return max((day(each, "en-US") for each in _DAYS), key=len)


@lru_cache(maxsize=64)
def longest_money(locale: str, currency: str) -> str:
    try:
        return money(Money(AMOUNT, currency), locale)
    except (UnknownLocaleError, ValueError):
        return money(Money(AMOUNT, currency), "en-US")


def longest(pack: Pack, locale: str, parts: tuple[Part, ...] | None) -> str:
    """The text with each variable at its longest."""
    return "".join(
        _longest(pack, locale, part) if isinstance(part, Variable) else part for part in parts or ()
    )


def whole(pack: Pack, locale: str, variation: Variation, first: int = 1) -> str:
    """With its numbered choices, as an SMS shows them."""
    lines = [longest(pack, locale, variation.text)]
    for number, button in enumerate(variation.buttons, first):
        lines.append(f"{number} {longest(pack, locale, button.title)}")
    return "\n".join(lines)


def _longest(pack: Pack, locale: str, part: Variable) -> str:
    fact = VARIABLES.get(part.name)
    if fact == "context.link":
        return "x" * LINK
    if fact == "context.brand.phone":
        return "0" * PHONE
    if fact == "context.currency":
        return "USD"
    if fact is not None:
        return _of_type(pack, locale, FACTS[fact].type) or "x" * NAME
    slot = pack.slots.get(part.name)
    if slot is None:
        return "x" * NAME
    if slot.type is SlotType.CATEGORICAL:
        return max(slot.values, key=len, default="")
    types = {SlotType.MONEY: Type.MONEY, SlotType.DATE: Type.DATE}
    types |= {SlotType.FLOAT: Type.NUMBER, SlotType.DECIMAL: Type.NUMBER}
    kind = types.get(slot.type)
    return (_of_type(pack, locale, kind) if kind else None) or "x" * TEXT


def _of_type(pack: Pack, locale: str, kind: Type) -> str | None:
    match kind:
        case Type.MONEY:
            known = (JURISDICTIONS[n].currency for n in pack.jurisdictions if n in JURISDICTIONS)
            return longest_money(locale, next(known, "USD"))
        case Type.DATE:
            return longest_day(locale)
        case Type.NUMBER:
            return shown(AMOUNT, "en-US")
    return None
