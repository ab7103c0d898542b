from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.promise import (
    HARD_LATEST_DAYS,
    Accepted,
    Countered,
    History,
    PromiseRules,
    Refused,
    Rule,
    evaluate,
    latest_date,
    minimum,
)
from domain.values import Money

TODAY = date(2026, 11, 23)
DUE = Money(43_219, "USD")
RULES = PromiseRules()


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


PENDING = History("p1", usd(5000), on(4))


@pytest.mark.parametrize(
    ("amount", "days", "history", "expected"),
    [
        (usd(5000), 4, History(), Accepted(usd(5000), on(4))),
        (usd(5000), 0, History(), Accepted(usd(5000), TODAY)),
        (usd(5000), 14, History(), Accepted(usd(5000), on(14))),
        (usd(4322), 4, History(), Accepted(usd(4322), on(4))),
        (DUE, 4, History(), Accepted(DUE, on(4))),
        (usd(4321), 4, History(), Countered(Accepted(usd(4322), on(4)), Rule.TOO_SMALL)),
        (usd(5000), 15, History(), Countered(Accepted(usd(5000), on(14)), Rule.TOO_LATE)),
        (usd(100), 90, History(), Countered(Accepted(usd(4322), on(14)), Rule.TOO_LATE)),
        (usd(50_000), 4, History(), Countered(Accepted(DUE, on(4)), Rule.TOO_MUCH)),
        (usd(5000), -1, History(), Refused(Rule.PAST)),
        (usd(0), 4, History(), Refused(Rule.NOT_POSITIVE)),
        (usd(-5000), 4, History(), Refused(Rule.NOT_POSITIVE)),
        (Money(5000, "GBP"), 4, History(), Refused(Rule.CURRENCY)),
        (usd(5000), 4, History(broken_in_a_row=1), Accepted(usd(5000), on(4))),
        (usd(5000), 4, History(broken_in_a_row=2), Refused(Rule.BROKEN)),
        (usd(6000), 4, structs.replace(PENDING, reschedules=1), Accepted(usd(6000), on(4))),
        (usd(6000), 4, structs.replace(PENDING, reschedules=2), Refused(Rule.RESCHEDULES)),
        (usd(5000), 4, structs.replace(PENDING, reschedules=2), Accepted(usd(5000), on(4))),
        (usd(6000), 4, History(reschedules=2), Accepted(usd(6000), on(4))),
    ],
)
def test_a_promise_is_judged(
    amount: Money, days: int, history: History, expected: Accepted | Countered | Refused
) -> None:
    assert evaluate(amount, on(days), DUE, TODAY, RULES, history) == expected


def test_nothing_can_be_promised_where_nothing_is_due() -> None:
    refused = Refused(Rule.NOTHING_DUE)
    assert evaluate(usd(5000), on(4), usd(0), TODAY, RULES, History()) == refused
    assert evaluate(usd(5000), on(4), usd(-5), TODAY, RULES, History()) == refused


def test_a_small_debt_may_be_promised_whole() -> None:
    assert minimum(usd(300), RULES) == usd(300)
    assert isinstance(evaluate(usd(300), on(1), usd(300), TODAY, RULES, History()), Accepted)


def test_where_a_client_asks_for_no_minimum_the_least_is_one_minor_unit() -> None:
    """A promise of nothing is none, and must not be offered as the least there is."""
    none = replace(RULES, minimum_percent=0, minimum_minor=0)
    assert minimum(DUE, none) == usd(1)
    assert minimum(usd(0), none) == usd(0)
    assert isinstance(evaluate(usd(1), on(1), DUE, TODAY, none, History()), Accepted)


def test_no_setting_reaches_beyond_the_hard_limit() -> None:
    generous = replace(RULES, latest_days=365)
    assert latest_date(TODAY, generous) == on(HARD_LATEST_DAYS)
    assert isinstance(evaluate(usd(5000), on(31), DUE, TODAY, generous, History()), Countered)


CURRENCIES = [
    # 10 % of what is due, rounded up to the minor unit, or the floor of 500 minor units; each row
    # shows due, asked, expected in minor units
    ("JPY", 48_000, 4_800, Accepted),  # 10 % of 48,000 yen
    ("JPY", 48_000, 4_799, 4_800),
    ("JPY", 4_999, 499, 500),  # 10 % are 499.9: 500 yen
    ("JPY", 400, 400, Accepted),  # less is due than the floor: all of it
    ("JPY", 400, 399, 400),
    ("JPY", 400, 401, 400),
    ("KWD", 48_000, 4_799, 4_800),  # 48.000 dinars, of which 10 % are 4.800
    ("KWD", 123_457, 12_345, 12_346),  # 10 % of 123.457 are 12.3457: 12.346
    ("KWD", 123_457, 123_457, Accepted),
    ("KWD", 123_457, 123_458, 123_457),
    ("USD", 480_00, 48_00, Accepted),
    ("USD", 480_01, 48_00, 48_01),  # 10 % are 48.001: 48.01
]


@pytest.mark.parametrize(("currency", "due", "asked", "expected"), CURRENCIES)
def test_currencies_of_every_fraction(
    currency: str, due: int, asked: int, expected: int | type[Accepted]
) -> None:
    result = evaluate(Money(asked, currency), on(4), Money(due, currency), TODAY, RULES, History())
    if isinstance(expected, int):
        assert isinstance(result, Countered)
        assert result.nearest == Accepted(Money(expected, currency), on(4))
    else:
        assert result == Accepted(Money(asked, currency), on(4))


LEAPS = [
    # today, the last of 14 days
    (date(2028, 2, 15), date(2028, 2, 29)),
    (date(2028, 2, 16), date(2028, 3, 1)),
    (date(2027, 2, 15), date(2027, 3, 1)),
    (date(2100, 2, 15), date(2100, 3, 1)),  # no leap year
    (date(2026, 12, 20), date(2027, 1, 3)),
]


@pytest.mark.parametrize(("today", "latest"), LEAPS)
def test_days_are_counted_by_the_calendar(today: date, latest: date) -> None:
    assert latest_date(today, RULES) == latest
    asked = evaluate(usd(5000), latest + timedelta(1), DUE, today, RULES, History())
    assert asked == Countered(Accepted(usd(5000), latest), Rule.TOO_LATE)


SPENT = structs.replace(PENDING, reschedules=2)
AGAIN = [
    # The pending 50.00 on day 4, said again, when no reschedule is left.
    (usd(5000), 4, usd(43_219), RULES, Accepted(usd(5000), on(4))),
    # Only 30.00 are owed by now: 30.00 are offered, and taking them is no reschedule.
    (usd(5000), 4, usd(3000), RULES, Countered(Accepted(usd(3000), on(4)), Rule.TOO_MUCH)),
    (usd(3000), 4, usd(3000), RULES, Accepted(usd(3000), on(4))),
    (usd(3000), 3, usd(3000), RULES, Refused(Rule.RESCHEDULES)),
    (usd(2500), 4, usd(3000), RULES, Refused(Rule.RESCHEDULES)),
    # The client allows 2 days by now.
    (usd(5000), 4, DUE, replace(RULES, latest_days=2),
     Countered(Accepted(usd(5000), on(2)), Rule.TOO_LATE)),
    (usd(5000), 2, DUE, replace(RULES, latest_days=2), Accepted(usd(5000), on(2))),
    # Another currency's promise is no promise of this one.
    (Money(5000, "GBP"), 4, Money(43_219, "GBP"), RULES, Refused(Rule.RESCHEDULES)),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "days", "due", "rules", "expected"), AGAIN)
def test_the_pending_promise_said_again(
    amount: Money,
    days: int,
    due: Money,
    rules: PromiseRules,
    expected: Accepted | Countered | Refused,
) -> None:
    assert evaluate(amount, on(days), due, TODAY, rules, SPENT) == expected


SUMS = st.integers(-10, 200) | st.integers(-10, 10**7)
ANY_RULES = st.builds(
    PromiseRules,
    minimum_percent=st.integers(0, 120),
    minimum_minor=st.integers(-5, 10_000),
    latest_days=st.integers(-2, 60),
    reschedules=st.integers(0, 3),
    broken_in_a_row=st.integers(1, 3),
)
HISTORIES = st.just(History()) | st.builds(
    History,
    active=st.just("p1"),
    active_amount=st.builds(Money, st.integers(1, 300), st.sampled_from(["USD", "GBP"])),
    active_date=st.integers(-3, 40).map(on),
    reschedules=st.integers(0, 4),
    broken_in_a_row=st.integers(0, 3),
)


@given(
    SUMS, st.integers(-3, 60), SUMS, ANY_RULES, HISTORIES, st.booleans(), SUMS, st.integers(0, 40)
)
def test_a_counter_offer_is_accepted_and_nothing_acceptable_is_nearer(
    minor: int,
    days: int,
    due: int,
    rules: PromiseRules,
    history: History,
    again: bool,
    other: int,
    other_days: int,
) -> None:
    amount, day = usd(minor), on(days)
    if again and history.active_amount and history.active_date:
        amount, day = history.active_amount, history.active_date
    result = evaluate(amount, day, usd(due), TODAY, rules, history)
    if isinstance(result, Refused):
        return
    nearest = result.nearest if isinstance(result, Countered) else result
    assert evaluate(nearest.amount, nearest.due, usd(due), TODAY, rules, history) == nearest
    assert (nearest == Accepted(amount, day)) is isinstance(result, Accepted)
    assert 0 < nearest.amount.minor <= due
    assert TODAY <= nearest.due <= on(HARD_LATEST_DAYS)
    rival = evaluate(usd(other), on(other_days), usd(due), TODAY, rules, history)
    if isinstance(rival, Accepted):
        assert distance(amount, nearest) <= distance(amount, rival)
        assert abs(day - nearest.due) <= abs(day - rival.due)


def distance(asked: Money, offer: Accepted) -> int:
    return abs(offer.amount.minor - asked.minor)


@given(
    st.integers(-10, 10**7), st.integers(-3, 60), st.integers(-10, 10**7),
    st.integers(0, 100), st.integers(0, 10_000), st.integers(0, 60),
)  # fmt: skip
def test_what_is_offered_instead_is_accepted(
    minor: int, days: int, due: int, percent: int, floor: int, latest: int
) -> None:
    rules = PromiseRules(percent, floor, latest)
    result = evaluate(usd(minor), on(days), usd(due), TODAY, rules, History())
    if isinstance(result, Countered):
        nearest = result.nearest
        again = evaluate(nearest.amount, nearest.due, usd(due), TODAY, rules, History())
        assert again == nearest
    if isinstance(result, Accepted):
        assert usd(0) < result.amount <= usd(due)
        assert TODAY <= result.due <= on(HARD_LATEST_DAYS)
