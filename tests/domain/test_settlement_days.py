"""Settlements over month ends, leap days and changes of the clocks, by hand; in currencies of every
fraction."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from domain.business_days import Calendar, Roll
from domain.plan import Instalment
from domain.promise import Credit
from domain.settlement import (
    Accepted,
    Agreement,
    Asked,
    Cell,
    Countered,
    Debt,
    Floor,
    History,
    Offered,
    Refused,
    Rule,
    SettlementRules,
    State,
    Terms,
    Way,
    judge,
    offer,
    standing,
)
from domain.values import Money

FRESH = History()
RULES = SettlementRules(grid=(Cell(40),), ways=(Way(3, 10),))  # 14 days; in 3 for 10 % more
AGED = SettlementRules(grid=(Cell(30, to_days=364, floor=Floor(50)), Cell(40, from_days=365)))

SCHEDULES = [
    # calendar, roll, today, balance, its last day, and what is due when, in minor units.
    # 480.00 - 40 % = 288.00; + 10 % = 336.00; / 3 = 112.00. 2028-02-29 is a Tuesday.
    ("US", "following", "2028-01-17", (480_00, "USD"), "2028-01-31",
     "2028-01-31 11200, 2028-02-29 11200, 2028-03-31 11200"),
    # 2027-01-31 and 2027-02-28 are Sundays; the day of the month is kept
    ("US", "following", "2027-01-17", (480_00, "USD"), "2027-01-31",
     "2027-02-01 11200, 2027-03-01 11200, 2027-03-31 11200"),
    ("US", "preceding", "2027-01-17", (480_00, "USD"), "2027-01-31",
     "2027-01-29 11200, 2027-02-26 11200, 2027-03-31 11200"),
    ("US", "none", "2027-01-17", (480_00, "USD"), "2027-01-31",
     "2027-01-31 11200, 2027-02-28 11200, 2027-03-31 11200"),
    # 2100 is no leap year
    ("US", "none", "2100-01-16", (480_00, "USD"), "2100-01-30",
     "2100-01-30 11200, 2100-02-28 11200, 2100-03-30 11200"),
    # a first payment on a leap day; 29 April 2028 is a Saturday, 1 May a bank holiday in England
    ("GB-ENG", "following", "2028-02-15", (480_00, "GBP"), "2028-02-29",
     "2028-02-29 11200, 2028-03-29 11200, 2028-05-02 11200"),
    # the clocks go forward on 28 March 2027, Easter Sunday; the Monday is closed, too
    ("GB-ENG", "following", "2027-03-14", (480_00, "GBP"), "2027-03-28",
     "2027-03-30 11200, 2027-04-28 11200, 2027-05-28 11200"),
    # the clocks go back on 25 October 2026
    ("GB-ENG", "none", "2026-10-11", (480_00, "GBP"), "2026-10-25",
     "2026-10-25 11200, 2026-11-25 11200, 2026-12-25 11200"),
    # 50000 - 20000 = 30000; + 5000 = 35000; 2 x 11666 = 23332, 11668 left
    ("JP", "none", "2028-01-17", (50_000, "JPY"), "2028-01-31",
     "2028-01-31 11666, 2028-02-29 11666, 2028-03-31 11668"),
    # 12.345 - 4.938 = 7.407; + 1.235 (1.2345 up) = 8.642; 2 x 2.880 = 5.760, 2.882 left
    ("KW", "none", "2028-01-17", (12_345, "KWD"), "2028-01-31",
     "2028-01-31 2880, 2028-02-29 2880, 2028-03-31 2882"),
    # Fridays and Saturdays are closed in Kuwait: 2027-12-31 is a Friday, 2028-01-31 a Monday
    ("KW", "following", "2027-12-17", (12_345, "KWD"), "2027-12-31",
     "2028-01-02 2880, 2028-01-31 2880, 2028-02-29 2882"),
]  # fmt: skip


@pytest.mark.parametrize(("calendar", "roll", "today", "balance", "last", "due"), SCHEDULES)
def test_terms_in_three(
    calendar: str, roll: str, today: str, balance: tuple[int, str], last: str, due: str
) -> None:
    rules = structs.replace(RULES, roll=Roll(roll))
    on, debt = date.fromisoformat(today), Debt(Money(*balance))
    found = offer(debt, rules, FRESH, on, Calendar.named(calendar))
    assert isinstance(found, Offered)
    whole, three = found.terms
    assert ", ".join(f"{each.due} {each.amount.minor}" for each in three.instalments) == due
    assert [each.due.isoformat() for each in whole.instalments] == [last]
    assert {each.amount.currency for each in three.instalments} == {balance[1]}


AGES = [
    # since, today, the open percentage to pay; 365 days make 60 of 70
    ("2027-03-01", "2028-02-28", 70),  # 364: a year less a day
    ("2027-03-01", "2028-02-29", 60),  # 365: with the leap day, a day before the year is over
    ("2026-03-01", "2027-02-28", 70),
    ("2026-03-01", "2027-03-01", 60),
    ("2028-02-29", "2029-02-27", 70),
    ("2028-02-29", "2029-02-28", 60),
    ("2099-03-01", "2100-02-28", 70),  # no leap day in 2100: 364
    ("2099-03-01", "2100-03-01", 60),
]


@pytest.mark.parametrize(("since", "today", "percent"), AGES)
def test_age_is_counted_in_days(since: str, today: str, percent: int) -> None:
    for currency in ("USD", "JPY", "KWD"):
        debt = Debt(Money(100_00, currency), date.fromisoformat(since))
        found = offer(debt, AGED, FRESH, date.fromisoformat(today), Calendar("US"))
        assert isinstance(found, Offered)
        assert found.terms[0].amount == Money(100 * percent, currency)


JUDGED = [
    # balance, offer, what is accepted or (the counter-offer's amount)
    # 50001 - 15000 (15000.3 down) = 35001; the floor is 25000.5
    ((50_001, "JPY"), 25_001, 25_001),
    ((50_001, "JPY"), 25_000, (35_001,)),
    ((50_001, "JPY"), 35_001, 35_001),
    ((50_001, "JPY"), 50_001, 35_001),
    # 12.345 - 3.703 (3.7035 down) = 8.642; the floor is 6.1725
    ((12_345, "KWD"), 6_173, 6_173),
    ((12_345, "KWD"), 6_172, (8_642,)),
    ((12_345, "KWD"), 8_642, 8_642),
    ((12_345, "KWD"), 1, (8_642,)),
    # 123.45 - 37.03 (37.035 down) = 86.42; the floor is 61.725
    ((123_45, "GBP"), 61_73, 61_73),
    ((123_45, "GBP"), 61_72, (86_42,)),
]


@pytest.mark.parametrize(("balance", "offered", "expected"), JUDGED)
def test_offers_in_every_currency(
    balance: tuple[int, str], offered: int, expected: int | tuple[int]
) -> None:
    today, currency = date(2028, 2, 29), balance[1]
    debt = Debt(Money(*balance), today - timedelta(days=200))
    result = judge(Asked(Money(offered, currency)), debt, AGED, FRESH, today, Calendar("US"))
    if isinstance(expected, int):
        assert isinstance(result, Accepted)
        assert result.terms.amount == Money(expected, currency)
        assert result.terms.expires == date(2028, 3, 14)  # 29 February + 14 days
    else:
        assert isinstance(result, Countered)
        assert (result.nearest.amount, result.rule) == (Money(*expected, currency), Rule.TOO_SMALL)
    foreign = Asked(Money(offered, "EUR"))
    refused = judge(foreign, debt, AGED, FRESH, today, Calendar("US"))
    assert refused == Refused(Rule.CURRENCY)


CLEARED = [
    # zone, due, when the money cleared, whether the settlement is in force; 3 days of grace
    ("UTC", "2027-01-31", "2027-02-03T23:59:59+00:00", True),  # a month's end + 3
    ("UTC", "2027-01-31", "2027-02-04T00:00:00+00:00", False),
    ("UTC", "2028-02-26", "2028-02-29T23:59:59+00:00", True),  # to the leap day
    ("UTC", "2028-02-26", "2028-03-01T00:00:00+00:00", False),
    ("UTC", "2027-02-26", "2027-03-01T23:59:59+00:00", True),  # no leap year
    ("UTC", "2027-02-26", "2027-03-02T00:00:00+00:00", False),
    # London's 25 October 2026 has 25 hours, its 29 March 2026 has 23
    ("Europe/London", "2026-10-22", "2026-10-25T23:59:59+00:00", True),
    ("Europe/London", "2026-10-22", "2026-10-26T00:00:00+00:00", False),
    ("Europe/London", "2026-03-26", "2026-03-29T22:59:59+00:00", True),
    ("Europe/London", "2026-03-26", "2026-03-29T23:00:00+00:00", False),
    # New York's 1 November 2026 has 25 hours, its 8 March 2026 has 23
    ("America/New_York", "2026-10-29", "2026-11-02T04:59:59+00:00", True),
    ("America/New_York", "2026-10-29", "2026-11-02T05:00:00+00:00", False),
    ("America/New_York", "2026-03-05", "2026-03-09T03:59:59+00:00", True),
    ("America/New_York", "2026-03-05", "2026-03-09T04:00:00+00:00", False),
    ("Asia/Tokyo", "2026-12-28", "2026-12-31T14:59:59+00:00", True),
    ("Asia/Tokyo", "2026-12-28", "2026-12-31T15:00:00+00:00", False),
    ("Asia/Kuwait", "2028-02-26", "2028-02-29T20:59:59+00:00", True),
    ("Asia/Kuwait", "2028-02-26", "2028-02-29T21:00:00+00:00", False),
]


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@pytest.mark.parametrize(("zone", "due", "cleared", "in_time"), CLEARED)
def test_grace_ends_with_the_customers_day(
    zone: str, due: str, cleared: str, in_time: bool, currency: str
) -> None:
    day, amount = date.fromisoformat(due), Money(7_407, currency)
    terms = Terms(amount, Money(12_345, currency), day, (Instalment(1, day, amount),), day)
    agreement = Agreement(terms, micros(datetime(day.year - 1, 1, 1, tzinfo=UTC)))
    at = micros(datetime.fromisoformat(cleared))
    found = standing(agreement, [Credit(amount, at)], at, SettlementRules(), ZoneInfo(zone))
    assert found.paid == amount
    assert found.state is (State.SETTLED if in_time else State.LAPSED)
    assert found.lapsed_on == (None if in_time else day + timedelta(days=4))
    short = Credit(Money(7_406, currency), at)
    found = standing(agreement, [short], at, SettlementRules(), ZoneInfo(zone))
    assert found.state is (State.PART_PAID if in_time else State.LAPSED)
    assert found.remaining == Money(1, currency)


def micros(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000
