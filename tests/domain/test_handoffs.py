"""How soon a person must see to a hand-off: hours of offices, holidays, clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_days import Calendar
from domain.handoffs import AT_ONCE, BY_REASON, Office, Urgency, due, urgency_of
from domain.intents import INTENTS

NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
US = Office("America/New_York", Calendar("US"), time(9), time(17))
UK = Office("Europe/London", Calendar("GB", "ENG"), time(9), time(17, 30))
NIGHT_SHIFT = Office("Asia/Kolkata", Calendar("IN"), time(0), time(23, 59))


def local(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("reason", "asked", "by"),
    [
        # a working day of eight hours, wherever in the day it begins
        ("dispute", "2026-12-01T10:00", "2026-12-02T10:00"),
        ("dispute", "2026-12-01T09:00", "2026-12-01T17:00"),
        ("dispute", "2026-12-01T08:59", "2026-12-01T17:00"),
        ("dispute", "2026-12-01T16:59", "2026-12-02T16:59"),
        ("dispute", "2026-12-01T17:00", "2026-12-02T17:00"),
        ("dispute", "2026-12-01T23:00", "2026-12-02T17:00"),
        # Friday after work, a weekend, Thanksgiving
        ("deceased", "2026-12-04T18:00", "2026-12-07T17:00"),
        ("deceased", "2026-12-05T03:00", "2026-12-07T17:00"),
        ("vulnerability", "2026-11-25T12:00", "2026-11-27T12:00"),
        # two of them
        ("call_back", "2026-12-01T10:00", "2026-12-03T10:00"),
        ("utter_x: no_address", "2026-12-04T10:00", "2026-12-08T10:00"),
        # who is at risk waits for no office
        ("self_harm_risk", "2026-12-05T03:00", "2026-12-05T03:30"),
    ],
)
def test_by_when(reason: str, asked: str, by: str) -> None:
    assert due(urgency_of(reason), local(asked), US) == local(by)


@pytest.mark.parametrize(
    ("deadline", "by"),
    [
        ("2026-12-08", "2026-12-08T17:00"),  # a Tuesday
        ("2026-12-06", "2026-12-04T17:00"),  # a Sunday
        ("2026-11-26", "2026-11-25T17:00"),  # Thanksgiving
    ],
)
def test_a_deadline_is_kept_on_the_last_business_day(deadline: str, by: str) -> None:
    asked = local("2026-11-24T10:00")
    day = date.fromisoformat(deadline)
    assert due(Urgency.DAY, asked, US, day) == local(by)
    assert due(Urgency.NOW, asked, US, day) == asked + AT_ONCE


def test_the_hours_are_real_ones_when_the_clocks_change() -> None:
    """An office that works by night: the night of 25 October 2026 has an hour more."""
    office = Office("Europe/London", Calendar("GB", "ENG"), time(0, 30), time(23, 30))
    found = due(Urgency.DAY, local("2026-10-23T23:30", LONDON), office)
    assert found == local("2026-10-26T23:30", LONDON)


def test_a_day_of_the_clients_own_zone_counts() -> None:
    """Monday evening in New York is Tuesday morning in London, before the office opens."""
    asked = local("2026-11-30T21:00")
    assert due(Urgency.DAY, asked, UK) == local("2026-12-01T17:30", LONDON)


def test_a_pack_may_call_anything_urgent() -> None:
    assert urgency_of("abusive") is Urgency.USUAL
    assert urgency_of("abusive", urgent=True) is Urgency.NOW
    assert urgency_of("self_harm_risk") is Urgency.NOW


def test_the_table_names_intents_that_there_are() -> None:
    assert set(BY_REASON) - set(INTENTS) == {"set_aside"}


def instants(last: int) -> st.SearchStrategy[datetime]:
    """From 2026 on, while holidays are known."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return st.integers(0, (last - 2026) * 365 * 86_400).map(
        lambda seconds: start + timedelta(seconds=seconds)
    )


@given(
    st.sampled_from([*BY_REASON, "anything"]),
    instants(2034),
    st.sampled_from([US, UK, NIGHT_SHIFT]),
)
def test_it_is_always_later_and_in_office_hours(
    reason: str, asked: datetime, office: Office
) -> None:
    urgency = urgency_of(reason)
    found = due(urgency, asked, office)
    assert asked < found < asked + timedelta(days=21)
    if urgency is Urgency.NOW:
        assert found == asked + AT_ONCE
        return
    there = found.astimezone(ZoneInfo(office.zone))
    assert office.calendar.is_business(there.date())
    assert office.opens < there.time() <= office.closes


@given(
    instants(2030),
    st.integers(0, 10**6),
    st.sampled_from(Urgency),
)
def test_who_asks_earlier_is_due_no_later(asked: datetime, seconds: int, urgency: Urgency) -> None:
    later = asked + timedelta(seconds=seconds)
    assert due(urgency, asked, UK) <= due(urgency, later, UK)
