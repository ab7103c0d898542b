"""Business days of a country, and what becomes of a date that is not one."""

from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays
from msgspec import Struct

from domain.values import Invalid

ONE_DAY = timedelta(days=1)


class Roll(StrEnum):
    """Which business day stands in for a date that is none (the usual day-count conventions)."""

    NONE = "none"
    FOLLOWING = "following"
    PRECEDING = "preceding"
    MODIFIED_FOLLOWING = "modified_following"  # following, but preceding where the month would end


class Calendar(Struct, frozen=True, cache_hash=True):
    """A country (ISO 3166) and, where its holidays differ, a part of it: GB and SCT, US and TX.

    Weekends are the country's own. Holidays are those the `holidays` package knows: to the end of
    2100 for most countries; later only weekends are closed. For the US they are the federal ones
    as observed, so that the Friday before a Saturday holiday is closed, too.
    """

    country: str
    subdivision: str | None = None

    @classmethod
    def named(cls, name: str) -> "Calendar":
        """GB-SCT or US. Raises Invalid where nothing is known of that country or part."""
        country, _, part = name.partition("-")
        found = cls(country, part or None)
        try:
            holidays.country_holidays(found.country, subdiv=found.subdivision)
        except NotImplementedError:
            raise Invalid(f"no holidays are known of {name}") from None
        return found

    def is_business(self, day: date) -> bool:
        return day not in closed_days(self.country, self.subdivision, day.year)

    def roll(self, day: date, rule: Roll) -> date:
        """`day`, or the business day that `rule` puts in its place."""
        if rule is Roll.NONE or self.is_business(day):
            return day
        return _stand_in(day, rule, self._closed(day.year, day.year))

    def rolled(self, days: Sequence[date], rule: Roll) -> tuple[date, ...]:
        """Each of these days, which ascend, as `roll` has it."""
        if rule is Roll.NONE or not days:
            return tuple(days)
        closed = self._closed(days[0].year, days[-1].year)
        return tuple([_stand_in(day, rule, closed) if day in closed else day for day in days])

    def _closed(self, first: int, last: int) -> frozenset[date]:
        """The closed days of these years and of the ones beside them, where days may roll to."""
        first, last = max(first - 1, MINYEAR), min(last + 1, MAXYEAR)
        return _closed_years(self.country, self.subdivision, first, last)


def _stand_in(day: date, rule: Roll, closed: frozenset[date]) -> date:
    """The business day for a closed one."""
    if rule is Roll.PRECEDING:
        return _open(day, -ONE_DAY, closed)
    following = _open(day, ONE_DAY, closed)
    if rule is Roll.MODIFIED_FOLLOWING and following.month != day.month:
        return _open(day, -ONE_DAY, closed)
    return following


def _open(day: date, step: timedelta, closed: frozenset[date]) -> date:
    while day in closed:
        day += step
    return day


@lru_cache(maxsize=1024)
def closed_days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Weekends and public holidays of a year, less the weekend days on which people work.

    Raises NotImplementedError for a country or part that the package does not know.
    """
    known = holidays.country_holidays(country, subdiv=subdivision, years=year)
    first, following = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
    days = map(date.fromordinal, range(first, following))
    return frozenset(day for day in days if not known.is_working_day(day))


@lru_cache(maxsize=256)
def _closed_years(country: str, subdivision: str | None, first: int, last: int) -> frozenset[date]:
    """Of all years from `first` to `last`, so that a schedule's days are looked up in one set."""
    years = range(first, last + 1)
    return frozenset().union(*(closed_days(country, subdivision, year) for year in years))
