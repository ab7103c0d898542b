"""Kinds of holds: what each stops, and until when one lasts."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from compliance.rules import HoldTerms, Stop
from domain.business_days import Calendar
from domain.messages import Category

ONE_DAY = timedelta(days=1)
VALIDATION_PERIOD = "validation_period"


class Kind(NamedTuple):
    """How long holds of one kind last; None is no end of their own, and no limit."""

    days: int | None = None
    longest_days: int | None = None

    @classmethod
    def named(cls, name: str, terms: HoldTerms) -> "Kind":
        return cls(terms.days.get(name), terms.longest_days.get(name))


def stops(stopped: Sequence[Stop] | None, category: Category, *, demand: bool) -> bool:
    """Whether a hold keeps such a message back. `stopped` is what its kind does; None: it is no
    kind that the rules know, and keeps all back."""
    if stopped is None:
        return True
    return (
        (demand and "demand" in stopped)
        or (category is Category.OUTREACH and "outreach" in stopped)
        or (category is Category.REPLY and "reply" in stopped)
    )


def silences(stopped: Sequence[Stop] | None) -> bool:
    """Whether under such a hold nothing may be asked for, not even in a reply."""
    return stopped is None or "demand" in stopped or "reply" in stopped


def over(day: date, days: int, zone: ZoneInfo) -> datetime:
    """The instant at which so many whole days after a day, its own rest included, are over there.

    So no period ends too soon that a law counts in days, from its first day or the next.
    """
    return datetime.combine(day + timedelta(days=days + 1), time(), zone)


def ends(kind: Kind, started: datetime, days: int | None) -> datetime | None:
    """When a hold that starts now is over, where nobody stated it; None: when somebody ends it.

    `started` is aware, in the customer's zone. `days` count where the kind has none of its own.
    """
    days = days if kind.days is None else kind.days
    return None if days is None else over(started.date(), days, _zone(started))


def begun_again(
    kind: Kind, started: datetime, until: datetime | None, asked: datetime | None
) -> datetime | None:
    """The end of a hold that lasts `until`, begun again to last until `asked`, which nobody stated:
    the later of the two, but for the longest of its kind. None is no end, the latest of all."""
    if kind.longest_days is not None:
        longest = over(started.date(), kind.longest_days, _zone(started))
        asked = longest if asked is None else min(asked, longest)
    return later(until, asked)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _zone(at: datetime) -> ZoneInfo:
    if not isinstance(at.tzinfo, ZoneInfo):
        raise TypeError("days are counted in a customer's zone: give a time with its ZoneInfo")
    return at.tzinfo


def notice_period_ends(terms: HoldTerms, country: str, sent: date) -> date | None:
    """The last day of the validation period of a notice sent on a date; None: there is none.

    The notice counts as received once the days for the post are over, business days of `country`
    without the day it was sent on; the days of the period follow (12 CFR 1006.34(b)(5)).
    """
    days = terms.days.get(VALIDATION_PERIOD)
    if terms.mailing_days is None or days is None:
        return None
    calendar, day, left = Calendar(country), sent, terms.mailing_days
    while left:
        day += ONE_DAY
        left -= calendar.is_business(day)
    return day + timedelta(days=days)
