"""How a day is found from the words of a rule: today in, the day meant out. Pure.

Each answers the day meant for a promise and the day meant for a payment already made; either may be
None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from nlu import calendar_days as cal

Days = tuple[date | None, date | None]
Said = dict[str, str]
"""What the named groups of a pattern matched; empty where they did not."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a day is read against: the customer's local date and country (US, GB)."""

    today: date
    country: str = "US"


NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "4th": 4, "last": -1}


def weekday(word: str) -> int:
    return cal.WEEKDAYS[word.rstrip(".")]


def number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return 2 if "couple" in word or word == "dos" else 1


def year_of(text: str) -> int | None:
    digits = "".join(filter(str.isdigit, text))
    return (int(digits) + 2000 if len(digits) == 2 else int(digits)) if digits else None


def yearly(find: Callable[[int], date | None], today: date) -> Days:
    """The first such day on or after today, and the latest on or before it."""
    years = range(max(today.year - 4, 1), min(today.year + 5, 9999))
    days = [found for found in map(find, years) if found]
    later = [found for found in days if found >= today]
    earlier = [found for found in days if found <= today]
    return (later[0] if later else None, earlier[-1] if earlier else None)


def monthly(find: Callable[[int, int], date | None], today: date) -> Days:
    """As `yearly`, for a day that each month has."""
    start = today.year * 12 + today.month - 1
    months = [divmod(start + step, 12) for step in range(-12, 13)]
    days = [find(year, month + 1) for year, month in months if 1 <= year <= 9999]
    later = [found for found in days if found and found >= today]
    earlier = [found for found in days if found and found <= today]
    return (later[0] if later else None, earlier[-1] if earlier else None)


def month_day(month: int, number: int, year: int | None, at: Calendar) -> Days:
    if year is not None:
        found = cal.day(year, month, number) if 1 <= year <= 9999 else None
        return (found, found)
    return yearly(lambda each: cal.day(each, month, number), at.today)


def numeric(said: Said, at: Calendar) -> Days:
    first, second = int(said["a"]), int(said["b"])
    day_first = at.country == "GB"
    if first > 12 >= second:
        day_first = True
    elif second > 12 >= first:
        day_first = False
    number, month = (first, second) if day_first else (second, first)
    return month_day(month, number, year_of(said.get("y") or ""), at)


def same(found: date | None) -> Days:
    return (found, found)


def ahead(said: Said, at: Calendar, start: date | None = None) -> date | None:
    count, unit = number(said["n"]), said["u"]
    start = start or at.today
    if unit.startswith(("month", "mes")):
        return cal.plus_months(start, count)
    if unit.startswith(("hour", "hr", "hora", "min")):
        return cal.plus_days(start, count // 24 if unit[0] == "h" else 0)
    size = (
        14 if unit.startswith(("fort", "quincena")) else 7 if unit.startswith(("w", "sem")) else 1
    )
    if unit.startswith("year"):
        return cal.plus_months(start, 12 * count)
    return cal.plus_days(start, count * size)


def bare_weekday(said: Said, at: Calendar) -> Days:
    which = weekday(said["d"])
    past = at.today if at.today.weekday() == which else cal.weekday_before(at.today, which)
    return (cal.weekday_after(at.today, which), past)


def weeks_on(said: Said, at: Calendar) -> Days:
    weeks = {"fortnight": 2, "2": 2, "two": 2, "3": 3, "three": 3}.get(said["w"], 1)
    start = cal.weekday_after(at.today, weekday(said["d"]))
    return (cal.plus_days(start, 7 * weeks) if start else None, None)


def from_day(said: Said, at: Calendar) -> Days:
    offset = 1 if said["d"] in ("tomorrow", "tom", "manana") else 0
    start = cal.plus_days(at.today, offset)
    return (ahead(said, at, start) if start else None, None)


def month_part(said: Said, at: Calendar) -> Days:
    """The beginning, middle or end of this, next or a named month."""
    part = said["p"]
    if part.startswith(("end", "fin", "last", "late", "back", "ultimo", "eo")):
        number = 31
    else:
        number = 15 if part.startswith(("mid", "med")) else 1

    def find(year: int, month: int) -> date:
        return min(cal.month_end(year, month), cal.day(year, month, number) or date.max)

    named = (said.get("m") or "").rstrip(".")
    if named in cal.MONTHS:
        return yearly(lambda year: find(year, cal.MONTHS[named]), at.today)
    if (said.get("x") or "").startswith(("next", "the next", "prox", "del prox", "que vi", "sig")):
        start = cal.plus_months(at.today.replace(day=1), 1)
        return (find(start.year, start.month) if start else None, None)
    return monthly(find, at.today)


def nth_weekday(said: Said, at: Calendar) -> Days:
    which, nth = weekday(said["d"]), NTHS[said["k"]]
    named = (said.get("m") or "").rstrip(".")
    if named in cal.MONTHS:
        month = cal.MONTHS[named]
        return yearly(lambda year: cal.nth_weekday(year, month, which, nth), at.today)
    if "next" in (said.get("x") or ""):
        start = cal.plus_months(at.today.replace(day=1), 1)
        return (cal.nth_weekday(start.year, start.month, which, nth) if start else None, None)
    return monthly(lambda year, month: cal.nth_weekday(year, month, which, nth), at.today)


def day_of_next_month(said: Said, at: Calendar) -> Days:
    start = cal.plus_months(at.today.replace(day=1), 1)
    number = int(said["n"]) if said["n"].isdigit() else NTHS.get(said["n"], 1)
    return (cal.day(start.year, start.month, number) if start else None, None)


def day_of_this_month(said: Said, at: Calendar) -> Days:
    number = int(said["n"]) if said["n"].isdigit() else NTHS.get(said["n"], 1)
    return same(cal.day(at.today.year, at.today.month, number))


def nth_of_month(said: Said, at: Calendar) -> Days:
    word = said["n"]
    number = int(word) if word.isdigit() else {"primero": 1, "uno": 1}.get(word) or NTHS[word]
    return monthly(lambda year, month: cal.day(year, month, number), at.today)


def days_ago(said: Said, at: Calendar) -> Days:
    count, unit = number(said["n"]), said["u"]
    if unit.startswith(("month", "mes")):
        return (None, cal.plus_months(at.today, -count))
    size = 14 if unit.startswith("fort") else 7 if unit.startswith(("w", "sem")) else 1
    if unit.startswith(("hour", "min", "hora")):
        size = 0
    return (None, cal.plus_days(at.today, -count * size))


def next_weekday(said: Said, at: Calendar) -> Days:
    return (cal.weekday_next_week(at.today, weekday(said["d"])), None)


def week_part(said: Said, at: Calendar) -> Days:
    """The start (Monday), middle (Wednesday) or end (Friday) of this or next week."""
    part = said["p"]
    which = 4 if part.startswith(("end", "fin", "late", "back", "eo")) else 0
    which = 2 if part.startswith("mid") else which
    if (said.get("x") or "").startswith(("next", "the next", "prox", "que vi")):
        return (cal.weekday_next_week(at.today, which), None)
    if which == at.today.weekday():
        return same(at.today)
    return (cal.weekday_after(at.today, which), cal.weekday_before(at.today, which))


def named_day(said: Said, at: Calendar) -> Days:
    find = cal.fixed_day(said["f"], at.country)
    return yearly(find, at.today) if find else (None, None)


def next_bank_holiday(_said: Said, at: Calendar) -> Days:
    days = [found for year in (at.today.year, at.today.year + 1) for found in _bank_days(year)]
    return (next((found for found in days if found >= at.today), None), None)


def _bank_days(year: int) -> list[date]:
    return cal.bank_holiday(year) if year < 9999 else []


def weekend(said: Said, at: Calendar) -> Days:
    saturday = cal.weekday_after(at.today, 5)
    if at.today.weekday() >= 5:
        saturday = at.today if "next" not in said["x"] else saturday
    elif "next" in said["x"]:
        saturday = cal.weekday_next_week(at.today, 5)
    return (saturday, cal.weekday_before(at.today, 5))


def days_on(days: int) -> Callable[[Said, Calendar], Days]:
    return lambda _, at: same(cal.plus_days(at.today, days))


def no_day(_said: Said, _at: Calendar) -> Days:
    return (None, None)
