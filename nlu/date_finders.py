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


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to name a day: a pattern over the plain text, and how to find the day meant.

    `needs` are letters of `date_words.SIGNS`: a text without a word of each can't hold such a day.
    """

    name: str
    needs: str
    pattern: str
    find: Callable[[Said, Calendar], Days]
    vague: bool = False  # names a time that gives no date


NTHS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "4th": 4, "last": -1,
    "primer": 1, "primero": 1, "uno": 1, "segundo": 2, "tercer": 3, "cuarto": 4, "ultimo": -1,
}  # fmt: skip


def weekday(word: str) -> int:
    return cal.WEEKDAYS[word.rstrip(".")]


def number(word: str) -> int:
    if word.lstrip("-").isdigit():
        return int(word)
    return 2 if "couple" in word or word == "dos" else 1


def year_of(text: str) -> int | None:
    digits = "".join(filter(str.isdigit, text))
    return (int(digits) + 2000 if len(digits) == 2 else int(digits)) if digits else None


def yearly(find: Callable[[int], date | None], today: date) -> Days:
    """The first such day on or after today, and the latest on or before it."""
    later = (find(year) for year in range(today.year, min(today.year + 5, 10000)))
    earlier = (find(year) for year in range(today.year, max(today.year - 5, 0), -1))
    return (
        next((found for found in later if found and found >= today), None),
        next((found for found in earlier if found and found <= today), None),
    )


def monthly(find: Callable[[int, int], date | None], today: date) -> Days:
    """As `yearly`, for a day that each month has."""
    start = today.year * 12 + today.month - 1
    later = (_in(find, start + step) for step in range(13))
    earlier = (_in(find, start - step) for step in range(13))
    return (
        next((found for found in later if found and found >= today), None),
        next((found for found in earlier if found and found <= today), None),
    )


def _in(find: Callable[[int, int], date | None], months: int) -> date | None:
    year, month = divmod(months, 12)
    return find(year, month + 1) if 1 <= year <= 9999 else None


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
    if unit in _SPANISH_WEEKS:
        return cal.plus_days(start, _SPANISH_WEEKS[unit])
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


_SPANISH_WEEKS = {"8": 7, "15": 14}
""" "Hoy en ocho" counts today: a week on; "en quince" a fortnight."""


def bare_weekday(said: Said, at: Calendar) -> Days:
    which = weekday(said["d"])
    past = at.today if at.today.weekday() == which else cal.weekday_before(at.today, which)
    return (cal.weekday_after(at.today, which), past)


def weeks_on(said: Said, at: Calendar) -> Days:
    """ "Friday week", "a fortnight on Friday", "three weeks from Friday"."""
    weeks = number(said["n"]) if said.get("n") else 1
    days = 14 if said["w"].startswith("fort") else 7
    start = cal.weekday_after(at.today, weekday(said["d"]))
    return (cal.plus_days(start, days * weeks) if start else None, None)


def weekdays_on(said: Said, at: Calendar) -> Days:
    """ "Two Fridays from now": the second Friday to come."""
    start = cal.weekday_after(at.today, weekday(said["d"]))
    return (cal.plus_days(start, 7 * (number(said["n"]) - 1)) if start else None, None)


def weekday_weeks_on(weeks: int) -> Callable[[Said, Calendar], Days]:
    """The day in the Monday-to-Sunday week so many weeks on; a past one for weeks back."""

    def find(said: Said, at: Calendar) -> Days:
        found = cal.weekday_next_week(at.today, weekday(said["d"]), weeks)
        return (found, None) if weeks > 0 else (None, found)

    return find


def weekdays_ago(said: Said, at: Calendar) -> Days:
    """ "Two Fridays ago" and "the Friday before last"."""
    count = number(said["n"]) if said["n"] else 2
    found = cal.weekday_before(at.today, weekday(said["d"]))
    return (None, cal.plus_days(found, -7 * (count - 1)) if found else None)


def quarter(year: int, month: int, last: bool) -> date | None:
    """The last or the first day of a quarter, in the month that has it."""
    if last:
        return cal.month_end(year, month) if month % 3 == 0 else None
    return cal.day(year, month, 1) if month % 3 == 1 else None


def year_part(said: Said, at: Calendar) -> Days:
    if said["u"] == "quarter":
        last = said["p"].startswith("end")
        return monthly(lambda year, month: quarter(year, month, last), at.today)
    if said["p"].startswith(("end", "eo")):
        return yearly(lambda year: cal.day(year, 12, 31), at.today)
    return yearly(lambda year: cal.day(year, 1, 1), at.today)


def first_business_day(said: Said, at: Calendar) -> Days:
    """The first weekday of this, the next or a named month."""

    def find(year: int, month: int) -> date | None:
        first = cal.day(year, month, 1)
        while first and first.weekday() >= 5:
            first = cal.plus_days(first, 1)
        return first

    return _in_month(said, at, find)


def quincena(_said: Said, at: Calendar) -> Days:
    """The next payday of those paid twice a month: the 15th or the last of the month."""
    middle = monthly(lambda year, month: cal.day(year, month, 15), at.today)
    end = monthly(cal.month_end, at.today)
    future = [found for found in (middle[0], end[0]) if found]
    past = [found for found in (middle[1], end[1]) if found]
    return (min(future, default=None), max(past, default=None))


def _in_month(said: Said, at: Calendar, find: Callable[[int, int], date | None]) -> Days:
    """Of a named month, of next or last month, else of the first month that has it to come."""
    named = (said.get("m") or "").rstrip(".")
    if named in cal.MONTHS:
        return yearly(lambda year: find(year, cal.MONTHS[named]), at.today)
    which = said.get("x") or ""
    if which.startswith(("last", "pasado")):
        start = cal.plus_months(at.today.replace(day=1), -1)
        return (None, find(start.year, start.month) if start else None)
    if which.startswith(
        ("next", "the next", "following", "prox", "del prox", "que ", "sig", "mes que")
    ):
        start = cal.plus_months(at.today.replace(day=1), 1)
        return (find(start.year, start.month) if start else None, None)
    return monthly(find, at.today)


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
        number = 15 if part.startswith(("mid", "med", "half")) else 1

    def find(year: int, month: int) -> date:
        return min(cal.month_end(year, month), cal.day(year, month, number) or date.max)

    return _in_month(said, at, find)


def nth_weekday(said: Said, at: Calendar) -> Days:
    which, place = weekday(said["d"]), NTHS[said["k"]]
    return _in_month(said, at, lambda year, month: cal.nth_weekday(year, month, which, place))


def nth(word: str) -> int:
    return int(word) if word.isdigit() else NTHS.get(word, 1)


def day_of_next_month(said: Said, at: Calendar) -> Days:
    return _in_month({"x": "next"}, at, lambda year, month: cal.day(year, month, nth(said["n"])))


def day_of_last_month(said: Said, at: Calendar) -> Days:
    return _in_month({"x": "last"}, at, lambda year, month: cal.day(year, month, nth(said["n"])))


def day_of_this_month(said: Said, at: Calendar) -> Days:
    return same(cal.day(at.today.year, at.today.month, nth(said["n"])))


def nth_of_month(said: Said, at: Calendar) -> Days:
    return monthly(lambda year, month: cal.day(year, month, nth(said["n"])), at.today)


def days_ago(said: Said, at: Calendar) -> Days:
    count, unit = number(said["n"]), said["u"]
    if unit.startswith(("month", "mes")):
        return (None, cal.plus_months(at.today, -count))
    size = 14 if unit.startswith("fort") else 7 if unit.startswith(("w", "sem")) else 1
    if unit.startswith(("hour", "hr", "min", "hora")):
        size = 0
    return (None, cal.plus_days(at.today, -count * size))


next_weekday = weekday_weeks_on(1)


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


_HOLIDAY_MONTHS = {"spring": 5, "whit": 5, "whitsun": 5, "summer": 8}


def bank_holiday(said: Said, at: Calendar) -> Days:
    """The next one, that of a month ("late May") or the one that a season names."""
    part, named = said["p"], said["m"].rstrip(".")
    month = cal.MONTHS.get(named) or _HOLIDAY_MONTHS.get(part)

    def find(year: int) -> date | None:
        days = cal.bank_holidays(year, at.country)
        if part == "easter":
            return cal.plus_days(cal.easter(year), 1)
        days = [found for found in days if found.month == month]
        return days[-1 if part in ("late", "spring", "whit", "whitsun") else 0] if days else None

    if month or part == "easter":
        return yearly(find, at.today)
    years = range(max(at.today.year - 1, 1), min(at.today.year + 2, 9999))
    days = [found for year in years for found in cal.bank_holidays(year, at.country)]
    return (
        next((found for found in days if found >= at.today), None),
        next((found for found in reversed(days) if found <= at.today), None),
    )


def weekend(said: Said, at: Calendar) -> Days:
    saturday = cal.weekday_after(at.today, 5)
    past = cal.weekday_before(at.today, 5)
    if said["x"].startswith("last"):
        return (None, past)
    if at.today.weekday() >= 5:
        saturday = at.today if "next" not in said["x"] else saturday
    elif "next" in said["x"]:
        saturday = cal.weekday_next_week(at.today, 5)
    later = {"after": 7, "end": 1}.get(said["x"], 0)
    if saturday and later:
        saturday = cal.plus_days(saturday, later)
    return (saturday, past)


def days_on(days: int) -> Callable[[Said, Calendar], Days]:
    return lambda _, at: same(cal.plus_days(at.today, days))


def no_day(_said: Said, _at: Calendar) -> Days:
    return (None, None)
