"""What a settlement may come to, by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from domain.business_days import Calendar, Roll
from domain.settlement import (
    Accepted,
    Asked,
    Cell,
    Countered,
    Debt,
    Floor,
    History,
    Offered,
    Refused,
    Rule,
    Said,
    SettlementRules,
    Way,
    judge,
    offer,
    revive_offer,
)
from domain.values import Invalid, Money

US = Calendar("US")
TODAY = date(2026, 11, 23)  # a Monday
EXPIRES = date(2026, 12, 7)  # + 14 days
FRESH = History()
GRID = (
    Cell(0, segment="legal"),
    Cell(20, to_days=179, floor=Floor(60)),
    Cell(30, from_days=180, to_days=364, floor=Floor(50)),
    Cell(40, from_days=365),
)
RULES = SettlementRules(grid=GRID, ways=(Way(3, 10), Way(6, 20)))


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def aged(balance: Money, days: int, segment: str | None = None) -> Debt:
    return Debt(balance, TODAY - timedelta(days=days), segment)


DEBT = aged(usd(480_00), 200)  # open 336.00, floor 240.00, step 24.00


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


OPEN = [
    # 480.00 - 30 % (144.00); in 3 + 10 % (48.00); in 6 + 20 % (96.00)
    (DEBT, (336_00, 384_00, 432_00)),
    # 100.01 - 20.00 (20 % = 20.002 down); + 10.01 (10.001 up); + 20.01 is more than all of it
    (aged(usd(100_01), 0), (80_01, 90_02)),
    # the ends of the cells: 179 days 20 %, 180 and 364 days 30 %, 365 days 40 %
    (aged(usd(100_00), 179), (80_00, 90_00)),
    (aged(usd(100_00), 180), (70_00, 80_00, 90_00)),
    (aged(usd(100_00), 364), (70_00, 80_00, 90_00)),
    (aged(usd(100_00), 365), (60_00, 70_00, 80_00)),
    (aged(usd(100_00), 9999), (60_00, 70_00, 80_00)),
    # no decimals: 50000 - 40 % = 30000; + 5000; + 10000
    (aged(Money(50_000, "JPY"), 400), (30_000, 35_000, 40_000)),
    # three decimals: 12.345 - 4.938 = 7.407; + 1.235 (1.2345 up) = 8.642; + 2.469 = 9.876
    (aged(Money(12_345, "KWD"), 365), (7_407, 8_642, 9_876)),
    # 10.00 - 3.00 = 7.00; in 3: 8.00 / 3 = 2.66 is below the smallest instalment, 5.00
    (aged(usd(10_00), 200), (7_00,)),
    # 0.04: 30 % = 0.012 down to 0.01; 0.03
    (aged(usd(4), 200), (3,)),
    # the host's 40 % of 480.00, below the floor of 50 %, is left aside; 50 % and 90 % are honoured
    (structs.replace(DEBT, hosted=usd(192_00)), (336_00, 384_00, 432_00)),
    (structs.replace(DEBT, hosted=usd(239_99)), (336_00, 384_00, 432_00)),
    (structs.replace(DEBT, hosted=usd(240_00)), (240_00, 288_00, 336_00)),
    (structs.replace(DEBT, hosted=usd(432_00)), (432_00,)),
    # without a floor the grid is the bound: 60.00
    (structs.replace(aged(usd(100_00), 400), hosted=usd(59_99)), (60_00, 70_00, 80_00)),
    (structs.replace(aged(usd(100_00), 400), hosted=usd(65_00)), (65_00, 75_00, 85_00)),
]


@pytest.mark.parametrize(("debt", "expected"), OPEN)
def test_the_open_offer(debt: Debt, expected: tuple[int, ...]) -> None:
    found = offer(debt, RULES, FRESH, TODAY, US)
    assert isinstance(found, Offered)
    assert tuple(terms.amount.minor for terms in found.terms) == expected
    for terms in found.terms:
        assert sum(part.amount.minor for part in terms.instalments) == terms.amount.minor
        assert terms.discount.minor == debt.balance.minor - terms.amount.minor > 0
        assert terms.expires == EXPIRES


NONE = [
    (aged(usd(480_00), 200, "legal"), FRESH, Rule.NO_OFFER),
    (aged(usd(0), 200), FRESH, Rule.NOTHING_DUE),
    (aged(usd(-5), 200), FRESH, Rule.NOTHING_DUE),
    (aged(usd(1), 200), FRESH, Rule.NO_OFFER),  # 30 % of 0.01 is nothing
    (Debt(usd(480_00)), FRESH, Rule.AGE_UNKNOWN),
    (aged(usd(480_00), -1), FRESH, Rule.AGE_UNKNOWN),
    (structs.replace(DEBT, hosted=Money(300_00, "GBP")), FRESH, Rule.CURRENCY),
    (structs.replace(DEBT, hosted=usd(480_00)), FRESH, Rule.NO_OFFER),
    (DEBT, History(agreed=True), Rule.AGREED),
    (DEBT, History(lapsed=True), Rule.LAPSED),
    (DEBT, History(expires=on(-1)), Rule.LAPSED),
    (DEBT, History(expires=on(-90)), Rule.LAPSED),
]


@pytest.mark.parametrize(("debt", "history", "rule"), NONE)
def test_no_offer(debt: Debt, history: History, rule: Rule) -> None:
    assert offer(debt, RULES, history, TODAY, US) == Refused(rule)
    assert judge(Asked(debt.balance), debt, RULES, history, TODAY, US) == Refused(rule)


def test_a_cell_for_all_ages_needs_no_age_and_small_balances_get_none() -> None:
    rules = SettlementRules(grid=(Cell(25),), smallest_balance_minor=50_00)
    found = offer(Debt(usd(50_00)), rules, FRESH, TODAY, US)
    assert isinstance(found, Offered)
    assert found.terms[0].amount == usd(37_50)  # 50.00 - 25 %: 12.50
    assert offer(Debt(usd(49_99)), rules, FRESH, TODAY, US) == Refused(Rule.BALANCE_TOO_SMALL)
    assert offer(Debt(usd(50_00)), SettlementRules(), FRESH, TODAY, US) == Refused(Rule.NO_OFFER)


def test_dates_of_a_settlement_in_instalments() -> None:
    found = offer(DEBT, RULES, FRESH, TODAY, US)
    assert isinstance(found, Offered)
    one, three, six = ([part.due for part in terms.instalments] for terms in found.terms)
    assert one == [EXPIRES]
    # 7 February 2027 and 7 March 2027 are Sundays
    assert three == [date(2026, 12, 7), date(2027, 1, 7), date(2027, 2, 8)]
    assert six == [*three, date(2027, 3, 8), date(2027, 4, 7), date(2027, 5, 7)]
    assert {part.amount for part in found.terms[1].instalments} == {usd(128_00)}  # 384.00 / 3


def test_the_last_instalment_takes_the_rest() -> None:
    found = offer(aged(usd(100_00), 365), RULES, FRESH, TODAY, US)
    assert isinstance(found, Offered)
    # 70.00 / 3 = 23.33, 23.33, 23.34
    amounts = [part.amount.minor for part in found.terms[1].instalments]
    assert amounts == [23_33, 23_33, 23_34]


JUDGED = [
    # amount, count, first day, accepted amount | (countered amount, its count, rule)
    (336_00, 1, None, 336_00),  # the open offer
    (400_00, 1, None, 336_00),  # nobody pays more than the open offer
    (999_00, 1, None, 336_00),
    (335_99, 1, None, 335_99),  # taken as 312.00 (open - 24.00), over the floor of 240.00
    (240_00, 1, None, 240_00),  # 50 % of 480.00, to the penny
    (239_99, 1, None, (336_00, 1, Rule.TOO_SMALL)),
    (1, 1, None, (336_00, 1, Rule.TOO_SMALL)),
    (240_00, 1, on(0), 240_00),
    (240_00, 1, on(14), 240_00),
    (240_00, 1, on(15), (240_00, 1, Rule.TOO_LATE)),
    (100_00, 1, on(15), (336_00, 1, Rule.TOO_SMALL)),
    (384_00, 3, None, 384_00),
    (383_99, 3, None, (384_00, 3, Rule.TOO_SMALL)),  # in instalments the floor is not asked
    (336_00, 3, on(3), (384_00, 3, Rule.TOO_SMALL)),
    (450_00, 6, None, 432_00),
    (400_00, 4, None, (384_00, 3, Rule.COUNT)),
    (400_00, 2, None, (336_00, 1, Rule.COUNT)),
    (432_00, 99, None, (432_00, 6, Rule.COUNT)),
    (384_00, 3, on(30), (384_00, 3, Rule.TOO_LATE)),
]


@pytest.mark.parametrize(("minor", "count", "first", "expected"), JUDGED)
def test_a_customers_offer(minor: int, count: int, first: date | None, expected: Any) -> None:
    result = judge(Asked(usd(minor), count, first), DEBT, RULES, FRESH, TODAY, US)
    if isinstance(expected, int):
        assert isinstance(result, Accepted)
        terms = result.terms
        assert (terms.amount.minor, len(terms.instalments)) == (expected, count)
        assert terms.instalments[0].due == (first or EXPIRES)
    else:
        assert isinstance(result, Countered)
        terms = result.nearest
        assert (terms.amount.minor, len(terms.instalments), result.rule) == expected


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (Asked(usd(0)), Rule.NOT_POSITIVE),
        (Asked(usd(-1)), Rule.NOT_POSITIVE),
        (Asked(usd(300_00), 0), Rule.NOT_POSITIVE),
        (Asked(Money(300_00, "GBP")), Rule.CURRENCY),
        (Asked(usd(300_00), 1, on(-1)), Rule.PAST),
    ],
)
def test_offers_that_are_none(asked: Asked, rule: Rule) -> None:
    assert judge(asked, DEBT, RULES, FRESH, TODAY, US) == Refused(rule)


def told(*minors: int) -> History:
    return History(said=tuple(Said(usd(minor), DEBT.balance) for minor in minors))


HAGGLED = [
    # earlier offers, this one, accepted amount | rule; the step is 5 % of 480.00: 24.00
    ((230_00,), 254_00, 254_00),
    ((230_00,), 253_99, Rule.TOO_SMALL),  # 23.99 more: over the floor, but not asked
    ((230_00,), 240_00, Rule.TOO_SMALL),
    ((250_00,), 240_00, Rule.TOO_SMALL),  # who comes down is not asked again
    ((100_00, 230_00), 254_00, 254_00),
    ((100_00, 230_00, 235_00), 300_00, Rule.OFFERS),
    ((100_00, 230_00, 235_00), 336_00, 336_00),  # the open offer stands
    ((100_00, 230_00, 230_00), 254_00, 254_00),  # the same again is one offer
    ((240_00,), 240_00, 240_00),  # and gets the same answer
    ((100_00, 240_00, 300_00, 400_00), 240_00, 240_00),
    ((300_00,), 335_99, Rule.TOO_SMALL),  # taken as 312.00: 12.00 more
    ((288_00,), 335_99, 335_99),  # 24.00 more
]


@pytest.mark.parametrize(("earlier", "minor", "expected"), HAGGLED)
def test_haggling(earlier: tuple[int, ...], minor: int, expected: int | Rule) -> None:
    result = judge(Asked(usd(minor)), DEBT, RULES, told(*earlier), TODAY, US)
    match result:
        case Accepted(terms):
            assert terms.amount.minor == expected
        case Countered(nearest, rule):
            assert (nearest.amount, rule) == (usd(336_00), expected)
        case Refused(rule):
            assert rule is expected


def test_the_band_under_the_open_offer_is_one() -> None:
    # 66 % is 316.80, above 336.00 - 24.00: whatever is below 336.00 gets the open offer
    rules = SettlementRules(grid=(Cell(30, floor=Floor(66)),))
    result = judge(Asked(usd(335_99)), DEBT, rules, FRESH, TODAY, US)
    assert isinstance(result, Countered)
    # and the lowest step: 5 % is 24.00
    rules = SettlementRules(grid=(Cell(30, floor=Floor(1)),))
    assert isinstance(judge(Asked(usd(23_99)), DEBT, rules, FRESH, TODAY, US), Countered)
    assert isinstance(judge(Asked(usd(24_00)), DEBT, rules, FRESH, TODAY, US), Accepted)


def test_an_offer_on_a_part_of_the_balance_counts_in_percent() -> None:
    # 115.00 of 240.00 is 47.9 %; a step on is 52.9 % of 480.00: 254.00
    history = History(said=(Said(usd(115_00), usd(240_00)),))
    below = judge(Asked(usd(253_99)), DEBT, RULES, history, TODAY, US)
    assert isinstance(below, Countered)
    assert isinstance(judge(Asked(usd(254_00)), DEBT, RULES, history, TODAY, US), Accepted)


def test_what_was_shown_is_held_until_it_expires() -> None:
    # shown as 300.00, while the grid now says 336.00
    history = History(expires=on(2), held=usd(300_00))
    found = offer(DEBT, RULES, history, TODAY, US)
    assert isinstance(found, Offered)
    assert found.terms[0].amount == usd(300_00)
    assert found.terms[0].expires == on(2)
    # 200.00 were paid since: 280.00 - 30 % = 196.00 is less
    found = offer(aged(usd(280_00), 200), RULES, history, TODAY, US)
    assert isinstance(found, Offered)
    assert found.terms[0].amount == usd(196_00)
    # 91 days after the lapse a fresh offer may be made, at today's grid
    found = offer(DEBT, RULES, structs.replace(history, expires=on(-91)), TODAY, US)
    assert isinstance(found, Offered)
    assert (found.terms[0].amount, found.terms[0].expires) == (usd(336_00), EXPIRES)
    never = structs.replace(RULES, again_after_days=None)
    assert offer(DEBT, never, History(expires=on(-9999)), TODAY, US) == Refused(Rule.LAPSED)


def test_a_lapsed_offer_is_revived_once_and_in_time() -> None:
    lapsed = History(expires=on(-14), held=usd(300_00))
    revived = revive_offer(lapsed, RULES, TODAY)
    assert revived == History(expires=on(7), held=usd(300_00), revivals=1)
    assert isinstance(revived, History)
    found = offer(DEBT, RULES, revived, TODAY, US)
    assert isinstance(found, Offered)
    assert found.terms[0].amount == usd(300_00)
    assert revive_offer(revived, RULES, TODAY) == Refused(Rule.NOT_LAPSED)
    assert revive_offer(revived, RULES, on(8)) == Refused(Rule.REVIVALS)
    assert revive_offer(lapsed, RULES, on(1)) == Refused(Rule.TOO_LATE)
    assert revive_offer(FRESH, RULES, TODAY) == Refused(Rule.NOT_LAPSED)
    assert revive_offer(History(expires=TODAY), RULES, TODAY) == Refused(Rule.NOT_LAPSED)


@pytest.mark.parametrize("rolled", Roll)
def test_nothing_falls_due_in_the_past(rolled: Roll) -> None:
    saturday = date(2026, 12, 26)
    rules = structs.replace(RULES, roll=rolled, validity_days=0)
    found = offer(Debt(usd(480_00), on(-200)), rules, FRESH, saturday, US)
    assert isinstance(found, Offered)
    for terms in found.terms:
        assert min(part.due for part in terms.instalments) >= saturday
        again = Asked(terms.amount, len(terms.instalments), terms.anchor)
        debt = Debt(usd(480_00), on(-200))
        assert judge(again, debt, rules, FRESH, saturday, US) == Accepted(terms)


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"grid": (Cell(100),)}, "grid[0]: discount_percent"),
    ({"grid": (Cell(-1),)}, "grid[0]: discount_percent"),
    ({"grid": (Cell(30, from_days=-1),)}, "grid[0]: from_days"),
    ({"grid": (Cell(30, from_days=9, to_days=8),)}, "grid[0]: to_days"),
    ({"grid": (Cell(30, floor=Floor(71)),)}, "grid[0]: the floor lies above"),
    ({"grid": (Cell(30), Cell(40, segment="x"))}, "grid[1]: cells before it"),
    (
        {"grid": (Cell(1, to_days=9), Cell(2, from_days=10, to_days=20), Cell(3, to_days=20))},
        "grid[2]: cells before it",
    ),
    ({"ways": (Way(1),)}, "ways: count"),
    ({"ways": (Way(3), Way(3, 5))}, "ways: each count"),
    ({"ways": (Way(3, -5),)}, "ways: less_percent"),
    ({"step_percent": 0}, "step_percent"),
    ({"smallest_minor": 0}, "smallest_minor"),
    ({"validity_days": -1}, "nothing may be negative"),
]


@pytest.mark.parametrize(("settings", "finding"), CONTRADICTIONS)
def test_contradictions_are_findings(settings: dict[str, Any], finding: str) -> None:
    with pytest.raises(Invalid) as caught:
        SettlementRules(**settings)
    assert str(caught.value).startswith(finding)
    assert "71" not in str(caught.value)


def test_cells_beside_each_other_are_no_contradiction() -> None:
    assert SettlementRules(grid=(Cell(1, to_days=9), Cell(2, from_days=10), *()))
    assert SettlementRules(grid=(Cell(1, segment="a"), Cell(2, segment="b"), Cell(3)))
    assert SettlementRules(grid=(Cell(1, from_days=10), Cell(2)))


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_a_floor_is_a_share(percent: int) -> None:
    with pytest.raises(Invalid):
        Floor(percent)
