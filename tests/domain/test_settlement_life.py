"""What becomes of a settlement that was agreed, by hand and against a day-by-day reckoning."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Instalment
from domain.promise import Credit, Returned
from domain.settlement import (
    Agreement,
    Refused,
    Rule,
    SettlementRules,
    Standing,
    State,
    Terms,
    revive,
    standing,
)
from domain.values import Money

RULES = SettlementRules()  # 3 days of grace, revived once within 14 days, 7 days to pay then
START = date(2027, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def noon(number: int) -> int:
    """The instant of noon UTC on a day."""
    at = datetime.combine(day(number), time(12), UTC)
    return round(at.timestamp()) * 1_000_000


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def paid(minor: int, number: int, *returned: tuple[int, int]) -> Credit:
    back = tuple(Returned(part, noon(on)) for part, on in returned)
    return Credit(usd(minor), noon(number), back)


PARTS = tuple(Instalment(n, day(10 * n), usd(100_00)) for n in (1, 2, 3))
"""100.00 each on days 10, 20 and 30."""
TERMS = Terms(usd(300_00), usd(500_00), day(10), PARTS, day(14))
AGREED = Agreement(TERMS, noon(0))

CASES = [
    # credits, the day, state, paid, remaining, overpaid, the last day to mend, lapsed on
    ([], 0, State.AGREED, 0, 300_00, 0, None, None),
    ([], 9, State.AGREED, 0, 300_00, 0, None, None),
    ([], 10, State.AGREED, 0, 300_00, 0, 13, None),  # due on 10, + 3 days of grace
    ([], 13, State.AGREED, 0, 300_00, 0, 13, None),
    ([], 14, State.LAPSED, 0, 300_00, 0, None, 14),
    ([paid(100_00, 13)], 14, State.PART_PAID, 100_00, 200_00, 0, None, None),
    ([paid(100_00, 14)], 14, State.LAPSED, 100_00, 200_00, 0, None, 14),  # a day late
    ([paid(99_99, 10)], 13, State.PART_PAID, 99_99, 200_01, 0, 13, None),
    ([paid(99_99, 10)], 14, State.LAPSED, 99_99, 200_01, 0, None, 14),
    ([paid(99_99, 10), paid(1, 13)], 20, State.PART_PAID, 100_00, 200_00, 0, 23, None),
    ([paid(200_00, 1)], 23, State.PART_PAID, 200_00, 100_00, 0, None, None),  # ahead
    ([paid(200_00, 1)], 34, State.LAPSED, 200_00, 100_00, 0, None, 34),
    ([paid(300_00, 1)], 400, State.SETTLED, 300_00, 0, 0, None, None),
    ([paid(300_01, 1)], 400, State.SETTLED, 300_01, 0, 1, None, None),
    ([paid(100_00, n) for n in (10, 20, 30)], 99, State.SETTLED, 300_00, 0, 0, None, None),
    ([paid(100_00, n) for n in (13, 23, 34)], 99, State.LAPSED, 300_00, 0, 0, None, 34),
    ([paid(300_00, 5)], 4, State.AGREED, 0, 300_00, 0, None, None),  # not cleared yet
    # settled on 5, gone back on 40: late from 40 to 43
    ([paid(300_00, 5, (300_00, 40))], 39, State.SETTLED, 300_00, 0, 0, None, None),
    ([paid(300_00, 5, (300_00, 40))], 40, State.AGREED, 0, 300_00, 0, 43, None),
    ([paid(300_00, 5, (300_00, 40))], 44, State.LAPSED, 0, 300_00, 0, None, 44),
    (
        [paid(300_00, 5, (300_00, 40)), paid(300_00, 43)],
        50,
        State.SETTLED,
        300_00,
        0,
        0,
        None,
        None,
    ),
    # a part of it, 50.00, goes back before it is owed: 250.00 cover days 10 and 20
    ([paid(300_00, 5, (50_00, 6))], 29, State.PART_PAID, 250_00, 50_00, 0, None, None),
    ([paid(300_00, 5, (50_00, 6))], 30, State.PART_PAID, 250_00, 50_00, 0, 33, None),
    # more can't go back than came
    ([paid(50_00, 5, (40_00, 6), (40_00, 7))], 9, State.AGREED, 0, 300_00, 0, None, None),
    # another currency, and what came before the agreement
    ([Credit(Money(300_00, "GBP"), noon(5))], 9, State.AGREED, 0, 300_00, 0, None, None),
    ([paid(300_00, -1)], 9, State.AGREED, 0, 300_00, 0, None, None),
    ([paid(300_00, -1, (300_00, 5))], 9, State.AGREED, 0, 300_00, 0, None, None),
]


@pytest.mark.parametrize(
    ("credited", "number", "state", "came", "left", "over", "mend", "lapsed"), CASES
)
def test_where_it_stands(
    credited: list[Credit],
    number: int,
    state: State,
    came: int,
    left: int,
    over: int,
    mend: int | None,
    lapsed: int | None,
) -> None:
    found = standing(AGREED, credited, noon(number), RULES, UTC)
    assert (found.state, found.paid, found.remaining) == (state, usd(came), usd(left))
    assert found.overpaid == usd(over)
    assert found.mend_by == (None if mend is None else day(mend))
    assert found.lapsed_on == (None if lapsed is None else day(lapsed))


def at(number: int, agreement: Agreement, *credited: Credit) -> Standing:
    return standing(agreement, credited, noon(number), RULES, UTC)


def test_a_revival_gives_time_for_what_is_overdue() -> None:
    revived = revive(AGREED, at(14, AGREED), day(28), RULES)  # lapsed on 14, + 14 days
    assert revived == Agreement(TERMS, noon(0), (day(28),))
    assert isinstance(revived, Agreement)
    assert at(27, revived).state is State.LAPSED
    assert (at(28, revived).state, at(28, revived).mend_by) == (State.AGREED, day(35))
    assert at(36, revived).lapsed_on == day(36)
    # all three are due by day 35
    assert at(36, revived, paid(200_00, 30)).state is State.LAPSED
    assert at(36, revived, paid(300_00, 35)).state is State.SETTLED
    # what came while it had lapsed counts once it is revived
    assert at(28, revived, paid(300_00, 20)).state is State.SETTLED


def test_what_can_not_be_revived() -> None:
    assert revive(AGREED, at(13, AGREED), day(13), RULES) == Refused(Rule.NOT_LAPSED)
    assert revive(AGREED, at(29, AGREED), day(29), RULES) == Refused(Rule.TOO_LATE)
    once = Agreement(TERMS, noon(0), (day(20),))
    assert revive(once, at(28, once), day(28), RULES) == Refused(Rule.REVIVALS)


def test_cancelled_is_cancelled() -> None:
    cancelled = Agreement(TERMS, noon(0), (), noon(5))
    assert at(4, cancelled).state is State.AGREED
    assert at(5, cancelled).state is State.CANCELLED
    assert at(400, cancelled).state is State.CANCELLED
    assert at(400, cancelled, paid(300_00, 4)).state is State.SETTLED
    assert at(400, cancelled, paid(300_00, 6)).paid == usd(0)


def test_the_day_is_the_customers() -> None:
    # 02:00 UTC on day 14 is the evening of day 13 in Los Angeles: in time
    instant = noon(14) - 10 * 3_600_000_000
    credited = [Credit(usd(100_00), instant)]
    pacific = ZoneInfo("America/Los_Angeles")
    assert standing(AGREED, credited, noon(15), RULES, pacific).state is State.PART_PAID
    assert standing(AGREED, credited, noon(15), RULES, UTC).state is State.LAPSED
    # the clocks change on 14 March 2027 there: the day still ends at midnight
    part = Instalment(1, date(2027, 3, 11), usd(100_00))
    short = Agreement(Terms(usd(100_00), usd(200_00), part.due, (part,), part.due), noon(0))
    last = datetime(2027, 3, 14, 23, 59, tzinfo=pacific)
    micros = round(last.timestamp()) * 1_000_000
    on_time, late = Credit(usd(100_00), micros), Credit(usd(100_00), micros + 60_000_000)
    assert standing(short, [on_time], noon(99), RULES, pacific).state is State.SETTLED
    assert standing(short, [late], noon(99), RULES, pacific).state is State.LAPSED


def day_by_day(agreement: Agreement, credited: list[Credit], end: int) -> tuple[State, int]:
    """The same, told one day after the other."""
    late_days, allowed, lapsed, total = 0, RULES.grace_days, False, 0
    for number in range(end + 1):
        if not lapsed and late_days > allowed:
            lapsed = True
        if lapsed and day(number) in agreement.revived:
            lapsed, late_days, allowed = False, 0, RULES.revived_days
        total = sum(credit.left(noon(number)) for credit in credited if credit.at >= noon(0))
        owed = sum(part.amount.minor for part in PARTS if part.due <= day(number))
        if total >= owed:
            late_days, allowed = 0, RULES.grace_days
        else:
            late_days += 1
    if lapsed:
        return State.LAPSED, total
    if total >= TERMS.amount.minor:
        return State.SETTLED, total
    return (State.PART_PAID if total else State.AGREED), total


CREDIT = st.builds(
    lambda minor, number, share, back: paid(minor, number, *([(minor * share // 4, back)] * 2)),
    st.sampled_from((50_00, 100_00, 150_00, 300_00, 99_99)),
    st.integers(-2, 45),
    st.integers(0, 4),
    st.integers(0, 60),
)


@given(
    st.lists(CREDIT, max_size=6),
    st.lists(st.integers(0, 60), max_size=3, unique=True),
    st.integers(0, 70),
    st.randoms(use_true_random=False),
)
def test_any_order_stands_as_told_day_by_day(
    credited: list[Credit], revived: list[int], end: int, mixed: object
) -> None:
    agreement = Agreement(TERMS, noon(0), tuple(map(day, sorted(revived))))
    found = standing(agreement, credited, noon(end), RULES, UTC)
    assert (found.state, found.paid.minor) == day_by_day(agreement, credited, end)
    shuffled = sorted(credited, key=lambda _: mixed.random())  # type: ignore[attr-defined]
    assert standing(agreement, shuffled, noon(end), RULES, UTC) == found
    assert min(found.paid, found.remaining, found.overpaid) >= usd(0)
    assert found.paid.minor + found.remaining.minor - found.overpaid.minor == 300_00
    if found.state is State.SETTLED:
        assert found.paid >= TERMS.amount  # nothing is settled that was not paid
