"""Proposals: a table of hand-computed cases, and what holds for every one of them."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from ruamel.yaml import YAML

from domain.business_days import Calendar, Roll
from domain.plan import (
    HARD_MOST,
    Asked,
    Field,
    Offered,
    PlanRefused,
    PlanRules,
    Rule,
    Schedule,
    allowed,
    first_window,
    propose,
)
from domain.schedule import Frequency
from domain.values import Invalid, Money
from tests.examples import many

CASES = YAML(typ="safe").load(Path(__file__).with_name("plan_cases.yml"))
CURRENCIES = ("GBP", "JPY", "KWD")
CALENDARS = [Calendar("GB", "ENG"), Calendar("GB", "SCT"), Calendar("US"), Calendar("KW")]
TODAY = date(2026, 11, 23)
GBP = Money(48_000, "GBP")


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money.of(Decimal(amount), currency)


def asked(said: dict[str, Any], currency: str) -> Asked:
    amount = said.get("amount")
    return Asked(
        None if amount is None else Money.of(str(amount), said.get("currency", currency)),
        Frequency(said["frequency"]) if "frequency" in said else None,
        said.get("count"),
        said.get("first"),
    )


def shown(schedule: Schedule) -> str:
    *equal, last = (instalment.amount for instalment in schedule.instalments)
    assert len(set(equal)) == 1
    amounts = f"{len(equal)} x {equal[0].decimal} + {last.decimal}"
    if equal[0] == last:
        amounts = f"{len(equal) + 1} x {last.decimal}"
    why = ", ".join(f"{each.field} {each.rule}" for each in schedule.differs)
    first = schedule.instalments[0].due
    return f"{schedule.frequency} {amounts} from {first}" + (f"; {why}" if why else "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_proposed(case: dict[str, Any]) -> None:
    balance = money(case.get("balance", "480.00 GBP"))
    rules = msgspec.convert(case.get("rules", {}), PlanRules)
    rules = rules.assessed if case.get("assessed") else rules
    calendar = Calendar.named(case.get("calendar", "GB-ENG"))
    ask = asked(case["ask"], balance.currency)
    result = propose(balance, rules, ask, case.get("today", TODAY), calendar)
    if "refused" in case:
        assert result == PlanRefused(Rule(case["refused"]))
        return
    assert isinstance(result, Offered)
    assert [shown(schedule) for schedule in result.schedules] == case["offers"]
    if "dates" in case:
        assert [each.due for each in result.schedules[0].instalments] == case["dates"]


def test_the_table_is_large_enough() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60


@st.composite
def some_rules(draw: st.DrawFn) -> PlanRules:
    smallest = draw(st.integers(1, 5000))
    fewest, most, assessed = sorted(draw(st.tuples(*[st.integers(2, HARD_MOST)] * 3)))
    earliest, usual, latest = sorted(draw(st.tuples(*[st.integers(0, 45)] * 3)))
    return PlanRules(
        frequencies=tuple(draw(st.lists(st.sampled_from(Frequency), min_size=1, unique=True))),
        smallest_minor=smallest,
        smallest_last_minor=draw(st.integers(1, smallest)),
        fewest=fewest,
        most=most,
        most_assessed=assessed,
        usual_counts=tuple(draw(st.lists(st.integers(0, 40), min_size=1, max_size=4))),
        first_earliest_days=earliest,
        first_usual_days=usual,
        first_latest_days=latest,
        roll=draw(st.sampled_from(Roll)),
    )


days = st.dates(date(1990, 1, 1), date(2110, 12, 31))
currencies = st.sampled_from(CURRENCIES)
minors = st.one_of(st.integers(-5, 3000), st.integers(1, 10**9))


@st.composite
def some_asks(draw: st.DrawFn, currency: str, today: date) -> Asked:
    minor = draw(st.none() | minors)
    near = st.integers(-60, 90).map(lambda away: today + timedelta(days=away))
    return Asked(
        None if minor is None else Money(minor, currency),
        draw(st.none() | st.sampled_from(Frequency)),
        draw(st.none() | st.integers(-1, 60) | st.integers(1, 10**9)),
        draw(st.none() | near | st.dates()),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Money, PlanRules, Asked, date, Calendar]:
    currency, today = draw(currencies), draw(days)
    balance = Money(draw(minors), currency)
    ask = draw(some_asks(currency, today))
    return balance, draw(some_rules()), ask, today, draw(st.sampled_from(CALENDARS))


@given(situations())
@settings(max_examples=many(120), deadline=None)
def test_every_offer_is_within_the_rules(
    situation: tuple[Money, PlanRules, Asked, date, Calendar],
) -> None:
    balance, rules, ask, today, calendar = situation
    result = propose(balance, rules, ask, today, calendar)
    if isinstance(result, PlanRefused):
        return
    assert 1 <= len(result.schedules) <= 3
    seen = set()
    for schedule in result.schedules:
        assert allowed(schedule, balance, rules, today, calendar) is None
        assert schedule.total == balance
        amounts = [each.amount.minor for each in schedule.instalments]
        assert min(amounts[:-1]) >= rules.smallest_minor
        assert amounts[-1] >= rules.smallest_last_minor > 0
        assert len(set(amounts[:-1])) == 1
        assert rules.fewest <= len(amounts) <= rules.most
        earliest, latest = first_window(today, rules)
        due = [each.due for each in schedule.instalments]
        assert today <= earliest <= due[0] <= latest
        assert due == sorted(due)
        assert rules.roll is Roll.NONE or all(map(calendar.is_business, due))
        assert [each.number for each in schedule.instalments] == list(range(1, len(amounts) + 1))
        seen.add((schedule.frequency, tuple(amounts)))
    assert len(seen) == len(result.schedules)


@given(situations())
@settings(max_examples=many(120), deadline=None)
def test_what_differs_is_said_and_nothing_else(
    situation: tuple[Money, PlanRules, Asked, date, Calendar],
) -> None:
    balance, rules, ask, today, calendar = situation
    result = propose(balance, rules, ask, today, calendar)
    for schedule in result.schedules if isinstance(result, Offered) else ():
        first = schedule.instalments[0]
        given_ = {
            Field.AMOUNT: (ask.amount, first.amount),
            Field.FREQUENCY: (ask.frequency, schedule.frequency),
            Field.COUNT: (ask.count, len(schedule.instalments)),
            Field.FIRST_DATE: (ask.first_date, first.due),
        }
        differs = {name for name, (said, got) in given_.items() if said is not None and said != got}
        assert [each.field for each in schedule.differs] == [f for f in _ORDER if f in differs]


_ORDER = (Field.FREQUENCY, Field.AMOUNT, Field.COUNT, Field.FIRST_DATE)


@given(situations())
@settings(max_examples=many(120), deadline=None)
def test_asking_for_an_offer_gives_it(
    situation: tuple[Money, PlanRules, Asked, date, Calendar],
) -> None:
    """What is offered would be agreed to when it is asked for, to the penny and the day."""
    balance, rules, ask, today, calendar = situation
    result = propose(balance, rules, ask, today, calendar)
    for schedule in result.schedules if isinstance(result, Offered) else ():
        exact = Asked(
            schedule.instalments[0].amount,
            schedule.frequency,
            len(schedule.instalments),
            schedule.anchor,
        )
        again = propose(balance, rules, exact, today, calendar)
        assert isinstance(again, Offered)
        assert [each.instalments for each in again.schedules] == [schedule.instalments]
        assert {each.field for each in again.schedules[0].differs} <= {Field.FIRST_DATE}


@given(situations())
@settings(max_examples=many(120), deadline=None)
def test_nothing_nearer_was_possible(
    situation: tuple[Money, PlanRules, Asked, date, Calendar],
) -> None:
    """By trying every count, every first day and every equal amount that the rules allow."""
    balance, rules, ask, today, calendar = situation
    result = propose(balance, rules, ask, today, calendar)
    if not isinstance(result, Offered):
        return
    first = result.schedules[0]
    counts = [n for n in range(rules.fewest, rules.most + 1) if fits(balance.minor, n, rules)]
    offered = ask.frequency is None or ask.frequency in rules.frequencies
    if offered and ask.count is not None and ask.amount is None:
        nearest = min(counts, key=lambda count: abs(count - ask.count))  # type: ignore[operator]
        assert len(first.instalments) == nearest
    if offered and ask.amount is not None:
        away = abs(first.instalments[0].amount.minor - ask.amount.minor)
        equal = [max(balance.minor // count, rules.smallest_minor) for count in counts]
        assert away <= min(abs(amount - ask.amount.minor) for amount in equal)
    if ask.first_date is not None:
        earliest, latest = first_window(today, rules)
        window = [earliest + timedelta(days=n) for n in range((latest - earliest).days + 1)]
        due = first.instalments[0].due
        if ask.first_date in window and rules.roll is not Roll.NONE:
            rolled = calendar.roll(ask.first_date, rules.roll)
            assert due == rolled or rolled not in window
        elif ask.first_date not in window:
            edge = earliest if ask.first_date < earliest else latest
            business = [day for day in window if calendar.is_business(day)]
            nearest_day = min(business or [edge], key=lambda day: abs(day - edge))
            assert due in (edge, nearest_day, calendar.roll(edge, rules.roll))


def fits(total: int, count: int, rules: PlanRules) -> bool:
    equal = max(total // count, rules.smallest_minor)
    return total - equal * (count - 1) >= rules.smallest_last_minor


@given(situations())
@settings(max_examples=many(120), deadline=None)
def test_refused_only_where_no_plan_exists(
    situation: tuple[Money, PlanRules, Asked, date, Calendar],
) -> None:
    balance, rules, ask, today, calendar = situation
    result = propose(balance, rules, ask, today, calendar)
    if isinstance(result, Offered):
        return
    if result.rule is Rule.BALANCE_TOO_SMALL:
        assert not any(fits(balance.minor, n, rules) for n in range(rules.fewest, rules.most + 1))
    elif result.rule is Rule.NO_FIRST_DATE:
        earliest, latest = first_window(today, rules)
        window = [earliest + timedelta(days=n) for n in range((latest - earliest).days + 1)]
        assert not any(map(calendar.is_business, window))
    elif result.rule is Rule.NOT_POSITIVE:
        assert (ask.count or 1) <= 0 or (ask.amount or GBP).minor <= 0 or ask.count == 0
    else:
        assert result.rule is Rule.NOTHING_DUE
        assert balance.minor <= 0


SCHEDULE = propose(
    GBP,
    PlanRules(),
    Asked(count=4, frequency=Frequency.MONTHLY),
    TODAY,
    CALENDARS[0],
)
assert isinstance(SCHEDULE, Offered)
GOOD = SCHEDULE.schedules[0]  # 4 x 120.00 from 30 November


def changed(place: int, /, **values: Any) -> Schedule:
    rows = [
        structs.replace(each, **values) if each.number == place else each
        for each in GOOD.instalments
    ]
    return structs.replace(GOOD, instalments=tuple(rows))


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        (GOOD, None),
        (changed(2, amount=Money(12_001, "GBP")), Rule.DOES_NOT_ADD_UP),
        (changed(2, amount=Money(12_000, "USD")), Rule.CURRENCY),
        (changed(3, due=date(2027, 1, 31)), Rule.DATES),
        (changed(3, number=2), Rule.DATES),
        (structs.replace(GOOD, anchor=date(2026, 12, 1)), Rule.DATES),
        (structs.replace(GOOD, instalments=GOOD.instalments[:1]), Rule.TOO_FEW),
        (structs.replace(GOOD, instalments=()), Rule.TOO_FEW),
        (structs.replace(GOOD, instalments=GOOD.instalments * 4), Rule.TOO_MANY),
    ],
)
def test_a_schedule_is_checked(schedule: Schedule, rule: Rule | None) -> None:
    assert allowed(schedule, GBP, PlanRules(), TODAY, CALENDARS[0]) is rule


@pytest.mark.parametrize(
    ("minors", "rule"),
    [
        ((12_000, 12_000, 12_000, 12_000), None),
        ((15_000, 15_000, 15_000, 3000), None),
        ((15_980, 15_980, 15_980, 60), Rule.TOO_SMALL),
        ((400, 400, 400, 46_800), Rule.TOO_SMALL),
        ((16_000, 16_000, 16_000, 0), Rule.TOO_SMALL),
        ((17_000, 17_000, 17_000, -3000), Rule.TOO_SMALL),
        ((12_000, 11_000, 13_000, 12_000), Rule.UNEQUAL),
        ((11_975, 11_975, 11_975, 12_075), Rule.UNEQUAL),  # 1.00 more could stand alone
        ((10_000, 10_000, 10_000, 18_000), Rule.UNEQUAL),  # the last is no rest
    ],
)
def test_amounts_are_checked(minors: tuple[int, ...], rule: Rule | None) -> None:
    rows = zip(GOOD.instalments, minors, strict=True)
    instalments = tuple(structs.replace(row, amount=Money(minor, "GBP")) for row, minor in rows)
    schedule = structs.replace(GOOD, instalments=instalments)
    assert allowed(schedule, GBP, PlanRules(), TODAY, CALENDARS[0]) is rule


@pytest.mark.parametrize(
    ("today", "rule"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), Rule.TOO_EARLY),  # the first date has passed
        (date(2026, 10, 30), Rule.TOO_LATE),  # 31 days ahead
        (date(2026, 10, 31), None),
    ],
)
def test_an_offer_ages(today: date, rule: Rule | None) -> None:
    assert allowed(GOOD, GBP, PlanRules(), today, CALENDARS[0]) is rule


def test_a_frequency_that_is_not_offered() -> None:
    rules = PlanRules(frequencies=(Frequency.WEEKLY,))
    assert allowed(GOOD, GBP, rules, TODAY, CALENDARS[0]) is Rule.FREQUENCY


@pytest.mark.parametrize(
    "bounds",
    [
        {"frequencies": ()},
        {"usual_counts": ()},
        {"smallest_minor": 0},
        {"smallest_last_minor": 0},
        {"smallest_last_minor": 501},
        {"fewest": 1},
        {"fewest": 13},
        {"most": 37},
        {"most_assessed": 11},
        {"most_assessed": 37},
        {"first_earliest_days": -1},
        {"first_earliest_days": 8},
        {"first_usual_days": 31},
        {"grace_days": -1},
        {"cure_days": -1},
        {"reschedules": -1},
        {"misses": 0},
    ],
)
def test_bounds_that_contradict_each_other(bounds: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        PlanRules(**bounds)
