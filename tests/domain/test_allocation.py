"""A payment over several debts or instalments: by the client's order, exact to the minor unit."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.ledger import Allocation, Debt, Order, Part, allocate
from domain.values import Invalid, Money

CURRENCIES = ["GBP", "JPY", "KWD"]
DEBTS = {
    # id: owed, since, of which overdue
    "card": (9000, date(2026, 3, 1), 1500),
    "loan": (4000, date(2026, 1, 1), 2000),
    "shop": (2500, date(2026, 2, 1), 0),
}
ALLOCATIONS = [
    # paid, the client's order -> where it goes, what is over
    (1000, "oldest_first", {"loan": 1000}, 0),
    (4000, "oldest_first", {"loan": 4000}, 0),
    (4001, "oldest_first", {"loan": 4000, "shop": 1}, 0),
    (7000, "oldest_first", {"loan": 4000, "shop": 2500, "card": 500}, 0),
    (15_500, "oldest_first", {"loan": 4000, "shop": 2500, "card": 9000}, 0),
    (16_000, "oldest_first", {"loan": 4000, "shop": 2500, "card": 9000}, 500),
    (1000, "smallest_first", {"shop": 1000}, 0),
    (7000, "smallest_first", {"shop": 2500, "loan": 4000, "card": 500}, 0),
    (16_000, "smallest_first", {"shop": 2500, "loan": 4000, "card": 9000}, 500),
    # the loan's arrears of 20.00 are older than the card's of 15.00
    (1000, "arrears_first", {"loan": 1000}, 0),
    (3000, "arrears_first", {"loan": 2000, "card": 1000}, 0),
    (3500, "arrears_first", {"loan": 2000, "card": 1500}, 0),
    # 35.00 of arrears, then the loan's other 20.00, then the shop
    (6000, "arrears_first", {"loan": 4000, "card": 1500, "shop": 500}, 0),
    (9000, "arrears_first", {"loan": 4000, "card": 2500, "shop": 2500}, 0),
    (16_000, "arrears_first", {"loan": 4000, "card": 9000, "shop": 2500}, 500),
    (1000, "as_named", {"card": 1000}, 0),
    (9500, "as_named", {"card": 9000, "loan": 500}, 0),
    (16_000, "as_named", {"card": 9000, "loan": 4000, "shop": 2500}, 500),
    (0, "oldest_first", {}, 0),
    (1, "arrears_first", {"loan": 1}, 0),
]


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize(("paid", "order", "expected", "over"), ALLOCATIONS)
def test_a_payment_is_spread_by_the_clients_order(
    currency: str, paid: int, order: str, expected: dict[str, int], over: int
) -> None:
    debts = [Debt(name, Money(d[0], currency), d[1], d[2]) for name, d in DEBTS.items()]
    found = allocate(Money(paid, currency), debts, Order(order))
    assert {part.debt: part.amount.minor for part in found.parts} == expected
    assert found.credit == Money(over, currency)


def test_a_plans_instalments_are_paid_oldest_first() -> None:
    """Three of 33.33, 33.33 and 33.34 from 31 January; 70.00 pay two and 3.34 of the third."""
    due = [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]
    amounts = [3333, 3333, 3334]
    debts = [
        Debt(str(number), Money(minor, "USD"), day)
        for number, (minor, day) in enumerate(zip(amounts, due, strict=True), 1)
    ]
    found = allocate(Money(7000, "USD"), debts[::-1], Order.OLDEST_FIRST)
    parts = [
        Part(name, Money(minor, "USD")) for name, minor in (("1", 3333), ("2", 3333), ("3", 334))
    ]
    assert found == Allocation(tuple(parts), Money(0, "USD"))


def test_another_currencys_debt_gets_nothing() -> None:
    debts = [
        Debt("a", Money(5000, "EUR"), date(2026, 1, 1)),
        Debt("b", Money(100, "USD"), date.max),
    ]
    found = allocate(Money(300, "USD"), debts, Order.OLDEST_FIRST)
    assert found == Allocation((Part("b", Money(100, "USD")),), Money(200, "USD"))


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(Invalid):
        allocate(Money(-1, "USD"), [], Order.OLDEST_FIRST)


ANY_DEBTS = st.lists(
    st.builds(
        Debt, st.sampled_from("abcdef"),
        st.builds(Money, st.integers(-5, 20), st.sampled_from(["USD", "USD", "USD", "JPY"])),
        st.integers(1, 4).map(lambda day: date(2026, 1, day)), st.integers(-3, 25),
    ),
    max_size=5, unique_by=lambda debt: debt.id,
)  # fmt: skip


@given(st.integers(0, 60), ANY_DEBTS, st.sampled_from(Order), st.randoms(use_true_random=False))
def test_an_allocation_is_exact(
    minor: int, debts: list[Debt], order: Order, chance: Random
) -> None:
    found = allocate(Money(minor, "USD"), debts, order)
    owed = {d.id: max(0, d.owed.minor) for d in debts if d.owed.currency == "USD"}
    given_ = {part.debt: part.amount.minor for part in found.parts}
    assert len(given_) == len(found.parts)
    assert all(0 < share <= owed[name] for name, share in given_.items())
    assert sum(given_.values()) + found.credit.minor == minor
    assert found.credit.minor == max(0, minor - sum(owed.values()))
    if order is not Order.AS_NAMED:
        shuffled = list(debts)
        chance.shuffle(shuffled)
        assert allocate(Money(minor, "USD"), shuffled, order) == found


@given(st.lists(st.integers(0, 20), max_size=4), ANY_DEBTS, st.sampled_from(Order))
def test_many_payments_go_where_their_sum_would(
    payments: list[int], debts: list[Debt], order: Order
) -> None:
    left, credit = list(debts), 0
    for minor in payments:
        found = allocate(Money(minor, "USD"), left, order)
        shares = {part.debt: part.amount.minor for part in found.parts}
        credit += found.credit.minor
        left = [paid_down(debt, shares.get(debt.id, 0)) for debt in left]
    whole = allocate(Money(sum(payments), "USD"), debts, order)
    shares = {part.debt: part.amount.minor for part in whole.parts}
    assert credit == whole.credit.minor
    assert [d.owed for d in left] == [paid_down(d, shares.get(d.id, 0)).owed for d in debts]


def paid_down(debt: Debt, minor: int) -> Debt:
    """What a debt is once it has got so much; its arrears are paid first."""
    owed = Money(debt.owed.minor - minor, debt.owed.currency)
    arrears = max(0, min(debt.arrears, debt.owed.minor))
    return structs.replace(debt, owed=owed, arrears=max(0, arrears - minor))
