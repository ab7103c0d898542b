"""Clocks of the world: the stretches of a day during which a zone keeps one distance from UTC.

Zones are read from the package tzdata, whose version is locked with everything else: a machine's
own files are used by no rule, since they are often years behind what countries have decided.
"""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


class UnknownZone(ValueError):
    """A candidate's name is not a time zone."""


class Stretch(NamedTuple):
    """From `start` up to but not including `end`, both naive UTC; `offset` is local less UTC."""

    start: datetime
    end: datetime
    offset: timedelta


@cache
def names() -> frozenset[str]:
    """Every IANA name."""
    listed = files("tzdata").joinpath("zones").read_text("ascii")
    return frozenset(listed.split())


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises UnknownZone."""
    if name not in names():
        raise UnknownZone(f"{name!r} is not a time zone")
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@lru_cache(maxsize=8_192)
def stretches(name: str, day: int) -> tuple[Stretch, ...]:
    """The stretches of a UTC day (a proleptic ordinal) in a zone. Raises UnknownZone."""
    zone = zone_named(name)
    midnight = datetime.fromordinal(day)
    # No zone changes its clocks twice within an hour.
    marks = [midnight + HOUR * hour for hour in range(25)]
    cuts = [midnight]
    for one, other in pairwise(marks):
        if _offset(zone, one) != _offset(zone, other):
            cuts.append(_change(zone, one, other))
    ends = [*cuts[1:], marks[-1]]
    return tuple(
        Stretch(start, end, _offset(zone, start))
        for start, end in zip(cuts, ends, strict=True)
        if start < end
    )


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the later offset."""
    old = _offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after
