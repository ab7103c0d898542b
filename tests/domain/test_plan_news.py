"""What is told of a plan: each thing once, whenever one looks, and nothing is left out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.business_days import Calendar
from domain.plan import Asked, Offered, PlanRules, propose
from domain.plan_life import (
    InstalmentStatus,
    PlanAccepted,
    PlanEvent,
    PlanPaid,
    PlanReversed,
    Standing,
    Status,
    fold,
    standing,
)
from domain.plan_news import News, Told, news, next_look
from domain.schedule import Frequency
from domain.values import Money

TODAY = date(2026, 11, 23)
RULES = PlanRules()
RECALL = 3


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def accepted(count: int = 3, frequency: Frequency = Frequency.MONTHLY) -> PlanAccepted:
    wish = Asked(None, frequency, count)
    found = propose(usd(48_000), RULES, wish, TODAY, Calendar.named("US"))
    assert isinstance(found, Offered)
    return PlanAccepted("p", TODAY, found.schedules[0])  # 160.00 on 30 Nov, 30 Dec, 1 Feb


def at(events: list[PlanEvent], day: date) -> Standing:
    found = standing(fold(events), RULES, day)
    assert found is not None
    return found


def told_on(events: list[PlanEvent], days: list[date]) -> list[str]:
    told, lines = Told(), []
    for day in days:
        happened, told = news(told, at(events, day), day, RECALL)
        lines += [_line(day, each) for each in happened]
    return lines


def _line(day: date, each: News) -> str:
    number = "" if each.instalment is None else f" {each.instalment.number}"
    return f"{day:%m-%d} {each.step}{number}"


def every_day(until: date) -> list[date]:
    return [TODAY + timedelta(days=n) for n in range((until - TODAY).days + 1)]


def test_nobody_pays() -> None:
    lines = told_on([accepted()], every_day(date(2027, 3, 31)))
    # due 30 Nov: recalled 27 Nov, grace to 3 Dec; due 30 Dec; the second miss opens 14 days to cure
    assert lines == [
        "11-27 due 1", "12-04 missed 1", "12-27 due 2", "01-03 missed 2", "01-18 defaulted",
    ]  # fmt: skip


def test_everything_is_paid_in_time() -> None:
    events: list[PlanEvent] = [accepted()]
    events += [
        PlanPaid("1", date(2026, 11, 28), usd(16_000)),
        PlanPaid("2", date(2026, 12, 30), usd(16_000)),
        PlanPaid("3", date(2027, 1, 31), usd(16_000)),
    ]
    assert told_on(events, every_day(date(2027, 3, 1))) == [
        "11-27 due 1", "11-28 paid 1", "12-27 due 2", "12-30 paid 2", "01-29 due 3",
        "01-31 paid 3", "01-31 completed",
    ]  # fmt: skip


def test_paid_early_nothing_is_recalled() -> None:
    events: list[PlanEvent] = [accepted(), PlanPaid("1", date(2026, 11, 24), usd(48_000))]
    assert told_on(events, every_day(date(2027, 3, 1))) == [
        "11-24 paid 1", "11-24 paid 2", "11-24 paid 3", "11-24 completed",
    ]  # fmt: skip


def test_what_goes_back_is_missed_without_a_second_recall() -> None:
    events: list[PlanEvent] = [
        accepted(),
        PlanPaid("1", date(2026, 11, 28), usd(16_000)),
        PlanReversed("r", date(2026, 12, 10), "1", usd(16_000)),
    ]
    assert told_on(events, every_day(date(2026, 12, 15))) == [
        "11-27 due 1", "11-28 paid 1", "12-10 missed 1",
    ]  # fmt: skip


def test_one_look_after_a_long_silence_tells_what_still_matters() -> None:
    """Recalling what was missed already would be too late."""
    assert told_on([accepted()], [date(2027, 1, 10)]) == ["01-10 missed 1", "01-10 missed 2"]


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 150), st.integers(1, 20_000), st.booleans()), max_size=6
)


@st.composite
def lives(draw: st.DrawFn) -> list[PlanEvent]:
    events: list[PlanEvent] = [accepted(draw(st.integers(2, 12)), draw(st.sampled_from(Frequency)))]
    for number, (after, minor, back) in enumerate(draw(PAYMENTS)):
        day = TODAY + timedelta(days=after)
        events.append(PlanPaid(f"p{number}", day, usd(minor)))
        if back:
            gone = day + timedelta(days=draw(st.integers(0, 40)))
            events.append(PlanReversed(f"r{number}", gone, f"p{number}", usd(minor)))
    return events


@given(lives(), st.sets(st.integers(0, 420), min_size=1))
def test_nothing_is_told_twice_whenever_one_looks(events: list[PlanEvent], after: set[int]) -> None:
    told = Told()
    heard: list[tuple[str, int]] = []
    for day in [TODAY + timedelta(days=n) for n in sorted(after)]:
        happened, told = news(told, at(events, day), day, RECALL)
        again, same = news(told, at(events, day), day, RECALL)
        assert (again, same) == ((), told)
        heard += [(e.step, e.instalment.number if e.instalment else 0) for e in happened]
        for each in happened:
            assert each.instalment is None or each.instalment.amount.minor > 0
    for step in ("due", "missed"):
        numbers = [number for kind, number in heard if kind == step]
        assert len(numbers) == len(set(numbers))


@given(lives())
def test_looking_only_when_it_is_time_tells_what_looking_daily_does(
    events: list[PlanEvent],
) -> None:
    """Looked at when money moves and when the last look said: nothing is told later for it."""
    end = TODAY + timedelta(days=420)
    daily = told_on(events, every_day(end))
    moves = {event.on for event in events}
    told, day, lines = Told(), TODAY, list[str]()
    while day <= end:
        now = at(events, day)
        happened, told = news(told, now, day, RECALL)
        lines += [_line(day, each) for each in happened]
        timer = next_look(told, now, day, RECALL)
        later = sorted(each for each in {*moves, *([timer] if timer else [])} if each > day)
        if not later:
            break
        day = later[0]
    assert lines == daily


@given(lives(), st.integers(0, 420))
def test_what_is_told_is_so(events: list[PlanEvent], after: int) -> None:
    day = TODAY + timedelta(days=after)
    now = at(events, day)
    happened, told = news(Told(), now, day, RECALL)
    for each in happened:
        match each.step:
            case "paid":
                assert each.instalment
                assert each.instalment.status is InstalmentStatus.PAID
            case "missed":
                assert each.instalment
                assert each.instalment.status is InstalmentStatus.MISSED
            case "due":
                assert each.instalment
                assert each.instalment.paid < each.instalment.amount
            case other:
                assert now.status == other
    assert told.status is now.status
    assert (now.status is Status.COMPLETED) == any(each.step == "completed" for each in happened)
