"""Promises over month ends, leap days and changes of the clocks, in currencies of every fraction,
by hand."""

from datetime import date

import pytest

from domain.promise import Accepted, Countered, History, PromiseRules, Rule, evaluate
from domain.values import Money

RULES = PromiseRules()  # 10 % or 500 minor units, 14 days

CASES = [
    # today, the day that is promised, the day that is accepted
    ("2027-01-31", "2027-02-14", "2027-02-14"),  # 31 + 14 = 45, less 31
    ("2027-01-31", "2027-02-15", "2027-02-14"),
    ("2027-02-14", "2027-02-28", "2027-02-28"),
    ("2027-02-15", "2027-03-01", "2027-03-01"),  # 15 + 14 = 29, less 28
    ("2027-02-15", "2027-03-02", "2027-03-01"),
    ("2028-02-15", "2028-02-29", "2028-02-29"),  # the leap day
    ("2028-02-15", "2028-03-01", "2028-02-29"),
    ("2028-02-29", "2028-03-14", "2028-03-14"),  # 29 + 14 = 43, less 29
    ("2028-02-29", "2028-03-15", "2028-03-14"),
    ("2026-04-16", "2026-04-30", "2026-04-30"),
    ("2026-04-17", "2026-05-02", "2026-05-01"),  # 17 + 14 = 31, less 30
    ("2026-12-18", "2027-01-01", "2027-01-01"),  # 18 + 14 = 32, less 31
    ("2026-12-18", "2027-01-31", "2027-01-01"),
    # London's clocks go back on 25 October 2026 and forward on 28 March 2027: days are days
    ("2026-10-11", "2026-10-25", "2026-10-25"),
    ("2026-10-12", "2026-10-27", "2026-10-26"),
    ("2027-03-14", "2027-03-28", "2027-03-28"),
    ("2027-03-15", "2027-03-30", "2027-03-29"),
]
SHARES = [
    # due, what is promised, the least: a tenth, rounded up
    (123_41, "USD", 12_35, 12_35),  # 12.341
    (123_41, "USD", 12_34, 12_35),
    (12_341, "JPY", 1_234, 1_235),  # 1234.1
    (123_451, "KWD", 12_345, 12_346),  # 12.3451
    (123_450, "KWD", 12_345, 12_345),
]


@pytest.mark.parametrize(("due", "currency", "asked", "least"), SHARES)
@pytest.mark.parametrize(("today", "day", "accepted"), CASES)
def test_the_nearest_day_and_amount(
    today: str, day: str, accepted: str, due: int, currency: str, asked: int, least: int
) -> None:
    owed, amount = Money(due, currency), Money(asked, currency)
    on = date.fromisoformat(today)
    result = evaluate(amount, date.fromisoformat(day), owed, on, RULES, History())
    nearest = Accepted(Money(least, currency), date.fromisoformat(accepted))
    if day != accepted:
        assert result == Countered(nearest, Rule.TOO_LATE)
    elif asked != least:
        assert result == Countered(nearest, Rule.TOO_SMALL)
    else:
        assert result == nearest
    assert evaluate(nearest.amount, nearest.due, owed, on, RULES, History()) == nearest
