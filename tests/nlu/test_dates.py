"""Days named by customers, read on Wednesday 4 March 2026."""

from datetime import date

import pytest

from nlu.calendar_days import easter, plus_business_days, tax_day
from nlu.date_choice import paid_day, promised_mention
from nlu.date_finders import Calendar
from nlu.dates import find_days
from nlu.entities import read
from nlu.normalise import plain
from nlu.numerals import figures

TODAY = date(2026, 3, 4)


def promised(text: str, country: str = "US", today: date = TODAY) -> date | None:
    words = figures(plain(text))
    found = promised_mention(words, find_days(words, Calendar(today, country)), today)
    return found.future if found else None


def paid(text: str, country: str = "US", today: date = TODAY) -> date | None:
    words = figures(plain(text))
    return paid_day(words, find_days(words, Calendar(today, country)), today)


PROMISES = [
    # 1: today and tomorrow
    ("ill pay today", "2026-03-04"),
    ("tonight after work", "2026-03-04"),
    ("this afternoon", "2026-03-04"),
    ("by close of business", "2026-03-04"),
    ("i will do it later today", "2026-03-04"),
    ("tomorrow", "2026-03-05"),
    ("tmrw", "2026-03-05"),
    ("2moro morning", "2026-03-05"),
    ("first thing in the morning", "2026-03-05"),
    ("the day after tomorrow", "2026-03-06"),
    # 2: weekdays
    ("friday", "2026-03-06"),
    ("this friday", "2026-03-06"),
    ("i can do it fri", "2026-03-06"),
    ("wednesday", "2026-03-11"),
    ("this wednesday", "2026-03-11"),
    ("tuesday coming", "2026-03-10"),
    ("frinday no i mean monday", "2026-03-09"),
    ("on wensday", "2026-03-11"),
    # 3: next week's days
    ("next friday", "2026-03-13"),
    ("next monday", "2026-03-09"),
    ("next wednesday", "2026-03-11"),
    ("friday next week", "2026-03-13"),
    ("next week thursday", "2026-03-12"),
    ("tuesday of next week", "2026-03-10"),
    # 5: the Nth
    ("the 15th", "2026-03-15"),
    ("the 4th", "2026-03-04"),
    ("the 3rd", "2026-04-03"),
    ("SSI on the 3rd", "2026-04-03"),
    ("when i get paid on the 1st", "2026-04-01"),
    ("on the first", "2026-04-01"),
    ("the twenty third", "2026-03-23"),
    ("the 31st", "2026-03-31"),
    ("by the 20", "2026-03-20"),
    # 6: parts of months
    ("end of the month", "2026-03-31"),
    ("by eom", "2026-03-31"),
    ("month end", "2026-03-31"),
    ("last working day", "2026-03-31"),
    ("the last day of the month", "2026-03-31"),
    ("start of next month", "2026-04-01"),
    ("from April", "2026-04-01"),
    ("mid month", "2026-03-15"),
    ("middle of april", "2026-04-15"),
    ("end of april", "2026-04-30"),
    ("end of next month", "2026-04-30"),
    ("last friday of the month", "2026-03-27"),
    ("third wednesday", "2026-03-18"),
    ("the second friday of april", "2026-04-10"),
    ("the 5th of next month", "2026-04-05"),
    ("the 28th of this month", "2026-03-28"),
    # 7: so many days on
    ("in 10 days", "2026-03-14"),
    ("in ten days", "2026-03-14"),
    ("in two weeks", "2026-03-18"),
    ("in a couple of weeks", "2026-03-18"),
    ("in 2 weeks time", "2026-03-18"),
    ("in a month", "2026-04-04"),
    ("in three business days", "2026-03-09"),
    ("5 working days", "2026-03-11"),
    ("within 48 hours", "2026-03-06"),
    ("a week from today", "2026-03-11"),
    # 8: weekends and week ends
    ("this weekend", "2026-03-07"),
    ("at the weekend", "2026-03-07"),
    ("end of the week", "2026-03-06"),
    ("by the end of next week", "2026-03-13"),
    # 9: by and after
    ("no later than march 20", "2026-03-20"),
    ("after the 10th", "2026-03-10"),
    ("before friday", "2026-03-06"),
    # named months and numbers
    ("march 20th", "2026-03-20"),
    ("march first", "2027-03-01"),
    ("20 march", "2026-03-20"),
    ("april 3rd 2026", "2026-04-03"),
    ("friday the 13th", "2026-03-13"),
    ("friday march 13", "2026-03-13"),
    ("2026-05-01", "2026-05-01"),
    ("3/14", "2026-03-14"),
    ("3/14/26", "2026-03-14"),
    ("14/3", "2026-03-14"),
    ("on 3-12", "2026-03-12"),
    # 11: fixed days
    ("st patricks day", "2026-03-17"),
    ("good friday", "2026-04-03"),
    ("easter monday", "2026-04-06"),
    ("tax day", "2026-04-15"),
    ("memorial day", "2026-05-25"),
    ("after christmas", "2026-12-25"),
    # 12: corrections
    ("friday... wait no monday", "2026-03-09"),
    ("not friday, monday", "2026-03-09"),
    ("friday, actually make it the 20th", "2026-03-20"),
    ("friday is no good, can do monday", "2026-03-09"),
    ("i cant do friday but the 12th is ok", "2026-03-12"),
    ("not this friday but the next", "2026-03-13"),
    # what the day is about
    ("i get paid friday so ill pay saturday", "2026-03-07"),
    ("you called me on monday, i will pay on the 9th", "2026-03-09"),
    ("saturday is out, make it sunday", "2026-03-08"),
    ("thursday or friday, lets say friday", "2026-03-06"),
    ("i wrote monday but it has to be tuesday", "2026-03-10"),
    ("cant pay until friday", "2026-03-06"),
    ("your letter asks for the 10th, i can pay the 17th", "2026-03-17"),
    ("it was due on sunday, ill have it friday", "2026-03-06"),
    ("hope the weekend was good! paying monday", "2026-03-09"),
    # told by another day
    ("the day after easter", "2026-04-06"),
    ("the thursday before memorial day", "2026-05-21"),
    ("3 weeks from saturday", "2026-03-28"),
    ("a week after this thursday", "2026-03-12"),
    ("two days before the 15th", "2026-03-13"),
    ("the 5th or 8th of april", "2026-04-05"),
    ("in two fridays", "2026-03-13"),
    ("not this monday, the monday after", "2026-03-16"),
    ("the week after next on tuesday", "2026-03-17"),
    # misspelt
    ("thrusdy", "2026-03-05"),
    ("saterdy mornin", "2026-03-07"),
    ("tommorrrow", "2026-03-05"),
    # 14: vague
    ("soon", None),
    ("any day now", None),
    ("thats all for now", None),
    ("when i get paid", None),
    ("next month", None),
    ("sometime next week", None),
    ("when my refund lands", None),
    # 15: recurring
    ("every friday", "2026-03-06"),
    # no days
    ("i sat down", None),
    ("may i ask", None),
    ("may day may day", "2026-05-01"),
    ("call me on 07700 900123", None),
    ("february 31", None),
    ("january 5 2020", None),
    # Spanish
    ("el viernes", "2026-03-06"),
    ("mañana", "2026-03-05"),
    ("por la mañana", None),
    ("pasado mañana", "2026-03-06"),
    ("el 15 de abril", "2026-04-15"),
    ("el día 20", "2026-03-20"),
    ("fin de mes", "2026-03-31"),
    ("el próximo lunes", "2026-03-09"),
    ("en dos semanas", "2026-03-18"),
    ("antes del 20", "2026-03-20"),
    ("el primero de abril", "2026-04-01"),
    ("a finales de abril", "2026-04-30"),
    ("el ultimo de marzo", "2026-03-31"),
    ("el 5 del mes que viene", "2026-04-05"),
    ("el primer lunes de abril", "2026-04-06"),
    ("dos dias despues del 15", "2026-03-17"),
    ("el dia de los muertos", "2026-11-02"),
    # parts of the day and of longer times
    ("close of business friday", "2026-03-06"),
    ("by noon", "2026-03-04"),
    ("before midnight", "2026-03-04"),
    ("by the end of the year", "2026-12-31"),
    ("end of the quarter", "2026-03-31"),
    ("next business day", "2026-03-05"),
    ("first business day of august", "2026-08-03"),
    ("this time next week", "2026-03-11"),
    ("the first day of next month", "2026-04-01"),
    ("the friday after this one", "2026-03-13"),
    ("halfway through april", "2026-04-15"),
    ("end of the weekend", "2026-03-08"),
    ("2026/04/01", "2026-04-01"),
]


@pytest.mark.parametrize(("text", "day"), PROMISES)
def test_promised_day(text: str, day: str | None) -> None:
    assert promised(text) == (date.fromisoformat(day) if day else None)


BRITISH = [
    ("friday week", "2026-03-13"),
    ("a week on friday", "2026-03-13"),
    ("a week friday", "2026-03-13"),
    ("week on tuesday", "2026-03-17"),
    ("a fortnight today", "2026-03-18"),
    ("fortnight tomorrow", "2026-03-19"),
    ("two weeks from tomorrow", "2026-03-19"),
    ("in a fortnight", "2026-03-18"),
    ("4/5", "2026-05-04"),
    ("5/3", "2026-03-05"),
    ("5/3/26", "2026-03-05"),
    ("25.3.26", "2026-03-25"),
    ("mothers day", "2026-03-15"),
    ("the bank holiday", "2026-04-06"),
    ("boxing day", "2026-12-26"),
    ("late may bank holiday", "2026-05-25"),
    ("the august bank hol", "2026-08-31"),
    ("easter bank holiday", "2026-04-06"),
    ("on 10.04", "2026-04-10"),
    ("three weeks on monday", "2026-03-30"),
    ("friday next", "2026-03-13"),
]


@pytest.mark.parametrize(("text", "day"), BRITISH)
def test_british_days(text: str, day: str) -> None:
    assert promised(text, "GB") == date.fromisoformat(day)


PAID = [
    ("paid yesterday", "2026-03-03"),
    ("paid today", "2026-03-04"),
    ("paid it last friday", "2026-02-27"),
    ("i paid on friday", "2026-02-27"),
    ("paid wednesday", "2026-03-04"),
    ("paid 2 days ago", "2026-03-02"),
    ("a week ago", "2026-02-25"),
    ("on the 1st", "2026-03-01"),
    ("on the 20th", "2026-02-20"),
    ("2/28", "2026-02-28"),
    ("on march 20", "2025-03-20"),
    ("last night", "2026-03-03"),
    ("ayer", "2026-03-03"),
    ("hace dos dias", "2026-03-02"),
    ("last week", None),
    ("a month ago", "2026-02-04"),
    ("over the weekend", "2026-02-28"),
    ("tuesday last week", "2026-02-24"),
    ("the friday before last", "2026-02-20"),
    ("two mondays ago", "2026-02-23"),
    ("on the 15th of last month", "2026-02-15"),
    ("end of last month", "2026-02-28"),
    ("half an hour ago", "2026-03-04"),
    ("due on the 20th, paid on the 22nd", "2026-02-22"),
    ("el lunes pasado", "2026-03-02"),
]


@pytest.mark.parametrize(("text", "day"), PAID)
def test_paid_day(text: str, day: str | None) -> None:
    assert paid(text) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [
        ("4/5", True),
        ("4/4", False),
        ("25/4", False),
        ("next friday", True),  # the coming one, to some
        ("next monday", False),
        ("wednesday", True),  # today is one
        ("thursday", False),
        ("monday the 10th", True),  # a Tuesday
        ("tuesday the 10th", False),
    ],
)
def test_a_day_that_people_may_read_in_two_ways_says_so(text: str, ambiguous: bool) -> None:
    assert find_days(text, Calendar(TODAY))[0].ambiguous is ambiguous


def test_each_day_names_its_span_and_rule() -> None:
    text = "not today, 3 weeks from friday"
    found = [(text[day.start : day.end], day.rule) for day in find_days(text, Calendar(TODAY))]
    assert found == [("today", "today"), ("3 weeks from friday", "weekday_week")]


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2027, "2027-03-28")]
)
def test_easter(year: int, day: str) -> None:
    assert easter(year) == date.fromisoformat(day)


def test_tax_day_moves_past_weekend_and_emancipation_day() -> None:
    assert tax_day(2022) == date(2022, 4, 18)
    assert tax_day(2023) == date(2023, 4, 18)


def test_business_days_from_a_weekend() -> None:
    assert plus_business_days(date(2026, 3, 7), 1) == date(2026, 3, 9)
    assert plus_business_days(date(2026, 3, 6), 5) == date(2026, 3, 13)


BESIDE_A_FEAST = [
    # the numbered day counts, the feast tells around when it is
    ("after the easter weekend, wed 8 april", "GB", "2026-04-08"),
    ("once easter is over, the 9th", "GB", "2026-04-09"),
    ("before memorial day, like may 20", "US", "2026-05-20"),
    ("cinco de mayo party first, so the 8th of may", "US", "2026-05-08"),
    ("despues de semana santa, el 10 de abril", "US", "2026-04-10"),
    ("after easter, the 2nd", "GB", "2026-05-02"),
    ("after easter on tuesday", "US", "2026-04-07"),
    ("bills are due on the 9th, ill pay on st patricks day", "US", "2026-03-17"),
    # the day of a month named before it
    ("from april i can do 20 on the 6th", "GB", "2026-04-06"),
    ("in may, the 12th", "US", "2026-05-12"),
    ("starting june ill have work, 40 on the 2nd", "US", "2026-06-02"),
    ("a partir de abril, el 3", "US", "2026-04-03"),
    # spelled carelessly
    ("new year eve", "US", "2026-12-31"),
    ("fathers day", "GB", "2026-06-21"),
    ("father day", "US", "2026-06-21"),
    ("by memoral day", "US", "2026-05-25"),
    ("on thanks giving", "US", "2026-11-26"),
    ("cristmas eve", "GB", "2026-12-24"),
    ("el dia de la madre", "US", "2026-05-10"),
    ("mums day", "GB", "2026-03-15"),
    ("el dia del amor y la amistad", "US", "2027-02-14"),
    # the day of the month in Spanish
    ("el proximo 20", "US", "2026-03-20"),
    ("este 19 cobro", "US", "2026-03-19"),
    ("el mero 15", "US", "2026-03-15"),
    ("el lunes 23", "US", "2026-03-23"),
    ("el lunes 22", "US", "2026-03-09"),
    ("de hoy en ocho", "US", "2026-03-11"),
    ("el martes de la otra semana", "US", "2026-03-10"),
    ("el viernes proximo", "US", "2026-03-13"),
    # moved from one day to another
    ("please move it from the 6th to the 13th", "US", "2026-03-13"),
    ("cambie mi pago del 6 al 13", "US", "2026-03-13"),
    ("dont take it the 6th take it the 9th", "US", "2026-03-09"),
    ("off work friday, back sunday and will sort it then", "GB", "2026-03-08"),
]


@pytest.mark.parametrize(("text", "country", "day"), BESIDE_A_FEAST)
def test_the_day_that_counts(text: str, country: str, day: str) -> None:
    found = read(plain(text), Calendar(TODAY, country)).promised
    assert str(found) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("paid sunday at the 7 eleven", "2026-03-01"),
        ("lo pague en el seven eleven ayer", "2026-03-03"),
        ("the bill for the 1st was paid on the 2nd", "2026-03-02"),
        ("ended up doing it saturday night", "2026-02-28"),
        ("sent it the night before last", "2026-03-02"),
    ],
)
def test_a_payment_made(text: str, day: str) -> None:
    assert str(read(plain(text), Calendar(TODAY)).paid()) == day


def test_a_bank_holiday_gone_by() -> None:
    assert paid("paid it on bank holiday monday", "GB", date(2026, 4, 9)) == date(2026, 4, 6)
