from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from compliance.facts import Facts
from compliance.gate import judge
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Deferred, Suppressed, Verdict
from compliance.zones import candidates
from domain.messages import Category
from domain.values import ChannelKind
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
    open_by_the_clock,
)


def outreach(rules: ContactRules, zones: tuple[str, ...], now: datetime, **more: object) -> Verdict:
    given_facts = facts(zones=zones, **more)
    return judge(message(jurisdiction=rules.jurisdiction), given_facts, rules, now)


US_WINDOWS = [
    # zones, asked at, the window in which the answer must lie (wall time of the first zone)
    ((NEW_YORK,), "2026-06-10 03:00", "2026-06-10 08:00", "2026-06-10 21:00"),
    ((NEW_YORK,), "2026-06-10 21:00", "2026-06-11 08:00", "2026-06-11 21:00"),
    ((NEW_YORK, LOS_ANGELES), "2026-06-10 08:00", "2026-06-10 11:00", "2026-06-10 21:00"),
    ((NEW_YORK, CHICAGO), "2026-06-10 00:00", "2026-06-10 09:00", "2026-06-10 21:00"),
    # clocks go forward on 8 March and back on 1 November 2026
    ((NEW_YORK,), "2026-03-07 22:00", "2026-03-08 08:00", "2026-03-08 21:00"),
    ((NEW_YORK,), "2026-10-31 22:00", "2026-11-01 08:00", "2026-11-01 21:00"),
    # Arizona keeps its clocks: with New York two hours apart in winter, three in summer
    ((NEW_YORK, "America/Phoenix"), "2026-03-07 07:00", "2026-03-07 10:00", "2026-03-07 21:00"),
    ((NEW_YORK, "America/Phoenix"), "2026-03-08 07:00", "2026-03-08 11:00", "2026-03-08 21:00"),
    (("America/Anchorage",), "2026-12-31 23:00", "2027-01-01 08:00", "2027-01-01 21:00"),
    (("Pacific/Honolulu", NEW_YORK), "2026-06-10 05:00", "2026-06-10 08:00", "2026-06-10 15:00"),
    (("America/Puerto_Rico",), "2026-06-10 06:59", "2026-06-10 08:00", "2026-06-10 21:00"),
    # Guam's morning is New York's evening before: the shared hours cross midnight in UTC
    (("Pacific/Guam", NEW_YORK), "2026-01-15 01:00", "2026-01-15 08:00", "2026-01-15 12:00"),
]


@pytest.mark.proves("hours")
@pytest.mark.parametrize(("zones", "asked", "opens", "closes"), US_WINDOWS)
def test_us_hours_in_all_candidate_zones(
    zones: tuple[str, ...], asked: str, opens: str, closes: str
) -> None:
    here = zones[0]
    verdict = outreach(US, zones, at(asked, here))
    assert isinstance(verdict, Deferred)
    assert (verdict.rule, verdict.until) == ("hours", at(opens, here))
    assert isinstance(outreach(US, zones, at(opens, here)), Allowed)
    assert isinstance(outreach(US, zones, at(closes, here) - minutes(1)), Allowed)
    assert isinstance(outreach(US, zones, at(closes, here)), Deferred)


UK_DEFERRALS = [
    ("2026-06-10 07:59", "2026-06-10 08:00"),
    ("2026-06-10 20:00", "2026-06-11 08:00"),
    ("2026-06-20 20:30", "2026-06-22 08:00"),  # Saturday evening: not on Sunday
    ("2026-06-21 12:00", "2026-06-22 08:00"),  # Sunday
    ("2026-03-28 21:00", "2026-03-30 08:00"),  # clocks go forward on Sunday the 29th
    ("2026-10-24 21:00", "2026-10-26 08:00"),  # and back on Sunday the 25th
    ("2026-12-24 20:00", "2026-12-29 08:00"),  # Christmas, Boxing Day, Sunday, a day in lieu
    ("2026-05-25 10:00", "2026-05-26 08:00"),  # the spring bank holiday
    ("2026-04-02 23:00", "2026-04-04 08:00"),  # Good Friday, then an open Saturday
]


@pytest.mark.proves("hours")
@pytest.mark.parametrize(("asked", "until"), UK_DEFERRALS)
def test_uk_hours(asked: str, until: str) -> None:
    verdict = outreach(GB, (LONDON,), at(asked, LONDON))
    assert isinstance(verdict, Deferred)
    assert verdict.until == at(until, LONDON)


def test_uk_summer_hours_are_an_hour_earlier_in_utc() -> None:
    monday_before, monday_after = (
        datetime(2026, 3, 23, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 7, tzinfo=UTC),
    )
    assert isinstance(outreach(GB, (LONDON,), monday_before), Deferred)
    assert isinstance(outreach(GB, (LONDON,), monday_after), Allowed)


@pytest.mark.parametrize(
    ("day", "closed", "open_"),
    [
        ("2026-11-30", "GB-SCT", "GB-ENG"),  # St Andrew's Day
        ("2026-07-13", "GB-NIR", "GB-WLS"),  # the Battle of the Boyne, observed
        ("2026-04-06", "GB-ENG", "GB-SCT"),  # Easter Monday
        ("2026-05-09", "JE", "GB-ENG"),  # Liberation Day
    ],
)
def test_bank_holidays_of_the_customers_own_nation(day: str, closed: str, open_: str) -> None:
    noon = at(f"{day} 12:00", LONDON)
    assert isinstance(outreach(GB, (LONDON,), noon, regions=(closed,)), Deferred)
    assert isinstance(outreach(GB, (LONDON,), noon, regions=(open_,)), Allowed)


@pytest.mark.parametrize("regions", [(), ("GB",), ("GB-XYZ",), ("GB-ENG", "GB")])
def test_every_nations_bank_holidays_count_while_the_nation_is_unknown(
    regions: tuple[str, ...],
) -> None:
    assert isinstance(
        outreach(GB, (LONDON,), at("2026-11-30 12:00", LONDON), regions=regions), Deferred
    )


def test_bank_holidays_mean_nothing_in_the_us() -> None:
    assert isinstance(outreach(US, (NEW_YORK,), at("2026-12-25 12:00")), Allowed)
    assert isinstance(outreach(US, (NEW_YORK,), at("2026-06-14 12:00")), Allowed)


@pytest.mark.parametrize(
    "zones", [(), ("Mars/Olympus",), (NEW_YORK, "nonsense"), ("",), ("../etc",)]
)
def test_an_unknown_zone_never_allows(zones: tuple[str, ...]) -> None:
    verdict = outreach(US, zones, at("2026-06-10 12:00"))
    assert isinstance(verdict, Suppressed)
    assert verdict.rule == "hours"


def test_zones_without_a_common_hour_suppress() -> None:
    # In summer Samoa's day begins at the very moment at which London's ends.
    verdict = outreach(GB, (LONDON, "Pacific/Pago_Pago"), at("2026-06-10 12:00", LONDON))
    assert isinstance(verdict, Suppressed)
    assert any("share no hours" in result.why for result in verdict.results)


def test_a_toll_free_number_waits_for_the_whole_territory() -> None:
    zones = candidates(US.territory, phones=("+18885550123",))
    verdict = outreach(US, zones, at("2026-01-15 10:00"))
    assert isinstance(verdict, Deferred)
    assert verdict.until == at("2026-01-16 08:00", "Pacific/Guam")
    for zone in US.territory.zones:
        assert 8 <= verdict.until.astimezone(ZoneInfo(zone)).hour < 21


# Replies outside the hours

NIGHT = at("2026-06-10 23:30")

LIVE = facts(last_inbound_at=NIGHT - minutes(2), last_inbound_channel=ChannelKind.SMS)

REPLIES = [
    ("at once", LIVE, True),
    ("just in time", structs.replace(LIVE, last_inbound_at=NIGHT - minutes(29)), True),
    ("too late", structs.replace(LIVE, last_inbound_at=NIGHT - minutes(30)), False),
    ("the second one", structs.replace(LIVE, replies_since_inbound=1), False),
    ("on another channel", structs.replace(LIVE, last_inbound_channel=ChannelKind.EMAIL), False),
    ("to nothing", facts(), False),
    ("in an unknown zone", structs.replace(LIVE, zones=()), True),
    ("with a clock that lags", structs.replace(LIVE, last_inbound_at=NIGHT + minutes(1)), True),
]


@pytest.mark.proves("hours")
@pytest.mark.parametrize(
    ("given_facts", "passes"), [case[1:] for case in REPLIES], ids=[c[0] for c in REPLIES]
)
def test_one_reply_at_an_inconvenient_time(given_facts: Facts, passes: bool) -> None:
    verdict = judge(message(Category.REPLY), given_facts, US, NIGHT)
    assert isinstance(verdict, Allowed) == passes


def test_a_reply_at_night_expires_with_its_exchange() -> None:
    verdict = judge(message(Category.REPLY), LIVE, US, NIGHT)
    assert isinstance(verdict, Allowed)
    assert verdict.valid_for == 28 * 60 - 1


def test_any_number_of_replies_within_the_hours() -> None:
    noon = at("2026-06-10 12:00")
    busy = facts(
        last_inbound_at=noon - minutes(300),
        last_inbound_channel=ChannelKind.SMS,
        replies_since_inbound=9,
    )
    assert isinstance(judge(message(Category.REPLY), busy, US, noon), Allowed)


def test_outreach_never_uses_the_live_exchange() -> None:
    assert isinstance(judge(message(), LIVE, US, NIGHT), Deferred)


@pytest.mark.parametrize("category", [Category.HELP, Category.CRISIS])
def test_help_and_crisis_know_no_hours(category: Category) -> None:
    verdict = judge(message(category), facts(zones=()), US, NIGHT)
    assert isinstance(verdict, Allowed)
    assert verdict.valid_for is None


# The provider's validity period

VALIDITY = [
    ("2026-06-10 12:00:00", 14_400),
    ("2026-06-10 20:00:00", 3_599),
    ("2026-06-10 20:59:00", 59),
    ("2026-06-10 20:59:55", 4),
    ("2026-06-10 20:59:54.500000", 5),
]


@pytest.mark.parametrize(("asked", "seconds"), VALIDITY)
def test_validity_ends_before_the_window(asked: str, seconds: int) -> None:
    verdict = outreach(US, (NEW_YORK,), at(asked))
    assert isinstance(verdict, Allowed)
    assert verdict.valid_for == seconds


def test_the_last_seconds_of_a_window_are_closed() -> None:
    verdict = outreach(US, (NEW_YORK,), at("2026-06-10 20:59:56"))
    assert isinstance(verdict, Deferred)
    assert verdict.until == at("2026-06-11 08:00")


# Properties

US_ZONES = (*US.territory.zones, "America/Boise", "America/St_Johns", "America/Nome")
ZONES = {
    "US": st.lists(st.sampled_from(US_ZONES), min_size=1, max_size=4, unique=True).map(tuple),
    "GB": st.lists(
        st.sampled_from((LONDON, "Europe/Jersey", "Europe/Dublin", "Europe/Paris", NEW_YORK)),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(tuple),
}
PLACES = st.sampled_from((US, GB)).flatmap(
    lambda rules: st.tuples(st.just(rules), ZONES[rules.jurisdiction])
)
START = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minute: START + minutes(minute))
# Days around every change of the clocks of both countries, and the turn of the year.
EDGES = st.tuples(
    st.sampled_from(
        [(2026, 3, 8), (2026, 3, 29), (2026, 10, 25), (2026, 11, 1), (2026, 12, 31)]
    ).map(lambda day: datetime(*day, tzinfo=UTC)),
    st.integers(-2 * 1440, 2 * 1440),
).map(lambda pair: pair[0] + minutes(pair[1]))
INSTANTS = YEARS | EDGES


@pytest.mark.proves("hours")
@settings(max_examples=300, deadline=None)
@given(PLACES, INSTANTS)
def test_outreach_goes_exactly_when_every_clock_allows(
    place: tuple[ContactRules, tuple[str, ...]], now: datetime
) -> None:
    rules, zones = place
    verdict = outreach(rules, zones, now)
    assert isinstance(verdict, Allowed) == open_by_the_clock(rules.jurisdiction, zones, now)
    if isinstance(verdict, Allowed):
        assert verdict.valid_for is not None
        assert verdict.valid_for > 0
        last = now + timedelta(seconds=verdict.valid_for)
        assert open_by_the_clock(rules.jurisdiction, zones, last)


@pytest.mark.proves("hours")
@settings(max_examples=200, deadline=None)
@given(PLACES, INSTANTS)
def test_a_deferral_ends_at_the_first_instant_that_all_allow(
    place: tuple[ContactRules, tuple[str, ...]], now: datetime
) -> None:
    rules, zones = place
    verdict = outreach(rules, zones, now)
    if isinstance(verdict, Deferred):
        assert verdict.until > now
        assert isinstance(outreach(rules, zones, verdict.until), Allowed)
        before = verdict.until - minutes(1)
        assert not isinstance(outreach(rules, zones, before), Allowed)
        step = now
        while step < verdict.until:
            assert not open_by_the_clock(rules.jurisdiction, zones, step)
            step += minutes(15)
    elif isinstance(verdict, Suppressed):
        quarters = (now + minutes(15 * step) for step in range(4 * 24 * 10))
        assert not any(open_by_the_clock(rules.jurisdiction, zones, each) for each in quarters)
