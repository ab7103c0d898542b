"""Business days, against published holidays and by what holds for every day of 200 years."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_days import Calendar, Roll, closed_days
from domain.values import Invalid

ENGLAND, SCOTLAND = Calendar("GB", "ENG"), Calendar("GB", "SCT")
US, KUWAIT, JAPAN = Calendar("US"), Calendar("KW"), Calendar("JP")
DAY = timedelta(days=1)
YEARS = range(1950, 2150)


@pytest.mark.parametrize(
    ("calendar", "day", "open_"),
    [
        # gov.uk/bank-holidays
        (ENGLAND, "2026-12-24", True),
        (ENGLAND, "2026-12-25", False),
        (ENGLAND, "2026-12-28", False),  # Boxing Day falls on a Saturday
        (ENGLAND, "2026-12-29", True),
        (ENGLAND, "2026-11-30", True),
        (SCOTLAND, "2026-11-30", False),  # St Andrew's Day
        (ENGLAND, "2027-01-04", True),
        (SCOTLAND, "2027-01-04", False),  # 2 January falls on a Saturday
        (ENGLAND, "2027-03-29", False),  # Easter Monday
        (SCOTLAND, "2027-03-29", True),
        (ENGLAND, "2022-09-19", False),  # the state funeral
        (ENGLAND, "2026-11-29", False),  # a Sunday
        # 5 U.S.C. 6103, as observed by federal offices
        (US, "2026-11-26", False),
        (US, "2026-11-27", True),
        (US, "2026-07-03", False),  # 4 July falls on a Saturday
        (US, "2027-07-05", False),  # and here on a Sunday
        (US, "2027-12-31", False),  # 1 January 2028 falls on a Saturday
        (US, "2026-12-28", True),
        # the weekend is Friday and Saturday
        (KUWAIT, "2026-11-27", False),
        (KUWAIT, "2026-11-28", False),
        (KUWAIT, "2026-11-29", True),
        (JAPAN, "2026-11-23", False),  # Labour Thanksgiving Day
    ],
)
def test_open_and_closed(calendar: Calendar, day: str, open_: bool) -> None:
    assert calendar.is_business(date.fromisoformat(day)) is open_


@pytest.mark.parametrize(
    ("calendar", "day", "none", "following", "preceding", "modified"),
    [
        (ENGLAND, "2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23"),
        (ENGLAND, "2026-12-25", "2026-12-25", "2026-12-29", "2026-12-24", "2026-12-29"),
        (ENGLAND, "2026-10-31", "2026-10-31", "2026-11-02", "2026-10-30", "2026-10-30"),
        (ENGLAND, "2027-02-28", "2027-02-28", "2027-03-01", "2027-02-26", "2027-02-26"),
        (ENGLAND, "2027-05-01", "2027-05-01", "2027-05-04", "2027-04-30", "2027-05-04"),
        (SCOTLAND, "2027-01-01", "2027-01-01", "2027-01-05", "2026-12-31", "2027-01-05"),
        (US, "2027-12-31", "2027-12-31", "2028-01-03", "2027-12-30", "2027-12-30"),
        (US, "2027-07-04", "2027-07-04", "2027-07-06", "2027-07-02", "2027-07-06"),
        (KUWAIT, "2026-11-27", "2026-11-27", "2026-11-29", "2026-11-26", "2026-11-29"),
    ],
)
def test_rolled(
    calendar: Calendar, day: str, none: str, following: str, preceding: str, modified: str
) -> None:
    rolled = [calendar.roll(date.fromisoformat(day), rule).isoformat() for rule in Roll]
    assert rolled == [none, following, preceding, modified]


@pytest.mark.parametrize("calendar", [ENGLAND, US, KUWAIT], ids=str)
def test_every_day_of_two_hundred_years(calendar: Calendar) -> None:
    """Each day rolls to the nearest open day on the right side, found here by one sweep."""
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 1)
    all_days = [first + DAY * n for n in range((last - first).days + 32)]
    before, after = {}, {}
    for day in all_days:
        before[day] = day if calendar.is_business(day) else before.get(day - DAY)
    for day in reversed(all_days):
        after[day] = day if calendar.is_business(day) else after.get(day + DAY)
    for day in all_days[40:-40]:
        following, preceding = after[day], before[day]
        assert following is not None
        assert preceding is not None
        assert calendar.roll(day, Roll.NONE) == day
        assert calendar.roll(day, Roll.FOLLOWING) == following
        assert calendar.roll(day, Roll.PRECEDING) == preceding
        same_month = following.month == day.month
        modified = calendar.roll(day, Roll.MODIFIED_FOLLOWING)
        assert modified == (following if same_month else preceding)


@given(
    st.sampled_from([ENGLAND, US, KUWAIT]),
    st.lists(st.dates(date(1990, 1, 1), date(2110, 12, 31)), max_size=8).map(sorted),
    st.sampled_from(Roll),
)
@settings(deadline=None)
def test_days_rolled_together_are_as_each_alone(
    calendar: Calendar, days: list[date], rule: Roll
) -> None:
    assert calendar.rolled(days, rule) == tuple(calendar.roll(day, rule) for day in days)


def test_the_first_and_the_last_year_have_no_year_beside_them() -> None:
    monday, friday = date(1, 1, 1), date(9999, 12, 31)
    assert US.rolled([monday, friday], Roll.NONE) == (monday, friday)
    assert US.rolled([date(1, 1, 6)], Roll.FOLLOWING) == (date(1, 1, 8),)
    assert US.rolled([date(9999, 12, 26)], Roll.FOLLOWING) == (date(9999, 12, 27),)


@pytest.mark.parametrize("year", YEARS)
def test_every_year_is_mostly_open(year: int) -> None:
    closed = closed_days("GB", "ENG", year)
    assert all(day.year == year for day in closed)
    assert 104 <= len(closed) <= 120


@pytest.mark.parametrize("name", ["GB-SCT", "US", "US-TX", "JP", "KW"])
def test_named(name: str) -> None:
    found = Calendar.named(name)
    assert "-".join(filter(None, (found.country, found.subdivision))) == name


@pytest.mark.parametrize("name", ["", "-", "XX", "GB-QQQ", "Scotland"])
def test_a_calendar_nobody_knows(name: str) -> None:
    with pytest.raises(Invalid):
        Calendar.named(name)
