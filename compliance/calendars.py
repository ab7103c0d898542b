"""Bank holidays: which calendars count for a customer, and the days of each."""

from datetime import date
from functools import cache, lru_cache

import holidays

from compliance.rules import HoursTerms


class UnknownCalendar(ValueError):
    """No days are known of a country, a part of it, or a year: nobody can say what is closed."""


@lru_cache(maxsize=4_096)
def calendars(terms: HoursTerms, regions: tuple[str, ...]) -> tuple[str, ...]:
    """The calendars of which a day closes the hours, for a customer of any of the `regions`.

    A region is a country or a part of it (GB-SCT, US-TX, JE). Where the part is unknown, or is
    none, all that the terms list of its country count, and `where_unknown`; a country that the
    terms do not speak of counts with its own calendar. Terms without calendars know no holidays.
    """
    if not terms.calendars:
        return ()
    if not regions:
        return terms.where_unknown
    return tuple(sorted({name for region in regions for name in _of(terms, region)}))


def _of(terms: HoursTerms, region: str) -> set[str]:
    country, _, part = region.partition("-")
    whole = {name for name in terms.calendars if name == country}
    parts = {name for name in terms.calendars if name.startswith(f"{country}-")}
    if not whole | parts:
        return {region if part in _parts(country) else country}
    if part in _parts(country):
        return whole | (parts & {region})
    return whole | parts | set(terms.where_unknown if parts else ())


@cache
def _parts(country: str) -> frozenset[str]:
    return frozenset(holidays.list_supported_countries().get(country, ()))


@lru_cache(maxsize=1024)
def bank_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a country or a part of it, with the days kept in their place.

    Raises UnknownCalendar, also for a year without any, which no country has.
    """
    country, _, part = calendar.partition("-")
    try:
        days = frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        raise UnknownCalendar(f"no bank holidays are known of {calendar!r}") from None
    if not days:
        raise UnknownCalendar(f"no bank holidays are known of {calendar!r} in {year}")
    return days
