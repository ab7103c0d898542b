"""Kinds of holds: what each stops, and until when one lasts."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.rules import HoldKind
from domain.business_days import Calendar
from domain.messages import Category

ONE_DAY = timedelta(days=1)


def stops(kind: HoldKind | None, category: Category, *, demand: bool) -> bool:
    """Whether a hold of this kind keeps such a message back; one that no rule knows keeps all."""
    if kind is None:
        return True
    return (
        (demand and "demand" in kind.stops)
        or (category is Category.OUTREACH and "outreach" in kind.stops)
        or (category is Category.REPLY and "reply" in kind.stops)
    )


def silences(kind: HoldKind | None) -> bool:
    """Whether under such a hold nothing may be asked for, not even in a reply."""
    return kind is None or "demand" in kind.stops or "reply" in kind.stops


def over(day: date, days: int, zone: ZoneInfo) -> datetime:
    """The instant at which so many whole days after a day, its own rest included, are over there.

    So no period ends too soon that a law counts in days, from its first day or the next.
    """
    return datetime.combine(day + timedelta(days=days + 1), time(), zone)


def ends(kind: HoldKind | None, started: datetime, days: int | None) -> datetime | None:
    """When a hold that starts now is over, where nobody stated it; None: when somebody ends it.

    `started` is aware, in the customer's zone. `days` count where the kind has none of its own.
    """
    days = days if kind is None or kind.days is None else kind.days
    return None if days is None else over(started.date(), days, _zone(started))


def begun_again(
    kind: HoldKind | None, started: datetime, until: datetime | None, asked: datetime | None
) -> datetime | None:
    """The end of a hold that lasts `until`, begun again to last until `asked`, which nobody stated:
    the later of the two, but for the longest of its kind. None is no end, the latest of all."""
    if kind is not None and kind.longest_days is not None:
        longest = over(started.date(), kind.longest_days, _zone(started))
        asked = longest if asked is None else min(asked, longest)
    return later(until, asked)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _zone(at: datetime) -> ZoneInfo:
    if not isinstance(at.tzinfo, ZoneInfo):
        raise TypeError("days are counted in a customer's zone: give a time with its ZoneInfo")
    return at.tzinfo


def notice_period_ends(kind: HoldKind | None, country: str, sent: date) -> date | None:
    """The last day of the period that a notice sent on a date begins; None: this kind has none.

    The notice counts as received once the days for the post are over, business days of `country`
    without the day it was sent on; the days of the period follow (12 CFR 1006.34(b)(5)).
    """
    if kind is None or kind.mailing_days is None or kind.days is None:
        return None
    calendar, day, left = Calendar(country), sent, kind.mailing_days
    while left:
        day += ONE_DAY
        left -= calendar.is_business(day)
    return day + timedelta(days=kind.days)
