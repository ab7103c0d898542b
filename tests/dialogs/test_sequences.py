"""What each step of a sequence does next, decided purely; and experiments' arms."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from dialogs.experiments import (
    HOLDOUT,
    SUSPICIOUS,
    Arm,
    Change,
    Experiment,
    assigned,
    beyond,
    over,
    over_since,
    sample_ratio,
)
from dialogs.sequences import (
    ALWAYS,
    NAMES,
    USUAL,
    Exit,
    Finish,
    Later,
    Progress,
    Send,
    Sequence,
    Situation,
    Skip,
    Step,
    Stop,
    Wait,
    arranged,
    decide,
    due_at,
    exit_of,
    later,
    may_begin,
)
from domain.commands import Handoff, Hold, HoldScope, Log, OptOut, RecordPromise
from domain.conditions import parse
from domain.events import HostChange, HostUpdated, TimerDue
from domain.ids import derive, uuid7
from domain.values import ChannelKind, Money

SMS, EMAIL = ChannelKind.SMS, ChannelKind.EMAIL
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


def facts(balance: int = 40_000) -> Callable[[str], object]:
    known = dict.fromkeys(NAMES) | {"context.account.balance": Money(balance, "USD")}
    return known.__getitem__


def situation(**more: object) -> Situation:
    return replace(Situation(lookup=facts(), usable=(SMS, EMAIL)), **more)  # type: ignore[arg-type]


SERIES = Sequence(
    "gentle",
    (
        Step("first", "reminder", channel=SMS, fallback=EMAIL),
        Step("mail", "reminder", Wait(3), time(10), EMAIL),
        Step("poor", "reminder", Wait(1), condition=parse("context.account.balance < 100", NAMES)),
        Step("last", "reminder", Wait(2)),
    ),
)


def at(step: int, last: datetime = NOW) -> Progress:
    return Progress(step, last)


@pytest.mark.parametrize(
    ("last", "wait", "clock", "zone", "expected"),
    [
        # at 10:00 of the third day, although less than 72 hours are over
        ("2026-11-24 18:00", Wait(3), "10:00", NEW_YORK, "2026-11-27 15:00"),
        # a first step at a time of day that is over: the next day
        ("2026-11-24 18:00", Wait(), "10:00", NEW_YORK, "2026-11-25 15:00"),
        ("2026-11-24 18:00", Wait(), "13:00", NEW_YORK, "2026-11-24 18:00"),
        ("2026-11-24 18:00", Wait(), None, NEW_YORK, "2026-11-24 18:00"),
        ("2026-11-24 18:00", Wait(hours=12), None, NEW_YORK, "2026-11-25 06:00"),
        # hours must be over by then
        ("2026-11-24 13:00", Wait(hours=12), "10:00", NEW_YORK, "2026-11-25 15:00"),
        ("2026-11-24 13:00", Wait(1, 12), "10:00", NEW_YORK, "2026-11-26 15:00"),
        # days are the calendar's: the same time of day across a change of the clock
        ("2026-10-31 16:00", Wait(1), None, NEW_YORK, "2026-11-01 17:00"),
        ("2026-03-07 17:00", Wait(1), None, NEW_YORK, "2026-03-08 16:00"),
        ("2026-10-31 16:00", Wait(hours=24), None, NEW_YORK, "2026-11-01 16:00"),
        # 02:30 does not exist on 8 March in New York: an hour later
        ("2026-03-07 17:00", Wait(1), "02:30", NEW_YORK, "2026-03-08 07:30"),
        # 01:30 comes twice on 25 October in London: the first
        ("2026-10-24 12:00", Wait(1), "01:30", LONDON, "2026-10-25 00:30"),
    ],
)
def test_when_a_step_is_due(
    last: str, wait: Wait, clock: str | None, zone: ZoneInfo, expected: str
) -> None:
    began = datetime.fromisoformat(last).replace(tzinfo=UTC)
    due = later(began, wait, None if clock is None else time.fromisoformat(clock), zone)
    assert due == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(
    minutes=st.integers(0, 2 * 366 * 24 * 60),
    days=st.integers(0, 40),
    hours=st.integers(0, 80),
    clock=st.none() | st.times(),
    zone=st.sampled_from(("America/New_York", "Europe/London", "Australia/Lord_Howe", "UTC")),
)
def test_no_step_is_before_the_one_before_it(
    minutes: int, days: int, hours: int, clock: time | None, zone: str
) -> None:
    last = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = later(last, Wait(days, hours), clock, ZoneInfo(zone))
    assert due >= last + timedelta(hours=hours)
    assert due <= last + timedelta(days=days + 2, hours=hours + 2)
    assert due == later(last.astimezone(ZoneInfo(zone)), Wait(days, hours), clock, ZoneInfo(zone))


def test_a_sequence_from_start_to_end() -> None:
    day = timedelta(days=1)
    first = decide(SERIES, at(0), situation(), NOW, NEW_YORK)
    assert first == Send(SERIES.steps[0], SMS)
    assert isinstance(decide(SERIES, at(1), situation(), NOW + 2 * day, NEW_YORK), Later)
    second = decide(SERIES, at(1), situation(), NOW + 3 * day, NEW_YORK)
    assert second == Send(SERIES.steps[1], EMAIL)
    assert decide(SERIES, at(2), situation(), NOW + day, NEW_YORK) == Skip(
        SERIES.steps[2], "condition"
    )
    assert decide(SERIES, at(3), situation(), NOW + 2 * day, NEW_YORK) == Send(SERIES.steps[3], SMS)
    assert decide(SERIES, at(4), situation(), NOW, NEW_YORK) == Finish()
    assert due_at(SERIES, at(4), NEW_YORK) is None


@pytest.mark.parametrize(
    ("step", "usable", "expected"),
    [
        (0, (EMAIL,), Send(SERIES.steps[0], EMAIL)),
        (0, (EMAIL, SMS), Send(SERIES.steps[0], SMS)),
        (0, (), Skip(SERIES.steps[0], "no_address")),
        (1, (SMS,), Skip(SERIES.steps[1], "no_address")),
        (3, (EMAIL, SMS), Send(SERIES.steps[3], EMAIL)),
        (3, (), Skip(SERIES.steps[3], "no_address")),
    ],
)
def test_the_channel(step: int, usable: tuple[ChannelKind, ...], expected: object) -> None:
    now = NOW + timedelta(days=9)
    assert decide(SERIES, at(step), situation(usable=usable), now, NEW_YORK) == expected


ENDINGS = [
    ({"owing": False}, Exit.PAYMENT),
    ({"held": "dispute"}, Exit.HOLD),
    ({"opted_out": True}, Exit.OPT_OUT),
    ({"promised": True}, Exit.PROMISE),
    ({"planned": True}, Exit.PLAN),
    ({"with_person": True}, Exit.HANDOFF),
    ({"heard": True}, Exit.SAID),
]


@pytest.mark.parametrize(("more", "reason"), ENDINGS)
def test_what_stands_ends_it_although_its_event_was_missed(
    more: dict[str, object], reason: Exit
) -> None:
    found = situation(**more)
    assert decide(SERIES, at(0), found, NOW, NEW_YORK) == Stop(reason)
    assert may_begin(SERIES, found) == reason
    narrow = replace(SERIES, exits=ALWAYS)
    still = decide(narrow, at(0), found, NOW, NEW_YORK)
    assert (still == Stop(reason)) is (reason in ALWAYS or reason is Exit.PAYMENT)


def test_who_may_enter() -> None:
    poor = replace(SERIES, condition=parse("context.account.balance < 100", NAMES))
    assert may_begin(SERIES, situation()) is None
    assert may_begin(SERIES, situation(usable=())) == "no_address"
    assert may_begin(poor, situation()) == "condition"
    assert may_begin(poor, situation(lookup=facts(9_999))) is None


MOMENT = NOW
HEAD = {"id": uuid7(1, 1), "at": MOMENT}


@pytest.mark.parametrize(
    ("event", "commands", "expected"),
    [
        (HostUpdated(**HEAD, change=HostChange.CLOSED), (), Exit.CLOSED),
        (HostUpdated(**HEAD, change=HostChange.RECALLED), (), Exit.RECALLED),
        (HostUpdated(**HEAD, change=HostChange.BALANCE), (), None),
        (None, (Hold("dispute", HoldScope.ACCOUNT), Handoff("dispute")), Exit.DISPUTE),
        (None, (Hold("attorney", HoldScope.CUSTOMER), Handoff("attorney")), Exit.HOLD),
        (None, (Handoff("asked"), OptOut()), Exit.OPT_OUT),
        (None, (RecordPromise("p", Money(1, "USD"), date(2026, 12, 1)),), Exit.PROMISE),
        (None, (Log("conversation.affirmed"),), None),
    ],
)
def test_what_ends_a_run(event: object, commands: tuple[object, ...], expected: object) -> None:
    timer = TimerDue(**HEAD, kind="x", version=1)
    assert exit_of(event or timer, commands) is expected  # type: ignore[arg-type]


events = st.lists(
    st.tuples(st.integers(1, 80), st.sampled_from(["nothing", "exit", "restart", "back", "mute"])),
    max_size=60,
)


@given(events=events, exits=st.sets(st.sampled_from(sorted(USUAL))))
def test_no_step_is_taken_twice_out_of_order_or_after_an_exit(
    events: list[tuple[int, str]], exits: set[Exit]
) -> None:
    """Random events: hours pass, something ends it, the process starts anew from what is stored,
    the clock is put back, no address may be used for a while."""
    series = replace(SERIES, exits=frozenset(exits) | ALWAYS)
    now, stored, over_, sent = NOW, (0, NOW), False, []
    usable: tuple[ChannelKind, ...] = (SMS, EMAIL)
    held = None
    for hours, what in events:
        now += timedelta(hours=hours if what != "back" else -hours)
        if what == "exit":
            held = "attorney"
        if what == "mute":
            usable = () if usable else (SMS, EMAIL)
        while not over_:
            found = situation(held=held, usable=usable)
            match decide(series, Progress(*stored), found, now, NEW_YORK):
                case Send(step):
                    assert held is None
                    assert usable
                    assert not sent or now >= sent[-1][1]
                    sent.append((step.id, now))
                    stored = (stored[0] + 1, now)
                case Skip():
                    stored = (stored[0] + 1, now)
                case Later(due):
                    assert due > now
                    break
                case Stop() | Finish():
                    over_ = True
    names = [name for name, _ in sent]
    order = [step.id for step in series.steps]
    assert names == sorted(set(names), key=order.index)


TONE = Experiment(
    "tone",
    "gentle",
    {
        "usual": Arm("usual", 50),
        "patient": Arm("patient", 30, {"mail": Change(wait=(5, 0))}),
        "other": Arm("other", 20, {"last": Change(flow="last_reminder")}),
    },
    holdout=10,
    horizon=60,
)
PEOPLE = [derive(uuid7(7, 7), f"customer/{number}") for number in range(20_000)]


def test_arms_get_their_shares_and_keep_them() -> None:
    arms = [assigned(TONE, person) for person in PEOPLE]
    assert [assigned(TONE, person) for person in PEOPLE] == arms
    counts, shares = Counter(arms), TONE.shares()
    assert shares == {"usual": 0.45, "patient": 0.27, "other": 0.18, HOLDOUT: 0.1}
    assert sample_ratio([counts[arm] for arm in shares], list(shares.values())) > SUSPICIOUS


def test_two_experiments_are_independent() -> None:
    """Who has an arm here has each arm there as often as others do."""
    other = replace(TONE, name="timing")
    mine = [person for person in PEOPLE if assigned(TONE, person) == "patient"]
    counts, shares = Counter(assigned(other, person) for person in mine), other.shares()
    assert sample_ratio([counts[arm] for arm in shares], list(shares.values())) > SUSPICIOUS


def test_a_wrong_share_is_noticed() -> None:
    shares = TONE.shares()
    counts = Counter(assigned(replace(TONE, holdout=13), person) for person in PEOPLE)
    assert sample_ratio([counts[arm] for arm in shares], list(shares.values())) < SUSPICIOUS


@given(holdout=st.integers(0, 50), person=st.sampled_from(PEOPLE))
def test_another_holdout_moves_nobody_between_arms(holdout: int, person: str) -> None:
    before, after = assigned(TONE, person), assigned(replace(TONE, holdout=holdout), person)
    assert before == after or HOLDOUT in (before, after)


def test_an_arm_once_given_stays() -> None:
    turned = replace(TONE, arms={"usual": Arm("usual", 0), "patient": Arm("patient", 100)})
    for person in PEOPLE[:200]:
        before = assigned(TONE, person)
        kept = assigned(turned, person, before)
        assert kept == (before if before != "other" else assigned(turned, person))
        assert kept != "other"


def test_an_arm_changes_what_it_names_and_nothing_else() -> None:
    patient = arranged(SERIES, TONE, "patient")
    assert patient.steps[1] == replace(SERIES.steps[1], wait=Wait(5))
    assert patient.steps[0] is SERIES.steps[0]
    assert arranged(SERIES, TONE, "other").steps[3].flow == "last_reminder"
    assert arranged(SERIES, TONE, "usual").steps == SERIES.steps
    assert arranged(SERIES, TONE, None) is SERIES
    assert arranged(SERIES, None, "patient") is SERIES


def test_the_end_of_an_experiment() -> None:
    day = date(2026, 11, 24)
    assert over_since(TONE, None) is None
    assert not over(TONE, day, None)
    assert not over(TONE, day + timedelta(59), day)
    assert over(TONE, day + timedelta(60), day)
    fixed = replace(TONE, horizon=None, until=day)
    assert not over(fixed, day, None)
    assert over(fixed, day + timedelta(1), None)


@given(st.floats(0, 80), st.integers(1, 12))
def test_chances_are_those_of_chi_square(statistic: float, freedom: int) -> None:
    assert beyond(statistic, freedom) == pytest.approx(chi2.sf(statistic, freedom), abs=1e-12)


def test_nothing_to_compare() -> None:
    assert sample_ratio([], []) == sample_ratio([0, 0], [0.5, 0.5]) == sample_ratio([5], [1]) == 1
