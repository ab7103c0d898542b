"""Instalments in days and in money: due dates from an anchor, and a total in equal parts."""

from calendar import isleap
from datetime import date
from enum import StrEnum
from functools import lru_cache

from domain.business_days import Calendar, Roll
from domain.values import Invalid, Money

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SHORTEST_MONTH = min(MONTH_DAYS)
HALF_MONTH = 15


class Frequency(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    MONTHLY = "monthly"
    SEMI_MONTHLY = "semi_monthly"


WEEKS = {Frequency.WEEKLY: 1, Frequency.FORTNIGHTLY: 2, Frequency.FOUR_WEEKLY: 4}
PER_YEAR = {
    Frequency.WEEKLY: 52,
    Frequency.FORTNIGHTLY: 26,
    Frequency.SEMI_MONTHLY: 24,
    Frequency.FOUR_WEEKLY: 13,
    Frequency.MONTHLY: 12,
}


@lru_cache(maxsize=8192)
def dates(
    anchor: date, frequency: Frequency, count: int, calendar: Calendar, roll: Roll
) -> tuple[date, ...]:
    """`count` due dates, never before one another, each counted from `anchor` and then rolled.

    Counting from the anchor keeps its day through short months: 31 Jan, 28 Feb, 31 Mar. A run of
    closed days longer than a week can roll two weekly dates onto one day.
    """
    return calendar.rolled(unrolled(anchor, frequency, count), roll)


def unrolled(anchor: date, frequency: Frequency, count: int) -> list[date]:
    """The dates before the rule for closed days is applied; the first is the anchor itself."""
    if weeks := WEEKS.get(frequency):
        first, step = anchor.toordinal(), 7 * weeks
        return list(map(date.fromordinal, range(first, first + step * count, step)))
    month = 12 * anchor.year + anchor.month - 1
    if frequency is Frequency.MONTHLY:
        return [_day_of(month + number, anchor.day) for number in range(count)]
    pair = half_months(anchor.day)
    slots = range(pair.index(anchor.day), pair.index(anchor.day) + count)
    return [_day_of(month + slot // 2, pair[slot % 2]) for slot in slots]


def half_months(day: int) -> tuple[int, int]:
    """The two days of a semi-monthly schedule that has `day`: fifteen apart, or 1 and 15."""
    if day in (1, HALF_MONTH):
        return 1, HALF_MONTH
    return (day, day + HALF_MONTH) if day < HALF_MONTH else (day - HALF_MONTH, day)


def _day_of(months: int, day: int) -> date:
    """`day` of the month that lies `months` after January of the year 0, or that month's last."""
    year, month = divmod(months, 12)
    if day > SHORTEST_MONTH:
        day = min(day, 29 if month == 1 and isleap(year) else MONTH_DAYS[month])
    return date(year, month + 1, day)


def most_parts(total: int, smallest: int, smallest_last: int) -> int:
    """How many parts `total` has at most where none is below `smallest`, or the last below its own.

    Minor units, `smallest_last` between 1 and `smallest`. 0 where even one part would be too small.
    """
    return max(0, (total - smallest_last) // smallest + 1)


def equal_parts(total: int, count: int, smallest: int = 1) -> tuple[int, int]:
    """All but the last of `count` parts, rounded down but at least `smallest`; and the last.

    Minor units. The last is at least 1 where `count` is within `most_parts`.
    """
    equal = max(total // count, smallest)
    return equal, total - equal * (count - 1)


def parts_of(total: int, amount: int, smallest_last: int) -> int:
    """How many parts of `amount` make `total`, a rest below `smallest_last` in the last of them.

    Minor units. 0 or 1 where one part is all there is.
    """
    full, rest = divmod(total, amount)
    return full + (rest >= smallest_last)


def split(total: Money, count: int, smallest: int = 1) -> tuple[Money, ...]:
    """`total` in `count` equal amounts, rounded down; the last takes the rest.

    Fewer, at least one, where an amount would fall below `smallest` (minor units). Raises Invalid
    where there is nothing to split.
    """
    if total.minor <= 0 or count < 1:
        raise Invalid(f"{total} can't be split in {count}")
    count = max(1, min(count, total.minor // smallest))
    equal, last = equal_parts(total.minor, count)
    return (Money(equal, total.currency),) * (count - 1) + (Money(last, total.currency),)
