"""When an instalment is taken from a saved method, and how much of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from domain.charging import (
    LATEST_DAYS,
    REFUSALS,
    Announcement,
    ChargingRules,
    Known,
    Outcome,
    Stop,
    Take,
    Try,
    Wait,
    Why,
    decide,
    first_look,
)
from domain.values import Invalid, Money

ZONE = ZoneInfo("America/New_York")
DUE = date(2026, 12, 1)
NOON = datetime(2026, 12, 1, 12, tzinfo=ZONE)
RULES = ChargingRules()


def usd(minor: int) -> Money:
    return Money(minor, "USD")


KNOWN = Known(
    due=DUE,
    unpaid=usd(10_000),
    left=usd(40_000),
    coming=usd(0),
    mandate_on=DUE - timedelta(days=30),
    announcement=Announcement.SENT,
    told_on=DUE - timedelta(days=3),
)


def day(after: int) -> date:
    return DUE + timedelta(days=after)


def at(after: int, hour: int = 12) -> datetime:
    return datetime.combine(day(after), time(hour), ZONE)


def declined(after: int, **more: bool) -> Try:
    return Try(day(after), Outcome.DECLINED, **more)


@dataclass(frozen=True)
class Case:
    says: str
    known: dict[str, Any]
    found: Take | Wait | Stop
    now: datetime = NOON


CASES = [
    Case("it is due and announced", {}, Take(usd(10_000))),
    Case("a part is paid already", {"unpaid": usd(2_500)}, Take(usd(2_500))),
    Case("less is owed by now", {"left": usd(6_000)}, Take(usd(6_000))),
    Case("some is on its way", {"coming": usd(3_000)}, Take(usd(7_000))),
    Case("all is on its way", {"coming": usd(10_000)}, Wait(at(0, 13), Why.PAYING)),
    Case("more is on its way", {"coming": usd(50_000)}, Wait(at(0, 13), Why.PAYING)),
    Case("nothing is owed", {"left": usd(0)}, Wait(at(1), Why.NOTHING_OWED)),
    Case("it is paid", {"unpaid": usd(0)}, Stop(Why.PAID)),
    Case("a hold stands", {"held": True}, Wait(at(1, 10), Why.HELD)),
    Case("the plan is over", {"plan_over": True}, Stop(Why.PLAN_OVER)),
    Case("it is not wanted any more", {"mandate_ended": True}, Stop(Why.MANDATE_ENDED)),
    Case("it is too early in the day", {}, Wait(at(0, 10), Why.HOURS), at(0, 9)),
    Case("it is too late in the day", {}, Wait(at(1, 10), Why.HOURS), at(0, 17)),
    Case("its day has not come", {}, Wait(at(0, 10), Why.NOT_DUE), at(-1)),
    Case("a month has gone by", {}, Stop(Why.TOO_LATE), at(LATEST_DAYS + 1)),
    Case("just not a month", {}, Take(usd(10_000)), at(LATEST_DAYS)),
    Case(
        "nobody knows what became of the last time",
        {"tries": (Try(DUE, Outcome.OPEN),), "mandate_ended": True},
        Wait(at(0, 13), Why.ASKED),
    ),
    Case("declined today", {"tries": (declined(0),)}, Wait(at(1, 10), Why.DECLINED)),
    Case("declined yesterday", {"tries": (declined(0),)}, Take(usd(10_000)), at(1)),
    Case(
        "declined twice",
        {"tries": (declined(0), declined(1))},
        Wait(at(4, 10), Why.DECLINED),
        at(3),
    ),
    Case("declined thrice", {"tries": (declined(0), declined(1), declined(4))},
         Take(usd(10_000)), at(9)),
    Case("declined four times", {"tries": (declined(0), declined(1), declined(4), declined(9))},
         Stop(Why.TRIES_OVER), at(9)),
    Case("declined for good", {"tries": (declined(0, final=True),)}, Stop(Why.DECLINED_FOR_GOOD)),
    Case("the bank asks for the customer", {"tries": (declined(0, in_person=True),)},
         Stop(Why.CUSTOMER_ASKED)),
    Case("refused today", {"tries": (Try(DUE, Outcome.REFUSED),)}, Wait(at(1, 10), Why.DECLINED)),
    Case("refused yesterday", {"tries": (Try(DUE, Outcome.REFUSED),)}, Take(usd(10_000)), at(1)),
    Case("refused too often", {"tries": (Try(DUE, Outcome.REFUSED),) * REFUSALS},
         Stop(Why.REFUSED), at(9)),
    Case("it was taken and went back", {"tries": (Try(DUE, Outcome.RETURNED),)},
         Stop(Why.RETURNED)),
    Case("a part was taken", {"tries": (Try(DUE, Outcome.TAKEN),), "unpaid": usd(100)},
         Take(usd(100))),
    Case("told today", {"told_on": DUE}, Wait(at(1, 10), Why.ANNOUNCING)),
    Case("told yesterday", {"told_on": day(-1)}, Take(usd(10_000))),
    Case("to be told yet", {"announcement": Announcement.WAITING, "told_on": None},
         Wait(at(0, 13), Why.ANNOUNCING)),
    Case("not to be told", {"announcement": Announcement.REFUSED, "told_on": None},
         Stop(Why.UNANNOUNCED)),
    Case("it was not time to tell", {"announcement": Announcement.NONE, "told_on": None},
         Wait(at(1, 10), Why.ANNOUNCING)),
    Case("agreed two days before", {"announcement": Announcement.REFUSED, "told_on": None,
         "mandate_on": day(-2)}, Take(usd(10_000))),
    Case("agreed three days before", {"announcement": Announcement.REFUSED, "told_on": None,
         "mandate_on": day(-3)}, Stop(Why.UNANNOUNCED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_it_is_decided_by_what_is_known(case: Case) -> None:
    assert decide(structs.replace(KNOWN, **case.known), RULES, case.now) == case.found


def test_who_wants_it_charges_unannounced() -> None:
    untold = structs.replace(KNOWN, announcement=Announcement.REFUSED, told_on=None)
    wanted = structs.replace(RULES, unannounced=True)
    assert decide(untold, wanted, NOON) == Take(usd(10_000))
    waiting = structs.replace(untold, announcement=Announcement.WAITING)
    assert isinstance(decide(waiting, wanted, NOON), Wait)


def test_hours_that_hold_no_time_are_refused() -> None:
    with pytest.raises(Invalid):
        ChargingRules(opens=time(17), closes=time(17))


def test_an_instalment_of_the_past_is_looked_at_now() -> None:
    assert first_look(DUE, RULES, at(3)) == at(3)
    assert first_look(DUE, RULES, at(-3)) == at(0, 10)


MONEY = st.integers(-100, 50_000).map(usd)
TRIES = st.lists(
    st.builds(
        Try,
        on=st.integers(0, 20).map(day),
        outcome=st.sampled_from(Outcome),
        final=st.booleans(),
        in_person=st.booleans(),
    ),
    max_size=6,
).map(tuple)
ANY = st.builds(
    Known,
    due=st.just(DUE),
    unpaid=MONEY,
    left=MONEY,
    coming=MONEY.filter(lambda money: money.minor >= 0),
    mandate_on=st.integers(-30, 5).map(day),
    announcement=st.sampled_from(Announcement),
    told_on=st.none() | st.integers(-14, 10).map(day),
    tries=TRIES,
    held=st.booleans(),
    plan_over=st.booleans(),
    mandate_ended=st.booleans(),
)
RULED = st.builds(
    ChargingRules,
    retry_days=st.lists(st.integers(1, 5), max_size=4).map(tuple),
    announce_days=st.integers(1, 14),
    unannounced=st.booleans(),
)
NOWS = st.integers(-5 * 24 * 60, 60 * 24 * 60).map(
    lambda minutes: NOON + timedelta(minutes=minutes)
)


@settings(max_examples=400)
@given(known=ANY, rules=RULED, now=NOWS)
def test_nothing_is_taken_that_may_not_be(
    known: Known, rules: ChargingRules, now: datetime
) -> None:
    found = decide(known, rules, now)
    if isinstance(found, Wait):
        assert found.until > now
    if not isinstance(found, Take):
        return
    most = min(known.unpaid.minor, known.left.minor) - known.coming.minor
    assert 0 < found.amount.minor <= most
    assert (known.held, known.plan_over, known.mandate_ended) == (False, False, False)
    assert known.due <= now.date() <= known.due + timedelta(days=LATEST_DAYS)
    assert rules.opens <= now.time() < rules.closes
    outcomes = [each.outcome for each in known.tries]
    assert {Outcome.OPEN, Outcome.RETURNED}.isdisjoint(outcomes)
    assert outcomes.count(Outcome.DECLINED) <= len(rules.retry_days)
    told = known.announcement is Announcement.SENT and known.told_on and known.told_on < now.date()
    just_agreed = known.mandate_on > known.due - timedelta(days=rules.announce_days)
    assert told or just_agreed or rules.unannounced


@settings(max_examples=200)
@given(known=ANY, rules=RULED, now=NOWS)
def test_it_comes_to_an_end_in_bounded_time(
    known: Known, rules: ChargingRules, now: datetime
) -> None:
    """Where nothing that is known changes, and all is answered, it waits for no more than its last
    day."""
    known = structs.replace(
        known, tries=tuple(t for t in known.tries if t.outcome is not Outcome.OPEN)
    )
    for _ in range(24 * (LATEST_DAYS + 70)):
        found = decide(known, rules, now)
        if not isinstance(found, Wait):
            return
        now = found.until
    raise AssertionError("it waits for ever")
