"""Lives of plans: a table worked out by hand, and any life against a day-by-day reckoning."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from ruamel.yaml import YAML

from domain.business_days import Calendar
from domain.plan import Asked, Instalment, Offered, PlanRefused, PlanRules, Rule, Schedule
from domain.plan_life import (
    InstalmentStatus,
    PlanAccepted,
    PlanCancelled,
    PlanEvent,
    PlanPaid,
    PlanRescheduled,
    PlanReversed,
    PlanState,
    Standing,
    Status,
    apply,
    fold,
    reschedule,
    standing,
)
from domain.schedule import Frequency
from domain.values import Money

CASES = YAML(typ="safe").load(Path(__file__).with_name("plan_life_cases.yml"))
PLAN = "4 x 100.00 on 2026-12-01 2027-01-01 2027-02-01 2027-03-01"
ACCEPTED = date(2026, 11, 23)
ENGLAND = Calendar("GB", "ENG")
DAY = timedelta(days=1)


def planned(text: str, currency: str) -> Schedule:
    count, amount, days = re.fullmatch(r"(\d+) x (\S+) on (.+)", text).groups()  # type: ignore[union-attr]
    due = [date.fromisoformat(day) for day in days.split()]
    assert len(due) == int(count)
    money = Money.of(amount, currency)
    rows = tuple(Instalment(number, day, money) for number, day in enumerate(due, 1))
    return Schedule(Frequency.MONTHLY, due[0], rows)


def event(text: str, currency: str) -> PlanEvent:
    day, id_, verb, *rest = text.split(maxsplit=3)
    on, words = date.fromisoformat(day), " ".join(rest)
    match verb:
        case "pays":
            amount, *other = words.split()
            return PlanPaid(id_, on, Money.of(amount, *(other or [currency])))
        case "reverses":
            payment, amount = words.split()
            return PlanReversed(id_, on, payment, Money.of(amount, currency))
        case "reschedules":
            plan, credited = words.split(", credited ")
            return PlanRescheduled(id_, on, planned(plan, currency), Money.of(credited, currency))
        case "cancels":
            return PlanCancelled(id_, on)
    raise AssertionError(text)


def shown(now: Standing | None) -> str:
    if now is None:
        return "none"
    parts = [f"{now.status}", f"paid {now.paid.decimal}", f"left {now.left.decimal}"]
    parts += [f"over {now.over.decimal}"] if now.over.minor else []
    parts += [f"missed {now.missed}"] if now.missed else []
    parts += [f"rescheduled {now.reschedules}"] if now.reschedules else []
    for word, day in (
        ("until", now.cure_until),
        ("defaulted", now.defaulted_on),
        ("completed", now.completed_on),
        ("cancelled", now.cancelled_on),
    ):
        parts += [f"{word} {day}"] if day else []
    return ", ".join(parts + ["early"] * now.early)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_life(case: dict[str, Any]) -> None:
    currency = case.get("currency", "GBP")
    rules = msgspec.convert(case.get("rules", {}), PlanRules)
    accepted = PlanAccepted("a", ACCEPTED, planned(case.get("plan", PLAN), currency))
    events = [accepted, *(event(text, currency) for text in case["events"])]
    looks = {day: shown(standing(fold(events), rules, day)) for day in case["then"]}
    assert looks == case["then"]
    assert looks == {day: shown(standing(fold(events[::-1]), rules, day)) for day in case["then"]}


class Reckoned(msgspec.Struct):
    """The same plan, lived through one day after the other with nothing clever."""

    status: Status
    paid: int
    left: int
    over: int
    cure_until: date | None
    defaulted_on: date | None
    completed_on: date | None


def reckon(events: list[PlanEvent], rules: PlanRules, today: date) -> Reckoned | None:
    once = {(type(each), each.id): each for each in events}
    ordered = sorted(once.values(), key=lambda each: (each.on, each.id))
    accepted = next((each for each in ordered if isinstance(each, PlanAccepted)), None)
    if accepted is None or accepted.on > today:
        return None
    schedule, base, cancelled = accepted.schedule, 0, False
    now = Reckoned(Status.ACTIVE, 0, 0, 0, None, None, None)
    day = accepted.on
    while day <= today:
        seen = [each for each in ordered if accepted.on <= each.on <= day]
        on_day = [each for each in seen if each.on == day]
        if now.cure_until and now.cure_until < day and not now.defaulted_on and not cancelled:
            now.defaulted_on = day
        for each in on_day:
            if isinstance(each, PlanRescheduled) and not cancelled:
                schedule, base = each.schedule, each.credited.minor
                now.cure_until = now.defaulted_on = None
        now.paid = received(seen)
        owed = base + schedule.total.minor - now.paid
        now.left, now.over = max(0, owed), max(0, -owed)
        if owed > 0 and any(isinstance(each, PlanCancelled) for each in on_day):
            cancelled = True
        if not cancelled:
            end_day(now, schedule, base, rules, day)
        day += DAY
    if cancelled:
        now.status = Status.CANCELLED
    if now.status is not Status.CURING:
        now.cure_until = None
    return now


def received(events: list[PlanEvent]) -> int:
    """Payments less what was taken back of each, but no more than it was."""
    paid = {each.id: each.amount.minor for each in events if isinstance(each, PlanPaid)}
    for each in events:
        if isinstance(each, PlanReversed) and each.payment in paid:
            paid[each.payment] -= each.amount.minor
    return sum(max(0, minor) for minor in paid.values())


def end_day(now: Reckoned, schedule: Schedule, base: int, rules: PlanRules, day: date) -> None:
    if now.left == 0:
        now.status, now.completed_on, now.cure_until = (
            Status.COMPLETED,
            now.completed_on or day,
            None,
        )
        return
    now.completed_on = None
    late = [row for row in schedule.instalments if row.due + rules.grace_days * DAY < day]
    unpaid, needed = 0, base
    for row in late:
        needed += row.amount.minor
        unpaid += needed > now.paid
    if now.defaulted_on:
        now.status = Status.DEFAULTED
        return
    if not unpaid:
        now.cure_until = None
    all_late = unpaid > 0 and len(late) == len(schedule.instalments)
    if now.cure_until is None and (unpaid >= rules.misses or all_late):
        now.cure_until = day + rules.cure_days * DAY
    now.status = Status.BEHIND if unpaid else Status.ACTIVE
    if now.cure_until:
        now.status = Status.CURING


@st.composite
def schedules(draw: st.DrawFn, first: date, currency: str) -> Schedule:
    minors = draw(st.lists(st.integers(1, 300), min_size=2, max_size=5))
    gaps = draw(st.lists(st.integers(0, 20), min_size=len(minors), max_size=len(minors)))
    due = [first + sum(gaps[: n + 1]) * DAY for n in range(len(gaps))]
    rows = [
        Instalment(number, day, Money(minor, currency))
        for number, (day, minor) in enumerate(zip(due, minors, strict=True), 1)
    ]
    return Schedule(Frequency.WEEKLY, due[0], tuple(rows))


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[PlanEvent], PlanRules]:
    currency = draw(st.sampled_from(["GBP", "JPY", "KWD"]))
    start = draw(st.sampled_from([ACCEPTED, date(2028, 2, 20), date(2026, 3, 25)]))
    near = st.integers(-2, 70).map(lambda n: start + n * DAY)
    amounts = st.integers(1, 400).map(lambda minor: Money(minor, currency))
    events: list[PlanEvent] = [PlanAccepted("a", start, draw(schedules(start, currency)))]
    for number in range(draw(st.integers(0, 7))):
        kind, on = draw(st.sampled_from("pppprrrsc")), draw(near)
        match kind:
            case "p":
                events.append(PlanPaid(f"p{number}", on, draw(amounts)))
            case "r":
                paid = [each for each in events if isinstance(each, PlanPaid)]
                if paid:
                    of = draw(st.sampled_from(paid))
                    # A reversal takes effect no earlier than its payment.
                    events.append(PlanReversed(f"r{number}", max(on, of.on), of.id, draw(amounts)))
            case "s":
                new = draw(schedules(max(on, start), currency))
                credited = Money(draw(st.integers(0, 300)), currency)
                events.append(PlanRescheduled(f"s{number}", on, new, credited))
            case "c":
                events.append(PlanCancelled(f"c{number}", on))
    rules = PlanRules(
        grace_days=draw(st.integers(0, 5)),
        misses=draw(st.integers(1, 3)),
        cure_days=draw(st.integers(0, 15)),
    )
    return events, rules


@given(lives(), st.integers(-1, 130), st.randoms(use_true_random=False))
@settings(max_examples=1500, deadline=None)
def test_any_life_in_any_order(
    life: tuple[list[PlanEvent], PlanRules], days: int, chance: Any
) -> None:
    events, rules = life
    today = events[0].on + days * DAY
    shuffled = events + chance.choices(events, k=3)
    chance.shuffle(shuffled)
    state = fold(shuffled)
    assert state == fold(events) == fold(reversed(shuffled))
    now, plain = standing(state, rules, today), reckon(events, rules, today)
    if now is None or plain is None:
        assert now is plain is None
        return
    assert (
        Reckoned(
            now.status,
            now.paid.minor,
            now.left.minor,
            now.over.minor,
            now.cure_until,
            now.defaulted_on,
            now.completed_on,
        )
        == plain
    )


@given(lives(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_to_fold_is_to_apply_one_after_the_other(
    life: tuple[list[PlanEvent], PlanRules], chance: Any
) -> None:
    """Of two events with one id the first to arrive counts, whatever the second says."""
    events, _ = life
    second = structs.replace(chance.choice(events), on=events[0].on + chance.randint(-2, 70) * DAY)
    arrived = [*events, second]
    chance.shuffle(arrived)
    state = PlanState()
    for each in arrived:
        state = apply(state, each)
    assert fold(arrived) == state


@given(lives(), st.integers(0, 130))
@settings(max_examples=500, deadline=None)
def test_what_is_said_is_sound(life: tuple[list[PlanEvent], PlanRules], days: int) -> None:
    """Nothing is negative, nothing is called paid that was not, and the parts make the whole."""
    events, rules = life
    now = standing(fold(events), rules, events[0].on + days * DAY)
    assert now is not None
    received = sum(each.amount.minor for each in events if isinstance(each, PlanPaid))
    assert 0 <= now.paid.minor <= received
    assert min(now.left.minor, now.over.minor) == 0 <= max(now.left.minor, now.over.minor)
    assert (now.status is Status.COMPLETED) <= (now.left.minor == 0)
    for row in now.instalments:
        assert 0 <= row.paid.minor <= row.amount.minor
        assert (row.status is InstalmentStatus.PAID) == (row.paid == row.amount)
    open_ = [row.status for row in now.instalments]
    assert now.missed == open_.count(InstalmentStatus.MISSED)
    rank = [list(_FROM_OLDEST).index(status) for status in open_]
    assert rank == sorted(rank)
    if now.reschedules == 0:
        total = sum(row.amount.minor for row in now.instalments)
        assert now.paid.minor + now.left.minor - now.over.minor == total
        assert sum(row.paid.minor for row in now.instalments) == now.paid.minor - now.over.minor


_FROM_OLDEST = (
    InstalmentStatus.PAID,
    InstalmentStatus.MISSED,
    InstalmentStatus.DUE,
    InstalmentStatus.UPCOMING,
)


@given(lives(), st.integers(0, 100))
@settings(max_examples=300, deadline=None)
def test_the_clock_changes_nothing_before_it_says_so(
    life: tuple[list[PlanEvent], PlanRules], days: int
) -> None:
    events, rules = life
    today = events[0].on + days * DAY
    state = fold(each for each in events if each.on <= today)
    now = standing(state, rules, today)
    assert now is not None
    until = now.changes_on or today + 60 * DAY
    assert until > today
    for day in (today + DAY, today + (until - today) // 2, until - DAY):
        if today <= day < until:
            assert standing(state, rules, day) == now
    if now.changes_on:
        assert standing(state, rules, now.changes_on) != now


def test_a_repeated_event_is_the_same_state() -> None:
    paid = PlanPaid("p", ACCEPTED, Money(1, "GBP"))
    state = apply(PlanState(), paid)
    assert apply(state, paid) is state


LATE = date(2026, 12, 10)


def lived(*texts: str, today: date = LATE) -> Standing:
    accepted = PlanAccepted("a", ACCEPTED, planned(PLAN, "GBP"))
    now = standing(fold([accepted, *(event(t, "GBP") for t in texts)]), PlanRules(), today)
    assert now is not None
    return now


def test_what_is_left_is_rescheduled() -> None:
    now = lived("2026-12-01 p1 pays 100.00")
    result = reschedule(now, PlanRules(), Asked(count=2), LATE, ENGLAND)
    assert isinstance(result, Offered)
    assert {schedule.total for schedule in result.schedules} == {Money(30_000, "GBP")}


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        (lived("2026-12-01 p1 pays 400.00"), Rule.CLOSED),
        (lived("2026-12-01 c1 cancels"), Rule.CLOSED),
        (lived(today=date(2027, 1, 20)), Rule.DEFAULTED),
        (structs.replace(lived(), reschedules=1), Rule.RESCHEDULES),
        (lived("2026-12-01 p1 pays 399.00"), Rule.BALANCE_TOO_SMALL),
    ],
)
def test_not_rescheduled(now: Standing, rule: Rule) -> None:
    result = reschedule(now, PlanRules(), Asked(count=2), LATE, ENGLAND)
    assert result == PlanRefused(rule)
