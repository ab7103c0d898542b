"""The payments ledger: what is known of every payment, whoever told us and in whatever order.

`fold` depends on what happened and when, never on the order in which it was heard: events go by
their instant, ties by kind and id, and an id counts once. Instants are microseconds since the Unix
epoch (UTC); all amounts of movements are positive minor units of their currency.

The host owns an account's amounts. Nothing here changes them: what is known since the host read
its books is shown beside them (`shown_balance`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from domain.promise import Credit, Returned
from domain.values import Invalid, Money


class Kind(StrEnum):
    """What may be heard of a payment. `host_reported`: the host says that it came in."""

    INTENT = "intent"
    ABANDONED = "abandoned"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    SETTLED = "settled"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    CHARGED_BACK = "charged_back"
    HOST_REPORTED = "host_reported"


RETURNS = (Kind.REFUNDED, Kind.REVERSED, Kind.CHARGED_BACK)
_STEPS = (
    Kind.INTENT, Kind.ABANDONED, Kind.AUTHORISED, Kind.DECLINED, Kind.HOST_REPORTED, Kind.SETTLED,
)  # fmt: skip
"""A status only advances along these; a declined payment may still settle by another card."""
_ARRIVALS = (Kind.SETTLED, Kind.HOST_REPORTED)


class Movement(Struct, frozen=True):
    """One thing heard of a payment. `reference` is the payment's own: the provider's, or the one
    under which the host received it, so that both are found to be the same payment.

    `at` is when it happened, not when we heard; what two tell of one refund must have one `id`, or
    it is two. Raises Invalid for an amount that is not positive.
    """

    id: str
    kind: Kind
    at: int
    reference: str
    amount: Money
    account: str | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise Invalid("a movement's amount must be more than 0")


class HostBalance(Struct, frozen=True):
    """What the host says is owed on an account, as its books stood at the instant `at`."""

    id: str
    at: int
    account: str
    balance: Money


Event = Movement | HostBalance


class Doubt(StrEnum):
    """Why a person should look at a payment; until then the lesser amount counts."""

    ACCOUNT = "account"  # told of several accounts: the host's word counts
    AMOUNT = "amount"  # told of several amounts: the least counts
    CURRENCY = "currency"  # told in another currency: that telling is not counted
    RETURNED_UNPAID = "returned_unpaid"  # it went back, and nothing is known to have come in
    RETURNED_TOO_MUCH = "returned_too_much"  # more went back than came in


class Payment(Struct, frozen=True):
    """A payment as all that was heard of it says. `amount` is what came in once it has cleared,
    before that what was asked.

    `cleared_at` is when it first surely came in, `booked_at` when the host took it in, where it
    says so: what came in before a balance was read is in that balance.
    """

    reference: str
    status: Kind
    amount: Money
    account: str | None = None
    cleared_at: int | None = None
    booked_at: int | None = None
    returned: tuple[Returned, ...] = ()
    doubts: frozenset[Doubt] = frozenset()

    @property
    def net(self) -> Money:
        """What came in and did not go back."""
        if self.cleared_at is None:
            return Money(0, self.amount.currency)
        gone = sum(part.minor for part in self.returned)
        return Money(self.amount.minor - gone, self.amount.currency)

    @property
    def credit(self) -> Credit | None:
        """The money as promises count it."""
        if self.cleared_at is None:
            return None
        return Credit(self.amount, self.cleared_at, self.returned)


class Ledger(Struct, frozen=True):
    """All payments by reference, and the host's latest word on each account."""

    payments: Mapping[str, Payment] = {}
    balances: Mapping[str, HostBalance] = {}

    def of(self, account: str) -> tuple[Payment, ...]:
        """An account's payments, by reference."""
        return tuple(p for p in self.payments.values() if p.account == account)

    def credits(self, account: str) -> tuple[Credit, ...]:
        """What cleared on an account, from any source."""
        return tuple(p.credit for p in self.of(account) if p.credit is not None)

    @property
    def doubtful(self) -> tuple[Payment, ...]:
        """Payments that a person should look at."""
        return tuple(p for p in self.payments.values() if p.doubts)


def fold(events: Iterable[Event], now: int | None = None) -> Ledger:
    """What follows from the events up to the instant `now`, or from all of them."""
    heard: dict[str, list[Movement]] = {}
    balances: dict[str, HostBalance] = {}
    seen: set[str] = set()
    for event in sorted(events, key=_sequence):
        if event.id in seen or (now is not None and event.at > now):
            continue
        seen.add(event.id)
        if isinstance(event, HostBalance):
            balances[event.account] = event
        else:
            heard.setdefault(event.reference, []).append(event)
    payments = {reference: _payment(reference, heard[reference]) for reference in sorted(heard)}
    return Ledger(payments, dict(sorted(balances.items())))


_KINDS = {kind: place for place, kind in enumerate(Kind, 1)}


def _sequence(event: Event) -> tuple[int, int, str, str, int, str, str]:
    """By instant, kind, then id; the rest puts different tellings of one id into one order."""
    if isinstance(event, HostBalance):
        money, account, kind, reference = event.balance, event.account, 0, ""
    else:
        money, account, kind, reference = (
            event.amount, event.account or "", _KINDS[event.kind], event.reference
        )  # fmt: skip
    return event.at, kind, event.id, reference, money.minor, money.currency, account


def _payment(reference: str, heard: Sequence[Movement]) -> Payment:
    """`heard` in sequence. Our own word on the currency goes before the host's."""
    own = [m for m in heard if m.kind is not Kind.HOST_REPORTED]
    currency = (own or heard)[0].amount.currency
    told = [m for m in heard if m.amount.currency == currency]
    doubts = {Doubt.CURRENCY} if len(told) < len(heard) else set()
    onward = [m for m in told if m.kind not in RETURNS]
    back = [m for m in told if m.kind in RETURNS]
    account = _account(told, doubts)
    if not any(m.kind in _ARRIVALS for m in onward):
        if back:
            doubts.add(Doubt.RETURNED_UNPAID)
        last = max(onward, key=_step) if onward else back[-1]
        asked = (onward or back)[0].amount
        return Payment(reference, last.kind, asked, account, doubts=frozenset(doubts))
    return _arrived(reference, onward, back, account, doubts)


def _step(movement: Movement) -> int:
    return _STEPS.index(movement.kind)


def _arrived(
    reference: str,
    onward: Sequence[Movement],
    back: Sequence[Movement],
    account: str | None,
    doubts: set[Doubt],
) -> Payment:
    """A payment that came in. A later report of the host mends its earlier ones."""
    settled = [m for m in onward if m.kind is Kind.SETTLED]
    host = [m for m in onward if m.kind is Kind.HOST_REPORTED]
    amounts = [m.amount.minor for m in settled + host[-1:]]
    minor = min(amounts)
    if minor < max(amounts):
        doubts.add(Doubt.AMOUNT)
    cleared_at = min(m.at for m in settled[:1] + host[:1])
    returned, left = _returned(back, minor, cleared_at, doubts)
    return Payment(
        reference=reference,
        status=max(onward, key=_step).kind if left else back[-1].kind,
        amount=Money(minor, onward[0].amount.currency),
        account=account,
        cleared_at=cleared_at,
        booked_at=host[0].at if host else cleared_at,
        returned=returned,
        doubts=frozenset(doubts),
    )


def _account(told: Sequence[Movement], doubts: set[Doubt]) -> str | None:
    """The one that the host named last, else the first that was named."""
    named = [m for m in told if m.account]
    if not named:
        return None
    account = named[0].account
    for movement in named:
        if movement.account != named[0].account:
            doubts.add(Doubt.ACCOUNT)
        if movement.kind is Kind.HOST_REPORTED:
            account = movement.account
    return account


def _returned(
    back: Sequence[Movement], minor: int, cleared_at: int, doubts: set[Doubt]
) -> tuple[tuple[Returned, ...], int]:
    """What went back, never more than the `minor` that came in, nor before it (clocks differ), and
    what is left."""
    parts = []
    for movement in back:
        part = min(movement.amount.minor, minor)
        if part < movement.amount.minor:
            doubts.add(Doubt.RETURNED_TOO_MUCH)
        if part:
            parts.append(Returned(part, max(movement.at, cleared_at)))
        minor -= part
    return tuple(parts), minor


class Shown(Struct, frozen=True):
    """An account's amount as the host gave it, and beside it what is known since.

    `left` is what seems to be owed, `credit` what was paid beyond it; neither is negative.
    """

    host: Money
    as_of: int
    paid: Money
    returned: Money
    left: Money
    credit: Money


def shown_balance(ledger: Ledger, account: str) -> Shown | None:
    """None where the host has not said what is owed: no amount is invented.

    What came in or went back after the host read its books is not in its balance yet.
    """
    said = ledger.balances.get(account)
    if said is None:
        return None
    paid = gone = 0
    currency = said.balance.currency
    for payment in ledger.of(account):
        booked = payment.booked_at
        if booked is None or payment.amount.currency != currency:
            continue
        if booked > said.at:
            paid += payment.amount.minor
        gone += sum(part.minor for part in payment.returned if max(part.at, booked) > said.at)
    left = said.balance.minor - paid + gone
    paid_, gone_, left_, credit = (
        Money(m, currency) for m in (paid, gone, max(left, 0), max(-left, 0))
    )
    return Shown(said.balance, said.at, paid_, gone_, left_, credit)


class Order(StrEnum):
    """Which debt of a customer, or instalment of a plan, a payment goes to first."""

    OLDEST_FIRST = "oldest_first"
    SMALLEST_FIRST = "smallest_first"
    ARREARS_FIRST = "arrears_first"  # the arrears of all, then the rest, oldest first in each
    AS_NAMED = "as_named"  # as the debts are given


class Debt(Struct, frozen=True):
    """An account or an instalment; `since` is the day that it fell or falls due. `arrears` are the
    minor units of what is `owed` that are overdue."""

    id: str
    owed: Money
    since: date
    arrears: int = 0


class Part(Struct, frozen=True):
    debt: str
    amount: Money


class Allocation(Struct, frozen=True):
    """Where a payment goes, in the order of paying; `credit` is what no debt needs. Together they
    are the payment, to the minor unit."""

    parts: tuple[Part, ...]
    credit: Money


def allocate(amount: Money, debts: Sequence[Debt], order: Order) -> Allocation:
    """Spreads a payment; a debt in another currency gets nothing. Debts that are alike in what the
    order looks at go by their day, then their id. Raises Invalid for a negative amount."""
    if amount.minor < 0:
        raise Invalid("a negative amount can't be allocated")
    left = amount.minor
    shares: dict[str, int] = {}
    for debt, most in _ranked([d for d in debts if d.owed.currency == amount.currency], order):
        share = min(left, most)
        if share > 0:
            shares[debt.id] = shares.get(debt.id, 0) + share
            left -= share
    parts = tuple(Part(debt, Money(minor, amount.currency)) for debt, minor in shares.items())
    return Allocation(parts, Money(left, amount.currency))


def _ranked(debts: Sequence[Debt], order: Order) -> Iterable[tuple[Debt, int]]:
    """Debts in the order of paying, each with the most minor units that it takes there."""
    oldest = sorted(debts, key=lambda debt: (debt.since, debt.id))
    match order:
        case Order.AS_NAMED:
            return [(debt, debt.owed.minor) for debt in debts]
        case Order.OLDEST_FIRST:
            return [(debt, debt.owed.minor) for debt in oldest]
        case Order.SMALLEST_FIRST:
            return [(debt, debt.owed.minor) for debt in sorted(oldest, key=lambda d: d.owed.minor)]
        case Order.ARREARS_FIRST:
            overdue = [(debt, max(0, min(debt.arrears, debt.owed.minor))) for debt in oldest]
            return overdue + [(debt, debt.owed.minor - arrears) for debt, arrears in overdue]
