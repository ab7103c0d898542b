"""Amounts, days, durations and names as tests write them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from dialogs.loading.reading import Reader
from dialogs.loading.slots import constant
from dialogs.loading.source import Entry
from dialogs.pack import Slot, SlotType
from dialogs.scripts.cases import Day, Written
from dialogs.shapes import Schema, text
from domain.values import Invalid, Money

OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}
AMOUNT: Schema = {"type": ["number", "string", "null"], "description": '50, 49.99 or "50 EUR"'}
DAY: Schema = {
    "type": ["string", "null"],
    "description": "2026-11-27, or P4D: so long after the day on which the step is played",
}
SPAN = text("such as P2D, PT36H or P1DT12H", pattern="^P")
LONGEST = timedelta(days=3660)
_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
_AMOUNT = re.compile(r"(-?[0-9]{1,12}(?:\.[0-9]{1,3})?) ([A-Z]{3})")


def span(text: str) -> timedelta | None:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; None where it is none."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return whole if whole <= LONGEST else None


def duration(reader: Reader, entry: Entry) -> timedelta:
    found = span(reader.text(entry)) if isinstance(entry.value, str) else None
    if found is None:
        reason = f"{entry.value!r} is no duration of at most 10 years"
        reader.report(entry.place, "duration", reason, "write P2D, PT36H or P1DT12H")
    return found or timedelta()


def day(reader: Reader, entry: Entry) -> Day | None:
    """A date, or a duration after the day on which the step is played."""
    text = entry.value
    if isinstance(text, str):
        after = span(text)
        if after is not None:
            return after
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    reader.report(entry.place, "day", f"{text!r} is no day", "write 2026-11-27, or P4D from today")
    return None


def amount(reader: Reader, entry: Entry, currency: str) -> Money | None:
    """50, 49.99, or "50 GBP" in another currency than the setting's."""
    value = entry.value
    if isinstance(value, str) and (found := _AMOUNT.fullmatch(value)):
        value, currency = Decimal(found[1]), found[2]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return Money.of(value, currency)
        except (Invalid, ArithmeticError):
            pass
    reader.report(entry.place, "amount", f"{value!r} is no amount", 'write 50, 49.99 or "50 EUR"')
    return None


def slot_value(reader: Reader, entry: Entry, slot: Slot, currency: str) -> Written:
    """A value as its slot's type has it."""
    if entry.value is None:
        return None
    match slot.type:
        case SlotType.MONEY:
            return amount(reader, entry, currency)
        case SlotType.DATE:
            return day(reader, entry)
    return constant(reader, entry, slot.type, slot.values)


def named(reader: Reader, entry: Entry, known: Iterable[str], what: str) -> str:
    """A name that must be one of `known`; `what` says of what, as in "flow"."""
    name = reader.text(entry)
    names = set(known)
    if isinstance(entry.value, str) and name not in names:
        close = get_close_matches(name, names, 1)
        mend = f"did you mean {close[0]}?" if close else f"see the pack for every {what}"
        reader.report(entry.place, f"unknown-{what}", f"no {what} {name}", mend)
    return name


def raw(entry: Entry) -> Any:
    """A tree as plain values; what reads like a duration is a day after today."""
    match entry.value:
        case dict() as mapping:
            return {key: raw(value) for key, value in mapping.items()}
        case list() as items:
            return [raw(item) for item in items]
        case str() as text:
            after = span(text)
            return text if after is None else after
    return entry.value


Entries = Mapping[str, Entry]
