"""The payments ledger: cases worked out by hand, and any order of arrival."""

from collections.abc import Sequence
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from domain.ledger import (
    Doubt,
    Event,
    HostBalance,
    Kind,
    Ledger,
    Movement,
    fold,
    shown_balance,
)
from domain.promise import Credit, Promise, PromiseRules, Returned, State, promise_state
from domain.values import Invalid, Money

CURRENCIES = ["GBP", "JPY", "KWD"]
HOUR = 3_600_000_000


def heard(lines: str, currency: str = "GBP") -> list[Event]:
    """One event a line: the hour, what, the payment's reference, minor units, the account; of a
    balance the hour, `owes`, the account and minor units. The line is its id."""
    events: list[Event] = []
    for line in lines.splitlines():
        match line.split():
            case [hour, "owes", account, minor]:
                money = Money(int(minor), currency)
                events.append(HostBalance(line, int(hour) * HOUR, account, money))
            case [hour, kind, reference, minor, *account]:
                money = Money(int(minor), currency)
                named = account[0] if account else None
                events.append(Movement(line, Kind(kind), int(hour) * HOUR, reference, money, named))
    return events


PAYMENTS = [
    # events of payment r; its status, what is left of it, hour of clearing, doubts
    ("1 intent r 5000", "intent", 0, None, []),
    ("1 intent r 5000\n2 authorised r 5000", "authorised", 0, None, []),
    ("1 intent r 5000\n2 authorised r 5000\n3 declined r 5000", "declined", 0, None, []),
    ("1 intent r 5000\n2 declined r 5000\n3 authorised r 5000", "declined", 0, None, []),
    ("1 intent r 5000\n2 declined r 5000\n3 settled r 5000", "settled", 5000, 3, []),
    ("1 settled r 5000\n2 declined r 5000\n3 intent r 5000", "settled", 5000, 1, []),
    ("1 settled r 5000\n4 settled r 5000", "settled", 5000, 1, []),
    ("1 settled r 5000\n2 refunded r 1000", "settled", 4000, 1, []),
    ("1 settled r 5000\n2 refunded r 1000\n3 refunded r 1500", "settled", 2500, 1, []),
    ("1 settled r 5000\n2 refunded r 1000\n3 refunded r 4000", "refunded", 0, 1, []),
    ("1 settled r 5000\n2 reversed r 5000", "reversed", 0, 1, []),
    ("1 settled r 5000\n2 charged_back r 5000", "charged_back", 0, 1, []),
    # 10.00 refunded, then all charged back: 40.00 are left to go back, and 10.00 are too much
    ("1 settled r 5000\n2 refunded r 1000\n9 charged_back r 5000", "charged_back", 0, 1,
     ["returned_too_much"]),
    ("1 settled r 5000\n2 reversed r 5001", "reversed", 0, 1, ["returned_too_much"]),
    # it can't go back before it came in: clocks differ
    ("3 settled r 5000\n2 reversed r 5000", "reversed", 0, 3, []),
    ("2 reversed r 5000", "reversed", 0, None, ["returned_unpaid"]),
    ("1 intent r 5000\n2 refunded r 5000", "intent", 0, None, ["returned_unpaid"]),
    # by the host alone: a cheque, a transfer
    ("4 host_reported r 5000", "host_reported", 5000, 4, []),
    ("4 host_reported r 5000\n9 reversed r 5000", "reversed", 0, 4, []),
    ("4 host_reported r 5000\n5 host_reported r 4500", "host_reported", 4500, 4, []),
    # ours and the host's word of it are one payment, from when it was first known to be in
    ("3 settled r 5000\n4 host_reported r 5000", "settled", 5000, 3, []),
    ("4 settled r 5000\n3 host_reported r 5000", "settled", 5000, 3, []),
    ("1 intent r 5000\n4 host_reported r 5000", "host_reported", 5000, 4, []),
    # they differ: the lesser counts until a person has looked
    ("3 settled r 5000\n4 host_reported r 4500", "settled", 4500, 3, ["amount"]),
    ("3 settled r 5000\n4 host_reported r 5500", "settled", 5000, 3, ["amount"]),
    ("3 settled r 5000\n4 host_reported r 4500\n5 host_reported r 5000", "settled", 5000, 3, []),
    ("3 settled r 5000 a\n4 host_reported r 5000 b", "settled", 5000, 3, ["account"]),
]  # fmt: skip


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize(("lines", "status", "net", "cleared", "doubts"), PAYMENTS)
def test_what_is_known_of_a_payment(
    currency: str, lines: str, status: str, net: int, cleared: int | None, doubts: list[str]
) -> None:
    for events in (heard(lines, currency), heard(lines, currency)[::-1]):
        payment = fold(events).payments["r"]
        assert payment.status == status
        assert payment.net == Money(net, currency)
        assert payment.cleared_at == (None if cleared is None else cleared * HOUR)
        assert sorted(payment.doubts) == doubts


SHOWN = [
    # events; what the host says, paid and gone back since, what seems left, credit
    ("1 owes a 10000", (10_000, 0, 0, 10_000, 0)),
    ("1 owes a 10000\n2 settled r 3000 a", (10_000, 3000, 0, 7000, 0)),
    # the host had read its books after the payment: it is in the balance
    ("2 owes a 7000\n1 settled r 3000 a", (7000, 0, 0, 7000, 0)),
    ("2 owes a 7000\n2 settled r 3000 a", (7000, 0, 0, 7000, 0)),
    ("1 owes a 10000\n2 settled r 3000 a\n3 owes a 7000", (7000, 0, 0, 7000, 0)),
    # a stale balance that arrives late is no news
    ("3 owes a 7000\n1 owes a 10000\n2 settled r 3000 a", (7000, 0, 0, 7000, 0)),
    ("1 owes a 10000\n2 authorised r 3000 a", (10_000, 0, 0, 10_000, 0)),
    # more than is owed is kept as credit: 100.00 - 120.00
    ("1 owes a 10000\n2 settled r 12000 a", (10_000, 12_000, 0, 0, 2000)),
    ("1 owes a 10000\n2 settled r 3000 a\n3 reversed r 3000", (10_000, 3000, 3000, 10_000, 0)),
    # counted by the host, then charged back: it is owed again, 70.00 + 30.00
    ("1 settled r 3000 a\n2 owes a 7000\n3 charged_back r 3000", (7000, 0, 3000, 10_000, 0)),
    ("1 settled r 3000 a\n2 charged_back r 3000\n3 owes a 10000", (10_000, 0, 0, 10_000, 0)),
    # the host books our payment an hour after its balance was read: it is not in that yet
    ("1 settled r 3000 a\n2 owes a 10000\n3 host_reported r 3000 a", (10_000, 3000, 0, 7000, 0)),
    # paid, gone back, its books read, and only then booked: 100.00 - 30.00 + 30.00
    ("1 settled r 3000 a\n2 reversed r 3000\n3 owes a 10000\n4 host_reported r 3000 a",
     (10_000, 3000, 3000, 10_000, 0)),
    ("1 owes a 10000\n2 settled r 3000 a\n3 host_reported r 3000 a\n4 host_reported q 1000 a",
     (10_000, 4000, 0, 6000, 0)),
    ("1 owes a 10000\n2 settled r 3000 b", (10_000, 0, 0, 10_000, 0)),
    # the host books it on another account than the customer meant
    ("1 owes a 10000\n2 settled r 3000 b\n3 host_reported r 3000 a", (10_000, 3000, 0, 7000, 0)),
    # the host owes the customer
    ("1 owes a -500", (-500, 0, 0, 0, 500)),
    ("1 owes a 0\n2 settled r 100 a", (0, 100, 0, 0, 100)),
]  # fmt: skip


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize(("lines", "expected"), SHOWN)
def test_the_hosts_balance_is_shown_with_what_is_known_since(
    currency: str, lines: str, expected: tuple[int, ...]
) -> None:
    shown = shown_balance(fold(heard(lines, currency)), "a")
    assert shown is not None
    figures = (shown.host, shown.paid, shown.returned, shown.left, shown.credit)
    assert figures == tuple(Money(minor, currency) for minor in expected)


def test_no_balance_is_invented() -> None:
    assert shown_balance(fold(heard("1 settled r 5000 a")), "a") is None


def test_the_clock_only_lets_in_what_has_happened() -> None:
    """A payment that the host dates ahead counts on its day."""
    events = heard("1 owes a 10000\n5 host_reported r 3000 a")
    before, after = fold(events, 5 * HOUR - 1), fold(events, 5 * HOUR)
    assert (before.credits("a"), len(after.credits("a"))) == ((), 1)


def test_a_telling_in_another_currency_is_not_counted() -> None:
    ours = heard("1 intent r 5000 a\n3 settled r 5000 a", "GBP")
    host = heard("2 host_reported r 900000 a", "JPY")
    for events in (ours + host, host + ours):
        ledger = fold(events)
        assert ledger.payments["r"].net == Money(5000, "GBP")
        assert ledger.doubtful[0].doubts == {Doubt.CURRENCY}
    yen = heard("1 owes a 10000", "JPY")
    shown = shown_balance(fold(ours + yen), "a")
    assert shown is not None
    assert (shown.left, shown.paid) == (Money(10_000, "JPY"), Money(0, "JPY"))


@pytest.mark.parametrize("minor", [0, -1])
def test_a_movement_moves_something(minor: int) -> None:
    with pytest.raises(Invalid):
        Movement("1", Kind.SETTLED, 0, "r", Money(minor, "GBP"))


KINDS = st.sampled_from(
    [*Kind, *[Kind.SETTLED, Kind.HOST_REPORTED, Kind.REVERSED, Kind.REFUNDED] * 2]
)
HOURS = st.integers(0, 30).map(lambda hour: hour * HOUR)
POUNDS = st.builds(Money, st.integers(1, 9), st.just("GBP"))
MOVEMENTS = st.builds(
    Movement, st.just(""), KINDS, HOURS, st.sampled_from("rs"), POUNDS,
    st.sampled_from([None, "a", "a", "b"]),
)  # fmt: skip
BALANCES = st.builds(
    HostBalance, st.just(""), HOURS, st.sampled_from("aab"),
    st.builds(Money, st.integers(-5, 30), st.just("GBP")),
)  # fmt: skip


def numbered(events: list[Event]) -> list[Event]:
    return [structs.replace(event, id=str(number)) for number, event in enumerate(events)]


EVENTS = st.lists(st.one_of(MOVEMENTS, MOVEMENTS, BALANCES), min_size=3, max_size=14).map(numbered)
MANY = settings(max_examples=400)


LIFE = ("intent", "authorised", "declined", "settled", "refunded", "reversed", "charged_back")
"""The order of what happens at one moment; the host's report of a payment comes after it."""


def _sequence(event: Event) -> tuple[int, int, str]:
    if isinstance(event, HostBalance):
        return event.at, -1, event.id
    place = LIFE.index(event.kind) if event.kind in LIFE else len(LIFE)
    return event.at, place, event.id


class Clerk:
    """Writes down one thing after another as it happens, on a page for each payment."""

    def __init__(self, events: Sequence[Event], now: int) -> None:
        self.pages: dict[str, dict[str, list[Movement]]] = {}
        self.owes: dict[str, HostBalance] = {}
        taken: set[str] = set()
        for event in sorted(events, key=_sequence):
            if event.at <= now and event.id not in taken:
                taken.add(event.id)
                self.take(event)

    def take(self, event: Event) -> None:
        if isinstance(event, HostBalance):
            self.owes[event.account] = event
            return
        page = self.pages.setdefault(event.reference, {"in": [], "host": [], "out": [], "all": []})
        page["all"].append(event)
        match event.kind:
            case Kind.SETTLED:
                page["in"].append(event)
            case Kind.HOST_REPORTED:
                page["host"].append(event)
            case Kind.REFUNDED | Kind.REVERSED | Kind.CHARGED_BACK:
                page["out"].append(event)

    def account(self, page: dict[str, list[Movement]]) -> str | None:
        for telling in (page["host"][::-1], page["all"]):
            for movement in telling:
                if movement.account:
                    return movement.account
        return None

    def came(self, page: dict[str, list[Movement]]) -> int:
        return min((m.amount.minor for m in page["in"] + page["host"][-1:]), default=0)

    def went(self, page: dict[str, list[Movement]]) -> int:
        return min(self.came(page), sum(m.amount.minor for m in page["out"]))

    def net(self, account: str) -> int:
        mine = [page for page in self.pages.values() if self.account(page) == account]
        return sum(self.came(page) - self.went(page) for page in mine)

    def left(self, account: str) -> int | None:
        """The host's figure, each payment and return that it can't know of yet beside it."""
        if account not in self.owes:
            return None
        read, left = self.owes[account].at, self.owes[account].balance.minor
        for page in self.pages.values():
            if self.account(page) != account or not (page["in"] or page["host"]):
                continue
            booked = (page["host"] or page["in"])[0].at
            left -= self.came(page) * (booked > read)
            rest = self.came(page)
            for movement in page["out"]:
                part = min(rest, movement.amount.minor)
                left += part * (max(booked, movement.at) > read)
                rest -= part
        return left


def figures(ledger: Ledger) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    for account in "ab":
        net = sum(p.net.minor for p in ledger.of(account))
        shown = shown_balance(ledger, account)
        found.append((net, shown.left.minor - shown.credit.minor if shown else None))
    return found


@MANY
@given(EVENTS, HOURS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_comes_to_the_same_as_a_clerk(
    events: list[Event], now: int, chance: Random
) -> None:
    ledger = fold(events, now)
    clerk = Clerk(events, now)
    assert figures(ledger) == [(clerk.net(account), clerk.left(account)) for account in "ab"]
    again = events + events
    chance.shuffle(again)
    assert fold(again, now) == ledger
    assert fold([event for event in again if event.at <= now]) == ledger


@MANY
@given(EVENTS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_even_two_tellings_of_one_id_have_an_order(
    events: list[Event], ids: int, chance: Random
) -> None:
    events = [structs.replace(event, id=str(int(event.id) % ids)) for event in events]
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(events)


@MANY
@given(EVENTS)
def test_nothing_is_negative_and_nothing_goes_back_that_did_not_come(events: list[Event]) -> None:
    ledger = fold(events)
    for payment in ledger.payments.values():
        assert 0 <= payment.net.minor <= payment.amount.minor
        if payment.cleared_at is not None:
            assert all(part.at >= payment.cleared_at for part in payment.returned)
    for account in "ab":
        shown = shown_balance(ledger, account)
        if shown is not None:
            assert min(m.minor for m in (shown.paid, shown.returned, shown.left, shown.credit)) >= 0
            assert shown.host == ledger.balances[account].balance  # the host's, untouched
            assert 0 in (shown.left.minor, shown.credit.minor)


@MANY
@given(EVENTS, st.sampled_from("rst"), HOURS)
def test_what_the_host_repeats_counts_once(events: list[Event], reference: str, when: int) -> None:
    before = fold(events)
    payment = before.payments.get(reference)
    if payment is None or payment.cleared_at is None:
        return
    report = Movement("host", Kind.HOST_REPORTED, when, reference, payment.amount, payment.account)
    hosts = [e for e in events if isinstance(e, Movement) and e.kind is Kind.HOST_REPORTED]
    if any(e.reference == reference for e in hosts):
        return
    after = fold([*events, report])
    assert [p.net for p in after.payments.values()] == [p.net for p in before.payments.values()]


ZONE = ZoneInfo("UTC")


@MANY
@given(EVENTS, st.integers(1, 20), HOURS, HOURS, st.randoms(use_true_random=False))
def test_no_path_keeps_a_promise_that_was_not_paid(
    events: list[Event], minor: int, made: int, now: int, chance: Random
) -> None:
    """Promised at `made` for the first day of 1970, which has no grace: whatever happens and is
    heard of in whatever order, it is kept only by money that came in between and is there."""
    promise, rules = (
        Promise(Money(minor, "GBP"), date(1970, 1, 1), made),
        PromiseRules(grace_days=0),
    )
    states = set()
    for _ in range(3):
        chance.shuffle(events)
        ledger = fold(events, now)
        states.add(promise_state(promise, ledger.credits("a"), now, rules, ZONE))
    (state,) = states
    clerk = Clerk(events, now)
    there = 0
    for page in clerk.pages.values():
        first = min((m.at for m in page["in"] + page["host"]), default=-1)
        if clerk.account(page) == "a" and made <= first < 24 * HOUR:
            there += clerk.came(page) - clerk.went(page)
    assert (state is State.KEPT) == (there >= minor)
    if state is not State.KEPT:
        assert (state is State.BROKEN) == (now >= 24 * HOUR)


def test_a_reversal_reopens_what_a_payment_kept() -> None:
    lines = "0 intent r 5000 a\n2 settled r 5000 a\n5 reversed r 5000\n9 host_reported q 5000 a"
    promise = Promise(Money(5000, "GBP"), date(1970, 1, 1), HOUR)
    by_hour = {
        1: "pending",
        2: "kept",
        4: "kept",
        5: "pending",
        8: "pending",
        9: "kept",
        99: "kept",
    }
    for hour, state in by_hour.items():
        ledger = fold(heard(lines), hour * HOUR)
        rules = PromiseRules(grace_days=0)
        assert promise_state(promise, ledger.credits("a"), hour * HOUR, rules, ZONE) == state


def test_credits_carry_what_went_back() -> None:
    (credit,) = fold(heard("1 settled r 5000 a\n2 refunded r 700")).credits("a")
    assert credit == Credit(Money(5000, "GBP"), HOUR, (Returned(700, 2 * HOUR),))
