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


def test_no_setting_reaches_beyond_the_hard_limit() -> None:
    generous = replace(RULES, latest_days=365)
    assert latest_date(TODAY, generous) == on(HARD_LATEST_DAYS)
    assert isinstance(evaluate(usd(5000), on(31), DUE, TODAY, generous, History()), Countered)


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
