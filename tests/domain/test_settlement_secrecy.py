"""What nobody may find out about the floor, and what every answer keeps to."""

import pickle
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.business_days import Calendar, Roll
from domain.settlement import (
    Accepted,
    Asked,
    Cell,
    Debt,
    Floor,
    History,
    Offered,
    Refused,
    Said,
    SettlementRules,
    Way,
    judge,
    offer,
)
from domain.values import Money

US = Calendar("US")
TODAY = date(2026, 11, 23)
FRESH = History()


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_a_floor_shows_itself_nowhere() -> None:
    rules = SettlementRules(grid=(Cell(11, floor=Floor(87)),))
    for shown in (rules, rules.grid, rules.grid[0], rules.grid[0].floor, structs.asdict(rules)):
        assert "87" not in f"{shown!r} {shown!s}"
    for encode in (msgspec.json.encode, msgspec.msgpack.encode, msgspec.to_builtins):
        with pytest.raises(TypeError) as caught:
            encode(rules)
        assert "87" not in str(caught.value)
    assert not hasattr(Floor(87), "percent")
    assert not hasattr(Floor(87), "__dict__")
    assert pickle.loads(pickle.dumps(rules)) == rules  # between our own processes it may travel
    assert Floor(87) != Floor(86)
    assert len({Floor(87), Floor(87), Floor(86)}) == 2


BALANCES = st.integers(1, 10**9)
PERCENTS = st.integers(1, 99)


def under(discount: int, percent: int, step: int, most: int) -> SettlementRules:
    cell = Cell(discount, floor=Floor(percent))
    return SettlementRules(grid=(cell,), ways=(Way(3, 5),), step_percent=step, offers=most)


@given(
    discount=PERCENTS,
    step=st.integers(1, 20),
    most=st.integers(0, 60),
    balances=st.lists(BALANCES, min_size=1, max_size=3),
    data=st.data(),
)
def test_no_sequence_of_offers_finds_the_floor(
    discount: int, step: int, most: int, balances: list[int], data: st.DataObject
) -> None:
    """Every class of floors with the same answers is a step wide, or holds the open offer's."""
    share = st.one_of(
        st.integers(0, 10_000),
        st.integers(0, 100).map(lambda percent: percent * 100),
        st.integers(1, 100).map(lambda percent: percent * 100 - 1),
    )
    turns = st.tuples(st.sampled_from(balances), share, st.sampled_from((1, 1, 1, 3)))
    asked = [
        (usd(balance), Asked(usd(max(1, -(-balance * part // 10_000))), count))
        for balance, part, count in data.draw(st.lists(turns, max_size=12))
    ]
    heard: dict[bytes, list[int]] = defaultdict(list)
    for percent in range(1, 101 - discount):
        rules, history, answers = under(discount, percent, step, most), FRESH, []
        for balance, each in asked:
            answers.append(judge(each, Debt(balance), rules, history, TODAY, US))
            said = Said(each.amount, balance, each.count)
            history = structs.replace(history, said=(*history.said, said))
        heard[msgspec.json.encode(answers)].append(percent)
    for candidates in heard.values():
        assert len(candidates) >= min(step, 100 - discount)


Prober = Callable[[bool | None], int | None]


def climber(first: int, step: int) -> Prober:
    """Offers ever more by `step` until one is accepted."""
    made = [first - step]

    def next_offer(accepted: bool | None) -> int | None:
        made.append(made[-1] + step)
        return None if accepted or not 0 < made[-1] < 700_00 else made[-1]

    return next_offer


def bisecter() -> Prober:
    """Halves what is left, whatever it was told."""
    span = [0, 700_00]

    def next_offer(accepted: bool | None) -> int | None:
        middle = sum(span) // 2
        if accepted is not None:
            span[accepted] = middle
            middle = sum(span) // 2
        return middle if span[1] - span[0] > 1 else None

    return next_offer


PROBERS: dict[str, Callable[[], Prober]] = {
    "up by 0.01 from under 50 %": lambda: climber(499_90, 1),
    "up by 1 %": lambda: climber(10_00, 10_00),
    "up by the step": lambda: climber(49_99, 50_00),
    "up by the step from 4 %": lambda: climber(40_00, 50_00),
    "down by 1 %": lambda: climber(690_00, -10_00),
    "halving": bisecter,
}


@pytest.mark.parametrize("prober", PROBERS.values(), ids=PROBERS)
def test_no_prober_learns_the_floor(prober: Callable[[], Prober]) -> None:
    """Whatever a prober heard, five floors at least would have said the same."""
    for percent in range(1, 71, 3):
        next_offer, accepted, offers = prober(), None, []
        while (minor := next_offer(accepted)) is not None and len(offers) < 20:
            accepted = answers(percent, [*offers, minor])[-1]
            offers.append(minor)
        heard = answers(percent, offers)
        alike = [other for other in range(1, 71) if answers(other, offers) == heard]
        assert percent in alike
        assert len(alike) >= 5


def answers(percent: int, offers: list[int]) -> list[bool]:
    """Whether each of the offers on 1000.00 is accepted, each judged after those before it."""
    rules, said, heard = under(30, percent, 5, 1000), FRESH, []
    for minor in offers:
        result = judge(Asked(usd(minor)), Debt(usd(1000_00)), rules, said, TODAY, US)
        heard.append(isinstance(result, Accepted))
        said = History(said=(*said.said, Said(usd(minor), usd(1000_00))))
    return heard


@given(
    BALANCES, PERCENTS, PERCENTS, st.integers(1, 20), st.integers(1, 10**9), st.integers(0, 12),
    st.integers(0, 40), st.sampled_from(Roll), st.integers(0, 700),
)  # fmt: skip
def test_answers_keep_the_rules(
    balance: int, discount: int, percent: int, step: int, minor: int, count: int, days: int,
    roll: Roll, later: int,
) -> None:  # fmt: skip
    percent = min(percent, 100 - discount)
    rules = structs.replace(under(discount, percent, step, 3), roll=roll)
    today = on(later)
    asked = Asked(usd(minor), count, today + timedelta(days=days))
    result = judge(asked, Debt(usd(balance)), rules, FRESH, today, US)
    if isinstance(result, Refused):
        assert count == 0 or balance * discount < 100
        return
    terms = result.terms if isinstance(result, Accepted) else result.nearest
    assert 0 < terms.amount.minor < balance
    assert 100 * terms.amount.minor >= balance * percent
    assert sum(part.amount.minor for part in terms.instalments) == terms.amount.minor
    assert all(part.amount.minor > 0 for part in terms.instalments)
    due = [part.due for part in terms.instalments]
    assert due == sorted(due)
    assert due[0] >= today
    again = Asked(terms.amount, len(terms.instalments), terms.anchor)
    for history in (FRESH, History(said=(Said(asked.amount, usd(balance), count),))):
        assert judge(again, Debt(usd(balance)), rules, history, today, US) == Accepted(terms)


@given(BALANCES, PERCENTS, PERCENTS, st.integers(1, 10**9), st.integers(1, 10**9))
def test_more_is_never_worse(
    balance: int, discount: int, percent: int, one: int, other: int
) -> None:
    rules = under(discount, min(percent, 100 - discount), 5, 3)
    low, high = (
        judge(Asked(usd(minor)), Debt(usd(balance)), rules, FRESH, TODAY, US)
        for minor in sorted((one, other))
    )
    if isinstance(low, Accepted):
        assert isinstance(high, Accepted)


@given(BALANCES, PERCENTS, st.integers(1, 99))
def test_whatever_is_offered_is_accepted(balance: int, discount: int, percent: int) -> None:
    rules = under(discount, min(percent, 100 - discount), 5, 0)
    found = offer(Debt(usd(balance)), rules, FRESH, TODAY, US)
    for terms in found.terms if isinstance(found, Offered) else ():
        asked = Asked(terms.amount, len(terms.instalments), terms.anchor)
        assert judge(asked, Debt(usd(balance)), rules, FRESH, TODAY, US) == Accepted(terms)
