"""Due dates and equal parts: hand-computed cases, and 200 years against a plainer reckoning."""

import calendar as months
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_days import Calendar, Roll
from domain.schedule import (
    PER_YEAR,
    WEEKS,
    Frequency,
    dates,
    equal_parts,
    half_months,
    most_parts,
    parts_of,
    split,
    unrolled,
)
from domain.values import Invalid, Money
from tests.examples import many

ENGLAND = Calendar("GB", "ENG")


@pytest.mark.parametrize(
    ("frequency", "anchor", "following"),
    [
        ("monthly", "2027-01-31", "02-28 03-31 04-30 05-31"),
        ("monthly", "2028-01-31", "02-29 03-31 04-30"),
        ("monthly", "2027-01-30", "02-28 03-30"),
        ("monthly", "2028-01-30", "02-29 03-30"),
        ("monthly", "2027-01-29", "02-28 03-29"),
        ("monthly", "2028-01-29", "02-29 03-29"),
        ("monthly", "2027-02-28", "03-28 04-28"),  # the anchor day is 28, not the month's end
        ("monthly", "2026-12-31", "01-31 02-28"),
        ("monthly", "2100-01-31", "02-28 03-31"),  # 2100 is no leap year
        ("monthly", "2000-01-31", "02-29 03-31"),  # 2000 was one
        ("monthly", "2027-10-31", "11-30 12-31 01-31 02-29"),
        (
            "monthly",
            "2028-02-29",
            "03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29 01-29 02-28 03-29",
        ),
        ("semi_monthly", "2027-01-01", "01-15 02-01 02-15"),
        ("semi_monthly", "2027-01-15", "02-01 02-15 03-01"),
        ("semi_monthly", "2027-01-16", "02-01 02-16 03-01"),
        ("semi_monthly", "2027-01-05", "01-20 02-05 02-20"),
        ("semi_monthly", "2027-01-20", "02-05 02-20 03-05"),
        ("semi_monthly", "2027-01-14", "01-29 02-14 02-28 03-14 03-29"),
        ("semi_monthly", "2028-01-14", "01-29 02-14 02-29 03-14 03-29"),
        ("semi_monthly", "2027-01-30", "02-15 02-28 03-15 03-30"),
        ("semi_monthly", "2027-01-31", "02-16 02-28 03-16 03-31"),
        ("semi_monthly", "2026-12-20", "01-05 01-20"),
        ("weekly", "2026-11-23", "11-30 12-07 12-14"),
        ("weekly", "2028-02-24", "03-02"),  # 24 + 7 = 31, less 29
        ("weekly", "2027-02-24", "03-03"),
        ("fortnightly", "2026-11-23", "12-07 12-21 01-04"),
        ("fortnightly", "2028-02-21", "03-06"),  # 21 + 14 = 35, less 29
        ("four_weekly", "2026-11-23", "12-21 01-18 02-15"),
        ("four_weekly", "2028-02-02", "03-01"),  # 2 + 28 = 30, less 29
        ("four_weekly", "2027-02-02", "03-02"),
    ],
)
def test_dates_keep_the_anchor(frequency: str, anchor: str, following: str) -> None:
    first = date.fromisoformat(anchor)
    count = len(following.split()) + 1
    found = dates(first, Frequency(frequency), count, ENGLAND, Roll.NONE)
    assert found[0] == first
    assert " ".join(f"{day:%m-%d}" for day in found[1:]) == following


@pytest.mark.parametrize(
    ("calendar", "roll", "frequency", "anchor", "expected"),
    [
        ("GB-ENG", "following", "monthly", "2026-11-25", "11-25 12-29 01-25"),
        ("GB-ENG", "preceding", "monthly", "2026-11-25", "11-25 12-24 01-25"),
        ("GB-ENG", "following", "weekly", "2026-12-21", "12-21 12-29 01-04"),
        ("GB-ENG", "following", "monthly", "2026-12-04", "12-04 01-04 02-04"),
        ("GB-SCT", "following", "monthly", "2026-12-04", "12-04 01-05 02-04"),
        ("GB-ENG", "following", "monthly", "2027-01-31", "02-01 03-01 03-31"),
        ("GB-ENG", "preceding", "monthly", "2027-01-31", "01-29 02-26 03-31"),
        ("GB-ENG", "modified_following", "monthly", "2027-01-31", "01-29 02-26 03-31 04-30"),
        ("US", "following", "monthly", "2027-06-04", "06-04 07-06 08-04"),
        ("US", "preceding", "monthly", "2027-06-04", "06-04 07-02 08-04"),
        ("US", "following", "semi_monthly", "2027-01-01", "01-04 01-15 02-01 02-16"),
        ("KW", "following", "weekly", "2026-11-27", "11-29 12-06 12-13"),
    ],
)
def test_each_date_is_rolled_by_itself(
    calendar: str, roll: str, frequency: str, anchor: str, expected: str
) -> None:
    count = len(expected.split())
    first = date.fromisoformat(anchor)
    found = dates(first, Frequency(frequency), count, Calendar.named(calendar), Roll(roll))
    assert " ".join(f"{day:%m-%d}" for day in found) == expected


def plainly(anchor: date, frequency: Frequency, count: int) -> list[date]:
    """The same dates, by walking every day from the anchor and asking whether it is one."""
    found, day = [], anchor
    while len(found) < count:
        if frequency in WEEKS:
            hit = (day - anchor).days % (7 * WEEKS[frequency]) == 0
        else:
            last = months.monthrange(day.year, day.month)[1]
            wanted = (anchor.day,)
            if frequency is Frequency.SEMI_MONTHLY:
                wanted = half_months(anchor.day)
            hit = day.day in [min(each, last) for each in wanted]
        if hit:
            found.append(day)
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("frequency", Frequency)
def test_two_hundred_years_from_every_day_of_a_month(frequency: Frequency) -> None:
    for anchor in (date(1940, 1, day) for day in (1, 14, 15, 16, 28, 29, 30, 31)):
        count = 200 * PER_YEAR[frequency]
        assert unrolled(anchor, frequency, count) == plainly(anchor, frequency, count)


anchors = st.dates(date(1940, 1, 1), date(2139, 12, 31))


@given(anchors, st.sampled_from(Frequency), st.integers(1, 36), st.sampled_from(Roll))
@settings(max_examples=many(120), deadline=None)
def test_any_anchor_in_two_hundred_years(
    anchor: date, frequency: Frequency, count: int, roll: Roll
) -> None:
    plain = plainly(anchor, frequency, count)
    found = dates(anchor, frequency, count, ENGLAND, roll)
    assert list(found) == [ENGLAND.roll(day, roll) for day in plain]
    assert len(found) == count
    assert all(earlier < later for earlier, later in pairwise(found))


@pytest.mark.parametrize("day", range(1, 32))
def test_half_months_are_a_pair_from_either_day(day: int) -> None:
    earlier, later = half_months(day)
    assert 1 <= earlier <= 16 <= later + 1 <= 32
    assert later - earlier == (14 if day in (1, 15) else 15)
    assert day in (earlier, later)
    other = later if day == earlier else earlier
    usual = other in (1, 15, 16)  # 1 and 15 belong together; 16, 30 and 31 are paired one way only
    assert usual or half_months(other) == (earlier, later)


@pytest.mark.parametrize(
    ("total", "count", "smallest", "parts"),
    [
        ((10_000, "GBP"), 3, 1, (3333, 3333, 3334)),  # 100.00: 2 * 33.33 = 66.66
        ((10_000, "GBP"), 4, 1, (2500, 2500, 2500, 2500)),
        ((10_000, "GBP"), 1, 1, (10_000,)),
        ((48_000, "GBP"), 7, 1, (6857,) * 6 + (6858,)),  # 6 * 68.57 = 411.42
        ((1000, "GBP"), 6, 300, (333, 333, 334)),  # 10.00 / 3.00: three at most
        ((1000, "GBP"), 6, 5000, (1000,)),
        ((1, "USD"), 12, 1, (1,)),
        ((11, "USD"), 12, 1, (1,) * 11),
        ((50_000, "JPY"), 7, 1, (7142,) * 6 + (7148,)),  # 6 * 7142 = 42852
        ((7, "JPY"), 3, 1, (2, 2, 3)),
        ((100_000, "KWD"), 3, 1, (33_333, 33_333, 33_334)),
        ((1000, "KWD"), 7, 100, (142,) * 6 + (148,)),  # 6 * 0.142 = 0.852
    ],
)
def test_split(total: tuple[int, str], count: int, smallest: int, parts: tuple[int, ...]) -> None:
    found = split(Money(*total), count, smallest)
    assert tuple(part.minor for part in found) == parts
    assert {part.currency for part in found} == {total[1]}


@pytest.mark.parametrize(("minor", "count"), [(0, 3), (-1, 3), (100, 0), (100, -1)])
def test_nothing_to_split(minor: int, count: int) -> None:
    with pytest.raises(Invalid):
        split(Money(minor, "GBP"), count)


@given(st.integers(1, 10**12), st.integers(1, 400), st.integers(1, 10**6))
def test_parts_sum_to_the_total(total: int, count: int, smallest: int) -> None:
    *equal, last = (part.minor for part in split(Money(total, "GBP"), count, smallest))
    assert sum(equal) + last == total
    assert len(equal) < count
    assert len(set(equal)) <= 1
    assert all(smallest <= part <= last < part + count for part in equal)
    assert last > 0


@given(st.integers(1, 10**6), st.integers(1, 5000), st.integers(1, 5000))
def test_most_parts_is_the_most(total: int, smallest: int, smallest_last: int) -> None:
    smallest_last = min(smallest, smallest_last)
    count = most_parts(total, smallest, smallest_last)
    if count:
        equal, last = equal_parts(total, count, smallest)
        assert equal >= smallest
        assert last >= smallest_last
        assert equal * (count - 1) + last == total
    # One more would leave the last too small even with the smallest of the others.
    assert total - smallest * count < smallest_last


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 5000))
def test_parts_of_an_amount(total: int, amount: int, smallest_last: int) -> None:
    count = parts_of(total, amount, smallest_last)
    last = total - amount * (count - 1)
    assert count == 0 or smallest_last <= last or count == total // amount
    assert last < amount + smallest_last
