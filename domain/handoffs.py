"""Requests for a person: how soon somebody must see to one, by its reason."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.business_days import ONE_DAY, Calendar, Roll


class Urgency(StrEnum):
    """In the order in which people take them up."""

    NOW = "now"  # at any hour; people are alerted until somebody takes it
    DAY = "day"  # within one working day
    USUAL = "usual"  # within two


BY_REASON: Mapping[str, Urgency] = {
    "self_harm_risk": Urgency.NOW,
    "deceased": Urgency.DAY,
    "bankruptcy": Urgency.DAY,
    "attorney_represented": Urgency.DAY,
    "identity_theft": Urgency.DAY,
    "dispute": Urgency.DAY,
    "debt_validation": Urgency.DAY,
    "vulnerability": Urgency.DAY,
    "complaint": Urgency.DAY,
    "cease_contact": Urgency.DAY,
    "agent_request": Urgency.DAY,
    "set_aside": Urgency.DAY,
}
"""Reasons that a dialog pack makes up are usual ones. A pack may call any of them urgent."""

AT_ONCE = timedelta(minutes=30)
"""By when a hand-off that can't wait must be settled: by the clock, not by office hours."""
WORKING_DAYS: Mapping[Urgency, int] = {Urgency.DAY: 1, Urgency.USUAL: 2}


class Office(Struct, frozen=True):
    """When a client's people work: from `opens` to `closes` on its calendar's business days."""

    zone: str
    calendar: Calendar
    opens: time
    closes: time


def urgency_of(reason: str, urgent: bool = False) -> Urgency:
    """`urgent` is what the dialog said of it."""
    return Urgency.NOW if urgent else BY_REASON.get(reason, Urgency.USUAL)


def due(urgency: Urgency, asked: datetime, office: Office, by: date | None = None) -> datetime:
    """By when a hand-off asked for at `asked` (aware) must be settled, in UTC.

    Where it has a deadline, at the close of the last business day until then.
    """
    if urgency is Urgency.NOW:
        return asked.astimezone(UTC) + AT_ONCE
    if by is not None:
        return _at(office.calendar.roll(by, Roll.PRECEDING), office.closes, office)
    left = WORKING_DAYS[urgency] * _length(office)
    for opens, closes in _spans(asked, office):
        start = max(opens, asked)
        if closes - start >= left:
            return (start + left).astimezone(UTC)
        left -= max(closes - start, timedelta())
    raise AssertionError("business days never end")


def _length(office: Office) -> timedelta:
    """Of a working day."""
    day = date.min
    return datetime.combine(day, office.closes) - datetime.combine(day, office.opens)


def _spans(after: datetime, office: Office) -> Iterator[tuple[datetime, datetime]]:
    """The office's hours in UTC, from those of the day of `after` on."""
    day = after.astimezone(ZoneInfo(office.zone)).date()
    while True:
        if office.calendar.is_business(day):
            yield _at(day, office.opens, office), _at(day, office.closes, office)
        day += ONE_DAY


def _at(day: date, hour: time, office: Office) -> datetime:
    """In UTC, so that a sum over a change of the clocks is one of real time."""
    return datetime.combine(day, hour, ZoneInfo(office.zone)).astimezone(UTC)
