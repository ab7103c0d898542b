"""When contact hours are open in every zone that a customer may be in, exact across DST."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from compliance.rules import HoursTerms

LOOKAHEAD_DAYS = 15  # longer than any run of bank holidays and Sundays
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class UnknownZone(ValueError):
    """A candidate's name is not a time zone."""


class Span(NamedTuple):
    """From `opens` up to but not including `closes`, both UTC."""

    opens: datetime
    closes: datetime


def window(
    terms: HoursTerms, zones: tuple[str, ...], region: str | None, at: datetime
) -> Span | None:
    """The span that is open at `at` (UTC), else the next; None where all zones never agree.

    A span with less than the shortest validity left counts as closed. Raises UnknownZone.
    """
    shortest = timedelta(seconds=terms.shortest_validity_seconds)
    today = at.toordinal()
    for day in range(today, today + LOOKAHEAD_DAYS):
        for span in _spans(terms, zones, region, day):
            if span.closes - max(at, span.opens) >= shortest:
                return span
    return None


@lru_cache(maxsize=16_384)
def _spans(
    terms: HoursTerms, zones: tuple[str, ...], region: str | None, day: int
) -> tuple[Span, ...]:
    """Every span, uncut, that touches the UTC day (a proleptic ordinal) in all zones at once."""
    return reduce(_meet, (_zone_spans(terms, zone, region, day) for zone in zones))


def _meet(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> tuple[Span, ...]:
    pairs = (Span(max(a.opens, b.opens), min(a.closes, b.closes)) for a, b in product(ours, theirs))
    return tuple(span for span in pairs if span.opens < span.closes)


@lru_cache(maxsize=4_096)
def _zone_spans(terms: HoursTerms, zone: str, region: str | None, day: int) -> tuple[Span, ...]:
    # No zone is more than 14 hours from UTC: a day's neighbours are all that can reach into it.
    dates = (date.fromordinal(day + shift) for shift in (-1, 0, 1))
    return tuple(_span(terms, zone_named(zone), on) for on in dates if _is_open(terms, region, on))


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"{name!r} is not a time zone") from None


def _span(terms: HoursTerms, zone: ZoneInfo, on: date) -> Span:
    # A wall time that a change of clocks repeats or skips is two instants: taking the later
    # opening and the earlier close never allows a moment that the rule forbids.
    return Span(
        max(_instants(terms.opens, zone, on)),
        min(_instants(terms.closes, zone, on)),
    )


def _instants(clock: str, zone: ZoneInfo, on: date) -> tuple[datetime, ...]:
    wall = datetime.combine(on, time.fromisoformat(clock), zone)
    return tuple(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _is_open(terms: HoursTerms, region: str | None, on: date) -> bool:
    if DAYS[on.weekday()] not in terms.days:
        return False
    calendars = (region,) if region in terms.calendars else terms.where_unknown
    return not any(on in bank_holidays(name, on.year) for name in calendars if name)


@lru_cache(maxsize=256)
def bank_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a country or a part of it: GB-SCT, JE. Raises NotImplementedError."""
    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
