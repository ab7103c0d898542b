"""Contact hours said once more, by walking the minutes with plain zoneinfo and own tables.

Nothing here knows the contact gate: a mistake would have to be made twice, in two ways. Every
boundary lies on a whole minute of the wall clock, so that each minute is open or is not.
"""

from array import array
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOOKED_AHEAD = 35
"""Days after which a message is not held for hours that may come."""
SHORTEST = 5
"""Seconds that must be left of an open time."""

TERRITORY = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "America/Adak", "Pacific/Honolulu",
    "America/Puerto_Rico", "America/St_Thomas", "Pacific/Guam", "Pacific/Saipan",
    "Pacific/Pago_Pago",
)  # fmt: skip
NUMBERING_PLAN = (
    *TERRITORY, "America/Boise", "America/St_Johns", "America/Halifax", "America/Toronto",
    "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver",
    "America/Whitehorse", "Atlantic/Bermuda", "America/Jamaica", "America/Nassau",
    "America/Barbados", "America/Port_of_Spain", "America/Cayman", "America/Santo_Domingo",
)  # fmt: skip
"""Where a toll-free number may be answered."""

CHRISTMAS = ("2026-12-25", "2026-12-26", "2026-12-28", "2027-12-25", "2027-12-26", "2027-12-27",
             "2027-12-28")  # fmt: skip
ENGLAND = (*CHRISTMAS, "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31",
           "2027-08-30")  # fmt: skip
HOLIDAYS = {
    "england": ENGLAND,
    "wales": ENGLAND,
    "northern ireland": (*ENGLAND, "2027-03-17", "2027-07-12"),
    "scotland": (*CHRISTMAS, "2026-11-30", "2027-01-01", "2027-01-02", "2027-01-04", "2027-03-26",
                 "2027-05-03", "2027-05-31", "2027-08-02", "2027-11-30"),
    "jersey": ENGLAND,  # 9 May, too, which is a Sunday in 2027
    "guernsey": (*ENGLAND, "2027-05-09"),
    "man": (*ENGLAND, "2027-06-04", "2027-07-05"),
    "states": ("2026-11-11", "2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15",
               "2027-05-31", "2027-06-18", "2027-06-19", "2027-07-04", "2027-07-05", "2027-09-06",
               "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-25", "2027-12-31"),
}  # fmt: skip
"""By the gazettes: the days themselves and those kept in their place, for the simulated months."""

CLOSED = {name: frozenset(map(date.fromisoformat, days)) for name, days in HOLIDAYS.items()}


class Spoken(NamedTuple):
    """A time that a customer has named: `only` or never, on weekdays (0 is Monday), in minutes."""

    only: bool
    days: frozenset[int]
    opens: int
    closes: int


class Truth(NamedTuple):
    """What is so of a customer: `zones` empty where nobody can know. Statements must all allow."""

    british: bool
    zones: tuple[str, ...]
    closed: tuple[str, ...] = ()
    said: tuple[tuple[Spoken, ...], ...] = ()


def may_go(truth: Truth, at: datetime) -> bool:
    """By the wall clock of every zone, at one instant."""
    return bool(truth.zones) and all(
        _open(truth, *_shown(at.astimezone(ZoneInfo(zone)))) for zone in truth.zones
    )


def _shown(local: datetime) -> tuple[int, int]:
    return local.toordinal(), local.hour * 60 + local.minute


def _open(truth: Truth, day: int, minute: int) -> bool:
    return _is_day(truth, day) and _is_hour(truth, (day - 1) % 7, minute)


def _is_day(truth: Truth, day: int) -> bool:
    on = date.fromordinal(day)
    holiday = any(on in CLOSED[name] for name in truth.closed)
    return not truth.british or (on.weekday() != 6 and not holiday)


def _is_hour(truth: Truth, weekday: int, minute: int) -> bool:
    if not 8 * 60 <= minute < (20 if truth.british else 21) * 60:
        return False
    return all(_suits(statement, weekday, minute) for statement in truth.said)


def _suits(statement: tuple[Spoken, ...], weekday: int, minute: int) -> bool:
    wanted, refused, any_wanted = False, False, False
    for spoken in statement:
        inside = weekday in spoken.days and spoken.opens <= minute < spoken.closes
        any_wanted = any_wanted or spoken.only
        wanted = wanted or (spoken.only and inside)
        refused = refused or (not spoken.only and inside)
    return (wanted or not any_wanted) and not refused


def first_instant(truth: Truth, at: datetime) -> datetime | None:
    """The first instant from `at` (UTC) on at which the message may go; None: it may not."""
    if not truth.zones:
        return None
    today = at.toordinal()
    start = datetime(at.year, at.month, at.day, tzinfo=UTC)
    now = (at - start) // MINUTE
    left = 60 - (at - start - MINUTE * now).total_seconds()
    if _minute(truth, today, now) and (left >= SHORTEST or _minute(truth, today, now + 1)):
        return at
    for ahead in range(LOOKED_AHEAD):
        open_ = _minutes(truth, today + ahead) >> (now + 1 if ahead == 0 else 0)
        if open_:
            first = (open_ & -open_).bit_length() - 1 + (now + 1 if ahead == 0 else 0)
            return start + DAY * ahead + MINUTE * first
    return None


def _minute(truth: Truth, day: int, minute: int) -> bool:
    return bool(_minutes(truth, day + minute // 1440) >> minute % 1440 & 1)


@lru_cache(maxsize=20_000)
def _minutes(truth: Truth, day: int) -> int:
    """A UTC day's minutes that are open in all zones, as bits."""
    open_ = -1
    for zone in truth.zones:
        open_ &= _minutes_here(truth._replace(zones=(zone,)), day)
        if not open_:
            break
    return open_


@lru_cache(maxsize=20_000)
def _minutes_here(truth: Truth, day: int) -> int:
    dates, minutes = _clock(truth.zones[0], day)
    anywhere = truth._replace(zones=())
    days = [_local(anywhere, day + shift) for shift in (-1, 0, 1)]
    open_ = bytes(days[on][minute] for on, minute in zip(dates, minutes, strict=True))
    return int(open_[::-1].translate(DIGITS), 2)


DIGITS = bytes.maketrans(bytes((0, 1)), b"01")


@lru_cache(maxsize=20_000)
def _local(truth: Truth, day: int) -> bytes:
    """A local date's minutes: 1 where it is open, else 0."""
    if not _is_day(truth, day):
        return bytes(1440)
    return bytes(_is_hour(truth, (day - 1) % 7, minute) for minute in range(1440))


@cache
def _clock(zone: str, day: int) -> "tuple[bytes, array[int]]":
    """What the wall clock shows in each minute of a UTC day: 0 for the date before, 1 for the
    same and 2 for the next, and the minute of that date."""
    there = ZoneInfo(zone)
    start = datetime.fromordinal(day).replace(tzinfo=UTC)
    shown: list[tuple[int, int]] = []
    for hour in range(0, 1440, 60):
        walked = [start + MINUTE * (hour + each) for each in range(60)]
        first, last = (moment.astimezone(there) for moment in (walked[0], walked[-1]))
        if first.utcoffset() == last.utcoffset() and first.date() == last.date():
            on, minute = _shown(first)
            shown += [(on, minute + each) for each in range(60)]
        else:
            shown += [_shown(moment.astimezone(there)) for moment in walked]
    return bytes(on - day + 1 for on, _ in shown), array("H", (minute for _, minute in shown))
