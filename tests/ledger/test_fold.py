"""Whatever is told in whatever order, and however often: the rows are those of the pure fold.

What may be told is drawn first, each thing with its own time, as its teller knows it; then the
order in which we hear of it, with repeats, promises and the clock in between.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.ledger import Event, HostBalance, Kind, Ledger, Movement, fold, shown_balance
from domain.promise import Ended, Promise, State, closes_at, decided, promise_states
from domain.promise import cleared as cleared_of
from domain.promise import shares as shares_of
from domain.values import Money
from gateway.clock import SECOND, moment
from gateway.ledger.hearing import status_of
from gateway.ledger.standing import MORNING
from gateway.storage.tables import accounts, handoffs, payments, promises
from payment_links.providers import RETURNED, PaymentState
from tests.ledger.desk import Desk
from tests.portal.people import NOW, Clock, Person, rows_of

HOUR = 3600 * SECOND
HALF = HOUR // 2
ZONE = ZoneInfo("Europe/London")

MINOR = st.integers(1, 6).map(lambda pounds: pounds * 1_000)
AGO = st.integers(-70, 10).map(lambda hours: hours * HOUR + HALF)
"""Before an example's start, or after it; at the half hour, when no promise is made."""
OURS = st.integers(0, 1)


class Statuses(NamedTuple):
    """What the provider says of one of our payments, and when each happened."""

    payment: int
    state: PaymentState
    ago: int


class Return(NamedTuple):
    payment: int
    state: PaymentState
    minor: int
    ago: int
    id: str


class Reported(NamedTuple):
    """`reference` is one of our payments' or the host's own; `place` the account that it names."""

    reference: int | str
    place: int
    minor: int
    ago: int
    id: str


class Figure(NamedTuple):
    place: int
    minor: int
    ago: int


class Promised(NamedTuple):
    minor: int
    days: int
    instead: bool  # of those that are open


class Passes(NamedTuple):
    hours: int


TELLINGS = st.one_of(
    st.builds(
        Statuses,
        OURS,
        st.sampled_from([PaymentState.AUTHORISED, PaymentState.DECLINED, PaymentState.SETTLED]),
        AGO,
    ),
    st.builds(Statuses, OURS, st.just(PaymentState.SETTLED), AGO),
    st.builds(Return, OURS, st.sampled_from(sorted(RETURNED)), MINOR, AGO, st.just("")),
    st.builds(
        Reported, st.sampled_from([0, 1, "R", "S"]), st.sampled_from([0, 0, 1]), MINOR, AGO,
        st.just(""),
    ),
    st.builds(Figure, st.integers(0, 1), MINOR, AGO),
)  # fmt: skip
OTHERS = st.one_of(
    st.builds(Promised, MINOR, st.integers(0, 2), st.booleans()),
    st.builds(Passes, st.integers(1, 80)),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Any]:
    """Provider's statuses of a kind, and returns and reports of an id, are one thing each."""
    told = draw(st.lists(TELLINGS, min_size=4, max_size=12))
    unique: dict[Any, Any] = {}
    for number, one in enumerate(told):
        if isinstance(one, Statuses):
            unique.setdefault((one.payment, one.state), one)
        elif isinstance(one, Figure):
            unique[number] = one
        else:
            unique[number] = one._replace(id=f"n{number}")
    repeated = draw(st.lists(st.sampled_from(list(unique.values())), max_size=4))
    others = draw(st.lists(OTHERS, min_size=1, max_size=5))
    order: list[Any] = draw(st.permutations([*unique.values(), *repeated, *others]))
    return order


class Book:
    """What was told, for the pure fold; and the promises as they were made."""

    def __init__(self, owners: Sequence[str], ours: Sequence[str], begun: int) -> None:
        self.accounts, self.ours, self.begun = owners, ours, begun
        asked = Money(5_000, "GBP")
        self.events: list[Event] = [
            Movement(f"intent {payment}", Kind.INTENT, begun, payment, asked, owners[0])
            for payment in ours
        ]
        self.events += [
            HostBalance(f"placed {account}", 0, account, Money(minor, "GBP"))
            for account, minor in zip(owners, (12_345, 10_000), strict=True)
        ]
        self.names: dict[str, str] = {}
        self.promises: dict[str, Promise] = {}

    def take(self, one: Any, number: int) -> None:
        """`number` counts what was heard: of two figures, or reports, of one instant the later
        counts."""
        at, known = self.begun - one.ago, {event.id for event in self.events}
        match one:
            case Statuses():
                payment = self.ours[one.payment]
                amount, kind = Money(5_000, "GBP"), Kind(one.state.value)
                self.events.append(Movement(f"{payment} {kind}", kind, at, payment, amount))
            case Return():
                payment = self.ours[one.payment]
                money, kind = Money(one.minor, "GBP"), Kind(one.state.value)
                self.events.append(Movement(f"{payment} {one.id}", kind, at, payment, money))
            case Reported():
                reference = self.reference(one)
                money, account = Money(one.minor, "GBP"), self.accounts[one.place]
                if not any(heard.endswith(f" {one.id}") for heard in known):
                    report = f"{number:05} {one.id}"
                    kind = Kind.HOST_REPORTED
                    self.events.append(Movement(report, kind, at, reference, money, account))
            case Figure():
                money, account = Money(one.minor, "GBP"), self.accounts[one.place]
                self.events.append(HostBalance(f"{number:05}", at, account, money))

    def reference(self, one: Reported) -> str:
        return self.ours[one.reference] if isinstance(one.reference, int) else one.reference


async def tell(desk: Desk, book: Book, refs: Sequence[str], one: Any, mark: str) -> None:
    """`mark` keeps the host's references of one example apart from those of others."""
    at = book.begun - one.ago
    match one:
        case Statuses():
            await desk.says(book.ours[one.payment], one.state, at=at)
        case Return():
            payment = book.ours[one.payment]
            await desk.says(payment, one.state, one.minor, at=at, return_id=one.id)
        case Reported():
            reference = book.reference(one)
            name = reference if isinstance(one.reference, int) else f"{one.reference} {mark}"
            taken = await desk.report(refs[one.place], name, one.minor, at=at, id=one.id)
            book.names[taken.payment_id] = reference
        case Figure():
            await desk.figure(book.accounts[one.place], one.minor, at)


async def promise(desk: Desk, book: Book, person: Person, one: Promised) -> None:
    """An hour passes before: what is made at one instant has no order."""
    await desk.tick(HOUR)
    due = moment(desk.clock.now).astimezone(ZONE).date() + timedelta(one.days)
    rows = [row for row in await rows_of(desk.store, promises) if row.id in book.promises]
    taken_off = [row.id for row in rows if one.instead and row.state in ("pending", "part_kept")]
    made = await desk.promise(person, one.minor, due.isoformat(), supersedes=tuple(taken_off))
    ended = Ended(State.SUPERSEDED, desk.clock.now)
    for each in taken_off:
        old = book.promises[each]
        book.promises[each] = Promise(old.amount, old.due, old.created_at, ended)
    book.promises[made] = Promise(Money(one.minor, "GBP"), due, desk.clock.now)


async def compare(desk: Desk, book: Book) -> None:
    ledger = fold(book.events)
    for row in await rows_of(desk.store, payments):
        reference = row.id if row.id in book.ours else book.names.get(row.id)
        if reference is None:
            continue  # another example's
        payment = ledger.payments[reference]
        found = (row.status, row.account_id, row.net_minor, row.cleared_at)
        expected = (status_of(payment), payment.account, payment.net.minor, payment.cleared_at)
        assert found == expected, reference
    for row in await rows_of(desk.store, accounts):
        if row.id in book.accounts:
            shown = shown_balance(ledger, row.id)
            assert shown is not None
            assert (row.balance_minor, row.balance_at) == (shown.host.minor, shown.as_of)
            assert row.paid_minor == shown.paid.minor - shown.returned.minor
    await compare_promises(desk, book, ledger)
    talked = {doubt for payment in ledger.payments.values() for doubt in payment.doubts}
    asked = await rows_of(desk.store, handoffs)
    assert not talked or asked


async def compare_promises(desk: Desk, book: Book, ledger: Ledger) -> None:
    """One whose grace has run out is broken in the morning; till then it is what it was."""
    rules, now = desk.config.rules, desk.clock.now
    received = ledger.credits(book.accounts[0])
    rows = {row.id: row for row in await rows_of(desk.store, promises)}
    made = list(book.promises.values())
    states = promise_states(made, received, now, rules, ZONE)
    parts = shares_of(made, received, rules, ZONE)
    for id_, one, state, share in zip(book.promises, made, states, parts, strict=True):
        row, closes = rows[id_], closes_at(one.due, rules, ZONE)
        until = one.ended.at if one.ended and state is one.ended.state else now
        paid = cleared_of(one, share, until, closes)
        waits = state is State.BROKEN and row.state != state and now < closes + MORNING
        expected = decided(one.amount, paid, rules, over=False) if waits else state
        assert (row.state, row.paid_minor) == (expected.value, paid)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
async def test_the_rows_are_what_the_events_fold_to(
    desk: Desk, clock: Clock, story: list[Any]
) -> None:
    clock.now = max(clock.now, NOW) + HOUR
    person = await desk.person(balance_minor=12_345)
    other = await desk.another_account(person, f"B {person.account_id}")
    refs = [await desk.account_ref(account) for account in (person.account_id, other)]
    ours = [await desk.lead(person), await desk.lead(person)]
    book = Book([person.account_id, other], ours, clock.now)
    for number, one in enumerate(story):
        match one:
            case Promised():
                await promise(desk, book, person, one)
            case Passes():
                await desk.tick(one.hours * HOUR)
            case _:
                early = book.begun - one.ago - clock.now
                await desk.tick(max(0, early + HALF))  # nobody tells what has yet to happen
                await tell(desk, book, refs, one, person.account_id)
                book.take(one, number)
        await compare(desk, book)
    for _ in range(2):  # a timer that was put off is due later
        await desk.tick(30 * 24 * HOUR)
    await compare(desk, book)
