"""When contact hours are open in every zone that a customer may be in, exact across DST.

A moment is open where the wall clock of every candidate zone says so: an hour that a change of
clocks repeats is judged by what the clock shows each time, and one that it skips never comes.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from itertools import product
from typing import NamedTuple

from compliance.calendars import bank_holidays, calendars
from compliance.clocks import Stretch, stretches
from compliance.rules import HoursTerms
from domain.windows import DAYS, Kind, Statement, minutes

LOOKAHEAD_DAYS = 35
"""How far ahead hours are looked for: any day of the week comes several times, holidays or not."""

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Span(NamedTuple):
    """From `opens` up to but not including `closes`, both UTC."""

    opens: datetime
    closes: datetime


def window(
    terms: HoursTerms,
    zones: tuple[str, ...],
    regions: tuple[str, ...],
    at: datetime,
    own: tuple[Statement, ...] = (),
) -> Span | None:
    """The span that is open at `at` (UTC), else the next; None where there is none for weeks.

    `regions` are the places whose bank holidays may count (`compliance.calendars`), `own` what
    the customer has said of their times. A span with less than the shortest validity left counts
    as closed. Raises UnknownZone and UnknownCalendar.
    """
    shortest = timedelta(seconds=terms.shortest_validity_seconds)
    today = at.toordinal()
    for day in range(today, today + LOOKAHEAD_DAYS):
        for span in _spans(terms, zones, regions, own, day):
            if span.closes - max(at, span.opens) >= shortest:
                return span
    return None


@lru_cache(maxsize=16_384)
def _spans(
    terms: HoursTerms,
    zones: tuple[str, ...],
    regions: tuple[str, ...],
    own: tuple[Statement, ...],
    day: int,
) -> tuple[Span, ...]:
    """Every span of the UTC day (a proleptic ordinal) and its neighbours, in all zones at once."""
    names = calendars(terms, regions)
    return reduce(_meet, (_zone_spans(terms, zone, names, own, day) for zone in zones))


def _meet(ours: tuple[Span, ...], theirs: tuple[Span, ...]) -> tuple[Span, ...]:
    pairs = (Span(max(a.opens, b.opens), min(a.closes, b.closes)) for a, b in product(ours, theirs))
    return tuple(sorted(span for span in pairs if span.opens < span.closes))


@lru_cache(maxsize=16_384)
def _zone_spans(
    terms: HoursTerms,
    zone: str,
    names: tuple[str, ...],
    own: tuple[Statement, ...],
    day: int,
) -> tuple[Span, ...]:
    found: list[Span] = []
    for shift in (-1, 0, 1):
        for stretch in stretches(zone, day + shift):
            for span in _open(stretch, terms, names, own):
                if found and found[-1].closes == span.opens:
                    found[-1] = Span(found[-1].opens, span.closes)
                else:
                    found.append(span)
    return tuple(found)


def _open(
    stretch: Stretch, terms: HoursTerms, names: tuple[str, ...], own: tuple[Statement, ...]
) -> Iterator[Span]:
    """The spans of one stretch, in their order."""
    start, end = stretch.start + stretch.offset, stretch.end + stretch.offset
    for day in range(start.toordinal(), end.toordinal() + 1):
        midnight = datetime.fromordinal(day)
        for opens, closes in _runs(_minutes(terms, names, own, midnight.date())):
            first = max(start, midnight + MINUTE * opens)
            last = min(end, midnight + MINUTE * closes)
            if first < last:
                yield Span(_utc(first - stretch.offset), _utc(last - stretch.offset))


def _utc(naive: datetime) -> datetime:
    return naive.replace(tzinfo=UTC)


@lru_cache(maxsize=16_384)
def _minutes(
    terms: HoursTerms, names: tuple[str, ...], own: tuple[Statement, ...], on: date
) -> int:
    """The local date's open minutes, as the bits of a number."""
    day = DAYS[on.weekday()]
    if day not in terms.days or any(on in bank_holidays(name, on.year) for name in names):
        return 0
    hours = _bits(minutes(terms.opens), minutes(terms.closes))
    return reduce(lambda open_, said: open_ & _allowed(said, day), own, hours)


def _allowed(said: Statement, day: str) -> int:
    only = [window for window in said if window.kind is Kind.ONLY]
    never = [window for window in said if window.kind is Kind.NEVER]
    open_ = _any(_bits(w.opens, w.closes) for w in only if day in w.days) if only else ~0
    return open_ & ~_any(_bits(w.opens, w.closes) for w in never if day in w.days)


def _any(masks: Iterable[int]) -> int:
    return reduce(lambda one, other: one | other, masks, 0)


def _bits(opens: int, closes: int) -> int:
    return (1 << closes) - (1 << opens)


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """First and last-but-one of each run of set bits, from the lowest."""
    start = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        run = (~bits & (bits + 1)).bit_length() - 1
        bits >>= run
        yield start + gap, start + gap + run
        start += gap + run
