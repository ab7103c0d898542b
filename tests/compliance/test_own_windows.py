"""The times that customers have named, and clocks that change under them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from compliance.checks.times import NO_HOURS
from compliance.clocks import names, stretches, zone_named
from compliance.facts import OptOuts, Send
from compliance.gate import judge
from compliance.hours import window
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Deferred, Suppressed, Verdict
from domain.messages import Category
from domain.values import ChannelKind
from domain.windows import DAY_MINUTES, DAYS, Kind, OwnWindow, Statement, windows
from tests.compliance.given import (
    CHICAGO,
    GB,
    LONDON,
    LOS_ANGELES,
    NEW_YORK,
    US,
    at,
    facts,
    message,
    minutes,
)

AFTER_SIX = windows(Kind.ONLY, DAYS, 18 * 60, 0)
NOT_SUNDAYS = windows(Kind.NEVER, ("sun",), 0, 0)
WEEKDAYS = windows(Kind.ONLY, DAYS[:5], 0, 0)
NOT_AT_WORK = windows(Kind.NEVER, DAYS[:5], 9 * 60, 17 * 60)
MORNINGS = windows(Kind.ONLY, DAYS, 0, 12 * 60)
NOT_AT_NIGHT = windows(Kind.NEVER, DAYS, 19 * 60, 9 * 60 + 30)


def asked(now: datetime, *own: Statement, **more: Any) -> Verdict:
    return judge(message(), facts(own_windows=own, **more), US, now)


DEFERRALS: list[tuple[tuple[Statement, ...], str, str]] = [
    # statements, asked at, may go at (2026-06-10 is a Wednesday)
    ((AFTER_SIX,), "2026-06-10 12:00", "2026-06-10 18:00"),
    ((AFTER_SIX,), "2026-06-10 21:00", "2026-06-11 18:00"),
    ((NOT_SUNDAYS,), "2026-06-13 21:30", "2026-06-15 08:00"),
    ((WEEKDAYS, AFTER_SIX), "2026-06-12 21:00", "2026-06-15 18:00"),
    ((NOT_AT_WORK,), "2026-06-10 09:00", "2026-06-10 17:00"),
    ((NOT_AT_WORK, AFTER_SIX), "2026-06-10 09:00", "2026-06-10 18:00"),
    ((MORNINGS, NOT_AT_WORK), "2026-06-10 09:00", "2026-06-11 08:00"),
    ((NOT_AT_NIGHT,), "2026-06-10 19:00", "2026-06-11 09:30"),
    ((NOT_SUNDAYS, NOT_AT_NIGHT), "2026-06-13 19:00", "2026-06-15 09:30"),
    # the clocks go forward on Sunday 8 March and back on Sunday 1 November 2026
    ((AFTER_SIX,), "2026-03-08 01:00", "2026-03-08 18:00"),
    ((NOT_SUNDAYS,), "2026-03-07 21:00", "2026-03-09 08:00"),
    ((NOT_SUNDAYS,), "2026-10-31 21:00", "2026-11-02 08:00"),
]


@pytest.mark.proves("own_windows")
@pytest.mark.parametrize(("own", "now", "until"), DEFERRALS)
def test_the_first_time_that_suits(own: tuple[Statement, ...], now: str, until: str) -> None:
    verdict = asked(at(now), *own)
    assert isinstance(verdict, Deferred)
    assert verdict.until == at(until)
    assert isinstance(asked(verdict.until, *own), Allowed)
    assert isinstance(asked(verdict.until - minutes(1), *own), Deferred)


def test_own_times_hold_in_every_zone_that_the_customer_may_be_in() -> None:
    verdict = asked(at("2026-06-10 12:00"), AFTER_SIX, zones=(LOS_ANGELES, NEW_YORK))
    assert isinstance(verdict, Suppressed)  # after six in the west it is nine in the east
    verdict = asked(at("2026-06-10 12:00"), AFTER_SIX, zones=(CHICAGO, NEW_YORK))
    assert isinstance(verdict, Deferred)
    assert verdict.until == at("2026-06-10 19:00")


def test_the_rule_that_waits_is_named() -> None:
    verdict = asked(at("2026-06-10 12:00"), AFTER_SIX)
    assert isinstance(verdict, Deferred)
    assert verdict.rule == "own_windows"
    [said] = [result for result in verdict.results if result.rule == "own_windows"]
    assert "has named" in said.why


def test_a_pass_ends_with_the_customers_own_time() -> None:
    verdict = asked(at("2026-06-10 11:59"), MORNINGS)
    assert isinstance(verdict, Allowed)
    assert verdict.valid_for == 59


IMPOSSIBLE = [
    (windows(Kind.ONLY, DAYS, 22 * 60, 6 * 60),),
    (windows(Kind.NEVER, DAYS, 0, 0),),
    (MORNINGS, AFTER_SIX),
    (windows(Kind.ONLY, ("sun",), 0, 0), NOT_SUNDAYS),
]


@pytest.mark.parametrize("own", IMPOSSIBLE)
def test_times_that_leave_no_contact_hours_refuse(own: tuple[Statement, ...]) -> None:
    verdict = asked(at("2026-06-10 12:00"), *own)
    assert isinstance(verdict, Suppressed)
    assert verdict.rule == "own_windows"
    [said] = [result for result in verdict.results if result.rule == "own_windows"]
    assert said.why
    assert said.why != NO_HOURS


NOON = at("2026-06-10 12:00")
LIVE = {"last_inbound_at": NOON - minutes(2), "last_inbound_channel": ChannelKind.SMS}
REPLIES: list[tuple[str, dict[str, Any], bool]] = [
    ("to what came in just now", LIVE, True),
    ("the second one", {**LIVE, "replies_since_inbound": 1}, False),
    ("on another channel", {**LIVE, "last_inbound_channel": ChannelKind.EMAIL}, False),
    ("too late", {**LIVE, "last_inbound_at": NOON - minutes(30)}, False),
    ("to nothing", {}, False),
]


@pytest.mark.parametrize(("more", "goes"), [r[1:] for r in REPLIES], ids=[r[0] for r in REPLIES])
def test_one_reply_at_a_time_that_does_not_suit(more: dict[str, Any], goes: bool) -> None:
    given_facts = facts(own_windows=(AFTER_SIX,), **more)
    reply = judge(message(Category.REPLY), given_facts, US, NOON)
    assert isinstance(reply, Allowed) == goes
    assert not isinstance(judge(message(), given_facts, US, NOON), Allowed)


@pytest.mark.parametrize("category", [Category.CONFIRMATION, Category.HELP, Category.CRISIS])
def test_what_goes_at_any_time(category: Category) -> None:
    opt_outs = OptOuts(address=NOON if category is Category.CONFIRMATION else None)
    never = (windows(Kind.NEVER, DAYS, 0, 0),)
    given_facts = facts(own_windows=never, opt_outs=opt_outs)
    assert isinstance(judge(message(category), given_facts, US, NOON), Allowed)


def test_a_cap_that_ends_at_a_time_that_does_not_suit() -> None:
    sent = (Send(at("2026-06-10 10:00"), ChannelKind.SMS),) * 2
    verdict = asked(at("2026-06-10 18:30"), AFTER_SIX, sends=sent)
    assert isinstance(verdict, Deferred)
    assert (verdict.rule, verdict.until) == ("daily_cap", at("2026-06-11 18:00"))


# Every change of clocks there is, against each second's wall clock

ODD = (
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",  # three quarters off
    "Africa/Cairo",  # midnight that never comes
    "America/Havana",
    "America/Asuncion",
    "Atlantic/Azores",
    "America/Scoresbysund",
    "Africa/Casablanca",  # back in summer
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Antarctica/Troll",  # two hours
    "Europe/Dublin",
    NEW_YORK,
    LONDON,
)


CHANGES = {NEW_YORK: 4, LONDON: 4, "Australia/Lord_Howe": 4, "Pacific/Chatham": 4}
CHANGES |= {"Asia/Kathmandu": 0, "Pacific/Kiritimati": 0}
"""Of two years."""


@pytest.mark.parametrize("name", ODD)
def test_stretches_make_whole_days_and_tell_every_change(name: str) -> None:
    zone, first = zone_named(name), date(2026, 1, 1).toordinal()
    cut = 0
    for day in range(first, first + 730):
        found = stretches(name, day)
        assert found[0].start == datetime.fromordinal(day)
        assert found[-1].end == datetime.fromordinal(day + 1)
        cut += len(found) - 1
        for stretch in found:
            last = stretch.end - timedelta(microseconds=1)
            for moment in (stretch.start, last):
                assert moment.replace(tzinfo=UTC).astimezone(zone).utcoffset() == stretch.offset
        for one, other in pairwise(found):
            assert one.end == other.start
            assert one.offset != other.offset
    assert cut == CHANGES.get(name, cut)


def edge_minutes(name: str) -> list[datetime]:
    """Every minute of the days on which a zone changes its clocks."""
    first = date(2026, 2, 1).toordinal()
    days = [day for day in range(first, first + 400) if len(stretches(name, day)) > 1]
    starts = (datetime.fromordinal(day).replace(tzinfo=UTC) for day in days[:2])
    return [start + minutes(each) for start in starts for each in range(-120, 26 * 60)]


def by_the_clock(own: Statement, local: datetime) -> bool:
    day, minute = DAYS[local.weekday()], local.hour * 60 + local.minute
    inside = [day in each.days and each.opens <= minute < each.closes for each in own]
    only = [here for here, each in zip(inside, own, strict=True) if each.kind is Kind.ONLY]
    never = [here for here, each in zip(inside, own, strict=True) if each.kind is Kind.NEVER]
    return (any(only) or not only) and not any(never)


def around_the_clock(rules: ContactRules) -> ContactRules:
    hours = structs.replace(rules.terms.hours, opens="00:00", closes="23:59", days=DAYS)
    return structs.replace(rules, terms=structs.replace(rules.terms, hours=hours))


NIGHT_OWLS = [
    windows(Kind.ONLY, DAYS, 2 * 60 + 30, 3 * 60 + 15),  # opens where an hour is skipped
    windows(Kind.ONLY, DAYS, 1 * 60 + 15, 1 * 60 + 45),  # within an hour that comes twice
    windows(Kind.NEVER, DAYS, 30, 2 * 60 + 10),
    windows(Kind.ONLY, ("sun",), 0, 0),
    windows(Kind.NEVER, ("sun",), 22 * 60, 1 * 60),
]
OPEN = around_the_clock(US).terms.hours


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("own", NIGHT_OWLS, ids=lambda own: str(own[0]))
def test_each_minute_about_a_change_of_clocks(name: str, own: Statement) -> None:
    zone = zone_named(name)
    found = None
    for moment in edge_minutes(name):
        local = moment.astimezone(zone)
        open_ = by_the_clock(own, local) and (local.hour, local.minute) != (23, 59)
        if found is None or moment >= found.closes:
            found = window(OPEN, (name,), (), moment, (own,))
        assert open_ == (found is not None and found.opens <= moment < found.closes), moment


# Properties

WINDOWS = st.builds(
    windows,
    st.sampled_from(Kind),
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(0, 95).map(lambda quarter: quarter * 15),
    st.integers(0, 95).map(lambda quarter: quarter * 15),
)
STATEMENTS = st.lists(WINDOWS, max_size=3).map(tuple)
ZONES = st.lists(
    st.sampled_from([*US.territory.zones, *ODD]), min_size=1, max_size=3, unique=True
).map(tuple)
RULES = st.sampled_from([US, GB, around_the_clock(US)])
START = datetime(2026, 2, 20, tzinfo=UTC)
INSTANTS = st.integers(0, 400 * 1440 * 60).map(lambda second: START + timedelta(seconds=second))


def ask(
    rules: ContactRules, zones: tuple[str, ...], own: tuple[Statement, ...], now: datetime
) -> Verdict:
    given_facts = facts(zones=zones, own_windows=own)
    return judge(message(jurisdiction=rules.jurisdiction), given_facts, rules, now)


@settings(max_examples=150, deadline=None)
@given(RULES, ZONES, STATEMENTS, INSTANTS, st.floats(0, 1, exclude_max=True))
def test_a_deferral_is_the_first_instant_that_allows(
    rules: ContactRules,
    zones: tuple[str, ...],
    own: tuple[Statement, ...],
    now: datetime,
    part: float,
) -> None:
    verdict = ask(rules, zones, own, now)
    if not isinstance(verdict, Deferred):
        return
    assert verdict.until > now
    assert isinstance(ask(rules, zones, own, verdict.until), Allowed)
    wait = (verdict.until - now) // timedelta(microseconds=1)
    between = now + timedelta(microseconds=int(wait * part))
    for before in (between, verdict.until - timedelta(microseconds=1)):
        asked_then = ask(rules, zones, own, before)
        assert isinstance(asked_then, Deferred)
        assert asked_then.until == verdict.until


RANK = {Suppressed: 0, Deferred: 1, Allowed: 2}


@settings(max_examples=150, deadline=None)
@given(RULES, ZONES, ZONES, STATEMENTS, STATEMENTS, INSTANTS)
def test_to_know_less_or_be_told_more_never_allows_more(
    rules: ContactRules,
    zones: tuple[str, ...],
    more_zones: tuple[str, ...],
    own: tuple[Statement, ...],
    more_own: tuple[Statement, ...],
    now: datetime,
) -> None:
    little = ask(rules, zones, own, now)
    both = tuple(sorted({*zones, *more_zones}))
    for stricter in (ask(rules, both, own, now), ask(rules, zones, own + more_own, now)):
        assert RANK[type(stricter)] <= RANK[type(little)]
        if isinstance(stricter, Deferred) and isinstance(little, Deferred):
            assert stricter.until >= little.until


@settings(max_examples=60, deadline=None)
@given(RULES, ZONES, STATEMENTS, INSTANTS)
def test_what_is_not_known_never_allows(
    rules: ContactRules, zones: tuple[str, ...], own: tuple[Statement, ...], now: datetime
) -> None:
    assert isinstance(ask(rules, (), own, now), Suppressed)
    assert isinstance(ask(rules, (*zones, "Mars/Olympus"), own, now), Suppressed)
    unread = facts(zones=zones, own_windows=None)
    proposed = message(jurisdiction=rules.jurisdiction)
    assert isinstance(judge(proposed, unread, rules, now), Suppressed)


def test_every_zone_of_the_data_can_be_read() -> None:
    day = date(2026, 12, 31).toordinal()
    for name in names():
        assert isinstance(zone_named(name), ZoneInfo)
        assert stretches(name, day)[-1].end == datetime.fromordinal(day + 1)


def test_a_window_covers_the_minutes_that_it_says() -> None:
    assert OwnWindow(kind=Kind.ONLY).whole_week
    assert OwnWindow(kind=Kind.ONLY).whole_day
    assert OwnWindow(kind=Kind.ONLY, closes=DAY_MINUTES - 1).whole_day is False
