"""Calendar arithmetic: weekdays, months, month ends and the fixed days of a country. Pure."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import holidays

WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3,
    "thurs": 3, "fri": 4, "sat": 5, "sun": 6, "lunes": 0, "martes": 1, "miercoles": 2,
    "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6, "mondays": 0, "tuesdays": 1,
    "wednesdays": 2, "thursdays": 3, "fridays": 4, "saturdays": 5, "sundays": 6,
}  # fmt: skip
MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
    "august": 8, "september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2,
    "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12, "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7,
    "agosto": 8, "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip


def day(year: int, month: int, number: int) -> date | None:
    """That date, or None where there is no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def plus_days(start: date, days: int) -> date | None:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def plus_months(start: date, months: int) -> date | None:
    """The same day so many months on; the last day where the month is too short."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def plus_business_days(start: date, days: int) -> date | None:
    """So many weekdays on, not counting the first; Saturday and Sunday are skipped."""
    found: date | None = start
    while found and days > 0:
        found = plus_days(found, 1)
        days -= bool(found and found.weekday() < 5)
    return found


def weekday_after(start: date, weekday: int) -> date | None:
    """The first such weekday strictly after `start`."""
    return plus_days(start, (weekday - start.weekday() - 1) % 7 + 1)


def weekday_before(start: date, weekday: int) -> date | None:
    """The latest such weekday strictly before `start`."""
    return plus_days(start, -((start.weekday() - weekday - 1) % 7 + 1))


def weekday_next_week(start: date, weekday: int, weeks: int = 1) -> date | None:
    """That weekday of the Monday-to-Sunday week so many weeks on."""
    return plus_days(start, 7 * weeks - start.weekday() + weekday)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month; -1 is the last. None where there is no fifth."""
    if nth < 0:
        last = month_end(year, month)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return day(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Western Easter Sunday by the Meeus/Jones/Butcher algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


def tax_day(year: int) -> date:
    """US federal filing day: 15 April, moved past weekends and Emancipation Day (16 April)."""
    found = date(year, 4, 15)
    emancipation = date(year, 4, 16)
    emancipation += timedelta(days={5: -1, 6: 1}.get(emancipation.weekday(), 0))
    while found.weekday() >= 5 or found == emancipation:
        found += timedelta(days=1)
    return found


def _fixed(month: int, number: int) -> Callable[[int], date | None]:
    return lambda year: day(year, month, number)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date | None]:
    return lambda year: nth_weekday(year, month, weekday, nth)


def _from_easter(days: int) -> Callable[[int], date | None]:
    return lambda year: easter(year) + timedelta(days=days)


def _after_thanksgiving(days: int) -> Callable[[int], date | None]:
    thanksgiving = _nth(11, 3, 4)
    return lambda year: plus_days(thanksgiving(year) or date.max, days)


def _election_day(year: int) -> date | None:
    """US general elections: the Tuesday after the first Monday of November."""
    monday = nth_weekday(year, 11, 0, 1)
    return plus_days(monday, 1) if monday else None


FIXED_DAYS: dict[str, Callable[[int], date | None]] = {
    "new years day": _fixed(1, 1), "new years eve": _fixed(12, 31), "new years": _fixed(1, 1),
    "new year": _fixed(1, 1), "ano nuevo": _fixed(1, 1), "fin de ano": _fixed(12, 31),
    "reyes": _fixed(1, 6), "mlk day": _nth(1, 0, 3), "martin luther king day": _nth(1, 0, 3),
    "groundhog day": _fixed(2, 2), "valentines day": _fixed(2, 14), "valentines": _fixed(2, 14),
    "presidents day": _nth(2, 0, 3), "st patricks day": _fixed(3, 17),
    "saint patricks day": _fixed(3, 17), "st paddys day": _fixed(3, 17),
    "st pattys day": _fixed(3, 17), "st pattys": _fixed(3, 17), "pattys day": _fixed(3, 17),
    "st patricks": _fixed(3, 17), "st paddys": _fixed(3, 17), "paddys day": _fixed(3, 17),
    "shrove tuesday": _from_easter(-47), "pancake day": _from_easter(-47),
    "palm sunday": _from_easter(-7), "good friday": _from_easter(-2),
    "viernes santo": _from_easter(-2), "easter monday": _from_easter(1),
    "easter sunday": _from_easter(0), "easter": _from_easter(0), "pascua": _from_easter(0),
    "april fools day": _fixed(4, 1), "april fools": _fixed(4, 1), "tax day": tax_day,
    "st georges day": _fixed(4, 23), "cinco de mayo": _fixed(5, 5), "may day": _fixed(5, 1),
    "memorial day": _nth(5, 0, -1), "juneteenth": _fixed(6, 19), "flag day": _fixed(6, 14),
    "fathers day": _nth(6, 6, 3), "independence day": _fixed(7, 4), "july fourth": _fixed(7, 4),
    "labor day": _nth(9, 0, 1), "labour day": _nth(9, 0, 1), "columbus day": _nth(10, 0, 2),
    "halloween": _fixed(10, 31), "guy fawkes": _fixed(11, 5), "bonfire night": _fixed(11, 5),
    "veterans day": _fixed(11, 11), "remembrance day": _fixed(11, 11),
    "armistice day": _fixed(11, 11), "thanksgiving day": _nth(11, 3, 4),
    "thanksgiving": _nth(11, 3, 4), "dia de accion de gracias": _nth(11, 3, 4),
    "accion de gracias": _nth(11, 3, 4), "black friday": _after_thanksgiving(1),
    "st andrews day": _fixed(11, 30), "christmas eve": _fixed(12, 24),
    "nochebuena": _fixed(12, 24), "christmas day": _fixed(12, 25), "christmas": _fixed(12, 25),
    "navidad": _fixed(12, 25), "boxing day": _fixed(12, 26), "nochevieja": _fixed(12, 31),
    "leap day": _fixed(2, 29), "st davids day": _fixed(3, 1), "mardi gras": _from_easter(-47),
    "ash wednesday": _from_easter(-46), "maundy thursday": _from_easter(-3),
    "easter saturday": _from_easter(-1), "st stephens day": _fixed(12, 26),
    "miercoles de ceniza": _from_easter(-46), "jueves santo": _from_easter(-3),
    "domingo de pascua": _from_easter(0), "domingo de resurreccion": _from_easter(0),
    "indigenous peoples day": _nth(10, 0, 2), "election day": _election_day,
    "cyber monday": _after_thanksgiving(4), "fourth of july": _fixed(7, 4),
    "san valentin": _fixed(2, 14), "san patricio": _fixed(3, 17),
    "dia de reyes": _fixed(1, 6), "dia de los reyes": _fixed(1, 6),
    "dia de los muertos": _fixed(11, 2), "dia de muertos": _fixed(11, 2),
    "dia del padre": _nth(6, 6, 3), "dia de los padres": _nth(6, 6, 3),
    "dia del trabajo": _nth(9, 0, 1), "dia de los presidentes": _nth(2, 0, 3),
    "dia de los veteranos": _fixed(11, 11), "dia de la independencia": _fixed(7, 4),
    "dia de los caidos": _nth(5, 0, -1), "noche vieja": _fixed(12, 31),
    "noche buena": _fixed(12, 24), "vispera de navidad": _fixed(12, 24),
    "vispera de ano nuevo": _fixed(12, 31), "thanksgiving eve": _after_thanksgiving(-1),
    "day of the dead": _fixed(11, 2), "hogmanay": _fixed(12, 31),
    "burns night": _fixed(1, 25), "epiphany": _fixed(1, 6), "dads day": _nth(6, 6, 3),
    "dia de papa": _nth(6, 6, 3), "dia del amor y la amistad": _fixed(2, 14),
    "dia del amor": _fixed(2, 14), "dia de los enamorados": _fixed(2, 14),
    "dia de brujas": _fixed(10, 31), "dia de todos los santos": _fixed(11, 1),
    "super bowl sunday": _nth(2, 6, 2), "turkey day": _nth(11, 3, 4),
}  # fmt: skip
"""Days that both countries (or one of them only) name; keys are in the plain form of a text."""

_MOTHERS_DAYS = (
    "mothers day", "moms day", "mums day", "dia de las madres", "dia de la madre", "dia de mama",
)  # fmt: skip
BY_COUNTRY: dict[tuple[str, str], Callable[[int], date | None]] = {
    **{(name, "US"): _nth(5, 6, 2) for name in _MOTHERS_DAYS},
    **{(name, "GB"): _from_easter(-21) for name in (*_MOTHERS_DAYS, "mothering sunday")},
    ("mothering sunday", "US"): _from_easter(-21),
}
_WITHOUT_S = frozenset(
    "years mothers fathers moms mums dads valentines presidents patricks paddys fools georges "
    "davids andrews stephens veterans peoples".split()
)


def _carelessly(name: str) -> str:
    """The name of a day without the s that belongs to somebody: "new year eve"."""
    words = [word.removesuffix("s") if word in _WITHOUT_S else word for word in name.split()]
    return " ".join(words)


_CARELESS = {
    careless: name
    for name in (*FIXED_DAYS, *(name for name, _ in BY_COUNTRY))
    if (careless := _carelessly(name)) != name and careless not in FIXED_DAYS
}
DAY_NAMES = frozenset({*FIXED_DAYS, *(name for name, _ in BY_COUNTRY), *_CARELESS})
"""Every name of a fixed day, in whichever country."""


@lru_cache(maxsize=64)
def public_holidays(year: int, country: str) -> tuple[date, ...]:
    """The public holidays of a country (of England, for GB) in their order."""
    part = "ENG" if country == "GB" else None
    return tuple(sorted(holidays.country_holidays(country, subdiv=part, years=year)))


def bank_holidays(year: int, country: str) -> list[date]:
    """Those that people call "the bank holiday": without Good Friday and the turn of the year."""
    named = {easter(year) - timedelta(days=2)}
    days = public_holidays(year, country)
    return [day for day in days if day.month not in (1, 12) and day not in named]


def fixed_day(name: str, country: str) -> Callable[[int], date | None] | None:
    """The rule of a named day, by year; None where the country has no such day."""
    name = _CARELESS.get(name, name)
    return BY_COUNTRY.get((name, country)) or FIXED_DAYS.get(name)
