"""How long an assessment and a hold last, over month ends, leap days and changes of the clocks; and
token payments in currencies of every fraction. By hand."""

from datetime import date

import pytest

from domain.affordability import (
    AffordabilityRules,
    Answer,
    Answers,
    Assessment,
    Debt,
    Help,
    HelpKind,
    Reason,
    assess,
)
from domain.affordability_tables import shipped
from domain.values import Money

LINES = (("wages", 500), ("rent", 501), ("gas", 0), ("food", 0))


def helped(currency: str, owed: int, rules: AffordabilityRules, today: date) -> Assessment:
    """Of somebody who has a minor unit less than nothing."""
    lines = tuple(Answer(line, Money(minor, currency)) for line, minor in LINES)
    debts = [Debt("ours", Money(owed, currency), ours=True)]
    found = assess(Answers(lines), shipped("neutral"), debts, rules, today)
    assert isinstance(found, Assessment)
    assert found.surplus == Money(-1, currency)
    return found


DAYS = [
    # today, + 30 days of hold, + 180 days of validity
    # to 29 Feb, 30 Mar, 29 Apr, 29 May, 28 Jun, 28 Jul by thirties
    ("2028-01-30", "2028-02-29", "2028-07-28"),
    # a day later, as February has 28 days
    ("2027-01-30", "2027-03-01", "2027-07-29"),
    ("2100-01-30", "2100-03-01", "2100-07-29"),  # no leap year
    # 30 Mar, 29 Apr, 29 May, 28 Jun, 28 Jul, 27 Aug
    ("2028-02-29", "2028-03-30", "2028-08-27"),
    # from a month's end to the next: 31 Oct, 30 Nov, 30 Dec, 29 Jan, 28 Feb, 30 Mar; the clocks of
    # Europe and the US change twice on the way
    ("2026-10-01", "2026-10-31", "2027-03-30"),
    # over the year's end: 1 Jan, 31 Jan, 2 Mar, 1 Apr, 1 May, 31 May
    ("2026-12-02", "2027-01-01", "2027-05-31"),
    # the day on which London's clocks go forward: 28 Apr, 28 May, 27 Jun, 27 Jul, 26 Aug, 25 Sep
    ("2026-03-29", "2026-04-28", "2026-09-25"),
]


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@pytest.mark.parametrize(("today", "hold_until", "valid_until"), DAYS)
def test_how_long_it_holds(today: str, hold_until: str, valid_until: str, currency: str) -> None:
    found = helped(currency, 48_000, AffordabilityRules(), date.fromisoformat(today))
    until = date.fromisoformat(hold_until)
    assert found.outcome == Help(Reason.NO_SURPLUS, HelpKind.HOLD, hold_until=until)
    assert found.valid_until == date.fromisoformat(valid_until)


TOKENS = [
    # currency, owed, the client's token, the token: never more than is owed
    ("USD", 480_00, 1_00, "1.00"),
    ("USD", 99, 1_00, "0.99"),
    ("GBP", 1_00, 1_00, "1.00"),
    ("JPY", 48_000, 100, "100"),  # a hundred yen, not one
    ("JPY", 99, 100, "99"),
    ("KWD", 48_000, 100, "0.100"),  # a tenth of a dinar
    ("KWD", 48_000, 1_000, "1.000"),
    ("KWD", 999, 1_000, "0.999"),
]


@pytest.mark.parametrize(("currency", "owed", "token", "expected"), TOKENS)
def test_a_token_payment(currency: str, owed: int, token: int, expected: str) -> None:
    rules = AffordabilityRules(HelpKind.TOKEN, token_minor=token)
    outcome = helped(currency, owed, rules, date(2028, 2, 29)).outcome
    paid = Money.of(expected, currency)
    assert outcome == Help(Reason.NO_SURPLUS, HelpKind.TOKEN, token=paid)
