"""What becomes of a promise: cases worked out by hand, and any order of what happens."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.promise import (
    Credit,
    Ended,
    Promise,
    PromiseRules,
    Returned,
    State,
    closes_at,
    decided,
    needed,
    promise_state,
    promise_states,
)
from domain.values import Money

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RULES = PromiseRules()


def at(text: str) -> int:
    """An ISO 8601 time with its offset, as an instant."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo, f"{text} has no offset"
    return (moment - EPOCH) // timedelta(microseconds=1)


CLOSINGS = [
    # zone, due, days of grace, the customer's midnight after the last day of grace
    ("UTC", "2026-11-27", 3, "2026-12-01T00:00:00+00:00"),
    ("UTC", "2026-11-27", 0, "2026-11-28T00:00:00+00:00"),
    ("UTC", "2026-12-31", 0, "2027-01-01T00:00:00+00:00"),
    # leap days
    ("Europe/London", "2028-02-26", 3, "2028-03-01T00:00:00+00:00"),
    ("Europe/London", "2028-02-28", 0, "2028-02-29T00:00:00+00:00"),
    ("Europe/London", "2027-02-26", 3, "2027-03-02T00:00:00+00:00"),
    ("Europe/London", "2100-02-26", 3, "2100-03-02T00:00:00+00:00"),
    # London goes back on 25 October 2026 at 02:00, forward on 29 March 2026 at 01:00
    ("Europe/London", "2026-10-21", 3, "2026-10-25T00:00:00+01:00"),
    ("Europe/London", "2026-10-22", 3, "2026-10-26T00:00:00+00:00"),
    ("Europe/London", "2026-03-25", 3, "2026-03-29T00:00:00+00:00"),
    ("Europe/London", "2026-03-26", 3, "2026-03-30T00:00:00+01:00"),
    # New York goes back on 1 November 2026, forward on 8 March 2026, both at 02:00
    ("America/New_York", "2026-10-28", 3, "2026-11-01T00:00:00-04:00"),
    ("America/New_York", "2026-10-29", 3, "2026-11-02T00:00:00-05:00"),
    ("America/New_York", "2026-03-04", 3, "2026-03-08T00:00:00-05:00"),
    ("America/New_York", "2026-03-05", 3, "2026-03-09T00:00:00-04:00"),
    ("America/Phoenix", "2026-03-05", 3, "2026-03-09T00:00:00-07:00"),
    # no such midnight: the clocks go from 00:00 to 01:00, which is then the day's first moment
    ("America/Havana", "2026-03-04", 3, "2026-03-08T01:00:00-04:00"),
    ("Africa/Cairo", "2026-04-20", 3, "2026-04-24T01:00:00+03:00"),
    ("America/Santiago", "2026-09-02", 3, "2026-09-06T01:00:00-03:00"),
    # two such midnights: at 01:00 the clocks go back to 00:00; the first one counts
    ("America/Havana", "2026-10-28", 3, "2026-11-01T00:00:00-04:00"),
    # the hour before midnight comes twice: the midnight after the second one
    ("America/Santiago", "2026-04-01", 3, "2026-04-05T00:00:00-04:00"),
    # half and quarter hours, and the two ends of the world
    ("Asia/Kathmandu", "2026-11-27", 3, "2026-12-01T00:00:00+05:45"),
    ("Pacific/Chatham", "2026-11-27", 3, "2026-12-01T00:00:00+13:45"),
    ("Pacific/Kiritimati", "2026-11-27", 3, "2026-12-01T00:00:00+14:00"),
    ("Pacific/Honolulu", "2026-11-27", 3, "2026-12-01T00:00:00-10:00"),
    # Samoa had no 30 December 2011
    ("Pacific/Apia", "2011-12-29", 0, "2011-12-31T00:00:00+14:00"),
]


@pytest.mark.parametrize(("zone", "due", "grace", "expected"), CLOSINGS)
def test_grace_ends_at_the_customers_midnight(
    zone: str, due: str, grace: int, expected: str
) -> None:
    rules = PromiseRules(grace_days=grace)
    closes = closes_at(date.fromisoformat(due), rules, ZoneInfo(zone))
    assert closes == at(expected)
    place = ZoneInfo(zone)
    before, first = (
        (EPOCH + timedelta(microseconds=moment)).astimezone(place).date()
        for moment in (closes - 1, closes)
    )
    assert before <= date.fromisoformat(due) + timedelta(grace) < first


TOLERANCES = [
    # promised, percent, the least that keeps it, in minor units
    (5000, 100, 5000),
    (5000, 95, 4750),
    (5001, 95, 4751),  # 95 % are 4750.95
    (4999, 99, 4950),  # 99 % are 4949.01
    (1, 100, 1),
    (1, 50, 1),  # half a penny is a penny
    (100, 1, 1),
    (100, 0, 1),  # nothing at all never keeps a promise
    (5000, 130, 5000),  # more than was promised is never asked
]


@pytest.mark.parametrize(("minor", "percent", "least"), TOLERANCES)
def test_the_least_that_keeps_a_promise(minor: int, percent: int, least: int) -> None:
    rules = PromiseRules(tolerance_percent=percent)
    for currency in ("GBP", "JPY", "KWD"):
        assert needed(Money(minor, currency), rules) == least
        assert decided(Money(minor, currency), least, rules, over=True) is State.KEPT
        assert decided(Money(minor, currency), least - 1, rules, over=True) is State.BROKEN


MADE = "2026-10-20T12:00:00+01:00"
# Promised: 50.00 GBP on Thursday 22 October 2026, in London; grace ends with Sunday 25 October, a
# day of 25 hours: at 2026-10-26T00:00:00Z. Each step: when, and pence that came in (+), or went
# back (-) of what came in by the step before; or how it ended.
CASES = [
    ("nothing yet", [], "2026-10-21T12:00:00+01:00", "pending"),
    ("nothing, a moment before the end", [], "2026-10-25T23:59:59.999999+00:00", "pending"),
    ("nothing at all", [], "2026-10-26T00:00:00+00:00", "broken"),
    ("paid", [("2026-10-21T12:00:00+01:00", 5000)], "2026-10-21T12:00:00+01:00", "kept"),
    ("not paid yet", [("2026-10-21T12:00:00+01:00", 5000)], "2026-10-21T11:59:59+01:00", "pending"),
    ("a part", [("2026-10-21T12:00:00+01:00", 4999)], "2026-10-25T12:00:00+00:00", "part_kept"),
    ("a part only", [("2026-10-21T12:00:00+01:00", 4999)], "2026-10-26T00:00:00+00:00", "broken"),
    ("in parts", [("2026-10-21T12:00:00+01:00", 2000), ("2026-10-22T12:00:00+01:00", 3000)],
     "2026-10-22T12:00:00+01:00", "kept"),
    ("more", [("2026-10-21T12:00:00+01:00", 9000)], "2026-10-26T00:00:00+00:00", "kept"),
    ("at the making", [(MADE, 5000)], "2026-10-26T00:00:00+00:00", "kept"),
    ("before the making", [("2026-10-20T11:59:59.999999+01:00", 5000)],
     "2026-10-26T00:00:00+00:00", "broken"),
    ("in the last moment of grace", [("2026-10-25T23:59:59.999999+00:00", 5000)],
     "2026-10-26T00:00:00+00:00", "kept"),
    ("a moment late", [("2026-10-26T00:00:00+00:00", 5000)], "2026-10-26T00:00:00+00:00", "broken"),
    ("late, seen later", [("2026-10-27T12:00:00+00:00", 5000)],
     "2026-12-01T00:00:00+00:00", "broken"),
    ("a part late", [("2026-10-22T12:00:00+01:00", 4000), ("2026-10-26T00:00:00+00:00", 1000)],
     "2026-12-01T00:00:00+00:00", "broken"),
    # 23:30 UTC on 24 October is 00:30 on the 25th in London; all the same, it is in time.
    ("by summer time", [("2026-10-24T23:30:00+00:00", 5000)], "2026-10-26T00:00:00+00:00", "kept"),
    ("gone back in time",
     [("2026-10-21T12:00:00+01:00", 5000), ("2026-10-23T12:00:00+01:00", -5000)],
     "2026-10-23T12:00:00+01:00", "pending"),
    ("kept until it goes back",
     [("2026-10-21T12:00:00+01:00", 5000), ("2026-10-23T12:00:00+01:00", -5000)],
     "2026-10-23T11:59:59+01:00", "kept"),
    ("a part gone back",
     [("2026-10-21T12:00:00+01:00", 5000), ("2026-10-23T12:00:00+01:00", -1)],
     "2026-10-23T12:00:00+01:00", "part_kept"),
    ("gone back, never paid again",
     [("2026-10-21T12:00:00+01:00", 5000), ("2026-10-23T12:00:00+01:00", -5000)],
     "2026-10-26T00:00:00+00:00", "broken"),
    ("gone back and paid again",
     [("2026-10-21T12:00:00+01:00", 5000), ("2026-10-23T12:00:00+01:00", -5000),
      ("2026-10-25T12:00:00+00:00", 5000)], "2026-10-26T00:00:00+00:00", "kept"),
    ("charged back after months",
     [("2026-10-21T12:00:00+01:00", 5000), ("2027-01-10T12:00:00+00:00", -5000)],
     "2027-01-10T12:00:00+00:00", "broken"),
    ("kept for months before",
     [("2026-10-21T12:00:00+01:00", 5000), ("2027-01-10T12:00:00+00:00", -5000)],
     "2027-01-10T11:59:59+00:00", "kept"),
    ("charged back and paid again too late",
     [("2026-10-21T12:00:00+01:00", 5000), ("2027-01-10T12:00:00+00:00", -5000),
      ("2027-01-11T12:00:00+00:00", 5000)], "2027-02-01T00:00:00+00:00", "broken"),
    ("too much, the excess refunded",
     [("2026-10-21T12:00:00+01:00", 9000), ("2026-11-10T12:00:00+00:00", -4000)],
     "2026-12-01T00:00:00+00:00", "kept"),
    ("too much, a penny more refunded",
     [("2026-10-21T12:00:00+01:00", 9000), ("2026-11-10T12:00:00+00:00", -4001)],
     "2026-12-01T00:00:00+00:00", "broken"),
    ("superseded", [("2026-10-21T12:00:00+01:00", "superseded")],
     "2026-10-21T12:00:00+01:00", "superseded"),
    ("not superseded yet", [("2026-10-21T12:00:00+01:00", "superseded")],
     "2026-10-21T11:59:59+01:00", "pending"),
    ("cancelled, the day over", [("2026-10-21T12:00:00+01:00", "cancelled")],
     "2026-10-27T00:00:00+00:00", "cancelled"),
    ("a part, then superseded",
     [("2026-10-20T13:00:00+01:00", 1000), ("2026-10-21T12:00:00+01:00", "superseded")],
     "2026-10-27T00:00:00+00:00", "superseded"),
    ("paid after it was superseded",
     [("2026-10-21T12:00:00+01:00", "superseded"), ("2026-10-21T13:00:00+01:00", 5000)],
     "2026-10-27T00:00:00+00:00", "superseded"),
    ("kept, so not superseded",
     [("2026-10-21T11:00:00+01:00", 5000), ("2026-10-21T12:00:00+01:00", "superseded")],
     "2026-10-27T00:00:00+00:00", "kept"),
    ("broken, so not superseded", [("2026-10-26T00:00:00+00:00", "superseded")],
     "2026-10-27T00:00:00+00:00", "broken"),
    ("reopened, then superseded",
     [("2026-10-20T13:00:00+01:00", 5000), ("2026-10-21T11:00:00+01:00", -5000),
      ("2026-10-21T12:00:00+01:00", "superseded")], "2026-10-27T00:00:00+00:00", "superseded"),
]  # fmt: skip


def of_steps(promise: Promise, steps: list[tuple[str, int | str]]) -> tuple[Promise, list[Credit]]:
    received: list[Credit] = []
    for when, what in steps:
        match what:
            case str():
                promise = structs.replace(promise, ended=Ended(State(what), at(when)))
            case int() if what > 0:
                received.append(Credit(Money(what, promise.amount.currency), at(when)))
            case int():
                last = received.pop()
                returned = (*last.returned, Returned(-what, at(when)))
                received.append(structs.replace(last, returned=returned))
    return promise, received


@pytest.mark.parametrize(
    ("steps", "now", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
@pytest.mark.parametrize("currency", ["GBP", "JPY", "KWD"])
def test_what_becomes_of_a_promise(
    currency: str, steps: list[tuple[str, int | str]], now: str, expected: str
) -> None:
    made = Promise(Money(5000, currency), date(2026, 10, 22), at(MADE))
    promise, received = of_steps(made, steps)
    zone = ZoneInfo("Europe/London")
    for order in (received, received[::-1]):
        assert promise_state(promise, order, at(now), RULES, zone) == expected


def test_tolerance_keeps_what_is_almost_paid() -> None:
    promise = Promise(Money(5000, "GBP"), date(2026, 10, 22), at(MADE))
    zone, after = ZoneInfo("Europe/London"), at("2026-10-27T00:00:00+00:00")
    rules = PromiseRules(tolerance_percent=95)
    for minor, state in ((4750, State.KEPT), (4749, State.BROKEN)):
        paid = [Credit(Money(minor, "GBP"), at("2026-10-21T12:00:00+01:00"))]
        assert promise_state(promise, paid, after, rules, zone) is state


def test_another_currency_keeps_nothing() -> None:
    promise = Promise(Money(5000, "GBP"), date(2026, 10, 22), at(MADE))
    paid = [Credit(Money(500_000, "JPY"), at("2026-10-21T12:00:00+01:00"))]
    zone, now = ZoneInfo("Europe/London"), at("2026-10-21T13:00:00+01:00")
    assert promise_state(promise, paid, now, RULES, zone) is State.PENDING


def test_money_counts_for_one_promise() -> None:
    """The first promise was kept; the second payment keeps the second one. Then the first payment
    goes back: the second must not keep both, although it came in the time of both."""
    zone = ZoneInfo("Europe/London")
    first = Promise(Money(5000, "GBP"), date(2026, 10, 22), at(MADE))
    second = Promise(Money(5000, "GBP"), date(2026, 10, 30), at("2026-10-21T12:00:00+01:00"))
    paid = [
        Credit(
            Money(5000, "GBP"),
            at("2026-10-21T09:00:00+01:00"),
            (Returned(5000, at("2026-10-24T09:00:00+01:00")),),
        ),
        Credit(Money(5000, "GBP"), at("2026-10-23T09:00:00+01:00")),
    ]
    for now, states in (
        ("2026-10-21T13:00:00+01:00", ("kept", "pending")),
        ("2026-10-23T13:00:00+01:00", ("kept", "kept")),
        ("2026-10-24T13:00:00+01:00", ("pending", "kept")),
        ("2026-10-27T13:00:00+00:00", ("broken", "kept")),
    ):
        assert promise_states([first, second], paid, at(now), RULES, zone) == states


# Small whole numbers of hours make every edge likely: the promise is made at hour 0 of 1970 and,
# with a day and a grace of 0 or 1, closes at hour 24 or 48 of UTC.
HOUR = 3_600_000_000
UTC_ZONE = ZoneInfo("UTC")
HOURS = st.integers(-3, 55).map(lambda hour: hour * HOUR)
CREDITS = st.lists(
    st.builds(
        Credit,
        st.builds(Money, st.integers(1, 60), st.sampled_from(["GBP", "GBP", "GBP", "USD"])),
        HOURS,
        st.lists(st.builds(Returned, st.integers(1, 70), HOURS), max_size=2).map(tuple),
    ),
    max_size=5,
)
ENDS = st.none() | st.builds(Ended, st.sampled_from([State.SUPERSEDED, State.CANCELLED]), HOURS)
PROMISES = st.builds(
    Promise, st.builds(Money, st.integers(1, 100), st.just("GBP")), st.just(date(1970, 1, 1)),
    st.sampled_from([0, HOUR, 5 * HOUR]), ENDS,
)  # fmt: skip
SOME_RULES = st.builds(
    PromiseRules, grace_days=st.integers(0, 1), tolerance_percent=st.sampled_from([100, 95, 50, 1])
)


def walked(promise: Promise, received: list[Credit], now: int, rules: PromiseRules) -> State:
    """What a clerk would do who writes down one thing after another as it happens."""
    closes = (1 + rules.grace_days) * 24 * HOUR
    happened: list[tuple[int, int, str, int, int]] = [(closes, 1, "close", -1, 0)]
    if promise.ended:
        happened.append((promise.ended.at, 2, "end", -1, 0))
    for number, credit in enumerate(received):
        if credit.amount.currency == "GBP" and promise.created_at <= credit.at < closes:
            happened.append((credit.at, 0, "credit", number, credit.amount.minor))
            for part in credit.returned:
                when = max(part.at, credit.at)
                happened.append((when, 0, "return", number, part.minor))
    state, over, held = State.PENDING, False, dict[int, int]()
    target = max(1, -(-promise.amount.minor * rules.tolerance_percent // 100))
    moments = sorted({item[0] for item in happened if item[0] <= now})
    for moment in moments:
        for _, _, what, number, minor in sorted(i for i in happened if i[0] == moment):
            match what:
                case "credit" | "return":
                    held[number] = held.get(number, 0) + (minor if what == "credit" else -minor)
                case "close":
                    over = True
                case "end" if state in (State.PENDING, State.PART_KEPT):
                    assert promise.ended
                    return promise.ended.state
            paid = sum(max(0, minor) for minor in held.values())
            if paid >= target:
                state = State.KEPT
            elif over:
                state = State.BROKEN
            else:
                state = State.PART_KEPT if paid else State.PENDING
    return state


@given(PROMISES, CREDITS, HOURS, SOME_RULES, st.randoms())
def test_the_state_is_that_of_a_straightforward_fold(
    promise: Promise, received: list[Credit], now: int, rules: PromiseRules, chance: Random
) -> None:
    expected = walked(promise, received, now, rules)
    shuffled = list(received)
    chance.shuffle(shuffled)
    assert promise_state(promise, shuffled, now, rules, UTC_ZONE) is expected
    assert promise_states([promise], shuffled, now, rules, UTC_ZONE) == (expected,)


@given(st.lists(PROMISES, max_size=3), CREDITS, HOURS, SOME_RULES)
def test_nothing_is_kept_that_was_not_paid(
    promises: list[Promise], received: list[Credit], now: int, rules: PromiseRules
) -> None:
    promises.sort(key=lambda promise: promise.created_at)
    states = promise_states(promises, received, now, rules, UTC_ZONE)
    kept = [p for p, state in zip(promises, states, strict=True) if state is State.KEPT]
    there = sum(
        max(0, c.amount.minor - sum(part.minor for part in c.returned if part.at <= now))
        for c in received
        if c.at <= now and c.amount.currency == "GBP"
    )
    assert there * 100 >= sum(p.amount.minor * rules.tolerance_percent for p in kept)


NEXT = {
    "pending": {"part_kept", "kept", "broken", "superseded", "cancelled"},
    "part_kept": {"pending", "kept", "broken", "superseded", "cancelled"},
    "kept": {"pending", "part_kept", "broken"},  # a reversal reopens it
    "broken": set[str](),
    "superseded": set[str](),
    "cancelled": set[str](),
}


@given(PROMISES, CREDITS, SOME_RULES)
def test_a_state_follows_only_from_those_before_it(
    promise: Promise, received: list[Credit], rules: PromiseRules
) -> None:
    """A reversal may reopen a kept one; nothing else leads back. One that is reopened and ended at
    the same instant is seen to do both at once."""
    before = State.PENDING
    for hour in range(-3, 60):
        now = promise_state(promise, received, hour * HOUR, rules, UTC_ZONE)
        ends = promise.ended is not None and promise.ended.at == hour * HOUR
        follows = NEXT[before.value] | (NEXT["pending"] if before is State.KEPT and ends else set())
        assert now is before or now.value in follows, (before, now)
        before = now


@given(PROMISES, CREDITS, SOME_RULES)
def test_deciding_payment_by_payment_comes_to_the_same(
    promise: Promise, received: list[Credit], rules: PromiseRules
) -> None:
    """As the gateway does: a running sum while it is open, judged when its time is over."""
    promise = structs.replace(promise, ended=None)
    received = [structs.replace(credit, returned=()) for credit in received]
    closes = closes_at(promise.due, rules, UTC_ZONE)
    state, paid = State.PENDING, 0
    for credit in sorted(received, key=lambda credit: credit.at):
        open_ = state in (State.PENDING, State.PART_KEPT)
        in_time = promise.created_at <= credit.at < closes
        if open_ and in_time and credit.amount.currency == "GBP":
            paid += credit.amount.minor
            state = decided(promise.amount, paid, rules, over=False)
    if state in (State.PENDING, State.PART_KEPT):
        state = decided(promise.amount, paid, rules, over=True)
    assert promise_state(promise, received, closes + HOUR, rules, UTC_ZONE) is state
